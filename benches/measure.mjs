// Measures the release build on an empty database. Run it by script/measure.

import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

import { measureBoards } from "./browser.mjs";
import { Table, amount, median, pause, percentile } from "./figures.mjs";
import { Instance } from "./instance.mjs";
import { Person, newId } from "./person.mjs";

const BOOTSTRAPS = 5;
const REQUESTS = 220;
/** The first of them warm the caches. */
const WARMING = 20;

const table = new Table();
const bootstraps = Array.from({ length: BOOTSTRAPS }, bootstrap);
table.add(`\`script/bootstrap\` with nothing missing, longest of ${BOOTSTRAPS}`, `${percentile(bootstraps, 100).toFixed(1)} s`, "≤ 5 s");

const instance = await Instance.create();
const starts = [];
for (let round = 0; round < 7; round++) {
  if (round > 0) await instance.stop();
  const started = performance.now();
  await instance.start();
  // The first start also makes the tables.
  if (round > 0) starts.push(performance.now() - started);
}
table.add("start to ready, database there", `${median(starts).toFixed(0)} ms`, "≤ 300 ms");
await pause(2000);
table.add("memory, idle", `${instance.memory()} MB`, "≤ 40 MB");

const person = new Person(instance.origin);
await person.register();
const boards = [];
for (const [count, key, aim, paint] of [[200, "TWO", "≤ 5 ms", "≤ 250 ms"], [1000, "TEN", "≤ 20 ms", "≤ 400 ms"]]) {
  const board = await fill(key, count);
  boards.push({ count, path: board.path, aim: paint });
  const times = [];
  let page;
  for (let round = 0; round < REQUESTS; round++) {
    const started = performance.now();
    page = await person.ask("GET", board.path);
    if (round >= WARMING) times.push(performance.now() - started);
  }
  table.add(`board of ${amount(count)} tasks: one request, p95 (median)`, `${percentile(times, 95).toFixed(1)} ms (${median(times).toFixed(1)} ms)`, aim);
  table.add(`board of ${amount(count)} tasks: HTML, brotli`, `${kilobytes(page.raw.length)} KB`, count === 200 ? "≤ 25 KB" : "–");
  table.add(`100 of ${amount(count)} tasks moved as one change, p95 (median)`, await moveMany(key, board.columns, 100), "–");
}
table.add(`memory after ${boards.length * REQUESTS} boards`, `${instance.memory()} MB`, "–");
const files = readdirSync("target/site/pkg").filter((name) => name.endsWith(".br"));
const kinds = [
  ["wasm", "WASM, brotli, all routes", "with JavaScript ≤ 250 KB, first load ≤ 150 KB"],
  ["js", "JavaScript, brotli", "with the WASM"],
  ["css", "CSS, brotli", "≤ 15 KB"],
];
for (const [kind, what, aim] of kinds) {
  const file = files.find((name) => name.endsWith(`.${kind}.br`));
  table.add(what, `${kilobytes(readFileSync(`target/site/pkg/${file}`).length)} KB`, aim);
}
await measureBoards(table, person, boards);
await instance.stop();
person.leave();
table.print();

/** How many seconds script/bootstrap takes; script/measure has run it before. */
function bootstrap() {
  const started = performance.now();
  execFileSync("script/bootstrap", { stdio: ["ignore", "ignore", "inherit"] });
  return (performance.now() - started) / 1000;
}

/** Makes a board and puts as many tasks on it, half of them in progress. */
async function fill(key, count) {
  const board = await person.makeBoard(key);
  for (let number = 0; number < count; number++) await person.createTask(board, number);
  return board;
}

/** Moves the first tasks of a board to done and back, all at once each time. */
async function moveMany(key, columns, count) {
  const times = [];
  for (let round = 0; round < 40; round++) {
    // Each round raises the versions by one.
    const tasks = Array.from({ length: count }, (_, index) => `${key}-${index + 1}:${round + 1}`).join(",");
    const started = performance.now();
    await person.act("tasks/requests/change_tasks", { team: "measure", tasks, change: newId(), deed: "move", value: columns[round % 2 === 0 ? 2 : 0] });
    times.push(performance.now() - started);
  }
  return `${percentile(times, 95).toFixed(0)} ms (${median(times).toFixed(0)} ms)`;
}

function kilobytes(bytes) {
  return (bytes / 1000).toFixed(bytes < 100_000 ? 1 : 0);
}

// Measures the finder of similar tasks, through the server function that the pages ask. Run it by
// script/measure: `similar` for its time in a growing team, `similar-quality` for what it finds.

import { readFileSync } from "node:fs";

import { fill, quoted, sql } from "./database.mjs";
import { Table, median, percentile } from "./figures.mjs";
import { Instance } from "./instance.mjs";
import { Person } from "./person.mjs";
import { titles } from "./titles.mjs";

/**
 * The five most alike titles by plain trigrams, of open and lately finished tasks. Narrowed, the index leaves out
 * what is below the usual threshold of the extension; otherwise every title is compared.
 */
function plain(measure, title, narrowed) {
  const asked = quoted(title);
  const [alike, enough] = {
    similarity: [`similarity(title, ${asked})`, `title % ${asked}`],
    word_similarity: [`word_similarity(${asked}, title)`, `${asked} <% title`],
  }[measure];
  return `SELECT title FROM tasks JOIN teams USING (team_id)
    WHERE slug = 'measure' AND deleted_at IS NULL AND (kind <> 'done' OR completed_at > now() - interval '60 days')
    ${narrowed ? `AND ${enough}` : ""} ORDER BY ${alike} DESC, id LIMIT 5`;
}

/** What is compared with: how it is called, and the statement for a title. */
const plainWays = ["word_similarity", "similarity"].flatMap((measure) => [
  [`plain \`${measure}\` by its index`, (title) => plain(measure, title, true)],
  [`plain \`${measure}\` of every title`, (title) => plain(measure, title, false)],
]);

const instance = await Instance.create();
await instance.start();
let person = new Person(instance.origin);
await person.register();
const board = await person.makeBoard("SIM");
sql("CREATE INDEX ON tasks USING gin (title gin_trgm_ops) WHERE deleted_at IS NULL");
await (process.argv[2] === "quality" ? quality() : time());
await instance.stop();
person.leave();

/** The titles that the server finds, which limits how often one person may ask in a minute. */
async function similar(title) {
  const answer = await person.act("tasks/requests/similar_tasks", { team: "measure", title, except: "" });
  return JSON.parse(answer.text()).map((task) => task.title);
}

/** Asks anew over a connection of its own: the server ends those that were silent while others were measured. */
function begin() {
  person.leave();
  person = person.at(instance.origin);
  sql("DELETE FROM rate_limits");
}

async function time() {
  const table = new Table();
  const all = [...titles(100_000)];
  // Other titles, of the same kind: some are long, some are just begun.
  const asked = [...titles(100, 2)].map((title, index) => (index % 4 === 0 ? title.slice(0, 12) : title));
  let before = 0;
  for (const count of [1_000, 10_000, 100_000]) {
    fill(board, all.slice(before, count), 0.3);
    before = count;
    const times = [];
    for (let round = 0; round < 3; round++) {
      begin();
      for (const title of asked) {
        const started = performance.now();
        await similar(title);
        // The first round warms the caches.
        if (round > 0) times.push(performance.now() - started);
      }
    }
    table.add(`similar tasks among ${count}, one request, median (p95)`, figures(times), count === 100_000 ? "≤ 50 ms" : "–");
    for (const [name, statement] of plainWays) {
      // One after another over one connection: the first asking warms the caches.
      const statements = asked.slice(0, 25).map((title) => `${statement(title)} \\g /dev/null`);
      const lines = sql(["\\timing on", ...statements, ...statements].join("\n"));
      const peer = lines.flatMap((line) => /^Time: ([\d.]+) ms/.exec(line)?.[1] ?? []).slice(statements.length);
      table.add(`– ${name}, the query alone`, figures(peer.map(Number)), "–");
    }
  }
  table.print();
}

async function quality() {
  const folder = new URL("similar/", import.meta.url);
  const read = (name) => readFileSync(new URL(name, folder), "utf8").split("\n").filter(Boolean);
  const pairs = read("pairs.tsv").slice(1).map((line) => {
    const [id, split, title, paraphrase, nearMiss] = line.split("\t");
    return { id, split, title, paraphrase, nearMiss };
  });
  fill(board, [...pairs.flatMap((pair) => [pair.title, pair.nearMiss]), ...read("distractors.txt")], 0);
  const ways = [...plainWays.map(([name, statement]) => [name, (title) => sql(statement(title))]), ["Skateboard", similar]];
  console.log("| half | finder | recall at 1 | recall at 5 | precision at 5 | shown | the near miss is shown | and stands first |");
  console.log("|---|---|---|---|---|---|---|---|");
  for (const split of ["tune", "held"]) {
    if (process.env.SPLIT && process.env.SPLIT !== split) continue;
    const asked = pairs.filter((pair) => pair.split === split);
    for (const [name, find] of ways) {
      begin();
      let [first, hits, shown, near, nearFirst] = [0, 0, 0, 0, 0];
      for (const pair of asked) {
        const found = await find(pair.paraphrase);
        first += found[0] === pair.title;
        hits += found.includes(pair.title);
        near += found.includes(pair.nearMiss);
        nearFirst += found[0] === pair.nearMiss;
        shown += found.length;
      }
      const part = (count) => (count / asked.length).toFixed(2);
      console.log(`| ${split} | ${name} | ${part(first)} | ${part(hits)} | ${(hits / Math.max(shown, 1)).toFixed(2)} | ${part(shown)} | ${part(near)} | ${part(nearFirst)} |`);
    }
  }
}

function figures(times) {
  return `${median(times).toFixed(1)} ms (${percentile(times, 95).toFixed(1)} ms)`;
}

// Measures how changes reach other screens, and what open screens and writers cost. Run it by script/measure live.

import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";

import { Table, amount, median, pause, percentile } from "./figures.mjs";
import { Instance } from "./instance.mjs";
import { Person, newId } from "./person.mjs";
import { Stream } from "./stream.mjs";

const MANY = 1_000;
/** The pause between changes, in milliseconds. */
const SPACING = 50;
/** How long the server is watched while nothing happens, in milliseconds. */
const WATCHED = 20_000;
const WRITERS = 8;
const SECONDS = 10;
const ROUNDS = 3;

const database = process.env.DATABASE_URL;
const table = new Table();

const one = await Instance.create();
await one.start();
const person = new Person(one.origin, WRITERS);
await person.register();
const board = await person.makeBoard("LIVE");
await change(20);
await measureIdleStreams();
await measureArrival("one instance", person, "≤ 50 ms");

const two = await Instance.create();
await two.start();
await measureArrival("two instances", person.at(two.origin), "≤ 150 ms");
await two.stop();

await compareWithPgbench();
person.leave();
await one.stop();
table.print();

/** What streams cost on which nothing happens. */
async function measureIdleStreams() {
  const before = one.memory();
  const streams = await open(person, MANY);
  await pause(3_000);
  const spent = one.processorTime();
  const began = performance.now();
  await pause(WATCHED);
  const share = (one.processorTime() - spent) / (performance.now() - began);
  table.add("memory before any stream", `${before} MB`, "–");
  table.add(`memory, ${amount(MANY)} idle streams`, `${one.memory()} MB`, "≤ 120 MB");
  table.add(`processor, ${amount(MANY)} idle streams`, `${(share * 100).toFixed(1)} % of a core`, "–");
  await close(streams);
}

/** The time from sending a change to its event on every stream of a reader, who may be at another instance. */
async function measureArrival(where, reader, aim) {
  for (const [count, changes] of [[1, 200], [20, 200], [MANY, 50]]) {
    const streams = await open(reader, count);
    // The first change finds nothing ready.
    await change(10);
    const first = await lastNumber();
    await until(() => streams.every((stream) => stream.last >= first), "every stream has the changes so far");
    const sent = await change(changes);
    await until(() => streams.every((stream) => stream.last >= first + changes), "every stream has every change");
    const numbers = await numbersAfter(first, changes);
    const times = [];
    for (const [id, at] of sent) {
      for (const stream of streams) times.push(stream.arrivals.get(numbers.get(id)) - at);
    }
    if (times.some(Number.isNaN) || streams.some((stream) => stream.hasLost)) throw new Error("a stream missed a change");
    const [p50, p95, p99] = [50, 95, 99].map((part) => percentile(times, part).toFixed(1));
    const screens = count === 1 ? "1 screen" : `${amount(count)} screens`;
    table.add(`change → ${screens}, ${where}: p95 (p50, p99)`, `${p95} ms (${p50}, ${p99})`, aim);
    await close(streams);
  }
}

/** Sends changes in a steady rhythm, whether or not those before are answered. Gives when each task was sent. */
async function change(count) {
  const sent = new Map();
  const answers = [];
  const began = performance.now();
  for (let number = 0; number < count; number++) {
    await pause(began + number * SPACING - performance.now());
    const id = newId();
    sent.set(id, performance.now());
    answers.push(person.createTask(board, number, id));
  }
  await Promise.all(answers);
  return sent;
}

/** Which number each task's event has, read from the log. */
async function numbersAfter(first, count) {
  const log = await Stream.open(person, { after: first, keep: true });
  await until(() => log.last >= first + count, "the log is read");
  log.close();
  return new Map([...log.texts].map(([number, text]) => [/"task":"([^"]+)"/.exec(text)[1], number]));
}

async function lastNumber() {
  return Number(query("SELECT last_seq FROM event_counters"));
}

async function open(reader, count) {
  const streams = [];
  while (streams.length < count) {
    const some = Array.from({ length: Math.min(50, count - streams.length) }, () => Stream.open(reader));
    streams.push(...(await Promise.all(some)));
  }
  return streams;
}

/** Closes streams, and waits until the server has noticed. */
async function close(streams) {
  for (const stream of streams) stream.close();
  await pause(3_000);
}

/** Writers of one team over HTTP, and the same statements from pgbench, in turns on the same database. */
async function compareWithPgbench() {
  const rounds = [];
  const other = await person.makeBoard("BENCH");
  // The first round warms both.
  for (let round = 0; round <= ROUNDS; round++) {
    const served = await write(round === 0 ? 2 : SECONDS);
    const bare = await pgbench(other, round === 0 ? 2 : SECONDS);
    if (round > 0) rounds.push({ served, bare, ratio: served / bare });
  }
  // What else the machine does hits both halves of a round alike, so the three figures are of one round.
  const middle = median(rounds.map(({ ratio }) => ratio));
  const { served, bare, ratio } = rounds.find((round) => round.ratio === middle);
  table.add(`events a second of one team, ${WRITERS} writers`, served.toFixed(0), "–");
  table.add("the same statements in pgbench", bare.toFixed(0), "–");
  table.add("the first by the second", ratio.toFixed(2), "≥ 0.8");
}

/** Creates tasks for a while, and gives how many a second. */
async function write(seconds) {
  const began = performance.now();
  const over = began + seconds * 1000;
  let written = 0;
  const writer = async () => {
    while (performance.now() < over) {
      await person.createTask(board, written);
      written++;
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  return (written * 1000) / (performance.now() - began);
}

async function pgbench({ board, columns }, seconds) {
  const [session, member] = query(`
    SELECT encode(token_hash, 'hex'), person_id FROM sessions ORDER BY created_at DESC LIMIT 1`).split("|");
  const variables = { session, person: member, team: query("SELECT team_id FROM teams"), board, todo: columns[0], doing: columns[1] };
  const defined = Object.entries(variables).flatMap(([name, value]) => ["-D", `${name}=${value}`]);
  const settings = ["-n", "-M", "prepared", "-c", String(WRITERS), "-j", "2", "-T", String(seconds), "-f", "benches/create-task.sql"];
  const { stdout } = await promisify(execFile)("pgbench", [...settings, ...defined, database]);
  const [, failed] = /number of failed transactions: (\d+)/.exec(stdout);
  if (failed !== "0") throw new Error(`pgbench failed:\n${stdout}`);
  return Number(/tps = ([\d.]+)/.exec(stdout)[1]);
}

function query(sql) {
  return execFileSync("psql", ["-XAtqc", sql, database], { encoding: "utf8" }).trim();
}

async function until(condition, what) {
  const over = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > over) throw new Error(`not within a minute: ${what}`);
    await pause(5);
  }
}

// The network to Postgres fails without a word, or fails just after the commit.

import { newId } from "../http.mjs";
import { must, pause, until } from "../waiting.mjs";
import { mustBeAway, mustComeBack } from "./postgres.mjs";

const world = { network: true };

export const scenarios = [
  { name: "the network to Postgres is slow", world, run: slowDown },
  { name: "the network breaks off", world, run: breakOff },
  { name: "the network to Postgres is silent", world, run: silence },
  { name: "the network forgets its connections", world, only: "full", run: forget },
  { name: "Postgres commits and cannot say so", world, run: loseCommits },
];

/** The last deadline of any request. */
const ANSWER = 16_000;

async function slowDown(world, full) {
  const { ledger, network } = world;
  const readers = [world.reader(), world.reader()];
  const people = await world.members(8);
  Object.assign(network, { delay: 10, rate: 100_000 });
  ledger.write(people);
  await ledger.more(full ? 40 : 10, 30_000);
  await ledger.stop();
  must(ledger.count("unknown") === 0, `${ledger.count("unknown")} tasks were not answered`);
  Object.assign(network, { delay: 0, rate: Infinity });
  return ledger.judge(readers);
}

async function breakOff(world, full) {
  const { app, ledger, network } = world;
  const outside = await world.proxyBefore(app.target.port);
  const target = () => ({ ...app.target, port: outside.port });
  const readers = [world.reader({ target }), world.reader({ target })];
  ledger.write(await world.members(8), target);
  const times = full ? 30 : 6;
  for (let time = 0; time < times; time++) {
    await ledger.more(20);
    (time % 2 ? outside : network).cut();
  }
  await ledger.more(20);
  return `${await ledger.judge(readers)}; it broke off ${times} times`;
}

async function silence(world, full) {
  const { ledger, network } = world;
  const readers = [world.reader(), world.reader()];
  ledger.write(await world.members(8));
  await ledger.more(40);
  const over = performance.now() + (full ? 60_000 : 6_000);
  network.silence();
  let asked = 0;
  do {
    await mustBeAway(world);
    asked++;
  } while (performance.now() < over);
  network.speak();
  const { ms } = await mustComeBack(world);
  const sentence = await ledger.judge(readers);
  ledger.mustBeAnsweredWithin(ANSWER);
  return `${sentence}; away each of ${asked} times, back within ${ms} ms`;
}

/** As when a firewall loses its table: whoever is in the middle of a question never hears anything again. */
async function forget(world) {
  const { ledger, network, founder } = world;
  const readers = [world.reader(), world.reader()];
  const people = await world.members(24);
  for (let time = 0; time < 3; time++) {
    ledger.write(people.slice(time * 8, time * 8 + 8));
    await ledger.more(40);
    network.forget();
    const entry = ledger.entry();
    // Postgres ends the transactions of those who fell silent after 15 s, and with them their locks.
    await until("somebody else can write", 20_000, async () => (await ledger.ask(entry, founder)).status === 200);
    const [{ last_seq: last }] = await world.rows("SELECT last_seq FROM event_counters");
    for (const reader of readers) await reader.hasSeen(last, 10_000);
    await mustHearWhoIsThere(world, readers);
  }
  const sentence = await ledger.judge(readers);
  ledger.mustBeAnsweredWithin(ANSWER);
  return sentence;
}

/** Presence has no log: it is told again and again, as tabs do. */
async function mustHearWhoIsThere(world, readers) {
  const task = newId();
  const fields = { team: world.team, tab: newId(), task };
  await until("readers hear who is there", 15_000, async () => {
    await world.act("live/requests/be_present", fields, world.founder);
    await pause(500);
    return readers.every((reader) => reader.present.some((present) => present.task === task));
  });
}

async function loseCommits(world, full) {
  const { ledger, network } = world;
  const reader = world.reader();
  network.loseReplies("COMMIT", 3);
  ledger.write(await world.members(8));
  await until("commits go unheard", 60_000, () => network.lost >= (full ? 200 : 20));
  await ledger.stop();
  network.loseNothing();
  const rows = await ledger.rows();
  const untrue = ledger.entries.filter(({ id, answers }) => {
    const said = answers.length === 1 && answers[0].status === 503 && answers[0].text;
    return said && said.includes("Nothing was changed") && rows.has(id);
  });
  const sentence = await ledger.judge([reader]);
  must(untrue.length === 0, `${untrue.length} people were told that nothing was changed, and their task is there: ${untrue[0]?.answers[0].text}`);
  return `${sentence}; ${network.lost} commits went unheard`;
}

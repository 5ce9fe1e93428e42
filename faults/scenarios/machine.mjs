// The machine is short of something, or its clock is wrong.

import { existsSync } from "node:fs";
import { connect } from "node:net";

import { hindrance } from "../disk.mjs";
import { ask, newId } from "../http.mjs";
import { must, pause, seconds, until } from "../waiting.mjs";

/** Debian's place for it, whatever the processor. */
const FAKETIME = ["x86_64", "aarch64"].map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`).find(existsSync);

/** What people who are served wait at the most, on a machine that does all this by itself. */
const SERVED = 3_000;

export const scenarios = [
  { name: "five hundred people send byte by byte", run: sendSlowly },
  { name: "there are few file descriptors", only: "full", run: useUpDescriptors },
  { name: "the disk of the database is full", world: { disk: true }, run: fillTheDisk, needs: hindrance() },
  { name: "the clocks of two instances are wrong", only: "full", run: turnTheClock, needs: FAKETIME ? undefined : "faketime is not installed" },
];

async function sendSlowly(world, full) {
  const { app, ledger } = world;
  const reader = world.reader();
  const people = await world.members(8);
  const body = new URLSearchParams(ledger.fields({ id: newId(), title: "Never sent to its end" })).toString();
  const head = `POST /actions/skateboard/tasks/requests/create_task HTTP/1.1\r\nhost: localhost\r\norigin: ${app.target.base}\r\ncookie: ${world.founder.cookie}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.length}\r\n\r\n`;
  // Half of them begin with the headers, half are in the middle of the body.
  const slow = Array.from({ length: 500 }, (_, place) => {
    const socket = connect(app.target.port, "127.0.0.1", () => place % 2 && socket.write(head));
    socket.on("error", () => {});
    return { socket, rest: place % 2 ? body : head };
  });
  let at = 0;
  const drip = setInterval(() => {
    for (const { socket, rest } of slow) if (socket.writable && at < rest.length - 1) socket.write(rest[at]);
    at++;
  }, 200);
  await pause(1_000);
  ledger.write(people);
  await ledger.more(full ? 1_000 : 100, 20_000);
  await ledger.stop();
  const { ms } = await ask(app.target, `/teams/${world.team}`, { cookie: world.founder.cookie, accept: "text/html" });
  clearInterval(drip);
  for (const { socket } of slow) socket.destroy();
  ledger.mustBeAnsweredWithin(SERVED);
  must(ledger.count("unknown") === 0, `${ledger.count("unknown")} tasks were not answered`);
  must(ms <= SERVED, `a page took ${seconds(ms)}`);
  return `${await ledger.judge([reader])}; a page took ${ms} ms meanwhile`;
}

/** More connections than it may have files, until they go. */
async function useUpDescriptors(world) {
  const { ledger } = world;
  const app = await world.addApp({ files: 100 });
  world.app = app;
  const readers = [world.reader(), world.reader()];
  for (const reader of readers) await until("every reader is there", 5_000, () => reader.isOpen());
  const people = await world.members(8);
  const idle = Array.from({ length: 300 }, () => connect(app.target.port, "127.0.0.1").on("error", () => {}));
  await until("nobody new is heard", 10_000, async () => {
    const answer = await ask(app.target, "/health/live", { fresh: true, deadline: 500 });
    return answer.error !== undefined;
  });
  // Those who are in already go on.
  await pause(2_000);
  for (const reader of readers) must(reader.isOpen() && reader.connections === 1, "a reader was cut off");
  for (const socket of idle) socket.destroy();
  const { ms } = await until("it hears again", 5_000, async () => (await app.health("ready")).status === 200);
  ledger.write(people);
  await ledger.more(100);
  await ledger.stop();
  must(ledger.count("unknown") === 0, `${ledger.count("unknown")} tasks were not answered afterwards`);
  return `${await ledger.judge(readers)}; back after ${ms} ms with no more files`;
}

/** Nothing can be written until there is room again, and all of it can be read. */
async function fillTheDisk(world, full) {
  const { app, disk, founder, ledger } = world;
  const readers = [world.reader(), world.reader()];
  const people = await world.members(8);
  ledger.write(people);
  await ledger.more(full ? 400 : 60, 20_000);
  disk.fill();
  const refused = ledger.count("unknown");
  await until("nothing more is written", 20_000, () => ledger.count("unknown") >= refused + 20);
  const page = await ask(app.target, `/teams/${world.team}`, { cookie: founder.cookie, accept: "text/html" });
  must(page.status === 200, `a page was answered with ${page.status}`);
  disk.free();
  await ledger.more(full ? 400 : 60, 20_000);
  return ledger.judge(readers);
}

/** One is two days ahead, the other a day behind. Expiry and order are the database's. */
async function turnTheClock(world) {
  const { app, ledger } = world;
  const ahead = await world.addApp({ like: app, env: clock("+2d") });
  const behind = await world.addApp({ like: app, env: clock("-1d") });
  const told = await Promise.all([app, ahead, behind].map(async ({ target }) => Date.parse((await ask(target, "/health", { fresh: true })).headers.date)));
  must(told[1] - told[0] > 47 * 3_600_000 && told[0] - told[2] > 23 * 3_600_000, `the clocks are right: ${told}`);
  const readers = [ahead, behind].map(({ target }) => world.reader({ target: () => target }));
  const people = await world.members(8);
  ledger.write(people.slice(0, 4), () => ahead.target);
  ledger.write(people.slice(4), () => behind.target);
  await ledger.more(60, 20_000);
  await ledger.stop();
  must(ledger.count("unknown") === 0, `${ledger.count("unknown")} tasks were not answered`);
  const [wrong] = await world.rows(`
    SELECT (SELECT count(*)::int FROM events WHERE abs(extract(epoch FROM now() - at)) > 120) AS events,
           (SELECT count(*)::int FROM events AS one JOIN events AS next ON next.seq = one.seq + 1 AND next.at < one.at - interval '5 seconds') AS turned`);
  must(wrong.events === 0 && wrong.turned === 0, `events have another time than the database: ${JSON.stringify(wrong)}`);
  // Who signed in at one is signed in at the others, and stays it.
  for (const { target } of [app, ahead, behind]) {
    world.app = { ...app, target };
    const person = await world.signIn("founder@example.org");
    for (const other of [app, ahead, behind]) {
      const page = await ask(other.target, `/teams/${world.team}`, { cookie: person.cookie, accept: "text/html" });
      must(page.status === 200, `a session of ${target.port} was answered with ${page.status} by ${other.target.port}`);
    }
  }
  world.app = app;
  return ledger.judge(readers);
}

function clock(turned) {
  return { LD_PRELOAD: FAKETIME, FAKETIME: turned, FAKETIME_DONT_FAKE_MONOTONIC: "1" };
}

// Postgres dies, stands still, or keeps a table to itself.

import { ask, words } from "../http.mjs";
import { kill } from "../processes.mjs";
import { must, pause, seconds, until } from "../waiting.mjs";

export const scenarios = [
  { name: "a backend of Postgres is killed under eight writers", run: killABackend },
  { name: "Postgres is killed and comes back", run: killPostgres },
  { name: "Postgres stands still", run: freezePostgres },
  { name: "a table is locked", run: lockATable },
];

/** The pool gives up after 3 s; the rest is the way there and back. */
const AWAY = 3_500;

async function killABackend(world, full) {
  const { app, ledger, postgres, database } = world;
  const readers = [world.reader(), world.reader()];
  ledger.write(await world.members(8));
  const times = full ? 10 : 2;
  let slowest = 0;
  for (let time = 0; time < times; time++) {
    await ledger.more(40);
    const backends = await world.rows("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'skateboard' ORDER BY state, random()");
    kill(backends[0].pid, "SIGKILL");
    await until("Postgres has recovered", 10_000, () => postgres.run(database, "SELECT 1").then(() => true, () => false));
    slowest = Math.max(slowest, await ledger.more(8, 5_000));
  }
  must((await app.health("live")).status === 200, "the app does not live");
  return `${await ledger.judge(readers)}; killed ${times} times, written again within ${slowest} ms`;
}

async function killPostgres(world, full) {
  const { ledger, postgres } = world;
  const readers = [world.reader(), world.reader()];
  ledger.write(await world.members(8));
  const said = [];
  for (let time = 0; time < (full ? 5 : 1); time++) {
    await ledger.more(40);
    await postgres.kill();
    await mustBeAway(world);
    await postgres.start();
    const { ms } = await mustComeBack(world);
    said.push(ms);
  }
  return `${await ledger.judge(readers)}; back within ${Math.max(...said)} ms of Postgres`;
}

async function freezePostgres(world, full) {
  const { app, ledger, postgres } = world;
  const readers = [world.reader(), world.reader()];
  const people = await world.members(8);
  ledger.write(people);
  await ledger.more(40);
  const before = app.memory();
  postgres.freeze();
  // Many people go on looking at their boards meanwhile.
  const over = performance.now() + (full ? 15_000 : 3_000);
  const look = async () => {
    while (performance.now() < over) await mustBeRefused(world, `/teams/faults/boards/${world.boardKey}`, "application/json");
  };
  const outcomes = await Promise.allSettled([mustBeAway(world), ...Array.from({ length: 50 }, look)]);
  const memory = app.memory() - before;
  postgres.thaw();
  const { ms } = await mustComeBack(world);
  const failed = outcomes.find((outcome) => outcome.reason);
  if (failed) throw failed.reason;
  must(memory <= 50, `its memory grew by ${memory.toFixed(0)} MB`);
  return `${await ledger.judge(readers)}; back within ${ms} ms, memory ${memory >= 0 ? "+" : ""}${memory.toFixed(0)} MB`;
}

async function lockATable(world) {
  const { app, ledger, postgres, database } = world;
  const reader = world.reader();
  const people = await world.members(8);
  await ledger.ask(ledger.entry(), world.founder);
  const letGo = await postgres.lock(database, "tasks");
  const writing = people.map((person) => ledger.ask(ledger.entry(), person));
  const over = Promise.all(writing);
  let isOver = false;
  over.then(() => (isOver = true));
  let asked = 0;
  while (!isOver) {
    for (const part of ["live", "ready"]) {
      const answer = await app.health(part);
      must(answer.status === 200 && answer.ms <= 1_000, `/health/${part} took ${answer.ms} ms and said ${words(answer)}`);
    }
    const other = await ask(app.target, "/account", { cookie: world.founder.cookie, accept: "text/html" });
    must(other.status === 200 && other.ms <= 1_000, `a page that needs no task took ${other.ms} ms and was answered with ${other.status}`);
    asked++;
    await pause(50);
  }
  for (const answer of await over) {
    must(answer.status === 503 && answer.ms <= AWAY, `a task took ${seconds(answer.ms)} and was answered with ${words(answer)}`);
  }
  await letGo();
  const answer = await ledger.ask(ledger.entry(), world.founder);
  must(answer.status === 200 && answer.ms <= 1_000, `afterwards a task took ${answer.ms} ms and was answered with ${words(answer)}`);
  return `${await ledger.judge([reader])}; healthy each of ${asked} times`;
}

/** What is promised while the database is away. */
export async function mustBeAway(world) {
  const { app, boardKey } = world;
  const asked = [
    mustBeRefused(world, `/teams/faults/boards/${boardKey}`),
    mustBeRefused(world, "/teams/faults"),
    world.act("tasks/requests/move_task", { team: "faults", task: `${boardKey}-1`, column: world.columns.doing }, world.founder).then((answer) => mustSayAway("moving a task", answer)),
    until("/health/ready says that the database is away", 3_000, async () => (await app.health("ready")).status === 503),
    ...[1, 2, 3].map(async () => {
      const live = await app.health("live");
      must(live.status === 200 && live.ms <= 1_000, `/health/live took ${live.ms} ms and said ${words(live)}`);
    }),
  ];
  await Promise.all(asked);
}

async function mustBeRefused(world, path, accept = "text/html") {
  mustSayAway(path, await ask(world.app.target, path, { cookie: world.founder.cookie, accept }));
}

function mustSayAway(what, answer) {
  must(answer.status === 503, `${what} was answered with ${words(answer)} while the database was away`);
  must(answer.ms <= AWAY, `${what} took ${seconds(answer.ms)} to say that the database is away`);
}

/** What is promised when it is there again: ready, and written to, within 5 s. */
export async function mustComeBack(world) {
  const written = world.ledger.successes;
  return until("it is back", 5_000, async () => {
    return world.ledger.successes > written && (await world.app.health("ready")).status === 200;
  });
}

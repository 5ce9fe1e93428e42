// PgBouncer stands between the server and Postgres.

import { Pgbouncer } from "../pgbouncer.mjs";
import { must, until } from "../waiting.mjs";

const needs = Pgbouncer.isHere ? undefined : "PgBouncer is not installed";

export const scenarios = [{ name: "two instances share Postgres through PgBouncer", run: share, needs, only: "full" }];

/** What stands on the role, where the pooler does not pass on what a connection asks for. */
const DEADLINES = { statement_timeout: "10s", lock_timeout: "1500ms", idle_in_transaction_session_timeout: "15s" };
/** A change wakes readers at once. Without what wakes them they look every 2 s. */
const AT_ONCE = 1_000;

async function share(world) {
  const { postgres, database, folder } = world;
  for (const [name, value] of Object.entries(DEADLINES)) await postgres.run("postgres", `ALTER ROLE skateboard SET ${name} = '${value}'`);
  const pooler = await Pgbouncer.before(postgres, folder);
  world.proxies.push(pooler);
  // Both start behind it: what migrates holds a lock of its session.
  const behind = { env: { DATABASE_URL: postgres.url(database, pooler.port) } };
  const [one, two] = [await world.addApp(behind), await world.addApp(behind)];
  const writers = await world.members(8);
  const readers = [one, two].map((app) => world.reader({ target: () => app.target }));
  for (const reader of readers) await until("every reader is there", 5_000, () => reader.isOpen());
  const begun = performance.now();
  world.ledger.write(writers, () => one.target);
  await until("a change is on the other screen", AT_ONCE + 1_000, () => readers[1].seen.length > 0);
  const took = performance.now() - begun;
  await world.ledger.more(200);
  await world.ledger.stop();
  const [{ asked }] = await world.rows("SELECT count(*)::int AS asked FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'skateboard'");
  must(took < AT_ONCE, `it took ${Math.round(took)} ms until a change was on the other screen`);
  for (const name of Object.keys(DEADLINES)) await postgres.run("postgres", `ALTER ROLE skateboard RESET ${name}`);
  return `${await world.ledger.judge(readers)}; ${asked} connections to Postgres, the first change on the other screen after ${Math.round(took)} ms`;
}

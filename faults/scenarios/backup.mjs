// A backup that is taken while people write, and what it is good for.

import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { command } from "../app.mjs";
import { ask } from "../http.mjs";
import { must } from "../waiting.mjs";

export const scenarios = [{ name: "a backup is taken under eight writers and restored", run: backUpAndRestore }];

async function backUpAndRestore(world, full) {
  const { ledger, postgres } = world;
  const reader = world.reader();
  ledger.write(await world.members(8));
  await ledger.more(full ? 1_000 : 100, 30_000);
  const before = ledger.entries.filter(({ outcome }) => outcome === "success").map(({ title, id, number }) => ({ title, id, number }));
  const copy = `${world.database}_copy`;
  await postgres.run("postgres", `CREATE DATABASE ${copy}`);
  await copyTo(copy, world);
  const rows = await ledger.rows(copy);
  for (const { title, id, number } of before) {
    const row = rows.get(id);
    must(row?.number === number, `${title} was answered with ${number} before the backup, and it holds ${JSON.stringify(row)}`);
  }
  for (const { title, events } of rows.values()) must(events === 1, `${title} has ${events} events in the backup`);
  const last = await ledger.checkNumbers(copy);
  // The copy goes on where the backup was taken.
  const restored = await world.addApp({ database: copy });
  // Sessions are no part of a backup.
  const founder = await world.signIn(world.founder.email, restored.target);
  const fields = ledger.fields({ id: ledger.entry().id, title: "After the restoration" });
  ledger.entries.pop();
  const answer = await ask(restored.target, "/actions/skateboard/tasks/requests/create_task", { cookie: founder.cookie, fields });
  must(answer.status === 200, `a restored database refuses a task: ${answer.text}`);
  must((await ledger.checkNumbers(copy)) === last + 1, "the log of the copy does not go on");
  return `${await ledger.judge([reader])}; ${before.length} were answered before the backup, ${rows.size} are in it`;
}

/** Backs the database up, lets people write on, and restores it elsewhere. */
async function copyTo(copy, { ledger, postgres, database }) {
  const folder = mkdtempSync(join(tmpdir(), "skateboard-backup-"));
  // The program may run as another user than this one.
  chmodSync(folder, 0o777);
  const file = join(folder, "faults.backup");
  try {
    await command(["backup", file], postgres.url(database));
    await ledger.more(20);
    await command(["restore", file], postgres.url(copy));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// A dump that is taken while people write, and what it is good for.

import { join } from "node:path";

import { ask } from "../http.mjs";
import { must } from "../waiting.mjs";

export const scenarios = [{ name: "a dump is taken under eight writers and restored", run: dumpAndRestore }];

async function dumpAndRestore(world, full) {
  const { ledger, postgres, database } = world;
  const reader = world.reader();
  ledger.write(await world.members(8));
  await ledger.more(full ? 1_000 : 100, 30_000);
  const before = ledger.entries.filter(({ outcome }) => outcome === "success").map(({ title, id, number }) => ({ title, id, number }));
  const file = join(world.folder, `${database}.dump`);
  await postgres.dump(database, file);
  await ledger.more(20);
  const copy = `${database}_copy`;
  await postgres.restore(file, copy);
  const rows = await ledger.rows(copy);
  for (const { title, id, number } of before) {
    const row = rows.get(id);
    must(row?.number === number, `${title} was answered with ${number} before the dump, and it holds ${JSON.stringify(row)}`);
  }
  for (const { title, events } of rows.values()) must(events === 1, `${title} has ${events} events in the dump`);
  const last = await ledger.checkNumbers(copy);
  // The copy goes on where the dump was taken.
  const restored = await world.addApp({ database: copy });
  const fields = ledger.fields({ id: ledger.entry().id, title: "After the restoration" });
  ledger.entries.pop();
  const answer = await ask(restored.target, "/actions/skateboard/tasks/requests/create_task", { cookie: world.founder.cookie, fields });
  must(answer.status === 200, `a restored database refuses a task: ${answer.text}`);
  must((await ledger.checkNumbers(copy)) === last + 1, "the log of the copy does not go on");
  return `${await ledger.judge([reader])}; ${before.length} were answered before the dump, ${rows.size} are in it`;
}

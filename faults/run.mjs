// The fault suite. Run it by script/faults.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Postgres } from "./postgres.mjs";
import * as app from "./scenarios/app.mjs";
import * as backup from "./scenarios/backup.mjs";
import * as editing from "./scenarios/editing.mjs";
import * as importing from "./scenarios/importing.mjs";
import * as machine from "./scenarios/machine.mjs";
import * as monitoring from "./scenarios/monitoring.mjs";
import * as network from "./scenarios/network.mjs";
import * as pooler from "./scenarios/pooler.mjs";
import * as postgres from "./scenarios/postgres.mjs";
import * as readers from "./scenarios/readers.mjs";
import * as rolling from "./scenarios/rolling.mjs";
import { Broken, seconds } from "./waiting.mjs";
import { World } from "./world.mjs";

const scenarios = [app, postgres, network, readers, rolling, importing, pooler, editing, machine, backup, monitoring].flatMap((group) => group.scenarios);
const words = process.argv.slice(2);
const full = !words.includes("--short");
const wanted = words.filter((word) => word !== "--short").join(" ");
const chosen = scenarios.filter(({ name, only }) => name.includes(wanted) && (full || only !== "full"));
if (chosen.length === 0) {
  console.error(`no scenario is called "${wanted}":\n${scenarios.map(({ name }) => `  ${name}`).join("\n")}`);
  process.exit(1);
}

const tried = chosen.filter(({ needs }) => !needs);
for (const { name, needs } of chosen.filter(({ needs }) => needs)) console.log(`left out  ${name}: ${needs}`);

const folder = mkdtempSync(join(tmpdir(), "skateboard-faults-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const database = await Postgres.create(folder);
let good = 0;
for (const scenario of tried) {
  const began = performance.now();
  const world = new World(database, folder);
  const say = (result, sentence) => console.log(`${result}  ${seconds(performance.now() - began).padStart(7)}  ${scenario.name}: ${sentence}`);
  try {
    await world.begin(scenario.world);
    say("good", await scenario.run(world, full));
    good++;
  } catch (failure) {
    say("BAD ", failure instanceof Broken ? failure.message : failure.stack);
    console.log(world.apps.map((instance) => `--- the last lines of an app ---\n${instance.lastLines()}`).join("\n"));
  } finally {
    await world.end();
    await database.mend();
  }
}
console.log(`faults: ${tried.length} scenarios, ${good} good`);
process.exit(good === tried.length ? 0 : 1);

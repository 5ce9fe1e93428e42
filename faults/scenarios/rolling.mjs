// Both of two instances are restarted, one after the other, and nobody notices.

import { Caddy } from "../caddy.mjs";
import { Haproxy } from "../haproxy.mjs";
import { kill } from "../processes.mjs";
import { must, pause, seconds, until } from "../waiting.mjs";
import { words } from "../http.mjs";

const needs = Haproxy.isHere ? undefined : "haproxy is not installed";

export const scenarios = [
  { name: "two instances are restarted in turn", run: restartInTurn, needs },
  { name: "two instances behind Caddy are restarted in turn", run: restartBehindCaddy, needs: Caddy.isHere ? undefined : "Caddy is not installed" },
];

/** An instance ends within 10 s of being told to. */
const END = 11_000;
/** After so long Caddy has asked an instance again whether it is ready. */
const CHECKED = 2_500;
/** The pause after haproxy was told to spare an instance: a connection may be on its way. */
const SPARED = 500;

async function restartInTurn(world, full) {
  const { app: one, ledger } = world;
  const two = await world.addApp();
  const haproxy = await Haproxy.before([one, two], world.folder);
  world.proxies.push(haproxy);
  const target = () => ({ ...one.target, port: haproxy.port });
  const readers = [1, 2, 3, 4].map(() => world.reader({ target }));
  for (const reader of readers) await until("every reader is there", 5_000, () => reader.isOpen());
  ledger.write(await world.members(8), target);
  const times = full ? 5 : 1;
  let longest = 0;
  for (let time = 0; time < times; time++) {
    for (const [name, app] of [["one", one], ["two", two]]) {
      await ledger.more(40);
      await haproxy.set(name, "drain");
      await pause(SPARED);
      longest = Math.max(longest, await end(app));
      await ledger.more(40);
      await app.start();
      await haproxy.set(name, "ready");
      await until("haproxy gives it requests again", 10_000, async () => (await haproxy.areUp()).includes(name));
    }
  }
  await ledger.more(40);
  await ledger.stop();
  const failed = ledger.entries.flatMap(({ answers }) => answers).filter(({ status }) => status !== 200);
  must(failed.length === 0, `${failed.length} of ${ledger.entries.length} requests failed: ${failed[0] && words(failed[0])}`);
  const came = readers.reduce((sum, reader) => sum + reader.connections - 1, 0);
  return `${await ledger.judge(readers)}; ${times * 2} restarts, ended within ${seconds(longest)}, readers came back ${came} times`;
}

/** Caddy is not told beforehand, so a request that is just arriving may be lost; that is asked again. */
async function restartBehindCaddy(world, full) {
  const { app: one, ledger } = world;
  const two = await world.addApp();
  const caddy = await Caddy.before([one, two], world.folder);
  world.proxies.push(caddy);
  const target = () => ({ ...one.target, port: caddy.port });
  const readers = [1, 2].map(() => world.reader({ target }));
  for (const reader of readers) await until("every reader is there", 10_000, () => reader.isOpen());
  ledger.write(await world.members(8), target);
  const times = full ? 5 : 1;
  for (let time = 0; time < times; time++) {
    for (const app of [one, two]) {
      await ledger.more(40);
      await end(app);
      await ledger.more(40);
      await app.start();
      // It asks every second.
      await pause(CHECKED);
    }
  }
  await ledger.more(40);
  await ledger.stop();
  const failed = ledger.entries.flatMap(({ answers }) => answers).filter(({ status }) => status !== 200);
  must(failed.length <= times, `${failed.length} requests failed: ${failed[0] && words(failed[0])}`);
  return `${await ledger.judge(readers)}; ${times * 2} restarts, ${failed.length} requests asked again`;
}

/** Asks it to end, and gives the milliseconds that took. */
async function end(app) {
  kill(app.server.pid, "SIGTERM");
  let hasEnded = false;
  app.server.ended.then(() => (hasEnded = true));
  const { ms } = await until("an instance ends", END, () => hasEnded);
  return ms;
}

// A Prometheus that reads the recommended rules is told that the database is away.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { freePort, kill, start } from "../processes.mjs";
import { seconds, until } from "../waiting.mjs";

const RECOMMENDED = new URL("../../deploy/monitoring/", import.meta.url).pathname;
const PROGRAM = process.env.PATH.split(delimiter).map((folder) => join(folder, "prometheus")).find(existsSync);
const needs = PROGRAM ? undefined : "Prometheus is not installed";

export const scenarios = [{ name: "the alert rules notice that Postgres is away", run: stopPostgres, needs, only: "full" }];

/** The rule waits for 30 s, and Prometheus asks every second here. */
const NOTICED = 45_000;

async function stopPostgres({ app, postgres }) {
  const folder = mkdtempSync(join(tmpdir(), "skateboard-prometheus-"));
  const port = await freePort();
  cpSync(RECOMMENDED, folder, { recursive: true });
  const config = join(folder, "prometheus.yml");
  const text = readFileSync(config, "utf8").replace("127.0.0.1:3000", `127.0.0.1:${app.target.port}`).replaceAll("15s", "1s");
  writeFileSync(config, text);
  execFileSync("chmod", ["-R", "a+rX", folder]);
  const log = openSync(join(folder, "prometheus.log"), "a");
  const args = [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, "data")}`, `--web.listen-address=127.0.0.1:${port}`];
  const prometheus = start(PROGRAM, args, { stdio: ["ignore", log, log] });
  const ask = async (path) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`).catch(() => undefined);
    return answer?.ok ? (await answer.json()).data : undefined;
  };
  const firing = async () => (await ask("alerts"))?.alerts.filter(({ state }) => state === "firing").map(({ labels }) => labels.alertname) ?? [];
  try {
    await until("Prometheus reads the metrics", 20_000, async () => (await ask("query?query=database_up==1"))?.result.length === 1);
    await postgres.kill();
    const { ms } = await until("the alert fires", NOTICED, async () => (await firing()).includes("SkateboardDatabaseDown"));
    await postgres.start();
    const over = await until("the alert is over", 20_000, async () => !(await firing()).includes("SkateboardDatabaseDown"));
    return `told after ${seconds(ms)}, over after ${seconds(over.ms)}`;
  } finally {
    kill(prometheus.pid, "SIGKILL");
    await prometheus.ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

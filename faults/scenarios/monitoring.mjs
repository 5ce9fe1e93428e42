// A Prometheus that reads the recommended rules is told that the database is away, and that the app is.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { freePort, hasEnded, kill, start } from "../processes.mjs";
import { must, seconds, until } from "../waiting.mjs";

const RECOMMENDED = new URL("../../deploy/monitoring/", import.meta.url).pathname;
const PROGRAM = process.env.PATH.split(delimiter).map((folder) => join(folder, "prometheus")).find(existsSync);
const needs = PROGRAM ? undefined : "Prometheus is not installed";

export const scenarios = [{ name: "the alert rules notice that Postgres is away, and that the app is", run: raiseAlarms, needs }];

/** Prometheus asks every second here. The rules wait for up to a minute; in the short form for as long as HASTE says. */
const HASTE = "2s";
const NOTICED = { full: 80_000, short: 15_000 };
/** So often the metrics are read before anything is broken. */
const QUIET = 5;

async function raiseAlarms({ app, postgres }, full) {
  const folder = mkdtempSync(join(tmpdir(), "skateboard-prometheus-"));
  const prometheus = await Prometheus.reading(app, folder, full);
  const deadline = full ? NOTICED.full : NOTICED.short;
  try {
    await until("Prometheus reads the metrics", 30_000, async () => (await prometheus.value("count_over_time(database_up[1m])")) >= QUIET);
    const rules = await prometheus.rules();
    const bad = rules.filter(({ health }) => health !== "ok");
    must(rules.length > 0 && bad.length === 0, `of ${rules.length} rules these do not work: ${bad.map(({ name, lastError }) => `${name} ${lastError}`)}`);
    const early = await prometheus.firing();
    must(early.length === 0, `while all is well there fires ${early.join(", ")}`);
    const told = [];
    for (const [alert, end, begin] of [
      ["SkateboardDatabaseDown", () => postgres.kill(), () => postgres.start()],
      ["SkateboardDown", () => app.kill(), () => app.start()],
    ]) {
      await end();
      const fires = await until(`${alert} fires`, deadline, async () => (await prometheus.firing()).includes(alert));
      await begin();
      const over = await until(`${alert} is over`, 20_000, async () => !(await prometheus.firing()).includes(alert));
      told.push(`${alert} after ${seconds(fires.ms)}, over after ${seconds(over.ms)}`);
    }
    return `${rules.length} rules were quiet, then ${told.join("; ")}`;
  } finally {
    await prometheus.end();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Prometheus {
  /** With what is recommended, but for the address of the app and the pace. */
  static async reading(app, folder, full) {
    const prometheus = new Prometheus();
    cpSync(RECOMMENDED, folder, { recursive: true });
    const change = (name, change) => writeFileSync(join(folder, name), change(readFileSync(join(folder, name), "utf8")));
    change("prometheus.yml", (text) => text.replace("127.0.0.1:3000", `127.0.0.1:${app.target.port}`).replaceAll("15s", "1s"));
    if (!full) change("skateboard.rules.yml", (text) => text.replaceAll(/\bfor: \w+/g, `for: ${HASTE}`));
    execFileSync("chmod", ["-R", "a+rX", folder]);
    const port = await freePort();
    prometheus.base = `http://127.0.0.1:${port}/api/v1/`;
    prometheus.log = join(folder, "prometheus.log");
    const log = openSync(prometheus.log, "a");
    const args = [`--config.file=${join(folder, "prometheus.yml")}`, `--storage.tsdb.path=${join(folder, "data")}`, `--web.listen-address=127.0.0.1:${port}`];
    prometheus.program = start(PROGRAM, args, { stdio: ["ignore", log, log] });
    return prometheus;
  }

  async ask(path) {
    must(!hasEnded(this.program), `Prometheus does not run:\n${readFileSync(this.log, "utf8").slice(-1_000)}`);
    const answer = await fetch(this.base + path).catch(() => undefined);
    return answer?.ok ? (await answer.json()).data : undefined;
  }

  /** What the only series of a question is at the moment, if there is one. */
  async value(query) {
    const data = await this.ask(`query?query=${encodeURIComponent(query)}`);
    return Number(data?.result[0]?.value[1] ?? Number.NaN);
  }

  async rules() {
    return (await this.ask("rules?type=alert"))?.groups.flatMap(({ rules }) => rules) ?? [];
  }

  async firing() {
    const data = await this.ask("alerts");
    must(data, "Prometheus does not answer");
    return data.alerts.filter(({ state }) => state === "firing").map(({ labels }) => labels.alertname);
  }

  async end() {
    kill(this.program.pid, "SIGKILL");
    await this.program.ended;
  }
}

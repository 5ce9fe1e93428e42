// An instance of the server, as the measurements start it. None outlives them.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";

import { pause } from "./figures.mjs";

/** What starts the server: script/release, or whatever SKATEBOARD names. */
const PROGRAM = process.env.SKATEBOARD || "script/release";
/** What /proc counts processor time in: a hundredth of a second, on every Linux. */
const TICK = 10;

const running = new Set();
process.on("exit", () => {
  for (const server of running) server.kill();
});

export class Instance {
  /** One that has a port of its own and is not started yet. */
  static async create() {
    const instance = new Instance();
    instance.port = await freePort();
    instance.origin = `http://127.0.0.1:${instance.port}`;
    return instance;
  }

  /** Returns when it is ready. */
  async start() {
    const env = { ...process.env, LEPTOS_SITE_ADDR: `127.0.0.1:${this.port}`, BASE_URL: this.origin, RUST_LOG: "warn" };
    this.server = spawn(PROGRAM, { env, stdio: "ignore" });
    running.add(this.server);
    for (;;) {
      const answer = await fetch(`${this.origin}/health/ready`).catch(() => undefined);
      if (answer?.ok) return;
      if (this.server.exitCode !== null) throw new Error("the server stopped");
      await pause(5);
    }
  }

  async stop() {
    const ended = new Promise((resolve) => this.server.once("exit", resolve));
    this.server.kill("SIGTERM");
    await ended;
    running.delete(this.server);
  }

  /** Its resident memory in MB. */
  memory() {
    const status = readFileSync(`/proc/${this.server.pid}/status`, "utf8");
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024);
  }

  /** The processor time it has used so far, in milliseconds. */
  processorTime() {
    const stat = readFileSync(`/proc/${this.server.pid}/stat`, "utf8");
    // The name in front may hold spaces; after it, these are the 12th and 13th fields.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * TICK;
  }
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

// An instance of the server, and the questions that one asks it.

import { openSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { execFile, execFileSync } from "node:child_process";

import { ask } from "./http.mjs";
import { hasEnded, kill, start } from "./processes.mjs";
import { Broken, must, until } from "./waiting.mjs";

/** What starts the server: script/release, or whatever SKATEBOARD names. */
const PROGRAM = process.env.SKATEBOARD || new URL("../script/release", import.meta.url).pathname;

/** Runs one of the program's commands to its end. */
export function command(args, database) {
  const env = { ...process.env, DATABASE_URL: database };
  return new Promise((resolve, reject) => {
    execFile(PROGRAM, args, { env }, (error, said, complaint) => (error ? reject(new Broken(complaint || error.message)) : resolve(said)));
  });
}

export class App {
  /**
   * `base` is the address people use, which several instances share; `env` is what else it is started with. With `files` it
   * may have only so many open; `like` is an instance whose program is started by itself, without what leads to it.
   */
  constructor({ port, base, database, log, env, files, like }) {
    this.target = { port, base };
    this.log = log;
    this.owner = like?.processOwner();
    if (like) this.command = [readlinkSync(`/proc/${like.server.pid}/exe`), []];
    else this.command = files ? ["sh", ["-c", `ulimit -n ${files} && exec "$0"`, PROGRAM]] : [PROGRAM, []];
    this.env = {
      ...process.env,
      DATABASE_URL: database,
      LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
      BASE_URL: base,
      RUST_LOG: process.env.RUST_LOG || "warn",
      ...env,
    };
  }

  /** Starts it, waits until it is ready, and gives the milliseconds that took. */
  async start(deadline = 30_000) {
    const log = openSync(this.log, "a");
    this.server = start(...this.command, { ...this.owner, env: this.env, stdio: ["ignore", log, log] });
    const { ms } = await until("the app is ready", deadline, async () => {
      must(!hasEnded(this.server), `the app does not start:\n${this.lastLines()}`);
      return (await this.health("ready")).status === 200;
    });
    return ms;
  }

  async kill() {
    if (!this.server) return;
    kill(this.server.pid, "SIGKILL");
    await this.server.ended;
  }

  health(part) {
    return ask(this.target, `/health/${part}`, { fresh: true, deadline: 5_000 });
  }

  processOwner() {
    const { uid, gid } = statSync(`/proc/${this.server.pid}`);
    return { uid, gid };
  }

  /** Its memory in MB. */
  memory() {
    return Number(execFileSync("ps", ["-o", "rss=", "-p", String(this.server.pid)], { encoding: "utf8" })) / 1024;
  }

  lastLines() {
    return readFileSync(this.log, "utf8").trimEnd().split("\n").slice(-8).join("\n");
  }
}

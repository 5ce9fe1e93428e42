// A Postgres of the suite's own, which may be killed: the one for development has other users.

import { execFile, execFileSync, spawn } from "node:child_process";
import { appendFileSync, chownSync, existsSync, mkdirSync, openSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

import { freePort, hasEnded, kill, start } from "./processes.mjs";
import { must, until } from "./waiting.mjs";

// Killing Postgres does not stop the system from writing to the disk, so that need not be waited for. The
// log of what was committed does have to reach the system first: synchronous_commit stays on.
const SETTINGS = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
fsync = off
full_page_writes = off
`;

export class Postgres {
  /** Makes one below a folder, and starts it. */
  static async create(folder) {
    const postgres = new Postgres();
    postgres.programs = programs();
    postgres.data = join(folder, "data");
    postgres.log = join(folder, "postgres.log");
    postgres.owner = owner();
    postgres.port = await freePort();
    mkdirSync(postgres.data, { mode: 0o700 });
    if (postgres.owner.uid) {
      chownSync(folder, postgres.owner.uid, postgres.owner.gid);
      chownSync(postgres.data, postgres.owner.uid, postgres.owner.gid);
    }
    const args = ["--pgdata", postgres.data, "--username", "skateboard", "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"];
    execFileSync(join(postgres.programs, "initdb"), args, { ...postgres.owner, cwd: "/", stdio: ["ignore", "ignore", "inherit"] });
    appendFileSync(join(postgres.data, "postgresql.conf"), SETTINGS);
    // Whoever stands still does not notice that all is over.
    process.on("exit", () => postgres.thaw());
    await postgres.start();
    return postgres;
  }

  url(database, port = this.port) {
    return `postgres://skateboard@127.0.0.1:${port}/${database}`;
  }

  /** Starts it, and waits until it answers. One that was killed may still have memory to give back. */
  async start() {
    await until("Postgres starts", 30_000, async () => {
      if (!this.server || hasEnded(this.server)) {
        const log = openSync(this.log, "a");
        const args = ["-D", this.data, "-p", String(this.port)];
        this.server = start(join(this.programs, "postgres"), args, { ...this.owner, cwd: "/", stdio: ["ignore", log, log] });
      }
      return this.answers();
    });
  }

  /** Whether it answers, or what stands before it at another port. */
  answers(port = this.port) {
    return new Promise((resolve) => {
      const args = ["--quiet", "--host", "127.0.0.1", "--port", String(port)];
      execFile(join(this.programs, "pg_isready"), args, (error) => resolve(!error));
    });
  }

  /** The server process and those it has started, itself first. */
  processes() {
    const all = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
    const children = all.map((line) => line.trim().split(/\s+/).map(Number)).filter(([, parent]) => parent === this.server.pid);
    return [this.server.pid, ...children.map(([pid]) => pid)];
  }

  async kill() {
    for (const pid of this.processes()) kill(pid, "SIGKILL");
    await this.server.ended;
  }

  /** Stops all of it where it stands. */
  freeze() {
    this.frozen = this.processes();
    for (const pid of this.frozen) kill(pid, "SIGSTOP");
  }

  thaw() {
    for (const pid of this.frozen ?? []) kill(pid, "SIGCONT");
    this.frozen = undefined;
  }

  /** As every scenario wants to find it. */
  async mend() {
    this.thaw();
    await this.start();
  }

  /** Runs SQL in a database and gives what it prints. */
  run(database, sql) {
    return new Promise((resolve, reject) => {
      const args = ["-XAtq", this.url(database), "-c", sql];
      execFile(join(this.programs, "psql"), args, { maxBuffer: 1 << 28 }, (error, out) => (error ? reject(error) : resolve(out)));
    });
  }

  /** The rows of a query, as objects. */
  async rows(database, query) {
    return JSON.parse(await this.run(database, `SELECT coalesce(json_agg(found), '[]') FROM (${query}) AS found`));
  }

  /** Holds a table so that nobody else can even read it. Gives what lets go of it. */
  async lock(database, table) {
    const psql = spawn(join(this.programs, "psql"), ["-XAtq", this.url(database)], { stdio: ["pipe", "pipe", "inherit"] });
    psql.stdin.write(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE;\n\\echo held\n`);
    await new Promise((resolve) => psql.stdout.once("data", resolve));
    const ended = new Promise((resolve) => psql.once("exit", resolve));
    return () => {
      psql.stdin.end("ROLLBACK;\n");
      return ended;
    };
  }
}

/** Where the newest Postgres of the machine has its programs. */
function programs() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, "bin")), ...process.env.PATH.split(delimiter)];
  const found = folders.find((folder) => existsSync(join(folder, "initdb")));
  must(found, "no PostgreSQL here: run script/bootstrap");
  return found;
}

/** Postgres refuses to run as root. */
function owner() {
  if (process.getuid() !== 0) return {};
  const id = (kind) => Number(execFileSync("id", [kind, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

/** An instance with an empty database, which is gone when it stops. */
export interface Instance {
  baseURL: string;
  databaseURL: string;
  stop: () => Promise<void>;
}

/** Starts a further instance with an empty database, and with settings of its own. */
export async function startInstance(own: Record<string, string> = {}): Promise<Instance> {
  // By this name script/test-browser finds what was said to a test that failed.
  const LOG = join(required("LOGS"), `worker-${process.env.TEST_WORKER_INDEX}-${randomUUID()}.log`);
  const program = spawn(required("INSTANCE"), { env: { ...settings(), LOG, ...own }, stdio: ["ignore", "pipe", "inherit"] });
  const found: Record<string, string> = {};
  for await (const line of createInterface({ input: program.stdout })) {
    const [name, value] = line.split(/=(.*)/s);
    found[name] = value;
    if (name === "LOG") break;
  }
  if (!found.BASE_URL || !found.DATABASE_URL) throw new Error("the instance did not start");
  return { baseURL: found.BASE_URL, databaseURL: found.DATABASE_URL, stop: () => stop(program) };
}

/** A server whose database stays, so that it can be stopped and started again. */
export class Server {
  private program?: ChildProcess;
  private address?: string;

  private constructor(
    private readonly command: string,
    private readonly database: Record<string, string>,
    /** What is its own and goes with it. */
    private readonly folder?: string,
  ) {}

  static async start(databaseURL: string) {
    const server = new Server(required("SKATEBOARD"), { DATABASE_URL: databaseURL });
    await server.start();
    return server;
  }

  /**
   * The server of whoever is new, who has script/server and no database: it brings a Postgres of its own, and data that
   * begin here. It does not run yet.
   */
  static async brandNew() {
    // Short, because the path of the Postgres's socket is; and open, because root lets another user run both.
    const folder = await mkdtemp("/tmp/sk-");
    await chmod(folder, 0o755);
    return new Server(required("SERVER"), { SKATEBOARD_DATA: `${folder}/data` }, folder);
  }

  /** Where it is, once it has been started. */
  get baseURL() {
    return `http://${this.address}`;
  }

  /** Starts it, at first where the system has a port for it, later where it was. */
  async start() {
    const env = { ...settings(), DATABASE_URL: undefined, ...this.database, LEPTOS_SITE_ADDR: this.address ?? "127.0.0.1:0" };
    const program = spawn(this.command, { env, stdio: ["ignore", "pipe", "pipe"] });
    this.program = program;
    let complaints = "";
    program.stderr.setEncoding("utf8").on("data", (words: string) => (complaints = (complaints + words).slice(-2_000)));
    const lines = createInterface({ input: program.stdout });
    program.once("exit", () => lines.close());
    let started: string | undefined;
    for await (const line of lines) {
      [, started] = /^Skateboard is at http:\/\/(.+)\/$/.exec(line) ?? [];
      if (started) break;
    }
    if (!started) throw new Error(`the server stopped: ${complaints}`);
    this.address = started;
    // It would wait for somebody to read what it says.
    program.stdout.resume();
  }

  async stop() {
    if (this.program) await stop(this.program);
  }

  /** Stops it for good. */
  async discard() {
    await this.stop();
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }
}

/** Does in a database what no page does. */
export async function sql(databaseURL: string, statement: string) {
  await promisify(execFile)(required("PSQL"), ["--no-psqlrc", "--quiet", "--command", statement, databaseURL]);
}

async function stop(program: ChildProcess) {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const ended = new Promise((resolve) => program.once("exit", resolve));
  program.kill("SIGTERM");
  await ended;
}

/** The settings of this run, without those that each instance finds for itself. */
function settings() {
  const { BASE_URL: _base, LOG: _log, LEPTOS_SITE_ADDR: _address, ...env } = process.env;
  // The targets of webhooks are on this machine, too.
  return { ...env, WEBHOOK_ALLOW: "127.0.0.0/8" };
}

function required(name: string) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run script/test-browser`);
  return value;
}

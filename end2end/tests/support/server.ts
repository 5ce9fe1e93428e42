import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** An instance with an empty database, which is gone when it stops. */
export interface Instance {
  baseURL: string;
  databaseURL: string;
  stop: () => Promise<void>;
}

/** Starts a further instance with an empty database. */
export async function startInstance(): Promise<Instance> {
  // By this name script/test-browser finds what was said to a test that failed.
  const LOG = join(required("LOGS"), `worker-${process.env.TEST_WORKER_INDEX}-${randomUUID()}.log`);
  const program = spawn(required("INSTANCE"), { env: { ...settings(), LOG }, stdio: ["ignore", "pipe", "inherit"] });
  const found: Record<string, string> = {};
  for await (const line of createInterface({ input: program.stdout })) {
    const [name, value] = line.split(/=(.*)/s);
    found[name] = value;
    if (name === "LOG") break;
  }
  if (!found.BASE_URL || !found.DATABASE_URL) throw new Error("the instance did not start");
  return { baseURL: found.BASE_URL, databaseURL: found.DATABASE_URL, stop: () => stop(program) };
}

/** A server on a database that stays, so that it can be stopped and started again. */
export class Server {
  private program?: ChildProcess;

  private constructor(
    readonly baseURL: string,
    private readonly databaseURL: string,
  ) {}

  static async start(databaseURL: string) {
    const server = new Server(`http://127.0.0.1:${await freePort()}`, databaseURL);
    await server.start();
    return server;
  }

  async start() {
    const env = { ...settings(), DATABASE_URL: this.databaseURL, BASE_URL: this.baseURL, LEPTOS_SITE_ADDR: new URL(this.baseURL).host };
    this.program = spawn(required("SKATEBOARD"), { env, stdio: "ignore" });
    for (;;) {
      const answer = await fetch(`${this.baseURL}/health/ready`).catch(() => undefined);
      if (answer?.ok) return;
      if (this.program.exitCode !== null) throw new Error("the server stopped");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async stop() {
    if (this.program) await stop(this.program);
  }
}

async function stop(program: ChildProcess) {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const ended = new Promise((resolve) => program.once("exit", resolve));
  program.kill("SIGTERM");
  await ended;
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
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

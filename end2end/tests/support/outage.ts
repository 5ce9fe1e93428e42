import { connect, createServer, type Server as Listener, type Socket } from "node:net";

/** A way to a database that a test can close and open again, as when the database is away. */
export class Outage {
  private readonly sockets = new Set<Socket>();
  private listener?: Listener;
  private port = 0;

  private constructor(private readonly target: URL) {}

  static async before(databaseURL: string) {
    const outage = new Outage(new URL(databaseURL));
    await outage.end();
    return outage;
  }

  /** The database's address by this way. */
  get databaseURL() {
    const url = new URL(this.target);
    url.hostname = "127.0.0.1";
    url.port = `${this.port}`;
    return url.href;
  }

  /** Opens the way. */
  async end() {
    const listener = createServer((near) => {
      const far = connect(Number(this.target.port || 5432), this.target.hostname);
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on("error", () => socket.destroy());
        socket.on("close", () => this.sockets.delete(socket));
      }
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => listener.listen(this.port, "127.0.0.1", resolve));
    this.port = (listener.address() as { port: number }).port;
    this.listener = listener;
  }

  /** Closes the way, and cuts who is on it. */
  async begin() {
    const closed = new Promise((resolve) => this.listener?.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
    this.listener = undefined;
  }

  async stop() {
    if (this.listener) await this.begin();
  }
}

import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request of a webhook. */
export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A program on this machine that a webhook tells. */
export class Target {
  readonly received: Received[] = [];
  /** What it answers with. */
  status = 200;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<Target> {
    const server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8");
      request.on("data", (part: string) => (body += part));
      request.on("end", () => {
        target.received.push({ headers: request.headers, body });
        response.writeHead(target.status).end(target.status === 200 ? "" : "out of ink");
      });
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    const target = new Target(server, `http://127.0.0.1:${port}/hook`);
    return target;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

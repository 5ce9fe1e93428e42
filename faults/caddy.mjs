// Caddy in front of two instances, by the file that is recommended, on a port of its own and without TLS.

import { existsSync, mkdtempSync, openSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";

import { freePort, hasEnded, kill, start } from "./processes.mjs";
import { must, until } from "./waiting.mjs";

const RECOMMENDED = new URL("../deploy/Caddyfile", import.meta.url).pathname;
const PROGRAM = process.env.PATH.split(delimiter).map((folder) => join(folder, "caddy")).find(existsSync);

export class Caddy {
  static isHere = PROGRAM !== undefined;

  static async before(apps, folder) {
    const caddy = new Caddy();
    caddy.port = await freePort();
    const home = mkdtempSync(join(folder, "caddy-"));
    const env = {
      ...process.env,
      HOME: home,
      XDG_CONFIG_HOME: home,
      XDG_DATA_HOME: home,
      BOARD_HOST: `http://127.0.0.1:${caddy.port}`,
      BOARD_SERVERS: apps.map(({ target }) => `127.0.0.1:${target.port}`).join(" "),
      CADDY_ADMIN: `127.0.0.1:${await freePort()}`,
    };
    const log = openSync(join(folder, "caddy.log"), "a");
    const args = ["run", "--adapter", "caddyfile", "--config", RECOMMENDED];
    caddy.program = start(PROGRAM, args, { env, stdio: ["ignore", log, log] });
    await until("Caddy listens", 10_000, async () => {
      must(!hasEnded(caddy.program), "Caddy does not start");
      return isTaken(caddy.port);
    });
    return caddy;
  }

  close() {
    kill(this.program.pid, "SIGKILL");
  }
}

function isTaken(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(socket.destroy() !== undefined));
    socket.once("error", () => resolve(false));
  });
}

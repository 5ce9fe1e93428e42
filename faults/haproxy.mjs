// haproxy in front of two instances, by the configuration that is recommended, on ports of its own.

import { execFileSync } from "node:child_process";
import { existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";

import { freePort, kill, start } from "./processes.mjs";
import { until } from "./waiting.mjs";

const RECOMMENDED = new URL("../deploy/haproxy.cfg", import.meta.url);
const PROGRAM = [...process.env.PATH.split(delimiter), "/usr/sbin"].map((folder) => join(folder, "haproxy")).find(existsSync);

export class Haproxy {
  static isHere = PROGRAM !== undefined;

  static async before([one, two], folder) {
    const haproxy = new Haproxy();
    haproxy.port = await freePort();
    haproxy.socket = join(folder, `haproxy-${haproxy.port}.sock`);
    const places = {
      "127.0.0.1:3000": `127.0.0.1:${haproxy.port}`,
      "127.0.0.1:3001": `127.0.0.1:${one.target.port}`,
      "127.0.0.1:3002": `127.0.0.1:${two.target.port}`,
      "/run/haproxy/admin.sock": haproxy.socket,
    };
    const text = readFileSync(RECOMMENDED, "utf8").replaceAll(/127\.0\.0\.1:300\d|\/run\/haproxy\/admin\.sock/g, (place) => places[place]);
    const config = join(folder, `haproxy-${haproxy.port}.cfg`);
    writeFileSync(config, text);
    execFileSync(PROGRAM, ["-c", "-q", "-f", config], { stdio: "inherit" });
    const log = openSync(join(folder, "haproxy.log"), "a");
    haproxy.program = start(PROGRAM, ["-db", "-f", config], { stdio: ["ignore", log, log] });
    await until("haproxy knows both instances", 10_000, async () => {
      return (await haproxy.areUp().catch(() => [])).length === 2;
    });
    return haproxy;
  }

  /** Says something to it as an operator does, and gives its answer. */
  say(command) {
    return new Promise((resolve, reject) => {
      let answer = "";
      const socket = connect(this.socket, () => socket.end(`${command}\n`));
      socket.on("data", (text) => (answer += text));
      socket.on("error", reject);
      socket.on("close", () => resolve(answer));
    });
  }

  /** Gives a server no further requests, or again. */
  async set(server, state) {
    const answer = (await this.say(`set server skateboard/${server} state ${state}`)).trim();
    if (answer) throw new Error(`haproxy: ${answer}`);
  }

  /** The servers that get requests, once their checks were good. */
  async areUp() {
    const lines = (await this.say("show stat skateboard 4 -1")).split("\n").map((line) => line.split(","));
    const [names] = lines;
    const [name, status, checked] = ["svname", "status", "check_status"].map((title) => names.indexOf(title));
    return lines.slice(1).filter((line) => line[status]?.startsWith("UP") && line[checked] === "L7OK").map((line) => line[name]);
  }

  close() {
    kill(this.program.pid, "SIGKILL");
  }
}

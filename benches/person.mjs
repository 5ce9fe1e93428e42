// Somebody who is signed in, and asks over connections that stay open.

import { randomBytes } from "node:crypto";
import { Agent, request } from "node:http";
import { brotliDecompressSync } from "node:zlib";

export class Person {
  cookies = [];

  constructor(origin, connections = 1) {
    this.origin = origin;
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** The same person at another instance, or over other connections. */
  at(origin, connections) {
    const person = new Person(origin, connections);
    person.cookies = this.cookies;
    return person;
  }

  leave() {
    this.agent.destroy();
  }

  /** One request, compressed as for a browser that asks for a page. */
  ask(method, path, fields, accept = "text/html") {
    const body = fields && new URLSearchParams(fields).toString();
    const headers = { accept, origin: this.origin, cookie: this.cookies.join("; ") };
    if (accept === "text/html") headers["accept-encoding"] = "br";
    if (body) headers["content-type"] = "application/x-www-form-urlencoded";
    return new Promise((resolve, reject) => {
      const sent = request(this.origin + path, { method, agent: this.agent, headers }, (answer) => {
        const parts = [];
        answer.on("data", (part) => parts.push(part));
        answer.on("end", () => {
          const raw = Buffer.concat(parts);
          const text = () => (answer.headers["content-encoding"] === "br" ? brotliDecompressSync(raw) : raw).toString();
          resolve({ status: answer.statusCode, headers: answer.headers, raw, text });
        });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  /** Does something as the page's own code does. */
  async act(action, fields) {
    const answer = await this.ask("POST", `/actions/skateboard/${action}`, fields, "application/json");
    if (answer.status !== 200) throw new Error(`${action} was answered with ${answer.status} ${answer.text()}`);
    return answer;
  }

  /** Founds the team `measure`. */
  async register() {
    const fields = { name: "Ana Silva", email: "ana@example.org", password: "correct horse battery", team_name: "Measure" };
    const answer = await this.act("accounts/register_page/register", fields);
    this.cookies = answer.headers["set-cookie"].map((cookie) => cookie.split(";")[0]);
  }

  /** Makes a board and gives its path, its id, and the ids of its columns in their order. */
  async makeBoard(key) {
    await this.act("boards/requests/create_board", { team: "measure", id: newId(), name: `Board ${key}`, key });
    const path = `/teams/measure/boards/${key}`;
    const html = (await this.ask("GET", path)).text();
    const board = /name="board" value="([^"]+)"/.exec(html)[1];
    const columns = [...new Set([...html.matchAll(/name="column" value="([^"]+)"/g)].map((match) => match[1]))];
    return { path, board, columns };
  }

  /** Creates a task and gives the answer. */
  createTask({ board, columns }, number, id = newId()) {
    const title = `Task number ${number} with a title of the usual length`;
    const column = columns[number % 2];
    return this.act("tasks/requests/create_task", { team: "measure", board, column, id, title });
  }
}

/** A UUIDv7: RFC 9562, section 5.7. */
export function newId() {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

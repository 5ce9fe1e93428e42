// Measures the release build on an empty database. Run it by script/measure.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { brotliDecompressSync } from "node:zlib";

const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const rows = [];
let cookies = [];

const starts = [];
let server;
process.on("exit", () => server?.kill());
for (let round = 0; round < 7; round++) {
  if (server) await stop(server);
  const started = performance.now();
  server = start();
  await ready();
  // The first start also makes the tables.
  if (round > 0) starts.push(performance.now() - started);
}
row("start to ready, database there", `${median(starts).toFixed(0)} ms`, "≤ 300 ms");
await new Promise((resolve) => setTimeout(resolve, 2000));
row("memory, idle", `${memory()} MB`, "≤ 40 MB");

cookies = await register();
for (const [count, key, aim] of [[200, "TWO", "≤ 5 ms"], [1000, "TEN", "≤ 20 ms"]]) {
  const path = await fill(key, count);
  const times = [];
  let page;
  for (let round = 0; round < 220; round++) {
    const started = performance.now();
    page = await ask("GET", path);
    // The first rounds warm the caches.
    if (round >= 20) times.push(performance.now() - started);
  }
  row(`board of ${count} tasks: one request, p95 (median)`, `${percentile(times, 95).toFixed(1)} ms (${median(times).toFixed(1)} ms)`, aim);
  row(`board of ${count} tasks: HTML, brotli`, `${kilobytes(page.raw.length)} KB`, count === 200 ? "≤ 25 KB" : "–");
}
row("memory, after that", `${memory()} MB`, "–");
const files = readdirSync("target/site/pkg").filter((name) => name.endsWith(".br"));
for (const [kind, aim] of [["wasm", "with JS ≤ 250 KB"], ["js", ""], ["css", "≤ 15 KB"]]) {
  const file = files.find((name) => name.endsWith(`.${kind}.br`));
  row(`${kind}, brotli, all routes`, `${kilobytes(readFileSync(`target/site/pkg/${file}`).length)} KB`, aim);
}
await stop(server);
agent.destroy();

console.log("| what | measured | aim |\n|---|---|---|");
for (const cells of rows) console.log(`| ${cells.join(" | ")} |`);

function row(...cells) {
  rows.push(cells);
}

function start() {
  const env = { ...process.env, LEPTOS_SITE_ADDR: `127.0.0.1:${port}`, BASE_URL: origin, RUST_LOG: "warn" };
  return spawn("script/release", { env, stdio: "ignore" });
}

async function ready() {
  for (;;) {
    const answer = await fetch(`${origin}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    if (server.exitCode !== null) throw new Error("the server stopped");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function stop(program) {
  const ended = new Promise((resolve) => program.once("exit", resolve));
  program.kill("SIGTERM");
  await ended;
}

/** The resident memory of the server in MB. */
function memory() {
  const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024);
}

/** One request on the one connection that stays open, compressed as for a browser. */
function ask(method, path, fields) {
  const body = fields && new URLSearchParams(fields).toString();
  const headers = { accept: "text/html", "accept-encoding": "br", origin, cookie: cookies.join("; ") };
  if (body) headers["content-type"] = "application/x-www-form-urlencoded";
  return new Promise((resolve, reject) => {
    const sent = request(origin + path, { method, agent, headers }, (answer) => {
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

async function register() {
  const fields = { name: "Ana Silva", email: "ana@example.org", password: "correct horse battery", team_name: "Measure" };
  const answer = await ask("POST", "/actions/skateboard/accounts/register_page/register", fields);
  if (answer.status !== 303) throw new Error(`registering was answered with ${answer.status}`);
  return answer.headers["set-cookie"].map((cookie) => cookie.split(";")[0]);
}

/** Makes a board and puts as many tasks on it, half of them in progress. */
async function fill(key, count) {
  const id = () => uuid7();
  await must("/actions/skateboard/boards/requests/create_board", { team: "measure", id: id(), name: `Board ${key}`, key });
  const path = `/teams/measure/boards/${key}`;
  const html = (await ask("GET", path)).text();
  const board = /name="board" value="([^"]+)"/.exec(html)[1];
  const columns = [...new Set([...html.matchAll(/name="column" value="([^"]+)"/g)].map((match) => match[1]))];
  for (let number = 0; number < count; number++) {
    const title = `Task number ${number} with a title of the usual length`;
    const column = columns[number % 2];
    await must("/actions/skateboard/tasks/requests/create_task", { team: "measure", board, column, id: id(), title });
  }
  return path;
}

async function must(action, fields) {
  const answer = await ask("POST", action, fields);
  if (answer.status !== 303 || answer.headers.location.includes("refused=")) {
    throw new Error(`${action} was answered with ${answer.status} ${answer.headers.location}`);
  }
}

/** A UUIDv7: RFC 9562, section 5.7. */
function uuid7() {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function percentile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * part) / 100))];
}

function median(values) {
  return percentile(values, 50);
}

function kilobytes(bytes) {
  return (bytes / 1000).toFixed(bytes < 100_000 ? 1 : 0);
}

async function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

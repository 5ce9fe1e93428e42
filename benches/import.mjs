// What it takes to import a board of Trello of 100 MB, and to let the team out and in again: time, and the most memory of the program.
import { execFile, spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { promisify } from "node:util";

const program = process.env.SKATEBOARD ?? join(process.env.CARGO_TARGET_DIR, "release/skateboard");
const folder = mkdtempSync(join(tmpdir(), "skateboard-import."));
const id = (number) => `65e1c340${number.toString(16).padStart(16, "0")}`;
const words = "Some words about what there is to do, and why it has to be done by somebody. ";

/** Trello's order: actions before cards, lists behind them. */
async function write(path, cards) {
  const out = createWriteStream(path);
  const put = async (text) => out.write(text) || once(out, "drain");
  await put(`{"id":"${id(1)}","name":"Large board","actions":[`);
  for (let n = 0; n < 1_000; n++) {
    const data = { text: words.repeat(10), card: { id: id(100 + n) } };
    const action = { id: id(900_000 + n), type: "commentCard", date: "2024-04-02T09:30:00.000Z", idMemberCreator: "m1", data };
    await put(`${n ? "," : ""}${JSON.stringify(action)}`);
  }
  await put(`],"cards":[`);
  for (let n = 0; n < cards; n++) {
    const card = { id: id(100 + n), name: `Card number ${n}`, desc: words.repeat(25), idList: id(10 + (n % 3)), idShort: n + 1, pos: n, closed: n % 5 === 0 };
    Object.assign(card, { due: null, idMembers: ["m1"], labels: [{ id: "l", name: "bug", color: "red" }], attachments: [], badges: {}, dateLastActivity: "2024-05-01T10:00:00.000Z" });
    await put(`${n ? "," : ""}${JSON.stringify(card)}`);
  }
  const lists = ["To do", "Doing", "Done"].map((name, n) => ({ id: id(10 + n), name, pos: n, closed: false }));
  await put(`],"lists":${JSON.stringify(lists)},"members":[{"id":"m1","fullName":"Ana","username":"ana"}],"checklists":[],"labels":[]}`);
  out.end();
  await once(out, "finish");
}

/** Runs a command, and gives its seconds and the most memory that it used, in MB. */
async function run(...words) {
  const begun = performance.now();
  const child = spawn(program, words, { stdio: ["ignore", "inherit", "ignore"] });
  let most = 0;
  const look = setInterval(() => {
    try {
      const [, kb] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8")) ?? [];
      most = Math.max(most, Number(kb ?? 0) / 1024);
    } catch {
      // It has ended.
    }
  }, 20);
  const [code] = await once(child, "exit");
  clearInterval(look);
  if (code !== 0) throw new Error(`${words.join(" ")} failed`);
  return { seconds: (performance.now() - begun) / 1000, most };
}

try {
  const file = join(folder, "board.json");
  await write(file, 45_000);
  await promisify(execFile)(program, ["user", "create", "ana@example.org", "Ana", "--team", "Large"]);
  const size = (statSync(file).size / 1024 / 1024).toFixed(0);
  const asked = ["import", "trello", file, "--team", "large", "--as", "ana@example.org"];
  const dry = await run(...asked, "--dry-run");
  const real = await run(...asked);
  console.log(`| preview of a board of ${size} MB, 45,000 cards | ${dry.seconds.toFixed(1)} s, ${dry.most.toFixed(0)} MB |`);
  console.log(`| its import | ${real.seconds.toFixed(1)} s, ${real.most.toFixed(0)} MB |`);
} finally {
  rmSync(folder, { recursive: true });
}

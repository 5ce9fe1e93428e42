// The app dies, its clients hang up, and answers do not arrive.

import { connect } from "node:net";

import { ask } from "../http.mjs";
import { must, pause, seconds, until } from "../waiting.mjs";

export const scenarios = [
  { name: "the app is killed under eight writers", run: killTheApp },
  { name: "clients hang up in the middle of a request", run: hangUp },
  { name: "answers are lost after the commit", run: loseAnswers },
  { name: "one of two instances is killed", run: killOneOfTwo },
];

async function killTheApp(world, full) {
  const { app, ledger } = world;
  const readers = [world.reader(), world.reader()];
  ledger.write(await world.members(8));
  const times = full ? 20 : 3;
  let slowest = 0;
  for (let time = 0; time < times; time++) {
    await ledger.more(40);
    await app.kill();
    const ms = await app.start();
    must(ms <= 2_000, `it was ready again only after ${seconds(ms)}`);
    slowest = Math.max(slowest, ms);
  }
  await ledger.more(40);
  return `${await ledger.judge(readers)}; killed ${times} times, ready again within ${slowest} ms`;
}

async function hangUp(world, full) {
  const { app, ledger, founder } = world;
  const reader = world.reader();
  const halves = [
    // In the middle of the headers, of the body, right after it, a moment later, and with the first byte of the answer.
    (socket, head) => sendThenLeave(socket, head.slice(0, head.length / 2)),
    (socket, head, body) => sendThenLeave(socket, head + body.slice(0, body.length / 2)),
    (socket, head, body) => sendThenLeave(socket, head + body),
    (socket, head, body) => sendThenLeave(socket, head + body, 1 + Math.random() * 10),
    (socket, head, body) => {
      socket.write(head + body);
      socket.once("data", () => socket.destroy());
    },
  ];
  const inTurn = async (first) => {
    for (let turn = 0; turn < (full ? 100 : 15); turn++) {
      const entry = ledger.entry();
      const body = new URLSearchParams(ledger.fields(entry)).toString();
      const head = `POST /actions/skateboard/tasks/requests/create_task HTTP/1.1\r\nhost: localhost\r\norigin: ${app.target.base}\r\naccept: application/json\r\ncookie: ${founder.cookie}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.length}\r\n\r\n`;
      await new Promise((resolve) => {
        const socket = connect(app.target.port, "127.0.0.1", () => halves[(first + turn) % halves.length](socket, head, body));
        socket.on("error", () => {});
        socket.on("close", resolve);
      });
      ledger.note(entry, { error: new Error("hung up"), ms: 0 });
    }
  };
  await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(inTurn));

  const answer = await ledger.ask(ledger.entry(), founder);
  must(answer.status === 200 && answer.ms <= 1_000, `afterwards a task took ${answer.ms} ms and was answered with ${answer.status}`);
  const { ms } = await until("no transaction is left open", 5_000, async () => {
    const open = await world.rows("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'");
    return open.length === 0;
  });
  const [{ count }] = await world.rows("SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'skateboard%'");
  must(count <= 22, `${count} connections to Postgres are open`);
  return `${await ledger.judge([reader])}; no transaction left open after ${ms} ms`;
}

async function sendThenLeave(socket, text, ms = 0) {
  await new Promise((resolve) => socket.write(text, resolve));
  if (ms) await pause(ms);
  socket.destroy();
}

async function loseAnswers(world, full) {
  const { app, ledger } = world;
  const proxy = await world.proxyBefore(app.target.port);
  const reader = world.reader();
  proxy.loseReplies("create_task", 2);
  ledger.write(await world.members(8), () => ({ ...app.target, port: proxy.port }));
  await until("answers are lost", 30_000, () => proxy.lost >= (full ? 500 : 100));
  await ledger.stop();
  proxy.loseNothing();
  return `${await ledger.judge([reader])}; ${proxy.lost} answers were lost`;
}

async function killOneOfTwo(world, full) {
  const { ledger } = world;
  const one = world.app;
  const other = await world.addApp();
  // Whoever is at the one moves over when it is gone.
  let near = one;
  const moving = () => near.target;
  const readers = [moving, moving, () => other.target].map((target) => world.reader({ target }));
  const people = await world.members(8);
  ledger.write(people.slice(0, 4), moving);
  ledger.write(people.slice(4), () => other.target);
  const times = full ? 5 : 1;
  for (let time = 0; time < times; time++) {
    near = one;
    for (const reader of readers.slice(0, 2)) await until("a reader is there", 5_000, () => reader.isOpen());
    await ledger.more(80);
    await one.kill();
    near = other;
    await ledger.more(80);
    const live = await ask(other.target, "/health/ready", { fresh: true });
    must(live.status === 200, `the other instance says ${live.status}`);
    await one.start();
  }
  return `${await ledger.judge(readers)}; one was killed ${times} times`;
}

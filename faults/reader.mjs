// A reader of the feed that comes back after every interruption, as a browser does, and forgets nothing.

import { request } from "node:http";

import { until } from "./waiting.mjs";

/** A browser takes so much silence for a lost connection. */
const SILENCE = 5_000;
/** The pause before it comes back. */
const BACK = 50;

export class Reader {
  seen = [];
  resyncs = [];
  /** Who is where, as it was told last. */
  present = [];
  faults = [];
  connections = 0;
  beats = 0;

  /** `target` is asked at each connection, as the reader may have to move to another instance. */
  constructor({ target, cookie, team, after = 0, lastEventId, allowsResync = false }) {
    Object.assign(this, { target, cookie, team, after, lastEventId, allowsResync });
    this.last = Number(lastEventId ?? after);
    this.open();
  }

  open() {
    if (this.isOver) return;
    this.connections++;
    const { port, base } = this.target();
    const headers = { accept: "text/event-stream", cookie: this.cookie, origin: base };
    if (this.lastEventId !== undefined) headers["last-event-id"] = this.lastEventId;
    const path = `/teams/${this.team}/live?after=${this.after}`;
    this.sent = request({ port, path, headers, agent: false, timeout: SILENCE }, (answer) => {
      this.answer = answer;
      this.status = answer.statusCode;
      let rest = "";
      answer.setEncoding("utf8");
      answer.on("data", (text) => {
        const blocks = (rest + text).split("\n\n");
        rest = blocks.pop();
        if (this.status === 200) for (const block of blocks) this.hear(block);
      });
      answer.on("error", () => {});
      answer.on("close", () => this.comeBack());
    });
    this.sent.on("timeout", () => this.isHolding || this.sent.destroy());
    this.sent.on("error", () => this.answer || this.comeBack());
    this.sent.end();
  }

  comeBack() {
    this.answer = undefined;
    if (!this.isOver) setTimeout(() => this.open(), BACK);
  }

  hear(block) {
    const fields = {};
    for (const line of block.split("\n")) {
      const [, name, value] = /^([a-z]*): ?(.*)$/.exec(line) ?? [];
      if (name) fields[name] = value;
    }
    if (fields.event === "beat") this.beats++;
    if (fields.event === "presence") this.present = JSON.parse(fields.data);
    if (fields.id === undefined) return;
    this.lastEventId = fields.id;
    const seq = Number(fields.id);
    if (fields.event === "resync") {
      this.resyncs.push(seq);
      if (!this.allowsResync) this.faults.push(`was told to read everything again at ${seq}, after ${this.last}`);
    } else {
      if (seq !== this.last + 1) this.faults.push(`saw ${seq} after ${this.last}`);
      this.seen.push({ seq, at: performance.now(), event: JSON.parse(fields.data) });
    }
    this.last = seq;
  }

  /** Stops reading, without hanging up, until `goOn`. */
  hold() {
    this.isHolding = true;
    this.answer.pause();
  }

  goOn() {
    this.isHolding = false;
    this.answer?.resume();
  }

  async hasSeen(seq, deadline) {
    const { ms } = await until(`a reader at ${this.last} sees event ${seq}`, deadline, () => this.last >= seq);
    return ms;
  }

  isOpen() {
    return this.status === 200 && this.answer !== undefined;
  }

  stop() {
    this.isOver = true;
    this.sent.destroy();
  }
}

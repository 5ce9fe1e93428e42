// A reader of a team's events, as cheap as it can be: it stands beside what it measures on the same machine.

import { request } from "node:http";

export class Stream {
  /** When the event of each number arrived. */
  arrivals = new Map();
  last = 0;

  /** Opens a stream of what happens from now on, or after the event `after`. Texts are kept only if `keep` says so. */
  static open(person, { after, keep } = {}) {
    const stream = new Stream();
    if (keep) stream.texts = new Map();
    const path = `/teams/measure/live${after === undefined ? "" : `?after=${after}`}`;
    const headers = { accept: "text/event-stream", cookie: person.cookies.join("; ") };
    return new Promise((resolve, reject) => {
      stream.sent = request(person.origin + path, { agent: false, headers }, (answer) => {
        if (answer.statusCode !== 200) return reject(new Error(`a stream was answered with ${answer.statusCode}`));
        let rest = "";
        answer.setEncoding("latin1");
        answer.on("data", (text) => {
          rest = stream.hear(rest + text, performance.now());
        });
        answer.on("error", () => {});
        answer.on("close", () => (stream.hasEnded = true));
        resolve(stream);
      });
      stream.sent.on("error", (error) => (stream.isOver ? undefined : reject(error)));
      stream.sent.end();
    });
  }

  /** Takes in the whole messages of a text and gives back what is left of it. */
  hear(text, at) {
    let begin = 0;
    for (;;) {
      const end = text.indexOf("\n\n", begin);
      if (end < 0) return text.slice(begin);
      if (text.startsWith("id: ", begin)) {
        const line = text.indexOf("\n", begin);
        if (text.startsWith("event: resync", line + 1)) this.hasLost = true;
        this.last = Number(text.slice(begin + 4, line));
        this.arrivals.set(this.last, at);
        this.texts?.set(this.last, text.slice(line, end));
      }
      begin = end + 2;
    }
  }

  close() {
    this.isOver = true;
    this.sent.destroy();
  }
}

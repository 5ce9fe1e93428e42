// Requests as a browser's code sends them. Whatever becomes of one, it is an answer to look at.

import { randomBytes } from "node:crypto";
import { Agent, request } from "node:http";

const agent = new Agent({ keepAlive: true });

/**
 * Asks, and gives the status and the text, or the error, and the milliseconds it took.
 * A request that is not answered in time counts as lost.
 */
export function ask(target, path, { fields, form, cookie, accept = "application/json", fresh = false, deadline = 45_000 } = {}) {
  const began = performance.now();
  const ms = () => Math.round(performance.now() - began);
  const headers = { accept, origin: target.base };
  if (cookie) headers.cookie = cookie;
  const body = form?.body ?? (fields && new URLSearchParams(fields).toString());
  if (body) headers["content-type"] = form?.type ?? "application/x-www-form-urlencoded";
  return new Promise((resolve) => {
    const options = { port: target.port, path, method: body ? "POST" : "GET", headers, agent: fresh ? false : agent };
    const sent = request(options, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("error", (error) => done({ error }));
      answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString() }));
    });
    const clock = setTimeout(() => sent.destroy(new Error(`no answer within ${deadline} ms`)), deadline);
    const done = (answer) => {
      clearTimeout(clock);
      resolve({ ...answer, ms: ms() });
    };
    sent.on("error", (error) => done({ error }));
    sent.end(body);
  });
}

/** A form with a file, as a browser sends it. */
export function fileForm(name, text) {
  const boundary = "the-file-ends-here";
  const head = `content-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/csv`;
  return { type: `multipart/form-data; boundary=${boundary}`, body: `--${boundary}\r\n${head}\r\n\r\n${text}\r\n--${boundary}--\r\n` };
}

/** What an answer was, in a few words. */
export function words(answer) {
  return answer.error ? String(answer.error.message) : `${answer.status} ${answer.text.slice(0, 300)}`;
}

/** A UUIDv7: RFC 9562, section 5.7. */
export function newId() {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

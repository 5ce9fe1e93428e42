import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { expect } from "@playwright/test";

/** A mail server that keeps what it gets. */
export class Mailbox {
  private readonly mails: { to: string; text: string }[] = [];

  private constructor(
    private readonly server: Server,
    /** Its address for `SMTP_URL`. */
    readonly url: string,
  ) {}

  static async start(): Promise<Mailbox> {
    const server = createServer((socket) => mailbox.receive(socket));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    const mailbox = new Mailbox(server, `smtp://127.0.0.1:${port}`);
    return mailbox;
  }

  /** The link to a page in the first mail to somebody that has one. It may still be on its way. */
  async link(to: string, page: string): Promise<string> {
    const found = () => {
      const texts = this.mails.filter((mail) => mail.to.includes(`<${to}>`)).map((mail) => mail.text);
      return new RegExp(`http\\S+${page}\\S+`).exec(texts.join("\n"))?.[0] ?? "";
    };
    await expect.poll(found, `a mail to ${to} with a link to ${page}`).not.toBe("");
    return found();
  }

  stop() {
    this.server.close();
  }

  /** As much of RFC 5321 as a client needs to hand over one mail after the other. */
  private receive(socket: Socket) {
    const say = (words: string) => socket.write(`${words}\r\n`);
    let to = "";
    let lines: string[] | undefined;
    socket.on("error", () => socket.destroy());
    createInterface({ input: socket }).on("line", (line) => {
      if (lines && line !== ".") {
        lines.push(line);
      } else if (lines) {
        this.mails.push({ to, text: decoded(lines) });
        lines = undefined;
        say("250 ok");
      } else if (line.startsWith("DATA")) {
        lines = [];
        say("354 go on");
      } else if (line.startsWith("QUIT")) {
        say("221 bye");
      } else {
        if (line.startsWith("RCPT")) to = line;
        say("250 ok");
      }
    });
    say("220 sink");
  }
}

/** A mail as it is read: long lines come in pieces (RFC 2045, quoted-printable). */
function decoded(lines: string[]) {
  return lines.join("\n").replaceAll("=\n", "").replaceAll("=3D", "=");
}

// A network with faults: it stands in front of the app or of Postgres, and passes bytes on or does not.

import { connect, createServer } from "node:net";

export class Proxy {
  links = new Set();
  held = [];
  silent = false;
  /** What every piece takes, in milliseconds, and how many bytes of it pass in a second. */
  delay = 0;
  rate = Infinity;
  lost = 0;

  static async before(port) {
    const proxy = new Proxy();
    proxy.behind = port;
    proxy.server = createServer((near) => proxy.orLater(() => proxy.open(near)));
    await new Promise((resolve) => proxy.server.listen(0, "127.0.0.1", resolve));
    proxy.port = proxy.server.address().port;
    return proxy;
  }

  /** From now on nothing arrives anywhere and nobody is told, until `speak`: then it all does. */
  silence() {
    this.silent = true;
  }

  speak() {
    this.silent = false;
    for (const deed of this.held.splice(0)) deed();
  }

  /** The connections there are stay silent for good; new ones work. */
  forget() {
    for (const link of this.links) link.forgotten = true;
  }

  /** Ends the connections there are. */
  cut() {
    for (const link of this.links) end(link);
  }

  /** Of the requests that contain `text`, loses the reply to every `every`th, and the connection with it. */
  loseReplies(text, every) {
    this.losing = { text, every, met: 0 };
  }

  loseNothing() {
    this.losing = undefined;
  }

  close() {
    this.cut();
    this.server.close();
  }

  open(near) {
    if (near.destroyed) return;
    const far = connect(this.behind, "127.0.0.1");
    const link = { near, far };
    this.links.add(link);
    for (const [from, to] of [[near, far], [far, near]]) {
      from.setNoDelay(true);
      from.on("error", () => {});
      from.on("data", (bytes) => this.pass(link, from, to, bytes));
      from.on("close", () => this.orLater(() => link.forgotten || end(link)));
      to.on("drain", () => from.resume());
    }
    far.on("close", () => this.links.delete(link));
  }

  pass(link, from, to, bytes) {
    if (from === link.near) this.look(link, bytes);
    else if (link.isLosing) {
      this.lost++;
      return end(link);
    }
    this.orLater(() => {
      if (link.forgotten || to.destroyed) return;
      if (this.delay === 0 && this.rate === Infinity) {
        if (!to.write(bytes)) from.pause();
        return;
      }
      from.pause();
      setTimeout(() => to.destroyed || (to.write(bytes) && from.resume()), this.delay + (bytes.length / this.rate) * 1000);
    });
  }

  look(link, bytes) {
    if (!this.losing || !bytes.includes(this.losing.text)) return;
    this.losing.met++;
    link.isLosing = this.losing.met % this.losing.every === 0;
  }

  orLater(deed) {
    if (this.silent) this.held.push(deed);
    else deed();
  }
}

function end({ near, far }) {
  near.destroy();
  far.destroy();
}

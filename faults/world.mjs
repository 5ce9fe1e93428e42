// What a scenario starts from: an empty database, an instance, a team with a board, and people signed in.

import { join } from "node:path";

import { App } from "./app.mjs";
import { Disk } from "./disk.mjs";
import { ask, newId, words } from "./http.mjs";
import { Ledger } from "./ledger.mjs";
import { freePort } from "./processes.mjs";
import { Proxy } from "./proxy.mjs";
import { Reader } from "./reader.mjs";
import { must } from "./waiting.mjs";

const PASSWORD = "harbour lantern beside the pier 4";
let worlds = 0;

export class World {
  apps = [];
  proxies = [];
  readers = [];

  constructor(postgres, folder) {
    Object.assign(this, { postgres, folder, database: `world_${++worlds}` });
  }

  /** `network` puts a proxy between the app and Postgres, `disk` the database on a small disk. */
  async begin({ network = false, disk = false } = {}) {
    if (disk) {
      this.disk = Disk.mount(join(this.folder, this.database), this.postgres.owner);
      await this.postgres.run("postgres", `CREATE TABLESPACE ${this.database} LOCATION '${this.disk.place}'`);
    }
    await this.postgres.run("postgres", `CREATE DATABASE ${this.database} ${disk ? `TABLESPACE ${this.database}` : ""}`);
    if (network) this.network = await this.proxyBefore(this.postgres.port);
    this.app = await this.addApp();
    this.ledger = new Ledger(this);
    await this.found();
  }

  /** One more instance on the same database, or on a copy of it. */
  async addApp({ database = this.database, ...options } = {}) {
    const port = await freePort();
    const app = new App({
      port,
      base: this.apps[0]?.target.base ?? `http://127.0.0.1:${port}`,
      database: this.postgres.url(database, this.network?.port),
      ...options,
      log: join(this.folder, `${this.database}.log`),
    });
    this.apps.push(app);
    await app.start();
    return app;
  }

  async proxyBefore(port) {
    const proxy = await Proxy.before(port);
    this.proxies.push(proxy);
    return proxy;
  }

  /** The founder registers, and the team has its board from the start. */
  async found() {
    const email = "founder@example.org";
    const fields = { name: "The founder", email, password: PASSWORD, team_name: "Faults" };
    await this.do("accounts/register_page/register", fields);
    this.team = "faults";
    this.founder = await this.signIn(email);
    const columns = await this.rows("SELECT board_id, id, kind FROM columns");
    this.board = columns[0].board_id;
    this.columns = Object.fromEntries(columns.map((column) => [column.kind, column.id]));
    [{ key: this.boardKey }] = await this.rows("SELECT key FROM boards");
  }

  /** Further members, all with the founder's password. To hash one is made to be slow. */
  async members(count) {
    const addresses = [];
    const values = [];
    for (let number = 1; number <= count; number++) {
      const id = newId();
      addresses.push(`${id}@example.org`);
      values.push(`('${id}'::uuid, 'Member ${number}', '${id}@example.org')`);
    }
    await this.postgres.run(this.database, `
      WITH new (id, name, email) AS (VALUES ${values.join(", ")}), made AS (
        INSERT INTO people (id, name, email, email_confirmed_at, password_hash)
        SELECT new.id, new.name, new.email, now(), people.password_hash FROM new, people WHERE people.email = 'founder@example.org'
        RETURNING id
      )
      INSERT INTO memberships (team_id, person_id, role) SELECT team_id, made.id, 'member' FROM teams, made`);
    const people = [];
    for (const email of addresses) people.push(await this.signIn(email));
    return people;
  }

  async signIn(email, target = this.app.target) {
    const answer = await this.do("accounts/sign_in_page/sign_in", { email, password: PASSWORD }, undefined, target);
    return { email, cookie: answer.headers["set-cookie"].find((line) => line.startsWith("skateboard=")).split(";")[0] };
  }

  /** Does what has to succeed. */
  async do(action, fields, person, target = this.app.target) {
    const answer = await ask(target, `/actions/skateboard/${action}`, { fields, cookie: person?.cookie });
    must(answer.status === 200, `${action} was answered with ${words(answer)}`);
    return answer;
  }

  act(action, fields, person, options) {
    return ask(this.app.target, `/actions/skateboard/${action}`, { fields, cookie: person?.cookie, ...options });
  }

  rows(query) {
    return this.postgres.rows(this.database, query);
  }

  /** A reader of everything since the beginning, unless it is said otherwise. */
  reader(options) {
    const reader = new Reader({ target: () => this.app.target, cookie: this.founder.cookie, team: this.team, ...options });
    this.readers.push(reader);
    return reader;
  }

  async end() {
    for (const reader of this.readers) reader.stop();
    const stopped = this.ledger?.stop();
    for (const proxy of this.proxies) proxy.close();
    for (const app of this.apps) await app.kill();
    await stopped;
    if (this.disk) {
      await this.postgres.run("postgres", `DROP DATABASE ${this.database} WITH (FORCE)`);
      await this.postgres.run("postgres", `DROP TABLESPACE ${this.database}`);
      this.disk.unmount();
    }
  }
}

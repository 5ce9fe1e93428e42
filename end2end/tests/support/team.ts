import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { request, type APIRequestContext, type BrowserContext, type Page } from "@playwright/test";

import { password } from "./people";
import { test as base } from "./test";
import { sql, startInstance, type Instance } from "./server";

export { expect, follow, forgive, ready, visit, withScripts } from "./test";

/** People of the demo team: its owner, two members and a viewer. */
export type Person = "ana" | "ben" | "chloe" | "hugo";

export const names: Record<Person, string> = { ana: "Ana Silva", ben: "Ben Okafor", chloe: "Chloé Martin", hugo: "Hugo Weiss" };

type Session = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** A column of a board, as far as tests care. */
export interface Column {
  id: string;
  name: string;
}

/** A board that only one test works on. */
export interface Board {
  id: string;
  key: string;
  name: string;
  path: string;
  columns: Column[];
}

/** Somebody whom only one test knows, with a team of their own. */
export interface Newcomer {
  name: string;
  email: string;
  password: string;
  team: Place & { name: string };
  deeds: Deeds;
}

interface Fixtures {
  /** Who sits at the browser; nobody is signed out. */
  as: Person | "nobody";
  /** An empty instance of this test's own. */
  instance: Instance;
  /** A board of this test's own, with the columns To do, In progress and Done, and no task. */
  board: Board;
  /** Opens a second person's browser, on no page yet. */
  openAs: (person: Person) => Promise<Page>;
  /** Does what is only the ground of a test, without a page. */
  deeds: (person: Person) => Promise<Deeds>;
  /** Makes an account of this test's own. */
  newcomer: (name: string) => Promise<Newcomer>;
}

/** Tests in the demo team, on an instance that the tests of one worker share. */
export const test = base.extend<Fixtures, { team: DemoTeam }>({
  team: [
    async ({}, use) => {
      const team = await DemoTeam.start();
      await use(team);
      await team.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  as: ["ana", { option: true }],
  baseURL: async ({ team }, use) => use(team.baseURL),
  storageState: async ({ team, as }, use) => use(as === "nobody" ? nobody : await team.session(as)),
  instance: [
    async ({ browsers }, use) => {
      const instance = await startInstance();
      await use(instance);
      await browsers.close();
      await instance.stop();
    },
    // Of its own, so that a slow start takes nothing from the time of the test.
    { timeout: 60_000 },
  ],
  openAs: async ({ openBrowser, team }, use) => use(async (person) => openBrowser({ storageState: await team.session(person) })),
  deeds: async ({ team }, use) => use((person) => team.deeds(person)),
  newcomer: async ({ team }, use) => {
    const newcomers: Newcomer[] = [];
    await use(async (name) => {
      const newcomer = await team.newcomer(name);
      newcomers.push(newcomer);
      return newcomer;
    });
    for (const { deeds } of newcomers) await deeds.stop();
  },
  board: async ({ team }, use) => use(await (await team.deeds("ana")).createBoard()),
});

/** The team that the application's own `demo` command makes. */
export class DemoTeam {
  private readonly hands = new Map<Person, Deeds>();
  private webhookPath?: string;
  private answerPath?: string;
  private hypothesisPath?: string;

  private constructor(
    private readonly instance: Instance,
    readonly slug: string,
    readonly password: string,
  ) {}

  static async start() {
    const instance = await startInstance();
    try {
      const said = await command(instance, "demo");
      const [, slug] = /The team (\S+) is filled/.exec(said) ?? [];
      const [, password] = /with the password (\S+)/.exec(said) ?? [];
      if (!slug || !password) throw new Error(`the demo command said: ${said}`);
      const team = new DemoTeam(instance, slug, password);
      await team.furnish();
      return team;
    } catch (error) {
      // Nobody else would stop it.
      await instance.stop();
      throw error;
    }
  }

  /** What the demo has not for certain: a comment of Ana's own on the task that tests look at, and an API token. */
  private async furnish() {
    await (await this.deeds("ana")).addComment("WEB-30", "This is **fine**.");
    await this.token("ana", "Nightly export");
  }

  get baseURL() {
    return this.instance.baseURL;
  }

  get path() {
    return `/teams/${this.slug}`;
  }

  /** The cookies of a person who is signed in. */
  async session(person: Person): Promise<Session> {
    return (await this.deeds(person)).session();
  }

  async deeds(person: Person): Promise<Deeds> {
    const known = this.hands.get(person);
    if (known) return known;
    const deeds = await Deeds.signIn(this, `${person}@example.org`, this.password);
    this.hands.set(person, deeds);
    return deeds;
  }

  /** A link to choose a new password, as the operator makes it. */
  async resetLink(person: Person) {
    return (await command(this.instance, "user", "reset-link", `${person}@example.org`)).trim();
  }

  /** An API token of a person, as the operator makes it. */
  async token(person: Person, name: string) {
    return (await command(this.instance, "user", "token", `${person}@example.org`, "--name", name)).trim();
  }

  /** Makes an account that is in none of the other teams, as the operator makes it. */
  async newcomer(name: string): Promise<Newcomer> {
    const mark = randomUUID().slice(0, 8);
    const email = `${mark}@example.org`;
    const team = `Team ${mark}`;
    const link = await command(this.instance, "user", "create", email, name, "--team", team);
    const slug = `team-${mark}`;
    const place = { baseURL: this.baseURL, slug, path: `/teams/${slug}`, name: team };
    const deeds = await Deeds.choosePassword(place, link.trim(), email, password);
    return { name, email, password, team: place, deeds };
  }

  /** A link that confirms another address of Ben's. A mail would bring it, and none is sent from here. */
  async confirmation() {
    const token = randomUUID();
    await sql(
      this.instance.databaseURL,
      `INSERT INTO account_links (token_hash, purpose, person_id, email, expires_at)
       SELECT sha256('${token}'), 'confirm_email', id, 'ben@example.net', now() + interval '1 day'
       FROM people WHERE email = 'ben@example.org'`,
    );
    return `/confirm-email/${token}`;
  }

  /** A link that ends the digest of Ben's, likewise. */
  async unsubscription() {
    const token = randomUUID();
    await sql(
      this.instance.databaseURL,
      `INSERT INTO digest_links (team_id, token_hash, person_id)
       SELECT team_id, sha256('${token}'), people.id
       FROM memberships JOIN people ON people.id = person_id JOIN teams USING (team_id)
       WHERE email = 'ben@example.org' AND slug = '${this.slug}'`,
    );
    return `/unsubscribe/${token}`;
  }

  /** A link by which one more person can join. */
  async invitation() {
    return (await this.deeds("ana")).createInvitation();
  }

  /** A link that shows the Now page on a display. */
  async wall() {
    return (await this.deeds("ana")).createWallLink();
  }

  /** The page of a webhook whose target is not there. All tests share it, because a team has only so many. */
  async webhook() {
    if (!this.webhookPath) {
      const id = await (await this.deeds("ana")).createWebhook("http://127.0.0.1:9/hook");
      this.webhookPath = `${this.path}/settings/webhooks/${id}`;
    }
    return this.webhookPath;
  }

  /** The page on which a task can be made of what Ben said. */
  async answer() {
    if (!this.answerPath) {
      const id = await (await this.deeds("ben")).giveFeedback("The board does not remember how far I had scrolled.");
      this.answerPath = `${this.path}/feedback/${id}`;
    }
    return this.answerPath;
  }

  /** The page of a hypothesis that runs. All tests share it, because a team has only so many. */
  async hypothesis() {
    if (!this.hypothesisPath) {
      const id = await (await this.deeds("ana")).createHypothesis();
      this.hypothesisPath = `${this.path}/insights/hypotheses/${id}`;
    }
    return this.hypothesisPath;
  }

  async stop() {
    for (const deeds of this.hands.values()) await deeds.stop();
    await this.instance.stop();
  }
}

/** A browser in which nobody is signed in. */
export const nobody = { cookies: [], origins: [] };

/** Where a team is. */
export type Place = Pick<DemoTeam, "baseURL" | "slug" | "path">;

/** What one person can do by the server functions that the pages use. */
export class Deeds {
  private constructor(
    private readonly team: Place,
    private readonly client: APIRequestContext,
  ) {}

  static async signIn(team: Place, email: string, password: string) {
    const deeds = await Deeds.ofNobody(team);
    await deeds.call("accounts/sign_in_page/sign_in", { email, password });
    return deeds;
  }

  /** Signs in for the first time, with the link by which one chooses a password. */
  static async choosePassword(team: Place, link: string, email: string, password: string) {
    const deeds = await Deeds.ofNobody(team);
    await deeds.openLink(link);
    await deeds.call("accounts/reset_password_page/reset_password", { password });
    await deeds.call("accounts/sign_in_page/sign_in", { email, password });
    return deeds;
  }

  private static async ofNobody(team: Place) {
    const client = await request.newContext({
      baseURL: team.baseURL,
      extraHTTPHeaders: { Origin: team.baseURL, Accept: "application/json" },
      // Otherwise it would be that of the test's browser, whose session a sign-in would end.
      storageState: nobody,
    });
    return new Deeds(team, client);
  }

  /** Follows an invitation as somebody new. */
  static async register(team: Place, invitation: string, name: string, email: string, password: string) {
    const deeds = await Deeds.ofNobody(team);
    // From its link on a cookie carries it.
    await deeds.client.get(invitation, { maxRedirects: 0 });
    await deeds.call("accounts/register_page/register", { name, email, password });
    return deeds;
  }

  session() {
    return this.client.storageState();
  }

  /** Joins another team by an invitation, and gives what can be done there. */
  async join(team: Place, link: string) {
    await this.openLink(link);
    await this.call("people/requests/join_team", {});
    return new Deeds(team, this.client);
  }

  /** Opens a one-time link. */
  private async openLink(link: string) {
    const page = await this.client.get(link, { headers: { Accept: "text/html" } });
    if (!page.ok()) throw new Error(`${link} leads nowhere (${page.status()})`);
  }

  async createBoard(): Promise<Board> {
    const key = `T${randomUUID().replaceAll("-", "").slice(0, 9).toUpperCase()}`;
    await this.inTeam("boards/requests/create_board", { id: randomUUID(), name: `Board ${key}`, key });
    return this.readBoard(key);
  }

  /** Gives a board as its page shows it. */
  async readBoard(key: string): Promise<Board> {
    const { id, name, columns } = (await this.inTeam("boards/board_page/load_board", { key })) as Omit<Board, "path">;
    return { id, key, name, columns, path: `${this.team.path}/boards/${key}` };
  }

  /** Adds a task and gives its key. */
  async createTask(board: Board, title: string, column = "To do"): Promise<string> {
    const fields = { board: board.id, column: columnOf(board, column).id, id: randomUUID(), title };
    return `${board.key}-${await this.inTeam("tasks/requests/create_task", fields)}`;
  }

  moveTask(board: Board, task: string, column: string) {
    return this.inTeam("tasks/requests/move_task", { task, column: columnOf(board, column).id });
  }

  claimTask(task: string) {
    return this.inTeam("tasks/requests/claim_task", { task });
  }

  deleteTask(task: string) {
    return this.inTeam("tasks/requests/delete_task", { task });
  }

  restoreTask(task: string) {
    return this.inTeam("tasks/requests/restore_task", { task });
  }

  /** Changes fields of a task as it is now. */
  async editTask(task: string, fields: Record<string, string>) {
    const page = (await this.inTeam("tasks/task_page/data/load_task", { task })) as { task: { version: number } };
    return this.inTeam("tasks/requests/edit_task", { task, version: `${page.task.version}`, ...fields });
  }

  addComment(task: string, body: string) {
    return this.inTeam("comments/requests/add_comment", { task, id: randomUUID(), body });
  }

  /** Gives the link, which only the next page shows. */
  async createInvitation() {
    await this.inTeam("people/requests/create_invitation", { id: randomUUID(), role: "member", expires: "7" });
    const page = await this.client.get(`${this.team.path}/people`, { headers: { Accept: "text/html" } });
    const [link] = /http[^"]+\/invitations\/[^"]+/.exec(await page.text()) ?? [];
    if (!link) throw new Error("the people page shows no invitation link");
    return link;
  }

  /** Gives the link, which only the next page shows. */
  async createWallLink() {
    await this.inTeam("people/requests/create_wall_link", { id: randomUUID() });
    const page = await this.client.get(`${this.team.path}/settings`, { headers: { Accept: "text/html" } });
    const [link] = /http[^"]+\/wall\/[^"]+/.exec(await page.text()) ?? [];
    if (!link) throw new Error("the settings page shows no wall link");
    return link;
  }

  /** Gives the id. A test waits for being sent to it. */
  async createWebhook(url: string) {
    const webhook = randomUUID();
    await this.inTeam("webhooks/requests/create_webhook", { id: webhook, url, settings: "on" });
    await this.inTeam("webhooks/requests/send_test", { webhook, id: randomUUID() });
    return webhook;
  }

  /** Says that something got in the way, and gives the id of that. */
  async giveFeedback(words: string) {
    const id = randomUUID();
    const page = `${this.team.path}/boards/WEB`;
    const answers = { most_useful: "", in_the_way: words, missing: "" };
    await this.inTeam("feedback/requests/give_feedback", { id, occasion: "button", ...answers, page, version: "0.0.0" });
    return id;
  }

  /** Gives the id. */
  async createHypothesis() {
    const id = randomUUID();
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const statement = { if_we: "say who has what", then_it: "dates are kept", because: "nobody waits for nobody" };
    const measured = { metric: "finished", target: "50", sample: "6", audience: "everybody" };
    await this.inTeam("hypotheses/requests/create_hypothesis", { id, ...statement, ...measured, starts_on: day(-28), ends_on: day(28) });
    return id;
  }

  archiveBoard(board: Board) {
    return this.inTeam("boards/requests/archive_board", { board: board.id });
  }

  async renameBoard(board: Board, name: string) {
    const { version } = (await this.inTeam("boards/board_page/load_board", { key: board.key })) as { version: number };
    return this.inTeam("boards/requests/rename_board", { board: board.id, version: `${version}`, name });
  }

  addColumn(board: Board, name: string) {
    return this.inTeam("columns/requests/add_column", { board: board.id, id: randomUUID(), name, kind: "doing" });
  }

  moveColumn(board: Board, column: string, place: number) {
    return this.inTeam("columns/requests/move_column", { board: board.id, column: columnOf(board, column).id, place: `${place}` });
  }

  removeColumn(board: Board, column: string) {
    return this.inTeam("columns/requests/remove_column", { board: board.id, column: columnOf(board, column).id });
  }

  async limitColumn(board: Board, column: string, limit: number) {
    const page = (await this.inTeam("boards/board_page/load_board", { key: board.key })) as {
      columns: (Column & { version: number; kind: string })[];
    };
    const found = page.columns.find((other) => other.name === column);
    if (!found) throw new Error(`no column ${column}`);
    const { id, version, name, kind } = found;
    const fields = { board: board.id, column: id, version: `${version}`, name, kind: kind.toLowerCase(), wip_limit: `${limit}` };
    return this.inTeam("columns/requests/edit_column", fields);
  }

  /** Turns a feature on or off, or on for a share of the team. */
  changeToggle(toggle: "drag_and_drop", mode: "off" | "on" | "share", share = 50) {
    return this.inTeam("toggles/requests/change_toggle", { toggle, mode, share: `${share}` });
  }

  async changeRole(person: Person, role: "owner" | "member" | "viewer") {
    return this.inTeam("people/requests/change_role", { person: await this.member(names[person]), role });
  }

  async removeMember(name: string) {
    return this.inTeam("people/requests/remove_member", { person: await this.member(name) });
  }

  /** The id of somebody in the team. */
  private async member(name: string) {
    const page = (await this.inTeam("people/requests/load_people", {})) as { members: { person: { id: string; name: string } }[] };
    const member = page.members.find((other) => other.person.name === name);
    if (!member) throw new Error(`${name} is not in the team`);
    return member.person.id;
  }

  private inTeam(action: string, fields: Record<string, string>) {
    return this.call(action, { team: this.team.slug, ...fields });
  }

  private async call(action: string, form: Record<string, string>): Promise<unknown> {
    // The server closes a connection that was idle, perhaps just when this takes it. Creations carry their ids.
    const answer = await this.client.post(`/actions/skateboard/${action}`, { form, maxRedirects: 0, maxRetries: 2 });
    const body = await answer.text();
    if (!answer.ok()) throw new Error(`${action} was refused (${answer.status()}): ${body}`);
    return body ? JSON.parse(body) : undefined;
  }

  stop() {
    return this.client.dispose();
  }
}

export function columnOf(board: Board, name: string): Column {
  const found = board.columns.find((column) => column.name === name);
  if (!found) throw new Error(`${board.key} has no column ${name}`);
  return found;
}

/** Runs one of the application's own commands against an instance, and gives what it prints. */
async function command(instance: Instance, ...words: string[]) {
  const program = process.env.SKATEBOARD;
  if (!program) throw new Error("SKATEBOARD is not set: run script/test-browser");
  const env = { ...process.env, DATABASE_URL: instance.databaseURL, BASE_URL: instance.baseURL };
  return (await promisify(execFile)(program, words, { env })).stdout;
}

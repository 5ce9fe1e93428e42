// The ledger: what was asked and what was answered, and the judge who compares it with what there is.

import { ask, newId, words } from "./http.mjs";
import { Broken, must, pause, seconds, until } from "./waiting.mjs";

/** How often somebody asks again who got no answer. */
const AGAIN = 20;
/** How long the judge waits for what should be there at once. */
const SOON = 10_000;

export class Ledger {
  entries = [];
  /** Answers that none of these faults explains. */
  faults = [];
  writers = [];
  successes = 0;

  constructor(world) {
    this.world = world;
  }

  /** A task to be asked for, under an id that stays. */
  entry() {
    const id = newId();
    const entry = { id, title: `Task ${id}`, outcome: "never asked", answers: [] };
    this.entries.push(entry);
    return entry;
  }

  fields(entry) {
    const { team, board, columns } = this.world;
    return { team, board, column: columns.todo, id: entry.id, title: entry.title };
  }

  /** Asks for a task once, and notes what was said. */
  async ask(entry, person, target = this.world.app.target, options) {
    const path = "/actions/skateboard/tasks/requests/create_task";
    const answer = await ask(target, path, { cookie: person.cookie, fields: this.fields(entry), ...options });
    this.note(entry, answer);
    return answer;
  }

  note(entry, answer) {
    entry.answers.push(answer);
    if (answer.status === 200) {
      const number = JSON.parse(answer.text);
      if (entry.outcome === "success" && entry.number !== number) {
        this.faults.push(`${entry.title} was number ${entry.number} and then ${number}`);
      }
      if (entry.outcome !== "success") this.successes++;
      Object.assign(entry, { outcome: "success", number });
      return;
    }
    if (entry.outcome !== "success") entry.outcome = "unknown";
    if (!answer.error && answer.status !== 503) this.faults.push(`a creation was answered with ${words(answer)}`);
  }

  /** Lets each person write until `stop`. Every second one asks again for what was not answered. */
  write(people, target = () => this.world.app.target) {
    this.isOver = false;
    people.forEach((person, place) => this.writers.push(this.goOnWriting(person, place % 2 === 0, target)));
  }

  async goOnWriting(person, isStubborn, target) {
    let entry;
    while (!this.isOver) {
      if (entry?.outcome !== "unknown" || !isStubborn) entry = this.entry();
      await this.ask(entry, person, target());
      if (entry.outcome === "unknown") await pause(AGAIN);
    }
  }

  /** Waits until `count` more tasks were answered with success. */
  async more(count, deadline = SOON) {
    const enough = this.successes + count;
    const { ms } = await until(`${count} more tasks are created`, deadline, () => this.successes >= enough);
    return ms;
  }

  async stop() {
    this.isOver = true;
    await Promise.all(this.writers.splice(0));
  }

  /** The slowest answer of those that are no success. */
  slowest() {
    return Math.max(0, ...this.entries.flatMap((entry) => entry.answers.map((answer) => answer.ms)));
  }

  count(outcome) {
    return this.entries.filter((entry) => entry.outcome === outcome).length;
  }

  /** Compares what was answered with what there is, and gives a sentence about it. */
  async judge(readers = []) {
    await this.stop();
    must(this.successes > 0, "nothing was written");
    const sentence = `${this.count("success")} answered, ${this.count("unknown")} not`;
    await this.compare(await this.rows());
    await this.askAgain();
    await this.compare(await this.rows());
    const last = await this.checkNumbers();
    for (const reader of readers) {
      await reader.hasSeen(last, SOON).catch((broken) => this.faults.push(broken.message));
      this.faults.push(...reader.faults.map((fault) => `a reader ${fault}`));
    }
    if (this.faults.length > 0) {
      const more = this.faults.length > 5 ? [`… and ${this.faults.length - 5} more`] : [];
      throw new Broken([...this.faults.slice(0, 5), ...more].join("\n"));
    }
    return sentence;
  }

  /** Every task, and how often the log says that it was created. */
  async rows(database = this.world.database) {
    const found = await this.world.postgres.rows(database, `
      SELECT tasks.id, tasks.number, tasks.title, count(events.seq)::int AS events
      FROM tasks LEFT JOIN events ON events.team_id = tasks.team_id AND events.task_id = tasks.id AND events.kind = 'task.created'
      GROUP BY tasks.id, tasks.number, tasks.title`);
    return new Map(found.map((row) => [row.id, row]));
  }

  compare(rows) {
    for (const entry of this.entries) {
      const row = rows.get(entry.id);
      if (entry.outcome === "success" && !row) this.faults.push(`${entry.title} was answered with success and is not there`);
      if (entry.outcome === "success" && row && row.number !== entry.number) {
        this.faults.push(`${entry.title} was answered with number ${entry.number} and has ${row.number}`);
      }
      if (row && row.events !== 1) this.faults.push(`${entry.title} is there and has ${row.events} events`);
      const title = entry.renamed ?? entry.title;
      if (row && row.title !== title) this.faults.push(`${title} is called ${row.title}`);
      rows.delete(entry.id);
    }
    for (const row of rows.values()) this.faults.push(`${row.title} is there and nobody asked for it`);
  }

  /** Asks once more for what was not answered, and for some of what was. */
  async askAgain() {
    const before = await this.rows();
    const answered = this.entries.filter((entry) => entry.outcome === "success");
    const open = this.entries.filter((entry) => entry.outcome === "unknown");
    for (const entry of [...open, ...answered.slice(-20)]) {
      const { answer } = await until(`${entry.title} is answered when asked again`, SOON, async () => {
        const answer = await this.ask(entry, this.world.founder);
        return answer.status === 200 && answer;
      });
      const row = before.get(entry.id);
      if (row && row.number !== JSON.parse(answer.text)) this.faults.push(`${entry.title} is number ${row.number} and was answered with ${answer.text}`);
    }
  }

  /** The numbers of the team's events are 1 to n. Gives n. */
  async checkNumbers(database = this.world.database) {
    const [numbers] = await this.world.postgres.rows(database, `
      SELECT count(*)::int AS count, min(seq) AS first, max(seq) AS last,
             (SELECT last_seq FROM event_counters) AS counter FROM events`);
    const { count, first, last, counter } = numbers;
    if (first !== 1 || last !== count || counter !== last) this.faults.push(`the events are not numbered 1 to n: ${JSON.stringify(numbers)}`);
    return last;
  }

  /** Every answer came in time. */
  mustBeAnsweredWithin(deadline) {
    must(this.slowest() <= deadline, `an answer took ${seconds(this.slowest())}, and ${seconds(deadline)} were promised`);
  }
}

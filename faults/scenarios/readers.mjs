// Readers of the feed come back from anywhere, and do not keep up.

import { must, until } from "../waiting.mjs";

export const scenarios = [
  { name: "readers resume after good, old and nonsense numbers", run: resume },
  { name: "a reader stops reading", run: stopReading },
];

/** So many events are told one by one; after more it is quicker to read everything again. */
const REPLAYED = 1_000;

async function resume(world) {
  const { ledger } = world;
  // More events than are replayed, as if the team had been at work.
  await world.postgres.run(world.database, `
    WITH counter AS (UPDATE event_counters SET last_seq = last_seq + 1500 RETURNING team_id, last_seq)
    INSERT INTO events (team_id, seq, change_id, kind, actor_id, changes)
    SELECT counter.team_id, last_seq - 1500 + number, gen_random_uuid(), 'board.renamed', person_id, '[]'
    FROM counter, memberships, generate_series(1, 1500) AS number`);
  const [{ last_seq: last }] = await world.rows("SELECT last_seq FROM event_counters");
  const good = [last, last - 1, last - 250, last - REPLAYED];
  const bad = [last - REPLAYED - 1, 0, -1, last + 1, "", "abc", "1e3", "9".repeat(30), "'; --"];
  const resumed = [
    ...good.map((seq) => world.reader({ lastEventId: String(seq) })),
    // The header wins over the address.
    world.reader({ lastEventId: String(last - 3), after: 7 }),
    world.reader({ after: last - 3 }),
  ];
  const lost = [
    ...bad.map((seq) => world.reader({ lastEventId: String(seq), allowsResync: true })),
    world.reader({ after: "abc", allowsResync: true }),
  ];
  for (const reader of [...resumed, ...lost]) await until("every reader is there", 5_000, () => reader.isOpen());
  for (const reader of lost) {
    await until(`a reader with the number "${reader.lastEventId}" is told to read everything again`, 5_000, () => reader.resyncs.length > 0);
  }
  for (let number = 0; number < 5; number++) await ledger.ask(ledger.entry(), world.founder);
  const sentence = await ledger.judge([...resumed, ...lost]);
  for (const reader of lost) {
    must(reader.resyncs.length === 1 && reader.resyncs[0] === last, `a reader was told to read again at ${reader.resyncs}, and the last event was ${last}`);
  }
  return `${sentence}; ${resumed.length} went on, ${lost.length} read everything again`;
}

async function stopReading(world, full) {
  const { app, ledger } = world;
  const slow = world.reader({ allowsResync: true });
  const others = [world.reader(), world.reader()];
  for (const reader of [slow, ...others]) await until("every reader is there", 5_000, () => reader.isOpen());
  const people = await world.members(8);
  const keys = [];
  for (const person of people) keys.push(`${world.boardKey}-${JSON.parse((await ledger.ask(ledger.entry(), person)).text)}`);
  const before = app.memory();
  slow.hold();
  // Long texts fill what the system keeps for the one who does not read, and then what the app keeps.
  const edits = full ? 150 : 45;
  await Promise.all(people.map(async (person, place) => {
    for (let version = 1; version <= edits; version++) {
      const description = `${version} `.padEnd(45_000, "a long text, ");
      await world.do("tasks/requests/edit_task", { team: world.team, task: keys[place], version, description }, person);
    }
  }));
  const [{ last_seq: last }] = await world.rows("SELECT last_seq FROM event_counters");
  for (const reader of others) await reader.hasSeen(last, 5_000);
  must(slow.last < last, "the slow reader was not slow");
  const memory = app.memory() - before;
  must(memory <= 200, `the app keeps ${memory.toFixed(0)} MB more`);
  slow.goOn();
  const sentence = await ledger.judge([slow, ...others]);
  return `${sentence}; ${people.length * edits} edits, the slow one read again ${slow.resyncs.length} times, memory +${memory.toFixed(0)} MB`;
}

// Many people want the same thing at once.

import { ask, words } from "../http.mjs";
import { must } from "../waiting.mjs";

export const scenarios = [
  { name: "twenty people edit one title", run: editOneTitle },
  { name: "twenty people move fifty cards", run: moveCards },
];

async function editOneTitle(world, full) {
  const { ledger } = world;
  const reader = world.reader();
  const people = await world.members(20);
  const entry = ledger.entry();
  const number = JSON.parse((await ledger.ask(entry, world.founder)).text);
  const task = `${world.boardKey}-${number}`;
  const rounds = full ? 25 : 5;
  for (let version = 1; version <= rounds; version++) {
    const asked = people.map(async (person, place) => {
      const title = `Version ${version} of person ${place}`;
      const answer = await world.act("tasks/requests/edit_task", { team: world.team, task, version, title }, person);
      return { title, answer };
    });
    const answers = await Promise.all(asked);
    const winners = answers.filter(({ answer }) => answer.status === 200);
    must(winners.length === 1, `version ${version} had ${winners.length} winners: ${answers.map(({ answer }) => answer.status)}`);
    const [row] = await world.rows(`SELECT title, version FROM tasks WHERE id = '${entry.id}'`);
    must(row.title === winners[0].title && row.version === version + 1, `after version ${version} the task is ${JSON.stringify(row)}`);
    for (const { title, answer } of answers.filter((one) => one !== winners[0])) {
      must(answer.status === 409, `a loser was answered with ${words(answer)}`);
      const { conflict } = JSON.parse(answer.text);
      const [field] = conflict?.fields ?? [];
      must(field?.yours === title && field.theirs === row.title && conflict.version === row.version, `a loser was told ${answer.text}`);
    }
    entry.renamed = row.title;
  }
  return `${await ledger.judge([reader])}; ${rounds} versions, one winner each`;
}

async function moveCards(world, full) {
  const { ledger, columns } = world;
  const reader = world.reader();
  const people = await world.members(20);
  const cards = [];
  for (let number = 0; number < 50; number++) {
    const entry = ledger.entry();
    const answer = await ledger.ask(entry, people[number % 20]);
    cards.push({ id: entry.id, key: `${world.boardKey}-${JSON.parse(answer.text)}` });
  }
  const any = (list) => list[Math.floor(Math.random() * list.length)];
  let refused = 0;
  const move = async (person) => {
    for (let time = 0; time < (full ? 60 : 12); time++) {
      const place = any(["start", "end", "up", "down", any(cards).id]);
      const fields = { team: world.team, task: any(cards).key, column: columns[any(["todo", "doing", "done"])], place };
      const answer = await world.act("tasks/requests/move_task", fields, person);
      // The card to stand behind may be in another column by now.
      const isGone = answer.status === 422 && JSON.parse(answer.text).fields[0].field === "place";
      must(answer.status === 200 || isGone, `a move was answered with ${words(answer)}`);
      if (isGone) refused++;
    }
  };
  await Promise.all(people.map(move));

  const rows = await world.rows(`
    SELECT boards.key || '-' || number AS key, column_id, tasks.kind, encode(position, 'hex') AS position
    FROM tasks JOIN boards ON boards.id = tasks.board_id ORDER BY position, tasks.id`);
  must(rows.length === cards.length, `there are ${rows.length} cards`);
  for (const kind of ["todo", "doing"]) {
    const inColumn = rows.filter((row) => row.column_id === columns[kind]);
    must(inColumn.every((row) => row.kind === kind), `a card in ${kind} counts as something else`);
    must(new Set(inColumn.map((row) => row.position)).size === inColumn.length, `two cards share a place in ${kind}`);
  }
  const orders = await Promise.all([world.founder, ...people.slice(0, 3)].map((person) => order(world, person)));
  for (const kind of ["todo", "doing"]) {
    const expected = rows.filter((row) => row.kind === kind).map((row) => row.key).join(" ");
    must(orders.every((shown) => shown.join(" ").includes(expected)), `not everybody sees ${kind} in the order ${expected}`);
  }
  must(orders.every((shown) => shown.length === cards.length && shown.join() === orders[0].join()), "two people see two orders");
  // What the feed told leads to the same columns.
  const sentence = await ledger.judge([reader]);
  const told = new Map();
  for (const { event } of reader.seen) {
    const to = event.changes.find((change) => change.field === "column")?.to_id;
    if (event.task && to) told.set(event.task, to);
  }
  for (const { id, key } of cards) {
    must(told.get(id) === rows.find((row) => row.key === key).column_id, `the feed put ${key} elsewhere`);
  }
  return `${sentence}; ${refused} moves found their place gone`;
}

/** The cards of the board as a person sees them. */
async function order(world, person) {
  const page = await ask(world.app.target, `/teams/${world.team}/boards/${world.boardKey}`, { cookie: person.cookie, accept: "text/html" });
  must(page.status === 200, `the board was answered with ${page.status}`);
  return [...new Set([...page.text.matchAll(new RegExp(`/tasks/(${world.boardKey}-\\d+)"`, "g"))].map(([, key]) => key))];
}

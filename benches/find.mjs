// Measures how long Now takes, and to find something, in a team of 1,000, 10,000 and 100,000 tasks. Run it by
// script/measure find.

import { execFileSync } from "node:child_process";

import { Table, median, percentile } from "./figures.mjs";
import { Instance } from "./instance.mjs";
import { Person } from "./person.mjs";

const ROUNDS = 100;
/** These are asked first and not counted. */
const WARMING = 10;
/** Open tasks on all boards together, however many are done: a team does not work on more. */
const MOST_OPEN = 2_000;

const questions = [
  ["Now", "", "–"],
  ["my tasks", "/mine", "–"],
  ["board", "/boards/B1", "–"],
  ["search: a word of one task in eight", "/search?q=login", "≤ 100 ms"],
  ["search: a word of every task", "/search?q=task", "≤ 100 ms"],
  ["search: two words that never meet", "/search?q=login+upload", "≤ 100 ms"],
  ["search: a word of one comment in four", "/search?q=wonder", "≤ 100 ms"],
  ["search: a word of every comment", "/search?q=lantern", "≤ 100 ms"],
  ["search: words and filters", "/search?q=login+is:late+assignee:me", "≤ 100 ms"],
  ["search: filters alone", "/search?q=is:open+label:bug+board:B1", "≤ 100 ms"],
  ["search: filters that nothing fits", "/search?q=priority:urgent+label:nothing", "≤ 100 ms"],
];

const table = new Table();
const instance = await Instance.create();
await instance.start();
const person = new Person(instance.origin);
await person.register();
for (let number = 1; number <= 10; number++) await person.makeBoard(`B${number}`);
invite();
let filled = 0;
for (const size of [1_000, 10_000, 100_000]) {
  fill(filled, size);
  filled = size;
  // The server has closed the connection meanwhile.
  const asking = person.at(instance.origin);
  for (const [what, path, aim] of questions) {
    const times = [];
    for (let round = 0; round < ROUNDS + WARMING; round++) {
      // Nobody asks as often as a benchmark does.
      if (round % 20 === 0) query("DELETE FROM rate_limits");
      const started = performance.now();
      const answer = await asking.ask("GET", `/teams/measure${path}`);
      if (answer.status !== 200) throw new Error(`${path} was answered with ${answer.status}`);
      if (round >= WARMING) times.push(performance.now() - started);
    }
    const measured = `${percentile(times, 95).toFixed(1)} ms (${median(times).toFixed(1)} ms)`;
    table.add(`${what}, ${size.toLocaleString("en")} tasks: p95 (median)`, measured, aim);
  }
  asking.leave();
}
await instance.stop();
person.leave();
table.print();

/** Nineteen more members, who hold tasks. */
function invite() {
  query(`
    WITH made AS (
      INSERT INTO people (id, name, email)
      SELECT gen_random_uuid(), 'Person ' || n, 'person' || n || '@example.org' FROM generate_series(1, 19) AS n
      RETURNING id
    )
    INSERT INTO memberships (team_id, person_id, role) SELECT team_id, id, 'member' FROM teams, made`);
}

/** Tasks up to a number, half of them with a comment. */
function fill(from, to) {
  query(`
    WITH team AS (SELECT team_id FROM teams LIMIT 1),
    people AS (SELECT array_agg(person_id ORDER BY joined_at) AS ids FROM memberships),
    places AS (
      SELECT boards.id AS board_id, array_agg(columns.id ORDER BY columns.position) AS columns,
             row_number() OVER (ORDER BY boards.key) - 1 AS place
      FROM boards JOIN columns ON columns.team_id = boards.team_id AND columns.board_id = boards.id
      WHERE boards.key ~ '^B[0-9]+$' GROUP BY boards.id, boards.key
    )
    INSERT INTO tasks (team_id, id, board_id, number, column_id, kind, position, title, description, assignee_id,
                       assigned_at, due_on, priority, labels, created_as, created_by, created_at, started_at,
                       completed_at, updated_at)
    SELECT team_id, gen_random_uuid(), board_id, n, columns[1 + state], (ARRAY['todo', 'doing', 'done'])[1 + state],
           decode(lpad(to_hex(n), 8, '0') || '80', 'hex'),
           'Task ' || n || ' ' || (ARRAY['login','export','button','colour','page','mail','report','upload'])[1 + n % 8]
             || ' ' || (ARRAY['fails','slow','wrong','missing','broken'])[1 + n % 5] || ' ' || left(md5(n::text), 8),
           repeat('Some more words about what is to be done here. ', 3),
           CASE WHEN n % 3 <> 0 THEN ids[1 + n % 20] END, now() - interval '3 days',
           CASE WHEN n % 4 = 0 THEN current_date + n % 60 - 30 END,
           CASE n % 6 WHEN 0 THEN 'high' WHEN 1 THEN 'low' ELSE 'normal' END,
           CASE WHEN n % 5 = 0 THEN ARRAY['bug'] ELSE '{}'::text[] END, '{}', ids[1], now() - n * interval '2 minutes',
           CASE WHEN state > 0 THEN now() END, CASE WHEN state = 2 THEN now() - n * interval '1 minute' END,
           now() - n * interval '1 minute'
    FROM generate_series(${from} + 1, ${to}) AS n
    JOIN LATERAL (SELECT CASE WHEN n % 5 > 0 OR n > 5 * ${MOST_OPEN} THEN 2 ELSE n / 5 % 2 END AS state) AS state ON true
    JOIN places ON place = n / 10 % 10, team, people;
    INSERT INTO comments (team_id, task_id, id, author_id, body, created_as, created_at)
    SELECT team_id, id, gen_random_uuid(), created_by,
           'I looked at it and ' || (ARRAY['agree','disagree','wonder','fixed it'])[1 + number / 2 % 4]
             || ' with the lantern ' || md5(number::text), '{}', created_at
    FROM tasks WHERE number > ${from} AND number % 2 = 0;
    ANALYZE`);
}

function query(sql) {
  return execFileSync("psql", ["-XAtqc", sql, process.env.DATABASE_URL], { encoding: "utf8" }).trim();
}

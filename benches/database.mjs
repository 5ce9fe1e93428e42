// The database that a measurement fills, by psql.

import { execFileSync } from "node:child_process";

/** Runs statements and gives what they print, one row a line. `input` is what a \copy from stdin reads. */
export function sql(statements, input = "") {
  const all = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-F", "\t", "-d", process.env.DATABASE_URL];
  const options = { encoding: "utf8", input: `${statements}\n${input}`, maxBuffer: 64 * 1024 * 1024 };
  return execFileSync("psql", all, options).split("\n").filter(Boolean);
}

/** Fills a board with tasks of these titles; `done` of them are finished, spread over the last 400 days. */
export function fill({ board, columns }, titles, done) {
  const lines = titles.map((title) => title.replaceAll("\\", "\\\\")).join("\n");
  sql(
    `CREATE TEMP TABLE new (n serial, title text);
     COPY new (title) FROM STDIN;
${lines}
\\.
     INSERT INTO task_numbers (team_id, board_id) SELECT team_id, id FROM boards WHERE id = '${board}' ON CONFLICT DO NOTHING;
     INSERT INTO tasks (team_id, id, board_id, number, column_id, kind, position, title, created_as, created_by, started_at, completed_at)
     SELECT boards.team_id, gen_random_uuid(), boards.id, last_number + n,
            CASE WHEN done THEN '${columns.at(-1)}' ELSE '${columns[0]}' END::uuid, CASE WHEN done THEN 'done' ELSE 'todo' END,
            decode(lpad(to_hex(n), 8, '0') || '80', 'hex'), title, '{}', boards.created_by,
            CASE WHEN done THEN now() - interval '401 days' END, CASE WHEN done THEN now() - n % 400 * interval '1 day' END
     FROM (SELECT n, title, n % 100 < ${100 * done} AS done FROM new) AS new, boards
     JOIN task_numbers ON task_numbers.team_id = boards.team_id AND task_numbers.board_id = boards.id
     WHERE boards.id = '${board}';
     UPDATE task_numbers SET last_number = last_number + ${titles.length} WHERE board_id = '${board}';
     VACUUM ANALYZE;`,
  );
}

/** A text as SQL writes it. */
export const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

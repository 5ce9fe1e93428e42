// Compares what the alert rules and the dashboard ask for with what the server says, and prints every question as a recording
// rule, for promtool to read.
//
//   node asked.mjs METRICS FILES...

import { readFileSync } from "node:fs";

const [metrics, ...files] = process.argv.slice(2);
const said = new Set(readFileSync(metrics, "utf8").split("\n").filter((line) => line && line[0] !== "#").map((line) => line.split(/[{ ]/)[0]));

/** What Prometheus itself says of every target. */
const OWN = new Set(["up"]);

function questions(file) {
  const text = readFileSync(file, "utf8");
  if (file.endsWith(".json")) {
    return JSON.parse(text).panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  }
  // An expression stands on its line, or below it, further in.
  return [...text.matchAll(/^( *)expr: (?:\|\n((?:\1 +.*\n)+)|(.*)\n)/gm)].map(([, , block, line]) => block ?? line);
}

const asked = files.flatMap(questions);
if (asked.length < 20) throw new Error(`only ${asked.length} questions were found`);
const missing = new Set();
for (const question of asked) {
  const withoutLabels = question.replace(/\{[^}]*\}/g, "{}").replace(/"[^"]*"/g, "").replace(/\b(?:by|on|without)\s*\([^)]*\)/g, "");
  for (const [name] of withoutLabels.matchAll(/\b[a-z_]+\b(?=\{)/g)) if (!said.has(name) && !OWN.has(name)) missing.add(name);
}
const leftOut = new Set(asked.flatMap((question) => question.match(/route!~"[^"]*"/g) ?? []));
if (leftOut.size > 1) {
  console.error(`the routes that nobody waits for are not the same everywhere:\n${[...leftOut].join("\n")}`);
  process.exit(1);
}
if (missing.size > 0) {
  console.error(`asked for, and the server does not say it: ${[...missing].join(", ")}`);
  process.exit(1);
}
const rules = asked.map((question, place) => {
  const expr = question.replaceAll("$__rate_interval", "5m").replaceAll("$instance", ".*").replace(/\s+/g, " ").trim();
  return { record: `asked:${String.fromCharCode(97 + (place % 26))}:${place}`, expr };
});
console.log(JSON.stringify({ groups: [{ name: "asked", rules }] }, null, 1));

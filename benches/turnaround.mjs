// Measures, under script/dev, the time from a saved component until a browser that has the page open shows it. Run it by
// script/measure dev, with nothing else building and nothing on port 3000.

import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

import { launch, ready } from "./browser.mjs";
import { Table, median, pause } from "./figures.mjs";

const source = "src/accounts/forgot_password_page.rs";
const address = "http://127.0.0.1:3000/forgot-password";
const heading = "Forgot your password?";
const original = readFileSync(source, "utf8");
if (!original.includes(heading)) throw new Error(`${source} does not say "${heading}"`);

const table = new Table();
const browser = await launch();
const dev = spawn("script/dev", { stdio: "ignore", detached: true });
try {
  await served();
  const page = await browser.newPage();
  await page.goto(address);
  await shown(page, heading);
  const times = [];
  for (let round = 1; round <= 5; round++) {
    // The page reloads by itself, and is not touched.
    await ready(page);
    const words = `Round ${round}`;
    const started = performance.now();
    writeFileSync(source, original.replaceAll(heading, words));
    await shown(page, words);
    times.push((performance.now() - started) / 1000);
  }
  table.add(`changed component to an open page in Chromium, under \`script/dev\`, median of ${times.length}: \`script/measure dev\``, `${median(times).toFixed(1)} s`, "≤ 10 s");
  table.print();
} finally {
  writeFileSync(source, original);
  process.kill(-dev.pid, "SIGINT");
  await browser.close();
}

/** Waits until the development server answers; the first build may take long. */
async function served() {
  for (;;) {
    const answer = await fetch(address).catch(() => undefined);
    if (answer?.ok) return;
    if (dev.exitCode !== null) throw new Error("script/dev ended");
    await pause(100);
  }
}

/** Waits until the page has these words as its heading. */
function shown(page, words) {
  return page.getByRole("heading", { name: words, exact: true }).waitFor({ timeout: 300_000 });
}

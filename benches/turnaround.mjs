// Measures, under script/dev, the time from a saved component to the page that shows it. Run it by
// script/measure dev, with nothing else building and nothing on port 3000.

import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const source = "src/accounts/forgot_password_page.rs";
const page = "http://127.0.0.1:3000/forgot-password";
const heading = "Forgot your password?";
const original = readFileSync(source, "utf8");
if (!original.includes(heading)) throw new Error(`${source} does not say "${heading}"`);

const dev = spawn("script/dev", { stdio: "ignore", detached: true });
try {
  await shown(heading);
  const times = [];
  for (let round = 1; round <= 5; round++) {
    const words = `Round ${round}`;
    const started = performance.now();
    writeFileSync(source, original.replaceAll(heading, words));
    await shown(words);
    times.push((performance.now() - started) / 1000);
  }
  times.sort((a, b) => a - b);
  console.log(`changed component to page, median of ${times.length}: ${times[2].toFixed(1)} s`);
} finally {
  writeFileSync(source, original);
  process.kill(-dev.pid, "SIGINT");
}

async function shown(words) {
  for (;;) {
    const answer = await fetch(page).catch(() => undefined);
    if (answer?.ok && (await answer.text()).includes(words)) return;
    if (dev.exitCode !== null) throw new Error("script/dev ended");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

// A browser, as the browser tests have it, and what it takes to show a board.

import { createRequire } from "node:module";

import { amount, median, pause, percentile } from "./figures.mjs";

const { chromium } = createRequire(new URL("../end2end/package.json", import.meta.url))("@playwright/test");

const LOADS = 9;
const CLICKS = 20;
/** Chromium tells of no event that took less, in milliseconds. */
const SHORTEST = 16;

/** Chromium without a window: the one that CHROMIUM names, or Playwright's own. */
export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM || undefined, args: ["--disable-gpu"] });
}

/** Waits until a page answers to clicks. */
export function ready(page) {
  return page.locator("html[data-hydrated]").waitFor({ state: "attached" });
}

/** Adds what boards, each with its path and how many tasks it has, are like to somebody who looks at them. */
export async function measureBoards(table, person, boards) {
  const browser = await launch();
  for (const { count, path, aim } of boards) {
    const times = [];
    for (let load = 0; load < LOADS; load++) {
      const page = await open(browser, person, path);
      times.push(await page.evaluate(largestPaint));
      await page.context().close();
    }
    const measured = `${median(times).toFixed(0)} ms (${percentile(times, 100).toFixed(0)} ms)`;
    table.add(`board of ${amount(count)} tasks: largest paint in Chromium, nothing cached, median (longest of ${LOADS})`, measured, aim);
  }
  const [{ count, path }] = boards;
  const page = await open(browser, person, path);
  const what = `board of ${amount(count)} tasks`;
  table.add(`${what}: DOM elements a card`, (await page.evaluate(elementsOfACard)).toFixed(1), "≤ 12");

  await page.evaluate(observeClicks, SHORTEST);
  const button = (name) => page.getByRole("button", { name, exact: true });
  const menu = page.getByRole("menu");
  const opening = await clicks(page, async (round) => {
    await button("Move").nth(round).click();
    await menu.waitFor();
    await page.keyboard.press("Escape");
    await menu.waitFor({ state: "hidden" });
  });
  table.add(`${what}: click on Move to the next paint, longest of ${CLICKS} (median)`, opening, "≤ 50 ms");
  const claiming = await clicks(page, () => button("Claim").first().click());
  table.add(`${what}: click on Claim to the next paint, longest of ${CLICKS} (median)`, claiming, "≤ 50 ms");
  await browser.close();
}

/** A page with somebody signed in, in a profile of its own. */
async function open(browser, person, path) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const cookies = person.cookies.map((cookie) => {
    const [name, value] = cookie.split(/=(.*)/s);
    return { name, value, url: person.origin };
  });
  await context.addCookies(cookies);
  const page = await context.newPage();
  await page.goto(person.origin + path);
  await ready(page);
  return page;
}

/** Clicks again and again, and gives how long Chromium says that it took: event timing, in steps of 8 ms. */
async function clicks(page, click) {
  for (let round = 0; round < CLICKS; round++) {
    await click(round);
    // Each click has frames of its own.
    await pause(100);
  }
  await pause(500);
  const told = await page.evaluate(() => [...globalThis.clickTimes.values()]);
  if (told.length === 0) throw new Error("Chromium told of no click");
  await page.evaluate(() => globalThis.clickTimes.clear());
  const times = [...told, ...Array.from({ length: CLICKS - told.length }, () => 0)];
  const shown = (time) => (time < SHORTEST ? `< ${SHORTEST} ms` : `${time} ms`);
  return `${shown(percentile(times, 100))} (${shown(median(times))})`;
}

// What follows runs in the page.

function largestPaint() {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("Chromium told of no largest paint")), 10_000);
    const observer = new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime));
    observer.observe({ type: "largest-contentful-paint", buffered: true });
  });
}

function elementsOfACard() {
  const cards = document.querySelectorAll("li.card");
  const inside = document.querySelectorAll("li.card *");
  return (cards.length + inside.length) / cards.length;
}

/** A click is several events, which share one number; the longest of them counts. */
function observeClicks(shortest) {
  globalThis.clickTimes = new Map();
  const observer = new PerformanceObserver((list) => {
    for (const { name, interactionId, duration } of list.getEntries()) {
      const isClick = interactionId > 0 && (name === "click" || name.startsWith("pointer"));
      if (isClick) globalThis.clickTimes.set(interactionId, Math.max(duration, globalThis.clickTimes.get(interactionId) ?? 0));
    }
  });
  observer.observe({ type: "event", durationThreshold: shortest });
}

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expectAccessible } from "./support/axe";
import { BoardPage } from "./support/board";
import { createBoard, invite, join, password, register } from "./support/people";
import { startInstance } from "./support/server";
import { Deeds, expect, nobody, ready, test, visit, withScripts, type Board } from "./support/team";

const running: (() => Promise<void>)[] = [];

// Also after a failure, when the test itself does not get to its end.
test.afterEach(async ({ browsers }) => {
  await browsers.close();
  for (const stop of running.splice(0).reverse()) await stop();
});

/** What everybody does on the board: two tasks, which are as different as tasks are. */
const work: Record<string, string[]> = {
  Ana: ["Paint the mast", "Oil every winch"],
  Ben: ["Sew new sails", "Count the ropes"],
  Chloe: ["Fill the lamps", "Repair an anchor"],
  Dan: ["Boil some tar", "Feed the parrot"],
  Emil: ["Draw a chart", "Weigh our cargo"],
  Fay: ["Scrub both decks", "Polish that bell"],
};

/** Those who have the toggle. */
const half = ["Ana", "Ben", "Chloe"];

/** Those who sit at a browser: of each half somebody. The others do the same without a page. */
const atBrowsers = ["Ana", "Ben", "Emil"];

/** axe is a script itself. */
async function looksRight(page: Page) {
  if (withScripts()) await expectAccessible(page);
}

/** Takes a card by the mouse and puts it down on another column. */
async function drag(page: Page, board: BoardPage, title: string, to: string) {
  const from = await board.card("In progress", title).boundingBox();
  const onto = await board.column(to).boundingBox();
  if (!from || !onto) throw new Error("there is nothing to drag");
  await page.mouse.move(from.x + 30, from.y + 12);
  await page.mouse.down();
  await page.mouse.move(onto.x + onto.width / 2, onto.y + 80, { steps: 6 });
  await expect(page.locator(".board")).toHaveAttribute("data-dragging");
  await page.mouse.up();
}

/** Somebody adds tasks, claims each, and brings some of them to the end. */
async function workOn(page: Page, path: string, titles: string[], finished: number, drags: boolean) {
  const place: Board = { id: "", key: "SHIP", name: "Ship", columns: [], path };
  const board = await new BoardPage(page, place).open();
  for (const [number, title] of titles.entries()) {
    await board.newTask("To do").fill(title);
    await board.newTask("To do").press("Enter");
    await expect(board.card("To do", title)).toBeVisible();
    await ready(page);
    await board.card("To do", title).getByRole("button", { name: "Claim" }).click();
    await expect(board.card("In progress", title)).toBeVisible();
    await ready(page);
    if (number >= finished) continue;
    await expect(page.locator(".card.pending")).toHaveCount(0);
    if (drags && withScripts()) await drag(page, board, title, "Done");
    else await board.move("In progress", title, "Done");
    await expect(board.card("Done", title)).toBeVisible();
    await ready(page);
  }
  // A card stands where it goes before the server knows it.
  await expect(page.locator(".card.pending")).toHaveCount(0);
}

/** The same without a page. That somebody reads the board is what puts them into their half. */
async function workUnseen(deeds: Deeds, titles: string[], finished: number) {
  const board = await deeds.readBoard("SHIP");
  for (const [number, title] of titles.entries()) {
    const task = await deeds.createTask(board, title);
    await deeds.claimTask(task);
    if (number < finished) await deeds.moveTask(board, task, "Done");
  }
}

async function download(page: Page, link: string) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: link }).click()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

test("half of a team tries drag and drop, and the team decides on what it sees", async ({ openBrowser }) => {
  test.setTimeout(180_000);
  const instance = await startInstance();
  running.push(instance.stop);
  const options = { baseURL: instance.baseURL, acceptDownloads: true, storageState: nobody };
  const ana = await openBrowser(options);
  await register(ana, "Ana", "ana@example.org", "Blue Whales");
  const team = new URL(ana.url()).pathname.split("/")[2];
  const insights = `/teams/${team}/insights`;
  await createBoard(ana, team, "Ship", "SHIP");
  const board = `/teams/${team}/boards/SHIP`;
  const place = { baseURL: instance.baseURL, slug: team, path: `/teams/${team}` };
  const crew: Record<string, Page> = { Ana: ana };
  const unseen: Record<string, Deeds> = {};
  for (const name of Object.keys(work).slice(1)) {
    const link = await invite(ana, team, "member");
    const email = `${name.toLowerCase()}@example.org`;
    if (atBrowsers.includes(name)) {
      const page = await openBrowser(options);
      await join(page, link, name, email);
      crew[name] = page;
    } else {
      const deeds = await Deeds.register(place, link, name, email, password);
      running.push(() => deeds.stop());
      unseen[name] = deeds;
    }
  }

  // The hypothesis, before anything is known.
  await visit(ana, insights);
  await ana.getByRole("link", { name: "New hypothesis" }).click();
  await expect(ana.getByRole("heading", { level: 1, name: "New hypothesis" })).toBeVisible();
  await ready(ana);
  await looksRight(ana);
  await ana.getByLabel("If we").fill("let people drag cards");
  await ana.getByLabel("Then").fill("more of what is begun is finished");
  await ana.getByLabel("Because").fill("moving a card is one gesture");
  await ana.getByLabel("Metric").selectOption("finished");
  await ana.getByLabel("For whom").selectOption("drag_and_drop");
  await ana.getByLabel("Target").fill("ten");
  await ana.getByLabel("Observations needed").fill("6");
  await ana.getByRole("button", { name: "Write it down" }).click();
  await expect(ana.getByText("The target is a number of percent from 0 to 100").first()).toBeVisible();
  await ready(ana);
  await expect(ana.getByLabel("If we")).toHaveValue("let people drag cards");
  await ana.getByLabel("Target").fill("10");
  await ana.getByRole("button", { name: "Write it down" }).click();
  await expect(ana.getByRole("heading", { level: 1, name: "Hypothesis", exact: true })).toBeVisible();
  await expect(ana.getByRole("status").filter({ hasText: "Hypothesis written down." })).toBeVisible();
  await expect(ana.getByText("at least 10 percentage points higher with it than without")).toBeVisible();
  await expect(ana.getByText("Too few to tell").first()).toBeVisible();
  const hypothesis = new URL(ana.url()).pathname;

  // The toggle for one half of the team. Chance could give it to all six or to none.
  await visit(ana, insights);
  const toggle = ana.getByRole("article", { name: "Drag and drop" });
  await toggle.getByLabel("On for a share").check();
  await toggle.getByLabel("Share in percent").fill("0");
  for (const name of half) await toggle.getByLabel(name, { exact: true }).check();
  await toggle.getByRole("button", { name: "Save toggle" }).click();
  await expect(toggle.getByText("3 of 6 people have it now: Ana, Ben, Chloe.")).toBeVisible();

  // Everybody works as they can.
  for (const [name, titles] of Object.entries(work)) {
    const hasIt = half.includes(name);
    const finished = hasIt ? 2 : name === "Fay" ? 1 : 0;
    if (atBrowsers.includes(name)) await workOn(crew[name], board, titles, finished, hasIt);
    else await workUnseen(unseen[name], titles, finished);
  }

  // The evidence.
  await visit(ana, insights);
  const listed = ana.getByRole("region", { name: "Hypotheses" }).getByRole("listitem").first();
  await expect(listed).toContainText("let people drag cards");
  await expect(listed).toContainText("Very likely reached");
  await looksRight(ana);
  await listed.getByRole("link").first().click();
  await expect(ana.getByRole("heading", { level: 1, name: "Hypothesis", exact: true })).toBeVisible();
  await ready(ana);
  const evidence = ana.locator(".progress-told");
  await expect(evidence).toContainText("Difference: +83.3 percentage points, 95 % interval +27.7 to +");
  await expect(evidence).toContainText("With it: 100 %");
  await expect(evidence).toContainText("Without: 16.7 %");
  await expect(evidence.getByRole("img", { name: /Difference: \+83\.3 .* Target: at least 10 percentage points/ })).toBeVisible();
  await looksRight(ana);
  const known = await evidence.innerText();

  // The decision, before the end and on purpose.
  await ana.locator("summary", { hasText: "Decide early" }).click();
  await ana.getByLabel("Persevere: go on with it").check();
  await ana.getByLabel("Reason").fill("Those who drag finish what they begin.\n# Everybody gets it.");
  await ana.getByLabel("Decide before the period has ended").check();
  await looksRight(ana);
  await ana.getByRole("button", { name: "Decide", exact: true }).click();
  await expect(ana.getByRole("status").filter({ hasText: "Decision recorded." })).toBeVisible();
  await expect(ana.getByRole("heading", { name: "Decision: Persevere" })).toBeVisible();
  await looksRight(ana);

  // What happens later changes nothing of what was known.
  const emil = await new BoardPage(crew.Emil, { id: "", key: "SHIP", name: "Ship", columns: [], path: board }).open();
  await emil.move("In progress", work.Emil[0], "Done");
  await expect(emil.card("Done", work.Emil[0])).toBeVisible();
  await expect(emil.page.locator(".card.pending")).toHaveCount(0);
  await visit(ana, hypothesis);
  expect(await evidence.innerText()).toBe(known);

  // The record.
  const record = await download(ana, "Markdown record");
  expect(record.name).toMatch(/^decision-.+\.md$/);
  expect(record.text).toContain("# Persevere: let people drag cards\n");
  expect(record.text).toContain("- For whom: those with Drag and drop, against those without\n");
  expect(record.text).toContain("Very likely reached. Measured from ");
  expect(record.text).toContain("- Without: 16.7 %");
  expect(record.text).toContain("> Those who drag finish what they begin.\n> \\# Everybody gets it.\n");
  await visit(ana, insights);
  await expect(ana.getByRole("region", { name: "Decisions" })).toContainText("Those who drag finish what they begin.");
  const all = await download(ana, "Download as Markdown");
  expect(all.name).toBe(`${team}-decisions.md`);
  expect(all.text).toContain("# Decisions of Blue Whales\n\n## Persevere: let people drag cards\n");
});

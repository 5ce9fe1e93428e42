import type { Page } from "@playwright/test";

import { BoardPage } from "./support/board";
import { TaskPage } from "./support/task";
import { expect, names, ready, test, visit } from "./support/team";

// Two people, each with a browser of their own, and what one does on the screen of the other.

/** Streams that the browser of a page has opened from now on. */
function streams(page: Page) {
  const opened: string[] = [];
  page.context().on("request", (request) => {
    if (new URL(request.url()).pathname.endsWith("/live")) opened.push(request.url());
  });
  return opened;
}

test("a move on one screen is on the other, which keeps its focus and its text", async ({ page, openAs, board: made, deeds }) => {
  const ana = await deeds("ana");
  for (const title of ["One", "Two", "Three"]) await ana.createTask(made, title);
  const board = await new BoardPage(page, made).open();
  const theirs = await new BoardPage(await openAs("ben"), made).open();
  await theirs.newTask("To do").fill("Half a thou");
  await theirs.newTask("To do").focus();

  await board.move("To do", "Two", "In progress");
  await expect(theirs.card("In progress", "Two")).toBeVisible();
  await expect(theirs.titles("To do")).toHaveText(["One", "Three"]);
  await expect(theirs.newTask("To do")).toHaveValue("Half a thou");
  await expect(theirs.newTask("To do")).toBeFocused();
  await expect(theirs.card("In progress", "Two")).toHaveClass(/touched/);
  await expect(theirs.page.locator("[aria-live=polite]", { hasText: `${names.ana} moved ${made.key}-2 to In progress.` })).toHaveCount(1);
});

test("what others add, rename, take, reorder and delete is on the board as it happens", async ({ page, board: made, deeds }) => {
  const ben = await deeds("ben");
  const board = await new BoardPage(page, made).open();
  const first = await ben.createTask(made, "First");
  await expect(board.card("To do", "First")).toContainText(first);
  const second = await ben.createTask(made, "Second");
  await expect(board.titles("To do")).toHaveText(["First", "Second"]);
  await ben.editTask(first, { title: "Renamed", priority: "urgent" });
  await expect(board.card("To do", "Renamed")).toContainText("Urgent");
  await ben.claimTask(second);
  await expect(board.card("In progress", "Second")).toContainText(names.ben);
  await expect(board.card("In progress", "Second").getByRole("button", { name: "Claim" })).toHaveCount(0);
  await ben.moveTask(made, second, "Done");
  await expect(board.card("Done", "Second")).toBeVisible();
  await ben.deleteTask(first);
  await expect(board.titles("To do")).toHaveCount(0);
  await ben.limitColumn(made, "In progress", 2);
  await expect(board.column("In progress")).toContainText("/ 2");
});

test("a card that has the focus keeps it when somebody else moves it", async ({ page, board: made, deeds }) => {
  const ben = await deeds("ben");
  const task = await ben.createTask(made, "Held");
  const board = await new BoardPage(page, made).open();
  await board.link("Held").focus();
  await ben.moveTask(made, task, "In progress");
  await expect(board.card("In progress", "Held")).toBeVisible();
  await expect(board.link("Held")).toBeFocused();
});

test("Now follows, and draws anew only what is different", async ({ page, team, board: made, deeds }) => {
  const ben = await deeds("ben");
  const task = await ben.createTask(made, "Shown on Now");
  await visit(page, team.path);
  const link = page.getByRole("link", { name: "Shown on Now" });
  await expect(link).toHaveCount(0);
  const row = page.locator(".now-row", { hasText: names.chloe });
  await row.evaluate((element) => element.setAttribute("data-kept", ""));
  await ben.claimTask(task);
  await expect(page.locator(".now-row", { hasText: names.ben }).getByRole("link", { name: "Shown on Now" })).toBeVisible();
  await expect(page.locator(".now-row[data-kept]")).toHaveCount(1);
  await ben.moveTask(made, task, "Done");
  await expect(link).toHaveCount(0);
});

test("a task that somebody else edits shows it, and a conflict is told at once", async ({ page, team, board: made, deeds }) => {
  const ben = await deeds("ben");
  const key = await ben.createTask(made, "Shared");
  const task = await new TaskPage(page, team, key).open();
  await ben.editTask(key, { priority: "high" });
  await expect(task.chosen("Priority")).toHaveText("High");
  await ben.addComment(key, "I have an idea");
  await expect(page.getByText("I have an idea")).toBeVisible();

  await task.field("Title").fill("Ana’s title");
  await task.field("Comment").fill("Half a comm");
  await ben.editTask(key, { title: "Ben’s title", description: "Ben’s words" });
  await expect(task.conflict).toContainText("Ana’s title");
  await expect(task.conflict).toContainText("Ben’s title");
  await expect(task.field("Title")).toHaveValue("Ana’s title");
  await expect(task.field("Comment")).toHaveValue("Half a comm");
  await expect(task.field("Description")).toHaveValue("Ben’s words");
});

test("both edit the description and neither loses a word", async ({ page, openAs, team, board: made, deeds }) => {
  const key = await (await deeds("ana")).createTask(made, "Written by two");
  const mine = await new TaskPage(page, team, key).open();
  const theirs = await new TaskPage(await openAs("ben"), team, key).open();
  await mine.field("Description").fill("What Ana wrote");
  await theirs.field("Description").fill("What Ben wrote");
  await theirs.save();
  await expect(mine.conflict).toContainText("What Ana wrote");
  await expect(mine.conflict).toContainText("What Ben wrote");
  await mine.field("Description").fill("What Ana wrote. What Ben wrote");
  await mine.save();
  await expect(theirs.field("Description")).toHaveValue("What Ana wrote. What Ben wrote");
});

test("who looks at the same, and what they edit, is shown until they leave", async ({ page, openAs, team, board: made, deeds }) => {
  const key = await (await deeds("ana")).createTask(made, "Looked at");
  const theirs = await openAs("ben");
  await new BoardPage(theirs, made).open();
  await new BoardPage(page, made).open();
  const here = page.getByRole("list", { name: "Also here" });
  await expect(here.getByRole("listitem")).toHaveText(new RegExp(names.ben));

  const task = await new TaskPage(page, team, key).open();
  await expect(here).toHaveCount(0);
  const theirTask = await new TaskPage(theirs, team, key).open();
  await expect(here).toContainText(names.ben);
  await theirTask.field("Title").focus();
  await expect(page.getByText(`${names.ben} is editing the title`)).toBeVisible();
  await theirs.close();
  await expect(here).toHaveCount(0, { timeout: 15_000 });
  await expect(task.field("Title")).toBeVisible();
});

test("eight tabs share one stream, and another takes over when the tab that has it is closed", async ({ context, page, board: made, deeds }) => {
  const ben = await deeds("ben");
  const opened = streams(page);
  await new BoardPage(page, made).open();
  await expect.poll(() => opened.length).toBe(1);
  const tabs = [];
  for (let tab = 0; tab < 7; tab++) tabs.push(await new BoardPage(await context.newPage(), made).open());
  await ben.createTask(made, "For all tabs");
  for (const tab of tabs) await expect(tab.card("To do", "For all tabs")).toBeAttached();
  expect(opened).toHaveLength(1);

  await page.close();
  await expect.poll(() => opened.length).toBe(2);
  await ben.createTask(made, "After the first is gone");
  for (const tab of tabs) await expect(tab.card("To do", "After the first is gone")).toBeAttached();
  expect(opened).toHaveLength(2);
});

test("a lost connection is said within five seconds, and what was missed comes when it is back", async ({ page, context, board: made, deeds }) => {
  const ben = await deeds("ben");
  const board = await new BoardPage(page, made).open();
  await ben.createTask(made, "Before");
  await expect(board.card("To do", "Before")).toBeVisible();
  await context.setOffline(true);
  const banner = page.getByText("No connection.");
  await expect(banner).toBeVisible({ timeout: 5_000 });
  await ben.createTask(made, "Meanwhile");
  await context.setOffline(false);
  await expect(board.card("To do", "Meanwhile")).toBeVisible();
  await expect(banner).toHaveCount(0);
});

test("what happened while another page was open is on the board when one goes back", async ({ page, board: made, deeds }) => {
  const ben = await deeds("ben");
  await new BoardPage(page, made).open();
  await page.getByRole("link", { name: "Now", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Now" })).toBeVisible();
  await ben.createTask(made, "In between");
  await page.goBack();
  await ready(page);
  await expect(page.getByRole("link", { name: "In between" })).toBeVisible();
});

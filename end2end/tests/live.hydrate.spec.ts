import type { Page, Request } from "@playwright/test";

import { BoardPage } from "./support/board";
import { TaskPage } from "./support/task";
import { expect, forgive, names, ready, test, visit } from "./support/team";

// Two people, each with a browser of their own, and what one does on the screen of the other.

/**
 * The streams that some tabs open from now on: which of the tabs did, and how many were open at once at most. A stream
 * that falls silent is closed before it is opened anew.
 */
function streamsOf(tabs: Page[]) {
  const streams = { tabs: new Set<Page>(), most: 0 };
  const open = new Set<Request>();
  for (const tab of tabs) {
    tab.on("request", (request) => {
      if (!new URL(request.url()).pathname.endsWith("/live")) return;
      streams.tabs.add(tab);
      streams.most = Math.max(streams.most, open.add(request).size);
    });
    tab.on("requestfinished", (request) => open.delete(request));
    tab.on("requestfailed", (request) => open.delete(request));
  }
  return streams;
}

/** Notes on each card, by the animation's name, that it showed that others touched it. It does for two seconds only. */
async function noteTouched(page: Page) {
  await page.evaluate(() => {
    const look = () => {
      for (const card of document.querySelectorAll<HTMLElement>(".card.touched")) card.dataset.seenTouched = getComputedStyle(card).animationName;
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributeFilter: ["class"] });
  });
}

test("a move on one screen is on the other, which keeps its focus and its text", async ({ page, openAs, board: made, deeds }) => {
  const ana = await deeds("ana");
  for (const title of ["One", "Two", "Three"]) await ana.createTask(made, title);
  const board = await new BoardPage(page, made).open();
  const theirs = await new BoardPage(await openAs("ben"), made).open();
  await theirs.newTask("To do").fill("Half a thou");
  await theirs.newTask("To do").focus();
  await noteTouched(theirs.page);

  await board.move("To do", "Two", "In progress");
  await expect(theirs.card("In progress", "Two")).toBeVisible();
  await expect(theirs.titles("To do")).toHaveText(["One", "Three"]);
  await expect(theirs.newTask("To do")).toHaveValue("Half a thou");
  await expect(theirs.newTask("To do")).toBeFocused();
  await expect(theirs.card("In progress", "Two")).toHaveAttribute("data-seen-touched", "touched");
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
  // Where the word that they leave is lost, silence says it, after 11 seconds and at the next look.
  await expect(here).toHaveCount(0, { timeout: 20_000 });
  await expect(task.field("Title")).toBeVisible();
});

test("eight tabs share one stream, and another takes over when the tab that has it is closed", async ({ context, page, board: made, deeds }) => {
  const ben = await deeds("ben");
  const others: Page[] = [];
  for (let tab = 0; tab < 7; tab++) others.push(await context.newPage());
  const streams = streamsOf([page, ...others]);
  await new BoardPage(page, made).open();
  await expect.poll(() => streams.tabs.size).toBe(1);
  const boards = others.map((tab) => new BoardPage(tab, made));
  for (const board of boards) await board.open();
  await ben.createTask(made, "For all tabs");
  for (const board of boards) await expect(board.card("To do", "For all tabs")).toBeAttached();
  expect(streams.tabs.size).toBe(1);
  expect(streams.most).toBe(1);

  const later = streamsOf(others);
  await page.close();
  await expect.poll(() => later.tabs.size).toBe(1);
  await ben.createTask(made, "After the first is gone");
  for (const board of boards) await expect(board.card("To do", "After the first is gone")).toBeAttached();
  expect(later.tabs.size).toBe(1);
  expect(later.most).toBe(1);
});

test("a lost connection is said within five seconds, and what was missed comes when it is back", async ({ page, context, board: made, deeds }) => {
  const ben = await deeds("ben");
  const board = await new BoardPage(page, made).open();
  await page.evaluate(() => document.documentElement.setAttribute("data-kept", ""));
  await ben.createTask(made, "Before");
  await expect(board.card("To do", "Before")).toBeVisible();
  // Chromium lets a stream that is open go on, and its next beat, in two seconds or at once, takes the banner away again.
  await page.evaluate(() => {
    const look = () => document.body.innerText.includes("No connection.") && document.documentElement.setAttribute("data-lost", "");
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await context.setOffline(true);
  await expect(page.locator("html[data-lost]")).toBeAttached({ timeout: 5_000 });
  const banner = page.getByText("No connection.");
  await ben.createTask(made, "Meanwhile");
  await context.setOffline(false);
  await expect(board.card("To do", "Meanwhile")).toBeVisible();
  await expect(banner).toHaveCount(0);
  await expect(page.locator("html[data-kept]")).toHaveCount(1);
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

test("what others do to the board and its columns comes in around what one is doing", async ({ page, board: made, deeds }) => {
  const ben = await deeds("ben");
  await ben.createTask(made, "There");
  const board = await new BoardPage(page, made).open();
  const typed = board.newTask("To do");
  await typed.fill("Half a thou");
  await board.column("To do").evaluate((column) => column.setAttribute("data-kept", ""));

  await ben.renameBoard(made, "Another name");
  await expect(page.getByRole("heading", { level: 1, name: "Another name" })).toBeVisible();
  await expect(page).toHaveTitle(/^Another name/);
  await ben.addColumn(made, "Review");
  await expect(board.column("Review")).toBeVisible();
  await ben.moveColumn(made, "To do", 3);
  await expect(page.locator(".column h2")).toHaveText(["In progress", "Review", "To do", "Done"]);
  await ben.limitColumn(made, "To do", 1);
  await expect(board.column("To do")).toContainText("1 / 1");
  await ben.createTask(made, "One more");
  await expect(board.column("To do")).toContainText("over its limit");
  await ben.removeColumn(made, "In progress");
  await expect(board.column("In progress")).toHaveCount(0);

  await expect(page.locator(".column[data-kept]")).toHaveCount(1);
  await expect(typed).toHaveValue("Half a thou");
  await expect(typed).toBeFocused();
  await typed.press("Enter");
  await expect(board.titles("To do")).toHaveText(["There", "One more", "Half a thou"]);
  await board.openSettings();
  await expect(board.setting("Review")).toBeVisible();
});

test("what one types for a column that others remove goes on in another", async ({ page, board: made, deeds }) => {
  const board = await new BoardPage(page, made).open();
  await board.newTask("In progress").fill("Half a thou");
  await (await deeds("ben")).removeColumn(made, "In progress");
  await expect(board.failure).toContainText("The column In progress was removed. What you typed there is in To do now.");
  const [words, dismiss] = await Promise.all([board.failure, page.getByRole("button", { name: "Dismiss" })].map((part) => part.boundingBox()));
  expect(dismiss!.y, "Dismiss has no line of its own").toBeLessThan(words!.y + words!.height);
  await expect(board.newTask("To do")).toHaveValue("Half a thou");
  await expect(board.newTask("To do")).toBeFocused();
  await board.newTask("To do").press("Enter");
  await expect(board.titles("To do")).toHaveText(["Half a thou"]);
});

for (const [how, leave] of [
  ["comes back to", (page: Page) => page.getByRole("link", { name: "Now", exact: true }).click()],
  ["loads again", (page: Page, path: string) => visit(page, path)],
] as const) {
  test(`what one typed for a column that is gone is in another on the board that one ${how}`, async ({ page, team, board: made, deeds }) => {
    const board = await new BoardPage(page, made).open();
    await board.newTask("In progress").fill("Half a thou");
    await leave(page, team.path);
    await expect(page.getByRole("heading", { level: 1, name: "Now" })).toBeVisible();
    await (await deeds("ben")).removeColumn(made, "In progress");
    await page.goBack();
    await expect(board.failure).toContainText("A column was removed. What you typed there is in To do now.");
    await expect(board.newTask("To do")).toHaveValue("Half a thou");

    await board.open();
    await expect(board.newTask("To do")).toHaveValue("Half a thou");
    await expect(board.failure).toHaveCount(0);
    await board.newTask("To do").press("Enter");
    await expect(board.titles("To do")).toHaveText(["Half a thou"]);
  });
}

test("a board that others archive says so while one types, and what was typed comes back with it", async ({ page, board: made, deeds }) => {
  const board = await new BoardPage(page, made).open();
  await board.newTask("In progress").fill("Another thou");
  await board.newTask("To do").fill("Half a thou");
  await (await deeds("ben")).archiveBoard(made);
  await expect(board.failure).toContainText("This board was archived");
  await expect(board.newTask("In progress")).toHaveValue("Another thou");
  await expect(board.newTask("To do")).toHaveValue("Half a thou");
  await expect(board.newTask("To do")).toBeFocused();
  // What is sent all the same is refused, and not lost.
  await board.newTask("To do").press("Enter");
  await expect(board.failure.filter({ hasText: "“Half a thou” was not added." })).toBeVisible();
  await expect(board.newTask("To do")).toHaveValue("Half a thou");

  await page.getByRole("link", { name: "Load the page again" }).click();
  await expect(page.getByText("Archived: read only")).toBeVisible();
  await expect(page.getByLabel("New task")).toHaveCount(0);
  await page.getByRole("button", { name: "Bring back" }).click();
  await expect(board.newTask("To do")).toHaveValue("Half a thou");
  await expect(board.newTask("In progress")).toHaveValue("Another thou");
});

test("an archived board is shown as such once nothing typed is left, and a task that is refused then is kept", async ({ page, board: made, deeds }) => {
  const board = await new BoardPage(page, made).open();
  await board.newTask("To do").fill("Half a thou");
  await (await deeds("ben")).archiveBoard(made);
  await expect(board.failure).toContainText("This board was archived");
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/create_task", async (route) => {
    await held;
    await route.continue();
  });
  await board.newTask("To do").press("Enter");
  await expect(page.getByText("Archived: read only")).toBeVisible();
  await expect(page.getByLabel("New task")).toHaveCount(0);
  await expect(board.failure).toHaveCount(0);
  answer();
  await expect(board.failure).toContainText("“Half a thou” was not added.");
  await page.getByRole("button", { name: "Bring back" }).click();
  await expect(board.newTask("To do")).toHaveValue("Half a thou");
});

test("settings that others change while they are open say so, and are shown anew when nothing typed is left there", async ({ page, board: made, deeds }) => {
  const board = await new BoardPage(page, made).open();
  const name = page.getByLabel("Name of the board");
  const changed = page.getByText("These settings were changed meanwhile.");
  const close = () => page.getByRole("heading", { level: 1 }).click();
  await board.openSettings();
  const before = await name.inputValue();
  await name.fill("My own name");
  await (await deeds("ben")).renameBoard(made, "Another name");
  await expect(changed).toBeVisible();
  await close();
  await expect(changed).toBeHidden();
  await board.openSettings();
  await expect(name).toHaveValue("My own name");
  await expect(changed).toBeVisible();

  await name.fill(before);
  await close();
  await expect(changed).toHaveCount(0);
  await board.openSettings();
  await expect(name).toHaveValue("Another name");
});

test("what is marked and how far one has scrolled stays while others change cards", async ({ page, board: made, deeds }) => {
  const ben = await deeds("ben");
  const keys = [];
  for (let number = 1; number <= 25; number++) keys.push(await ben.createTask(made, `Card ${number}`));
  const board = await new BoardPage(page, made).open();
  const scroll = page.locator(".column-scroll").first();
  await scroll.evaluate((part) => (part.scrollTop = 300));
  await board.link("Card 12").evaluate((link) => window.getSelection()?.selectAllChildren(link));

  await ben.editTask(keys[12], { title: "Renamed" });
  await expect(board.link("Renamed")).toBeAttached();
  await ben.moveTask(made, keys[24], "In progress");
  await expect(board.card("In progress", "Card 25")).toBeVisible();
  await ben.addColumn(made, "Review");
  await expect(board.column("Review")).toBeAttached();
  // A part that is put elsewhere is scrolled back with the next frame.
  await expect.poll(() => scroll.evaluate((part) => part.scrollTop)).toBe(300);
  expect(await page.evaluate(() => window.getSelection()?.toString())).toBe("Card 12");
});

test("a card that is touched does not move for whoever wants no motion", async ({ page, board: made, deeds }) => {
  const ben = await deeds("ben");
  const key = await ben.createTask(made, "Touched");
  const board = await new BoardPage(page, made).open();
  await noteTouched(page);
  for (const [reducedMotion, animation] of [["no-preference", "touched"], ["reduce", "none"]] as const) {
    await page.emulateMedia({ reducedMotion });
    await ben.editTask(key, { priority: reducedMotion === "reduce" ? "high" : "low" });
    await expect(board.card("To do", "Touched")).toHaveAttribute("data-seen-touched", animation);
    await expect(board.card("To do", "Touched")).not.toHaveClass(/touched/);
  }
});

test("an answer that is older than what was heard takes no card away and brings none back", async ({ page, board: made, deeds }) => {
  const ben = await deeds("ben");
  const old = await ben.createTask(made, "Gone meanwhile");
  const board = await new BoardPage(page, made).open();
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let answers = 0;
  await page.route("**/load_board", async (route) => {
    const response = await route.fetch();
    if (answers++ === 0) await held;
    await route.fulfill({ response });
  });
  await ben.limitColumn(made, "In progress", 3);
  await expect.poll(() => answers).toBe(1);
  await ben.createTask(made, "Heard meanwhile");
  await ben.deleteTask(old);
  await expect(board.titles("To do")).toHaveText(["Heard meanwhile"]);
  const shown: string[][] = [];
  await page.exposeFunction("note", (titles: string[]) => shown.push(titles));
  await page.evaluate(() => {
    const cards = () => [...document.querySelectorAll(".card-title")].map((title) => title.textContent ?? "");
    new MutationObserver(() => (window as unknown as { note: (titles: string[]) => void }).note(cards())).observe(document.body, { childList: true, subtree: true });
  });
  letGo();
  await expect(board.column("In progress")).toContainText("/ 3");
  expect(answers).toBe(2);
  for (const titles of shown) expect(titles).toEqual(["Heard meanwhile"]);
  await expect(board.titles("To do")).toHaveText(["Heard meanwhile"]);
});

test("what could not be read is read again", async ({ page, team, board: made, deeds, complaints }) => {
  const ben = await deeds("ben");
  const task = await ben.createTask(made, "Read at the third time");
  await visit(page, team.path);
  let asked = 0;
  forgive(complaints, /status of 503/);
  await page.route("**/load_now_again", async (route) => {
    if (++asked > 2) return route.continue();
    await route.fulfill({ status: 503, contentType: "application/json", body: JSON.stringify({ code: "unavailable", message: "Away." }) });
  });
  await ben.claimTask(task);
  await expect(page.getByRole("link", { name: "Read at the third time" })).toBeVisible();
  expect(asked).toBe(3);
});

test("a finished task that is not shown is counted where it goes", async ({ page, board: made, deeds }) => {
  const ben = await deeds("ben");
  const keys = [];
  for (let number = 1; number <= 52; number++) keys.push(await ben.createTask(made, `Finished ${number}`));
  for (const key of keys) await ben.moveTask(made, key, "Done");
  const board = await new BoardPage(page, made).open();
  const count = board.column("Done").locator(".count");
  await expect(count).toHaveText("52");
  await ben.moveTask(made, keys[0], "To do");
  await expect(board.card("To do", "Finished 1")).toBeVisible();
  await expect(count).toHaveText("51");
});

test("a task that others delete keeps what was typed, and takes it when it is back", async ({ page, team, board: made, deeds }) => {
  const ben = await deeds("ben");
  const key = await ben.createTask(made, "Deleted under my hands");
  const task = await new TaskPage(page, team, key).open();
  await task.field("Title").fill("What I typed");
  await task.field("Comment").fill("Half a comm");
  await ben.deleteTask(key);
  await expect(page.getByText("This task was deleted")).toBeVisible();
  await expect(page.getByText("What you typed stays below")).toBeVisible();
  await expect(task.field("Title")).toHaveValue("What I typed");
  await expect(task.field("Title"), "it can be gone on with").toBeEnabled();
  await expect(task.field("Comment")).toHaveValue("Half a comm");
  await expect(task.button("Claim")).toHaveCount(0);

  await ben.restoreTask(key);
  await expect(page.getByText("This task was deleted")).toHaveCount(0);
  await expect(task.button("Claim")).toBeVisible();
  await expect(task.field("Title")).toHaveValue("What I typed");
  await task.save();
  await expect(page.getByRole("heading", { level: 1, name: "What I typed" })).toBeAttached();

  await ben.archiveBoard(made);
  await expect(page.getByText("The board is archived")).toBeVisible();
  await expect(task.field("Title"), "nothing is typed in it").toBeDisabled();
  await expect(task.field("Comment")).toBeEnabled();
});

for (const where of ["on its page", "in the panel"] as const) {
  test(`whoever writes into a task that others delete goes on writing and finds it again, ${where}`, async ({ page, team, board: made, deeds }) => {
    const ben = await deeds("ben");
    const key = await ben.createTask(made, "Deleted in the middle of a word");
    const task = new TaskPage(page, team, key);
    if (where === "on its page") await task.open();
    else await (await new BoardPage(page, made).open()).link("Deleted in the middle of a word").click();
    await task.field("Comment").click();
    await page.keyboard.type("This is be");
    await ben.deleteTask(key);
    await expect(page.locator(".commenting").getByText(`${key} was deleted meanwhile`)).toBeInViewport();
    await expect(page.getByText("was deleted meanwhile"), "it is said where one types alone").toHaveCount(1);
    await expect(task.field("Comment")).toBeFocused();
    // As shortcuts they would lead to Now, claim, assign, move and edit.
    await page.keyboard.type("ing aimed: g n i m e");
    await expect(task.field("Comment")).toHaveValue("This is being aimed: g n i m e");
    await page.keyboard.press("Control+Enter");
    await expect(page.locator(".commenting").getByRole("alert")).toContainText("This task was deleted.");
    await expect(task.field("Comment")).toHaveValue("This is being aimed: g n i m e");
    await expect(page).toHaveURL(new RegExp(`/tasks/${key}$`));

    await page.reload();
    await ready(page);
    const typed = page.getByRole("group", { name: "What you typed" });
    await expect(typed.getByLabel("Comment", { exact: true })).toHaveValue("This is being aimed: g n i m e");
    // What happens to the task meanwhile leaves it alone.
    await ben.restoreTask(key);
    await expect(typed).toHaveCount(0);
    await expect(task.field("Comment")).toHaveValue("This is being aimed: g n i m e");
    await task.button("Add comment").click();
    await expect(task.history).toContainText("This is being aimed: g n i m e");
  });
}

test("a task that others delete can be restored from beside the field that one writes in", async ({ page, team, board: made, deeds }) => {
  const ben = await deeds("ben");
  const key = await ben.createTask(made, "Back at once");
  const task = await new TaskPage(page, team, key).open();
  await task.field("Comment").click();
  await page.keyboard.type("Not so fa");
  await ben.deleteTask(key);
  await page.locator(".commenting").getByRole("button", { name: "Restore it" }).click();
  await expect(page.getByText("was deleted meanwhile")).toHaveCount(0);
  await expect(task.field("Comment")).toBeFocused();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("st");
  await expect(task.field("Comment")).toHaveValue("Not so fast");
});

test("a title and a description that are being written when the board is archived are not interrupted and not lost", async ({ page, team, board: made, deeds }) => {
  const ben = await deeds("ben");
  const task = await new TaskPage(page, team, await ben.createTask(made, "Put away")).open();
  await task.field("Title").fill("Put away, and named anew");
  await task.field("Description").click();
  await page.keyboard.type("Half a sen");
  await ben.archiveBoard(made);
  await expect(page.locator(".task-text").getByText("was archived meanwhile")).toBeInViewport();
  await expect(task.field("Description")).toBeFocused();
  await page.keyboard.type("tence: g n");
  await expect(task.field("Description")).toHaveValue("Half a sentence: g n");
  await expect(page.getByText("Cannot be saved now")).toBeVisible();

  // It asks first, because something is unsaved.
  page.once("dialog", (dialog) => dialog.accept());
  await page.reload();
  await ready(page);
  const typed = page.getByRole("group", { name: "What you typed" });
  await expect(typed.getByLabel("Title", { exact: true })).toHaveValue("Put away, and named anew");
  await expect(typed.getByLabel("Description", { exact: true })).toHaveValue("Half a sentence: g n");
});

test("whoever may only read from now on goes on writing, and finds it again", async ({ openAs, team, board: made, deeds }) => {
  const ana = await deeds("ana");
  await ana.changeRole("hugo", "member");
  try {
    const page = await openAs("hugo");
    const task = await new TaskPage(page, team, await ana.createTask(made, "Read from now on")).open();
    await task.field("Comment").click();
    await page.keyboard.type("Half a thou");
    await ana.changeRole("hugo", "viewer");
    await expect(page.locator(".commenting").getByText("You may only read now.")).toBeInViewport();
    await page.keyboard.type("ght: g n");
    await expect(task.field("Comment")).toHaveValue("Half a thought: g n");
    await page.reload();
    await ready(page);
    await expect(page.getByRole("group", { name: "What you typed" }).getByLabel("Comment", { exact: true })).toHaveValue("Half a thought: g n");
  } finally {
    await ana.changeRole("hugo", "viewer");
  }
});

test("whoever may only read sees what others change as well", async ({ openAs, team, board: made, deeds }) => {
  const ben = await deeds("ben");
  const key = await ben.createTask(made, "Watched");
  const task = await new TaskPage(await openAs("hugo"), team, key).open();
  await ben.editTask(key, { title: "Watched closely", priority: "high", description: "With *words*", labels: "one, two" });
  await expect(task.page.getByRole("heading", { level: 1 })).toContainText("Watched closely");
  await expect(task.page.locator(".task-facts")).toContainText("High");
  await expect(task.page.locator(".task-facts")).toContainText("one, two");
  await expect(task.page.locator(".prose em")).toHaveText("words");
  await ben.claimTask(key);
  await expect(task.page.locator(".task-facts")).toContainText(names.ben);
  await ben.deleteTask(key);
  await expect(task.page.getByText("This task was deleted")).toBeVisible();
});

test("the lists follow, row by row", async ({ page, team, board: made, deeds }) => {
  const ben = await deeds("ben");
  const kept = async (rows: string) => page.locator(rows).first().evaluate((row) => row.setAttribute("data-kept", ""));

  await visit(page, `${team.path}/people`);
  const invitations = page.locator(".invitations li");
  const before = await invitations.count();
  await kept(".members tbody tr");
  await ben.createInvitation();
  await expect(invitations).toHaveCount(before + 1);
  await expect(page.locator(".members tr[data-kept]")).toHaveCount(1);

  const word = `Quokka${made.key}`;
  await visit(page, `${team.path}/search?q=${word}`);
  await expect(page.getByText("Nothing found")).toBeVisible();
  const key = await ben.createTask(made, `${word} one`);
  await expect(page.getByRole("link", { name: `${word} one` })).toBeVisible();
  await ben.createTask(made, `${word} two`);
  await expect(page.getByText("2 tasks")).toBeVisible();
  await ben.claimTask(key);
  await expect(page.locator(".search-result", { hasText: `${word} one` })).toContainText(names.ben);

  await visit(page, `${team.path}/boards`);
  await kept(".board-item");
  const other = await ben.createBoard();
  await expect(page.getByRole("link", { name: other.name })).toBeVisible();
  await expect(page.locator(".board-item[data-kept]")).toHaveCount(1);

  const gone = await ben.createTask(made, "Gone first");
  await ben.deleteTask(gone);
  await visit(page, `${team.path}/deleted`);
  await kept(".deleted-task");
  await ben.deleteTask(key);
  await expect(page.getByRole("link", { name: `${word} one` })).toBeVisible();
  await expect(page.locator(".deleted-task[data-kept]")).toContainText("Gone first");
  await ben.restoreTask(key);
  await expect(page.getByRole("link", { name: `${word} one` })).toHaveCount(0);
});

test("whoever gets another role is told, keeps what they typed, and can do what it allows after loading again", async ({ openAs, board: made, deeds }) => {
  const ana = await deeds("ana");
  const page = await openAs("hugo");
  const board = await new BoardPage(page, made).open();
  await expect(board.newTask("To do")).toHaveCount(0);
  await ana.changeRole("hugo", "member");
  try {
    await expect(page.getByText("Your role is member now.")).toBeVisible();
    await page.getByRole("link", { name: "Load the page again" }).click();
    await ready(page);
    await board.newTask("To do").fill("Half a thou");
    await ana.changeRole("hugo", "viewer");
    await expect(page.getByText("Your role is viewer now.")).toBeVisible();
    await expect(board.newTask("To do")).toHaveValue("Half a thou");
  } finally {
    await ana.changeRole("hugo", "viewer");
  }
});

import type { Page } from "@playwright/test";

import { BoardPage } from "./support/board";
import { TaskPage } from "./support/task";
import { expect, names, test } from "./support/team";

// Connections are slow, and answers come in another order than the requests went out.

/** Holds the first request to an action until it is let go; the others pass. */
async function holdFirst(page: Page, action: string) {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let first = true;
  await page.route(`**/${action}`, async (route) => {
    if (first) {
      first = false;
      await held;
    }
    await route.continue();
  });
  return letGo;
}

const settled = async (page: Page) => expect(page.locator(".card.pending")).toHaveCount(0);

test("a card that is moved twice in a row is where it was moved last", async ({ page, board: made, deeds }) => {
  await (await deeds("ana")).createTask(made, "Hasty");
  const board = await new BoardPage(page, made).open();
  const letGo = await holdFirst(page, "move_task");
  await board.link("Hasty").focus();
  await page.keyboard.press("Alt+ArrowRight");
  await expect(board.card("In progress", "Hasty")).toBeVisible();
  await expect(board.link("Hasty")).toBeFocused();
  await page.keyboard.press("Alt+ArrowRight");
  await expect(board.card("Done", "Hasty")).toBeVisible();
  // The second request, if it did not wait, has its answer before the first gets through.
  await page.evaluate(() => fetch("/health/live"));
  letGo();
  await settled(page);
  await expect(board.card("Done", "Hasty")).toBeVisible();
  await board.open();
  await expect(board.card("Done", "Hasty")).toBeVisible();
});

test("tasks stand in the order in which they were typed, however slow the first was", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  const letGo = await holdFirst(page, "create_task");
  await board.newTask("To do").focus();
  for (const title of ["First", "Second"]) {
    await page.keyboard.type(title);
    await page.keyboard.press("Enter");
    await expect(board.link(title)).toBeVisible();
  }
  await page.evaluate(() => fetch("/health/live"));
  letGo();
  await settled(page);
  await expect(board.titles("To do")).toHaveText(["First", "Second"]);
  await board.open();
  await expect(board.titles("To do")).toHaveText(["First", "Second"]);
});

test("a task that was just typed can be moved at once", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  const letGo = await holdFirst(page, "create_task");
  await board.newTask("To do").fill("Typed and moved");
  await page.keyboard.press("Enter");
  await page.locator(".card", { hasText: "Typed and moved" }).getByRole("button", { name: "Move" }).click();
  await board.menu.getByRole("menuitem", { name: "In progress" }).click();
  await page.evaluate(() => fetch("/health/live"));
  letGo();
  await settled(page);
  await expect(board.card("In progress", "Typed and moved")).toContainText(`${made.key}-1`);
  await expect(board.failure).toHaveCount(0);
  await board.open();
  await expect(board.card("In progress", "Typed and moved")).toBeVisible();
});

test("a task that the server does not know yet shows no key and leads nowhere", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  const letGo = await holdFirst(page, "create_task");
  await board.newTask("To do").fill("Just typed");
  await page.keyboard.press("Enter");
  const card = page.locator(".card", { hasText: "Just typed" });
  await expect(card).toBeVisible();
  await expect(card).not.toContainText(`${made.key}-`);
  await expect(page.locator(`a[href$="-0"]`)).toHaveCount(0);
  letGo();
  await expect(card).toContainText(`${made.key}-1`);
  await expect(board.link("Just typed")).toHaveAttribute("href", new RegExp(`/${made.key}-1$`));
});

test("a card goes on when the column is gone that it was typed into", async ({ page, board: made, deeds }) => {
  const board = await new BoardPage(page, made).open();
  await board.newTask("In progress").fill("Travels");
  await page.keyboard.press("Enter");
  await expect(board.card("In progress", "Travels")).toBeVisible();
  await settled(page);
  const ben = await deeds("ben");
  await ben.moveTask(made, `${made.key}-1`, "Done");
  await expect(board.card("Done", "Travels")).toBeVisible();
  await ben.removeColumn(made, "In progress");
  await expect(board.newTask("In progress")).toHaveCount(0);
  await ben.editTask(`${made.key}-1`, { title: "Has travelled" });
  await expect(board.card("Done", "Has travelled")).toBeVisible();
});

test("a comment that is sent twice is said once", async ({ page, team, board, deeds }) => {
  const task = await new TaskPage(page, team, await (await deeds("ana")).createTask(board, "Impatient")).open();
  const letGo = await holdFirst(page, "add_comment");
  await task.field("Comment").fill("Only once");
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Control+Enter");
  letGo();
  await expect(task.status).toContainText("Comment added.");
  await task.open();
  await expect(task.history.locator(".comment", { hasText: "Only once" })).toHaveCount(1);
});

test("what is typed before the scripts have come stays", async ({ page, team, board: made, deeds }) => {
  const task = await (await deeds("ana")).createTask(made, "Opened on a slow line");
  for (const [path, label, text] of [
    [made.path, "New task", "Typed early"],
    [`${team.path}/tasks/${task}`, "Title", "Changed early"],
    [`${team.path}/tasks/${task}`, "Description", "Described early"],
    [`${team.path}/tasks/${task}`, "Comment", "Said early"],
    [`${team.path}/people`, "Search", "Looked for early"],
  ]) {
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await page.route("**/*.wasm", async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(path, { waitUntil: "commit" });
    const field = page.getByLabel(label, { exact: true }).first();
    await field.fill(text);
    letGo();
    await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
    await expect(field, `${label} at ${path}`).toHaveValue(text);
    await page.unroute("**/*.wasm");
  }
});

test("what was changed before the scripts had come can be saved", async ({ page, team, board: made, deeds }) => {
  const task = new TaskPage(page, team, await (await deeds("ana")).createTask(made, "Opened on a slow line"));
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${team.path}/tasks/${task.key}`, { waitUntil: "commit" });
  await task.field("Title").fill("Changed early");
  await task.field("Priority").selectOption({ label: "High" });
  letGo();
  await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
  await expect(task.chosen("Priority")).toHaveText("High");
  await task.save();
  await task.open();
  await expect(task.field("Title")).toHaveValue("Changed early");
  await expect(task.chosen("Priority")).toHaveText("High");
});

test("one’s own save that the feed tells before its answer is no conflict with what is typed on", async ({ page, team, board: made, deeds }) => {
  const task = await new TaskPage(page, team, await (await deeds("ana")).createTask(made, "One")).open();
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/edit_task", async (route) => {
    const response = await route.fetch();
    await held;
    await route.fulfill({ response });
  });
  await task.field("Title").fill("One two");
  await task.button("Save").click();
  await task.field("Title").fill("One two three");
  await expect(task.history).toContainText("“One two”");
  await expect(task.conflict).toHaveCount(0);
  answer();
  await expect(task.status).toContainText("Task saved.");
  await expect(task.conflict).toHaveCount(0);
  await expect(task.field("Title")).toHaveValue("One two three");
  await page.unrouteAll();
  // The word that the first save is done may still stand there.
  const saved = page.waitForResponse("**/edit_task");
  await task.save();
  await saved;
  await task.open();
  await expect(task.field("Title")).toHaveValue("One two three");
});

test("what somebody else writes over a save is shown to whoever types on", async ({ page, team, board: made, deeds }) => {
  const key = await (await deeds("ana")).createTask(made, "One");
  const task = await new TaskPage(page, team, key).open();
  const letGo = await holdFirst(page, "load_task");
  await task.field("Title").fill("One two");
  await task.save();
  await task.field("Title").fill("One two three");
  await (await deeds("ben")).editTask(key, { title: "Ben’s" });
  letGo();
  await expect(task.conflict).toContainText("One two three");
  await expect(task.conflict).toContainText("Ben’s");
  await expect(task.field("Title")).toHaveValue("One two three");
});

test("theirs stays when it is taken before the answer to one’s own save is there", async ({ page, team, board: made, deeds }) => {
  const key = await (await deeds("ana")).createTask(made, "Written by two");
  const task = await new TaskPage(page, team, key).open();
  await task.field("Description").fill("Ana said so");
  await (await deeds("ben")).editTask(key, { description: "Ben said so" });
  await expect(task.conflict).toBeVisible();
  const letGo = await holdFirst(page, "edit_task");
  await task.button("Save").click();
  await task.conflict.getByRole("link", { name: `take ${names.ben}’s version` }).click();
  const refused = page.waitForResponse("**/edit_task");
  letGo();
  expect((await refused).status()).toBe(409);
  await task.field("Title").fill("Written by Ben");
  await task.save();
  await expect(task.conflict).toHaveCount(0);
  await expect(task.field("Description")).toHaveValue("Ben said so");
});

test("what was typed comes back after theirs was taken", async ({ page, team, board: made, deeds }) => {
  const key = await (await deeds("ana")).createTask(made, "Written by two");
  const task = await new TaskPage(page, team, key).open();
  await task.field("Description").fill("Ana said so");
  await (await deeds("ben")).editTask(key, { description: "Ben said so" });
  await task.conflict.getByRole("link", { name: `take ${names.ben}’s version` }).click();
  await expect(task.field("Description")).toHaveValue("Ben said so");
  await task.button("Undo").click();
  await expect(task.field("Description")).toHaveValue("Ana said so");
  await task.save();
  await task.open();
  await expect(task.field("Description")).toHaveValue("Ana said so");
});

test("theirs is theirs also when the task cannot be read again", async ({ page, team, board: made, deeds }) => {
  const key = await (await deeds("ana")).createTask(made, "Written by two");
  const task = await new TaskPage(page, team, key).open();
  await page.route("**/load_task", (route) => route.abort("internetdisconnected"));
  await task.field("Title").fill("Ana’s");
  await (await deeds("ben")).editTask(key, { title: "Ben’s" });
  await task.button("Save").click();
  await task.conflict.getByRole("link", { name: `take ${names.ben}’s version` }).click();
  await expect(task.field("Title")).toHaveValue("Ben’s");
});

test("a task that cannot be deleted keeps what is typed in it", async ({ page, team, board: made, deeds }) => {
  const task = await new TaskPage(page, team, await (await deeds("ana")).createTask(made, "Stays")).open();
  await task.field("Title").fill("Half ty");
  await page.route("**/delete_task", (route) => route.abort("internetdisconnected"));
  await task.button("Delete").click();
  await expect(page.getByRole("alert").filter({ hasText: "was not deleted" })).toBeVisible();
  await page.getByRole("link", { name: "Boards", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Boards" })).toBeVisible();
  await task.open();
  await expect(task.field("Title")).toHaveValue("Half ty");
});

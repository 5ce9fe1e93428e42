import { devices, type Page } from "@playwright/test";

import { expectAccessible } from "./support/axe";
import { BoardPage } from "./support/board";
import { pressInOneGo } from "./support/keys";
import { expectNoSidewaysScroll } from "./support/overflow";
import { TaskPage } from "./support/task";
import { expect, names, test, visit, type Board, type Deeds } from "./support/team";

// A task that is opened from its board lies over it; anywhere else it is the page.

const panel = (page: Page, key: string) => page.getByRole("dialog", { name: key, exact: true });
const heading = (page: Page) => page.getByRole("heading", { level: 1 });

/** Marks the board's element, which no other would carry. */
async function mark(page: Page) {
  await page.locator(".board").evaluate((board) => board.setAttribute("data-kept", ""));
}

const expectKept = (page: Page) => expect(page.locator(".board[data-kept]")).toHaveCount(1);

/** A board with so many tasks in its first column, and the last of them opened. */
async function openLast(page: Page, made: Board, deeds: Deeds, tasks = 2) {
  for (let number = 1; number < tasks; number++) await deeds.createTask(made, `Task ${number}`);
  const key = await deeds.createTask(made, "Last");
  const board = await new BoardPage(page, made).open();
  await mark(page);
  await board.link("Last").click();
  await expect(panel(page, key)).toBeVisible();
  return { board, key };
}

test("a task opens over its board, which is as it was when one comes back", async ({ page, team, board: made, deeds }) => {
  const loads: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("load_board")) loads.push(request.url());
  });
  // More than the window shows.
  const { board, key } = await openLast(page, made, await deeds("ana"), 25);
  await expect(page).toHaveURL(new RegExp(`${team.path}/tasks/${key}$`));
  await expect(page).toHaveTitle(new RegExp(`^${key} Last`));
  await expect(heading(page)).toHaveText(`${key} Last`);
  await expect(page.locator("h1")).toHaveCount(1);
  await expect(board.link("Task 1"), "what lies below is not for assistive technology").toHaveCount(0);
  const scrolled = () => page.locator(".column-scroll").first().evaluate((column) => column.scrollTop);
  const place = await scrolled();
  expect(place).toBeGreaterThan(0);

  for (const back of [() => page.keyboard.press("Escape"), () => page.goBack(), () => page.getByRole("button", { name: "Close" }).click()]) {
    await back();
    await expect(panel(page, key)).toHaveCount(0);
    await expect(page).toHaveURL(new RegExp(`${made.path}$`));
    await expect(page).toHaveTitle(new RegExp(`^${made.name}`));
    await expect(heading(page)).toHaveText(made.name);
    await expect(board.link("Last")).toBeFocused();
    await expectKept(page);
    await expect.poll(scrolled).toBe(place);
    await page.keyboard.press("Enter");
    await expect(panel(page, key)).toBeVisible();
  }
  expect(loads).toEqual([]);
});

test("a click beside the panel closes it, and Forward opens it again", async ({ page, board: made, deeds }) => {
  const { board, key } = await openLast(page, made, await deeds("ana"));
  await page.mouse.click(60, 500);
  await expect(panel(page, key)).toHaveCount(0);
  await expect(board.link("Last")).toBeFocused();
  await page.goForward();
  await expect(panel(page, key)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(panel(page, key)).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`${made.path}$`));
  await expect(board.link("Last")).toBeFocused();
  await expectKept(page);
});

test("the link to the board leads back to it as it was", async ({ page, board: made, deeds }) => {
  const { key } = await openLast(page, made, await deeds("ana"));
  await panel(page, key).getByRole("link", { name: made.name }).click();
  await expect(panel(page, key)).toHaveCount(0);
  await expectKept(page);
  await page.goForward();
  await expect(panel(page, key), "it was a step back").toBeVisible();
});

test("a task that is loaded directly, or opened from elsewhere, is the page", async ({ page, team, board: made, deeds }) => {
  const ana = await deeds("ana");
  const key = await ana.createTask(made, "Held by Ana");
  await ana.claimTask(key);
  await new TaskPage(page, team, key).open();
  await expect(heading(page)).toHaveText(`${key} Held by Ana`);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.locator(".board")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(heading(page)).toHaveText(`${key} Held by Ana`);

  await visit(page, team.path);
  await page.getByRole("link", { name: "Held by Ana" }).click();
  await expect(heading(page)).toHaveText(`${key} Held by Ana`);
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await page.getByRole("link", { name: made.name }).click();
  await expect(heading(page)).toHaveText(made.name);
  await expect(page.getByRole("link", { name: "Held by Ana" })).toBeVisible();
  await page.reload();
  await expect(heading(page)).toHaveText(made.name);
});

test("what is saved and claimed in the panel is on the card, without loading anything again", async ({ page, team, board: made, deeds }) => {
  const { board, key } = await openLast(page, made, await deeds("ben"));
  const task = new TaskPage(page, team, key);
  await task.field("Title").fill("Last, said better");
  await task.field("Priority").selectOption({ label: "Urgent" });
  await task.save();
  await task.button("Claim").click();
  await expect(task.chosen("Assignee")).toHaveText(names.ana);
  await expect(task.button("Undo")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(task.field("Assignee"), "Escape leaves the field first").not.toBeFocused();
  await page.keyboard.press("Escape");
  const card = board.card("In progress", "Last, said better");
  await expect(card).toContainText("Urgent");
  await expect(card).toContainText(names.ana);
  await expect(board.link("Last, said better")).toBeFocused();
  await expectKept(page);
});

test("the board changes live below the panel", async ({ page, board: made, deeds }) => {
  const ben = await deeds("ben");
  const { board, key } = await openLast(page, made, ben);
  await ben.createTask(made, "Added meanwhile", "Done");
  await expect(page.locator(".card", { hasText: "Added meanwhile" })).toBeAttached();
  await expect(panel(page, key)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(board.card("Done", "Added meanwhile")).toBeVisible();
  await expectKept(page);
});

test("a board whose columns change below the panel is made anew, and the panel stays", async ({ page, board: made, deeds }) => {
  const ben = await deeds("ben");
  const { board, key } = await openLast(page, made, ben);
  await ben.limitColumn(made, "In progress", 2);
  await expect(page.locator(".count", { hasText: "/ 2" })).toBeAttached();
  await expect(panel(page, key)).toBeVisible();
  await expect(page).toHaveTitle(new RegExp(`^${key}`));
  await expect(heading(page)).toHaveText(`${key} Last`);
  await page.keyboard.press("Escape");
  await expect(board.link("Last")).toBeFocused();
  await expect(page).toHaveTitle(new RegExp(`^${made.name}`));
});

test("what was typed is there when the panel is opened again", async ({ page, team, board: made, deeds }) => {
  const key = await (await deeds("ana")).createTask(made, "Half done");
  await (await deeds("ana")).addComment(key, "Said before");
  const board = await new BoardPage(page, made).open();
  await board.link("Half done").click();
  const task = new TaskPage(page, team, key);
  const own = task.history.locator(".own-comment");
  await task.field("Title").fill("Half a title");
  await own.locator("summary").click();
  await own.getByLabel("Text").fill("Said bet");
  await task.field("Comment").fill("Half a comm");
  await page.keyboard.press("Escape");
  await expect(task.field("Comment")).not.toBeFocused();
  await expect(panel(page, key)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(panel(page, key)).toHaveCount(0);

  await board.link("Half done").click();
  await expect(task.field("Title")).toHaveValue("Half a title");
  await expect(task.field("Comment")).toHaveValue("Half a comm");
  await expect(own.getByLabel("Text")).toHaveValue("Said bet");
  await task.button("Add comment").click();
  await expect(task.status).toContainText("Comment added.");
  await own.first().getByRole("button", { name: "Cancel" }).click();
  await page.keyboard.press("Escape");
  await board.link("Half done").click();
  await expect(task.history).toContainText("Half a comm");
  await expect(task.field("Comment")).toHaveValue("");
  await expect(own.first().getByLabel("Text")).toBeHidden();
});

test("deleting closes the panel, and Undo brings the card back", async ({ page, team, board: made, deeds }) => {
  const { board, key } = await openLast(page, made, await deeds("ana"));
  const task = new TaskPage(page, team, key);
  await task.button("Delete").click();
  await expect(panel(page, key)).toHaveCount(0);
  await expect(task.status).toContainText(`${key} deleted.`);
  await expect(board.link("Last")).toHaveCount(0);
  await expect(heading(page)).toHaveText(made.name);
  await task.button("Undo").click();
  await expect(board.link("Last")).toBeVisible();
  await expectKept(page);
});

test("a link to another task of the board changes what the panel shows; another board’s leaves it", async ({ page, team, board: made, deeds }) => {
  const ana = await deeds("ana");
  const other = await ana.createTask(made, "The other one");
  const key = await ana.createTask(made, "The first one");
  await ana.editTask(key, { description: `See [that one](${team.baseURL}${team.path}/tasks/${other})` });
  await ana.editTask(other, { description: `See [elsewhere](${team.baseURL}${team.path}/tasks/WEB-30)` });
  const board = await new BoardPage(page, made).open();
  await mark(page);
  await board.link("The first one").click();
  await page.getByRole("link", { name: "that one" }).click();
  await expect(panel(page, other)).toBeVisible();
  await expect(heading(page)).toHaveText(`${other} The other one`);
  await expect(panel(page, other)).toBeFocused();
  await page.goBack();
  await expect(panel(page, key)).toBeVisible();
  await page.goForward();
  await expect(panel(page, other)).toBeVisible();
  await expectKept(page);
  await page.keyboard.press("Escape");
  await expect(heading(page)).toHaveText(made.name);
  await expect(page).toHaveURL(new RegExp(`${made.path}$`));
  await expectKept(page);

  await board.link("The other one").click();
  await page.getByRole("link", { name: "elsewhere" }).click();
  await expect(heading(page)).toHaveText(/^WEB-30 /);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.locator(".board")).toHaveCount(0);
});

test("the board’s keys are silent below the panel, the task’s and the team’s work in it", async ({ page, team, board: made, deeds }) => {
  const { board, key } = await openLast(page, made, await deeds("ben"));
  const task = new TaskPage(page, team, key);
  await expect(panel(page, key)).toBeFocused();
  for (const silent of ["j", "c", "ArrowLeft", "Alt+ArrowRight"]) await page.keyboard.press(silent);
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(panel(page, key)).toBeFocused();
  for (const [key, field] of [["m", "Column"], ["a", "Assignee"]] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole("menu"), "it is the task's own field, not the board's menu").toHaveCount(0);
    await expect(task.field(field)).toBeFocused();
    await page.keyboard.press("Escape");
  }
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toHaveCount(0);
  await expect(panel(page, key), "Escape closes what lies above first").toBeVisible();
  await page.keyboard.press("i");
  await expect(task.chosen("Assignee")).toHaveText(names.ana);
  await page.keyboard.press("e");
  await expect(task.field("Description")).toBeFocused();
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "Search" })).toBeFocused();
  await page.keyboard.press("Escape");
  await pressInOneGo(page, ["g", "n"]);
  await expect(heading(page)).toHaveText("Now");
  await page.goBack();
  await expect(heading(page)).toHaveText(`${key} Last`);
  await expect(board.link("Last")).toHaveCount(0);
});

test("e on a card opens its task with the focus in the title", async ({ page, team, board: made, deeds }) => {
  const key = await (await deeds("ana")).createTask(made, "To be said better");
  const board = await new BoardPage(page, made).open();
  await board.link("To be said better").focus();
  await page.keyboard.press("e");
  await expect(panel(page, key)).toBeVisible();
  await expect(new TaskPage(page, team, key).field("Title")).toBeFocused();
});

test("Tab never leads to what lies below the panel", async ({ page, board: made, deeds }) => {
  const { key } = await openLast(page, made, await deeds("ana"));
  await expect(panel(page, key)).toBeFocused();
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.closest(".board-page") === null)).toBe(true);
  }
});

test("who looks at the task in the panel is seen at the task, and at the board again afterwards", async ({ page, openAs, team, board: made, deeds }) => {
  const { board, key } = await openLast(page, made, await deeds("ana"));
  await board.page.keyboard.press("Escape");
  const ben = await openAs("ben");
  await new BoardPage(ben, made).open();
  const here = ben.getByRole("list", { name: "Also here" });
  await expect(here).toContainText(names.ana);
  await board.link("Last").click();
  await expect(here).toHaveCount(0);
  await new TaskPage(ben, team, key).open();
  await expect(here).toContainText(names.ana);
  await page.keyboard.press("Escape");
  await expect(here).toHaveCount(0);
  await new BoardPage(ben, made).open();
  await expect(here).toContainText(names.ana);
});

test("axe finds nothing in the panel, in light and dark", async ({ page, team }) => {
  await visit(page, `${team.path}/boards/WEB`);
  await page.locator(".card-title").first().click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page);
});

test("what goes wrong with a task is said in the panel, and the board is still there", async ({ page, board: made, deeds }) => {
  await (await deeds("ana")).createTask(made, "Out of reach");
  const board = await new BoardPage(page, made).open();
  await mark(page);
  const refusal = { code: "not_found", message: "Not found." };
  await page.route("**/load_task", (route) => route.fulfill({ status: 404, json: refusal }));
  await board.link("Out of reach").click();
  await expect(heading(page)).toHaveText("Not found");
  await page.keyboard.press("Escape");
  await expect(heading(page)).toHaveText(made.name);
  await expect(board.link("Out of reach")).toBeFocused();
  await expectKept(page);
});

test.describe("in a phone’s window", () => {
  test.use({ viewport: devices["Pixel 7"].viewport });

  test("the panel is as wide as the window @phone", async ({ page, team, board: made, deeds }) => {
    const key = await (await deeds("ben")).createTask(made, "In the hand");
    const board = await new BoardPage(page, made).open();
    await mark(page);
    await board.link("In the hand").click();
    const task = new TaskPage(page, team, key);
    await expect(task.button("Claim")).toBeInViewport();
    const box = () => panel(page, key).boundingBox();
    await expect.poll(box).toMatchObject({ x: 0, width: devices["Pixel 7"].viewport.width });
    await expectNoSidewaysScroll(page, "the panel");
    await task.button("Claim").click();
    await expect(task.chosen("Assignee")).toHaveText(names.ana);
    await page.getByRole("button", { name: "Close" }).click();
    await expect(heading(page)).toHaveText(made.name);
    await expect(page.locator(".column", { hasText: "In progress" }).locator(".card")).toContainText(names.ana);
    await expectKept(page);
  });
});

import type { Page } from "@playwright/test";

import { BoardPage } from "./support/board";
import { expect, names, test } from "./support/team";

/** Lets somebody else be quicker than a request of this page. */
async function meanwhile(page: Page, action: string, deed: () => Promise<unknown>) {
  await page.route(`**/${action}`, async (route) => {
    await deed();
    await route.continue();
  });
}

test("the field for a new task stays ready, and the card shows at once", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/create_task", async (route) => {
    await held;
    await route.continue();
  });
  await board.newTask("To do").fill("Quick");
  await board.newTask("To do").press("Enter");
  await expect(board.link("Quick")).toBeVisible();
  await expect(board.newTask("To do")).toBeFocused();
  await expect(board.newTask("To do")).toHaveValue("");
  answer();
  await expect(board.status).toContainText(`${made.key}-1 added.`);
});

test("tasks typed faster than the server answers all arrive, in their order", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  const titles = ["One", "Two", "Three", "Four", "Five", "Six"];
  await board.newTask("To do").focus();
  for (const title of titles) {
    await page.keyboard.type(title);
    await page.keyboard.press("Enter");
  }
  await expect(board.titles("To do")).toHaveText(titles);
  await expect(page.locator(".card.pending")).toHaveCount(0);
  await expect(board.column("To do").locator(".task-key")).toHaveText(titles.map((_, index) => `${made.key}-${index + 1}`));
  await board.open();
  await expect(board.titles("To do")).toHaveText(titles);
});

test("a task that cannot be added is taken back, and its title is in the field again", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  const refusal = { code: "conflict", message: "Not today." };
  await page.route("**/create_task", (route) => route.fulfill({ status: 409, json: refusal }));
  await board.newTask("To do").fill("Not lost");
  await board.newTask("To do").press("Enter");
  await expect(board.failure).toContainText("“Not lost” was not added. Not today.");
  await expect(board.link("Not lost")).toHaveCount(0);
  await expect(board.newTask("To do")).toHaveValue("Not lost");
});

test("a failure is an alert only while it is said, and a new one when it comes again in the same words", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  await expect(page.locator("[role=alert]")).toHaveCount(0);
  await page.route("**/create_task", (route) => route.fulfill({ status: 409, json: { code: "conflict", message: "Not today." } }));
  const field = board.newTask("To do");
  await field.fill("Not lost");
  await field.press("Enter");
  await expect(field).toHaveValue("Not lost");
  await board.failure.evaluate((alert) => alert.setAttribute("data-heard", ""));
  await field.press("Enter");
  await expect(page.locator("[data-heard]")).toHaveCount(0);
  await expect(board.failure).toContainText("“Not lost” was not added. Not today.");
  await page.getByRole("button", { name: "Dismiss" }).click();
  await expect(page.locator("[role=alert]")).toHaveCount(0);
});

test("the menu lists the other columns and the places in this one", async ({ page, board: made, deeds }) => {
  await (await deeds("ana")).createTask(made, "Where to");
  const board = await new BoardPage(page, made).open();
  await board.card("To do", "Where to").getByRole("button", { name: "Move" }).click();
  await expect(board.menu.getByRole("menuitem")).toHaveText(["In progress", "Done", "Up", "Down", "To the top", "To the bottom"]);
});

test("a move is announced once", async ({ page, board: made, deeds }) => {
  const key = await (await deeds("ana")).createTask(made, "Heard");
  const board = await new BoardPage(page, made).open();
  await board.move("To do", "Heard", "In progress");
  await expect(board.status).toHaveText(`${key} moved to In progress.`);
});

test("cards change places inside a column, and keep them", async ({ page, board: made, deeds }) => {
  const ana = await deeds("ana");
  for (const title of ["A", "B", "C"]) await ana.createTask(made, title);
  const board = await new BoardPage(page, made).open();
  const shift = async (title: string, item: string, titles: string[]) => {
    await board.card("To do", title).getByRole("button", { name: "Move" }).click();
    await board.menu.getByRole("menuitem", { name: item, exact: true }).click();
    await expect(board.titles("To do")).toHaveText(titles);
    await expect(page.locator(".card.pending")).toHaveCount(0);
  };
  await shift("C", "Up", ["A", "C", "B"]);
  await shift("A", "Down", ["C", "A", "B"]);
  await shift("B", "To the top", ["B", "C", "A"]);
  await shift("B", "To the bottom", ["C", "A", "B"]);
  await board.open();
  await expect(board.titles("To do")).toHaveText(["C", "A", "B"]);
});

test("a click beside the menu closes it and changes nothing", async ({ page, board: made, deeds }) => {
  await (await deeds("ana")).createTask(made, "Stays");
  const board = await new BoardPage(page, made).open();
  await board.card("To do", "Stays").getByRole("button", { name: "Move" }).click();
  await expect(board.menu).toBeVisible();
  await page.mouse.click(5, 400);
  await expect(board.menu).toHaveCount(0);
  await expect(board.card("To do", "Stays")).toBeVisible();
});

test("a refused move is taken back with an explanation", async ({ page, board: made, deeds }) => {
  const ana = await deeds("ana");
  for (const title of ["Before", "Gone", "After"]) await ana.createTask(made, title);
  const board = await new BoardPage(page, made).open();
  const ben = await deeds("ben");
  await meanwhile(page, "move_task", () => ben.removeColumn(made, "Done"));
  await board.move("To do", "Gone", "Done");
  await expect(board.failure).toContainText("was not moved.");
  await expect(board.titles("To do")).toHaveText(["Before", "Gone", "After"]);
});

test("a claim that comes second is taken back and says who was first", async ({ page, board: made, deeds }) => {
  const key = await (await deeds("ana")).createTask(made, "Wanted by two");
  const board = await new BoardPage(page, made).open();
  const ben = await deeds("ben");
  await meanwhile(page, "claim_task", () => ben.claimTask(key));
  await board.card("To do", "Wanted by two").getByRole("button", { name: "Claim" }).click();
  await expect(board.failure).toContainText(`${key} was not claimed.`);
  await expect(board.failure).toContainText(names.ben);
  await expect(page.locator(".card", { hasText: "Wanted by two" }), "it is not shown as one’s own").not.toContainText(names.ana);
});

test("moving a task that somebody deleted is refused with an explanation", async ({ page, board: made, deeds }) => {
  const ana = await deeds("ana");
  const key = await ana.createTask(made, "Soon gone");
  const board = await new BoardPage(page, made).open();
  const ben = await deeds("ben");
  await meanwhile(page, "move_task", () => ben.deleteTask(key));
  await board.move("To do", "Soon gone", "Done");
  await expect(board.failure).toContainText(`${key} was not moved.`);
});

test("what was done on a task’s page is on the board when one goes back", async ({ page, board: made, deeds }) => {
  await (await deeds("ana")).createTask(made, "Before");
  const board = await new BoardPage(page, made).open();
  await board.link("Before").click();
  await page.getByLabel("Title", { exact: true }).fill("After");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(board.status).toContainText("Task saved.");
  await page.goBack();
  await expect(board.card("To do", "After")).toBeVisible();
});

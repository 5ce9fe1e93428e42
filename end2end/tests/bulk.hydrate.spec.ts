import type { Page } from "@playwright/test";

import { expectAccessible } from "./support/axe";
import { BoardPage } from "./support/board";
import { expectNoSidewaysScroll } from "./support/overflow";
import { expect, follow, names, test, visit, type Board, type Deeds } from "./support/team";

const titles = ["A", "B", "C", "D", "E"];

async function filled(ana: Deeds, board: Board) {
  const keys: string[] = [];
  for (const title of titles) keys.push(await ana.createTask(board, title));
  return keys;
}

async function expectChosen(board: BoardPage, chosen: string[]) {
  for (const title of titles) await expect(board.choice(title), title).toBeChecked({ checked: chosen.includes(title) });
  if (chosen.length > 0) await expect(board.selected).toContainText(`${chosen.length} selected`);
  else await expect(board.selected).toHaveCount(0);
}

/** Waits until everything that was asked for is answered. */
const settled = (page: Page) => expect(page.locator(".card.pending")).toHaveCount(0);

test("clicks with a modifier select, and one move takes all along on every screen", async ({ page, openAs, board: made, deeds }) => {
  await filled(await deeds("ana"), made);
  const theirs = await new BoardPage(await openAs("ben"), made).open();
  const board = await new BoardPage(page, made).open();
  await board.link("B").click({ modifiers: ["ControlOrMeta"] });
  await board.link("D").click({ modifiers: ["Shift"] });
  await expectChosen(board, ["B", "C", "D"]);
  await board.link("C").click({ modifiers: ["Shift"] });
  await expectChosen(board, ["B", "C"]);
  await board.link("E").click({ modifiers: ["ControlOrMeta"] });
  await board.link("C").click({ modifiers: ["ControlOrMeta"] });
  await board.choice("A").click();
  await expectChosen(board, ["A", "B", "E"]);
  expect(page.url(), "no task was opened").toContain(made.path);

  await board.selected.getByRole("button", { name: "Move" }).click();
  await expect(board.menu.getByRole("menuitem")).toHaveText(["To do", "In progress", "Done"]);
  await board.menu.getByRole("menuitem", { name: "In progress" }).click();
  await expect(board.titles("In progress")).toHaveText(["A", "B", "E"]);
  await expect(board.status).toContainText("3 tasks moved to In progress.");
  await expect(theirs.titles("In progress")).toHaveText(["A", "B", "E"]);
  await expect(theirs.page.getByText(`${names.ana} moved 3 tasks to In progress.`)).toBeAttached();
  await expectChosen(board, ["A", "B", "E"]);
  await settled(page);

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(board.titles("To do")).toHaveText(titles);
  await expect(theirs.titles("To do")).toHaveText(titles);
  await expect(board.status).toContainText("3 tasks are back as they were.");
});

test("the keyboard alone selects, moves and takes back", async ({ page, board: made, deeds }) => {
  await filled(await deeds("ana"), made);
  const board = await new BoardPage(page, made).open();
  await board.link("A").focus();
  await page.keyboard.press("x");
  await expectChosen(board, ["A"]);
  await expect(page.locator(".visually-hidden", { hasText: "1 selected" })).toBeAttached();
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+J");
  await expectChosen(board, ["A", "B", "C"]);
  await page.keyboard.press("Shift+ArrowUp");
  await expectChosen(board, ["A", "B"]);
  await expect(board.link("B")).toBeFocused();
  await page.keyboard.press("m");
  await expect(board.menu.getByRole("menuitem").first()).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(board.titles("Done"), "what is finished together has no order of its own").toHaveCount(2);
  await expect(board.status).toContainText("2 tasks moved to Done.");
  await expect(board.selected.getByRole("button", { name: "Move" })).toBeFocused();

  await page.keyboard.press("Escape");
  await expectChosen(board, []);
  await board.link("C").focus();
  await page.keyboard.press("ControlOrMeta+a");
  await expectChosen(board, ["C", "D", "E"]);
  await page.keyboard.press(".");
  await expect(board.selected.getByRole("button", { name: "Move" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expectChosen(board, []);
  await expect(board.link("C")).toBeFocused();
});

test("labels, dates and people are given to all at once, and taken again", async ({ page, board: made, deeds }) => {
  await filled(await deeds("ana"), made);
  const board = await new BoardPage(page, made).open();
  const cards = () => board.column("To do").locator(".card").filter({ has: page.getByRole("checkbox", { checked: true }) });
  for (const title of ["A", "C"]) await board.link(title).click({ modifiers: ["ControlOrMeta"] });

  await board.selected.getByRole("button", { name: "Assign" }).click();
  await board.menu.getByRole("menuitem", { name: names.ben }).click();
  await expect(board.status).toContainText(`2 tasks given to ${names.ben}.`);
  await expect(cards().getByText(names.ben)).toHaveCount(2);

  await board.selected.getByRole("button", { name: "Due" }).click();
  await page.getByLabel("Due date").fill("2031-03-02");
  await page.getByRole("button", { name: "Set date" }).click();
  await expect(board.status).toContainText("2 tasks due 2 Mar 2031.");
  await expect(cards().locator("time")).toHaveCount(2);
  await board.selected.getByRole("button", { name: "Due" }).click();
  await page.getByRole("button", { name: "No date" }).click();
  await expect(cards().locator("time")).toHaveCount(0);

  await board.selected.getByRole("button", { name: "Label" }).click();
  await expect(page.getByRole("combobox", { name: "Label" })).toBeFocused();
  await page.keyboard.type("harbour");
  await page.keyboard.press("Enter");
  await expect(board.status).toContainText("2 tasks labelled harbour.");
  await board.selected.getByRole("button", { name: "Label" }).click();
  await page.getByRole("button", { name: "Remove harbour" }).click();
  await expect(board.status).toContainText("2 tasks no longer labelled harbour.");
  await settled(page);
  await expectChosen(board, ["A", "C"]);
});

test("deleting asks first, and comes back as a whole", async ({ page, board: made, deeds }) => {
  await filled(await deeds("ana"), made);
  const board = await new BoardPage(page, made).open();
  await board.link("B").click({ modifiers: ["ControlOrMeta"] });
  await board.link("C").click({ modifiers: ["Shift"] });
  await board.selected.getByRole("button", { name: "Delete" }).click();
  const question = page.getByRole("dialog", { name: "Delete the selected tasks?" });
  await expect(question).toContainText("2 tasks.");
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(board.titles("To do")).toHaveText(titles);
  await board.selected.getByRole("button", { name: "Delete" }).click();
  await question.getByRole("button", { name: "Delete" }).click();
  await expect(board.titles("To do")).toHaveText(["A", "D", "E"]);
  await expect(board.selected).toHaveCount(0);
  await expect(board.link("D"), "the next card has the focus").toBeFocused();
  await expect(board.status).toContainText("2 tasks deleted.");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(board.titles("To do")).toHaveText(titles);
});

test("what one task refuses nobody gets, and it says which", async ({ page, board: made, deeds }) => {
  const keys = await filled(await deeds("ana"), made);
  const board = await new BoardPage(page, made).open();
  const ben = await deeds("ben");
  await page.route("**/change_tasks", async (route) => {
    await ben.moveTask(made, keys[1], "Done");
    await route.continue();
  });
  await board.link("A").click({ modifiers: ["ControlOrMeta"] });
  await board.link("C").click({ modifiers: ["Shift"] });
  await board.selected.getByRole("button", { name: "Move" }).click();
  await board.menu.getByRole("menuitem", { name: "In progress" }).click();
  await expect(board.failure).toContainText(`Nothing was changed. ${keys[1]}: ${names.ben} moved it`);
  await expect(board.titles("To do")).toHaveText(["A", "C", "D", "E"]);
  await expect(board.titles("Done")).toHaveText(["B"]);
  await expectChosen(board, ["A", "B", "C"]);
});

test("an undo leaves alone what somebody else has changed since", async ({ page, board: made, deeds }) => {
  const keys = await filled(await deeds("ana"), made);
  const board = await new BoardPage(page, made).open();
  await board.link("A").click({ modifiers: ["ControlOrMeta"] });
  await board.link("C").click({ modifiers: ["Shift"] });
  await board.selected.getByRole("button", { name: "Move" }).click();
  await board.menu.getByRole("menuitem", { name: "In progress" }).click();
  await expect(board.status).toContainText("3 tasks moved to In progress.");
  await (await deeds("ben")).moveTask(made, keys[1], "Done");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(board.status).toContainText("2 tasks back as before. 1 was changed since and is left so.");
  await expect(board.titles("To do")).toHaveText(["A", "C", "D", "E"]);
  await expect(board.titles("Done")).toHaveText(["B"]);
});

test("without a connection a change of many waits as one, and nothing is deleted", async ({ page, board: made, deeds }) => {
  await filled(await deeds("ana"), made);
  const board = await new BoardPage(page, made).open();
  await board.link("A").click({ modifiers: ["ControlOrMeta"] });
  await board.link("C").click({ modifiers: ["Shift"] });
  await page.context().setOffline(true);
  await board.selected.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(board.failure).toContainText("3 tasks not deleted. The server cannot be reached.");
  await expect(board.titles("To do")).toHaveText(titles);
  await expectChosen(board, ["A", "B", "C"]);
  await board.selected.getByRole("button", { name: "Move" }).click();
  await board.menu.getByRole("menuitem", { name: "Done" }).click();
  await expect(page.getByText("Not sent yet")).toHaveCount(3);
  await expect(page.getByText("One change is kept here")).toBeVisible();
  await page.context().setOffline(false);
  await expect(page.getByText("Not sent yet")).toHaveCount(0);
  await board.open();
  await expect(board.titles("Done")).toHaveCount(3);
});

test("cards stay selected while others work, and leave with the board", async ({ page, board: made, deeds }) => {
  const keys = await filled(await deeds("ana"), made);
  const board = await new BoardPage(page, made).open();
  await board.link("A").click({ modifiers: ["ControlOrMeta"] });
  await board.link("C").click({ modifiers: ["Shift"] });
  const ben = await deeds("ben");
  await ben.moveTask(made, keys[0], "Done");
  await expect(board.card("Done", "A")).toBeVisible();
  await expectChosen(board, ["A", "B", "C"]);
  await ben.deleteTask(keys[1]);
  await expect(board.link("B")).toHaveCount(0);
  await expect(board.selected).toContainText("2 selected");
});

test("what is answered when the board is left is said on the next page, which lives on", async ({ page, team, board: made, deeds }) => {
  await filled(await deeds("ana"), made);
  const board = await new BoardPage(page, made).open();
  let leave = () => {};
  const left = new Promise<void>((resolve) => (leave = resolve));
  await page.route("**/change_tasks", async (route) => {
    await left;
    await route.continue();
  });
  for (const title of ["A", "C"]) await board.link(title).click({ modifiers: ["ControlOrMeta"] });
  await board.selected.getByRole("button", { name: "Assign" }).click();
  await board.menu.getByRole("menuitem", { name: names.ben }).click();
  await follow(page, `${team.path}/people`);
  await expect(page.getByRole("heading", { level: 1, name: "People" })).toBeVisible();
  leave();
  await expect(page.getByRole("status")).toContainText(`2 tasks given to ${names.ben}.`);
  await follow(page, made.path);
  await expect(board.card("To do", "A")).toContainText(names.ben);
});

test.describe("a viewer", () => {
  test.use({ as: "hugo" });

  test("selects nothing", async ({ page, board: made, deeds }) => {
    await filled(await deeds("ana"), made);
    const board = await new BoardPage(page, made).open();
    await expect(page.getByRole("checkbox")).toHaveCount(0);
    await board.link("A").focus();
    await page.keyboard.press("x");
    await page.keyboard.press("Shift+ArrowDown");
    await expect(board.link("A")).toBeFocused();
    await expect(board.selected).toHaveCount(0);
  });
});

test("axe finds nothing in the bar and what it opens", async ({ page, board: made, deeds }) => {
  await filled(await deeds("ana"), made);
  const board = await new BoardPage(page, made).open();
  await board.link("A").click({ modifiers: ["ControlOrMeta"] });
  await board.link("C").click({ modifiers: ["Shift"] });
  await expectAccessible(page);
  await board.selected.getByRole("button", { name: "Move" }).click();
  await expect(board.menu).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  for (const name of ["Label", "Due", "Delete"]) {
    await board.selected.getByRole("button", { name }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(board.selected, "Escape closes the question alone").toBeVisible();
  }
});

test("where there is one column at a time it works as well @phone", async ({ page, team, deeds }) => {
  const ana = await deeds("ana");
  const made = await ana.createBoard();
  await filled(ana, made);
  await visit(page, `${team.path}/boards/${made.key}`);
  const board = new BoardPage(page, made);
  await board.choice("A").click();
  await board.choice("B").click();
  await expectChosen(board, ["A", "B"]);
  await expectNoSidewaysScroll(page, "with two selected");
  await expect(board.selected).toBeInViewport({ ratio: 1 });
  await board.selected.getByRole("button", { name: "Move" }).click();
  await board.menu.getByRole("menuitem", { name: "Done" }).click();
  await expect(board.status).toContainText("2 tasks moved to Done.");
});

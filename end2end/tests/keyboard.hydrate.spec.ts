import type { Page } from "@playwright/test";

import { BoardPage } from "./support/board";
import { TaskPage } from "./support/task";
import { expect, names, test, visit } from "./support/team";

/** Whether what has the focus is marked, by itself or by what it draws over its card. */
async function expectVisibleFocus(page: Page) {
  const isMarked = () => page.evaluate(() => {
    const focused = document.activeElement;
    // The button inside draws its own mark, where no page can look.
    if (focused?.matches("[type=date]")) return true;
    if (!focused || focused === document.body || !focused.matches(":focus-visible")) return false;
    const isDrawn = ({ outlineStyle, outlineWidth }: CSSStyleDeclaration) => outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    return isDrawn(getComputedStyle(focused)) || isDrawn(getComputedStyle(focused, "::after"));
  });
  await expect.poll(isMarked, "the focus is visible").toBe(true);
}

test.describe("on a board", () => {
  let board: BoardPage;

  test.beforeEach(async ({ page, board: made, deeds }) => {
    const ana = await deeds("ana");
    for (const title of ["A", "B", "C"]) await ana.createTask(made, title);
    await ana.createTask(made, "D", "In progress");
    board = await new BoardPage(page, made).open();
  });

  for (const [kind, { down, up, right, left }] of Object.entries({
    letters: { down: "j", up: "k", right: "l", left: "h" },
    arrows: { down: "ArrowDown", up: "ArrowUp", right: "ArrowRight", left: "ArrowLeft" },
  })) {
    test(`${kind} go from card to card, and stop at the ends`, async ({ page }) => {
      await board.link("A").focus();
      for (const [key, title] of [[down, "B"], [down, "C"], [down, "C"], [up, "B"], [right, "D"], [right, "D"], [left, "A"], [left, "A"], [up, "A"]]) {
        await page.keyboard.press(key);
        await expect(board.link(title)).toBeFocused();
        await expectVisibleFocus(page);
      }
    });
  }

  test("Tab leads from the address to the first card, and the focus is visible on the way", async ({ page }) => {
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press("Tab");
      await expectVisibleFocus(page);
      if (await board.link("A").evaluate((link) => link === document.activeElement)) return;
    }
    throw new Error("Tab does not reach the first card");
  });

  test("m opens the menu, Escape closes it, and the focus returns to the card", async ({ page }) => {
    await board.link("B").focus();
    await page.keyboard.press("m");
    await expect(board.menu.getByRole("menuitem").first()).toBeFocused();
    await expectVisibleFocus(page);
    await page.keyboard.press("Escape");
    await expect(board.menu).toHaveCount(0);
    await expect(board.link("B")).toBeFocused();
    await expectVisibleFocus(page);
    await page.keyboard.press("a");
    await expect(board.menu.getByRole("menuitem").first()).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(board.link("B")).toBeFocused();
    await page.keyboard.press("j");
    await expect(board.link("C")).toBeFocused();
  });

  test("the menu that its button opens gives the focus back to the button", async ({ page }) => {
    const button = board.card("To do", "B").getByRole("button", { name: "Move" });
    await button.press("Enter");
    await expect(board.menu.getByRole("menuitem").first()).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(board.menu).toHaveCount(0);
    await expect(button).toBeFocused();
  });

  test("the menu is walked by arrows, Home and End, in a circle", async ({ page }) => {
    await board.link("B").focus();
    await page.keyboard.press("m");
    for (const [key, item] of [["ArrowDown", "Done"], ["Home", "In progress"], ["ArrowUp", "To the bottom"], ["ArrowDown", "In progress"], ["End", "To the bottom"]]) {
      await page.keyboard.press(key);
      await expect(board.menu.getByRole("menuitem", { name: item, exact: true })).toBeFocused();
      await expectVisibleFocus(page);
    }
  });

  test("a card that is moved by the menu keeps the focus", async ({ page }) => {
    await board.link("B").focus();
    await page.keyboard.press("m");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(board.card("Done", "B")).toBeVisible();
    await expect(board.link("B")).toBeFocused();
    await expectVisibleFocus(page);
  });

  test("Alt and the arrows carry a card, which keeps the focus", async ({ page, board: { key } }) => {
    await board.link("B").focus();
    await page.keyboard.press("Alt+ArrowUp");
    await expect(board.titles("To do")).toHaveText(["B", "A", "C"]);
    await expect(board.link("B")).toBeFocused();
    await page.keyboard.press("Alt+ArrowRight");
    await expect(board.titles("In progress")).toHaveText(["D", "B"]);
    await expect(board.link("B")).toBeFocused();
    await expect(board.status).toContainText(`${key}-2 moved to In progress.`);
    // There is no place further down, so nothing is said to have happened.
    await page.keyboard.press("Alt+ArrowDown");
    await page.keyboard.press("Alt+ArrowUp");
    await expect(board.titles("In progress")).toHaveText(["B", "D"]);
    // Until the server has answered Undo is that of the move before.
    await expect(board.status).toContainText(`${key}-2 moved inside In progress.`);
    await page.keyboard.press("Alt+ArrowUp");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(board.titles("In progress"), "one move was undone, not a step that led nowhere").toHaveText(["D", "B"]);
  });

  test("i claims, and the card keeps the focus", async ({ page }) => {
    await board.link("C").focus();
    await page.keyboard.press("i");
    await expect(board.card("In progress", "C")).toContainText(names.ana);
    await expect(board.link("C")).toBeFocused();
    await expect(board.status).toContainText("is yours.");
  });

  test("c leads to the field for a new task of the card’s column", async ({ page }) => {
    await board.link("D").focus();
    await page.keyboard.press("c");
    await expect(board.newTask("In progress")).toBeFocused();
    await expect(board.newTask("In progress")).toHaveValue("");
    await expectVisibleFocus(page);
  });

  test("letters that are typed into a field are only letters", async ({ page }) => {
    await board.newTask("To do").focus();
    await page.keyboard.type("mickey j/k?");
    await expect(board.newTask("To do")).toHaveValue("mickey j/k?");
    await expect(board.menu).toHaveCount(0);
    await expect(board.newTask("To do")).toBeFocused();
  });

  test("Enter opens a card, and the focus is on it again after going back", async ({ page }) => {
    await board.link("B").focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Save" })).toBeVisible();
    await page.goBack();
    await expect(board.link("B")).toBeFocused();
  });

  test("a viewer walks over the cards, and the keys that change do nothing", async ({ board: made, openAs }) => {
    const hugo = await openAs("hugo");
    const seen = await new BoardPage(hugo, made).open();
    await seen.link("A").focus();
    for (const key of ["m", "i", "c", "Alt+ArrowRight"]) await hugo.keyboard.press(key);
    await expect(seen.link("A")).toBeFocused();
    await hugo.keyboard.press("j");
    await expect(seen.link("B")).toBeFocused();
    await expect(seen.titles("To do")).toHaveText(["A", "B", "C"]);
    await expect(seen.menu).toHaveCount(0);
  });
});

test.describe("on a task", () => {
  test("e leads to the description, and i claims", async ({ page, team, board, deeds }) => {
    const task = await new TaskPage(page, team, await (await deeds("ana")).createTask(board, "Keys")).open();
    await page.keyboard.press("i");
    await expect(task.chosen("Assignee")).toHaveText(names.ana);
    await page.keyboard.press("e");
    await expect(task.field("Description")).toBeFocused();
    await expectVisibleFocus(page);
    await page.keyboard.type("ie");
    await expect(task.field("Description")).toHaveValue("ie");
  });

  test("everything is reached by Tab, and the focus is visible on the way", async ({ page, team, board, deeds }) => {
    const task = await new TaskPage(page, team, await (await deeds("ana")).createTask(board, "Tabs")).open();
    const missed = new Set(["Title", "Description", "Assignee", "Column", "Due date", "Priority", "Labels", "Save", "Claim", "Delete", "Comment", "Add comment"]);
    for (let presses = 0; missed.size > 0 && presses < 40; presses++) {
      await page.keyboard.press("Tab");
      await expectVisibleFocus(page);
      const name = await page.evaluate(() => {
        const focused = document.activeElement as HTMLInputElement | null;
        return focused?.labels?.[0]?.textContent ?? focused?.textContent;
      });
      missed.delete(name ?? "");
    }
    expect([...missed]).toEqual([]);
    await expect(task.button("Add comment")).toBeFocused();
  });
});

test("the skip link is the first thing, and leads to the content", async ({ page, team }) => {
  await visit(page, `${team.path}/boards`);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeInViewport();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("main").locator(":focus")).toHaveCount(1);
});

test("the dialog for a new board takes the focus, and gives it back on Escape", async ({ page, team }) => {
  await visit(page, `${team.path}/boards`);
  const opener = page.getByRole("button", { name: "New board" });
  await opener.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Board name", { exact: true })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(opener).toBeFocused();
  await expectVisibleFocus(page);
});

test("a question before a removal takes the focus, and gives it back on Escape", async ({ page, team }) => {
  await visit(page, `${team.path}/people`);
  const opener = page.getByRole("button", { name: "Remove", exact: true }).first();
  await opener.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(dialog.locator(":focus")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(opener).toBeFocused();
});

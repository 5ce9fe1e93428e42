import type { Locator, Page } from "@playwright/test";

import { expectAccessible } from "./support/axe";
import { BoardPage } from "./support/board";
import { expect, names, test, visit, type Board, type Deeds } from "./support/team";

async function filled(ana: Deeds, board: Board) {
  for (const title of ["A", "B", "C"]) await ana.createTask(board, title);
  await ana.createTask(board, "D", "In progress");
}

const boxOf = async (element: Locator) => (await element.boundingBox())!;

/** Takes a card by the mouse to a point, and does not let go. */
async function dragTo(page: Page, card: Locator, x: number, y: number) {
  const from = await boxOf(card);
  await page.mouse.move(from.x + 30, from.y + 12);
  await page.mouse.down();
  await page.mouse.move(x, y, { steps: 6 });
  await expect(page.locator(".board")).toHaveAttribute("data-dragging");
}

/** The point in the upper or lower part of a card. */
async function part(card: Locator, which: "upper" | "lower"): Promise<[number, number]> {
  const { x, y, width, height } = await boxOf(card);
  return [x + width / 2, which === "upper" ? y + 4 : y + height - 4];
}

const said = (page: Page) => page.locator(".drag-layer [aria-live]");
const mark = (page: Page) => page.locator(".drop-mark");
const settled = (page: Page) => expect(page.locator(".card.pending")).toHaveCount(0);

async function expectNothingLifted(page: Page) {
  await expect(mark(page)).toBeHidden();
  await expect(page.locator("[data-dragging], [data-lifted], [data-target], .picture")).toHaveCount(0);
}

test.describe("with the toggle on", () => {
  let board: BoardPage;

  test.beforeEach(async ({ page, board: made, deeds }) => {
    const ana = await deeds("ana");
    await ana.changeToggle("drag_and_drop", "on");
    await filled(ana, made);
    board = await new BoardPage(page, made).open();
  });

  // The other tests of this worker have the team as they expect it.
  test.afterEach(async ({ deeds }) => {
    await (await deeds("ana")).changeToggle("drag_and_drop", "off");
  });

  test("a mouse takes a card to its place, inside a column and to another, on every screen", async ({ page, openAs, board: made }) => {
    const theirs = await new BoardPage(await openAs("ben"), made).open();
    await dragTo(page, board.card("To do", "A"), ...(await part(board.card("To do", "C"), "lower")));
    await expect(mark(page)).toBeVisible();
    await expect(board.titles("To do"), "nothing moves before it is put down").toHaveText(["A", "B", "C"]);
    await page.mouse.up();
    await expect(board.titles("To do")).toHaveText(["B", "C", "A"]);
    await expect(theirs.titles("To do")).toHaveText(["B", "C", "A"]);
    await expectNothingLifted(page);

    await dragTo(page, board.card("To do", "C"), ...(await part(board.card("In progress", "D"), "upper")));
    await page.mouse.up();
    await expect(board.titles("In progress")).toHaveText(["C", "D"]);
    await expect(theirs.titles("In progress")).toHaveText(["C", "D"]);
    await expect(theirs.page.getByText(`${names.ana} moved ${made.key}-3 to In progress.`)).toBeAttached();
    await expect(board.status).toContainText(`${made.key}-3 moved to In progress.`);
    await expect(board.link("C")).toBeFocused();
    expect(page.url(), "no task was opened").toContain(made.path);

    await page.getByRole("button", { name: "Undo" }).click();
    await expect(board.titles("To do")).toHaveText(["B", "C", "A"]);
    await settled(page);
    await board.open();
    await expect(board.titles("To do")).toHaveText(["B", "C", "A"]);
  });

  test("what is finished comes first, and an empty column takes a card", async ({ page }) => {
    const { x, y, width } = await boxOf(board.column("Done"));
    await dragTo(page, board.card("To do", "A"), x + width / 2, y + 60);
    await page.mouse.up();
    await expect(board.titles("Done")).toHaveText(["A"]);
    await dragTo(page, board.card("To do", "B"), ...(await part(board.card("Done", "A"), "lower")));
    await page.mouse.up();
    await expect(board.titles("Done")).toHaveText(["B", "A"]);
    await dragTo(page, board.card("Done", "B"), ...(await part(board.card("Done", "A"), "lower")));
    await page.mouse.up();
    await expect(board.titles("Done")).toHaveText(["B", "A"]);
    await expect(said(page)).toHaveText("The card is where it was.");
  });

  test("a card lies where it was put before the server has answered, and back where it was when it is refused", async ({ page, board: made }) => {
    let answer = () => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    // Not a conflict, after which the board would be read again: the page has to know by itself where the card was.
    const refusal = { code: "forbidden", message: "Not today." };
    await page.route("**/move_task", async (route) => {
      await held;
      await route.fulfill({ status: 403, json: refusal });
    });
    await dragTo(page, board.card("To do", "B"), ...(await part(board.card("In progress", "D"), "upper")));
    const asked = page.waitForRequest("**/move_task");
    await page.mouse.up();
    await asked;
    await expect(board.titles("In progress")).toHaveText(["B", "D"]);
    await expect(board.titles("To do")).toHaveText(["A", "C"]);
    await expect(page.locator(".card.pending")).toHaveCount(1);
    await expectNothingLifted(page);

    answer();
    await expect(board.failure).toContainText(`${made.key}-2 was not moved. Not today.`);
    await expect(board.titles("To do")).toHaveText(["A", "B", "C"]);
    await expect(board.titles("In progress")).toHaveText(["D"]);
    await settled(page);
  });

  test("a card that is put down without a connection stays there, and is sent when it is back", async ({ page, context }) => {
    await dragTo(page, board.card("To do", "B"), ...(await part(board.card("In progress", "D"), "upper")));
    // Only now, because the banner that says so comes and goes, and the cards move with it.
    await context.setOffline(true);
    await page.mouse.up();
    await expect(board.titles("In progress")).toHaveText(["B", "D"]);
    await expect(board.card("In progress", "B")).toContainText("Not sent yet");
    await context.setOffline(false);
    await expect(page.getByText("Not sent yet")).toHaveCount(0);
    await expect(board.failure).toHaveCount(0);
    await board.open();
    await expect(board.titles("In progress")).toHaveText(["B", "D"]);
    await expect(board.titles("To do")).toHaveText(["A", "C"]);
  });

  test("Escape leaves the card where it was, and so does putting it down there", async ({ page, board: made }) => {
    await dragTo(page, board.card("To do", "A"), ...(await part(board.card("In progress", "D"), "lower")));
    await page.keyboard.press("Escape");
    await expectNothingLifted(page);
    await page.mouse.up();
    await expect(board.titles("To do")).toHaveText(["A", "B", "C"]);
    await expect(board.titles("In progress")).toHaveText(["D"]);

    const [x, y] = await part(board.card("To do", "B"), "upper");
    await dragTo(page, board.card("To do", "B"), x, y + 30);
    await page.mouse.move(x, y + 8);
    await page.mouse.up();
    await expectNothingLifted(page);
    await expect(board.titles("To do")).toHaveText(["A", "B", "C"]);
    expect(page.url(), "no task was opened").toContain(made.path);
  });

  test("a click is still a click, also by a hand that trembles", async ({ page, board: made }) => {
    const { x, y } = await boxOf(board.card("To do", "B"));
    await page.mouse.move(x + 30, y + 12);
    await page.mouse.down();
    await page.mouse.move(x + 32, y + 13);
    await page.mouse.up();
    await expect(page.getByRole("dialog", { name: `${made.key}-2` })).toBeVisible();
  });

  test("a click that follows a dragging opens a task again", async ({ page, board: made }) => {
    await dragTo(page, board.card("To do", "A"), ...(await part(board.card("To do", "B"), "lower")));
    await page.mouse.up();
    await expect(board.titles("To do")).toHaveText(["B", "A", "C"]);
    await board.link("A").click();
    await expect(page.getByRole("dialog", { name: `${made.key}-1` })).toBeVisible();
  });

  test("the keyboard picks a card up, takes it along and puts it down, and says each step", async ({ page, board: made }) => {
    await board.link("A").focus();
    await page.keyboard.press(" ");
    await expect(said(page)).toContainText("A is picked up. To do, place 1 of 3.");
    await page.keyboard.press("ArrowDown");
    await expect(said(page)).toHaveText("To do, place 2 of 3.");
    await page.keyboard.press("ArrowRight");
    await expect(said(page)).toHaveText("In progress, place 2 of 2.");
    await page.keyboard.press("ArrowRight");
    await expect(said(page)).toHaveText("Done, what was finished last first.");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowUp");
    await expect(said(page)).toHaveText("In progress, place 1 of 2.");
    await expect(mark(page)).toBeVisible();
    await page.keyboard.press("m");
    await expect(board.menu, "other keys rest").toHaveCount(0);
    await expect(board.titles("To do")).toHaveText(["A", "B", "C"]);
    await page.keyboard.press(" ");
    await expect(board.titles("In progress")).toHaveText(["A", "D"]);
    await expect(board.status).toContainText(`${made.key}-1 moved to In progress.`);
    await expect(board.link("A")).toBeFocused();
    await expectNothingLifted(page);
    await settled(page);
    await board.open();
    await expect(board.titles("In progress")).toHaveText(["A", "D"]);
  });

  test("a card that is picked up is left by Escape and by going elsewhere, and put down by Enter", async ({ page }) => {
    await board.link("A").focus();
    for (const key of ["Escape", "Tab"]) {
      await page.keyboard.press(" ");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press(key);
      await expect(said(page)).toHaveText("The card is where it was.");
      await expectNothingLifted(page);
      await expect(board.titles("To do")).toHaveText(["A", "B", "C"]);
      await board.link("A").focus();
    }
    await page.keyboard.press(" ");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(board.titles("To do")).toHaveText(["B", "A", "C"]);
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });

  test("nothing is wrong for assistive technology while a card is lifted, and the keys for it are listed", async ({ page }) => {
    await board.link("A").focus();
    await page.keyboard.press(" ");
    await page.keyboard.press("ArrowRight");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await dragTo(page, board.card("To do", "A"), ...(await part(board.card("In progress", "D"), "lower")));
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.mouse.up();
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog").getByRole("region", { name: "With a card picked up" })).toBeVisible();
  });

  test("the menu of Move, and the keys that carry, do what they did", async ({ page }) => {
    await board.move("To do", "A", "In progress");
    await expect(board.titles("In progress")).toHaveText(["D", "A"]);
    await expect(board.link("A")).toBeFocused();
    await board.link("B").focus();
    await page.keyboard.press("Alt+ArrowDown");
    await expect(board.titles("To do")).toHaveText(["C", "B"]);
    await board.choice("C").click();
    await expect(board.selected).toContainText("1 selected");
  });

  test("with a filter a card goes beside those that are shown", async ({ page, board: made, deeds }) => {
    await (await deeds("ana")).claimTask(`${made.key}-4`);
    await visit(page, `${made.path}?assignee=none`);
    await expect(board.titles("In progress")).toHaveCount(0);
    const { x, y, width } = await boxOf(board.column("In progress"));
    await dragTo(page, board.card("To do", "C"), x + width / 2, y + 60);
    await page.mouse.up();
    await expect(board.titles("In progress")).toHaveText(["C"]);
    await settled(page);
    await board.open();
    await expect(board.titles("In progress")).toHaveText(["D", "C"]);
  });

  test("a viewer drags nothing", async ({ openAs, board: made }) => {
    const hugo = await openAs("hugo");
    const seen = await new BoardPage(hugo, made).open();
    await expect(hugo.locator(".drag-layer")).toHaveCount(0);
    await seen.link("A").focus();
    await hugo.keyboard.press(" ");
    await hugo.keyboard.press("ArrowDown");
    await expect(seen.titles("To do")).toHaveText(["A", "B", "C"]);
    await expect(seen.link("B")).toBeFocused();
  });

  test("what is turned off on another screen is gone from this one", async ({ page, deeds }) => {
    await expect(page.locator(".drag-layer")).toHaveCount(1);
    await (await deeds("ana")).changeToggle("drag_and_drop", "off");
    await expect(page.locator(".drag-layer")).toHaveCount(0);
  });
});

test.describe("by touch", () => {
  test.use({ hasTouch: true });

  let board: BoardPage;

  test.beforeEach(async ({ page, board: made, deeds }) => {
    const ana = await deeds("ana");
    await ana.changeToggle("drag_and_drop", "on");
    await filled(ana, made);
    board = await new BoardPage(page, made).open();
  });

  test.afterEach(async ({ deeds }) => {
    await (await deeds("ana")).changeToggle("drag_and_drop", "off");
  });

  /** One finger on the screen. */
  async function finger(page: Page) {
    const session = await page.context().newCDPSession(page);
    const send = (type: "touchStart" | "touchMove" | "touchEnd", points: { x: number; y: number }[]) =>
      session.send("Input.dispatchTouchEvent", { type, touchPoints: points });
    return {
      down: (x: number, y: number) => send("touchStart", [{ x, y }]),
      move: (x: number, y: number) => send("touchMove", [{ x, y }]),
      up: () => send("touchEnd", []),
    };
  }

  test("a finger that rests lifts a card, and takes it to its place", async ({ page, board: made }) => {
    const touch = await finger(page);
    const [fromX, fromY] = await part(board.card("To do", "A"), "upper");
    const [x, y] = await part(board.card("In progress", "D"), "lower");
    await touch.down(fromX, fromY);
    await expect(page.locator(".board")).toHaveAttribute("data-dragging");
    for (let step = 1; step <= 6; step++) await touch.move(fromX + ((x - fromX) * step) / 6, fromY + ((y - fromY) * step) / 6);
    await expect(mark(page)).toBeVisible();
    await touch.up();
    await expect(board.titles("In progress")).toHaveText(["D", "A"]);
    await expectNothingLifted(page);
    expect(page.url(), "no task was opened").toContain(made.path);
  });

  test("a finger that moves at once lifts nothing, and one that taps opens the task", async ({ page, board: made }) => {
    const touch = await finger(page);
    const [x, y] = await part(board.card("To do", "B"), "upper");
    // Nothing is waited for in between: a finger that rests for 300 ms lifts the card.
    await Promise.all([touch.down(x, y), ...[1, 2, 3, 4].map((step) => touch.move(x, y + step * 15))]);
    await expect(page.locator("[data-dragging]")).toHaveCount(0);
    await touch.up();
    await expect(board.titles("To do")).toHaveText(["A", "B", "C"]);
    await board.link("B").tap();
    await expect(page.getByRole("dialog", { name: `${made.key}-2` })).toBeVisible();
  });
});

test("as long as the toggle is off nothing is dragged", async ({ page, board: made, deeds }) => {
  await filled(await deeds("ana"), made);
  const board = await new BoardPage(page, made).open();
  await expect(page.locator(".drag-layer")).toHaveCount(0);
  const { x, y } = await boxOf(board.card("To do", "A"));
  await page.mouse.move(x + 30, y + 12);
  await page.mouse.down();
  await page.mouse.move(...(await part(board.card("In progress", "D"), "lower")), { steps: 6 });
  await page.mouse.up();
  await board.link("B").focus();
  await page.keyboard.press(" ");
  await page.keyboard.press("ArrowUp");
  await expect(board.link("A")).toBeFocused();
  await expect(board.titles("To do")).toHaveText(["A", "B", "C"]);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog").getByRole("region", { name: "On a board" })).toBeVisible();
  await expect(page.getByRole("region", { name: "With a card picked up" })).toHaveCount(0);
});

import { BoardPage } from "./support/board";
import { pressInOneGo } from "./support/keys";
import { expect, test, visit } from "./support/team";

// The keys that work on every page of a team, and the one that works everywhere else, too. That each does what the list
// of keys says is in keyboard.sheet.hydrate.spec.ts.

test("/ leads to the search field also on the pages that are one’s own", async ({ page }) => {
  for (const path of ["/account", "/teams/new"]) {
    await visit(page, path);
    // The form for a new team begins with its field, in which it is only a letter.
    await page.getByRole("heading", { level: 1 }).click();
    await page.keyboard.press("/");
    await expect(page.getByRole("searchbox", { name: "Search" })).toBeFocused();
    await expect(page.getByRole("searchbox", { name: "Search" })).toHaveValue("");
  }
});

test("g m leads to my tasks from a card, which m alone would move", async ({ page, team }) => {
  await visit(page, `${team.path}/boards/WEB`);
  await page.locator(".card-title").first().focus();
  await pressInOneGo(page, ["g", "m"]);
  await expect(page.getByRole("heading", { level: 1, name: "My tasks" })).toBeVisible();
  await expect(page.getByRole("menu")).toHaveCount(0);
});

test("c makes a task on a board, wherever the focus is", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  await page.keyboard.press("c");
  await page.keyboard.type("Made without a mouse");
  await page.keyboard.press("Enter");
  await expect(board.card("To do", "Made without a mouse")).toBeVisible();
});

test("? lists the keys, and Escape gives the focus back", async ({ page, team }) => {
  await visit(page, `${team.path}/boards/WEB`);
  const card = page.locator(".card-title").first();
  await card.focus();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog");
  await expect(help).toBeVisible();
  for (const key of ["c", "/", "m", "i", "e", "?"]) await expect(help.locator("kbd").getByText(key, { exact: true }).first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(help).toHaveCount(0);
  await expect(card).toBeFocused();
});

test("the keys are only letters in a field", async ({ page, team }) => {
  await visit(page, `${team.path}/people`);
  await page.getByRole("searchbox", { name: "Search" }).focus();
  await page.keyboard.type("gn/?gb");
  await expect(page.getByRole("searchbox", { name: "Search" })).toHaveValue("gn/?gb");
  await expect(page.getByRole("heading", { level: 1, name: "People" })).toBeVisible();
});

test("Escape leaves a field that has no other answer to it, and the keys work again", async ({ page, team }) => {
  await visit(page, `${team.path}/boards`);
  const search = page.getByRole("searchbox", { name: "Search" });
  await page.keyboard.press("/");
  await expect(search).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(search).not.toBeFocused();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
});

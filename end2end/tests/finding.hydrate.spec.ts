import { BoardPage } from "./support/board";
import { expect, test, visit } from "./support/team";

// Finding, as it follows what happens.

test("my tasks follow what others do", async ({ page, board, deeds, team }) => {
  const key = await (await deeds("ben")).createTask(board, "Handed over");
  await visit(page, `${team.path}/mine`);
  await expect(page.getByRole("link", { name: "Handed over" })).toHaveCount(0);
  await (await deeds("ana")).claimTask(key);
  await expect(page.getByRole("link", { name: "Handed over" })).toBeVisible();
});

test("a filtered board shows what comes to fit, keeps what one adds, and moves among what is shown", async ({ page, board: made, deeds }) => {
  const ben = await deeds("ben");
  for (const title of ["One", "Hidden", "Two"]) {
    const key = await ben.createTask(made, title);
    if (title !== "Hidden") await ben.editTask(key, { labels: "wood" });
  }
  await visit(page, `${made.path}?label=wood`);
  const board = new BoardPage(page, made);
  await expect(board.titles("To do")).toHaveText(["One", "Two"]);

  const later = await ben.createTask(made, "Three");
  await expect(board.column("To do").locator(".count")).toHaveText("2 of 4");
  await ben.editTask(later, { labels: "wood" });
  await expect(board.titles("To do")).toHaveText(["One", "Two", "Three"]);

  await board.newTask("To do").fill("Mine");
  await board.newTask("To do").press("Enter");
  await expect(board.titles("To do")).toHaveText(["One", "Two", "Three", "Mine"]);
  await expect(board.status).toContainText("The filter leaves it out");

  await board.link("Two").focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(board.titles("To do")).toHaveText(["Two", "One", "Three", "Mine"]);
  await expect(page.locator(".card.pending")).toHaveCount(0);
  await visit(page, made.path);
  await expect(board.titles("To do")).toHaveText(["Two", "One", "Hidden", "Three", "Mine"]);
});

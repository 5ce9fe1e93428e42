import { expectAccessible } from "./support/axe";
import { BoardPage } from "./support/board";
import { expect, follow, ready, test, withScripts } from "./support/team";

test("what was refused of a form that is gone is said above the page, until it is put away @phone", async ({ page, team, board: made, deeds }) => {
  const board = await new BoardPage(page, made).open();
  const ben = await deeds("ben");
  // While the form is on its way: the page would take it away otherwise.
  await page.route("**/edit_column", async (route) => {
    await ben.removeColumn(made, "In progress");
    await route.continue();
  });
  await board.openSettings();
  await board.setting("In progress").getByLabel("Column name").fill("Under way");
  await board.setting("In progress").getByRole("button", { name: "Save column" }).click();
  await expect(board.failure).toContainText("This was not saved.");
  const typed = page.getByRole("group", { name: "What you typed" }).getByLabel("Name", { exact: true });
  await expect(typed).toHaveValue("Under way");
  await ready(page);
  await expect(board.newTask("To do"), "the board has room beside it").toBeInViewport();
  const size = page.viewportSize() ?? { width: 1280, height: 720 };
  for (const [width, height] of [[size.width, size.height], [375, 667], [320, 568], [1200, 500]]) {
    await page.setViewportSize({ width, height });
    await expect(typed, `it is in sight at ${width}×${height}`).toBeInViewport({ ratio: 1 });
  }
  await page.setViewportSize(size);

  if (withScripts()) {
    await expectAccessible(page);
    await follow(page, `${team.path}/boards`);
    await expect(page.getByRole("heading", { level: 1, name: "Boards" })).toBeVisible();
    await page.goBack();
    await expect(board.newTask("To do")).toBeVisible();
    await expect(board.failure, "whoever comes back has read it").toHaveCount(0);
    // The address still says it.
    await page.reload();
    await ready(page);
    await expect(board.failure).toContainText("This was not saved.");
  }

  await page.getByRole("link", { name: "Dismiss" }).click();
  await expect(page).toHaveURL(new RegExp(`${made.path}$`));
  await ready(page);
  await expect(board.newTask("To do")).toBeVisible();
  await expect(board.failure).toHaveCount(0);
});

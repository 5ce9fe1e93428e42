import { BoardPage } from "./support/board";
import { TaskPage } from "./support/task";
import { expect, names, test } from "./support/team";

// What a form of the board says where no script does: board.hydrate.spec.ts has it with them.

test("who comes second to a task is told who has it", async ({ page, board: made, deeds }) => {
  const key = await (await deeds("ana")).createTask(made, "Wanted by two");
  const board = await new BoardPage(page, made).open();
  const ben = await deeds("ben");
  await page.route("**/claim_task", async (route) => {
    await ben.claimTask(key);
    await route.continue();
  });
  await board.card("To do", "Wanted by two").getByRole("button", { name: "Claim" }).click();
  await expect(board.failure).toContainText(names.ben);
});

test("what was typed for a column that is gone is on the page that comes", async ({ page, board: made, deeds }) => {
  const board = await new BoardPage(page, made).open();
  await board.newTask("In progress").fill("Half a thought");
  await (await deeds("ben")).removeColumn(made, "In progress");
  await board.newTask("In progress").press("Enter");
  await expect(board.failure).toContainText("This column is not on the board any more.");
  const typed = page.getByRole("group", { name: "What you typed" }).getByLabel("Title");
  await expect(typed).toHaveValue("Half a thought");
  await expect(typed).toHaveAttribute("readonly");
  await expect(board.newTask("To do")).toHaveValue("");
});

test("a comment on a task that is deleted meanwhile is back in its field once the task is", async ({ page, team, board: made, deeds }) => {
  const ben = await deeds("ben");
  const task = await new TaskPage(page, team, await ben.createTask(made, "Soon gone")).open();
  await task.field("Comment").fill("Nearly done");
  await ben.deleteTask(task.key);
  await task.button("Add comment").click();
  await expect(page.getByRole("alert")).toContainText("This task was deleted.");
  await expect(task.field("Comment")).toHaveValue("Nearly done");
  await task.button("Restore").click();
  await expect(task.status).toContainText("Task restored.");
  await page.goBack();
  await page.reload();
  await expect(task.field("Comment")).toHaveValue("Nearly done");
  await task.button("Add comment").click();
  await expect(page.locator(".stream p", { hasText: "Nearly done" })).toBeVisible();
});

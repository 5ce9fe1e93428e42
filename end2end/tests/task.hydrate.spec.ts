import { TaskPage } from "./support/task";
import { expect, names, test } from "./support/team";

test("Undo brings a deleted task back", async ({ page, team, board, deeds }) => {
  const task = await new TaskPage(page, team, await (await deeds("ana")).createTask(board, "Deleted by mistake")).open();
  await task.button("Delete").click();
  await expect(page.getByRole("heading", { level: 1, name: board.name })).toBeVisible();
  await expect(task.status).toContainText(`${task.key} deleted.`);
  await task.button("Undo").click();
  await expect(page.getByRole("link", { name: "Deleted by mistake" })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: board.name })).toBeVisible();
});

test("Undo brings a removed comment back", async ({ page, team, board, deeds }) => {
  const key = await (await deeds("ana")).createTask(board, "Discussed");
  await (await deeds("ana")).addComment(key, "Removed by mistake");
  const task = await new TaskPage(page, team, key).open();
  const comment = task.history.locator(".comment", { hasText: "Removed by mistake" });
  await comment.locator("summary").click();
  await comment.getByRole("button", { name: "Remove" }).click();
  await expect(comment).toHaveCount(0);
  await task.button("Undo").click();
  await expect(comment).toBeVisible();
});

test("saving keeps the page, the focus and what is being typed elsewhere", async ({ page, team, board, deeds }) => {
  const task = await new TaskPage(page, team, await (await deeds("ana")).createTask(board, "Typed on")).open();
  await task.field("Comment").fill("Not sent yet");
  await task.field("Title").fill("Typed on, and saved");
  await task.field("Title").press("Enter");
  await expect(task.status).toContainText("Task saved.");
  await expect(task.field("Title")).toBeFocused();
  await expect(task.field("Comment")).toHaveValue("Not sent yet");
  await expect(task.history).toContainText("changed Title from “Typed on” to “Typed on, and saved”");
});

test("Ctrl and Enter save from inside the description", async ({ page, team, board, deeds }) => {
  const task = await new TaskPage(page, team, await (await deeds("ana")).createTask(board, "By keyboard")).open();
  await task.field("Description").fill("Quickly");
  await page.keyboard.press("Control+Enter");
  await expect(task.status).toContainText("Task saved.");
  await expect(page.locator(".prose", { hasText: "Quickly" })).toBeVisible();
});

test("what others changed meanwhile comes in with a save", async ({ page, team, board, deeds }) => {
  const key = await (await deeds("ana")).createTask(board, "Shared");
  const task = await new TaskPage(page, team, key).open();
  await (await deeds("ben")).editTask(key, { priority: "high" });
  await task.field("Title").fill("Shared by two");
  await task.save();
  await expect(task.chosen("Priority")).toHaveText("High");
  await expect(task.history).toContainText(names.ben);
});

test("what is being typed while a save is under way is not overwritten by its answer", async ({ page, team, board, deeds }) => {
  const task = await new TaskPage(page, team, await (await deeds("ana")).createTask(board, "One")).open();
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/edit_task", async (route) => {
    await held;
    await route.continue();
  });
  await task.field("Title").fill("One two");
  await task.button("Save").click();
  await expect(page.getByText("Saving…")).toBeVisible();
  await task.field("Title").fill("One two three");
  answer();
  await expect(task.status).toContainText("Task saved.");
  await expect(task.history).toContainText("“One two”");
  await expect(task.field("Title")).toHaveValue("One two three");
});

test("a task whose board is archived while it is saved says so and keeps what was typed", async ({ page, team, board, deeds }) => {
  const ana = await deeds("ana");
  const task = await new TaskPage(page, team, await ana.createTask(board, "Put away")).open();
  await page.route("**/edit_task", async (route) => {
    await ana.archiveBoard(board);
    await route.continue();
  });
  await task.field("Title").fill("Typed for nothing");
  await task.button("Save").click();
  await expect(page.getByRole("alert").filter({ hasText: "archived" })).toBeVisible();
  await expect(task.field("Title")).toHaveValue("Typed for nothing");
});

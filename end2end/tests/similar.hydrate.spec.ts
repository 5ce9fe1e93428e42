import { expectAccessible } from "./support/axe";
import { BoardPage } from "./support/board";
import { TaskPage } from "./support/task";
import { expect, test } from "./support/team";

// No work is done twice: what is written down already is seen while it is typed again.

test("a similar task shows with its key, column and holder, and one click opens it", async ({ page, board: made, deeds }) => {
  const ben = await deeds("ben");
  const key = await ben.createTask(made, "Kestrel export loses umlauts");
  await ben.claimTask(key);
  const board = await new BoardPage(page, made).open();
  await board.newTask("To do").pressSequentially("Umlauts lost by the kestrel exp");
  const list = page.getByRole("region", { name: "Similar tasks" });
  const link = list.getByRole("link", { name: `${key} Kestrel export loses umlauts In progress, Ben Okafor` });
  await expect(link).toBeVisible();
  await expect(page.getByText(/^(1 similar task|\d similar tasks)$/)).toHaveAttribute("aria-live", "polite");
  await expect(board.newTask("To do")).toBeFocused();
  await link.click();
  await expect(page).toHaveURL(new RegExp(`/tasks/${key}$`));
});

test("Enter adds at once, whatever is similar", async ({ page, board: made, deeds }) => {
  await (await deeds("ben")).createTask(made, "Order a plotter for the workshop");
  const board = await new BoardPage(page, made).open();
  await board.newTask("In progress").pressSequentially("Order plotter workshop");
  await expect(page.getByRole("region", { name: "Similar tasks" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(board.card("In progress", "Order plotter workshop")).toBeVisible();
  await expect(page.getByRole("region", { name: "Similar tasks" })).toBeHidden();
  await expect(board.newTask("In progress")).toBeFocused();
  // Who is quicker than the list does not see it afterwards.
  await board.newTask("In progress").pressSequentially("Plotter for a workshop");
  await page.keyboard.press("Enter");
  await expect(board.card("In progress", "Plotter for a workshop")).toContainText(`${made.key}-3`);
  await expect(page.getByRole("region", { name: "Similar tasks" })).toBeHidden();
});

test("the list is reached and left by the keyboard, and Escape takes it away", async ({ page, board: made, deeds }) => {
  const ben = await deeds("ben");
  await ben.createTask(made, "Repaint the quayside gate");
  await ben.createTask(made, "Quayside gate creaks");
  const board = await new BoardPage(page, made).open();
  const field = board.newTask("To do");
  await field.pressSequentially("Quayside gate");
  const links = page.getByRole("region", { name: "Similar tasks" }).getByRole("link");
  await expect(links.nth(1)).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await expect(links.nth(0)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(links.nth(1)).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(field).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(links).toHaveCount(0);
  await expect(field).toBeFocused();
  await expect(field).toHaveValue("Quayside gate");
});

test("renaming a task shows others of that title, and not the task itself", async ({ page, team, board, deeds }) => {
  const ben = await deeds("ben");
  const other = await ben.createTask(board, "Zeppelin banner is blurred");
  const task = await new TaskPage(page, team, await ben.createTask(board, "Zeppelin banner")).open();
  await task.field("Title").fill("Blurred zeppelin banner");
  const list = page.getByRole("region", { name: "Similar tasks" });
  await expect(list.getByRole("link", { name: other })).toBeVisible();
  await expect(list.getByRole("link", { name: task.key })).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(task.status).toContainText("Task saved.");
  await expect(list).toBeHidden();
});

test("axe finds nothing in the open list", async ({ page, team, board: made, deeds }) => {
  const key = await (await deeds("ben")).createTask(made, "Sharpen the lathe chisels");
  const board = await new BoardPage(page, made).open();
  await board.newTask("To do").pressSequentially("Sharpen lathe chisel");
  await expect(page.getByRole("region", { name: "Similar tasks" })).toBeVisible();
  await expectAccessible(page);
  const other = await (await deeds("ben")).createTask(made, "Lathe");
  const task = await new TaskPage(page, team, other).open();
  await task.field("Title").fill("Sharpen the chisels of the lathe");
  await expect(page.getByRole("link", { name: key })).toBeVisible();
  await expectAccessible(page);
});

// The claim is on its way when another comes first.
test("who comes second is told who has it, and takes another on the spot", async ({ page, board: made, deeds }) => {
  const ben = await deeds("ben");
  const wanted = await ben.createTask(made, "Wanted by two");
  await ben.createTask(made, "Wanted by nobody");
  const board = await new BoardPage(page, made).open();
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/claim_task", async (route) => {
    await held;
    await route.continue();
  });
  await board.card("To do", "Wanted by two").getByRole("button", { name: "Claim" }).click();
  await ben.claimTask(wanted);
  letGo();
  await expect(board.failure).toContainText("Ben Okafor has this task");
  await expect(board.failure).toContainText(`Nobody has ${made.key}-2 “Wanted by nobody”.`);
  await expectAccessible(page);
  await page.getByRole("button", { name: `Claim ${made.key}-2`, exact: true }).click();
  await expect(board.card("In progress", "Wanted by nobody")).toContainText("Ana Silva");
  await expect(board.status).toContainText(`${made.key}-2 is yours.`);
});

test("on the page of a task, too, another is offered and taken", async ({ page, team, board, deeds }) => {
  const ben = await deeds("ben");
  const wanted = await ben.createTask(board, "Wanted by two");
  const free = await ben.createTask(board, "Wanted by nobody");
  const task = await new TaskPage(page, team, wanted).open();
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/claim_task", async (route) => {
    await held;
    await route.continue();
  });
  await task.button("Claim").click();
  await ben.claimTask(wanted);
  letGo();
  await expect(page.getByRole("alert").filter({ hasText: "Ben Okafor has this task" })).toBeVisible();
  await page.getByRole("button", { name: `Claim ${free}`, exact: true }).click();
  await expect(task.status).toContainText(`${free} is yours.`);
});

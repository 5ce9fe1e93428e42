import { BoardPage } from "./support/board";
import { expect, names, ready, test, withScripts } from "./support/team";

test("a title and Enter add a task at the end of the column", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  for (const title of ["First", "Second"]) {
    await board.newTask("To do").fill(title);
    await board.newTask("To do").press("Enter");
    await expect(board.card("To do", title)).toBeVisible();
  }
  await expect(board.titles("To do")).toHaveText(["First", "Second"]);
  await expect(board.card("To do", "Second")).toContainText(`${made.key}-2`);
  await board.newTask("In progress").fill("Begun at once");
  await board.column("In progress").getByRole("button", { name: "Add task" }).click();
  await expect(board.card("In progress", "Begun at once")).toContainText(`${made.key}-3`);
});

test("what is typed as a title stays text", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  const title = `<b>&amp; "quotes" 'and' 日本語</b>`;
  await board.newTask("To do").fill(title);
  await board.newTask("To do").press("Enter");
  await expect(board.card("To do", title)).toContainText(`${made.key}-1`);
  await board.open();
  await expect(board.link(title)).toBeVisible();
});

test("a title of nothing but spaces is refused with the reason", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  await board.newTask("To do").fill("   ");
  await board.newTask("To do").press("Enter");
  await expect(board.failure).toContainText("Fill in this field.");
  await expect(board.column("To do").getByRole("listitem")).toHaveCount(0);
});

test("a task is moved to another column", async ({ page, board: made, deeds }) => {
  await (await deeds("ana")).createTask(made, "On its way");
  const board = await new BoardPage(page, made).open();
  await board.move("To do", "On its way", "Done");
  await expect(board.card("Done", "On its way")).toBeVisible();
  await expect(page.locator(".card.pending")).toHaveCount(0);
  await board.open();
  await expect(board.card("Done", "On its way")).toBeVisible();
  await expect(board.card("To do", "On its way")).toHaveCount(0);
});

test("claiming takes a task and starts it", async ({ page, board: made, deeds }) => {
  await (await deeds("ben")).createTask(made, "Up for grabs");
  const board = await new BoardPage(page, made).open();
  await board.card("To do", "Up for grabs").getByRole("button", { name: "Claim" }).click();
  const card = board.card("In progress", "Up for grabs");
  await expect(card).toContainText(names.ana);
  await expect(card.getByRole("button", { name: "Claim" })).toHaveCount(0);
  await expect(board.status).toContainText("yours");
});

test("a card says when it is late, how urgent it is and who has it", async ({ page, board: made, deeds }) => {
  const ana = await deeds("ana");
  const late = await ana.createTask(made, "Late");
  await ana.editTask(late, { due_on: "2020-02-29", priority: "urgent" });
  const later = await ana.createTask(made, "Later");
  await ana.editTask(later, { due_on: "2031-12-03" });
  await ana.claimTask(later);
  const plain = await ana.createTask(made, "Plain");
  const board = await new BoardPage(page, made).open();

  await expect(board.card("To do", "Late")).toContainText("Late, 29 Feb 2020");
  await expect(board.card("To do", "Late")).toContainText("Urgent");
  await expect(board.card("In progress", "Later")).toContainText("Due 3 Dec 2031");
  await expect(board.card("In progress", "Later")).toContainText(names.ana);
  await expect(board.card("To do", "Plain").locator(".card-facts")).toHaveText(plain);
});

test("a column shows its limit and says when it is over it", async ({ page, board: made, deeds }) => {
  const ana = await deeds("ana");
  await ana.limitColumn(made, "In progress", 1);
  await ana.createTask(made, "One", "In progress");
  const board = await new BoardPage(page, made).open();
  await expect(board.column("In progress")).toContainText("1 / 1");
  await expect(board.column("In progress")).not.toContainText("over its limit");

  await board.newTask("In progress").fill("Two");
  await board.newTask("In progress").press("Enter");
  await expect(board.column("In progress")).toContainText("2 / 1");
  await expect(board.column("In progress")).toContainText("over its limit");
});

test("a limit is set in the settings of the board, and cleared again", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  for (const [limit, shown] of [["3", "0 / 3"], ["", "0"]]) {
    await board.openSettings();
    await board.setting("To do").getByLabel("WIP limit").fill(limit);
    await board.setting("To do").getByRole("button", { name: "Save column" }).click();
    await expect(board.status).toContainText("Column changed.");
    await expect(board.column("To do").locator(".count")).toHaveText(shown);
  }
});

test("columns are renamed, ordered, added and removed", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  const headings = page.locator(".column h2");
  await board.openSettings();
  await board.setting("To do").getByLabel("Column name").fill("Ideas");
  await board.setting("To do").getByRole("button", { name: "Save column" }).click();
  await expect(headings).toHaveText(["Ideas", "In progress", "Done"]);

  await board.openSettings();
  await board.setting("Ideas").getByRole("button", { name: "Move right" }).click();
  await expect(headings).toHaveText(["In progress", "Ideas", "Done"]);

  await board.openSettings();
  await page.getByLabel("New column").fill("Review");
  await page.getByRole("button", { name: "Add column" }).click();
  await expect(headings).toHaveText(["In progress", "Ideas", "Review", "Done"]);

  await board.openSettings();
  await board.setting("Ideas").getByRole("button", { name: "Remove column" }).click();
  await expect(headings).toHaveText(["In progress", "Review", "Done"]);
});

test("the only column in which tasks are finished is asked for before it goes, and missed", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  await board.openSettings();
  const remove = board.setting("Done").getByRole("button", { name: "Remove column" });
  await remove.click();
  const question = page.getByRole("dialog", { name: "Remove the only column of the kind Done?" });
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(question).toBeHidden();
  await remove.click();
  await question.getByRole("button", { name: "Remove column" }).click();
  await expect(page.locator(".column h2")).toHaveText(["To do", "In progress"]);
  await board.openSettings();
  await expect(page.getByText("No column of this board is of the kind Done")).toBeVisible();
});

test("a column that holds tasks is not removed, and says so", async ({ page, board: made, deeds }) => {
  await (await deeds("ana")).createTask(made, "In the way");
  const board = await new BoardPage(page, made).open();
  await board.openSettings();
  await board.setting("To do").getByRole("button", { name: "Remove column" }).click();
  await expect(board.failure.first()).toBeVisible();
  await expect(board.card("To do", "In the way")).toBeVisible();
});

test("a board is renamed; its key stays", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  await board.openSettings();
  await page.getByLabel("Name of the board").fill(`Renamed ${made.key}`);
  await page.getByRole("button", { name: "Rename" }).click();
  await expect(page.getByRole("heading", { level: 1, name: `Renamed ${made.key}` })).toBeVisible();
  expect(new URL(page.url()).pathname).toBe(made.path);
});

test("two people who rename a column see both names", async ({ page, board: made, openAs }) => {
  const anas = await new BoardPage(page, made).open();
  const bens = await new BoardPage(await openAs("ben"), made).open();
  await anas.openSettings();
  await anas.setting("To do").getByLabel("Column name").fill("Ana’s ideas");
  await bens.openSettings();
  await bens.setting("To do").getByLabel("Column name").fill("Ben’s ideas");
  await bens.setting("To do").getByRole("button", { name: "Save column" }).click();
  await expect(bens.status).toContainText("Column changed.");

  await anas.setting("To do").getByRole("button", { name: "Save column" }).click();
  const conflict = page.getByRole("alert").filter({ hasText: "Your version" });
  await expect(conflict).toContainText("Ana’s ideas");
  await expect(conflict).toContainText("Ben’s ideas");
  await expect(conflict).toContainText(`${names.ben}’s version`);
  await ready(page);

  await anas.setting("Ben’s ideas").getByRole("button", { name: "Save column" }).click();
  await expect(anas.column("Ana’s ideas")).toBeVisible();
});

test("a done column shows what was finished last, and more when asked", async ({ page, board: made, deeds }) => {
  const ana = await deeds("ana");
  for (let number = 1; number <= 53; number++) await ana.createTask(made, `Finished ${number}`, "Done");
  const board = await new BoardPage(page, made).open();
  const done = board.column("Done");
  await expect(done.getByRole("listitem")).toHaveCount(50);
  await expect(board.titles("Done").first()).toHaveText("Finished 53");
  await expect(done.locator(".count")).toHaveText("53");

  await done.getByRole("link", { name: "Show older" }).click();
  await expect(board.card("Done", "Finished 1")).toBeVisible();
  await expect(done.getByRole("link", { name: "Show older" })).toHaveCount(0);
});

test("an archived board can be read, not changed, and be brought back", async ({ page, board: made, deeds }) => {
  await (await deeds("ana")).createTask(made, "Stays");
  const board = await new BoardPage(page, made).open();
  await board.openSettings();
  await page.getByRole("button", { name: "Archive board" }).click();
  await expect(page.getByText("Archived: read only")).toBeVisible();
  await expect(board.link("Stays")).toBeVisible();
  await expect(page.getByLabel("New task")).toHaveCount(0);

  await page.getByRole("button", { name: "Bring back" }).click();
  await expect(board.newTask("To do")).toBeVisible();
});

test.describe("a viewer", () => {
  test.use({ as: "hugo" });

  test("sees the board and nothing to change it with", async ({ page, board: made, deeds }) => {
    await (await deeds("ana")).createTask(made, "To be read");
    const board = await new BoardPage(page, made).open();
    await expect(board.link("To be read")).toBeVisible();
    const main = page.getByRole("main");
    await expect(main.getByRole("button")).toHaveCount(0);
    await expect(main.getByRole("textbox")).toHaveCount(0);
    await expect(page.getByText("Board settings")).toHaveCount(0);
  });
});

test("there is something to select cards with only where it works", async ({ page, board: made, deeds }) => {
  await (await deeds("ana")).createTask(made, "One of many");
  const board = await new BoardPage(page, made).open();
  await ready(page);
  await expect(board.choice("One of many")).toBeVisible({ visible: withScripts() });
});

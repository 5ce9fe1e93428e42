import { TaskPage } from "./support/task";
import { expect, names, ready, test, visit, withScripts } from "./support/team";

test("every field of a task can be changed and is there after loading the page again", async ({ page, team, board, deeds }) => {
  const task = await new TaskPage(page, team, await (await deeds("ana")).createTask(board, "As it was")).open();

  await task.field("Title").fill("As it is");
  await task.field("Description").fill("Line one\n\n**Line two** <b>& more</b>");
  await task.field("Assignee").selectOption({ label: names.ben });
  await task.field("Column").selectOption({ label: "In progress" });
  await task.field("Due date").fill("2031-12-03");
  await task.field("Priority").selectOption({ label: "Urgent" });
  await task.field("Labels").fill("one, two");
  await task.save();
  await task.open();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${task.key} As it is`);
  await expect(task.field("Title")).toHaveValue("As it is");
  await expect(task.field("Description")).toHaveValue("Line one\n\n**Line two** <b>& more</b>");
  await expect(task.chosen("Assignee")).toHaveText(names.ben);
  await expect(task.chosen("Column")).toHaveText("In progress");
  await expect(task.field("Due date")).toHaveValue("2031-12-03");
  await expect(task.chosen("Priority")).toHaveText("Urgent");
  await expect(task.field("Labels")).toHaveValue("one, two");
  await expect(page.locator("strong", { hasText: "Line two" })).toBeVisible();
});

test("a field can be emptied again", async ({ page, team, board, deeds }) => {
  const ana = await deeds("ana");
  const task = new TaskPage(page, team, await ana.createTask(board, "Too much said"));
  await ana.claimTask(task.key);
  await ana.editTask(task.key, { description: "Said", due_on: "2031-12-03", labels: "one" });
  await task.open();

  await task.field("Description").fill("");
  await task.field("Assignee").selectOption({ label: "Nobody" });
  await task.field("Due date").fill("");
  await task.field("Labels").fill("");
  await task.save();
  await task.open();

  await expect(task.field("Description")).toHaveValue("");
  await expect(task.chosen("Assignee")).toHaveText("Nobody");
  await expect(task.field("Due date")).toHaveValue("");
  await expect(task.field("Labels")).toHaveValue("");
});

test("a title that cannot be is refused with the reason, and stays in its field", async ({ page, team, board, deeds }) => {
  const task = await new TaskPage(page, team, await (await deeds("ana")).createTask(board, "Short")).open();
  await task.field("Title").fill("x".repeat(201));
  await task.field("Description").fill("Typed at the same time");
  await task.button("Save").click();

  await expect(task.field("Title")).toHaveAccessibleDescription(/201 characters; 200 are possible/);
  await expect(page.getByRole("alert").filter({ hasText: "201 characters" })).toBeVisible();
  await expect(task.field("Title")).toHaveValue("x".repeat(201));
  await expect(task.field("Description")).toHaveValue("Typed at the same time");
});

test("what two people change in different fields is merged", async ({ page, team, board, deeds, openAs }) => {
  const key = await (await deeds("ana")).createTask(board, "Both at once");
  const anas = await new TaskPage(page, team, key).open();
  const bens = await new TaskPage(await openAs("ben"), team, key).open();

  await bens.field("Priority").selectOption({ label: "High" });
  await bens.save();
  await anas.field("Title").fill("Both at once, by Ana");
  await anas.save();
  await anas.open();

  await expect(anas.field("Title")).toHaveValue("Both at once, by Ana");
  await expect(anas.chosen("Priority")).toHaveText("High");
});

test("what two people change in the same field is shown in both versions, and neither is lost", async ({ page, team, board, deeds, openAs }) => {
  const key = await (await deeds("ana")).createTask(board, "Words of the beginning");
  const anas = await new TaskPage(page, team, key).open();
  const bens = await new TaskPage(await openAs("ben"), team, key).open();

  await anas.field("Title").fill("Words of Ana");
  await anas.field("Description").fill("Typed by Ana");
  await bens.field("Title").fill("Words of Ben");
  await bens.field("Priority").selectOption({ label: "High" });
  await bens.save();
  // Being told at once is no answer: saving asks.
  if (withScripts()) await expect(anas.conflict).toBeVisible();
  const answered = page.waitForResponse("**/edit_task");
  await anas.button("Save").click();
  await answered;

  await expect(anas.conflict).toBeVisible();
  await expect(anas.conflict).toContainText(`${names.ben} changed the title while you were editing.`);
  await expect(anas.conflict.getByRole("definition")).toHaveText(["Words of Ana", "Words of Ben"]);
  await expect(anas.conflict).toContainText(`${names.ben}’s version`);
  await expect(anas.field("Title")).toHaveValue("Words of Ana");
  await expect(anas.field("Description")).toHaveValue("Typed by Ana");

  await anas.save();
  await anas.open();
  await expect(anas.field("Title")).toHaveValue("Words of Ana");
  await expect(anas.field("Description")).toHaveValue("Typed by Ana");
  await expect(anas.chosen("Priority"), "what only Ben changed stays").toHaveText("High");
});

test("the other person’s version can be taken", async ({ page, team, board, deeds }) => {
  const key = await (await deeds("ana")).createTask(board, "Words of the beginning");
  const task = await new TaskPage(page, team, key).open();
  await task.field("Description").fill("Ana said so");
  await (await deeds("ben")).editTask(key, { description: "Ben said so" });
  await task.button("Save").click();

  await task.conflict.getByRole("link", { name: `take ${names.ben}’s version` }).click();

  await expect(task.field("Description")).toHaveValue("Ben said so");
  await expect(task.conflict).toHaveCount(0);
});

test("a conflict names columns and people in words", async ({ page, team, board, deeds }) => {
  const key = await (await deeds("ana")).createTask(board, "Whose is it");
  const task = await new TaskPage(page, team, key).open();
  const column = board.columns.find(({ name }) => name === "Done")?.id ?? "";
  await task.field("Column").selectOption({ label: "In progress" });
  await (await deeds("ben")).editTask(key, { column });
  await task.button("Save").click();

  await expect(task.conflict).toContainText("In progress");
  await expect(task.conflict).toContainText("Done");
  await expect(task.conflict).not.toContainText(/[0-9a-f]{8}-/);
});

test("a task can be claimed from its page", async ({ page, team, board, deeds }) => {
  const task = await new TaskPage(page, team, await (await deeds("ben")).createTask(board, "Free")).open();
  await task.button("Claim").click();
  await expect(task.status).toContainText("yours");
  await expect(task.chosen("Assignee")).toHaveText(names.ana);
  await expect(task.chosen("Column")).toHaveText("In progress");
  await expect(task.button("Claim")).toHaveCount(0);
});

test("who comes second to a task is told who has it", async ({ page, team, board, deeds }) => {
  const key = await (await deeds("ana")).createTask(board, "Wanted by two");
  const task = await new TaskPage(page, team, key).open();
  const ben = await deeds("ben");
  await page.route("**/claim_task", async (route) => {
    await ben.claimTask(key);
    await route.continue();
  });
  await task.button("Claim").click();
  await expect(page.getByRole("alert").filter({ hasText: names.ben })).toBeVisible();
  await expect(task.chosen("Assignee")).toHaveText(names.ben);
});

test("a deleted task is restored from the page of the deleted", async ({ page, team, board, deeds }) => {
  const task = await new TaskPage(page, team, await (await deeds("ana")).createTask(board, "Gone and back")).open();
  await task.button("Delete").click();
  await expect(page.getByRole("heading", { level: 1, name: board.name })).toBeVisible();
  await expect(page.getByRole("link", { name: "Gone and back" })).toHaveCount(0);

  await visit(page, `${team.path}/deleted`);
  const row = page.getByRole("main").getByRole("listitem").filter({ hasText: task.key });
  await expect(row).toContainText(`deleted by ${names.ana}`);
  await row.getByRole("button", { name: "Restore" }).click();
  await expect(task.status).toContainText("restored");
  await expect(row).toHaveCount(0);
  await page.getByRole("link", { name: "Open the task" }).click();
  await expect(task.field("Title")).toHaveValue("Gone and back");

  await visit(page, board.path);
  await expect(page.getByRole("region", { name: "To do" }).getByRole("link", { name: "Gone and back" })).toBeVisible();
});

test("the page of the deleted is found from the boards", async ({ page, team }) => {
  await visit(page, `${team.path}/boards`);
  const link = page.getByRole("link", { name: /deleted/i });
  await expect(link).toBeVisible();
  await link.click();
  await expect(page.getByRole("heading", { level: 1, name: "Recently deleted" })).toBeVisible();
});

test("a deleted task can be read at its address, and restored there", async ({ page, team, board, deeds }) => {
  const ana = await deeds("ana");
  const key = await ana.createTask(board, "Still at its address");
  await ana.deleteTask(key);
  const task = await new TaskPage(page, team, key).open();
  await expect(page.getByText("This task was deleted")).toBeVisible();
  await expect(task.button("Save")).toHaveCount(0);
  await task.button("Restore").click();
  await expect(task.field("Title")).toHaveValue("Still at its address");
});

test("a comment is added and shown as it was meant", async ({ page, team, board, deeds }) => {
  const task = await new TaskPage(page, team, await (await deeds("ana")).createTask(board, "Discussed")).open();
  await task.field("Comment").fill("Looks **good** to me, <script>alert(1)</script>");
  await task.button("Add comment").click();
  await expect(task.status).toContainText("Comment added.");
  const comment = task.history.getByRole("listitem").filter({ hasText: "Looks good to me" });
  await expect(comment).toContainText(names.ana);
  await expect(comment.locator("strong")).toHaveText("good");
  await expect(task.field("Comment")).toHaveValue("");
});

test("the key of a task leads to it, from a description and from a comment", async ({ page, team, board, deeds }) => {
  const ana = await deeds("ana");
  const other = await ana.createTask(board, "The other one");
  const key = await ana.createTask(board, "Speaks of it");
  await ana.editTask(key, { description: `After ${other}, in UTF-8. [No link](javascript:alert(1)) happens.` });
  await ana.addComment(key, `Is \`${other}\` done? See ${other}.`);
  const task = await new TaskPage(page, team, key).open();
  const links = page.getByRole("main").getByRole("link", { name: other });
  await expect(links).toHaveCount(2);
  await expect(page.getByRole("link", { name: "UTF-8" })).toHaveCount(0);
  await expect(page.getByText("No link", { exact: true })).toHaveCSS("text-decoration-line", "none");
  await links.last().click();
  await expect(page).toHaveTitle(new RegExp(`^${other} The other one`));
  await expect(task.field("Title")).toHaveValue("The other one");
});

test("one’s own comment can be changed and removed, another person’s cannot", async ({ page, team, board, deeds }) => {
  const key = await (await deeds("ana")).createTask(board, "Discussed by two");
  await (await deeds("ana")).addComment(key, "From Ana");
  await (await deeds("ben")).addComment(key, "From Ben");
  const task = await new TaskPage(page, team, key).open();
  const anas = task.history.locator(".comment", { hasText: names.ana });
  await expect(task.history.locator(".comment", { hasText: names.ben }).getByText("Change")).toHaveCount(0);

  await anas.locator("summary").click();
  await anas.getByLabel("Text").fill("From Ana, said better");
  await anas.getByRole("button", { name: "Update" }).click();
  await expect(anas).toContainText("From Ana, said better");
  await expect(anas).toContainText("edited");
  await ready(page);

  // The form is open still, closed, or drawn anew just now.
  const closed = anas.locator("details:not([open]) > summary");
  const remove = anas.getByRole("button", { name: "Remove" });
  await expect(async () => {
    if (await closed.isVisible()) await closed.click({ timeout: 1_000 });
    await expect(remove).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 10_000 });
  await remove.click();
  await expect(anas).toHaveCount(0);
  await expect(task.status).toContainText("Comment deleted.");
});

test("the history says who changed what, from what to what", async ({ page, team, board, deeds }) => {
  const ben = await deeds("ben");
  const key = await ben.createTask(board, "Has a past");
  await ben.claimTask(key);
  await ben.editTask(key, { title: "Has a long past", priority: "high", due_on: "2031-12-03" });
  await ben.editTask(key, { due_on: "2031-12-04", assignee: "" });
  const task = await new TaskPage(page, team, key).open();

  const lines = task.history.getByRole("listitem").filter({ hasText: names.ben });
  await expect(lines.nth(0)).toContainText("created this in To do");
  await expect(lines.nth(1)).toContainText("claimed this; moved this from To do to In progress");
  await expect(lines.nth(2)).toContainText("changed Title from “Has a past” to “Has a long past”");
  await expect(lines.nth(2)).toContainText("changed Priority from Normal to High");
  await expect(lines.nth(2)).toContainText("set Due date to 3 Dec 2031");
  await expect(lines.nth(3)).toContainText("changed Due date from 3 Dec 2031 to 4 Dec 2031");
  await expect(lines.nth(3)).toContainText(`cleared Assignee, which was ${names.ben}`);
  await expect(lines.nth(0).locator("time")).toHaveAttribute("title", /\d{4}-\d\d-\d\d \d\d:\d\d UTC/);
});

test("a task opens by the short address that its key makes", async ({ page, team, board, deeds }) => {
  const key = await (await deeds("ana")).createTask(board, "Easy to say");
  await visit(page, board.path);
  await expect(page.getByRole("link", { name: "Easy to say" })).toHaveAttribute("href", `${team.path}/tasks/${key}`);
  await page.getByRole("link", { name: "Easy to say" }).click();
  await expect(page).toHaveURL(new RegExp(`${team.path}/tasks/${key}$`));
  await expect(page.getByRole("heading", { level: 1, name: key })).toBeVisible();
  await expect(page).toHaveTitle(new RegExp(`^${key} Easy to say`));
});

test.describe("a viewer", () => {
  test.use({ as: "hugo" });

  test("reads a task and finds nothing to change it with", async ({ page, team, board, deeds }) => {
    const ana = await deeds("ana");
    const key = await ana.createTask(board, "To be read");
    await ana.addComment(key, "To be read as well");
    const task = await new TaskPage(page, team, key).open();
    await expect(page.getByRole("heading", { level: 1, name: "To be read" })).toBeVisible();
    await expect(task.history).toContainText("To be read as well");
    await expect(page.getByRole("main").getByRole("button")).toHaveText(["Watch"]);
    await expect(page.getByRole("main").getByRole("textbox")).toHaveCount(0);
  });
});

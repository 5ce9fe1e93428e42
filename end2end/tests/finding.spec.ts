import { BoardPage } from "./support/board";
import { ownPages } from "./support/pages";
import { TaskPage } from "./support/task";
import { expect, names, test, visit, withScripts } from "./support/team";

/** A calendar date so many days from today, in UTC as the demo team has it. */
function inDays(days: number) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

test("my tasks stand by when they are due", async ({ page, board, deeds, team }) => {
  const ana = await deeds("ana");
  const day = inDays(0);
  const due = { [inDays(-2)]: "Late by two days", [day]: "Due on this day", [inDays(40)]: "Due some day", "": "Never due" };
  for (const [date, title] of Object.entries(due)) {
    const key = await ana.createTask(board, title);
    await ana.claimTask(key);
    if (date) await ana.editTask(key, { due_on: date });
  }
  await visit(page, team.path);
  await page.getByRole("navigation", { name: "Team" }).getByRole("link", { name: "My tasks" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "My tasks" })).toBeVisible();
  const section = (name: string) => page.getByRole("region", { name });
  await expect(section("Late").getByRole("link", { name: due[inDays(-2)] })).toBeVisible();
  await expect(section("Today").getByRole("link", { name: due[day] })).toBeVisible();
  await expect(section("Later").getByRole("link", { name: due[inDays(40)] })).toBeVisible();
  const line = section("No date").getByRole("listitem").filter({ hasText: due[""] });
  await expect(line).toContainText(`${board.name} · In progress`);
});

test("what one watches is among my tasks, also for who may only read", async ({ page, board, deeds, team, openAs }) => {
  const key = await (await deeds("ana")).createTask(board, "Worth watching");
  const hugo = await openAs("hugo");
  await new TaskPage(hugo, team, key).open();
  await hugo.getByRole("button", { name: "Watch", exact: true }).click();
  await expect(hugo.getByRole("button", { name: "Unwatch" })).toBeVisible();
  await expect(hugo.getByRole("status")).toContainText("You watch");
  await visit(hugo, `${team.path}/mine`);
  const watched = hugo.getByRole("region", { name: "Watching" });
  await expect(watched.getByRole("listitem").filter({ hasText: "Worth watching" })).toContainText("Nobody");
  await visit(page, `${team.path}/mine`);
  await expect(page.getByRole("link", { name: "Worth watching" })).toHaveCount(0);
});

test("a task is found by what was said in a comment, and by filters", async ({ page, board, deeds, team }) => {
  const ana = await deeds("ana");
  const key = await ana.createTask(board, "Sharpen the chisels");
  await ana.createTask(board, "Sharpen the saws");
  await ana.addComment(key, `The whetstone of ${board.key} is in the drawer`);
  await ana.claimTask(key);
  await visit(page, team.path);
  const field = page.getByRole("searchbox", { name: "Search" });
  await field.fill(`whetstone ${board.key}`);
  await field.press("Enter");
  await expect(page.getByRole("link", { name: "Sharpen the chisels" })).toBeVisible();
  await expect(page.getByText("In a comment: “The whetstone")).toBeVisible();
  await page.getByRole("searchbox", { name: "Search" }).fill(`sharpen board:${board.key} assignee:"${names.ana}"`);
  await page.getByRole("searchbox", { name: "Search" }).press("Enter");
  await expect(page.getByRole("link", { name: "Sharpen the chisels" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Sharpen the saws" })).toHaveCount(0);
  const filters = page.getByRole("navigation", { name: "Filters" });
  await filters.getByText(`Assignee: ${names.ana}`).click();
  await filters.getByRole("link", { name: "Nobody" }).click();
  await expect(page.getByRole("link", { name: "Sharpen the saws" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Sharpen the chisels" })).toHaveCount(0);
  await expect(page.getByRole("searchbox", { name: "Search" })).toHaveValue(`sharpen board:${board.key} assignee:none`);
});

test("what is found goes on for pages", async ({ page, board, deeds, team }) => {
  const ana = await deeds("ana");
  for (let number = 1; number <= 60; number++) await ana.createTask(board, `Plane plank ${number}`);
  await visit(page, `${team.path}/search?q=plane+board%3A${board.key}`);
  const found = page.locator(".search-result");
  await expect(found).toHaveCount(50);
  await page.getByRole("link", { name: "Older results" }).click();
  await expect(found).toHaveCount(10);
  await expect(page.getByRole("link", { name: "Plane plank 1", exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Back to the first" }).click();
  await expect(found).toHaveCount(50);
});

test("a board shows the part of it that the address asks for", async ({ page, board: made, deeds }) => {
  const ana = await deeds("ana");
  await ana.createTask(made, "Anybody's");
  const key = await ana.createTask(made, "With a label");
  await ana.editTask(key, { labels: "wood", due_on: inDays(-1) });
  await visit(page, `${made.path}?label=wood&due=late`);
  const board = new BoardPage(page, made);
  await expect(board.link("With a label")).toBeVisible();
  await expect(board.link("Anybody's")).toHaveCount(0);
  await expect(board.column("To do").locator(".count")).toHaveText("1 of 2");
  await expect(page.getByText("1 of 2 tasks: labelled wood, late.")).toBeVisible();
  await page.getByText("Filter", { exact: true }).click();
  await expect(page.getByLabel("With the label")).toHaveValue("wood");
  await page.getByLabel("With the label").selectOption("");
  await page.getByLabel("Due", { exact: true }).selectOption({ label: "No date" });
  if (!withScripts()) await page.getByRole("button", { name: "Show" }).click();
  await expect(board.link("Anybody's")).toBeVisible();
  await expect(board.link("With a label")).toHaveCount(0);
  await expect(page).toHaveURL(/\?due=none$|&due=none$/);
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(board.link("With a label")).toBeVisible();
  await expect(board.column("To do").locator(".count")).toHaveText("2");
});

test("from one’s own pages the search looks in the team used last", async ({ page, team }) => {
  for (const { path } of ownPages) {
    await visit(page, team.path);
    await visit(page, await path(team));
    const search = page.getByRole("searchbox", { name: "Search" });
    await search.fill("page");
    await search.press("Enter");
    await expect(page).toHaveURL(`${team.path}/search?q=page`);
    await expect(page.getByRole("heading", { level: 1, name: /^Search results/ })).toBeVisible();
  }
});

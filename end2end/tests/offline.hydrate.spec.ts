import { BoardPage } from "./support/board";
import { TaskPage } from "./support/task";
import { expect, test } from "./support/team";

// The connection is lost, and what is done meanwhile is neither lost nor done twice.

test("what is done without a connection is shown as not sent, and sent in order when it is back", async ({ page, board: made, deeds }) => {
  const ana = await deeds("ana");
  for (const title of ["Moved", "Claimed"]) await ana.createTask(made, title);
  const board = await new BoardPage(page, made).open();
  await page.context().setOffline(true);
  await board.newTask("To do").fill("Typed far away");
  await page.keyboard.press("Enter");
  await board.move("To do", "Typed far away", "Done");
  await board.move("To do", "Moved", "In progress");
  await board.card("To do", "Claimed").getByRole("button", { name: "Claim" }).click();
  for (const [column, title] of [["Done", "Typed far away"], ["In progress", "Moved"], ["In progress", "Claimed"]]) {
    await expect(board.card(column, title)).toContainText("Not sent yet");
  }
  await expect(page.getByText("4 changes are kept here")).toBeVisible();

  await page.context().setOffline(false);
  await expect(page.getByText("Not sent yet")).toHaveCount(0);
  await expect(board.card("Done", "Typed far away")).toContainText(`${made.key}-3`);
  await expect(board.failure).toHaveCount(0);
  await board.open();
  await expect(board.titles("Done")).toHaveText(["Typed far away"]);
  await expect(board.titles("In progress")).toHaveText(["Moved", "Claimed"]);
});

test("who works without a connection and closes the tab finds it sent once", async ({ page, context, openAs, board: made, deeds }) => {
  const key = await (await deeds("ana")).createTask(made, "Talked about");
  const theirs = await new BoardPage(await openAs("ben"), made).open();
  const board = await new BoardPage(page, made).open();
  await context.setOffline(true);
  for (const title of ["First far away", "Second far away"]) {
    await board.newTask("To do").fill(title);
    await page.keyboard.press("Enter");
  }
  await board.move("To do", "First far away", "In progress");
  await expect(page.getByText("3 changes are kept here")).toBeVisible();
  await page.close();

  await context.setOffline(false);
  const back = await new BoardPage(await context.newPage(), made).open();
  await expect(back.card("In progress", "First far away")).toBeVisible();
  await expect(back.titles("To do")).toHaveText(["Talked about", "Second far away"]);
  await expect(back.status).toContainText("What was not sent yet is sent now.");
  await expect(theirs.titles("To do")).toHaveText(["Talked about", "Second far away"]);
  await expect(theirs.titles("In progress")).toHaveText(["First far away"]);
  await back.open();
  await expect(back.titles("In progress")).toHaveText(["First far away"]);
  await expect(back.card("To do", "Talked about")).toContainText(key);
});

test("an edit and a comment wait for the connection", async ({ page, team, board: made, deeds }) => {
  const task = await new TaskPage(page, team, await (await deeds("ana")).createTask(made, "Far away")).open();
  await page.context().setOffline(true);
  await task.field("Title").fill("Far away, and changed");
  await task.button("Save").click();
  await task.field("Comment").fill("Are you there?");
  await task.button("Add comment").click();
  await task.field("Comment").fill("And now?");
  await task.button("Add comment").click();
  await expect(page.getByText("Not sent yet")).toHaveCount(3);
  await expect(task.field("Title")).toHaveValue("Far away, and changed");

  await page.context().setOffline(false);
  await expect(page.getByText("Not sent yet")).toHaveCount(0);
  for (const words of ["Far away, and changed", "Are you there?", "And now?"]) await expect(task.history).toContainText(words);
  await task.open();
  await expect(task.field("Title")).toHaveValue("Far away, and changed");
  await expect(page.locator(".prose", { hasText: "Are you there?" })).toHaveCount(1);
});

test("an edit that meets another’s when it is sent later shows both", async ({ page, context, team, board: made, deeds }) => {
  const key = await (await deeds("ana")).createTask(made, "Written by two");
  const task = await new TaskPage(page, team, key).open();
  await context.setOffline(true);
  await task.field("Title").fill("Ana’s, far away");
  await task.button("Save").click();
  await expect(page.getByText("Not sent yet")).toBeVisible();
  await page.close();
  await (await deeds("ben")).editTask(key, { title: "Ben’s, at home" });

  await context.setOffline(false);
  const back = await context.newPage();
  const board = await new BoardPage(back, made).open();
  await expect(board.failure).toContainText(`${key} was not saved.`);
  await back.getByRole("link", { name: "Open it" }).click();
  const again = new TaskPage(back, team, key);
  await expect(again.conflict).toContainText("Ana’s, far away");
  await expect(again.conflict).toContainText("Ben’s, at home");
  await expect(again.field("Title")).toHaveValue("Ana’s, far away");
});

test("a reply that is lost after the commit does nothing twice", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  let lost = 0;
  await page.route("**/create_task", async (route) => {
    if (lost++ > 0) return route.continue();
    await route.fetch();
    await route.abort("internetdisconnected");
  });
  await board.newTask("To do").fill("Only once");
  await page.keyboard.press("Enter");
  await expect(board.card("To do", "Only once")).toContainText(`${made.key}-1`);
  await expect(board.titles("To do")).toHaveText(["Only once"]);
  await board.open();
  await expect(board.titles("To do")).toHaveText(["Only once"]);
  expect(lost).toBe(2);
});

test("signing out asks before it drops what is not sent", async ({ openBrowser, team, board: made }) => {
  // A session of this test's own, because it ends.
  const page = await openBrowser({ baseURL: team.baseURL, storageState: { cookies: [], origins: [] } });
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill("ana@example.org");
  await page.getByLabel("Password").fill(team.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/teams\//);
  const board = await new BoardPage(page, made).open();
  await page.route("**/create_task", (route) => route.abort("internetdisconnected"));
  await board.newTask("To do").fill("Never sent");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Adding…")).toBeVisible();

  page.once("dialog", (dialog) => dialog.dismiss());
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByText("Adding…")).toBeVisible();
  page.once("dialog", async (dialog) => {
    expect(dialog.message()).toContain("One change was not sent yet.");
    await dialog.accept();
  });
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(/\/sign-in/);
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes("unsent")))).toEqual([]);
});

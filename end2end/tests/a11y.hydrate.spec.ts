import { expectAccessible } from "./support/axe";
import { register } from "./support/people";
import { sql } from "./support/server";
import { expect, forgive, nobody, test, visit } from "./support/team";

// What is no page of the contract: what only shows once somebody does something (dialogs, menus, refusals,
// announcements), and the first page of all.
test.describe("axe finds nothing in", () => {
  test("the open form for a new board", async ({ page, team }) => {
    await visit(page, `${team.path}/boards`);
    await page.getByRole("button", { name: "New board" }).click();
    await expect(page.getByRole("dialog", { name: "New board" })).toBeVisible();
    await expectAccessible(page);
  });

  test("the open details of a board in the list, and the boards that were put away", async ({ page, team }) => {
    await visit(page, `${team.path}/boards`);
    await page.getByText("Archived boards (1)").click();
    await page.locator("summary", { hasText: "Change" }).first().click();
    await expect(page.getByRole("button", { name: "Archive board" }).first()).toBeVisible();
    await expectAccessible(page);
  });

  test("a refused board", async ({ page, team }) => {
    await visit(page, `${team.path}/boards`);
    await page.getByRole("button", { name: "New board" }).click();
    await page.getByLabel("Board name", { exact: true }).fill("Once more");
    await page.getByLabel("Key", { exact: true }).fill("WEB");
    await page.getByRole("button", { name: "Create board" }).click();
    await expect(page.getByText("Another board of the team has this key.").first()).toBeVisible();
    await expectAccessible(page);
  });

  test("the open Move menu", async ({ page, team }) => {
    await visit(page, `${team.path}/boards/WEB`);
    await page.getByRole("region", { name: "In progress" }).getByRole("button", { name: "Move" }).first().click();
    await expect(page.getByRole("menu")).toBeVisible();
    await expectAccessible(page);
  });

  test("the open settings of a board", async ({ page, board }) => {
    await visit(page, board.path);
    await page.getByText("Board settings").click();
    await expect(page.getByRole("button", { name: "Add column" })).toBeVisible();
    await expectAccessible(page);
  });

  test("a board without tasks", async ({ page, board }) => {
    await visit(page, board.path);
    await expectAccessible(page);
  });

  test("a column over its limit, and what was announced", async ({ page, board, deeds }) => {
    const ana = await deeds("ana");
    await ana.limitColumn(board, "To do", 1);
    for (const title of ["One", "Two"]) await ana.createTask(board, title);
    await visit(page, board.path);
    await page.getByRole("region", { name: "To do" }).getByLabel("New task").fill("Three");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("status")).toContainText(`${board.key}-3 added.`);
    await expectAccessible(page);
  });

  test("the open menu of teams", async ({ page, team }) => {
    await visit(page, team.path);
    await page.locator(".team-menu > summary").click();
    await expect(page.getByRole("link", { name: "New team" })).toBeVisible();
    await expectAccessible(page);
  });

  for (const opener of ["Change role", "Remove"]) {
    test(`the question behind ${opener}`, async ({ page, team }) => {
      await visit(page, `${team.path}/people`);
      await page.getByRole("button", { name: opener, exact: true }).first().click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectAccessible(page);
    });
  }

  test("a new invitation and its link", async ({ page, team }) => {
    await visit(page, `${team.path}/people`);
    await page.getByRole("button", { name: "Create invitation" }).click();
    await expect(page.getByLabel("Invitation link")).toBeVisible();
    await expectAccessible(page);
  });

  test("a new token, and the question before one is revoked", async ({ page }) => {
    await visit(page, "/account");
    await page.getByLabel("Token name").fill("Seen by axe");
    await page.getByRole("button", { name: "Create token" }).click();
    await expect(page.getByLabel("Token", { exact: true })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("listitem").getByRole("button", { name: "Revoke" }).first().click();
    await expect(page.getByRole("dialog", { name: "Revoke Seen by axe?" })).toBeVisible();
    await expectAccessible(page);
  });

  test("a task with comments of one's own, open to be changed", async ({ page, board, deeds }) => {
    const ana = await deeds("ana");
    const task = await ana.createTask(board, "Talk");
    await ana.addComment(task, "One");
    await ana.addComment(task, "Two");
    await ana.editTask(task, { description: "Before", due_on: "2020-02-29", priority: "urgent" });
    await visit(page, board.path.replace(/boards\/.*/, `tasks/${task}`));
    for (const change of await page.locator("summary", { hasText: "Change" }).all()) await change.click();
    await page.getByText("Show both").click();
    await expectAccessible(page);
  });

  test("a conflict", async ({ page, team, board, deeds }) => {
    const task = await (await deeds("ana")).createTask(board, "First words");
    await visit(page, `${team.path}/tasks/${task}`);
    await page.getByLabel("Title").fill("Ana’s words");
    await (await deeds("ben")).editTask(task, { title: "Ben’s words" });
    await expect(page.getByRole("alert").filter({ hasText: "Your version" })).toBeVisible();
    await expectAccessible(page);
  });

  test("a deleted task, and the way back from it", async ({ page, team, board, deeds }) => {
    const ana = await deeds("ana");
    const task = await ana.createTask(board, "Not needed");
    await ana.deleteTask(task);
    await visit(page, `${team.path}/tasks/${task}`);
    await expect(page.getByRole("button", { name: "Restore" })).toBeVisible();
    await expectAccessible(page);
  });

  test("an archived board", async ({ page, board, deeds }) => {
    const ana = await deeds("ana");
    await ana.createTask(board, "Stays readable");
    await ana.archiveBoard(board);
    await visit(page, board.path);
    await expect(page.getByText("Archived: read only")).toBeVisible();
    await expectAccessible(page);
  });

  test.describe("signed out", () => {
    test.use({ as: "nobody" });

    test("a refused sign-in", async ({ page }) => {
      await visit(page, "/sign-in");
      await page.getByLabel("Email").fill("nobody@example.org");
      await page.getByLabel("Password").fill("a wrong password");
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
      await expectAccessible(page);
    });

    test("a refused account", async ({ page, team }) => {
      await visit(page, await team.invitation());
      await page.getByRole("link", { name: "Create an account" }).click();
      await page.getByLabel("Your name").fill("Iris");
      await page.getByLabel("Email").fill("ana@example.org");
      await page.getByLabel("Password").fill("password1");
      await page.getByRole("button", { name: "Create account" }).click();
      await expect(page.locator(".field-error")).not.toHaveCount(0);
      await expectAccessible(page);
    });
  });
});

test("axe finds nothing on the first page of an empty instance", async ({ openBrowser, instance }) => {
  const page = await openBrowser({ baseURL: instance.baseURL, storageState: nobody });
  await visit(page, "/");
  await expect(page.getByRole("heading", { level: 1, name: "Create your account" })).toBeVisible();
  await expectAccessible(page);
});

// A table that is gone is a fault that nobody can provoke by a page. Without sessions there is no app around it either.
test("axe finds nothing where the server is at fault, in the app and outside of it", async ({ openBrowser, instance, complaints }) => {
  const page = await openBrowser({ baseURL: instance.baseURL, storageState: nobody });
  await register(page, "Ana Silva", "ana@example.org", "Blue Whales");
  forgive(complaints, /status of 500/);
  for (const table of ["boards", "sessions"]) {
    await sql(instance.databaseURL, `ALTER TABLE ${table} RENAME TO ${table}_gone`);
    const answer = await visit(page, "/teams/blue-whales/boards");
    expect(answer?.status(), table).toBe(500);
    await expect(page.getByRole("heading", { level: 1, name: "Something went wrong" })).toBeVisible();
    await expectAccessible(page);
  }
});

import type { Page } from "@playwright/test";

import { BoardPage } from "./support/board";
import { signIn } from "./support/people";
import { TaskPage } from "./support/task";
import { expect, forgive, test, visit, withScripts } from "./support/team";

const heading = (name: string) => ["heading", { level: 1, name }] as const;

test("an address that leads nowhere says so, and leads back to the team", async ({ page }) => {
  const answer = await visit(page, "/nowhere/at/all");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole(...heading("Not found"))).toBeVisible();
  await expect(page).toHaveTitle(/^Not found/);
  await page.getByRole("link", { name: "Go to your team" }).click();
  await expect(page.getByRole(...heading("Now"))).toBeVisible();
});

test("inside the team the way around stays", async ({ page, team }) => {
  for (const path of ["/boards/NOWHERE", "/tasks/WEB-999999", "/tasks/nonsense"]) {
    const answer = await visit(page, `${team.path}${path}`);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByRole(...heading("Not found"))).toBeVisible();
    await expect(page.getByRole("navigation", { name: "Team" })).toBeVisible();
  }
});

test("another team looks as if it were not there", async ({ page, openAs }) => {
  const chloe = await openAs("chloe");
  await visit(chloe, "/teams/new");
  await chloe.getByLabel("Team name").fill("Chloé’s own");
  await chloe.getByRole("button", { name: "Create team" }).click();
  await expect(chloe.getByRole(...heading("Now"))).toBeVisible();
  const theirs = new URL(chloe.url()).pathname;

  const texts = [];
  for (const path of [theirs, "/teams/nobodys"]) {
    const answer = await visit(page, path);
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole(...heading("Not found"))).toBeVisible();
    texts.push((await page.getByRole("main").innerText()).replace(/Request .*/s, ""));
  }
  expect(texts[0]).toBe(texts[1]);
});

test.describe("a viewer", () => {
  test.use({ as: "hugo" });

  test("is told that the settings are the owners’", async ({ page, team }) => {
    const answer = await visit(page, `${team.path}/settings`);
    expect(answer?.status()).toBe(403);
    await expect(page.getByRole(...heading("Not allowed"))).toBeVisible();
    await expect(page.getByText("Only an owner of the team can do this.")).toBeVisible();
  });
});

test.describe("whoever is not signed in", () => {
  test.use({ as: "nobody" });

  test("signs in and is where they wanted to go", async ({ page, team }) => {
    for (const path of [`${team.path}/tasks/WEB-30`, `${team.path}/search?q=page&more=1`]) {
      await visit(page, path);
      await signIn(page, "ben@example.org", team.password);
      await expect(page).toHaveURL(path);
      await page.getByRole("button", { name: "Sign out" }).click();
      await expect(page.getByRole(...heading("Sign in"))).toBeVisible();
    }
  });

  test("is told when the password is wrong, and the address stays", async ({ page }) => {
    await visit(page, "/sign-in");
    await signIn(page, "ben@example.org", "not the password");
    await expect(page.getByRole("alert")).toBeVisible();
    await expect(page.getByLabel("Email")).toHaveValue("ben@example.org");
    await expect(page.getByLabel("Password")).toHaveValue("");
  });
});

test("a session that is over leads by way of signing in to the page that was asked for", async ({ page, team }) => {
  await visit(page, `${team.path}/boards`);
  await page.context().clearCookies();
  await page.getByRole("link", { name: "Website" }).click();
  await signIn(page, "ana@example.org", team.password);
  await expect(page).toHaveURL(`${team.path}/boards/WEB`);
  await expect(page.getByRole(...heading("Website"))).toBeVisible();
});

/** With scripts what is typed is kept and sent after signing in; the page says so and leads there. */
async function signInAgain(page: Page, password: string) {
  await expect(page.getByText("You are signed out. One change is kept here")).toBeVisible({ timeout: 15_000 });
  await page.getByRole("link", { name: "Sign in again" }).click();
  await signIn(page, "ana@example.org", password);
}

test("a task that is typed when the session is over is there after signing in", async ({ page, team, board: made }) => {
  const board = await new BoardPage(page, made).open();
  await page.context().clearCookies();
  await board.newTask("To do").fill("Typed too late");
  await board.newTask("To do").press("Enter");
  if (withScripts()) {
    await signInAgain(page, team.password);
    await expect(page).toHaveURL((url) => url.pathname === made.path);
    await expect(board.link("Typed too late")).toBeVisible();
    return;
  }
  await expect(page.getByRole(...heading("Sign in"))).toBeVisible();
  await signIn(page, "ana@example.org", team.password);
  await expect(page).toHaveURL((url) => url.pathname === made.path);
  await expect(board.newTask("To do")).toHaveValue("Typed too late");
});

test("a task that is saved when the session is over keeps what was typed", async ({ page, team, board, deeds }) => {
  const task = await new TaskPage(page, team, await (await deeds("ana")).createTask(board, "Before")).open();
  await page.context().clearCookies();
  await task.field("Title").fill("Typed too late");
  await task.button("Save").click();
  if (withScripts()) {
    await signInAgain(page, team.password);
  } else {
    await expect(page.getByRole(...heading("Sign in"))).toBeVisible();
    await signIn(page, "ana@example.org", team.password);
  }
  await expect(page).toHaveURL((url) => url.pathname === `${team.path}/tasks/${task.key}`);
  await expect(task.field("Title")).toHaveValue("Typed too late");
});

test("where the browser part does not load, forms work as without JavaScript", async ({ page, team, board: made, complaints }) => {
  forgive(complaints, /wasm|ERR_FAILED|Failed to fetch/i);
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(made.path);
  const board = new BoardPage(page, made);
  await board.newTask("To do").fill("Typed without it");
  await board.newTask("To do").press("Enter");
  await expect(board.titles("To do")).toHaveText(["Typed without it"]);

  await page.goto(`${team.path}/tasks/${made.key}-1`);
  const task = new TaskPage(page, team, `${made.key}-1`);
  await task.field("Title").fill("Edited without it");
  await task.field("Description").fill("What others should know");
  await task.button("Save").click();
  await expect(page.getByText("Task saved.")).toBeVisible();
  await task.field("Comment").fill("Said without it");
  await task.button("Add comment").click();
  await expect(page.locator(".stream p", { hasText: "Said without it" })).toBeVisible();
  await expect(task.field("Title")).toHaveValue("Edited without it");
  await expect(task.field("Description")).toHaveValue("What others should know");
});

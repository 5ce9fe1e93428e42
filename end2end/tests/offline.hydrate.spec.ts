import type { Page } from "@playwright/test";

import { BoardPage } from "./support/board";
import { Palette } from "./support/palette";
import { TaskPage } from "./support/task";
import { expect, forgive, names, nobody, ready, test, visit } from "./support/team";

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

test("what is typed for a column that others remove meanwhile is refused when it is sent, and the page goes on", async ({ page, context, board: made, deeds }) => {
  const board = await new BoardPage(page, made).open();
  await context.setOffline(true);
  await board.newTask("In progress").fill("Typed far away");
  await page.keyboard.press("Enter");
  await expect(board.card("In progress", "Typed far away")).toContainText("Not sent yet");
  await (await deeds("ben")).removeColumn(made, "In progress");

  // The page has shown that the column is gone, with the field that the title would go back to, before it is refused.
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/create_task", async (route) => {
    await held;
    await route.continue();
  });
  await context.setOffline(false);
  await expect(board.column("In progress")).toHaveCount(0, { timeout: 15_000 });
  letGo();
  await expect(board.failure).toContainText("“Typed far away” was not added.", { timeout: 15_000 });
  await expect(page.getByText("is kept here")).toHaveCount(0);

  const palette = await new Palette(page).open();
  await palette.choose("new", "New task");
  await expect(board.newTask("To do")).toBeFocused();
  await page.keyboard.type("Typed at home");
  await page.keyboard.press("Enter");
  await expect(board.card("To do", "Typed at home")).toContainText(new RegExp(`${made.key}-[1-9]`));
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
  const page = await openBrowser({ baseURL: team.baseURL, storageState: nobody });
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

const unsent = (page: Page) => page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes("unsent")));

test("a move outlives the page that was closed after the task was added and before it was moved", async ({ page, context, board: made }) => {
  const board = await new BoardPage(page, made).open();
  await context.setOffline(true);
  await board.newTask("To do").fill("Added and moved");
  await page.keyboard.press("Enter");
  await board.move("To do", "Added and moved", "In progress");
  await page.route("**/move_task", (route) => route.abort("internetdisconnected"));
  await context.setOffline(false);
  await expect(board.card("In progress", "Added and moved")).toContainText(`${made.key}-1`);
  await page.close();

  const back = await new BoardPage(await context.newPage(), made).open();
  await expect(back.card("In progress", "Added and moved")).toContainText(`${made.key}-1`);
  await expect(back.failure).toHaveCount(0);
});

test("every save waits, and later ones build on the earlier ones", async ({ page, context, team, board: made, deeds }) => {
  const key = await (await deeds("ana")).createTask(made, "Far away");
  const task = await new TaskPage(page, team, key).open();
  await context.setOffline(true);
  await task.field("Title").fill("Once");
  await task.button("Save").click();
  await task.field("Description").fill("Described far away");
  await task.button("Save").click();
  await task.field("Title").fill("Twice");
  await task.button("Save").click();
  await expect(page.getByText("3 changes are kept here")).toBeVisible();
  await page.close();

  await context.setOffline(false);
  const back = await new TaskPage(await context.newPage(), team, key).open();
  await expect(back.history).toContainText("from “Once” to “Twice”");
  await expect(back.field("Title")).toHaveValue("Twice");
  await expect(back.field("Description")).toHaveValue("Described far away");
  await expect(back.conflict).toHaveCount(0);
  await back.open();
  await expect(back.field("Title")).toHaveValue("Twice");
  await expect(back.field("Description")).toHaveValue("Described far away");
});

test("a move that is sent later does not take back what somebody else moved", async ({ page, context, board: made, deeds }) => {
  const key = await (await deeds("ana")).createTask(made, "Moved by two");
  const board = await new BoardPage(page, made).open();
  await context.setOffline(true);
  await board.move("To do", "Moved by two", "In progress");
  await expect(board.card("In progress", "Moved by two")).toContainText("Not sent yet");
  await (await deeds("ben")).moveTask(made, key, "Done");
  await context.setOffline(false);
  await expect(board.failure).toContainText(`${key} was not moved. ${names.ben} moved it, just now. It is in Done now.`);
  await expect(board.card("Done", "Moved by two")).toBeVisible();
});

test("a card goes up by one also when the reply is lost and it is sent again", async ({ page, board: made, deeds }) => {
  const ana = await deeds("ana");
  for (const title of ["A", "B", "C"]) await ana.createTask(made, title);
  const board = await new BoardPage(page, made).open();
  let sent = 0;
  await page.route("**/move_task", async (route) => {
    if (sent++ > 0) return route.continue();
    await route.fetch();
    await route.abort("internetdisconnected");
  });
  await board.link("C").focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(board.titles("To do")).toHaveText(["A", "C", "B"]);
  await expect(page.locator(".card.pending")).toHaveCount(0);
  expect(sent).toBe(2);
  await board.open();
  await expect(board.titles("To do")).toHaveText(["A", "C", "B"]);
});

for (const [status, code] of [
  [401, "unauthenticated"],
  [429, "too_many_requests"],
  [500, "internal"],
  [503, "unavailable"],
] as const) {
  test(`a change waits when the server answers ${status}, and is sent once when that is over`, async ({ page, board: made, complaints }) => {
    const board = await new BoardPage(page, made).open();
    let isOver = false;
    forgive(complaints, new RegExp(`status of ${status}`));
    await page.route("**/create_task", (route) =>
      isOver ? route.continue() : route.fulfill({ status, json: { code, message: "Not at this moment.", retry_after: 1 } }),
    );
    await board.newTask("To do").fill("Waited");
    await page.keyboard.press("Enter");
    await expect(page.getByText("Not at this moment. One change is kept here")).toBeVisible();
    await expect(board.card("To do", "Waited")).toContainText("Not sent yet");
    isOver = true;
    await expect(board.card("To do", "Waited")).toContainText(`${made.key}-1`, { timeout: 15_000 });
    await expect(page.getByText("is kept here")).toHaveCount(0);
    await board.open();
    await expect(board.titles("To do")).toHaveText(["Waited"]);
  });
}

test("an edit that is refused later shows both versions on the page that is open then", async ({ page, context, team, board: made, deeds }) => {
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
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await back.route("**/edit_task", async (route) => {
    await held;
    await route.continue();
  });
  const again = await new TaskPage(back, team, key).open();
  await expect(again.field("Title"), "what is on the way is shown").toHaveValue("Ana’s, far away");
  letGo();
  await expect(again.conflict).toContainText("Ana’s, far away");
  await expect(again.conflict).toContainText("Ben’s, at home");
  await expect(again.field("Title")).toHaveValue("Ana’s, far away");
  await again.save();
  await again.open();
  await expect(again.field("Title")).toHaveValue("Ana’s, far away");
});

test("what was saved after its page was left leaves no draft that meets others", async ({ page, team, board: made, deeds }) => {
  const key = await (await deeds("ana")).createTask(made, "Left early");
  const task = await new TaskPage(page, team, key).open();
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/edit_task", async (route) => {
    await held;
    await route.continue();
  });
  await task.field("Title").fill("Ana’s title");
  await task.button("Save").click();
  await page.getByRole("link", { name: "Boards", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Boards" })).toBeVisible();
  letGo();
  await expect(task.status).toContainText(`${key} saved.`);
  await (await deeds("ben")).editTask(key, { title: "Ben’s title" });
  await task.open();
  await expect(task.field("Title")).toHaveValue("Ben’s title");
  await expect(task.conflict).toHaveCount(0);
});

test("what is not sent is on the board also after one has been elsewhere, and after a reload", async ({ page, board: made, deeds }) => {
  await (await deeds("ana")).createTask(made, "Moved");
  const board = await new BoardPage(page, made).open();
  for (const action of ["create_task", "move_task"]) {
    await page.route(`**/${action}`, (route) => route.abort("internetdisconnected"));
  }
  await board.newTask("To do").fill("Waits");
  await page.keyboard.press("Enter");
  await board.move("To do", "Moved", "In progress");
  const all = async () => {
    await expect(page.getByText("2 changes are kept here")).toBeVisible();
    await expect(board.card("To do", "Waits")).toContainText("Not sent yet");
    await expect(page.locator(".card", { hasText: "Moved" })).toContainText("Not sent yet");
  };
  await all();
  await page.getByRole("link", { name: "Now", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Now" })).toBeVisible();
  await page.goBack();
  await all();
  await board.open();
  await all();
  await page.unrouteAll();
  await expect(board.card("To do", "Waits")).toContainText(`${made.key}-2`, { timeout: 15_000 });
  await expect(board.card("In progress", "Moved")).toBeVisible();
  await expect(page.getByText("Not sent yet", { exact: true })).toHaveCount(0);
});

test("what cannot be done without a connection says so, and keeps what was typed", async ({ page, team }) => {
  await page.goto(`${team.path}/boards`);
  await ready(page);
  const name = page.getByLabel("Board name", { exact: true });
  if (!(await name.isVisible())) await page.getByText("New board", { exact: true }).first().click();
  await name.fill("Far away");
  await page.getByLabel("Key", { exact: true }).fill("FAR");
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Create board" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "this cannot be done without" })).toBeVisible();
  await expect(name).toHaveValue("Far away");
  await page.context().setOffline(false);
});

test("signing out in one tab drops what another has not sent", async ({ openBrowser, team, board: made }) => {
  const page = await openBrowser({ baseURL: team.baseURL, storageState: nobody });
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill("ana@example.org");
  await page.getByLabel("Password").fill(team.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/teams\//);
  const board = await new BoardPage(page, made).open();
  await page.route("**/create_task", (route) => route.abort("internetdisconnected"));
  await board.newTask("To do").fill("Never sent");
  await page.keyboard.press("Enter");
  await expect(page.getByText("is kept here")).toBeVisible();

  const other = await page.context().newPage();
  await other.goto("/account");
  await ready(other);
  other.once("dialog", (dialog) => dialog.accept());
  await other.getByRole("button", { name: "Sign out", exact: true }).click();
  await other.waitForURL(/\/sign-in/);
  await expect(page.getByText("is kept here")).toHaveCount(0);
  await expect.poll(() => unsent(page)).toEqual([]);
});

test("who was signed out meanwhile is told, and finds what is not sent when they are back", async ({ openBrowser, team, board: made }) => {
  const page = await openBrowser({ baseURL: team.baseURL, storageState: nobody });
  const signIn = async () => {
    await page.getByLabel("Email").fill("ana@example.org");
    await page.getByLabel("Password").fill(team.password);
    await page.getByRole("button", { name: "Sign in" }).click();
  };
  await page.goto("/sign-in");
  await signIn();
  await page.waitForURL(/\/teams\//);
  const board = await new BoardPage(page, made).open();
  await visit(page, `${made.path}?assignee=none`);
  await page.context().clearCookies();
  await board.newTask("To do").fill("Typed while signed out");
  await page.keyboard.press("Enter");
  await expect(page.getByText("You are signed out. One change is kept here")).toBeVisible({ timeout: 15_000 });
  await page.getByRole("link", { name: "Sign in again" }).click();
  await signIn();
  await page.waitForURL((url) => url.pathname === made.path && url.search === "?assignee=none");
  await expect(board.card("To do", "Typed while signed out")).toContainText(`${made.key}-1`);
  await expect.poll(() => unsent(page)).toEqual([]);
});

test("what another release kept and this one cannot read stays, and is said", async ({ page, context, board: made }) => {
  const board = await new BoardPage(page, made).open();
  await page.route("**/create_task", (route) => route.abort("internetdisconnected"));
  await board.newTask("To do").fill("Kept beside it");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Adding…")).toBeVisible();
  const [place] = await unsent(page);
  const older = place.replace(/\S+$/, "00000000-0000-7000-8000-000000000000");
  await page.evaluate((older) => localStorage.setItem(older, JSON.stringify([{ Teleport: { task: 1 } }])), older);
  await page.close();

  const other = await context.newPage();
  const back = await new BoardPage(other, made).open();
  await expect(back.failure).toContainText("One change that this browser kept cannot be read by this release");
  await expect(back.card("To do", "Kept beside it")).toContainText(`${made.key}-1`);
  await expect.poll(() => unsent(other)).toEqual([older]);
  await other.evaluate((older) => localStorage.removeItem(older), older);
});

test("a browser that has no room for what is not sent says so, and sends it all the same", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  await page.evaluate(() => {
    for (let size = 1_000_000; size >= 1; size = Math.floor(size / 2)) {
      try {
        for (let part = 0; ; part++) localStorage.setItem(`full ${size} ${part}`, "x".repeat(size));
      } catch {
        // This size does not fit any more.
      }
    }
  });
  await page.context().setOffline(true);
  await board.newTask("To do").fill("No room for it");
  await page.keyboard.press("Enter");
  await expect(board.failure).toContainText("This browser has no room left");
  await page.context().setOffline(false);
  await expect(board.card("To do", "No room for it")).toContainText(`${made.key}-1`);
  await page.evaluate(() => localStorage.clear());
});

test("all that is refused later is said, whatever is sent after it", async ({ page, context, board: made, deeds }) => {
  const ana = await deeds("ana");
  const keys = [await ana.createTask(made, "First"), await ana.createTask(made, "Second")];
  const board = await new BoardPage(page, made).open();
  await context.setOffline(true);
  for (const title of ["First", "Second"]) await board.move("To do", title, "In progress");
  await board.newTask("To do").fill("Third");
  await page.keyboard.press("Enter");
  await expect(page.getByText("3 changes are kept here")).toBeVisible();
  await page.close();
  for (const key of keys) await (await deeds("ben")).moveTask(made, key, "Done");

  await context.setOffline(false);
  const back = await new BoardPage(await context.newPage(), made).open();
  await expect(back.card("To do", "Third")).toContainText(`${made.key}-3`);
  for (const key of keys) await expect(back.failure).toContainText(`${key} was not moved.`);
  await expect(back.titles("Done")).toHaveCount(2);
});

test("whoever is removed from the team finds what they had written and was not sent, and can discard it", async ({ openBrowser, newcomer }) => {
  const [owner, member] = [await newcomer("Mila Novak"), await newcomer("Jonas Berg")];
  const { team } = owner;
  const joined = await member.deeds.join(team, await owner.deeds.createInvitation());
  const made = await joined.createBoard();
  const key = await joined.createTask(made, "Talked about to the last");
  const page = await openBrowser({ storageState: await member.deeds.session() });
  const board = await new BoardPage(page, made).open();
  await board.newTask("To do").fill("What I wanted to begin");
  await visit(page, `${team.path}/tasks/${key}`);
  await page.getByLabel("Comment", { exact: true }).fill("What I still wanted to say");
  await owner.deeds.removeMember(member.name);
  await page.keyboard.press("Control+Enter");
  await page.getByLabel("Comment", { exact: true }).fill("And this, too");
  const stranded = page.getByRole("region", { name: "What is not sent" });
  await expect(page.getByText("You are not in this team any more.")).toBeVisible();
  await stranded.getByText("What is not sent", { exact: true }).click();
  const words = stranded.getByLabel(`Comment on ${key}`);
  await expect(words).toHaveValue("What I still wanted to say");
  await page.getByLabel("Comment", { exact: true }).press("Control+Enter");
  await expect(words).toHaveCount(2);
  await expect(words.last(), "the list stays open").toBeVisible();
  await page.getByLabel("Comment", { exact: true }).fill("And half a");

  await visit(page, `${team.path}/tasks/${key}`);
  await expect(page.getByRole("heading", { level: 1, name: "Not found" })).toBeVisible();
  const sent = stranded.getByRole("group", { name: "What you typed" });
  await expect(sent).toContainText("This browser keeps it");
  await expect(sent.getByLabel(`Comment on ${key}`).first()).toHaveValue("What I still wanted to say");
  await expect(sent.getByLabel(`Comment on ${key}`).last()).toHaveValue("And this, too");
  const drafts = stranded.getByRole("group", { name: "Drafts" });
  await expect(drafts).toContainText("Only this tab keeps it");
  await expect(drafts.getByLabel(`Comment on ${key}`)).toHaveValue("And half a");
  await expect(drafts.getByLabel("New task")).toHaveValue("What I wanted to begin");
  await visit(page, `${member.team.path}/boards`);
  await expect(page.getByRole("heading", { level: 1, name: "Boards" })).toBeVisible();
  await expect(stranded, "it belongs to the other team").toHaveCount(0);

  await visit(page, team.path);
  page.once("dialog", async (dialog) => {
    expect(dialog.message()).toBe("Discard what is not sent?");
    await dialog.accept();
  });
  await stranded.getByRole("button", { name: "Discard" }).click();
  await expect(stranded).toHaveCount(0);
  expect(await unsent(page)).toEqual([]);
});

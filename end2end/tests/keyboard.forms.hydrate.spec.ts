import { BoardPage } from "./support/board";
import { expect, test, visit } from "./support/team";

// Most forms are answered with a page that is loaded anew. Whoever works by keyboard goes on there where they were.

test("columns are added one after the other by typing alone", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  await page.locator("summary", { hasText: "Board settings" }).press("Enter");
  const field = page.getByLabel("New column", { exact: true });
  await field.focus();
  for (const name of ["Review", "checks"]) {
    await expect(field).toBeFocused();
    await page.keyboard.type(name);
    await page.keyboard.press("Enter");
    await expect(board.setting(name)).toBeVisible();
  }
  await expect(field).toBeFocused();
  await expect(field).toHaveValue("");
  await expect(board.newTask("To do")).toHaveValue("");
});

test("a button that was pressed has the focus again, or what has taken its place", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  await page.locator("summary", { hasText: "Board settings" }).press("Enter");
  await board.setting("To do").getByLabel("Column name").fill("Ideas");
  await board.setting("To do").getByRole("button", { name: "Save column" }).press("Enter");
  const button = (name: string) => board.setting("Ideas").getByRole("button", { name });
  await expect(button("Save column")).toBeFocused();

  await button("Move right").press("Enter");
  await expect(board.status).toContainText("Column moved.");
  await expect(button("Move right")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator(".column h2")).toHaveText(["In progress", "Done", "Ideas"]);
  await expect(button("Move left"), "it goes no further to the right").toBeFocused();

  await button("Remove column").press("Enter");
  await expect(board.status).toContainText("Column removed.");
  await expect(page.getByRole("heading", { name: "Columns", exact: true })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(board.setting("In progress").getByLabel("Column name")).toBeFocused();

  const name = page.getByLabel("Name of the board");
  await name.fill(`Renamed ${made.key}`);
  await name.press("Enter");
  await expect(board.status).toContainText("Board renamed.");
  await expect(name, "Enter was pressed in it").toBeFocused();
});

test("where something is refused one goes on with what was wrong, or with the button", async ({ page, board: made, deeds }) => {
  await (await deeds("ana")).createTask(made, "In the way");
  const board = await new BoardPage(page, made).open();
  await page.locator("summary", { hasText: "Board settings" }).press("Enter");
  const remove = board.setting("To do").getByRole("button", { name: "Remove column" });
  await remove.press("Enter");
  await expect(board.failure.first()).toBeVisible();
  await expect(remove).toBeFocused();

  const limit = board.setting("Done").getByLabel("WIP limit");
  await limit.fill("-1");
  await board.setting("Done").getByRole("button", { name: "Save column" }).press("Enter");
  await expect(limit).toHaveAttribute("aria-invalid", "true");
  await expect(limit).toBeFocused();
});

test("a form that is gone leaves the focus at the heading that it stood below", async ({ openBrowser, newcomer }) => {
  const me = await newcomer("Mila Novak");
  for (let count = 0; count < 2; count++) await me.deeds.createInvitation();
  const page = await openBrowser({ storageState: await me.deeds.session() });
  await visit(page, `${me.team.path}/people`);
  const revoke = page.getByRole("button", { name: "Revoke" });
  await expect(revoke).toHaveCount(2);
  await revoke.first().press("Enter");
  await expect(page.getByRole("status")).toContainText("Invitation revoked.");
  await expect(page.getByRole("heading", { name: "Open invitations" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(revoke).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByText("No open invitations.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 }), "its heading is gone as well").toBeFocused();
});

test("whoever saves their name goes on at the button", async ({ openBrowser, newcomer }) => {
  const me = await newcomer("Mila Novak");
  const page = await openBrowser({ storageState: await me.deeds.session() });
  await visit(page, "/account");
  await page.getByLabel("Your name").fill("Mila Berg");
  await page.keyboard.press("Tab");
  const save = page.getByRole("button", { name: "Save name" });
  await expect(save).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toContainText("Name changed.");
  await expect(save).toBeFocused();
});

test("no key is a shortcut as long as a form is on its way, until one shows that one is still here", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  await page.locator("summary", { hasText: "Board settings" }).press("Enter");
  // It is never sent: as long as a page is coming, nothing could be asked about this one.
  await page.evaluate(() => window.addEventListener("submit", (event) => event.preventDefault()));
  const save = board.setting("To do").getByRole("button", { name: "Save column" });
  const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  const drawn = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const giveUps = [() => page.keyboard.press("Escape"), () => page.getByRole("heading", { level: 1 }).click()];
  for (const giveUp of giveUps) {
    await board.openSettings();
    await save.press("Enter");
    await page.keyboard.press("?");
    await drawn();
    await expect(list).toHaveCount(0);
    await giveUp();
    await page.keyboard.press("?");
    await expect(list).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(list).toHaveCount(0);
  }

  await visit(page, made.path);
  await drawn();
  expect(await page.evaluate(() => document.activeElement?.tagName), "what was given up is not gone on with").toBe("BODY");
});

test("whoever stays with what is not saved has the keys of the page", async ({ openBrowser, newcomer }) => {
  const me = await newcomer("Mila Novak");
  const key = await me.deeds.createTask(await me.deeds.createBoard(), "Not yet");
  const page = await openBrowser({ storageState: await me.deeds.session() });
  await visit(page, `${me.team.path}/tasks/${key}`);
  const description = page.getByLabel("Description", { exact: true });
  await description.focus();
  await page.keyboard.type("Half a thought");

  const stayed = page.waitForEvent("dialog").then((question) => question.dismiss());
  const signOut = page.getByRole("button", { name: "Sign out", exact: true });
  await signOut.focus();
  await page.keyboard.press("Enter");
  await stayed;
  await description.focus();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("status")).toContainText("Task saved.");
  await signOut.focus();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
});

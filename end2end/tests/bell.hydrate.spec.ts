import { bell, item, openList } from "./support/bell";
import { expect, names, test, visit } from "./support/team";

// The list of the bell while it is open.

test.use({ as: "ben" });

test("what comes while the list is open waits until it is asked for", async ({ page, team, board, deeds }) => {
  const ana = await deeds("ana");
  const task = await ana.createTask(board, "Oil the hinges");
  await openList(page, team.path);
  await ana.addComment(task, `@${names.ben}?`);
  await expect(bell(page, 1)).toBeVisible();
  await expect(item(page, "Oil the hinges")).toHaveCount(0);
  await page.getByRole("button", { name: "Show 1 new" }).click();
  await expect(item(page, "Oil the hinges")).toContainText("mentioned you");
  await expect(page.getByRole("button", { name: "Show 1 new" })).toHaveCount(0);
});

test("the list works without a mouse, and the focus stays where it was", async ({ page, team, board, deeds }) => {
  const ana = await deeds("ana");
  const task = await ana.createTask(board, "Grease the lock");
  await openList(page, team.path);
  await ana.addComment(task, `@${names.ben}?`);
  await page.getByRole("button", { name: "Show 1 new" }).press("Enter");
  const row = item(page, "Grease the lock");
  await expect(row).toContainText("New");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Mark all read" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "What you are told" })).toBeFocused();
  await page.keyboard.press("Tab");
  const link = row.getByRole("link", { name: "Grease the lock" });
  await expect(link).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(row.getByRole("button", { name: "Mark read" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toContainText("Marked as read.");
  await expect(bell(page, 0)).toBeVisible();
  await expect(link).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: `${task} Grease the lock` })).toBeVisible();

  await visit(page, `${team.path}/notifications`);
  await page.getByRole("link", { name: "What you are told" }).press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Somebody mentions me")).toBeFocused();
});

test("what cannot be marked as read is said and stays unread", async ({ page, context, team, board, deeds }) => {
  const ana = await deeds("ana");
  const task = await ana.createTask(board, "Wax the door");
  await openList(page, team.path);
  await ana.addComment(task, `@${names.ben}?`);
  await page.getByRole("button", { name: "Show 1 new" }).click();
  const row = item(page, "Wax the door");
  await context.route("**/mark_read", (route) => route.abort("internetdisconnected"));
  await row.getByRole("button", { name: "Mark read" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(row.getByRole("button", { name: "Mark read" })).toBeVisible();
  await expect(bell(page, 1)).toBeVisible();
  await context.unroute("**/mark_read");
  await row.getByRole("button", { name: "Mark read" }).click();
  await expect(bell(page, 0)).toBeVisible();
});

import type { Page } from "@playwright/test";

import { bell, item, openList } from "./support/bell";
import { expect, names, ready, test, visit, withScripts } from "./support/team";

// What Ana does, and what Ben's bell says of it.

test.use({ as: "ben" });

/** What came meanwhile is there without asking, where there is JavaScript. */
async function waitOrReload(page: Page) {
  if (!withScripts()) await page.reload();
}

test("counts what concerns its reader as it happens, and opening the task reads it", async ({ page, team, board, deeds }) => {
  const ana = await deeds("ana");
  const task = await ana.createTask(board, "Paint the fence");
  await openList(page, team.path);
  await visit(page, `${team.path}/tasks/${task}`);
  const ben = page.getByLabel("Assignee", { exact: true }).locator("option", { hasText: names.ben });
  const assignee = (await ben.getAttribute("value")) ?? "";
  await visit(page, board.path);

  await ana.editTask(task, { assignee });
  await waitOrReload(page);
  await expect(bell(page, 1)).toBeVisible();
  await ana.addComment(task, `@${names.ben}, green or blue?`);
  await waitOrReload(page);
  await expect(bell(page, 2)).toBeVisible();

  await bell(page, 2).click();
  await expect(page.getByRole("heading", { level: 1, name: "Notifications" })).toBeVisible();
  await ready(page);
  const items = item(page, "Paint the fence");
  await expect(items).toHaveCount(2);
  await expect(items.nth(0)).toContainText(`New ${names.ana} mentioned you`);
  await expect(items.nth(1)).toContainText(`New ${names.ana} assigned this to you`);
  await expect(items.nth(0)).not.toContainText("green or blue");

  await items.nth(1).getByRole("button", { name: "Mark read" }).click();
  await expect(bell(page, 1)).toBeVisible();
  await expect(items.nth(1)).not.toContainText("New");

  await items.nth(0).getByRole("link", { name: "Paint the fence" }).click();
  await expect(page.getByRole("heading", { level: 1, name: `${task} Paint the fence` })).toBeVisible();
  // Without JavaScript a link is a link, and looking changes nothing.
  await expect(bell(page, withScripts() ? 0 : 1)).toBeVisible();
});

test("a kind that is muted is not told", async ({ page, team, board, deeds }) => {
  const ana = await deeds("ana");
  const task = await ana.createTask(board, "Sweep the yard");
  await openList(page, team.path);
  const mentions = page.getByLabel("Somebody mentions me");
  const save = async () => {
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("status")).toContainText("Saved.");
    await ready(page);
  };
  await mentions.uncheck();
  await save();
  await expect(mentions).not.toBeChecked();
  await ana.addComment(task, `@${names.ben}, the yard`);
  await mentions.check();
  await save();
  await ana.addComment(task, `@${names.ben}, the whole yard`);
  await visit(page, `${team.path}/notifications`);
  await expect(item(page, "Sweep the yard")).toHaveCount(1);
});

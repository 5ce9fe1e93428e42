import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";

import { expectNoSidewaysScroll } from "./support/overflow";
import { expect, names, ready, test, visit } from "./support/team";

// Ben says something, and Ana, who owns the team, does something about it.

/** Says that something is missing, from the page that is open. */
async function say(page: Page, words: string) {
  await page.getByRole("button", { name: "Feedback", exact: true }).click();
  await page.getByLabel("What is missing?").fill(words);
  await page.getByRole("button", { name: "Send feedback" }).click();
}

const item = (page: Page, words: string) => page.locator(".feedback-item", { hasText: words });

test.describe("from a board", () => {
  test.use({ as: "ben" });

  test("what is said comes to the owner, is tagged, and becomes a task @phone", async ({ page, openAs, team, board }) => {
    const words = `A calendar ${randomUUID()}`;
    const tag = `calendar ${randomUUID().slice(0, 8)}`;
    await visit(page, board.path);
    await say(page, words);
    await expect(page.getByRole("status")).toContainText("Thank you.");
    await expect(page.getByRole("heading", { level: 1, name: board.name })).toBeVisible();

    const owner = await openAs("ana");
    await visit(owner, `${team.path}/insights`);
    await expect(item(owner, words)).toContainText(`${names.ben} · just now · on ${board.path}`);
    await expectNoSidewaysScroll(owner, "insights with feedback");
    await item(owner, words).locator("summary", { hasText: "Add a tag" }).click();
    await item(owner, words).getByLabel("Tag", { exact: true }).fill(tag);
    await item(owner, words).getByRole("button", { name: "Add tag" }).click();
    await expect(owner.getByRole("status")).toContainText("Tag added.");
    await ready(owner);
    await owner.getByRole("navigation", { name: "Tags" }).getByRole("link", { name: tag }).click();
    await expect(owner.locator(".feedback-item")).toHaveCount(1);

    await item(owner, words).getByRole("link", { name: "Make a task" }).click();
    await expect(owner.getByRole("heading", { level: 1, name: `Feedback from ${names.ben}` })).toBeVisible();
    await ready(owner);
    await expect(owner.getByLabel("Title")).toHaveValue(words);
    await expect(owner.getByLabel("Description")).toHaveValue(new RegExp(`> ${words}`));
    await owner.getByLabel("Board", { exact: true }).selectOption({ label: `${board.name} (${board.key})` });
    await owner.getByRole("button", { name: "Make a task" }).click();
    await expect(owner.getByRole("status")).toContainText("Task made.");
    await ready(owner);
    await visit(owner, `${team.path}/insights`);
    await item(owner, words).getByRole("link", { name: `${board.key}-1` }).click();
    await expect(owner.getByLabel("Title", { exact: true })).toHaveValue(words);
  });

  test("a tag is taken away again", async ({ openAs, team, deeds }) => {
    const words = `Too slow ${randomUUID()}`;
    const tag = `slow ${randomUUID().slice(0, 8)}`;
    await (await deeds("ben")).giveFeedback(words);
    const owner = await openAs("ana");
    await visit(owner, `${team.path}/insights`);
    await item(owner, words).locator("summary", { hasText: "Add a tag" }).click();
    await item(owner, words).getByLabel("Tag", { exact: true }).fill(tag);
    await item(owner, words).getByRole("button", { name: "Add tag" }).click();
    await expect(owner.getByRole("status")).toContainText("Tag added.");
    await ready(owner);
    await item(owner, words).getByRole("button", { name: `Remove the tag ${tag}` }).click();
    await expect(owner.getByRole("status")).toContainText("Tag removed.");
    await expect(item(owner, words)).not.toContainText(tag);
  });

  test("what is too long stays typed, with the reason", async ({ page, board }) => {
    await visit(page, board.path);
    const words = "x".repeat(2001);
    await say(page, words);
    await expect(page.getByText("This has 2001 characters; 2000 are possible.").first()).toBeVisible();
    await expect(page.getByLabel("What is missing?")).toHaveValue(words);
    await page.getByLabel("What is missing?").fill("x");
    await page.getByRole("button", { name: "Send feedback" }).click();
    await expect(page.getByRole("status")).toContainText("Thank you.");
  });

  test("nothing at all is not sent", async ({ page, board }) => {
    await visit(page, board.path);
    await page.getByRole("button", { name: "Feedback", exact: true }).click();
    await page.getByRole("button", { name: "Send feedback" }).click();
    await expect(page.getByText("Answer at least one of the three questions.").first()).toBeVisible();
  });
});

test.describe("who only reads", () => {
  test.use({ as: "hugo" });

  test("has something to say, too, also where no team is", async ({ page, openAs, team }) => {
    for (const path of ["/account", "/teams/new"]) {
      const words = `More ${randomUUID()}`;
      await visit(page, path);
      await say(page, words);
      await expect(page.getByRole("status")).toContainText("Thank you.");
      const owner = await openAs("ana");
      await visit(owner, `${team.path}/insights`);
      await expect(item(owner, words)).toContainText(`on ${path}`);
    }
  });
});

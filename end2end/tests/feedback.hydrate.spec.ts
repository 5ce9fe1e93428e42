import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";

import { expectAccessible } from "./support/axe";
import { password, register } from "./support/people";
import type { Instance } from "./support/server";
import { Deeds, expect, nobody, test, visit } from "./support/team";

// The dialog and the card, which need scripts.

const opener = (page: Page) => page.getByRole("button", { name: "Feedback", exact: true });
const dialog = (page: Page) => page.getByRole("dialog", { name: "Feedback" });
const missing = (page: Page) => page.getByLabel("What is missing?");
const card = (page: Page) => page.getByRole("region", { name: "How is it going?" });

test("the dialog opens and closes by keys, keeps what was typed, and gives the focus back", async ({ page, team }) => {
  await visit(page, `${team.path}/boards/WEB`);
  await opener(page).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("What was most useful?")).toBeFocused();
  await page.keyboard.type("Half a sen");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
  await expect(opener(page)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("What was most useful?")).toHaveValue("Half a sen");
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await expect(opener(page)).toBeFocused();
});

test("on a phone the dialog fits, and so does a refusal in it @phone", async ({ page, team }) => {
  await visit(page, team.path);
  await opener(page).click();
  await page.getByRole("button", { name: "Send feedback" }).click();
  await expect(dialog(page).getByRole("alert")).toContainText("Answer at least one");
  await expectAccessible(page);
});

test("without a connection it says so and keeps the words, and sends them once", async ({ page, team }) => {
  const words = `Once ${randomUUID()}`;
  let lost = 0;
  await page.route("**/give_feedback", async (route) => {
    lost++;
    if (lost === 1) return route.abort("internetdisconnected");
    if (lost > 2) return route.continue();
    // It arrives, and its answer does not.
    await route.fetch();
    await route.abort("internetdisconnected");
  });
  await visit(page, `${team.path}/mine`);
  await opener(page).click();
  await missing(page).fill(words);
  for (const time of [1, 2]) {
    await page.getByRole("button", { name: "Send feedback" }).click();
    await expect.poll(() => lost).toBe(time);
    await expect(dialog(page).getByRole("alert")).toContainText("The server cannot be reached. What you typed is still here");
    await expect(missing(page)).toHaveValue(words);
  }
  await page.getByRole("button", { name: "Send feedback" }).click();
  await expect(page.getByRole("status")).toContainText("Thank you.");
  await expect(dialog(page)).toHaveCount(0);
  await expect(opener(page)).toBeFocused();
  await visit(page, `${team.path}/insights`);
  await expect(page.locator(".feedback-item", { hasText: words })).toHaveCount(1);
});

test.describe("after the tenth finished task", () => {
  /** Somebody new on an instance of their own, on their team's page. */
  async function finishTen(page: Page, instance: Instance) {
    await page.goto("/");
    await register(page, "Nora Lind", "nora@example.org", "Red Barn");
    const place = { baseURL: instance.baseURL, slug: "red-barn", path: "/teams/red-barn" };
    const nora = await Deeds.signIn(place, "nora@example.org", password);
    const board = await nora.createBoard();
    for (let number = 1; number <= 10; number++) {
      const task = await nora.createTask(board, `Finished ${number}`);
      await nora.claimTask(task);
      await nora.moveTask(board, task, "Done");
    }
    await nora.stop();
    return { ...place, board: board.path };
  }

  test("a quiet card asks once, and Later is later", async ({ openBrowser, instance }) => {
    const page = await openBrowser({ baseURL: instance.baseURL, storageState: nobody });
    const team = await finishTen(page, instance);
    await visit(page, team.board);
    await expect(card(page)).toContainText("Ten tasks of yours are finished.");
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("BODY");
    await expect(page.locator("[aria-live=polite]", { hasText: "Three short questions wait" })).toHaveCount(1);
    await expectAccessible(page);
    // It stays while one goes about one's work.
    await page.getByRole("link", { name: "My tasks" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "My tasks" })).toBeVisible();
    await expect(card(page)).toBeVisible();
    await card(page).getByRole("button", { name: "Later" }).click();
    await expect(card(page)).toHaveCount(0);
    await expect(opener(page)).toBeFocused();
    await visit(page, team.path);
    await expect(opener(page)).toBeVisible();
    await expect(card(page)).toHaveCount(0);
  });

  test("who answers is thanked, and the owner reads what led to it", async ({ openBrowser, instance }) => {
    const page = await openBrowser({ baseURL: instance.baseURL, storageState: nobody });
    const team = await finishTen(page, instance);
    await visit(page, team.path);
    await card(page).getByRole("button", { name: "Answer" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await expect(card(page).getByRole("button", { name: "Answer" })).toBeFocused();
    await page.keyboard.press("Enter");
    await missing(page).fill("A sauna");
    await page.getByRole("button", { name: "Send feedback" }).click();
    await expect(page.getByRole("status")).toContainText("Thank you.");
    await expect(card(page)).toHaveCount(0);
    await expect(opener(page)).toBeFocused();
    await visit(page, `${team.path}/insights`);
    await expect(page.locator(".feedback-item")).toContainText("asked after ten finished tasks");
  });

  test("who does not want to be asked is told that they are not @phone", async ({ openBrowser, instance }) => {
    const page = await openBrowser({ baseURL: instance.baseURL, storageState: nobody });
    const team = await finishTen(page, instance);
    await visit(page, team.path);
    await expectAccessible(page);
    await card(page).getByRole("button", { name: "Don’t ask again" }).click();
    await expect(page.getByRole("status")).toContainText("You are not asked this again.");
    await expect(card(page)).toHaveCount(0);
    await expect(opener(page)).toBeFocused();
  });
});

import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";

import { expect, ready, test, visit } from "./support/team";

// What is shown once is copied by a button, which says what became of it.

test.use({ as: "ben" });

/** Makes an API token and gives the field that shows it. */
async function makeToken(page: Page) {
  await visit(page, "/account");
  const section = page.getByRole("region", { name: "API tokens" });
  await section.getByLabel("Token name").fill(`Copied ${randomUUID()}`);
  await section.getByRole("button", { name: "Create token" }).click();
  const shown = page.getByLabel("Token", { exact: true });
  await expect(shown).toHaveValue(/^skb_/);
  await ready(page);
  return shown;
}

test("a token is copied", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const shown = await makeToken(page);
  await page.getByRole("button", { name: "Copy token" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Token copied." })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await shown.inputValue());
});

test("a browser without a clipboard, as over plain http, copies nothing and says so", async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "clipboard", { get: () => undefined }));
  await makeToken(page);
  await page.getByRole("button", { name: "Copy token" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "The browser did not copy it." })).toBeVisible();
  await expect(page.getByText("Token copied.")).toHaveCount(0);
});

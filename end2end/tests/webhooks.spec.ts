import { createHmac } from "node:crypto";
import type { Page } from "@playwright/test";

import { expectNoSidewaysScroll } from "./support/overflow";
import { Target } from "./support/target";
import { expect, ready, test, visit } from "./support/team";

// Ana owns the team, and a program of hers wants to know what happens in it.

let target: Target;
test.beforeEach(async () => {
  target = await Target.start();
});
test.afterEach(() => target.stop());

/** Makes a webhook on the settings page, and gives its secret. */
async function make(page: Page, url: string) {
  await page.locator("summary", { hasText: "New webhook" }).click();
  await page.getByLabel("Address").fill(url);
  await page.getByRole("button", { name: "Create webhook" }).click();
  await ready(page);
  return page.getByLabel("Webhook secret", { exact: true }).inputValue();
}

const row = (page: Page) => page.getByRole("listitem").filter({ hasText: target.url });

const delivery = (page: Page) => page.locator(".delivery", { hasText: "ping" });

/** Waits until the log, which is open, says what became of the test. Only then the page is loaded again. */
async function expectBecame(page: Page, words: string) {
  const became = async () => {
    const text = await (await page.request.get(page.url())).text();
    return />ping<.*?"delivery-became"[^>]*>([^<]*)/s.exec(text)?.[1] ?? "";
  };
  await expect.poll(became, { timeout: 15_000 }).toContain(words);
  await page.reload();
  await ready(page);
  await expect(delivery(page)).toContainText(words);
}

async function remove(page: Page, path: string) {
  await visit(page, `${path}/settings`);
  await row(page).getByRole("button", { name: "Remove" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove webhook" }).click();
  await expect(page.getByRole("status")).toContainText("Webhook removed.");
  await expect(row(page)).toHaveCount(0);
}

test("is made, tested, looked at and removed", async ({ page, team }) => {
  await visit(page, `${team.path}/settings`);
  const secret = await make(page, target.url);
  await page.setViewportSize({ width: 320, height: 800 });
  await expectNoSidewaysScroll(page, "settings with a webhook");
  await visit(page, `${team.path}/settings`);
  await expect(page.getByText(secret)).toHaveCount(0);

  await row(page).getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByRole("status")).toContainText("A test is on its way.");
  await ready(page);
  await expect.poll(() => target.received.map(({ headers }) => headers["skateboard-event"]), { timeout: 15_000 }).toContain("ping");
  const [{ headers, body }] = target.received;
  const [, at, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["skateboard-signature"])) ?? [];
  expect(mac).toBe(createHmac("sha256", secret).update(`${at}.${body}`).digest("hex"));

  await row(page).getByRole("link", { name: target.url }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Webhook" })).toBeVisible();
  await ready(page);
  await expectBecame(page, "Taken · 200 · 1 attempt");
  await expectNoSidewaysScroll(page, "a webhook");
  await remove(page, team.path);
});

test("what its target does not take is said, and can be sent again", async ({ page, team }) => {
  await visit(page, `${team.path}/settings`);
  await make(page, target.url);
  target.status = 500;
  await row(page).getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByRole("status")).toContainText("A test is on its way.");
  await ready(page);
  await row(page).getByRole("link", { name: target.url }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Webhook" })).toBeVisible();
  await expectBecame(page, "500 · 1 attempt");
  const test = delivery(page);
  await expect(test).toContainText("It answered 500.");
  await test.getByText("What it answered").click();
  await expect(test.getByText("out of ink")).toBeVisible();

  target.status = 200;
  await test.getByRole("button", { name: "Send again" }).click();
  await expect(page.getByRole("status")).toContainText("It is sent again.");
  await expectBecame(page, "Taken · 200 · 2 attempts");
  await remove(page, team.path);
});

test("is not made for an address inside, which stays typed", async ({ page, team }) => {
  await visit(page, `${team.path}/settings`);
  await page.locator("summary", { hasText: "New webhook" }).click();
  await page.getByLabel("Address").fill("https://169.254.169.254/latest");
  await page.getByLabel("Comments").uncheck();
  await page.getByRole("button", { name: "Create webhook" }).click();
  await ready(page);
  await expect(page.getByLabel("Address")).toHaveValue("https://169.254.169.254/latest");
  await expect(page.getByLabel("Comments")).not.toBeChecked();
  await expect(page.getByText("This address is inside a private network").first()).toBeVisible();
});

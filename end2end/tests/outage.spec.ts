import { expectAccessible } from "./support/axe";
import { Outage } from "./support/outage";
import { createBoard, register } from "./support/people";
import { Server } from "./support/server";
import { expect, forgive, nobody, ready, test, visit, withScripts } from "./support/team";

test("while the database is away the pages say so, and go on when it is back", async ({ openBrowser, browsers, instance, complaints }) => {
  test.setTimeout(120_000);
  const outage = await Outage.before(instance.databaseURL);
  const server = await Server.start(outage.databaseURL);
  try {
    const page = await openBrowser({ baseURL: server.baseURL, storageState: nobody });
    await visit(page, "/");
    await register(page, "Ana Silva", "ana@example.org", "Blue Whales");
    await createBoard(page, "blue-whales", "Website", "WEB");
    const board = page.url();
    const field = page.getByRole("region", { name: "To do" }).getByLabel("New task");

    // That the server can do nothing for a moment is what Chromium complains about.
    forgive(complaints, /status of 503/);
    await outage.begin();
    await field.fill("Typed during the outage");
    await field.press("Enter");
    await expect(page.getByText("The database is away for a moment.").first()).toBeVisible({ timeout: 15_000 });
    const typed = page.getByRole("listitem").filter({ hasText: "Typed during the outage" });
    if (withScripts()) {
      // It stands where it will be, and is sent when the database is back.
      await expect(typed).toContainText("Not sent yet");
      await expect(page.getByText("One change is kept here")).toBeVisible();
    }

    const answer = await page.goto(board, { timeout: 15_000 });
    expect(answer?.status()).toBe(503);
    expect(Number(answer?.headers()["retry-after"])).toBeGreaterThan(0);
    await expect(page.getByRole("heading", { level: 1, name: "The database is away" })).toBeVisible();
    if (withScripts()) await expectAccessible(page);

    await outage.end();
    await expect(async () => {
      const again = page.getByRole("link", { name: "Try again" });
      if (await again.isVisible()) await again.click({ timeout: 5_000 });
      await expect(page.getByRole("heading", { level: 1, name: /^(Website|Now)$/ })).toBeVisible({ timeout: 5_000 });
    }).toPass({ timeout: 20_000 });
    await ready(page);
    expect(page.url(), "trying again is trying this page again").toBe(board);
    if (withScripts()) {
      await expect(typed).toContainText("WEB-1", { timeout: 15_000 });
      await expect(typed).toHaveCount(1);
    }
  } finally {
    await browsers.close();
    await server.stop();
    await outage.stop();
  }
});

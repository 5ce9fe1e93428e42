import { test as base, expect, type BrowserContext, type ConsoleMessage, type Page } from "@playwright/test";

/** What the browser says that it should not have to: warnings, errors, failed scripts. */
function listen(context: BrowserContext, complaints: string[]) {
  context.on("console", (message: ConsoleMessage) => {
    if (["warning", "error"].includes(message.type()) && !expected(message)) {
      complaints.push(`${message.type()} on ${message.page()?.url()}: ${message.text()}`);
    }
  });
  context.on("weberror", (error) => complaints.push(`exception: ${error.error().message}`));
}

/** A refusal that a test provokes is reported by Chromium itself, as a failed resource. */
const expected = (message: ConsoleMessage) => message.text().startsWith("Failed to load resource: the server responded with a status of 4");

/** A test that fails when the console has anything to complain about. */
export const test = base.extend<{ complaints: string[] }>({
  complaints: [
    async ({ context }, use) => {
      const complaints: string[] = [];
      listen(context, complaints);
      await use(complaints);
      expect(complaints, "the console stays empty").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Opens a page and waits until it answers to clicks, where there is JavaScript. */
export async function visit(page: Page, path: string) {
  const response = await page.goto(path);
  await ready(page);
  return response;
}

/** Waits until the page answers to clicks, where there is JavaScript. */
export async function ready(page: Page) {
  const scripts = test.info().project.use.javaScriptEnabled !== false;
  if (scripts) {
    await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
  }
}

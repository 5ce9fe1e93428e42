import { teamPages } from "./support/pages";
import { expect, follow, ready, test, visit } from "./support/team";

// The fixture `complaints` fails a test whose console has a warning or an error. That each page is loaded without any
// is in pages.spec.ts; here one leads to the next.

test("the console stays empty on the way through a team without loading a page", async ({ page, team }) => {
  await visit(page, team.path);
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  const nav = page.getByRole("navigation", { name: "Team" });
  const heading = (name: string | RegExp) => page.getByRole("heading", { level: 1, name });

  for (const name of ["Boards", "People", "Settings", "Now", "Boards"]) {
    await nav.getByRole("link", { name, exact: true }).click();
    await expect(heading(name)).toBeVisible();
  }
  await page.getByRole("link", { name: "Website" }).click();
  await expect(heading("Website")).toBeVisible();
  await page.locator(".card-title").first().click();
  await expect(heading(/^WEB-/)).toBeVisible();
  await page.goBack();
  await expect(heading("Website")).toBeVisible();
  await page.goBack();
  await expect(heading("Boards")).toBeVisible();
  await page.goForward();
  await page.goForward();
  await expect(heading(/^WEB-/)).toBeVisible();
  await nav.getByRole("link", { name: "Now" }).click();
  await expect(heading("Now")).toBeVisible();
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
});

// A browser that cannot use what was loaded ahead loads it a second time, for itself.
test("what is loaded ahead is what the page uses", async ({ page, team }) => {
  await visit(page, team.path);
  const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname));
  expect(loaded.filter((path) => path.endsWith(".wasm"))).toHaveLength(1);
});

test("the console stays empty when every page of a team is opened after every other", async ({ page, team }) => {
  await visit(page, team.path);
  for (const { heading, path } of [...teamPages, ...teamPages.toReversed()]) {
    await follow(page, await path(team));
    await expect(page.getByRole("heading", { level: 1, name: heading, exact: typeof heading === "string" })).toBeVisible();
  }
  await ready(page);
});

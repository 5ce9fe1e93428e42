import { ownPages, signedInPages } from "./support/pages";
import { expect, test, visit } from "./support/team";

// On every page something can be looked for, and something can be said.

for (const { name, as, heading, path } of signedInPages) {
  test.describe(name, () => {
    test.use({ as });

    test("has one search and one button for feedback", async ({ page, team }) => {
      await visit(page, await path(team));
      await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
      await expect(page.getByRole("searchbox", { name: "Search" })).toBeVisible();
      // With scripts it opens a dialog; without, it is the button of a form that leads to a page.
      await expect(page.getByRole("button", { name: "Feedback", exact: true })).toBeVisible();
    });
  });
}

test("from one’s own pages the search looks in the team used last", async ({ page, team }) => {
  for (const { path } of ownPages) {
    await visit(page, team.path);
    await visit(page, await path(team));
    const search = page.getByRole("searchbox", { name: "Search" });
    await search.fill("page");
    await search.press("Enter");
    await expect(page).toHaveURL(`${team.path}/search?q=page`);
    await expect(page.getByRole("heading", { level: 1, name: /^Search results/ })).toBeVisible();
  }
});

import { expectNoSidewaysScroll } from "./support/overflow";
import { allPages } from "./support/pages";
import { expect, test, visit } from "./support/team";

for (const { name, as, heading, path } of allPages) {
  test.describe(name, () => {
    test.use({ as });

    test("fits the width of the window with text at 200 %", async ({ page, team }) => {
      await visit(page, await path(team));
      await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
      await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
      await expectNoSidewaysScroll(page, name);
    });
  });
}

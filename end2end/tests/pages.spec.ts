import { expectAccessible } from "./support/axe";
import { expectNoSidewaysScroll } from "./support/overflow";
import { allPages, signedInPages } from "./support/pages";
import { expect, test, visit, withScripts } from "./support/team";

// What every page of the contract has to be. It is loaded once for all of that, because loading takes longer than
// looking. The fixture `complaints` fails a test whose console has a warning or an error: that is also how the
// browser says that it rendered something else than the server.

/** The narrowest phone, a common one and a tablet on end. The style is the same without scripts: there the narrowest is enough. */
const widths = () => (withScripts() ? [320, 375, 768] : [320]);

for (const contract of allPages) {
  const { name, as, heading, path } = contract;

  test.describe(name, () => {
    test.use({ as });

    test("has its heading, fits its window, and axe finds nothing @phone", async ({ page, team, isMobile }) => {
      await visit(page, await path(team));
      await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();

      if (signedInPages.includes(contract)) {
        await test.step("has one search and one button for feedback", async () => {
          await expect.soft(page.getByRole("searchbox", { name: "Search" })).toBeVisible();
          // With scripts it opens a dialog; without, it is the button of a form that leads to a page.
          await expect.soft(page.getByRole("button", { name: "Feedback", exact: true })).toBeVisible();
        });
      }

      await test.step("fits the width of the window", () => expectNoSidewaysScroll(page, name));
      if (isMobile) return;

      await test.step("fits other windows", async () => {
        const own = page.viewportSize()!;
        for (const width of widths()) {
          await page.setViewportSize({ ...own, width });
          await expectNoSidewaysScroll(page, `${name}, ${width} px wide`);
        }
        await page.setViewportSize(own);
      });
      if (!withScripts()) return;

      await test.step("fits the width of the window with text at 200 %", async () => {
        await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
        await expectNoSidewaysScroll(page, `${name}, with text at 200 %`);
        await page.evaluate(() => document.documentElement.style.removeProperty("font-size"));
      });

      await test.step("axe finds nothing, in light and dark", () => expectAccessible(page));
    });
  });
}

import { expectAccessible } from "./support/axe";
import { allPages } from "./support/pages";
import { expect, test, visit } from "./support/team";

for (const { name, as, heading, path } of allPages) {
  test.describe(name, () => {
    test.use({ as });

    test("axe finds nothing, in light and dark", async ({ page, team }) => {
      await visit(page, await path(team));
      await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
      await expectAccessible(page);
    });
  });
}

test("axe finds nothing on the first page of an empty instance", async ({ openBrowser, instance }) => {
  const page = await openBrowser({ baseURL: instance.baseURL, storageState: { cookies: [], origins: [] } });
  await visit(page, "/");
  await expect(page.getByRole("heading", { level: 1, name: "Create your account" })).toBeVisible();
  await expectAccessible(page);
});

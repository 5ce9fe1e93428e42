import { expectAccessible } from "./support/axe";
import { allPages } from "./support/pages";
import { register } from "./support/people";
import { sql } from "./support/server";
import { expect, forgive, test, visit } from "./support/team";

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

// A table that is gone is a fault that nobody can provoke by a page. Without sessions there is no app around it either.
test("axe finds nothing where the server is at fault, in the app and outside of it", async ({ openBrowser, instance, complaints }) => {
  const page = await openBrowser({ baseURL: instance.baseURL, storageState: { cookies: [], origins: [] } });
  await register(page, "Ana Silva", "ana@example.org", "Blue Whales");
  for (const table of ["boards", "sessions"]) {
    await sql(instance.databaseURL, `ALTER TABLE ${table} RENAME TO ${table}_gone`);
    const answer = await visit(page, "/teams/blue-whales/boards");
    expect(answer?.status(), table).toBe(500);
    await expect(page.getByRole("heading", { level: 1, name: "Something went wrong" })).toBeVisible();
    await expectAccessible(page);
  }
  forgive(complaints, /status of 500/);
});

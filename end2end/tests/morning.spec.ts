import { expect, nobody, test, visit } from "./support/team";

// The morning of a team, answered from the Now page alone.

test.use({ as: "hugo" });

test("says who is free, who has too much, what is about to be late, and who has the login bug", async ({ page, team }) => {
  await visit(page, team.path);
  const row = (name: string) => page.locator(".now-row", { has: page.getByRole("heading", { name }) });

  await test.step("who is free", async () => {
    await expect(row("Greta Lindqvist")).toContainText("Nothing in progress");
    await expect(row("Greta Lindqvist")).toContainText("2 not started");
  });

  await test.step("who has too much", async () => {
    await expect(row("Dmitri Volkov")).toContainText(/[45] in progress, limit 3/);
  });

  await test.step("what is late, and what is about to be", async () => {
    await expect(row("Farid Haddad").getByRole("listitem").filter({ hasText: "invoices" })).toContainText("Late, ");
    const risky = page.getByRole("listitem").filter({ hasText: "Answer 404 for other customers' orders" });
    await expect(risky.last()).toContainText(/At risk: due (tomorrow|today), not started/);
    const forgotten = page.getByRole("listitem").filter({ hasText: "Undo for deleted posts" });
    await expect(forgotten.last()).toContainText(/At risk: untouched for 7 days; tasks of Website usually take \d+ days?/);
  });

  await test.step("what nobody holds", async () => {
    const nobodys = page.getByRole("region", { name: "Held by nobody" });
    await expect(nobodys).toContainText("Try logical replication for the report database");
    await expect(nobodys).toContainText("Renew the certificate without downtime");
  });

  await test.step("what was forgotten", async () => {
    await expect(page.getByRole("listitem").filter({ hasText: "Mask addresses in the logs" }).last()).toContainText("No change for 7 days");
  });

  await test.step("who has the login bug", async () => {
    await expect(row("Emi Tanaka")).toContainText("Fix the login bug in Safari");
  });

  await test.step("late stands above at risk, and that above too much", async () => {
    const names = await page.locator(".now-people").first().locator(".now-name").allTextContents();
    const place = (name: string) => names.findIndex((other) => other.includes(name));
    expect(names.join()).toContain("Farid");
    expect(place("Farid")).toBeLessThan(place("Dmitri"));
    expect(place("Dmitri")).toBeLessThan(place("Greta"));
  });
});

test("giving more to whoever has too much is done, and remarked on", async ({ team, board, deeds, openAs }) => {
  const ana = await deeds("ana");
  const task = await ana.createTask(board, "One thing more", "In progress");
  const page = await openAs("ana");
  await visit(page, `${team.path}/tasks/${task}`);
  await page.getByLabel("Assignee").selectOption({ label: "Dmitri Volkov" });
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText("Task saved. Dmitri Volkov now has 5 in progress; the team’s limit is 3.");
  await ana.moveTask(board, task, "Done");
});

test("is on the wall, without signing in, until the link is revoked", async ({ page, team, openAs, openBrowser }) => {
  const owner = await openAs("ana");
  await visit(owner, `${team.path}/settings`);
  await owner.getByRole("button", { name: "Create wall link" }).click();
  const link = await owner.getByLabel("Wall link").inputValue();

  const wall = await openBrowser({ storageState: nobody, viewport: { width: 1920, height: 1080 } });
  await visit(wall, link);
  await expect(wall.getByRole("heading", { level: 1, name: "Lantern Works" })).toBeVisible();
  await expect(wall.getByText("Fix the login bug in Safari")).toBeVisible();
  await expect(wall.getByText(/^Updated \d\d:\d\d$/)).toBeVisible();
  for (const size of [
    { width: 1920, height: 1080 },
    { width: 1280, height: 720 },
  ]) {
    await wall.setViewportSize(size);
    const below = () => wall.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    await expect.poll(below, "nothing scrolls").toBeLessThanOrEqual(0);
    const cut = () =>
      wall.locator(".wall-person").evaluateAll((cards) => cards.filter((card) => card.scrollHeight > card.clientHeight).map((card) => card.textContent));
    await expect.poll(cut, `nothing is cut off at ${size.width} × ${size.height}`).toEqual([]);
  }

  await visit(owner, `${team.path}/settings`);
  await owner.getByRole("button", { name: "Revoke" }).first().click();
  await expect(owner.getByRole("status")).toContainText("Wall link revoked.");
  const gone = await page.goto(link);
  expect(gone?.status()).toBe(404);
  // With its scripts the display notices by itself; without them it shows what it was loaded with.
  if (test.info().project.use.javaScriptEnabled !== false) {
    await expect(wall.getByRole("heading", { level: 1, name: "Not found" })).toBeVisible({ timeout: 15_000 });
  }
});

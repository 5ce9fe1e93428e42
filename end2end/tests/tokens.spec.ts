import { randomUUID } from "node:crypto";

import { expect, test, visit } from "./support/team";

const token = /^skb_[\w-]{43}$/;

test.use({ as: "ben" });

test("a token is made for a program, shown once, and revoked @phone", async ({ page }) => {
  const name = `Export ${randomUUID()}`;
  await visit(page, "/account");
  const section = page.getByRole("region", { name: "API tokens" });
  await expect(section.getByLabel("Expires")).toHaveValue("90");
  await section.getByLabel("Token name").fill(name);
  await section.getByLabel("Scope").selectOption({ label: "Read and write" });
  await section.getByLabel("Team", { exact: true }).selectOption({ label: "Lantern Works" });
  await section.getByLabel("Expires").selectOption({ label: "After 1 year" });
  await section.getByRole("button", { name: "Create token" }).click();

  const shown = page.getByLabel("Token", { exact: true });
  await expect(shown).toHaveValue(token);
  await expect(shown).toHaveAttribute("readonly");
  await expect(shown).toBeFocused();
  await expect(page.getByRole("status")).toContainText("Token created.");
  const row = section.getByRole("listitem").filter({ hasText: name });
  await expect(row).toContainText((await shown.inputValue()).slice(0, 8));
  await expect(row).toContainText("Read and write, Lantern Works. Created just now, expires in 12 months, never used.");

  await visit(page, "/account");
  await expect(shown).toHaveCount(0);
  await row.getByRole("button", { name: "Revoke" }).click();
  const question = page.getByRole("dialog", { name: `Revoke ${name}?` });
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(question).toBeHidden();
  await row.getByRole("button", { name: "Revoke" }).click();
  await question.getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("status")).toContainText("Token revoked.");
  await expect(row).toHaveCount(0);
});

test("a token that the operator made stands in the list", async ({ page, team }) => {
  const name = `Backup ${randomUUID()}`;
  expect(await team.token("ben", name)).toMatch(token);
  await visit(page, "/account");
  const row = page.getByRole("listitem").filter({ hasText: name });
  await expect(row).toContainText("Read, all teams.");
});

import { expect, test, visit } from "./support/team";

test("the command palette is a touch away @phone", async ({ page, team }) => {
  await visit(page, team.path);
  const button = page.getByRole("button", { name: "Command palette" });
  const { width, height } = (await button.boundingBox())!;
  expect(Math.min(width, height)).toBeGreaterThanOrEqual(24);
  await button.click();
  await expect(page.getByRole("dialog")).toBeVisible();
});

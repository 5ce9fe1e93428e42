import { devices } from "@playwright/test";

import { expect, test, visit } from "./support/team";

// In every project as in a phone's window; the phone's own adds the touch.
test.use({ viewport: devices["Pixel 7"].viewport });

test("the command palette is a touch away @phone", async ({ page, team }) => {
  await visit(page, team.path);
  const button = page.getByRole("button", { name: "Command palette" });
  const { width, height } = (await button.boundingBox())!;
  expect(Math.min(width, height)).toBeGreaterThanOrEqual(24);
  await button.click();
  await expect(page.getByRole("dialog")).toBeVisible();
});

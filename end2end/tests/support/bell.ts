import type { Page } from "@playwright/test";

import { expect, ready, visit } from "./team";

/** The bell in the header, with so many unread. */
export const bell = (page: Page, unread: number) =>
  page.getByRole("link", { name: unread > 0 ? `Notifications, ${unread} unread` : "Notifications", exact: true });

/** What is told of a task. */
export const item = (page: Page, title: string) => page.locator(".notification", { hasText: title });

/** Opens the bell's list, with nothing unread on it. */
export async function openList(page: Page, path: string) {
  await visit(page, `${path}/notifications`);
  const all = page.getByRole("button", { name: "Mark all read" });
  if (await all.isVisible()) {
    await all.click();
    await expect(page.getByRole("status")).toContainText("All marked as read.");
    await ready(page);
  }
  await expect(bell(page, 0)).toBeVisible();
}

import { expect, type Page } from "@playwright/test";

import { ready, visit } from "./test";

export const password = "correct horse battery";

/** Creates the first account of an instance and its team. Leads to the team's page. */
export async function register(page: Page, name: string, email: string, team: string) {
  await page.goto("/register");
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByLabel("Team name").fill(team);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Now" })).toBeVisible();
}

/** Makes an invitation on the people page and gives its link. */
export async function invite(page: Page, team: string, role: "owner" | "member" | "viewer") {
  await visit(page, `/teams/${team}/people`);
  await page.getByLabel("Role").selectOption(role);
  await page.getByRole("button", { name: "Create invitation" }).click();
  return page.getByLabel("Invitation link").inputValue();
}

/** Follows an invitation as somebody new. */
export async function join(page: Page, link: string, name: string, email: string) {
  await page.goto(link);
  await page.getByRole("link", { name: "Create an account" }).click();
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Now" })).toBeVisible();
}

/** Fills in the sign-in page, which is open, and sends it. */
export async function signIn(page: Page, email: string, secret = password) {
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(secret);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Makes a board of one's own for a test. Leads to it. */
export async function createBoard(page: Page, team: string, name: string, key: string) {
  await page.goto(`/teams/${team}/boards`);
  await ready(page);
  const field = page.getByLabel("Board name", { exact: true });
  // Without JavaScript the button opens a <details>, or the fields stand there already.
  if (!(await field.first().isVisible())) {
    await page.getByRole("button", { name: "New board" }).or(page.locator("summary", { hasText: "New board" })).first().click();
  }
  await field.first().fill(name);
  await page.getByLabel("Key", { exact: true }).first().fill(key);
  await page.getByRole("button", { name: "Create board" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await ready(page);
}

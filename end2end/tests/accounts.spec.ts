import type { Page } from "@playwright/test";

import { expectAccessible } from "./support/axe";
import { Mailbox } from "./support/mailbox";
import { register, signIn } from "./support/people";
import { startInstance } from "./support/server";
import { expect, nobody, ready, test, visit, withScripts } from "./support/team";

// What people do with their own accounts, one thing after the other.

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });

const part = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const email = (page: Page) => part(page, "Email").getByLabel("Email", { exact: true });

/** Fills in one part of the account page, sends it, and waits for what is said. */
async function send(page: Page, name: string, fields: Record<string, string>, button: string, said: string) {
  for (const [label, text] of Object.entries(fields)) await part(page, name).getByLabel(label, { exact: true }).fill(text);
  await part(page, name).getByRole("button", { name: button }).click();
  await expect(page.getByRole("status")).toContainText(said);
  await ready(page);
}

test("a name, an address and a password are changed, and other browsers signed out", async ({ openBrowser, newcomer }) => {
  const me = await newcomer("Mila Novak");
  const page = await openBrowser({ storageState: await me.deeds.session() });
  const other = await openBrowser({ storageState: nobody });
  await visit(other, me.team.path);
  await signIn(other, me.email);
  await expect(heading(other, "Now")).toBeVisible();

  await visit(page, "/account");
  await send(page, "Where you are signed in", {}, "Sign out everywhere else", "Every other session was signed out.");
  await expect(page.getByRole("button", { name: "Sign out everywhere else" })).toBeDisabled();
  await visit(other, me.team.path);
  await expect(heading(other, "Sign in")).toBeVisible();

  await send(page, "Name", { "Your name": "Mila Berg" }, "Save name", "Name changed.");
  await expect(page.getByLabel("Your name")).toHaveValue("Mila Berg");
  const address = `new.${me.email}`;
  await send(page, "Email", { Email: address, "Current password": me.password }, "Change address", "Email address changed.");
  await expect(email(page)).toHaveValue(address);

  await signIn(other, address);
  await expect(heading(other, "Now")).toBeVisible();
  await expect(other.getByRole("banner").getByRole("link", { name: "Mila Berg" })).toBeVisible();
  const secret = "a lantern beside the harbour";
  await send(page, "Password", { "Current password": me.password, "New password": secret }, "Change password", "Password changed.");
  await visit(other, me.team.path);
  await signIn(other, address, me.password);
  await expect(other.getByRole("alert")).toBeVisible();
  await signIn(other, address, secret);
  await expect(heading(other, "Now")).toBeVisible();
});

test("a mail brings the way to a new password, and another address is confirmed by the mail that goes there", async ({ openBrowser, browsers }) => {
  test.setTimeout(120_000);
  const mailbox = await Mailbox.start();
  const instance = await startInstance({ SMTP_URL: mailbox.url, MAIL_FROM: "board@example.org" });
  try {
    const page = await openBrowser({ baseURL: instance.baseURL, storageState: nobody });
    await register(page, "Ana Silva", "ana@example.org", "Blue Whales");
    await ready(page);
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(heading(page, "Sign in")).toBeVisible();
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await expect(heading(page, "Forgot your password?")).toBeVisible();
    await page.getByLabel("Email").fill("ana@example.org");
    await page.getByRole("button", { name: "Send link" }).click();
    await expect(page.getByRole("status")).toContainText("a link is on its way");

    const reset = await mailbox.link("ana@example.org", "/reset-password/");
    await visit(page, reset);
    const secret = "a lantern beside the harbour";
    await page.getByLabel("New password").fill(secret);
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(page.getByRole("status")).toContainText("Password changed. Sign in with the new one.");
    await signIn(page, "ana@example.org", secret);
    await expect(heading(page, "Now")).toBeVisible();
    await visit(page, reset);
    await expect(heading(page, "This link cannot be used")).toBeVisible();

    await visit(page, "/account");
    await send(page, "Email", { Email: "ana@example.net", "Current password": secret }, "Change address", "A link is on its way to the new address.");
    await expect(email(page)).toHaveValue("ana@example.org");
    await visit(page, await mailbox.link("ana@example.net", "/confirm-email/"));
    await expect(heading(page, "Confirm your address")).toBeVisible();
    await expect(page.getByText("ana@example.net")).toBeVisible();
    if (withScripts()) await expectAccessible(page);
    await page.getByRole("button", { name: "Confirm address" }).click();
    await expect(page.getByRole("status")).toContainText("Address confirmed.");
    await expect(email(page)).toHaveValue("ana@example.net");
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await signIn(page, "ana@example.net", secret);
    await expect(heading(page, "Now")).toBeVisible();
  } finally {
    await browsers.close();
    await instance.stop();
    mailbox.stop();
  }
});

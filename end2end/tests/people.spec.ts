import type { Page } from "@playwright/test";

import { invite } from "./support/people";
import { expect, nobody, ready, test, visit } from "./support/team";

// What becomes of who is in a team: invited and not, given another role, removed, gone, in two teams at once.

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });

/** Opens what a row of the people page asks, answers it, and waits for what is said. */
async function decide(page: Page, name: string, opener: string, answer: string, said: string, role?: string) {
  await page.getByRole("row").filter({ hasText: name }).getByRole("button", { name: opener, exact: true }).click();
  const question = page.getByRole("dialog");
  if (role) await question.getByLabel(`What ${name} may do`).selectOption({ label: role });
  await question.getByRole("button", { name: answer, exact: true }).click();
  await expect(page.getByRole("status")).toContainText(said);
  await ready(page);
}

test("an owner revokes an invitation, changes a role, and removes who leaves work behind", async ({ openBrowser, newcomer }) => {
  const [owner, member] = [await newcomer("Mila Novak"), await newcomer("Jonas Berg")];
  const { team } = owner;
  const joined = await member.deeds.join(team, await owner.deeds.createInvitation());
  const task = await joined.createTask(await joined.createBoard(), "Left behind");
  await joined.claimTask(task);

  const page = await openBrowser({ storageState: await owner.deeds.session() });
  const link = await invite(page, team.slug, "viewer");
  await ready(page);
  await page.getByRole("region", { name: "Open invitations" }).getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("status")).toContainText("Invitation revoked.");
  await expect(page.getByText("No open invitations.")).toBeVisible();
  await ready(page);
  const guest = await openBrowser({ storageState: nobody });
  await visit(guest, link);
  await expect(heading(guest, "This invitation cannot be used")).toBeVisible();

  const theirs = await openBrowser({ storageState: await member.deeds.session() });
  await visit(theirs, `${team.path}/boards`);
  await expect(theirs.getByRole("button", { name: "New board" })).toBeVisible();
  await decide(page, member.name, "Change role", "Save role", "Role changed.", "Viewer");
  await expect(page.getByRole("row").filter({ hasText: member.name })).toContainText("Viewer");
  await visit(theirs, `${team.path}/boards`);
  await expect(heading(theirs, "Boards")).toBeVisible();
  await expect(theirs.getByRole("button", { name: "New board" })).toHaveCount(0);

  await decide(page, member.name, "Remove", "Remove from team", "Removed from the team.");
  await expect(page.getByRole("row").filter({ hasText: member.name })).toHaveCount(0);
  const former = page.getByRole("region", { name: "Former members" });
  await expect(former).toContainText(member.name);
  await expect(former.getByRole("link", { name: "Left behind" })).toBeVisible();
  await visit(theirs, team.path);
  await expect(heading(theirs, "Not found")).toBeVisible();
});

test("who is in two teams goes from one to the other, and leaves one", async ({ openBrowser, newcomer }) => {
  const [owner, member] = [await newcomer("Mila Novak"), await newcomer("Jonas Berg")];
  await member.deeds.join(owner.team, await owner.deeds.createInvitation());
  const page = await openBrowser({ storageState: await member.deeds.session() });
  const teams = page.getByTitle("Switch the team");

  await visit(page, `${member.team.path}/people`);
  await expect(page.getByRole("button", { name: "Leave team" }), "the last owner stays").toHaveCount(0);
  await expect(teams).toHaveText(member.team.name);
  await teams.click();
  await page.getByRole("link", { name: owner.team.name, exact: true }).click();
  await expect(page).toHaveURL((url) => url.pathname === owner.team.path);
  await expect(teams).toHaveText(owner.team.name);
  await visit(page, "/");
  await expect(page, "the team used last").toHaveURL((url) => url.pathname === owner.team.path);

  await visit(page, `${owner.team.path}/people`);
  await decide(page, member.name, "Leave team", "Leave", "You left the team.");
  await expect(page).toHaveURL((url) => url.pathname === member.team.path);
  await teams.click();
  await expect(page.getByRole("link", { name: "New team" })).toBeVisible();
  await expect(page.getByRole("link", { name: owner.team.name })).toHaveCount(0);
  await visit(page, owner.team.path);
  await expect(heading(page, "Not found")).toBeVisible();
});

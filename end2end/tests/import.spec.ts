import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expectAccessible } from "./support/axe";
import { expect, test, visit, withScripts } from "./support/team";

// A file becomes a board, and a team a file, with JavaScript and without.

/** A small export of Trello, of which no two are the same. */
function board(name: string) {
  const list = (id: string, title: string, closed = false) => ({ id, name: title, pos: Number(id), closed });
  return JSON.stringify({
    id: randomUUID(),
    name,
    lists: [list("1", "Ideas"), list("2", "Doing"), list("3", "Done"), list("4", "Old", true)],
    cards: [
      { id: "65e1c34000000001", idShort: 1, name: "Draw the sign", idList: "2", pos: 1, desc: "With **care**", idMembers: ["m1"], attachments: [{}] },
      { id: "65e1c34000000002", idShort: 2, name: "Buy paint", idList: "1", pos: 1, closed: true },
    ],
    actions: [
      {
        id: "65e1c35000000001",
        type: "commentCard",
        date: "2024-04-02T09:30:00.000Z",
        idMemberCreator: "m1",
        memberCreator: { id: "m1", fullName: "Ben Okafor", username: "ben" },
        data: { text: "In blue", card: { id: "65e1c34000000001" } },
      },
    ],
    members: [{ id: "m1", fullName: "Ben Okafor", username: "ben" }],
    checklists: [{ idCard: "65e1c34000000001", name: "Colours", checkItems: [{ name: "Blue", state: "complete" }] }],
    labels: [],
  });
}

const file = (name: string, text: string) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(text) });

/** axe is a script itself. */
async function looksRight(page: Page) {
  if (withScripts()) await expectAccessible(page);
}

test("a board of Trello is looked at and imported", async ({ page, team }) => {
  const name = `Sign shop ${randomUUID().slice(0, 8)}`;
  const key = `S${randomUUID().replaceAll("-", "").slice(0, 8).toUpperCase()}`;
  await visit(page, `${team.path}/boards`);
  await page.getByRole("link", { name: "Import", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Import");
  await page.getByLabel("File", { exact: true }).setInputFiles(file("board.json", board(name)));
  await page.getByRole("button", { name: "Look at it" }).click();

  await expect(page.getByText("1 archived card", { exact: true })).toBeVisible();
  await expect(page.getByText("1 attachment", { exact: true })).toBeVisible();
  await expect(page.getByLabel("Ben Okafor @ben")).toHaveValue(/^[0-9a-f-]{36}$/);
  await looksRight(page);
  await page.getByLabel("Key", { exact: true }).fill(key);
  await page.getByLabel("Archived cards become").selectOption("skip");
  await page.getByRole("button", { name: "Import", exact: true }).click();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await expect(page.getByRole("status")).toContainText("Imported.");
  await visit(page, `${team.path}/tasks/${key}-1`);
  await expect(page.getByLabel("Assignee")).toHaveValue(/./);
  await expect(page.getByText("In blue")).toBeVisible();
});

test("what cannot be imported is said where the file was chosen", async ({ page, team }) => {
  await visit(page, `${team.path}/import`);
  await page.getByLabel("File", { exact: true }).setInputFiles(file("board.json", '{"name":"x"'));
  await page.getByRole("button", { name: "Look at it" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "This file cannot be imported" })).toBeVisible();
  await looksRight(page);
});

test("a table is mapped, refused by line, mended and imported", async ({ page, team }) => {
  const key = `C${randomUUID().replaceAll("-", "").slice(0, 8).toUpperCase()}`;
  await visit(page, `${team.path}/import`);
  const table = `Name;State;Who;${key}\nFirst;Open;;x\nSecond;Done;Nobody;x\n`;
  await page.getByLabel("File", { exact: true }).setInputFiles(file("things.csv", table));
  await page.getByRole("button", { name: "Look at it" }).click();
  await expect(page.getByText("separated by semicolons")).toBeVisible();
  await looksRight(page);
  await page.getByLabel("Who", { exact: true }).selectOption("assignee");
  await page.getByLabel("Key", { exact: true }).fill(key);
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByRole("list", { name: "What is wrong" })).toContainText("Line 3: assignee: nobody in the team is called Nobody");
  await page.getByLabel("Who", { exact: true }).selectOption("nothing");
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByRole("region", { name: "Open" })).toContainText("First");
});

test("an owner takes the team along, and everybody their own data", async ({ page, team }) => {
  const taken = async (path: string, link: string) => {
    await visit(page, path);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: link }).click()]);
    return readFile(await download.path(), "utf8");
  };
  const whole = JSON.parse(await taken(`${team.path}/settings`, "Download the team")) as { tasks: unknown[] };
  expect(whole.tasks.length).toBeGreaterThan(50);
  expect(await taken(`${team.path}/settings`, "Download tasks as CSV")).toContain("WEB-30");
  const own = JSON.parse(await taken("/account", "Download my data")) as { account: { email: string } };
  expect(own.account.email).toBe("ana@example.org");
});

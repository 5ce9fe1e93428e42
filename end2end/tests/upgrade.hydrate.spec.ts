import type { Page, Route } from "@playwright/test";

import { BoardPage } from "./support/board";
import { TaskPage } from "./support/task";
import { expect, ready, test } from "./support/team";

// A page that an older server has sent meets a newer one. Only its mark is older here; what it hears is the server's own.

/** Lets the next load of a page be one of an older server. */
async function loadedBefore(page: Page, path: string) {
  const older = async (route: Route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/data-build="[^"]*"/, 'data-build="skateboard.older"');
    await route.fulfill({ response, body });
  };
  await page.route((url) => url.pathname === path, older, { times: 1 });
}

const banner = (page: Page) => page.getByText("Skateboard was updated.");
const html = (page: Page) => page.locator("html");

/** Loads the page again, as it asks for, and waits until it answers: the browser fills in fields before that. */
async function reload(page: Page) {
  await page.getByRole("button", { name: "Reload" }).click();
  await expect(html(page)).not.toHaveAttribute("data-build", "skateboard.older");
  await ready(page);
  await expect(banner(page)).toHaveCount(0);
}

test("an old tab says that there is a newer server, and a new task that is being typed outlives the reload", async ({ page, board: made }) => {
  await loadedBefore(page, made.path);
  const board = await new BoardPage(page, made).open();
  await board.newTask("To do").fill("Half typed");
  await expect(banner(page)).toBeVisible();
  // It asks and does nothing by itself.
  await expect(html(page)).toHaveAttribute("data-build", "skateboard.older");
  await expect(board.newTask("To do")).toHaveValue("Half typed");

  await reload(page);
  await expect(board.newTask("To do")).toHaveValue("Half typed");
  await board.newTask("To do").press("Enter");
  await expect(board.card("To do", "Half typed")).toBeVisible();
  await expect(board.newTask("To do")).toHaveValue("");
  await board.open();
  await expect(board.newTask("To do")).toHaveValue("");
});

test("what is being typed on a task outlives the reload", async ({ page, team, board, deeds }) => {
  const key = await (await deeds("ana")).createTask(board, "Long thought about");
  await loadedBefore(page, `${team.path}/tasks/${key}`);
  const task = await new TaskPage(page, team, key).open();
  await task.field("Title").fill("Longer thought about");
  await task.field("Description").fill("So many words");
  await task.field("Comment").fill("And one more");
  await expect(banner(page)).toBeVisible();
  await reload(page);
  await expect(task.field("Title")).toHaveValue("Longer thought about");
  await expect(task.field("Description")).toHaveValue("So many words");
  await expect(task.field("Comment")).toHaveValue("And one more");
});

test("a tab of this very server says nothing", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  // The first beat is heard when the stream is open; a change that comes through it is later.
  await board.newTask("To do").fill("Heard of");
  await page.keyboard.press("Enter");
  await expect(board.card("To do", "Heard of")).toContainText(`${made.key}-`);
  await expect(banner(page)).toHaveCount(0);
});

import type { Page } from "@playwright/test";

import { expectAccessible } from "./support/axe";
import { BoardPage } from "./support/board";
import { expectNoSidewaysScroll } from "./support/overflow";
import { teamPages } from "./support/pages";
import { Palette } from "./support/palette";
import { TaskPage } from "./support/task";
import { expect, follow, forgive, names, test, visit } from "./support/team";

// The command palette, without a mouse.

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name, exact: typeof name === "string" });

test("it opens on every page of a team, and gives the focus back", async ({ page, team }) => {
  test.slow();
  await visit(page, team.path);
  const palette = new Palette(page);
  const before = page.getByRole("link", { name: "My tasks" });
  // From the last to the first: after its board a task would be opened over that.
  for (const { heading: name, path } of teamPages.toReversed()) {
    await follow(page, await path(team));
    await expect(heading(page, name)).toBeVisible();
    await before.focus();
    await palette.open();
    await expect(palette.field).toHaveAttribute("aria-expanded", "true");
    await page.keyboard.press("Escape");
    await expect(palette.dialog).toHaveCount(0);
    await expect(before).toBeFocused();
  }
});

test("it opens from a field, closes by the same keys, and leaves what was typed", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  const palette = new Palette(page);
  await board.newTask("To do").pressSequentially("Half a tit");
  await palette.open();
  await page.keyboard.press("Control+k");
  await expect(palette.dialog).toHaveCount(0);
  await expect(board.newTask("To do")).toBeFocused();
  await expect(board.newTask("To do")).toHaveValue("Half a tit");
});

test("it is there however quickly one opens and closes it", async ({ page, team }) => {
  await visit(page, team.path);
  const palette = new Palette(page);
  for (let times = 0; times < 5; times++) {
    for (let key = 0; key < 3; key++) await page.keyboard.press("Control+k");
    await expect(palette.options.first()).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(palette.dialog).toHaveCount(0);
  }
});

test("a button opens it for whoever does not know its keys", async ({ page, team }) => {
  await visit(page, team.path);
  const palette = new Palette(page);
  const button = page.getByRole("button", { name: "Command palette" });
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(palette.field).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(button).toBeFocused();
});

test("the field tells which choice is the active one, and the arrows go round", async ({ page, team }) => {
  await visit(page, `${team.path}/people`);
  const palette = await new Palette(page).open();
  const expectActive = async (index: number) => {
    const id = await palette.options.nth(index).getAttribute("id");
    await expect(palette.field).toHaveAttribute("aria-activedescendant", id ?? "");
    await expect(palette.active).toHaveCount(1);
    await expect(palette.active).toHaveAttribute("id", id ?? "");
    await expect(palette.active).toBeInViewport();
  };
  await expect(palette.group("Boards").getByRole("option").first()).toBeVisible();
  await expectActive(0);
  await page.keyboard.press("ArrowUp");
  await expectActive((await palette.options.count()) - 1);
  await page.keyboard.press("ArrowDown");
  await expectActive(0);
  await page.keyboard.press("ArrowDown");
  await expectActive(1);
  await expect(palette.field).toBeFocused();
  const list = palette.dialog.getByRole("listbox");
  await expect(palette.field).toHaveAttribute("aria-controls", (await list.getAttribute("id")) ?? "");
});

test.describe("it leads", () => {
  test("to a board by its name or its key", async ({ page, team, board: made }) => {
    const palette = new Palette(page);
    for (const typed of [made.name, made.key.toLowerCase()]) {
      await visit(page, team.path);
      await palette.open();
      await palette.choose(typed, made.name);
      await expect(page).toHaveURL(new RegExp(`${made.path}$`));
      await expect(heading(page, made.name)).toBeVisible();
    }
  });

  test("to a task by its key at once, without waiting for anything", async ({ page, team, board: made, deeds }) => {
    const key = await (await deeds("ana")).createTask(made, "Found by its key");
    await visit(page, team.path);
    await page.route("**/load_search", () => {});
    await new Palette(page).open();
    await page.keyboard.type(key.toLowerCase());
    await page.keyboard.press("Enter");
    await expect(heading(page, new RegExp(`^${key} `))).toBeVisible();
  });

  test("to a task by words of its title, and says where it lies", async ({ page, team, board: made, deeds }) => {
    const key = await (await deeds("ben")).createTask(made, "Oil the weathercock hinges", "In progress");
    await visit(page, team.path);
    const palette = await new Palette(page).open();
    await page.keyboard.type("weathercock hin");
    await expect(palette.active).toContainText(`${key} · In progress`);
    await page.keyboard.press("Enter");
    await expect(heading(page, new RegExp(`^${key} `))).toBeVisible();
  });

  test("to what somebody has to do", async ({ page, team }) => {
    await visit(page, team.path);
    await new Palette(page).open().then((palette) => palette.choose("ben oka", names.ben));
    await expect(page).toHaveURL(/\/search\?q=assignee.*is.*open/);
    await expect(heading(page, /^Search results for “assignee:"Ben Okafor" is:open”$/)).toBeVisible();
  });

  test("to each page by its name", async ({ page, team }) => {
    await visit(page, `${team.path}/search?q=nothing-of-the-kind`);
    const palette = new Palette(page);
    // The last of them is no page of a team.
    for (const [typed, name, title = name] of [["now", "Now"], ["my t", "My tasks"], ["boards", "Boards"], ["people", "People"], ["deleted", "Recently deleted"], ["settings", "Settings"], ["your acc", "Your account", "Account"]]) {
      await test.step(name, async () => {
        await palette.open();
        await palette.choose(typed, name);
        await expect(heading(page, title)).toBeVisible();
      });
    }
  });

  test("back to where one was, before anything is typed", async ({ page, team, board: made, deeds }) => {
    const key = await (await deeds("ana")).createTask(made, "Where I was");
    await new TaskPage(page, team, key).open();
    await visit(page, `${team.path}/people`);
    const palette = await new Palette(page).open();
    await expect(palette.active).toContainText("Where I was");
    await page.keyboard.press("Enter");
    await expect(heading(page, new RegExp(`^${key} `))).toBeVisible();
  });

  test("to the search page, when nothing else fits or nobody answers", async ({ page, team }) => {
    await visit(page, team.path);
    await page.route("**/load_search", () => {});
    await new Palette(page).open();
    await page.keyboard.type("xylophone & more");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/search\?q=xylophone%20%26%20more$/);
  });
});

test("what was asked for an earlier text is given up, and never shown", async ({ page, team, board: made, deeds }) => {
  const ana = await deeds("ana");
  await ana.createTask(made, "Varnish the first oar");
  await ana.createTask(made, "Varnish the second oar");
  await visit(page, team.path);
  const palette = await new Palette(page).open();
  const failed: string[] = [];
  page.on("requestfailed", (request) => failed.push(request.postData() ?? ""));
  await page.route("**/load_search", async (route) => {
    if (route.request().postData()?.includes("first")) return;
    await route.continue();
  });
  const asked = page.waitForRequest((request) => Boolean(request.postData()?.includes("first")));
  await page.keyboard.type("varnish first");
  await asked;
  for (let letter = 0; letter < "first".length; letter++) await page.keyboard.press("Backspace");
  await page.keyboard.type("second");
  await expect(palette.option("Varnish the second oar")).toBeVisible();
  await expect(palette.option("Varnish the first oar")).toHaveCount(0);
  await expect.poll(() => failed.filter((data) => data.includes("first")).length).toBe(1);
});

test.describe("with the card that has the focus", () => {
  let board: BoardPage;
  let palette: Palette;
  let key: string;

  test.beforeEach(async ({ page, board: made, deeds }) => {
    const ana = await deeds("ana");
    for (const title of ["A", "B"]) key = await ana.createTask(made, title);
    board = await new BoardPage(page, made).open();
    await board.link("B").focus();
    palette = await new Palette(page).open();
    await expect(palette.group(key)).toBeVisible();
  });

  test("it claims and gives back", async ({ page }) => {
    await palette.choose("claim", "Claim");
    await expect(board.card("In progress", "B")).toContainText(names.ana);
    await expect(board.link("B")).toBeFocused();
    await palette.open();
    await palette.choose("give", "Give back");
    await expect(board.card("In progress", "B")).not.toContainText(names.ana);
    await expect(board.status).toContainText(`${key} is nobody’s.`);
    await expect(board.link("B")).toBeFocused();
    await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
  });

  test("it assigns in one sentence or in two steps, and Undo takes it back", async ({ page }) => {
    await palette.choose("assign ben", "Assign to Ben Okafor");
    await expect(board.card("To do", "B")).toContainText(names.ben);
    await expect(board.status).toContainText(`${key} is Ben Okafor’s.`);
    await page.getByRole("button", { name: "Undo" }).press("Enter");
    await expect(board.card("To do", "B")).not.toContainText(names.ben);
    await board.link("B").focus();
    await palette.open();
    await palette.choose("assign", "Assign to…");
    await expect(palette.field).toHaveValue("");
    await expect(palette.active).toContainText(names.ana);
    await palette.choose("chl", names.chloe);
    await expect(board.card("To do", "B")).toContainText(names.chloe);
  });

  test("it moves", async () => {
    await palette.choose("move done", "Move to Done");
    await expect(board.card("Done", "B")).toBeVisible();
    await expect(board.status).toContainText(`${key} moved to Done.`);
    await expect(board.link("B")).toBeFocused();
  });

  test("it sets a due date, a priority and a label, which Undo takes back", async ({ page, team }) => {
    await palette.choose("due tom", "Set the due date to Tomorrow");
    await expect(board.card("To do", "B")).toContainText("Due tomorrow");
    await expect(board.status).toContainText(new RegExp(`${key} is due \\d+ \\w+`));
    await palette.open();
    await palette.choose("set the due", "Set the due date to…");
    await palette.choose("2030-12-24", "24 Dec 2030");
    await expect(board.card("To do", "B")).toContainText("Due 24 Dec 2030");
    await palette.open();
    await palette.choose("priority urg", "Set the priority to Urgent");
    await expect(board.card("To do", "B")).toContainText("Urgent");
    await palette.open();
    await palette.choose("add the la", "Add the label…");
    await palette.choose("harbour", "harbour");
    await expect(board.status).toContainText(`${key} has the label harbour.`);
    await page.getByRole("button", { name: "Undo" }).press("Enter");
    await expect(board.status).toContainText(`${key} has no labels.`);
    await board.link("B").focus();
    await palette.open();
    await expect(palette.option("Remove the label…")).toHaveCount(0);
    await page.keyboard.press("Escape");
    const task = await new TaskPage(page, team, key).open();
    await expect(task.field("Due date")).toHaveValue("2030-12-24");
    await expect(task.chosen("Priority")).toHaveText("Urgent");
  });

  test("what is found later does not take the place of what one is about to choose", async ({ page, board: made, deeds }) => {
    await (await deeds("ana")).createTask(made, "Due when it rains");
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      void page.route("**/load_search", async (route) => {
        if (!route.request().postData()?.includes("due")) return route.continue();
        answer = () => void route.continue();
        resolve();
      });
    });
    await page.keyboard.type("due");
    await asked;
    await expect(palette.active).toContainText("Set the due date to…");
    answer();
    await expect(palette.option("Due when it rains")).toBeVisible();
    await expect(palette.active).toContainText("Set the due date to…");
  });

  test("it deletes, and Undo brings it back", async ({ page }) => {
    await palette.choose("delete", "Delete");
    await expect(board.titles("To do")).toHaveText(["A"]);
    await expect(board.status).toContainText(`${key} deleted.`);
    await page.getByRole("button", { name: "Undo" }).press("Enter");
    await expect(board.titles("To do")).toHaveText(["A", "B"]);
  });

  test("it opens the task over its board, to read or to edit", async ({ page }) => {
    await palette.choose("open", "Open");
    await expect(page.getByRole("dialog", { name: key })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(board.link("B")).toBeFocused();
    await palette.open();
    await palette.choose("edit the d", "Edit the description");
    await expect(page.getByLabel("Description", { exact: true })).toBeFocused();
  });

  test("what it does without a connection is kept, and sent when it is back", async ({ page }) => {
    await page.context().setOffline(true);
    await palette.choose("move to in", "Move to In progress");
    await expect(board.card("In progress", "B")).toContainText("Not sent yet");
    await expect(board.link("B")).toBeFocused();
    await palette.open();
    await palette.choose("due tod", "Set the due date to Today");
    await expect(board.card("In progress", "B")).toContainText("Due today");
    await page.context().setOffline(false);
    await expect(page.getByText("Not sent yet")).toHaveCount(0);
    await expect(board.failure).toHaveCount(0);
    await board.open();
    await expect(board.card("In progress", "B")).toContainText("Due today");
  });

  test("what is refused is said, and taken back", async ({ page, complaints }) => {
    forgive(complaints, /status of 503/);
    await page.route("**/delete_task", (route) => route.fulfill({ status: 503, headers: { serverfnerror: "/" }, body: "" }));
    await palette.choose("delete", "Delete");
    await expect(board.failure).toContainText(`${key} was not deleted.`);
    await expect(board.titles("To do")).toHaveText(["A", "B"]);
  });
});

test("without a card it offers a new task", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  await new Palette(page).open().then((palette) => palette.choose("new", "New task"));
  await expect(board.newTask("To do")).toBeFocused();
});

test.describe("with the task that is open", () => {
  for (const place of ["on its page", "over its board"]) {
    test(`it does everything ${place}`, async ({ page, team, board: made, deeds, context }) => {
      test.slow();
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      const key = await (await deeds("ana")).createTask(made, "Open");
      const task = new TaskPage(page, team, key);
      const board = new BoardPage(page, made);
      if (place === "on its page") {
        await task.open();
      } else {
        await board.open();
        await board.link("Open").press("Enter");
        await expect(page.getByRole("dialog", { name: key })).toBeVisible();
      }
      const palette = new Palette(page);
      const choose = async (typed: string, words: string) => {
        await palette.open();
        await expect(palette.group(key)).toBeVisible();
        await palette.choose(typed, words);
      };
      // What is typed and not saved is not saved by something else.
      await task.field("Title").fill("Half a new ti");
      await choose("claim", "Claim");
      await expect(task.chosen("Assignee")).toHaveText(names.ana);
      await expect(task.status).toContainText(`${key} is yours.`);
      await choose("give", "Give back");
      await expect(task.chosen("Assignee")).toHaveText("Nobody");
      await choose("assign ben", "Assign to Ben Okafor");
      await expect(task.chosen("Assignee")).toHaveText(names.ben);
      await choose("move to do", "Move to Done");
      await expect(task.chosen("Column")).toHaveText("Done");
      await choose("set the due", "Set the due date to…");
      await palette.choose("2031-01-02", "2 Jan 2031");
      await expect(task.field("Due date")).toHaveValue("2031-01-02");
      await choose("add the lab", "Add the label…");
      await palette.choose("pier", "pier");
      await expect(task.field("Labels")).toHaveValue("pier");
      await choose("label pier", "Remove the label pier");
      await expect(task.field("Labels")).toHaveValue("");
      await choose("priority h", "Set the priority to High");
      await expect(task.chosen("Priority")).toHaveText("High");
      await choose("watch", "Watch");
      await expect(page.getByRole("button", { name: "Unwatch" })).toBeVisible();
      // The button is ahead of the answer, whose words would take the place of the next ones.
      await expect(task.status).toContainText(`You watch ${key}.`);
      await choose("watch no", "Watch no more");
      await expect(page.getByRole("button", { name: "Watch", exact: true })).toBeVisible();
      await expect(task.status).toContainText(`You watch ${key} no more.`);
      await choose("copy", "Copy the link");
      await expect(task.status).toContainText("Link copied.");
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${team.baseURL}${team.path}/tasks/${key}`);
      await choose("edit the d", "Edit the description");
      await expect(task.field("Description")).toBeFocused();
      await choose("edit the t", "Edit the title");
      await expect(task.field("Title")).toBeFocused();
      await expect(task.field("Title")).toHaveValue("Half a new ti");
      await expect(page.getByText("Unsaved changes")).toBeVisible();
      await choose("delete", "Delete");
      await expect(heading(page, made.name)).toBeVisible();
      await expect(task.status).toContainText(`${key} deleted.`);
    });
  }

  test("it does nothing with a task whose page has gone below it", async ({ page, team, board: made, deeds }) => {
    const key = await (await deeds("ana")).createTask(made, "Left");
    await visit(page, team.path);
    await follow(page, `${team.path}/tasks/${key}`);
    await expect(new TaskPage(page, team, key).field("Title")).toHaveValue("Left");
    const palette = new Palette(page);
    await palette.open();
    await expect(palette.group(key)).toBeVisible();
    await page.goBack();
    await expect(page.locator("h1", { hasText: "Now" })).toBeVisible();
    await palette.choose("claim", "Claim");
    await palette.open();
    await palette.choose("my tasks", "My tasks");
    await expect(heading(page, "My tasks")).toBeVisible();
    await expect((await new TaskPage(page, team, key).open()).button("Claim")).toBeVisible();
  });

  test("it offers a viewer only what a viewer may do", async ({ team, board: made, deeds, openAs }) => {
    const key = await (await deeds("ana")).createTask(made, "Look at this");
    const hugo = await openAs("hugo");
    const palette = new Palette(hugo);
    await new TaskPage(hugo, team, key).open();
    await palette.open();
    await expect(palette.group(key).getByRole("option")).toHaveText(["Watch", "Copy the link"]);
    await hugo.keyboard.press("Escape");
    const board = await new BoardPage(hugo, made).open();
    await board.link("Look at this").focus();
    await palette.open();
    await expect(palette.group(key).getByRole("option")).toHaveText(["Open", "Watch", "Watch no more", "Copy the link"]);
    await hugo.keyboard.type("settings");
    await expect(palette.option("Search for “settings”")).toBeVisible();
    await expect(palette.option("Settings")).toHaveCount(0);
    await hugo.keyboard.press("Escape");
    await hugo.keyboard.press("Escape");
    await visit(hugo, made.path);
    await palette.open();
    await expect(palette.option("New task")).toHaveCount(0);
  });
});

test.describe("axe finds nothing in", () => {
  test("the open palette, with what can be done, with what was found, and with a second choice", async ({ page, team }) => {
    test.slow();
    await visit(page, `${team.path}/tasks/WEB-30`);
    const palette = await new Palette(page).open();
    await expect(palette.group("Boards")).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.type("page");
    await expect(palette.group("Tasks").getByRole("option").first()).toBeVisible();
    await expectAccessible(page);
    for (let letter = 0; letter < "page".length; letter++) await page.keyboard.press("Backspace");
    await palette.choose("assign", "Assign to…");
    await page.keyboard.type("nobody of this name");
    await expect(palette.dialog.getByText("Nothing fits.")).toBeVisible();
    await expect(palette.field).toHaveAttribute("aria-expanded", "false");
    await expectAccessible(page);
  });

  test("the list of keys", async ({ page, team }) => {
    await visit(page, team.path);
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page);
  });
});

test("it fits a phone", async ({ page, team }) => {
  await page.setViewportSize({ width: 375, height: 667 });
  await visit(page, `${team.path}/boards/WEB`);
  await page.locator(".card-title").first().focus();
  const palette = await new Palette(page).open();
  await expect(palette.group("Boards")).toBeVisible();
  await expectNoSidewaysScroll(page, "before anything is typed");
  await expect(palette.field).toBeInViewport({ ratio: 1 });
  await page.keyboard.type("page");
  await expect(palette.group("Tasks").getByRole("option").first()).toBeVisible();
  await expectNoSidewaysScroll(page, "with what was found");
});

import { BoardPage } from "./support/board";
import { TaskPage } from "./support/task";
import { devices } from "@playwright/test";

import { expect, names, test, visit, withScripts } from "./support/team";

// Without JavaScript as in a phone's window; the phone's own project has it, and adds the touch.
test.use({ viewport: devices["Pixel 7"].viewport });

test("a board shows one column at a time, and a swipe brings the next @phone", async ({ page, board: made, deeds }) => {
  await (await deeds("ana")).createTask(made, "Far to the right", "Done");
  const board = await new BoardPage(page, made).open();
  await expect(board.column("To do")).toBeInViewport({ ratio: 0.9 });
  await expect(board.column("In progress")).not.toBeInViewport({ ratio: 0.2 });

  for (const name of ["In progress", "Done"]) {
    await page.locator(".board").evaluate((columns) => columns.scrollBy({ left: columns.clientWidth * 0.7, behavior: "instant" }));
    await expect(board.column(name)).toBeInViewport({ ratio: 0.9 });
  }
  await expect(board.column("To do")).not.toBeInViewport();
  await expect(board.link("Far to the right")).toBeInViewport();
});

test("what can be done with a card is there without hovering @phone", async ({ page, board: made, deeds }, { project }) => {
  await (await deeds("ben")).createTask(made, "To be touched");
  const board = await new BoardPage(page, made).open();
  const claim = board.card("To do", "To be touched").getByRole("button", { name: "Claim" });
  if (project.use.hasTouch) {
    await expect(claim).toHaveCSS("opacity", "1");
    await claim.tap();
  } else {
    await claim.click();
  }
  await page.locator(".board").evaluate((columns) => columns.scrollBy({ left: columns.clientWidth * 0.7, behavior: "instant" }));
  await expect(board.card("In progress", "To be touched")).toContainText(names.ana);
});

test("what is touched is at least 24 pixels high and wide, and nothing else lies in its middle @phone", async ({ page, team, board: made, deeds }) => {
  const key = await (await deeds("ben")).createTask(made, "Touched");
  for (const path of [team.path, `${team.path}/boards`, made.path, `${team.path}/tasks/${key}`, `${team.path}/people`, `${team.path}/deleted`]) {
    await visit(page, path);
    const small = await page.evaluate(() => {
      // WCAG 2.5.8 leaves out links inside a sentence.
      const inText = (element: Element) => element.matches("p a, li > a, h2 > a, .prose a, td a");
      const reachable = (element: Element) => {
        element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
        const { x, y, width, height } = element.getBoundingClientRect();
        const found = document.elementFromPoint(x + width / 2, y + height / 2);
        return found !== null && (element.contains(found) || found.contains(element) || found.closest("label, .card") !== null);
      };
      return [...document.querySelectorAll<HTMLElement>("a[href], button, input:not([type=hidden]), select, textarea, summary")]
        .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !element.matches(".skip-link"))
        .flatMap((element) => {
          const { width, height } = element.getBoundingClientRect();
          const words = `${element.tagName} ${element.textContent?.trim() || element.getAttribute("name")}: ${Math.round(width)}×${Math.round(height)}`;
          if (!inText(element) && !element.matches(".card-title") && (width < 24 || height < 24)) return [words];
          return reachable(element) ? [] : [`${words}, covered`];
        });
    });
    expect.soft(small, path).toEqual([]);
  }
});

test("a task is edited @phone", async ({ page, team, board, deeds }) => {
  const task = await new TaskPage(page, team, await (await deeds("ana")).createTask(board, "On the train")).open();
  await task.field("Title").fill("On the train, at the window");
  await task.field("Column").selectOption({ label: "Done" });
  await task.save();
  await task.open();
  await expect(task.field("Title")).toHaveValue("On the train, at the window");
  await expect(task.chosen("Column")).toHaveText("Done");
});

test("a task is added and moved @phone", async ({ page, board: made }) => {
  const board = await new BoardPage(page, made).open();
  await board.newTask("To do").fill("Thought of on the way");
  await board.newTask("To do").press("Enter");
  await expect(board.card("To do", "Thought of on the way")).toContainText(`${made.key}-1`);
  await board.card("To do", "Thought of on the way").getByRole("button", { name: "Move" }).click();
  if (withScripts()) {
    const menu = board.menu;
    await expect(menu.getByRole("menuitem").last()).toBeInViewport({ ratio: 1 });
    await menu.getByRole("menuitem", { name: "Done", exact: true }).click();
    await expect(board.card("Done", "Thought of on the way")).toBeAttached();
  } else {
    await expect(page.getByLabel("Column")).toBeVisible();
  }
});

test("the pages of a team are a touch away from each other @phone", async ({ page, team }) => {
  await visit(page, team.path);
  for (const name of ["Boards", "People", "Settings", "Now"]) {
    const link = page.getByRole("navigation", { name: "Team" }).getByRole("link", { name, exact: true });
    await link.click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  }
  await expect(page.getByRole("searchbox", { name: "Search" })).toBeVisible();
});

test("the search opens over the header when it is touched, and shows what it looked for @phone", async ({ page, team }) => {
  await visit(page, team.path);
  const search = page.getByRole("searchbox", { name: "Search" });
  const narrow = (await search.boundingBox())!.width;
  await search.click();
  await expect.poll(async () => (await search.boundingBox())!.width).toBeGreaterThan(narrow * 3);
  await search.fill("page");
  await search.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: /^Search results/ })).toBeVisible();
  await expect(search).toHaveValue("page");
  await expect.poll(async () => (await search.boundingBox())!.width).toBeGreaterThan(narrow * 3);
});

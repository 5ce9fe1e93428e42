import type { Page } from "@playwright/test";

import { BoardPage } from "./support/board";
import { pressInOneGo } from "./support/keys";
import { Palette } from "./support/palette";
import { TaskPage } from "./support/task";
import { expect, follow, names, test, visit, type Deeds, type DemoTeam } from "./support/team";

// The list of keys says what is so: every key of every line of it is pressed here, and has to do what the
// line says. A line without a proof fails, and a proof without a line too.

/** One page, which is loaded once. Each proof begins on the page of the people. */
interface Stage {
  page: Page;
  team: DemoTeam;
  ana: Deeds;
  palette: Palette;
}

/** Prepares, presses the key, and looks. */
type Proof = (stage: Stage, press: () => Promise<void>) => Promise<void>;

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });
const menuItem = (board: BoardPage, name: string) => board.menu.getByRole("menuitem", { name, exact: true });

/** Closes what the proof before has opened, and leaves where it was. */
const startOver = async ({ page, team }: Stage) => {
  await page.evaluate(() => {
    document.querySelector<HTMLDialogElement>("dialog[open]")?.close();
    (document.activeElement as HTMLElement | null)?.blur();
  });
  // With the focus nowhere it closes a task's panel at once.
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await follow(page, `${team.path}/people`);
  await expect(heading(page, "People")).toBeVisible();
};

/** A new board, with the tasks A, B and C to do and D in progress, nobody's. */
const onBoard = async ({ page, ana }: Stage) => {
  const made = await ana.createBoard();
  for (const title of ["A", "B", "C"]) await ana.createTask(made, title);
  await ana.createTask(made, "D", "In progress");
  await follow(page, made.path);
  await expect(heading(page, made.name)).toBeVisible();
  return { made, board: new BoardPage(page, made) };
};

const onCard = async (stage: Stage, title: string) => {
  const { board } = await onBoard(stage);
  await board.link(title).focus();
  return board;
};

const goesTo = (from: string, to: string): Proof => async (stage, press) => {
  const board = await onCard(stage, from);
  await press();
  await expect(board.link(to)).toBeFocused();
};

/** Which of the cards A to D are selected. */
const expectSelected = async (board: BoardPage, titles: string[]) => {
  for (const title of ["A", "B", "C", "D"]) await expect(board.choice(title), title).toBeChecked({ checked: titles.includes(title) });
};

/** The tasks A and B selected, and the focus on B. */
const withSelected = async (stage: Stage) => {
  const board = await onCard(stage, "A");
  await stage.page.keyboard.press("x");
  await board.link("B").focus();
  await stage.page.keyboard.press("x");
  await expectSelected(board, ["A", "B"]);
  return board;
};

const selects = (from: string, titles: string[], focused: string): Proof => async (stage, press) => {
  const board = await onCard(stage, from);
  await press();
  await expectSelected(board, titles);
  await expect(board.link(focused)).toBeFocused();
};

const carries = (from: string, column: string, titles: string[]): Proof => async (stage, press) => {
  const board = await onCard(stage, from);
  await press();
  await expect(board.titles(column)).toHaveText(titles);
  await expect(board.link(from)).toBeFocused();
};

const leadsTo = (name: string): Proof => async ({ page }, press) => {
  await press();
  await expect(heading(page, name)).toBeVisible();
};

/** The panel of the task A over its board. */
const inPanel = async (stage: Stage) => {
  const { made, board } = await onBoard(stage);
  const key = `${made.key}-1`;
  await board.link("A").click();
  await expect(stage.page.getByRole("dialog", { name: key })).toBeVisible();
  return { board, task: new TaskPage(stage.page, stage.team, key) };
};

const leadsToField = (name: "Description" | "Column" | "Assignee"): Proof => async (stage, press) => {
  const { task } = await inPanel(stage);
  await press();
  await expect(task.field(name)).toBeFocused();
};

const amongSimilar = async (stage: Stage) => {
  const { made, board } = await onBoard(stage);
  await stage.ana.createTask(made, "Repaint the lighthouse stairs");
  await expect(board.link("Repaint the lighthouse stairs")).toBeVisible();
  await board.newTask("To do").pressSequentially("Lighthouse stairs repaint");
  const links = stage.page.getByRole("region", { name: "Similar tasks" }).getByRole("link");
  await expect(links.first()).toBeVisible();
  return { board, links };
};

const inMenu = async (stage: Stage) => {
  const board = await onCard(stage, "B");
  await stage.page.keyboard.press("m");
  await expect(menuItem(board, "In progress")).toBeFocused();
  return board;
};

const leadsToItem = (before: string[], name: string): Proof => async (stage, press) => {
  const board = await inMenu(stage);
  for (const key of before) await stage.page.keyboard.press(key);
  await press();
  await expect(menuItem(board, name)).toBeFocused();
};

const closesMenu: Proof = async (stage, press) => {
  const board = await inMenu(stage);
  await press();
  await expect(board.menu).toHaveCount(0);
};

/** The second choice of the palette, about the card B. */
const inStep = async (stage: Stage) => {
  const board = await onCard(stage, "B");
  await stage.palette.open();
  await stage.palette.choose("Assign", "Assign to…");
  await expect(stage.palette.group("Assign to…")).toBeVisible();
  return board;
};

const places: Record<string, Record<string, Proof>> = {
  Everywhere: {
    "Go anywhere, do anything": async ({ palette }, press) => {
      await press();
      await expect(palette.field).toBeFocused();
    },
    Search: async ({ page }, press) => {
      await press();
      const search = page.getByRole("searchbox", { name: "Search" });
      await expect(search).toBeFocused();
      await expect(search, "the key is not typed into it").toHaveValue("");
    },
    "Go to Now": leadsTo("Now"),
    "Go to my tasks": leadsTo("My tasks"),
    "Go to the boards": leadsTo("Boards"),
    "Show these keys": async ({ page }, press) => {
      await press();
      await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    },
  },
  "On a board": {
    "New task": async (stage, press) => {
      const board = await onCard(stage, "D");
      await press();
      await expect(board.newTask("In progress")).toBeFocused();
    },
    "Go to the card below": goesTo("A", "B"),
    "Go to the card above": goesTo("C", "B"),
    "Go to the column before": goesTo("D", "A"),
    "Go to the column after": goesTo("A", "D"),
    "Open the task": async (stage, press) => {
      await onCard(stage, "B");
      await press();
      await expect(heading(stage.page, /-2 B$/)).toBeVisible();
    },
    "Edit the task": async (stage, press) => {
      await onCard(stage, "B");
      await press();
      await expect(stage.page.getByLabel("Title", { exact: true })).toBeFocused();
    },
    "Move the task": async (stage, press) => {
      const board = await onCard(stage, "B");
      await press();
      await expect(menuItem(board, "Done")).toBeVisible();
    },
    "Assign the task": async (stage, press) => {
      const board = await onCard(stage, "B");
      await press();
      await expect(menuItem(board, names.ben)).toBeVisible();
    },
    "Claim the task": async (stage, press) => {
      const board = await onCard(stage, "B");
      await press();
      await expect(board.card("In progress", "B")).toContainText(names.ana);
    },
    "Carry the card up": carries("B", "To do", ["B", "A", "C"]),
    "Carry the card down": carries("B", "To do", ["A", "C", "B"]),
    "Carry the card to the column before": carries("D", "To do", ["A", "B", "C", "D"]),
    "Carry the card to the column after": carries("B", "In progress", ["D", "B"]),
    "Select the task, or select it no more": async (stage, press) => {
      const board = await onCard(stage, "B");
      await press();
      await expectSelected(board, ["B"]);
      await press();
      await expectSelected(board, []);
    },
    "Select up to the card above": selects("C", ["B", "C"], "B"),
    "Select up to the card below": selects("A", ["A", "B"], "B"),
    "Select the whole column": selects("B", ["A", "B", "C"], "B"),
  },
  "With tasks selected": {
    "Move them": async (stage, press) => {
      const board = await withSelected(stage);
      await press();
      await menuItem(board, "In progress").click();
      await expect(board.titles("In progress")).toHaveText(["D", "A", "B"]);
    },
    "Assign them": async (stage, press) => {
      const board = await withSelected(stage);
      await press();
      await menuItem(board, names.ben).click();
      for (const title of ["A", "B"]) await expect(board.card("To do", title)).toContainText(names.ben);
    },
    "Go to what can be done with them": async (stage, press) => {
      const board = await withSelected(stage);
      await press();
      await expect(board.selected.getByRole("button", { name: "Move" })).toBeFocused();
    },
    "Select nothing": async (stage, press) => {
      const board = await withSelected(stage);
      await press();
      await expectSelected(board, []);
      await expect(board.link("B")).toBeFocused();
    },
  },
  "On a task": {
    "Edit the description": leadsToField("Description"),
    "Choose another column": leadsToField("Column"),
    "Choose who has it": leadsToField("Assignee"),
    "Claim it": async (stage, press) => {
      const { task } = await inPanel(stage);
      await press();
      await expect(task.chosen("Assignee")).toHaveText(names.ana);
    },
    "Go back to the board beside it": async (stage, press) => {
      const { board } = await inPanel(stage);
      await press();
      await expect(board.link("A")).toBeFocused();
    },
  },
  "While typing": {
    "Save the task, send the comment": async (stage, press) => {
      const { task } = await inPanel(stage);
      await task.field("Labels").fill("pressed");
      await press();
      await expect(task.status).toContainText("Task saved.");
      await task.field("Comment").fill("Pressed as well");
      await press();
      await expect(task.status).toContainText("Comment added.");
    },
    "In a title: save it, add the task": async (stage, press) => {
      const { board, task } = await inPanel(stage);
      await task.field("Title").fill("A by another name");
      await press();
      await expect(task.status).toContainText("Task saved.");
      await stage.page.getByRole("button", { name: "Close" }).click();
      await expect(board.link("A by another name")).toBeFocused();
      await board.newTask("Done").fill("Added by the key");
      await press();
      await expect(board.card("Done", "Added by the key")).toBeVisible();
    },
    "In a title: go on to the similar tasks": async (stage, press) => {
      const { links } = await amongSimilar(stage);
      await press();
      await expect(links.first()).toBeFocused();
    },
    "Come back from the similar tasks": async (stage, press) => {
      const { board, links } = await amongSimilar(stage);
      await stage.page.keyboard.press("ArrowDown");
      await expect(links.first()).toBeFocused();
      await press();
      await expect(board.newTask("To do")).toBeFocused();
    },
    "Leave the field": async (stage, press) => {
      const { task } = await inPanel(stage);
      await task.field("Comment").focus();
      await press();
      await expect(task.field("Comment")).not.toBeFocused();
      await expect(task.field("Comment")).toBeVisible();
    },
  },
  "In a menu": {
    "Go to the next": leadsToItem([], "Done"),
    "Go to the one before": leadsToItem([], "To the bottom"),
    "Go to the first": leadsToItem(["ArrowDown"], "In progress"),
    "Go to the last": leadsToItem([], "To the bottom"),
    Choose: async (stage, press) => {
      const board = await inMenu(stage);
      await press();
      await expect(board.card("In progress", "B")).toBeVisible();
    },
    "Close it": closesMenu,
    "Leave the menu": closesMenu,
  },
  "In the palette": {
    "Go to the next": async (stage, press) => {
      await onCard(stage, "B");
      await stage.palette.open();
      await press();
      await expect(stage.palette.options.nth(1)).toHaveAttribute("aria-selected", "true");
    },
    "Go to the one before": async (stage, press) => {
      await onCard(stage, "B");
      await stage.palette.open();
      await stage.page.keyboard.press("ArrowDown");
      await press();
      await expect(stage.palette.options.first()).toHaveAttribute("aria-selected", "true");
    },
    Choose: async (stage, press) => {
      await onCard(stage, "B");
      await stage.palette.open();
      await stage.page.keyboard.type("My tasks");
      await expect(stage.palette.active).toContainText("My tasks");
      await press();
      await expect(heading(stage.page, "My tasks")).toBeVisible();
    },
    "With nothing typed: go a step back": async (stage, press) => {
      await inStep(stage);
      await stage.page.keyboard.type("x");
      await press();
      await expect(stage.palette.group("Assign to…")).toBeVisible();
      await press();
      await expect(stage.palette.group("Assign to…")).toHaveCount(0);
      await expect(stage.palette.option("Assign to…")).toBeVisible();
    },
    "Go a step back, or close it": async (stage, press) => {
      const board = await inStep(stage);
      await press();
      await expect(stage.palette.option("Assign to…")).toBeVisible();
      await press();
      await expect(stage.palette.dialog).toHaveCount(0);
      await expect(board.link("B")).toBeFocused();
    },
  },
};

const named: Record<string, string> = { Ctrl: "Control", Esc: "Escape", "↑": "ArrowUp", "↓": "ArrowDown", "←": "ArrowLeft", "→": "ArrowRight" };
const held = ["Control", "Alt", "Shift"];

/** What the list says: by place and line, the keys that do it, as they are pressed one after another. */
async function readList(page: Page) {
  await page.keyboard.press("?");
  const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(list).toBeVisible();
  const said = await list.locator("section").evaluateAll((sections) =>
    sections.map((section) => ({
      place: section.getAttribute("aria-label") ?? "",
      lines: [...section.querySelectorAll("dl > div")].map((line) => ({
        words: line.querySelector("dd")?.textContent ?? "",
        ways: [...line.querySelectorAll(".combo")].map((combo) => [...combo.querySelectorAll("kbd")].map((cap) => cap.textContent ?? "")),
      })),
    })),
  );
  const presses = (caps: string[]) => {
    const keys = caps.map((cap) => named[cap] ?? cap);
    return held.includes(keys[0] ?? "") ? [keys.join("+")] : keys;
  };
  return new Map(said.map(({ place, lines }) => [place, lines.map(({ words, ways }) => ({ words, ways: ways.map(presses) }))]));
}

test("the list of keys has the places that are proved here", async ({ page, team }) => {
  await visit(page, `${team.path}/people`);
  expect([...(await readList(page)).keys()]).toEqual(Object.keys(places));
});

for (const [place, proofs] of Object.entries(places)) {
  test(`every key that the list names does what it says: ${place}`, async ({ page, team, deeds }) => {
    test.setTimeout(120_000);
    await visit(page, `${team.path}/people`);
    const lines = (await readList(page)).get(place) ?? [];
    expect(lines.map((line) => line.words)).toEqual(Object.keys(proofs));
    const stage = { page, team, ana: await deeds("ana"), palette: new Palette(page) };
    for (const { words, ways } of lines) {
      expect(ways.length, `${words} has a key`).toBeGreaterThan(0);
      for (const way of ways) {
        await test.step(`${way.join(" ")}: ${words}`, async () => {
          await startOver(stage);
          await proofs[words]?.(stage, () => pressInOneGo(page, way));
        });
      }
    }
  });
}

test("a viewer is told only of keys that work for a viewer", async ({ team, openAs }) => {
  const hugo = await openAs("hugo");
  await visit(hugo, `${team.path}/boards/WEB`);
  const told = [...(await readList(hugo)).values()].flat().map((line) => line.words);
  expect(told).toContain("Open the task");
  for (const words of ["New task", "Move the task", "Claim the task", "Claim it", "Carry the card up"]) expect(told).not.toContain(words);
});

test("keys that no list names do nothing, after g neither", async ({ page, board: made, deeds }) => {
  const ana = await deeds("ana");
  for (const title of ["A", "B"]) await ana.createTask(made, title);
  const board = await new BoardPage(page, made).open();
  await board.link("A").focus();
  for (const keys of [["q"], ["Shift+M"], ["Alt+m"], ["Control+Shift+e"], ["g", "j"], ["g", "i"], ["g", "c"]]) await pressInOneGo(page, keys);
  // What a key would have done is drawn by then.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await expect(board.link("A")).toBeFocused();
  await expect(board.menu).toHaveCount(0);
  await expect(board.titles("To do")).toHaveText(["A", "B"]);
  await expect(page).toHaveURL(new RegExp(`${made.path}$`));
});

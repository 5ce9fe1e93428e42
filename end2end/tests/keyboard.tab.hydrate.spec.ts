import { tabAround } from "./support/keys";
import { signedInPages, type ContractPage } from "./support/pages";
import { expect, test, visit } from "./support/team";

/** One page of each kind: lists, tables, forms, what is read. A board has many controls, so that of the test is another. */
const kinds = ["Now", "boards", "a task", "search with results", "notifications", "people", "settings", "account"];

test("Tab leads once to everything that can be done on a page, and shows where it is", async ({ page, team, board, deeds }) => {
  test.setTimeout(90_000);
  const ana = await deeds("ana");
  for (const title of ["To be claimed", "To be moved"]) await ana.createTask(board, title);
  await ana.createTask(board, "Begun", "In progress");
  const pages: Pick<ContractPage, "name" | "path">[] = signedInPages.filter(({ name }) => kinds.includes(name));
  expect(pages).toHaveLength(kinds.length);
  pages.push({ name: "a board", path: () => board.path });

  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const { name, path } of pages) {
    await test.step(name, async () => {
      await visit(page, await path(team));
      expect.soft(await tabAround(page), name).toEqual([]);
    });
  }
});

import { BoardPage } from "./support/board";
import { expect, names, test } from "./support/team";

// What a form of the board says where no script does: board.hydrate.spec.ts has it with them.

test("who comes second to a task is told who has it", async ({ page, board: made, deeds }) => {
  const key = await (await deeds("ana")).createTask(made, "Wanted by two");
  const board = await new BoardPage(page, made).open();
  const ben = await deeds("ben");
  await page.route("**/claim_task", async (route) => {
    await ben.claimTask(key);
    await route.continue();
  });
  await board.card("To do", "Wanted by two").getByRole("button", { name: "Claim" }).click();
  await expect(board.failure).toContainText(names.ben);
});

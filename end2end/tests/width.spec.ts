import { expectNoSidewaysScroll } from "./support/overflow";
import { allPages } from "./support/pages";
import { expect, test, visit } from "./support/team";

for (const { name, as, heading, path } of allPages) {
  test.describe(name, () => {
    test.use({ as });

    test("fits the width of the window @phone", async ({ page, team }) => {
      await visit(page, await path(team));
      await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
      await expectNoSidewaysScroll(page, name);
    });
  });
}

test("long words do not make a page wider than its window @phone", async ({ page, team, board, deeds }) => {
  const ana = await deeds("ana");
  const word = "w".repeat(180);
  const task = await ana.createTask(board, word);
  await ana.editTask(task, { description: `${word}\n\n    ${word}\n\n| a | b |\n|---|---|\n| ${word} | ${word} |`, labels: "l".repeat(30) });
  await ana.addComment(task, `${word} https://example.org/${word}`);
  for (const path of [board.path, `${team.path}/tasks/${task}`, `${team.path}/search?q=${task}`, `${team.path}/search?q=https`, `${team.path}/mine`, team.path]) {
    await visit(page, path);
    await expectNoSidewaysScroll(page, path);
  }
});

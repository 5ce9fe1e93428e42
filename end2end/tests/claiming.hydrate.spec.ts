import { BoardPage } from "./support/board";
import { expect, names, test } from "./support/team";

// Two people want the same task in the same instant.

test("of two who claim at once one has it, and the other is told who, a hundred times", async ({ page, board: made, deeds }) => {
  test.setTimeout(90_000);
  const people = { ana: await deeds("ana"), ben: await deeds("ben") };
  const won = { ana: 0, ben: 0 };
  for (let round = 1; round <= 100; round++) {
    const task = await people.ana.createTask(made, `Wanted ${round}`);
    const [ana, ben] = await Promise.allSettled([people.ana.claimTask(task), people.ben.claimTask(task)]);
    const [winner, lost] = ana.status === "fulfilled" ? (["ana", ben] as const) : (["ben", ana] as const);
    expect([ana.status, ben.status].sort(), task).toEqual(["fulfilled", "rejected"]);
    expect(`${(lost as PromiseRejectedResult).reason}`, task).toMatch(new RegExp(`\\(409\\).*"by":"${names[winner]}"`));
    won[winner]++;
  }

  const board = await new BoardPage(page, made).open();
  const held = board.column("In progress").locator(".card");
  await expect(held).toHaveCount(100);
  for (const person of ["ana", "ben"] as const) await expect(held.filter({ hasText: names[person] })).toHaveCount(won[person]);
});

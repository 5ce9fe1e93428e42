import { expectNoSidewaysScroll } from "./support/overflow";
import { ownPages } from "./support/pages";
import { expect, test, visit, withScripts } from "./support/team";

// That each page fits its window is in pages.spec.ts.

test("the header of a team is one row from a tablet on, and cuts nothing off on a phone @phone", async ({ page, team }) => {
  await visit(page, team.path);
  const header = page.getByRole("banner");
  for (const width of [320, 360, 375, 768, 800, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const height = (await header.boundingBox())!.height;
    expect.soft(height, `${width} px wide`).toBeLessThan(width < 768 ? 100 : 60);
    const nav = page.getByRole("navigation", { name: "Team" });
    expect.soft(await nav.evaluate((nav) => nav.scrollWidth - nav.clientWidth), `${width} px wide`).toBe(0);
    for (const link of await nav.getByRole("link").all()) await expect.soft(link).toBeInViewport({ ratio: 1 });
    await expect.soft(page.getByRole("searchbox", { name: "Search" })).toBeInViewport({ ratio: 1 });
    for (const name of ["Command palette", "Sign out"]) {
      const button = page.getByRole("button", { name });
      // Without scripts the palette does nothing, and is not there.
      if (name === "Sign out" || withScripts()) await expect.soft(button).toBeInViewport({ ratio: 1 });
    }
  }
});

test("the header of one’s own pages is one row, also on a phone @phone", async ({ page, team }) => {
  for (const { name, path } of ownPages) {
    await visit(page, await path(team));
    for (const width of [320, 375, 768, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      const header = (await page.getByRole("banner").boundingBox())!;
      expect.soft(header.height, `${name}, ${width} px wide`).toBeLessThan(60);
      await expect.soft(page.getByRole("searchbox", { name: "Search" })).toBeInViewport({ ratio: 1 });
      await expect.soft(page.getByRole("button", { name: "Sign out", exact: true })).toBeInViewport({ ratio: 1 });
    }
  }
});

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

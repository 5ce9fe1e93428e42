import { expect, ready, test, visit } from "./support/team";

// Ana owns the team, and wants to know whether it works.

test("figures over a period, each with a plot and the table behind it", async ({ page, team }) => {
  await visit(page, team.path);
  await page.getByRole("navigation", { name: "Team" }).getByRole("link", { name: "Insights" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Insights" })).toBeVisible();
  await ready(page);
  for (const name of ["Usage", "Promises"]) {
    await expect(page.getByRole("region", { name, exact: true })).toBeVisible();
  }

  const figure = page.getByRole("article", { name: "Tasks created and finished" });
  await expect(figure.getByRole("img", { name: "Tasks created and finished" })).toBeVisible();
  await expect(figure.getByRole("table")).toBeHidden();
  await figure.getByText("The numbers", { exact: true }).click();
  await expect(figure.getByRole("table")).toBeVisible();
  await expect(figure.getByRole("columnheader")).toHaveText(["Week from", "Created", "Finished"]);
  const weeks = await figure.getByRole("row").count();
  expect(weeks).toBeGreaterThan(8);
});

test("the period is chosen by a form or by a link", async ({ page, team }) => {
  await visit(page, `${team.path}/insights`);
  const all = await page.getByRole("article", { name: "Active people by day" }).locator("tbody tr").count();
  expect(all).toBeGreaterThan(56);

  await page.getByRole("link", { name: "Last 4 weeks" }).click();
  await expect(page).toHaveURL(/from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d/);
  await expect(page.getByRole("link", { name: "Last 4 weeks" })).toHaveAttribute("aria-current", "true");
  await ready(page);
  const fewer = await page.getByRole("article", { name: "Active people by day" }).locator("tbody tr").count();
  expect(fewer).toBeLessThan(all);

  await page.getByLabel("From", { exact: true }).fill("2001-01-02");
  await page.getByLabel("To", { exact: true }).fill("2001-01-01");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page.getByRole("form", { name: "Period" }).getByRole("alert")).toHaveText("The last day is before the first.");
  await ready(page);
  await expect(page.getByLabel("From", { exact: true })).toHaveValue("2001-01-02");

  await page.getByLabel("To", { exact: true }).fill("2001-01-03");
  await page.getByRole("button", { name: "Show" }).click();
  const figure = page.getByRole("article", { name: "Tasks created and finished" });
  await expect(figure).toContainText("Nothing in this period. Add a task to a board.");
});

import type { Page } from "@playwright/test";

import { expect, ready, visit, withScripts } from "./test";
import type { Board } from "./team";

/** The page of a board, by the names that people see. */
export class BoardPage {
  constructor(
    readonly page: Page,
    private readonly board: Board,
  ) {}

  async open() {
    await visit(this.page, this.board.path);
    return this;
  }

  column(name: string) {
    return this.page.getByRole("region", { name, exact: true });
  }

  card(column: string, title: string) {
    return this.column(column).getByRole("listitem").filter({ has: this.link(title) });
  }

  link(title: string) {
    return this.page.getByRole("link", { name: title, exact: true });
  }

  /** The titles of a column's cards, from the top. */
  titles(column: string) {
    return this.column(column).getByRole("listitem").getByRole("link");
  }

  newTask(column: string) {
    return this.column(column).getByLabel("New task");
  }

  /** What puts a card among the selected. */
  choice(title: string) {
    return this.page.locator(".card", { has: this.link(title) }).getByRole("checkbox");
  }

  /** The bar that shows as long as something is selected. */
  get selected() {
    return this.page.getByRole("region", { name: "Selected tasks" });
  }

  get menu() {
    return this.page.getByRole("menu");
  }

  get status() {
    return this.page.getByRole("status");
  }

  get failure() {
    return this.page.getByRole("alert");
  }

  /** Moves a card to another column by its button. Without JavaScript that leads to the task's page. */
  async move(from: string, title: string, to: string) {
    await this.card(from, title).getByRole("button", { name: "Move" }).click();
    if (withScripts()) {
      await this.menu.getByRole("menuitem", { name: to, exact: true }).click();
      return;
    }
    await this.page.getByLabel("Column").selectOption({ label: to });
    await this.page.getByRole("button", { name: "Save" }).click();
    await this.status.getByText("Task saved.").waitFor();
    await this.open();
  }

  async openSettings() {
    await ready(this.page);
    const closed = this.page.locator("details:not([open]) > summary", { hasText: "Board settings" });
    const inside = this.page.getByRole("button", { name: "Add column" });
    // They may be drawn anew just now, after what was done there before.
    await expect(async () => {
      if (await closed.isVisible()) await closed.click({ timeout: 1_000 });
      await expect(inside).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 10_000 });
  }

  /** What is set for one column. */
  setting(column: string) {
    return this.page.getByRole("group", { name: column, exact: true });
  }
}

import type { Page } from "@playwright/test";

import { expect, visit } from "./test";
import type { DemoTeam } from "./team";

/** The page of a task, by the names that people see. */
export class TaskPage {
  constructor(
    readonly page: Page,
    private readonly team: DemoTeam,
    readonly key: string,
  ) {}

  async open() {
    await visit(this.page, `${this.team.path}/tasks/${this.key}`);
    return this;
  }

  field(name: "Title" | "Description" | "Assignee" | "Column" | "Due date" | "Priority" | "Labels" | "Comment") {
    return this.page.getByLabel(name, { exact: true });
  }

  button(name: "Save" | "Claim" | "Delete" | "Restore" | "Undo" | "Add comment") {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** Saves, and waits for the word that it is done. */
  async save() {
    await this.button("Save").click();
    await expect(this.status).toContainText("Task saved.");
  }

  get status() {
    return this.page.getByRole("status");
  }

  get history() {
    return this.page.getByRole("region", { name: "History" });
  }

  get conflict() {
    return this.page.getByRole("alert").filter({ hasText: "Your version" });
  }

  /** What is chosen in a choice, in words. */
  chosen(name: "Assignee" | "Column" | "Priority") {
    return this.field(name).locator("option:checked");
  }
}

import { expect, type Page } from "@playwright/test";

/** The command palette, by keys alone. */
export class Palette {
  constructor(readonly page: Page) {}

  get dialog() {
    return this.page.getByRole("dialog", { name: "Command palette" });
  }

  get field() {
    return this.dialog.getByRole("combobox");
  }

  get options() {
    return this.dialog.getByRole("option");
  }

  get active() {
    return this.dialog.getByRole("option", { selected: true });
  }

  option(words: string) {
    return this.options.filter({ has: this.page.getByText(words, { exact: true }) });
  }

  group(name: string) {
    return this.dialog.getByRole("group", { name, exact: true });
  }

  async open() {
    await this.page.keyboard.press("Control+k");
    await expect(this.field).toBeFocused();
    return this;
  }

  /** Types until a choice is the active one, and takes it. */
  async choose(typed: string, words: string) {
    await this.page.keyboard.type(typed);
    await expect(this.active).toContainText(words);
    await this.page.keyboard.press("Enter");
  }
}

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { expect } from "./test";

/** Looks at the page as it stands in both themes, with every rule that axe has on. */
export async function expectAccessible(page: Page) {
  await expectNoViolations(page, "light");
  // The themes differ in nothing but colours: in the second only what is about colours can find anything else.
  await expectNoViolations(page, "dark", ["color-contrast", "link-in-text-block"]);
}

async function expectNoViolations(page: Page, colorScheme: "light" | "dark", rules?: string[]) {
  // Colours on their way from one theme to the other would be neither.
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  // No page has frames. Axe would open another page each time to put together what it found in them.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.target.join(" ")}: ${node.failureSummary?.replaceAll("\n", " ")}`),
  );
  expect.soft(found, `axe, ${colorScheme}`).toEqual([]);
}

import type { Page } from "@playwright/test";

import { expect } from "./test";

/** The document is not wider than its window; what is wide scrolls inside its own part of the page. */
export async function expectNoSidewaysScroll(page: Page, when: string) {
  const { width, window, wide } = await page.evaluate(() => {
    const { clientWidth: window, scrollWidth: width } = document.documentElement;
    const sticksOut = (element: Element) => element.getBoundingClientRect().right > window + 1;
    const wide = [...document.querySelectorAll("body *")].filter(sticksOut);
    return { width, window, wide: wide.slice(0, 5).map((element) => `${element.tagName}.${element.className}`) };
  });
  expect.soft(width, `${when}: ${wide.join(", ")}`).toBeLessThanOrEqual(window);
}

import type { Locator, Page } from "@playwright/test";

/** Presses keys without waiting in between, because the first of two waits for the second only for a moment. */
export async function pressInOneGo(page: Page, keys: string[]) {
  await Promise.all(keys.map((key) => page.keyboard.press(key)));
}

/** Goes from control to control until one has the focus. */
export async function tabTo(page: Page, target: Locator) {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab does not lead to ${target}`);
}

/**
 * Goes by Tab once around a page that was just opened, and gives what is wrong with the way: a link, a button or a
 * field that is left out, that comes twice, or that has the focus without showing it.
 */
export async function tabAround(page: Page): Promise<string[]> {
  const walk = await page.evaluateHandle(() => {
    const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    // Of radio buttons Tab leads to the one that is chosen, and arrows to the others.
    const isOffered = (element: HTMLElement) =>
      element.checkVisibility({ visibilityProperty: true }) && !element.matches(":disabled, [inert], [inert] *, [type=radio]:not(:checked)");
    const offered = [...document.querySelectorAll<HTMLElement>(controls)].filter(isOffered);
    const isDrawn = ({ outlineStyle, outlineWidth }: CSSStyleDeclaration) => outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    // The parts of a date draw their own mark, where no page can look.
    const hasParts = (element: HTMLElement) => element.matches("[type=date], [type=time]");
    const isMarked = (element: HTMLElement) => hasParts(element) || isDrawn(getComputedStyle(element)) || isDrawn(getComputedStyle(element, "::after"));
    const named = (element: HTMLElement) => {
      const words = element.getAttribute("aria-label") || element.textContent?.trim() || element.getAttribute("name");
      return `${element.tagName.toLowerCase()} “${words?.replace(/\s+/g, " ").slice(0, 60)}”`;
    };

    const visited: HTMLElement[] = [];
    const faults: string[] = [];
    let presses = 0;
    /** Notes where the focus is. Gives what was wrong once the way is at its end, or has none. */
    const look = () => {
      presses += 1;
      const here = document.activeElement as HTMLElement | null;
      const isBack = visited.length > 0 && (!here || here === document.body || here === visited[0]);
      if (isBack || presses > 2 * offered.length + 40) {
        const missed = offered.filter((element) => !visited.includes(element) && isOffered(element));
        return [...faults, ...missed.map((element) => `${named(element)} is not reached`)];
      }
      if (!here || (here === visited.at(-1) && hasParts(here))) return;
      if (visited.includes(here)) faults.push(`${named(here)} comes twice`);
      else if (offered.includes(here) && !isMarked(here)) faults.push(`${named(here)} does not show that it has the focus`);
      visited.push(here);
    };
    return { look };
  });
  for (;;) {
    await page.keyboard.press("Tab");
    const faults = await walk.evaluate(({ look }) => look());
    if (faults) return faults;
  }
}

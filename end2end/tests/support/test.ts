import { test as base, expect, type Browser, type BrowserContext, type ConsoleMessage, type Page } from "@playwright/test";

/** What the browser says that it should not have to: warnings, errors, failed scripts. */
function listen(context: BrowserContext, complaints: Complaints) {
  context.on("console", (message: ConsoleMessage) => {
    if (["warning", "error"].includes(message.type()) && !expected(message.text())) {
      complaints.hear(`${message.type()} on ${message.page()?.url()}: ${message.text()}`);
    }
  });
  context.on("weberror", (error) => complaints.hear(`exception: ${error.error().message}`));
}

/**
 * What a test provokes, a refusal, a lost connection or a server that ends before its pages, is reported by Chromium
 * itself as a failed resource. What was loaded ahead is used late where the machine is slow, and never where no script
 * runs; that it is used at all is in console.hydrate.spec.ts.
 */
const expected = (text: string) =>
  /^Failed to load resource: (the server responded with a status of 4|net::ERR_INTERNET_DISCONNECTED|net::ERR_CONNECTION_REFUSED)/.test(text) ||
  /The resource \S+\.wasm was preloaded using link preload but not used within a few seconds/.test(text);

/** What the consoles of a test complained about, without what the test has said that it provokes. */
class Complaints {
  readonly heard: string[] = [];
  private readonly forgiven: RegExp[] = [];

  hear(complaint: string) {
    if (!this.forgiven.some((provoked) => provoked.test(complaint))) this.heard.push(complaint);
  }

  forgive(provoked: RegExp) {
    this.forgiven.push(provoked);
  }
}

/** The browsers that a test has opened beside its own. */
class Browsers {
  private readonly opened: BrowserContext[] = [];

  keep(context: BrowserContext) {
    this.opened.push(context);
  }

  async close() {
    for (const context of this.opened.splice(0)) await context.close();
  }
}

type ContextOptions = NonNullable<Parameters<Browser["newContext"]>[0]>;

interface Fixtures {
  /** What the consoles of this test complained about. It has to stay empty. */
  complaints: Complaints;
  /**
   * The browsers that this test has opened. Whoever stops a server closes them first: a page that misses its server
   * complains, and in which words depends on the moment.
   */
  browsers: Browsers;
  /** Opens a further browser with the settings of this one, listened to as well. */
  openBrowser: (options?: ContextOptions) => Promise<Page>;
}

/** A test that fails when a console has anything to complain about. */
export const test = base.extend<Fixtures>({
  complaints: [
    async ({ context }, use) => {
      const complaints = new Complaints();
      listen(context, complaints);
      await use(complaints);
      expect(complaints.heard, "the console stays empty").toEqual([]);
    },
    { auto: true },
  ],
  browsers: async ({}, use) => {
    const browsers = new Browsers();
    await use(browsers);
    await browsers.close();
  },
  openBrowser: async ({ browser, browsers, complaints }, use) => {
    await use(async (options) => {
      const context = await browser.newContext(options);
      browsers.keep(context);
      listen(context, complaints);
      return context.newPage();
    });
  },
});

export { expect };

/** Takes no offence from now on at what the test is about to provoke. What was said before stays a complaint. */
export function forgive(complaints: Complaints, provoked: RegExp) {
  complaints.forgive(provoked);
}

/** Whether the pages of this test run their scripts. */
export const withScripts = () => test.info().project.use.javaScriptEnabled !== false;

/** Opens a page and waits until it answers to clicks, where there is JavaScript. */
export async function visit(page: Page, path: string) {
  const response = await page.goto(path);
  await ready(page);
  return response;
}

/**
 * Goes to another page of the team without loading it: by a link inside the open page, so that the router follows it and
 * not the browser. Whoever asks for this waits for what is on the other page.
 */
export async function follow(page: Page, path: string) {
  await page.evaluate((href) => {
    const link = Object.assign(document.createElement("a"), { href });
    document.querySelector("main")?.append(link);
    link.click();
    link.remove();
  }, path);
}

/** Waits until the page answers to clicks, where there is JavaScript. A document outside of the app has none. */
export async function ready(page: Page) {
  if (withScripts()) {
    await page.locator("html[data-hydrated], html:not([data-build])").waitFor({ state: "attached" });
  }
}

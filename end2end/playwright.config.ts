import { defineConfig, devices } from "@playwright/test";

const asRoot = process.getuid?.() === 0;

// Chromium's own sandbox does not work for root. The rest keeps it from calling its maker.
const args = [
  ...(asRoot ? ["--no-sandbox"] : []),
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

const desktop = { ...devices["Desktop Chrome"], viewport: { width: 1280, height: 800 } };

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // A test that passes only sometimes is a bug of the test or of the product. In CI, where nobody can look again, one that
  // fails is tried once more; the run's last lines name it, with its error, and count it apart.
  retries: process.env.CI ? 1 : 0,
  workers: process.env.CI ? 2 : undefined,
  // For a machine that stalls for seconds. What has to happen in time is tested with a time of its own.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ? [["list"], ["json"]] : [["list"]],
  use: {
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    screenshot: "only-on-failure",
    // Recording makes a run half as long again; of a failure CI has the picture, the page as text and the log.
    trace: process.env.CI ? "off" : "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM || undefined,
      args,
    },
  },
  // Every test runs with JavaScript and without it; only *.hydrate.spec.ts needs it, and *.plain.spec.ts proves no more
  // with it. The phone runs those whose title says @phone; with JavaScript it alone runs the tests about phones.
  projects: [
    { name: "desktop", testIgnore: /\/phone(\.hydrate)?\.spec\.ts$|\.plain\.spec\.ts$/, use: desktop },
    {
      name: "no-javascript",
      testIgnore: /\.hydrate\.spec\.ts$/,
      use: { ...desktop, javaScriptEnabled: false },
    },
    { name: "phone", grep: /@phone/, use: { ...devices["Pixel 7"] } },
  ],
});

import { expect, forgive, nobody, ready, test, visit, withScripts } from "./support/team";
import { createBoard, invite, join, register } from "./support/people";
import { tabTo } from "./support/keys";
import { Server } from "./support/server";

const running: (() => Promise<void>)[] = [];

// Also after a failure, when the test itself does not get to its end.
test.afterEach(async ({ browsers }) => {
  await browsers.close();
  for (const stop of running.splice(0).reverse()) await stop();
});

// From script/server to a team at work, over a restart: the promise of the first page of the README.
test("a new team gets to work, and everything is there after a restart", async ({ openBrowser, complaints }) => {
  test.setTimeout(180_000);
  const scripts = withScripts();
  const server = await Server.brandNew();
  running.push(() => server.discard());
  await server.start();
  const ana = await openBrowser({ baseURL: server.baseURL, storageState: nobody });

  await ana.goto("/");
  await expect(ana).toHaveURL(/\/register$/);
  await register(ana, "Ana Silva", "ana@example.org", "Blue Whales");
  const team = new URL(ana.url()).pathname.split("/")[2];
  await createBoard(ana, team, "Website", "WEB");

  const todo = ana.getByRole("region", { name: "To do" });
  const field = todo.getByLabel("New task");
  if (scripts) await ana.keyboard.press("c");
  else await tabTo(ana, field);
  for (let number = 1; number <= 10; number++) {
    // Without scripts the page is another one each time, and begins with the field.
    await expect(field).toBeFocused();
    await ana.keyboard.type(`Task number ${number}`);
    await ana.keyboard.press("Enter");
    await expect(todo.getByRole("link", { name: `Task number ${number}`, exact: true })).toBeVisible();
  }
  await expect(todo.getByRole("listitem")).toHaveCount(10);
  await expect(todo.getByText("WEB-10")).toBeVisible();

  const link = await invite(ana, team, "member");
  const ben = await openBrowser({ baseURL: server.baseURL, storageState: nobody });
  await join(ben, link, "Ben Okafor", "ben@example.org");
  await visit(ben, `/teams/${team}/boards/WEB`);
  const card = (region: string) => ben.getByRole("region", { name: region }).getByRole("listitem").filter({ hasText: "WEB-3" });
  await card("To do").getByRole("button", { name: "Claim" }).click();
  await expect(card("In progress")).toContainText("Ben Okafor");

  await card("In progress").getByRole("button", { name: "Move" }).click();
  if (scripts) {
    await ben.getByRole("menuitem", { name: "Done", exact: true }).click();
  } else {
    await ben.getByLabel("Column").selectOption({ label: "Done" });
    await ben.getByRole("button", { name: "Save" }).click();
    await expect(ben.getByText("Task saved.")).toBeVisible();
    await visit(ben, `/teams/${team}/boards/WEB`);
  }
  await expect(card("Done")).toBeVisible();
  if (scripts) await expect(ben.getByRole("status")).toContainText("WEB-3 moved to Done");

  // The pages are open while the server goes, is away and comes, about which Chromium complains.
  forgive(complaints, /Failed to load resource: net::ERR_(CONNECTION_(REFUSED|RESET|CLOSED)|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING)/);
  await server.stop();
  await server.start();
  await ana.goto(`/teams/${team}/boards/WEB`);
  await ready(ana);
  await expect(ana.getByRole("region", { name: "To do" }).getByRole("listitem")).toHaveCount(9);
  await expect(ana.getByRole("region", { name: "Done" }).getByRole("listitem")).toContainText("Ben Okafor");
});

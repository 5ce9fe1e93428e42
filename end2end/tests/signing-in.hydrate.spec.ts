import { signIn } from "./support/people";
import { expect, test, visit } from "./support/team";

// Without scripts the server decides alone, and its own tests ask it for more such addresses than this one.

test.use({ as: "nobody" });

test("whoever signs in is not sent to another site", async ({ page, team }) => {
  await visit(page, "/sign-in?next=https://evil.example/");
  await signIn(page, "ben@example.org", team.password);
  await expect(page.getByRole("heading", { level: 1, name: "Now" })).toBeVisible();
  expect(new URL(page.url()).origin).toBe(team.baseURL);
});

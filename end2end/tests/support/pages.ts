import type { DemoTeam, Person } from "./team";

/** One page of the contract, filled with the demo team. */
export interface ContractPage {
  name: string;
  as: Person | "nobody";
  /** Its heading, so that no test looks at another page unawares. */
  heading: string | RegExp;
  path: (team: DemoTeam) => string | Promise<string>;
}

const inTeam = (rest: string) => (team: DemoTeam) => `${team.path}${rest}`;

/** The pages of a team that everybody in it can open. */
export const teamPages: ContractPage[] = [
  { name: "Now", as: "ana", heading: "Now", path: inTeam("") },
  { name: "boards", as: "ana", heading: "Boards", path: inTeam("/boards") },
  { name: "a board", as: "ana", heading: "Website", path: inTeam("/boards/WEB") },
  { name: "a task", as: "ana", heading: /^WEB-30 /, path: inTeam("/tasks/WEB-30") },
  { name: "search before anything is asked", as: "ana", heading: "Search", path: inTeam("/search") },
  { name: "search with results", as: "ana", heading: "Search results for “page”", path: inTeam("/search?q=page") },
  { name: "search without results", as: "ana", heading: "Search results for “xylophone”", path: inTeam("/search?q=xylophone") },
  { name: "search with filters", as: "ana", heading: /^Search results for “page is:open/, path: inTeam("/search?q=page+is:open+assignee:nobody-here") },
  { name: "my tasks", as: "ana", heading: "My tasks", path: inTeam("/mine") },
  { name: "a board with a filter", as: "ana", heading: "Website", path: inTeam("/boards/WEB?due=late") },
  { name: "notifications", as: "ana", heading: "Notifications", path: inTeam("/notifications") },
  { name: "people", as: "ana", heading: "People", path: inTeam("/people") },
  { name: "insights", as: "ana", heading: "Insights", path: inTeam("/insights") },
  { name: "a new hypothesis", as: "ana", heading: "New hypothesis", path: inTeam("/insights/hypotheses/new") },
  { name: "a hypothesis", as: "ana", heading: "Hypothesis", path: (team) => team.hypothesis() },
  { name: "settings", as: "ana", heading: "Settings", path: inTeam("/settings") },
  { name: "a webhook", as: "ana", heading: "Webhook", path: (team) => team.webhook() },
  { name: "imports", as: "ana", heading: "Import", path: inTeam("/import") },
  { name: "feedback", as: "ana", heading: "Feedback", path: (team) => `${team.path}/feedback?page=${team.path}/boards/WEB` },
  { name: "what somebody said", as: "ana", heading: "Feedback from Ben Okafor", path: (team) => team.answer() },
  { name: "deleted tasks", as: "ana", heading: "Recently deleted", path: inTeam("/deleted") },
];

/** The same as somebody sees them who may only read. */
export const viewerPages: ContractPage[] = [
  { name: "a board, for a viewer", as: "hugo", heading: "Website", path: inTeam("/boards/WEB") },
  { name: "a task, for a viewer", as: "hugo", heading: /^WEB-30 /, path: inTeam("/tasks/WEB-30") },
  { name: "my tasks, for a viewer", as: "hugo", heading: "My tasks", path: inTeam("/mine") },
  { name: "notifications, for a viewer", as: "hugo", heading: "Notifications", path: inTeam("/notifications") },
  { name: "feedback, for a viewer", as: "hugo", heading: "Feedback", path: inTeam("/feedback") },
  { name: "people, for a viewer", as: "hugo", heading: "People", path: inTeam("/people") },
];

/** The pages around the teams. */
export const doorPages: ContractPage[] = [
  { name: "sign in", as: "nobody", heading: "Sign in", path: () => "/sign-in" },
  { name: "register, which wants an invitation", as: "nobody", heading: "An invitation is needed", path: () => "/register" },
  { name: "forgot password", as: "nobody", heading: "Forgot your password?", path: () => "/forgot-password" },
  { name: "reset password", as: "nobody", heading: "Choose a new password", path: (team) => team.resetLink("chloe") },
  { name: "a used link", as: "nobody", heading: "This link cannot be used", path: () => "/reset-password/used" },
  { name: "an invitation", as: "nobody", heading: /^Join /, path: (team) => team.invitation() },
  { name: "an invitation, for a member", as: "ana", heading: /^Join /, path: (team) => team.invitation() },
  { name: "confirm an address", as: "nobody", heading: "Confirm your address", path: (team) => team.confirmation() },
  { name: "registration sent", as: "nobody", heading: "Look into your mail", path: () => "/register/sent" },
  { name: "the wall", as: "nobody", heading: "Lantern Works", path: (team) => team.wall() },
  { name: "a wall that is no more", as: "nobody", heading: "Not found", path: () => "/wall/gone" },
  { name: "the end of a digest", as: "nobody", heading: "End the daily digest", path: (team) => team.unsubscription() },
  { name: "the description of the API", as: "nobody", heading: "REST API", path: () => "/api/docs" },
];

/** The pages that are one's own and no team's. */
export const ownPages: ContractPage[] = [
  { name: "new team", as: "ana", heading: "New team", path: () => "/teams/new" },
  { name: "account", as: "ana", heading: "Account", path: () => "/account" },
];

/** Where somebody works who is in a team. */
export const signedInPages = [...teamPages, ...viewerPages, ...ownPages];

/** What stands there instead of a page. */
export const errorPages: ContractPage[] = [
  { name: "nothing there", as: "ana", heading: "Not found", path: () => "/nowhere" },
  { name: "nothing there in the team", as: "ana", heading: "Not found", path: inTeam("/boards/NOWHERE") },
  { name: "another team", as: "ana", heading: "Not found", path: () => "/teams/somebody-elses" },
  { name: "not allowed", as: "hugo", heading: "Not allowed", path: inTeam("/settings") },
  { name: "nothing there, outside of the app", as: "nobody", heading: "Not found", path: () => "/unsubscribe/gone" },
];

export const allPages = [...doorPages, ...signedInPages, ...errorPages];

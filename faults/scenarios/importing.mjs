// A file that waits to be imported lies in one of two instances, and the proxy in front leads to that one.

import { Caddy } from "../caddy.mjs";
import { Haproxy } from "../haproxy.mjs";
import { ask, fileForm, words } from "../http.mjs";
import { must } from "../waiting.mjs";

export const scenarios = [["haproxy", Haproxy], ["Caddy", Caddy]].map(([name, Proxy]) => ({
  name: `two instances behind ${name} keep an import together`,
  run: (world) => keepTogether(world, Proxy),
  needs: Proxy.isHere ? undefined : `${name} is not installed`,
}));

/** With requests that go to either instance, so many files would not all be found by chance. */
const FILES = 6;

async function keepTogether(world, Proxy) {
  const { app, founder, team } = world;
  const proxy = await Proxy.before([app, await world.addApp()], world.folder);
  world.proxies.push(proxy);
  const target = { ...app.target, port: proxy.port };
  const { cookie } = founder;
  for (let number = 1; number <= FILES; number++) {
    const name = `tasks-${number}.csv`;
    const form = fileForm(name, `title\nTask ${number}\n`);
    const sent = await ask(target, `/teams/${team}/import/file`, { form, cookie, accept: "text/html" });
    const place = sent.headers?.location ?? "";
    must(sent.status === 303 && place.includes("file="), `a file was answered with ${words(sent)}`);
    const page = await ask(target, place, { cookie, accept: "text/html" });
    must(page.status === 200 && page.text.includes(name), `${name} is not on the page that follows: ${page.status}`);
    const file = new URL(place, target.base).searchParams.get("file");
    const loaded = await world.do("imports/requests/load_import", { team, file }, founder, target);
    must(loaded.text.includes(name), `${name} is not where it is loaded: ${words(loaded)}`);
  }
  return `${FILES} files were found again`;
}

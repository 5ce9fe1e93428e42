// Titles as teams write them: the same sequence in every run, and as unlike each other as real ones are.

const verbs = "Fix Add Remove Update Improve Allow Support Document Test Rename Handle Validate Cache Refactor Investigate Prevent Show Hide Migrate Speed up Clean up Log Retry Translate Redesign Simplify Sort Export Import Check".split(/ (?=[A-Z])/);
const things =
  "login,checkout,invoice,settings page,search results,password reset,mobile menu,date picker,file upload,webhook,notification,email template,avatar,payment form,dashboard,sidebar,user list,audit log,API token,session cookie,rate limit,database backup,calendar,report,chart,table header,tooltip,modal dialog,form validation,error message,onboarding,newsletter,sitemap,image gallery,video player,map view,shopping cart,discount code,shipping address,tax calculation,currency format,time zone,dark theme,keyboard shortcut,drag handle,comment thread,mention,label filter,board column,task card,CSV export,PDF export,two-factor setup,SSO redirect,user profile,team invitation,permission check,background job,message queue,retry policy,health check,metrics endpoint,log rotation,deploy script,staging server,test fixture,snapshot test,build cache,lint rule,type definition,bundle size,font loading,lazy loading,service worker,push notification,offline mode,sync conflict,feature flag,cookie banner,privacy policy,terms page,support widget,chat window,status page,release notes".split(",");
const where =
  "on Safari,on Android,on iOS 17,in Firefox,on small screens,after an upgrade,when offline,for viewers,for guests,with long names,with emoji,in the EU region,behind a proxy,on slow networks,when the token expires,after signing out,with more than 100 items,without JavaScript,in German,in right-to-left languages,on the first load,during a deploy,with an empty list,when two people edit,for archived projects,in the public API,for the new plan,at midnight UTC,with a screen reader,when the disk is full".split(",");
const faults =
  "crashes,is slow,times out,shows the wrong total,loses focus,is cut off,flickers,returns 500,is sent twice,does not update,ignores the filter,leaks memory,has no label,is not translated,overlaps the footer,asks for the password again,jumps to the top,forgets the choice,shows stale data,cannot be closed".split(",");
const syllables = "ba,ce,di,fo,gu,ha,je,ki,lo,mu,na,pe,qui,ro,su,ta,ve,wi,xo,zu,bra,cle,dri,flo,gru,ple,sta,tro,ven,mar".split(",");

/** Numbers below 1, the same from the same seed. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** As many titles. A few words are in very many of them, and many in few: customers, services, files. */
export function* titles(count, seed = 1) {
  const next = numbers(seed);
  const of = (list) => list[Math.floor(next() * list.length)];
  // Small ranks far more often than large ones, as names are used.
  const rank = (most) => Math.floor(most ** next());
  const name = (number) => {
    let word = "";
    for (let rest = number * 7 + 11; rest > 0; rest = Math.floor(rest / syllables.length)) word += syllables[rest % syllables.length];
    return word;
  };
  for (let number = 0; number < count; number++) {
    const thing = of(things);
    const about = next() < 0.5 ? ` ${of(where)}` : "";
    const rare = next() < 0.6 ? ` for ${name(rank(20_000))}` : "";
    const capital = thing[0].toUpperCase() + thing.slice(1);
    yield next() < 0.5 ? `${of(verbs)} ${thing}${rare}${about}` : `${capital} ${of(faults)}${rare}${about}`;
  }
}

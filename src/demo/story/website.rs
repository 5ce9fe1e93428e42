//! The board of the website.

use super::Board;

pub const BOARD: Board = Board {
    key: "WEB",
    name: "Website",
    labels: &["design", "content", "bug", "accessibility", "speed"],
    tasks: &[
        (
            "Choose the fonts of the new site",
            "One family for text and one for headings, both with an open licence. The three that we liked \
             on Tuesday:\n\n\
             - Source Serif, for headings only\n\
             - Inter\n\
             - Atkinson Hyperlegible\n\n\
             They have to show Portuguese and Japanese names, so look at `São Paulo` and `東京` first.",
        ),
        ("Write down what the start page promises", ""),
        (
            "Draw the start page for phones",
            "From 320 px on. What the page promises is in WEB-2; nothing else belongs above the fold.",
        ),
        ("Draw the start page for large screens", ""),
        (
            "Set up the staging server",
            "- [ ] `staging.example.org` leads to it\n\
             - [ ] only we get in\n\
             - [ ] search engines stay out: `X-Robots-Tag: noindex`\n\
             - [ ] what is pushed to `main` is there after five minutes",
        ),
        ("Move the blog out of the old system", ""),
        (
            "Redirect the old addresses of the blog",
            "Every address of the old blog ends in a number. The new one has the same post at its title:\n\n\
             ```\n\
             /blog/?p=1204  ->  /blog/how-we-pack-lanterns\n\
             ```\n\n\
             The list of all 214 posts is in the shared folder. A redirect is a 301, so that search \
             engines follow.",
        ),
        (
            "Write the page about prices",
            "What customers ask most, from the mails of the last three months:\n\n\
             1. Is it for each person or for the team?\n\
             2. What happens when we grow?\n\
             3. Can we stop at any time?\n\n\
             No asterisks. If a sentence needs one, the sentence is wrong.",
        ),
        (
            "Check all colours for contrast",
            "At least 4.5:1 for text, and 3:1 for icons and borders: [WCAG \
             2.2](https://www.w3.org/TR/WCAG22/#contrast-minimum). The grey of the footer is the one I \
             worry about.",
        ),
        (
            "Make the menu work by keyboard",
            "- [ ] Tab reaches every entry, in the order in which one sees them\n\
             - [ ] Enter opens, Escape closes and gives the focus back\n\
             - [ ] the focus can be seen on every background",
        ),
        ("Compress the pictures of the gallery", ""),
        ("Show the opening hours in the footer", ""),
        (
            "Fix the contact form in Safari",
            "In Safari the button stays grey when the browser itself fills the form in:\n\n\
             1. open `/contact`\n\
             2. let Safari fill in name and address\n\
             3. write a message\n\n\
             One more letter in any field wakes the button. We listen for `keyup`; `input` would be \
             right.",
        ),
        ("Ask three customers for a quote", ""),
        ("Translate the start page to Portuguese", ""),
        ("Translate the start page to Japanese", ""),
        (
            "Give each page a title of its own",
            "Forty pages are called *Lantern Works*. Whoever has three of them open cannot tell which is \
             which. From now on: `Prices · Lantern Works`.",
        ),
        ("Describe every picture for screen readers", ""),
        (
            "Remove the cookie banner together with its cookies",
            "We set four cookies and need one:\n\n\
             | cookie | what for | stays |\n\
             |---|---|---|\n\
             | `session` | signing in | yes |\n\
             | `_visits` | counting visits | no, the server counts |\n\
             | `_variant` | the test of last year | no |\n\
             | `chat` | the chat that we took out | no |\n\n\
             Without the last three there is nothing to ask for.",
        ),
        ("Serve the fonts from our own host", ""),
        ("Write the imprint", ""),
        ("Write the privacy page in plain words", ""),
        ("Show an error page that helps", ""),
        (
            "Load the gallery only when it is seen",
            "`loading=\"lazy\"` on the pictures, and `width` and `height`, so that nothing jumps while \
             they come.",
        ),
        (
            "Measure the start page on a slow phone",
            "With the phone in the drawer, on 3G. Three runs, the middle one counts. Before we began: 2.4 \
             s until something can be read.",
        ),
        ("Make the tables readable on a phone", ""),
        ("Sort out the images that nobody uses", ""),
        ("Write the page about the team", ""),
        ("Take new portraits of the team", ""),
        (
            "Fix the jumping header",
            "# What happens\n\n\
             The header jumps by about 20 px once the fonts are there. One sees it best on a slow phone.\n\n\
             - the fallback font is wider, so the menu breaks into two lines\n\
             - `font-display: optional` would stop it, and show the fallback on a first visit\n\
             - how others solve it: [size-adjust](https://example.org/fonts/size-adjust)\n\n\
             > I pressed the wrong link twice because the menu moved away.\n\n\
             That is from a customer's mail.",
        ),
        ("Let people subscribe to the newsletter", ""),
        (
            "Confirm newsletter addresses by mail",
            "Nobody gets the newsletter who has not said so twice. The link works for a week; after that \
             the address is forgotten.\n\n\
             - [ ] the mail reads well without pictures\n\
             - [ ] a second click on the link does no harm\n\
             - [ ] the table says when somebody confirmed",
        ),
        ("Offer the blog as a feed", ""),
        ("Show related posts below a post", ""),
        (
            "Search in the blog",
            "Titles first, then texts. No service from elsewhere: 214 posts are a file of 90 KB.",
        ),
        ("Highlight code in posts", ""),
        ("Keep the reading width in long posts", ""),
        ("Make print pages useful", ""),
        (
            "Test the site with VoiceOver",
            "The five pages that most people come to. Write down what is read twice, and what is not read \
             at all.",
        ),
        ("Test the site with NVDA", ""),
        (
            "Fix the date in the German blog",
            "It says `3. Mär` where it should say `3. März`. All months are cut to three letters, which \
             is right in English only.",
        ),
        (
            "Show the price with and without tax",
            "Companies compare without tax, everybody else with it. Show both, and the one with tax \
             larger.",
        ),
        ("Add the new customer logos", ""),
        (
            "Shorten the sign-up form to three fields",
            "Nine fields today, of which we read three: name, mail, password. The others can be asked \
             once somebody is in.",
        ),
        ("Say what happens after signing up", ""),
        ("Warn before the session expires", ""),
        (
            "Offer a dark theme",
            "- [ ] it follows the system, and can be chosen\n\
             - [ ] nothing flashes white while a page loads\n\
             - [ ] pictures with a white ground get a frame\n\
             - [ ] contrast is measured and not guessed, as in WEB-9",
        ),
        ("Fix the contrast of links in the dark theme", ""),
        ("Write the guide for editors", ""),
        ("Preview posts before they go out", ""),
        (
            "Fix the login bug in Safari",
            "Two customers, both with Safari on a tablet: after signing in they are asked to sign in \
             again. Our cookie is `SameSite=Strict`, and they come by a link in a mail.\n\n\
             - [ ] see it happen\n\
             - [ ] `Lax` for the cookie of the session\n\
             - [ ] tell both customers",
        ),
        ("Undo for deleted posts", ""),
        (
            "Replace the slider by one good picture",
            "Three of a hundred visitors see the second slide, and nobody sees the fourth. Candidates are \
             in the shared folder, in `photos/workshop`.",
        ),
        ("Check the site at 200 % text size", ""),
        (
            "Answer the question about invoices on the price page",
            "> Do I get an invoice with our VAT number on it?\n\n\
             Asked six times this month. The answer is yes; it belongs below the table of prices.",
        ),
        ("Link the status page", ""),
        ("Show the changelog", ""),
        ("Compare the three hosting offers", ""),
        (
            "Move the domain to the new registrar",
            "The old contract ends with the month after next.\n\n\
             1. lower the TTL to 300, a day before\n\
             2. unlock the domain and get the code\n\
             3. look at the mail records **before** the name servers are switched",
        ),
        (
            "Renew the certificate without downtime",
            "It ends in two weeks. Last time we were away for four minutes, because the reload was a \
             restart:\n\n\
             ```\n\
             systemctl reload caddy\n\
             ```",
        ),
        (
            "Find out why visitors leave the price page",
            "Four of ten who see the prices are gone within ten seconds. Let us ask five of them before \
             we change anything.",
        ),
        (
            "Try a shorter headline",
            "From eleven words to five. Both for a week each, and then we compare.",
        ),
        ("Ask for feedback at the end of the guide", ""),
        (
            "Fix the broken links that the crawler found",
            "The crawler found 17:\n\n\
             - 11 lead to the old documentation, `/docs/v1/`\n\
             - 4 are pictures that have another name now\n\
             - 2 are other people's sites that are gone",
        ),
        ("Show the team's time zone on the contact page", ""),
        (
            "Prepare the page for the spring release",
            "- [ ] a headline and one sentence\n\
             - [ ] three pictures, one of them on a phone\n\
             - [ ] what changes for customers who are here already\n\
             - [ ] the old announcement leads here",
        ),
        ("Write the announcement of the spring release", ""),
    ],
};

//! The board of the platform behind it.

use super::Board;

pub const BOARD: Board = Board {
    key: "API",
    name: "Platform",
    labels: &["backend", "database", "bug", "security", "operations"],
    tasks: &[
        (
            "Write down the naming of the resources",
            "Plural nouns, lower case, hyphens: `/price-lists`, not `/getPriceList`. One page in the \
             handbook, with a right and a wrong example for each rule.",
        ),
        ("Page long lists by cursor", ""),
        (
            "Answer errors in one format",
            "As [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) has it:\n\n\
             ```json\n\
             {\"type\": \"about:blank\", \"title\": \"Not found\", \"status\": 404}\n\
             ```\n\n\
             Today there are five formats, and one of them is a web page.",
        ),
        ("Limit requests by token", ""),
        ("Rotate the signing keys", ""),
        (
            "Upgrade Postgres to 17",
            "- [ ] the extensions are there for 17\n\
             - [ ] `pg_upgrade --check` on a copy of last night\n\
             - [ ] measured how long it takes on the copy\n\
             - [ ] told customers when, a week before\n\
             - [ ] done, on a Sunday morning",
        ),
        (
            "Rehearse the restore of a backup",
            "A backup that nobody has restored is a hope. Take that of last night, an empty machine and a \
             clock, and write down every step that is not in the runbook.",
        ),
        ("Alert when the disk fills up", ""),
        ("Log one line for each request", ""),
        (
            "Find the slow query on the orders page",
            "The page takes 4 s for customers with many orders. In the log it is always this one:\n\n\
             ```sql\n\
             SELECT * FROM orders WHERE customer_id = $1 ORDER BY placed_at DESC LIMIT 50\n\
             ```\n\n\
             First find out why. The index can be a task of its own.",
        ),
        ("Index the orders by customer", ""),
        ("Drop the tables of the old importer", ""),
        (
            "Retry webhooks after a failure",
            "A delivery that fails is lost today. Try again after 1, 5, 30 and 120 minutes; then give up, \
             and say so to the customer.",
        ),
        ("Sign webhooks", ""),
        ("Show webhook deliveries to customers", ""),
        (
            "Document the first ten requests",
            "The ten that every new customer makes, in their order. Each can be copied and works:\n\n\
             ```\n\
             curl -H \"Authorization: Bearer $TOKEN\" https://api.example.org/v2/orders\n\
             ```",
        ),
        ("Publish the OpenAPI document", ""),
        (
            "Check the OpenAPI document in CI",
            "The document and the server drifted apart twice this year. Let the build fail when a route \
             is in one of them only.",
        ),
        ("Reject unknown fields", ""),
        ("Give every response a request id", ""),
        (
            "Stop the server without dropping requests",
            "- [ ] it says that it is not ready, so that the balancer looks elsewhere\n\
             - [ ] it ends what it has begun, for up to ten seconds\n\
             - [ ] a deployment under load loses nothing",
        ),
        ("Time out queries after ten seconds", ""),
        ("Cap the size of request bodies", ""),
        ("Scan the dependencies every night", ""),
        (
            "Fix the race in the invoice numbers",
            "Two invoices of one minute got the same number. We read the highest and add one, and two can \
             do that at once. A counter row, taken in the same transaction, is enough.",
        ),
        (
            "Make creating an order retry-safe",
            "The app sends again once the network is back (MOB-7), and then there are two orders. Let the \
             client choose the id: the same id with the same content gets the first order, with other \
             content it gets 409.",
        ),
        ("Test two orders at the same moment", ""),
        ("Export orders as CSV", ""),
        ("Stream large exports", ""),
        (
            "Defuse formulas in the CSV export",
            "A customer called himself `=HYPERLINK(...)`, and the spreadsheet believed him. A cell that \
             begins with `=`, `+` or `-` gets a quote in front.",
        ),
        ("Accept dates with a time zone only", ""),
        (
            "Fix the daylight saving bug in reports",
            "The report of the last Sunday in March has 25 hours and should have 23. We add 24 hours \
             where we mean a day.",
        ),
        ("Move the mail queue into the database", ""),
        ("Send mail only after the commit", ""),
        (
            "Hash API tokens",
            "They lie in the table as they are, so whoever reads a backup can act for every customer. \
             SHA-256 is enough, because they are long and random. Keep the last four letters, so that one \
             can tell them apart.",
        ),
        ("Show when a token was last used", ""),
        ("Let owners revoke tokens", ""),
        ("Expire sessions after thirty days", ""),
        ("Sign out everywhere after a password change", ""),
        (
            "Write the runbook for a full disk",
            "For whoever is woken at three.\n\n\
             - [ ] how to see what fills it\n\
             - [ ] what can go at once\n\
             - [ ] what must never go\n\
             - [ ] whom to call",
        ),
        ("Write the runbook for a lost database", ""),
        (
            "Load test the order page",
            "200 customers at once for ten minutes, on staging. We promise 500 ms for 95 of 100. Write \
             down where it bends, not only whether it holds.",
        ),
        ("Cache the price list", ""),
        ("Invalidate the price list when a price changes", ""),
        ("Measure the time to first byte by region", ""),
        ("Run the tests against both database versions", ""),
        (
            "Cut the test run below five minutes",
            "It takes eleven, so people push without it. Most of that is the database that every file \
             makes for itself.",
        ),
        (
            "Delete accounts for real",
            "We only hide them today. The law gives us 30 days.\n\n\
             - [ ] orders stay, without the name\n\
             - [ ] backups forget as they age, and the privacy page says so\n\
             - [ ] the customer gets a last mail",
        ),
        ("Keep an audit log of price changes", ""),
        ("Mask addresses in the logs", ""),
        ("Replace the hand-written migrations tool", ""),
        ("Try logical replication for the report database", ""),
        (
            "Compare the cost of two object stores",
            "| | store A | store B |\n\
             |---|---|---|\n\
             | 1 TB, a month | 21 € | 6 € |\n\
             | 1 TB read | 80 € | 10 € |\n\
             | in Europe | yes | yes |\n\n\
             Missing: what requests cost. We make four million a month.",
        ),
        (
            "Deduplicate customers by address",
            "About 900 customers are there twice, most of them with a typing error in the street. Propose \
             pairs; a person decides.",
        ),
        (
            "Import customers from the spreadsheet",
            "The 60 customers that sales has kept in a file of its own. Columns: name, street, city, \
             mail.",
        ),
        (
            "Answer 404 for other customers' orders",
            "A 403 says that the order is there. Whoever counts the numbers up learns how many orders we \
             have.",
        ),
        (
            "Fix the memory growth of the report worker",
            "It grows by 40 MB a day and is ended on the fifth: \
             [graph](https://example.org/graphs/report-worker). It began with API-29.",
        ),
        ("Show the version on the health page", ""),
        ("Describe how to run a second instance", ""),
        ("Fail over without losing sessions", ""),
        (
            "Plan the sunset of version 1",
            "- [ ] who uses it still\n\
             - [ ] a date, half a year away or more\n\
             - [ ] what each old request becomes\n\
             - [ ] a letter to customers",
        ),
        ("Tell customers about the sunset of version 1", ""),
        ("Count the users of each old endpoint", ""),
        (
            "Write the client for Python",
            "Thin: one function for each request, types for what comes back, and a retry that sends the \
             same id (API-26). Generated where that reads well, written by hand where it does not.",
        ),
        ("Write the client for TypeScript", ""),
        ("Review the permissions of the service account", ""),
    ],
};

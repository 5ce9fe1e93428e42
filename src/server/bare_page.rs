//! Documents outside the app, for what has to do without it.

use html_escape::{encode_double_quoted_attribute, encode_text};
use leptos::prelude::*;

use super::static_files;

/// A document outside the app.
pub fn bare_page(title: &str, content: impl FnOnce() -> AnyView) -> String {
    bare_page_of("error-page", title, content)
}

/// The same, with a class of its own.
pub fn bare_page_of(class: &str, title: &str, content: impl FnOnce() -> AnyView) -> String {
    let content = Owner::new().with(|| content().to_html());
    document(class, title, &content)
}

/// The document around some HTML. Leptos has no part in it, so that it can be put together after that has failed.
pub(super) fn document(class: &str, title: &str, content: &str) -> String {
    let assets = static_files::browser_assets();
    let stylesheet = encode_double_quoted_attribute(&assets.css);
    let title = encode_text(title);
    format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · Skateboard</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="{stylesheet}">
</head>
<body>
<main class="{class}" id="content">{content}</main>
</body>
</html>
"#
    )
}

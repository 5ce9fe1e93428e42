//! Embeds the browser's files again when they have changed, and gives each SQL statement of the stores a name.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// What the statements of a store begin with.
const VERBS: [&str; 8] = [
    "SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "SET", "DO", "DROP",
];

#[expect(
    clippy::disallowed_methods,
    reason = "cargo speaks to a build script by environment variables"
)]
fn main() {
    let has_server = std::env::var_os("CARGO_FEATURE_SSR").is_some();
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    println!("cargo::rerun-if-changed=build.rs");
    // Cargo notices by itself when an embedded file changes or goes, but not when one is new.
    if has_server && is_release {
        println!("cargo::rerun-if-changed=target/site");
    }
    if has_server {
        println!("cargo::rerun-if-changed=src");
        let folder = std::env::var_os("OUT_DIR").expect("cargo gives a folder");
        let table = table(&statements());
        fs::write(Path::new(&folder).join("queries.rs"), table).expect("a file in that folder");
    }
}

/// A table of statements and names, sorted by statement. One that stands in two places has the first one's name.
fn table(statements: &BTreeMap<String, String>) -> String {
    let rows: String = statements
        .iter()
        .map(|(statement, name)| format!("    ({statement:?}, {name:?}),\n"))
        .collect();
    format!(
        "/// Each statement of the stores, and where it stands.\nstatic NAMED: &[(&str, &str)] = &[\n{rows}];\n"
    )
}

fn statements() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for path in stores() {
        let text = fs::read_to_string(&path).expect("a store");
        // What does not parse is said by the compiler.
        if let Ok(tokens) = text.parse() {
            collect(tokens, &slice(&path), "", &mut found);
        }
    }
    found
}

/// `store.rs` and what lies in `store/`, of every slice, in a stable order.
fn stores() -> Vec<PathBuf> {
    let mut stores = Vec::new();
    let mut folders = vec![PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the sources") {
            let path = entry.expect("an entry").path();
            let is_store = path
                .iter()
                .any(|part| part == "store" || part == "store.rs");
            if path.is_dir() {
                folders.push(path);
            } else if is_store && path.extension().is_some_and(|ending| ending == "rs") {
                stores.push(path);
            }
        }
    }
    stores.sort();
    stores
}

/// `src/tasks/store/reading.rs` is `tasks.reading`.
fn slice(path: &Path) -> String {
    let parts: Vec<String> = path
        .with_extension("")
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .filter(|part| part != "src" && part != "store")
        .collect();
    parts.join(".")
}

/// Goes through tokens. A statement is named by the function that it stands in, or else by the label before it, as
/// the macros write it that make a function of each statement.
fn collect(tokens: TokenStream, slice: &str, outer: &str, found: &mut BTreeMap<String, String>) {
    let mut place = outer.to_owned();
    let mut label = String::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if word == "fn" => {
                if let Some(TokenTree::Ident(name)) = tokens.peek() {
                    place = name.to_string();
                }
            }
            TokenTree::Ident(word) => label = word.to_string(),
            TokenTree::Group(group) => {
                collect(group.stream(), slice, &place, found);
                // The first braces after its name are a function's body.
                if group.delimiter() == Delimiter::Brace {
                    outer.clone_into(&mut place);
                }
            }
            TokenTree::Literal(literal) => {
                let tokens = TokenStream::from(TokenTree::Literal(literal));
                let Ok(text) = syn::parse2::<syn::LitStr>(tokens) else {
                    continue;
                };
                let text = text.value();
                let verb = text.split_whitespace().next().unwrap_or_default();
                if VERBS.contains(&verb) {
                    let place = if place.is_empty() { &label } else { &place };
                    let name = format!("{slice}.{place}");
                    found.entry(text).or_insert(name);
                } else {
                    label = text;
                }
            }
            TokenTree::Punct(_) => {}
        }
    }
}

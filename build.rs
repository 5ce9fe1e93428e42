//! Embeds the browser's files again when they have changed, gives each SQL statement of the stores a name, and tells the
//! tests which arguments each server function takes.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

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
        let sources = sources();
        for (file, text) in [
            ("queries.rs", table(&statements(&sources))),
            ("arguments.rs", list(&arguments(&sources))),
        ] {
            fs::write(Path::new(&folder).join(file), text).expect("a file in that folder");
        }
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

/// The arguments of each server function, as the tests read them.
fn list(arguments: &BTreeMap<String, Vec<String>>) -> String {
    let rows: String = arguments
        .iter()
        .map(|(path, names)| format!("    ({path:?}, &{names:?}),\n"))
        .collect();
    format!(
        "/// The arguments of each server function, by its path.\nstatic ARGUMENTS: &[(&str, &[&str])] = &[\n{rows}];\n"
    )
}

fn statements(sources: &[PathBuf]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for path in sources.iter().filter(|path| is_store(path)) {
        let text = fs::read_to_string(path).expect("a store");
        // What does not parse is said by the compiler.
        if let Ok(tokens) = text.parse() {
            collect(tokens, &slice(path), "", &mut found);
        }
    }
    found
}

/// Every source, in a stable order.
fn sources() -> Vec<PathBuf> {
    let mut sources = Vec::new();
    let mut folders = vec![PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                sources.push(path);
            }
        }
    }
    sources.sort();
    sources
}

/// Whether this is the `store.rs` of a slice, or lies in its `store/`.
fn is_store(path: &Path) -> bool {
    path.iter()
        .any(|part| part == "store" || part == "store.rs")
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

/// The names of the arguments of every server function, by its path as the router has it: `tasks/requests/move_task`.
fn arguments(sources: &[PathBuf]) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for path in sources {
        let text = fs::read_to_string(path).expect("a source");
        if !text.contains("#[server") {
            continue;
        }
        if let Ok(tokens) = text.parse() {
            take_down(tokens, &module(path), &mut found);
        }
    }
    found
}

/// `src/tasks/requests.rs` is `tasks/requests`.
fn module(path: &Path) -> String {
    let parts: Vec<String> = path
        .with_extension("")
        .iter()
        .skip(1)
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    parts.join("/")
}

/// Goes through the tokens of a file. The first parentheses behind the name of a function are its arguments.
fn take_down(tokens: TokenStream, module: &str, found: &mut BTreeMap<String, Vec<String>>) {
    let mut is_server = false;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                if let Some(TokenTree::Group(attribute)) = tokens.peek() {
                    is_server |= says_server(attribute);
                }
            }
            TokenTree::Ident(word) if word == "fn" => {
                let Some(TokenTree::Ident(name)) = tokens.next() else {
                    continue;
                };
                let arguments = tokens.find_map(|token| match token {
                    TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
                        Some(group.stream())
                    }
                    _ => None,
                });
                if std::mem::take(&mut is_server) {
                    let names = names(arguments.unwrap_or_default());
                    found.insert(format!("{module}/{name}"), names);
                }
            }
            _ => {}
        }
    }
}

/// Whether an attribute is that of a server function.
fn says_server(attribute: &Group) -> bool {
    let first = attribute.stream().into_iter().next();
    matches!(first, Some(TokenTree::Ident(word)) if word == "server")
}

/// The names among arguments: what stands before a colon that is not one of two.
fn names(arguments: TokenStream) -> Vec<String> {
    let tokens: Vec<TokenTree> = arguments.into_iter().collect();
    let pairs = tokens.windows(2).filter_map(|pair| match pair {
        [TokenTree::Ident(name), TokenTree::Punct(mark)]
            if mark.as_char() == ':' && mark.spacing() == Spacing::Alone =>
        {
            Some(name.to_string())
        }
        _ => None,
    });
    pairs.collect()
}

//! Embeds the browser's files again when they have changed.

#[expect(
    clippy::disallowed_methods,
    reason = "cargo speaks to a build script by environment variables"
)]
fn main() {
    let has_server = std::env::var_os("CARGO_FEATURE_SSR").is_some();
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    // Cargo notices by itself when an embedded file changes or goes, but not when one is new.
    let watched = if has_server && is_release {
        "target/site"
    } else {
        "build.rs"
    };
    println!("cargo::rerun-if-changed={watched}");
}

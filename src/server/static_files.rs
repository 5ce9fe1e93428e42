//! The browser's part of the application, carried inside the binary.
//!
//! A release has `target/site` embedded, as it was when the server was compiled: the browser part is built first.
//! A debug build reads the folder itself.

use std::{borrow::Cow, sync::LazyLock};

use axum::{
    Router,
    body::Body,
    extract::Path,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{
        ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
    },
};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::hex::hex;

#[derive(RustEmbed)]
#[folder = "target/site"]
#[allow_missing = true]
struct Site;

/// The folder of what cargo-leptos builds; its names carry hashes, the others' do not.
const BUILT: &str = "pkg/";
/// A name with a hash never stands for anything else.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// What lies in `public/` keeps its name when it changes.
const SHORT: HeaderValue = HeaderValue::from_static("public, max-age=300");
/// Smallest first. The endings are those of `cargo leptos build --precompress`.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The URLs of the three files that a page loads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserAssets {
    pub js: String,
    pub wasm: String,
    pub css: String,
}

/// What the browser part is called at present. Without one (it was never built) the unhashed names are given.
#[must_use]
pub fn browser_assets() -> BrowserAssets {
    static EMBEDDED: LazyLock<BrowserAssets> = LazyLock::new(find_browser_assets);
    // cargo leptos watch replaces the files while the server runs.
    if cfg!(debug_assertions) {
        find_browser_assets()
    } else {
        EMBEDDED.clone()
    }
}

/// What tells one build of the browser's part from another: the name of its program, which holds a hash.
#[must_use]
pub fn build() -> String {
    let BrowserAssets { wasm, .. } = browser_assets();
    let name = wasm.rsplit('/').next().unwrap_or_default();
    name.trim_end_matches(".wasm").to_owned()
}

/// Whether the browser's part is there. Without it the pages have no style and no script, and still work.
#[must_use]
pub fn is_complete() -> bool {
    let BrowserAssets { js, wasm, css } = browser_assets();
    [js, wasm, css]
        .iter()
        .all(|url| Site::get(url.trim_start_matches('/')).is_some())
}

fn find_browser_assets() -> BrowserAssets {
    let names: Vec<_> = Site::iter()
        .filter(|name| name.starts_with(BUILT))
        .collect();
    let url = |ending| format!("/{}", newest(&names, ending));
    BrowserAssets {
        js: url(".js"),
        wasm: url(".wasm"),
        css: url(".css"),
    }
}

/// The file `pkg/skateboard.<hash><ending>`. Watching can leave older ones behind, so the youngest counts.
fn newest(names: &[Cow<'static, str>], ending: &str) -> String {
    let name = concat!(env!("CARGO_PKG_NAME"), ".");
    let is_it = |path: &&Cow<'static, str>| {
        path.strip_prefix(BUILT)
            .and_then(|file| file.strip_prefix(name))
            .and_then(|rest| format!(".{rest}").strip_suffix(ending).map(str::to_owned))
            // What remains is nothing, or a dot and the hash.
            .is_some_and(|hash| hash.is_empty() || !hash[1..].contains(['.', '/']))
    };
    let age = |path: &&Cow<'static, str>| {
        Site::get(path)
            .and_then(|file| file.metadata.last_modified())
            .unwrap_or_default()
    };
    let found = names.iter().filter(is_it).max_by_key(age);
    found.map_or_else(
        || format!("{BUILT}{}{ending}", env!("CARGO_PKG_NAME")),
        ToString::to_string,
    )
}

/// One route for what was built, and one for each file of `public/`.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let built = |Path(name): Path<String>, headers: HeaderMap| async move {
        answer(&format!("{BUILT}{name}"), &headers, FOREVER)
    };
    let mut router = Router::new().route("/pkg/{*name}", get(built));
    for name in Site::iter().filter(|name| is_public(name)) {
        let path = format!("/{name}");
        let file = move |headers: HeaderMap| async move { answer(&name, &headers, SHORT) };
        router = router.route(&path, get(file));
    }
    router
}

/// Whether a path is that of a file, or would be if there were one.
#[must_use]
pub fn is_file(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(|name| {
        name.starts_with(BUILT) || (is_public(name) && Site::get(name).is_some())
    })
}

fn is_public(name: &str) -> bool {
    !name.starts_with(BUILT)
        && !name.contains(['{', '}'])
        && !ENCODINGS.iter().any(|(_, ending)| name.ends_with(ending))
}

fn answer(name: &str, headers: &HeaderMap, caching: HeaderValue) -> Response {
    let leaves_the_folder = name
        .split(['/', '\\'])
        .any(|part| part.is_empty() || part == "." || part == "..");
    let is_variant = ENCODINGS.iter().any(|(_, ending)| name.ends_with(ending));
    if leaves_the_folder || is_variant {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Some((encoding, file)) = smallest(name, headers) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = tag(&file);
    let mut response = if is_known(&tag, headers) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = body(file.data).into_response();
        response
            .headers_mut()
            .insert(CONTENT_TYPE, content_type(name));
        if let Some(encoding) = encoding {
            response
                .headers_mut()
                .insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    let headers: [(HeaderName, HeaderValue); 3] = [
        (ETAG, tag),
        (VARY, HeaderValue::from_static("accept-encoding")),
        (CACHE_CONTROL, caching),
    ];
    response.headers_mut().extend(headers);
    response
}

fn smallest(name: &str, headers: &HeaderMap) -> Option<(Option<&'static str>, EmbeddedFile)> {
    ENCODINGS
        .iter()
        .filter(|(encoding, _)| accepts(headers, encoding))
        .find_map(|(encoding, ending)| Some((Some(*encoding), variant(name, ending)?)))
        .or_else(|| Some((None, Site::get(name)?)))
}

/// A compressed file that is older than its original was left behind by an earlier build.
fn variant(name: &str, ending: &str) -> Option<EmbeddedFile> {
    let compressed = Site::get(&format!("{name}{ending}"))?;
    if cfg!(debug_assertions) {
        let original = Site::get(name)?;
        return (compressed.metadata.last_modified() >= original.metadata.last_modified())
            .then_some(compressed);
    }
    Some(compressed)
}

/// Whether `Accept-Encoding` names the encoding (or `*`) without forbidding it by `q=0`.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let mut accepted = false;
    let values = headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    for choice in values.flat_map(|value| value.split(',')) {
        let mut parts = choice.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts
            .find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok())
            .unwrap_or(1.0);
        if name.eq_ignore_ascii_case(encoding) {
            return weight > 0.0;
        }
        if name == "*" {
            accepted = weight > 0.0;
        }
    }
    accepted
}

fn tag(file: &EmbeddedFile) -> HeaderValue {
    let hash = hex(&file.metadata.sha256_hash()[..16]);
    // Hexadecimal digits in quotation marks are always a legal header value.
    HeaderValue::from_str(&format!("\"{hash}\"")).expect("hexadecimal digits")
}

fn is_known(tag: &HeaderValue, headers: &HeaderMap) -> bool {
    let values = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .map(|known| known.trim().trim_start_matches("W/"))
        .any(|known| known == "*" || known.as_bytes() == tag.as_bytes())
}

fn content_type(name: &str) -> HeaderValue {
    let guess = mime_guess::from_path(name).first_or_octet_stream();
    let is_text =
        guess.type_() == mime_guess::mime::TEXT || guess.subtype() == mime_guess::mime::JAVASCRIPT;
    let value = if is_text {
        format!("{guess}; charset=utf-8")
    } else {
        guess.to_string()
    };
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

fn body(data: Cow<'static, [u8]>) -> Body {
    match data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use axum::body::to_bytes;
    use http::Request;
    use tower::ServiceExt;

    use super::*;

    /// Files in the site folder, which a debug build reads; they go when the test ends.
    struct Files(Vec<PathBuf>);

    impl Files {
        fn new(files: &[(&str, &str)]) -> Self {
            let site = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/site");
            let paths = files.iter().map(|(name, content)| {
                let path = site.join(name);
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                fs::write(&path, content).expect("a file");
                path
            });
            Self(paths.collect())
        }
    }

    impl Drop for Files {
        fn drop(&mut self) {
            for path in &self.0 {
                let _ = fs::remove_file(path);
            }
        }
    }

    async fn ask(method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        routes()
            .oneshot(request.body(Body::empty()).expect("a request"))
            .await
            .expect("an answer")
    }

    async fn text(response: Response) -> String {
        let bytes = to_bytes(response.into_body(), 10_000)
            .await
            .expect("a body");
        String::from_utf8(bytes.to_vec()).expect("text")
    }

    #[tokio::test]
    async fn what_was_built_is_kept_for_ever_and_sent_compressed() {
        let _files = Files::new(&[
            ("pkg/kept.a1.js", "plain"),
            ("pkg/kept.a1.js.br", "brotli"),
            ("pkg/kept.a1.js.gz", "gzip"),
            ("pkg/kept.a1.wasm", ""),
        ]);
        for (accepted, content, encoding) in [
            ("gzip, deflate, br", "brotli", Some("br")),
            ("*", "brotli", Some("br")),
            ("gzip", "gzip", Some("gzip")),
            ("br;q=0, gzip;q=0.5", "gzip", Some("gzip")),
            ("identity", "plain", None),
            ("", "plain", None),
        ] {
            let answer = ask("GET", "/pkg/kept.a1.js", &[("accept-encoding", accepted)]).await;
            assert_eq!(answer.status(), StatusCode::OK);
            assert_eq!(
                answer.headers()[CONTENT_TYPE],
                "text/javascript; charset=utf-8"
            );
            assert_eq!(answer.headers()[CACHE_CONTROL], FOREVER);
            assert_eq!(answer.headers()[VARY], "accept-encoding");
            assert_eq!(
                answer
                    .headers()
                    .get(CONTENT_ENCODING)
                    .map(HeaderValue::as_bytes),
                encoding.map(str::as_bytes)
            );
            assert_eq!(text(answer).await, content, "{accepted}");
        }
        let wasm = ask("GET", "/pkg/kept.a1.wasm", &[]).await;
        assert_eq!(wasm.headers()[CONTENT_TYPE], "application/wasm");
    }

    #[tokio::test]
    async fn what_the_browser_has_is_not_sent_again() {
        let _files = Files::new(&[("pkg/again.a1.css", "a{}")]);
        let first = ask("GET", "/pkg/again.a1.css", &[]).await;
        let tag = first.headers()[ETAG].to_str().expect("text").to_owned();
        for known in [tag.clone(), format!("\"other\", W/{tag}"), "*".to_owned()] {
            let second = ask("GET", "/pkg/again.a1.css", &[("if-none-match", &known)]).await;
            assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
            assert_eq!(second.headers()[CACHE_CONTROL], FOREVER);
            assert_eq!(text(second).await, "");
        }
        let other = ask(
            "GET",
            "/pkg/again.a1.css",
            &[("if-none-match", "\"other\"")],
        )
        .await;
        assert_eq!(other.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn public_files_are_kept_for_a_short_time_only() {
        let _files = Files::new(&[
            ("short-test.svg", "<svg/>"),
            ("short-test.svg.br", "brotli"),
        ]);
        let answer = ask("GET", "/short-test.svg", &[]).await;
        assert_eq!(answer.headers()[CACHE_CONTROL], SHORT);
        assert_eq!(answer.headers()[CONTENT_TYPE], "image/svg+xml");
        assert_eq!(
            ask("GET", "/short-test.svg.br", &[]).await.status(),
            StatusCode::NOT_FOUND
        );
    }

    #[tokio::test]
    async fn head_is_answered_like_get_but_without_the_content() {
        let _files = Files::new(&[("pkg/head.a1.js", "plain")]);
        let answer = ask("HEAD", "/pkg/head.a1.js", &[]).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(answer.headers().contains_key(ETAG));
        assert_eq!(text(answer).await, "");
    }

    #[tokio::test]
    async fn nothing_outside_the_folder_is_served() {
        let _files = Files::new(&[("pkg/inside.a1.js.br", "brotli")]);
        for path in [
            "/pkg/unknown.js",
            "/pkg/",
            "/pkg/inside.a1.js.br",
            "/pkg/../../Cargo.toml",
            "/pkg/..%2f..%2f..%2fCargo.toml",
            "/pkg/..%5c..%5cCargo.toml",
            "/pkg/%2e%2e/%2e%2e/%2e%2e/Cargo.toml",
            "/pkg//etc/passwd",
            "/pkg/%2fetc%2fpasswd",
            "/pkg/a%00b",
        ] {
            assert_eq!(
                ask("GET", path, &[]).await.status(),
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
    }

    #[test]
    fn the_youngest_file_with_a_hash_is_the_current_one() {
        let names =
            |list: &[&'static str]| list.iter().map(|name| Cow::from(*name)).collect::<Vec<_>>();
        let found = newest(
            &names(&[
                "pkg/skateboard.aB-_9.js",
                "pkg/__wasm_split.x.js",
                "pkg/x/skateboard.b.js",
            ]),
            ".js",
        );
        assert_eq!(found, "pkg/skateboard.aB-_9.js");
        assert_eq!(
            newest(
                &names(&["pkg/skateboard.a.js.br", "pkg/skateboard.a.css"]),
                ".js"
            ),
            "pkg/skateboard.js"
        );
        assert_eq!(
            newest(&names(&["pkg/skateboard.css"]), ".css"),
            "pkg/skateboard.css"
        );
        assert_eq!(newest(&[], ".wasm"), "pkg/skateboard.wasm");
    }
}

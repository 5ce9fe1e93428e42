//! Where a form came from and who sent it.

use axum::{
    extract::Request,
    http::{HeaderMap, header},
};
use sha2::{Digest, Sha256};
use url::{Url, form_urlencoded};

use crate::{
    accounts::{session::Session, visit::Visit},
    ids::PersonId,
    server::{cookies, settings::Settings},
};

/// The cookie that marks a browser in which nobody is signed in when it is first refused something.
pub const VISITOR: &str = "skateboard-visitor";

/// Where a form came from and who sent it.
pub struct Origin {
    /// The path that it was sent to.
    pub action: String,
    /// Path and query of the page that held it, if the browser says so.
    pub page: Option<String>,
    /// The person signed in, otherwise the browser if it was marked already.
    pub author: Option<Author>,
    /// The client as limits count it.
    pub client: String,
}

impl Origin {
    pub fn of(settings: &Settings, request: &Request) -> Self {
        Self {
            action: request.uri().path().to_owned(),
            page: page(settings, request.headers()),
            author: Author::all(settings, request).next(),
            client: Visit::of(request.headers(), request.extensions()).client,
        }
    }
}

/// Path and query of the page that a request was sent from, without what an earlier form left in it. Nothing from
/// a browser that keeps it to itself.
pub fn page(settings: &Settings, headers: &HeaderMap) -> Option<String> {
    headers
        .get(header::REFERER)
        .and_then(|referer| referer.to_str().ok())
        .and_then(|referer| Url::parse(referer).ok())
        // A path that begins with two strokes would lead to another site.
        .filter(|url| settings.is_here(url) && !url.path().starts_with("//"))
        .map(|url| without_outcome(&url))
}

fn without_outcome(url: &Url) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in url.query_pairs() {
        if !matches!(&*name, "refused" | "done" | "at") {
            query.append_pair(&name, &value);
        }
    }
    with_query(url.path(), &query.finish())
}

/// An address with a further piece of query.
pub fn with_query(path: &str, query: &str) -> String {
    match (query.is_empty(), path.contains('?')) {
        (true, _) => path.to_owned(),
        (false, true) => format!("{path}&{query}"),
        (false, false) => format!("{path}?{query}"),
    }
}

/// For whom a refused form waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Person,
    Visitor,
}

/// Who typed, as a hash: whoever reads the table does not learn who typed what.
#[derive(Clone, Debug)]
pub struct Author {
    pub kind: Kind,
    pub hash: Vec<u8>,
}

impl Author {
    /// Everybody that the sender of a request is: the person signed in, then the browser, which may have
    /// been refused something before the person signed in.
    pub fn all(settings: &Settings, request: &Request) -> impl Iterator<Item = Self> + use<> {
        let session = request.extensions().get::<Session>();
        let person = session.map(|session| Self::person(session.person.id));
        let visitor = cookies::read(settings, request.headers(), VISITOR)
            .map(|visitor| Self::visitor(&visitor));
        person.into_iter().chain(visitor)
    }

    /// Somebody who is signed in, in whatever browser.
    pub fn person(person: PersonId) -> Self {
        Self {
            kind: Kind::Person,
            hash: hash(&format!("person {person}")),
        }
    }

    /// The browser that carries this mark.
    pub fn visitor(mark: &str) -> Self {
        Self {
            kind: Kind::Visitor,
            hash: hash(mark),
        }
    }
}

fn hash(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

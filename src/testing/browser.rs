//! A browser without a screen: it keeps cookies, says where it comes from, and follows redirects.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header},
    response::Response,
};
use cookie::Cookie;
use leptos::server_fn::error::FromServerFnError;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tower::ServiceExt;
use url::form_urlencoded;

use super::{Form, Page, TestApp};
use crate::{
    error::Error,
    server::{request_log::X_REQUEST_ID, static_files::browser_assets},
};

/// What a browser asks for when a person clicks.
const ACCEPT_PAGES: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
/// What the code of a hydrated page asks for.
const ACCEPT_JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
/// No page needs more than a few; a circle ends here.
const MAX_REDIRECTS: usize = 5;

/// One browser of one person. Clones share cookies, like tabs.
#[derive(Clone)]
pub struct Browser {
    app: TestApp,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    /// Path and query of the page that is open.
    page: Arc<Mutex<String>>,
}

/// A request that a test puts together by itself.
#[derive(Clone, Debug)]
pub struct Ask {
    pub method: &'static str,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// Path and query of what was asked for, after redirects.
    pub path: String,
}

impl Browser {
    pub(super) fn new(app: TestApp) -> Self {
        Self {
            app,
            cookies: Arc::default(),
            page: Arc::new(Mutex::new("/".to_owned())),
        }
    }

    /// Opens a page and follows redirects.
    pub async fn get(&self, path: &str) -> Answer {
        let answer = self.ask(Ask::page(path)).await;
        self.follow(answer).await
    }

    /// Posts a form as a browser without JavaScript does. The answer is the redirect itself.
    pub async fn post(&self, action: &str, fields: &[(&str, &str)]) -> Answer {
        self.ask(self.form(action, encoded(fields), ACCEPT_PAGES))
            .await
    }

    /// Posts a form and follows the redirect to the page that it leads to.
    pub async fn submit(&self, form: Form) -> Answer {
        let fields: Vec<(&str, &str)> = form
            .fields
            .iter()
            .map(|field| (field.name.as_str(), field.value.as_str()))
            .collect();
        let answer = self.post(&form.action, &fields).await;
        self.follow(answer).await
    }

    /// Calls a server function as the code of a hydrated page does.
    pub async fn call(&self, action: &str, fields: &[(&str, &str)]) -> Answer {
        self.ask(self.form(action, encoded(fields), ACCEPT_JSON))
            .await
    }

    /// A form post with the headers of a browser, to be changed by a test.
    pub fn form(&self, action: &str, body: Vec<u8>, accept: &str) -> Ask {
        let origin = self.app.settings.base_url().origin().ascii_serialization();
        let page = self.page.lock().unwrap().clone();
        Ask {
            method: "POST",
            path: action.to_owned(),
            headers: vec![
                ("accept", accept.to_owned()),
                ("content-type", FORM.to_owned()),
                ("origin", origin.clone()),
                ("referer", format!("{origin}{page}")),
                ("sec-fetch-site", "same-origin".to_owned()),
            ],
            body,
        }
    }

    /// Follows redirects to the page at their end, which is then the page that is open.
    pub async fn follow(&self, mut answer: Answer) -> Answer {
        for _ in 0..MAX_REDIRECTS {
            let Some(location) = answer
                .status
                .is_redirection()
                .then(|| answer.location())
                .flatten()
            else {
                answer.path.clone_into(&mut self.page.lock().unwrap());
                return answer;
            };
            answer = self.ask(Ask::page(location)).await;
        }
        panic!("redirects without an end, the last to {:?}", answer.path);
    }

    /// Lets the browser stand on a page without loading it.
    pub fn stand_on(&self, path: &str) {
        path.clone_into(&mut self.page.lock().unwrap());
    }

    /// Sends a request with the cookies of this browser, keeps those that come back, and reads the answer to its end.
    pub async fn ask(&self, ask: Ask) -> Answer {
        let path = ask.path.clone();
        let (parts, body) = self.open(ask).await.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, usize::MAX).await.expect("a body").to_vec(),
            path,
        }
    }

    /// The same, without reading the answer, which may have no end.
    pub async fn open(&self, ask: Ask) -> Response {
        let mut request = Request::builder().method(ask.method).uri(&ask.path);
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        let cookies = self.cookies();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies);
        }
        let mut request = request.body(Body::from(ask.body)).expect("a request");
        request
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))));
        let response = self
            .app
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("a router never fails");
        self.keep_cookies(response.headers());
        response
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies
            .lock()
            .unwrap()
            .insert(name.to_owned(), value.to_owned());
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    fn cookies(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        let pairs: Vec<String> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    fn keep_cookies(&self, headers: &HeaderMap) {
        let mut cookies = self.cookies.lock().unwrap();
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().expect("a cookie is text");
            let cookie = Cookie::parse(line).expect("a cookie").into_owned();
            if cookie
                .max_age()
                .is_some_and(cookie::time::Duration::is_zero)
            {
                cookies.remove(cookie.name());
            } else {
                cookies.insert(cookie.name().to_owned(), cookie.value().to_owned());
            }
        }
    }
}

impl Ask {
    /// The request of a person who follows a link.
    pub fn page(path: &str) -> Self {
        Self {
            method: "GET",
            path: path.to_owned(),
            headers: vec![("accept", ACCEPT_PAGES.to_owned())],
            body: Vec::new(),
        }
    }

    /// The same request with a header set anew, or without it.
    pub fn header(mut self, name: &'static str, value: Option<&str>) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        if let Some(value) = value {
            self.headers.push((name, value.to_owned()));
        }
        self
    }
}

impl Answer {
    /// Where a redirect leads to.
    pub fn location(&self) -> Option<&str> {
        self.header(header::LOCATION)
    }

    pub fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers
            .get(name)
            .map(|value: &HeaderValue| value.to_str().expect("a header is text"))
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("an answer is text")
    }

    pub fn page(&self) -> Page {
        Page::parse(&self.text())
    }

    /// The page of an error outside of any team. It looks like the product, leads out, and shows the number of its
    /// request.
    #[track_caller]
    pub fn error_page(&self) -> Page {
        let page = self.page();
        assert_eq!(page.title(), format!("{} · Skateboard", page.heading()));
        assert_eq!(
            page.attributes("head link[rel=stylesheet]", "href"),
            [browser_assets().css]
        );
        let ways_out = page.attributes("main a", "href");
        assert!(ways_out.iter().any(|way| way == "/"), "{ways_out:?}");
        let number = self.header(X_REQUEST_ID).expect("the number of a request");
        assert_eq!(page.texts("main code"), [number]);
        page
    }

    /// What the API answered.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{} {}: {}", self.path, self.status, self.text()))
    }

    /// Why a call of a server function was refused, if it was.
    pub fn error(&self) -> Option<Error> {
        (!self.status.is_success()).then(|| Error::de(self.body.clone().into()))
    }

    /// What a server function gave.
    pub fn value<T: DeserializeOwned>(&self) -> T {
        assert!(
            self.status.is_success(),
            "{} {}: {}",
            self.path,
            self.status,
            self.text()
        );
        serde_json::from_slice(&self.body).expect("the answer of a server function")
    }

    /// The same answer, when it has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(
            self.status.as_u16(),
            status,
            "{} answers {:?} {}",
            self.path,
            self.location(),
            self.text()
        );
        self
    }
}

/// The body of a form.
pub fn encoded(fields: &[(&str, &str)]) -> Vec<u8> {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
        .into_bytes()
}

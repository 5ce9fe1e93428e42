//! A program that talks to the API: it has a token and no cookies.

use serde_json::Value;

use super::{Answer, Ask, Browser, Person, TestApp, seed};

/// One program of one person, or of nobody.
#[derive(Clone)]
pub struct Program {
    browser: Browser,
    token: Option<String>,
}

impl Program {
    /// A program without a token.
    pub fn of_nobody(app: &TestApp) -> Self {
        Self {
            browser: app.browser(),
            token: None,
        }
    }

    /// A program that may do all that its person may.
    pub async fn of(app: &TestApp, person: &Person) -> Self {
        Self::with(app, person, "write", None).await
    }

    /// A program with a token of a scope, which may be limited to one team.
    pub async fn with(
        app: &TestApp,
        person: &Person,
        scope: &str,
        only: Option<uuid::Uuid>,
    ) -> Self {
        Self {
            token: Some(seed::api_token(&app.db, person, scope, only).await.token),
            ..Self::of_nobody(app)
        }
    }

    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The same with something for a token, and for the cookie of a session.
    pub fn holding(self, secret: &str) -> Self {
        self.browser.set_cookie("skateboard", secret);
        Self {
            token: Some(secret.to_owned()),
            ..self
        }
    }

    /// A request below `/api/v1`, to be changed by a test.
    pub fn request(&self, method: &'static str, path: &str, body: Option<&Value>) -> Ask {
        let mut headers = vec![("accept", "application/json".to_owned())];
        if let Some(token) = &self.token {
            headers.push(("authorization", format!("Bearer {token}")));
        }
        if body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        Ask {
            method,
            path: format!("/api/v1{path}"),
            headers,
            body: body.map(Value::to_string).unwrap_or_default().into_bytes(),
        }
    }

    pub async fn ask(&self, ask: Ask) -> Answer {
        self.browser.ask(ask).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(self.request("GET", path, None)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask(self.request("POST", path, Some(body))).await
    }

    pub async fn patch(&self, path: &str, if_match: &str, body: &Value) -> Answer {
        let ask = self.request("PATCH", path, Some(body));
        self.ask(ask.header("if-match", Some(if_match))).await
    }

    pub async fn delete(&self, path: &str, if_match: Option<&str>) -> Answer {
        let ask = self.request("DELETE", path, None);
        self.ask(ask.header("if-match", if_match)).await
    }
}

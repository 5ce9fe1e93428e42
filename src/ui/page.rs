//! What a page does with its data: wait for it, show it, or say why it cannot.

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;

use crate::error::{Code, Error, Result};

/// Shows a page's data once it is there, or the error page that fits.
#[component]
pub fn Loaded<T, V, F>(data: Resource<Result<T>>, view: F) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(T) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition>
            {move || {
                let view = view.clone();
                Suspend::new(async move {
                    match data.await {
                        Ok(data) => Either::Left(view(data)),
                        Err(error) => Either::Right(view! { <ErrorPage error=error /> }),
                    }
                })
            }}
        </Transition>
    }
}

/// Says, by being in the context, that the page stands inside a `main` already.
#[derive(Clone, Copy)]
pub struct InsideMain;

/// An error in the place of a page, with its status and a way out.
#[component]
pub fn ErrorPage(error: Error) -> impl IntoView {
    answer_with(&error);
    let title = title_of(error.code);
    let (way_out, words) = match error.code {
        Code::Unauthenticated => ("/sign-in", "Sign in"),
        Code::Unavailable | Code::Unreachable | Code::Internal | Code::TooManyRequests => {
            ("", "Try again")
        }
        _ => ("/", "Go to your team"),
    };
    let content = view! {
        <h1>{title}</h1>
        <p>{error.message.clone()}</p>
        <p>
            <a class="button" href=way_out rel="external">
                {words}
            </a>
        </p>
        <RequestReference />
    };
    let page = match use_context::<InsideMain>() {
        Some(InsideMain) => Either::Left(view! { <div class="error-page">{content}</div> }),
        None => Either::Right(view! {
            <main class="error-page" id="content">
                {content}
            </main>
        }),
    };
    view! {
        <Title text=title />
        {page}
    }
}

/// The heading of an error's page.
pub const fn title_of(code: Code) -> &'static str {
    match code {
        Code::NotFound => "Not found",
        Code::Forbidden => "Not allowed",
        Code::Unauthenticated => "Sign in",
        Code::TooManyRequests => "Slow down for a moment",
        Code::Unavailable => "The database is away",
        Code::Unreachable => "No connection",
        _ => "Something went wrong",
    }
}

/// The number under which the operator finds this request in the log.
#[component]
fn RequestReference() -> impl IntoView {
    use_context::<RequestNumber>()
        .and_then(|number| number.0)
        .map(|id| {
            view! {
                <p class="muted">
                    "Request " <code>{id}</code>
                </p>
            }
        })
}

/// The number of the request that the page was loaded with. The app provides it once, because a value
/// that is shared with the browser has to be made in the same order on both sides.
#[derive(Clone)]
pub struct RequestNumber(pub Option<String>);

/// Gives the answer its status; a person who is not signed in is sent to sign in and brought back.
#[cfg(feature = "ssr")]
fn answer_with(error: &Error) {
    crate::server::request::refuse(error);
}

#[cfg(not(feature = "ssr"))]
fn answer_with(error: &Error) {
    if error.code == Code::Unauthenticated {
        let location = window().location();
        let here = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
        let next = String::from(js_sys::encode_uri_component(&here));
        // Where the browser refuses to navigate, the page still offers the link.
        let _ = location.set_href(&format!("/sign-in?next={next}"));
    }
}

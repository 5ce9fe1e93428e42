//! What a page does with its data: wait for it, show it, or say why it cannot.

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
#[cfg(not(feature = "ssr"))]
use leptos_router::hooks::use_location;
use leptos_router::{hooks::use_params_map, location::Location};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    data::PageData,
    dom::{find, focus},
};
use crate::error::{Code, Error};

/// Shows a page's data once it is there, or the error page that fits.
#[component]
pub fn Loaded<T, V, F>(
    data: PageData<T>,
    view: F,
    /// What stands there instead of the error page.
    #[prop(optional)]
    refused: Option<fn(Error) -> AnyView>,
) -> impl IntoView
where
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
    F: Fn(T) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition>
            {move || {
                let view = view.clone();
                Suspend::new(async move {
                    let data = data.get().await;
                    // Leptos looks at what is there at once before it renders, and throws that away: the
                    // page would be made, and all that it loads be loaded, twice.
                    #[cfg(feature = "ssr")]
                    tokio::task::yield_now().await;
                    match (data, refused) {
                        (Ok(data), _) => Either::Left(view(data)),
                        (Err(error), None) => Either::Right(view! { <ErrorPage error=error /> }.into_any()),
                        (Err(error), Some(refused)) => Either::Right(refused(error)),
                    }
                })
            }}
        </Transition>
    }
}

/// Leads to the content of the page. The router takes the click on the skip link, so the browser does not
/// move the focus itself.
pub fn focus_content() {
    if let Some(content) = find("#content") {
        // Where it cannot be focused, the page has scrolled to it all the same.
        let _ = content.set_attribute("tabindex", "-1");
        focus(&content);
    }
}

/// The address that one is led to, with what it asks for: the browser's own follows when the page is there.
pub fn address_of(location: &Location) -> String {
    let path = location.pathname.get();
    location
        .search
        .with(|search| match search.trim_start_matches('?') {
            "" => path,
            query => format!("{path}?{query}"),
        })
}

/// Whether a dialog or a popover is open, which Escape closes first.
pub fn is_something_open() -> bool {
    find("dialog[open], :popover-open").is_some()
}

/// Says, by being in the context, that the page stands inside a `main` already, and where one is at
/// home there: `/teams/lantern-works`.
#[derive(Clone)]
pub struct InsideMain(pub String);

/// An error in the place of a page, with its status and the ways out.
#[component]
pub fn ErrorPage(error: Error) -> impl IntoView {
    answer_with(&error);
    let title = title_of(error.code);
    let home = use_context::<InsideMain>().map(|inside| inside.0);
    let message = missing_task(&error, home.is_some()).unwrap_or_else(|| error.message.clone());
    let ways = ways_out(&error, home.as_deref());
    let content = view! {
        <h1>{title}</h1>
        <p>{message}</p>
        {(!ways.is_empty()).then(|| view! { <Ways ways=ways /> })}
        <RequestReference />
    };
    let page = if home.is_some() {
        Either::Left(view! { <div class="error-page">{content}</div> })
    } else {
        Either::Right(view! {
            <main class="error-page" id="content">
                {content}
            </main>
        })
    };
    view! {
        <Title text=title />
        {page}
    }
}

/// Where a way leads, and its words.
type Way = (String, &'static str);

#[component]
fn Ways(ways: Vec<Way>) -> impl IntoView {
    let ways = ways
        .into_iter()
        .enumerate()
        .map(|(index, (href, words))| {
            view! {
                <a class="button" class:primary=index == 0 href=href rel="external">
                    {words}
                </a>
            }
        })
        .collect_view();
    view! { <p class="actions">{ways}</p> }
}

/// The ways on from an error, the likeliest first. From a search that cannot be asked the way is its field, which stands
/// above every page of a team.
fn ways_out(error: &Error, home: Option<&str>) -> Vec<Way> {
    match (error.code, home) {
        (_, Some(_)) if error.on("query").is_some() => Vec::new(),
        (Code::Unauthenticated, _) => vec![("/sign-in".to_owned(), "Sign in")],
        (Code::Unavailable | Code::Unreachable | Code::Internal | Code::TooManyRequests, _) => {
            vec![(String::new(), "Try again")]
        }
        (_, Some(home)) => vec![
            (format!("{home}/boards"), "Go to the boards"),
            (format!("{home}/deleted"), "Recently deleted"),
        ],
        (_, None) => vec![("/".to_owned(), "Go to your team")],
    }
}

/// Which task is missing, on the page of a task.
fn missing_task(error: &Error, inside_team: bool) -> Option<String> {
    if error.code != Code::NotFound || !inside_team {
        return None;
    }
    let task = use_params_map().with_untracked(|params| params.get("task"))?;
    Some(format!(
        "There is no task {task}. Search for words of its title, or look on its board."
    ))
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
        Code::BadRequest | Code::Conflict | Code::Invalid | Code::TooLarge => {
            "That is not possible"
        }
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
                <p class="muted small">
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
pub fn answer_with(error: &Error) {
    crate::server::request::refuse(error);
}

#[cfg(not(feature = "ssr"))]
pub fn answer_with(error: &Error) {
    use crate::accounts::model::sign_in_address;

    if error.code == Code::Unauthenticated {
        let here = untrack(|| address_of(&use_location()));
        // Where the browser refuses to navigate, the page still offers the link.
        let _ = window().location().set_href(&sign_in_address(&here));
    }
}

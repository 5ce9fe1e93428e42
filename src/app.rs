//! The HTML shell, the app, and the route table: the map of the pages.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

use crate::{
    accounts::{
        account_page::AccountPage,
        confirm_email_page::ConfirmEmailPage,
        forgot_password_page::ForgotPasswordPage,
        home_page::HomePage,
        register_page::{RegisterPage, RegistrationSentPage},
        reset_password_page::ResetPasswordPage,
        sign_in_page::SignInPage,
    },
    boards::{board_page::BoardPage, list_page::BoardsPage},
    error::Error,
    feedback::{AnswerPage, FeedbackPage},
    forms::{going_on::go_on_after_forms, model::FormOutcome, unsaid::UnsaidRefusal},
    hypotheses::{hypothesis_page::HypothesisPage, new_page::NewHypothesisPage},
    imports::import_page::ImportPage,
    insights::insights_page::InsightsPage,
    mine::mine_page::MinePage,
    notifications::notifications_page::NotificationsPage,
    now::{now_page::NowPage, wall_page::WallPage},
    people::{
        invitation_page::InvitationPage,
        new_team_page::NewTeamPage,
        people_page::PeoplePage,
        settings_page::SettingsPage,
        shell::{NoSuchPage, TeamShell},
    },
    search::search_page::SearchPage,
    tasks::{deleted_page::DeletedPage, task_page::TaskPage},
    ui::{
        announce::{Announcements, Announcer},
        page::{ErrorPage, RequestNumber, focus_content},
    },
    webhooks::log_page::WebhookLogPage,
};

/// The document around every page.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    use leptos_meta::MetaTags;

    use crate::server::{security, static_files};

    let assets = static_files::browser_assets();
    let nonce = leptos::nonce::use_nonce();
    if let Some(nonce) = &nonce {
        crate::server::request::set_header(
            axum::http::header::CONTENT_SECURITY_POLICY,
            &security::content_security_policy(nonce),
        );
    }
    let start = format!(
        "import('{}').then(m=>m.default({{module_or_path:'{}'}}).then(()=>m.hydrate()))",
        assets.js, assets.wasm
    );
    view! {
        <!DOCTYPE html>
        <html lang="en" data-build=static_files::build()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=assets.css />
                <link rel="modulepreload" href=assets.js nonce=nonce.clone() />
                <link
                    rel="preload"
                    href=assets.wasm
                    r#as="fetch"
                    r#type="application/wasm"
                    crossorigin="anonymous"
                />
                <script type="module" nonce=nonce>
                    {start}
                </script>
                <AutoReload options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Announcer::provide();
    provide_context(SharedValue::new(form_outcome).into_inner());
    provide_context(RequestNumber(SharedValue::new(request_id).into_inner()));
    go_on_after_forms();
    let (is_loading, set_is_loading) = signal(false);
    view! {
        <Title formatter=document_title />
        // The page one leaves stays until the next one is there.
        <Router set_is_routing=set_is_loading>
            <a class="skip-link" href="#content" on:click=|_| focus_content()>
                "Skip to the content"
            </a>
            <Announcements />
            <div class="loading" class:shown=is_loading aria-hidden="true"></div>
            <UnsaidRefusal />
            <Routes fallback=|| view! { <ErrorPage error=Error::not_found() /> }>
                <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async />
                <Route path=path!("/register/sent") view=RegistrationSentPage ssr=SsrMode::Async />
                <Route path=path!("/forgot-password") view=ForgotPasswordPage ssr=SsrMode::Async />
                <Route path=path!("/reset-password") view=ResetPasswordPage ssr=SsrMode::Async />
                <Route path=path!("/confirm-email") view=ConfirmEmailPage ssr=SsrMode::Async />
                <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async />
                <Route path=path!("/teams/new") view=NewTeamPage ssr=SsrMode::Async />
                <Route path=path!("/invitations") view=InvitationPage ssr=SsrMode::Async />
                <Route path=path!("/wall/:token") view=WallPage ssr=SsrMode::Async />
                <ParentRoute path=path!("/teams/:team") view=TeamShell ssr=SsrMode::Async>
                    <Route path=path!("boards") view=BoardsPage ssr=SsrMode::Async />
                    <Route path=path!("") view=NowPage ssr=SsrMode::Async />
                    <Route path=path!("mine") view=MinePage ssr=SsrMode::Async />
                    <Route path=path!("/search") view=SearchPage ssr=SsrMode::Async />
                    <Route path=path!("boards/:key") view=BoardPage ssr=SsrMode::Async />
                    <Route path=path!("tasks/:task") view=TaskPage ssr=SsrMode::Async />
                    <Route path=path!("deleted") view=DeletedPage ssr=SsrMode::Async />
                    <Route path=path!("import") view=ImportPage ssr=SsrMode::Async />
                    <Route path=path!("/notifications") view=NotificationsPage ssr=SsrMode::Async />
                    <Route path=path!("insights") view=InsightsPage ssr=SsrMode::Async />
                    <Route path=path!("insights/hypotheses/new") view=NewHypothesisPage ssr=SsrMode::Async />
                    <Route path=path!("insights/hypotheses/:hypothesis") view=HypothesisPage ssr=SsrMode::Async />
                    <Route path=path!("/people") view=PeoplePage ssr=SsrMode::Async />
                    <Route path=path!("feedback") view=FeedbackPage ssr=SsrMode::Async />
                    <Route path=path!("feedback/:feedback") view=AnswerPage ssr=SsrMode::Async />
                    <Route path=path!("/settings") view=SettingsPage ssr=SsrMode::Async />
                    <Route path=path!("settings/webhooks/:webhook") view=WebhookLogPage ssr=SsrMode::Async />
                    <Route path=path!("/*any") view=NoSuchPage ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// What the browser shows as the name of its tab.
fn document_title(page: String) -> String {
    as_content(match page.as_str() {
        "" => "Skateboard".to_owned(),
        page => format!("{page} · Skateboard"),
    })
}

/// leptos_meta writes a title into the document as it is.
#[cfg(feature = "ssr")]
fn as_content(title: String) -> String {
    html_escape::encode_text(&title).into_owned()
}

/// The browser takes a title as text.
#[cfg(not(feature = "ssr"))]
fn as_content(title: String) -> String {
    title
}

/// The number under which the operator finds this page's request in the log.
#[cfg(feature = "ssr")]
fn request_id() -> Option<String> {
    crate::server::request::request_id()
}

#[cfg(not(feature = "ssr"))]
fn request_id() -> Option<String> {
    None
}

/// What the last form left behind. The browser gets it with the page.
#[cfg(feature = "ssr")]
fn form_outcome() -> FormOutcome {
    crate::server::request::extension().unwrap_or_default()
}

#[cfg(not(feature = "ssr"))]
fn form_outcome() -> FormOutcome {
    FormOutcome::default()
}

//! Every form × what a person typed into it: without JavaScript it comes back with the reason when it was refused.

use sqlx::PgPool;

use super::{app, assert_unchanged, contents, matrix::borrowed, table};
use crate::{forms::unsaid, testing::Form};

/// Actions that take text and have no form of their own that is posted.
const WITHOUT_A_FORM: &[(&str, &str)] = &[
    (
        "feedback/requests/load_feedback",
        "a tag is followed as a link",
    ),
    (
        "feedback/requests/remove_feedback_tag",
        "the tag is that of the button",
    ),
    (
        "search/search_page/load_search",
        "the query is in the address",
    ),
    (
        "tasks/requests/similar_tasks",
        "it is asked while the title is typed, which stays where it is",
    ),
];

/// Whether what is typed there is shown to nobody again.
fn is_secret(field: &str) -> bool {
    field.contains("password")
}

#[test]
fn what_takes_text_has_a_form_that_is_tried() {
    for action in table::actions() {
        let is_asked = action.texts.iter().any(|text| !is_secret(text)) && action.form.is_none();
        let is_listed = WITHOUT_A_FORM.iter().any(|(path, _)| *path == action.path);
        assert_eq!(
            is_asked, is_listed,
            "{}: say where its form is, or in WITHOUT_A_FORM why there is none",
            action.path
        );
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_was_typed_comes_back_with_the_reason_without_javascript(db: PgPool) {
    let app = app(db);
    for action in table::actions() {
        let Some(form) = &action.form else { continue };
        let world = app.world().await;
        let browser = action.browser(&world, action.actor);
        // Before the page: one that waits for what the page shows would not be the latest any more.
        let mut fields = action.sample_of(&world, action.actor);
        let page = (form.page)(&world);
        let opened = browser.get(&page).await;
        assert_eq!(opened.path, page, "{}: the page of its form", action.path);
        let forms = opened.page().forms_of(&action.url());
        let of_form = forms
            .first()
            .unwrap_or_else(|| panic!("{page} has no form for {}", action.path));
        let typed = forms.iter().flat_map(|form| &form.fields);
        for field in typed.filter(|field| field.is_typed && !is_secret(&field.name)) {
            assert!(
                unsaid::TYPED.iter().any(|(name, _)| *name == field.name),
                "{}: say in TYPED of src/forms/unsaid.rs what {} is called",
                action.path,
                field.name
            );
        }
        // What the page itself fills in, over which goes the sample, over which goes what is no good.
        for (name, value) in &mut fields {
            let hidden = of_form
                .fields
                .iter()
                .find(|field| field.name == *name && field.label.is_empty());
            if let Some(hidden) = hidden {
                value.clone_from(&hidden.value);
            }
            if *name == form.field {
                form.text.clone_into(value);
            }
        }
        let before = contents(&app.db).await;
        let answer = browser.post(&action.url(), &borrowed(&fields)).await;
        assert_unchanged(&before, &contents(&app.db).await, action.path);
        assert_eq!(answer.status, 303, "{}", action.path);
        let location = answer.location().unwrap_or_default().to_owned();
        let back = page.split('?').next().unwrap_or_default();
        assert!(
            location.starts_with(back) && location.contains("refused="),
            "{} leads to {location}",
            action.path
        );
        assert!(
            !location.contains(&form.text[..form.text.len().min(12)]),
            "{}: what was typed travels in the address",
            action.path
        );
        let again = browser.follow(answer).await.page();
        let holds = |form: &Form, name: &str, value: &str| {
            form.fields
                .iter()
                .any(|field| field.name == name && field.value == value)
        };
        let forms = again.forms_of(&action.url());
        let refused = forms
            .iter()
            .find(|again| holds(again, form.field, form.text))
            .unwrap_or_else(|| {
                panic!(
                    "{}: {location} does not show what was typed into {}",
                    action.path, form.field
                )
            });
        for (name, value) in &fields {
            let is_shown = of_form
                .fields
                .iter()
                .any(|field| field.name == *name && !field.label.is_empty());
            assert!(
                !is_shown || is_secret(name) || holds(refused, name, value),
                "{}: {location} does not show {value:?}, which was typed into {name}, but {:?}",
                action.path,
                refused.fields
            );
        }
        let said = refused
            .fields
            .iter()
            .any(|field| field.name == form.field && field.problem.is_some())
            || !again.alerts().is_empty();
        assert!(said, "{}: {location} does not say why", action.path);

        let other = world.otto.get(&location).await;
        assert!(
            !other.text().contains(form.text),
            "{}: somebody else reads what was typed",
            action.path
        );
    }
}

//! The three questions inside a form.

use leptos::{html::Textarea, prelude::*};

use super::words::{IN_THE_WAY, MISSING, MOST_USEFUL};
use crate::forms::view::TextAreaField;

/// The three fields, where a page wants to read them itself.
#[derive(Clone, Copy)]
pub struct Fields {
    most_useful: NodeRef<Textarea>,
    in_the_way: NodeRef<Textarea>,
    missing: NodeRef<Textarea>,
}

impl Fields {
    pub fn new() -> Self {
        Self {
            most_useful: NodeRef::new(),
            in_the_way: NodeRef::new(),
            missing: NodeRef::new(),
        }
    }

    /// The field that one begins with.
    pub fn first(self) -> NodeRef<Textarea> {
        self.most_useful
    }

    /// What is typed, in the order of the questions.
    pub fn typed(self) -> [String; 3] {
        self.all().map(|field| {
            let field = field.try_get_untracked().flatten();
            field.map(|field| field.value()).unwrap_or_default()
        })
    }

    pub fn clear(self) {
        for field in self.all() {
            if let Some(field) = field.try_get_untracked().flatten() {
                field.set_value("");
            }
        }
    }

    fn all(self) -> [NodeRef<Textarea>; 3] {
        [self.most_useful, self.in_the_way, self.missing]
    }
}

/// The fields for the answers, of which one is enough.
#[component]
pub fn Questions(fields: Fields) -> impl IntoView {
    view! {
        <TextAreaField
            label=MOST_USEFUL
            name="most_useful"
            rows=2
            node_ref=fields.most_useful
        />
        <TextAreaField label=IN_THE_WAY name="in_the_way" rows=2 node_ref=fields.in_the_way />
        <TextAreaField label=MISSING name="missing" rows=2 node_ref=fields.missing />
    }
}

/// Who reads it.
#[component]
pub fn Readers(
    /// The name of the team.
    #[prop(into)]
    team: String,
) -> impl IntoView {
    view! {
        <p class="muted">
            {format!("One answer is enough. The owners of {team} read it, with your name and the page you are on.")}
        </p>
    }
}

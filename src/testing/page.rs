//! What a person finds on a page, by the names that they see.

use scraper::{ElementRef, Html, Selector};

/// A page that was answered.
pub struct Page(Html);

/// A form on a page, as it would be sent now.
#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    pub fields: Vec<Field>,
}

/// A field of a form that would be sent.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    /// The accessible name; empty for a hidden field.
    pub label: String,
    pub value: String,
    /// Whether it is filled in by typing.
    pub is_typed: bool,
    /// The note below the field, when the field is marked as wrong.
    pub problem: Option<String>,
}

impl Page {
    pub fn parse(html: &str) -> Self {
        Self(Html::parse_document(html))
    }

    pub fn title(&self) -> String {
        self.texts("head title").concat()
    }

    /// The text of the page's one `h1`.
    #[track_caller]
    pub fn heading(&self) -> String {
        let headings = self.texts("h1");
        assert_eq!(headings.len(), 1, "a page has one h1: {headings:?}");
        headings.concat()
    }

    /// The texts of all elements that a CSS selector finds.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.find(selector).into_iter().map(text).collect()
    }

    /// The values of an attribute of all elements that a CSS selector finds.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        self.find(selector)
            .into_iter()
            .filter_map(|element| element.attr(name).map(str::to_owned))
            .collect()
    }

    /// Whether a text can be read in the body.
    pub fn shows(&self, words: &str) -> bool {
        self.texts("body").concat().contains(words)
    }

    /// What alerts say. One that says nothing is among them: none may stand there before there is something.
    pub fn alerts(&self) -> Vec<String> {
        self.texts("[role=alert]")
    }

    /// What status regions say. Those stand there also while they say nothing.
    pub fn statuses(&self) -> Vec<String> {
        self.texts("[role=status], output")
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect()
    }

    /// Where the link of this name leads to.
    pub fn link(&self, name: &str) -> Option<String> {
        self.find("a[href]")
            .into_iter()
            .find(|link| accessible_name(*link) == name)
            .and_then(|link| link.attr("href").map(str::to_owned))
    }

    /// Whether there is a button of this name.
    pub fn has_button(&self, name: &str) -> bool {
        self.find("button, summary, input[type=submit]")
            .into_iter()
            .any(|button| accessible_name(button) == name)
    }

    /// The value of the field of this name, in any form or outside of them.
    pub fn value(&self, label: &str) -> Option<String> {
        self.find("input, textarea, select")
            .into_iter()
            .find(|field| self.label(*field) == label)
            .map(value)
    }

    /// The first form with a button of this name.
    #[track_caller]
    pub fn form(&self, button: &str) -> Form {
        self.forms(button)
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("no form has a button {button:?}: {}", self.0.html()))
    }

    /// All forms with a button of this name, which may stand outside of its form and name it by `form=`.
    pub fn forms(&self, button: &str) -> Vec<Form> {
        self.find("button, input[type=submit]")
            .into_iter()
            .filter(|candidate| candidate.attr("type") != Some("button"))
            .filter(|candidate| accessible_name(*candidate) == button)
            .filter_map(|pressed| Some(self.as_sent(self.form_of(pressed)?, Some(pressed))))
            .collect()
    }

    fn form_of<'a>(&'a self, button: ElementRef<'a>) -> Option<ElementRef<'a>> {
        match button.attr("form") {
            Some(id) => self.find(&format!("form[id=\"{id}\"]")).into_iter().next(),
            None => button
                .ancestors()
                .filter_map(ElementRef::wrap)
                .find(|outer| outer.value().name() == "form"),
        }
    }

    /// All forms that post to this action.
    pub fn forms_of(&self, action: &str) -> Vec<Form> {
        self.find("form[method=post]")
            .into_iter()
            .filter(|form| form.attr("action") == Some(action))
            .map(|form| self.as_sent(form, None))
            .collect()
    }

    fn as_sent(&self, form: ElementRef<'_>, pressed: Option<ElementRef<'_>>) -> Form {
        let mut fields: Vec<Field> = form
            .select(&selector("input[name], textarea[name], select[name]"))
            .filter(|field| {
                let kind = field.attr("type").unwrap_or("text");
                let chosen =
                    !matches!(kind, "checkbox" | "radio") || field.attr("checked").is_some();
                chosen && kind != "submit" && field.attr("disabled").is_none()
            })
            .map(|field| Field {
                name: field.attr("name").unwrap_or_default().to_owned(),
                label: self.label(field),
                value: value(field),
                is_typed: is_typed(field),
                problem: self.problem(field),
            })
            .collect();
        if let Some((name, value)) =
            pressed.and_then(|button| button.attr("name").zip(button.attr("value")))
        {
            fields.push(Field {
                name: name.to_owned(),
                label: String::new(),
                value: value.to_owned(),
                is_typed: false,
                problem: None,
            });
        }
        Form {
            action: form.attr("action").unwrap_or_default().to_owned(),
            fields,
        }
    }

    fn problem(&self, field: ElementRef<'_>) -> Option<String> {
        field.attr("aria-invalid").filter(|it| *it == "true")?;
        let notes = field.attr("aria-describedby").unwrap_or_default();
        Some(
            notes
                .split_whitespace()
                .flat_map(|id| self.texts(&format!("[id=\"{id}\"]")))
                .collect(),
        )
    }

    fn label(&self, field: ElementRef<'_>) -> String {
        if let Some(name) = field.attr("aria-label") {
            return name.to_owned();
        }
        let id = field.attr("id").unwrap_or_default();
        self.texts(&format!("label[for=\"{id}\"]"))
            .into_iter()
            .next()
            .or_else(|| {
                field
                    .ancestors()
                    .filter_map(ElementRef::wrap)
                    .find(|outer| outer.value().name() == "label")
                    .map(text)
            })
            .unwrap_or_default()
    }

    fn find(&self, css: &str) -> Vec<ElementRef<'_>> {
        self.0.select(&selector(css)).collect()
    }
}

impl Form {
    /// The form with a field filled in, which is named by its label or, when hidden, by its name.
    #[track_caller]
    pub fn fill(mut self, name: &str, value: &str) -> Self {
        let labels: Vec<String> = self
            .fields
            .iter()
            .map(|field| field.label.clone())
            .collect();
        let field = self
            .fields
            .iter_mut()
            .find(|field| field.label == name || (field.label.is_empty() && field.name == name))
            .unwrap_or_else(|| panic!("the form has no field {name:?}, only {labels:?}"));
        value.clone_into(&mut field.value);
        self
    }

    /// The field of this label, or of this name when it is hidden.
    #[track_caller]
    pub fn field(&self, name: &str) -> &Field {
        self.fields
            .iter()
            .find(|field| field.label == name || (field.label.is_empty() && field.name == name))
            .unwrap_or_else(|| panic!("the form has no field {name:?}: {:?}", self.fields))
    }
}

fn accessible_name(element: ElementRef<'_>) -> String {
    match element.attr("aria-label").or(element.attr("value")) {
        Some(name) if text(element).is_empty() || element.attr("aria-label").is_some() => {
            name.to_owned()
        }
        _ => text(element),
    }
}

/// The text that can be read, with white space as it is shown.
fn text(element: ElementRef<'_>) -> String {
    let readable: String = element
        .descendants()
        .filter_map(|node| {
            let inside = node.parent().and_then(ElementRef::wrap);
            let hidden = inside.is_some_and(|inside| {
                matches!(inside.value().name(), "script" | "style" | "template")
            });
            node.value()
                .as_text()
                .filter(|_| !hidden)
                .map(|text| text.to_string())
        })
        .collect();
    readable.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_typed(field: ElementRef<'_>) -> bool {
    let kind = field.attr("type").unwrap_or("text");
    match field.value().name() {
        "input" => !matches!(kind, "hidden" | "checkbox" | "radio" | "file"),
        element => element == "textarea",
    }
}

fn value(field: ElementRef<'_>) -> String {
    match field.value().name() {
        // The parser has dropped a line end at its beginning, as browsers do.
        "textarea" => field.text().collect(),
        "select" => {
            let chosen = field.select(&selector("option[selected]")).next();
            chosen
                .or_else(|| field.select(&selector("option")).next())
                .map(|option| {
                    option
                        .attr("value")
                        .map_or_else(|| text(option), str::to_owned)
                })
                .unwrap_or_default()
        }
        _ => field.attr("value").unwrap_or_default().to_owned(),
    }
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|error| panic!("{css:?} is no selector: {error}"))
}

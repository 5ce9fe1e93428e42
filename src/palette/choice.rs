//! What can be chosen in the palette.

use std::sync::Arc;

/// One line of the palette.
#[derive(Clone)]
pub struct Choice {
    pub words: String,
    /// What tells it from others of the same words.
    pub beside: String,
    pub leads: Leads,
}

/// What happens when it is chosen.
#[derive(Clone)]
pub enum Leads {
    /// A page of the team.
    To(String),
    /// A page outside of it, which is loaded.
    Out(String),
    Does(Deed),
    /// A second choice.
    On(Step),
}

type Deed = Arc<dyn Fn() + Send + Sync>;
type FromText = Arc<dyn Fn(&str) -> Option<Choice> + Send + Sync>;

/// The second choice of two: to whom, where to, until when.
#[derive(Clone)]
pub struct Step {
    pub choices: Vec<Choice>,
    /// What a text comes to that is none of the choices.
    pub typed: Option<FromText>,
}

/// Some choices below one heading.
#[derive(Clone)]
pub struct Group {
    pub name: String,
    pub choices: Vec<Choice>,
}

impl Choice {
    pub fn to(words: impl Into<String>, beside: impl Into<String>, href: String) -> Self {
        Self {
            words: words.into(),
            beside: beside.into(),
            leads: Leads::To(href),
        }
    }

    pub fn does(words: impl Into<String>, deed: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            words: words.into(),
            beside: String::new(),
            leads: Leads::Does(Arc::new(deed)),
        }
    }

    /// The words end in `…`, because something is still to be said.
    pub fn step(words: impl Into<String>, choices: Vec<Self>) -> Self {
        Self {
            words: words.into(),
            beside: String::new(),
            leads: Leads::On(Step {
                choices,
                typed: None,
            }),
        }
    }

    /// A second choice that can be typed as well.
    pub fn typed(self, from_text: impl Fn(&str) -> Option<Self> + Send + Sync + 'static) -> Self {
        let leads = match self.leads {
            Leads::On(step) => Leads::On(Step {
                typed: Some(Arc::new(from_text)),
                ..step
            }),
            other => other,
        };
        Self { leads, ..self }
    }

    pub fn beside(self, beside: impl Into<String>) -> Self {
        Self {
            beside: beside.into(),
            ..self
        }
    }

    /// Whether it leads to the same page as another one.
    pub fn leads_as(&self, other: &Self) -> bool {
        matches!((&self.leads, &other.leads), (Leads::To(one), Leads::To(two)) if one == two)
    }

    /// What tells it from the other choices.
    pub fn id(&self) -> (&str, &str) {
        (&self.words, &self.beside)
    }
}

/// The choices with the second ones among them, each in one sentence: `Assign to Ana`.
pub fn in_one_step(choices: &[Choice]) -> Vec<Choice> {
    let mut all = Vec::new();
    for choice in choices {
        all.push(choice.clone());
        if let Leads::On(step) = &choice.leads {
            let begins = choice.words.trim_end_matches('…').trim_end();
            all.extend(step.choices.iter().map(|second| Choice {
                words: format!("{begins} {}", second.words),
                ..second.clone()
            }));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_choice_can_be_taken_in_one_sentence() {
        let people = vec![Choice::does("Ana", || {}), Choice::does("Nobody", || {})];
        let choices = [
            Choice::step("Assign to…", people),
            Choice::does("Delete", || {}),
        ];
        let all = in_one_step(&choices);
        let words: Vec<_> = all.iter().map(|choice| choice.words.as_str()).collect();
        assert_eq!(
            words,
            ["Assign to…", "Assign to Ana", "Assign to Nobody", "Delete"]
        );
    }
}

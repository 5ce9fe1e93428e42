//! Keys and what they do. Whoever listens to keys looks up what was pressed in a table of [`Binding`]s, and
//! what is told of keys is drawn from the same table.

use leptos::{ev::KeyboardEvent, prelude::*};

/// One key, with what is held down or was pressed before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Combo {
    /// As [`KeyboardEvent::key`] names it.
    key: &'static str,
    control: bool,
    alt: bool,
    shift: bool,
    after: Option<&'static str>,
}

/// A key alone.
pub const fn key(key: &'static str) -> Combo {
    Combo {
        key,
        control: false,
        alt: false,
        shift: false,
        after: None,
    }
}

impl Combo {
    /// With Ctrl, or with Cmd.
    pub const fn with_control(self) -> Self {
        Self {
            control: true,
            ..self
        }
    }

    pub const fn with_alt(self) -> Self {
        Self { alt: true, ..self }
    }

    /// With Shift. A character needs none: it is named as it is typed.
    pub const fn with_shift(self) -> Self {
        Self {
            shift: true,
            ..self
        }
    }

    /// After another key.
    pub const fn after(self, first: &'static str) -> Self {
        Self {
            after: Some(first),
            ..self
        }
    }

    /// What stands on the keys, in the order in which they are pressed.
    pub fn caps(self) -> Vec<&'static str> {
        let held = [
            (self.control, "Ctrl"),
            (self.alt, "Alt"),
            (self.shift, "Shift"),
        ];
        let held = held.into_iter().filter(|(is_held, _)| *is_held);
        let held = held.map(|(_, cap)| cap);
        let last = match self.key {
            "ArrowUp" => "↑",
            "ArrowDown" => "↓",
            "ArrowLeft" => "←",
            "ArrowRight" => "→",
            "Escape" => "Esc",
            " " => "Space",
            other => other,
        };
        self.after.into_iter().chain(held).chain([last]).collect()
    }
}

/// What some keys do, in one place.
pub struct Binding<A: 'static> {
    /// Each of them does it.
    pub keys: &'static [Combo],
    /// What they do, for people.
    pub words: &'static str,
    pub action: A,
    /// Whether only those may who may write.
    pub writes: bool,
}

/// Something that everybody may do by some keys.
pub const fn bind<A>(keys: &'static [Combo], words: &'static str, action: A) -> Binding<A> {
    Binding {
        keys,
        words,
        action,
        writes: false,
    }
}

impl<A: Copy> Binding<A> {
    /// Only for those who may write.
    pub const fn for_writers(self) -> Self {
        Self {
            writes: true,
            ..self
        }
    }
}

/// What was pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stroke {
    pub key: String,
    control: bool,
    alt: bool,
    shift: bool,
}

impl Stroke {
    pub fn of(event: &KeyboardEvent) -> Self {
        Self {
            key: event.key(),
            control: event.ctrl_key() || event.meta_key(),
            alt: event.alt_key(),
            shift: event.shift_key(),
        }
    }

    /// Whether it is a character, and not a key with a name.
    pub fn is_character(&self) -> bool {
        !self.control && !self.alt && self.key.chars().count() == 1
    }

    fn is(&self, combo: &Combo, after: Option<&str>) -> bool {
        // A character may need Shift on one keyboard and not on another.
        let shift = combo.shift == self.shift || self.is_character();
        self.key == combo.key
            && (self.control, self.alt) == (combo.control, combo.alt)
            && shift
            && combo.after == after
    }
}

/// What a key does by a table, for somebody who may write or not. `after` is the key before, when it waits for
/// a second one.
pub fn find<A: Copy>(
    table: &[Binding<A>],
    stroke: &Stroke,
    after: Option<&str>,
    may_write: bool,
) -> Option<A> {
    let mut found = table.iter().filter(|binding| {
        let mut keys = binding.keys.iter();
        keys.any(|combo| stroke.is(combo, after)) && (may_write || !binding.writes)
    });
    found.next().map(|binding| binding.action)
}

/// What a key does by a table of keys that are for everybody and wait for no second one. What writes a
/// character that is not finished yet does nothing.
pub fn pressed<A: Copy>(table: &[Binding<A>], event: &KeyboardEvent) -> Option<A> {
    if event.is_composing() {
        return None;
    }
    find(table, &Stroke::of(event), None, true)
}

/// One line of a list of keys.
pub struct KeyLine {
    pub keys: &'static [Combo],
    pub words: &'static str,
}

/// The lines of a table, as far as they are true for somebody who may write or not.
pub fn lines<A>(table: &'static [Binding<A>], may_write: bool) -> Vec<KeyLine> {
    let for_them = table.iter().filter(|binding| may_write || !binding.writes);
    let line = |binding: &'static Binding<A>| KeyLine {
        keys: binding.keys,
        words: binding.words,
    };
    for_them.map(line).collect()
}

/// Keys as they stand in a list.
pub fn caps_of(keys: &'static [Combo]) -> impl IntoView {
    keys.iter()
        .enumerate()
        .map(|(index, combo)| {
            view! {
                {(index > 0).then_some(" or ")}
                <span class="combo">
                    {combo.caps().into_iter().map(|cap| view! { <kbd>{cap}</kbd> " " }).collect_view()}
                </span>
            }
        })
        .collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Act {
        Go,
        Ask,
        Down,
        Grow,
        Cut,
    }

    const TABLE: &[Binding<Act>] = &[
        bind(&[key("n").after("g")], "", Act::Go),
        bind(&[key("?")], "", Act::Ask),
        bind(&[key("ArrowDown"), key("j")], "", Act::Down),
        bind(&[key("ArrowDown").with_shift()], "", Act::Grow),
        bind(&[key("x").with_control()], "", Act::Cut).for_writers(),
    ];

    fn stroke(key: &str, held: &str) -> Stroke {
        Stroke {
            key: key.to_owned(),
            control: held.contains('c'),
            alt: held.contains('a'),
            shift: held.contains('s'),
        }
    }

    #[test]
    fn a_key_does_what_its_table_says_and_any_other_does_nothing() {
        let does = |key, held| find(TABLE, &stroke(key, held), None, true);
        assert_eq!(does("j", ""), Some(Act::Down));
        assert_eq!(does("ArrowDown", ""), Some(Act::Down));
        assert_eq!(does("ArrowDown", "s"), Some(Act::Grow));
        assert_eq!(does("x", "c"), Some(Act::Cut));
        for (key, held) in [
            ("x", ""),
            ("j", "c"),
            ("j", "a"),
            ("J", "s"),
            ("ArrowDown", "a"),
            ("n", ""),
            ("q", ""),
        ] {
            assert_eq!(does(key, held), None, "{held} {key}");
        }
    }

    #[test]
    fn a_character_is_itself_with_and_without_shift() {
        assert_eq!(find(TABLE, &stroke("?", "s"), None, true), Some(Act::Ask));
        assert_eq!(find(TABLE, &stroke("?", ""), None, true), Some(Act::Ask));
    }

    #[test]
    fn a_second_key_is_one_only_after_its_first() {
        let after_g = |key| find(TABLE, &stroke(key, ""), Some("g"), true);
        assert_eq!(after_g("n"), Some(Act::Go));
        assert_eq!(after_g("j"), None);
    }

    #[test]
    fn what_writes_is_neither_done_by_nor_told_to_readers() {
        assert_eq!(find(TABLE, &stroke("x", "c"), None, false), None);
        assert_eq!(lines(TABLE, true).len(), lines(TABLE, false).len() + 1);
    }

    #[test]
    fn keys_are_shown_by_what_stands_on_them() {
        assert_eq!(key("n").after("g").caps(), ["g", "n"]);
        assert_eq!(key("ArrowUp").with_alt().caps(), ["Alt", "↑"]);
        assert_eq!(key("Enter").with_control().caps(), ["Ctrl", "Enter"]);
    }
}

//! A person as a small round sign: initials, and a colour that stays theirs.

use leptos::prelude::*;

/// How many colours `style/ui.css` knows.
const TINTS: u32 = 6;

/// The initials of a name in a circle. Decorative beside the name; alone it needs `alone`, which
/// makes the name what it is called.
#[component]
pub fn Avatar(#[prop(into)] name: String, #[prop(optional)] alone: bool) -> impl IntoView {
    let class = format!("avatar tint-{}", tint(&name));
    view! {
        <span
            class=class
            role=alone.then_some("img")
            aria-label=alone.then(|| name.clone())
            aria-hidden=(!alone).then_some("true")
            title=alone.then(|| name.clone())
        >
            {initials(&name)}
        </span>
    }
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).collect()
}

fn tint(name: &str) -> u32 {
    name.chars().fold(7_u32, |sum, letter| {
        sum.wrapping_mul(31).wrapping_add(u32::from(letter))
    }) % TINTS
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        assert_eq!(initials("Ana"), "A");
        assert_eq!(initials("Ana María Núñez"), "AN");
        assert_eq!(initials("  李 "), "李");
        assert_eq!(initials(""), "");
    }
}

//! A way back that outlives the element, and the page, on which it was made.

use leptos::prelude::*;

/// Makes what an announcement's Undo does. A callback made anywhere else ends with the element that was
/// pressed, which a claim or a deletion has just taken away.
pub fn lasting(undo: impl Fn() + Send + Sync + 'static) -> Callback<()> {
    let make = || Callback::new(move |()| undo());
    match outermost() {
        Some(owner) => owner.with(make),
        None => make(),
    }
}

fn outermost() -> Option<Owner> {
    let mut owner = Owner::current()?;
    while let Some(parent) = owner.parent() {
        owner = parent;
    }
    Some(owner)
}

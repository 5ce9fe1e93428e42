//! All keys: where they work and what they do there. The handlers act by these tables and the list that `?`
//! shows is drawn from them, so that it says what is so.
//!
//! To add a key: an action to the enum of its place, a line to the table of the place, and an arm to the
//! `match` of its handler, which does not compile without it. `keyboard.sheet.hydrate.spec.ts` wants a proof
//! for every line.

use crate::ui::keys::{Binding, KeyLine, bind, key, lines};

/// What keys do on every page of a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Everywhere {
    Palette,
    Search,
    Now,
    Mine,
    Boards,
    List,
}

/// The key that waits for a second one.
pub const FIRST: &str = "g";

pub const EVERYWHERE: &[Binding<Everywhere>] = &[
    bind(
        &[key("k").with_control()],
        "Go anywhere, do anything",
        Everywhere::Palette,
    ),
    bind(&[key("/")], "Search", Everywhere::Search),
    bind(&[key("n").after(FIRST)], "Go to Now", Everywhere::Now),
    bind(&[key("m").after(FIRST)], "Go to my tasks", Everywhere::Mine),
    bind(
        &[key("b").after(FIRST)],
        "Go to the boards",
        Everywhere::Boards,
    ),
    bind(&[key("?")], "Show these keys", Everywhere::List),
];

/// A way on the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
    Left,
    Right,
}

/// What keys do on a board. But for the first two they are about the card that has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnBoard {
    NewTask,
    Go(Way),
    Open,
    Edit,
    Move,
    Assign,
    Claim,
    Carry(Way),
    Select,
    Draw(Way),
    SelectColumn,
}

pub const ON_BOARD: &[Binding<OnBoard>] = &[
    bind(&[key("c")], "New task", OnBoard::NewTask).for_writers(),
    bind(
        &[key("ArrowDown"), key("j")],
        "Go to the card below",
        OnBoard::Go(Way::Down),
    ),
    bind(
        &[key("ArrowUp"), key("k")],
        "Go to the card above",
        OnBoard::Go(Way::Up),
    ),
    bind(
        &[key("ArrowLeft"), key("h")],
        "Go to the column before",
        OnBoard::Go(Way::Left),
    ),
    bind(
        &[key("ArrowRight"), key("l")],
        "Go to the column after",
        OnBoard::Go(Way::Right),
    ),
    bind(&[key("Enter")], "Open the task", OnBoard::Open),
    bind(&[key("e")], "Edit the task", OnBoard::Edit).for_writers(),
    bind(&[key("m")], "Move the task", OnBoard::Move).for_writers(),
    bind(&[key("a")], "Assign the task", OnBoard::Assign).for_writers(),
    bind(&[key("i")], "Claim the task", OnBoard::Claim).for_writers(),
    bind(
        &[key("ArrowUp").with_alt()],
        "Carry the card up",
        OnBoard::Carry(Way::Up),
    )
    .for_writers(),
    bind(
        &[key("ArrowDown").with_alt()],
        "Carry the card down",
        OnBoard::Carry(Way::Down),
    )
    .for_writers(),
    bind(
        &[key("ArrowLeft").with_alt()],
        "Carry the card to the column before",
        OnBoard::Carry(Way::Left),
    )
    .for_writers(),
    bind(
        &[key("ArrowRight").with_alt()],
        "Carry the card to the column after",
        OnBoard::Carry(Way::Right),
    )
    .for_writers(),
    bind(
        &[key("x")],
        "Select the task, or select it no more",
        OnBoard::Select,
    )
    .for_writers(),
    bind(
        &[key("ArrowUp").with_shift(), key("K")],
        "Select up to the card above",
        OnBoard::Draw(Way::Up),
    )
    .for_writers(),
    bind(
        &[key("ArrowDown").with_shift(), key("J")],
        "Select up to the card below",
        OnBoard::Draw(Way::Down),
    )
    .for_writers(),
    bind(
        &[key("a").with_control()],
        "Select the whole column",
        OnBoard::SelectColumn,
    )
    .for_writers(),
];

/// What keys do on a board with tasks selected, before what they do on a board. Moving and assigning is about
/// all of them where one of them has the focus, or no card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnSelected {
    Move,
    Assign,
    Offer,
    Clear,
}

pub const ON_SELECTED: &[Binding<OnSelected>] = &[
    bind(&[key("m")], "Move them", OnSelected::Move).for_writers(),
    bind(&[key("a")], "Assign them", OnSelected::Assign).for_writers(),
    bind(
        &[key(".")],
        "Go to what can be done with them",
        OnSelected::Offer,
    )
    .for_writers(),
    bind(&[key("Escape")], "Select nothing", OnSelected::Clear).for_writers(),
];

/// What keys do with a card that has the focus where cards can be dragged, once it is picked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrying {
    PickUp,
    PutDown,
    Go(Way),
    Leave,
}

pub const CARRYING: &[Binding<Carrying>] = &[
    bind(
        &[key(" ")],
        "Pick the card up, or put it down",
        Carrying::PickUp,
    ),
    bind(&[key("Enter")], "Put it down", Carrying::PutDown),
    bind(
        &[key("ArrowUp"), key("k")],
        "Take it up",
        Carrying::Go(Way::Up),
    ),
    bind(
        &[key("ArrowDown"), key("j")],
        "Take it down",
        Carrying::Go(Way::Down),
    ),
    bind(
        &[key("ArrowLeft"), key("h")],
        "Take it to the column before",
        Carrying::Go(Way::Left),
    ),
    bind(
        &[key("ArrowRight"), key("l")],
        "Take it to the column after",
        Carrying::Go(Way::Right),
    ),
    bind(&[key("Escape")], "Leave it where it was", Carrying::Leave),
];

/// What keys do on the page of a task, and in the panel over its board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnTask {
    Edit,
    Move,
    Assign,
    Claim,
    Back,
}

pub const ON_TASK: &[Binding<OnTask>] = &[
    bind(&[key("e")], "Edit the description", OnTask::Edit).for_writers(),
    bind(&[key("m")], "Choose another column", OnTask::Move).for_writers(),
    bind(&[key("a")], "Choose who has it", OnTask::Assign).for_writers(),
    bind(&[key("i")], "Claim it", OnTask::Claim).for_writers(),
    bind(
        &[key("Escape")],
        "Go back to the board beside it",
        OnTask::Back,
    ),
];

/// What keys do in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typing {
    Send,
    SendLine,
    Leave,
    IntoSimilar,
    OutOfSimilar,
}

pub const WHILE_TYPING: &[Binding<Typing>] = &[
    bind(
        &[key("Enter").with_control()],
        "Save the task, send the comment",
        Typing::Send,
    )
    .for_writers(),
    bind(
        &[key("Enter")],
        "In a title: save it, add the task",
        Typing::SendLine,
    )
    .for_writers(),
    bind(
        &[key("ArrowDown")],
        "In a title: go on to the similar tasks",
        Typing::IntoSimilar,
    )
    .for_writers(),
    bind(
        &[key("ArrowUp")],
        "Come back from the similar tasks",
        Typing::OutOfSimilar,
    )
    .for_writers(),
    bind(&[key("Escape")], "Leave the field", Typing::Leave),
];

/// What keys do in a menu, and where something else lies over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InMenu {
    Next,
    Previous,
    First,
    Last,
    Choose,
    Close,
    Leave,
}

pub const IN_MENU: &[Binding<InMenu>] = &[
    bind(&[key("ArrowDown")], "Go to the next", InMenu::Next),
    bind(&[key("ArrowUp")], "Go to the one before", InMenu::Previous),
    bind(&[key("Home")], "Go to the first", InMenu::First),
    bind(&[key("End")], "Go to the last", InMenu::Last),
    bind(&[key("Enter")], "Choose", InMenu::Choose),
    bind(&[key("Escape")], "Close it", InMenu::Close),
    bind(&[key("Tab")], "Leave the menu", InMenu::Leave),
];

/// What keys do in the command palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InPalette {
    Next,
    Previous,
    Choose,
    Leave,
    StepBack,
}

pub const IN_PALETTE: &[Binding<InPalette>] = &[
    bind(&[key("ArrowDown")], "Go to the next", InPalette::Next),
    bind(
        &[key("ArrowUp")],
        "Go to the one before",
        InPalette::Previous,
    ),
    bind(&[key("Enter")], "Choose", InPalette::Choose),
    bind(
        &[key("Backspace")],
        "With nothing typed: go a step back",
        InPalette::StepBack,
    ),
    bind(
        &[key("Escape")],
        "Go a step back, or close it",
        InPalette::Leave,
    ),
];

/// The list of all keys: each place, and what they do there for somebody who may write or not, and who can drag
/// cards on the page or not. A place where they can do nothing is left out.
pub fn places(may_write: bool, can_drag: bool) -> Vec<(&'static str, Vec<KeyLine>)> {
    let carrying = if can_drag { CARRYING } else { &[] };
    let mut places = vec![
        ("Everywhere", lines(EVERYWHERE, may_write)),
        ("On a board", lines(ON_BOARD, may_write)),
        ("With tasks selected", lines(ON_SELECTED, may_write)),
        ("With a card picked up", lines(carrying, may_write)),
        ("On a task", lines(ON_TASK, may_write)),
        ("While typing", lines(WHILE_TYPING, may_write)),
        ("In a menu", lines(IN_MENU, may_write)),
        ("In the palette", lines(IN_PALETTE, may_write)),
    ];
    places.retain(|(_, lines)| !lines.is_empty());
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_lines_of_one_place_have_the_same_key_or_the_same_words() {
        for (place, lines) in places(true, true) {
            let mut keys: Vec<_> = lines.iter().flat_map(|line| line.keys).collect();
            let mut words: Vec<_> = lines.iter().map(|line| line.words).collect();
            while let Some(key) = keys.pop() {
                assert!(!keys.contains(&key), "{place}: {:?} twice", key.caps());
            }
            while let Some(one) = words.pop() {
                assert!(!words.contains(&one), "{place}: “{one}” twice");
            }
        }
    }

    #[test]
    fn a_key_that_works_everywhere_does_nothing_else_on_a_page() {
        let on_pages = lines(ON_BOARD, true)
            .into_iter()
            .chain(lines(ON_SELECTED, true))
            .chain(lines(ON_TASK, true));
        let on_pages: Vec<_> = on_pages.flat_map(|line| line.keys).collect();
        for everywhere in lines(EVERYWHERE, true) {
            for key in everywhere.keys {
                assert!(!on_pages.contains(&key), "{:?}", key.caps());
            }
        }
        assert!(!on_pages.contains(&&key(FIRST)));
    }

    #[test]
    fn what_only_writers_may_is_not_listed_for_a_viewer() {
        let told = |may_write| {
            let lines = places(may_write, false)
                .into_iter()
                .flat_map(|(_, lines)| lines);
            lines.map(|line| line.words).collect::<Vec<_>>()
        };
        assert!(told(true).contains(&"Move the task"));
        assert!(!told(false).contains(&"Move the task"));
        assert!(told(false).contains(&"Open the task"));
        let is_told = |(place, _): &(&str, Vec<KeyLine>)| *place == "With tasks selected";
        assert!(places(true, false).iter().any(is_told));
        assert!(!places(false, false).iter().any(is_told));
    }
}

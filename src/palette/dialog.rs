//! The palette as people see it: a field, and below it a list in which the field's keys move.

use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    html,
    prelude::*,
};
use leptos_router::hooks::use_navigate;
use web_sys::Element;

use super::{
    choice::{Group, Leads},
    shown::Shown,
    use_palette,
};
use crate::{
    people::shell::keys::{
        opens_palette,
        table::{IN_PALETTE, InPalette},
    },
    search::model::MAX_QUERY,
    ui::{
        dom::{focus, target_of},
        keys::{Stroke, pressed},
        words::counted,
    },
};

/// The list, for the field that moves in it.
const LIST: &str = "palette-list";

/// The dialog of the palette. Without scripts there is nothing to see.
#[component]
pub fn PaletteDialog() -> impl IntoView {
    let palette = use_palette();
    let shown = Shown::new(palette);
    let dialog = NodeRef::<html::Dialog>::new();
    let field = NodeRef::<html::Input>::new();
    let navigate = use_navigate();
    Effect::new(move |_| {
        if palette.is_open.get() {
            shown.begin();
        }
    });
    // It is shown when its field has been drawn.
    Effect::new(move |_| {
        if let (Some(dialog), Some(field)) = (dialog.get_untracked(), field.get()) {
            if !dialog.open() {
                // It can fail only while it is open or not in the document.
                let _ = dialog.show_modal();
            }
            // Where it cannot be focused, the dialog has the focus.
            focus(&field);
        }
    });
    Effect::new(move |_| {
        if let Some(at) = shown.at.get() {
            request_animation_frame(move || keep_in_sight(at));
        }
    });
    let close = move || {
        shown.ask_no_more();
        if let Some(dialog) = dialog.get_untracked() {
            // The focus goes back to where it was.
            dialog.close();
        }
        palette.is_open.set(false);
    };
    let choose = move |index: usize| {
        let Some(choice) = shown.choice(index) else {
            return;
        };
        match choice.leads {
            Leads::On(step) => {
                shown.go_on(choice.words, step);
                if let Some(field) = field.get_untracked() {
                    // One goes on typing.
                    focus(&field);
                }
            }
            Leads::To(href) => {
                close();
                navigate(&href, Default::default());
            }
            Leads::Out(href) => {
                close();
                // An address of this site can be gone to.
                let _ = window().location().set_href(&href);
            }
            Leads::Does(deed) => {
                close();
                deed();
            }
        }
    };
    let choose_by_key = choose.clone();
    let keys = move |event: KeyboardEvent| {
        let at = shown.at.get_untracked().unwrap_or_default();
        let count = untrack(|| shown.count()).max(1);
        if opens_palette(&Stroke::of(&event)) {
            close();
        } else {
            match pressed(IN_PALETTE, &event) {
                Some(InPalette::Next) => shown.go_to((at + 1) % count),
                Some(InPalette::Previous) => shown.go_to((at + count - 1) % count),
                Some(InPalette::Choose) => choose_by_key(at),
                Some(InPalette::Leave) => {
                    if !shown.step_back() {
                        close();
                    }
                }
                Some(InPalette::StepBack) => {
                    if !shown.typed.with_untracked(String::is_empty) || !shown.step_back() {
                        return;
                    }
                }
                None => return,
            }
        }
        event.prevent_default();
        event.stop_propagation();
    };
    // The ground around the dialog is its own.
    let leave = move |event: MouseEvent| {
        let pressed = target_of::<Element>(&event);
        if pressed.is_some_and(|pressed| pressed.tag_name() == "DIALOG") {
            close();
        }
    };
    // It is told a moment later, when the dialog may be open again.
    let closed = move |_| {
        if !dialog.get_untracked().is_some_and(|dialog| dialog.open()) {
            palette.is_open.set(false);
        }
    };
    let inside = move || {
        view! { <Inside shown=shown field=field keys=keys.clone() choose=choose.clone() /> }
    };
    view! {
        <dialog
            class="palette"
            node_ref=dialog
            aria-label="Command palette"
            on:click=leave
            on:close=closed
        >
            <Show when=move || palette.is_open.get()>{inside.clone()}</Show>
        </dialog>
    }
}

#[component]
fn Inside(
    shown: Shown,
    field: NodeRef<html::Input>,
    keys: impl Fn(KeyboardEvent) + 'static,
    choose: impl Fn(usize) + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let step = Memo::new(move |_| {
        shown
            .steps
            .with(|steps| steps.last().map(|(name, _)| name.clone()))
    });
    let asks = move || {
        step.get()
            .unwrap_or_else(|| "Where to, or what to do?".to_owned())
    };
    let is_empty = Memo::new(move |_| shown.groups.with(Vec::is_empty));
    let count = move || match shown.count() {
        0 => String::new(),
        count => counted(count, "choice", "choices"),
    };
    let active = move || shown.at.get().map(option_id);
    let groups = move || {
        let mut before = 0;
        let groups = shown.groups.get().into_iter().map(|group| {
            let from = before;
            before += group.choices.len();
            view! { <GroupView shown=shown group=group from=from choose=choose.clone() /> }
        });
        groups.collect_view()
    };
    view! {
        <input
            node_ref=field
            type="text"
            class="palette-field"
            role="combobox"
            aria-label=asks
            aria-autocomplete="list"
            aria-controls=LIST
            aria-expanded=move || (!is_empty.get()).to_string()
            aria-activedescendant=active
            placeholder=asks
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            maxlength=MAX_QUERY
            prop:value=shown.typed
            on:input=move |event| shown.type_in(event_target_value(&event))
            on:keydown=keys
        />
        <p class="visually-hidden" aria-live="polite">
            {count}
        </p>
        <div
            id=LIST
            class="palette-list"
            role="listbox"
            aria-label="Choices"
            // The field keeps the focus.
            on:mousedown=|event| event.prevent_default()
        >
            {groups}
        </div>
        {move || is_empty.get().then(|| view! { <p class="palette-empty muted">"Nothing fits."</p> })}
    }
}

#[component]
fn GroupView(
    shown: Shown,
    group: Group,
    /// How many choices stand before it.
    from: usize,
    choose: impl Fn(usize) + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let options = group
        .choices
        .into_iter()
        .enumerate()
        .map(|(index, choice)| {
            let (index, choose) = (from + index, choose.clone());
            let is_active = move || shown.at.get() == Some(index);
            view! {
                <div
                    id=option_id(index)
                    role="option"
                    aria-selected=move || is_active().to_string()
                    on:click=move |_| choose(index)
                >
                    <span class="palette-words">{choice.words}</span>
                    <span class="palette-beside">{choice.beside}</span>
                </div>
            }
        });
    let heading = group.name.clone();
    view! {
        <div role="group" aria-label=group.name>
            <span class="palette-heading" aria-hidden="true">
                {heading}
            </span>
            {options.collect_view()}
        </div>
    }
}

fn option_id(index: usize) -> String {
    format!("palette-{index}")
}

/// Scrolls the list as far as it takes to see a choice.
fn keep_in_sight(at: usize) {
    let by_id = |id: &str| document().get_element_by_id(id);
    let (Some(list), Some(option)) = (by_id(LIST), by_id(&option_id(at))) else {
        return;
    };
    let (around, of) = (
        list.get_bounding_client_rect(),
        option.get_bounding_client_rect(),
    );
    // Above the first stands its heading.
    let top = if at == 0 { 0.0 } else { around.top() };
    let beyond = (of.bottom() - around.bottom()).max(0.0) + (of.top() - top).min(0.0);
    if at == 0 {
        list.set_scroll_top(0);
    } else if beyond != 0.0 {
        #[expect(clippy::cast_possible_truncation, reason = "a length on the screen")]
        list.set_scroll_top(list.scroll_top() + beyond as i32);
    }
}

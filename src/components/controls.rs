//! Buttons and menus.

use hustings_lab::Command;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{Dispatch, on_click};
use crate::session::Action;

/// Style and attributes of a button, beside its label. Empty strings are omitted.
#[derive(Clone, Copy, Default)]
pub(crate) struct ButtonStyle<'a> {
    pub class: &'static str,
    /// Accessible name, if it differs from the label.
    pub name: &'a str,
    /// Tooltip: more information, or why the button is disabled.
    pub hint: &'a str,
    /// Whether it is disabled.
    pub disabled: bool,
    /// Whether it has no effect now. Unlike a disabled button it keeps the focus.
    pub idle: bool,
}

impl ButtonStyle<'_> {
    /// A button with a text label.
    pub(crate) fn button(self, label: &str, onclick: Callback<MouseEvent>) -> Html {
        self.around(html! { { label.to_owned() } }, onclick)
    }

    /// A button around other content.
    pub(crate) fn around(self, label: Html, onclick: Callback<MouseEvent>) -> Html {
        html! {
            <button
                type="button"
                class={self.class}
                aria-label={non_empty(self.name)}
                title={non_empty(self.hint)}
                disabled={self.disabled}
                aria-disabled={self.idle.then_some("true")}
                {onclick}
            >
                { label }
            </button>
        }
    }
}

/// An attribute's value; `None` if it is empty.
fn non_empty(text: &str) -> Option<AttrValue> {
    (!text.is_empty()).then(|| text.to_owned().into())
}

/// A button with a label and a tooltip.
pub(crate) fn button(label: &str, hint: &str, onclick: Callback<MouseEvent>) -> Html {
    let style = ButtonStyle {
        hint,
        ..ButtonStyle::default()
    };
    style.button(label, onclick)
}

/// A button with an accessible name of its own.
pub(crate) fn named_button(label: &str, name: &str, onclick: Callback<MouseEvent>) -> Html {
    let style = ButtonStyle {
        name,
        ..ButtonStyle::default()
    };
    style.button(label, onclick)
}

/// A button with a symbol, whose name is also its tooltip.
pub(crate) fn sign_button(sign: &'static str, name: &str, onclick: Callback<MouseEvent>) -> Html {
    let style = ButtonStyle {
        name,
        hint: name,
        ..ButtonStyle::default()
    };
    style.button(sign, onclick)
}

/// A button for a command; disabled, with the reason as its tooltip, if `unavailable`.
pub(crate) fn command_button(
    dispatch: &Dispatch,
    command: Command,
    label: &str,
    unavailable: Option<&str>,
) -> Html {
    let onclick = on_click(dispatch, Action::Do(command));
    button_unless(unavailable, label, "", onclick)
}

/// A button with a label and a tooltip; disabled, with the reason as its tooltip, if
/// `unavailable`.
pub(crate) fn button_unless(
    unavailable: Option<&str>,
    label: &str,
    hint: &str,
    onclick: Callback<MouseEvent>,
) -> Html {
    let style = ButtonStyle {
        hint: unavailable.unwrap_or(hint),
        disabled: unavailable.is_some(),
        ..ButtonStyle::default()
    };
    style.button(label, onclick)
}

/// A menu. `name` is empty if a label names it; `chosen` is the index of the current
/// option, and `choose` gets the index of another one.
pub(crate) fn menu(
    name: &str,
    options: Vec<String>,
    chosen: usize,
    choose: Callback<usize>,
) -> Html {
    let onchange = Callback::from(move |event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        if let Ok(number) = select.selected_index().try_into() {
            choose.emit(number);
        }
    });
    html! {
        <select {onchange} aria-label={non_empty(name)}>
            { for options.into_iter().enumerate().map(|(number, option)| html! {
                <option value={number.to_string()} selected={number == chosen}>{ option }</option>
            }) }
        </select>
    }
}

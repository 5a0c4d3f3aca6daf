//! Buttons and menus. There are many, and few kinds of them.

use hustings_lab::Command;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{Dispatch, on_click};
use crate::session::Action;

/// What a button looks like and says, beside its label. What is empty it does not have.
#[derive(Clone, Copy, Default)]
pub(crate) struct Look<'a> {
    pub class: &'static str,
    /// What it is called where its label does not say it.
    pub name: &'a str,
    /// What more there is to know, or why it cannot be used.
    pub hint: &'a str,
    /// Whether it cannot be used.
    pub disabled: bool,
    /// Whether it would change nothing. It keeps the focus.
    pub idle: bool,
}

impl Look<'_> {
    /// A button that looks like this and says that.
    pub(crate) fn button(self, label: &str, onclick: Callback<MouseEvent>) -> Html {
        self.around(html! { { label.to_owned() } }, onclick)
    }

    /// A button that looks like this around something drawn.
    pub(crate) fn around(self, label: Html, onclick: Callback<MouseEvent>) -> Html {
        html! {
            <button
                type="button"
                class={self.class}
                aria-label={given(self.name)}
                title={given(self.hint)}
                disabled={self.disabled}
                aria-disabled={self.idle.then_some("true")}
                {onclick}
            >
                { label }
            </button>
        }
    }
}

/// What an attribute says, unless that is nothing.
fn given(text: &str) -> Option<AttrValue> {
    (!text.is_empty()).then(|| text.to_owned().into())
}

/// A button with what it says and, unless that is empty, what more there is to know.
pub(crate) fn button(label: &str, hint: &str, onclick: Callback<MouseEvent>) -> Html {
    let look = Look {
        hint,
        ..Look::default()
    };
    look.button(label, onclick)
}

/// A button of which one of many is called by its name.
pub(crate) fn named_button(label: &str, name: &str, onclick: Callback<MouseEvent>) -> Html {
    let look = Look {
        name,
        ..Look::default()
    };
    look.button(label, onclick)
}

/// A button with a sign, whose name says what it does.
pub(crate) fn sign_button(sign: &'static str, name: &str, onclick: Callback<MouseEvent>) -> Html {
    let look = Look {
        name,
        hint: name,
        ..Look::default()
    };
    look.button(sign, onclick)
}

/// A button for a command. One that would change nothing is greyed out and says
/// why.
pub(crate) fn command_button(
    dispatch: &Dispatch,
    command: Command,
    label: &str,
    unavailable: Option<&str>,
) -> Html {
    let look = Look {
        hint: unavailable.unwrap_or_default(),
        disabled: unavailable.is_some(),
        ..Look::default()
    };
    look.button(label, on_click(dispatch, Action::Do(command)))
}

/// A menu with its name, unless a label gives it one, and its options. The number of
/// the one that is chosen now is known, and that of another is passed on.
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
        <select {onchange} aria-label={given(name)}>
            { for options.into_iter().enumerate().map(|(number, option)| html! {
                <option value={number.to_string()} selected={number == chosen}>{ option }</option>
            }) }
        </select>
    }
}

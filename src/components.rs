//! What the page draws.

mod app;
mod buttons;
mod caption;
mod command_line;
mod dialog;
mod events;
mod glyphs;
mod inspector;
mod logs;
mod network;
mod stage;
mod timebar;
mod timeline;
mod toolbar;

pub use app::App;
pub(crate) use dialog::{Open, Opener};

use crate::browser;
use crate::session::{Action, Selection, Session};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// How components tell the session what the user did.
pub(crate) type Dispatch = UseReducerDispatcher<Session>;

/// Does what the user asked for. Who chooses something wants to see it, also where
/// there is room for one view only.
pub(crate) fn act(dispatch: &Dispatch, action: Action) {
    let chooses = matches!(&action, Action::Select(what) if *what != Selection::Nothing);
    dispatch.dispatch(action);
    if let Some(view) = browser::element::<HtmlInputElement>(INSPECTOR_VIEW).filter(|_| chooses) {
        view.set_checked(true);
    }
}

/// A callback that does one thing.
pub(crate) fn on_click<E>(dispatch: &Dispatch, action: Action) -> Callback<E> {
    let dispatch = dispatch.clone();
    Callback::from(move |_| act(&dispatch, action.clone()))
}

/// The id of the inspector.
const INSPECTOR: &str = "inspector";
/// The id of what shows it on a narrow screen.
const INSPECTOR_VIEW: &str = "view-inspector";

/// What a drawing does when it is activated like a button, by pointer or by key.
/// The keyboard goes on to the inspector, where there is more to do to it.
pub(crate) fn on_activate(
    dispatch: &Dispatch,
    action: Action,
) -> (Callback<MouseEvent>, Callback<KeyboardEvent>) {
    let onclick = on_click(dispatch, action.clone());
    let dispatch = dispatch.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            event.prevent_default();
            act(&dispatch, action.clone());
            browser::focus(INSPECTOR);
        }
    });
    (onclick, onkeydown)
}

//! What the page draws.

mod app;
mod caption;
mod command_line;
mod controls;
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

use std::rc::Rc;

use hustings_raft::NodeSet;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::browser;
use crate::session::{Action, Landmark, Selection, Session, Story};
use crate::settings::Settings;

/// What the page shows at one moment, and how the user changes it.
#[derive(Clone)]
pub(crate) struct Page {
    pub session: Session,
    pub story: Story,
    pub settings: Settings,
    pub open: Open,
    pub choices: Choices,
    pub dispatch: Dispatch,
    pub change: UseReducerDispatcher<Settings>,
    pub opener: Opener,
    pub chooser: UseStateSetter<Choices>,
}

/// What is half chosen, and can be lost without loss.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Choices {
    /// The first entry of the logs that is shown; `None` follows their end.
    pub first_entry: Option<u64>,
    /// One side of a partition.
    pub side: NodeSet,
    /// What is looked for.
    pub landmark: Landmark,
}

impl Page {
    /// A callback that chooses.
    fn choose<E>(&self, choices: Choices) -> Callback<E> {
        let chooser = self.chooser.clone();
        Callback::from(move |_| chooser.set(choices))
    }
}

/// The properties of a [`Part`].
#[derive(Properties)]
struct PartProps {
    page: Rc<Page>,
    same: fn(&Page, &Page) -> bool,
    draw: fn(&Page) -> Html,
}

impl PartialEq for PartProps {
    fn eq(&self, other: &Self) -> bool {
        (self.same)(&self.page, &other.page)
    }
}

/// A part of the page. It is drawn anew only when it is no longer the same.
#[component]
fn Part(props: &PartProps) -> Html {
    (props.draw)(&props.page)
}

fn part(page: &Rc<Page>, same: fn(&Page, &Page) -> bool, draw: fn(&Page) -> Html) -> Html {
    html! { <Part page={Rc::clone(page)} {same} {draw} /> }
}

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

//! The components of the page.

mod actions;
mod app;
mod beside;
mod caption;
mod code;
mod command_line;
mod condition_field;
mod controls;
mod diagram;
mod dialog;
mod editor;
mod events;
mod flaws;
mod glyphs;
mod inspector;
mod layout;
mod list;
mod logs;
mod mount;
mod network;
mod overview;
mod own_caption;
mod panel;
mod quiz;
mod rules_sheet;
mod script;
mod size;
mod stage;
mod story;
mod timebar;
mod timeline;
mod toolbar;

pub use app::App;
pub(crate) use code::open as open_code;
pub(crate) use dialog::{Open, Opener};
pub(crate) use events::SEARCH;
pub(crate) use script::open as open_script;
pub use size::measure_outline;
pub(crate) use story::{ACCOUNT, SEARCH as STORY_SEARCH};

use std::rc::Rc;

use hustings_raft::NodeSet;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::browser;
use crate::session::{Action, Landmark, RunView, Selection, Session};
use crate::settings::Settings;

/// Everything that components render, and the dispatchers that change it.
#[derive(Clone)]
pub(crate) struct Page {
    pub session: Session,
    pub run: RunView,
    pub settings: Settings,
    /// Whether the lessons' texts in Chinese are there.
    pub lessons: bool,
    pub open: Open,
    pub ui: UiState,
    pub dispatch: Dispatch,
    pub change: UseReducerDispatcher<Settings>,
    pub opener: Opener,
    pub ui_setter: UseStateSetter<UiState>,
}

/// Transient UI state.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct UiState {
    /// The first entry of the logs that is shown; `None` follows their end.
    pub first_entry: Option<u64>,
    /// One side of a partition.
    pub side: NodeSet,
    /// The kind of landmark that the time bar steps through.
    pub landmark: Landmark,
}

impl Page {
    /// A callback that sets the UI state.
    fn choose<E>(&self, ui: UiState) -> Callback<E> {
        let ui_setter = self.ui_setter.clone();
        Callback::from(move |_| ui_setter.set(ui))
    }
}

#[derive(Properties)]
struct PartProps {
    page: Rc<Page>,
    same: fn(&Page, &Page) -> bool,
    draw: fn(&Page) -> Html,
}

impl PartialEq for PartProps {
    fn eq(&self, other: &Self) -> bool {
        self.page.lessons == other.page.lessons && (self.same)(&self.page, &other.page)
    }
}

/// A part of the page; it is rendered again only when `same` is false.
#[component]
fn Part(props: &PartProps) -> Html {
    (props.draw)(&props.page)
}

fn part(page: &Rc<Page>, same: fn(&Page, &Page) -> bool, draw: fn(&Page) -> Html) -> Html {
    html! { <Part page={Rc::clone(page)} {same} {draw} /> }
}

/// Dispatches actions to the session.
pub(crate) type Dispatch = UseReducerDispatcher<Session>;

/// Dispatches an action of the user. Selecting something also shows its details on
/// narrow screens, which show one view at a time.
pub(crate) fn act(dispatch: &Dispatch, action: Action) {
    let shows = match &action {
        Action::Select(what) => *what != Selection::Nothing,
        Action::ShowCode(_) => true,
        _ => false,
    };
    dispatch.dispatch(action);
    if shows {
        show_panel();
    }
}

/// Shows the panel on narrow screens.
fn show_panel() {
    if let Some(view) = browser::element::<HtmlInputElement>(PANEL_VIEW) {
        view.set_checked(true);
    }
}

/// A callback that dispatches an action.
pub(crate) fn on_click<E>(dispatch: &Dispatch, action: Action) -> Callback<E> {
    let dispatch = dispatch.clone();
    Callback::from(move |_| act(&dispatch, action.clone()))
}

/// The id of the panel of events and details.
const PANEL: &str = "panel";
/// The id of the radio button that shows it on narrow screens.
const PANEL_VIEW: &str = "view-panel";
/// The id of the menu on the stage.
const MENU: &str = "stage-menu";

/// Handlers for what acts as a button without being one. After Enter or Space the focus goes
/// elsewhere, if that is wanted: on the stage to its menu, which has the actions for what was
/// selected.
pub(crate) fn on_activate(
    dispatch: &Dispatch,
    action: Action,
    then: Option<&'static str>,
) -> (Callback<MouseEvent>, Callback<KeyboardEvent>) {
    let onclick = on_click(dispatch, action.clone());
    let dispatch = dispatch.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            event.prevent_default();
            act(&dispatch, action.clone());
            if let Some(id) = then {
                browser::focus(id);
            }
        }
    });
    (onclick, onkeydown)
}

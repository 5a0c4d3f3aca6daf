//! Keys and what they do.

use gloo_events::{EventListener, EventListenerOptions};
use hustings_lab::{Command, Lab};
use hustings_raft::NodeId;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Event, HtmlElement};
use yew::prelude::*;

use crate::session::{Action, Selection, Session, leader};

/// The action of a key, if it has one here.
fn action_of(key: &str, session: &Session) -> Option<Action> {
    let lab = session.lab();
    let chosen = match session.selected() {
        Selection::Server(server) => Some(server),
        _ => None,
    };
    match key {
        " " => Some(Action::TogglePlay),
        "ArrowRight" | "PageDown" => Some(Action::Step),
        "h" | "H" => Some(Action::Do(Command::Heal)),
        "r" | "R" => leader(lab).or(chosen).map(Action::Request),
        "t" | "T" => Some(Action::Do(Command::Timeout {
            server: chosen?,
            timer: None,
        })),
        "c" | "C" => Some(Action::Do(crash_or_restart(lab, chosen?))),
        "i" | "I" => Some(Action::Do(Command::Isolate(chosen?))),
        "Escape" => Some(Action::Select(Selection::Nothing)),
        _ => {
            let server = key.parse().ok().and_then(NodeId::new)?;
            lab.server(server)?;
            Some(Action::Select(Selection::Server(server)))
        }
    }
}

/// Crashes a server that runs and restarts one that does not.
fn crash_or_restart(lab: &Lab, server: NodeId) -> Command {
    if lab.server(server).is_some_and(|server| server.is_up()) {
        Command::Crash(server)
    } else {
        Command::Restart(server)
    }
}

/// Listens for keys wherever the focus is, except where they mean something of
/// their own.
#[hook]
pub fn use_keyboard(session: UseReducerHandle<Session>) {
    let latest = use_mut_ref(|| session.clone());
    *latest.borrow_mut() = session;
    use_effect_with((), move |()| {
        let on_key = move |event: &KeyboardEvent| {
            let session = latest.borrow().clone();
            if let Some(action) = action_of(&event.key(), &session) {
                event.prevent_default();
                session.dispatch(action);
            }
        };
        let listeners = document().map(|document| listen(document, on_key));
        move || drop(listeners)
    });
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

fn listen(document: Document, on_key: impl Fn(&KeyboardEvent) + 'static) -> [EventListener; 3] {
    let options = EventListenerOptions::enable_prevent_default();
    let keys = EventListener::new_with_options(&document, "keydown", options, move |event| {
        if let Some(event) = event.dyn_ref::<KeyboardEvent>()
            && !takes_keys(event)
        {
            on_key(event);
        }
    });
    let clicks = EventListener::new(&document, "click", |event| {
        // A click without a pointer comes from the keyboard, which is there now.
        let by_pointer = event
            .dyn_ref::<MouseEvent>()
            .is_some_and(|click| click.detail() > 0);
        if by_pointer && target(event).is_some_and(|element| !takes_text(&element)) {
            give_focus_back();
        }
    });
    let choices = EventListener::new(&document, "change", |event| {
        if target(event).is_some_and(|element| element.tag_name() == "SELECT") {
            give_focus_back();
        }
    });
    [keys, clicks, choices]
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// Whoever has clicked or chosen does not want the next key to click or choose
/// again: the focus goes back to the page, and keys mean what they always do.
fn give_focus_back() {
    let focused = document().and_then(|document| document.active_element());
    if let Some(Ok(focused)) = focused.map(Element::dyn_into::<HtmlElement>) {
        // It fails only where there is no focus to take.
        let _ = focused.blur();
    }
}

/// Whether a key belongs to the element that has the focus, or to the browser.
fn takes_keys(event: &KeyboardEvent) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return true;
    }
    let Some(element) = target(event) else {
        return false;
    };
    let key = event.key();
    let activates = matches!(key.as_str(), " " | "Enter");
    match element.tag_name().as_str() {
        "BUTTON" => activates,
        "INPUT" if element.get_attribute("type").as_deref() == Some("range") => {
            key.starts_with("Arrow")
        }
        "INPUT" if !takes_text(&element) => activates,
        _ if takes_text(&element) => true,
        _ => activates && element.get_attribute("role").as_deref() == Some("button"),
    }
}

/// Whether an element is for typing or choosing with the keyboard.
fn takes_text(element: &Element) -> bool {
    match element.tag_name().as_str() {
        "INPUT" => !matches!(
            element.get_attribute("type").as_deref(),
            Some("checkbox" | "range")
        ),
        "SELECT" | "OPTION" | "TEXTAREA" => true,
        _ => false,
    }
}

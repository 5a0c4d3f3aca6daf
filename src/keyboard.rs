//! Keys and what they do.

use hustings_lab::{Command, Lab};
use hustings_raft::NodeId;
use wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::browser;
use crate::components::{Open, Opener, act};
use crate::focus::{is_dialog_open, takes_text, target};
use crate::session::{Action, Landmark, Selection, Session, leader, provoke};
use crate::share;

/// What a key does.
enum Does {
    /// Something to the session.
    Act(Action),
    /// Something opens.
    Open(Open),
    /// The address of the run goes to the clipboard.
    CopyLink,
}

/// What a key does, if it does something here.
fn meaning_of(key: &str, shift: bool, session: &Session) -> Option<Does> {
    let opened = match key {
        "/" => Open::CommandLine,
        "?" => Open::Help,
        "b" | "B" => Open::Breakpoints,
        "g" | "G" => Open::Gallery,
        "l" | "L" => return Some(Does::CopyLink),
        _ => return action_of(key, shift, session).map(Does::Act),
    };
    Some(Does::Open(opened))
}

/// The action of a key, if it has one here.
fn action_of(key: &str, shift: bool, session: &Session) -> Option<Action> {
    let lab = session.lab();
    let chosen = match session.selected() {
        Selection::Server(server) | Selection::Entry(server, _) => Some(server),
        _ => None,
    };
    match key {
        " " => Some(Action::TogglePlay),
        "ArrowRight" if shift => Some(Action::Next(Landmark::Election)),
        "ArrowLeft" if shift => Some(Action::Previous(Landmark::Election)),
        "ArrowRight" => Some(Action::Step),
        "ArrowLeft" => Some(Action::StepBack),
        "PageDown" => Some(forward(session)),
        "PageUp" => Some(back(session)),
        "." => Some(Action::TogglePlay),
        "Home" => Some(Action::Rewind),
        "End" => Some(Action::ToEnd),
        "u" | "U" => Some(if shift { Action::Redo } else { Action::Undo }),
        "h" | "H" => Some(Action::Do(Command::Heal)),
        "a" | "A" => Some(Action::DoAll(provoke::split_vote(lab))),
        "s" | "S" => Some(Action::DoAll(provoke::lone_candidate(lab))),
        "r" | "R" => leader(lab).or(chosen).map(Action::Request),
        "t" | "T" => Some(Action::Do(Command::Timeout {
            server: chosen?,
            timer: None,
        })),
        "c" | "C" => Some(Action::Do(crash_or_restart(lab, chosen?))),
        "p" | "P" => Some(Action::Do(pause_or_resume(lab, chosen?))),
        "i" | "I" => Some(Action::Do(Command::Isolate(chosen?))),
        "Escape" => Some(Action::Select(Selection::Nothing)),
        _ => {
            let server = key.parse().ok().and_then(NodeId::new)?;
            lab.server(server)?;
            Some(Action::Select(Selection::Server(server)))
        }
    }
}

/// A presenter's remote goes from caption to caption where there are some, and
/// from record to record where there are none.
fn forward(session: &Session) -> Action {
    match session.is_tour() {
        true => Action::Next(Landmark::Note),
        false => Action::Step,
    }
}

fn back(session: &Session) -> Action {
    match session.is_tour() {
        true => Action::Previous(Landmark::Note),
        false => Action::StepBack,
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

/// Pauses a server that goes on and lets one that is paused go on.
fn pause_or_resume(lab: &Lab, server: NodeId) -> Command {
    if lab.is_paused(server) {
        Command::Resume(server)
    } else {
        Command::Pause(server)
    }
}

/// Listens for keys wherever the focus is, except where they mean something of
/// their own.
pub(crate) fn listen(session: UseReducerHandle<Session>, opener: Opener) {
    browser::listen(browser::document(), "keydown", move |event| {
        if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
            // A copy knows the session as it is now, and keeps none that has been.
            on_key(event, &session.clone(), &opener);
        }
    });
}

fn on_key(event: &KeyboardEvent, session: &UseReducerHandle<Session>, opener: &Opener) {
    if takes_keys(event) {
        return;
    }
    let Some(meaning) = meaning_of(&event.key(), event.shift_key(), session) else {
        return;
    };
    event.prevent_default();
    match meaning {
        Does::Act(action) => act(&session.dispatcher(), action),
        Does::Open(what) => opener.open(what),
        Does::CopyLink => share::copy_link(session.lab(), session.dispatcher()),
    }
}

/// Whether a key belongs to the element that has the focus, or to the browser.
fn takes_keys(event: &KeyboardEvent) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return true;
    }
    // What is open over the page has its own keys, wherever the focus is.
    if is_dialog_open() {
        return true;
    }
    let Some(element) = target(event) else {
        return false;
    };
    let key = event.key();
    let activates = matches!(key.as_str(), " " | "Enter");
    match element.tag_name().as_str() {
        "BUTTON" => activates,
        "INPUT"
            if element
                .matches("[type=radio], [type=range]")
                .unwrap_or(false) =>
        {
            // Its named keys: arrows, Home and End, by page.
            key.len() > 1 && key != "Escape"
        }
        "INPUT" if !takes_text(&element) => activates,
        _ if takes_text(&element) => true,
        _ => activates && element.get_attribute("role").as_deref() == Some("button"),
    }
}

//! Keyboard shortcuts.

use std::cell::RefCell;

use gloo_timers::callback::Timeout;
use hustings_lab::{Command, Run};
use hustings_raft::NodeId;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::browser;
use crate::components::{Open, Opener, SEARCH, STORY_SEARCH, act, open_code, open_script};
use crate::focus::{is_dialog_open, move_to_region, takes_text, target};
use crate::session::{Action, Landmark, Selection, Session, StoryAction, leader, provoke};
use crate::{fill, share};

/// How many events of logs an arrow with Shift goes on.
const MANY: isize = 10;

/// The effect of a key.
enum KeyEffect {
    /// Dispatches an action.
    Act(Box<Action>),
    /// Opens a dialog or the command line.
    Open(Open),
    /// Copies a link to the run.
    CopyLink,
    /// Shows the script, or no longer.
    Script,
    /// Shows a server's program, or no longer.
    Code,
    /// Lets a panel fill the window, or brings the others back.
    Fill,
    /// Looks for words in the events of logs.
    FindEvents,
}

/// The effect of a key, if it has one.
fn effect_of(key: &str, shift: bool, session: &Session) -> Option<KeyEffect> {
    if session.shows_story() {
        return effect_on_story(key, shift, session);
    }
    if let Some(answer) = answer_of(key, session) {
        return Some(KeyEffect::Act(Box::new(Action::Guess(answer))));
    }
    let opened = match key {
        "/" => Open::CommandLine,
        "?" => Open::Help,
        "b" | "B" => Open::Breakpoints,
        "g" | "G" => Open::Gallery,
        "x" | "X" => Open::Find,
        "m" | "M" => Open::Sample,
        "n" | "N" => Open::Caption,
        "o" | "O" => Open::Logs,
        "e" | "E" => return Some(KeyEffect::Script),
        "d" | "D" => return Some(KeyEffect::Code),
        "f" | "F" => return Some(KeyEffect::Fill),
        "l" | "L" => return Some(KeyEffect::CopyLink),
        _ => {
            let action = action_of(key, shift, session)?;
            return Some(KeyEffect::Act(Box::new(action)));
        }
    };
    Some(KeyEffect::Open(opened))
}

/// The effect of a key while logs are shown.
fn effect_on_story(key: &str, shift: bool, session: &Session) -> Option<KeyEffect> {
    let is_of_lesson = session.story().is_some_and(|it| it.lesson().is_some());
    let action = match key {
        "u" | "U" if is_of_lesson => StoryAction::ToLesson,
        "ArrowRight" | "ArrowDown" if shift => StoryAction::Step(MANY),
        "ArrowLeft" | "ArrowUp" if shift => StoryAction::Step(-MANY),
        "ArrowRight" | "ArrowDown" | "PageDown" => StoryAction::Step(1),
        "ArrowLeft" | "ArrowUp" | "PageUp" => StoryAction::Step(-1),
        "Home" => StoryAction::First,
        "End" => StoryAction::Last,
        "Escape" => StoryAction::Show(false),
        "?" => return Some(KeyEffect::Open(Open::Help)),
        "o" | "O" => return Some(KeyEffect::Open(Open::Logs)),
        "l" | "L" => return Some(KeyEffect::Open(Open::Share)),
        "/" => return Some(KeyEffect::FindEvents),
        _ => return None,
    };
    Some(KeyEffect::Act(Box::new(Action::Story(action))))
}

/// The answer that a letter or a digit chooses while a question is open.
fn answer_of(key: &str, session: &Session) -> Option<usize> {
    let question = session.question()?;
    let is_it = |keys: &str| keys.find(key).filter(|_| key.len() == 1);
    let answer = is_it("abcd").or(is_it("ABCD")).or(is_it("1234"))?;
    (answer < question.answers.len()).then_some(answer)
}

/// The action of a key, if it has one.
fn action_of(key: &str, shift: bool, session: &Session) -> Option<Action> {
    let run = session.run();
    let selected = match session.selected() {
        Selection::Server(server) | Selection::Entry(server, _) => Some(server),
        _ => None,
    };
    let is_in_code = session.shows_code()
        && session.selected() == Selection::Nothing
        && session.beside().is_none();
    match key {
        " " => Some(Action::TogglePlay),
        "." if is_in_code => Some(Action::StepLine),
        "," if is_in_code => Some(Action::StepLineBack),
        "ArrowRight" if shift => Some(Action::Next(Landmark::Election)),
        "ArrowLeft" if shift => Some(Action::Previous(Landmark::Election)),
        "ArrowRight" => Some(Action::Step),
        "ArrowLeft" => Some(Action::StepBack),
        "PageDown" => Some(forward(session)),
        "PageUp" => Some(back(session)),
        "." => Some(Action::TogglePlay),
        "q" | "Q" => Some(Action::ToggleQuiz),
        "Home" => Some(Action::Rewind),
        "End" => Some(Action::ToEnd),
        "w" | "W" if session.beside().is_some() => Some(Action::GoToParting),
        "u" | "U" => Some(if shift { Action::Redo } else { Action::Undo }),
        "h" | "H" => Some(Action::Do(Command::Heal)),
        "a" | "A" => Some(Action::DoAll(provoke::split_vote(run))),
        "s" | "S" => Some(Action::DoAll(provoke::lone_candidate(run))),
        "r" | "R" => {
            let leads = |id: &NodeId| run.server(*id).is_some_and(|it| it.view().leads());
            let asked = selected.filter(leads).or_else(|| leader(run));
            asked.or(selected).map(Action::Request)
        }
        "t" | "T" => Some(Action::Do(Command::Timeout {
            server: selected?,
            timer: None,
        })),
        "c" | "C" => Some(Action::Do(crash_or_restart(run, selected?))),
        "p" | "P" => Some(Action::Do(pause_or_resume(run, selected?))),
        "i" | "I" => Some(Action::Do(Command::Isolate(selected?))),
        "Escape" if session.work().is_some() => Some(Action::StopWork),
        "Escape" if session.selected() == Selection::Nothing && session.beside().is_some() => {
            Some(Action::CloseBeside)
        }
        "Escape" if session.selected() == Selection::Nothing && session.shows_script() => {
            Some(Action::ToggleScript)
        }
        "Escape" if is_in_code => Some(Action::ToggleCode),
        "Escape" => Some(Action::Select(Selection::Nothing)),
        _ => {
            let server = key.parse().ok().and_then(NodeId::new)?;
            run.server(server)?;
            Some(Action::Select(Selection::Server(server)))
        }
    }
}

/// A presenter's remote (PageDown, PageUp) moves by captions if there are any, otherwise
/// by records.
fn forward(session: &Session) -> Action {
    if session.is_lesson() {
        Action::Next(Landmark::Note)
    } else {
        Action::Step
    }
}

fn back(session: &Session) -> Action {
    if session.is_lesson() {
        Action::Previous(Landmark::Note)
    } else {
        Action::StepBack
    }
}

/// Crashes a running server, restarts a crashed one.
fn crash_or_restart(run: &Run, server: NodeId) -> Command {
    if run.server(server).is_some_and(|server| server.is_up()) {
        Command::Crash(server)
    } else {
        Command::Restart(server)
    }
}

/// Pauses a server, or resumes a paused one.
fn pause_or_resume(run: &Run, server: NodeId) -> Command {
    if run.is_paused(server) {
        Command::Resume(server)
    } else {
        Command::Pause(server)
    }
}

/// Handles keys everywhere, except where the focused element uses them.
pub(crate) fn install_key_listener(session: UseReducerHandle<Session>, opener: Opener) {
    browser::listen(browser::document(), "keydown", move |event| {
        if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
            // A clone of the handle sees the current session.
            on_key(event, &session.clone(), &opener);
        }
    });
}

thread_local! {
    /// What was typed after the key that opens the gallery, before its search has the focus.
    static TYPED_AHEAD: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps a letter for the search that is about to open; returns whether it does.
fn types_ahead(key: &str) -> bool {
    TYPED_AHEAD.with_borrow_mut(|typed| match typed {
        Some(typed) if key.chars().count() == 1 => {
            typed.push_str(key);
            true
        }
        _ => false,
    })
}

/// What was typed for the search before it had the focus.
pub(crate) fn take_typed_ahead() -> String {
    TYPED_AHEAD.take().unwrap_or_default()
}

fn on_key(event: &KeyboardEvent, session: &UseReducerHandle<Session>, opener: &Opener) {
    let finds = event.key() == "f" && (event.ctrl_key() || event.meta_key());
    if finds && !is_dialog_open() {
        event.prevent_default();
        find(session);
        return;
    }
    // An open dialog handles its own keys, and the browser those with Ctrl, Meta and Alt.
    if is_dialog_open() || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    // Also from a field, which has no use for it.
    if event.key() == "F6" {
        event.prevent_default();
        move_to_region(event.shift_key());
        return;
    }
    if takes_keys(event) || types_ahead(&event.key()) {
        return;
    }
    if event.key() == "Escape" && session.work().is_none() && fill::restore() {
        return;
    }
    let Some(effect) = effect_of(&event.key(), event.shift_key(), session) else {
        return;
    };
    event.prevent_default();
    match effect {
        KeyEffect::Act(action) => act(&session.dispatcher(), *action),
        KeyEffect::Open(what) => {
            if what == Open::Gallery {
                TYPED_AHEAD.set(Some(String::new()));
            }
            opener.open(what);
        }
        KeyEffect::Script => open_script(&session.dispatcher()),
        KeyEffect::Code => open_code(&session.dispatcher()),
        KeyEffect::Fill => fill::toggle(),
        KeyEffect::FindEvents => find(session),
        KeyEffect::CopyLink => share::copy_link_to(session, session.dispatcher()),
    }
}

/// Shows the events, which may have made room for what is chosen, and moves to the search
/// field once it is there.
fn find(session: &UseReducerHandle<Session>) {
    let (view, field) = if session.shows_story() {
        ("view-story-events", STORY_SEARCH)
    } else {
        act(&session.dispatcher(), Action::Select(Selection::Nothing));
        ("view-panel", SEARCH)
    };
    if let Some(view) = browser::element::<HtmlInputElement>(view) {
        view.set_checked(true);
    }
    Timeout::new(0, move || {
        if let Some(field) = browser::element::<HtmlInputElement>(field) {
            let _ = field.focus();
            field.select();
        }
    })
    .forget();
}

/// Whether a key belongs to the element that has the focus.
fn takes_keys(event: &KeyboardEvent) -> bool {
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
            // Its named keys: arrows, Home, End, PageUp, PageDown.
            key.len() > 1 && key != "Escape"
        }
        "INPUT" if !takes_text(&element) => activates,
        _ if takes_text(&element) => true,
        _ => activates && element.get_attribute("role").as_deref() == Some("button"),
    }
}

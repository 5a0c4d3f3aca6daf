//! Playing scripts: from files, chosen or dropped on the page, and from the editor.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use hustings_lab::play::{Player, Slice};
use hustings_lab::script::{Mistake, Script, ScriptError};
use hustings_lab::{History, Run, Transcript};
use hustings_raft::Millis;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Event, File};
use yew::prelude::*;

use crate::browser;
use crate::i18n::{lang, texts};
use crate::session::{Action, Opened, PlayedRun, PlayedScript, Session};

type Dispatch = UseReducerDispatcher<Session>;

/// So much is played at a time, which takes a few milliseconds.
const SLICE: Slice = Slice {
    time: Millis(100),
    records: 2_000,
};

/// A script that is being played.
struct Opening {
    text: Rc<str>,
    script: Script,
    player: Player<History>,
    transcript: Transcript,
    at: Opened,
    dispatch: Dispatch,
}

impl Opening {
    /// Begins to play a script.
    ///
    /// # Errors
    ///
    /// The parse errors.
    fn of(text: Rc<str>, at: Opened, dispatch: &Dispatch) -> Result<Self, Vec<ScriptError>> {
        let script = Script::parse(&text)?;
        // A script that can be parsed has a valid header.
        let run = Run::new(script.header.clone()).unwrap_or_default();
        Ok(Self {
            text,
            player: Player::new(&script, History::new(run)),
            script,
            transcript: Transcript::default(),
            at,
            dispatch: dispatch.clone(),
        })
    }

    /// Plays on, with room for everything else in between.
    fn go_on(mut self) {
        let has_more = self.player.go_on(&self.script, SLICE);
        self.transcript.follow(self.player.run());
        if has_more {
            Timeout::new(0, || self.go_on()).forget();
        } else {
            self.show();
        }
    }

    /// Opens the run as far as it was played.
    fn show(self) {
        let outcome = self.player.outcome();
        let script = PlayedScript {
            text: self.text,
            failures: outcome.failures,
            expectations: outcome.expectations,
            lines: outcome.lines,
        };
        self.dispatch.dispatch(Action::OpenPlayed(PlayedRun {
            script: Rc::new(script),
            at: self.at,
            history: Rc::new(outcome.run),
            transcript: Rc::new(self.transcript),
        }));
    }
}

/// Plays the script in the editor.
pub(crate) fn play_text(text: Rc<str>, dispatch: &Dispatch) {
    match Opening::of(text, Opened::AtEnd, dispatch) {
        Ok(opening) => opening.go_on(),
        Err(errors) => dispatch.dispatch(Action::Refuse(first_of(&errors).into())),
    }
}

/// Opens a script from a file. One with errors is opened in the editor, unless it is
/// something else than a script.
fn open_text(name: &str, text: &str, dispatch: &Dispatch) {
    // Some editors add a byte order mark, and lines end otherwise on other systems.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let text: Rc<str> = text.into();
    let errors = match Opening::of(Rc::clone(&text), Opened::AtStart, dispatch) {
        Ok(opening) => return opening.go_on(),
        Err(errors) => errors,
    };
    let is_script = |it: &ScriptError| !matches!(it.mistake, Mistake::NoScript { .. });
    if errors.iter().all(is_script) {
        dispatch.dispatch(Action::OpenDraft(text));
    }
    let why = texts().of_which(name, first_of(&errors));
    dispatch.dispatch(Action::Refuse(why.into()));
}

/// The first of the errors, and how many there are.
fn first_of(errors: &[ScriptError]) -> String {
    let Some(first) = errors.first() else {
        return String::new();
    };
    let (line, column, advice) = (first.at.line, first.at.column, first.advice(lang()));
    match (&first.mistake, errors.len() - 1) {
        // What it starts with is in the sentence.
        (Mistake::NoScript { .. }, _) => advice,
        (_, 0) => texts().bad_script(line, column, advice),
        (_, more) => texts().bad_script_and_more(line, column, advice, more),
    }
}

/// Opens a script from a file.
pub fn open_file(file: &File, dispatch: Dispatch) {
    let name = file.name();
    if file.size() > Script::BYTES_MAX as f64 {
        let why = texts().of_which(name, texts().file_too_large());
        dispatch.dispatch(Action::Refuse(why.into()));
        return;
    }
    browser::read(file, move |text| match text {
        Some(text) => open_text(&name, &text, &dispatch),
        None => dispatch.dispatch(Action::Refuse(texts().file_unread().into())),
    });
}

/// Opens scripts that are dropped anywhere on the page.
pub fn install_drop_listener(dispatch: Dispatch) {
    browser::listen(browser::document(), "dragover", Event::prevent_default);
    browser::listen(browser::document(), "drop", move |event| {
        event.prevent_default();
        let drag = event.dyn_ref::<DragEvent>();
        let files = drag.and_then(DragEvent::data_transfer);
        let file = files.and_then(|it| it.files()).and_then(|it| it.get(0));
        if let Some(file) = file {
            open_file(&file, dispatch.clone());
        }
    });
}

//! Scripts from files: chosen, or dropped on the page.

use std::fmt::Display;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use hustings_lab::narrate::Tell;
use hustings_lab::play::{Failure, Fault, Player, Slice};
use hustings_lab::script::{Script, Span};
use hustings_lab::{History, Run, Transcript};
use hustings_raft::Millis;
use wasm_bindgen::JsCast;
use web_sys::{Blob, DragEvent, Event};
use yew::prelude::*;

use crate::browser;
use crate::i18n::{lang, texts};
use crate::library::library;
use crate::session::{Action, PlayedRun, Session};

type Dispatch = UseReducerDispatcher<Session>;

/// So much is played at a time, which takes a few milliseconds.
const SLICE: Slice = Slice {
    time: Millis(100),
    records: 2_000,
};

/// A script that is being played, to be opened as a tour.
struct Opening {
    script: Script,
    player: Player<History>,
    transcript: Transcript,
    dispatch: Dispatch,
}

impl Opening {
    /// Begins to play a script.
    ///
    /// # Errors
    ///
    /// The first parse error, with its place.
    fn of(text: &str, dispatch: &Dispatch) -> Result<Self, String> {
        let script = Script::parse_with(text, &*library()).map_err(|errors| {
            let first = errors.first();
            first.map_or_else(String::new, |it| located(it.at, it.advice(lang())))
        })?;
        let run = Run::new(script.header.clone()).map_err(|error| error.tell(lang()))?;
        Ok(Self {
            player: Player::new(&script, History::new(run)),
            script,
            transcript: Transcript::default(),
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

    /// Opens the run, with a notice for the first line that failed, unless a command was
    /// refused.
    fn show(self) {
        let outcome = self.player.outcome();
        let failed = |failure: &Failure| located(failure.at, failure.tell(lang())).into();
        let failures = || outcome.failures.iter();
        if let Some(refused) = failures().find(|it| it.fault.is_fatal()) {
            self.dispatch.dispatch(Action::Refuse(failed(refused)));
            return;
        }
        // Violations and goals are shown in the run itself.
        let is_shown =
            |it: &&Failure| matches!(it.fault, Fault::Violated(_) | Fault::GoalNotMet(_));
        let first = failures().find(|it| !is_shown(it));
        let notice = first.map(failed);
        self.dispatch.dispatch(Action::OpenPlayed(PlayedRun {
            history: Rc::new(outcome.run),
            transcript: Rc::new(self.transcript),
        }));
        if let Some(notice) = notice {
            self.dispatch.dispatch(Action::Notify(notice));
        }
    }
}

fn located(at: Span, why: impl Display) -> String {
    texts().bad_script(at.line, at.column, why)
}

/// Opens a script from a file.
pub fn open_file(file: &Blob, dispatch: Dispatch) {
    if file.size() > Script::BYTES_MAX as f64 {
        dispatch.dispatch(Action::Refuse(texts().file_too_large().into()));
        return;
    }
    browser::read(file, move |text| {
        let unread = || texts().file_unread().to_owned();
        let opening = text.ok_or_else(unread);
        match opening.and_then(|text| Opening::of(&text, &dispatch)) {
            Ok(opening) => opening.go_on(),
            Err(why) => dispatch.dispatch(Action::Refuse(why.into())),
        }
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

//! The search for runs, in a worker (`crate::worker`), which is started when it is first
//! wanted.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use hustings_lab::narrate::Tell;
use hustings_lab::{Run, Script};
use hustings_programs::wire::{from_bytes, to_bytes};
use hustings_search::wire::{Answer, Ask, Lesson, Stage, Wanted};
use yew::prelude::*;

use crate::i18n::{lang, texts};
use crate::programs::{for_script, library};
use crate::session::{Action, LoadedRun, Session, Source};
use crate::worker::{self, Helper};

type Dispatch = UseReducerDispatcher<Session>;

/// What the worker runs: the search, which samples, too.
pub(crate) const MODULE: &str = "hustings-searcher";

thread_local! {
    static SEARCHER: Helper = const {
        Helper {
            module: MODULE,
            speak,
            hear,
            fail,
            running: RefCell::new(None),
        }
    };
    /// The number of the latest search, and of the latest question what could happen next:
    /// answers to others are too late.
    static LATEST: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
}

/// What has a worker speak English, or Chinese, in which these are the texts.
pub(crate) fn speak(chinese: Option<String>) -> Vec<u8> {
    to_bytes(&Ask::Speak(chinese))
}

/// Starts the worker, unless it is there, and has it speak the page's language.
pub(crate) fn start(dispatch: &Dispatch) {
    worker::start(&SEARCHER, dispatch);
}

fn ask(ask: &Ask, dispatch: &Dispatch) {
    worker::ask(&SEARCHER, &to_bytes(ask), &[], dispatch);
}

/// Begins another search.
pub(crate) fn search(wanted: Wanted, dispatch: &Dispatch) {
    let (number, next) = LATEST.get();
    LATEST.set((number + 1, next));
    dispatch.dispatch(Action::Seek(Rc::new(wanted.clone())));
    ask(&Ask::Search(number + 1, wanted), dispatch);
}

/// Pauses the search, or has it go on.
pub(crate) fn pause(pauses: bool, dispatch: &Dispatch) {
    ask(if pauses { &Ask::Pause } else { &Ask::GoOn }, dispatch);
}

/// Stops the search with what it has found; one that does not answer is ended without.
pub(crate) fn stop(dispatch: &Dispatch) {
    worker::stop(&SEARCHER, &to_bytes(&Ask::Stop), dispatch, |dispatch| {
        dispatch.dispatch(Action::SearchFailed(texts().find_ended().into()));
    });
}

/// A run as a script from which a search can go on.
///
/// # Errors
///
/// Why there is none, in the user's language.
pub(crate) fn saved(run: &Run) -> Result<String, String> {
    match run.header().is_recording() {
        true => Err(texts().recording_only().to_owned()),
        false => Script::save(run).map_err(|error| error.tell(lang())),
    }
}

/// Asks what could happen next at the end of a run.
pub(crate) fn next(run: &Run, dispatch: &Dispatch) {
    let (search, number) = LATEST.get();
    LATEST.set((search, number + 1));
    match saved(run) {
        Ok(script) => ask(&Ask::Next(number + 1, script), dispatch),
        Err(why) => {
            let answer = Answer::Next(number + 1, Err(why));
            dispatch.dispatch(Action::Answered(Rc::new(answer)));
        }
    }
}

/// Opens what was found as a lesson, then does something.
pub(crate) fn open(lesson: &Lesson, dispatch: &Dispatch, then: impl FnOnce(&Dispatch) + 'static) {
    let (text, caption): (Rc<str>, _) = (lesson.script.as_str().into(), lesson.caption);
    let (to, script) = (dispatch.clone(), Rc::clone(&text));
    for_script(&text, dispatch, move || {
        match Script::parse_with(&script, &*library()) {
            Ok(read) => to.dispatch(Action::Open(LoadedRun {
                caption: Some(caption),
                ..LoadedRun::as_tour(read, Source::Search(script))
            })),
            Err(errors) => {
                let why = errors.first().map(|it| it.advice(lang()));
                return to.dispatch(Action::Refuse(why.unwrap_or_default().into()));
            }
        }
        then(&to);
    });
}

/// What a worker has answered.
pub(crate) fn answers(bytes: &[u8]) -> Vec<Answer> {
    from_bytes(bytes).unwrap_or_default()
}

/// Takes answers; returns whether a search is over with them.
fn hear(bytes: &[u8], dispatch: &Dispatch) -> bool {
    let (search, next) = LATEST.get();
    let is_late = |answer: &Answer| match answer {
        Answer::Search(number, _) => *number != search,
        Answer::Next(number, _) | Answer::Soon(number, _) => *number != next,
        _ => false,
    };
    let mut is_over = false;
    for answer in answers(bytes) {
        is_over |= matches!(answer, Answer::Search(_, Stage::Over(_)));
        if !is_late(&answer) {
            dispatch.dispatch(Action::Answered(Rc::new(answer)));
        }
    }
    is_over
}

fn fail(why: &str, dispatch: &Dispatch) {
    dispatch.dispatch(Action::SearchFailed(
        texts().find_failed(why).trim_end().into(),
    ));
}

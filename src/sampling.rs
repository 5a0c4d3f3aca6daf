//! Samples of many runs, in a worker of their own (`crate::worker`), so that a search goes on
//! beside them. It runs the module of the search.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use hustings_programs::wire::to_bytes;
use hustings_search::wire::sampling::{Stage, Wanted};
use hustings_search::wire::{Answer, Ask};
use yew::prelude::*;

use crate::browser;
use crate::i18n::texts;
use crate::searching;
use crate::session::{Action, Session};
use crate::worker::{self, Helper};

type Dispatch = UseReducerDispatcher<Session>;

thread_local! {
    static SAMPLER: Helper = const {
        Helper {
            module: searching::MODULE,
            speak: searching::speak,
            hear,
            fail,
            running: RefCell::new(None),
        }
    };
    /// The number of the latest sample: answers to others are too late.
    static LATEST: Cell<u32> = const { Cell::new(0) };
}

/// Starts the worker, unless it is there, and has it speak the page's language.
pub(crate) fn start(dispatch: &Dispatch) {
    worker::start(&SAMPLER, dispatch);
}

fn ask(ask: &Ask, dispatch: &Dispatch) {
    worker::ask(&SAMPLER, &to_bytes(ask), &[], dispatch);
}

/// Begins another sample.
pub(crate) fn sample(wanted: Wanted, dispatch: &Dispatch) {
    let number = LATEST.get() + 1;
    LATEST.set(number);
    dispatch.dispatch(Action::Sample(Rc::new(wanted.clone())));
    ask(&Ask::Sample(number, wanted), dispatch);
}

/// Stops the sample with what has come of it; one that does not answer is ended.
pub(crate) fn stop(dispatch: &Dispatch) {
    worker::stop(
        &SAMPLER,
        &to_bytes(&Ask::StopSample),
        dispatch,
        |dispatch| {
            dispatch.dispatch(Action::SampleFailed(texts().find_ended().into()));
        },
    );
}

/// Has a sample go on that was stopped.
pub(crate) fn go_on(dispatch: &Dispatch) {
    ask(&Ask::GoOnSampling, dispatch);
}

/// Opens one of its runs, of the settings at a place.
pub(crate) fn open(setting: usize, number: u32, dispatch: &Dispatch) {
    ask(&Ask::OpenRun(setting, number), dispatch);
}

/// Saves all of its runs as a file.
pub(crate) fn save(dispatch: &Dispatch) {
    ask(&Ask::Csv, dispatch);
}

/// Takes answers; returns whether a sample has stopped with them.
fn hear(bytes: &[u8], dispatch: &Dispatch) -> bool {
    let mut has_stopped = false;
    for answer in searching::answers(bytes) {
        match answer {
            Answer::Csv(text) => browser::save("hustings-sample.csv", "text/csv", &text),
            Answer::OpenedRun(Ok(lesson)) => searching::open(&lesson, dispatch, |_| {}),
            Answer::OpenedRun(Err(why)) => dispatch.dispatch(Action::Refuse(why.into())),
            Answer::Sample(number, _) if number != LATEST.get() => {}
            answer => {
                has_stopped |= matches!(&answer, Answer::Sample(_, stage) if !matches!(**stage, Stage::Going(_)));
                dispatch.dispatch(Action::Answered(Rc::new(answer)));
            }
        }
    }
    has_stopped
}

fn fail(why: &str, dispatch: &Dispatch) {
    let why = texts().find_failed(why);
    dispatch.dispatch(Action::SampleFailed(why.trim_end().into()));
}

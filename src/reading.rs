//! The reader of logs, in a worker (`crate::worker`), which is started when it is first wanted.
//! What is read stays there; the page has the story, in sentences and numbers.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use gloo_timers::callback::Timeout;
use hustings_lab::Script;
use hustings_logs::Micros;
use hustings_logs::shown::{Opened, Place};
use hustings_logs::wire::{Answer, Ask, Format};
use hustings_programs::wire::{from_bytes, to_bytes};
use js_sys::Array;
use web_sys::File;
use yew::prelude::*;

use crate::browser;
use crate::i18n::texts;
use crate::lesson_logs::LessonLogs;
use crate::session::{Action, LoadedRun, Session, Source, StoryAction};
use crate::worker::{self, Helper};

type Dispatch = UseReducerDispatcher<Session>;

/// The most that is read at once: the reader has it in memory, and what it makes of it.
const BYTES_MAX: f64 = 256e6;

thread_local! {
    static READER: Helper = const {
        Helper {
            module: "hustings-log-reader",
            speak: |chinese| to_bytes(&Ask::Speak(chinese)),
            hear,
            fail,
            running: RefCell::new(None),
        }
    };
    /// The number of the latest reading: answers to others are too late.
    static LATEST: Cell<u32> = const { Cell::new(0) };
}

fn ask(ask: &Ask, dispatch: &Dispatch) {
    worker::ask(&READER, &to_bytes(ask), &[], dispatch);
}

/// Reads files, and shows their story in place of the run.
pub(crate) fn read(files: &[File], dispatch: &Dispatch) {
    if files.is_empty() {
        return;
    }
    if files.iter().map(|it| it.size()).sum::<f64>() > BYTES_MAX {
        let most = (BYTES_MAX / 1e6) as u32;
        return dispatch.dispatch(Action::Refuse(texts().logs_too_large(most).into()));
    }
    let number = begin(None, dispatch);
    ask_to_read(number, files, dispatch);
}

/// Begins another reading, which is known by the number that is returned.
fn begin(lesson: Option<&'static LessonLogs>, dispatch: &Dispatch) -> u32 {
    let number = LATEST.get() + 1;
    LATEST.set(number);
    dispatch.dispatch(Action::Story(StoryAction::Begin(lesson)));
    number
}

fn ask_to_read(number: u32, files: &[File], dispatch: &Dispatch) {
    let names: Vec<Arc<str>> = files.iter().map(|it| it.name().into()).collect();
    let question = to_bytes(&Ask::Read(number, names));
    worker::ask(&READER, &question, files, dispatch);
}

/// Reads a text as if it were a file.
pub(crate) fn read_text(text: &str, dispatch: &Dispatch) {
    if let Some(file) = file_of(text, texts().logs_pasted()) {
        read(&[file], dispatch);
    }
}

fn file_of(text: &str, name: &str) -> Option<File> {
    File::new_with_str_sequence(&Array::of1(&text.into()), name).ok()
}

/// Reads the logs of a lesson, once they have been fetched.
pub(crate) fn read_lesson(logs: &'static LessonLogs, dispatch: &Dispatch) {
    let (number, to) = (begin(Some(logs), dispatch), dispatch.clone());
    logs.fetch(move |read| {
        // Others may have been opened meanwhile, or these closed.
        if number != LATEST.get() {
            return;
        }
        let files = read.and_then(|read| {
            let both = read.iter().zip(logs.names());
            both.map(|(text, name)| file_of(text, name))
                .collect::<Option<Vec<_>>>()
        });
        match files {
            Some(files) => ask_to_read(number, &files, &to),
            None => fail_with(texts().lesson_logs_failed(), &to),
        }
    });
}

/// Reads the same files again, with members of theirs that whoever reads has said.
pub(crate) fn assign(members: BTreeMap<u16, String>, dispatch: &Dispatch) {
    ask(&Ask::Assign(members), dispatch);
}

/// Looks for words in the lines of events.
pub(crate) fn find(words: &str, dispatch: &Dispatch) {
    ask(&Ask::Find(words.into()), dispatch);
}

/// Has what was read told in the page's language, if that has changed.
pub(crate) fn speak(dispatch: &Dispatch) {
    if worker::is_running(&READER) {
        worker::start(&READER, dispatch);
    }
}

/// Asks for a line and what stands around it.
pub(crate) fn line(place: Place, dispatch: &Dispatch) {
    ask(&Ask::Line(place), dispatch);
}

/// Saves what was read as a file.
pub(crate) fn export(format: Format, dispatch: &Dispatch) {
    ask(&Ask::Export(format), dispatch);
}

/// Opens a run of the laboratory from a moment on.
pub(crate) fn play_from(time: Micros, dispatch: &Dispatch) {
    ask(&Ask::PlayFrom(time), dispatch);
}

/// Closes the logs, or stops reading them. The reader goes, and what it has in memory with it.
pub(crate) fn close(dispatch: &Dispatch) {
    LATEST.set(LATEST.get() + 1);
    worker::end(&READER);
    dispatch.dispatch(Action::Story(StoryAction::Close));
}

/// Whether an answer is about what was read before.
fn is_late(answer: &Answer) -> bool {
    match answer {
        Answer::Going(number, _) | Answer::Read(number, _) => *number != LATEST.get(),
        _ => false,
    }
}

/// Takes an answer. It is never asked to stop: its worker is ended.
fn hear(bytes: &[u8], dispatch: &Dispatch) -> bool {
    let Ok(answer) = from_bytes::<Answer>(bytes) else {
        return false;
    };
    match answer {
        Answer::Exported(format, text) => save(format, &text),
        Answer::Opened(Ok(opened)) => open(opened, dispatch),
        Answer::Opened(Err(why)) => dispatch.dispatch(Action::Refuse(why.into())),
        answer => {
            let (answer, to) = (Rc::new(answer), dispatch.clone());
            // It is drawn in a task of its own: to have read it took long enough.
            Timeout::new(0, move || {
                if !is_late(&answer) {
                    to.dispatch(Action::Story(StoryAction::Answered(answer)));
                }
            })
            .forget();
        }
    }
    false
}

fn save(format: Format, text: &str) {
    let (name, kind) = match format {
        Format::Json => ("hustings-logs.ndjson", "application/x-ndjson"),
        Format::Csv => ("hustings-logs.csv", "text/csv"),
        Format::Svg => ("hustings-logs.svg", "image/svg+xml"),
    };
    browser::save(name, kind, text);
}

fn open(opened: Opened, dispatch: &Dispatch) {
    match Script::parse(&opened.script) {
        Ok(read) => {
            let text = opened.script.as_str().into();
            dispatch.dispatch(Action::Story(StoryAction::Played(Rc::new(opened))));
            let run = LoadedRun::at_end(read, Source::Logs(text));
            dispatch.dispatch(Action::Open(run));
        }
        Err(errors) => dispatch.dispatch(Action::Refuse(crate::files::first_of(&errors).into())),
    }
}

fn fail(why: &str, dispatch: &Dispatch) {
    fail_with(texts().logs_failed(why).trim_end(), dispatch);
}

fn fail_with(why: &str, dispatch: &Dispatch) {
    dispatch.dispatch(Action::Story(StoryAction::Fail(why.into())));
}

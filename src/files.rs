//! Playing scripts and recordings: from files, chosen or dropped on the page, and scripts from
//! the editor. Whatever else is dropped is taken for logs, of which alone there may be several.

use std::rc::Rc;

use hustings_lab::script::{Mistake, Script, ScriptError};
use hustings_programs::{RECORDING_BYTES_MAX, is_recording};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Event, File, FileList};
use yew::prelude::*;

use crate::browser;
use crate::i18n::{lang, texts};
use crate::programs::{for_script, library, load_for};
use crate::reading;
use crate::session::{Action, LoadedRun, Session, Source};

/// What of a file tells whether it is a recording, in bytes.
const BEGINNING_BYTES: u32 = 100;

type Dispatch = UseReducerDispatcher<Session>;

/// Plays the script in the editor.
pub(crate) fn play_text(text: Rc<str>, dispatch: &Dispatch) {
    let (script, to) = (Rc::clone(&text), dispatch.clone());
    for_script(&text, dispatch, move || play(script, &to));
}

fn play(text: Rc<str>, dispatch: &Dispatch) {
    let action = match Script::parse_with(&text, &*library()) {
        Ok(script) => Action::Open(LoadedRun::at_end(script, Source::Editor(text))),
        Err(errors) => Action::Refuse(first_of(&errors).into()),
    };
    dispatch.dispatch(action);
}

/// Opens a script from a file.
fn open_text(name: String, text: &str, dispatch: &Dispatch) {
    // Some editors add a byte order mark, and lines end otherwise on other systems.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let text: Rc<str> = text.into();
    let (script, to) = (Rc::clone(&text), dispatch.clone());
    for_script(&text, dispatch, move || open(&name, script, &to));
}

/// Opens a script. One with errors is opened in the editor, unless it is something else than
/// a script.
fn open(name: &str, text: Rc<str>, dispatch: &Dispatch) {
    let errors = match Script::parse_with(&text, &*library()) {
        Ok(script) => {
            let opened = LoadedRun::as_tour(script, Source::File(text));
            return dispatch.dispatch(Action::Open(opened));
        }
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
pub(crate) fn first_of(errors: &[ScriptError]) -> String {
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

/// Tells whether a file is a recording.
fn tell_recording(file: &File, then: impl FnOnce(bool) + 'static) {
    browser::read_beginning(file, BEGINNING_BYTES, move |beginning| {
        then(is_recording(&beginning.unwrap_or_default()));
    });
}

/// Opens a file if it is a recording; if not, something else is done with it.
pub(crate) fn if_recording(file: &File, dispatch: &Dispatch, otherwise: impl FnOnce() + 'static) {
    let (name, dispatch, whole) = (file.name(), dispatch.clone(), file.clone());
    tell_recording(file, move |is_recording| {
        if !is_recording {
            return otherwise();
        }
        let refuse = move |why: String| Action::Refuse(texts().of_which(&name, why).into());
        if whole.size() > RECORDING_BYTES_MAX as f64 {
            let why = texts().recording_too_long(RECORDING_BYTES_MAX >> 20);
            return dispatch.dispatch(refuse(why));
        }
        browser::read(&whole, move |text| {
            let Some(text) = text.map(Rc::from) else {
                return dispatch.dispatch(Action::Refuse(texts().file_unread().into()));
            };
            let to = dispatch.clone();
            load_for(&dispatch, move || {
                to.dispatch(LoadedRun::of_recording(&text).map_or_else(refuse, Action::Open));
            });
        });
    });
}

/// Opens a script or a recording from a file.
pub fn open_file(file: &File, dispatch: Dispatch) {
    let (script, to) = (file.clone(), dispatch.clone());
    if_recording(file, &dispatch, move || open_script(&script, to));
}

fn open_script(file: &File, dispatch: Dispatch) {
    let name = file.name();
    if file.size() > Script::BYTES_MAX as f64 {
        let why = texts().of_which(name, texts().file_too_large());
        dispatch.dispatch(Action::Refuse(why.into()));
        return;
    }
    browser::read(file, move |text| match text {
        Some(text) => open_text(name, &text, &dispatch),
        None => dispatch.dispatch(Action::Refuse(texts().file_unread().into())),
    });
}

/// Opens what is dropped anywhere on the page: a script, by the name of its file; a recording,
/// by its beginning; else logs.
pub fn install_drop_listener(dispatch: Dispatch) {
    browser::listen(browser::document(), "dragover", Event::prevent_default);
    browser::listen(browser::document(), "drop", move |event| {
        event.prevent_default();
        let drag = event.dyn_ref::<DragEvent>();
        let files = drag.and_then(DragEvent::data_transfer);
        let files = files.and_then(|it| it.files()).map(all).unwrap_or_default();
        match files.as_slice() {
            [] => {}
            [file] if is_named_script(file) => open_file(file, dispatch.clone()),
            [file] => {
                let (files, to) = (files.clone(), dispatch.clone());
                if_recording(file, &dispatch, move || reading::read(&files, &to));
            }
            _ => open_several(files, &dispatch),
        }
    });
}

fn is_named_script(file: &File) -> bool {
    file.name().ends_with(".hust")
}

/// Opens logs, unless a script is among them, or the first is a recording. A recording after
/// it is told of as a file that is no log.
fn open_several(files: Vec<File>, dispatch: &Dispatch) {
    let refuse = |name: String| Action::Refuse(texts().drops_alone(name).into());
    if let Some(script) = files.iter().find(|file| is_named_script(file)) {
        return dispatch.dispatch(refuse(script.name()));
    }
    let Some(first) = files.first() else {
        return;
    };
    let (name, dispatch) = (first.name(), dispatch.clone());
    let first = first.clone();
    tell_recording(&first, move |is_recording| {
        if is_recording {
            dispatch.dispatch(refuse(name));
        } else {
            reading::read(&files, &dispatch);
        }
    });
}

/// The files of a list.
pub(crate) fn all(files: FileList) -> Vec<File> {
    let places = 0..files.length();
    places.filter_map(|place| files.get(place)).collect()
}

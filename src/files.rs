//! Scripts from files: chosen, or dropped on the page.

use hustings_lab::narrate::Tell;
use hustings_lab::script::{Failure, Fault, Script, Span};
use wasm_bindgen::JsCast;
use web_sys::{Blob, DragEvent, Event};
use yew::prelude::*;

use crate::browser;
use crate::session::{Action, Opened, Session};
use crate::words::{lang, words};

type Dispatch = UseReducerDispatcher<Session>;

/// Plays a script and shows it as a tour. If a line did not come out as it
/// expects, the first such is told meanwhile.
///
/// # Errors
///
/// The first thing that is wrong with it, or the line that cannot be carried out,
/// with its place.
fn open(text: &str, dispatch: &Dispatch) -> Result<(), String> {
    let told = |at: Span, why| words().bad_script(at.line, at.column, why);
    let script = Script::parse(text).map_err(|errors| {
        let first = errors.first();
        first.map_or_else(String::new, |it| told(it.at, it.advice(lang())))
    })?;
    let outcome = script.run().map_err(|error| error.tell(lang()))?;
    let failed = |failure: &Failure| told(failure.at, failure.tell(lang()));
    let failures = || outcome.failures.iter();
    if let Some(refused) = failures().find(|it| it.fault.is_fatal()) {
        return Err(failed(refused));
    }
    dispatch.dispatch(Action::Open(Opened::as_tour(&outcome.lab)));
    // The page shows violations where they are.
    if let Some(first) = failures().find(|it| !matches!(it.fault, Fault::Violated(_))) {
        dispatch.dispatch(Action::Tell(failed(first).into()));
    }
    Ok(())
}

/// Reads a script from a file and shows it.
pub fn open_file(file: &Blob, dispatch: Dispatch) {
    if file.size() > Script::BYTES_MAX as f64 {
        dispatch.dispatch(Action::Refuse(words().file_too_large().into()));
        return;
    }
    browser::read(file, move |text| {
        let opened = match text {
            Some(text) => open(&text, &dispatch),
            None => Err(words().file_unread().to_owned()),
        };
        if let Err(why) = opened {
            dispatch.dispatch(Action::Refuse(why.into()));
        }
    });
}

/// Opens scripts that are dropped anywhere on the page.
pub fn listen(dispatch: Dispatch) {
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

//! Scripts from files: chosen, or dropped on the page.

use hustings_lab::narrate::Tell;
use hustings_lab::play::{Failure, Fault};
use hustings_lab::script::{Script, Span};
use wasm_bindgen::JsCast;
use web_sys::{Blob, DragEvent, Event};
use yew::prelude::*;

use crate::browser;
use crate::i18n::{lang, texts};
use crate::session::{Action, LoadedRun, Session};

type Dispatch = UseReducerDispatcher<Session>;

/// Runs a script and opens it as a tour, with a notice for the first line that failed.
///
/// # Errors
///
/// The first parse error, or the refused command, with its place.
fn open(text: &str, dispatch: &Dispatch) -> Result<(), String> {
    let located = |at: Span, why| texts().bad_script(at.line, at.column, why);
    let script = Script::parse(text).map_err(|errors| {
        let first = errors.first();
        first.map_or_else(String::new, |it| located(it.at, it.advice(lang())))
    })?;
    let outcome = script.run().map_err(|error| error.tell(lang()))?;
    let failed = |failure: &Failure| located(failure.at, failure.tell(lang()));
    let failures = || outcome.failures.iter();
    if let Some(refused) = failures().find(|it| it.fault.is_fatal()) {
        return Err(failed(refused));
    }
    dispatch.dispatch(Action::Open(LoadedRun::as_tour(&outcome.run)));
    // Violations and goals are shown in the run itself.
    let is_shown = |it: &&Failure| matches!(it.fault, Fault::Violated(_) | Fault::GoalNotMet(_));
    if let Some(first) = failures().find(|it| !is_shown(it)) {
        dispatch.dispatch(Action::Notify(failed(first).into()));
    }
    Ok(())
}

/// Opens a script from a file.
pub fn open_file(file: &Blob, dispatch: Dispatch) {
    if file.size() > Script::BYTES_MAX as f64 {
        dispatch.dispatch(Action::Refuse(texts().file_too_large().into()));
        return;
    }
    browser::read(file, move |text| {
        let opened = match text {
            Some(text) => open(&text, &dispatch),
            None => Err(texts().file_unread().to_owned()),
        };
        if let Err(why) = opened {
            dispatch.dispatch(Action::Refuse(why.into()));
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

//! Scripts from files: chosen, or dropped on the page.

use gloo_events::{EventListener, EventListenerOptions};
use hustings_lab::narrate::Tell;
use hustings_lab::script::Script;
use wasm_bindgen::JsCast;
use web_sys::{Blob, DragEvent};
use yew::prelude::*;

use crate::browser;
use crate::session::{Action, Opened, Session};
use crate::words::{lang, words};

type Dispatch = UseReducerDispatcher<Session>;

/// Plays a script and shows it as a tour.
///
/// # Errors
///
/// The first thing that is wrong with it, with its place; or the first line
/// that did not come out as it expects, which is told while the run is shown.
pub fn open(text: &str) -> Result<Action, String> {
    let script = Script::parse(text).map_err(|errors| {
        let first = errors.first();
        first.map_or_else(String::new, |error| {
            words().bad_script(error.at.line, error.at.column, error.advice(lang()))
        })
    })?;
    let outcome = script.run().map_err(|error| error.tell(lang()))?;
    Ok(Action::Open(Opened::as_tour(&outcome.lab)))
}

/// Reads a script from a file and shows it.
pub fn open_file(file: &Blob, dispatch: Dispatch) {
    if file.size() > Script::BYTES_MAX as f64 {
        dispatch.dispatch(Action::Refuse(words().file_too_large().into()));
        return;
    }
    browser::read(file, move |text| {
        let opened = match text {
            Some(text) => open(&text),
            None => Err(words().file_unread().to_owned()),
        };
        dispatch.dispatch(opened.unwrap_or_else(|why| Action::Refuse(why.into())));
    });
}

/// Opens scripts that are dropped anywhere on the page.
#[hook]
pub fn use_drop(dispatch: Dispatch) {
    use_effect_with((), move |()| {
        let listeners = browser::document().map(|document| {
            let options = EventListenerOptions::enable_prevent_default();
            let over = EventListener::new_with_options(&document, "dragover", options, |event| {
                event.prevent_default();
            });
            let dropped =
                EventListener::new_with_options(&document, "drop", options, move |event| {
                    event.prevent_default();
                    let drag = event.dyn_ref::<DragEvent>();
                    let files = drag.and_then(DragEvent::data_transfer);
                    let file = files.and_then(|it| it.files()).and_then(|it| it.get(0));
                    if let Some(file) = file {
                        open_file(&file, dispatch.clone());
                    }
                });
            (over, dropped)
        });
        move || drop(listeners)
    });
}

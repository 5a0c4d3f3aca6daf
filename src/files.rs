//! Scripts from files: chosen, or dropped on the page.

use hustings_lab::Script;
use wasm_bindgen::JsCast;
use web_sys::{Blob, DragEvent, Event};
use yew::prelude::*;

use crate::browser;
use crate::i18n::{lang, texts};
use crate::session::{Action, LoadedRun, Session, Source};

type Dispatch = UseReducerDispatcher<Session>;

/// The script in a file, to be opened as a tour.
fn read(text: &str) -> Result<LoadedRun, String> {
    let script = Script::parse(text).map_err(|errors| {
        let first = errors.first();
        first.map_or_else(String::new, |it| {
            texts().bad_script(it.at.line, it.at.column, it.advice(lang()))
        })
    })?;
    Ok(LoadedRun::as_tour(script, Source::File))
}

/// Opens a script from a file.
pub fn open_file(file: &Blob, dispatch: Dispatch) {
    if file.size() > Script::BYTES_MAX as f64 {
        dispatch.dispatch(Action::Refuse(texts().file_too_large().into()));
        return;
    }
    browser::read(file, move |text| {
        let unread = || texts().file_unread().to_owned();
        let opened = text.ok_or_else(unread).and_then(|text| read(&text));
        dispatch.dispatch(match opened {
            Ok(opened) => Action::Open(opened),
            Err(why) => Action::Refuse(why.into()),
        });
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

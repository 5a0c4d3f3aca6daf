//! Autosave: stores the run in the browser for the next visit.

use hustings_lab::{Run, Script};
use yew::prelude::*;

use crate::browser;
use crate::programs::library;
use crate::session::{LoadedRun, Session, Source};

/// Storage key.
const NAME: &str = "hustings.run";
/// Storage key of the script that was changed and not played.
const DRAFT: &str = "hustings.script";
/// While a run plays, it is saved once per this number of records.
const RECORDS_PER_SAVE: usize = 400;

/// The script of the last visit's run; empty if there is none.
pub fn text() -> String {
    browser::load(NAME).unwrap_or_default()
}

/// The run of the last visit; `None` if there is none or it cannot be read.
pub fn load() -> Option<LoadedRun> {
    let script = Script::parse_with(&text(), &*library()).ok()?;
    (!script.steps.is_empty()).then(|| LoadedRun::at_end(script, Source::LastVisit))
}

/// The changed script of the last visit.
pub fn load_script() -> Option<String> {
    browser::load(DRAFT).filter(|text| !text.is_empty())
}

/// Saves the run when it pauses, when another run or branch is shown, and while it plays.
#[hook]
pub fn use_autosave(session: &UseReducerHandle<Session>) {
    let records = session.run().records().len() / RECORDS_PER_SAVE;
    let run = session.run_view().branch();
    let now = session.clone();
    let state = (records, run, session.is_playing(), session.may_be_stored());
    use_effect_with(state, move |_| {
        // A run in which nothing has been done is what there is without one.
        if !now.run().commands().is_empty() || browser::load(NAME).is_some() {
            save(&now);
        }
    });
}

/// Saves the run when the page is left.
pub fn install_unload_listener(session: UseReducerHandle<Session>) {
    // A clone of the handle sees the current session.
    browser::listen(browser::window(), "pagehide", move |_| {
        save(&session.clone())
    });
}

/// Saves the run up to the current position. If it cannot be saved from there, saves the
/// whole branch.
fn save(session: &Session) {
    if !session.may_be_stored() {
        return;
    }
    let run = session.run_view();
    let saved = |run: &Run| Script::save(run).ok();
    if let Some(text) = saved(session.run()).or_else(|| saved(run.tip())) {
        browser::store(NAME, &text);
    }
    let draft = session.unplayed_script().map_or("", |text| text);
    // An empty text is not stored by a visit that has none and had none.
    if !draft.is_empty() || browser::load(DRAFT).is_some() {
        browser::store(DRAFT, draft);
    }
}

//! Autosave: stores the run in the browser for the next visit.

use hustings_lab::{Run, Script};
use yew::prelude::*;

use crate::browser;
use crate::library::library;
use crate::session::{LoadedRun, Session};

/// Storage key.
const NAME: &str = "hustings.run";
/// While a run plays, it is saved once per this number of records.
const RECORDS_PER_SAVE: usize = 400;

/// The run of the last visit; `None` if there is none or it cannot be read.
pub fn load() -> Option<LoadedRun> {
    let script = Script::parse_with(&browser::load(NAME)?, &*library()).ok()?;
    let run = script.run().ok()?.run;
    (!run.commands().is_empty()).then(|| LoadedRun::at_end(&run))
}

/// Saves the run when it pauses, when another run or branch is shown, and while it plays.
#[hook]
pub fn use_autosave(session: &UseReducerHandle<Session>) {
    let records = session.run().records().len() / RECORDS_PER_SAVE;
    let run = session.run_view().branch();
    let now = session.clone();
    use_effect_with((records, run, session.is_playing()), move |_| save(&now));
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
    let run = session.run_view();
    let saved = |run: &Run| Script::save(run).ok();
    if let Some(text) = saved(session.run()).or_else(|| saved(run.tip())) {
        browser::store(NAME, &text);
    }
}

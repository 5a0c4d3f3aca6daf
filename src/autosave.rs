//! Autosave: stores the run in the browser for the next visit.

use hustings_lab::{Run, Script};
use yew::prelude::*;

use crate::browser;
use crate::session::{LoadedRun, Session};

/// Storage key.
const NAME: &str = "hustings.run";
/// Storage key of the script that was changed and not played.
const DRAFT: &str = "hustings.script";
/// While a run plays, it is saved once per this number of records.
const RECORDS_PER_SAVE: usize = 400;

/// The run of the last visit; `None` if there is none or it cannot be read.
pub fn load() -> Option<LoadedRun> {
    let script = Script::parse(&browser::load(NAME)?).ok()?;
    let run = script.run().ok()?.run;
    (!run.commands().is_empty()).then(|| LoadedRun::at_end(&run))
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
    let draft = session.unplayed_script().map_or("", |text| text);
    // An empty text is not stored by a visit that has none and had none.
    if !draft.is_empty() || browser::load(DRAFT).is_some() {
        browser::store(DRAFT, draft);
    }
}

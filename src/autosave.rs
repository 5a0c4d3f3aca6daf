//! Autosave: stores in the browser what the next visit is to begin with: the runs with their
//! branches, and what was written and not played.

use std::rc::Rc;

use yew::prelude::*;

use crate::browser;
use crate::session::{Drafts, Session, StoredVisit};

/// Storage key of the runs.
const RUNS: &str = "hustings.run";
/// Storage key of the script that was changed and not played.
const SCRIPT: &str = "hustings.script";
/// Storage key of a script that was set aside.
const SET_ASIDE: &str = "hustings.script.aside";
/// Storage key of the changed source of a program, after a line with its name.
const CODE: &str = "hustings.code";
/// Storage key of the line on the command line.
const LINE: &str = "hustings.line";
/// Storage key of whether a sample was under way.
const SAMPLE: &str = "hustings.sample";
/// While a run plays, it is saved once per this number of records.
const RECORDS_PER_SAVE: usize = 400;

/// The runs of the last visit as text; empty if there are none.
pub fn text() -> String {
    browser::load(RUNS).unwrap_or_default()
}

/// The runs of the last visit; `None` if there are none.
pub fn load() -> Option<Rc<StoredVisit>> {
    let visit = StoredVisit::read(&text());
    (!visit.runs.is_empty() || visit.lost_recording).then(|| Rc::new(visit))
}

/// What was written in the last visit and not played.
pub fn load_drafts() -> Drafts {
    let load = |name| load_text(name).map(Rc::from);
    Drafts {
        script: load(SCRIPT),
        set_aside: load(SET_ASIDE),
        code: load_text(CODE).and_then(|text| {
            let (name, source) = text.split_once('\n')?;
            Some((name.into(), source.into()))
        }),
    }
}

/// The line of the last visit's command line.
pub fn load_line() -> Option<String> {
    load_text(LINE)
}

/// Stores the line on the command line; an empty one is none.
pub fn save_line(line: &str) {
    save_text(LINE, line);
}

/// Whether a sample was under way when the last visit ended.
pub fn had_sample() -> bool {
    load_text(SAMPLE).is_some()
}

/// Saves the runs when the shown one pauses, when another run or branch is shown, and while
/// it plays.
#[hook]
pub fn use_autosave(session: &UseReducerHandle<Session>) {
    let records = session.run().records().len() / RECORDS_PER_SAVE;
    let run = session.run_view().branch();
    let now = session.clone();
    let state = (records, run, session.is_playing(), session.may_be_stored());
    use_effect_with(state, move |_| {
        // A run in which nothing has been done is what there is without one.
        if !now.run().commands().is_empty() || browser::load(RUNS).is_some() {
            save(&now);
        }
    });
}

/// Saves the runs when the page is left.
pub fn install_unload_listener(session: UseReducerHandle<Session>) {
    // A clone of the handle sees the current session.
    browser::listen(browser::window(), "pagehide", move |_| {
        let now = session.clone();
        save(&now);
        let sample = if now.sampling().is_going() { "yes" } else { "" };
        save_text(SAMPLE, sample);
    });
}

/// Saves all that there is room for.
fn save(session: &Session) {
    if !session.may_be_stored() {
        return;
    }
    let mut bytes_max = StoredVisit::BYTES_MAX;
    // Even if there is no room for more than the shown branch.
    while !browser::store(RUNS, &session.stored(bytes_max).to_string()) && bytes_max > 0 {
        bytes_max /= 4;
    }
    let drafts = session.drafts();
    save_text(SCRIPT, drafts.script.as_deref().unwrap_or_default());
    save_text(SET_ASIDE, drafts.set_aside.as_deref().unwrap_or_default());
    let code = drafts
        .code
        .map(|(name, source)| format!("{name}\n{source}"));
    save_text(CODE, &code.unwrap_or_default());
}

fn load_text(name: &str) -> Option<String> {
    browser::load(name).filter(|text| !text.is_empty())
}

/// Stores a text. An empty one is not stored by a visit that has none and had none.
fn save_text(name: &str, text: &str) {
    if !text.is_empty() || browser::load(name).is_some() {
        browser::store(name, text);
    }
}

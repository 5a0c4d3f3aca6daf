//! The run of the last visit, kept in the browser.

use hustings_lab::{Lab, Script};
use yew::prelude::*;

use crate::browser;
use crate::session::{Opened, Session};

/// Where it is kept.
const NAME: &str = "hustings.run";
/// At least so many more records are kept at once while a run plays.
const RECORDS: usize = 400;

/// The run of the last visit; `None` if there is none or it cannot be read.
pub fn recall() -> Option<Opened> {
    let script = Script::parse(&browser::recall(NAME)?).ok()?;
    let lab = script.run().ok()?.lab;
    (!lab.commands().is_empty()).then(|| Opened::at_end(&lab))
}

/// Keeps the run whenever it stops or has grown by a good deal.
#[hook]
pub fn use_memory(session: &UseReducerHandle<Session>) {
    let records = session.lab().records().len() / RECORDS;
    let run = session.story().branch();
    let now = session.clone();
    use_effect_with((records, run, session.is_playing()), move |_| keep(&now));
}

/// Keeps the run when the page is left.
pub fn listen(session: UseReducerHandle<Session>) {
    // A copy knows the session as it is now, and keeps none that has been.
    browser::listen(browser::window(), "pagehide", move |_| {
        keep(&session.clone())
    });
}

/// Where the place that is looked at is too far into something long to be kept, the end
/// of its branch is.
fn keep(session: &Session) {
    let story = session.story();
    let saved = |lab: &Lab| Script::save(lab).ok();
    if let Some(text) = saved(session.lab()).or_else(|| saved(story.tip())) {
        browser::keep(NAME, &text);
    }
}

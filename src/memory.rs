//! The run of the last visit, kept in the browser.

use hustings_lab::link;
use yew::prelude::*;

use crate::browser;
use crate::session::{Opened, Session};

/// Where it is kept.
const NAME: &str = "hustings.run";
/// At least so many more records are kept at once while a run plays.
const RECORDS: usize = 400;

/// The run of the last visit; `None` if there is none or it cannot be read.
pub fn recall() -> Option<Opened> {
    let lab = link::follow(&browser::recall(NAME)?).ok()?;
    (!lab.commands().is_empty()).then(|| Opened::at_end(&lab))
}

/// Keeps the run whenever it stops, is left, or has grown by a good deal.
#[hook]
pub fn use_memory(session: &UseReducerHandle<Session>) {
    let records = session.lab().records().len() / RECORDS;
    let run = session.story().branch();
    let latest = use_mut_ref(|| session.clone());
    *latest.borrow_mut() = session.clone();
    let at_leave = latest.clone();
    use_effect_with((records, run, session.is_playing()), move |_| {
        keep(&latest.borrow());
    });
    use_effect_with((), move |()| {
        browser::listen(browser::window(), "pagehide", move |_| {
            keep(&at_leave.borrow())
        });
    });
}

/// A run that is too long for a link is not kept; the one before it stays.
fn keep(session: &Session) {
    if let Ok(text) = link::pack(session.lab()) {
        browser::keep(NAME, &text);
    }
}

//! Runs as links: to the clipboard, and from the address.

use hustings_lab::narrate::Tell;
use hustings_lab::{Lab, link};
use yew::prelude::*;

use crate::browser;
use crate::session::{Action, Opened, Session};
use crate::words::{lang, words};

/// Copies the address of the page with a run, and tells how that went.
pub fn copy_link(lab: &Lab, dispatch: UseReducerDispatcher<Session>) {
    let address = match link::pack(lab) {
        Ok(text) => browser::address_with(&text).unwrap_or_default(),
        Err(error) => return dispatch.dispatch(Action::Refuse(error.tell(lang()).into())),
    };
    browser::copy(&address.clone(), move |copied| {
        dispatch.dispatch(match copied {
            true => Action::Tell(words().link_copied().into()),
            // It can still be selected and copied by hand.
            false => Action::Tell(words().link_is(address).into()),
        });
    });
}

/// What to do for the link in the address; `None` if there is none.
pub fn linked() -> Option<Action> {
    let fragment = browser::fragment();
    if fragment.is_empty() {
        return None;
    }
    // A reload goes on where the user was, not where the link began.
    browser::forget_fragment();
    Some(match link::follow(&fragment) {
        Ok(lab) => Action::Open(Opened::at_end(&lab)),
        Err(error) => Action::Refuse(words().bad_link(error.tell(lang())).into()),
    })
}

/// Opens links that are put into the address while the page is open.
pub fn listen(dispatch: UseReducerDispatcher<Session>) {
    browser::listen(browser::window(), "hashchange", move |_| {
        if let Some(action) = linked() {
            dispatch.dispatch(action);
        }
    });
}

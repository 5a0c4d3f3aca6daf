//! Runs as links: to the clipboard, and from the address.

use gloo_events::EventListener;
use hustings_lab::link;
use hustings_lab::narrate::Tell;
use yew::prelude::*;

use crate::browser;
use crate::session::{Action, Opened, Session};
use crate::words::{lang, words};

/// Copies the address of the page with the run up to here.
pub fn copy_link(session: &UseReducerHandle<Session>) {
    let packed = session.link().map_err(|error| error.tell(lang()));
    copy_packed(packed, session.dispatcher());
}

/// Copies the address of the page with a run that is packed already, and tells
/// how that went.
pub fn copy_packed(packed: Result<String, String>, dispatch: UseReducerDispatcher<Session>) {
    let address = match packed {
        Ok(text) => browser::address_with(&text).unwrap_or_default(),
        Err(why) => return dispatch.dispatch(Action::Refuse(why.into())),
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
#[hook]
pub fn use_links(dispatch: UseReducerDispatcher<Session>) {
    use_effect_with((), move |()| {
        let listener = browser::window().map(|window| {
            EventListener::new(&window, "hashchange", move |_| {
                if let Some(action) = linked() {
                    dispatch.dispatch(action);
                }
            })
        });
        move || drop(listener)
    });
}

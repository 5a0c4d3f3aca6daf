//! Sharing runs as links.

use hustings_lab::narrate::Tell;
use hustings_lab::{Run, link};
use yew::prelude::*;

use crate::browser;
use crate::i18n::{lang, texts};
use crate::session::{Action, LoadedRun, Session};

/// Copies a link to a run, and shows the result as a notice.
pub fn copy_link(run: &Run, dispatch: UseReducerDispatcher<Session>) {
    let address = match link::pack(run) {
        Ok(text) => browser::address_with(&text).unwrap_or_default(),
        Err(error) => return dispatch.dispatch(Action::Refuse(error.tell(lang()).into())),
    };
    browser::copy(&address.clone(), move |copied| {
        let notice = if copied {
            texts().link_copied().into()
        } else {
            // The user can still select and copy it.
            texts().link_is(address).into()
        };
        dispatch.dispatch(Action::Notify(notice));
    });
}

/// The action that opens the link in the address; `None` if there is none.
pub fn open_link() -> Option<Action> {
    let fragment = browser::fragment();
    if fragment.is_empty() {
        return None;
    }
    browser::remove_fragment();
    Some(match link::follow(&fragment) {
        Ok(run) => Action::Open(LoadedRun::at_end(&run)),
        Err(error) => Action::Refuse(texts().bad_link(error.tell(lang())).into()),
    })
}

/// Opens links that are entered into the address while the page is open.
pub fn install_link_listener(dispatch: UseReducerDispatcher<Session>) {
    browser::listen(browser::window(), "hashchange", move |_| {
        if let Some(action) = open_link() {
            dispatch.dispatch(action);
        }
    });
}

//! Sharing runs as links.

use hustings_lab::link::LinkError;
use hustings_lab::narrate::Tell;
use hustings_lab::{Run, link};
use yew::prelude::*;

use crate::browser;
use crate::i18n::{lang, texts};
use crate::programs::{library, load_for};
use crate::session::{Action, LoadedRun, Session, Source};

/// Copies a link to what is shown: on the way through a lesson, to the whole of it, at the
/// caption that is shown; else, and at its end, to this moment.
pub fn copy_link_to(session: &Session, dispatch: UseReducerDispatcher<Session>) {
    match session.lesson() {
        Some(lesson) if !lesson.is_over => copy_lesson_link(session, dispatch),
        _ => copy_link(session.run(), dispatch),
    }
}

/// Copies a link to the lesson that is shown, which opens it at the same caption; if the
/// lesson is over, at the first.
pub fn copy_lesson_link(session: &Session, dispatch: UseReducerDispatcher<Session>) {
    let shown = session.lesson().filter(|lesson| !lesson.is_over);
    let caption = shown.map_or(1, |lesson| lesson.number.max(1));
    let packed = link::pack_lesson(session.run_view().tip(), caption, &*library());
    copy(packed, texts().lesson_link_copied(), dispatch);
}

/// Copies a link to a run, which is opened where it ends.
pub fn copy_link(run: &Run, dispatch: UseReducerDispatcher<Session>) {
    copy(
        link::pack(run, &*library()),
        texts().link_copied(),
        dispatch,
    );
}

/// Copies a link, and shows the result as a notice.
fn copy(
    packed: Result<String, LinkError>,
    told: &'static str,
    dispatch: UseReducerDispatcher<Session>,
) {
    let address = match packed {
        Ok(text) => browser::address_with(&text).unwrap_or_default(),
        Err(error) => return dispatch.dispatch(Action::Refuse(error.tell(lang()).into())),
    };
    browser::copy(&address.clone(), move |copied| {
        let notice = if copied {
            told.into()
        } else {
            // The user can still select and copy it.
            texts().link_is(address).into()
        };
        dispatch.dispatch(Action::Notify(notice));
    });
}

/// Whether the run of the link in the address, if there is one, has servers that run programs.
pub fn link_needs_programs() -> bool {
    link::needs_programs(&browser::fragment())
}

/// The action that opens the link in the address, if there is one, which is removed.
pub fn take_link() -> Option<Action> {
    let fragment = browser::fragment();
    if fragment.is_empty() {
        return None;
    }
    browser::remove_fragment();
    Some(follow(&fragment))
}

fn follow(fragment: &str) -> Action {
    match link::unpack_with(fragment, &*library()) {
        Ok(script) => Action::Open(LoadedRun {
            caption: link::caption(fragment),
            ..LoadedRun::at_end(script, Source::Link)
        }),
        Err(error) => Action::Refuse(texts().bad_link(error.tell(lang())).into()),
    }
}

/// Opens links that are entered into the address while the page is open.
pub fn install_link_listener(dispatch: UseReducerDispatcher<Session>) {
    browser::listen(browser::window(), "hashchange", move |_| {
        let to = dispatch.clone();
        let open = move || take_link().into_iter().for_each(|it| to.dispatch(it));
        if link_needs_programs() {
            load_for(&dispatch, open);
        } else {
            open();
        }
    });
}

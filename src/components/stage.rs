//! The servers in a ring, the links between them, the messages on their way.

mod geometry;
mod links;
mod messages;
mod servers;

use yew::prelude::*;

use self::geometry::Ring;
pub(super) use self::geometry::num;
use self::links::Links;
pub(super) use self::messages::fate;
use crate::session::Session;
use crate::words::words;

/// The properties of the [`Stage`].
#[derive(Properties)]
pub(crate) struct StageProps {
    pub session: UseReducerHandle<Session>,
}

/// The stage moves whenever time does, so it is drawn anew whenever the page is.
impl PartialEq for StageProps {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// The stage.
#[component]
pub(crate) fn Stage(props: &StageProps) -> Html {
    let session = &props.session;
    let dispatch = session.dispatcher();
    let ring = Ring::of(session.lab().ids().len());
    html! {
        <svg id="stage" viewBox={ring.view_box()} role="group" aria-label={words().cluster()}>
            <Links story={session.story()} selected={session.selected()} dispatch={dispatch.clone()} />
            { servers::draw(session, &dispatch, &ring) }
            { messages::draw(session, &dispatch, &ring) }
        </svg>
    }
}

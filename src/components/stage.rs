//! The stage: servers in a ring, links, messages in flight.

mod geometry;
mod links;
mod messages;
mod servers;

use std::rc::Rc;

use hustings_raft::NodeId;
use web_sys::Element;
use yew::prelude::*;

use self::geometry::{CENTRE, Point, Ring};
pub(super) use self::geometry::{num, path};
pub(super) use self::messages::outcome;
use super::network::move_to_group;
use super::{Page, part};
use crate::browser;
use crate::i18n::texts;
use crate::session::{Selection, Session};

/// Distance in pixels from which a pointer movement is a drag.
const DRAG: f64 = 4.0;

/// A server being dragged.
#[derive(Clone, Copy)]
pub(crate) struct Drag {
    server: NodeId,
    /// The pointer's first position, in pixels.
    from: (i32, i32),
    /// Distance moved, in units of the drawing.
    by: Point,
}

const ID: &str = "stage";

/// The stage. It is rendered at every tick.
pub(crate) fn draw(
    page: &Rc<Page>,
    session: &UseReducerHandle<Session>,
    drag: &UseStateHandle<Option<Drag>>,
) -> Html {
    let dispatch = session.dispatcher();
    let ring = Ring::of(session.run());
    let bounds = ring.bounds();
    let onpointerdown = {
        let (drag, session) = (drag.clone(), session.clone());
        Callback::from(move |event: PointerEvent| {
            if let Selection::Server(server) = session.hovered() {
                let from = (event.client_x(), event.client_y());
                let by = CENTRE;
                drag.set(Some(Drag { server, from, by }));
            }
        })
    };
    let onpointermove = {
        let drag = drag.clone();
        Callback::from(move |event: PointerEvent| {
            if let Some(held) = *drag {
                let by = moved(&event, held.from, bounds);
                drag.set(Some(Drag { by, ..held }));
            }
        })
    };
    let dragged = (**drag).map(|held| (held.server, ring.place(held.server) + held.by));
    // A shorter movement is a click.
    let dragged = dragged.filter(|(id, to)| (ring.place(*id) - *to).length() > ring.server * 0.5);
    let target = dragged.and_then(|(id, to)| ring.nearest_in_reach(id, to));
    let onpointerup = {
        let (drag, session) = (drag.clone(), session.clone());
        Callback::from(move |_: PointerEvent| {
            drag.set(None);
            if let Some((id, _)) = dragged {
                session.dispatch(move_to_group(session.run(), id, target));
            }
        })
    };
    let cancel = {
        let drag = drag.clone();
        Callback::from(move |_: PointerEvent| drag.set(None))
    };
    html! {
        <svg
            id={ID}
            viewBox={bounds.map(num).join(" ")}
            role="group"
            aria-label={texts().cluster()}
            {onpointerdown}
            {onpointermove}
            {onpointerup}
            onpointercancel={cancel.clone()}
            onpointerleave={cancel}
        >
            { part(page, links::same, links::draw) }
            if let (Some((_, here)), Some(other)) = (dragged, target.map(|id| ring.place(id))) {
                <line class="company" x1={num(here.x)} y1={num(here.y)} x2={num(other.x)} y2={num(other.y)} />
            }
            { servers::draw(session, &dispatch, &ring, dragged) }
            { messages::draw(session, &dispatch, &ring) }
        </svg>
    }
}

/// The distance of a drag, in units of the drawing. Captures the pointer once it drags.
fn moved(event: &PointerEvent, from: (i32, i32), [_, _, width, height]: [f64; 4]) -> Point {
    let by = Point {
        x: f64::from(event.client_x() - from.0),
        y: f64::from(event.client_y() - from.1),
    };
    let Some(drawing) = browser::element::<Element>(ID) else {
        return CENTRE;
    };
    if by.length() > DRAG {
        let _ = drawing.set_pointer_capture(event.pointer_id());
    }
    let shown = drawing.get_bounding_client_rect();
    by * (width / shown.width()).max(height / shown.height())
}

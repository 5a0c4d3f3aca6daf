//! The views of time: the overview of the whole run, and under it the diagram of a part.

mod layout;
mod steps;
mod times;
mod wheel;
mod window;

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use hustings_raft::Millis;
use web_sys::{Element, MouseEvent};
use yew::prelude::*;

pub(super) use self::layout::{Axis, Fold, Layout};
pub(super) use self::steps::steps;
pub(super) use self::times::{round_step, time_label};
pub(super) use self::wheel::{Wheel, use_wheel};
pub(super) use self::window::{View, Window};
use super::Page;
use super::diagram::{Rows, use_diagram};
use super::overview::use_overview;
use super::size::{Outlined, use_size};
use super::stage::Point;
use crate::browser;

#[derive(Properties)]
pub(crate) struct TimelineProps {
    pub page: Rc<Page>,
}

impl PartialEq for TimelineProps {
    fn eq(&self, other: &Self) -> bool {
        let (now, before) = (&self.page.session, &other.page.session);
        self.page.run == other.page.run
            && now.clock() == before.clock()
            && now.is_playing() == before.is_playing()
            && now.selected() == before.selected()
            && now.hovered() == before.hovered()
    }
}

/// What both views draw from.
pub(super) struct Shown {
    pub(super) page: Rc<Page>,
    pub(super) layout: Rc<RefCell<Layout>>,
    pub(super) window: UseStateHandle<Window>,
    pub(super) axis: UseStateHandle<Axis>,
    /// The part of the run that the diagram shows.
    pub(super) view: View,
    pub(super) rows: Rows,
    /// The place of the present.
    pub(super) now: f64,
    /// The place up to which anything is known: the end of the branch.
    pub(super) edge: f64,
    /// The drawing of the diagram.
    pub(super) node: NodeRef,
}

/// What the overview takes of the room for both, in pixels.
const OVERVIEW: f64 = 42.0;

/// Overview and diagram, with the zoom, the scroll position and the axis that they share.
#[component]
pub(crate) fn Timeline(props: &TimelineProps) -> Html {
    let page = &props.page;
    let layout = use_mut_ref(Layout::default);
    let node = use_node_ref();
    let room = use_node_ref();
    let height = use_size(&room, Point { x: 0.0, y: 0.0 }).y - OVERVIEW;
    let rows = Rows::within(height, page.run.ids().len());
    let width = use_width(&node, rows.height());
    let window = use_state(Window::default);
    let axis = use_state(Axis::default);
    use_fitting_axis(page, &axis);
    let is_whole = layout.borrow_mut().follow(&page.run, &axis);
    use_next_slice(is_whole);
    let (now, edge) = {
        let (layout, session) = (layout.borrow(), &page.session);
        let now = layout.present(page.run.records().len(), session.clock());
        let end = layout.x_at(page.run.tip().now().0 as f64);
        let is_past = session.is_in_past() || end > now;
        (now, if is_past { end } else { now })
    };
    let view = window.view(now, edge, *width);
    let shown = Shown {
        page: Rc::clone(page),
        layout,
        window,
        axis,
        view,
        rows,
        now,
        edge,
        node,
    };
    let overview = use_overview(&shown);
    let diagram = use_diagram(&shown);
    html! {
        <div id="diagram" class="timeline">
            <div class="room" ref={room} />
            { overview }
            { diagram }
        </div>
    }
}

/// Whether all of a run happens at one instant, as where every message is delivered by hand.
pub(super) fn is_timeless(page: &Page) -> bool {
    let (tip, servers) = (page.run.tip(), usize::from(page.run.ids().len()));
    tip.now() == Millis::ZERO && tip.records().len() > 2 * servers
}

/// A run that is opened and takes no time is drawn by event: to scale it would be a line. The next one that takes time is drawn to
/// scale again.
#[hook]
fn use_fitting_axis(page: &Rc<Page>, axis: &UseStateHandle<Axis>) {
    let was_timeless = use_mut_ref(|| false);
    let (page, axis) = (Rc::clone(page), axis.clone());
    use_effect_with(page.run.branch().0, move |_| {
        let is_timeless = is_timeless(&page);
        if was_timeless.replace(is_timeless) != is_timeless {
            axis.set(Axis {
                by_event: is_timeless,
                ..Axis::default()
            });
        }
    });
}

/// Renders again soon if the layout is not whole.
#[hook]
pub(super) fn use_next_slice(is_whole: bool) {
    let update = use_force_update();
    use_effect(move || {
        let next = (!is_whole).then(|| Timeout::new(0, move || update.force_update()));
        move || drop(next)
    });
}

/// Distance in pixels from which a pointer movement is a drag.
pub(super) const DRAG: f64 = 4.0;

/// Has a drawing get the events of a pointer until it is released, wherever that is.
pub(super) fn capture_pointer(event: &PointerEvent, id: &str) {
    if let Some(drawing) = browser::element::<Element>(id) {
        // A pointer that is gone cannot be captured.
        let _ = drawing.set_pointer_capture(event.pointer_id());
    }
}

/// The pointer's position in a drawing of this height.
pub(super) fn pointer_position(event: &MouseEvent, id: &str, height: f64) -> Option<(f64, f64)> {
    let shown = browser::element::<Element>(id)?.get_bounding_client_rect();
    let x = f64::from(event.client_x()) - shown.left();
    let y = f64::from(event.client_y()) - shown.top();
    // The style sheet may scale the drawing.
    let scale = height / shown.height();
    Some((x * scale, y * scale))
}

/// The size that the views have until they are measured, in pixels.
const GUESS: Point = Point { x: 1_000.0, y: 0.0 };

/// The width of a drawing of this height; measured again when the window is resized.
#[hook]
pub(super) fn use_width(node: &NodeRef, height: f64) -> UseStateHandle<f64> {
    let width = use_state_eq(|| Outlined::Timeline.size(GUESS).x);
    let (node, measured) = (node.clone(), width.clone());
    use_effect_with(height as u32, move |_| {
        let measure = move || {
            let shown = node
                .cast::<Element>()
                .map(|it| it.get_bounding_client_rect());
            // An element that is not displayed has no size.
            if let Some(shown) = shown.filter(|shown| shown.height() > 0.0) {
                measured.set(shown.width() * height / shown.height());
            }
        };
        measure();
        let listener = browser::window()
            .map(|window| EventListener::new(&window, "resize", move |_| measure()));
        move || drop(listener)
    });
    width
}

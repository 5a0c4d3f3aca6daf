//! The picture: a lane for each member over the time of day, with the votes that were asked for
//! and given, and the times without a leader.

use std::sync::Arc;

use hustings_logs::Micros;
use hustings_logs::shown::{EventId, Shown, ShownEvent};
use yew::prelude::*;

use super::super::Dispatch;
use super::super::controls::sign_button;
use super::super::diagram::{Rows, TOP};
use super::super::mount::mount;
use super::super::size::use_size;
use super::super::stage::{Point, num, path};
use super::super::timeline::{View, Wheel, Window, use_wheel, use_width};
use super::look::{across, time};
use super::pointer::use_handlers;
use super::{Told, arrows, axis, lanes, marks};
use crate::i18n::texts;

/// The id of the drawing.
pub(super) const ID: &str = "story";
/// The room after the end, in pixels.
const AFTER: f64 = 14.0;
/// The least and the most room for names, and that for a letter, in pixels.
const NAMES: (f64, f64) = (40.0, 150.0);
const LETTER: f64 = 8.2;
/// The width of a letter of a label, in pixels: at a desk, and in a lecture hall.
const LETTERS: (f64, f64) = (7.4, 10.6);
/// The share of the width that a stretch takes which is looked at.
const FRAMED: f64 = 0.3;
/// The least width of a stretch that is looked at, in pixels; a shorter one is shown larger.
const SEEN: f64 = 36.0;

#[derive(Properties)]
pub(super) struct PictureProps {
    pub(super) shown: Arc<Shown>,
    at: Option<EventId>,
    looked_at: (Option<(Micros, Micros)>, u32),
    /// Whether it is drawn for a lecture hall.
    projector: bool,
    pub(super) dispatch: Dispatch,
}

impl PartialEq for PictureProps {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shown, &other.shown)
            && self.at == other.at
            && self.looked_at == other.looked_at
            && self.projector == other.projector
    }
}

impl PictureProps {
    pub(super) fn of(told: &Told) -> Self {
        Self {
            shown: Arc::clone(told.shown),
            at: told.story.at(),
            looked_at: told.story.looked_at(),
            projector: told.page.settings.projector,
            dispatch: told.page.dispatch.clone(),
        }
    }

    /// The event that the story is at.
    fn event(&self) -> Option<&ShownEvent> {
        self.shown.event(self.at?)
    }
}

/// What there is to draw, and where.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Frame {
    pub(super) rows: Rows,
    pub(super) view: View,
    /// The width of the names at the left edge, in pixels.
    pub(super) names: f64,
    /// The width of a letter of a label, in pixels.
    pub(super) letter: f64,
}

impl Frame {
    pub(super) fn x(&self, at: Micros) -> f64 {
        self.view.x(across(at))
    }

    /// Whether a position is in view, beside the names.
    fn shows(&self, x: f64) -> bool {
        x >= self.names && x <= self.view.width
    }

    /// The first and the last visible time.
    pub(super) fn times(&self) -> (Micros, Micros) {
        let (from, to) = self.view.range();
        (time(from), time(to))
    }
}

/// The picture, with its zoom and its scroll position.
#[component]
pub(super) fn Picture(props: &PictureProps) -> Html {
    let shown = &props.shown;
    let (node, room) = (use_node_ref(), use_node_ref());
    let height = use_size(&room, Point { x: 0.0, y: 0.0 }).y;
    let rows = Rows::within(height, shown.members.len().max(1) as u8);
    let width = use_width(&node, rows.height());
    let chosen = use_state(|| None::<Window>);
    let names = room_for_names(shown);
    let blank = View {
        left: 0.0,
        scale: 1.0,
        width: *width,
    };
    let whole = Window::framing((0.0, across(shown.lasts)), (names, AFTER), blank);
    let window = chosen.unwrap_or(whole);
    let frame = Frame {
        rows,
        view: window.view(0.0, 0.0, *width),
        names,
        letter: if props.projector {
            LETTERS.1
        } else {
            LETTERS.0
        },
    };
    let set = {
        let chosen = chosen.setter();
        Callback::from(move |window: Window| chosen.set(Some(window)))
    };
    let wheel = Wheel {
        id: ID,
        height: rows.height(),
        window,
        view: frame.view,
    };
    use_wheel(&node, wheel, set.clone());
    use_following(props, frame, window, &set);
    let handlers = use_handlers(props, frame, window, &set);
    let scene = SceneProps {
        shown: Arc::clone(shown),
        frame,
    };
    html! {
        <div class="timeline diagram">
            <div class="room" ref={room} />
            <svg
                ref={node}
                id={ID}
                class="lanes"
                role="img"
                aria-label={texts().logs_picture()}
                viewBox={path(&[("0 0 ", frame.view.width), (" ", rows.height())])}
                height={num(rows.height())}
                onpointermove={handlers.on_move}
                onpointerdown={handlers.on_down}
                onpointerup={handlers.on_up}
                onpointercancel={handlers.on_leave.clone()}
                onpointerleave={handlers.on_leave}
            >
                { mount::<Scene>(scene) }
                { draw_cursor(props, frame) }
            </svg>
            { draw_zoom(props, frame, window, whole, &set) }
        </div>
    }
}

/// As much as the longest name needs.
fn room_for_names(shown: &Shown) -> f64 {
    let letters = shown.members.iter().map(|it| it.name.chars().count());
    let longest = letters.max().unwrap_or_default() as f64;
    (longest * LETTER + 14.0).clamp(NAMES.0, NAMES.1)
}

#[derive(Properties)]
struct SceneProps {
    shown: Arc<Shown>,
    frame: Frame,
}

impl PartialEq for SceneProps {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shown, &other.shown) && self.frame == other.frame
    }
}

/// All but the place in the story.
#[component]
fn Scene(props: &SceneProps) -> Html {
    let (shown, frame) = (&*props.shown, props.frame);
    html! {
        <>
            { axis::draw(shown, frame) }
            { lanes::draw_leaderless(shown, frame) }
            { lanes::draw(shown, frame) }
            { arrows::draw(shown, frame) }
            { marks::draw(shown, frame) }
            { marks::draw_faults(shown, frame) }
            { lanes::draw_names(shown, frame) }
        </>
    }
}

/// The event that the story is at.
fn draw_cursor(props: &PictureProps, frame: Frame) -> Html {
    let Some(event) = props.event() else {
        return html! {};
    };
    let x = frame.x(event.at);
    if !frame.shows(x) {
        return html! {};
    }
    let y = frame.rows.middle(event.member.0);
    let line = path(&[("M", x), (" ", TOP), ("V", frame.rows.bottom())]);
    let handle = path(&[("M", x - 6.0), (" ", TOP - 9.0)]) + "h12v4l-6 6l-6 -6z";
    html! {
        <g class="now">
            <path d={line} />
            <path class="handle" d={handle} />
            <circle class="here" cx={num(x)} cy={num(y)} r="7" />
        </g>
    }
}

/// The buttons zoom about the event that the story is at, if it is in view.
fn draw_zoom(
    props: &PictureProps,
    frame: Frame,
    window: Window,
    whole: Window,
    set: &Callback<Window>,
) -> Html {
    let to = |next: Window| set.reform(move |_: MouseEvent| next);
    let here = props.event().map(|event| frame.x(event.at));
    let here = here.filter(|x| frame.shows(*x));
    let fixed = here.unwrap_or((frame.names + frame.view.width) / 2.0);
    let zoomed = |factor| to(window.zoomed(factor, fixed, frame.view));
    html! {
        <div class="zoom" role="group" aria-label={texts().zoom()}>
            { sign_button("+", texts().zoom_in(), zoomed(1.6)) }
            { sign_button("−", texts().zoom_out(), zoomed(1.0 / 1.6)) }
            { sign_button("↔", texts().logs_zoom_all(), to(whole)) }
        </div>
    }
}

/// Moves the picture to what is looked at: to a stretch of time, so that it is seen how long it
/// took, or to the event that the story is at, if that is out of view.
#[hook]
fn use_following(props: &PictureProps, frame: Frame, window: Window, set: &Callback<Window>) {
    let (at, looked_at) = (props.event().map(|it| it.at), props.looked_at);
    let set = set.clone();
    let seen = use_mut_ref(|| 0);
    use_effect_with((at, looked_at.1), move |(at, number)| {
        // Steps that follow are looked at by themselves.
        let looks = seen.replace(*number) != *number;
        let (view, names) = (frame.view, frame.names);
        let is_seen = |x: f64| frame.shows(x);
        if let Some((from, to)) = looked_at.0.filter(|_| looks) {
            let at = at.unwrap_or(from);
            let (from, to) = (across(from.min(at)), across(to.max(at)));
            let (left, right) = (view.x(from), view.x(to));
            if right - left < SEEN || !is_seen(left) || !is_seen(right) {
                let room = (view.width - names) * FRAMED;
                let framed = Window::framing((from, to), (names + room, room), view);
                return set.emit(framed);
            }
        }
        let away = at.map(across).filter(|at| !is_seen(view.x(*at)));
        if let Some(at) = away {
            set.emit(window.centred(at, view));
        }
    });
}

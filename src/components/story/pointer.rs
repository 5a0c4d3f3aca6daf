//! What the pointer does in the picture.

use std::rc::Rc;
use std::sync::Arc;

use hustings_logs::Micros;
use hustings_logs::shown::{EventId, Shown};
use yew::prelude::*;

use super::super::timeline::{DRAG, Window, capture_pointer, pointer_position};
use super::look::time;
use super::picture::{Frame, ID, PictureProps};
use crate::session::{Action, StoryAction};

/// The distance within which the pointer finds an event, in pixels.
const REACH: f64 = 8.0;

/// What a pointer that is down does when it moves.
#[derive(Clone, Copy)]
enum Held {
    /// It moves the window that was there at first, from this position.
    Window(f64, Window),
    /// It takes the place in the story along.
    Place,
}

pub(super) struct Handlers {
    pub(super) on_move: Callback<PointerEvent>,
    pub(super) on_down: Callback<PointerEvent>,
    pub(super) on_up: Callback<PointerEvent>,
    pub(super) on_leave: Callback<PointerEvent>,
}

/// What the pointer does: it drags the window or the place in the story, and goes to events.
#[hook]
pub(super) fn use_handlers(
    props: &PictureProps,
    frame: Frame,
    window: Window,
    set: &Callback<Window>,
) -> Handlers {
    let held = use_mut_ref(|| None::<Held>);
    let place = move |event: &PointerEvent| pointer_position(event, ID, frame.rows.height());
    let tell = {
        let dispatch = props.dispatch.clone();
        move |action| dispatch.dispatch(Action::Story(action))
    };
    let scrub = {
        let tell = tell.clone();
        move |x: f64| tell(StoryAction::GoToTime(time(frame.view.across(x))))
    };
    let on_down = {
        let (held, scrub) = (Rc::clone(&held), scrub.clone());
        Callback::from(move |event: PointerEvent| {
            let Some((x, y)) = place(&event) else {
                return;
            };
            capture_pointer(&event, ID);
            let is_ruler = frame.rows.is_ruler(y);
            *held.borrow_mut() = Some(if is_ruler {
                Held::Place
            } else {
                Held::Window(x, window)
            });
            if is_ruler {
                scrub(x);
            }
        })
    };
    let on_move = {
        let (held, set) = (Rc::clone(&held), set.clone());
        Callback::from(move |event: PointerEvent| {
            let Some((x, _)) = place(&event) else {
                return;
            };
            match *held.borrow() {
                Some(Held::Place) => scrub(x),
                Some(Held::Window(from, at_first)) if (x - from).abs() > DRAG => {
                    set.emit(at_first.moved(from - x, frame.view));
                }
                Some(Held::Window(..)) | None => {}
            }
        })
    };
    let on_up = {
        let (held, shown) = (Rc::clone(&held), Arc::clone(&props.shown));
        Callback::from(move |event: PointerEvent| {
            let Some(Held::Window(from, _)) = held.borrow_mut().take() else {
                return;
            };
            let Some((x, y)) = place(&event).filter(|(x, _)| (x - from).abs() <= DRAG) else {
                return;
            };
            tell(match event_near(&shown, frame, x, y) {
                Some(event) => StoryAction::GoTo(event),
                None => StoryAction::GoToTime(time(frame.view.across(x))),
            });
        })
    };
    let on_leave = Callback::from(move |_: PointerEvent| *held.borrow_mut() = None);
    Handlers {
        on_move,
        on_down,
        on_up,
        on_leave,
    }
}

/// The nearest event of the lane that the pointer is on.
fn event_near(shown: &Shown, frame: Frame, x: f64, y: f64) -> Option<EventId> {
    let from = time(frame.view.across(x - REACH));
    let first = shown.events.partition_point(|event| event.at < from);
    let off = |at: Micros| (frame.x(at) - x).abs();
    let half = frame.rows.lane() / 2.0;
    let here = shown.events.iter().enumerate().skip(first);
    let here = here.take_while(|(_, event)| frame.x(event.at) <= x + REACH);
    let here = here.filter(|(_, event)| (frame.rows.middle(event.member.0) - y).abs() <= half);
    let nearest = here.min_by(|(_, one), (_, other)| off(one.at).total_cmp(&off(other.at)));
    let (number, _) = nearest?;
    u32::try_from(number).ok().map(EventId)
}

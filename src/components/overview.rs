//! The overview of the whole run: who led when, elections, commits, violations, captions,
//! and where other branches part. The part that the diagram shows has a frame, and the
//! present a handle; both can be dragged.

mod columns;
mod strip;
mod whole;

use std::rc::Rc;

use hustings_lab::narrate;
use yew::prelude::*;

use self::strip::{Strip, StripProps};
use self::whole::{Scale, Whole};
use super::Page;
use super::mount::mount;
use super::stage::{num, path};
use super::timeline::{Shown, capture_pointer, is_timeless, pointer_position, time_label};
use crate::i18n::{lang, texts};
use crate::session::Action;

/// The height of the overview, in pixels.
const HEIGHT: f64 = 26.0;
const ID: &str = "overview";
/// Distance in pixels from which a pointer movement is a drag.
const DRAG: f64 = 3.0;
/// Half the width in which the present's handle is grasped, in pixels.
const GRASP: f64 = 7.0;

/// What a pointer that is down does when it moves.
#[derive(Clone, Copy)]
enum Held {
    /// It may still be a click on the frame, at this position and this far from its middle.
    Frame(f64, f64),
    /// It drags the frame, this far from its middle.
    Dragged(f64),
    /// It takes the present along.
    Present,
}

/// The overview.
#[hook]
pub(super) fn use_overview(shown: &Shown) -> Html {
    let session = &shown.page.session;
    let tip = shown.page.run.tip();
    let (scale, now, end) = if is_timeless(&shown.page) {
        let now = shown.page.run.records().len() as f64;
        (Scale::Events, now, tip.records().len() as f64)
    } else {
        let now = session.clock();
        (Scale::Time, now, now.max(tip.now().0 as f64))
    };
    let whole = Whole::of(scale, end, shown.view.width);
    let frame = {
        let (layout, (left, right)) = (shown.layout.borrow(), shown.view.range());
        let right = right.min(shown.edge).max(left);
        let [from, to] = [left, right].map(|place| whole.x_of_place(&layout, place));
        (from, to.max(from + 6.0))
    };
    let (now, known) = (whole.x(now), whole.x(end));
    let handlers = use_handlers(shown, whole, frame, now);
    let drawn = StripProps {
        layout: Rc::clone(&shown.layout),
        key_of: strip::Key::of(shown, whole),
    };
    html! {
        <svg
            id={ID}
            class="overview"
            role="group"
            aria-label={texts().overview_label()}
            viewBox={path(&[("0 0 ", whole.width), (" ", HEIGHT)])}
            height={num(HEIGHT)}
            preserveAspectRatio="none"
            onpointerdown={handlers.on_down}
            onpointermove={handlers.on_move}
            onpointerup={handlers.on_up.clone()}
            onpointercancel={handlers.on_up}
        >
            { mount::<Strip>(drawn) }
            <rect class="beyond" x={num(known)} width={num((whole.width - known).max(0.0))} height={num(HEIGHT)} />
            if now + 1.0 < known {
                <rect class="future" x={num(now)} width={num(known - now)} height={num(HEIGHT)} />
            }
            <rect class="frame" x={num(frame.0)} y="1" width={num(frame.1 - frame.0)} height={num(HEIGHT - 2.0)} rx="3" />
            { draw_present(shown, scale, now) }
        </svg>
    }
}

/// Where the present is, and how that reads.
struct Present {
    now: usize,
    end: usize,
    text: String,
}

impl Present {
    fn of(page: &Page, scale: Scale) -> Self {
        let (session, tip) = (&page.session, page.run.tip());
        match scale {
            Scale::Events => {
                let (now, end) = (page.run.records().len(), tip.records().len());
                let text = texts().event_of(now, end);
                Self { now, end, text }
            }
            Scale::Time => {
                let clock = session.clock() as u64;
                let end = tip.now().0.max(clock);
                // Nobody can read what changes at every frame.
                let step = if session.is_playing() { 500 } else { 1 };
                let now = clock / step * step;
                Self {
                    now: now as usize,
                    end: end as usize,
                    text: time_label(now, 1),
                }
            }
        }
    }
}

/// The handle of the present: a slider, whose keys are those of the page.
fn draw_present(shown: &Shown, scale: Scale, x: f64) -> Html {
    let page = &shown.page;
    let Present { now, end, text } = Present::of(page, scale);
    let told = page
        .run
        .items()
        .next()
        .filter(|_| !page.session.is_playing());
    let text = match told {
        Some(item) => {
            let records = page.run.tip().records();
            texts().sentences(text, narrate::told_at_once(&item, records, lang()))
        }
        None => text,
    };
    let dispatch = shown.page.dispatch.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let action = match event.key().as_str() {
            "ArrowUp" => Action::Step,
            "ArrowDown" => Action::StepBack,
            _ => return,
        };
        event.prevent_default();
        dispatch.dispatch(action);
    });
    html! {
        <g
            class="present"
            role="slider"
            tabindex="0"
            aria-label={texts().present()}
            aria-valuemin="0"
            aria-valuemax={end.to_string()}
            aria-valuenow={now.to_string()}
            aria-valuetext={text}
            transform={path(&[("translate(", x)]) + ")"}
            {onkeydown}
        >
            <rect class="grasp" x="-12" width="24" height={num(HEIGHT)} />
            <path d={format!("M0 0V{}", num(HEIGHT))} />
            <path class="handle" d="M-5 0h10v4l-5 5l-5 -5z" />
        </g>
    }
}

struct Handlers {
    on_down: Callback<PointerEvent>,
    on_move: Callback<PointerEvent>,
    on_up: Callback<PointerEvent>,
}

#[hook]
fn use_handlers(shown: &Shown, whole: Whole, frame: (f64, f64), now: f64) -> Handlers {
    let held = use_mut_ref(|| None::<Held>);
    let go = {
        let dispatch = shown.page.dispatch.clone();
        let records = shown.page.run.tip().records().len();
        move |x: f64| dispatch.dispatch(whole.visit(x, records))
    };
    let position = |event: &PointerEvent| pointer_position(event, ID, HEIGHT).map(|(x, _)| x);
    let on_down = {
        let (held, go) = (held.clone(), go.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(x) = position(&event) else {
                return;
            };
            capture_pointer(&event, ID);
            let is_on_frame = (frame.0..=frame.1).contains(&x) && (x - now).abs() > GRASP;
            *held.borrow_mut() = Some(if is_on_frame {
                Held::Frame(x, x - (frame.0 + frame.1) / 2.0)
            } else {
                go(x);
                Held::Present
            });
        })
    };
    let on_move = {
        let (held, go) = (held.clone(), go.clone());
        let (layout, window, view) = (Rc::clone(&shown.layout), shown.window.clone(), shown.view);
        Callback::from(move |event: PointerEvent| {
            let (Some(x), Some(what)) = (position(&event), *held.borrow()) else {
                return;
            };
            let off = match what {
                Held::Present => return go(x),
                Held::Frame(from, _) if (x - from).abs() <= DRAG => return,
                Held::Frame(_, off) | Held::Dragged(off) => off,
            };
            *held.borrow_mut() = Some(Held::Dragged(off));
            let middle = whole.diagram_place(&layout.borrow(), x - off);
            window.set(window.centred(middle, view));
        })
    };
    let on_up = Callback::from(move |_: PointerEvent| {
        if let Some(Held::Frame(x, _)) = held.borrow_mut().take() {
            go(x);
        }
    });
    Handlers {
        on_down,
        on_move,
        on_up,
    }
}

//! The ruler: times at round steps, or at events.

use hustings_lab::RecordId;
use hustings_raft::Millis;
use yew::prelude::*;

use super::super::stage::{num, path};
use super::super::timeline::{round_step, time_label};
use super::rows::TOP;
use super::scene::Drawing;
use crate::i18n::texts;

/// The least distance between labels, in pixels.
const LABEL: f64 = 84.0;

/// A labelled time.
struct Tick {
    x: f64,
    time: u64,
    label: String,
}

pub(super) fn draw(drawing: &Drawing) -> Html {
    let ticks = if drawing.layout.is_by_event() {
        at_events(drawing)
    } else {
        at_steps(drawing)
    };
    let bottom = drawing.rows.bottom();
    let mut grid = String::new();
    for tick in &ticks {
        grid.push_str(&path(&[("M", tick.x), (" ", TOP - 5.0), ("V", bottom)]));
    }
    html! {
        <g class="axis">
            <path d={grid} />
            { for ticks.iter().map(|tick| html! {
                <text x={num(tick.x)} y="16">{ label(drawing, tick) }</text>
            }) }
        </g>
    }
}

/// A tick's label. Where lanes do not tell the terms, it does.
fn label(drawing: &Drawing, tick: &Tick) -> String {
    let term_spans = &drawing.layout.diagram().outline().term_spans;
    let after = term_spans.partition_point(|term_span| term_span.from <= Millis(tick.time));
    let term_span = after.checked_sub(1).and_then(|last| term_spans.get(last));
    match term_span.filter(|_| drawing.is_dense()) {
        Some(term_span) => texts().time_in_term(&tick.label, term_span.term.0),
        None => tick.label.clone(),
    }
}

/// Round times, each as far from the next.
fn at_steps(drawing: &Drawing) -> Vec<Tick> {
    let (from, to) = drawing.view.range();
    let least = if drawing.is_dense() {
        1.6 * LABEL
    } else {
        LABEL
    };
    let step = round_step(least / drawing.view.scale);
    let first = (from.max(0.0) as u64).div_ceil(step);
    let ticks = (first..=to.max(0.0) as u64 / step).map(|number| number * step);
    let tick = |time: u64| Tick {
        x: drawing.view.x(time as f64),
        time,
        label: time_label(time, step),
    };
    ticks.map(tick).collect()
}

/// The times of events that have room between them. Those of a place do not depend on
/// where the view begins.
fn at_events(drawing: &Drawing) -> Vec<Tick> {
    let mut ticks: Vec<Tick> = Vec::new();
    let (from, to) = drawing.view.range();
    let cell = LABEL / drawing.view.scale;
    let first = (from / cell).floor().max(0.0) as u64;
    for number in first..=(to / cell).max(0.0) as u64 {
        let record = drawing.layout.record_at(number as f64 * cell);
        let record = RecordId(record.0 + usize::from(number > 0));
        let (x, time) = (
            drawing.x(record),
            drawing.layout.diagram().time_of(record).0,
        );
        let has_room = ticks
            .last()
            .is_none_or(|last| x - last.x >= LABEL && time != last.time);
        if has_room {
            ticks.push(Tick {
                x,
                time,
                label: time_label(time, 1),
            });
        }
    }
    ticks
}

//! The axis: times of day, or days, at round steps.

use hustings_logs::shown::Shown;
use hustings_logs::{Moment, round_step};
use yew::prelude::*;

use super::super::diagram::TOP;
use super::super::stage::{num, path};
use super::look::time;
use super::picture::Frame;

/// The room of the buttons at the right end, in pixels.
const BUTTONS: f64 = 132.0;
/// The least distance between labels, in pixels.
const LABEL: f64 = 96.0;

pub(super) fn draw(shown: &Shown, frame: Frame) -> Html {
    let begins = shown.begins;
    let step = round_step(time(LABEL / frame.view.scale));
    let (from, to) = frame.times();
    let ticks = (begins + from).steps_to(begins + to, step);
    let ticks = ticks.map(|at| (frame.x(at - begins), at));
    let ticks: Vec<_> = ticks.filter(|(x, _)| *x > frame.names).collect();
    let mut grid = String::new();
    for (x, _) in &ticks {
        grid.push_str(&path(&[
            ("M", *x),
            (" ", TOP - 5.0),
            ("V", frame.rows.bottom()),
        ]));
    }
    let (first, last) = (frame.names + LABEL / 2.5, frame.view.width - BUTTONS);
    let has_room = |(x, _): &(f64, Moment)| *x > first && *x < last;
    html! {
        <g class="axis">
            <path d={grid} />
            { for ticks.into_iter().filter(has_room).map(|(x, at)| html! {
                <text x={num(x)} y="16">{ at.label(step) }</text>
            }) }
        </g>
    }
}

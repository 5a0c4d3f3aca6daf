//! The axis: times of day at round steps.

use hustings_logs::shown::Shown;
use yew::prelude::*;

use super::super::diagram::TOP;
use super::super::stage::{num, path};
use super::clock::{label, round_step};
use super::picture::Frame;

/// The room of the buttons at the right end, in pixels.
const BUTTONS: f64 = 132.0;
/// The least distance between labels, in pixels.
const LABEL: f64 = 96.0;

pub(super) fn draw(shown: &Shown, frame: Frame) -> Html {
    let begins = shown.begins.0 as f64 / 1_000.0;
    let step = round_step(LABEL / frame.view.scale);
    let (from, to) = frame.view.range();
    let number = |across: f64| ((begins + across) / step as f64) as i64;
    let ticks = (number(from)..=number(to)).map(|number| number * step);
    let ticks = ticks.map(|millis| (frame.view.x(millis as f64 - begins), millis));
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
    let has_room = |(x, _): &(f64, i64)| *x > first && *x < last;
    html! {
        <g class="axis">
            <path d={grid} />
            { for ticks.into_iter().filter(has_room).map(|(x, millis)| html! {
                <text x={num(x)} y="16">{ label(millis, step) }</text>
            }) }
        </g>
    }
}

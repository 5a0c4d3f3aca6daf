//! The axis of time below both futures.

use hustings_raft::Millis;
use yew::prelude::*;

use super::super::super::stage::{num, path};
use super::super::super::timeline::round_step;
use super::{Drawing, GUTTER, TOP};
use crate::moment::moment;

/// The least between two labels of the axis, and half of what one takes, in pixels.
const TICK: f64 = 90.0;
const HALF_LABEL: f64 = 25.0;

impl Drawing<'_> {
    /// Round times, as close as there is room for.
    pub(super) fn draw_axis(&self) -> Html {
        let axis = &self.layout.axis;
        let (left, right) = self.view.range();
        let (from, to) = (axis.time(left).0, axis.time(right).0);
        let room = ((self.view.width - GUTTER) / TICK).max(1.0) as u64;
        let step = round_step(((to - from) / room + 1) as f64);
        let mut before = f64::MIN;
        let times = (from.div_ceil(step)..=to / step).map(|number| Millis(number * step));
        let labels = times.filter_map(|time| {
            let x = self.view.x(axis.place_of(time) as f64);
            let is_within = axis.place_of(time) <= axis.width && x >= GUTTER.max(HALF_LABEL);
            let fits = is_within && x - before >= TICK * 0.6 && x < self.view.width - HALF_LABEL;
            fits.then(|| {
                before = x;
                (x, time)
            })
        });
        let bottom = self.bottom();
        html! {
            <g class="axis">
                { for labels.map(|(x, time)| html! {
                    <>
                        <path d={path(&[("M", x), (" ", TOP), ("V", bottom)])} />
                        <text x={num(x)} y={num(bottom + 14.0)}>{ moment(time) }</text>
                    </>
                }) }
            </g>
        }
    }
}

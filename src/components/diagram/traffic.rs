//! How many messages were sent, and how many were lost, at the foot of the diagram; for
//! when there are too many to draw each.

use hustings_lab::RecordId;
use yew::prelude::*;

use super::super::timeline::steps;
use super::rows::FOOT;
use super::scene::Drawing;
use crate::i18n::texts;

/// The width of a column, in pixels.
const COLUMN: f64 = 4.0;

pub(super) fn draw(drawing: &Drawing) -> Html {
    let diagram = drawing.layout.diagram();
    let columns = (drawing.view.width / COLUMN) as usize + 1;
    let ends: Vec<_> = (0..=columns).map(|column| end(drawing, column)).collect();
    let losses = &diagram.outline().losses;
    let lost_until = |end: &RecordId| losses.partition_point(|record| record < end);
    let mut counts = Vec::with_capacity(columns);
    for pair in ends.windows(2) {
        let [from, to] = [&pair[0], &pair[1]];
        let sent = diagram.count_sent(*from, RecordId(to.0.saturating_sub(1)));
        counts.push((sent, lost_until(to) - lost_until(from)));
    }
    let most = counts.iter().map(|(sent, lost)| sent.max(lost)).max();
    let most = *most.unwrap_or(&1).max(&1) as f64;
    let base = drawing.rows.height() - 1.0;
    let area = |of: fn(&(usize, usize)) -> usize| {
        let heights = counts
            .iter()
            .map(|count| of(count) as f64 / most * (FOOT - 2.0));
        steps(base, COLUMN, heights)
    };
    html! {
        <g class="traffic">
            <title>{ texts().traffic_hint() }</title>
            <path d={area(|(sent, _)| *sent)} />
            <path class="lost" d={area(|(_, lost)| *lost)} />
        </g>
    }
}

/// The first record after the beginning of a column.
fn end(drawing: &Drawing, column: usize) -> RecordId {
    let place = drawing.view.across(column as f64 * COLUMN);
    if place < 0.0 {
        RecordId(0)
    } else {
        RecordId(drawing.layout.record_at(place).0 + 1)
    }
}

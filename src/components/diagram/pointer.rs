//! What the pointer is on.

use hustings_lab::RecordId;
use hustings_lab::diagram::{Arrow, ArrowEnd};
use hustings_raft::NodeId;

use super::super::timeline::{Layout, View};
use super::rows::{Rows, TOP};
use crate::session::{RunView, Selection};

/// Distance in pixels within which the pointer selects an item.
const REACH: f64 = 7.0;
/// The most arrows among which the pointer finds one.
const ARROWS_MAX: usize = 800;

/// The pointer's position.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) view: View,
    pub(super) rows: Rows,
}

/// What is there.
pub(super) struct Target {
    pub(super) hover: Selection,
    /// The record to visit.
    pub(super) visit: Option<RecordId>,
    /// The first record of the fold.
    pub(super) fold: Option<RecordId>,
}

impl Place {
    /// Whether it is at a place of the axis.
    pub(super) fn is_on(&self, across: f64) -> bool {
        (self.view.x(across) - self.x).abs() <= 5.0
    }

    /// A fold, the nearest record of the lane, the nearest message, or a moment.
    pub(super) fn target(&self, layout: &Layout, run: &RunView) -> Target {
        let across = self.view.across(self.x);
        if let Some(fold) = layout.folds(across, across).next() {
            return Target {
                hover: Selection::Nothing,
                visit: None,
                fold: Some(fold.first),
            };
        }
        let on = |hover, record| Target {
            hover,
            visit: record,
            fold: None,
        };
        if let Some(record) = self.record_near(layout, run) {
            return on(Selection::Record(record), Some(record));
        }
        match self.arrow_near(layout) {
            Some((message, record)) => on(Selection::Message(message), Some(record)),
            None => on(Selection::Nothing, None),
        }
    }

    fn arrow_near(&self, layout: &Layout) -> Option<(hustings_lab::MessageId, RecordId)> {
        let from = layout.record_at(self.view.across(self.x - 30.0));
        let to = layout.record_at(self.view.across(self.x + 30.0));
        let diagram = layout.diagram();
        if diagram.count_sent(from, to) > ARROWS_MAX {
            return None;
        }
        let x = |record: RecordId| self.view.x(layout.x_of(record));
        let end = |arrow: &Arrow| match arrow.end {
            ArrowEnd::Arrived(record) | ArrowEnd::Lost(record, _) => x(record),
            ArrowEnd::UnderWay => x(arrow.sent) + 30.0,
        };
        let distance = |arrow: &Arrow| {
            let link = arrow.flight.link;
            let from = (x(arrow.sent), self.rows.y(link.from));
            let to = (end(arrow), self.rows.y(link.to));
            distance((self.x, self.y), from, to)
        };
        let seen = diagram.arrows_between(from, to);
        let near = seen.map(|arrow| (distance(arrow), arrow));
        let nearest = near.min_by(|(one, _), (other, _)| one.total_cmp(other));
        let (_, arrow) = nearest.filter(|(it, _)| *it <= REACH)?;
        // The record in which it arrived or was lost; in flight, that of its sending.
        let record = match arrow.end {
            ArrowEnd::Arrived(record) | ArrowEnd::Lost(record, _) => record,
            ArrowEnd::UnderWay => arrow.sent,
        };
        Some((arrow.flight.id, record))
    }

    /// The nearest record of the lane that the pointer is on.
    fn record_near(&self, layout: &Layout, run: &RunView) -> Option<RecordId> {
        let lane = ((self.y - TOP) / self.rows.lane()).floor();
        if lane < 0.0 || self.y >= self.rows.bottom() {
            return None;
        }
        let server = NodeId::new(lane as u8 + 1)?;
        if (self.y - self.rows.y(server)).abs() > REACH {
            return None;
        }
        let first = layout.record_at(self.view.across(self.x - REACH));
        let last = layout.record_at(self.view.across(self.x + REACH));
        let off = |id: RecordId| (self.view.x(layout.x_of(id)) - self.x).abs();
        let records = run.tip().records().since(first);
        let here = records
            .take_while(|(id, _)| *id <= last)
            .filter(|(id, record)| record.event.server() == Some(server) && off(*id) <= REACH);
        let nearest = here.min_by(|(one, _), (other, _)| off(*one).total_cmp(&off(*other)));
        nearest.map(|(id, _)| id)
    }
}

/// The distance of a point from a line segment.
fn distance((x, y): (f64, f64), (x0, y0): (f64, f64), (x1, y1): (f64, f64)) -> f64 {
    let (dx, dy) = (x1 - x0, y1 - y0);
    let square = (dx * dx + dy * dy).max(1e-9);
    let share = (((x - x0) * dx + (y - y0) * dy) / square).clamp(0.0, 1.0);
    let (px, py) = (x0 + dx * share - x, y0 + dy * share - y);
    (px * px + py * py).sqrt()
}

//! Where the records and times of a run stand on the axis.

use std::rc::Rc;

use hustings_lab::RecordId;
use hustings_lab::diagram::{Diagram, DiagramX};
use hustings_raft::Millis;

use crate::session::RunView;

/// The axis that the user has chosen. A unit of it is a millisecond, or, by event, a place
/// on the diagram of the laboratory, which keeps events apart.
#[derive(Clone, Default, PartialEq)]
pub(in super::super) struct Axis {
    /// By event instead of to scale.
    pub(in super::super) by_event: bool,
    /// Whether quiet stretches, which are folded by event, are all open.
    pub(in super::super) unfolded: bool,
    /// The first records of those that are open.
    pub(in super::super) opened: Rc<Vec<RecordId>>,
}

/// A quiet stretch that takes a constant width.
#[derive(Clone, Copy)]
pub(in super::super) struct Fold {
    pub(in super::super) first: RecordId,
    pub(in super::super) last: RecordId,
    pub(in super::super) heartbeats: usize,
    /// Where it begins on the axis.
    pub(in super::super) start: f64,
    /// Where it begins and ends on the diagram.
    from: f64,
    to: f64,
}

/// The layout of a branch, kept between renders and extended with the run.
#[derive(Default)]
pub(in super::super) struct Layout {
    of: Option<(u32, usize)>,
    diagram: Diagram,
    axis: Axis,
    folds: Vec<Fold>,
}

impl Layout {
    /// The most records that are added at once, so that a long run that is opened does not
    /// hold up a frame.
    const SLICE: usize = 10_000;

    /// Adds what is new in a run, and takes the axis; returns whether that is all.
    pub(super) fn follow(&mut self, run: &RunView, axis: &Axis) -> bool {
        let is_longer = self.diagram.records() > run.tip().records().len();
        if self.of != Some(run.branch()) || is_longer {
            *self = Self {
                of: Some(run.branch()),
                ..Self::default()
            };
        }
        let before = self.diagram.records();
        let is_whole = self.diagram.extend_by(run.tip(), Self::SLICE);
        if before != self.diagram.records() || self.axis != *axis {
            self.axis = axis.clone();
            self.folds = self.fold_quiet(2 * usize::from(run.ids().len()));
        }
        is_whole
    }

    /// The quiet stretches that are folded. The latest round of the run stays in view.
    fn fold_quiet(&self, round: usize) -> Vec<Fold> {
        let mut folds = Vec::new();
        if !self.axis.by_event || self.axis.unfolded {
            return folds;
        }
        let mut saved = 0.0;
        for stretch in self.diagram.quiet() {
            let is_latest = stretch.last.0 + 1 == self.diagram.records();
            let last = stretch.last.0 - if is_latest { round } else { 0 }.min(stretch.last.0);
            let last = RecordId(last.max(stretch.first.0));
            let from = self.diagram.x_of(stretch.first) as f64;
            let to = self.diagram.x_of(last) as f64;
            let is_open = self.axis.opened.contains(&stretch.first);
            if stretch.heartbeats < 2 || to - from <= Fold::WIDTH || is_open {
                continue;
            }
            folds.push(Fold {
                first: stretch.first,
                last,
                heartbeats: stretch.heartbeats,
                start: from - saved,
                from,
                to,
            });
            saved += to - from - Fold::WIDTH;
        }
        folds
    }

    pub(in super::super) fn diagram(&self) -> &Diagram {
        &self.diagram
    }

    pub(in super::super) fn is_by_event(&self) -> bool {
        self.axis.by_event
    }

    /// The folds that begin between two places or reach into them.
    pub(in super::super) fn folds(&self, from: f64, to: f64) -> impl Iterator<Item = &Fold> {
        let first = self
            .folds
            .partition_point(|fold| fold.start + Fold::WIDTH < from);
        let after = self.folds.partition_point(|fold| fold.start <= to);
        self.folds.get(first..after).unwrap_or_default().iter()
    }

    /// The fold that a record is in.
    pub(in super::super) fn fold_of(&self, record: RecordId) -> Option<&Fold> {
        let after = self.folds.partition_point(|fold| fold.first <= record);
        let fold = self.folds.get(after.checked_sub(1)?)?;
        (record <= fold.last).then_some(fold)
    }

    /// The place of a record.
    pub(in super::super) fn x_of(&self, record: RecordId) -> f64 {
        if self.axis.by_event {
            self.folded(self.diagram.x_of(record) as f64)
        } else {
            self.diagram.time_of(record).0 as f64
        }
    }

    /// The place of a time, in milliseconds.
    pub(in super::super) fn x_at(&self, time: f64) -> f64 {
        if self.axis.by_event {
            let whole = time.max(0.0).floor();
            let place = self.diagram.x_at_time(Millis(whole as u64)) as f64;
            self.folded(place + time.max(0.0) - whole)
        } else {
            time
        }
    }

    /// The time at a place, in milliseconds.
    pub(in super::super) fn time_at(&self, x: f64) -> f64 {
        if self.axis.by_event {
            let place = self.unfolded(x).max(0.0);
            self.diagram.time_at(place as DiagramX).0 as f64
        } else {
            x.max(0.0)
        }
    }

    /// The last record at or before a place; the first one if there is none.
    pub(in super::super) fn record_at(&self, x: f64) -> RecordId {
        let after = if self.axis.by_event {
            let place = self.unfolded(x).max(0.0);
            let found = self.diagram.record_at(place as DiagramX);
            found.map_or(0, |record| record.0 + 1)
        } else {
            self.diagram.records_before(Millis(x.max(0.0) as u64 + 1))
        };
        RecordId(after.saturating_sub(1))
    }

    /// The place of the present: after the last record so far, before the next one.
    pub(super) fn present(&self, here: usize, clock: f64) -> f64 {
        if !self.axis.by_event {
            return clock;
        }
        let Some(last) = here.checked_sub(1).map(RecordId) else {
            return 0.0;
        };
        let passed = (clock - self.diagram.time_of(last).0 as f64).max(0.0);
        let now = self.diagram.x_of(last) as f64 + passed;
        let is_last = here >= self.diagram.records();
        let next = self.diagram.x_of(RecordId(here)) as f64 - 0.5;
        self.folded(if is_last { now } else { now.min(next) })
    }

    fn folded(&self, place: f64) -> f64 {
        let after = self.folds.partition_point(|fold| fold.from <= place);
        let fold = after.checked_sub(1).and_then(|last| self.folds.get(last));
        fold.map_or(place, |fold| {
            if place >= fold.to {
                fold.start + Fold::WIDTH + place - fold.to
            } else {
                fold.start + (place - fold.from) / (fold.to - fold.from) * Fold::WIDTH
            }
        })
    }

    fn unfolded(&self, x: f64) -> f64 {
        let after = self.folds.partition_point(|fold| fold.start <= x);
        let fold = after.checked_sub(1).and_then(|last| self.folds.get(last));
        fold.map_or(x, |fold| {
            let inside = x - fold.start;
            if inside >= Fold::WIDTH {
                fold.to + inside - Fold::WIDTH
            } else {
                fold.from + inside / Fold::WIDTH * (fold.to - fold.from)
            }
        })
    }
}

impl Fold {
    /// The width of a fold on the axis.
    pub(in super::super) const WIDTH: f64 = 30.0;
}

#[cfg(test)]
mod tests {
    use super::*;
    use hustings_lab::Script;

    fn layout(by_event: bool) -> Layout {
        let script = "cluster 3\ntimeout S1\nrun 2s\npropose S1 \"x\"\nrun 2s";
        let run = Script::parse(script)
            .expect("a script")
            .run()
            .expect("sound")
            .run;
        let mut layout = Layout {
            diagram: Diagram::of(&run),
            axis: Axis {
                by_event,
                ..Axis::default()
            },
            ..Layout::default()
        };
        layout.folds = layout.fold_quiet(6);
        layout
    }

    #[test]
    fn to_scale_a_millisecond_is_a_unit() {
        let layout = layout(false);
        for record in (0..layout.diagram.records()).map(RecordId) {
            assert_eq!(layout.x_of(record), layout.diagram.time_of(record).0 as f64);
        }
    }

    #[test]
    fn by_event_quiet_stretches_take_a_constant_width() {
        let layout = layout(true);
        assert_eq!(layout.folds.len(), 2, "before the request and after it");
        for fold in &layout.folds {
            let width = layout.x_of(fold.last) - layout.x_of(fold.first);
            assert!((width - Fold::WIDTH).abs() < 1e-6);
            assert!(fold.heartbeats > 10);
        }
    }

    #[test]
    fn places_and_records_are_found_from_each_other() {
        for by_event in [false, true] {
            let layout = layout(by_event);
            for record in (3..layout.diagram.records()).map(RecordId) {
                let found = layout.record_at(layout.x_of(record) + 1e-6);
                if layout.fold_of(record).is_none() {
                    let (found, time) = (
                        layout.diagram.time_of(found),
                        layout.diagram.time_of(record),
                    );
                    assert_eq!(found, time);
                }
            }
        }
    }
}

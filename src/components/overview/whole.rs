//! The scale of the overview: time or, where all of a run happens at one instant, events.

use hustings_lab::RecordId;
use hustings_raft::Millis;

use super::super::timeline::Layout;
use crate::session::Action;

/// What the whole run is drawn by.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Scale {
    /// Milliseconds, whatever the axis of the diagram.
    Time,
    /// Records, where all happens at one instant: the first is at 1.
    Events,
}

/// The whole run's scale.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Whole {
    pub(super) scale: Scale,
    /// What is at the right end, in units of the scale.
    pub(super) end: f64,
    /// The width, in pixels.
    pub(super) width: f64,
}

impl Whole {
    /// The end is rounded up, so that the drawing does not change with every millisecond.
    pub(super) fn of(scale: Scale, end: f64, width: f64) -> Self {
        let mut step = match scale {
            Scale::Time => 50.0,
            Scale::Events => 1.0,
        };
        while step * 40.0 < end {
            step *= 2.0;
        }
        let end = (end / step).ceil().max(1.0) * step;
        Self { scale, end, width }
    }

    /// The position of a record that was made at a time.
    pub(super) fn x_of(self, record: RecordId, at: Millis) -> f64 {
        self.x(match self.scale {
            Scale::Time => at.0 as f64,
            Scale::Events => (record.0 + 1) as f64,
        })
    }

    pub(super) fn x(self, place: f64) -> f64 {
        place / self.end * self.width
    }

    /// The place at a position, in units of the scale.
    pub(super) fn place(self, x: f64) -> f64 {
        (x / self.width * self.end).clamp(0.0, self.end)
    }

    /// What goes to a position: to the last of so many records, if there are no more.
    pub(super) fn visit(self, x: f64, records: usize) -> Action {
        match self.scale {
            Scale::Time => Action::GoTo(self.place(x)),
            Scale::Events => {
                let number = (self.place(x).round() as usize).min(records);
                Action::Visit(RecordId(number.saturating_sub(1)))
            }
        }
    }

    /// A position on the axis of the diagram.
    pub(super) fn diagram_place(self, layout: &Layout, x: f64) -> f64 {
        match self.scale {
            Scale::Time => layout.x_at(self.place(x)),
            Scale::Events => layout.x_of(RecordId(self.place(x) as usize)),
        }
    }

    /// The position of a place on the axis of the diagram.
    pub(super) fn x_of_place(self, layout: &Layout, place: f64) -> f64 {
        self.x(match self.scale {
            Scale::Time => layout.time_at(place),
            Scale::Events => (layout.record_at(place).0 + 1) as f64,
        })
    }
}

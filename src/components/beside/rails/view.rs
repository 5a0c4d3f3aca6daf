//! The part of the axis of time that is shown.

use super::GUTTER;

/// The most that is shown at once, in units.
const WIDEST: f64 = 2_500.0;
/// The least.
const NARROWEST: f64 = 120.0;
/// Where the present is when not all is shown, as a share of the width.
const NOW_AT: f64 = 0.7;

/// The part of the axis that is shown.
#[derive(Clone, Copy)]
pub(super) struct View {
    left: f64,
    scale: f64,
    pub(super) width: f64,
}

impl View {
    pub(super) fn of(now: f64, end: f64, width: f64) -> Self {
        let end = end.max(now);
        let span = (end * 1.04).clamp(NARROWEST, WIDEST);
        let left = (now - span * NOW_AT).min(end * 1.04 - span).max(0.0);
        let scale = (width - 2.0 * GUTTER) / span;
        Self { left, scale, width }
    }

    pub(super) fn x(self, place: f64) -> f64 {
        GUTTER + (place - self.left) * self.scale
    }

    pub(super) fn range(self) -> (u64, u64) {
        let right = self.left + (self.width - GUTTER) / self.scale;
        (self.left as u64, right as u64)
    }

    pub(super) fn place(self, x: f64) -> u64 {
        ((x - GUTTER) / self.scale + self.left).max(0.0) as u64
    }
}

//! Which part of a run the diagram shows, and how large.

use hustings_lab::diagram::DiagramX;

/// What the user has chosen: how large, and where, unless it follows the present.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(super) struct Window {
    /// Pixels to a unit; `None` shows a short run as large as it goes.
    scale: Option<f64>,
    /// What stands at the left edge, in units; `None` follows the present.
    left: Option<f64>,
}

/// The part that is shown.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct View {
    /// What stands at the left edge, in units.
    pub(super) left: f64,
    /// Pixels to a unit.
    pub(super) scale: f64,
    /// Pixels from edge to edge.
    pub(super) width: f64,
}

/// Zoom limits, in pixels per unit: from about an hour per screen to about two records.
const SCALE_MIN: f64 = 0.000_4;
const SCALE_MAX: f64 = 60.0;
/// As large as a run is shown that nobody has zoomed.
const SCALE_USUAL: f64 = 3.0;
const SCALE_SHORT: f64 = 8.0;
/// The present stands this far to the right when it is followed.
const PRESENT_AT: f64 = 0.82;
/// Where the present stands while there is a future.
const PRESENT_AT_IN_PAST: f64 = 0.55;
/// What is free at the left edge of a run, in pixels: the servers' names.
pub(super) const MARGIN: f64 = 40.0;

impl Window {
    /// The whole run at once.
    pub(super) fn whole(width: DiagramX, view: View) -> Self {
        let room = (view.width - 2.0 * MARGIN).max(1.0);
        let scale = (room / (width as f64).max(1.0)).clamp(SCALE_MIN, SCALE_MAX);
        Self {
            scale: Some(scale),
            left: Some(-MARGIN / scale),
        }
    }

    /// The same size, at the present from now on.
    pub(super) fn following(self) -> Self {
        Self { left: None, ..self }
    }

    /// Whether it follows the present.
    pub(super) fn follows(self) -> bool {
        self.left.is_none()
    }

    /// So many times as large; what stands at `x` stays there.
    pub(super) fn zoomed(self, times: f64, x: f64, view: View) -> Self {
        let scale = (view.scale * times).clamp(SCALE_MIN, SCALE_MAX);
        let still = view.left + x / view.scale;
        Self {
            scale: Some(scale),
            left: self.left.map(|_| still - x / scale),
        }
    }

    /// So many pixels further to the right.
    pub(super) fn moved(self, pixels: f64, view: View) -> Self {
        Self {
            scale: Some(view.scale),
            left: Some(view.left + pixels / view.scale),
        }
    }

    /// The part that is shown when the present is `now` and the run ends at `end`.
    pub(super) fn view(self, now: f64, end: f64, width: f64) -> View {
        let has_future = now + 1.0 < end;
        let fitting = (width * PRESENT_AT - MARGIN) / end.max(now).max(1.0);
        let scale = self
            .scale
            .unwrap_or(fitting.clamp(SCALE_USUAL, SCALE_SHORT));
        let share = if has_future {
            PRESENT_AT_IN_PAST
        } else {
            PRESENT_AT
        };
        let first = -MARGIN / scale;
        let followed = (now - width * share / scale).max(first);
        View {
            left: self.left.unwrap_or(followed),
            scale,
            width,
        }
    }
}

impl View {
    /// Where a unit stands, in pixels.
    pub(super) fn x(self, across: f64) -> f64 {
        (across - self.left) * self.scale
    }

    /// The units that are to be seen.
    pub(super) fn range(self) -> (DiagramX, DiagramX) {
        let right = self.left + self.width / self.scale;
        (
            self.left.max(0.0) as DiagramX,
            right.max(0.0).ceil() as DiagramX,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(window: Window) -> View {
        window.view(1_000.0, 1_000.0, 800.0)
    }

    #[test]
    fn the_present_is_followed_until_the_user_moves() {
        let window = Window::default();
        assert!(view(window).left < 1_000.0 && view(window).x(1_000.0) < 800.0);
        let moved = window.moved(30.0, view(window));
        assert!(!moved.follows());
        assert_eq!(view(moved).left, view(window).left + 10.0);
        assert!(moved.following().follows());
    }

    #[test]
    fn zooming_leaves_what_the_pointer_is_on_where_it_is() {
        let window = Window::default().moved(0.0, view(Window::default()));
        let before = view(window);
        let under = before.left + 200.0 / before.scale;
        let after = view(window.zoomed(2.0, 200.0, before));
        assert!((after.x(under) - 200.0).abs() < 1e-6);
    }

    #[test]
    fn a_short_run_is_shown_large_until_the_user_zooms() {
        let window = Window::default();
        let short = window.view(60.0, 60.0, 800.0);
        assert!(short.scale > view(window).scale && short.x(60.0) < 800.0);
        let zoomed = window.zoomed(0.5, 0.0, short).view(60.0, 60.0, 800.0);
        assert_eq!(zoomed.scale, short.scale * 0.5);
    }

    #[test]
    fn the_whole_run_fits() {
        let whole = view(Window::whole(5_000, view(Window::default())));
        assert!(whole.x(0.0) >= 0.0 && whole.x(5_000.0) <= 800.0);
    }
}

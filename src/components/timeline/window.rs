//! The visible part of the diagram: zoom and scroll position.

/// The zoom and the scroll position that the user has chosen.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(in super::super) struct Window {
    /// Pixels per unit; `None` chooses it, larger for short runs.
    scale: Option<f64>,
    /// The coordinate at the left edge, in units; `None` follows the current time.
    left: Option<f64>,
}

/// The visible part.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(in super::super) struct View {
    /// The coordinate at the left edge, in units.
    pub(in super::super) left: f64,
    /// Pixels per unit.
    pub(in super::super) scale: f64,
    /// The width in pixels.
    pub(in super::super) width: f64,
}

/// Zoom limits, in pixels per unit: from about a month per screen, as logs of real servers may
/// take, to about two records.
const SCALE_MIN: f64 = 0.000_000_4;
const SCALE_MAX: f64 = 60.0;
/// The scale of a run before the user has zoomed, in pixels per unit.
const SCALE_DEFAULT: f64 = 3.0;
/// The same for a short run.
const SCALE_SHORT: f64 = 8.0;
/// The position of the current time while it is followed, as a share of the width.
const NOW_AT: f64 = 0.82;
/// The same while the run continues after the current time.
const NOW_AT_IN_PAST: f64 = 0.55;
/// Space for the names of the servers at the left edge, in pixels.
pub(in super::super) const MARGIN: f64 = 40.0;

impl Window {
    /// Shows the whole run.
    pub(in super::super) fn whole(width: f64, view: View) -> Self {
        Self::framing((0.0, width), (MARGIN, MARGIN), view)
    }

    /// Shows all between two coordinates, with so many pixels before and after it.
    pub(in super::super) fn framing(
        (from, to): (f64, f64),
        (before, after): (f64, f64),
        view: View,
    ) -> Self {
        let room = (view.width - before - after).max(1.0);
        let scale = (room / (to - from).max(1.0)).clamp(SCALE_MIN, SCALE_MAX);
        Self {
            scale: Some(scale),
            left: Some(from - before / scale),
        }
    }

    /// Follows the current time with the same zoom.
    pub(in super::super) fn following(self) -> Self {
        Self { left: None, ..self }
    }

    /// Whether it follows the current time.
    pub(in super::super) fn follows(self) -> bool {
        self.left.is_none()
    }

    /// Zooms by a factor; the coordinate at `x` stays there.
    pub(in super::super) fn zoomed(self, factor: f64, x: f64, view: View) -> Self {
        let scale = (view.scale * factor).clamp(SCALE_MIN, SCALE_MAX);
        let fixed = view.left + x / view.scale;
        Self {
            scale: Some(scale),
            left: self.left.map(|_| fixed - x / scale),
        }
    }

    /// Shows a coordinate in the middle.
    pub(in super::super) fn centred(self, across: f64, view: View) -> Self {
        Self {
            scale: Some(view.scale),
            left: Some(across - view.width / 2.0 / view.scale),
        }
    }

    /// Scrolls to the right.
    pub(in super::super) fn moved(self, pixels: f64, view: View) -> Self {
        Self {
            scale: Some(view.scale),
            left: Some(view.left + pixels / view.scale),
        }
    }

    /// The visible part if the current time is at `now` and the run ends at `end`.
    pub(in super::super) fn view(self, now: f64, end: f64, width: f64) -> View {
        let has_future = now + 1.0 < end;
        let fitting = (width * NOW_AT - MARGIN) / end.max(now).max(1.0);
        let scale = self
            .scale
            .unwrap_or(fitting.clamp(SCALE_DEFAULT, SCALE_SHORT));
        let share = if has_future { NOW_AT_IN_PAST } else { NOW_AT };
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
    /// The position of a coordinate, in pixels.
    pub(in super::super) fn x(self, across: f64) -> f64 {
        (across - self.left) * self.scale
    }

    /// The coordinate at a position, in pixels.
    pub(in super::super) fn across(self, x: f64) -> f64 {
        self.left + x / self.scale
    }

    /// The first and the last visible coordinate.
    pub(in super::super) fn range(self) -> (f64, f64) {
        (self.left, self.across(self.width))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(window: Window) -> View {
        window.view(1_000.0, 1_000.0, 800.0)
    }

    #[test]
    fn the_current_time_is_followed_until_the_user_scrolls() {
        let window = Window::default();
        assert!(view(window).left < 1_000.0 && view(window).x(1_000.0) < 800.0);
        let moved = window.moved(30.0, view(window));
        assert!(!moved.follows());
        assert_eq!(view(moved).left, view(window).left + 10.0);
        assert!(moved.following().follows());
    }

    #[test]
    fn zooming_keeps_the_coordinate_under_the_pointer() {
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
        let whole = view(Window::whole(5_000.0, view(Window::default())));
        assert!(whole.x(0.0) >= 0.0 && whole.x(5_000.0) <= 800.0);
    }
}

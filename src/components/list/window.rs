//! Which rows of a long list are in view.

use std::ops::Range;

/// The part of a list that is in view, in pixels.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Window {
    /// How far the list is scrolled.
    pub top: f64,
    pub height: f64,
    /// The height of a row, which is the same for all.
    pub row: f64,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            top: 0.0,
            height: 400.0,
            row: 26.0,
        }
    }
}

impl Window {
    /// Rows that are drawn beyond either edge, so that scrolling meets no gap.
    const BEYOND: usize = 8;

    /// The rows to draw of so many. Its start is even, so that striped rows stay so.
    pub(super) fn rows(&self, count: usize) -> Range<usize> {
        let first = (self.top / self.row) as usize;
        let shown = (self.height / self.row) as usize + 2;
        let start = first.saturating_sub(Self::BEYOND).min(count) & !1;
        let end = first.saturating_add(shown + Self::BEYOND).min(count);
        start..end.max(start)
    }

    /// The height of so many rows.
    pub(super) fn height_of(&self, rows: usize) -> f64 {
        rows as f64 * self.row
    }

    /// Whether any part of a row is in view.
    pub(super) fn shows(&self, row: usize) -> bool {
        let top = self.height_of(row);
        top + self.row > self.top && top < self.top + self.height
    }

    /// How far to scroll, and no further, so that a row is in view; if it is not, with
    /// this much room beyond it.
    pub(super) fn towards(&self, row: usize, room: f64) -> f64 {
        let top = self.height_of(row);
        if top < self.top {
            (top - room).max(0.0)
        } else if top + self.row > self.top + self.height {
            top + self.row + room - self.height
        } else {
            self.top
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Window;

    const WINDOW: Window = Window {
        top: 1_000.0,
        height: 200.0,
        row: 20.0,
    };

    #[test]
    fn only_the_rows_in_view_are_drawn_and_some_beyond() {
        assert_eq!(WINDOW.rows(200_000), 42..70);
        assert_eq!(WINDOW.rows(55), 42..55);
        assert_eq!(WINDOW.rows(0), 0..0);
        let start = Window { top: 0.0, ..WINDOW };
        assert_eq!(start.rows(10), 0..10);
    }

    #[test]
    fn a_row_in_view_does_not_move_the_list() {
        for row in [50, 55, 59] {
            assert!(WINDOW.shows(row));
            assert_eq!(WINDOW.towards(row, 60.0), 1_000.0);
        }
    }

    #[test]
    fn a_row_out_of_view_is_scrolled_to_with_room_beyond_it() {
        assert!(!WINDOW.shows(49) && !WINDOW.shows(60));
        assert_eq!(WINDOW.towards(60, 0.0), 1_020.0);
        assert_eq!(WINDOW.towards(60, 60.0), 1_080.0);
        assert_eq!(WINDOW.towards(49, 0.0), 980.0);
        assert_eq!(WINDOW.towards(1, 60.0), 0.0);
    }
}

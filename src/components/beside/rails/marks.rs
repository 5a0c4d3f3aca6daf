//! The marks on the lanes: crashes, timeouts, commits and the like.

use hustings_lab::diagram::MarkKind;
use yew::prelude::*;

use super::super::super::stage::path;
use super::{Drawing, GUTTER};

impl Drawing<'_> {
    pub(super) fn draw_marks(&self, side: usize) -> Html {
        let Some(seen) = self.seen(side) else {
            return html! {};
        };
        let marks = seen.marks.iter();
        let ours = marks.filter(|mark| side == 0 || !self.is_shared(side, mark.record));
        let drawn = ours.filter_map(|mark| {
            let (x, band) = (self.x_of(side, mark.record), self.band(side, mark.record));
            let (top, bottom) = (
                self.top_of(band),
                self.top_of(band) + self.servers * self.lane,
            );
            let middle = mark.server.map_or(top, |server| self.y(band, server));
            if x < GUTTER {
                return None;
            }
            let (class, d) = match mark.kind {
                MarkKind::Crash => (
                    "crash",
                    path(&[("M", x - 4.0), (" ", middle - 4.0)]) + "l8 8m0 -8l-8 8",
                ),
                MarkKind::Violation => (
                    "violation",
                    path(&[("M", x), (" ", top - 3.0), ("V", bottom + 3.0)]),
                ),
                MarkKind::Network => ("network", path(&[("M", x), (" ", top), ("V", bottom)])),
                MarkKind::Timeout => (
                    "timeout",
                    path(&[("M", x - 3.0), (" ", middle)]) + "a3 3 0 1 0 6 0a3 3 0 1 0 -6 0",
                ),
                MarkKind::Commit => (
                    "commit",
                    path(&[("M", x), (" ", middle + 3.0)]) + "l-3 5h6z",
                ),
                MarkKind::Request => ("ask", path(&[("M", x), (" ", middle - 3.0)]) + "l-3 -5h6z"),
                _ => return None,
            };
            Some(html! { <path {class} {d} /> })
        });
        drawn.collect()
    }
}

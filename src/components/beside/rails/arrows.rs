//! The arrows of the messages.

use std::fmt::Write;

use hustings_lab::diagram::{Arrow, ArrowEnd};
use yew::prelude::*;

use super::super::super::stage::path;
use super::{Band, Drawing, GUTTER};

/// The most arrows that are drawn; more would be a grey area.
const ARROWS_MAX: usize = 700;

impl Drawing<'_> {
    pub(super) fn draw_arrows(&self, side: usize) -> Html {
        let Some(seen) = self.seen(side) else {
            return html! {};
        };
        if seen.arrows.len() > ARROWS_MAX {
            return html! {};
        }
        let (mut arrived, mut lost) = (String::new(), String::new());
        for arrow in seen.arrows {
            self.draw_arrow(side, arrow, &mut arrived, &mut lost);
        }
        html! {
            <g class="arrows">
                <path d={arrived} />
                <path class="lost" d={lost} />
            </g>
        }
    }

    fn draw_arrow(&self, side: usize, arrow: &Arrow, arrived: &mut String, lost: &mut String) {
        let link = arrow.flight.link;
        let start = (
            self.x_of(side, arrow.sent),
            self.y(self.band(side, arrow.sent), link.from),
        );
        let (record, share, into) = match arrow.end {
            ArrowEnd::Arrived(record) => (record, 1.0, arrived),
            ArrowEnd::Lost(record, _) => (record, 0.75, lost),
            ArrowEnd::UnderWay => return,
        };
        let band = self.band(side, record);
        // What both have in common is drawn once.
        if side == 1 && band == Band::Common {
            return;
        }
        let end = (self.x_of(side, record), self.y(band, link.to));
        let from = start.0.max(GUTTER);
        let rise = (end.1 - start.1) / (end.0 - start.0).max(1.0);
        let from = (from, start.1 + rise * (from - start.0));
        let end = (
            from.0 + (end.0 - from.0) * share,
            from.1 + (end.1 - from.1) * share,
        );
        into.push_str(&path(&[
            ("M", from.0),
            (" ", from.1),
            ("L", end.0),
            (" ", end.1),
        ]));
        if share < 1.0 {
            let _ = write!(into, "m-3 -3l6 6m0 -6l-6 6");
        }
    }
}

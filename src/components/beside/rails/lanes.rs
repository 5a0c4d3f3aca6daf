//! The lanes of the servers: one for both futures up to the fork, then one in each.

use hustings_lab::diagram::Span;
use hustings_raft::{NodeId, RoleName};
use yew::prelude::*;

use super::super::super::glyphs::{class_if, class_of, role_letter, term_class};
use super::super::super::stage::{num, path};
use super::{Band, Drawing, GUTTER};

impl Drawing<'_> {
    /// The spans of each server that are visible.
    fn lanes(&self, side: usize) -> Vec<(NodeId, &[Span])> {
        self.seen(side).map_or_else(Vec::new, |seen| seen.lanes)
    }

    pub(super) fn draw_lanes(&self, side: usize, band: Band, from: f64, to: f64) -> Html {
        let (from, to) = (from.max(GUTTER), to.min(self.view.width));
        if from >= to {
            return html! {};
        }
        let draw_lane = |(server, spans): (NodeId, &[Span])| {
            let starts = spans.iter().map(|span| self.x_of(side, span.record));
            let ends = starts.skip(1).chain([to]);
            let drawn = spans.iter().zip(ends).filter_map(|(span, end)| {
                let start = self.x_of(side, span.record).max(from);
                let end = end.min(to);
                (start < end).then(|| draw_span(span, self.y(band, server), start, end))
            });
            drawn.collect::<Html>()
        };
        self.lanes(side).into_iter().map(draw_lane).collect()
    }

    /// The points of the railway: from each common lane to that in a band.
    pub(super) fn draw_points(&self, side: usize, from: f64, to: f64) -> Html {
        if to <= GUTTER || from > self.view.width || from >= to {
            return html! {};
        }
        let from = from.max(GUTTER);
        let middle = (from + to) / 2.0;
        let draw_one = |(server, spans): (NodeId, &[Span])| {
            let is_before = |span: &&Span| self.x_of(side, span.record) <= to;
            let span = spans.iter().rev().find(is_before)?;
            let (start, end) = (self.y(Band::Common, server), self.y(Band::Of(side), server));
            let d = path(&[
                ("M", from),
                (" ", start),
                ("C", middle),
                (" ", start),
                (" ", middle),
                (" ", end),
                (" ", to),
                (" ", end),
            ]);
            let class = class_of(&[
                "points",
                term_class(span.term),
                class_if(span.role.is_none(), "down"),
            ]);
            Some(html! { <path {class} {d} /> })
        };
        self.lanes(side).into_iter().filter_map(draw_one).collect()
    }
}

fn draw_span(span: &Span, middle: f64, from: f64, to: f64) -> Html {
    let Some(role) = span.role else {
        let d = path(&[("M", from), (" ", middle), ("H", to)]);
        return html! { <path class="down" {d} /> };
    };
    let half = match role {
        RoleName::Follower => 3.0,
        RoleName::PreCandidate | RoleName::Candidate => 5.0,
        RoleName::Leader => 6.5,
    };
    let class = class_of(&["span", role.name(), term_class(span.term)]);
    let label = match role {
        RoleName::Follower => span.term.to_string(),
        _ => format!("{}{}", role_letter(Some(role)), span.term),
    };
    let has_room = to - from > 14.0 + 7.0 * label.len() as f64;
    html! {
        <g {class}>
            <rect x={num(from)} y={num(middle - half)} width={num(to - from)} height={num(2.0 * half)} />
            if has_room {
                <text x={num(from + 8.0 + 3.0 * label.len() as f64)} y={num(middle + 3.8)}>{ label }</text>
            }
        </g>
    }
}

//! The arrows of votes: asked for, given, refused, and asked for in vain.

use std::collections::BTreeMap;

use hustings_logs::Ballot;
use hustings_logs::shown::{EventId, Shown, ShownArrow};
use yew::prelude::*;

use super::super::diagram::{head_to, line_to, sign_to};
use super::super::glyphs::{class_if, class_of};
use super::super::stage::num;
use super::look::time;
use super::picture::Frame;
use crate::i18n::texts;

/// The least width to an arrow, in pixels, below which they would be a smear.
const ROOM: f64 = 2.5;
/// How far one goes whose receipt no line tells of, in pixels: to the right, and up or down.
const STUB: (f64, f64) = (7.0, 26.0);

/// The kinds of arrows, in the order in which they are drawn.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A message whose receipt no line tells of.
    Unanswered,
    /// A request for a vote.
    Asked,
    /// A vote that was given.
    Yes,
    /// One that was not.
    No,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Unanswered => "unanswered",
            Self::Asked => "vote",
            Self::Yes => "yes",
            Self::No => "no",
        }
    }
}

/// An arrow that is drawn.
struct Drawn {
    kind: Kind,
    ballot: Ballot,
    start: (f64, f64),
    end: (f64, f64),
}

/// The arrows that have room. Where they have not, it is told how many there are.
pub(super) fn draw(shown: &Shown, frame: Frame) -> Html {
    let (from, to) = (frame.names, frame.view.width);
    let arrows = sent_in_view(shown, frame).iter();
    let arrows = arrows.filter_map(|arrow| drawn(shown, arrow, frame));
    let arrows = arrows.filter(|it| it.start.0.max(it.end.0) >= from && it.start.0 <= to);
    let arrows: Vec<_> = arrows.collect();
    if arrows.len() as f64 * ROOM > to {
        let told = texts().logs_arrows(arrows.len());
        let y = frame.rows.height() - 3.0;
        return html! { <text class="warped" x={num(from + 6.0)} y={num(y)}>{ told }</text> };
    }
    let mut paths = BTreeMap::<_, String>::new();
    for it in &arrows {
        let d = paths.entry((it.kind, it.ballot)).or_default();
        line_to(d, it.start, it.end);
        if it.kind != Kind::Unanswered {
            head_to(d, it.start, it.end);
            sign_to(d, it.kind.class(), it.start, it.end);
        }
    }
    html! {
        <g class="arrows">
            { for paths.into_iter().map(|((kind, ballot), d)| html! {
                <path class={class_of(&[kind.class(), class_if(ballot == Ballot::PreVote, "pre")])} {d} />
            }) }
        </g>
    }
}

/// The arrows that are in view or begin shortly before it; they stand in the order in which
/// they were sent.
fn sent_in_view(shown: &Shown, frame: Frame) -> &[ShownArrow] {
    let from = time(frame.view.across(frame.names - STUB.0)) - shown.longest_flight;
    let (_, to) = frame.times();
    let sent = |arrow: &ShownArrow| shown.event(arrow.sent).map(|it| it.at);
    let first = shown.arrows.partition_point(|it| sent(it) < Some(from));
    let after = shown.arrows.partition_point(|it| sent(it) <= Some(to));
    shown.arrows.get(first..after).unwrap_or_default()
}

fn drawn(shown: &Shown, arrow: &ShownArrow, frame: Frame) -> Option<Drawn> {
    let at = |event: EventId| shown.event(event).map(|it| frame.x(it.at));
    let start = (at(arrow.sent)?, frame.rows.middle(arrow.from.0));
    let to = frame.rows.middle(arrow.to.0);
    let stub = (to - start.1).clamp(-STUB.1, STUB.1);
    let (kind, end) = match (arrow.received, arrow.granted) {
        (None, _) => (Kind::Unanswered, (start.0 + STUB.0, start.1 + stub)),
        (Some(event), None) => (Kind::Asked, (at(event)?, to)),
        (Some(event), Some(true)) => (Kind::Yes, (at(event)?, to)),
        (Some(event), Some(false)) => (Kind::No, (at(event)?, to)),
    };
    Some(Drawn {
        kind,
        ballot: arrow.ballot,
        start,
        end,
    })
}

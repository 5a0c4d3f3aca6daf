//! The arrows of votes: asked for, given, refused, and asked for in vain.

use hustings_logs::Ballot;
use hustings_logs::shown::{Shown, ShownArrow};
use yew::prelude::*;

use super::super::diagram::{head_to, line_to, sign_to};
use super::super::glyphs::class_of;
use super::super::stage::num;
use super::picture::Frame;
use crate::i18n::texts;

/// The least width to an arrow, in pixels, below which they would be a smear.
const ROOM: f64 = 2.5;
/// How far one goes whose receipt no line tells of, in pixels: to the right, and up or down.
const STUB: (f64, f64) = (7.0, 26.0);

/// The kinds of arrows, in the order in which they are drawn.
const KINDS: [&str; 4] = ["unanswered", "vote", "yes", "no"];

/// An arrow that is drawn: its kind, and whether it is about a pre-vote.
struct Drawn {
    kind: usize,
    is_pre_vote: bool,
    start: (f64, f64),
    end: (f64, f64),
}

/// The arrows that have room. Where they have not, it is told how many there are.
pub(super) fn draw(shown: &Shown, frame: Frame) -> Html {
    let (from, to) = (frame.names, frame.view.width);
    let arrows = shown
        .arrows
        .iter()
        .filter_map(|arrow| drawn(shown, arrow, frame));
    let arrows =
        arrows.filter(|it| it.start.0.max(it.end.0) >= from && it.start.0.min(it.end.0) <= to);
    let arrows: Vec<_> = arrows.collect();
    if arrows.len() as f64 * ROOM > to {
        let told = texts().logs_arrows(arrows.len());
        let y = frame.rows.height() - 3.0;
        return html! { <text class="warped" x={num(from + 6.0)} y={num(y)}>{ told }</text> };
    }
    let mut paths = [const { [const { String::new() }; 2] }; KINDS.len()];
    for it in &arrows {
        let d = paths
            .get_mut(it.kind)
            .and_then(|of| of.get_mut(usize::from(it.is_pre_vote)));
        let (Some(d), Some(kind)) = (d, KINDS.get(it.kind)) else {
            continue;
        };
        line_to(d, it.start, it.end);
        if *kind != "unanswered" {
            head_to(d, it.start, it.end);
            sign_to(d, kind, it.start, it.end);
        }
    }
    let kinds = KINDS.into_iter().zip(paths);
    let drawn =
        kinds.flat_map(|(kind, [vote, pre_vote])| [(kind, "", vote), (kind, "pre", pre_vote)]);
    html! {
        <g class="arrows">
            { for drawn.filter(|(.., d)| !d.is_empty()).map(|(kind, pre, d)| html! {
                <path class={class_of(&[kind, pre])} {d} />
            }) }
        </g>
    }
}

fn drawn(shown: &Shown, arrow: &ShownArrow, frame: Frame) -> Option<Drawn> {
    let at = |event: hustings_logs::shown::EventId| {
        let event = shown.events.get(event.0 as usize)?;
        Some(frame.x(event.at))
    };
    let start = (at(arrow.sent)?, frame.rows.middle(arrow.from.0));
    let to = frame.rows.middle(arrow.to.0);
    let (kind, end) = match (arrow.received, arrow.granted) {
        (None, _) => (
            0,
            (
                start.0 + STUB.0,
                start.1 + (to - start.1).clamp(-STUB.1, STUB.1),
            ),
        ),
        (Some(event), None) => (1, (at(event)?, to)),
        (Some(event), Some(true)) => (2, (at(event)?, to)),
        (Some(event), Some(false)) => (3, (at(event)?, to)),
    };
    Some(Drawn {
        kind,
        is_pre_vote: arrow.ballot == Ballot::PreVote,
        start,
        end,
    })
}

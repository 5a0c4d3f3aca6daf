//! The arrows of the messages that arrived or were lost.

use hustings_lab::diagram::{Arrow, ArrowEnd, sign};
use hustings_raft::Message;
use yew::prelude::*;

use super::super::stage::{num, path};
use super::lanes::draw_traffic;
use super::scene::Drawing;

/// The most arrows to ten pixels of width that are drawn each for itself.
const CROWD: f64 = 6.0;
/// The most arrows with heads and signs.
const HEADS_MAX: usize = 400;
/// The most arrows with what they say.
const WORDS_MAX: usize = 90;
/// Where the arrow of a lost message ends.
const LOST_AT: f64 = 0.78;

/// The kinds of arrows, in the order in which they are drawn.
const KINDS: [&str; 6] = ["heartbeat", "vote", "entries", "yes", "no", "lost"];

type Point = (f64, f64);

pub(super) fn draw(drawing: &Drawing) -> Html {
    if is_crowd(drawing) {
        return draw_traffic(drawing);
    }
    let arrows = &drawing.seen.arrows;
    let (has_heads, has_words) = (arrows.len() <= HEADS_MAX, arrows.len() <= WORDS_MAX);
    let mut paths = [const { String::new() }; KINDS.len()];
    let mut words = Vec::new();
    for arrow in arrows {
        let Some((start, end)) = ends(drawing, arrow) else {
            continue;
        };
        let kind = kind_of(arrow);
        let Some(d) = KINDS
            .iter()
            .position(|it| *it == kind)
            .and_then(|number| paths.get_mut(number))
        else {
            continue;
        };
        line_to(d, start, end);
        match kind {
            "lost" => cross_to(d, end),
            "heartbeat" => {}
            _ if has_heads => {
                head_to(d, start, end);
                sign_to(d, kind, start, end);
            }
            _ => {}
        }
        if has_words && matches!(kind, "vote" | "entries") {
            words.push(draw_word(arrow, start, end));
        }
    }
    html! {
        <g class="arrows">
            { for KINDS.into_iter().zip(paths).filter(|(_, d)| !d.is_empty()).map(|(class, d)| html! { <path {class} {d} key={class} /> }) }
            { for words }
        </g>
    }
}

/// Whether there are too many messages to draw each.
pub(super) fn is_crowd(drawing: &Drawing) -> bool {
    let sent = drawing
        .layout
        .diagram()
        .count_sent(drawing.first, drawing.last);
    drawing.is_dense() || sent as f64 > drawing.view.width / 10.0 * CROWD
}

fn kind_of(arrow: &Arrow) -> &'static str {
    if matches!(arrow.end, ArrowEnd::Lost(..)) {
        return "lost";
    }
    match &*arrow.flight.message {
        Message::AppendEntries { entries, .. } if entries.is_empty() => "heartbeat",
        Message::AppendEntries { .. } => "entries",
        Message::RequestVote { .. } | Message::PreVote { .. } | Message::TimeoutNow { .. } => {
            "vote"
        }
        Message::AppendEntriesReply { .. } if arrow.flight.message.is_positive() == Some(true) => {
            "heartbeat"
        }
        message if message.is_positive() == Some(true) => "yes",
        _ => "no",
    }
}

/// Start and end of an arrow. One that is folded away, or has not ended, has none here.
fn ends(drawing: &Drawing, arrow: &Arrow) -> Option<(Point, Point)> {
    let (last, share) = match arrow.end {
        ArrowEnd::Arrived(record) => (record, 1.0),
        ArrowEnd::Lost(record, _) => (record, LOST_AT),
        ArrowEnd::UnderWay => return None,
    };
    let folded = |record| drawing.layout.fold_of(record).map(|fold| fold.first);
    if folded(arrow.sent).is_some() && folded(arrow.sent) == folded(last) {
        return None;
    }
    let link = arrow.flight.link;
    let start = (drawing.x(arrow.sent), drawing.rows.y(link.from));
    let whole = (drawing.x(last), drawing.rows.y(link.to));
    Some((start, between(start, whole, share)))
}

pub(super) fn between((x0, y0): Point, (x, y): Point, share: f64) -> Point {
    (x0 + (x - x0) * share, y0 + (y - y0) * share)
}

/// What a request says, beside its arrow.
fn draw_word(arrow: &Arrow, start: Point, end: Point) -> Html {
    let (x, y) = between(start, end, 0.36);
    html! { <text x={num(x + 4.0)} y={num(y + 3.0)}>{ sign(&arrow.flight.message) }</text> }
}

pub(super) fn line_to(d: &mut String, (x0, y0): Point, (x, y): Point) {
    d.push_str(&path(&[("M", x0), (" ", y0), ("L", x), (" ", y)]));
}

pub(super) fn cross_to(d: &mut String, (x, y): Point) {
    d.push_str(&path(&[("M", x - 3.5), (" ", y - 3.5)]));
    d.push_str("l7 7m0 -7l-7 7");
}

fn head_to(d: &mut String, start: Point, (x, y): Point) {
    let (dx, dy) = direction(start, (x, y), 6.0);
    let left = (x - dx - dy * 0.5, y - dy + dx * 0.5);
    let right = (x - dx + dy * 0.5, y - dy - dx * 0.5);
    d.push_str(&path(&[
        ("M", left.0),
        (" ", left.1),
        ("L", x),
        (" ", y),
        ("L", right.0),
        (" ", right.1),
    ]));
}

/// The plus or minus of a reply, beside its head.
fn sign_to(d: &mut String, kind: &str, start: Point, (x, y): Point) {
    if !matches!(kind, "yes" | "no") {
        return;
    }
    let (dx, dy) = direction(start, (x, y), 1.0);
    let (x, y) = (x - 13.0 * dx + 6.0 * dy.abs(), y - 13.0 * dy - 6.0 * dx);
    d.push_str(&path(&[("M", x - 3.0), (" ", y)]));
    d.push_str("h6");
    if kind == "yes" {
        d.push_str(&path(&[("M", x), (" ", y - 3.0)]));
        d.push_str("v6");
    }
}

/// The direction from one point to another, of this length.
fn direction((x0, y0): Point, (x, y): Point, length: f64) -> Point {
    let (dx, dy) = (x - x0, y - y0);
    let distance = (dx * dx + dy * dy).sqrt().max(1.0);
    (dx / distance * length, dy / distance * length)
}

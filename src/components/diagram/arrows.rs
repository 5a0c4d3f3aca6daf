//! The arrows of the messages that arrived or were lost.

use hustings_lab::diagram::{Arrow, ArrowEnd, sign};
use hustings_raft::Message;
use yew::prelude::*;

use super::super::stage::{num, path};
use super::scene::Drawing;
use super::traffic;

/// The most arrows that are looked at.
const ARROWS_MAX: usize = 20_000;
/// The least width to an arrow, in pixels, below which they would be a smear; heartbeats
/// say less and need more.
const ROOM: f64 = 2.5;
const ROOM_OF_HEARTBEAT: f64 = 8.0;
/// The most arrows with heads and signs.
const HEADS_MAX: usize = 300;
/// The most arrows with what they say.
const WORDS_MAX: usize = 90;
/// Where the arrow of a lost message ends.
const LOST_AT: f64 = 0.78;

/// The kinds of arrows, in the order in which they are drawn.
const KINDS: [&str; 6] = ["heartbeat", "vote", "entries", "yes", "no", "lost"];

type Point = (f64, f64);

/// An arrow that is drawn.
struct Drawn<'a> {
    arrow: &'a Arrow,
    kind: &'static str,
    start: Point,
    end: Point,
}

/// The arrows that have room. Where some have not, it is told how many messages there are.
pub(super) fn draw(drawing: &Drawing) -> Html {
    let width = drawing.view.width;
    let has_room = |count: usize, room: f64| count as f64 * room <= width;
    let all = if drawing.is_dense() || count(drawing) > ARROWS_MAX {
        None
    } else {
        Some(drawn(drawing))
    };
    let Some((heartbeats, others)) = all.filter(|(_, others)| has_room(others.len(), ROOM)) else {
        return traffic::draw(drawing);
    };
    let has_heartbeats = has_room(heartbeats.len(), ROOM_OF_HEARTBEAT);
    html! {
        <>
            if !has_heartbeats {
                { traffic::draw(drawing) }
            }
            { draw_arrows(&others, if has_heartbeats { &heartbeats } else { &[] }) }
        </>
    }
}

/// How many messages were sent, but for those that are folded away.
fn count(drawing: &Drawing) -> usize {
    let diagram = drawing.layout.diagram();
    let folded = drawing.folds();
    let folded = folded.map(|fold| diagram.count_sent(fold.first, fold.last));
    let sent = diagram.count_sent(drawing.first, drawing.last);
    sent.saturating_sub(folded.sum())
}

/// Heartbeats and others.
fn drawn<'a>(drawing: &Drawing<'a>) -> (Vec<Drawn<'a>>, Vec<Drawn<'a>>) {
    let arrows = drawing.layout.diagram();
    let arrows = arrows.arrows_between(drawing.first, drawing.last);
    let drawn = arrows.filter_map(|arrow| {
        let (start, end) = ends(drawing, arrow)?;
        let kind = kind_of(arrow);
        Some(Drawn {
            arrow,
            kind,
            start,
            end,
        })
    });
    drawn.partition(|it| it.kind == "heartbeat")
}

/// All arrows of a kind are one path, so that many of them render fast.
fn draw_arrows(others: &[Drawn], heartbeats: &[Drawn]) -> Html {
    let (has_heads, has_words) = (others.len() <= HEADS_MAX, others.len() <= WORDS_MAX);
    let mut paths = [const { String::new() }; KINDS.len()];
    for it in heartbeats.iter().chain(others) {
        let number = KINDS.iter().position(|kind| *kind == it.kind);
        let Some(d) = number.and_then(|number| paths.get_mut(number)) else {
            continue;
        };
        line_to(d, it.start, it.end);
        match it.kind {
            "lost" => cross_to(d, it.end),
            "heartbeat" => {}
            kind if has_heads => {
                head_to(d, it.start, it.end);
                sign_to(d, kind, it.start, it.end);
            }
            _ => {}
        }
    }
    let paths = KINDS.into_iter().zip(paths).filter(|(_, d)| !d.is_empty());
    let asks = |it: &&Drawn| has_words && matches!(it.kind, "vote" | "entries");
    html! {
        <g class="arrows">
            { for paths.map(|(class, d)| html! { <path {class} {d} key={class} /> }) }
            { for others.iter().filter(asks).map(|it| draw_word(it.arrow, it.start, it.end)) }
        </g>
    }
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

pub(in super::super) fn line_to(d: &mut String, (x0, y0): Point, (x, y): Point) {
    d.push_str(&path(&[("M", x0), (" ", y0), ("L", x), (" ", y)]));
}

pub(super) fn cross_to(d: &mut String, (x, y): Point) {
    d.push_str(&path(&[("M", x - 3.5), (" ", y - 3.5)]));
    d.push_str("l7 7m0 -7l-7 7");
}

pub(in super::super) fn head_to(d: &mut String, start: Point, (x, y): Point) {
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
pub(in super::super) fn sign_to(d: &mut String, kind: &str, start: Point, (x, y): Point) {
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

//! The lanes: what was known of each member, for how long; times without a leader; and a mark
//! for each event.

use hustings_lab::VecMap;
use hustings_logs::Micros;
use hustings_logs::shown::{Presence, Shown, ShownSpan};
use hustings_raft::RoleName;
use yew::prelude::*;

use super::super::diagram::{TOP, draw_shares, half_height, rank};
use super::super::glyphs::class_of;
use super::super::stage::{num, path};
use super::look::{colour, lasting, letter, shape, word};
use super::picture::Frame;
use crate::i18n::texts;

/// The least width with which anything is drawn, in pixels.
const ALONE: f64 = 1.0;
/// The least width to a stretch, in pixels, below which they would be a smear.
const CROWDED: f64 = 6.0;
/// The least distance between times without a leader, in pixels, for both to be drawn.
const APART: f64 = 3.0;
/// The least width of a time without a leader that says how long it took, in pixels.
const SAYS: f64 = 96.0;
/// The distance at which the label of a long stretch is repeated, in pixels.
const REPEAT: f64 = 320.0;

/// How a stretch looks: what matters more is larger, and drawn later.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    /// Nothing is known.
    Silent,
    /// It ran; in which role, no line tells.
    Vague(&'static str),
    /// It did not run.
    Down,
    /// It ran, or is said to have, in a role, by its rank, with a class for it and for its term.
    Role(u8, &'static str, &'static str),
}

impl Look {
    fn of(span: &ShownSpan) -> Self {
        match (span.known.presence, span.known.role) {
            (Presence::Down, _) => Self::Down,
            (_, Some(role)) => {
                let shape = shape(role);
                Self::Role(rank(shape), shape.name(), colour(span.known.term))
            }
            (Presence::Unknown, None) => Self::Silent,
            (Presence::Running, None) => Self::Vague(colour(span.known.term)),
        }
    }

    fn class(self) -> String {
        match self {
            Self::Silent => "silent".to_owned(),
            Self::Vague(term) => class_of(&["span", "vague", term]),
            Self::Down => "down".to_owned(),
            Self::Role(_, role, term) => class_of(&["span", role, term]),
        }
    }
}

/// A stretch of a lane, in pixels.
struct Stretch<'s> {
    span: &'s ShownSpan,
    look: Look,
    from: f64,
    to: f64,
}

impl Stretch<'_> {
    fn looks_like(&self, other: &Self) -> bool {
        let seen = |span: &ShownSpan| (span.known.presence, span.known.role, span.known.term);
        seen(self.span) == seen(other.span)
    }

    /// The role in whose share of the time it counts, or none if it was down; nothing if that
    /// is not known.
    fn shares(&self) -> Option<Option<RoleName>> {
        match self.look {
            Look::Down => Some(None),
            Look::Silent | Look::Vague(_) => None,
            Look::Role(..) => self.span.known.role.map(|role| Some(shape(role))),
        }
    }
}

/// The visible stretches of a lane.
fn stretches(spans: &[ShownSpan], frame: Frame, end: f64) -> Vec<Stretch<'_>> {
    let (from, to) = frame.times();
    let first = spans.partition_point(|span| span.from <= from);
    let after = spans.partition_point(|span| span.from <= to);
    let first = first.saturating_sub(1).min(after);
    let visible = (first..after).filter_map(|number| {
        let span = spans.get(number)?;
        let next = spans.get(number + 1).map_or(end, |next| frame.x(next.from));
        Some(Stretch {
            span,
            look: Look::of(span),
            from: frame.x(span.from).max(-4.0),
            to: next.min(frame.view.width + 4.0),
        })
    });
    // Events that change nothing that is seen divide nothing.
    let mut seen: Vec<Stretch> = Vec::new();
    for stretch in visible {
        match seen.last_mut() {
            Some(last) if last.looks_like(&stretch) => last.to = stretch.to,
            _ => seen.push(stretch),
        }
    }
    seen
}

pub(super) fn draw(shown: &Shown, frame: Frame) -> Html {
    let end = frame.x(shown.lasts);
    let lanes = shown.members.iter();
    let lanes: Vec<_> = lanes.map(|it| stretches(&it.spans, frame, end)).collect();
    html! {
        <>
            <defs>
                <pattern id="silence" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <path d="M0 0V8" />
                </pattern>
            </defs>
            { for (0..).zip(&lanes).map(|(number, lane)| html! {
                <g class="lane" key={number}>
                    { draw_lane(lane, number, frame) }
                </g>
            }) }
            if lanes.iter().any(|lane| is_crowded(lane, frame)) {
                <text class="warped shares-told" x={num(frame.view.width - 6.0)} y={num(frame.rows.height() - 3.0)}>{ texts().logs_shares() }</text>
            }
        </>
    }
}

/// Whether there are too many stretches to see each.
fn is_crowded(stretches: &[Stretch], frame: Frame) -> bool {
    stretches.len() as f64 > frame.view.width / CROWDED
}

/// All stretches that look alike are one path. Where there are too many, it is drawn for how
/// much of the time the member led or stood.
fn draw_lane(stretches: &[Stretch], lane: u8, frame: Frame) -> Html {
    let middle = frame.rows.middle(lane);
    if is_crowded(stretches, frame) {
        let known = stretches
            .iter()
            .filter_map(|it| Some((it.shares()?, it.from, it.to)));
        return draw_shares(known, (frame.rows, middle), frame.view.width);
    }
    let mut paths = VecMap::<Look, String>::default();
    let mut labels = Vec::new();
    for stretch in stretches {
        let d = paths.entry(stretch.look);
        let half = match stretch.look {
            Look::Down => {
                d.push_str(&path(&[
                    ("M", stretch.from),
                    (" ", middle),
                    ("H", stretch.to),
                ]));
                continue;
            }
            Look::Silent | Look::Vague(_) => 0.18,
            Look::Role(..) => stretch
                .span
                .known
                .role
                .map_or(0.18, |role| half_height(shape(role))),
        } * frame.rows.lane();
        let width = (stretch.to - stretch.from).max(ALONE);
        d.push_str(&path(&[
            ("M", stretch.from),
            (" ", middle - half),
            ("h", width),
            ("v", 2.0 * half),
            ("h", -width),
        ]));
        d.push('z');
        push_labels(&mut labels, stretch, frame, middle);
    }
    html! {
        <>
            { for paths.into_iter().map(|(look, d)| html! { <path class={look.class()} {d} /> }) }
            { for labels }
        </>
    }
}

/// The label of a stretch, where it begins and again wherever it goes on for long.
fn push_labels(labels: &mut Vec<Html>, stretch: &Stretch, frame: Frame, middle: f64) {
    let (from, to) = (stretch.from.max(frame.names), stretch.to);
    let fits = |label: &String| to - from > 12.0 + frame.letter * label.chars().count() as f64;
    let Some(label) = labels_of(stretch.span).into_iter().find(fits) else {
        return;
    };
    let class = match stretch.look {
        Look::Silent => "label silent-label".to_owned(),
        _ => class_of(&["label", colour(stretch.span.known.term)]),
    };
    let places = std::iter::successors(Some(from + 6.0), |x| Some(x + REPEAT));
    for x in places.take_while(|x| *x < from + 7.0 || x + 90.0 < to) {
        labels.push(html! {
            <text class={class.clone()} x={num(x)} y={num(middle + 4.0)}>{ label.clone() }</text>
        });
    }
}

/// What is known of a stretch, in ever fewer letters.
fn labels_of(span: &ShownSpan) -> [String; 2] {
    let term = span
        .known
        .term
        .map_or_else(|| "?".to_owned(), |term| term.to_string());
    match (span.known.presence, span.known.role) {
        (Presence::Unknown, None) => [texts().logs_unknown().to_owned(), "?".to_owned()],
        (_, None) if span.known.term.is_none() => [term.clone(), term],
        (_, None) => [format!("? {term}"), "?".to_owned()],
        (_, Some(role)) if shape(role) == RoleName::Follower => [term.clone(), term],
        (_, Some(role)) => {
            let short = letter(role).to_owned() + term.as_str();
            [format!("{} {term}", word(role)), short]
        }
    }
}

/// The times without a leader, with how long they took; short ones, if there is room.
pub(super) fn draw_leaderless(shown: &Shown, frame: Frame) -> Html {
    let (from, to) = frame.times();
    let seen = shown.leaderless.iter();
    let seen = seen.filter(|it| it.to >= from && it.from <= to);
    let mut bands: Vec<(f64, f64, Micros)> = Vec::new();
    for it in seen {
        let (left, right) = (frame.x(it.from), frame.x(it.to));
        let (left, right) = (left.max(frame.names), right.min(frame.view.width));
        match bands.last_mut() {
            // A short one next to another would make all of it look leaderless.
            Some(last) if left - last.1 < APART && right - left < ALONE => {}
            _ => bands.push((left, right, it.to - it.from)),
        }
    }
    // Where many are narrower than can be drawn, they would look like most of the time.
    if bands.len() as f64 > frame.view.width / CROWDED {
        bands.retain(|(left, right, _)| right - left >= ALONE);
    }
    let mut d = String::new();
    for (left, right, _) in &bands {
        let width = (right - left).max(ALONE);
        d.push_str(&path(&[("M", *left), (" ", TOP), ("h", width)]));
        d.push_str(&path(&[("V", frame.rows.height()), ("h", -width)]));
        d.push('z');
    }
    let says = bands.iter().filter(|(left, right, _)| right - left > SAYS);
    html! {
        <g class="leaderless">
            <path {d}><title>{ texts().logs_leaderless_hint() }</title></path>
            { for says.map(|(left, right, took)| {
                let took = lasting(*took);
                html! {
                    <text x={num((left + right) / 2.0)} y={num(frame.rows.height() - 3.0)}>{ texts().logs_leaderless(took) }</text>
                }
            }) }
        </g>
    }
}

/// The names of the members, over whatever reaches to the left edge.
pub(super) fn draw_names(shown: &Shown, frame: Frame) -> Html {
    let height = frame.rows.height() - TOP;
    html! {
        <>
            <rect class="gutter" y={num(TOP)} width={num(frame.names)} height={num(height)} />
            if !shown.begins.lacks_year() {
                <text class="zone" x="4" y="16">{ "UTC" }</text>
            }
            { for (0..).zip(&shown.members).map(|(number, member)| html! {
                <text class="name" x="4" y={num(frame.rows.middle(number) + 5.0)}>
                    <title>{ &member.name }</title>
                    { short(&member.name, frame.names) }
                </text>
            }) }
        </>
    }
}

/// As much of a name as has room: its end, where names of a cluster differ.
fn short(name: &str, room: f64) -> String {
    let most = ((room - 12.0) / 8.0) as usize;
    let count = name.chars().count();
    if count <= most {
        return name.to_owned();
    }
    let end: String = name.chars().skip(count + 1 - most).collect();
    format!("…{end}")
}

//! The lanes: what each server was, as height and colour; from far, for how much of the
//! time it was that.

use hustings_lab::VecMap;
use hustings_lab::diagram::Span;
use hustings_raft::{NodeId, RoleName};
use yew::prelude::*;

use super::super::glyphs::{class_if, class_of, role_letter, role_text, term_class};
use super::super::stage::{num, path};
use super::scene::Drawing;
use super::shares;

/// The distance at which the label of a long span is repeated, in pixels.
const REPEAT: f64 = 320.0;

pub(super) fn draw(drawing: &Drawing) -> Html {
    let is_dense = drawing.is_dense();
    let lanes = drawing.lanes.iter();
    html! {
        <>
            { for lanes.map(|(server, spans)| html! {
                <g class="lane" key={server.to_string()}>
                    if is_dense {
                        { draw_shares(drawing, *server, spans) }
                    } else {
                        { draw_spans(drawing, *server, spans) }
                    }
                </g>
            }) }
        </>
    }
}

/// The spans with their ends, in pixels.
fn stretches<'s>(
    drawing: &Drawing,
    spans: &'s [Span],
) -> impl Iterator<Item = (&'s Span, f64, f64)> {
    let right = drawing.view.width;
    let ends = spans.iter().skip(1).map(|span| drawing.x(span.record));
    let ends: Vec<_> = ends.chain([right]).collect();
    let starts = spans.iter().map(|span| drawing.x(span.record).max(-4.0));
    let starts: Vec<_> = starts.collect();
    let between = starts.into_iter().zip(ends);
    spans
        .iter()
        .zip(between)
        .map(move |(span, (from, to))| (span, from, to.min(right)))
        .filter(|(_, from, to)| to >= from)
}

/// Role, term class, and whether it was paused.
type Look = (Option<RoleName>, &'static str, bool);

/// All spans that look alike are one path.
fn draw_spans(drawing: &Drawing, server: NodeId, spans: &[Span]) -> Html {
    let middle = drawing.rows.y(server);
    let mut paths = VecMap::<_, (Look, String)>::default();
    let mut labels = Vec::new();
    for (span, from, to) in stretches(drawing, spans) {
        let look = (span.role, term_class(span.term), span.paused);
        let order = (span.role.map(rank), look.1, look.2);
        let (drawn, d) = paths.entry(order);
        *drawn = look;
        let Some(role) = span.role else {
            d.push_str(&path(&[("M", from), (" ", middle), ("H", to)]));
            continue;
        };
        let (half, width) = (
            half_height(role) * drawing.rows.lane(),
            (to - from).max(1.0),
        );
        d.push_str(&path(&[
            ("M", from),
            (" ", middle - half),
            ("h", width),
            ("v", 2.0 * half),
            ("h", -width),
        ]));
        d.push('z');
        push_labels(&mut labels, drawing, span, (from, to), middle);
    }
    html! {
        <>
            { for paths.into_iter().map(|(_, (look, d))| html! { <path class={class(look)} {d} /> }) }
            { for labels }
        </>
    }
}

fn class((role, term, paused): Look) -> String {
    match role {
        None => "down".to_owned(),
        Some(role) => class_of(&["span", role.name(), term, class_if(paused, "paused")]),
    }
}

pub(in super::super) fn rank(role: RoleName) -> u8 {
    match role {
        RoleName::Follower => 0,
        RoleName::PreCandidate => 1,
        RoleName::Candidate => 2,
        RoleName::Leader => 3,
    }
}

/// Half the height of a span, as a share of its lane.
pub(in super::super) fn half_height(role: RoleName) -> f64 {
    match role {
        RoleName::Follower => 0.18,
        RoleName::PreCandidate | RoleName::Candidate => 0.29,
        RoleName::Leader => 0.39,
    }
}

/// The label of a span, where it begins and again wherever it goes on for long.
fn push_labels(
    labels: &mut Vec<Html>,
    drawing: &Drawing,
    span: &Span,
    (from, to): (f64, f64),
    middle: f64,
) {
    let word = match span.role {
        Some(RoleName::Follower) | None => span.term.to_string(),
        role => format!("{} {}", role_text(role), span.term),
    };
    let short = match span.role {
        Some(RoleName::Follower) | None => word.clone(),
        role => format!("{}{}", role_letter(role), span.term),
    };
    let room = to - from;
    let fits = |label: &String| room > 12.0 + 6.5 * label.chars().count() as f64;
    let Some(label) = [word, short].into_iter().find(fits) else {
        return;
    };
    let begins = drawing.x(span.record) >= 0.0;
    let start = drawing.view.left * drawing.view.scale;
    let next = ((start + from + 120.0) / REPEAT).ceil() * REPEAT - start;
    let repeats = std::iter::successors(Some(next), |x| Some(x + REPEAT));
    let repeats = repeats.take_while(|x| x + 90.0 < to);
    let class = class_of(&["label", term_class(span.term)]);
    for x in begins.then_some(from + 6.0).into_iter().chain(repeats) {
        labels.push(html! {
            <text class={class.clone()} x={num(x)} y={num(middle + 4.0)}>{ label.clone() }</text>
        });
    }
}

fn draw_shares(drawing: &Drawing, server: NodeId, spans: &[Span]) -> Html {
    let stretches = stretches(drawing, spans).map(|(span, from, to)| (span.role, from, to));
    let place = (drawing.rows, drawing.rows.y(server));
    shares::draw(stretches, place, drawing.view.width)
}

//! The marks of notable events. Those of a kind are one path, and where they would lie upon
//! one another there is one.

use hustings_lab::VecMap;
use hustings_lab::diagram::{Mark, MarkKind};
use yew::prelude::*;

use super::super::stage::path;
use super::arrows::cross_to;
use super::rows::TOP;
use super::scene::Drawing;

/// The least distance between marks of a kind on a lane, in pixels.
const APART: f64 = 3.0;

pub(super) fn draw(drawing: &Drawing) -> Html {
    let is_dense = drawing.is_dense();
    let mut paths = VecMap::<&str, String>::default();
    let mut last = VecMap::default();
    let diagram = drawing.layout.diagram();
    for mark in diagram.marks_between(drawing.first, drawing.last) {
        let Some(class) = class_of(mark.kind).filter(|class| !is_dense || is_big(class)) else {
            continue;
        };
        let x = drawing.x(mark.record);
        let before = last.insert((class, mark.server), x);
        if before.is_none_or(|before| x - before >= APART) {
            add(paths.entry(class), drawing, mark, x);
        } else if let Some(before) = before {
            last.insert((class, mark.server), before);
        }
    }
    html! {
        <>
            { for paths.into_iter().map(|(class, d)| html! { <path {class} {d} key={class} /> }) }
        </>
    }
}

fn class_of(kind: MarkKind) -> Option<&'static str> {
    Some(match kind {
        MarkKind::Timeout => "timeout",
        MarkKind::Crash => "crash",
        MarkKind::Violation => "violation",
        MarkKind::Network => "network",
        MarkKind::Note => "note",
        MarkKind::Departure => "departure",
        MarkKind::Request => "ask",
        MarkKind::Commit => "commit",
        MarkKind::Elected | MarkKind::Restart => return None,
    })
}

/// Whether a mark matters from far, too.
fn is_big(class: &str) -> bool {
    matches!(class, "crash" | "violation" | "network" | "note")
}

fn add(d: &mut String, drawing: &Drawing, mark: &Mark, x: f64) {
    let bottom = drawing.rows.bottom();
    let middle = mark.server.map_or(bottom, |server| drawing.rows.y(server));
    match mark.kind {
        MarkKind::Timeout => {
            d.push_str(&path(&[("M", x - 4.0), (" ", middle)]));
            d.push_str("a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z");
        }
        MarkKind::Crash => cross_to(d, (x, middle)),
        MarkKind::Violation => {
            d.push_str(&path(&[("M", x), (" ", TOP), ("V", bottom)]));
            d.push_str("l5 9h-10z");
        }
        MarkKind::Network => d.push_str(&path(&[("M", x), (" ", TOP), ("V", bottom)])),
        MarkKind::Note => {
            d.push_str(&path(&[("M", x), (" ", bottom + 1.0)]));
            d.push_str("v11v-5h8l-3 -3l3 -3z");
        }
        MarkKind::Departure => {
            d.push_str(&path(&[("M", x - 2.5), (" ", middle - 2.5)]));
            d.push_str("h5v5h-5z");
        }
        MarkKind::Request => {
            d.push_str(&path(&[("M", x), (" ", middle - 6.0)]));
            d.push_str("l-4 -7h8z");
        }
        MarkKind::Commit => {
            d.push_str(&path(&[("M", x), (" ", middle + 6.0)]));
            d.push_str("l-4 7h8z");
        }
        MarkKind::Elected | MarkKind::Restart => {}
    }
}

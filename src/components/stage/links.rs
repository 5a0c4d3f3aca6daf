//! The links, whole and cut.

use hustings_lab::{Lab, Link};
use yew::prelude::*;

use super::super::{Dispatch, on_click};
use super::geometry::Ring;
use crate::session::{Action, Selection, Session};

/// Each pair of servers once.
pub(super) fn draw(session: &Session, dispatch: &Dispatch, ring: &Ring) -> Html {
    let lab = session.lab();
    lab.all_links()
        .filter(|link| link.from < link.to)
        .map(|link| draw_link(session, dispatch, ring, link))
        .collect()
}

fn draw_link(session: &Session, dispatch: &Dispatch, ring: &Ring, link: Link) -> Html {
    let lab = session.lab();
    let (a, b) = (ring.place(link.from), ring.place(link.to));
    let middle = a.towards(b, 0.5);
    let selected =
        matches!(session.selected(), Selection::Link(one) if one == link || one == link.back());
    let state = State::of(lab, link);
    let class = classes!("link", state.class(), selected.then_some("selected"));
    let label = format!("Link {} to {}, {}", link.from, link.to, state.words());
    let onclick = on_click(dispatch, Action::Select(Selection::Link(link)));
    html! {
        <g {class} role="button" tabindex="-1" aria-label={label} {onclick} key={link.to_string()}>
            <line class="hit" x1={num(a.x)} y1={num(a.y)} x2={num(b.x)} y2={num(b.y)} />
            <line class="wire" x1={num(a.x)} y1={num(a.y)} x2={num(b.x)} y2={num(b.y)} />
            { draw_cuts(lab, ring, link, state, middle.x, middle.y) }
        </g>
    }
}

/// A cross where both ways are cut; an arrow with a bar for a single way.
fn draw_cuts(lab: &Lab, ring: &Ring, link: Link, state: State, x: f64, y: f64) -> Html {
    match state {
        State::Whole => html! {},
        State::Cut => html! {
            <path class="cross" transform={format!("translate({x:.1} {y:.1})")} d="M-9 -9 L9 9 M-9 9 L9 -9" />
        },
        State::OneWay => {
            let blocked = if lab.is_cut(link) { link } else { link.back() };
            let (start, end) = ring.lane(blocked);
            let turn = start.angle_to(end).to_degrees();
            let at = start.towards(end, 0.5);
            html! {
                <path
                    class="cross"
                    transform={format!("translate({:.1} {:.1}) rotate({turn:.1})", at.x, at.y)}
                    d="M0 16 L0 0 M-6 7 L0 0 L6 7 M-11 -4 L11 -4"
                />
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Whole,
    OneWay,
    Cut,
}

impl State {
    fn of(lab: &Lab, link: Link) -> Self {
        match (lab.is_cut(link), lab.is_cut(link.back())) {
            (false, false) => Self::Whole,
            (true, true) => Self::Cut,
            _ => Self::OneWay,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::OneWay => "one-way",
            Self::Cut => "cut",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::OneWay => "cut one way",
            Self::Cut => "cut",
        }
    }
}

/// A coordinate as it stands in the drawing.
pub(super) fn num(value: f64) -> String {
    format!("{value:.1}")
}

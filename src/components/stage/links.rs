//! The links.

use hustings_lab::{Link, Run};
use yew::prelude::*;

use super::super::glyphs::{class_if, class_of};
use super::super::{Page, on_activate};
use super::geometry::{Point, Ring, at, num, path};
use crate::i18n::texts;
use crate::session::{Action, Selection};

pub(super) fn same(one: &Page, other: &Page) -> bool {
    let (now, before) = (&one.run, &other.run);
    one.session.selected() == other.session.selected()
        && now.branch() == before.branch()
        && now.cut_links().eq(before.cut_links())
}

/// One line per pair of servers.
pub(super) fn draw(page: &Page) -> Html {
    let ring = Ring::of(&page.run);
    let links = page.run.all_links();
    links
        .filter(|link| link.from < link.to)
        .map(|link| draw_link(page, &ring, link))
        .collect()
}

fn draw_link(page: &Page, ring: &Ring, link: Link) -> Html {
    let run: &Run = &page.run;
    let (a, b) = (ring.place(link.from), ring.place(link.to));
    let selected = matches!(page.session.selected(), Selection::Link(one) if one == link || one == link.back());
    let state = State::of(run, link);
    let class = class_of(&["link", state.class(), class_if(selected, "selected")]);
    let label = texts().link_label(link.from, link.to, state.describe());
    let (onclick, onkeydown) = on_activate(&page.dispatch, Action::Select(Selection::Link(link)));
    html! {
        <g {class} role="button" tabindex="0" aria-label={label} {onclick} {onkeydown} key={link.to_string()}>
            <line class="hit" x1={num(a.x)} y1={num(a.y)} x2={num(b.x)} y2={num(b.y)} />
            <line class="wire" x1={num(a.x)} y1={num(a.y)} x2={num(b.x)} y2={num(b.y)} />
            { draw_cuts(run, ring, link, state) }
        </g>
    }
}

/// A cross for a cut link; an arrow that ends at a bar for a link cut one way.
fn draw_cuts(run: &Run, ring: &Ring, link: Link, state: State) -> Html {
    match state {
        State::Whole => html! {},
        State::Cut => {
            let middle = ring.place(link.from).between(ring.place(link.to), 0.5);
            html! { <path class="cross" transform={at(middle)} d="M-9 -9 L9 9 M-9 9 L9 -9" /> }
        }
        State::OneWay => {
            let blocked = if run.is_cut(link) { link } else { link.back() };
            let (start, end) = ring.lane(blocked);
            html! { <path class="cross" d={blocked_arrow(start.between(end, 0.5), start.towards(end))} /> }
        }
    }
}

/// The outline of an arrow that ends at `point`, at a bar.
fn blocked_arrow(point: Point, ahead: Point) -> String {
    let stroke = |(along, aside): (f64, f64)| {
        let place = point + ahead * along + ahead.right() * aside;
        path(&[("", place.x), (" ", place.y)])
    };
    let line = |places: &[(f64, f64)]| {
        let places: Vec<_> = places.iter().copied().map(stroke).collect();
        format!("M{}", places.join(" L"))
    };
    let shaft = line(&[(-16.0, 0.0), (0.0, 0.0)]);
    let head = line(&[(-7.0, -6.0), (0.0, 0.0), (-7.0, 6.0)]);
    let bar = line(&[(4.0, -11.0), (4.0, 11.0)]);
    format!("{shaft} {head} {bar}")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Whole,
    OneWay,
    Cut,
}

impl State {
    fn of(run: &Run, link: Link) -> Self {
        let cut = run.is_cut(link);
        if cut != run.is_cut(link.back()) {
            Self::OneWay
        } else if cut {
            Self::Cut
        } else {
            Self::Whole
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::OneWay => "one-way",
            Self::Cut => "cut",
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::Whole => texts().link_whole(),
            Self::OneWay => texts().link_one_way(),
            Self::Cut => texts().link_cut(),
        }
    }
}

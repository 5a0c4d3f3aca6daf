//! The links: whole, slow, cut, or cut one way.

use std::rc::Rc;

use hustings_lab::{Link, Run};
use yew::prelude::*;

use super::super::glyphs::{class_if, class_of};
use super::super::{MENU, Page, on_activate};
use super::point::{Point, at, num, path};
use super::scene::Scene;
use crate::i18n::texts;
use crate::session::{Action, Selection};

#[derive(Properties)]
pub(super) struct LinksProps {
    pub page: Rc<Page>,
    pub scene: Rc<Scene>,
}

impl PartialEq for LinksProps {
    fn eq(&self, other: &Self) -> bool {
        let (now, before) = (&self.page.run, &other.page.run);
        self.scene == other.scene
            && self.page.session.selected() == other.page.session.selected()
            && now.branch() == before.branch()
            && now.cut_links().eq(before.cut_links())
            && slow_links(now).eq(slow_links(before))
    }
}

/// One line per pair of servers.
#[component]
pub(super) fn Links(props: &LinksProps) -> Html {
    let (page, scene) = (&props.page, &props.scene);
    let links = page.run.all_links();
    let pairs = links.filter(|link| link.from < link.to);
    pairs
        .enumerate()
        .map(|(place, link)| draw_link(page, scene, link, place == 0))
        .collect()
}

fn slow_links(run: &Run) -> impl Iterator<Item = Link> {
    let links = run.all_links();
    links.filter(|link| run.latency(*link) != run.header().latency)
}

fn draw_link(page: &Page, scene: &Scene, link: Link, is_stop: bool) -> Html {
    let run: &Run = &page.run;
    let (a, b) = (scene.place(link.from), scene.place(link.to));
    let selected = matches!(page.session.selected(), Selection::Link(one) if one == link || one == link.back());
    let state = State::of(run, link);
    let slow = [link, link.back()]
        .into_iter()
        .any(|link| run.latency(link) != run.header().latency);
    let apart = scene.island_of(link.from) != scene.island_of(link.to);
    let class = class_of(&[
        "link",
        state.class(),
        class_if(slow, "slow"),
        class_if(apart, "apart"),
        class_if(selected, "selected"),
    ]);
    let mut label = texts().link_label(link.from, link.to, state.describe());
    if slow {
        label = texts().listed(label, texts().link_slow());
    }
    let (onclick, onkeydown) = on_activate(
        &page.dispatch,
        Action::Select(Selection::Link(link)),
        Some(MENU),
    );
    let line = |class: &'static str| {
        html! { <line {class} x1={num(a.x)} y1={num(a.y)} x2={num(b.x)} y2={num(b.y)} /> }
    };
    html! {
        <g {class} role="button" tabindex={if is_stop { "0" } else { "-1" }} aria-label={label} {onclick} {onkeydown} key={link.to_string()}>
            { line("hit") }
            { line("wire") }
            if !apart {
                { draw_cuts(run, scene, link, state) }
            }
            if slow && state != State::Cut {
                { draw_slow(run, scene, link) }
            }
        </g>
    }
}

/// How long a message takes on a slow link, at its middle.
fn draw_slow(run: &Run, scene: &Scene, link: Link) -> Html {
    let middle = scene.place(link.from).between(scene.place(link.to), 0.5);
    let slower = run.latency(link).max().max(run.latency(link.back()).max());
    html! { <text class="slowness" x={num(middle.x)} y={num(middle.y + 5.0)}>{ texts().up_to(slower) }</text> }
}

/// A cross for a cut link; an arrow that ends at a bar for a link cut one way.
fn draw_cuts(run: &Run, scene: &Scene, link: Link, state: State) -> Html {
    match state {
        State::Whole => html! {},
        State::Cut => {
            let middle = scene.place(link.from).between(scene.place(link.to), 0.5);
            html! { <path class="cross" transform={at(middle)} d="M-11 -11 L11 11 M-11 11 L11 -11" /> }
        }
        State::OneWay => {
            let blocked = if run.is_cut(link) { link } else { link.back() };
            let (start, end) = scene.lane(blocked);
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
    let shaft = line(&[(-20.0, 0.0), (0.0, 0.0)]);
    let head = line(&[(-8.0, -7.0), (0.0, 0.0), (-8.0, 7.0)]);
    let bar = line(&[(5.0, -13.0), (5.0, 13.0)]);
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

//! The diagram of two futures: one line that forks, on one axis of time.

mod arrows;
mod lanes;
mod marks;
mod names;
mod ruler;
mod view;

use std::cell::RefCell;
use std::rc::Rc;

use hustings_lab::RecordId;
use hustings_lab::diagram::{self, Diagram};
use hustings_raft::{Millis, NodeId};
use yew::prelude::*;

use self::view::View;
use super::super::Page;
use super::super::size::use_size;
use super::super::stage::{Point, num, path};
use super::super::timeline::use_next_slice;
use super::axis::SharedAxis;
use crate::i18n::texts;
use crate::session::{Action, RunView, Session, Shared};

/// The height of a lane on usual screens, on large ones, and where what is told of the
/// futures needs the room.
const LANE: f64 = 16.0;
const LARGE_LANE: f64 = 23.0;
const LOW_LANE: f64 = 11.0;
const LARGE: f64 = 1_500.0;
const TOP: f64 = 4.0;
/// Between the two bands.
const BETWEEN: f64 = 6.0;
/// The height of a band's name.
const NAME: f64 = 16.0;
const AXIS: f64 = 18.0;
const GUTTER: f64 = 26.0;
/// The length of the curves from the common line to the two, in pixels, and the least.
const FORK: f64 = 34.0;
const STEEP_FORK: f64 = 10.0;
const GUESS: Point = Point {
    x: 1_240.0,
    y: 200.0,
};

#[derive(Properties)]
pub(crate) struct RailsProps {
    pub page: Rc<Page>,
}

impl PartialEq for RailsProps {
    fn eq(&self, other: &Self) -> bool {
        let (now, before) = (&self.page.session, &other.page.session);
        let beside = |session: &Session| session.beside().map(|it| it.other().clone());
        self.page.run == other.page.run
            && now.clock() as u64 == before.clock() as u64
            && beside(now) == beside(before)
            && now.parted().is_some() == before.parted().is_some()
    }
}

/// The layout of both futures, kept from one time to the next.
#[derive(Default)]
struct Layout {
    of: [Option<(u32, usize)>; 2],
    diagrams: [Diagram; 2],
    axis: SharedAxis,
}

impl Layout {
    /// The most records of a run that are added at once, so that no frame is held up.
    const SLICE: usize = 8_000;

    /// Adds what is new in the runs; returns whether that is all.
    fn follow(&mut self, runs: [&RunView; 2], shared: &Shared, clock: Millis) -> bool {
        let mut is_whole = true;
        let sides = self.of.iter_mut().zip(&mut self.diagrams).zip(runs);
        for ((of, diagram), run) in sides {
            let is_longer = diagram.records() > run.tip().records().len();
            if *of != Some(run.branch()) || is_longer {
                (*of, *diagram) = (Some(run.branch()), Diagram::default());
                self.axis = SharedAxis::default();
            }
            is_whole &= diagram.extend_by(run.tip(), Self::SLICE);
        }
        let [one, other] = runs;
        let tips = [one.tip(), other.tip()];
        is_whole &= self.axis.extend(tips, shared, 2 * Self::SLICE);
        let end = one.tip().now().max(other.tip().now());
        self.axis.reach(end.max(clock));
        is_whole
    }
}

/// The diagram.
#[component]
pub(crate) fn Rails(props: &RailsProps) -> Html {
    let page = &props.page;
    let layout = use_mut_ref(Layout::default);
    let node = use_node_ref();
    let width = use_size(&node, GUESS).x.max(200.0);
    let clock = Millis(page.session.clock() as u64);
    let other = page.session.seen_beside().map(|it| it.run_view());
    let both = other.zip(page.session.beside());
    let is_whole = both.as_ref().is_none_or(|(other, beside)| {
        let runs = [&page.run, other];
        layout.borrow_mut().follow(runs, beside.shared(), clock)
    });
    use_next_slice(is_whole);
    let Some((other, beside)) = both else {
        return html! {};
    };
    let on_click = {
        let layout = Rc::clone(&layout);
        move |view| on_click(page, layout, view)
    };
    let layout = layout.borrow();
    let now = layout.axis.present(0, page.run.records().len(), clock);
    let now = now.max(layout.axis.present(1, other.records().len(), clock));
    let (branches, current) = page.session.branches();
    let shown = branches.get(current).cloned().unwrap_or_default();
    let drawing = Drawing {
        layout: &layout,
        runs: [&page.run, &other],
        shared: beside.shared().counts(),
        names: [shown, beside.name()],
        now: now as f64,
        view: View::of(now as f64, layout.axis.width as f64, width),
        lane: match width {
            LARGE.. => LARGE_LANE,
            _ if page.session.parted().is_some() => LOW_LANE,
            _ => LANE,
        },
        servers: f64::from(page.run.ids().len()),
    };
    let onclick = on_click(drawing.view);
    let height = drawing.height();
    html! {
        <div id="diagram" class="rails" ref={node} tabindex="-1">
            <svg
                role="img"
                aria-label={texts().rails_label()}
                viewBox={path(&[("0 0 ", width), (" ", height)])}
                height={num(height)}
                {onclick}
            >
                { drawing.draw() }
            </svg>
        </div>
    }
}

/// What is needed to draw it.
struct Drawing<'a> {
    layout: &'a Layout,
    runs: [&'a RunView; 2],
    /// How many records from the start are the same in both, as each counts them.
    shared: [usize; 2],
    names: [String; 2],
    now: f64,
    view: View,
    lane: f64,
    servers: f64,
}

/// Where a lane is: before the fork, or in one of the bands.
#[derive(Clone, Copy, PartialEq)]
enum Band {
    Common,
    Of(usize),
}

impl Drawing<'_> {
    fn height(&self) -> f64 {
        self.bottom() + AXIS
    }

    fn bottom(&self) -> f64 {
        TOP + 2.0 * (NAME + self.servers * self.lane) + BETWEEN
    }

    fn top_of(&self, band: Band) -> f64 {
        let whole = NAME + self.servers * self.lane + BETWEEN;
        match band {
            Band::Of(0) => TOP + NAME,
            Band::Of(_) => TOP + NAME + whole,
            Band::Common => TOP + NAME + whole / 2.0,
        }
    }

    fn y(&self, band: Band, server: NodeId) -> f64 {
        self.top_of(band) + (f64::from(server.number()) - 0.5) * self.lane
    }

    /// The band of a record.
    fn band(&self, side: usize, record: RecordId) -> Band {
        if self.is_shared(side, record) {
            Band::Common
        } else {
            Band::Of(side)
        }
    }

    fn is_shared(&self, side: usize, record: RecordId) -> bool {
        self.shared.get(side).is_some_and(|it| record.0 < *it)
    }

    fn x_of(&self, side: usize, record: RecordId) -> f64 {
        self.view.x(self.layout.axis.place(side, record.0) as f64)
    }

    /// Where the common line ends and the two begin, right of all that they have in common;
    /// `None` while nothing differs.
    fn fork(&self) -> Option<(f64, f64)> {
        let ends = self.runs.iter().zip(self.shared).enumerate();
        let parted = ends.filter(|(_, (run, shared))| run.tip().records().len() > *shared);
        let places = parted.map(|(side, (_, shared))| self.x_of(side, RecordId(shared)));
        let at = places.min_by(f64::total_cmp)?;
        let [_, common] = self.shared;
        let last = common.checked_sub(1);
        let last = last.map_or(f64::MIN, |last| self.x_of(1, RecordId(last)));
        let from = (at - FORK).max(last).min(at - STEEP_FORK);
        Some((from.max(GUTTER.min(at)), at))
    }

    fn draw(&self) -> Html {
        let fork = self.fork();
        let end = self.view.x(self.now.max(self.layout.axis.width as f64)) + 4.0;
        let (common_to, from) = fork.unwrap_or((end, end));
        html! {
            <>
                { self.draw_axis() }
                { self.draw_lanes(0, Band::Common, 0.0, common_to) }
                if fork.is_some() {
                    { for (0..2).map(|side| self.draw_lanes(side, Band::Of(side), from, end)) }
                    { for (0..2).map(|side| self.draw_points(side, common_to, from)) }
                }
                { for (0..2).map(|side| self.draw_arrows(side)) }
                { for (0..2).map(|side| self.draw_marks(side)) }
                { self.draw_future(end) }
                { self.draw_names((common_to, from), end) }
                { self.draw_parting(fork) }
                <path class="now" d={path(&[("M", self.view.x(self.now)), (" 0V", self.bottom())])} />
            </>
        }
    }

    fn seen(&self, side: usize) -> Option<diagram::View<'_>> {
        let diagram = self.layout.diagrams.get(side)?;
        let (from, to) = self.view.range();
        let records = self.layout.axis.records(side, from, to);
        let first = RecordId(records.start.saturating_sub(1));
        let last = RecordId(records.end);
        Some(diagram.view(diagram.x_of(first), diagram.x_of(last)))
    }

    /// The mark at which the futures part.
    fn draw_parting(&self, fork: Option<(f64, f64)>) -> Html {
        let Some((_, at)) = fork.filter(|(_, at)| *at >= GUTTER && *at < self.view.width) else {
            return html! {};
        };
        html! { <path class="parting" d={path(&[("M", at), (" ", TOP), ("V", self.bottom())])} /> }
    }

    /// Dims what is still to come.
    fn draw_future(&self, end: f64) -> Html {
        let from = self.view.x(self.now) + 1.0;
        let width = end.min(self.view.width) - from;
        if width <= 5.0 {
            return html! {};
        }
        html! { <rect class="future-veil" x={num(from)} y="0" width={num(width)} height={num(self.bottom())} /> }
    }
}

/// A click goes to the last record of the shown run up to there.
fn on_click(page: &Page, layout: Rc<RefCell<Layout>>, view: View) -> Callback<MouseEvent> {
    let dispatch = page.dispatch.clone();
    Callback::from(move |event: MouseEvent| {
        let place = view.place(f64::from(event.offset_x()));
        let records = layout.borrow().axis.records(0, 0, place);
        let record = records.end.saturating_sub(1);
        dispatch.dispatch(Action::Visit(RecordId(record)));
    })
}

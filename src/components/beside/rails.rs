//! The diagram of two futures: one line that forks, on one axis of time.

use std::fmt::Write;
use std::rc::Rc;

use hustings_lab::RecordId;
use hustings_lab::diagram::{Arrow, ArrowEnd, Diagram, MarkKind, Span};
use hustings_raft::{Millis, NodeId, RoleName};
use yew::prelude::*;

use super::super::Page;
use super::super::glyphs::{class_if, class_of, role_letter, term_class};
use super::super::size::use_size;
use super::super::stage::{Point, num, path};
use super::axis::SharedAxis;
use crate::i18n::texts;
use crate::moment::moment;
use crate::session::{Action, RunView};

/// The height of a lane on usual screens, and on large ones.
const LANE: f64 = 16.0;
const LARGE_LANE: f64 = 23.0;
const LARGE: f64 = 1_500.0;
const TOP: f64 = 4.0;
/// Between the two bands.
const BETWEEN: f64 = 6.0;
/// The height of a band's name.
const NAME: f64 = 16.0;
const AXIS: f64 = 18.0;
const GUTTER: f64 = 26.0;
/// The length of the curves from the common line to the two, in pixels.
const FORK: f64 = 34.0;
/// The least between two labels of the axis.
const TICK: f64 = 90.0;
/// The most that is shown at once, in units.
const WIDEST: f64 = 2_500.0;
/// The least.
const NARROWEST: f64 = 120.0;
/// Where the present is when not all is shown, as a share of the width.
const NOW_AT: f64 = 0.7;
/// The most arrows that are drawn; more would be a grey area.
const ARROWS_MAX: usize = 700;
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
        self.page.run == other.page.run && now.clock() as u64 == before.clock() as u64
    }
}

/// The layout of both futures, kept from one time to the next.
#[derive(Default)]
struct Layout {
    of: [Option<(u32, usize)>; 2],
    diagrams: [Diagram; 2],
    axis: SharedAxis,
    /// For how many records the axis is.
    reaches: (usize, usize),
}

impl Layout {
    fn follow(&mut self, runs: [&RunView; 2], clock: Millis) {
        let sides = self.of.iter_mut().zip(&mut self.diagrams).zip(runs);
        for ((of, diagram), run) in sides {
            let is_longer = diagram.records() > run.tip().records().len();
            if *of != Some(run.branch()) || is_longer {
                (*of, *diagram) = (Some(run.branch()), Diagram::default());
                self.reaches = (0, 0);
            }
            diagram.extend(run.tip());
        }
        let [one, other] = runs;
        let count = |run: &RunView| run.tip().records().len();
        let reaches = (count(one), count(other));
        if reaches != self.reaches {
            self.reaches = reaches;
            self.axis = SharedAxis::of([one.tip(), other.tip()]);
        }
        let end = one.tip().now().max(other.tip().now());
        self.axis.reach(end.max(clock));
    }
}

/// The diagram.
#[component]
pub(crate) fn Rails(props: &RailsProps) -> Html {
    let page = &props.page;
    let layout = use_mut_ref(Layout::default);
    let node = use_node_ref();
    let width = use_size(&node, GUESS).x.max(200.0);
    let Some((other, beside)) = page.session.seen_beside().zip(page.session.beside()) else {
        return html! {};
    };
    let (other, clock) = (other.run_view(), Millis(page.session.clock() as u64));
    layout.borrow_mut().follow([&page.run, &other], clock);
    let layout = layout.borrow();
    let now = layout.axis.present(0, page.run.records().len(), clock);
    let now = now.max(layout.axis.present(1, other.records().len(), clock));
    let (branches, current) = page.session.branches();
    let shown = branches.get(current).cloned().unwrap_or_default();
    let drawing = Drawing {
        layout: &layout,
        runs: [&page.run, &other],
        shared: beside.shared(),
        names: [shown, beside.name()],
        now: now as f64,
        view: View::of(now as f64, layout.axis.width as f64, width),
        lane: if width >= LARGE { LARGE_LANE } else { LANE },
        servers: f64::from(page.run.ids().len()),
    };
    let onclick = drawing.on_click(page);
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

/// The part of the axis that is shown.
#[derive(Clone, Copy)]
struct View {
    left: f64,
    scale: f64,
    width: f64,
}

impl View {
    fn of(now: f64, end: f64, width: f64) -> Self {
        let end = end.max(now);
        let span = (end * 1.04).clamp(NARROWEST, WIDEST);
        let left = (now - span * NOW_AT).min(end * 1.04 - span).max(0.0);
        let scale = (width - 2.0 * GUTTER) / span;
        Self { left, scale, width }
    }

    fn x(self, place: f64) -> f64 {
        GUTTER + (place - self.left) * self.scale
    }

    fn range(self) -> (u64, u64) {
        let right = self.left + (self.width - GUTTER) / self.scale;
        (self.left as u64, right as u64)
    }

    fn place(self, x: f64) -> u64 {
        ((x - GUTTER) / self.scale + self.left).max(0.0) as u64
    }
}

/// What is needed to draw it.
struct Drawing<'a> {
    layout: &'a Layout,
    runs: [&'a RunView; 2],
    /// The number of records that both have.
    shared: usize,
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
        if record.0 < self.shared {
            Band::Common
        } else {
            Band::Of(side)
        }
    }

    fn x_of(&self, side: usize, record: RecordId) -> f64 {
        self.view.x(self.layout.axis.place(side, record.0) as f64)
    }

    /// Where the common line ends and the two begin; `None` while nothing differs.
    fn fork(&self) -> Option<(f64, f64)> {
        let counts = self.runs.map(|run| run.tip().records().len());
        let parted = (0..2).filter(|side| counts.get(*side).is_some_and(|it| *it > self.shared));
        let places = parted.map(|side| self.x_of(side, RecordId(self.shared)));
        let at = places.min_by(f64::total_cmp)?;
        Some(((at - FORK).max(GUTTER.min(at)), at))
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
                { self.draw_names(common_to, from) }
                { self.draw_parting(fork) }
                <path class="now" d={path(&[("M", self.view.x(self.now)), (" 0V", self.bottom())])} />
            </>
        }
    }

    /// The spans of each server that are visible.
    fn lanes(&self, side: usize) -> Vec<(NodeId, &[Span])> {
        self.seen(side).map_or_else(Vec::new, |seen| seen.lanes)
    }

    fn seen(&self, side: usize) -> Option<hustings_lab::diagram::View<'_>> {
        let diagram = self.layout.diagrams.get(side)?;
        let (from, to) = self.view.range();
        let records = self.layout.axis.records(side, from, to);
        let first = RecordId(records.start.saturating_sub(1));
        let last = RecordId(records.end);
        Some(diagram.view(diagram.x_of(first), diagram.x_of(last)))
    }

    fn draw_lanes(&self, side: usize, band: Band, from: f64, to: f64) -> Html {
        let (from, to) = (from.max(GUTTER), to.min(self.view.width));
        if from >= to {
            return html! {};
        }
        let draw_lane = |(server, spans): (NodeId, &[Span])| {
            let starts = spans.iter().map(|span| self.x_of(side, span.record));
            let ends = starts.skip(1).chain([to]);
            let drawn = spans.iter().zip(ends).filter_map(|(span, end)| {
                let start = self.x_of(side, span.record).max(from);
                let end = end.min(to);
                (start < end).then(|| draw_span(span, self.y(band, server), start, end))
            });
            drawn.collect::<Html>()
        };
        self.lanes(side).into_iter().map(draw_lane).collect()
    }

    /// The points of the railway: from each common lane to that in a band.
    fn draw_points(&self, side: usize, from: f64, to: f64) -> Html {
        if to <= GUTTER || from > self.view.width || from >= to {
            return html! {};
        }
        let from = from.max(GUTTER);
        let middle = (from + to) / 2.0;
        let draw_one = |(server, spans): (NodeId, &[Span])| {
            let is_before = |span: &&Span| self.x_of(side, span.record) <= to;
            let span = spans.iter().rev().find(is_before)?;
            let (start, end) = (self.y(Band::Common, server), self.y(Band::Of(side), server));
            let d = path(&[
                ("M", from),
                (" ", start),
                ("C", middle),
                (" ", start),
                (" ", middle),
                (" ", end),
                (" ", to),
                (" ", end),
            ]);
            let class = class_of(&[
                "points",
                term_class(span.term),
                class_if(span.role.is_none(), "down"),
            ]);
            Some(html! { <path {class} {d} /> })
        };
        self.lanes(side).into_iter().filter_map(draw_one).collect()
    }

    fn draw_arrows(&self, side: usize) -> Html {
        let Some(seen) = self.seen(side) else {
            return html! {};
        };
        if seen.arrows.len() > ARROWS_MAX {
            return html! {};
        }
        let (mut arrived, mut lost) = (String::new(), String::new());
        for arrow in seen.arrows {
            self.draw_arrow(side, arrow, &mut arrived, &mut lost);
        }
        html! {
            <g class="arrows">
                <path d={arrived} />
                <path class="lost" d={lost} />
            </g>
        }
    }

    fn draw_arrow(&self, side: usize, arrow: &Arrow, arrived: &mut String, lost: &mut String) {
        let link = arrow.flight.link;
        let start = (
            self.x_of(side, arrow.sent),
            self.y(self.band(side, arrow.sent), link.from),
        );
        let (record, share, into) = match arrow.end {
            ArrowEnd::Arrived(record) => (record, 1.0, arrived),
            ArrowEnd::Lost(record, _) => (record, 0.75, lost),
            ArrowEnd::UnderWay => return,
        };
        let band = self.band(side, record);
        // What both have in common is drawn once.
        if side == 1 && band == Band::Common {
            return;
        }
        let end = (self.x_of(side, record), self.y(band, link.to));
        let from = start.0.max(GUTTER);
        let rise = (end.1 - start.1) / (end.0 - start.0).max(1.0);
        let from = (from, start.1 + rise * (from - start.0));
        let end = (
            from.0 + (end.0 - from.0) * share,
            from.1 + (end.1 - from.1) * share,
        );
        into.push_str(&path(&[
            ("M", from.0),
            (" ", from.1),
            ("L", end.0),
            (" ", end.1),
        ]));
        if share < 1.0 {
            let _ = write!(into, "m-3 -3l6 6m0 -6l-6 6");
        }
    }

    fn draw_marks(&self, side: usize) -> Html {
        let Some(seen) = self.seen(side) else {
            return html! {};
        };
        let marks = seen.marks.iter();
        let ours = marks.filter(|mark| side == 0 || mark.record.0 >= self.shared);
        let drawn = ours.filter_map(|mark| {
            let (x, band) = (self.x_of(side, mark.record), self.band(side, mark.record));
            let (top, bottom) = (
                self.top_of(band),
                self.top_of(band) + self.servers * self.lane,
            );
            let middle = mark.server.map_or(top, |server| self.y(band, server));
            if x < GUTTER {
                return None;
            }
            let (class, d) = match mark.kind {
                MarkKind::Crash => (
                    "crash",
                    path(&[("M", x - 4.0), (" ", middle - 4.0)]) + "l8 8m0 -8l-8 8",
                ),
                MarkKind::Violation => (
                    "violation",
                    path(&[("M", x), (" ", top - 3.0), ("V", bottom + 3.0)]),
                ),
                MarkKind::Network => ("network", path(&[("M", x), (" ", top), ("V", bottom)])),
                MarkKind::Timeout => (
                    "timeout",
                    path(&[("M", x - 3.0), (" ", middle)]) + "a3 3 0 1 0 6 0a3 3 0 1 0 -6 0",
                ),
                MarkKind::Commit => (
                    "commit",
                    path(&[("M", x), (" ", middle + 3.0)]) + "l-3 5h6z",
                ),
                MarkKind::Request => ("ask", path(&[("M", x), (" ", middle - 3.0)]) + "l-3 -5h6z"),
                _ => return None,
            };
            Some(html! { <path {class} {d} /> })
        });
        drawn.collect()
    }

    /// Round times, as close as there is room for.
    fn draw_axis(&self) -> Html {
        let axis = &self.layout.axis;
        let (left, right) = self.view.range();
        let (from, to) = (axis.time(left).0, axis.time(right).0);
        let room = ((self.view.width - GUTTER) / TICK).max(1.0) as u64;
        let step = round_step((to - from) / room + 1);
        let mut before = f64::MIN;
        let times = (from.div_ceil(step)..=to / step).map(|number| Millis(number * step));
        let labels = times.filter_map(|time| {
            let x = self.view.x(axis.place_of(time) as f64);
            let is_within = axis.place_of(time) <= axis.width && x >= GUTTER;
            let fits = is_within && x - before >= TICK * 0.6 && x < self.view.width - 20.0;
            fits.then(|| {
                before = x;
                (x, time)
            })
        });
        let bottom = self.bottom();
        html! {
            <g class="axis">
                { for labels.map(|(x, time)| html! {
                    <>
                        <path d={path(&[("M", x), (" ", TOP), ("V", bottom)])} />
                        <text x={num(x)} y={num(bottom + 14.0)}>{ moment(time) }</text>
                    </>
                }) }
            </g>
        }
    }

    /// The names of servers at the left edge, and of the futures where they begin.
    fn draw_names(&self, common_to: f64, from: f64) -> Html {
        let is_common = common_to > GUTTER + 1.0;
        let ids = || {
            self.runs
                .into_iter()
                .take(1)
                .flat_map(|run| run.ids().iter())
        };
        let names = |band: Band, x: f64| {
            ids()
                .map(|id| html! { <text class="name" x={num(x)} y={num(self.y(band, id) + 4.5)}>{ id.to_string() }</text> })
                .collect::<Html>()
        };
        let future = |side: usize| {
            let x = from.max(GUTTER) + 4.0;
            let y = self.top_of(Band::Of(side)) - 4.0;
            let name = self.names.get(side).cloned().unwrap_or_default();
            html! { <text class="future-name" x={num(x)} y={num(y)}>{ name }</text> }
        };
        html! {
            <>
                if is_common {
                    { names(Band::Common, 2.0) }
                    if from < self.view.width - FORK {
                        { names(Band::Of(0), self.view.width - 20.0) }
                        { names(Band::Of(1), self.view.width - 20.0) }
                    }
                } else {
                    { names(Band::Of(0), 2.0) }
                    { names(Band::Of(1), 2.0) }
                }
                if from < self.view.width {
                    { future(0) }
                    { future(1) }
                }
            </>
        }
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

    /// A click goes to the last record of the shown run up to there.
    fn on_click(&self, page: &Page) -> Callback<MouseEvent> {
        let (axis, view, dispatch) = (self.layout.axis.clone(), self.view, page.dispatch.clone());
        Callback::from(move |event: MouseEvent| {
            let place = view.place(f64::from(event.offset_x()));
            let record = axis.records(0, 0, place).end.saturating_sub(1);
            dispatch.dispatch(Action::Visit(RecordId(record)));
        })
    }
}

/// The least of 1, 2, 5, 10, 20, … milliseconds that is not less.
fn round_step(least: u64) -> u64 {
    let mut steps = (0..18).flat_map(|zeros| [1, 2, 5].map(|digit| digit * 10_u64.pow(zeros)));
    steps.find(|step| *step >= least).unwrap_or(u64::MAX)
}

fn draw_span(span: &Span, middle: f64, from: f64, to: f64) -> Html {
    let Some(role) = span.role else {
        let d = path(&[("M", from), (" ", middle), ("H", to)]);
        return html! { <path class="down" {d} /> };
    };
    let half = match role {
        RoleName::Follower => 3.0,
        RoleName::PreCandidate | RoleName::Candidate => 5.0,
        RoleName::Leader => 6.5,
    };
    let class = class_of(&["span", role.name(), term_class(span.term)]);
    let label = match role {
        RoleName::Follower => span.term.to_string(),
        _ => format!("{}{}", role_letter(Some(role)), span.term),
    };
    let has_room = to - from > 14.0 + 7.0 * label.len() as f64;
    html! {
        <g {class}>
            <rect x={num(from)} y={num(middle - half)} width={num(to - from)} height={num(2.0 * half)} />
            if has_room {
                <text x={num(from + 8.0 + 3.0 * label.len() as f64)} y={num(middle + 3.8)}>{ label }</text>
            }
        </g>
    }
}

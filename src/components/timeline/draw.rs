//! Drawing the visible part of the diagram.

use hustings_lab::diagram::{Arrow, ArrowEnd, Diagram, DiagramX, Mark, MarkKind, Span};
use hustings_lab::{MessageId, RecordId};
use hustings_raft::{NodeId, RoleName};
use yew::prelude::*;

use super::super::Page;
use super::super::glyphs::{class_if, class_of, role_letter, term_class};
use super::super::stage::{num, path};
use super::window::{View, Window};
use super::{REACH, Target, message_of, record_of};
use crate::i18n::texts;
use crate::session::{RunView, Selection};

/// The distance between lanes, in pixels.
const LANE: f64 = 20.0;
const TOP: f64 = 16.0;
const AXIS: f64 = 16.0;
/// The maximum number of arrows drawn; more would overlap to a grey area.
const ARROWS_MAX: usize = 1_500;
/// The maximum number of arrows with arrow heads.
const HEADS_MAX: usize = 250;
const TICK: f64 = 110.0;
/// The width of the names of the lanes, in pixels.
const GUTTER: f64 = 24.0;

/// The height of the diagram of a cluster, in pixels.
pub(super) fn height(servers: u8) -> f64 {
    TOP + f64::from(servers) * LANE + AXIS
}

fn y(server: NodeId) -> f64 {
    TOP + (f64::from(server.number()) - 0.5) * LANE
}

/// The diagram and what is needed to draw it.
pub(super) struct Canvas<'a> {
    diagram: &'a Diagram,
    page: &'a Page,
    pub(super) view: View,
    /// The coordinate of the current time, in units.
    now: f64,
}

impl<'a> Canvas<'a> {
    pub(super) fn new(diagram: &'a Diagram, page: &'a Page, window: Window, width: f64) -> Self {
        let run = &page.run;
        let here = run.records().len();
        let now = present(diagram, here, page.session.clock());
        Self {
            view: window.view(now, diagram.width() as f64, width),
            diagram,
            page,
            now,
        }
    }

    pub(super) fn draw(&self) -> Html {
        let (from, to) = self.view.range();
        let seen = self.diagram.view(from, to);
        let too_many = seen.arrows.len() > ARROWS_MAX;
        html! {
            <>
                { self.draw_axis() }
                { for seen.lanes.iter().map(|(server, spans)| self.draw_lane(*server, spans)) }
                if too_many {
                    <text class="dense" x={num(self.view.width / 2.0)} y="11">{ texts().timeline_dense(seen.arrows.len()) }</text>
                } else {
                    { self.draw_arrows(&seen.arrows) }
                }
                { for seen.marks.iter().map(|mark| self.draw_mark(mark)) }
                <rect class="gutter" width={num(GUTTER)} height={num(self.bottom())} />
                { for seen.lanes.iter().map(|(server, _)| html! {
                    <text class="name" x="2" y={num(y(*server) + 4.5)}>{ server.to_string() }</text>
                }) }
                { self.draw_future() }
                { self.draw_pointed(self.page.session.selected(), "selected") }
                { self.draw_pointed(self.page.session.hovered(), "hovered") }
                { self.draw_now() }
            </>
        }
    }

    fn x(&self, across: DiagramX) -> f64 {
        self.view.x(across as f64)
    }

    fn x_of(&self, record: RecordId) -> f64 {
        self.x(self.diagram.x_of(record))
    }

    fn bottom(&self) -> f64 {
        height(self.page.run.ids().len()) - AXIS
    }

    fn draw_lane(&self, server: NodeId, spans: &[Span]) -> Html {
        let ends = spans.iter().skip(1).map(|span| self.x(span.from));
        // A little past the last record, so that its effect is visible.
        let end = self.x(self.diagram.width() + Diagram::GAP);
        let end = end.max(self.view.x(self.now));
        let stretches = spans.iter().zip(ends.chain([end]));
        html! {
            <g class="lane" key={server.to_string()}>
                { for stretches.map(|(span, end)| self.draw_span(server, span, end)) }
            </g>
        }
    }

    fn draw_span(&self, server: NodeId, span: &Span, end: f64) -> Html {
        let from = self.x(span.from).max(-4.0);
        let end = end.min(self.view.width + 4.0);
        let middle = y(server);
        let Some(role) = span.role else {
            let d = path(&[("M", from), (" ", middle), ("H", end)]);
            return html! { <path class="down" {d} /> };
        };
        let half = match role {
            RoleName::Follower => 3.5,
            RoleName::PreCandidate | RoleName::Candidate => 5.5,
            RoleName::Leader => 7.5,
        };
        let class = class_of(&[
            "span",
            role.name(),
            term_class(span.term),
            class_if(span.paused, "paused"),
        ]);
        let label = match role {
            RoleName::Follower => span.term.to_string(),
            _ => format!("{}{}", role_letter(Some(role)), span.term),
        };
        let has_room = end - from > 14.0 + 7.0 * label.len() as f64;
        html! {
            <g {class}>
                <rect x={num(from)} y={num(middle - half)} width={num((end - from).max(1.0))} height={num(2.0 * half)} />
                if has_room {
                    <text x={num(from.max(30.0) + 8.0 + 3.0 * label.len() as f64)} y={num(middle + 3.8)}>{ label }</text>
                }
            </g>
        }
    }

    /// All arrows of a kind are one path, so that many of them render fast.
    fn draw_arrows(&self, arrows: &[&Arrow]) -> Html {
        let mut paths = [const { String::new() }; 4];
        let with_heads = arrows.len() <= HEADS_MAX;
        for arrow in arrows {
            let (start, end) = self.ends(arrow);
            let sort = match arrow.end {
                ArrowEnd::Lost(..) => 2,
                ArrowEnd::UnderWay => 3,
                ArrowEnd::Arrived(_) => usize::from(arrow.flight.message.kind().is_reply()),
            };
            if let Some(path) = paths.get_mut(sort) {
                line_to(path, start, end);
                match arrow.end {
                    ArrowEnd::Lost(..) => cross_to(path, end),
                    ArrowEnd::Arrived(_) if with_heads => head_to(path, start, end),
                    _ => {}
                }
            }
        }
        let classes = ["request", "reply", "lost", "under-way"];
        let drawn = classes.into_iter().zip(paths);
        html! {
            <g class="arrows">
                { for drawn.map(|(class, d)| html! { <path {class} {d} key={class} /> }) }
            </g>
        }
    }

    /// Start and end of an arrow. A lost one ends before the receiver, one in flight at the
    /// message's position.
    fn ends(&self, arrow: &Arrow) -> ((f64, f64), (f64, f64)) {
        let link = arrow.flight.link;
        let start = (self.x_of(arrow.sent), y(link.from));
        let whole = (self.x(self.diagram.arrow_end(arrow)), y(link.to));
        let share = match arrow.end {
            ArrowEnd::Arrived(_) => 1.0,
            ArrowEnd::Lost(..) => 0.78,
            ArrowEnd::UnderWay => {
                let gone = self.view.x(self.now) - start.0;
                (gone / (whole.0 - start.0).max(1.0)).clamp(0.15, 0.95)
            }
        };
        let end = (
            start.0 + (whole.0 - start.0) * share,
            start.1 + (whole.1 - start.1) * share,
        );
        (start, end)
    }

    fn draw_mark(&self, mark: &Mark) -> Html {
        let (x, bottom) = (self.x_of(mark.record), self.bottom());
        let middle = mark.server.map_or(TOP - 8.0, y);
        let key = |class: &str| format!("{}-{class}", mark.record.0);
        let (class, d) = match mark.kind {
            MarkKind::Timeout => {
                return html! { <circle class="timeout" cx={num(x)} cy={num(middle)} r="4" key={key("timeout")} /> };
            }
            MarkKind::Crash => {
                let mut d = String::new();
                cross_to(&mut d, (x, middle));
                ("crash", d)
            }
            MarkKind::Violation => ("violation", path(&[("M", x), (" 0V", bottom)])),
            MarkKind::Network => ("network", path(&[("M", x), (" ", TOP), ("V", bottom)])),
            MarkKind::Note => ("note", path(&[("M", x)]) + " 2v10h8l-3 -5l3 -5z"),
            MarkKind::Departure => (
                "departure",
                path(&[("M", x - 2.5), (" ", middle - 2.5)]) + "h5v5h-5z",
            ),
            MarkKind::Request => ("ask", path(&[("M", x), (" ", middle - 4.0)]) + "l-4 -6h8z"),
            MarkKind::Commit => (
                "commit",
                path(&[("M", x), (" ", middle + 5.0)]) + "l-3 5h6z",
            ),
            MarkKind::Elected | MarkKind::Restart => return html! {},
        };
        html! { <path {class} {d} key={key(class)} /> }
    }

    fn draw_axis(&self) -> Html {
        // Leaves room for the last label.
        let ticks = ((self.view.width - 50.0).max(0.0) / TICK) as u32 + 1;
        let mut last = None;
        let labels = (0..ticks).filter_map(|place| {
            let x = f64::from(place) * TICK + 30.0;
            let across = self.view.left + x / self.view.scale;
            let time = self.diagram.time_at(across.max(0.0) as DiagramX);
            let is_new = across >= 0.0 && last.replace(time) != Some(time);
            is_new.then_some((x, time))
        });
        let bottom = self.bottom();
        html! {
            <g class="axis">
                { for labels.map(|(x, time)| html! {
                    <>
                        <path d={path(&[("M", x), (" ", TOP), ("V", bottom)])} />
                        <text x={num(x)} y={num(bottom + 13.0)}>{ time.to_string() }</text>
                    </>
                }) }
            </g>
        }
    }

    /// Dims the future of the branch.
    fn draw_future(&self) -> Html {
        let (from, end) = (self.view.x(self.now), self.x(self.diagram.width()) + 6.0);
        let is_seen = self.page.run.records().len() < self.diagram.records();
        let width = end.min(self.view.width) - from.max(0.0);
        if !is_seen || width <= 0.0 {
            return html! {};
        }
        html! { <rect class="future" x={num(from.max(0.0))} y="0" width={num(width)} height={num(self.bottom())} /> }
    }

    fn draw_now(&self) -> Html {
        let d = path(&[("M", self.view.x(self.now)), (" 0V", self.bottom())]);
        html! { <path class="now" {d} /> }
    }

    fn draw_pointed(&self, what: Selection, class: &'static str) -> Html {
        let mut d = String::new();
        match what {
            Selection::Message(id) => self.arrow_path(id, &mut d),
            Selection::Record(id) => {
                let x = self.x_of(id);
                d = path(&[("M", x), (" ", TOP - 4.0), ("V", self.bottom())]);
                let record = self.page.run.tip().records().get(id);
                if let Some(message) = record.and_then(|record| message_of(&record.event)) {
                    self.arrow_path(message, &mut d);
                }
            }
            Selection::Server(id) | Selection::Entry(id, _) => {
                let (above, below) = (y(id) - 9.5, y(id) + 9.5);
                let end = self.view.width;
                d = path(&[("M0 ", above), ("H", end), ("M0 ", below), ("H", end)]);
            }
            Selection::Nothing | Selection::Link(_) => return html! {},
        }
        html! { <path class={class_of(&["pointed", class])} {d} /> }
    }

    fn arrow_path(&self, id: MessageId, path: &mut String) {
        if let Some(arrow) = self.diagram.arrow(id) {
            let (start, end) = self.ends(arrow);
            line_to(path, start, end);
        }
    }
}

/// The coordinate of the current time: after the last record, before the next one.
fn present(diagram: &Diagram, here: usize, clock: f64) -> f64 {
    let Some(last) = here.checked_sub(1).map(RecordId) else {
        return 0.0;
    };
    let across = diagram.x_of(last);
    let at = diagram.time_at(across);
    let passed = (clock - at.0 as f64).max(0.0);
    let next = RecordId(here);
    let now = across as f64 + passed;
    if here < diagram.records() {
        now.min(diagram.x_of(next) as f64 - 0.5)
    } else {
        now
    }
}

fn line_to(d: &mut String, (x0, y0): (f64, f64), (x, y): (f64, f64)) {
    d.push_str(&path(&[("M", x0), (" ", y0), ("L", x), (" ", y)]));
}

fn cross_to(d: &mut String, (x, y): (f64, f64)) {
    d.push_str(&path(&[("M", x - 3.5), (" ", y - 3.5)]));
    d.push_str("l7 7m0 -7l-7 7");
}

fn head_to(d: &mut String, (x0, y0): (f64, f64), (x, y): (f64, f64)) {
    let (dx, dy) = (x - x0, y - y0);
    let length = (dx * dx + dy * dy).sqrt().max(1.0);
    let (dx, dy) = (dx / length * 5.0, dy / length * 5.0);
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

/// The pointer's position.
pub(super) struct Pointer {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) view: View,
    pub(super) lanes: u8,
}

impl Pointer {
    /// What the pointer is on: the nearest record of the lane, the nearest message, or a
    /// point in time.
    pub(super) fn target(&self, diagram: &Diagram, run: &RunView) -> Target {
        let across = (self.view.left + self.x / self.view.scale).max(0.0) as DiagramX;
        let records = run.tip().records();
        if let Some(record) = self.record_near(diagram, run) {
            return Target {
                hover: Selection::Record(record),
                visit: Some(record),
            };
        }
        if let Some(arrow) = self.arrow_near(diagram) {
            return Target {
                hover: Selection::Message(arrow.flight.id),
                visit: Some(record_of(arrow)),
            };
        }
        let record = diagram.record_at(across);
        let record = record.or_else(|| (!records.is_empty()).then_some(RecordId(0)));
        Target {
            hover: Selection::Nothing,
            visit: record,
        }
    }

    fn arrow_near<'d>(&self, diagram: &'d Diagram) -> Option<&'d Arrow> {
        let reach = (30.0 / self.view.scale) as DiagramX + 1;
        let across = (self.view.left + self.x / self.view.scale).max(0.0) as DiagramX;
        let seen = diagram.view(across.saturating_sub(reach), across + reach);
        if seen.arrows.len() > ARROWS_MAX {
            return None;
        }
        let distance = |arrow: &&Arrow| {
            let link = arrow.flight.link;
            let from = (self.view.x(diagram.x_of(arrow.sent) as f64), y(link.from));
            let to = (self.view.x(diagram.arrow_end(arrow) as f64), y(link.to));
            distance((self.x, self.y), from, to)
        };
        let near = seen
            .arrows
            .into_iter()
            .map(|arrow| (distance(&arrow), arrow));
        let nearest = near.min_by(|(one, _), (other, _)| one.total_cmp(other));
        nearest
            .filter(|(it, _)| *it <= REACH)
            .map(|(_, arrow)| arrow)
    }

    /// The nearest record of the lane that the pointer is on.
    fn record_near(&self, diagram: &Diagram, run: &RunView) -> Option<RecordId> {
        let lane = ((self.y - TOP) / LANE).floor();
        if lane < 0.0 || lane >= f64::from(self.lanes) {
            return None;
        }
        let server = NodeId::new(lane as u8 + 1)?;
        if (self.y - y(server)).abs() > REACH {
            return None;
        }
        let unit = |x: f64| (self.view.left + x / self.view.scale).max(0.0) as DiagramX;
        let first = diagram.record_at(unit(self.x - REACH))?;
        let last = diagram.record_at(unit(self.x + REACH))?;
        let off = |id: RecordId| (self.view.x(diagram.x_of(id) as f64) - self.x).abs();
        let records = run.tip().records().since(first);
        let here = records
            .take_while(|(id, _)| *id <= last)
            .filter(|(id, record)| record.event.server() == Some(server) && off(*id) <= REACH);
        let nearest = here.min_by(|(one, _), (other, _)| off(*one).total_cmp(&off(*other)));
        nearest.map(|(id, _)| id)
    }
}

/// The distance of a point from a line segment.
fn distance((x, y): (f64, f64), (x0, y0): (f64, f64), (x1, y1): (f64, f64)) -> f64 {
    let (dx, dy) = (x1 - x0, y1 - y0);
    let square = (dx * dx + dy * dy).max(1e-9);
    let share = (((x - x0) * dx + (y - y0) * dy) / square).clamp(0.0, 1.0);
    let (px, py) = (x0 + dx * share - x, y0 + dy * share - y);
    (px * px + py * py).sqrt()
}

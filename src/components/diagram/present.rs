//! What moves with time: the present, messages in flight, and what is dimmed after it.

use hustings_lab::{MessageId, RecordId};
use yew::prelude::*;

use super::super::glyphs::class_of;
use super::super::stage::{num, path};
use super::super::timeline::{Layout, Shown};
use super::arrows::{between, line_to};
use super::message_of;
use super::rows::{Rows, TOP};
use crate::i18n::texts;
use crate::session::Selection;

/// The width of the names of the lanes, in pixels.
const GUTTER: f64 = 28.0;
/// The most messages in flight that are drawn.
const FLIGHTS_MAX: usize = 300;

pub(super) fn draw(shown: &Shown, rows: Rows) -> Html {
    let layout = shown.layout.borrow();
    let moving = Moving {
        shown,
        rows,
        layout: &layout,
    };
    let session = &shown.page.session;
    html! {
        <>
            { moving.draw_after() }
            { moving.draw_flights() }
            { moving.draw_names() }
            { moving.draw_pointed(session.selected(), "selected") }
            { moving.draw_pointed(session.hovered(), "hovered") }
            { moving.draw_now() }
        </>
    }
}

struct Moving<'a> {
    shown: &'a Shown,
    rows: Rows,
    layout: &'a Layout,
}

impl Moving<'_> {
    fn x(&self, across: f64) -> f64 {
        self.shown.view.x(across)
    }

    /// Dims what comes after the present, and covers what comes after the end.
    fn draw_after(&self) -> Html {
        let width = self.shown.view.width;
        let (now, edge) = (self.x(self.shown.now), self.x(self.shown.edge));
        let cover = |class: &'static str, from: f64, to: f64| {
            let (from, to) = (from.clamp(0.0, width), to.clamp(0.0, width));
            let height = self.rows.height() - TOP;
            html! {
                if to > from {
                    <rect {class} x={num(from)} y={num(TOP)} width={num(to - from)} height={num(height)} />
                }
            }
        };
        // What happened at the very end is drawn a little past it.
        let end = edge + 4.0;
        let future = if self.shown.now < self.shown.edge {
            end
        } else {
            now
        };
        html! { <>{ cover("future", now + 1.0, future) }{ cover("beyond", end, width) }</> }
    }

    /// The messages in flight at the end of the branch, as far as they have come.
    fn draw_flights(&self) -> Html {
        let mut d = String::new();
        let (from, to) = self.shown.view.range();
        let tip = self.shown.page.run.tip();
        for flight in tip.in_flight().take(FLIGHTS_MAX) {
            let Some(arrow) = self.layout.diagram().arrow(flight.id) else {
                continue;
            };
            let sent = self.layout.x_of(arrow.sent);
            let way = flight.due_at.since(flight.sent_at).0 as f64;
            let share = ((self.shown.edge - sent) / way.max(1.0)).clamp(0.0, 0.97);
            let start = (self.x(sent), self.rows.y(flight.link.from));
            let whole = (self.x(sent + way), self.rows.y(flight.link.to));
            if sent <= to && self.shown.edge >= from {
                line_to(&mut d, start, between(start, whole, share));
            }
        }
        let class = if self.shown.now < self.shown.edge {
            "under-way later"
        } else {
            "under-way"
        };
        html! {
            if !d.is_empty() {
                <path {class} {d} />
            }
        }
    }

    fn draw_names(&self) -> Html {
        let names = self.shown.page.run.ids();
        html! {
            <>
                <rect class="gutter" y={num(TOP)} width={num(GUTTER)} height={num(self.rows.height() - TOP)} />
                { for names.iter().map(|server| html! {
                    <text class="name" x="4" y={num(self.rows.y(server) + 5.0)}>{ server.to_string() }</text>
                }) }
                if self.shown.axis.by_event {
                    <text class="warped" x="2" y={num(self.rows.height() - 3.0)}>{ texts().axis_warped() }</text>
                }
            </>
        }
    }

    fn draw_now(&self) -> Html {
        let x = self.x(self.shown.now);
        if x < 0.0 || x > self.shown.view.width {
            return html! {};
        }
        let line = path(&[("M", x), (" ", TOP), ("V", self.rows.height())]);
        let handle = path(&[("M", x - 6.0), (" ", TOP - 9.0)]) + "h12v4l-6 6l-6 -6z";
        html! {
            <g class="now">
                <path d={line} />
                <path class="handle" d={handle} />
            </g>
        }
    }

    fn draw_pointed(&self, what: Selection, class: &'static str) -> Html {
        let mut d = String::new();
        match what {
            Selection::Message(id) => self.arrow_to(id, &mut d),
            Selection::Record(id) => {
                let x = self.x(self.layout.x_of(id));
                d = path(&[("M", x), (" ", TOP), ("V", self.rows.bottom())]);
                let record = self.shown.page.run.tip().records().get(id);
                if let Some(message) = record.and_then(|record| message_of(&record.event)) {
                    self.arrow_to(message, &mut d);
                }
            }
            Selection::Server(id) | Selection::Entry(id, _) => {
                let half = self.rows.lane() / 2.0 - 1.0;
                let (above, below) = (self.rows.y(id) - half, self.rows.y(id) + half);
                let end = self.shown.view.width;
                d = path(&[("M-2 ", above), ("H", end + 2.0), ("V", below), ("H", -2.0)]) + "z";
                return html! { <path class={class_of(&["pointed lane", class])} {d} /> };
            }
            Selection::Nothing | Selection::Link(_) => return html! {},
        }
        html! { <path class={class_of(&["pointed", class])} {d} /> }
    }

    fn arrow_to(&self, id: MessageId, d: &mut String) {
        use hustings_lab::diagram::ArrowEnd;
        let Some(arrow) = self.layout.diagram().arrow(id) else {
            return;
        };
        let x = |record: RecordId| self.x(self.layout.x_of(record));
        let (end, share) = match arrow.end {
            ArrowEnd::Arrived(record) => (x(record), 1.0),
            ArrowEnd::Lost(record, _) => (x(record), 0.78),
            ArrowEnd::UnderWay => (self.x(self.shown.edge), 0.97),
        };
        let link = arrow.flight.link;
        let start = (x(arrow.sent), self.rows.y(link.from));
        let whole = (end, self.rows.y(link.to));
        line_to(d, start, between(start, whole, share));
    }
}

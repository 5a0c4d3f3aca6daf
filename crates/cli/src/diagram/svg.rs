//! The diagram as SVG: one lane per server, time from left to right.

use hustings_lab::diagram::{Arrow, ArrowEnd, Diagram, DiagramX, Mark, MarkKind, Span, sign};
use hustings_lab::narrate::{self, Lang};
use hustings_lab::{Event, RecordId, Run, Transcript};
use hustings_raft::{Millis, NodeId, RoleName, Term};
use svg::Document;
use svg::node::element::{Circle, Group, Line, Path, Rectangle, Style, Text, Title};

use super::one_line;

const LEFT: f64 = 64.0;
const RIGHT: f64 = 40.0;
/// The y of the first lane, below title and marks.
const TOP: f64 = 96.0;
const LANE: f64 = 74.0;
/// The intended width of the time axis; limits of the scale may change it.
const WIDTH: f64 = 1500.0;
/// The minimum width, for title and captions.
const WIDTH_MIN: f64 = 800.0;
const TICK_GAP: f64 = 90.0;
/// The approximate width of a character of a caption.
const CHARACTER: f64 = 7.4;
const LINE: f64 = 22.0;

/// The colours of terms, the same as in the page's style sheet: the palette of Okabe and
/// Ito, which colour-blind people can distinguish.
const TERMS: [&str; 7] = [
    "#56b4e9", "#e69f00", "#2bb58a", "#f0e442", "#d98cba", "#ee7733", "#9aa7e6",
];
const NO_TERM: &str = "#c9cfd8";

const STYLE: &str = "
text { font: 13px system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; fill: #1a2029; }
.title { font-size: 19px; font-weight: 700; }
.name { font-size: 17px; font-weight: 700; }
.time, .note { fill: #566070; }
.label { paint-order: stroke; stroke: #ffffffb0; stroke-width: 3px; }
.small { font-size: 11px; font-weight: 700; text-anchor: middle; }
.axis { stroke: #d3d8e0; }
.arrow { stroke: #566070; stroke-width: 1.3; fill: none; }
.head { fill: #566070; }
.lost { stroke: #b3261e; stroke-dasharray: 4 3; }
.way { stroke-dasharray: 2 3; }
.cross { stroke: #b3261e; stroke-width: 2.2; fill: none; }
.span { stroke: #1a2029; stroke-width: 1; }
.candidate { stroke-dasharray: 4 3; stroke-width: 1.6; }
.leader { stroke-width: 2.4; }
.down { stroke: #b3261e; stroke-dasharray: 2 6; }
.violation { stroke: #b3261e; stroke-width: 2; }
.bad { fill: #b3261e; font-weight: 700; }
";

/// The run as SVG.
pub(super) fn draw(run: &Run) -> String {
    let diagram = Diagram::of(run);
    // A little past the last record, so that its effect is visible.
    let now = diagram.x_at_time(run.now()).max(diagram.width()) + 2 * Diagram::GAP;
    let picture = Picture {
        run,
        scale: (WIDTH / now as f64).clamp(0.9, 6.0),
        now,
        diagram,
        transcript: Transcript::of(run),
    };
    picture.draw().to_string() + "\n"
}

struct Picture<'a> {
    run: &'a Run,
    diagram: Diagram,
    transcript: Transcript,
    /// The x of the end of the run.
    now: DiagramX,
    /// Pixels per unit.
    scale: f64,
}

impl Picture<'_> {
    fn draw(&self) -> Document {
        let view = self.diagram.view(0, self.now);
        let mut lanes = Group::new();
        let mut labels = Group::new();
        for (server, spans) in &view.lanes {
            lanes = lanes.add(self.lane(*server, spans));
            labels = labels.add(self.labels(*server, spans));
        }
        let mut arrows = Group::new();
        for arrow in &view.arrows {
            arrows = arrows.add(self.arrow(arrow));
        }
        let mut marks = Group::new();
        for mark in view.marks {
            if let Some(drawn) = self.mark(mark) {
                marks = marks.add(drawn);
            }
        }
        let notes = self.notes();
        let height = self.bottom() + 34.0 + notes.len() as f64 * LINE;
        let width = self.width();
        let title = one_line(&self.run.header().title);
        let mut document = Document::new()
            .set("viewBox", (0, 0, width.ceil(), height.ceil()))
            .set("width", width.ceil())
            .set("height", height.ceil())
            .add(Title::new(title.clone()))
            .add(Style::new(STYLE))
            .add(rectangle(0.0, 0.0, width.ceil(), height.ceil()).set("fill", "#ffffff"))
            .add(text(16.0, 30.0, &title).set("class", "title"))
            .add(self.axis())
            .add(lanes)
            .add(arrows)
            .add(labels)
            .add(marks)
            .add(self.note_marks());
        for (line, note) in notes.iter().enumerate() {
            let y = self.bottom() + 40.0 + line as f64 * LINE;
            document = document.add(text(16.0, y, note).set("class", "note"));
        }
        document
    }

    fn width(&self) -> f64 {
        (self.x(self.now) + RIGHT).max(WIDTH_MIN)
    }

    fn x(&self, across: DiagramX) -> f64 {
        round(LEFT + across as f64 * self.scale)
    }

    fn x_of(&self, record: RecordId) -> f64 {
        self.x(self.diagram.x_of(record))
    }

    fn y(&self, server: NodeId) -> f64 {
        TOP + f64::from(server.number() - 1) * LANE
    }

    /// The y of the axis, below the lanes.
    fn bottom(&self) -> f64 {
        TOP + self.run.ids().len() as f64 * LANE - LANE / 2.0
    }

    fn lane(&self, server: NodeId, spans: &[Span]) -> Group {
        let y = self.y(server);
        let name = text(16.0, y + 6.0, &server.to_string()).set("class", "name");
        let mut lane = Group::new().add(name);
        for (span, from, to) in self.stretches(spans) {
            lane = match span.role {
                None => lane.add(line((from, y), (to, y)).set("class", "down")),
                Some(role) => lane.add(bar(span, role, (from, to), y)),
            };
        }
        lane
    }

    /// The labels on the bars of a lane that are wide enough.
    fn labels(&self, server: NodeId, spans: &[Span]) -> Group {
        let mut labels = Group::new();
        let mut term_before = None;
        for (span, from, to) in self.stretches(spans) {
            let label = label(span, term_before);
            let width = 9.0 * label.chars().count() as f64;
            if span.role.is_none() || label.is_empty() || to - from < width + 16.0 {
                continue;
            }
            let place = (from + 12.0 + width / 2.0, self.y(server) + 4.0);
            labels = labels.add(text(place.0, place.1, &label).set("class", "small label"));
            term_before = Some(span.term);
        }
        labels
    }

    /// The spans with their ends in pixels.
    fn stretches<'s>(&self, spans: &'s [Span]) -> impl Iterator<Item = (&'s Span, f64, f64)> {
        let ends = spans.iter().skip(1).map(|span| span.from);
        let ended = spans.iter().zip(ends.chain([self.now]));
        ended.map(|(span, end)| (span, self.x(span.from), self.x(end)))
    }

    fn arrow(&self, arrow: &Arrow) -> Group {
        let flight = &arrow.flight;
        let start = (self.x_of(arrow.sent), self.y(flight.link.from));
        let whole = (
            self.x(self.diagram.arrow_end(arrow)),
            self.y(flight.link.to),
        );
        let (share, class) = match arrow.end {
            ArrowEnd::Arrived(_) => (1.0, "arrow"),
            ArrowEnd::Lost(..) => (0.82, "arrow lost"),
            ArrowEnd::UnderWay => (self.way_made(arrow), "arrow way"),
        };
        let end = between(start, whole, share);
        let mut drawn = Group::new().add(line(start, end).set("class", class));
        drawn = match arrow.end {
            ArrowEnd::Arrived(_) => drawn.add(head(start, end)),
            ArrowEnd::Lost(..) => drawn.add(cross(end)),
            ArrowEnd::UnderWay => drawn,
        };
        let place = between(start, end, 0.36);
        drawn.add(badge(arrow, place))
    }

    /// The share of its path that a message in flight has covered.
    fn way_made(&self, arrow: &Arrow) -> f64 {
        let (from, to) = (self.diagram.x_of(arrow.sent), self.diagram.arrow_end(arrow));
        let made = self.now.saturating_sub(from) as f64;
        (made / to.saturating_sub(from).max(1) as f64).clamp(0.3, 0.95)
    }

    fn mark(&self, mark: &Mark) -> Option<Group> {
        let x = self.x_of(mark.record);
        let y = mark.server.map_or(TOP - 40.0, |server| self.y(server));
        let drawn = match mark.kind {
            MarkKind::Timeout => {
                let clock = Circle::new().set("cx", x).set("cy", y).set("r", 7);
                Group::new()
                    .add(clock.set("fill", "#ffffff").set("stroke", "#1a2029"))
                    .add(path(&format!("M{x} {} V{y} h4", y - 4.5)).set("class", "arrow"))
            }
            MarkKind::Departure => Group::new().add(
                rectangle(x - 3.5, y - 3.5, 7.0, 7.0)
                    .set("fill", "#ffffff")
                    .set("stroke", "#1a2029"),
            ),
            MarkKind::Crash => Group::new().add(cross((x, y))),
            MarkKind::Violation => {
                let name = self.violation_at(mark.record)?;
                let label = text(x, TOP - 34.0, &name).set("class", "bad");
                Group::new()
                    .add(line((x, TOP - 30.0), (x, self.bottom())).set("class", "violation"))
                    .add(label.set("text-anchor", "middle"))
            }
            MarkKind::Request => Group::new().add(text(x - 4.0, y - 16.0, "▼")),
            MarkKind::Commit => Group::new().add(text(x, y + 24.0, "✓").set("class", "small")),
            MarkKind::Network => Group::new().add(
                line((x, TOP - 26.0), (x, self.bottom()))
                    .set("class", "axis")
                    .set("stroke-dasharray", "3 4"),
            ),
            MarkKind::Note | MarkKind::Elected | MarkKind::Restart => return None,
        };
        Some(drawn.add(Title::new(self.told(mark.record)?)))
    }

    /// The text about a record.
    fn told(&self, id: RecordId) -> Option<String> {
        let records = self.run.records();
        let told = self.transcript.about(id);
        told.map(|item| narrate::told_at_once(item, records, Lang::En))
            .or_else(|| Some(narrate::headline(records.get(id)?, Lang::En)))
    }

    fn violation_at(&self, record: RecordId) -> Option<String> {
        let mut found = self.run.violations().iter();
        let violation = found.find(|violation| violation.record == record)?;
        Some(format!("‼ {}", violation.invariant().name()))
    }

    fn axis(&self) -> Group {
        let bottom = self.bottom();
        let mut axis = Group::new();
        let mut last: Option<(f64, Millis)> = None;
        for (id, record) in self.run.records().iter() {
            let x = self.x_of(id);
            let has_room =
                last.is_none_or(|(before, at)| x - before >= TICK_GAP && record.at != at);
            if has_room {
                last = Some((x, record.at));
                axis = axis
                    .add(line((x, TOP - 26.0), (x, bottom)).set("class", "axis"))
                    .add(text(x, bottom + 16.0, &record.at.to_string()).set("class", "time"));
            }
        }
        axis
    }

    /// The captions, in order.
    fn captions(&self) -> impl Iterator<Item = (RecordId, &str)> {
        let records = self.run.records().iter();
        records.filter_map(|(id, record)| match &record.event {
            Event::Noted(note) => Some((id, &**note)),
            _ => None,
        })
    }

    /// The numbers of the captions, at their records.
    fn note_marks(&self) -> Group {
        let mut places: Vec<(f64, Vec<String>)> = Vec::new();
        for (place, (id, _)) in self.captions().enumerate() {
            let (x, number) = (self.x_of(id), (place + 1).to_string());
            match places.last_mut() {
                Some((last, numbers)) if x - *last < 24.0 => numbers.push(number),
                _ => places.push((x, vec![number])),
            }
        }
        let marks = places.iter().map(|(x, numbers)| {
            text(*x, TOP - 48.0, &format!("({})", numbers.join(", "))).set("class", "small")
        });
        marks.fold(Group::new(), Group::add)
    }

    /// The numbered captions below the diagram.
    fn notes(&self) -> Vec<String> {
        let notes = self.captions().enumerate();
        let numbered =
            notes.map(|(place, (_, note))| format!("({}) {}", place + 1, one_line(note)));
        let chars = (self.width() / CHARACTER) as usize;
        numbered.flat_map(|note| wrapped(&note, chars)).collect()
    }
}

/// The label of a span: the letter of its role, and its term if it changed.
fn label(span: &Span, term_before: Option<Term>) -> String {
    let role = match span.role {
        Some(RoleName::Leader) => "L",
        Some(RoleName::Candidate) => "C",
        Some(RoleName::PreCandidate) => "P",
        Some(RoleName::Follower) | None => "",
    };
    let paused = if span.paused { "‖" } else { "" };
    let term = if term_before == Some(span.term) && !role.is_empty() {
        String::new()
    } else {
        span.term.to_string()
    };
    format!("{paused}{role}{term}")
}

fn bar(span: &Span, role: RoleName, (from, to): (f64, f64), y: f64) -> Rectangle {
    let half = match role {
        RoleName::Follower => 7.0,
        RoleName::PreCandidate | RoleName::Candidate => 9.0,
        RoleName::Leader => 11.0,
    };
    let class = match role {
        RoleName::Follower => "span",
        RoleName::PreCandidate | RoleName::Candidate => "span candidate",
        RoleName::Leader => "span leader",
    };
    let opacity = if span.paused { 0.35 } else { 1.0 };
    rectangle(from, y - half, (to - from).max(1.0), 2.0 * half)
        .set("rx", 3)
        .set("fill", colour(span.term))
        .set("fill-opacity", opacity)
        .set("class", class)
}

fn colour(term: Term) -> &'static str {
    match term {
        Term::ZERO => NO_TERM,
        Term(term) => TERMS[((term - 1) % TERMS.len() as u64) as usize],
    }
}

/// A request is round, a reply square.
fn badge(arrow: &Arrow, (x, y): (f64, f64)) -> Group {
    let flight = &arrow.flight;
    let colour = colour(flight.message.term());
    let mut title = format!(
        "{}: {}",
        narrate::marked_name(flight, Lang::En),
        narrate::message(&flight.message, Lang::En)
    );
    if let ArrowEnd::Lost(_, loss) = arrow.end {
        let why = narrate::loss(loss, flight, Lang::En);
        title.push_str(&format!(" (lost: {why})"));
    }
    let drawn = Group::new().add(Title::new(title));
    let drawn = if flight.message.is_positive().is_none() {
        let round = Circle::new().set("cx", x).set("cy", y).set("r", 7.5);
        drawn.add(round.set("fill", colour).set("stroke", "#1a2029"))
    } else {
        let square = rectangle(x - 6.5, y - 6.5, 13.0, 13.0);
        drawn.add(square.set("fill", colour).set("stroke", "#1a2029"))
    };
    drawn.add(text(x, y + 4.0, &sign(&flight.message)).set("class", "small"))
}

fn head((x0, y0): (f64, f64), (x, y): (f64, f64)) -> Path {
    let length = (x - x0).hypot(y - y0).max(1.0);
    let (dx, dy) = ((x - x0) / length, (y - y0) / length);
    let (bx, by) = (x - 9.0 * dx, y - 9.0 * dy);
    let corner = |side: f64| (round(bx - side * dy * 3.6), round(by + side * dx * 3.6));
    let ((ax, ay), (cx, cy)) = (corner(1.0), corner(-1.0));
    path(&format!("M{x} {y} L{ax} {ay} L{cx} {cy} z")).set("class", "head")
}

fn cross((x, y): (f64, f64)) -> Path {
    let (x, y) = (round(x - 5.0), round(y - 5.0));
    path(&format!("M{x} {y} l10 10 m0 -10 l-10 10")).set("class", "cross")
}

fn between((x0, y0): (f64, f64), (x1, y1): (f64, f64), share: f64) -> (f64, f64) {
    (round(x0 + (x1 - x0) * share), round(y0 + (y1 - y0) * share))
}

/// Rounded to a tenth of a pixel, for smaller files.
fn round(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}

fn line((x1, y1): (f64, f64), (x2, y2): (f64, f64)) -> Line {
    let from = Line::new().set("x1", x1).set("y1", y1);
    from.set("x2", x2).set("y2", y2)
}

fn rectangle(x: f64, y: f64, width: f64, height: f64) -> Rectangle {
    let corner = Rectangle::new().set("x", x).set("y", y);
    corner
        .set("width", round(width))
        .set("height", round(height))
}

fn path(data: &str) -> Path {
    Path::new().set("d", data)
}

fn text(x: f64, y: f64, what: &str) -> Text {
    Text::new(what).set("x", round(x)).set("y", round(y))
}

/// Breaks a text between words into lines of a maximum length.
fn wrapped(text: &str, chars: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else {
            break;
        };
        if !line.is_empty() && line.chars().count() + word.chars().count() >= chars {
            lines.push(format!("      {word}"));
        } else {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
    }
    lines
}

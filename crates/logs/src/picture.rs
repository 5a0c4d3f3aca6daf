//! A story as a picture: a lane for each member, true time from left to right.

use svg::Document;
use svg::node::element::{Group, Line, Path, Rectangle, Style, Text, Title};

use crate::observation::Role;
use crate::shown::{EventId, MemberId, Presence, SectionKind, Shown, ShownArrow, ShownSpan};
use crate::time::{Micros, round_step};

const LEFT: f64 = 130.0;
const RIGHT: f64 = 30.0;
/// The width of the time axis.
const WIDTH: f64 = 1400.0;
/// The y of the first lane, below the title.
const TOP: f64 = 84.0;
const LANE: f64 = 62.0;
const LINE: f64 = 21.0;
/// The approximate width of a character.
const CHARACTER: f64 = 7.2;
/// How many characters of a name have room.
const NAME_CHARS: usize = 15;
/// How many ticks the axis has at most.
const TICKS_MAX: i64 = 14;

/// The colours of terms, as in the page's style sheet: the palette of Okabe and Ito, which
/// colour-blind people can distinguish.
const TERMS: [&str; 7] = [
    "#56b4e9", "#e69f00", "#2bb58a", "#f0e442", "#d98cba", "#ee7733", "#9aa7e6",
];
const NO_TERM: &str = "#c9cfd8";

const STYLE: &str = "
text { font: 13px system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; fill: #1a2029; }
.title { font-size: 19px; font-weight: 700; }
.name { font-size: 15px; font-weight: 700; text-anchor: end; }
.time { fill: #566070; text-anchor: middle; }
.small { font-size: 11px; font-weight: 700; text-anchor: middle; paint-order: stroke;
  stroke: #ffffffb0; stroke-width: 3px; }
.axis { stroke: #d3d8e0; }
.arrow { stroke: #566070; stroke-width: 1.2; fill: none; }
.head { fill: #566070; }
.no { stroke: #b3261e; }
.unseen { stroke-dasharray: 2 3; }
.span { stroke: #1a2029; stroke-width: 1; }
.candidate { stroke-dasharray: 4 3; stroke-width: 1.6; }
.leader { stroke-width: 2.4; }
.down { stroke: #b3261e; stroke-dasharray: 2 6; }
.unknown { stroke: #8a93a1; stroke-dasharray: 1 5; }
.leaderless { fill: #b3261e; fill-opacity: 0.09; }
.fault { stroke: #b3261e; stroke-width: 2; }
.bad { fill: #b3261e; font-weight: 700; }
";

impl Shown {
    /// The story as SVG.
    pub fn to_svg(&self) -> String {
        let picture = Picture {
            shown: self,
            lasts: self.lasts.get().max(1),
        };
        picture.draw().to_string() + "\n"
    }
}

struct Picture<'a> {
    shown: &'a Shown,
    lasts: i64,
}

impl Picture<'_> {
    fn draw(&self) -> Document {
        let notes = self.notes();
        let width = LEFT + WIDTH + RIGHT;
        let height = self.bottom() + 44.0 + notes.len() as f64 * LINE;
        let title = self.title();
        let mut document = Document::new()
            .set("viewBox", (0, 0, width, height.ceil()))
            .set("width", width)
            .set("height", height.ceil())
            .add(Title::new(title.clone()))
            .add(Style::new(STYLE))
            .add(rectangle(0.0, 0.0, width, height.ceil()).set("fill", "#ffffff"))
            .add(text(16.0, 32.0, &title).set("class", "title"))
            .add(self.leaderless())
            .add(self.axis());
        for (number, member) in self.shown.members.iter().enumerate() {
            let y = self.y(number);
            let name: String = member.name.chars().take(NAME_CHARS).collect();
            document = document
                .add(text(LEFT - 14.0, y + 5.0, &name).set("class", "name"))
                .add(self.lane(&member.spans, y));
        }
        document = document.add(self.arrows()).add(self.faults());
        for (line, (note, is_fault)) in notes.iter().enumerate() {
            let y = self.bottom() + 48.0 + line as f64 * LINE;
            let class = if *is_fault { "bad" } else { "note" };
            document = document.add(text(16.0, y, note).set("class", class));
        }
        document
    }

    fn title(&self) -> String {
        let names: Vec<_> = self.shown.members.iter().map(|it| &*it.name).collect();
        let (begins, ends) = (self.shown.begins, self.shown.begins + self.shown.lasts);
        format!("{}: {begins} – {ends}", names.join(", "))
    }

    fn x(&self, at: Micros) -> f64 {
        round(LEFT + WIDTH * at.get().clamp(0, self.lasts) as f64 / self.lasts as f64)
    }

    fn y(&self, lane: usize) -> f64 {
        TOP + lane as f64 * LANE + LANE / 2.0
    }

    fn bottom(&self) -> f64 {
        TOP + self.shown.members.len() as f64 * LANE
    }

    /// Ticks at round times of day, or at days if it lasts long.
    fn axis(&self) -> Group {
        let step = round_step(Micros::new(self.lasts / TICKS_MAX));
        let begins = self.shown.begins;
        let mut axis = Group::new();
        for tick in begins.steps_to(begins + Micros::new(self.lasts), step) {
            let x = self.x(tick - begins);
            axis = axis
                .add(line((x, TOP - 6.0), (x, self.bottom())).set("class", "axis"))
                .add(text(x, self.bottom() + 18.0, &tick.label(step)).set("class", "time"));
        }
        axis
    }

    fn leaderless(&self) -> Group {
        let gaps = self.shown.leaderless.iter().map(|gap| {
            let (from, to) = (self.x(gap.from), self.x(gap.to));
            rectangle(from, TOP, (to - from).max(0.5), self.bottom() - TOP)
                .set("class", "leaderless")
        });
        gaps.fold(Group::new(), Group::add)
    }

    fn lane(&self, spans: &[ShownSpan], y: f64) -> Group {
        let ends = spans.iter().skip(1).map(|it| it.from);
        let ends = ends.chain([Micros::new(self.lasts)]);
        let mut lane = Group::new();
        let mut labels = Group::new();
        let begins = spans.first().map_or(Micros::new(self.lasts), |it| it.from);
        if self.x(begins) > LEFT {
            lane = lane.add(line((LEFT, y), (self.x(begins), y)).set("class", "unknown"));
        }
        for (span, end) in spans.iter().zip(ends) {
            let (from, to) = (self.x(span.from), self.x(end));
            lane = match span.known.presence {
                Presence::Running => lane.add(bar(span, (from, to), y)),
                Presence::Down => lane.add(line((from, y), (to, y)).set("class", "down")),
                Presence::Unknown => lane.add(line((from, y), (to, y)).set("class", "unknown")),
            };
            let label = label(span);
            if to - from > CHARACTER * label.chars().count() as f64 + 6.0 {
                let middle = from.midpoint(to);
                labels = labels.add(text(middle, y + 4.0, &label).set("class", "small"));
            }
        }
        lane.add(labels)
    }

    fn arrows(&self) -> Group {
        let arrows = self.shown.arrows.iter().filter_map(|it| self.arrow(it));
        arrows.fold(Group::new(), Group::add)
    }

    fn arrow(&self, arrow: &ShownArrow) -> Option<Group> {
        let lane = |member: MemberId| self.y(usize::from(member.0));
        let sent = self.at(arrow.sent)?;
        let start = (self.x(sent), lane(arrow.from));
        let to = lane(arrow.to);
        let no = if arrow.granted == Some(false) {
            " no"
        } else {
            ""
        };
        let Some(received) = arrow.received.and_then(|it| self.at(it)) else {
            // It left, and no line tells of its arrival.
            let part = (start.0 + 8.0, start.1 + (to - start.1) * 0.4);
            let drawn = line(start, part).set("class", format!("arrow unseen{no}"));
            return Some(Group::new().add(drawn));
        };
        let end = (self.x(received), to);
        let drawn = line(start, end).set("class", format!("arrow{no}"));
        Some(Group::new().add(drawn).add(head(start, end)))
    }

    fn at(&self, id: EventId) -> Option<Micros> {
        self.shown.event(id).map(|it| it.at)
    }

    /// Where a rule of Raft was broken.
    fn faults(&self) -> Group {
        let sections = self.shown.account.iter();
        let sections = sections.filter(|it| it.kind == SectionKind::Findings);
        let events = sections
            .flat_map(|it| &it.sentences)
            .filter_map(|it| it.events.last());
        let faults = events.filter_map(|it| Some(self.x(self.at(*it)?)));
        let lines = faults.map(|x| line((x, TOP - 10.0), (x, self.bottom())).set("class", "fault"));
        lines.fold(Group::new(), Group::add)
    }

    /// The verdict, in lines, and whether each tells of a fault.
    fn notes(&self) -> Vec<(String, bool)> {
        let sections = self.shown.account.iter();
        let verdict = sections.filter(|it| it.kind == SectionKind::Verdict);
        let chars = ((LEFT + WIDTH) / CHARACTER) as usize;
        let sentences = verdict.flat_map(|it| &it.sentences);
        let lines = sentences.flat_map(|it| {
            let lines = wrapped(&it.says, chars);
            lines.into_iter().map(|line| (line, it.is_fault))
        });
        lines.collect()
    }
}

/// The letter of a role, and the term.
fn label(span: &ShownSpan) -> String {
    let role = match (span.known.presence, span.known.role) {
        (Presence::Running, Some(Role::Leader)) => "L",
        (Presence::Running, Some(Role::Candidate)) => "C",
        (Presence::Running, Some(Role::PreCandidate)) => "P",
        (Presence::Running, Some(Role::Follower | Role::Learner)) => "",
        (Presence::Running, None) | (Presence::Unknown, _) => return "?".to_owned(),
        (Presence::Down, _) => return String::new(),
    };
    let term = span.known.term.map(|it| it.to_string());
    format!("{role}{}", term.as_deref().unwrap_or("?"))
}

fn bar(span: &ShownSpan, (from, to): (f64, f64), y: f64) -> Rectangle {
    let (half, class) = match span.known.role {
        Some(Role::Leader) => (11.0, "span leader"),
        Some(Role::Candidate | Role::PreCandidate) => (9.0, "span candidate"),
        Some(Role::Follower | Role::Learner) | None => (7.0, "span"),
    };
    rectangle(from, y - half, (to - from).max(1.0), 2.0 * half)
        .set("rx", 3)
        .set("fill", colour(span.known.term))
        .set("class", class)
}

fn colour(term: Option<u64>) -> &'static str {
    let place = term.and_then(|it| it.checked_sub(1));
    let place = place.and_then(|it| usize::try_from(it % TERMS.len() as u64).ok());
    place
        .and_then(|it| TERMS.get(it).copied())
        .unwrap_or(NO_TERM)
}

fn head((x0, y0): (f64, f64), (x, y): (f64, f64)) -> Path {
    let length = (x - x0).hypot(y - y0).max(1.0);
    let (dx, dy) = ((x - x0) / length, (y - y0) / length);
    let (bx, by) = (x - 7.0 * dx, y - 7.0 * dy);
    let corner = |side: f64| (round(bx - side * dy * 3.0), round(by + side * dx * 3.0));
    let ((ax, ay), (cx, cy)) = (corner(1.0), corner(-1.0));
    let data = format!("M{x} {y} L{ax} {ay} L{cx} {cy} z");
    Path::new().set("d", data).set("class", "head")
}

/// Lines of words, none longer than so many characters if its words allow.
fn wrapped(text: &str, chars: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + word.chars().count() < chars => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Rounded to a tenth of a pixel, for smaller files.
fn round(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}

fn line((x1, y1): (f64, f64), (x2, y2): (f64, f64)) -> Line {
    let from = Line::new().set("x1", round(x1)).set("y1", round(y1));
    from.set("x2", round(x2)).set("y2", round(y2))
}

fn rectangle(x: f64, y: f64, width: f64, height: f64) -> Rectangle {
    let corner = Rectangle::new().set("x", round(x)).set("y", round(y));
    corner
        .set("width", round(width))
        .set("height", round(height))
}

fn text(x: f64, y: f64, what: &str) -> Text {
    Text::new(what).set("x", round(x)).set("y", round(y))
}

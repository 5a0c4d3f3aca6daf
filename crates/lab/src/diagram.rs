//! The space-time diagram of a run: a lane for each server, an arrow for each message,
//! a mark for each notable event.
//!
//! This is the layout, as data; the page and the command line draw it. A coordinate
//! along a lane is a [`DiagramX`]: one unit per millisecond, but records of the same
//! time are spread out, so that each has its own coordinate.

mod arrows;
mod outline;
mod quiet;

use std::borrow::Cow;

use hustings_raft::{Message, Millis, NodeId, RoleName, Term, Timer};

use self::arrows::Arrows;
pub use self::arrows::{Arrow, ArrowEnd};
pub use self::outline::{Outline, TermSpan};
pub use self::quiet::QuietStretch;
use crate::invariant::Violation;
use crate::record::{Change, Event, MessageId, Record, RecordId};
use crate::run::Run;

/// A coordinate along the lanes, in units from the start.
pub type DiagramX = u64;

/// The layout of a run. It grows with the run: [`Diagram::extend`].
#[derive(Clone, Default, Debug)]
pub struct Diagram {
    columns: Vec<Column>,
    lanes: Vec<Lane>,
    arrows: Arrows,
    marks: Vec<Mark>,
    quiet: Vec<QuietStretch>,
    outline: Outline,
    violations: usize,
}

/// The coordinate and time of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Column {
    x: DiagramX,
    at: Millis,
}

/// One server's lane.
#[derive(Clone, Debug)]
pub struct Lane {
    /// Whose.
    pub server: NodeId,
    /// What it was, from when on; in order, and each lasts up to the next.
    pub spans: Vec<Span>,
}

/// What a server was for a while.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// The record that it began with.
    pub record: RecordId,
    /// Where it began.
    pub from: DiagramX,
    /// Its role; `None` while it was down.
    pub role: Option<RoleName>,
    /// Its term.
    pub term: Term,
    /// Whether it was paused.
    pub paused: bool,
}

/// A marker for a notable event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    /// The record that it belongs to.
    pub record: RecordId,
    /// The server on whose lane it is; `None` for all lanes.
    pub server: Option<NodeId>,
    /// What it is.
    pub kind: MarkKind,
}

/// What a mark means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MarkKind {
    /// An election timer ran out.
    Timeout,
    /// A server became leader.
    Elected,
    /// A client sent a request.
    Request,
    /// The commit index rose.
    Commit,
    /// A write became durable, and messages that waited for it were sent.
    Departure,
    /// A server crashed.
    Crash,
    /// A server restarted.
    Restart,
    /// Links were cut or mended, or their latency changed.
    Network,
    /// A note was added.
    Note,
    /// An invariant was violated.
    Violation,
}

/// What is visible between two coordinates.
#[derive(Debug)]
pub struct View<'a> {
    /// The lanes, each with its visible spans.
    pub lanes: Vec<(NodeId, &'a [Span])>,
    /// The visible arrows, in the order of sending.
    pub arrows: Vec<&'a Arrow>,
    /// The visible marks.
    pub marks: &'a [Mark],
}

impl Diagram {
    /// The least distance between two records.
    pub const GAP: DiagramX = 6;

    /// The layout of a whole run.
    pub fn of(run: &Run) -> Self {
        let mut diagram = Self::default();
        diagram.extend(run);
        diagram
    }

    /// Adds the records that are new since the last call. The run must be the same, or
    /// one that starts with the same records.
    pub fn extend(&mut self, run: &Run) {
        self.extend_by(run, usize::MAX);
    }

    /// As [`Diagram::extend`], with so many records at most; returns whether it has all.
    pub fn extend_by(&mut self, run: &Run, most: usize) -> bool {
        if self.lanes.is_empty() {
            self.lanes = run.ids().iter().map(|id| initial_lane(id, run)).collect();
            self.outline
                .add_term_span(Millis::ZERO, RecordId(0), &self.lanes);
        }
        let new = run.records().since(RecordId(self.columns.len()));
        for (id, record) in new.take(most) {
            self.add_record(id, record);
        }
        let known = RecordId(self.columns.len());
        let new = run.violations().iter().skip(self.violations);
        for violation in new.take_while(|violation| violation.record < known) {
            let mark = violation_mark(violation);
            let index = self
                .marks
                .partition_point(|other| other.record <= mark.record);
            self.marks.insert(index, mark);
            self.violations += 1;
        }
        self.columns.len() == run.records().len()
    }

    /// The number of records in the diagram.
    pub fn records(&self) -> usize {
        self.columns.len()
    }

    /// The coordinate of the last record.
    pub fn width(&self) -> DiagramX {
        self.columns.last().map_or(0, |column| column.x)
    }

    /// The coordinate of a record; past the end, that of the last one.
    pub fn x_of(&self, record: RecordId) -> DiagramX {
        let column = self.columns.get(record.0);
        column.map_or(self.width(), |column| column.x)
    }

    /// The coordinate of a time, after all records up to then.
    pub fn x_at_time(&self, time: Millis) -> DiagramX {
        let after = self.columns.partition_point(|column| column.at <= time);
        let column = after.checked_sub(1).and_then(|last| self.columns.get(last));
        column.map_or(0, |column| column.x + time.since(column.at).0)
    }

    /// The last record at or before a coordinate.
    pub fn record_at(&self, x: DiagramX) -> Option<RecordId> {
        let after = self.columns.partition_point(|column| column.x <= x);
        after.checked_sub(1).map(RecordId)
    }

    /// The time at a coordinate.
    pub fn time_at(&self, x: DiagramX) -> Millis {
        let after = self.columns.partition_point(|column| column.x <= x);
        let before = after.checked_sub(1).and_then(|last| self.columns.get(last));
        let Some(before) = before else {
            return Millis::ZERO;
        };
        let time = before.at.plus(Millis(x - before.x));
        let next = self.columns.get(after);
        next.map_or(time, |next| time.min(next.at))
    }

    /// When a record was made; past the end, when the last one was.
    pub fn time_of(&self, record: RecordId) -> Millis {
        let column = self.columns.get(record.0).or(self.columns.last());
        column.map_or(Millis::ZERO, |column| column.at)
    }

    /// The number of records before a time.
    pub fn records_before(&self, time: Millis) -> usize {
        self.columns.partition_point(|column| column.at < time)
    }

    /// What the whole run comes to.
    pub fn outline(&self) -> &Outline {
        &self.outline
    }

    /// The stretches in which nothing but heartbeats happened, in order.
    pub fn quiet(&self) -> &[QuietStretch] {
        &self.quiet
    }

    /// The arrow of a message.
    pub fn arrow(&self, message: MessageId) -> Option<&Arrow> {
        self.arrows.get(message)
    }

    /// The coordinate where an arrow ends, or is expected to end.
    pub fn arrow_end(&self, arrow: &Arrow) -> DiagramX {
        match arrow.end {
            ArrowEnd::Arrived(record) | ArrowEnd::Lost(record, _) => self.x_of(record),
            ArrowEnd::UnderWay => {
                self.x_of(arrow.sent) + arrow.flight.due_at.since(arrow.flight.sent_at).0
            }
        }
    }

    /// The number of messages sent in these records, both included.
    pub fn count_sent(&self, first: RecordId, last: RecordId) -> usize {
        self.arrows.count_sent(first, last)
    }

    /// What is visible between two coordinates, inclusive.
    pub fn view(&self, from: DiagramX, to: DiagramX) -> View<'_> {
        let first = self.columns.partition_point(|column| column.x < from);
        let after = self.columns.partition_point(|column| column.x <= to);
        let (first, last) = (RecordId(first), RecordId(after.saturating_sub(1)));
        View {
            lanes: self.lanes_between(first, last).collect(),
            arrows: self.arrows_between(first, last).collect(),
            marks: self.marks_between(first, last),
        }
    }

    /// The lanes, each with its spans from one record to another, both included.
    pub fn lanes_between(
        &self,
        first: RecordId,
        last: RecordId,
    ) -> impl Iterator<Item = (NodeId, &[Span])> {
        let lanes = self.lanes.iter();
        lanes.map(move |lane| lane.between(first, last))
    }

    /// The arrows that neither end before a record nor begin after another, in the order
    /// of sending.
    pub fn arrows_between(&self, first: RecordId, last: RecordId) -> impl Iterator<Item = &Arrow> {
        self.arrows.between(first, last)
    }

    /// The marks of the records from one to another, both included.
    pub fn marks_between(&self, first: RecordId, last: RecordId) -> &[Mark] {
        let marks = self.marks.partition_point(|mark| mark.record < first)
            ..self.marks.partition_point(|mark| mark.record <= last);
        self.marks.get(marks).unwrap_or_default()
    }

    fn add_record(&mut self, id: RecordId, record: &Record) {
        let x = self.next_column(record);
        self.columns.push(Column { x, at: record.at });
        let lanes_changed = self.add_to_lanes(id, x, record);
        match &record.event {
            Event::Delivered(flight) => self.arrows.end(flight.id, ArrowEnd::Arrived(id)),
            Event::Lost { flight, cause } => {
                self.arrows.end(flight.id, ArrowEnd::Lost(id, *cause));
            }
            Event::Delayed { flight, .. } => self.arrows.delay(flight),
            _ => {}
        }
        self.arrows.send(id, &record.sent);
        let marks = marks_of(record).into_iter().flatten();
        self.marks.extend(marks.map(|(server, kind)| Mark {
            record: id,
            server,
            kind,
        }));
        quiet::extend(&mut self.quiet, id, record);
        self.outline.add_record(id, record);
        if lanes_changed {
            self.outline.add_term_span(record.at, id, &self.lanes);
        }
    }

    /// Adds a record to the lanes; returns whether a server became something else.
    fn add_to_lanes(&mut self, id: RecordId, x: DiagramX, record: &Record) -> bool {
        let server = record.event.server();
        let lane = server.and_then(|server| self.lane_mut(server));
        lane.is_some_and(|lane| lane.add_record(id, x, record))
    }

    fn lane_mut(&mut self, server: NodeId) -> Option<&mut Lane> {
        self.lanes.get_mut(usize::from(server.number()) - 1)
    }

    fn next_column(&self, record: &Record) -> DiagramX {
        let Some(last) = self.columns.last() else {
            return 0;
        };
        let gap = match record.event {
            // The servers start together, and a caption takes no time.
            Event::Started(_) | Event::Noted(_) => 0,
            _ => Self::GAP,
        };
        last.x + record.at.since(last.at).0.max(gap)
    }
}

impl Lane {
    /// The spans that are visible from one record to another, and the one before them.
    fn between(&self, first: RecordId, last: RecordId) -> (NodeId, &[Span]) {
        let before = self.spans.partition_point(|span| span.record < first);
        let after = self.spans.partition_point(|span| span.record <= last);
        let seen = self.spans.get(before.saturating_sub(1)..after);
        (self.server, seen.unwrap_or_default())
    }

    /// Returns whether the server became something else.
    fn add_record(&mut self, id: RecordId, from: DiagramX, record: &Record) -> bool {
        let Some(last) = self.spans.last_mut() else {
            return false;
        };
        let span = Span {
            record: id,
            from,
            ..span_after(*last, record)
        };
        let (was, is) = (
            (last.role, last.term, last.paused),
            (span.role, span.term, span.paused),
        );
        if was == is {
            return false;
        }
        if last.from == from {
            *last = span;
        } else {
            self.spans.push(span);
        }
        true
    }
}

fn initial_lane(server: NodeId, run: &Run) -> Lane {
    let initial = run.header().initial.get(server);
    Lane {
        server,
        spans: vec![Span {
            record: RecordId(0),
            from: 0,
            role: Some(RoleName::Follower),
            term: initial.map_or(Term::ZERO, |initial| initial.term()),
            paused: false,
        }],
    }
}

/// The span after a record, given the span before it.
fn span_after(mut span: Span, record: &Record) -> Span {
    match record.event {
        Event::Crashed { .. } => (span.role, span.paused) = (None, false),
        Event::Restarted(_) | Event::Installed { .. } => span.role = Some(RoleName::Follower),
        Event::Paused(_) => span.paused = true,
        Event::Resumed(_) => span.paused = false,
        _ => {}
    }
    for change in &record.changes {
        match *change {
            Change::Term { new, .. } => span.term = new,
            Change::Role { new, .. } => span.role = Some(new),
            _ => {}
        }
    }
    span
}

/// The marks of a record: for what happened, and for what came of it.
fn marks_of(record: &Record) -> [Option<(Option<NodeId>, MarkKind)>; 3] {
    let server = record.event.server();
    let happened = match record.event {
        Event::TimerFired {
            timer: Timer::Election,
            ..
        } => Some((server, MarkKind::Timeout)),
        Event::Proposed { .. } => Some((server, MarkKind::Request)),
        Event::WriteDone { .. } if !record.sent.is_empty() => Some((server, MarkKind::Departure)),
        Event::Crashed { .. } => Some((server, MarkKind::Crash)),
        Event::Restarted(_) | Event::Installed { .. } => Some((server, MarkKind::Restart)),
        Event::Cut(_) | Event::Mended(_) | Event::Partitioned { .. } | Event::LatencySet { .. } => {
            Some((None, MarkKind::Network))
        }
        Event::Noted(_) => Some((None, MarkKind::Note)),
        _ => None,
    };
    let became =
        |kind, is: fn(&Change) -> bool| record.changes.iter().any(is).then_some((server, kind));
    let elected = became(MarkKind::Elected, |change| {
        matches!(
            change,
            Change::Role {
                new: RoleName::Leader,
                ..
            }
        )
    });
    let committed = became(
        MarkKind::Commit,
        |change| matches!(change, Change::Commit { old, new } if new > old),
    );
    [happened, elected, committed]
}

/// The glyph of a message: the kind of a request, or `+` or `−` for a reply.
pub fn sign(message: &Message) -> Cow<'static, str> {
    match (message, message.is_positive()) {
        (_, Some(true)) => "+".into(),
        (_, Some(false)) => "−".into(),
        (Message::RequestVote { transfer: true, .. }, None) => "V!".into(),
        (Message::RequestVote { .. }, None) => "V".into(),
        (Message::PreVote { .. }, None) => "P".into(),
        (Message::TimeoutNow { .. }, None) => "!".into(),
        (Message::AppendEntries { entries, .. }, None) if entries.is_empty() => "♥".into(),
        (Message::AppendEntries { entries, .. }, None) => entries.len().to_string().into(),
        (_, None) => "".into(),
    }
}

fn violation_mark(violation: &Violation) -> Mark {
    Mark {
        record: violation.record,
        server: None,
        kind: MarkKind::Violation,
    }
}

//! A story as it is shown: all that a page or a picture needs, in sentences and numbers.
//!
//! Times are microseconds from [`Shown::begins`] on, in one time for all members. A
//! [`Place`] leads from whatever is shown to its line, [`ShownEvent::place`] from a line to
//! what is shown.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::known::Span;
use crate::observation::{Ballot, LogEnd};
use crate::text::LineNumber;
use crate::time::{Micros, Moment};

/// A line of a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Place {
    /// The file, from 0, in the order in which they were given.
    pub file: u16,
    /// The line.
    pub line: LineNumber,
}

/// A member of the cluster: its place among [`Shown::members`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct MemberId(pub u8);

/// An event of a story: its place among [`Shown::events`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct EventId(pub u32);

/// A story as it is shown.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Shown {
    /// The files, in the order in which they were given.
    pub files: Vec<ShownFile>,
    /// When the story begins.
    pub begins: Moment,
    /// How long it lasts.
    pub lasts: Micros,
    /// The members, in the order of their names.
    pub members: Vec<ShownMember>,
    /// What happened, in order.
    pub events: Vec<ShownEvent>,
    /// Requests for votes and their answers whose sending was seen, in the order in which they
    /// were sent.
    pub arrows: Vec<ShownArrow>,
    /// The longest time that one of them took, as far as its receipt was seen.
    pub longest_flight: Micros,
    /// The account, the most important first.
    pub account: Vec<Section>,
    /// When there was no leader.
    pub leaderless: Vec<Leaderless>,
}

impl Shown {
    /// The member at this place.
    pub fn member(&self, id: MemberId) -> Option<&ShownMember> {
        self.members.get(usize::from(id.0))
    }

    /// The event at this place.
    pub fn event(&self, id: EventId) -> Option<&ShownEvent> {
        self.events.get(usize::try_from(id.0).ok()?)
    }

    /// The file of a line.
    pub fn file(&self, line: Place) -> Option<&ShownFile> {
        self.files.get(usize::from(line.file))
    }

    /// A line by its file and number: `m1.log:812`.
    pub fn cite(&self, line: Place) -> Option<String> {
        let file = self.file(line)?;
        Some(format!("{}:{}", file.name, line.line.0))
    }
}

/// A file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ShownFile {
    /// What it is called.
    pub name: Arc<str>,
    /// Whose lines it holds.
    pub whose: Whose,
}

/// Whose lines a file holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Whose {
    /// Nobody's: no line tells anything.
    Nobody,
    /// Those of several members, as the lines say.
    Several,
    /// Those of one, as the lines say.
    Told(MemberId),
    /// Those of one, as whoever reads has said.
    Given(MemberId),
    /// Those of one, which no line names: it is called by the file.
    Assumed(MemberId),
}

/// A member.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ShownMember {
    /// What it is called here.
    pub name: Arc<str>,
    /// What else it is called in the lines.
    pub also: Vec<Arc<str>>,
    /// What was known of it, from when on; in order, and each lasts up to the next.
    pub spans: Vec<ShownSpan>,
    /// What lines tell of the end of its log, in order.
    pub logs: Vec<ShownLog>,
    /// Whether it has lines of its own. Of a member without, only what others say is known.
    pub speaks: bool,
}

/// What was known of a member for a while.
pub type ShownSpan = Span<Micros>;

/// What a line tells of the end of a log.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ShownLog {
    /// When; before [`Shown::begins`] if only a later part is shown.
    pub at: Micros,
    /// How it ends; `None` if entries were dropped, and no line tells how it ends since.
    pub end: Option<LogEnd>,
    /// Until when it cannot have grown; `None` if it cannot to the end.
    pub holds_until: Option<Micros>,
}

impl ShownLog {
    /// Whether the log may have more entries at a later moment.
    pub fn may_have_grown(&self, at: Micros) -> bool {
        at > self.at && self.holds_until.is_some_and(|it| it <= at)
    }
}

impl ShownMember {
    /// What was told last of its log by a moment, all lines of that moment included.
    pub fn log_at(&self, at: Micros) -> Option<&ShownLog> {
        let after = self.logs.partition_point(|it| it.at <= at);
        self.logs.get(after.checked_sub(1)?)
    }
}

/// Whether a member ran.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Presence {
    /// Nothing is known: its lines have not begun, or have ended.
    Unknown,
    /// It ran, as it wrote lines before and after.
    Running,
    /// It did not run: others saw it go, or it started anew after its last line.
    Down,
}

/// An event.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ShownEvent {
    /// When.
    pub at: Micros,
    /// Whose line it is.
    pub member: MemberId,
    /// Its line.
    pub place: Place,
    /// What it comes to, in a sentence.
    pub says: Arc<str>,
    /// What it is about, for filters.
    pub topic: Topic,
    /// The other member that it is about.
    pub other: Option<MemberId>,
}

/// What an event is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Topic {
    /// A role taken, a leader found or lost.
    Role,
    /// Votes asked for, given and refused.
    Vote,
    /// Terms adopted and ignored.
    Term,
    /// Logs and snapshots.
    Log,
    /// Starts, stops, members.
    Server,
    /// Disks, networks, clocks.
    Alarm,
}

/// A message whose sending was seen, and perhaps its receipt.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct ShownArrow {
    /// The event of its sending.
    pub sent: EventId,
    /// That of its receipt; `None` if no line tells of it.
    pub received: Option<EventId>,
    /// From whom.
    pub from: MemberId,
    /// To whom.
    pub to: MemberId,
    /// Which kind of vote it is about.
    pub ballot: Ballot,
    /// For an answer, whether it is a yes.
    pub granted: Option<bool>,
}

/// A part of the account.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Section {
    /// What it is about.
    pub kind: SectionKind,
    /// What it is called.
    pub title: Arc<str>,
    /// What it says.
    pub sentences: Vec<Sentence>,
}

/// What a part of the account is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum SectionKind {
    /// What it all comes to.
    Verdict,
    /// Rules of Raft that were broken.
    Findings,
    /// Who led when.
    Leaders,
    /// When nobody did.
    Leaderless,
    /// Who raised the term, and why.
    Terms,
    /// Who stood, and what they lacked.
    Candidacies,
    /// Votes that were refused, by reason.
    Refusals,
    /// Disks, networks, clocks.
    Alarms,
    /// How far the members' clocks are apart, and what was done about it.
    Clocks,
    /// What was read, and what was not.
    Reading,
}

/// A sentence of the account.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Sentence {
    /// What it says.
    pub says: Arc<str>,
    /// From when to when that was, if it is about a time.
    pub span: Option<(Micros, Micros)>,
    /// The lines that support it, the most important first; a few of them, if there are many.
    pub lines: Vec<Place>,
    /// The events at these lines.
    pub events: Vec<EventId>,
    /// The scenario of the gallery that shows the same, by its path.
    pub scenario: Option<Arc<str>>,
    /// Whether a rule of Raft was broken.
    pub is_fault: bool,
}

/// A time without a leader.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Leaderless {
    /// From when.
    pub from: Micros,
    /// To when.
    pub to: Micros,
}

/// A moment of a story, to be played on in the laboratory.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Opened {
    /// The script of the run.
    pub script: String,
    /// What was assumed where no line tells, in sentences.
    pub assumed: Vec<String>,
}

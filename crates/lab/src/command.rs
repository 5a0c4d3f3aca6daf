//! What can be done to a laboratory.

use std::sync::Arc;
use std::{fmt, iter};

use hustings_raft::{
    LogIndex, MemberChange, Message, MessageKind, Millis, MillisRange, NodeId, NodeSet, RoleName,
    Term, Timer,
};

use crate::persistent_vec::PersistentVec;
use crate::record::{Flight, RecordId, RunPosition};
use crate::script::ScriptSize;

/// One thing that somebody does: a click, a line of a script, or the scheduler
/// saying that time has come. Nothing else changes a [`crate::Lab`].
///
/// Each is one line of the script language; the line is given with each.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// `timeout S1`, `timeout S1 heartbeat`: a running timer runs out now.
    Timeout {
        /// Whose timer.
        server: NodeId,
        /// Which; left out, the heartbeat timer of a leader and the election
        /// timer of anybody else.
        timer: Option<Timer>,
    },
    /// `deliver S1->S2 RequestVote`: a message in flight arrives now.
    Deliver(MessageSelector),
    /// `drop S1->S2`: a message in flight is lost; it may be held.
    Drop(MessageSelector),
    /// `duplicate S1->S2`: a second copy of a message in flight.
    Duplicate(MessageSelector),
    /// `hold S1->S2`: a message in flight waits until it is released.
    Hold(MessageSelector),
    /// `release S1->S2`: a message that was held goes on; it may be late.
    Release(MessageSelector),
    /// `send RequestVote S2->S1 term=3 last=1:1`: a forged message is in flight.
    Send {
        /// From where to where it pretends to go.
        link: Link,
        /// What it says.
        message: Message,
    },
    /// `deliver all`: every message in flight, and every one that follows,
    /// arrives, oldest first, until none is left.
    DeliverAll,
    /// `drop all`, `drop to S3`, `drop from S3`, `drop S1->S2 all`: many
    /// messages in flight are lost, oldest first, held ones too.
    DropAll(MessageFilter),
    /// `crash S1`: loses what is not on disk, and answers nobody.
    Crash(NodeId),
    /// `restart S1`: starts again with what is on disk.
    Restart(NodeId),
    /// `pause S1`: stops, with all that it knows; timers, messages and writes
    /// wait for it.
    Pause(NodeId),
    /// `resume S1`: goes on; what waited is late.
    Resume(NodeId),
    /// `cut S1-S2`, `cut S1->S2`: messages on the link no longer arrive.
    Cut(Path),
    /// `mend S1-S2`, `mend S1->S2`: they arrive again.
    Mend(Path),
    /// `partition S1 S2 | S3 S4 S5`: cuts every link between servers of
    /// different groups and mends every link within a group, whatever cut it.
    /// Servers not named form one more group.
    Partition(Vec<NodeSet>),
    /// `isolate S1`: cuts every link of a server, both ways.
    Isolate(NodeId),
    /// `heal`: mends every link.
    Heal,
    /// `propose S1 "x=1"`: a client's request.
    Propose {
        /// The server that the client asks.
        server: NodeId,
        /// What the client wants done.
        command: Arc<str>,
    },
    /// `transfer S1 to S3`: somebody asks S1 that S3 lead.
    Transfer {
        /// The server that is asked, usually the leader.
        server: NodeId,
        /// The server that is to lead.
        target: NodeId,
    },
    /// `member add S4 at S1`, `member remove S2 at S1`: somebody asks S1 that the
    /// members change.
    ChangeMembers {
        /// The server that is asked, usually the leader.
        server: NodeId,
        /// The server that is to come or go.
        change: MemberChange,
    },
    /// `wait 100ms`: time passes, but nothing happens: what becomes due stays due.
    Wait(Millis),
    /// `run 500ms`: time passes, and what becomes due happens, in order.
    Run(Millis),
    /// `run until leader within 10s`: time passes until the goal is reached.
    RunUntil {
        /// The goal.
        goal: Goal,
        /// How long it may take.
        within: Millis,
    },
    /// `step`: time passes up to the next event, and that event happens.
    Step,
    /// `note "text"`: a caption.
    Note(Arc<str>),
    /// `delay S1->S2 50ms`: a message in flight arrives that much later.
    Delay {
        /// Which message.
        selector: MessageSelector,
        /// How much later.
        by: Millis,
    },
    /// `latency S1-S2 80..120ms`: from now on, messages on a link take that long.
    Latency {
        /// Which link.
        path: Path,
        /// How long a message takes.
        range: MillisRange,
    },
    /// `clock S1 150%`: from now on a server's clock runs that fast.
    Clock {
        /// Whose clock.
        server: NodeId,
        /// Its speed.
        rate: Rate,
    },
    /// `disk S1 50..100ms`: from now on a server's writes take that long.
    Disk {
        /// Whose disk.
        server: NodeId,
        /// How long a write takes.
        range: MillisRange,
    },
}

impl Command {
    /// How long `run until` may take if its line does not say.
    pub const WITHIN: Millis = Millis(60_000);

    /// Whether time goes on while it is carried out.
    pub fn passes_time(&self) -> bool {
        matches!(
            self,
            Self::Wait(_) | Self::Run(_) | Self::RunUntil { .. } | Self::Step
        )
    }

    /// Whether it puts messages in flight of itself. What arrives or happens by
    /// hand may be answered all the same: so a full network can be emptied, and
    /// any part of a run can be gone through by hand.
    pub(crate) fn sends(&self) -> bool {
        matches!(
            self,
            Self::Timeout { .. }
                | Self::Duplicate(_)
                | Self::Send { .. }
                | Self::Restart(_)
                | Self::Propose { .. }
                | Self::Transfer { .. }
                | Self::ChangeMembers { .. }
        )
    }
}

/// What has been done in a run, in order, and where each command ended. A copy shares
/// what it has in common with the original.
#[derive(Clone, Default, Debug)]
pub struct Commands {
    list: PersistentVec<ExecutedCommand>,
    /// How long the start of the run is as a script.
    header: ScriptSize,
}

/// A command that has been carried out.
#[derive(Clone, Debug)]
struct ExecutedCommand {
    command: Command,
    end: RunPosition,
    /// How long the run is as a script up to here.
    size: ScriptSize,
}

impl Commands {
    /// None, after a header that is so long as a script.
    pub(crate) fn after(header: ScriptSize) -> Self {
        let list = PersistentVec::default();
        Self { list, header }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The command at a place, from 0.
    pub fn get(&self, index: usize) -> Option<&Command> {
        self.list.get(index).map(|executed| &executed.command)
    }

    /// The latest.
    pub fn last(&self) -> Option<&Command> {
        self.list.last().map(|executed| &executed.command)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Command> {
        self.list.iter().map(|executed| &executed.command)
    }

    /// Where the command at a place, from 0, ended.
    pub(crate) fn end(&self, index: usize) -> Option<RunPosition> {
        self.list.get(index).map(|executed| executed.end)
    }

    /// How many had been carried out to their ends at a place of the run.
    pub(crate) fn ended_by(&self, place: RunPosition) -> usize {
        self.list.partition_point(|executed| executed.end <= place)
    }

    /// The command that made a record, if one did.
    pub(crate) fn of_record(&self, record: RecordId) -> Option<&Command> {
        let is_before = |executed: &ExecutedCommand| executed.end.records <= record.0;
        self.get(self.list.partition_point(is_before))
    }

    /// The first so many.
    pub(crate) fn first(&self, count: usize) -> Self {
        let mut first = self.clone();
        first.list.truncate(count);
        first
    }

    /// How long the run is as a script.
    pub(crate) fn size(&self) -> ScriptSize {
        self.list.last().map_or(self.header, |last| last.size)
    }

    /// How long it would be with another command.
    pub(crate) fn size_with(&self, command: &Command) -> ScriptSize {
        match self.merged(command) {
            Some(merged) => self.before_last().and(&merged),
            None => self.size().and(command),
        }
    }

    fn before_last(&self) -> ScriptSize {
        let before = self.len().checked_sub(2);
        let before = before.and_then(|index| self.list.get(index));
        before.map_or(self.header, |executed| executed.size)
    }

    /// The last command and another as one: runs of time add up, so that a run is the
    /// same in however many pieces the scheduler has let it pass.
    fn merged(&self, command: &Command) -> Option<Command> {
        match (self.last(), command) {
            (Some(Command::Run(before)), Command::Run(more)) => {
                Some(Command::Run(before.plus(*more)))
            }
            _ => None,
        }
    }

    /// Adds one that has ended at a place.
    pub(crate) fn push(&mut self, command: Command, end: RunPosition) {
        let size = self.size_with(&command);
        let merged = self.merged(&command);
        match (merged, self.list.last_mut()) {
            (Some(command), Some(last)) => *last = ExecutedCommand { command, end, size },
            (_, _) => self.list.push(ExecutedCommand { command, end, size }),
        }
    }
}

impl PartialEq for Commands {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Commands {}

impl<const LEN: usize> PartialEq<[Command; LEN]> for Commands {
    fn eq(&self, other: &[Command; LEN]) -> bool {
        self.iter().eq(other)
    }
}

/// How fast a server's clock runs, in hundredths of true time: 10 to 1000.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Rate(u16);

impl Rate {
    /// As fast as time.
    pub const TRUE: Self = Self(100);

    /// The rate, or `None` outside `10..=1000`.
    pub fn new(percent: u16) -> Option<Self> {
        (10..=1000).contains(&percent).then_some(Self(percent))
    }

    /// The number, `10..=1000`.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}

/// A link between two servers, in one direction. Its ends differ.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Link {
    /// Where messages come from.
    pub from: NodeId,
    /// Where they go.
    pub to: NodeId,
}

impl Link {
    /// The link between two servers, or `None` from a server to itself.
    pub fn between(from: NodeId, to: NodeId) -> Option<Self> {
        (from != to).then_some(Self { from, to })
    }

    /// The same link the other way.
    pub fn back(self) -> Self {
        Self {
            from: self.to,
            to: self.from,
        }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}->{}", self.from, self.to)
    }
}

/// One direction of a link, or both.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Path {
    /// The link.
    pub link: Link,
    /// Whether the way back is meant, too.
    pub both_ways: bool,
}

impl Path {
    /// The links that are meant.
    pub fn links(self) -> impl Iterator<Item = Link> {
        let back = self.both_ways.then(|| self.link.back());
        iter::once(self.link).chain(back)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arrow = if self.both_ways { "-" } else { "->" };
        write!(f, "{}{arrow}{}", self.link.from, self.link.to)
    }
}

/// Which message in flight is meant. `release` counts the messages that are
/// held, all others those that are not; `drop` goes on with those that are held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MessageSelector {
    /// The link on which it travels.
    pub link: Link,
    /// What kind of message it is; left out, any.
    pub kind: Option<MessageKind>,
    /// How many older messages of that kind on that link to pass over; 0 is the
    /// oldest. Written `nth=2` for the second oldest.
    pub skip: u32,
    /// Whether it is no error if there is none: `if any`.
    pub if_any: bool,
}

impl MessageSelector {
    /// The oldest message on a link.
    pub fn oldest(link: Link) -> Self {
        Self {
            link,
            kind: None,
            skip: 0,
            if_any: false,
        }
    }

    /// The place among the messages of that kind on that link.
    pub(crate) fn skip(&self) -> usize {
        // On every platform that this runs on, a `usize` holds a `u32`.
        self.skip as usize
    }

    /// Whether a message is on that link and of that kind.
    pub(crate) fn matches(&self, flight: &Flight) -> bool {
        let is_kind = |kind| flight.message.kind() == kind;
        flight.link == self.link && self.kind.is_none_or(is_kind)
    }
}

/// `S1->S2 RequestVote nth=2`, without `if any`.
impl fmt::Display for MessageSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.link)?;
        if let Some(kind) = self.kind {
            write!(f, " {kind}")?;
        }
        if self.skip > 0 {
            write!(f, " nth={}", self.skip.saturating_add(1))?;
        }
        Ok(())
    }
}

/// Which messages in flight are meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MessageFilter {
    /// All of them.
    All,
    /// Those that go to a server.
    To(NodeId),
    /// Those that come from a server.
    From(NodeId),
    /// Those on a link.
    OnLink(Link),
}

impl MessageFilter {
    /// Whether a message on this link is meant.
    pub fn matches(self, link: Link) -> bool {
        match self {
            Self::All => true,
            Self::To(server) => link.to == server,
            Self::From(server) => link.from == server,
            Self::OnLink(one) => link == one,
        }
    }
}

/// What to wait for, and where to stop: a breakpoint.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Goal {
    /// `leader`: a running server leads, and no running server has a higher term.
    Leader,
    /// `S3 is candidate`: a running server has a role.
    Role {
        /// Which server.
        server: NodeId,
        /// Which role.
        role: RoleName,
    },
    /// `2 leaders`: at least so many running servers lead, in whatever terms.
    Leaders(u8),
    /// `term 5`: a running server has reached a term.
    Term(Term),
    /// `committed 3`: a running server has committed that far.
    Committed(LogIndex),
    /// `delivered RequestVote S1->S2`: such a message arrives, from then on.
    Delivered {
        /// What kind of message.
        kind: MessageKind,
        /// On which link; left out, on any.
        link: Option<Link>,
    },
    /// `violation`: an invariant does not hold any more.
    Violation,
    /// `quiet`: no message is in flight and no write is under way.
    Quiet,
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leader => f.write_str("leader"),
            Self::Role { server, role } => write!(f, "{server} is {role}"),
            Self::Leaders(count) => write!(f, "{count} leaders"),
            Self::Term(term) => write!(f, "term {term}"),
            Self::Committed(index) => write!(f, "committed {index}"),
            Self::Delivered { kind, link } => {
                write!(f, "delivered {kind}")?;
                link.map_or(Ok(()), |link| write!(f, " {link}"))
            }
            Self::Violation => f.write_str("violation"),
            Self::Quiet => f.write_str("quiet"),
        }
    }
}

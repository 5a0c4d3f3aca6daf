//! The commands of a run.

use std::rc::Rc;
use std::sync::Arc;

use hustings_raft::{MemberChange, Message, Millis, MillisRange, NodeId, NodeSet, Timer};

use crate::condition::Condition;
use crate::machine::Program;
use crate::path::{Link, Path};
use crate::rate::Rate;
use crate::selector::{MessageFilter, MessageSelector};

/// A command: from a click, a line of a script, or the scheduler. Nothing else changes
/// a [`crate::Run`].
///
/// Each corresponds to one line of the script language.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// `timeout S1`, `timeout S1 heartbeat`: a running timer fires now.
    Timeout {
        /// The server.
        server: NodeId,
        /// The timer; by default a leader's heartbeat timer, the election timer of
        /// any other server.
        timer: Option<Timer>,
    },
    /// `deliver S1->S2 RequestVote`: a message in flight arrives now.
    Deliver(MessageSelector),
    /// `drop S1->S2`: a message in flight is lost; it may be held.
    Drop(MessageSelector),
    /// `duplicate S1->S2`: adds a second copy of a message in flight.
    Duplicate(MessageSelector),
    /// `hold S1->S2`: a message in flight is held until it is released.
    Hold(MessageSelector),
    /// `release S1->S2`: a held message is in flight again; it may be overdue.
    Release(MessageSelector),
    /// `send RequestVote S2->S1 term=3 last=1:1`: sends a forged message.
    Send {
        /// Its supposed sender and its receiver.
        link: Link,
        /// Its content.
        message: Message,
    },
    /// `deliver all`: delivers all messages in flight, and those sent in response,
    /// oldest first, until none is left.
    DeliverAll,
    /// `drop all`, `drop to S3`, `drop from S3`, `drop S1->S2 all`: the matching
    /// messages in flight are lost, oldest first, including held ones.
    DropAll(MessageFilter),
    /// `crash S1`: a server stops and loses its volatile state.
    Crash(NodeId),
    /// `restart S1`: a crashed server restarts from its disk.
    Restart(NodeId),
    /// `run S1 S3 my-raft`, `run S2 raft`: servers crash, and start from their disks with
    /// another program, one after another. One that is down only starts. It cannot be the
    /// first command: the header says what servers run at first.
    Install {
        /// The servers.
        servers: NodeSet,
        /// The program; `None` for Raft's core.
        program: Option<Rc<dyn Program>>,
    },
    /// `pause S1`: a server stops but keeps its state; its timers, messages and writes
    /// wait.
    Pause(NodeId),
    /// `resume S1`: a paused server resumes; waiting events are overdue.
    Resume(NodeId),
    /// `persist S1`: a server's oldest pending write becomes durable now.
    Persist(NodeId),
    /// `cut S1-S2`, `cut S1->S2`: messages on the link are lost on arrival.
    Cut(Path),
    /// `mend S1-S2`, `mend S1->S2`: they arrive again.
    Mend(Path),
    /// `partition S1 S2 | S3 S4 S5`: cuts all links between servers of different groups
    /// and mends all links within a group. Servers not named form one more group.
    Partition(Vec<NodeSet>),
    /// `isolate S1`: cuts every link of a server, both ways.
    Isolate(NodeId),
    /// `heal`: mends every link.
    Heal,
    /// `propose S1 "x=1"`: a client's request.
    Propose {
        /// The server that gets the request.
        server: NodeId,
        /// The command to replicate.
        command: Arc<str>,
    },
    /// `transfer S1 to S3`: S1 is requested to transfer its leadership to S3.
    Transfer {
        /// The server that gets the request, usually the leader.
        server: NodeId,
        /// The target of the transfer.
        target: NodeId,
    },
    /// `member add S4 at S1`, `member remove S2 at S1`: S1 is requested to change the
    /// members.
    ChangeMembers {
        /// The server that gets the request, usually the leader.
        server: NodeId,
        /// The server to add or remove.
        change: MemberChange,
    },
    /// `wait 100ms`: time passes without events; those that become due stay overdue.
    Wait(Millis),
    /// `run 500ms`: time passes, and due events happen in order.
    Run(Millis),
    /// `run until leader within 10s`: time passes until the goal is reached.
    RunUntil {
        /// The goal.
        goal: Box<Condition>,
        /// The time limit.
        within: Millis,
    },
    /// `step`: time passes up to the next event, and that event happens.
    Step,
    /// `note "text"`: a caption.
    Note(Arc<str>),
    /// `delay S1->S2 50ms`: a message in flight arrives later by a duration.
    Delay {
        /// The message.
        selector: MessageSelector,
        /// The delay.
        by: Millis,
    },
    /// `latency S1-S2 80..120ms`: sets the latency of a link for new messages.
    Latency {
        /// The link.
        path: Path,
        /// The range of latencies.
        range: MillisRange,
    },
    /// `clock S1 150%`: sets the rate of a server's clock.
    Clock {
        /// The server.
        server: NodeId,
        /// Its rate.
        rate: Rate,
    },
    /// `reseed 7`: from now on, what is random is drawn from another seed. What is under way
    /// is drawn anew, too: when running timers fire, messages arrive, and writes become
    /// durable. One moment has many futures; this one comes from that seed.
    Reseed(u64),
    /// `disk S1 50..100ms`: sets the duration of a server's new writes.
    Disk {
        /// The server.
        server: NodeId,
        /// The range of durations.
        range: MillisRange,
    },
}

impl Command {
    /// The default time limit of `run until`.
    pub const WITHIN: Millis = Millis(60_000);
    /// The longest time that one command may pass: an hour.
    pub const DURATION_MAX: Millis = Millis(3_600_000);
    /// The maximum length of a client's request or a note, in characters.
    pub const TEXT_CHARS_MAX: usize = 1_000;

    /// Whether the command passes time.
    pub fn passes_time(&self) -> bool {
        matches!(
            self,
            Self::Wait(_) | Self::Run(_) | Self::RunUntil { .. } | Self::Step
        )
    }

    /// Whether the command itself sends messages. Replies to deliveries do not count,
    /// so that a full network can be drained, and any part of a run can be stepped
    /// through by hand.
    pub(crate) fn sends(&self) -> bool {
        matches!(
            self,
            Self::Timeout { .. }
                | Self::Duplicate(_)
                | Self::Send { .. }
                | Self::Restart(_)
                | Self::Install { .. }
                | Self::Propose { .. }
                | Self::Transfer { .. }
                | Self::ChangeMembers { .. }
        )
    }
}

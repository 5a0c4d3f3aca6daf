//! What a line tells, in Raft's terms, whatever the system that wrote it.

mod state;
mod votes;

pub use self::state::{LogEnd, Role, State};
pub use self::votes::{Ballot, Refusal, VoteReply};
use crate::names::Name;
use crate::time::Micros;

/// What one line tells of the member that wrote it.
///
/// A field is `None` where the line does not say it; nothing is filled in here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Observation {
    /// The member is also called so: by its address, say, or by the name it was given.
    AlsoCalled(Name),
    /// Another member is also called so.
    Alias {
        /// A name of it.
        member: Name,
        /// Another.
        also: Name,
    },
    /// The member's Raft state machine started, with what it has read from its disk.
    Started(State),
    /// The member was told to stop (a signal, say).
    Stopping,
    /// The member is now in this role.
    Became {
        /// The role.
        role: Role,
        /// Its term.
        term: Option<u64>,
        /// The leader that it follows, if it says so.
        leader: Option<Name>,
    },
    /// The member begins to stand for election, or to ask before it stands.
    Stands {
        /// Whether it asks for votes or, before that, for pre-votes.
        ballot: Option<Ballot>,
        /// The term *before* it stands.
        term: Option<u64>,
        /// Why.
        cause: Cause,
    },
    /// The member's election timer ran out, or it has not heard from its leader in time.
    TimedOut {
        /// The leader that it heard from last.
        last_leader: Option<Name>,
        /// Its term.
        term: Option<u64>,
    },
    /// The member sent a request for a vote.
    Asked {
        /// Whom.
        to: Name,
        /// For which kind of vote.
        ballot: Ballot,
        /// In which term.
        term: Option<u64>,
        /// The end of its log, as the request says.
        log: Option<LogEnd>,
    },
    /// The member answered a request for a vote.
    Answered(Box<VoteReply>),
    /// The member, which stands, received an answer.
    Heard {
        /// Whose.
        from: Name,
        /// To which kind of request.
        ballot: Ballot,
        /// Whether it was a yes.
        granted: bool,
        /// The term of the answer.
        term: Option<u64>,
    },
    /// The member counted its votes.
    Counted {
        /// Which kind.
        ballot: Ballot,
        /// Those for it, its own included.
        granted: Option<u32>,
        /// Those against it.
        refused: Option<u32>,
        /// How many it needs.
        needed: Option<u32>,
    },
    /// The member received a message of a newer term than its own.
    NewerTerm {
        /// From whom.
        from: Option<Name>,
        /// Whether that member stands for election (its message asks for a vote).
        stands: bool,
        /// The term that it had.
        own: Option<u64>,
        /// The newer one, if the line says it.
        newer: Option<u64>,
    },
    /// The member ignored a message of an older term than its own.
    OlderTerm {
        /// From whom.
        from: Option<Name>,
        /// Whether the message asks for a vote.
        stands: bool,
        /// Its own term.
        own: Option<u64>,
        /// The older one.
        older: u64,
    },
    /// The member knows a leader now.
    LeaderFound {
        /// Which.
        leader: Name,
        /// In which term.
        term: Option<u64>,
    },
    /// The member knows no leader any more.
    LeaderLost {
        /// Which it had.
        leader: Option<Name>,
        /// In which term it is now.
        term: Option<u64>,
    },
    /// The member, a leader, has not heard from a majority in time, and steps down.
    QuorumLost {
        /// Its term.
        term: Option<u64>,
    },
    /// The member refused its vote to somebody whom the line does not name, as it has voted
    /// in this term.
    VotedAlready {
        /// The term.
        term: u64,
    },
    /// The member's leadership is to be handed over.
    Transfer {
        /// To whom.
        to: Option<Name>,
        /// How far that is.
        step: TransferStep,
    },
    /// The members of the cluster, as this member knows them.
    Members {
        /// Those that vote.
        voters: Vec<Name>,
        /// Those that only follow.
        learners: Vec<Name>,
    },
    /// The member knows the members of the cluster only by their number.
    Voters(u32),
    /// The member, a leader or a candidate, cannot reach another, or reaches it (again).
    Contact {
        /// Whom.
        peer: Name,
        /// Whether it reaches it.
        reached: bool,
        /// For how long it has not.
        silent: Option<Micros>,
    },
    /// A follower refused entries, as its log does not have what precedes them.
    EntriesRefused {
        /// Who refused, if another member tells of it.
        by: Option<Name>,
        /// The end of the log of whoever refused.
        end: Option<LogEnd>,
    },
    /// The member dropped entries that conflict with its leader's, from this index on.
    Truncated {
        /// The first index that was dropped.
        from: u64,
    },
    /// The member took its state from a snapshot, up to this entry.
    Restored(LogEnd),
    /// The member printed (a part of) its state.
    State(State),
    /// Something beside Raft that bears on elections.
    Alarm {
        /// What.
        kind: Alarm,
        /// Which other member it is about.
        peer: Option<Name>,
        /// How long it took or lasts.
        took: Option<Micros>,
    },
}

impl Observation {
    /// The term in which the member was then, if the line says it.
    pub fn term(&self) -> Option<u64> {
        match self {
            Self::Became { term, .. }
            | Self::Stands { term, .. }
            | Self::TimedOut { term, .. }
            | Self::LeaderFound { term, .. }
            | Self::LeaderLost { term, .. }
            | Self::QuorumLost { term }
            | Self::Asked {
                term,
                ballot: Ballot::Vote,
                ..
            } => *term,
            Self::Started(state) | Self::State(state) => state.term,
            Self::NewerTerm { own, .. } | Self::OlderTerm { own, .. } => *own,
            Self::VotedAlready { term } => Some(*term),
            Self::Answered(reply) if reply.ballot == Ballot::Vote && reply.refused.is_none() => {
                reply.term
            }
            _ => None,
        }
    }

    /// The other member that it is about, if there is one.
    pub fn other(&self) -> Option<Name> {
        match self {
            Self::Asked { to: other, .. }
            | Self::Heard { from: other, .. }
            | Self::LeaderFound { leader: other, .. }
            | Self::Contact { peer: other, .. } => Some(*other),
            Self::Answered(reply) => Some(reply.candidate),
            Self::NewerTerm { from: other, .. }
            | Self::OlderTerm { from: other, .. }
            | Self::Became { leader: other, .. }
            | Self::LeaderLost { leader: other, .. }
            | Self::TimedOut {
                last_leader: other, ..
            }
            | Self::Transfer { to: other, .. }
            | Self::EntriesRefused { by: other, .. }
            | Self::Alarm { peer: other, .. } => *other,
            Self::AlsoCalled(_)
            | Self::Alias { .. }
            | Self::Started(_)
            | Self::Stopping
            | Self::Stands { .. }
            | Self::Counted { .. }
            | Self::QuorumLost { .. }
            | Self::VotedAlready { .. }
            | Self::Members { .. }
            | Self::Voters(_)
            | Self::Truncated { .. }
            | Self::Restored(_)
            | Self::State(_) => None,
        }
    }
}

/// Why a member stands for election.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Cause {
    /// Its election timer ran out.
    Timeout,
    /// A leader handed over its leadership (`TimeoutNow`).
    Transfer,
    /// It won its pre-vote.
    PreVoteWon,
    /// The line does not say why.
    Unsaid,
}

/// How far a transfer of leadership is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TransferStep {
    /// The leader was requested to hand over.
    Begun,
    /// The leader told the target to stand at once (`TimeoutNow`).
    Sent,
    /// It was given up.
    GivenUp,
}

/// Something beside Raft that bears on elections.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Alarm {
    /// Writing to the disk was slow.
    SlowDisk,
    /// Writing to the disk failed.
    DiskFailed,
    /// A leader sent its heartbeats late: it, its disk or its machine is overloaded.
    LateHeartbeat,
    /// Applying an entry or answering a request took long.
    SlowRequest,
    /// The member missed ticks of its own clock: it or its machine is overloaded, or stood
    /// still.
    MissedTicks,
    /// There is no connection to a peer: it was lost, or cannot be made.
    PeerLost,
    /// A peer does not answer.
    NoContact,
    /// The connection to a peer was established.
    PeerFound,
    /// Messages to a peer were dropped.
    Dropped,
    /// The clocks of two members are far apart.
    ClockDifference,
    /// The member could not go on (a panic, a fatal error).
    Fatal,
    /// The system finds that it has no leader (answers to clients, health checks).
    NoLeader,
}

//! Conditions: what can be said of a run at one moment.

use hustings_raft::{Entry, LogIndex, NodeId, RoleName, Term};

use crate::invariant::Invariant;
use crate::pattern::{MessagePattern, ServerPattern};

/// What `expect` checks, what `run until` and breakpoints wait for, and what a search
/// looks for. Its `Display` is how all of them write it.
///
/// Most conditions are about a state. Those about messages that are sent, arrive or are
/// lost, about refusals and about new violations are about what has happened since some
/// record: [`crate::Run::holds_since`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Condition {
    /// `S1 leader term=2 not voted-for=S3`: properties that a server has and
    /// properties that it does not have. A crashed server has no role and no members, so
    /// it is `not leader`.
    Server {
        /// Which server.
        server: NodeId,
        /// The properties that it has.
        is: ServerPattern,
        /// The properties that it does not have, none of them; `up` is always `None`.
        is_not: ServerPattern,
    },
    /// `S3 is candidate`: a running server has a role.
    Role {
        /// The server.
        server: NodeId,
        /// The role.
        role: RoleName,
    },
    /// `leader`: a running server leads, and no running server has a higher term.
    Leader,
    /// `2 leaders`: at least that many running servers lead, of any terms.
    Leaders(u8),
    /// `one leader`: exactly one running server leads, in any term.
    OneLeader,
    /// `no leader`: no running server leads.
    NoLeader,
    /// `term 5`: a running server has reached a term.
    Term(Term),
    /// `term > 40`: a running server is past a term.
    TermAbove(Term),
    /// `quiet`: no message is in flight and no write is pending.
    Quiet,
    /// `sent nothing`: no message was sent.
    SentNothing,
    /// `violation`: an invariant is violated.
    Violation,
    /// `no violation`: all invariants have held so far.
    NoViolation,
    /// `in flight 4`: the number of messages in flight.
    InFlight(usize),
    /// `sent RequestVote S1->S2`: a claim that holds.
    Asserted(Claim),
    /// `not sent RequestVote S1->S2`: a claim that does not hold.
    Denied(Claim),
}

/// A claim that can be asserted or denied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Claim {
    /// `sent RequestVote S1->S2 term=2`: a matching message was sent.
    Sent(MessagePattern),
    /// `delivered RequestVote S1->S2`: a matching message has arrived.
    Delivered(MessagePattern),
    /// `lost RequestVote S1->S2`: a matching message was lost.
    Lost(MessagePattern),
    /// `refused S5`: a server was refused a vote, a pre-vote or its entries.
    Refused(NodeId),
    /// `in flight RequestVote S1->S2`: a matching message is in flight.
    InFlight(MessagePattern),
    /// `committed 2`: a running server has committed up to this index.
    Committed(LogIndex),
    /// `committed 2 = 1:"x=1"`: a running server has committed up to this index, and all
    /// servers that have hold this entry there. The claim is denied if none of them
    /// holds it.
    CommittedAs {
        /// The index of the entry.
        index: LogIndex,
        /// Its term and payload; `1:none` is a leader's empty entry.
        entry: Entry,
    },
    /// `violation election-safety`: the invariant is violated.
    Violation(Invariant),
}

impl Condition {
    /// Whether it is about something that happens, so that it can be met again by the
    /// next record; a state is met once and lasts.
    pub fn is_event(&self) -> bool {
        match self {
            Self::Violation => true,
            Self::Asserted(claim) => match claim {
                Claim::Sent(_)
                | Claim::Delivered(_)
                | Claim::Lost(_)
                | Claim::Refused(_)
                | Claim::Violation(_) => true,
                Claim::InFlight(_) | Claim::Committed(_) | Claim::CommittedAs { .. } => false,
            },
            _ => false,
        }
    }
}

//! Expectations of scripts.

use hustings_raft::{Entry, LogIndex, NodeId};

use crate::invariant::Invariant;
use crate::pattern::{MessagePattern, ServerPattern};

/// An expectation about the current state of a run. Its `Display` is its line in
/// a script.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expectation {
    /// `expect S1 leader term=2 not voted-for=S3`: properties that a server has and
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
    /// `expect one leader`: exactly one running server leads, in any term.
    OneLeader,
    /// `expect no leader`: no running server leads.
    NoLeader,
    /// `expect sent nothing`: the last command other than a note sent no message.
    SentNothing,
    /// `expect no violation`: all invariants have held so far.
    NoViolation,
    /// `expect in flight 4`: the number of messages in flight.
    InFlight(usize),
    /// `expect sent RequestVote S1->S2`: a claim that holds.
    Asserted(Claim),
    /// `expect not sent RequestVote S1->S2`: a claim that does not hold.
    Denied(Claim),
}

/// A claim that can be asserted or denied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Claim {
    /// `sent RequestVote S1->S2 term=2`: the last command other than a note sent a
    /// matching message.
    Sent(MessagePattern),
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

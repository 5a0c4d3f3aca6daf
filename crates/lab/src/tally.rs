//! Elections that nobody has won: how many votes the candidate has, and what became
//! of the others.

mod count;

use hustings_raft::{Contact, DropCause, NodeId, NodeSet, Term, VoteRefusal};

use self::count::Count;
use crate::message::Loss;
use crate::record::{RecordId, Records};
use crate::run::Run;

/// How an election, or a round of pre-votes, stands that the candidate has not won.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Tally {
    /// The candidate or pre-candidate.
    pub candidate: NodeId,
    /// The term in which it stands, or would stand.
    pub term: Term,
    /// Whether it only asks who would vote for it (diss. §9.6).
    pub pre_vote: bool,
    /// How many votes it has counted, its own among them.
    pub votes: u8,
    /// How many it needs.
    pub needed: u8,
    /// Whose votes it has counted.
    pub granted: NodeSet,
    /// The members whose votes it has not counted, in order, and why not.
    pub missing: Vec<(NodeId, Missing)>,
    /// How it ended.
    pub end: ElectionEnd,
}

/// The vote of a term in which several stand, none of whom can win any more by what is under
/// way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SplitVote {
    /// The term.
    pub term: Term,
    /// Its candidates, in order, each with the votes that it has counted and those it needs.
    pub candidates: Box<[(NodeId, u8, u8)]>,
}

/// How an election ends without a winner.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum ElectionEnd {
    /// It has not ended.
    Undecided,
    /// It has not ended, but the votes that are under way, or may be given to requests that are,
    /// are not enough.
    CannotBeWon,
    /// The election timer has run out.
    TimedOut,
    /// The leader has told the candidate to stand, so it stands anew.
    ToldToStand,
    /// The candidate has adopted a higher term.
    HigherTerm {
        /// The higher term.
        term: Term,
        /// Who told it.
        sender: NodeId,
    },
    /// The candidate has heard from the leader of its term.
    LeaderHeard {
        /// The leader.
        leader: NodeId,
    },
    /// The candidate has voted for another.
    VoteGranted {
        /// For whom.
        candidate: NodeId,
    },
    /// The candidate has crashed.
    Crashed,
}

/// Why a candidate has not counted a member's vote.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Missing {
    /// It is the candidate's own, which is not on its disk yet.
    OwnVoteWaits,
    /// The request waits for the candidate's disk.
    RequestWaits,
    /// The request is on its way.
    RequestUnderWay(Delay),
    /// The request was lost.
    RequestLost(Loss),
    /// The member ignored the request.
    Ignored(Silence),
    /// The member refused, and the candidate knows it; `None` if no record says why,
    /// because the refusal was forged.
    Refused(Option<Objection>),
    /// The answer waits for the member's disk.
    AnswerWaits(Reply),
    /// The answer never left, because the member crashed before its write was done.
    AnswerNeverLeft(Reply),
    /// The answer is on its way.
    AnswerUnderWay(Reply, Delay),
    /// The answer was lost.
    AnswerLost(Reply, Loss),
    /// The candidate ignored the answer.
    AnswerIgnored(Reply, DropCause),
}

/// What a member's answer says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Reply {
    /// It votes for the candidate.
    Vote,
    /// It refuses; `None` if no record says why, because the refusal was forged.
    Refusal(Option<Objection>),
}

/// Why a message has not arrived yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Delay {
    /// It takes its time.
    Network,
    /// Somebody holds it.
    Held,
    /// Its receiver is paused.
    Paused,
}

/// Why a member did not answer a request that it got.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Silence {
    /// It hears from a leader (diss. §4.2.3).
    Lease {
        /// The leader.
        leader: NodeId,
        /// Why the member takes it to be alive.
        contact: Contact,
    },
    /// It dropped the request.
    Dropped(DropCause),
}

/// Why a member refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Objection {
    /// It compared the candidate with what it knows.
    Refusal(VoteRefusal),
    /// It was in a later term.
    Stale {
        /// Its term.
        mine: Term,
    },
}

impl Tally {
    /// How the election stands that the record `start` began, after the record
    /// `through`. `paused` are the servers that are paused then. `None` if the record began no
    /// election.
    pub(crate) fn of(
        records: &Records,
        start: RecordId,
        through: RecordId,
        paused: NodeSet,
        end: ElectionEnd,
    ) -> Option<Self> {
        let count = Count::of(records, start, through, true)?;
        Some(count.tally(paused, end))
    }

    /// How an election stands that has not ended after the record `through`. That it cannot be
    /// won is said only of servers that count as Raft does: others may count a vote twice, or
    /// ask again.
    pub(crate) fn so_far(
        run: &Run,
        start: RecordId,
        through: RecordId,
        paused: NodeSet,
    ) -> Option<Self> {
        let count = Count::of(run.records(), start, through, false)?;
        let server = run.server(count.candidate())?;
        let is_standard = run.header().broken.is_empty() && server.program().is_none();
        let end = match is_standard && !count.can_be_won() {
            true => ElectionEnd::CannotBeWon,
            false => ElectionEnd::Undecided,
        };
        Some(count.tally(paused, end))
    }
}

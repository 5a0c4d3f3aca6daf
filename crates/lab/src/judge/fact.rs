//! What the judge learns and finds.

use hustings_raft::{LogIndex, NodeId, Term};

use crate::invariant::Evidence;

/// Something that the judge remembers, by what identifies it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Fact {
    /// Who first led a term.
    Leader(Term),
    /// Whom a server first voted for in a term.
    Vote(Term, NodeId),
    /// The entry of a term that a log held at an index.
    Entry(LogIndex, Term),
    /// The entry that was committed at an index.
    Committed(LogIndex),
    /// The entry that was first applied at an index.
    Applied(LogIndex),
}

/// A violation of an invariant that was not violated before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The values that violate it.
    pub evidence: Evidence,
    /// The fact that they contradict, if there is one.
    pub contradicts: Option<Fact>,
}

/// What has come of judging a step.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Judgement {
    /// What the judge has learned, in order.
    pub learned: Vec<Fact>,
    /// The invariants that are violated, in order.
    pub findings: Vec<Finding>,
}

impl Judgement {
    pub(crate) fn clear(&mut self) {
        self.learned.clear();
        self.findings.clear();
    }
}

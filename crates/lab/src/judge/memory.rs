//! What the judge remembers.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use hustings_raft::{Entry, LogIndex, NodeId, NodeSet, Payload, Term};

use super::{Case, Fact};
use crate::digest::digest_of;
use crate::invariant::Invariant;
use crate::persistent_vec::PersistentVec;
use crate::server::Server;
use crate::vec_map::VecMap;

/// What the invariants speak of, as far as it has come to be: who led, who voted, what was
/// in logs, what was committed and applied, and which invariants are violated.
#[derive(Clone, Default, Debug)]
pub struct Judge {
    leaders: Rc<VecMap<Term, NodeId>>,
    votes: Rc<VecMap<(Term, NodeId), NodeId>>,
    /// The past of each index, from 1; shared, so that copying a leaf is cheap.
    indexes: PersistentVec<Rc<IndexPast>>,
    /// The members at the start.
    pub(super) initial_members: NodeSet,
    /// The members that an entry says.
    members: Rc<VecMap<(LogIndex, Term), NodeSet>>,
    /// The invariants that are violated, one bit each.
    violated: u16,
    /// The sum of the digests of all facts.
    digest: u64,
}

/// The past of one index.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct IndexPast {
    /// Every entry that a log has held there, one a term, by their terms.
    pub(super) entries: Rc<[EntryAt]>,
    /// The entry that a leader committed, by the leader of the lowest term that did.
    pub(super) committed: Option<Committed>,
    /// The entry that was applied first.
    pub(super) applied: Option<Applied>,
}

/// An entry, and the term of the one before it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct EntryAt {
    pub(super) entry: Entry,
    pub(super) after: Term,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Committed {
    pub(super) entry: Entry,
    /// The term of the leader that committed it.
    pub(super) in_term: Term,
    /// The members at that time.
    pub(super) members: NodeSet,
}

#[derive(Clone, Debug)]
pub(super) struct Applied {
    pub(super) entry: Entry,
    /// The first server that did: named in evidence, and compared with nothing.
    pub(super) by: NodeId,
}

impl PartialEq for Applied {
    fn eq(&self, other: &Self) -> bool {
        self.entry == other.entry
    }
}

impl Eq for Applied {}

impl PartialEq for Judge {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
            && self.violated == other.violated
            && self.initial_members == other.initial_members
            && self.leaders == other.leaders
            && self.votes == other.votes
            && self.indexes.iter().eq(other.indexes.iter())
    }
}

impl Eq for Judge {}

impl Hash for Judge {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest().hash(state);
    }
}

fn offset(index: LogIndex) -> Option<usize> {
    usize::try_from(index.0.checked_sub(1)?).ok()
}

impl Judge {
    /// A number for all that it remembers, without evidence: the sum over all facts, so
    /// it does not depend on the order in which they came to be.
    pub fn digest(&self) -> u64 {
        self.digest.wrapping_add(digest_of(&self.violated))
    }

    /// The digest as it were if servers had other names.
    pub(crate) fn renamed_digest(&self, name: impl Fn(NodeId) -> NodeId) -> u64 {
        let difference = |fact, server: NodeId, new_fact| {
            let old = digest_of(&(fact, &server));
            digest_of(&(new_fact, &name(server))).wrapping_sub(old)
        };
        let leaders = self.leaders.iter().map(|(term, leader)| {
            let fact = Fact::Leader(term);
            difference(fact, *leader, fact)
        });
        let votes = self.votes.iter().map(|((term, voter), vote)| {
            let renamed = Fact::Vote(term, name(voter));
            difference(Fact::Vote(term, voter), *vote, renamed)
        });
        leaders.chain(votes).fold(self.digest(), u64::wrapping_add)
    }

    /// The members at the start, if no entry has ever said who they are.
    pub(crate) fn only_initial_members(&self) -> Option<NodeSet> {
        self.members.is_empty().then_some(self.initial_members)
    }

    /// Whether an invariant is violated already, and need not be checked.
    pub fn is_violated(&self, invariant: Invariant) -> bool {
        self.violated & bit(invariant) != 0
    }

    /// Whether any invariant is violated.
    pub fn has_violations(&self) -> bool {
        self.violated != 0
    }

    /// Records that an invariant is violated; returns whether it was not before.
    pub(super) fn violate(&mut self, invariant: Invariant) -> bool {
        let new = !self.is_violated(invariant);
        self.violated |= bit(invariant);
        new
    }

    fn learn(&mut self, case: &mut Case<'_>, fact: Fact, content: &impl Hash) {
        self.digest = self.digest.wrapping_add(digest_of(&(fact, content)));
        case.judgement.learned.push(fact);
    }

    pub(super) fn leader_of(&self, term: Term) -> Option<NodeId> {
        self.leaders.get(term).copied()
    }

    pub(super) fn record_leader(&mut self, case: &mut Case<'_>, term: Term, leader: NodeId) {
        Rc::make_mut(&mut self.leaders).insert(term, leader);
        self.learn(case, Fact::Leader(term), &leader);
    }

    pub(super) fn vote_of(&self, voter: NodeId, term: Term) -> Option<NodeId> {
        self.votes.get((term, voter)).copied()
    }

    pub(super) fn record_first_vote(&mut self, case: &mut Case<'_>, term: Term, vote: NodeId) {
        let voter = case.server.id();
        Rc::make_mut(&mut self.votes).insert((term, voter), vote);
        self.learn(case, Fact::Vote(term, voter), &vote);
    }

    /// The members by the last entry in a server's log that says so, whatever the server
    /// says.
    pub(super) fn members_of(&self, server: &Server) -> NodeSet {
        let said = self.members.iter();
        let in_log = said.filter(|((index, term), _)| server.log().term_at(*index) == Some(*term));
        in_log
            .last()
            .map_or(self.initial_members, |(_, members)| *members)
    }

    pub(super) fn past(&self, index: LogIndex) -> Option<&IndexPast> {
        self.indexes.get(offset(index)?).map(|past| &**past)
    }

    pub(super) fn committed(&self, index: LogIndex) -> Option<&Committed> {
        self.past(index)?.committed.as_ref()
    }

    fn past_mut(&mut self, index: LogIndex) -> Option<&mut IndexPast> {
        let past = self.indexes.get_or_default_mut(offset(index)?)?;
        Some(Rc::make_mut(past))
    }

    pub(super) fn record_entry(&mut self, case: &mut Case<'_>, index: LogIndex, new: EntryAt) {
        let term = new.entry.term;
        self.learn(case, Fact::Entry(index, term), &new);
        if let Payload::Members(members) = new.entry.payload {
            Rc::make_mut(&mut self.members).insert((index, term), members);
        }
        if let Some(past) = self.past_mut(index) {
            let earlier = |known: &EntryAt| known.entry.term < term;
            let (before, after) = past.entries.split_at(past.entries.partition_point(earlier));
            past.entries = [before, &[new], after].concat().into();
        }
    }

    /// Records an entry as committed. Of leaders that commit the same one, the one of the
    /// lowest term says most: all later ones must hold it. Returns whether this says more than
    /// what was known.
    pub(super) fn commit(
        &mut self,
        case: &mut Case<'_>,
        index: LogIndex,
        committed: Committed,
    ) -> bool {
        let fact = Fact::Committed(index);
        match self.committed(index) {
            None => self.learn(case, fact, &committed),
            Some(known) if known.entry == committed.entry && known.in_term > committed.in_term => {
                let (known, new) = (digest_of(&(fact, known)), digest_of(&(fact, &committed)));
                self.digest = self.digest.wrapping_sub(known).wrapping_add(new);
            }
            Some(_) => return false,
        }
        if let Some(past) = self.past_mut(index) {
            past.committed = Some(committed);
        }
        true
    }

    pub(super) fn record_applied(&mut self, case: &mut Case<'_>, index: LogIndex, entry: &Entry) {
        self.learn(case, Fact::Applied(index), entry);
        let (entry, by) = (entry.clone(), case.server.id());
        if let Some(past) = self.past_mut(index) {
            past.applied = Some(Applied { entry, by });
        }
    }

    /// The last index that any log has reached.
    pub(super) fn last_index(&self) -> LogIndex {
        LogIndex::ZERO.plus(self.indexes.len())
    }
}

fn bit(invariant: Invariant) -> u16 {
    1 << invariant as u16
}

//! Which servers are equal: those that do the same whatever happens next.

use core::hash::{Hash, Hasher};

use super::disk::Disk;
use crate::members::Configuration;
use crate::{Log, LogIndex, Millis, Node, NodeId, NodeMap, Options, Progress, Role, Term, Votes};

/// What two equal servers have in common. The numbers of their writes are left out: they
/// say only how many there have been.
#[derive(PartialEq, Eq, Hash)]
struct State<'a, R> {
    id: NodeId,
    options: &'a Options,
    rules: &'a R,
    term: Term,
    voted_for: Option<NodeId>,
    /// `None` where it is left out.
    log: Option<&'a Log>,
    configuration: Configuration,
    commit: LogIndex,
    role: RoleState<'a>,
    disk: &'a Disk,
}

#[derive(PartialEq, Eq, Hash)]
enum RoleState<'a> {
    Follower {
        leader: Option<NodeId>,
        heard_at: Option<Millis>,
    },
    PreCandidate {
        votes: Votes,
    },
    Candidate {
        votes: Votes,
        /// How many writes must become durable before its own vote counts.
        own_vote_after: u64,
    },
    Leader {
        progress: &'a NodeMap<Progress>,
        transfer: Option<NodeId>,
    },
}

impl<R> Node<R> {
    /// Hashes this server but for its log and for the time at which it last heard from its
    /// leader. Of a log, a driver can hash what has changed. That time makes a difference
    /// only before the [`lease_end`](Self::lease_end): a search that does not count time
    /// hashes whether that has passed instead.
    pub fn hash_without_log_and_time<H: Hasher>(&self, hasher: &mut H)
    where
        R: Hash,
    {
        let mut state = self.state();
        state.log = None;
        if let RoleState::Follower { heard_at, .. } = &mut state.role {
            *heard_at = None;
        }
        state.hash(hasher);
    }

    fn state(&self) -> State<'_, R> {
        let Self {
            id,
            options,
            rules,
            term,
            voted_for,
            log,
            configuration,
            commit,
            role,
            disk,
        } = self;
        State {
            id: *id,
            options,
            rules,
            term: *term,
            voted_for: *voted_for,
            log: Some(log),
            configuration: *configuration,
            commit: *commit,
            role: role_state(role, disk),
            disk,
        }
    }
}

fn role_state<'a>(role: &'a Role, disk: &Disk) -> RoleState<'a> {
    match role {
        Role::Follower { leader } => RoleState::Follower {
            leader: leader.map(|(leader, _)| leader),
            heard_at: leader.map(|(_, heard_at)| heard_at),
        },
        Role::PreCandidate { votes } => RoleState::PreCandidate { votes: *votes },
        Role::Candidate { votes, own_vote } => RoleState::Candidate {
            votes: *votes,
            own_vote_after: disk.writes_until(*own_vote),
        },
        Role::Leader { progress, transfer } => RoleState::Leader {
            progress,
            transfer: *transfer,
        },
    }
}

/// Two servers are equal if they do the same whatever happens next. How many writes each
/// has had makes no difference, nor does the number of a candidate's write that is
/// durable.
impl<R: PartialEq> PartialEq for Node<R> {
    fn eq(&self, other: &Self) -> bool {
        self.state() == other.state()
    }
}

impl<R: Eq> Eq for Node<R> {}

/// Equal servers have equal hashes.
impl<R: Hash> Hash for Node<R> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.state().hash(state);
    }
}

//! What can be seen of a server.

use std::rc::Rc;

use hustings_raft::{
    Log, LogIndex, NodeId, NodeMap, NodeSet, Progress, RoleName, Stored, Term, Votes,
};

use super::{Start, Value};

/// What can be seen of a server, whatever its program is. Who narrates, judges, draws or
/// prints a server looks at this.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct View {
    /// The role; `None` while the server is down.
    pub role: Option<RoleName>,
    /// The term; of a server that is down, the one on its disk.
    pub term: Term,
    /// The vote in that term; of a server that is down, the one on its disk.
    pub voted_for: Option<NodeId>,
    /// The leader that the server follows; itself if it leads.
    pub leader: Option<NodeId>,
    /// The voting members in its configuration; `None` while the server is down.
    pub members: Option<NodeSet>,
    /// The commit index; 0 while the server is down, as it is not on the disk (§5.1).
    pub commit: LogIndex,
    /// The log; of a server that is down, the one on its disk.
    pub log: Log,
    /// The votes that a candidate or a pre-candidate has received.
    pub votes: Option<Votes>,
    /// How many votes it counts more than once, by a broken rule.
    pub duplicate_votes: u8,
    /// What a leader knows about the others' logs.
    pub progress: Option<Rc<NodeMap<Progress>>>,
    /// What else a program has, by name; `None` if it has nothing of its own.
    pub variables: Option<Value>,
}

impl View {
    /// A follower with what is on its disk.
    pub fn follower(start: &Start) -> Self {
        Self {
            role: Some(RoleName::Follower),
            members: Some(start.members),
            commit: start.commit,
            ..Self::down(&start.stored)
        }
    }

    /// A server that is down: what is on its disk.
    pub(crate) fn down(stored: &Stored) -> Self {
        Self {
            role: None,
            term: stored.term,
            voted_for: stored.voted_for,
            leader: None,
            members: None,
            commit: LogIndex::ZERO,
            log: stored.log.clone(),
            votes: None,
            duplicate_votes: 0,
            progress: None,
            variables: None,
        }
    }

    /// Whether the server runs.
    pub fn is_up(&self) -> bool {
        self.role.is_some()
    }

    /// Whether the server leads.
    pub fn leads(&self) -> bool {
        self.role == Some(RoleName::Leader)
    }
}

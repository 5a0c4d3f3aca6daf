//! Servers by other names.

use crate::{Node, NodeId, NodeMap, NodeSet, Role, Votes};

impl<R: Clone> Node<R> {
    /// This server as it were if all servers had other names. By these names it does the same,
    /// as Raft does not compare servers. Entries of its log stay as they are: those with members
    /// would have to be renamed, too.
    pub fn renamed(&self, name: impl Fn(NodeId) -> NodeId) -> Self {
        let name = &name;
        let role = match &self.role {
            Role::Follower { leader } => Role::Follower {
                leader: leader.map(|(leader, heard_at)| (name(leader), heard_at)),
            },
            Role::PreCandidate { votes } => Role::PreCandidate {
                votes: renamed_votes(*votes, name),
            },
            Role::Candidate { votes, own_vote } => Role::Candidate {
                votes: renamed_votes(*votes, name),
                own_vote: *own_vote,
            },
            Role::Leader { progress, transfer } => {
                let progress = progress
                    .iter()
                    .map(|(server, known)| (name(server), *known));
                Role::Leader {
                    progress: NodeMap::from_iter(progress),
                    transfer: transfer.map(name),
                }
            }
        };
        Self {
            id: name(self.id),
            voted_for: self.voted_for.map(name),
            configuration: self.configuration.renamed(|set| renamed_set(set, name)),
            role,
            ..self.clone()
        }
    }
}

fn renamed_set(set: NodeSet, name: impl Fn(NodeId) -> NodeId) -> NodeSet {
    set.iter().map(name).collect()
}

fn renamed_votes(votes: Votes, name: impl Fn(NodeId) -> NodeId) -> Votes {
    Votes {
        granted: renamed_set(votes.granted, &name),
        refused: renamed_set(votes.refused, &name),
    }
}

//! Raft's core as a machine.

use std::hash::Hasher;
use std::rc::Rc;

use hustings_raft::{BrokenRule, BrokenRules, Input, Millis, Node, NodeId, Output, Role};

use super::{Failure, Machine, Program, Start, View};
use crate::digest::InPieces;

/// The name of Raft's core where a script could name a program.
pub const CORE_NAME: &str = "raft";

/// Raft's core, with the rules that are broken in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Core {
    pub(crate) broken: BrokenRules,
}

impl Program for Core {
    fn name(&self) -> &str {
        CORE_NAME
    }

    fn machine(&self, start: Start) -> Box<dyn Machine> {
        let Start {
            id,
            members,
            options,
            stored,
            commit,
        } = start;
        let node = Node::with_rules(id, members, options, stored, self.broken);
        Box::new(node.with_commit(commit))
    }
}

impl Machine for Node<BrokenRules> {
    fn step(&mut self, now: Millis, input: Input, out: &mut Output) -> Result<(), Box<Failure>> {
        Self::step(self, now, input, out);
        Ok(())
    }

    fn view(&self) -> View {
        let (votes, progress) = match self.role() {
            Role::Follower { .. } => (None, None),
            Role::PreCandidate { votes } | Role::Candidate { votes, .. } => (Some(*votes), None),
            Role::Leader { progress, .. } => (None, Some(Rc::new(progress.clone()))),
        };
        View {
            role: Some(self.role().name()),
            term: self.term(),
            voted_for: self.voted_for(),
            leader: self.leader(),
            members: Some(self.members()),
            commit: self.commit(),
            log: self.log().clone(),
            votes,
            duplicate_votes: votes.map_or(0, |_| self.rules().duplicates_in(self.term())),
            progress,
            variables: None,
        }
    }

    fn copy(&self) -> Box<dyn Machine> {
        Box::new(self.clone())
    }

    fn fingerprint(&self, state: &mut dyn Hasher) {
        let mut pieces = InPieces::to(state);
        self.hash_without_log_and_time(&mut pieces);
        pieces.end();
    }

    fn renamed(&self, name: &dyn Fn(NodeId) -> NodeId) -> Option<Box<dyn Machine>> {
        Some(Box::new(Self::renamed(self, name)))
    }

    fn loses_disk_on_restart(&self) -> bool {
        let lost = [
            BrokenRule::ForgetVoteOnRestart,
            BrokenRule::ForgetTermAndVoteOnRestart,
            BrokenRule::ForgetLogOnRestart,
        ];
        lost.into_iter().any(|rule| self.rules().contains(rule))
    }

    fn fresh_until(&self) -> Option<Millis> {
        self.lease_end()
    }
}

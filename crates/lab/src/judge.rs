//! Judges worlds: checks the invariants after every step, at a cost proportional to what
//! the step changed.
//!
//! The judge looks at servers before and after, at their disks and at the messages sent,
//! and believes nothing that a machine says of itself. Most invariants refer to the whole
//! past ("no two servers ever lead one term"), so it remembers leaders, votes, entries,
//! and which entries were committed or applied: each a [`Fact`]. In which record it
//! learned a fact is not its concern: who keeps records keeps that beside it.

mod commits;
mod fact;
mod leaders;
mod logs;
mod memory;
mod votes;

use std::rc::Rc;

use hustings_raft::{LogIndex, Message, MessageKind, NodeId, NodeSet, RoleName, Stored};

pub use self::fact::{Fact, Finding, Judgement};
use self::memory::Committed;
pub use self::memory::Judge;
use crate::invariant::Evidence;
use crate::machine::View;
use crate::message::InFlight;
use crate::server::Server;

/// A step to be judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step<'a> {
    /// The server that took it.
    pub(crate) server: NodeId,
    /// What could be seen before.
    pub(crate) before: &'a View,
    /// Whether the server ran before.
    pub(crate) was_up: bool,
    /// What was on the disk before, if that has changed.
    pub(crate) disk_before: Option<&'a Stored>,
    /// A change of role that is not allowed.
    pub(crate) wrong_role: Option<(RoleName, RoleName)>,
}

/// The servers after a step, and what has come of judging it so far.
struct Case<'a> {
    servers: &'a [Rc<Server>],
    server: &'a Server,
    judgement: &'a mut Judgement,
}

/// Whether a server may change from one role to another in one step (Figure 4; diss.
/// §9.6). One that was down starts as a follower; in a step for a message of a later term,
/// a server is a follower in between. Only a candidate begins to lead, in its own term.
pub(crate) fn may_become(old: &View, new: &View, later_term: bool) -> bool {
    use RoleName::{Candidate, Follower, Leader, PreCandidate};
    let role = |view: &View| view.role.unwrap_or(Follower);
    match (role(old), role(new)) {
        (_, Follower) => true,
        (Leader, PreCandidate | Candidate) => later_term,
        (Follower | PreCandidate | Candidate, PreCandidate | Candidate) => old.is_up(),
        (Leader | Candidate, Leader) => old.term == new.term,
        (Follower | PreCandidate, Leader) => false,
    }
}

/// A pre-vote and the reply that grants it carry the next term, which nobody adopts (diss.
/// §9.6).
pub(crate) fn is_about_next_term(message: &Message) -> bool {
    let granted = message.is_positive() == Some(true);
    match message.kind() {
        MessageKind::PreVote => true,
        MessageKind::PreVoteReply => granted,
        _ => false,
    }
}

fn through(first: LogIndex, last: LogIndex) -> impl Iterator<Item = LogIndex> {
    (first.0..=last.0).map(LogIndex)
}

impl Judge {
    /// Judges the servers of these members before their first step, each in turn.
    pub(crate) fn start(&mut self, members: NodeSet, servers: &[Rc<Server>]) -> Vec<Judgement> {
        self.initial_members = members;
        let mut judgements = vec![Judgement::default(); servers.len()];
        for (server, judgement) in servers.iter().zip(&mut judgements) {
            let mut case = Case {
                servers,
                server,
                judgement,
            };
            self.check_log(&mut case, LogIndex(1));
            let stored = server.stored();
            if let Some(vote) = stored.voted_for {
                self.record_vote(&mut case, stored.term, vote);
            }
            if server.commit() > LogIndex::ZERO {
                self.check_applied(&mut case, LogIndex(1));
            }
            self.check_leader(&mut case, None, None);
        }
        for (server, judgement) in servers.iter().zip(&mut judgements) {
            self.adopt_initial_commit(&mut Case {
                servers,
                server,
                judgement,
            });
        }
        judgements
    }

    /// Records the initially committed entries that a majority holds on disk as
    /// committed; the others cannot have been, whatever the script says. The leader
    /// that committed them had at most the term of any server that knows of it.
    fn adopt_initial_commit(&mut self, case: &mut Case<'_>) {
        let (servers, server) = (case.servers, case.server);
        let members = self.members_of(server);
        for index in through(LogIndex(1), server.commit()) {
            let Some(entry) = server.log().get(index) else {
                return;
            };
            let has = |other: &&Rc<Server>| other.log().get(index) == Some(entry);
            let knows = |other: &&Rc<Server>| has(other) && other.commit() >= index;
            let holders: NodeSet = servers.iter().filter(has).map(|it| it.id()).collect();
            if holders.intersection(members).len() < members.majority() {
                continue;
            }
            let in_term = servers.iter().filter(knows).map(|it| it.term()).max();
            let committed = Committed {
                entry: entry.clone(),
                in_term: in_term.unwrap_or_default(),
                members,
            };
            self.commit(case, index, committed);
        }
    }

    /// Judges a step, with the messages that were sent in it.
    pub(crate) fn step<'a>(
        &mut self,
        servers: &[Rc<Server>],
        step: Step<'_>,
        sent: impl Iterator<Item = &'a InFlight>,
        judgement: &mut Judgement,
    ) {
        let Some(server) = servers.iter().find(|it| it.id() == step.server) else {
            return;
        };
        let mut case = Case {
            servers,
            server,
            judgement,
        };
        if step.disk_before.is_some() {
            self.check_own_vote(&mut case);
        }
        for flight in sent {
            self.check_sent(&mut case, flight);
        }
        self.check_terms(&mut case, step.disk_before);
        if let Some((old, new)) = step.wrong_role {
            let server = step.server;
            self.report(
                &mut case,
                None,
                Evidence::WrongTransition { server, old, new },
            );
        }
        // A view is shared for as long as nothing changes.
        if !step.was_up || !std::ptr::eq(step.before, server.view()) {
            self.check_view(&mut case, step);
        }
        let stored_log = &server.stored().log;
        let changed = |disk: &Stored| disk.log.first_difference(stored_log);
        if let Some(from) = step.disk_before.and_then(changed) {
            self.check_disks(&mut case, from);
        }
    }

    /// Checks what can be seen of a server, if that has changed.
    fn check_view(&mut self, case: &mut Case<'_>, step: Step<'_>) {
        let log_from = step.before.log.first_difference(case.server.log());
        let before = step.was_up.then_some(step.before);
        if let Some(from) = log_from {
            self.check_append_only(case, before, from);
            self.check_log(case, from);
        }
        self.check_leader(case, before, log_from);
        self.check_commit(case, before, log_from);
    }

    /// Judges the messages that a server has on their way after it may have lost its term.
    pub(crate) fn messages_of<'a>(
        &mut self,
        server: &Rc<Server>,
        messages: impl Iterator<Item = &'a InFlight>,
        judgement: &mut Judgement,
    ) {
        let mut case = Case {
            servers: std::slice::from_ref(server),
            server,
            judgement,
        };
        for flight in messages {
            self.check_message_term(&mut case, flight);
        }
    }

    fn check_sent(&mut self, case: &mut Case<'_>, flight: &InFlight) {
        self.check_message_term(case, flight);
        if let Message::RequestVoteReply {
            term,
            granted: true,
        } = *flight.message
        {
            self.record_vote(case, term, flight.link.to);
        }
    }

    fn report(&mut self, case: &mut Case<'_>, contradicts: Option<Fact>, evidence: Evidence) {
        if self.violate(evidence.invariant()) {
            case.judgement.findings.push(Finding {
                evidence,
                contradicts,
            });
        }
    }
}

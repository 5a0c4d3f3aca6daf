//! An event, in a sentence.

mod votes;

use super::words::Words;
use crate::names::Name;
use crate::observation::{Alarm, LogEnd, Observation, Role, State, TransferStep};
use crate::shown::{MemberId, Topic};
use crate::story::Event;
use crate::time::Micros;

/// What an event is about.
pub fn topic(what: &Observation) -> Topic {
    match what {
        Observation::Became { .. }
        | Observation::LeaderFound { .. }
        | Observation::LeaderLost { .. }
        | Observation::QuorumLost { .. }
        | Observation::Transfer { .. }
        | Observation::TimedOut { .. }
        | Observation::State(_) => Topic::Role,
        Observation::Stands { .. }
        | Observation::Asked { .. }
        | Observation::Answered(_)
        | Observation::Heard { .. }
        | Observation::VotedAlready { .. }
        | Observation::Counted { .. } => Topic::Vote,
        Observation::NewerTerm { .. } | Observation::OlderTerm { .. } => Topic::Term,
        Observation::EntriesRefused { .. }
        | Observation::Truncated { .. }
        | Observation::Restored(_) => Topic::Log,
        Observation::AlsoCalled(_)
        | Observation::Alias { .. }
        | Observation::Started(_)
        | Observation::Stopping
        | Observation::Members { .. }
        | Observation::Voters(_) => Topic::Server,
        Observation::Contact { .. } | Observation::Alarm { .. } => Topic::Alarm,
    }
}

impl Words<'_> {
    /// What an event comes to.
    pub fn event(self, event: &Event) -> String {
        let t = self.texts();
        let me = self.member(event.member);
        match &event.what {
            Observation::AlsoCalled(also) => t.also_called(me, self.story.names.text(*also)),
            Observation::Alias { member, also } => {
                let names = &self.story.names;
                t.also_called(names.text(*member), names.text(*also))
            }
            Observation::Started(state) => self.started(me, state),
            Observation::Stopping => t.stopping(me),
            Observation::Became { role, term, leader } => self.became(event, *role, *term, *leader),
            Observation::Stands {
                ballot,
                term,
                cause,
            } => self.stands(me, *ballot, *term, *cause),
            Observation::TimedOut { last_leader, .. } => match last_leader {
                Some(leader) => t.timed_out_on(me, self.name(*leader)),
                None => t.timed_out(me),
            },
            Observation::Asked {
                to,
                ballot,
                term,
                log,
            } => self.asked(me, *to, *ballot, *term, *log),
            Observation::Answered(reply) => self.answered(me, reply),
            Observation::Heard {
                from,
                ballot,
                granted,
                ..
            } => self.heard(event.member, *from, *ballot, *granted),
            Observation::Counted {
                ballot,
                granted,
                refused,
                needed,
            } => self.counted(me, *ballot, [*granted, *refused, *needed]),
            Observation::NewerTerm {
                from,
                stands,
                newer,
                ..
            } => self.newer_term(me, *from, *stands, *newer),
            Observation::OlderTerm {
                from,
                stands,
                older,
                ..
            } => self.older_term(me, *from, *stands, *older),
            Observation::LeaderFound { leader, term } => {
                self.leader_found(event.member, *leader, *term)
            }
            Observation::LeaderLost { leader, .. } => self.leader_lost(event.member, *leader),
            Observation::QuorumLost { .. } => t.quorum_lost(me),
            Observation::VotedAlready { term } => t.voted_already(me, *term),
            Observation::Transfer { to, step } => self.transfer(me, *to, *step),
            Observation::Members { voters, learners } => self.configured(me, voters, learners),
            Observation::Voters(number) => t.voters(me, number),
            Observation::Contact {
                peer,
                reached,
                silent,
            } => self.contact(me, *peer, *reached, *silent),
            Observation::EntriesRefused { by, end } => self.entries_refused(me, *by, *end),
            Observation::Truncated { from } => t.truncated(me, from),
            Observation::Restored(end) => t.restored(me, self.log_end(*end)),
            Observation::State(state) => self.state(me, state),
            Observation::Alarm { kind, peer, took } => self.alarm(me, *kind, *peer, *took),
        }
    }

    fn started(self, me: &str, state: &State) -> String {
        let t = self.texts();
        let mut has = Vec::new();
        has.extend(state.term.map(|it| t.its_term(it)));
        has.extend(state.log.map(|it| self.log_end(it)));
        if has.is_empty() {
            t.started(me)
        } else {
            t.started_with(me, self.listed(&has))
        }
    }

    fn became(self, event: &Event, role: Role, term: Option<u64>, leader: Option<Name>) -> String {
        let t = self.texts();
        let me = self.member(event.member);
        let said = match role {
            Role::Follower => match leader.map(|it| self.name(it)) {
                Some(leader) => t.becomes_follower_of(me, leader),
                None => t.becomes_follower(me),
            },
            Role::PreCandidate => t.becomes_pre_candidate(me),
            Role::Candidate => t.becomes_candidate(me),
            Role::Leader => t.becomes_leader(me),
            Role::Learner => t.becomes_learner(me),
        };
        match term {
            Some(term) => t.in_term(said, term),
            None => t.full_stop(said),
        }
    }

    fn newer_term(self, me: &str, from: Option<Name>, stands: bool, newer: Option<u64>) -> String {
        let t = self.texts();
        let from = from.map(|it| self.name(it));
        let Some(newer) = newer else {
            return match from {
                Some(from) => t.some_newer_term_of(me, from),
                None => t.some_newer_term(me),
            };
        };
        match (from, stands) {
            (Some(from), true) => t.newer_term_of_candidate(me, newer, from),
            (Some(from), false) => t.newer_term_of(me, newer, from),
            (None, _) => t.newer_term(me, newer),
        }
    }

    fn older_term(self, me: &str, from: Option<Name>, stands: bool, older: u64) -> String {
        let t = self.texts();
        match (from.map(|it| self.name(it)), stands) {
            (Some(from), true) => t.older_request(me, from, older),
            (Some(from), false) => t.older_message_of(me, from, older),
            (None, _) => t.older_message(me, older),
        }
    }

    fn leader_found(self, me: MemberId, leader: Name, term: Option<u64>) -> String {
        let t = self.texts();
        let name = self.member(me);
        let said = if self.story.members.get(leader) == Some(me) {
            t.knows_itself(name)
        } else {
            t.follows(name, self.name(leader))
        };
        match term {
            Some(term) => t.in_term(said, term),
            None => t.full_stop(said),
        }
    }

    fn leader_lost(self, me: MemberId, leader: Option<Name>) -> String {
        let t = self.texts();
        let name = self.member(me);
        match leader {
            Some(leader) if self.story.members.get(leader) == Some(me) => t.lost_itself(name),
            Some(leader) => t.lost_leader(name, self.name(leader)),
            None => t.knows_no_leader(name),
        }
    }

    fn transfer(self, me: &str, to: Option<Name>, step: TransferStep) -> String {
        let t = self.texts();
        match (step, to.map(|it| self.name(it))) {
            (TransferStep::Begun, Some(to)) => t.hands_over_to(me, to),
            (TransferStep::Begun, None) => t.hands_over(me),
            (TransferStep::Sent, Some(to)) => t.tells_to_stand(me, to),
            (TransferStep::Sent, None) => t.tells_another_to_stand(me),
            (TransferStep::GivenUp, _) => t.gives_up_transfer(me),
        }
    }

    fn configured(self, me: &str, voters: &[Name], learners: &[Name]) -> String {
        let t = self.texts();
        let named = |names: &[Name]| {
            let names: Vec<_> = names.iter().map(|it| self.name(*it)).collect();
            self.listed(&names)
        };
        match (voters, learners) {
            ([], []) => t.no_members(me),
            (_, []) => t.members_are(me, named(voters)),
            _ => t.members_and_learners(me, named(voters), named(learners)),
        }
    }

    fn contact(self, me: &str, peer: Name, reached: bool, silent: Option<Micros>) -> String {
        let t = self.texts();
        let peer = self.name(peer);
        match (reached, silent) {
            (true, _) => t.reaches(me, peer),
            (false, Some(silent)) => t.cannot_reach_for(me, peer, self.lasting(silent)),
            (false, None) => t.cannot_reach(me, peer),
        }
    }

    fn entries_refused(self, me: &str, by: Option<Name>, end: Option<LogEnd>) -> String {
        let t = self.texts();
        let refused = match by {
            Some(by) => t.entries_refused_by(me, self.name(by)),
            None => t.refuses_entries(me),
        };
        match end {
            Some(end) => t.whose_log(refused, self.log_end(end)),
            None => t.full_stop(refused),
        }
    }

    fn state(self, me: &str, state: &State) -> String {
        let t = self.texts();
        let mut has = Vec::new();
        has.extend(state.role.map(|it| self.role(it).to_owned()));
        has.extend(state.term.map(|it| t.its_term(it)));
        if let Some(Some(leader)) = state.leader {
            has.push(t.its_leader(self.name(leader)));
        }
        has.extend(state.log.map(|it| self.log_end(it)));
        has.extend(state.commit.map(|it| t.its_commit(it)));
        if has.is_empty() {
            t.state_unsaid(me)
        } else {
            t.state(me, self.listed(&has))
        }
    }

    /// A role, as a word.
    pub fn role(self, role: Role) -> &'static str {
        let t = self.texts();
        match role {
            Role::Follower => t.follower(),
            Role::PreCandidate => t.pre_candidate(),
            Role::Candidate => t.candidate(),
            Role::Leader => t.leader(),
            Role::Learner => t.learner(),
        }
    }

    fn alarm(self, me: &str, kind: Alarm, peer: Option<Name>, took: Option<Micros>) -> String {
        let t = self.texts();
        let peer = peer.map_or_else(|| t.a_peer(), |it| self.name(it));
        let said = self.alarm_of(me, kind, peer);
        match took {
            Some(took) => t.took(said, self.lasting(took)),
            None => t.full_stop(said),
        }
    }

    /// What a member raises alarm about, as a clause.
    pub(super) fn alarm_of(self, me: &str, kind: Alarm, peer: &str) -> String {
        let t = self.texts();
        match kind {
            Alarm::SlowDisk => t.slow_disk(me),
            Alarm::DiskFailed => t.disk_failed(me),
            Alarm::LateHeartbeat => t.late_heartbeat(me),
            Alarm::SlowRequest => t.slow_request(me),
            Alarm::MissedTicks => t.missed_ticks(me),
            Alarm::PeerLost => t.peer_lost(me, peer),
            Alarm::NoContact => t.no_contact(me, peer),
            Alarm::PeerFound => t.peer_found(me, peer),
            Alarm::Dropped => t.dropped(me, peer),
            Alarm::ClockDifference => t.clock_difference(me, peer),
            Alarm::Fatal => t.fatal(me),
            Alarm::NoLeader => t.no_leader_known(me),
        }
    }
}

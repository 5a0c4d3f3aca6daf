//! An event, in a sentence.

use super::words::Words;
use crate::names::Name;
use crate::observation::{
    Alarm, Ballot, Cause, LogEnd, Observation, Refusal, Role, State, TransferStep, VoteReply,
};
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

    fn stands(self, me: &str, ballot: Option<Ballot>, term: Option<u64>, cause: Cause) -> String {
        let t = self.texts();
        let what = match ballot {
            Some(Ballot::PreVote) => t.asks_before_it_stands(me),
            Some(Ballot::Vote) | None => t.stands(me),
        };
        let what = match term {
            Some(term) => t.from_term(what, term),
            None => what,
        };
        match self.cause(cause) {
            Some(why) => t.as_why(what, why),
            None => t.full_stop(what),
        }
    }

    /// Why a member stands, as a clause.
    pub(super) fn cause(self, cause: Cause) -> Option<&'static str> {
        let t = self.texts();
        match cause {
            Cause::Timeout => Some(t.cause_timeout()),
            Cause::Transfer => Some(t.cause_transfer()),
            Cause::PreVoteWon => Some(t.cause_pre_vote()),
            Cause::Unsaid => None,
        }
    }

    fn asked(
        self,
        me: &str,
        to: Name,
        ballot: Ballot,
        term: Option<u64>,
        log: Option<LogEnd>,
    ) -> String {
        let t = self.texts();
        let to = self.name(to);
        let asks = match ballot {
            Ballot::Vote => t.asks(me, to),
            Ballot::PreVote => t.asks_pre_vote(me, to),
        };
        let asks = match term {
            Some(term) => t.in_term(asks, term),
            None => t.full_stop(asks),
        };
        match log {
            Some(log) => t.with_log(asks, self.log_end(log)),
            None => asks,
        }
    }

    fn answered(self, me: &str, reply: &VoteReply) -> String {
        let t = self.texts();
        let candidate = self.name(reply.candidate);
        let Some(refusal) = reply.refused else {
            let gives = match reply.ballot {
                Ballot::Vote => t.gives_vote(me, candidate),
                Ballot::PreVote => t.gives_pre_vote(me, candidate),
            };
            return match reply.term {
                Some(term) => t.in_term(gives, term),
                None => t.full_stop(gives),
            };
        };
        let refuses = match reply.ballot {
            Ballot::Vote => t.refuses_vote(me, candidate),
            Ballot::PreVote => t.refuses_pre_vote(me, candidate),
        };
        t.as_why(refuses, self.refusal(me, reply, refusal))
    }

    /// Why a vote was refused, as a clause.
    fn refusal(self, me: &str, reply: &VoteReply, refusal: Refusal) -> String {
        let t = self.texts();
        match refusal {
            Refusal::Voted(Some(other)) => t.has_voted_for(self.name(other)),
            Refusal::Voted(None) => t.has_voted().to_owned(),
            Refusal::OlderLog => match (reply.theirs, reply.own) {
                (Some(theirs), Some(own)) => {
                    t.log_is_behind(self.log_end(theirs), self.log_end(own))
                }
                _ => t.log_is_older().to_owned(),
            },
            Refusal::OlderLogTerm { theirs, own } => t.log_term_is_older(theirs, own),
            Refusal::ShorterLog { theirs, own } => t.log_is_shorter(theirs, own),
            Refusal::HasLeader { leader, ticks_left } => {
                let hears = match leader {
                    Some(leader) if self.name(leader) == me => t.leads_itself().to_owned(),
                    Some(leader) => t.hears_leader_named(self.name(leader)),
                    None => t.hears_leader().to_owned(),
                };
                match ticks_left {
                    Some(ticks) => t.ticks_left(hears, ticks),
                    None => hears,
                }
            }
            Refusal::OlderTerm => t.request_is_old().to_owned(),
            Refusal::NotAMember => t.not_a_member().to_owned(),
            Refusal::Unsaid => t.no_reason().to_owned(),
        }
    }

    fn heard(self, me: MemberId, from: Name, ballot: Ballot, granted: bool) -> String {
        let t = self.texts();
        let (name, own) = (self.member(me), self.story.members.get(from) == Some(me));
        let from = self.name(from);
        match (ballot, granted) {
            (Ballot::Vote, true) if own => t.votes_for_itself(name),
            (Ballot::PreVote, true) if own => t.pre_votes_for_itself(name),
            (Ballot::Vote, true) => t.has_vote(name, from),
            (Ballot::Vote, false) => t.has_refusal(name, from),
            (Ballot::PreVote, true) => t.has_pre_vote(name, from),
            (Ballot::PreVote, false) => t.has_pre_refusal(name, from),
        }
    }

    fn counted(self, me: &str, ballot: Ballot, numbers: [Option<u32>; 3]) -> String {
        let t = self.texts();
        let [granted, refused, needed] = numbers;
        let mut counts = Vec::new();
        counts.extend(granted.map(|it| t.count_granted(it)));
        counts.extend(refused.map(|it| t.count_refused(it)));
        counts.extend(needed.map(|it| t.count_needed(it)));
        let counts = self.listed(&counts);
        match ballot {
            Ballot::Vote => t.counts(me, counts),
            Ballot::PreVote => t.counts_pre(me, counts),
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

//! Events about votes, in sentences: who stands, asks, answers, hears and counts.

use crate::names::Name;
use crate::observation::{Ballot, Cause, LogEnd, Refusal, VoteReply};
use crate::shown::MemberId;
use crate::told::Words;

impl Words<'_> {
    pub(super) fn stands(
        self,
        me: &str,
        ballot: Option<Ballot>,
        term: Option<u64>,
        cause: Cause,
    ) -> String {
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
    pub(in crate::told) fn cause(self, cause: Cause) -> Option<&'static str> {
        let t = self.texts();
        match cause {
            Cause::Timeout => Some(t.cause_timeout()),
            Cause::Transfer => Some(t.cause_transfer()),
            Cause::PreVoteWon => Some(t.cause_pre_vote()),
            Cause::Unsaid => None,
        }
    }

    pub(super) fn asked(
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

    pub(super) fn answered(self, me: &str, reply: &VoteReply) -> String {
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
    pub(super) fn refusal(self, me: &str, reply: &VoteReply, refusal: Refusal) -> String {
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

    pub(super) fn heard(self, me: MemberId, from: Name, ballot: Ballot, granted: bool) -> String {
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

    pub(super) fn counted(self, me: &str, ballot: Ballot, numbers: [Option<u32>; 3]) -> String {
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
}

//! Who stood, and what they lacked. Attempts of one member that went the same way are one
//! sentence.

use std::collections::BTreeMap;

use super::words::Words;
use crate::account::Account;
use crate::account::candidacies::{Answer, Candidacy, Outcome};
use crate::account::refusals::Kind;
use crate::observation::Ballot;
use crate::shown::{MemberId, Sentence};

/// How a voter answered, without what differs between two attempts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Answered {
    Granted,
    Refused(Kind),
    Silent,
    Unseen,
}

impl From<Answer> for Answered {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Granted(_) => Self::Granted,
            Answer::Refused(_, refusal) => Self::Refused(refusal.into()),
            Answer::Silent => Self::Silent,
            Answer::Unseen => Self::Unseen,
        }
    }
}

impl Words<'_> {
    /// All candidacies, those that went the same way in a row as one.
    pub(super) fn candidacies(self, account: &Account) -> Vec<Sentence> {
        let told = account.candidacies.iter();
        let told: Vec<_> = told
            .filter(|it| self.story.tells_of(it.at, it.until))
            .cloned()
            .collect();
        let rows = told.chunk_by(|one, other| {
            let way = |it: &Candidacy| -> (MemberId, Ballot, bool, Vec<Answered>) {
                let answers = it.answers.values().map(|it| (*it).into());
                (
                    it.member,
                    it.ballot,
                    it.outcome == Outcome::Won,
                    answers.collect(),
                )
            };
            let pre_vote = one.ballot == Ballot::PreVote || other.ballot == Ballot::PreVote;
            let same_cause = one.cause == other.cause || pre_vote;
            // Attempts with another's term between them are two stories.
            let terms = one.term.zip(other.term);
            let next = terms.is_none_or(|(one, other)| other <= one.saturating_add(1));
            let goes_on = next && one.outcome != Outcome::Won;
            goes_on && same_cause && way(one) == way(other)
        });
        rows.filter_map(|row| self.attempts(row)).collect()
    }

    fn attempts(self, row: &[Candidacy]) -> Option<Sentence> {
        let (first, last) = (row.first()?, row.last()?);
        let said = [
            self.stood(row, first, last),
            self.answers(first),
            self.outcome(last).to_owned(),
        ];
        let said = self.in_a_row(said);
        let events = row.iter().map(|it| it.event);
        let answers = first.answers.values().filter_map(|it| match it {
            Answer::Granted(event) | Answer::Refused(event, _) => Some(*event),
            _ => None,
        });
        Some(self.cited_over(said, (first.at, last.until), events.chain(answers)))
    }

    fn stood(self, row: &[Candidacy], first: &Candidacy, last: &Candidacy) -> String {
        let t = self.texts();
        let me = self.member(first.member);
        let (from, to) = (self.time(first.at), self.time(last.at));
        let said = match (first.ballot, row.len(), first.term, last.term) {
            (Ballot::Vote, 1, Some(term), _) => t.stood_once(me, term, from),
            (Ballot::Vote, 1, None, _) => t.stood_once_untold(me, from),
            (Ballot::Vote, often, Some(term), Some(later)) => {
                t.stood_often(me, self.times(often), term, later, from, to)
            }
            (Ballot::Vote, often, ..) => t.stood_often_untold(me, self.times(often), from, to),
            (Ballot::PreVote, 1, ..) => t.asked_once(me, from),
            (Ballot::PreVote, often, ..) => t.asked_often(me, self.times(often), from, to),
        };
        match self.cause(first.cause) {
            Some(why) => t.as_why(said, why),
            None => t.full_stop(said),
        }
    }

    /// What it had, and what it lacked.
    fn answers(self, candidacy: &Candidacy) -> String {
        let t = self.texts();
        let mut by_answer: BTreeMap<Answered, Vec<MemberId>> = BTreeMap::new();
        for (voter, answer) in &candidacy.answers {
            by_answer.entry((*answer).into()).or_default().push(*voter);
        }
        let votes = candidacy.votes();
        let untold = candidacy.outcome == Outcome::Won && votes < candidacy.needed;
        let counted = if untold {
            t.votes_untold(candidacy.needed)
        } else {
            t.had_votes(self.votes(votes), candidacy.needed)
        };
        let told = by_answer.into_iter().map(|(answer, voters)| {
            let many = voters.len() > 1;
            let voters = self.members(&voters);
            match answer {
                Answered::Granted => t.granted_by(voters),
                Answered::Refused(kind) => t.refused_by(voters, self.why_refused(kind, many)),
                Answered::Silent => t.silent_were(voters),
                Answered::Unseen => t.unseen_were(voters),
            }
        });
        self.in_a_row([counted].into_iter().chain(told))
    }

    fn votes(self, votes: usize) -> String {
        match votes {
            1 => self.texts().own_vote_only().to_owned(),
            _ => self.texts().votes(votes),
        }
    }

    /// Why one or many voters refused.
    pub(super) fn why_refused(self, kind: Kind, many: bool) -> &'static str {
        let t = self.texts();
        match (kind, many) {
            (Kind::Voted, false) => t.why_it_voted(),
            (Kind::Voted, true) => t.why_voted(),
            (Kind::OlderLog, false) => t.why_log_older_than_its(),
            (Kind::OlderLog, true) => t.why_older_log(),
            (Kind::HasLeader, false) => t.why_it_has_leader(),
            (Kind::HasLeader, true) => t.why_has_leader(),
            (Kind::OlderTerm, _) => t.why_older_term(),
            (Kind::NotAMember, _) => t.why_not_a_member(),
            (Kind::Unsaid, _) => t.no_reason(),
        }
    }

    fn outcome(self, candidacy: &Candidacy) -> &'static str {
        let t = self.texts();
        match (candidacy.outcome, candidacy.ballot) {
            (Outcome::Won, Ballot::Vote) => t.outcome_won(),
            (Outcome::Won, Ballot::PreVote) => t.outcome_may_stand(),
            (Outcome::Again, _) => t.outcome_again(),
            (Outcome::Follows, _) => t.outcome_follows(),
            (Outcome::Open, _) => t.outcome_open(),
        }
    }
}

//! The parts of the account, in their order.

use super::words::Words;
use crate::account::Account;
use crate::account::alarms::Alarms;
use crate::account::findings::{Finding, Kind};
use crate::account::refusals::{self, Refused};
use crate::account::terms::Rise;
use crate::observation::Ballot;
use crate::shown::{Section, SectionKind, Sentence};

/// How many sentences a part has at most: one who wants all asks for the events.
pub(super) const SENTENCES_MAX: usize = 60;

/// The sentences of a part. Where there may be very many, they are made only as far as they
/// are shown.
pub(super) type Sentences<'a> = Box<dyn ExactSizeIterator<Item = Sentence> + 'a>;

impl Words<'_> {
    /// The account in sentences; parts that have nothing to say are left out.
    pub(super) fn account(self, account: &Account) -> Vec<Section> {
        let t = self.texts();
        let findings = account.findings.iter().map(|it| self.finding_sentence(it));
        let gaps: Vec<_> = self.gaps(account).collect();
        let gaps = gaps.into_iter().map(|it| self.gap(account, it));
        let refused = account.refused.iter().map(|it| self.refused(it));
        let alarms = account.alarms.iter().map(|it| self.alarms(account, it));
        let whole = |says: Vec<Sentence>| -> Sentences<'_> { Box::new(says.into_iter()) };
        let parts: [(_, _, Sentences<'_>); 10] = [
            (
                SectionKind::Verdict,
                t.title_verdict(),
                whole(self.verdict(account)),
            ),
            (
                SectionKind::Findings,
                t.title_findings(),
                Box::new(findings),
            ),
            (
                SectionKind::Leaders,
                t.title_leaders(),
                whole(self.leaders(account)),
            ),
            (
                SectionKind::Leaderless,
                t.title_leaderless(),
                Box::new(gaps),
            ),
            (
                SectionKind::Candidacies,
                t.title_candidacies(),
                whole(self.candidacies(account)),
            ),
            (SectionKind::Refusals, t.title_refusals(), Box::new(refused)),
            (
                SectionKind::Terms,
                t.title_terms(),
                whole(self.rises(&account.rises)),
            ),
            (SectionKind::Alarms, t.title_alarms(), Box::new(alarms)),
            (SectionKind::Clocks, t.title_clocks(), whole(self.clocks())),
            (
                SectionKind::Reading,
                t.title_reading(),
                whole(self.reading()),
            ),
        ];
        let parts = parts.into_iter();
        let told =
            parts.filter_map(|(kind, title, says)| self.section(kind, title, says, SENTENCES_MAX));
        told.collect()
    }

    fn finding_sentence(self, finding: &Finding) -> Sentence {
        Sentence {
            is_fault: true,
            scenario: Some(finding.kind.scenario().into()),
            ..self.cited(self.finding(finding), finding.events.iter().copied())
        }
    }

    /// What was broken.
    pub(super) fn finding(self, finding: &Finding) -> String {
        let t = self.texts();
        match finding.kind {
            Kind::TwoLeaders { term, one, other } => {
                t.two_leaders(self.member(one), self.member(other), term)
            }
            Kind::TwoVotes {
                term,
                voter,
                one,
                other,
            } => t.two_votes(
                self.member(voter),
                self.member(one),
                self.member(other),
                term,
            ),
            Kind::TermFell { member, from, to } => t.term_fell(self.member(member), from, to),
            Kind::VoteForOlderLog {
                voter,
                candidate,
                own,
                theirs,
            } => t.vote_for_older_log(
                self.member(voter),
                self.member(candidate),
                self.log_end(theirs),
                self.log_end(own),
            ),
            Kind::CommittedLost {
                member,
                commit,
                end,
            } => t.committed_lost(self.member(member), commit, self.log_end(end)),
            Kind::LeaderLogShrank { leader, from, to } => {
                t.leader_log_shrank(self.member(leader), self.log_end(from), self.log_end(to))
            }
        }
    }

    /// Who raised the term; terms that one raised in a row, for one reason, as one.
    fn rises(self, rises: &[Rise]) -> Vec<Sentence> {
        let rows = rises.chunk_by(|one, other| {
            let follows = one.term.checked_add(1) == Some(other.term);
            follows && one.by.is_some() && (one.by, one.cause) == (other.by, other.cause)
        });
        rows.filter_map(|row| self.raised(row)).collect()
    }

    fn raised(self, row: &[Rise]) -> Option<Sentence> {
        let t = self.texts();
        let (first, last) = (row.first()?, row.last()?);
        let (from, to) = (self.time(first.at), self.time(last.at));
        let said = match first.by.map(|it| self.member(it)) {
            Some(by) if row.len() > 1 => t.terms_raised_by(first.term, last.term, by, from, to),
            Some(by) => t.term_raised_by(first.term, by, from),
            None => t.term_raised(first.term, from),
        };
        let said = match self.cause(first.cause) {
            Some(why) => t.as_why(said, why),
            None => t.full_stop(said),
        };
        let events = row.iter().map(|it| it.event);
        Some(self.cited_over(said, (first.at, last.at), events))
    }

    fn refused(self, refused: &Refused) -> Sentence {
        let t = self.texts();
        if refused.kind == refusals::Kind::OlderLog {
            return self.refused_for_log(refused);
        }
        let why = self.why_refused(refused.kind, refused.voters.len() > 1);
        self.cited(
            t.as_why(self.refused_what(refused), why),
            refused.events.iter().copied(),
        )
    }

    /// Refused for the candidate's log, with the ends of both as far as they are told.
    fn refused_for_log(self, refused: &Refused) -> Sentence {
        let t = self.texts();
        let why = match refused.ends {
            None => {
                let why = self.why_refused(refused.kind, refused.voters.len() > 1);
                why.to_owned()
            }
            Some((theirs, own)) if theirs.index > own.index => {
                t.why_older_term_of_log(self.log_end(theirs), self.log_end(own))
            }
            Some((theirs, own)) => t.why_log_behind(self.log_end(theirs), self.log_end(own)),
        };
        let says = t.as_why(self.refused_what(refused), why);
        self.cited(says, refused.events.iter().copied())
    }

    /// Who refused whom, and how often.
    fn refused_what(self, refused: &Refused) -> String {
        let t = self.texts();
        let candidate = self.member(refused.candidate);
        let voters = self.members(&refused.voters);
        let times = self.times(refused.events.len());
        match refused.ballot {
            Ballot::Vote => t.refused_votes(candidate, voters, times),
            Ballot::PreVote => t.refused_pre_votes(candidate, voters, times),
        }
    }

    /// How often something happened.
    pub(super) fn times(self, count: usize) -> String {
        let t = self.texts();
        match count {
            1 => t.once().to_owned(),
            2 => t.twice().to_owned(),
            _ => t.times(count),
        }
    }

    fn alarms(self, account: &Account, alarms: &Alarms) -> Sentence {
        let t = self.texts();
        let me = self.member(alarms.member);
        let peers = match alarms.peers.as_slice() {
            [] => t.a_peer().to_owned(),
            peers => self.members(peers),
        };
        let said = self.alarm_of(me, alarms.kind, &peers);
        let said = t.so_often(said, self.times(alarms.events.len()));
        let worst = alarms.worst.map(|it| t.at_worst(self.lasting(it)));
        let before = alarms.before.and_then(|(reign, event)| {
            let reign = account.reigns.get(reign)?;
            let before = reign.to - self.story.event(event)?.at;
            let leader = self.member(reign.leader);
            Some(t.before_loss(self.lasting(before), leader))
        });
        let first = alarms.before.map(|(_, event)| event);
        let events = first.into_iter().chain(alarms.events.iter().copied());
        let said = self.in_a_row([Some(said), worst, before].into_iter().flatten());
        self.cited(said, events)
    }
}

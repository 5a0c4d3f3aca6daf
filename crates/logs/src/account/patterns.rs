//! Courses of events that are known, each with the scenario that shows it.

use std::collections::BTreeMap;

use super::candidacies::{Answer, Candidacy, Outcome};
use super::reigns::{End, Overlap};
use super::{Account, changes};
use crate::observation::{Ballot, Cause, Refusal};
use crate::shown::{EventId, MemberId};
use crate::story::Story;
use crate::time::Micros;

/// A known course of events, with those that show it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    /// Which.
    pub kind: Kind,
    /// The events, in order.
    pub events: Vec<EventId>,
}

/// Known courses of events.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// A member whose log is behind stood again and again, and others refused it for that.
    ShorterLog(MemberId),
    /// A member that hears no leader raised the term again and again, while another led.
    Deaf(MemberId),
    /// Pre-votes were asked for again and again, and nobody got a majority of them.
    PreVoteDeadlock,
    /// Several stood at about the same time and split the votes.
    SplitVote,
    /// A leader lost its leadership shortly after its disk, or its machine, was slow.
    SlowLeader(MemberId),
    /// Nobody could get a majority: too many did not answer.
    NoMajority,
    /// A leader went on for a while after another was elected, as it had heard nothing.
    StaleLeader {
        /// Who went on.
        old: MemberId,
        /// Who was elected.
        new: MemberId,
    },
    /// The leader changed often.
    Flapping {
        /// How often within ten minutes.
        changes: usize,
    },
}

impl Kind {
    /// The scenario of the gallery that shows it, by its path.
    pub fn scenario(self) -> &'static str {
        match self {
            Self::ShorterLog(_) => "logs/rejoining-with-a-shorter-log",
            Self::Deaf(_) => "logs/cannot-hear-the-leader",
            Self::PreVoteDeadlock => "logs/pre-vote-deadlock",
            Self::SplitVote => "first-steps/split-vote",
            Self::SlowLeader(_) => "disks/slow-disk-delays-the-vote",
            Self::NoMajority => "partitions/even-split",
            Self::StaleLeader { .. } => "logs/two-leaders-during-a-pause",
            Self::Flapping { .. } => "liveness/partial-partition",
        }
    }
}

/// How often is again and again.
const OFTEN: usize = 3;

/// How many changes of the leader in ten minutes are many: twice what etcd's own alert allows
/// in fifteen.
const MANY_CHANGES: usize = 6;

/// Those that a story shows, the most telling first.
pub(super) fn patterns(story: &Story, account: &Account) -> Vec<Pattern> {
    let found = shorter_log(account)
        .into_iter()
        .chain(deaf(account))
        .chain(pre_vote_deadlock(account))
        .chain(slow_leader(account))
        .chain(
            account
                .overlaps
                .iter()
                .filter_map(|it| stale_leader(story, it)),
        )
        .chain(no_majority(account))
        .chain(split_vote(account))
        .chain(flapping(account));
    found.collect()
}

/// Failed candidacies of each member.
fn failed(account: &Account) -> BTreeMap<MemberId, Vec<&Candidacy>> {
    let mut failed: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for candidacy in &account.candidacies {
        if candidacy.outcome != Outcome::Won {
            failed.entry(candidacy.member).or_default().push(candidacy);
        }
    }
    failed
}

fn shorter_log(account: &Account) -> Vec<Pattern> {
    let refused = |it: &Candidacy| {
        let mut answers = it.answers.values();
        answers.any(|it| matches!(it, Answer::Refused(_, why) if why.is_for_log()))
    };
    let members = failed(account).into_iter();
    let found = members.filter_map(|(member, failed)| {
        let refused: Vec<_> = failed.into_iter().filter(|it| refused(it)).collect();
        (refused.len() >= 2).then(|| pattern(Kind::ShorterLog(member), &refused))
    });
    found.collect()
}

/// Stood again and again while somebody else led an older term all the while, or was refused
/// as others heard from a leader.
fn deaf(account: &Account) -> Vec<Pattern> {
    let led = |it: &Candidacy| {
        let mut reigns = account.reigns.iter();
        let ignored = it
            .answers
            .values()
            .any(|answer| matches!(answer, Answer::Refused(_, Refusal::HasLeader { .. })));
        ignored
            || reigns.any(|reign| {
                let others = reign.leader != it.member && reign.term < it.term;
                others && reign.from < it.at && it.until < reign.to
            })
    };
    let members = failed(account).into_iter();
    let found = members.filter_map(|(member, failed)| {
        let alone: Vec<_> = failed.into_iter().filter(|it| led(it)).collect();
        (alone.len() >= OFTEN).then(|| pattern(Kind::Deaf(member), &alone))
    });
    found.collect()
}

fn pre_vote_deadlock(account: &Account) -> Option<Pattern> {
    let gaps = account.leaderless.iter();
    let within = gaps.filter_map(|gap| {
        let asked = account.candidacies.iter().filter(|it| {
            let failed = it.ballot == Ballot::PreVote && it.outcome != Outcome::Won;
            // Answers came, so it is not that nobody is there.
            let refused = it
                .answers
                .values()
                .any(|it| matches!(it, Answer::Refused(..)));
            failed && refused && gap.from <= it.at && it.at <= gap.to
        });
        let asked: Vec<_> = asked.collect();
        let mut who: Vec<_> = asked.iter().map(|it| it.member).collect();
        who.sort_unstable();
        who.dedup();
        (asked.len() >= OFTEN && who.len() >= 2).then_some(asked)
    });
    let longest = within.max_by_key(Vec::len)?;
    Some(pattern(Kind::PreVoteDeadlock, &longest))
}

fn slow_leader(account: &Account) -> Vec<Pattern> {
    let mut found: Vec<Pattern> = Vec::new();
    for alarms in &account.alarms {
        let Some((_, event)) = alarms.before else {
            continue;
        };
        let kind = Kind::SlowLeader(alarms.member);
        if found.iter().all(|it| it.kind != kind) {
            found.push(Pattern {
                kind,
                events: vec![event],
            });
        }
    }
    found
}

/// Candidates that failed, again and again, as no majority answered at all.
fn no_majority(account: &Account) -> Option<Pattern> {
    let lonely = |it: &&Candidacy| {
        let answered = |it: &&Answer| matches!(it, Answer::Granted(_) | Answer::Refused(..));
        let answers = it.answers.values().filter(answered).count();
        it.outcome != Outcome::Won && answers + 1 < it.needed
    };
    let in_gap = |it: &&Candidacy| {
        let mut gaps = account.leaderless.iter();
        gaps.any(|gap| gap.from <= it.at && it.at <= gap.to)
    };
    let lonely: Vec<_> = account
        .candidacies
        .iter()
        .filter(lonely)
        .filter(in_gap)
        .collect();
    (lonely.len() >= OFTEN).then(|| pattern(Kind::NoMajority, &lonely))
}

/// Two that stood in one term, none of which won it.
fn split_vote(account: &Account) -> Option<Pattern> {
    let mut by_term: BTreeMap<u64, Vec<&Candidacy>> = BTreeMap::new();
    for candidacy in &account.candidacies {
        if let (Ballot::Vote, Some(term)) = (candidacy.ballot, candidacy.term) {
            by_term.entry(term).or_default().push(candidacy);
        }
    }
    let by_timeout = |it: &&&Candidacy| it.cause != Cause::Transfer;
    let at_once =
        |one: &Candidacy, other: &Candidacy| one.at <= other.until && other.at <= one.until;
    let is_split = |all: &Vec<&Candidacy>| {
        let nobody = all.iter().all(|it| it.outcome != Outcome::Won);
        let stood: Vec<_> = all.iter().filter(by_timeout).collect();
        let mut pairs = stood.iter().zip(stood.iter().skip(1));
        nobody && pairs.any(|(one, other)| at_once(one, other) && one.member != other.member)
    };
    let split: Vec<_> = by_term.into_values().filter(is_split).flatten().collect();
    (!split.is_empty()).then(|| pattern(Kind::SplitVote, &split))
}

/// How long a leader may go on after another's election without being stale: a hand-over and
/// a newer term take a message each.
const PROMPTLY: Micros = Micros::from_millis(200);

fn stale_leader(story: &Story, overlap: &Overlap) -> Option<Pattern> {
    let lasted = overlap.to - overlap.from;
    let error = |member| {
        let moved = story.clocks.moved.get(&member);
        moved.and_then(|it| it.within).unwrap_or_default().0
    };
    let uncertain = error(overlap.old.leader) + error(overlap.new.leader);
    let handed_over = overlap.old.end == End::HandedOver;
    if overlap.is_fault || handed_over || lasted <= PROMPTLY || lasted.0 <= uncertain {
        return None;
    }
    let ended = overlap.old.ended_by;
    Some(Pattern {
        kind: Kind::StaleLeader {
            old: overlap.old.leader,
            new: overlap.new.leader,
        },
        events: [overlap.new.event].into_iter().chain(ended).collect(),
    })
}

fn flapping(account: &Account) -> Option<Pattern> {
    let (changes, since) = changes::most_in_ten_minutes(&account.reigns);
    if changes < MANY_CHANGES {
        return None;
    }
    let begun = account.reigns.iter().filter(|it| Some(it.from) >= since);
    Some(Pattern {
        kind: Kind::Flapping { changes },
        events: begun.map(|it| it.event).take(changes).collect(),
    })
}

fn pattern(kind: Kind, candidacies: &[&Candidacy]) -> Pattern {
    Pattern {
        kind,
        events: candidacies.iter().map(|it| it.event).collect(),
    }
}

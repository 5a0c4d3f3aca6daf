//! What befell candidates.

use std::collections::{BTreeMap, BTreeSet};

use super::{Kind, OFTEN, Pattern, members, pattern};
use crate::account::Account;
use crate::account::candidacies::{Answer, Candidacy, Outcome};
use crate::account::leaderless::Gap;
use crate::account::reigns::Reign;
use crate::observation::{Ballot, Cause, Observation, Refusal};
use crate::shown::MemberId;
use crate::story::Story;
use crate::time::Micros;

/// Failed candidacies.
fn failed(account: &Account) -> impl Iterator<Item = &Candidacy> {
    let all = account.candidacies.iter();
    all.filter(|it| it.outcome != Outcome::Won)
}

/// Of these candidacies, those of members that stood so often at least.
fn often(candidacies: Vec<&Candidacy>, least: usize) -> Vec<&Candidacy> {
    let mut count: BTreeMap<MemberId, usize> = BTreeMap::new();
    for candidacy in &candidacies {
        *count.entry(candidacy.member).or_default() += 1;
    }
    let is_often = |it: &&Candidacy| count.get(&it.member).is_some_and(|it| *it >= least);
    candidacies.into_iter().filter(is_often).collect()
}

fn refused_for_log(candidacy: &Candidacy) -> impl Iterator<Item = MemberId> {
    let answers = candidacy.answers.iter();
    answers.filter_map(|(voter, it)| match it {
        Answer::Refused(_, why) if why.is_for_log() => Some(*voter),
        _ => None,
    })
}

/// The candidacies that began within a time.
fn within<'a>(account: &'a Account, gap: &Gap) -> &'a [Candidacy] {
    let all = &account.candidacies;
    let first = all.partition_point(|it| it.at < gap.from);
    let last = all.partition_point(|it| it.at <= gap.to);
    all.get(first..last).unwrap_or_default()
}

/// Whether a candidacy began while nobody led.
fn is_leaderless(account: &Account, candidacy: &Candidacy) -> bool {
    let gaps = &account.leaderless;
    let next = gaps.partition_point(|it| it.from <= candidacy.at);
    let gap = next.checked_sub(1).and_then(|it| gaps.get(it));
    gap.is_some_and(|it| candidacy.at <= it.to)
}

pub(super) fn shorter_log(account: &Account) -> Option<Pattern> {
    let refused = failed(account).filter(|it| {
        // Who only asks for pre-votes disturbs nobody.
        it.ballot == Ballot::Vote && refused_for_log(it).next().is_some()
    });
    let often = often(refused.collect(), 2);
    (!often.is_empty()).then(|| pattern(Kind::ShorterLog, &often))
}

/// While nobody led, one member refused all who stood for their logs, again and again, and
/// did not stand itself.
pub(super) fn newest_log_idle(story: &Story, account: &Account) -> Option<Pattern> {
    let found = account.leaderless.iter().find_map(|gap| {
        let stood: Vec<_> = within(account, gap).iter().collect();
        let candidates = members(&stood);
        let mut others = story.members.ids().filter(|it| !candidates.contains(it));
        let idle = others.find(|it| {
            let refuses = |stood: &Candidacy| refused_for_log(stood).any(|voter| voter == *it);
            stood.len() >= OFTEN && stood.iter().all(|stood| refuses(stood))
        });
        Some((idle?, stood))
    });
    let (idle, stood) = found?;
    Some(Pattern {
        members: vec![idle],
        ..pattern(Kind::NewestLogIdle, &stood)
    })
}

/// Stood again and again while somebody else led an older term all the while, or was refused
/// as others heard from a leader.
pub(super) fn deaf(account: &Account) -> Option<Pattern> {
    let mut reigns = account.reigns.iter().peekable();
    let mut going: Vec<&Reign> = Vec::new();
    let mut led = Vec::new();
    for candidacy in &account.candidacies {
        while let Some(reign) = reigns.next_if(|it| it.from < candidacy.at) {
            going.push(reign);
        }
        going.retain(|it| candidacy.at < it.to);
        let mut answers = candidacy.answers.values();
        let ignored = answers.any(|it| matches!(it, Answer::Refused(_, Refusal::HasLeader { .. })));
        let is_led = |reign: &&Reign| {
            let others = reign.leader != candidacy.member && reign.term < candidacy.term;
            others && candidacy.until < reign.to
        };
        let failed = candidacy.ballot == Ballot::Vote && candidacy.outcome != Outcome::Won;
        if failed && (ignored || going.iter().any(is_led)) {
            led.push(candidacy);
        }
    }
    let often = often(led, OFTEN);
    (!often.is_empty()).then(|| pattern(Kind::Deaf, &often))
}

pub(super) fn pre_vote_deadlock(account: &Account) -> Option<Pattern> {
    let within = account.leaderless.iter().filter_map(|gap| {
        let failed = within(account, gap).iter();
        let asked = failed.filter(|it| {
            // Answers came, so it is not that nobody is there.
            let mut answers = it.answers.values();
            let refused = answers.any(|it| matches!(it, Answer::Refused(..)));
            let asks = it.ballot == Ballot::PreVote && it.outcome != Outcome::Won;
            asks && refused
        });
        let asked: Vec<_> = asked.collect();
        (asked.len() >= OFTEN && members(&asked).len() >= 2).then_some(asked)
    });
    let longest = within.max_by_key(Vec::len)?;
    Some(pattern(Kind::PreVoteDeadlock, &longest))
}

/// Candidates that failed, again and again, as no majority answered at all.
pub(super) fn no_majority(story: &Story, account: &Account) -> Option<Pattern> {
    let quiet = quiet_voters(story);
    let lonely = |it: &&Candidacy| {
        let gave_none = |(voter, answer): &(&MemberId, &Answer)| match answer {
            Answer::Unseen => true,
            // Silence says nothing of those that do not say how they vote.
            Answer::Silent => !quiet.contains(voter),
            Answer::Granted(_) | Answer::Refused(..) => false,
        };
        let without = it.answers.iter().filter(gave_none).count();
        1 + it.answers.len() < it.needed + without
    };
    let in_gap = |it: &&Candidacy| is_leaderless(account, it);
    let lonely: Vec<_> = failed(account).filter(lonely).filter(in_gap).collect();
    (lonely.len() >= OFTEN).then(|| pattern(Kind::NoMajority, &lonely))
}

/// The members that gave votes of which candidates tell, and did not say so themselves.
fn quiet_voters(story: &Story) -> BTreeSet<MemberId> {
    let mut heard = BTreeSet::new();
    let mut say = BTreeSet::new();
    for event in &story.events {
        match &event.what {
            Observation::Answered(reply) if reply.refused.is_none() => {
                say.insert(event.member);
            }
            Observation::Heard {
                from,
                granted: true,
                ..
            } => {
                let other = story.members.get(*from);
                heard.extend(other.filter(|it| *it != event.member));
            }
            _ => {}
        }
    }
    heard.difference(&say).copied().collect()
}

/// Several stood in one term, none of which won it, though they heard of each other.
pub(super) fn split_vote(account: &Account) -> Option<Pattern> {
    let mut by_term: BTreeMap<u64, Vec<&Candidacy>> = BTreeMap::new();
    for candidacy in &account.candidacies {
        if let (Ballot::Vote, Some(term)) = (candidacy.ballot, candidacy.term) {
            by_term.entry(term).or_default().push(candidacy);
        }
    }
    by_term.retain(|_, all| is_split(all));
    if let Some(equal) = equal_timeouts(&by_term) {
        return Some(equal);
    }
    let split: Vec<_> = by_term.into_values().flatten().collect();
    (!split.is_empty()).then(|| pattern(Kind::SplitVote, &split))
}

fn is_split(all: &[&Candidacy]) -> bool {
    let nobody = all.iter().all(|it| it.outcome != Outcome::Won);
    let at_once = |one: &Candidacy, other: &Candidacy| {
        one.member != other.member && one.at <= other.until && other.at <= one.until
    };
    // Where no vote was given, and none refused as another had it, they did not hear of each
    // other.
    let has_voted = |it: &Answer| {
        matches!(
            it,
            Answer::Granted(_) | Answer::Refused(_, Refusal::Voted(_) | Refusal::Unsaid)
        )
    };
    let heard = all.iter().flat_map(|it| it.answers.values()).any(has_voted);
    let stood = all.iter().filter(|it| it.cause != Cause::Transfer);
    let stood: Vec<_> = stood.collect();
    let mut pairs = stood.iter().zip(stood.iter().skip(1));
    let together = pairs.any(|(one, other)| at_once(one, other));
    nobody && heard && together
}

/// By how much those who stand may be apart to do so at the same moment.
const SAME_MOMENT: Micros = Micros::from_millis(100);

/// The same members split the votes of several terms in a row, at the same moment each time.
fn equal_timeouts(split: &BTreeMap<u64, Vec<&Candidacy>>) -> Option<Pattern> {
    let rows: Vec<_> = split.iter().collect();
    let same = |one: &(&u64, &Vec<&Candidacy>), other: &(&u64, &Vec<&Candidacy>)| {
        one.0.checked_add(1) == Some(*other.0) && members(one.1) == members(other.1)
    };
    let rows = rows.chunk_by(same).map(|row| {
        let apart = row.iter().map(|(_, all)| apart(all)).max();
        (row, apart.unwrap_or_default())
    });
    let equal = rows.filter(|(row, apart)| row.len() >= OFTEN && *apart <= SAME_MOMENT);
    let (row, apart) = equal.max_by_key(|(row, _)| row.len())?;
    let all: Vec<_> = row
        .iter()
        .flat_map(|(_, all)| all.iter().copied())
        .collect();
    let terms = row.len();
    Some(pattern(Kind::EqualTimeouts { terms, apart }, &all))
}

/// How far the beginnings of candidacies are apart.
fn apart(candidacies: &[&Candidacy]) -> Micros {
    let begun = || candidacies.iter().map(|it| it.at);
    let ends = begun().max().zip(begun().min());
    ends.map_or(Micros::ZERO, |(last, first)| last - first)
}

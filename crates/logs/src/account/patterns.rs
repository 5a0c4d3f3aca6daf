//! Courses of events that are known, each with the scenario that shows it.

mod addresses;
mod candidates;
mod leaders;

use std::collections::BTreeMap;

use super::Account;
use super::candidacies::Candidacy;
use crate::shown::{EventId, MemberId};
use crate::story::Story;
use crate::time::Micros;

/// A known course of events, with those that show it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    /// Which.
    pub kind: Kind,
    /// The members that it is about; none if it is about all.
    pub members: Vec<MemberId>,
    /// The events, in order.
    pub events: Vec<EventId>,
}

/// Known courses of events.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// Whoever stood was refused by a member with a newer log, which did not stand itself.
    NewestLogIdle,
    /// Members whose logs are behind stood again and again, and others refused them for that.
    ShorterLog,
    /// Members that hear no leader stood again and again, while another led.
    Deaf,
    /// Pre-votes were asked for again and again, and nobody got a majority of them.
    PreVoteDeadlock,
    /// The same members stood at the same moment in each of several terms.
    EqualTimeouts {
        /// In how many terms in a row.
        terms: usize,
        /// By how much they were apart at most.
        apart: Micros,
    },
    /// Several stood at about the same time and split the votes.
    SplitVote,
    /// Leaders lost their leadership shortly after their disks, or their machines, were slow.
    SlowLeader,
    /// Nobody could get a majority: too many did not answer.
    NoMajority,
    /// A leader (the first member) went on for a while after another (the second) was
    /// elected, as it had heard nothing.
    StaleLeader,
    /// Leaders were elected again and again, the same or another.
    Flapping {
        /// How often within ten minutes.
        changes: usize,
    },
    /// Others reach a member at an address that leads them to themselves.
    OwnAddress,
}

impl Kind {
    /// The scenario of the gallery that shows it, by its path, if there is one.
    pub fn scenario(self) -> Option<&'static str> {
        let path = match self {
            Self::ShorterLog => "logs/rejoining-with-a-shorter-log",
            Self::Deaf => "logs/cannot-hear-the-leader",
            Self::PreVoteDeadlock => "logs/pre-vote-deadlock",
            Self::StaleLeader => "logs/two-leaders-during-a-pause",
            Self::EqualTimeouts { .. } | Self::SplitVote => "first-steps/split-vote",
            Self::SlowLeader => "disks/slow-disk-delays-the-vote",
            Self::NoMajority => "partitions/even-split",
            Self::Flapping { .. } => "liveness/partial-partition",
            Self::NewestLogIdle | Self::OwnAddress => return None,
        };
        Some(path)
    }
}

/// How often is again and again.
const OFTEN: usize = 3;

/// Those that a story shows, the most telling first.
pub(super) fn patterns(story: &Story, account: &Account) -> Vec<Pattern> {
    let found = candidates::newest_log_idle(story, account)
        .into_iter()
        .chain(addresses::own_address(story))
        .chain(candidates::shorter_log(account))
        .chain(candidates::pre_vote_deadlock(account))
        .chain(leaders::stale_leaders(story, account))
        .chain(candidates::deaf(account))
        .chain(candidates::split_vote(account))
        .chain(leaders::slow_leader(account))
        .chain(leaders::flapping(account))
        .chain(candidates::no_majority(story, account));
    let mut places: BTreeMap<(Kind, Vec<MemberId>), usize> = BTreeMap::new();
    let mut all: Vec<Pattern> = Vec::new();
    for pattern in found {
        let key = (pattern.kind, pattern.members.clone());
        let place = *places.entry(key).or_insert(all.len());
        match all.get_mut(place) {
            Some(same) => same.events.extend(pattern.events),
            None => all.push(pattern),
        }
    }
    all
}

/// A pattern that these candidacies show, of those who stood.
fn pattern(kind: Kind, candidacies: &[&Candidacy]) -> Pattern {
    Pattern {
        kind,
        members: members(candidacies),
        events: candidacies.iter().map(|it| it.event).collect(),
    }
}

/// Those who stood, each once.
fn members(candidacies: &[&Candidacy]) -> Vec<MemberId> {
    let mut members: Vec<_> = candidacies.iter().map(|it| it.member).collect();
    members.sort_unstable();
    members.dedup();
    members
}

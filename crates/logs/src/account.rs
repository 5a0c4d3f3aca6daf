//! How it went: who led when, when nobody did, who stood and what they lacked.
//!
//! All of it follows from what members said of themselves, and, where one has no lines, from
//! what others said of it. What no line tells is left open.

pub mod alarms;
pub mod candidacies;
pub mod changes;
pub mod findings;
pub mod leaderless;
pub mod logs;
pub mod patterns;
pub mod refusals;
pub mod reigns;
pub mod terms;

use self::alarms::Alarms;
use self::candidacies::Candidacy;
use self::findings::Finding;
use self::leaderless::Gap;
use self::patterns::Pattern;
use self::refusals::Refused;
use self::reigns::{Overlap, Reign};
use self::terms::Rise;
use crate::observation::Observation;
use crate::shown::{EventId, MemberId};
use crate::story::Story;
use crate::time::Moment;

/// How a story went.
#[derive(Clone, PartialEq, Debug)]
pub struct Account {
    /// Who led, in the order of their beginnings.
    pub reigns: Vec<Reign>,
    /// Two leaders at once.
    pub overlaps: Vec<Overlap>,
    /// When there was no leader.
    pub leaderless: Vec<Gap>,
    /// Who raised the term, and why.
    pub rises: Vec<Rise>,
    /// Who stood for election or asked for pre-votes.
    pub candidacies: Vec<Candidacy>,
    /// Refused votes, by reason.
    pub refused: Vec<Refused>,
    /// What went on beside Raft.
    pub alarms: Vec<Alarms>,
    /// Rules of Raft that were broken.
    pub findings: Vec<Finding>,
    /// Known courses of events.
    pub patterns: Vec<Pattern>,
}

impl Account {
    /// The account of a story.
    pub fn of(story: &Story) -> Self {
        let reigns = reigns::reigns(story);
        let candidacies = candidacies::candidacies(story);
        let mut account = Self {
            overlaps: reigns::overlaps(&reigns),
            leaderless: leaderless::gaps(story, &reigns),
            rises: terms::rises(story),
            refused: refusals::refusals(story),
            alarms: alarms::alarms(story, &reigns),
            findings: findings::findings(story),
            patterns: Vec::new(),
            candidacies,
            reigns,
        };
        account.patterns = patterns::patterns(story, &account);
        account
    }
}

impl Account {
    /// What of it a story tells of which only a part is told: whatever has an event in that
    /// part. Times of leading and of none stay, as others refer to them. Known courses of
    /// events are those that this part shows by itself.
    #[must_use]
    pub fn told(mut self, story: &Story) -> Self {
        let any = |events: &[EventId]| events.iter().any(|it| story.tells(*it));
        self.rises.retain(|it| story.tells(it.event));
        self.findings.retain(|it| any(&it.events));
        self.candidacies.retain(|it| story.tells(it.event));
        self.overlaps.retain(|it| story.tells_of(it.from, it.to));
        for refused in &mut self.refused {
            refused.events.retain(|it| story.tells(*it));
        }
        self.refused.retain(|it| !it.events.is_empty());
        for alarms in &mut self.alarms {
            alarms.events.retain(|it| story.tells(*it));
        }
        self.alarms.retain(|it| !it.events.is_empty());
        self.patterns = patterns::patterns(story, &self);
        self.patterns.retain(|it| any(&it.events));
        self
    }
}

/// The members that vote, as far as they are known.
pub(crate) struct Voters {
    /// As the configurations tell, from when on.
    told: Vec<(Moment, Vec<MemberId>)>,
    all: Vec<MemberId>,
}

impl Voters {
    pub(crate) fn of(story: &Story) -> Self {
        let told = story.events.iter().filter_map(|event| match &event.what {
            Observation::Members { voters, .. } => {
                let ids = voters.iter().filter_map(|it| story.members.get(*it));
                let mut ids: Vec<_> = ids.collect();
                ids.sort_unstable();
                ids.dedup();
                (!ids.is_empty()).then_some((event.at, ids))
            }
            _ => None,
        });
        Self {
            told: told.collect(),
            all: story.members.ids().collect(),
        }
    }

    /// Those of the latest configuration that was told by then, or else of the first; all
    /// members, if none is told.
    pub(crate) fn at(&self, at: Moment) -> &[MemberId] {
        let after = self.told.partition_point(|(since, _)| *since <= at);
        let latest = self.told.get(after.saturating_sub(1));
        latest.map_or(&self.all, |(_, voters)| voters)
    }

    /// Those of the latest configuration.
    pub(crate) fn latest(&self) -> &[MemberId] {
        self.told.last().map_or(&self.all, |(_, voters)| voters)
    }
}

/// How many of so many are a majority.
pub(crate) fn majority(of: usize) -> usize {
    of / 2 + 1
}

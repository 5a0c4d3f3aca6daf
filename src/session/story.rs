//! What views are drawn from.

use std::ops::Deref;
use std::rc::Rc;

use hustings_lab::narrate::{self, Weight};
use hustings_lab::{Lab, Place, Record, RecordId};

/// A view of the laboratory that is out of date as soon as something happens.
#[derive(Clone)]
pub struct Story {
    pub(super) lab: Rc<Lab>,
    pub(super) tip: Rc<Lab>,
    pub(super) id: (u32, usize, Place, usize),
    pub(super) news: Option<RecordId>,
}

/// How many records before the latest that matters are looked through for others.
const NEWS_LOOK_BACK: usize = 4_000;

impl Story {
    /// The latest records that matter, newest first: no routine, heartbeats
    /// above all.
    pub fn news(&self) -> impl Iterator<Item = (RecordId, &Record)> {
        let end = self.news.map_or(0, |latest| latest.0 + 1);
        let ids = (0..end).rev().take(NEWS_LOOK_BACK).map(RecordId);
        ids.filter_map(|id| Some((id, &**self.lab.records().get(id)?)))
            .filter(|(_, record)| narrate::weight(record) > Weight::Routine)
    }

    /// Whether all the news is the same.
    pub fn has_news_of(&self, other: &Self) -> bool {
        self.branch() == other.branch() && self.news == other.news
    }

    /// The laboratory at the end of the branch; its records are those that are
    /// past here and, behind them, those that are future.
    pub fn tip(&self) -> &Lab {
        &self.tip
    }

    /// Which history this is of, and which of its branches.
    pub fn branch(&self) -> (u32, usize) {
        (self.id.0, self.id.1)
    }
}

impl Deref for Story {
    type Target = Lab;

    fn deref(&self) -> &Lab {
        &self.lab
    }
}

/// Whatever changes a server, a link or a message leaves a record.
impl PartialEq for Story {
    fn eq(&self, other: &Self) -> bool {
        let same = |(run, branch, place, tip): (u32, usize, Place, usize)| {
            (run, branch, place.records, tip)
        };
        same(self.id) == same(other.id)
    }
}

/// The latest record that matters. What was found before, in a run that this one
/// goes on from, need not be looked through again.
pub(super) fn latest_news(
    lab: &Lab,
    (before, found): (&Lab, Option<RecordId>),
) -> Option<RecordId> {
    let seen = before.records().len();
    let last = seen.checked_sub(1).map(RecordId);
    let of = |lab: &Lab| last.and_then(|last| lab.records().get(last).cloned());
    let goes_on = match (of(before), of(lab)) {
        (Some(one), Some(other)) => Rc::ptr_eq(&one, &other),
        _ => false,
    };
    let known = if goes_on && found.is_some() { seen } else { 0 };
    let new = lab.records().iter().rev();
    let mut new = new.take_while(|(id, _)| id.0 >= known);
    let latest = new.find(|(_, record)| narrate::weight(record) > Weight::Routine);
    latest.map(|(id, _)| id).or(found.filter(|_| goes_on))
}

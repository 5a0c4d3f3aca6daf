//! What views are drawn from.

use std::ops::Deref;
use std::rc::Rc;

use hustings_lab::{Item, Lab, RecordId, RunPosition, Told, Transcript};

/// A view of the laboratory that is out of date as soon as something happens.
#[derive(Clone)]
pub struct Story {
    pub(super) lab: Rc<Lab>,
    pub(super) tip: Rc<Lab>,
    pub(super) id: (u32, usize, RunPosition, usize),
    /// What is told of the whole branch.
    pub(super) transcript: Rc<Transcript>,
    /// Whether time passes too fast for what goes on and on to be told before it is
    /// over.
    pub(super) is_fast: bool,
}

impl Story {
    /// What is told up to here, newest first.
    pub fn news(&self) -> impl Iterator<Item = Item> {
        let end = RecordId(self.lab.records().len());
        let mut told = self.transcript.before(end, self.tip.records()).peekable();
        if self.is_fast {
            // Heartbeats come too fast for each to be told anew.
            told.next_if(|latest| matches!(latest.told, Told::Quiet(_)));
        }
        told
    }

    /// What is told of a record, with what went before as far as that is told
    /// together. `None` if nothing is.
    pub fn told_of(&self, record: RecordId) -> Option<Item> {
        let after = RecordId(record.0 + 1);
        let latest = self.transcript.before(after, self.tip.records()).next();
        latest.filter(|item| record <= item.last)
    }

    /// Whether all the news is the same.
    pub fn has_news_of(&self, other: &Self) -> bool {
        self.branch() == other.branch() && self.news().next() == other.news().next()
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
        let same = |(run, branch, place, tip): (u32, usize, RunPosition, usize)| {
            (run, branch, place.records, tip)
        };
        same(self.id) == same(other.id)
    }
}

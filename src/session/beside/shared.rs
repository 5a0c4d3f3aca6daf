//! What two futures have in common from the start.

use std::rc::Rc;

use hustings_lab::{Event, RecordId, Run};

use super::parting::{is_like, is_same};

/// The records from the start that are the same in two futures. The shown run may have
/// captions between them that the other has not got: they tell of the shown run alone.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Shared {
    /// How many records of the shown run, with its captions.
    shown: usize,
    /// The numbers of those captions, in order.
    captions: Rc<Vec<usize>>,
}

impl Shared {
    /// How many records that is: of the shown run, with its captions, and of the other.
    pub fn counts(&self) -> [usize; 2] {
        [self.shown, self.shown - self.captions.len()]
    }

    /// Whether a record of the shown run is a caption that the other has not got.
    pub fn is_alone(&self, record: RecordId) -> bool {
        self.captions.binary_search(&record.0).is_ok()
    }

    /// Compares on, up to so many records more; returns whether there may be more. Of records
    /// that are `alike`, a program gives other reasons than Raft's core.
    pub fn extend(&mut self, [shown, other]: [&Run; 2], alike: bool, most: usize) -> bool {
        let (theirs, ours) = (shown.records(), other.records());
        self.shorten(theirs.len(), ours.len());
        let end = self.shown.saturating_add(most);
        while let Some(shown) = theirs.get(RecordId(self.shown)) {
            if self.shown >= end {
                return true;
            }
            let [_, our] = self.counts();
            let same = ours.get(RecordId(our)).is_some_and(|it| {
                Rc::ptr_eq(it, shown) || is_same(it, shown) || (alike && is_like(it, shown))
            });
            if !same {
                if !matches!(shown.event, Event::Noted(_)) {
                    return false;
                }
                Rc::make_mut(&mut self.captions).push(self.shown);
            }
            self.shown += 1;
        }
        false
    }

    /// Forgets what one of the two has no more.
    fn shorten(&mut self, theirs: usize, ours: usize) {
        let [shown, other] = self.counts();
        if shown <= theirs && other <= ours {
            return;
        }
        let captions = Rc::make_mut(&mut self.captions);
        self.shown = shown.min(theirs);
        captions.retain(|it| *it < theirs);
        while self.shown - captions.len() > ours {
            self.shown -= 1;
            if captions.last() == Some(&self.shown) {
                captions.pop();
            }
        }
    }
}

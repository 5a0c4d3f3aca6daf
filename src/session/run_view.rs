//! The view of a run that components render.

use std::ops::Deref;
use std::rc::Rc;

use hustings_lab::narrate::Tell;
use hustings_lab::{Command, Item, RecordId, Run, RunPosition, Told, Transcript};

use crate::i18n::{lang, texts};

/// A run at a position of its branch. Two are equal while no record is added.
#[derive(Clone)]
pub struct RunView {
    pub(super) run: Rc<Run>,
    pub(super) tip: Rc<Run>,
    pub(super) id: (u32, usize, RunPosition, usize),
    /// The transcript of the whole branch.
    pub(super) transcript: Rc<Transcript>,
    /// Whether time passes too fast to show quiet stretches before they are over.
    pub(super) is_fast: bool,
}

impl RunView {
    /// The items of the transcript up to the position, newest first.
    pub fn items(&self) -> impl Iterator<Item = Item> {
        let end = RecordId(self.run.records().len());
        let mut items = self.transcript.before(end, self.tip.records()).peekable();
        if self.is_fast {
            // An ongoing quiet stretch would change with every heartbeat.
            items.next_if(|latest| matches!(latest.told, Told::Quiet(_)));
        }
        items
    }

    /// The number of items of the whole branch.
    pub fn events(&self) -> usize {
        let all = self.transcript.len();
        let last = all.checked_sub(1).and_then(|last| self.event(last));
        // An ongoing quiet stretch would change with every heartbeat.
        let goes_on = last.is_some_and(|last| matches!(last.told, Told::Quiet(_)));
        all - usize::from(self.is_fast && goes_on)
    }

    /// The item at a place, counted from the oldest.
    pub fn event(&self, place: usize) -> Option<&Item> {
        self.transcript.get(place)
    }

    /// The number of items that have begun by the position.
    pub fn events_so_far(&self) -> usize {
        let end = RecordId(self.run.records().len());
        self.transcript.begun_before(end).min(self.events())
    }

    /// Whether the items of both branches, and the positions among them, are the same.
    pub fn has_same_events(&self, other: &Self) -> bool {
        let last = |view: &Self| view.event(view.events().checked_sub(1)?).cloned();
        self.branch() == other.branch()
            && self.events() == other.events()
            && self.events_so_far() == other.events_so_far()
            && last(self) == last(other)
    }

    /// The item that includes a record, up to it; `None` if the record is not shown.
    pub fn item_of(&self, record: RecordId) -> Option<Item> {
        let after = RecordId(record.0 + 1);
        let latest = self.transcript.before(after, self.tip.records()).next();
        latest.filter(|item| record <= item.last)
    }

    /// Whether the items of both are the same.
    pub fn has_same_items(&self, other: &Self) -> bool {
        self.branch() == other.branch() && self.items().next() == other.items().next()
    }

    /// The run at the end of the branch, with the records after the position, too.
    pub fn tip(&self) -> &Run {
        &self.tip
    }

    /// Why nothing can be done to it, if it is a recording.
    pub fn only_recorded(&self) -> Option<&'static str> {
        self.header()
            .is_recording()
            .then(|| texts().recording_only())
    }

    /// Why a command would be refused now, if it would be.
    pub fn why_not(&self, command: &Command) -> Option<String> {
        let recorded = self.only_recorded().map(str::to_owned);
        recorded.or_else(|| Some(self.refusal(command)?.tell(lang())))
    }

    /// Number of the history, and index of the branch.
    pub fn branch(&self) -> (u32, usize) {
        (self.id.0, self.id.1)
    }
}

impl Deref for RunView {
    type Target = Run;

    fn deref(&self) -> &Run {
        &self.run
    }
}

/// Every change of a server, link or message adds a record, so equal record counts mean
/// equal state.
impl PartialEq for RunView {
    fn eq(&self, other: &Self) -> bool {
        let same = |(run, branch, place, tip): (u32, usize, RunPosition, usize)| {
            (run, branch, place.records, tip)
        };
        same(self.id) == same(other.id)
    }
}

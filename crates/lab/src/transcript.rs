//! What of a run is told, in order: the records that matter, and what happens again
//! and again summed up.

mod losses;
mod quiet;
mod state;

use std::rc::Rc;

use hustings_raft::{NodeId, NodeSet, Term};

use self::state::State;

pub use self::quiet::{Quiet, Repeated};
use crate::path::Link;
use crate::persistent_vec::PersistentVec;
use crate::rate::Rate;
use crate::record::{Event, Record, RecordId, Records};
use crate::run::Run;
use crate::tally::{SplitVote, Tally};
use crate::weight::{Weight, weight};

/// What of a run is told. It grows with the run: [`Transcript::follow`]. A copy
/// shares what it has in common with the original.
#[derive(Clone, Default, Debug)]
pub struct Transcript {
    items: PersistentVec<Item>,
    /// How many records it has taken in, and the last of them.
    taken: usize,
    last: Option<Rc<Record>>,
    state: Rc<State>,
}

/// One thing that is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// The first record that it is about.
    pub first: RecordId,
    /// The last one; the same unless several are told as one.
    pub last: RecordId,
    /// How much it matters.
    pub weight: Weight,
    /// What it is.
    pub told: Told,
}

/// What one thing that is told is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Told {
    /// One record.
    Record {
        /// The election that it ended, if that had no winner.
        failed: Option<Rc<Tally>>,
        /// Who leads another term when it makes a leader, and which.
        still_leading: Box<[(NodeId, Term)]>,
        /// The leadership transfers that end when it makes a leader or unmakes one: who
        /// began them, and who was to lead.
        transfers: Box<[(NodeId, NodeId)]>,
        /// The rate of the clock by which a timer has run out, unless it is true.
        clock: Option<Rate>,
        /// The vote that is split since this record.
        split_vote: Option<Rc<SplitVote>>,
    },
    /// The same message was lost on its way to these servers, one after the other,
    /// for the same reason.
    Lost {
        /// Where it did not arrive.
        to: NodeSet,
    },
    /// Nothing but heartbeats, and losses like those told before.
    Quiet(Rc<Quiet>),
}

impl Transcript {
    /// So many records of which nothing is to be told one by one are summed up in
    /// one at most.
    const QUIET_MAX: usize = 2_000;

    /// What is told of a whole run.
    pub fn of(run: &Run) -> Self {
        let mut transcript = Self::default();
        transcript.follow(run);
        transcript
    }

    /// Takes in what is new, if the run goes on from the one that was taken in
    /// last; begins anew if it does not.
    pub fn follow(&mut self, run: &Run) {
        self.follow_on(run, usize::MAX);
    }

    /// The same, but of no more than so many records at a time; returns whether there are
    /// more.
    pub fn follow_on(&mut self, run: &Run, count: usize) -> bool {
        let records = run.records();
        let goes_on = self.last.as_ref().is_none_or(|last| {
            let same = records.get(RecordId(self.taken - 1));
            same.is_some_and(|same| Rc::ptr_eq(same, last))
        });
        if !goes_on {
            *self = Self::default();
        }
        for (id, record) in records.since(RecordId(self.taken)).take(count) {
            self.take(run, id, record);
            (self.taken, self.last) = (id.0 + 1, Some(Rc::clone(record)));
        }
        self.taken < records.len()
    }

    /// What is told, oldest first.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = &Item> {
        self.items.iter().filter(|item| item.is_told())
    }

    /// How many things are told.
    pub fn len(&self) -> usize {
        let untold = self.items.last().is_some_and(|last| !last.is_told());
        self.items.len() - usize::from(untold)
    }

    /// Whether nothing is told.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What is told at a place, counted from the oldest.
    pub fn get(&self, place: usize) -> Option<&Item> {
        self.items.get(place).filter(|item| item.is_told())
    }

    /// How many things had begun to be told before a record was made.
    pub fn begun_before(&self, record: RecordId) -> usize {
        let begun = self.items.partition_point(|item| item.first < record);
        begun.min(self.len())
    }

    /// What was told before the record `end` was made, newest first. `records` are
    /// those of the run.
    pub fn before<'a>(
        &'a self,
        end: RecordId,
        records: &'a Records,
    ) -> impl Iterator<Item = Item> + 'a {
        let count = self.items.partition_point(|item| item.first < end);
        let items = (0..count).rev().filter_map(|place| self.items.get(place));
        let items = items.map(move |item| item.before(end, records));
        items.filter(Item::is_told)
    }

    /// In what a record is told, if it is.
    pub fn about(&self, record: RecordId) -> Option<&Item> {
        let after = self.items.partition_point(|item| item.first <= record);
        let item = self.items.get(after.checked_sub(1)?)?;
        (record <= item.last && item.is_told()).then_some(item)
    }

    /// How the elections stand that are under way at the end of the run.
    pub fn undecided(&self, run: &Run) -> Vec<Tally> {
        let Some(last) = self.taken.checked_sub(1).map(RecordId) else {
            return Vec::new();
        };
        let State {
            standing, paused, ..
        } = &*self.state;
        let starts = standing.values();
        starts
            .filter_map(|start| Tally::so_far(run, *start, last, *paused))
            .collect()
    }

    fn take(&mut self, run: &Run, id: RecordId, record: &Record) {
        let records = run.records();
        let state = Rc::make_mut(&mut self.state);
        state.take_faults(&record.event);
        let failed = state.election_ended(records, id, record).map(Rc::new);
        let still_leading = state.leading_besides(record);
        let transfers = state.transfers_ended(record);
        let clock = state.clock_of(&record.event);
        let split_vote = state.split_vote(run, id, record).map(Rc::new);
        let leads_on = state.leads_on_cut_off(record);
        let again = match &record.event {
            Event::Lost { flight, cause } => state.losses.is_again(flight, *cause),
            event => {
                state.losses.forget(event);
                false
            }
        };
        let mut weight = weight(record);
        if again {
            weight = Weight::Routine;
        }
        if failed.is_some() || split_vote.is_some() {
            weight = Weight::Turn;
        }
        if leads_on || run.violations().iter().any(|it| it.record == id) {
            weight = weight.max(Weight::News);
        }
        if weight == Weight::Routine {
            self.take_routine(records, id, record);
            return;
        }
        self.forget_untold();
        if let (Event::Lost { flight, .. }, None) = (&record.event, &split_vote) {
            self.tell_loss(records, (id, weight), &record.event, flight.link.to);
        } else {
            self.tell(
                id,
                weight,
                Told::Record {
                    failed,
                    still_leading,
                    transfers,
                    clock,
                    split_vote,
                },
            );
        }
    }

    fn tell(&mut self, id: RecordId, weight: Weight, told: Told) {
        self.items.push(Item {
            first: id,
            last: id,
            weight,
            told,
        });
    }

    /// Tells of a loss, together with the one before if that was of the same message.
    fn tell_loss(
        &mut self,
        records: &Records,
        (id, weight): (RecordId, Weight),
        event: &Event,
        to: NodeId,
    ) {
        if let Some(item) = self.items.last_mut()
            && let Some(link) = same_loss(records, item.first, event)
            && let Told::Lost { to } = &mut item.told
            && to.insert(link.to)
        {
            item.last = id;
            return;
        }
        let to = [to].into_iter().collect();
        self.tell(id, weight, Told::Lost { to });
    }

    fn take_routine(&mut self, records: &Records, id: RecordId, record: &Record) {
        if !Quiet::is_part(record) {
            return;
        }
        if let Some(item) = self.items.last_mut()
            && let Told::Quiet(quiet) = &mut item.told
            && id.0 - item.first.0 < Self::QUIET_MAX
        {
            let quiet = Rc::make_mut(quiet);
            quiet.take(records, record);
            item.weight = quiet.weight();
            item.last = id;
            return;
        }
        let mut quiet = Quiet::default();
        quiet.take(records, record);
        self.tell(id, quiet.weight(), Told::Quiet(Rc::new(quiet)));
    }

    /// What was too little to be told before something else happened stays untold.
    fn forget_untold(&mut self) {
        if self.items.last().is_some_and(|last| !last.is_told()) {
            self.items.pop();
        }
    }
}

impl Item {
    fn is_told(&self) -> bool {
        self.weight > Weight::Routine
    }

    /// What was told of this before the record `end` was made.
    fn before(&self, end: RecordId, records: &Records) -> Self {
        if self.last < end {
            return self.clone();
        }
        let mut those = Self {
            last: self.first,
            ..self.clone()
        };
        let parts = records.since(self.first).take_while(|(id, _)| *id < end);
        match &mut those.told {
            Told::Record { .. } => {}
            Told::Lost { to } => {
                let all = std::mem::take(to);
                for (id, record) in parts {
                    if let Some(link) = same_loss(records, self.first, &record.event)
                        && all.contains(link.to)
                        && to.insert(link.to)
                    {
                        those.last = id;
                    }
                }
            }
            Told::Quiet(quiet) => {
                let mut so_far = Quiet::default();
                for (id, record) in parts.filter(|(_, record)| Quiet::is_part(record)) {
                    so_far.take(records, record);
                    those.last = id;
                }
                those.weight = so_far.weight();
                *quiet = Rc::new(so_far);
            }
        }
        those
    }
}

/// The link of a message that was lost just as the one before: the same, of the same
/// sender, for the same reason.
fn same_loss(records: &Records, before: RecordId, event: &Event) -> Option<Link> {
    match (&records.get(before)?.event, event) {
        (
            Event::Lost { flight: one, cause },
            Event::Lost {
                flight: other,
                cause: also,
            },
        ) => {
            let same =
                cause == also && one.link.from == other.link.from && one.message == other.message;
            same.then_some(other.link)
        }
        _ => None,
    }
}

//! Heartbeats and repeated losses, summed up.

use hustings_raft::{NodeId, NodeSet, Reason, Timer, TimerCause};

use crate::path::Link;
use crate::record::{Event, Record, Records};
use crate::vec_map::VecMap;
use crate::weight::Weight;

/// What went on while nothing else happened.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Quiet {
    /// The heartbeats that started an election timer again, by their sender.
    pub heartbeats: VecMap<NodeId, Repeated>,
    /// The messages that were lost as those before them on their links, by their
    /// sender.
    pub lost: VecMap<NodeId, Repeated>,
    /// Whether somebody made a leader send a heartbeat.
    pub by_hand: bool,
}

/// Messages of one sender.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Repeated {
    /// How many there were.
    pub count: u32,
    /// To whom.
    pub to: NodeSet,
}

impl Quiet {
    pub(super) fn is_part(record: &Record) -> bool {
        matches!(record.event, Event::Lost { .. }) || heartbeat(record).is_some()
    }

    /// How much this matters so far: what takes no longer than one round of
    /// heartbeats is told only if somebody made it happen.
    pub(super) fn weight(&self) -> Weight {
        let again = |it: &Repeated| it.count > u32::from(it.to.len());
        let goes_on = self
            .heartbeats
            .values()
            .chain(self.lost.values())
            .any(again);
        if goes_on || self.by_hand {
            Weight::News
        } else {
            Weight::Routine
        }
    }

    pub(super) fn take(&mut self, records: &Records, record: &Record) {
        let (all, link) = match &record.event {
            Event::Lost { flight, .. } => (&mut self.lost, flight.link),
            _ => match heartbeat(record) {
                Some(link) => (&mut self.heartbeats, link),
                None => return,
            },
        };
        self.by_hand |= record
            .cause
            .and_then(|cause| records.get(cause))
            .is_some_and(|sent_in| {
                matches!(sent_in.event, Event::TimerFired { by_hand: true, .. })
            });
        let repeated = all.entry(link.from);
        repeated.count += 1;
        repeated.to.insert(link.to);
    }
}

/// The link of a leader's message that has started an election timer again.
fn heartbeat(record: &Record) -> Option<Link> {
    let Event::Delivered(flight) = &record.event else {
        return None;
    };
    let restarts = |reason: &Reason| {
        let (timer, cause) = (Timer::Election, TimerCause::LeaderHeard);
        *reason == Reason::TimerArmed { timer, cause }
    };
    record.reasons.iter().any(restarts).then_some(flight.link)
}

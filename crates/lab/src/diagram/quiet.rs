//! Stretches of a run in which nothing but heartbeats happened.

use hustings_raft::{Message, Timer};

use crate::record::{Event, Record, RecordId};
use crate::weight::{Weight, weight};

/// Records in a row in which nothing but heartbeats happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QuietStretch {
    /// The first of them.
    pub first: RecordId,
    /// The last of them.
    pub last: RecordId,
    /// How many rounds of heartbeats were sent.
    pub heartbeats: usize,
}

/// Adds a record to the stretches, if it belongs to one.
pub(super) fn extend(stretches: &mut Vec<QuietStretch>, id: RecordId, record: &Record) {
    let goes_on = stretches
        .last_mut()
        .filter(|stretch| stretch.last.0 + 1 == id.0);
    let heartbeats = usize::from(is_round(record));
    match goes_on {
        // Entries that are lost again with every heartbeat are no news either.
        Some(stretch) if is_quiet(record) || stretch.heartbeats > 0 && is_lost_append(record) => {
            stretch.last = id;
            stretch.heartbeats += heartbeats;
        }
        _ if is_quiet(record) => stretches.push(QuietStretch {
            first: id,
            last: id,
            heartbeats,
        }),
        _ => {}
    }
}

fn is_quiet(record: &Record) -> bool {
    match &record.event {
        Event::Lost { flight, .. } => match &*flight.message {
            Message::AppendEntries { entries, .. } => entries.is_empty(),
            message => matches!(message, Message::AppendEntriesReply { .. }),
        },
        Event::Delivered(_) | Event::WriteDone { .. } => weight(record) == Weight::Routine,
        _ => is_round(record),
    }
}

fn is_lost_append(record: &Record) -> bool {
    let Event::Lost { flight, .. } = &record.event else {
        return false;
    };
    matches!(&*flight.message, Message::AppendEntries { .. })
}

/// Whether a leader sent a round of heartbeats.
fn is_round(record: &Record) -> bool {
    let is_timer = matches!(
        record.event,
        Event::TimerFired {
            timer: Timer::Heartbeat,
            by_hand: false,
            ..
        }
    );
    is_timer && record.changes.is_empty() && !record.sent.is_empty()
}

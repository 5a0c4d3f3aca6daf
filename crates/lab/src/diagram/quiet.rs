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
    if !is_quiet(record) {
        return;
    }
    let heartbeats = usize::from(is_round(record));
    match stretches.last_mut() {
        Some(stretch) if stretch.last.0 + 1 == id.0 => {
            stretch.last = id;
            stretch.heartbeats += heartbeats;
        }
        _ => stretches.push(QuietStretch {
            first: id,
            last: id,
            heartbeats,
        }),
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

//! How fast time passes when its speed follows what happens.

use hustings_lab::{Flight, Run, Weight};
use hustings_raft::{AppendResult, Message};

/// While nothing happens, time passes faster and faster: twice as fast after about this
/// long, in milliseconds.
const DOUBLING_MS: f64 = 400.0;

/// The departure and the arrival of a message can be followed; in between, one that is
/// under way for longer than this twice, in simulated milliseconds, is as good as quiet.
const NEAR_MS: u64 = 30;

/// The most that quiet stretches pass faster than what happens.
const FASTEST: f64 = 100.0;

/// The simulated milliseconds per real millisecond at which time passes now, between the
/// speed at which one can follow what happens, and a hundred times that.
pub(super) fn next_pace(pace: f64, slow: f64, run: &Run, elapsed: f64) -> f64 {
    if is_eventful(run) {
        return slow;
    }
    let faster = pace * (1.0 + elapsed / DOUBLING_MS);
    faster.max(slow).min(slow * FASTEST)
}

/// Whether something is under way that may change more than a timer: votes, entries and
/// the answers that commit them.
pub(super) fn is_eventful(run: &Run) -> bool {
    let now = run.now();
    let is_near = |flight: &Flight| {
        now.since(flight.sent_at).0 < NEAR_MS || flight.due_at.since(now).0 < NEAR_MS
    };
    let arrives = |flight: &Flight| run.can_arrive(flight) && run.would_be_lost(flight).is_none();
    let mut flights = run.in_flight();
    flights.any(|flight| is_near(flight) && matters(run, flight) && arrives(flight))
        || run.servers().any(|server| !server.waiting().is_empty())
}

/// Whether a message tells its receiver more than that all is as it was.
fn matters(run: &Run, flight: &Flight) -> bool {
    let Some(to) = run.server(flight.link.to) else {
        return false;
    };
    if flight.message.term() < to.term() {
        return false;
    }
    match &*flight.message {
        Message::AppendEntries { entries, .. } => {
            !entries.is_empty() || to.leader() != Some(flight.link.from)
        }
        Message::AppendEntriesReply {
            result: AppendResult::Accepted { matched },
            ..
        } => *matched > to.commit(),
        _ => true,
    }
}

/// How long a record is shown that the user caused while time stood still, in milliseconds
/// at the default speed.
pub(super) fn dwell(weight: Weight) -> f64 {
    match weight {
        Weight::Routine => 100.0,
        Weight::News => 350.0,
        Weight::Turn => 700.0,
    }
}

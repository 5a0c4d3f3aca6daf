//! The violation of an invariant that a sample has met, as short as it can be.

use hustings_lab::{Event, Flight, Invariant, Link, Record, RecordId, Run};
use hustings_raft::Timer;

use crate::bounds::Bounds;
use crate::find::{Found, spent_on};
use crate::goal::Goal;
use crate::shrink::Shrinker;
use crate::state::State;
use crate::step::{Letter, Step};

/// Makes a run that violates an invariant short, by playing it again with steps left out;
/// `start` is the run up to the moment that was sampled. `None` if the violation does not come
/// about by the order of steps alone, without the times at which they were taken, or if it
/// takes more than so many tries to find out.
pub fn shrunk(start: &Run, run: &Run, invariant: Invariant, tries_max: u64) -> Option<Found> {
    let goal = Goal::Violation(Some(invariant));
    let steps = steps_after(start, run);
    let with_time = in_time(&steps);
    let taken = [steps, with_time].into_iter().find_map(|steps| {
        let state = State::new(start.world().clone(), &Bounds::default());
        let state = state.with_budget(spent_on(&steps));
        let taken = state.take_all(&steps, &goal);
        taken.reached.then_some((state, taken.steps))
    });
    let (state, steps) = taken?;
    let mut shrinker = Shrinker::new(state, goal, steps);
    while shrinker.tries() < tries_max && !shrinker.go_on(1) {}
    Some(Found {
        start: shrinker.start().clone(),
        steps: shrinker.steps().to_vec(),
        is_shortest: false,
    })
}

/// What happened in a run after its start, as steps.
fn steps_after(start: &Run, run: &Run) -> Vec<Step> {
    let new = run.records().since(RecordId(start.records().len()));
    new.flat_map(|(_, record)| steps_of(record)).collect()
}

/// A step, and the copies that the network made of what was sent in it.
fn steps_of(record: &Record) -> Vec<Step> {
    let mut steps = match &record.event {
        Event::Delivered(flight) => vec![Step::Deliver(letter(flight))],
        Event::Duplicated(flight) => vec![Step::Copy(letter(flight))],
        Event::TimerFired { server, timer, .. } => vec![Step::Fire(*server, *timer)],
        Event::WriteDone { server, .. } => vec![Step::Persist(*server)],
        Event::Proposed { server, .. } => vec![Step::Request(*server)],
        Event::TransferAsked { server, target } => vec![Step::Transfer(*server, *target)],
        Event::ChangeAsked { server, change } => vec![Step::Change(*server, *change)],
        Event::Crashed { server, .. } => vec![Step::Crash(*server)],
        Event::Restarted(server) => vec![Step::Restart(*server)],
        Event::Cut(links) => cuts(links, true),
        Event::Mended(links) => cuts(links, false),
        Event::Partitioned { cut, mended, .. } => [cuts(cut, true), cuts(mended, false)].concat(),
        _ => Vec::new(),
    };
    let by_network = !matches!(record.event, Event::Duplicated(_));
    let sent = record.sent.iter().filter(|_| by_network);
    let copies = sent.filter(|flight| flight.copy_of.is_some());
    steps.extend(copies.map(|flight| Step::Copy(letter(flight))));
    steps
}

fn letter(flight: &Flight) -> Letter {
    Letter {
        link: flight.link,
        message: std::rc::Rc::clone(&flight.message),
    }
}

/// A search cuts and mends links both ways.
fn cuts(links: &[Link], cut: bool) -> Vec<Step> {
    let once = links.iter().filter(|link| link.from < link.to);
    once.map(|link| Step::Cut(*link, cut)).collect()
}

/// The same where nobody remembers a leader any more whose timer fires.
fn in_time(steps: &[Step]) -> Vec<Step> {
    let with_lapse = |step: &Step| match step {
        Step::Fire(_, Timer::Election) => vec![Step::Lapse, step.clone()],
        _ => vec![step.clone()],
    };
    steps.iter().flat_map(with_lapse).collect()
}

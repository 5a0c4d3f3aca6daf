//! What a whole run comes to, at a glance: who led when, elections, commits, captions.

use hustings_raft::{Millis, RoleName, Term, Timer};

use super::{Lane, Span};
use crate::record::{Change, Event, Record, RecordId};

/// The outline of a run.
#[derive(Clone, Default, Debug)]
pub struct Outline {
    /// Terms with and without a leader, in order; each lasts up to the next.
    pub term_spans: Vec<TermSpan>,
    /// The records in which an election timer ran out.
    pub elections: Vec<RecordId>,
    /// The records in which a commit index rose.
    pub commits: Vec<RecordId>,
    /// The records of captions.
    pub notes: Vec<RecordId>,
    /// The records in which messages were lost.
    pub losses: Vec<RecordId>,
}

/// The highest term in which a server led, or else stood, for a while.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TermSpan {
    /// From when on.
    pub from: Millis,
    /// From which record on; 0 for what is so at the start.
    pub record: RecordId,
    /// The term of the leader; without one, the highest of any server that runs.
    pub term: Term,
    /// Whether a server led.
    pub led: bool,
}

impl Outline {
    pub(super) fn add_record(&mut self, id: RecordId, record: &Record) {
        let rose = |change: &Change| matches!(change, Change::Commit { old, new } if new > old);
        if record.changes.iter().any(rose) {
            self.commits.push(id);
        }
        match record.event {
            Event::TimerFired {
                timer: Timer::Election,
                ..
            } => self.elections.push(id),
            Event::Noted(_) => self.notes.push(id),
            Event::Lost { .. } => self.losses.push(id),
            _ => {}
        }
    }

    /// Who leads after a server became something else.
    pub(super) fn add_term_span(&mut self, from: Millis, record: RecordId, lanes: &[Lane]) {
        let now = lanes.iter().filter_map(|lane| lane.spans.last());
        let running = || now.clone().filter(|span| span.role.is_some());
        let leads = |span: &&Span| span.role == Some(RoleName::Leader) && !span.paused;
        let leader = running().filter(leads).map(|span| span.term).max();
        let highest = running().map(|span| span.term).max();
        let term_span = TermSpan {
            from,
            record,
            term: leader.or(highest).unwrap_or(Term::ZERO),
            led: leader.is_some(),
        };
        match self.term_spans.last_mut() {
            Some(last) if (last.term, last.led) == (term_span.term, term_span.led) => {}
            Some(last) if last.record == record => *last = term_span,
            _ => self.term_spans.push(term_span),
        }
    }
}

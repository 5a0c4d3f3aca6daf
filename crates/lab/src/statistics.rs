//! How a run went, in numbers.

use hustings_raft::{LogIndex, MessageKind, Millis, NodeId, NodeSet, Reason, RoleName, Term};

use crate::record::{Change, Event, Record, RecordId, RunPosition};
use crate::run::Run;
use crate::tally::{ElectionEnd, Tally};
use crate::vec_map::VecMap;

/// How a run went, in numbers.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Statistics {
    /// How long it took, in simulated time.
    pub duration: Millis,
    /// The elections that each server has started and won.
    pub elections: VecMap<NodeId, Elections>,
    /// The terms in which there was an election, oldest first.
    pub terms: VecMap<Term, TermStory>,
    /// The highest term of a server.
    pub highest_term: Term,
    /// How long no running server led.
    pub without_leader: Millis,
    /// The longest time without one.
    pub longest_without_leader: Millis,
    /// The highest index that a server has committed.
    pub committed: LogIndex,
    /// What became of the messages, by kind.
    pub messages: VecMap<MessageKind, Messages>,
}

/// The elections of a server.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Elections {
    /// How many it has started.
    pub started: u32,
    /// How many it has won.
    pub won: u32,
    /// How many pre-votes it has started.
    pub pre_votes: u32,
}

/// The elections of a term.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct TermStory {
    /// Who stood.
    pub candidates: NodeSet,
    /// Who has led it; more than one only under a broken rule.
    pub leaders: NodeSet,
    /// Whether a candidate still stands and may win by what is under way.
    pub open: bool,
}

impl TermStory {
    fn has_failed(&self) -> bool {
        self.leaders.is_empty() && !self.open
    }
}

/// What became of the messages of a kind. The rest are on their way.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Messages {
    /// How many were sent, with copies and forgeries.
    pub sent: u32,
    /// How many have arrived.
    pub arrived: u32,
    /// How many were lost.
    pub lost: u32,
}

impl Statistics {
    /// The statistics of a whole run.
    pub fn of(run: &Run) -> Self {
        let (records, time) = (0, Millis::ZERO);
        Self::since(run, RunPosition { records, time })
    }

    /// The statistics of a run from a position on. What is said of the servers, their terms
    /// and what they have committed, is so at its end.
    pub fn since(run: &Run, from: RunPosition) -> Self {
        let mut taken = Self::default();
        let mut leading = Leading::default();
        let mut standing = VecMap::<NodeId, RecordId>::default();
        for (id, record) in run.records().iter() {
            if id.0 == from.records {
                leading.begin_at(from.time);
            }
            if id.0 >= from.records {
                taken.take(record);
            }
            taken.take_state(record);
            leading.take(record);
            if let Some(server) = starts_election(record) {
                standing.insert(server, id);
            }
        }
        if from.records >= run.records().len() {
            leading.begin_at(from.time);
        }
        for server in run.servers() {
            let start = standing.get(server.id());
            if server.role() == Some(RoleName::Candidate) && may_win(run, start) {
                taken.terms.entry(server.term()).open = true;
            }
        }
        leading.pass_to(run.now());
        taken.duration = run.now().since(from.time);
        taken.without_leader = leading.without;
        taken.longest_without_leader = leading.longest.max(leading.current);
        taken
    }

    /// How many elections were started.
    pub fn started(&self) -> u32 {
        self.elections.values().map(|it| it.started).sum()
    }

    /// How many were won.
    pub fn won(&self) -> u32 {
        self.elections.values().map(|it| it.won).sum()
    }

    /// How many terms had candidates, but no leader, and can have none any more.
    pub fn without_winner(&self) -> usize {
        self.terms.values().filter(|term| term.has_failed()).count()
    }

    /// The terms that have no leader yet, but may.
    pub fn undecided(&self) -> impl Iterator<Item = Term> {
        let open =
            |(term, it): (Term, &TermStory)| (it.leaders.is_empty() && it.open).then_some(term);
        self.terms.iter().filter_map(open)
    }

    /// How many of them had several candidates.
    pub fn split_votes(&self) -> usize {
        let split = |term: &&TermStory| term.has_failed() && term.candidates.len() > 1;
        self.terms.values().filter(split).count()
    }

    fn take(&mut self, record: &Record) {
        match &record.event {
            Event::Delivered(flight) => self.messages_of(flight.message.kind()).arrived += 1,
            Event::Lost { flight, .. } => self.messages_of(flight.message.kind()).lost += 1,
            _ => {}
        }
        for flight in &record.sent {
            self.messages_of(flight.message.kind()).sent += 1;
        }
        if let Some(server) = record.event.server() {
            for reason in record.reasons.iter() {
                self.take_reason(server, reason);
            }
        }
    }

    fn take_state(&mut self, record: &Record) {
        for change in &record.changes {
            match *change {
                Change::Term { new, .. } => self.highest_term = self.highest_term.max(new),
                Change::Commit { new, .. } => self.committed = self.committed.max(new),
                _ => {}
            }
        }
    }

    fn take_reason(&mut self, server: NodeId, reason: &Reason) {
        match reason {
            Reason::ElectionStarted { term, .. } => {
                self.elections.entry(server).started += 1;
                let term = self.terms.entry(*term);
                term.candidates.insert(server);
            }
            Reason::ElectionWon { term, .. } => {
                self.elections.entry(server).won += 1;
                let term = self.terms.entry(*term);
                term.leaders.insert(server);
            }
            Reason::PreVoteStarted { .. } => {
                self.elections.entry(server).pre_votes += 1;
            }
            _ => {}
        }
    }

    fn messages_of(&mut self, kind: MessageKind) -> &mut Messages {
        self.messages.entry(kind)
    }
}

/// Who starts an election in a record.
fn starts_election(record: &Record) -> Option<NodeId> {
    let starts = |reason: &Reason| matches!(reason, Reason::ElectionStarted { .. });
    let server = record.event.server()?;
    record.reasons.iter().any(starts).then_some(server)
}

/// Whether the election that a record has started may be won by what is under way at the end
/// of a run, as far as its start is known.
fn may_win(run: &Run, start: Option<&RecordId>) -> bool {
    let last = run.records().len().checked_sub(1).map(RecordId);
    let tally = start
        .zip(last)
        .and_then(|(start, last)| Tally::so_far(run, *start, last, NodeSet::EMPTY));
    tally.is_none_or(|tally| tally.end != ElectionEnd::CannotBeWon)
}

/// Who leads, and how long nobody has.
#[derive(Default)]
struct Leading {
    now: Millis,
    leaders: NodeSet,
    without: Millis,
    /// The time without a leader that goes on.
    current: Millis,
    longest: Millis,
}

impl Leading {
    /// Forgets the times so far, but not who leads.
    fn begin_at(&mut self, time: Millis) {
        *self = Self {
            now: time,
            leaders: self.leaders,
            ..Self::default()
        };
    }

    fn take(&mut self, record: &Record) {
        self.pass_to(record.at);
        let Some(server) = record.event.server() else {
            return;
        };
        if matches!(record.event, Event::Crashed { .. }) {
            self.leaders = self.leaders.without(server);
        }
        for change in &record.changes {
            if let Change::Role { new, .. } = *change {
                self.leaders = self.leaders.without(server);
                if new == RoleName::Leader {
                    self.leaders.insert(server);
                }
            }
        }
    }

    fn pass_to(&mut self, at: Millis) {
        let passed = at.since(self.now);
        self.now = at;
        if self.leaders.is_empty() {
            self.without = self.without.plus(passed);
            self.current = self.current.plus(passed);
        } else {
            self.longest = self.longest.max(self.current);
            self.current = Millis::ZERO;
        }
    }
}

//! What of a run is told, in order: the records that matter, and what happens again
//! and again summed up.

use std::collections::BTreeMap;
use std::rc::Rc;

use hustings_raft::{
    AppendResult, ElectionCause, LogIndex, Message, MessageKind, NodeId, NodeSet, Reason, RoleName,
    StepDownCause, Term, Timer, TimerCause,
};

use crate::link_map::LinkMap;
use crate::narrate::{self, Weight};
use crate::persistent_vec::PersistentVec;
use crate::record::{Event, Flight, Loss, Record, RecordId, Records};
use crate::tally::{ElectionEnd, Tally};
use crate::{Lab, Link, Rate};

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

/// What went on while nothing else happened.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Quiet {
    /// The heartbeats that started an election timer again, by their sender.
    pub heartbeats: BTreeMap<NodeId, Repeated>,
    /// The messages that were lost as those before them on their links, by their
    /// sender.
    pub lost: BTreeMap<NodeId, Repeated>,
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

/// What must be known of the past to tell what comes.
#[derive(Clone, Default, Debug)]
struct State {
    /// The record that began the election in which a server stands.
    standing: BTreeMap<NodeId, RecordId>,
    /// Who leads, and which term.
    leading: BTreeMap<NodeId, Term>,
    paused: NodeSet,
    /// Who is down, and which links are cut.
    down: NodeSet,
    cut: LinkMap<bool>,
    /// Whom a leader counted as active at the last check that was told.
    active: BTreeMap<NodeId, NodeSet>,
    /// Who is to lead instead of a leader.
    transfers: BTreeMap<NodeId, NodeId>,
    /// Who started its last election because of a TimeoutNow, and its sender.
    obeys: BTreeMap<NodeId, NodeId>,
    /// The clocks that run fast or slow.
    clocks: BTreeMap<NodeId, Rate>,
    /// What was lost on each link since something last arrived there.
    lost: LinkMap<Option<Lost>>,
}

/// A message that a leader sends again and again, or an answer to one.
#[derive(Clone, Copy, Debug)]
struct Lost {
    loss: Loss,
    kind: MessageKind,
    term: Term,
    /// The last entry that it brings or confirms.
    reach: LogIndex,
}

impl Transcript {
    /// So many records of which nothing is to be told one by one are summed up in
    /// one at most.
    const QUIET_MAX: usize = 2_000;

    /// What is told of a whole run.
    pub fn of(lab: &Lab) -> Self {
        let mut transcript = Self::default();
        transcript.follow(lab);
        transcript
    }

    /// Takes in what is new, if the run goes on from the one that was taken in
    /// last; begins anew if it does not.
    pub fn follow(&mut self, lab: &Lab) {
        let records = lab.records();
        let goes_on = self.last.as_ref().is_none_or(|last| {
            let same = records.get(RecordId(self.taken - 1));
            same.is_some_and(|same| Rc::ptr_eq(same, last))
        });
        if !goes_on {
            *self = Self::default();
        }
        for (id, record) in records.since(RecordId(self.taken)) {
            self.take(lab, id, record);
        }
        self.taken = records.len();
        self.last = records.last().cloned();
    }

    /// What is told, oldest first.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = &Item> {
        self.items.iter().filter(|item| item.is_told())
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
    pub fn undecided(&self, lab: &Lab) -> Vec<Tally> {
        let Some(last) = self.taken.checked_sub(1).map(RecordId) else {
            return Vec::new();
        };
        let State {
            standing, paused, ..
        } = &*self.state;
        let starts = standing.values();
        let end = ElectionEnd::Undecided;
        starts
            .filter_map(|start| Tally::of(lab.records(), *start, last, *paused, end))
            .collect()
    }

    fn take(&mut self, lab: &Lab, id: RecordId, record: &Record) {
        let records = lab.records();
        let state = Rc::make_mut(&mut self.state);
        state.take_faults(&record.event);
        let failed = state.election_ended(records, id, record).map(Rc::new);
        let still_leading = state.leading_besides(record);
        let transfers = state.transfers_ended(record);
        let clock = state.clock_of(&record.event);
        let leads_on = state.leads_on_cut_off(record);
        let again = match &record.event {
            Event::Lost { flight, cause } => state.is_lost_again(flight, *cause),
            event => {
                state.forget_losses(event);
                false
            }
        };
        let mut weight = narrate::weight(record);
        if again {
            weight = Weight::Routine;
        }
        if failed.is_some() {
            weight = Weight::Turn;
        }
        if leads_on || lab.violations().iter().any(|it| it.record == id) {
            weight = weight.max(Weight::News);
        }
        if weight == Weight::Routine {
            self.take_routine(records, id, record);
            return;
        }
        self.forget_untold();
        if let Event::Lost { flight, .. } = &record.event {
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

impl Quiet {
    fn is_part(record: &Record) -> bool {
        matches!(record.event, Event::Lost { .. }) || heartbeat(record).is_some()
    }

    /// How much this matters so far: what takes no longer than one round of
    /// heartbeats is told only if somebody made it happen.
    fn weight(&self) -> Weight {
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

    fn take(&mut self, records: &Records, record: &Record) {
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
        let repeated = all.entry(link.from).or_default();
        repeated.count += 1;
        repeated.to.insert(link.to);
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

impl State {
    /// Takes down what runs, which links are cut and how fast the clocks are.
    fn take_faults(&mut self, event: &Event) {
        match event {
            Event::Paused(server) => {
                self.paused.insert(*server);
            }
            Event::Resumed(server) => {
                self.paused.remove(*server);
            }
            Event::Crashed { server, .. } => {
                self.paused.remove(*server);
                self.down.insert(*server);
            }
            Event::Restarted(server) => {
                self.down.remove(*server);
            }
            Event::Cut(links) => self.set_cut(links, true),
            Event::Mended(links) => self.set_cut(links, false),
            Event::Partitioned { cut, mended, .. } => {
                self.set_cut(cut, true);
                self.set_cut(mended, false);
            }
            Event::ClockSet { server, rate } if *rate == Rate::TRUE => {
                self.clocks.remove(server);
            }
            Event::ClockSet { server, rate } => {
                self.clocks.insert(*server, *rate);
            }
            _ => {}
        }
    }

    fn set_cut(&mut self, links: &[Link], cut: bool) {
        for link in links {
            self.cut.set(*link, cut);
        }
    }

    /// The rate of the clock by which a timer has run out, unless it is true.
    fn clock_of(&self, event: &Event) -> Option<Rate> {
        match event {
            Event::TimerFired {
                server,
                by_hand: false,
                ..
            } => self.clocks.get(server).copied(),
            _ => None,
        }
    }

    /// The transfers that end because a server begins to lead, or no longer leads. Takes
    /// down those that are under way.
    fn transfers_ended(&mut self, record: &Record) -> Box<[(NodeId, NodeId)]> {
        let Some(me) = record.event.server() else {
            return Box::default();
        };
        let mut ended = Vec::new();
        for reason in record.reasons.iter() {
            match *reason {
                Reason::TransferStarted { target, .. } => {
                    self.transfers.insert(me, target);
                }
                Reason::TransferAborted { .. } => {
                    self.transfers.remove(&me);
                }
                Reason::ToldToStand { leader } => {
                    self.obeys.insert(me, leader);
                }
                Reason::ElectionStarted { cause, .. } if cause != ElectionCause::ToldToStand => {
                    self.obeys.remove(&me);
                }
                Reason::SteppedDown {
                    cause: StepDownCause::QuorumLost | StepDownCause::Removed,
                    ..
                } => ended.extend(self.transfers.remove_entry(&me)),
                Reason::ElectionWon { .. } | Reason::ElectionSkipped { .. } => {
                    let obeys = self.obeys.get(&me).copied();
                    let transfers = std::mem::take(&mut self.transfers).into_iter();
                    // Who wins by itself has not been made a leader.
                    let meant = |(leader, target): &(_, _)| *target != me || obeys == Some(*leader);
                    ended.extend(transfers.filter(meant));
                }
                _ => {}
            }
        }
        ended.into()
    }

    /// Whether a leader leads on while it cannot reach some, and counts others as active
    /// than it did when that was told last.
    fn leads_on_cut_off(&mut self, record: &Record) -> bool {
        let Some(me) = record.event.server() else {
            return false;
        };
        let mut tells = false;
        for reason in record.reasons.iter() {
            match *reason {
                Reason::QuorumHeard {
                    active, members, ..
                } => {
                    let others = members.without(me);
                    let cut_off = others.iter().any(|it| !self.reach(me, it));
                    tells = cut_off && self.active.insert(me, active) != Some(active);
                    if !cut_off {
                        self.active.remove(&me);
                    }
                }
                Reason::ElectionWon { .. }
                | Reason::ElectionSkipped { .. }
                | Reason::SteppedDown { .. } => {
                    self.active.remove(&me);
                }
                _ => {}
            }
        }
        tells
    }

    /// Whether messages get from one server to another and back.
    fn reach(&self, from: NodeId, to: NodeId) -> bool {
        let link = Link { from, to };
        let stopped = self.down.contains(to) || self.paused.contains(to);
        !stopped && !self.cut.get(link) && !self.cut.get(link.back())
    }

    /// Who still leads another term when a server begins to lead. Takes down who
    /// leads now.
    fn leading_besides(&mut self, record: &Record) -> Box<[(NodeId, Term)]> {
        let Some(me) = record.event.server() else {
            return Box::default();
        };
        if let Event::Crashed { .. } = record.event {
            self.leading.remove(&me);
        }
        let mut others = Vec::new();
        for reason in record.reasons.iter() {
            match *reason {
                Reason::SteppedDown { .. } => {
                    self.leading.remove(&me);
                }
                Reason::ElectionWon { term, .. } | Reason::ElectionSkipped { term } => {
                    let besides = self.leading.iter().filter(|(other, _)| **other != me);
                    others.extend(besides.map(|(other, term)| (*other, *term)));
                    self.leading.insert(me, term);
                }
                _ => {}
            }
        }
        others.into()
    }

    /// The election that a record ends without a winner. Takes down who stands now.
    fn election_ended(
        &mut self,
        records: &Records,
        id: RecordId,
        record: &Record,
    ) -> Option<Tally> {
        let me = record.event.server()?;
        let mut ended = None;
        let mut end = |state: &mut Self, end: ElectionEnd| {
            if let Some(start) = state.standing.remove(&me) {
                ended = Tally::of(records, start, id, state.paused, end);
            }
        };
        if let Event::Crashed { .. } = record.event {
            end(self, ElectionEnd::Crashed);
        }
        for reason in record.reasons.iter() {
            match *reason {
                Reason::PreVoteStarted { .. } => {
                    end(self, ElectionEnd::TimedOut);
                    self.standing.insert(me, id);
                }
                Reason::ElectionStarted { cause, .. } => {
                    match cause {
                        ElectionCause::TimedOut => end(self, ElectionEnd::TimedOut),
                        ElectionCause::ToldToStand => end(self, ElectionEnd::ToldToStand),
                        ElectionCause::PreVoteWon => {}
                    }
                    self.standing.insert(me, id);
                }
                Reason::ElectionWon { .. } | Reason::ElectionSkipped { .. } => {
                    self.standing.remove(&me);
                }
                Reason::SteppedDown { role, cause } if role != RoleName::Leader => {
                    if let Some(how) = stepped_down(record, cause) {
                        end(self, how);
                    }
                }
                _ => {}
            }
        }
        ended
    }

    /// Whether something was lost just as what was lost there before, so that
    /// nothing can be learned from it. Takes down what is lost now.
    fn is_lost_again(&mut self, flight: &Flight, loss: Loss) -> bool {
        let Some(now) = Lost::of(&flight.message, loss).filter(|_| loss != Loss::Dropped) else {
            return false;
        };
        let before = self.lost.get(flight.link);
        let again = before.is_some_and(|before| before.covers(now));
        if !again {
            self.lost.set(flight.link, Some(now));
        }
        again
    }

    /// What is lost after this is told again.
    fn forget_losses(&mut self, event: &Event) {
        match event {
            Event::Delivered(flight) => self.lost.set(flight.link, None),
            Event::Cut(links) | Event::Mended(links) => {
                for link in links {
                    self.lost.set(*link, None);
                }
            }
            Event::Partitioned { cut, mended, .. } => {
                for link in cut.iter().chain(mended) {
                    self.lost.set(*link, None);
                }
            }
            Event::Crashed { server, .. } | Event::Restarted(server) => {
                for from in NodeSet::first(NodeId::MAX).iter() {
                    let to = *server;
                    self.lost.set(Link { from, to }, None);
                }
            }
            _ => {}
        }
    }
}

/// How a candidate's election ended that has stepped down.
fn stepped_down(record: &Record, cause: StepDownCause) -> Option<ElectionEnd> {
    let Event::Delivered(flight) = &record.event else {
        return None;
    };
    let sender = flight.link.from;
    match cause {
        StepDownCause::HigherTerm => Some(ElectionEnd::HigherTerm {
            term: flight.message.term(),
            sender,
        }),
        StepDownCause::LeaderHeard => Some(ElectionEnd::LeaderHeard { leader: sender }),
        StepDownCause::VoteGranted => Some(ElectionEnd::VoteGranted { candidate: sender }),
        StepDownCause::QuorumLost | StepDownCause::Removed => None,
    }
}

impl Lost {
    /// `None` for what is never sent in vain twice: requests for votes and the
    /// answers to them, and what tells a server to stand.
    fn of(message: &Message, loss: Loss) -> Option<Self> {
        let reach = match message {
            Message::AppendEntries { prev, entries, .. } => {
                LogIndex(prev.index.0.saturating_add(entries.len() as u64))
            }
            Message::AppendEntriesReply { result, .. } => match result {
                AppendResult::Accepted { matched } => *matched,
                AppendResult::Refused { .. } => LogIndex::ZERO,
            },
            _ => return None,
        };
        Some(Self {
            loss,
            kind: message.kind(),
            term: message.term(),
            reach,
        })
    }

    /// Whether the loss of another tells nothing new after this one.
    fn covers(self, other: Self) -> bool {
        let same = |it: Self| (it.loss, it.kind, it.term);
        same(self) == same(other) && other.reach <= self.reach
    }
}

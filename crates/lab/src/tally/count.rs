//! Follows the messages of one election through the records.

use std::rc::Rc;

use hustings_raft::{DropCause, Message, NodeId, NodeSet, Reason, Term};

use super::{Delay, ElectionEnd, Missing, Objection, Reply, Silence, Tally};
use crate::message::{Loss, WaitingMessage};
use crate::record::{Event, Flight, MessageId, Record, RecordId, Records};
use crate::vec_map::VecMap;

/// What a member made of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Heard {
    Granted,
    Refused(Objection),
    Ignored(Silence),
}

/// Messages of one way between the candidate and a member.
#[derive(Clone, Default, Debug)]
struct Way {
    /// Those that wait for a disk, oldest first.
    waiting: Vec<(Rc<Message>, Reply)>,
    /// Those in flight.
    flights: VecMap<MessageId, InFlight>,
    lost: Option<(Loss, Reply)>,
    never_left: Option<Reply>,
}

#[derive(Clone, Copy, Debug)]
struct InFlight {
    held: bool,
    /// What it says, if it is an answer.
    reply: Reply,
}

/// What is known of one member.
#[derive(Clone, Default, Debug)]
struct Exchange {
    asked: bool,
    requests: Way,
    silence: Option<Silence>,
    answers: Way,
    refused: Option<Option<Objection>>,
    ignored: Option<(Reply, DropCause)>,
}

/// Follows the messages of one election through the records.
pub(super) struct Count {
    candidate: NodeId,
    term: Term,
    pre_vote: bool,
    needed: u8,
    votes: u8,
    granted: NodeSet,
    has_own_vote: bool,
    contacts: VecMap<NodeId, Exchange>,
}

impl Count {
    /// The election that the record `start` began, after the record `through`, which may have
    /// ended it.
    pub(super) fn of(
        records: &Records,
        start: RecordId,
        through: RecordId,
        has_ended: bool,
    ) -> Option<Self> {
        let mut count = Self::begun_by(records.get(start)?)?;
        for id in (start.0..=through.0).map(RecordId) {
            // The record that ends an election may begin the next one.
            let ends = has_ended && id == through;
            count.take(records, records.get(id)?, ends);
        }
        Some(count)
    }

    pub(super) fn candidate(&self) -> NodeId {
        self.candidate
    }

    /// Whether the votes that are under way, or may be given to requests that are, would be
    /// enough.
    pub(super) fn can_be_won(&self) -> bool {
        let others = self.contacts.iter();
        let open = others.filter(|(member, it)| !self.granted.contains(*member) && it.is_open());
        let own = self.has_own_vote && !self.granted.contains(self.candidate);
        usize::from(self.votes) + open.count() + usize::from(own) >= usize::from(self.needed)
    }

    fn begun_by(record: &Record) -> Option<Self> {
        let candidate = record.event.server()?;
        // A pre-candidate that needs nobody else stands within the same record.
        let (term, needed, pre_vote) =
            record
                .reasons
                .iter()
                .rev()
                .find_map(|reason| match reason {
                    Reason::ElectionStarted { term, needed, .. } => Some((*term, *needed, false)),
                    Reason::PreVoteStarted { term, needed, .. } => Some((*term, *needed, true)),
                    _ => None,
                })?;
        let own = |reason: &Reason| match reason {
            Reason::OwnVoteWaits => !pre_vote,
            Reason::PreVoteCounted { voter, .. } => *voter == candidate,
            _ => false,
        };
        Some(Self {
            candidate,
            term,
            pre_vote,
            needed,
            votes: 0,
            granted: NodeSet::EMPTY,
            has_own_vote: record.reasons.iter().any(own),
            contacts: VecMap::default(),
        })
    }

    fn is_request(&self, message: &Message) -> bool {
        match message {
            Message::RequestVote { term, .. } => !self.pre_vote && *term == self.term,
            Message::PreVote { term, .. } => self.pre_vote && *term == self.term,
            _ => false,
        }
    }

    /// Whether a message answers the request. A refusal carries the term of whoever
    /// refuses.
    fn is_answer(&self, message: &Message) -> bool {
        match message {
            Message::RequestVoteReply { term, granted } => {
                !self.pre_vote && (!granted || *term == self.term)
            }
            Message::PreVoteReply { term, granted } => {
                self.pre_vote && (!granted || *term == self.term)
            }
            _ => false,
        }
    }

    fn contact(&mut self, member: NodeId) -> &mut Exchange {
        self.contacts.entry(member)
    }

    fn take(&mut self, records: &Records, record: &Record, ends: bool) {
        let heard = self.heard(record).filter(|_| self.is_asked_in(record));
        match &record.event {
            Event::Delivered(flight) => {
                self.arrived(records, record, flight, heard);
            }
            Event::Lost { flight, cause } => self.lost(flight, *cause),
            Event::Held(flight) => self.set_held(flight, true),
            Event::Released(flight) => self.set_held(flight, false),
            Event::Crashed { server, .. } if *server != self.candidate => {
                self.crashed(*server);
            }
            _ => {}
        }
        if ends {
            return;
        }
        for waiting in &record.waiting {
            self.waits(waiting, heard);
        }
        for flight in &record.sent {
            self.left(flight, heard);
        }
        if record.event.server() == Some(self.candidate) {
            self.count(record);
        }
    }

    /// Whether a request of this election arrives in a record.
    fn is_asked_in(&self, record: &Record) -> bool {
        match &record.event {
            Event::Delivered(flight) => {
                flight.link.from == self.candidate && self.is_request(&flight.message)
            }
            _ => false,
        }
    }

    /// What a member made of the request that it answers with a message sent in the record
    /// `sent_in`: the answer may have waited for a write, or be a copy.
    fn heard_before(&self, records: &Records, sent_in: RecordId, answer: &Flight) -> Option<Heard> {
        let answers = |link, message: &Message| link == answer.link && *message == *answer.message;
        let before = (0..=sent_in.0).rev();
        let mut records = before.filter_map(|id| records.get(RecordId(id)));
        let decided = records.find(|record| {
            let waits = |it: &Rc<WaitingMessage>| answers(it.link, &it.message);
            let leaves = |it: &Rc<Flight>| answers(it.link, &it.message);
            let at_once = matches!(record.event, Event::Delivered(_));
            record.waiting.iter().any(waits) || (at_once && record.sent.iter().any(leaves))
        });
        self.heard(decided?)
    }

    /// What the server of a record made of a request of the candidate.
    fn heard(&self, record: &Record) -> Option<Heard> {
        let me = self.candidate;
        record.reasons.iter().find_map(|reason| match *reason {
            Reason::VoteGranted { candidate, .. } | Reason::PreVoteGranted { candidate, .. }
                if candidate == me =>
            {
                Some(Heard::Granted)
            }
            Reason::VoteRefused {
                candidate, refusal, ..
            }
            | Reason::PreVoteRefused {
                candidate, refusal, ..
            } if candidate == me => Some(Heard::Refused(Objection::Refusal(refusal))),
            Reason::LeaseHeld {
                candidate,
                leader,
                contact,
                ..
            } if candidate == me => Some(Heard::Ignored(Silence::Lease { leader, contact })),
            Reason::RequestStale { sender, mine, .. } if sender == me => {
                Some(Heard::Refused(Objection::Stale { mine }))
            }
            Reason::Dropped { sender, cause, .. } if sender == me => {
                Some(Heard::Ignored(Silence::Dropped(cause)))
            }
            _ => None,
        })
    }

    fn arrived(
        &mut self,
        records: &Records,
        record: &Record,
        flight: &Flight,
        heard: Option<Heard>,
    ) {
        let (from, to) = (flight.link.from, flight.link.to);
        if from == self.candidate && self.is_request(&flight.message) {
            let contact = self.contact(to);
            contact.requests.flights.remove(flight.id);
            if let Some(Heard::Ignored(silence)) = heard {
                contact.silence = Some(silence);
            }
        } else if to == self.candidate && self.is_answer(&flight.message) {
            self.answered(records, record, flight);
        }
    }

    /// An answer has reached the candidate.
    fn answered(&mut self, records: &Records, record: &Record, flight: &Flight) {
        let voter = flight.link.from;
        let known = self.contact(voter).answers.flights.remove(flight.id);
        let reply = known.map_or_else(
            || {
                let sent_in = record.cause.filter(|_| !flight.forged);
                let heard = sent_in.and_then(|id| self.heard_before(records, id, flight));
                Reply::of(&flight.message, heard)
            },
            |known| known.reply,
        );
        let refusal = match reply {
            Reply::Refusal(objection) => Some(objection),
            Reply::Vote => None,
        };
        let contact = self.contact(voter);
        for reason in record.reasons.iter() {
            match *reason {
                // A refusal that ends the election by its term is not counted any more.
                Reason::VoteDenied { .. }
                | Reason::PreVoteDenied { .. }
                | Reason::TermAdopted { .. } => contact.refused = refusal,
                Reason::Dropped { cause, .. }
                    if known.is_some() && cause != DropCause::NothingNew =>
                {
                    contact.ignored = Some((reply, cause));
                }
                _ => {}
            }
        }
    }

    fn lost(&mut self, flight: &Flight, loss: Loss) {
        if let Some(way) = self.way(flight)
            && let Some(gone) = way.flights.remove(flight.id)
        {
            way.lost = Some((loss, gone.reply));
        }
    }

    fn set_held(&mut self, flight: &Flight, held: bool) {
        if let Some(way) = self.way(flight)
            && let Some(there) = way.flights.get_mut(flight.id)
        {
            there.held = held;
        }
    }

    fn crashed(&mut self, server: NodeId) {
        let answers = &mut self.contact(server).answers;
        if let Some((_, reply)) = answers.waiting.pop() {
            answers.never_left = Some(reply);
        }
        answers.waiting.clear();
    }

    /// The way that a message of this election takes.
    fn way(&mut self, flight: &Flight) -> Option<&mut Way> {
        self.way_of(flight.link.from, flight.link.to, &flight.message)
    }

    fn way_of(&mut self, from: NodeId, to: NodeId, message: &Message) -> Option<&mut Way> {
        if from == self.candidate && self.is_request(message) {
            Some(&mut self.contact(to).requests)
        } else if to == self.candidate && self.is_answer(message) {
            Some(&mut self.contact(from).answers)
        } else {
            None
        }
    }

    fn waits(&mut self, waiting: &WaitingMessage, heard: Option<Heard>) {
        let WaitingMessage { link, message, .. } = waiting;
        self.asks(link.from, link.to, message);
        let reply = Reply::of(message, heard);
        // It answers an earlier request.
        if link.to == self.candidate && reply == Reply::Refusal(None) {
            return;
        }
        if let Some(way) = self.way_of(link.from, link.to, message) {
            way.waiting.push((Rc::clone(message), reply));
        }
    }

    fn asks(&mut self, from: NodeId, to: NodeId, message: &Message) {
        if from == self.candidate && self.is_request(message) {
            self.contact(to).asked = true;
        }
    }

    fn left(&mut self, flight: &Flight, heard: Option<Heard>) {
        // Nobody has asked with a request that somebody forged.
        if flight.forged && flight.link.from == self.candidate {
            return;
        }
        self.asks(flight.link.from, flight.link.to, &flight.message);
        // A refusal that no request of this election has caused answers an earlier one.
        let is_answer = flight.link.to == self.candidate;
        let Some(way) = self.way(flight) else {
            return;
        };
        let original = flight.copy_of.and_then(|id| way.flights.get(id)).copied();
        let waited = way
            .waiting
            .iter()
            .position(|(message, _)| **message == *flight.message)
            .filter(|_| original.is_none())
            .map(|place| way.waiting.remove(place).1);
        let known = original.map(|original| original.reply).or(waited);
        let reply = known.unwrap_or_else(|| Reply::of(&flight.message, heard));
        if is_answer && reply == Reply::Refusal(None) && !flight.forged {
            return;
        }
        let held = false;
        way.flights.insert(flight.id, InFlight { held, reply });
    }

    /// What the candidate has counted in a record.
    fn count(&mut self, record: &Record) {
        for reason in record.reasons.iter() {
            match *reason {
                Reason::VoteCounted { voter, granted, .. } if !self.pre_vote => {
                    self.granted.insert(voter);
                    self.votes = granted;
                }
                Reason::PreVoteCounted { voter, granted, .. } if self.pre_vote => {
                    self.granted.insert(voter);
                    self.votes = granted;
                }
                _ => {}
            }
        }
    }

    pub(super) fn tally(self, paused: NodeSet, end: ElectionEnd) -> Tally {
        let (me, granted) = (self.candidate, self.granted);
        let others = self.contacts.iter();
        let others = others.filter(|(member, it)| it.asked && !granted.contains(*member));
        let missing =
            others.filter_map(|(id, contact)| Some((id, contact.missing(id, me, paused)?)));
        let mut missing: Vec<_> = missing.collect();
        if self.has_own_vote && !granted.contains(me) {
            let place = missing.partition_point(|(member, _)| *member < me);
            missing.insert(place, (me, Missing::OwnVoteWaits));
        }
        Tally {
            candidate: me,
            term: self.term,
            pre_vote: self.pre_vote,
            votes: self.votes,
            needed: self.needed,
            granted,
            missing,
            end,
        }
    }
}

impl Reply {
    /// What an answer says, and what its sender made of the request.
    fn of(message: &Message, heard: Option<Heard>) -> Self {
        match (message.is_positive(), heard) {
            (Some(true), _) => Self::Vote,
            (_, Some(Heard::Refused(objection))) => Self::Refusal(Some(objection)),
            _ => Self::Refusal(None),
        }
    }
}

impl Exchange {
    /// Whether a vote of this member may still reach the candidate. Another copy of a request
    /// may be answered although an earlier one was not.
    fn is_open(&self) -> bool {
        let (requests, answers) = (&self.requests, &self.answers);
        let votes = |reply: Reply| reply == Reply::Vote;
        !requests.flights.is_empty()
            || !requests.waiting.is_empty()
            || answers.flights.values().any(|it| votes(it.reply))
            || answers.waiting.iter().any(|(_, reply)| votes(*reply))
    }

    /// The furthest that this member's vote has got. `None` if nobody has asked it.
    fn missing(&self, member: NodeId, candidate: NodeId, paused: NodeSet) -> Option<Missing> {
        let (requests, answers) = (&self.requests, &self.answers);
        let missing = if let Some(objection) = self.refused {
            Missing::Refused(objection)
        } else if let Some((reply, cause)) = self.ignored {
            Missing::AnswerIgnored(reply, cause)
        } else if let Some(flight) = answers.flights.values().next_back() {
            let delay = answers.delay(paused.contains(candidate));
            Missing::AnswerUnderWay(flight.reply, delay)
        } else if let Some((_, reply)) = answers.waiting.last() {
            Missing::AnswerWaits(*reply)
        } else if let Some((loss, reply)) = answers.lost {
            Missing::AnswerLost(reply, loss)
        } else if let Some(reply) = answers.never_left {
            Missing::AnswerNeverLeft(reply)
        } else if let Some(silence) = self.silence {
            Missing::Ignored(silence)
        } else if !requests.flights.is_empty() {
            Missing::RequestUnderWay(requests.delay(paused.contains(member)))
        } else if !requests.waiting.is_empty() {
            Missing::RequestWaits
        } else {
            Missing::RequestLost(requests.lost?.0)
        };
        Some(missing)
    }
}

impl Way {
    /// Why the messages in flight have not arrived.
    fn delay(&self, paused: bool) -> Delay {
        if self.flights.values().all(|flight| flight.held) {
            Delay::Held
        } else if paused {
            Delay::Paused
        } else {
            Delay::Network
        }
    }
}

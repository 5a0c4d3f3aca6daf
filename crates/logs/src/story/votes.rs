//! Requests for votes and their answers, from the line of their sending to that of their
//! receipt.

use std::collections::BTreeMap;

use super::{Event, Story, event_id};
use crate::names::Name;
use crate::observation::{Ballot, Observation, Refusal, Role};
use crate::shown::{EventId, MemberId, ShownArrow};

/// A message, by what its two ends are known to be of one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Message {
    leg: Leg,
    from: MemberId,
    to: MemberId,
    term: Option<u64>,
    ballot: Ballot,
}

/// The way there or back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Leg {
    /// A request for a vote.
    Request,
    /// The answer.
    Answer,
}

impl Message {
    fn request(ends: (MemberId, MemberId), term: Option<u64>, ballot: Ballot) -> Self {
        let (from, to) = ends;
        Self {
            leg: Leg::Request,
            from,
            to,
            term,
            ballot,
        }
    }

    fn answer(ends: (MemberId, MemberId), term: Option<u64>, ballot: Ballot) -> Self {
        Self {
            leg: Leg::Answer,
            ..Self::request(ends, term, ballot)
        }
    }
}

#[derive(Default)]
struct Matching {
    arrows: Vec<ShownArrow>,
    /// Sent, and not seen to be received; those of the latest sending, by whom they are for.
    open: BTreeMap<(MemberId, Leg), BTreeMap<Message, usize>>,
}

/// The arrows of a story, in the order of their sending.
pub(super) fn arrows(story: &Story) -> Vec<ShownArrow> {
    let mut matching = Matching::default();
    for (number, event) in story.events.iter().enumerate() {
        if let Some(id) = event_id(number) {
            matching.add(story, id, event);
        }
    }
    let mut arrows = matching.arrows;
    arrows.sort_by_key(|it| it.sent);
    arrows
}

impl Matching {
    fn add(&mut self, story: &Story, id: EventId, event: &Event) {
        let me = event.member;
        let member = |name: Name| story.members.get(name).filter(|it| *it != me);
        match &event.what {
            Observation::Asked {
                to, ballot, term, ..
            } => {
                if let Some(to) = member(*to) {
                    self.send(id, Message::request((me, to), *term, *ballot), None);
                }
            }
            Observation::Answered(reply) => {
                let Some(candidate) = member(reply.candidate) else {
                    return;
                };
                self.receive(
                    id,
                    Message::request((candidate, me), reply.term, reply.ballot),
                );
                // etcd answers no request that it ignores, as it hears from a leader.
                let is_silent = matches!(reply.refused, Some(Refusal::HasLeader { .. }));
                if !is_silent {
                    let answer = Message::answer((me, candidate), reply.term, reply.ballot);
                    self.send(id, answer, Some(reply.refused.is_none()));
                }
            }
            Observation::Heard {
                from, ballot, term, ..
            } => {
                if let Some(from) = member(*from) {
                    self.receive(id, Message::answer((from, me), *term, *ballot));
                }
            }
            Observation::NewerTerm {
                from: Some(from),
                stands: true,
                newer,
                ..
            } => {
                if let Some(from) = member(*from) {
                    self.touch(id, Message::request((from, me), *newer, Ballot::Vote));
                }
            }
            // Votes that were not counted in a term are not counted in a later one.
            Observation::Became {
                role: Role::Candidate | Role::PreCandidate,
                ..
            } => {
                self.open.remove(&(me, Leg::Answer));
            }
            _ => {}
        }
    }

    fn send(&mut self, id: EventId, message: Message, granted: Option<bool>) {
        let open = self.open.entry((message.to, message.leg)).or_default();
        open.insert(message, self.arrows.len());
        self.arrows.push(ShownArrow {
            sent: id,
            received: None,
            from: message.from,
            to: message.to,
            ballot: message.ballot,
            granted,
        });
    }

    /// The message arrived with this event. A receipt that comes earlier than the sending,
    /// or is of another term than its sender says, is matched with nothing.
    fn receive(&mut self, id: EventId, message: Message) {
        let open = self.open.get_mut(&(message.to, message.leg));
        if let Some(at) = open.and_then(|it| it.remove(&message)) {
            self.arrived(at, id);
        }
    }

    /// The message arrived with this event, and more may be told of it.
    fn touch(&mut self, id: EventId, message: Message) {
        let open = self.open.get(&(message.to, message.leg));
        if let Some(at) = open.and_then(|it| it.get(&message)).copied() {
            self.arrived(at, id);
        }
    }

    fn arrived(&mut self, at: usize, id: EventId) {
        if let Some(arrow) = self.arrows.get_mut(at) {
            arrow.received.get_or_insert(id);
        }
    }
}

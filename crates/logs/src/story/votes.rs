//! Requests for votes and their answers, from the line of their sending to that of their
//! receipt.

use std::collections::BTreeMap;

use super::{Event, Story, event_id};
use crate::names::Name;
use crate::observation::{Ballot, Observation, Refusal, Role};
use crate::shown::{EventId, MemberId, ShownArrow};

/// By what the two ends of a message are known to be of one: its ends, its term, its kind,
/// and whether it is an answer.
type Key = (MemberId, MemberId, Option<u64>, Ballot, IsAnswer);

type IsAnswer = bool;

#[derive(Default)]
struct Matching {
    arrows: Vec<ShownArrow>,
    /// Sent, and not seen to be received; those of the latest sending, by whom they are for.
    open: BTreeMap<(MemberId, IsAnswer), BTreeMap<Key, usize>>,
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
                    self.send(id, (me, to, *term, *ballot, false), None);
                }
            }
            Observation::Answered(reply) => {
                let Some(candidate) = member(reply.candidate) else {
                    return;
                };
                self.receive(id, (candidate, me, reply.term, reply.ballot, false));
                // etcd answers no request that it ignores, as it hears from a leader.
                let is_silent = matches!(reply.refused, Some(Refusal::HasLeader { .. }));
                if !is_silent {
                    let key = (me, candidate, reply.term, reply.ballot, true);
                    self.send(id, key, Some(reply.refused.is_none()));
                }
            }
            Observation::Heard {
                from, ballot, term, ..
            } => {
                if let Some(from) = member(*from) {
                    self.receive(id, (from, me, *term, *ballot, true));
                }
            }
            Observation::NewerTerm {
                from: Some(from),
                stands: true,
                newer,
                ..
            } => {
                if let Some(from) = member(*from) {
                    self.touch(id, (from, me, *newer, Ballot::Vote, false));
                }
            }
            // Votes that were not counted in a term are not counted in a later one.
            Observation::Became {
                role: Role::Candidate | Role::PreCandidate,
                ..
            } => {
                self.open.remove(&(me, true));
            }
            _ => {}
        }
    }

    fn send(&mut self, id: EventId, key: Key, granted: Option<bool>) {
        let open = self.open.entry((key.1, key.4)).or_default();
        open.insert(key, self.arrows.len());
        self.arrows.push(ShownArrow {
            sent: id,
            received: None,
            from: key.0,
            to: key.1,
            ballot: key.3,
            granted,
        });
    }

    /// The message arrived with this event. A receipt that comes earlier than the sending,
    /// or is of another term than its sender says, is matched with nothing.
    fn receive(&mut self, id: EventId, key: Key) {
        let open = self.open.get_mut(&(key.1, key.4));
        if let Some(at) = open.and_then(|it| it.remove(&key)) {
            self.arrived(at, id);
        }
    }

    /// The message arrived with this event, and more may be told of it.
    fn touch(&mut self, id: EventId, key: Key) {
        let open = self.open.get(&(key.1, key.4));
        if let Some(at) = open.and_then(|it| it.get(&key)).copied() {
            self.arrived(at, id);
        }
    }

    fn arrived(&mut self, at: usize, id: EventId) {
        if let Some(arrow) = self.arrows.get_mut(at) {
            arrow.received.get_or_insert(id);
        }
    }
}

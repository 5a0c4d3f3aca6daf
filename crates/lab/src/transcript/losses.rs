//! Messages that are lost just as those before them.

use hustings_raft::{AppendResult, LogIndex, Message, MessageKind, NodeId, NodeSet, Term};

use crate::link_map::LinkMap;
use crate::message::Loss;
use crate::path::Link;
use crate::record::{Event, Flight};

/// What was lost on each link since something last arrived there.
#[derive(Clone, Default, Debug)]
pub(super) struct Losses(LinkMap<Option<Lost>>);

/// A message that a leader sends again and again, or an answer to one.
#[derive(Clone, Copy, Debug)]
struct Lost {
    loss: Loss,
    kind: MessageKind,
    term: Term,
    /// The last entry that it brings or confirms.
    reach: LogIndex,
}

impl Losses {
    /// Whether something was lost just as what was lost there before, so that
    /// nothing can be learned from it. Records what is lost now.
    pub(super) fn is_again(&mut self, flight: &Flight, loss: Loss) -> bool {
        let Some(now) = Lost::of(&flight.message, loss).filter(|_| loss != Loss::Dropped) else {
            return false;
        };
        let before = self.0.get(flight.link);
        let again = before.is_some_and(|before| before.covers(now));
        if !again {
            self.0.set(flight.link, Some(now));
        }
        again
    }

    /// What is lost after this is told again.
    pub(super) fn forget(&mut self, event: &Event) {
        match event {
            Event::Delivered(flight) => self.0.set(flight.link, None),
            Event::Cut(links) | Event::Mended(links) => {
                for link in links {
                    self.0.set(*link, None);
                }
            }
            Event::Partitioned { cut, mended, .. } => {
                for link in cut.iter().chain(mended) {
                    self.0.set(*link, None);
                }
            }
            Event::Crashed { server, .. }
            | Event::Restarted(server)
            | Event::Installed { server, .. } => {
                for from in NodeSet::first(NodeId::MAX).iter() {
                    let to = *server;
                    self.0.set(Link { from, to }, None);
                }
            }
            _ => {}
        }
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

//! Which events are listed.

use hustings_lab::{Change, Event, Flight, Item, Link, Record, Records, Told};
use hustings_raft::{MessageKind, NodeId};

use crate::i18n::texts;
use crate::session::Search;

/// Which events are listed.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) struct Filter {
    /// Those in which this server has a part.
    pub server: Option<NodeId>,
    pub kind: Kind,
    /// Those that the search has found.
    pub only_found: bool,
}

/// A kind of event.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) enum Kind {
    #[default]
    All,
    Elections,
    Log,
    Faults,
    Notes,
}

impl Kind {
    pub(super) const ALL: [Self; 5] = [
        Self::All,
        Self::Elections,
        Self::Log,
        Self::Faults,
        Self::Notes,
    ];

    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::All => texts().kind_all(),
            Self::Elections => texts().kind_elections(),
            Self::Log => texts().kind_log(),
            Self::Faults => texts().kind_faults(),
            Self::Notes => texts().kind_notes(),
        }
    }

    fn has(self, record: &Record) -> bool {
        let message = flight_of(&record.event).map(|flight| flight.message.kind());
        let is_entries = matches!(
            message,
            Some(MessageKind::AppendEntries | MessageKind::AppendEntriesReply)
        );
        let changes = |is: fn(&Change) -> bool| record.changes.iter().any(is);
        match self {
            Self::All => true,
            Self::Elections => {
                let decides = |change: &Change| {
                    matches!(
                        change,
                        Change::Term { .. } | Change::VotedFor { .. } | Change::Role { .. }
                    )
                };
                changes(decides) || (message.is_some() && !is_entries)
            }
            Self::Log => {
                let grows = |change: &Change| {
                    matches!(change, Change::LogEnd { .. } | Change::Commit { .. })
                };
                let asked = matches!(
                    record.event,
                    Event::Proposed { .. } | Event::ChangeAsked { .. }
                );
                changes(grows) || is_entries || asked
            }
            Self::Faults => is_fault(&record.event),
            Self::Notes => matches!(record.event, Event::Noted(_)),
        }
    }
}

impl Filter {
    /// Whether an event is listed.
    pub(super) fn lets(&self, item: &Item, records: &Records, search: Option<&Search>) -> bool {
        let Some(record) = records.get(item.first) else {
            return false;
        };
        let found = |search: &Search| search.has_hit(item.first, item.last);
        self.kind.has(record)
            && self
                .server
                .is_none_or(|server| has_part(item, record, server))
            && (!self.only_found || search.is_none_or(found))
    }
}

/// What was done to servers, links and messages, by hand or by chance.
fn is_fault(event: &Event) -> bool {
    match event {
        Event::Started(_)
        | Event::TimerFired { .. }
        | Event::Delivered(_)
        | Event::WriteDone { .. }
        | Event::Proposed { .. }
        | Event::TransferAsked { .. }
        | Event::ChangeAsked { .. }
        | Event::Waited(_)
        | Event::Noted(_) => false,
        Event::Lost { .. }
        | Event::Duplicated(_)
        | Event::Held(_)
        | Event::Released(_)
        | Event::Forged(_)
        | Event::Delayed { .. }
        | Event::LatencySet { .. }
        | Event::DiskSet { .. }
        | Event::ClockSet { .. }
        | Event::Reseeded(_)
        | Event::Paused(_)
        | Event::Resumed(_)
        | Event::Crashed { .. }
        | Event::Restarted(_)
        | Event::Installed { .. }
        | Event::Cut(_)
        | Event::Mended(_)
        | Event::Partitioned { .. } => true,
    }
}

fn flight_of(event: &Event) -> Option<&Flight> {
    match event {
        Event::Delivered(flight)
        | Event::Lost { flight, .. }
        | Event::Duplicated(flight)
        | Event::Held(flight)
        | Event::Released(flight)
        | Event::Delayed { flight, .. } => Some(flight),
        _ => None,
    }
}

/// Whether a server has a part in an event: it acts, or sends or should get the message.
fn has_part(item: &Item, record: &Record, server: NodeId) -> bool {
    let ends = |link: &Link| link.from == server || link.to == server;
    let of_event = match &record.event {
        Event::Cut(links) | Event::Mended(links) => links.iter().any(ends),
        Event::Partitioned { cut, mended, .. } => cut.iter().chain(mended).any(ends),
        Event::Forged(link) => ends(link),
        Event::LatencySet { path, .. } => ends(&path.link),
        Event::DiskSet { server: it, .. } | Event::ClockSet { server: it, .. } => *it == server,
        event => {
            event.server() == Some(server) || flight_of(event).is_some_and(|it| ends(&it.link))
        }
    };
    of_event
        || match &item.told {
            Told::Record { .. } => false,
            Told::Lost { to } => to.contains(server),
            Told::Quiet(quiet) => {
                let mut all = quiet.heartbeats.iter().chain(quiet.lost.iter());
                all.any(|(from, it)| from == server || it.to.contains(server))
            }
        }
}

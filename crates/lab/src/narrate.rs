//! Sentences for what happened and why.
//!
//! The core and the laboratory record typed facts; this is the one place that
//! puts them into words.

mod reason;
mod violation;

use std::borrow::Cow;

use hustings_raft::{AppendResult, MemberChange, Message, Payload, Position, Reason, RoleName};

pub use self::reason::explain;
pub use self::violation::violation;
use crate::{Event, Flight, Link, Loss, Record};

/// How much a record matters to somebody who watches.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// Routine: heartbeats and their answers, timers, starts.
    Routine,
    /// One message's worth of news: a vote, an entry, a refusal.
    News,
    /// A turn in the story: an election, a leader, a fault, a commit.
    Turn,
}

/// What happened, in one sentence: the weightiest reason if there is one,
/// otherwise the event itself.
pub fn headline(record: &Record) -> String {
    match (record.event.server(), main_reason(record)) {
        (Some(server), Some(reason)) => explain(server, reason),
        _ => event(&record.event),
    }
}

/// The reason that says most about a record.
pub fn main_reason(record: &Record) -> Option<&Reason> {
    // Crashes and restarts are told as such, not by what the server finds.
    if matches!(record.event, Event::Restarted(_)) {
        return None;
    }
    let rank = |reason: &&Reason| (weight_of(reason), story_rank(reason));
    // Of equal reasons the first was applied first and led to the others.
    record.reasons.iter().rev().max_by_key(rank)
}

/// How much a record matters.
pub fn weight(record: &Record) -> Weight {
    match &record.event {
        Event::Crashed { .. }
        | Event::Restarted(_)
        | Event::Paused(_)
        | Event::Resumed(_)
        | Event::Cut(_)
        | Event::Mended(_)
        | Event::Noted(_) => Weight::Turn,
        Event::Delayed { .. }
        | Event::LatencySet { .. }
        | Event::DiskSet { .. }
        | Event::ClockSet { .. } => Weight::News,
        Event::Held(_) | Event::Released(_) | Event::Forged(_) => Weight::News,
        Event::Proposed { .. } | Event::Duplicated(_) => reasons_weight(record).max(Weight::News),
        Event::Lost { cause, .. } => match cause {
            Loss::Dropped | Loss::Chance => Weight::News,
            Loss::LinkCut | Loss::ServerDown => Weight::Routine,
        },
        _ => reasons_weight(record),
    }
}

fn reasons_weight(record: &Record) -> Weight {
    record
        .reasons
        .iter()
        .map(weight_of)
        .max()
        .unwrap_or(Weight::Routine)
}

fn weight_of(reason: &Reason) -> Weight {
    match reason {
        Reason::ElectionStarted { .. }
        | Reason::ElectionWon { .. }
        | Reason::PreVoteStarted { .. }
        | Reason::QuorumLost { .. }
        | Reason::TransferStarted { .. }
        | Reason::TimeoutNowSent { .. }
        | Reason::ToldToStand { .. }
        | Reason::TransferAborted { .. }
        | Reason::TransferRefused { .. }
        | Reason::ProposalDeferred { .. }
        | Reason::ConflictDeleted { .. }
        | Reason::CommitAdvanced { .. }
        | Reason::SteppedDown {
            role: RoleName::Leader,
            ..
        }
        | Reason::ProposalRefused { .. }
        | Reason::ChangeAppended { .. }
        | Reason::ChangeRefused { .. }
        | Reason::RemovalCommitted { .. }
        | Reason::RuleBroken { .. }
        | Reason::CommitWaitsForOwnTerm { .. }
        | Reason::EntryAppended { no_op: false, .. } => Weight::Turn,
        Reason::VoteGranted { .. }
        | Reason::VoteRefused { .. }
        | Reason::PreVoteGranted { .. }
        | Reason::PreVoteRefused { .. }
        | Reason::PreVoteCounted { .. }
        | Reason::PreVoteDenied { .. }
        | Reason::PreVoteWon { .. }
        | Reason::LeaseHeld { .. }
        | Reason::MayNotStand { .. }
        | Reason::VoteCounted { .. }
        | Reason::VoteDenied { .. }
        | Reason::LeaderFollowed { .. }
        | Reason::EntriesRefused { .. }
        | Reason::NextLowered { .. }
        | Reason::RequestStale { .. }
        | Reason::TermAdopted { .. }
        | Reason::SteppedDown { .. }
        | Reason::MembersChanged { .. }
        | Reason::CommitLearned { .. } => Weight::News,
        Reason::EntriesAccepted { new, .. } if *new > 0 => Weight::News,
        Reason::Dropped { .. } => Weight::News,
        _ => Weight::Routine,
    }
}

/// Among reasons of one weight, which tells the story.
fn story_rank(reason: &Reason) -> u8 {
    match reason {
        Reason::ElectionWon { .. } | Reason::RemovalCommitted { .. } => 9,
        Reason::ElectionStarted { .. } | Reason::QuorumLost { .. } => 8,
        Reason::ConflictDeleted { .. } => 7,
        Reason::CommitAdvanced { .. } => 6,
        Reason::VoteGranted { .. } | Reason::VoteRefused { .. } => 5,
        Reason::EntriesRefused { .. } | Reason::LeaderFollowed { .. } => 4,
        Reason::CommitLearned { .. } => 3,
        Reason::EntriesAccepted { .. } | Reason::HeartbeatSent { .. } => 2,
        Reason::TimerArmed { .. } | Reason::OwnVoteWaits => 0,
        _ => 1,
    }
}

/// An event in one sentence, without reasons.
pub fn event(event: &Event) -> String {
    match event {
        Event::Started(server) => format!("{server} starts."),
        Event::TimerFired {
            server,
            timer,
            by_hand,
        } => {
            let runs_out = if *by_hand {
                "is made to run out"
            } else {
                "runs out"
            };
            format!("The {} timer of {server} {runs_out}.", timer.name())
        }
        Event::Delivered(flight) => format!("{} arrives.", flight_name(flight)),
        Event::Lost { flight, cause } => {
            format!("{} is lost: {}.", flight_name(flight), loss(*cause, flight))
        }
        Event::Duplicated(flight) => {
            format!(
                "{} is duplicated and will arrive twice.",
                flight_name(flight)
            )
        }
        Event::Delayed { flight, by } => {
            format!("{} will arrive {by} later.", flight_name(flight))
        }
        Event::LatencySet { path, range } => format!(
            "From now on, messages on {path} take {} to {}.",
            range.min, range.max
        ),
        Event::DiskSet { server, range } => format!(
            "From now on, writes of {server} take {} to {}.",
            range.min, range.max
        ),
        Event::ClockSet { server, rate } => {
            format!("The clock of {server} now runs at {rate} of true time.")
        }
        Event::Held(flight) => format!("{} is held until it is released.", flight_name(flight)),
        Event::Released(flight) => format!("{} goes on.", flight_name(flight)),
        Event::Forged(link) => {
            let Link { from, to } = link;
            format!("Somebody forges a message from {from} to {to}.")
        }
        Event::WriteDone { server, write } => {
            format!("Write {} of {server} is on disk.", write.0)
        }
        Event::Proposed { server, command } => {
            format!("A client asks {server} for “{command}”.")
        }
        Event::TransferAsked { server, target } => {
            format!("Somebody asks {server} that {target} lead.")
        }
        Event::ChangeAsked { server, change } => match change {
            MemberChange::Add(new) => format!("Somebody asks {server} that {new} get a vote."),
            MemberChange::Remove(old) => {
                format!("Somebody asks {server} that {old} lose its vote.")
            }
        },
        Event::Paused(server) => {
            format!("{server} stops, with all that it knows; what is to happen to it waits.")
        }
        Event::Resumed(server) => format!("{server} goes on; what waited for it is late."),
        Event::Crashed {
            server,
            lost_writes,
        } => match lost_writes {
            0 => format!(
                "{server} crashes. It keeps its term, its vote and its log, and forgets the rest."
            ),
            1 => format!("{server} crashes, and with it a write that had not reached the disk."),
            _ => format!(
                "{server} crashes, and with it {lost_writes} writes that had not reached the disk."
            ),
        },
        Event::Restarted(server) => {
            format!(
                "{server} restarts as a follower with the term, the vote and the log on its disk."
            )
        }
        Event::Cut(links) => links_sentence(
            links,
            "is cut",
            "are cut",
            "No link is cut that was not cut before.",
        ),
        Event::Mended(links) => links_sentence(
            links,
            "is mended",
            "are mended",
            "There is no cut link to mend.",
        ),
        Event::Waited(duration) => format!("{duration} pass by hand; nothing moves."),
        Event::Noted(text) => text.to_string(),
    }
}

fn links_sentence(links: &[Link], one: &str, many: &str, none: &str) -> String {
    match links {
        [] => none.to_owned(),
        [link] => format!("The link {link} {one}; the way back is as it was."),
        [link, back] if link.back() == *back => {
            format!(
                "The link between {} and {} {one}, both ways.",
                link.from, link.to
            )
        }
        _ => format!("{} links {many}.", links.len()),
    }
}

/// A message with its sender and receiver.
pub fn flight_name(flight: &Flight) -> String {
    let Link { from, to } = flight.link;
    format!("{} from {from} to {to}", flight.message.kind())
}

/// What a message says, in a few words.
pub fn message(message: &Message) -> String {
    match message {
        Message::RequestVote { term, last, .. } => {
            format!("asks for a vote in term {term}; log ends {}", at(*last))
        }
        Message::PreVote { term, last } => {
            format!(
                "asks who would vote for it in term {term}; log ends {}",
                at(*last)
            )
        }
        Message::PreVoteReply { term, granted } => {
            let vote = if *granted {
                "would vote yes"
            } else {
                "would vote no"
            };
            format!("{vote}, in term {term}")
        }
        Message::TimeoutNow { term } => {
            format!("tells it to stand for election at once, in place of the leader of term {term}")
        }
        Message::RequestVoteReply { term, granted } => {
            let vote = if *granted { "yes" } else { "no" };
            format!("{vote}, in term {term}")
        }
        Message::AppendEntries {
            term,
            prev,
            entries,
            commit,
        } => {
            let what = match entries.len() {
                0 => "heartbeat".to_owned(),
                1 => "1 entry".to_owned(),
                many => format!("{many} entries"),
            };
            format!(
                "{what} of term {term} after {}; commit {commit}",
                place(*prev)
            )
        }
        Message::AppendEntriesReply { term, result } => match result {
            AppendResult::Accepted { matched } => {
                format!("yes, in term {term}; logs match up to {matched}")
            }
            AppendResult::Refused { hint } => format!("no, in term {term}; try after {hint}"),
        },
    }
}

/// Why a message does not arrive.
pub fn loss(loss: Loss, flight: &Flight) -> String {
    match loss {
        Loss::LinkCut => "the link is cut".to_owned(),
        Loss::ServerDown => format!("{} is down", flight.link.to),
        Loss::Chance => "the network loses it".to_owned(),
        Loss::Dropped => "somebody dropped it".to_owned(),
    }
}

/// What an entry asks for.
pub fn payload(payload: &Payload) -> Cow<'_, str> {
    match payload {
        Payload::Noop => "no-op".into(),
        Payload::Command(command) => Cow::Borrowed(command),
        Payload::Members(members) => format!("members {members}").into(),
    }
}

fn at(position: Position) -> String {
    format!("at {}", place(position))
}

fn place(position: Position) -> String {
    match position {
        Position::START => "the start".to_owned(),
        Position { index, term } => format!("index {index} (term {term})"),
    }
}

//! Sentences for what happened and why.
//!
//! The core and the laboratory record typed facts; this is the one place that
//! puts them into words.

use hustings_raft::{
    AppendResult, DropCause, LogIndex, Message, NodeId, Payload, Position, Reason, Refusal,
    RoleName, Term, Timer, TimerCause, TransferRefusal,
};

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
        | Event::Cut(_)
        | Event::Mended(_)
        | Event::Noted(_) => Weight::Turn,
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
        }
        | Reason::ProposalRefused { .. }
        | Reason::CommitWaitsForOwnTerm { .. }
        | Reason::EntryAppended { no_op: false, .. } => Weight::Turn,
        Reason::VoteGranted { .. }
        | Reason::VoteRefused { .. }
        | Reason::PreVoteGranted { .. }
        | Reason::PreVoteRefused { .. }
        | Reason::PreVoteWon { .. }
        | Reason::LeaseHeld { .. }
        | Reason::VoteCounted { .. }
        | Reason::VoteDenied { .. }
        | Reason::LeaderFollowed { .. }
        | Reason::EntriesRefused { .. }
        | Reason::NextLowered { .. }
        | Reason::RequestStale { .. }
        | Reason::TermAdopted { .. }
        | Reason::SteppedDown { .. }
        | Reason::CommitLearned { .. } => Weight::News,
        Reason::EntriesAccepted { new, .. } if *new > 0 => Weight::News,
        Reason::Dropped { .. } => Weight::News,
        _ => Weight::Routine,
    }
}

/// Among reasons of one weight, which tells the story.
fn story_rank(reason: &Reason) -> u8 {
    match reason {
        Reason::ElectionWon { .. } => 9,
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
        Event::TimerFired { server, timer } => {
            format!("The {} timer of {server} runs out.", timer.name())
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
        Event::WriteDone { server, write } => {
            format!("Write {} of {server} is on disk.", write.0)
        }
        Event::Proposed { server, command } => {
            format!("A client asks {server} for “{command}”.")
        }
        Event::TransferAsked { server, target } => {
            format!("Somebody asks {server} that {target} lead.")
        }
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
pub fn payload(payload: &Payload) -> &str {
    match payload {
        Payload::Noop => "no-op",
        Payload::Command(command) => command,
    }
}

/// A reason in one sentence; `me` is the server that took the step.
pub fn explain(me: NodeId, reason: &Reason) -> String {
    match reason {
        Reason::Started { term, last, .. } => {
            format!(
                "{me} starts as a follower in term {term}; its log ends {}.",
                at(*last)
            )
        }
        Reason::TermAdopted { old, new, sender } => {
            format!("{me} adopts term {new} from {sender}; its own was {old}.")
        }
        Reason::SteppedDown { role } => format!("{me} is no longer {role}."),
        Reason::ElectionStarted { term, needed, .. } => format!(
            "{me} has heard from no leader in time and stands for election in term {term}: it votes for itself and needs {} in all.",
            votes(*needed)
        ),
        Reason::PreVoteStarted { term, needed, .. } => format!(
            "{me} has heard from no leader in time and asks who would vote for it in term {term}; it needs {} in all, its own among them.",
            votes(*needed)
        ),
        Reason::PreVoteGranted {
            candidate,
            term,
            theirs,
            mine,
        } => format!(
            "{me} would vote for {candidate} in term {term}: {candidate}'s log ends {}, its own {}.",
            at(*theirs),
            at(*mine)
        ),
        Reason::PreVoteRefused {
            candidate, refusal, ..
        } => {
            format!(
                "{me} would not vote for {candidate}: {}.",
                refusal_cause(me, *candidate, *refusal)
            )
        }
        Reason::PreVoteWon {
            term,
            granted,
            needed,
        } => format!(
            "{me} would win term {term}: {granted} would vote for it, and {needed} are a majority."
        ),
        Reason::LeaseHeld {
            candidate,
            term,
            leader,
        } => format!(
            "{me} ignores {candidate}, which stands in term {term}: it hears from {}.",
            leader_name(me, *leader)
        ),
        Reason::QuorumHeard { active, needed } => format!(
            "{me} leads on: {active} have answered since the last check, and {needed} are a majority."
        ),
        Reason::QuorumLost { active, needed } => format!(
            "{me} steps down: since the last check only {active} have answered, and {needed} would be a majority."
        ),
        Reason::TransferStarted {
            target,
            matched,
            last,
        } => format!(
            "{me} hands over to {target} and takes no requests meanwhile: {target} holds its log up to index {matched} of {last}."
        ),
        Reason::TimeoutNowSent { target } => {
            format!(
                "{me} tells {target}, which holds its whole log, to stand for election at once."
            )
        }
        Reason::ToldToStand { leader } => {
            format!("{me} stands for election because {leader} hands over to it.")
        }
        Reason::TransferAborted { target } => {
            format!("{me} gives up handing over to {target} and takes requests again.")
        }
        Reason::TransferRefused { target, refusal } => {
            format!(
                "{me} does not hand over to {target}: {}.",
                transfer_refusal(*refusal)
            )
        }
        Reason::ProposalDeferred { target } => {
            format!("{me} takes no request while it hands over to {target}.")
        }
        Reason::OwnVoteWaits => format!("{me}'s own vote counts once it is on disk."),
        Reason::VoteGranted {
            candidate,
            term,
            theirs,
            mine,
        } => format!(
            "{me} votes for {candidate} in term {term}: {candidate}'s log ends {}, its own {}.",
            at(*theirs),
            at(*mine)
        ),
        Reason::VoteRefused {
            candidate,
            term,
            refusal,
        } => refusal_sentence(me, *candidate, *term, *refusal),
        Reason::VoteCounted {
            voter,
            granted,
            needed,
        } => format!("{me} counts the vote of {voter}: {granted} of the {needed} that it needs."),
        Reason::VoteDenied {
            voter,
            refused,
            hope,
        } => {
            let rest = if *hope {
                "it can still win"
            } else {
                "it can no longer win, and waits for its timeout"
            };
            format!("{me} is refused by {voter}, {refused} in all; {rest}.")
        }
        Reason::ElectionWon {
            term,
            granted,
            needed,
        } => format!(
            "{me} leads term {term}: it has the votes of {granted}, and {needed} are a majority."
        ),
        Reason::LeaderFollowed { leader, term } => {
            format!("{me} follows {leader}, the leader of term {term}.")
        }
        Reason::TimerArmed { timer, cause } => format!(
            "{me} starts its {} timer {}.",
            timer.name(),
            timer_cause(*timer, *cause)
        ),
        Reason::HeartbeatSent { term } => {
            format!("{me}, the leader of term {term}, sends AppendEntries to all.")
        }
        Reason::EntryAppended { position, no_op } => {
            let what = if *no_op {
                "an empty entry of its own term"
            } else {
                "the client's command"
            };
            format!("{me} appends {what} {}.", at(*position))
        }
        Reason::ProposalRefused { leader } => match leader {
            Some(leader) => format!("{me} does not lead and sends the client to {leader}."),
            None => format!("{me} does not lead, and knows no leader to send the client to."),
        },
        Reason::EntriesAccepted { prev, matched, new } => match new {
            0 => format!("{me} finds its log as the leader says, up to index {matched}."),
            _ => format!(
                "{me} takes {} after {} and confirms index {matched}.",
                entries(*new),
                place(*prev)
            ),
        },
        Reason::EntriesRefused { prev, mine, hint } => {
            let have = match mine {
                Some(term) => format!("it has an entry of term {term} there"),
                None => "its log ends before it".to_owned(),
            };
            format!(
                "{me} refuses the entries after {}: {have}. The leader should try after index {hint}.",
                place(*prev)
            )
        }
        Reason::ConflictDeleted {
            from,
            through,
            mine,
            theirs,
        } => format!(
            "{me} deletes {}, of term {mine} where the leader has term {theirs}.",
            range(*from, *through)
        ),
        Reason::MatchAdvanced { follower, new, .. } => {
            format!("{me} now knows that {follower} holds its log up to index {new}.")
        }
        Reason::MatchConfirmed { follower, matched } => {
            format!("{me} hears from {follower}, which still holds its log up to index {matched}.")
        }
        Reason::NextLowered { follower, new, .. } => {
            format!("{me} goes back with {follower} and tries again from index {new}.")
        }
        Reason::CommitAdvanced {
            new,
            holders,
            needed,
            ..
        } => format!(
            "{me} commits up to index {new}: {holders} hold it on disk, and {needed} are a majority."
        ),
        Reason::CommitWaits {
            index,
            holders,
            needed,
        } => format!(
            "Index {index} is not committed yet: {} of {needed} servers hold it on disk.",
            holders.len()
        ),
        Reason::CommitWaitsForOwnTerm {
            entry,
            term,
            holders,
        } => format!(
            "Index {} is on {holders}, a majority, but its term {} is not the leader's {term}: it commits only along with an entry of term {term}.",
            entry.index, entry.term
        ),
        Reason::CommitLearned { new, .. } => format!("{me} learns that index {new} is committed."),
        Reason::RequestStale {
            sender,
            kind,
            theirs,
            mine,
        } => {
            format!(
                "{me} refuses {kind} from {sender}: its term {theirs} is over, this is term {mine}."
            )
        }
        Reason::Dropped {
            sender,
            kind,
            cause,
        } => {
            format!("{me} ignores {kind} from {sender}: {}.", drop_cause(*cause))
        }
        Reason::TimerIgnored { timer, role } => {
            format!(
                "{me} is {role} and has no use for its {} timer.",
                timer.name()
            )
        }
    }
}

fn refusal_sentence(me: NodeId, candidate: NodeId, term: Term, refusal: Refusal) -> String {
    let cause = refusal_cause(me, candidate, refusal);
    format!("{me} refuses {candidate} its vote in term {term}: {cause}.")
}

fn refusal_cause(me: NodeId, candidate: NodeId, refusal: Refusal) -> String {
    match refusal {
        Refusal::AlreadyVoted { voted_for } if voted_for == me => "it stands itself".to_owned(),
        Refusal::AlreadyVoted { voted_for } => format!("it has voted for {voted_for}"),
        Refusal::TermTaken { mine } => {
            format!("it is in term {mine} already and its vote is not free")
        }
        Refusal::LeaderAlive { leader } => format!("it hears from {}", leader_name(me, leader)),
        Refusal::LogBehind { theirs, mine } => format!(
            "{candidate}'s log ends {}, behind its own, which ends {}",
            at(theirs),
            at(mine)
        ),
    }
}

fn leader_name(me: NodeId, leader: NodeId) -> String {
    match leader == me {
        true => "a majority, as the leader itself".to_owned(),
        false => format!("the leader, {leader}"),
    }
}

fn transfer_refusal(refusal: TransferRefusal) -> &'static str {
    match refusal {
        TransferRefusal::NotLeader => "it does not lead",
        TransferRefusal::NoMember => "that server has no vote in this cluster",
        TransferRefusal::LeadsAlready => "it leads already",
        TransferRefusal::UnderWay => "that is under way already",
    }
}

fn drop_cause(cause: DropCause) -> String {
    match cause {
        DropCause::StaleTerm { theirs, mine } => {
            format!("it answers a question of term {theirs}, and this is term {mine}")
        }
        DropCause::Unasked { role } => match role {
            RoleName::Leader => "a leader needs no more votes".to_owned(),
            _ => format!("a {role} has not asked for it"),
        },
        DropCause::NothingNew => "it says nothing new".to_owned(),
        DropCause::LeadingMyself => "it leads this term itself".to_owned(),
        DropCause::NoMember => "it has no vote in this cluster".to_owned(),
    }
}

fn timer_cause(timer: Timer, cause: TimerCause) -> &'static str {
    match (cause, timer) {
        (TimerCause::Started, _) => "because it has just started",
        (TimerCause::ElectionStarted, _) => "anew, for the election may fail",
        (TimerCause::VoteGranted, _) => "anew, to give the candidate time",
        (TimerCause::LeaderHeard, _) => "anew, because it has heard from the leader",
        (TimerCause::SteppedDown, _) => "because it no longer leads",
        (TimerCause::CheckingQuorum, _) => "to see whether a majority still answers",
        (TimerCause::TransferStarted, _) => "to give up if the other does not get to lead",
        (TimerCause::HeartbeatSent, _) => "for the next round",
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

fn range(from: LogIndex, through: LogIndex) -> String {
    if from == through {
        format!("the entry at index {from}")
    } else {
        format!("the entries from index {from} to {through}")
    }
}

fn votes(count: u8) -> String {
    match count {
        1 => "1 vote".to_owned(),
        _ => format!("{count} votes"),
    }
}

fn entries(count: u64) -> String {
    match count {
        1 => "1 new entry".to_owned(),
        _ => format!("{count} new entries"),
    }
}

//! Sentences for what a transcript tells, and for messages that wait for a disk.

use std::rc::Rc;

use hustings_raft::{
    AppendResult, LogIndex, Message, MessageKind, NodeId, NodeSet, Reason, RoleName,
};

use super::lang::{Texts, servers};
use super::reason::indexes;
use super::{Lang, event, headline, in_a_row, log_end, loss, moment, place, role, tally};
use crate::message::{Loss, WaitingMessage};
use crate::record::{Change, Event, Record, Records};
use crate::tally::SplitVote;
use crate::transcript::{Item, Quiet, Repeated, Told};

/// What is told of one thing, sentence by sentence. `records` are those of the run.
pub fn told(item: &Item, records: &Records, lang: Lang) -> Vec<String> {
    let Some(first) = records.get(item.first) else {
        return Vec::new();
    };
    match &item.told {
        Told::Record { failed, .. } => {
            let failed = failed.iter().map(|failed| tally(failed, lang));
            let others = beside(&item.told, &first.event, lang);
            failed
                .chain([headline(first, lang)])
                .chain(others)
                .chain(printed(first, lang))
                .collect()
        }
        Told::Lost { to } => vec![lost(&first.event, *to, lang)],
        Told::Quiet(quiet) => {
            let mut told = quiet_told(quiet, lang);
            let last = records.get(item.last).filter(|last| last.at > first.at);
            told.extend(last.map(|last| lang.texts().so_until(moment(last.at))));
            told
        }
    }
}

/// The same in one text.
pub fn told_at_once(item: &Item, records: &Records, lang: Lang) -> String {
    in_a_row(told(item, records, lang), lang.texts())
}

/// The same as short as it can be: of heartbeats that go on, who sends them.
pub fn told_briefly(item: &Item, records: &Records, lang: Lang) -> String {
    let Told::Quiet(quiet) = &item.told else {
        return told_at_once(item, records, lang);
    };
    let t = lang.texts();
    let heard: NodeSet = quiet.heartbeats.iter().map(|(id, _)| id).collect();
    let heartbeats = match heard.len() {
        0 => None,
        1 => Some(t.quiet_heartbeat(servers(heard, t))),
        _ => Some(t.quiet_heartbeats(servers(heard, t))),
    };
    let lost = quiet.lost.iter();
    let lost = lost.map(|(from, Repeated { to, .. })| t.quiet_lost(from, servers(*to, t)));
    in_a_row(heartbeats.into_iter().chain(lost), t)
}

/// What a record does not know itself: who else leads when a server begins to lead,
/// what became of a leadership transfer, by which clock a timer has run out, and that the vote of
/// a term is split.
pub fn beside(told: &Told, event: &Event, lang: Lang) -> Vec<String> {
    let (t, server) = (lang.texts(), event.server());
    let (
        Told::Record {
            still_leading,
            transfers,
            clock,
            split_vote,
            ..
        },
        server,
    ) = (told, server)
    else {
        return Vec::new();
    };
    let split_vote = split_vote.as_deref().map(|it| split(it, lang));
    let Some(server) = server else {
        return split_vote.into_iter().collect();
    };
    let leaders = still_leading.iter();
    let leaders = leaders.map(|(leader, term)| t.still_leads(leader, term));
    let transfers = transfers.iter().map(|(leader, target)| {
        if *target == server {
            t.transfer_succeeded(leader, target)
        } else if *leader == server {
            t.transfer_over(leader, target)
        } else {
            t.transfer_failed(leader, target, server)
        }
    });
    let clock = clock.iter().map(|rate| t.own_clock(server, rate));
    let all = leaders.chain(transfers).chain(clock);
    all.chain(split_vote).collect()
}

/// That the vote of a term is split.
fn split(SplitVote { term, candidates }: &SplitVote, lang: Lang) -> String {
    let t = lang.texts();
    let votes = candidates
        .iter()
        .map(|(candidate, votes, needed)| t.votes_of(candidate, votes, needed));
    let votes: Vec<_> = votes.collect();
    t.vote_is_split(term, votes.join(t.between_things()))
}

/// The role that a server takes, if no reason tells of it: a program may take one for reasons
/// that cannot be seen.
pub fn unexplained_role(record: &Record, lang: Lang) -> Option<String> {
    let taken = record
        .changes
        .iter()
        .rev()
        .find_map(|change| match *change {
            Change::Role { new, .. } => Some(new),
            _ => None,
        })?;
    let tells = |reason: &Reason| match taken {
        RoleName::Leader => matches!(
            reason,
            Reason::ElectionWon { .. } | Reason::ElectionSkipped { .. }
        ),
        RoleName::Candidate => matches!(reason, Reason::ElectionStarted { .. }),
        RoleName::PreCandidate => matches!(reason, Reason::PreVoteStarted { .. }),
        RoleName::Follower => matches!(
            reason,
            Reason::SteppedDown { .. } | Reason::LeaderFollowed { .. } | Reason::TermAdopted { .. }
        ),
    };
    let starts = record.event.is_restart() || matches!(record.event, Event::Crashed { .. });
    if starts || record.reasons.iter().any(tells) {
        return None;
    }
    let (t, server) = (lang.texts(), record.event.server()?);
    Some(t.takes_role(server, role(taken, lang)))
}

/// What a server's program printed.
pub fn printed(record: &Record, lang: Lang) -> Option<String> {
    let (t, server) = (lang.texts(), record.event.server()?);
    let lines = record.printed.iter().map(|line| format!("“{line}”"));
    let lines: Vec<_> = lines.collect();
    (!lines.is_empty()).then(|| t.prints(server, lines.join(t.between_things())))
}

/// The loss of a message on its way to several servers.
fn lost(first: &Event, to: NodeSet, lang: Lang) -> String {
    let t = lang.texts();
    let Event::Lost { flight, cause } = first else {
        return event(first, lang);
    };
    if to.len() < 2 {
        return event(first, lang);
    }
    let names = servers(to, t);
    let cause = match cause {
        Loss::LinkCut => t.loss_links_cut().to_owned(),
        Loss::ServerDown => t.loss_servers_down(&names),
        Loss::Chance | Loss::Dropped => loss(*cause, flight, lang),
    };
    t.lost_many(flight.message.kind(), flight.link.from, names, cause)
}

fn quiet_told(quiet: &Quiet, lang: Lang) -> Vec<String> {
    let t = lang.texts();
    let heartbeats = quiet
        .heartbeats
        .iter()
        .map(|(from, Repeated { count, to })| {
            let names = servers(*to, t);
            match (count, to.len()) {
                (1, _) => t.one_heartbeat(from, names),
                (_, 1) => t.heartbeats_to_one(from, count, names),
                _ => t.heartbeats(from, count, names),
            }
        });
    let lost = quiet.lost.iter().map(|(from, Repeated { count, to })| {
        let names = servers(*to, t);
        match count {
            1 => t.lost_once_more(from, names),
            _ => t.lost_more(from, count, names),
        }
    });
    heartbeats.chain(lost).collect()
}

/// What a finished write has let go.
pub(super) fn departed(record: &Record, lang: Lang) -> Option<String> {
    let Event::WriteDone { server, .. } = record.event else {
        return None;
    };
    let own = record.sent.iter().filter(|flight| flight.copy_of.is_none());
    let messages = own.map(|flight| (flight.link.to, &*flight.message));
    let t = lang.texts();
    Some(t.write_lets_go(server, named(messages, t)?))
}

/// What is to leave only after a write.
pub(super) fn waits(record: &Record, lang: Lang) -> Option<String> {
    let t = lang.texts();
    Some(t.waits_for_write(named_waiting(&record.waiting, t)?))
}

/// What a crash has lost that was not on the disk.
pub fn lost_in_crash(record: &Record, lang: Lang) -> Option<String> {
    let Event::Crashed { .. } = record.event else {
        return None;
    };
    let t = lang.texts();
    let lost = record.changes.iter().filter_map(|change| match *change {
        Change::Term { old, new } => Some(t.lost_term(old, new)),
        Change::VotedFor { old, .. } => Some(t.lost_vote_for(old?)),
        Change::LogEnd { old, new } if old.index > new.index => {
            let entries = indexes(new.index.next(), old.index, t);
            Some(t.lost_entries(entries, log_end(new, t)))
        }
        Change::LogEnd { old, new } => Some(t.lost_log_end(place(old, t), log_end(new, t))),
        _ => None,
    });
    let lost: Vec<_> = lost.collect();
    (!lost.is_empty()).then(|| t.lost_in_crash(lost.join(t.between_clauses())))
}

/// What a finished write has let go, what a crash has lost, and what is to leave only
/// after a write.
pub fn about_disk(record: &Record, lang: Lang) -> Option<String> {
    let told = [
        departed(record, lang),
        lost_in_crash(record, lang),
        waits(record, lang),
    ];
    let told = in_a_row(told.into_iter().flatten(), lang.texts());
    (!told.is_empty()).then_some(told)
}

/// When a message leaves that waits for a write.
pub fn departure(waiting: &WaitingMessage, lang: Lang) -> String {
    lang.texts().once_on_disk(waiting.write)
}

/// The sentence about a crash, with what never leaves because of it.
pub(super) fn with_unsent(crashed: String, unsent: &[Rc<WaitingMessage>], lang: Lang) -> String {
    let t = lang.texts();
    let never = named_waiting(unsent, t).map(|what| t.never_sends(what));
    in_a_row([crashed].into_iter().chain(never), t)
}

fn named_waiting(waiting: &[Rc<WaitingMessage>], t: Texts) -> Option<String> {
    let messages = waiting.iter();
    named(messages.map(|it| (it.link.to, &*it.message)), t)
}

/// Messages of one server by what they are to it, each kind once with all whom it
/// is for, and of several acknowledgements to the same server the furthest.
fn named<'a>(messages: impl Iterator<Item = (NodeId, &'a Message)>, t: Texts) -> Option<String> {
    let mut kinds: Vec<(Name, NodeSet)> = Vec::new();
    for (to, message) in messages {
        let name = Name::of(message);
        if let Name::Confirmation(index) = name
            && let Some((Name::Confirmation(before), receivers)) = kinds.last_mut()
            && *receivers == NodeSet::from_iter([to])
        {
            *before = index.max(*before);
            continue;
        }
        match kinds.iter_mut().find(|(other, _)| *other == name) {
            Some((_, receivers)) => {
                receivers.insert(to);
            }
            None => kinds.push((name, [to].into_iter().collect())),
        }
    }
    let names: Vec<_> = kinds
        .into_iter()
        .map(|(name, to)| name.tell(servers(to, t), t))
        .collect();
    (!names.is_empty()).then(|| names.join(t.between_things()))
}

/// What a message is to its sender.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    Vote,
    PreVote,
    Refusal,
    VoteRequest,
    PreVoteRequest,
    Confirmation(LogIndex),
    Other(MessageKind),
}

impl Name {
    fn of(message: &Message) -> Self {
        match message {
            Message::RequestVoteReply { granted: true, .. } => Self::Vote,
            Message::PreVoteReply { granted: true, .. } => Self::PreVote,
            Message::RequestVoteReply { granted: false, .. }
            | Message::PreVoteReply { granted: false, .. } => Self::Refusal,
            Message::RequestVote { .. } => Self::VoteRequest,
            Message::PreVote { .. } => Self::PreVoteRequest,
            Message::AppendEntriesReply { result, .. } => match result {
                AppendResult::Accepted { matched } => Self::Confirmation(*matched),
                AppendResult::Refused { .. } => Self::Refusal,
            },
            Message::AppendEntries { .. } | Message::TimeoutNow { .. } => {
                Self::Other(message.kind())
            }
        }
    }

    fn tell(self, to: String, t: Texts) -> String {
        match self {
            Self::Vote => t.its_vote(to),
            Self::PreVote => t.its_pre_vote(to),
            Self::Refusal => t.its_refusal(to),
            Self::VoteRequest => t.its_vote_requests(to),
            Self::PreVoteRequest => t.its_pre_vote_requests(to),
            Self::Confirmation(index) => t.its_confirmation(index, to),
            Self::Other(kind) => t.its_message(kind, to),
        }
    }
}

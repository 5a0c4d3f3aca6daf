//! Sentences for what happened and why.
//!
//! The core and the laboratory record typed facts; this is the one place that
//! puts them into words. The words stand in `locales/`, and `build.rs` makes a
//! function of each.

mod lang;
mod links;
mod mistake;
mod moment;
mod question;
mod reason;
mod refusal;
mod statement;
mod statistics;
mod tally;
mod told;
mod violation;
mod why;

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use hustings_raft::{
    AppendResult, BrokenRule, ClientReply, Entry, MemberChange, Message, MillisRange, NodeId,
    NodeSet, Payload, Position, Reason, RoleName, StepDownCause,
};

use self::lang::{Texts, servers};

pub use self::lang::Lang;
pub use self::moment::moment;
pub use self::question::{answer_to, question};
pub use self::reason::explain;
pub use self::statement::{branch, branch_name, broken, invariant, role, rule, source, timer};
pub use self::statistics::{message_columns, statistics};
pub use self::tally::{tally, tally_beside_reasons};
pub use self::told::{
    about_disk, beside, departure, lost_in_crash, printed, told, told_at_once, told_briefly,
    unexplained_role,
};
pub use self::violation::violation;
pub use self::why::reasons;
use crate::check::{Found, Mismatch, Wanted};
use crate::error::CommandError;
use crate::header::HeaderError;
use crate::history::{HistoryError, ReplayError};
use crate::link::LinkError;
use crate::message::Loss;
use crate::path::Link;
use crate::play::{Failure, Fault};
use crate::record::{Event, Flight, Record};
use crate::script::{Help, Mistake, ScriptError, Token, TooLong};
use crate::vec_map::VecSet;
use crate::weight::{Weight, main_reason, weight_of, weightiest};

/// What becomes a sentence in each language. Its `Display` is the English one.
pub trait Tell {
    /// The sentence. It can stand within another, so nothing ends it.
    fn tell(&self, lang: Lang) -> String;
}

macro_rules! displayed {
    ($($told:ty),+) => {$(
        impl fmt::Display for $told {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.tell(Lang::En))
            }
        }
    )+};
}

displayed!(
    CommandError,
    HeaderError,
    HistoryError,
    ReplayError,
    LinkError,
    TooLong
);
displayed!(
    ScriptError,
    Mistake,
    Token,
    Help,
    Failure,
    Fault,
    Mismatch,
    Wanted,
    Found
);

impl Error for CommandError {}
impl Error for HeaderError {}
impl Error for HistoryError {}
impl Error for ReplayError {}
impl Error for LinkError {}
impl Error for TooLong {}
impl Error for ScriptError {}
impl Error for Failure {}

/// What happened, in a sentence: the weightiest reason if there is one, otherwise
/// the event itself. Others say what Raft does where a rule is broken, what a write has
/// let go or a crash has lost, and what waits for a write.
pub fn headline(record: &Record, lang: Lang) -> String {
    let t = lang.texts();
    match &record.event {
        Event::Restarted(server) => return restarted(record, *server, t),
        Event::Installed { server, program } => {
            let said = [
                installed(*server, program.as_deref(), t),
                restarted(record, *server, t),
            ];
            return in_a_row(said, t);
        }
        _ => {}
    }
    let departed = told::departed(record, lang);
    let said = match (record.event.server(), main_reason(record)) {
        (Some(_), Some(reason)) if departed.is_some() && weight_of(reason) == Weight::Routine => {
            None
        }
        (Some(server), Some(reason)) => Some(decided(record, server, reason, lang)),
        _ if departed.is_some() => None,
        _ => Some(event(&record.event, lang)),
    };
    let role = unexplained_role(record, lang);
    let (lost, waits) = (lost_in_crash(record, lang), told::waits(record, lang));
    let sentences = [departed, said, role, lost, waits];
    in_a_row(sentences.into_iter().flatten(), t)
}

/// What a server runs from now on.
fn installed(me: NodeId, program: Option<&str>, t: Texts) -> String {
    match program {
        Some(program) => t.installed(me, program),
        None => t.installed_core(me),
    }
}

/// With what a server restarts, or what a broken rule has made it lose.
fn restarted(record: &Record, me: NodeId, t: Texts) -> String {
    let (lost, rules): (Vec<_>, Vec<_>) = lost_by_restart(record, t).unzip();
    if !lost.is_empty() {
        let things = |things: Vec<_>| things.join(t.between_things());
        return t.restarted_without(me, things(lost), things(rules));
    }
    let starts = record.reasons.iter().find_map(|reason| match *reason {
        Reason::Started {
            term,
            voted_for,
            last,
        } => Some((term, voted_for, last)),
        _ => None,
    });
    match starts {
        Some((term, vote, last)) => {
            t.restarted_with(me, term, reason::vote(vote, t), log_end(last, t))
        }
        None => t.restarted(me),
    }
}

/// The main reason of a record; and if that is a broken rule, what was done by it.
fn decided(record: &Record, me: NodeId, reason: &Reason, lang: Lang) -> String {
    let t = lang.texts();
    let standard = why::standard(record, me, lang);
    let Reason::RuleBroken { .. } = reason else {
        let done = told_of(record, me, reason, lang);
        return in_a_row(done.into_iter().chain(standard), t);
    };
    let done = weightiest(record, |it| !matches!(it, Reason::RuleBroken { .. }));
    let done = done.map(|done| told_of(record, me, done, lang));
    let rule = standard.unwrap_or_else(|| why::alone(record, me, reason, lang));
    in_a_row(done.into_iter().flatten().chain([rule]), t)
}

/// The main reason, after the role that its server has given up and before what else is
/// a turn: a deposed leader both steps down and deletes entries.
fn told_of(record: &Record, me: NodeId, main: &Reason, lang: Lang) -> Vec<String> {
    let is_turn = |it: &Reason| weight_of(it) == Weight::Turn;
    let Some(gives_up) = record.reasons.iter().find(|it| gives_up(it)) else {
        return vec![why::alone(record, me, main, lang)];
    };
    let second = match main {
        _ if main == gives_up => weightiest(record, |it| {
            it != main && is_turn(it) && !matches!(it, Reason::RuleBroken { .. })
        }),
        _ => Some(main),
    };
    let first = (main == gives_up || is_turn(main)).then_some(gives_up);
    let told = [first, second].into_iter().flatten();
    told.map(|reason| why::alone(record, me, reason, lang))
        .collect()
}

/// Whether a server that led or stood gives that up, for a cause that is said with it.
fn gives_up(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::SteppedDown {
            role: RoleName::Leader | RoleName::Candidate,
            cause: StepDownCause::HigherTerm | StepDownCause::LeaderHeard,
        }
    )
}

/// What a server had on its disk and does not find there, and the broken rule by which
/// that is so.
fn lost_by_restart(
    record: &Record,
    t: Texts,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    why::broken_rules(record).filter_map(move |broken| {
        let lost = match broken {
            BrokenRule::ForgetVoteOnRestart => t.lost_vote(),
            BrokenRule::ForgetTermAndVoteOnRestart => t.lost_term_and_vote(),
            BrokenRule::ForgetLogOnRestart => t.lost_log(),
            _ => return None,
        };
        Some((lost, broken.name()))
    })
}

/// An event in one sentence, without reasons.
pub fn event(event: &Event, lang: Lang) -> String {
    let t = lang.texts();
    let name = |flight| marked_name(flight, lang);
    match event {
        Event::Started(server) => t.started(server),
        Event::TimerFired {
            server,
            timer: which,
            by_hand,
        } => match by_hand {
            true => t.timer_made_to_run_out(timer(*which, lang), server),
            false => t.timer_runs_out(timer(*which, lang), server),
        },
        Event::Delivered(flight) => t.delivered(name(flight)),
        Event::Lost { flight, cause } => t.lost(name(flight), loss(*cause, flight, lang)),
        Event::Duplicated(flight) => t.duplicated(name(flight)),
        Event::Delayed { flight, by } => t.delayed(name(flight), by),
        Event::LatencySet { path, range } => t.latency_set(path, durations(*range, t)),
        Event::DiskSet { server, range } => t.disk_set(server, durations(*range, t)),
        Event::ClockSet { server, rate } => t.clock_set(server, rate),
        Event::Reseeded(seed) => t.reseeded(seed),
        Event::Held(flight) => t.held(name(flight)),
        Event::Released(flight) => t.released(name(flight)),
        Event::Forged(link) => t.forged(link.from, link.to),
        Event::WriteDone { server, write } => t.write_done(write, server),
        Event::Proposed { server, command } => t.proposed(server, command),
        Event::TransferAsked { server, target } => t.transfer_asked(server, target),
        Event::ChangeAsked { server, change } => match change {
            MemberChange::Add(new) => t.add_asked(server, new),
            MemberChange::Remove(old) => t.remove_asked(server, old),
        },
        Event::Paused(server) => t.paused(server),
        Event::Resumed(server) => t.resumed(server),
        Event::Crashed {
            server,
            failure,
            lost_writes,
            unsent,
        } => {
            let crashed = match lost_writes {
                _ if let Some(failure) = failure => t.program_failed(server, failure),
                0 => t.crashed(server),
                1 => t.crashed_with_write(server),
                _ => t.crashed_with_writes(server, lost_writes),
            };
            told::with_unsent(crashed, unsent, lang)
        }
        Event::Restarted(server) => t.restarted(server),
        Event::Installed { server, program } => installed(*server, program.as_deref(), t),
        Event::Cut(links) => links::cut(links, t),
        Event::Mended(links) => links::mended(links, t),
        Event::Partitioned {
            groups,
            cut,
            mended,
        } => links::partitioned(groups, cut, mended, lang),
        Event::Waited(duration) => t.waited(duration),
        Event::Noted(text) => text.to_string(),
    }
}

fn durations(range: MillisRange, t: Texts) -> String {
    if range.min() == range.max() {
        range.min().to_string()
    } else {
        t.from_to(range.min(), range.max())
    }
}

/// A message with its sender and receiver.
pub fn flight_name(flight: &Flight, lang: Lang) -> String {
    message_name(&flight.message, flight.link, lang)
}

/// A message with its sender and receiver, and what is odd about it: that it is a
/// copy, or forged.
pub fn marked_name(flight: &Flight, lang: Lang) -> String {
    let t = lang.texts();
    let mut name = flight_name(flight, lang);
    if flight.copy_of.is_some() {
        name = t.marked_copy(name);
    }
    if flight.forged {
        name = t.marked_forged(name);
    }
    name
}

/// What the clients were told, in a sentence each.
pub fn answers(record: &Record, lang: Lang) -> Vec<String> {
    let Some(server) = record.event.server() else {
        return Vec::new();
    };
    let answers = record.answers.iter();
    let told = answers.filter_map(|it| answer(server, it, &record.event, lang));
    told.collect()
}

fn answer(me: NodeId, answer: &ClientReply, event: &Event, lang: Lang) -> Option<String> {
    let t = lang.texts();
    Some(match *answer {
        ClientReply::Accepted(position) => t.answer_accepted(me, place(position, t)),
        ClientReply::Committed(position) => t.answer_committed(me, place(position, t)),
        ClientReply::NotLeader {
            leader: Some(leader),
        } => t.answer_not_leader(me, leader),
        ClientReply::NotLeader { leader: None } => t.answer_no_leader(me),
        ClientReply::Transferring { target } => t.answer_transferring(me, target),
        ClientReply::ChangeRefused(refusal) => {
            let Event::ChangeAsked { change, .. } = event else {
                return None;
            };
            let cause = reason::change_refusal(me, change.server(), refusal, t);
            t.answer_change_refused(me, cause)
        }
    })
}

/// A message with its sender and receiver, whether it has left or not.
pub fn message_name(message: &Message, Link { from, to }: Link, lang: Lang) -> String {
    lang.texts().flight(message.kind(), from, to)
}

/// The names of some servers.
pub fn names(set: NodeSet, lang: Lang) -> String {
    servers(set, lang.texts())
}

/// What a message says, in a few words.
pub fn message(message: &Message, lang: Lang) -> String {
    let t = lang.texts();
    match message {
        Message::RequestVote {
            term,
            last,
            transfer,
        } => {
            let end = log_end(*last, t);
            if *transfer {
                t.says_transfer_vote(term, end)
            } else {
                t.says_request_vote(term, end)
            }
        }
        Message::PreVote { term, last } => t.says_pre_vote(term, log_end(*last, t)),
        Message::PreVoteReply { term, granted } => match granted {
            true => t.says_would_vote(term),
            false => t.says_would_not_vote(term),
        },
        Message::TimeoutNow { term } => t.says_timeout_now(term),
        Message::RequestVoteReply { term, granted } => match granted {
            true => t.says_vote(term),
            false => t.says_no_vote(term),
        },
        Message::AppendEntries {
            term,
            prev,
            entries,
            commit,
        } => match &**entries {
            [] => t.says_heartbeat(term, place(*prev, t), commit),
            [entry] => t.says_one_entry(entry.term, place(*prev, t), term, commit),
            many => t.says_entries(many.len(), terms(many, t), place(*prev, t), term, commit),
        },
        Message::AppendEntriesReply { term, result } => match result {
            AppendResult::Accepted { matched } => t.says_accepted(term, matched),
            AppendResult::Refused { hint } => t.says_refused(term, hint.next()),
        },
    }
}

/// The terms of entries, from the lowest to the highest.
fn terms(entries: &[Entry], t: Texts) -> String {
    let terms: VecSet<_> = entries.iter().map(|entry| entry.term).collect();
    match (terms.items().next().zip(terms.last_key()), terms.len()) {
        (Some((first, last)), 3..) => t.terms(first, last),
        (Some((first, last)), 2) => t.two_terms(first, last),
        (Some((only, _)), _) => t.one_term(only),
        (None, _) => String::new(),
    }
}

/// Why a message does not arrive.
pub fn loss(loss: Loss, flight: &Flight, lang: Lang) -> String {
    let t = lang.texts();
    match loss {
        Loss::LinkCut => t.loss_link_cut().to_owned(),
        Loss::ServerDown => t.loss_server_down(flight.link.to),
        Loss::Chance => t.loss_chance().to_owned(),
        Loss::Dropped => t.loss_dropped().to_owned(),
    }
}

/// What an entry asks for.
pub fn payload(payload: &Payload, lang: Lang) -> Cow<'_, str> {
    let t = lang.texts();
    match payload {
        Payload::Noop => t.no_op().into(),
        Payload::Command(command) => Cow::Borrowed(command),
        Payload::Members(members) => t.members(servers(*members, t)).into(),
    }
}

/// Several sentences as one text.
fn in_a_row(sentences: impl IntoIterator<Item = String>, t: Texts) -> String {
    let sentences = sentences.into_iter();
    let text = sentences.reduce(|before, next| t.two_sentences(before, next));
    text.unwrap_or_default()
}

/// Things one by one, and how many more there are.
fn listed(things: &[String], more: usize, t: Texts) -> String {
    let shown = things.join(t.between_things());
    match more {
        0 => shown,
        _ => t.and_more(shown, more),
    }
}

/// Where a log ends.
fn log_end(position: Position, t: Texts) -> String {
    match position {
        Position::START => t.log_end_start().to_owned(),
        Position { index, term } => t.log_end(index, term),
    }
}

fn place(position: Position, t: Texts) -> String {
    match position {
        Position::START => t.place_start().to_owned(),
        Position { index, term } => t.place(index, term),
    }
}

//! Commands: how each is parsed and printed.

use std::fmt;
use std::sync::Arc;

use hustings_raft::{MemberChange, MessageKind, Millis, NodeId, NodeSet};

use super::condition;
use super::cursor::{Cursor, Piece};
use super::error::{Mistake, ParseResult, ScriptError, Token};
use super::message;
use super::program::{self, Programs};
use super::quote::quote;
use super::text;
use super::value::{Value, read_range, show, write_range};
use crate::command::Command;
use crate::path::Link;
use crate::selector::{MessageFilter, MessageSelector};

/// The first words of commands, each with an example.
pub(super) const KEYWORDS: [(&str, &str); 29] = [
    ("timeout", "timeout S1"),
    ("deliver", "deliver S1->S2 RequestVote"),
    ("drop", "drop S1->S2"),
    ("duplicate", "duplicate S1->S2"),
    ("hold", "hold S1->S2"),
    ("release", "release S1->S2"),
    ("send", "send RequestVote S2->S1 term=3 last=1:1"),
    ("delay", "delay S1->S2 50ms"),
    ("latency", "latency S1-S2 80..120ms"),
    ("disk", "disk S1 50..100ms"),
    ("clock", "clock S1 150%"),
    ("reseed", "reseed 7"),
    ("crash", "crash S1"),
    ("restart", "restart S1"),
    ("pause", "pause S1"),
    ("resume", "resume S1"),
    ("persist", "persist S1"),
    ("cut", "cut S1-S2"),
    ("mend", "mend S1-S2"),
    ("partition", "partition S1 S2 | S3 S4 S5"),
    ("isolate", "isolate S1"),
    ("heal", "heal"),
    ("propose", r#"propose S1 "x=1""#),
    ("transfer", "transfer S1 to S3"),
    ("member", "member add S4 at S1"),
    ("wait", "wait 100ms"),
    ("run", "run until leader within 10s"),
    ("step", "step"),
    ("note", r#"note "Nobody leads yet.""#),
];

/// Selects the n-th of several matching messages.
const NTH: &str = "nth=";

/// Parses a command after its first word; `None` if no command starts with that word.
pub(super) fn read<'a>(
    first: Piece<'a>,
    line: &mut Cursor<'a>,
    programs: &mut Programs<'a>,
) -> Option<ParseResult<Command>> {
    Some(match first.text {
        "timeout" => read_timeout(line),
        "deliver" if line.take("all") => Ok(Command::DeliverAll),
        "deliver" => read_selector(line, &["all"]).map(Command::Deliver),
        "drop" => read_drop(line),
        "duplicate" => read_selector(line, &[]).map(Command::Duplicate),
        "hold" => read_selector(line, &[]).map(Command::Hold),
        "release" => read_selector(line, &[]).map(Command::Release),
        "send" => read_forged(line),
        "delay" => read_delay(line),
        "latency" => read_latency(line),
        "disk" => read_disk(line),
        "clock" => read_clock(line),
        "reseed" => line.value().map(Command::Reseed),
        "crash" => line.value().map(Command::Crash),
        "restart" => line.value().map(Command::Restart),
        "pause" => line.value().map(Command::Pause),
        "resume" => line.value().map(Command::Resume),
        "persist" => line.value().map(Command::Persist),
        "cut" => line.value().map(Command::Cut),
        "mend" => line.value().map(Command::Mend),
        "partition" => read_groups(line).map(Command::Partition),
        "isolate" => line.value().map(Command::Isolate),
        "heal" => Ok(Command::Heal),
        "propose" => read_proposal(line),
        "transfer" => read_transfer(line),
        "member" => read_change(line),
        "wait" => read_duration(line).map(Command::Wait),
        "run" if line.take("until") => read_goal(line),
        "run" if program::names_servers(line) => programs.read_step(line),
        "run" => read_run(line),
        "step" => Ok(Command::Step),
        "note" => read_text(line).map(Command::Note),
        _ => return None,
    })
}

fn read_timeout(line: &mut Cursor<'_>) -> ParseResult<Command> {
    let server = line.value()?;
    let timer = line.peek().is_some().then(|| line.value()).transpose();
    let timer = timer.map_err(ScriptError::or_end)?;
    Ok(Command::Timeout { server, timer })
}

fn read_forged(line: &mut Cursor<'_>) -> ParseResult<Command> {
    let kind = line.value()?;
    let example = forged_example(kind, line);
    let read = message::read_message(kind, line);
    let (link, message) = read.map_err(|error| error.example(example))?;
    Ok(Command::Send { link, message })
}

/// An example of a forged message; for a reply with the outcome that the line has.
fn forged_example(kind: MessageKind, line: &Cursor<'_>) -> &'static str {
    match kind {
        MessageKind::RequestVote => "send RequestVote S2->S1 term=3 last=1:1",
        MessageKind::PreVote => "send PreVote S2->S1 term=3 last=1:1",
        MessageKind::RequestVoteReply => "send RequestVoteReply S2->S1 term=3 granted=yes",
        MessageKind::PreVoteReply => "send PreVoteReply S2->S1 term=3 granted=no",
        MessageKind::AppendEntries => {
            "send AppendEntries S2->S1 term=3 prev=1:1 entries=2,3 commit=1"
        }
        MessageKind::AppendEntriesReply if line.rest().contains("success=no") => {
            "send AppendEntriesReply S2->S1 term=3 success=no hint=2"
        }
        MessageKind::AppendEntriesReply => {
            "send AppendEntriesReply S2->S1 term=3 success=yes match=3"
        }
        MessageKind::TimeoutNow => "send TimeoutNow S2->S1 term=3",
    }
}

fn read_delay(line: &mut Cursor<'_>) -> ParseResult<Command> {
    let link = line.value()?;
    let mut selector = read_kind_and_number(link, line, &[], Token::Duration)?;
    let by = read_duration(line)?;
    read_if_any(&mut selector, line)?;
    Ok(Command::Delay { selector, by })
}

fn read_latency(line: &mut Cursor<'_>) -> ParseResult<Command> {
    let path = line.value()?;
    let range = read_range("latency", line.next_or_end(), line)?;
    Ok(Command::Latency { path, range })
}

fn read_disk(line: &mut Cursor<'_>) -> ParseResult<Command> {
    let server = line.value()?;
    let range = read_range("disk", line.next_or_end(), line)?;
    Ok(Command::Disk { server, range })
}

fn read_clock(line: &mut Cursor<'_>) -> ParseResult<Command> {
    let server = line.value()?;
    let rate = line.value()?;
    Ok(Command::Clock { server, rate })
}

fn read_drop(line: &mut Cursor<'_>) -> ParseResult<Command> {
    if line.take("all") {
        return Ok(Command::DropAll(MessageFilter::All));
    }
    if line.take("to") {
        let to = line.value_like("drop to S3")?;
        return Ok(Command::DropAll(MessageFilter::To(to)));
    }
    if line.take("from") {
        let from = line.value_like("drop from S3")?;
        return Ok(Command::DropAll(MessageFilter::From(from)));
    }
    let link = line.value_or(&["all", "to", "from"])?;
    if line.take("all") {
        return Ok(Command::DropAll(MessageFilter::OnLink(link)));
    }
    read_selector_on(link, line, &["all"]).map(Command::Drop)
}

/// Parses the selector of a message; `words` are valid alternatives for errors.
fn read_selector(
    line: &mut Cursor<'_>,
    words: &'static [&'static str],
) -> ParseResult<MessageSelector> {
    let link = line.value_or(words)?;
    read_selector_on(link, line, &[])
}

fn read_selector_on(
    link: Link,
    line: &mut Cursor<'_>,
    words: &'static [&'static str],
) -> ParseResult<MessageSelector> {
    let mut selector = read_kind_and_number(link, line, words, Token::End)?;
    read_if_any(&mut selector, line)?;
    Ok(selector)
}

/// Parses a message's kind and number; `words` and `other` are valid alternatives for
/// errors.
fn read_kind_and_number(
    link: Link,
    line: &mut Cursor<'_>,
    words: &'static [&'static str],
    other: Token,
) -> ParseResult<MessageSelector> {
    let mut selector = MessageSelector::oldest(link);
    let is_no_kind = |text: &str| {
        text == "if" || text.starts_with(NTH) || text.starts_with(|c: char| c.is_ascii_digit())
    };
    if line.peek().is_some_and(|piece| !is_no_kind(piece.text)) {
        let words = [words, &["nth=2", "if"]].concat();
        let kind = line.value_or(&words);
        selector.kind = Some(kind.map_err(|error| error.or(other))?);
    }
    if let Some(nth) = line.peek().and_then(|piece| piece.strip_prefix(NTH)) {
        line.next();
        let number = u32::read(nth, line)?;
        selector.skip = number
            .checked_sub(1)
            .ok_or_else(|| line.unexpected(nth, Token::Place))?;
    }
    Ok(selector)
}

fn read_if_any(selector: &mut MessageSelector, line: &mut Cursor<'_>) -> ParseResult<()> {
    if line.take("if") {
        line.word("any")?;
        selector.if_any = true;
    }
    Ok(())
}

fn read_groups(line: &mut Cursor<'_>) -> ParseResult<Vec<NodeSet>> {
    let mut groups = vec![NodeSet::EMPTY];
    let mut named = NodeSet::EMPTY;
    loop {
        let piece = line.peek_or_end();
        let server = line.value()?;
        if !named.insert(server) {
            let what = quote(piece.text);
            return Err(line.mistake(piece, Mistake::Twice { what }));
        }
        if let Some(group) = groups.last_mut() {
            group.insert(server);
        }
        if line.take("|") {
            groups.push(NodeSet::EMPTY);
        } else if line.peek().is_none() {
            return Ok(groups);
        }
    }
}

fn read_proposal(line: &mut Cursor<'_>) -> ParseResult<Command> {
    let server = line.value()?;
    let command = read_text(line)?;
    Ok(Command::Propose { server, command })
}

fn read_transfer(line: &mut Cursor<'_>) -> ParseResult<Command> {
    let server = line.value()?;
    line.word("to")?;
    let target = line.value()?;
    Ok(Command::Transfer { server, target })
}

fn read_change(line: &mut Cursor<'_>) -> ParseResult<Command> {
    if line.take("add") {
        return read_change_of(MemberChange::Add, line);
    }
    let remove = line.word("remove");
    remove.map_err(|error| error.or_keywords(&["add"]))?;
    let read = read_change_of(MemberChange::Remove, line);
    read.map_err(|error| error.example("member remove S2 at S1"))
}

fn read_change_of(
    change: fn(NodeId) -> MemberChange,
    line: &mut Cursor<'_>,
) -> ParseResult<Command> {
    let change = change(line.value()?);
    line.word("at")?;
    let server = line.value()?;
    Ok(Command::ChangeMembers { server, change })
}

fn read_text(line: &mut Cursor<'_>) -> ParseResult<Arc<str>> {
    let piece = line.next_or_end();
    text::read(piece, line, Command::TEXT_CHARS_MAX).map(Arc::from)
}

fn read_run(line: &mut Cursor<'_>) -> ParseResult<Command> {
    let piece = line.peek_or_end();
    let duration = line.value_or(&["until"])?;
    check_duration(duration, piece, line).map(Command::Run)
}

fn read_duration(line: &mut Cursor<'_>) -> ParseResult<Millis> {
    let piece = line.peek_or_end();
    let duration = line.value()?;
    check_duration(duration, piece, line)
}

fn check_duration(duration: Millis, piece: Piece<'_>, line: &Cursor<'_>) -> ParseResult<Millis> {
    if duration <= Command::DURATION_MAX {
        return Ok(duration);
    }
    Err(line.unexpected(piece, Token::DurationUpTo(Command::DURATION_MAX)))
}

const WITHIN: &str = "within";

/// Parses the goal and the limit of `run until`.
fn read_goal(line: &mut Cursor<'_>) -> ParseResult<Command> {
    line.stop = Some(WITHIN);
    let goal = condition::read(line).and_then(|goal| line.end().map(|()| goal));
    let goal = goal.map_err(|error| error.example_after("run until").or_instead_of_end(WITHIN))?;
    line.stop = None;
    let mut within = Command::WITHIN;
    if line.take(WITHIN) {
        let duration = read_duration(line);
        let example = format!("run until {goal} within 10s");
        within = duration.map_err(|error| error.example(&example))?;
    }
    let goal = Box::new(goal);
    Ok(Command::RunUntil { goal, within })
}

/// The command as a line of a script.
impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = String::new();
        write(self, &mut line);
        f.write_str(&line)
    }
}

fn write(command: &Command, out: &mut String) {
    match command {
        Command::Timeout { server, timer } => {
            show(format_args!("timeout {server}"), out);
            if let Some(timer) = timer {
                show(format_args!(" {}", timer.name()), out);
            }
        }
        Command::Deliver(selector) => write_selector("deliver", selector, out),
        Command::Drop(selector) => write_selector("drop", selector, out),
        Command::Duplicate(selector) => write_selector("duplicate", selector, out),
        Command::Hold(selector) => write_selector("hold", selector, out),
        Command::Release(selector) => write_selector("release", selector, out),
        Command::Send { link, message } => {
            out.push_str("send ");
            out.push_str(&message::write_message(*link, message));
        }
        Command::Delay { selector, by } => {
            show(format_args!("delay {selector}"), out);
            write_duration(" ", *by, out);
            write_if_any(selector, out);
        }
        Command::Latency { path, range } => {
            show(format_args!("latency {path} "), out);
            write_range(*range, out);
        }
        Command::Disk { server, range } => {
            show(format_args!("disk {server} "), out);
            write_range(*range, out);
        }
        Command::Clock { server, rate } => show(format_args!("clock {server} {rate}"), out),
        Command::Reseed(seed) => show(format_args!("reseed {seed}"), out),
        Command::DeliverAll => out.push_str("deliver all"),
        Command::DropAll(filter) => match filter {
            MessageFilter::All => out.push_str("drop all"),
            MessageFilter::To(server) => show(format_args!("drop to {server}"), out),
            MessageFilter::From(server) => show(format_args!("drop from {server}"), out),
            MessageFilter::OnLink(link) => show(format_args!("drop {link} all"), out),
        },
        Command::Crash(server) => show(format_args!("crash {server}"), out),
        Command::Restart(server) => show(format_args!("restart {server}"), out),
        Command::Install { servers, program } => {
            out.push_str(&program::write_install(*servers, program.as_deref()));
        }
        Command::Pause(server) => show(format_args!("pause {server}"), out),
        Command::Resume(server) => show(format_args!("resume {server}"), out),
        Command::Persist(server) => show(format_args!("persist {server}"), out),
        Command::Cut(path) => show(format_args!("cut {path}"), out),
        Command::Mend(path) => show(format_args!("mend {path}"), out),
        Command::Partition(groups) => write_groups(groups, out),
        Command::Isolate(server) => show(format_args!("isolate {server}"), out),
        Command::Heal => out.push_str("heal"),
        Command::Propose { server, command } => {
            show(format_args!("propose {server} "), out);
            text::write(command, out);
        }
        Command::Transfer { server, target } => {
            show(format_args!("transfer {server} to {target}"), out);
        }
        Command::ChangeMembers { server, change } => {
            let (verb, who) = match change {
                MemberChange::Add(who) => ("add", who),
                MemberChange::Remove(who) => ("remove", who),
            };
            show(format_args!("member {verb} {who} at {server}"), out);
        }
        Command::Wait(duration) => write_duration("wait ", *duration, out),
        Command::Run(duration) => write_duration("run ", *duration, out),
        Command::RunUntil { goal, within } => {
            show(format_args!("run until {goal}"), out);
            if *within != Command::WITHIN {
                write_duration(" within ", *within, out);
            }
        }
        Command::Step => out.push_str("step"),
        Command::Note(caption) => {
            out.push_str("note ");
            text::write(caption, out);
        }
    }
}

fn write_selector(word: &str, selector: &MessageSelector, out: &mut String) {
    show(format_args!("{word} {selector}"), out);
    write_if_any(selector, out);
}

fn write_if_any(selector: &MessageSelector, out: &mut String) {
    if selector.if_any {
        out.push_str(" if any");
    }
}

/// Leaves out empty groups, which have no meaning.
fn write_groups(groups: &[NodeSet], out: &mut String) {
    let groups = groups.iter().filter(|group| !group.is_empty());
    out.push_str("partition");
    for (place, group) in groups.enumerate() {
        let bar = if place > 0 { " |" } else { "" };
        show(format_args!("{bar} {group}"), out);
    }
}

fn write_duration(before: &str, duration: Millis, out: &mut String) {
    out.push_str(before);
    duration.write(out);
}

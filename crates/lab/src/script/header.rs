//! Settings: the lines before the first step.

use std::fmt;
use std::rc::Rc;

use hustings_raft::{BrokenRule, LogIndex, NodeId, NodeMap, NodeSet, Term};

use super::cursor::{Cursor, Piece};
use super::error::{Mistake, ParseResult, ScriptError, Span, Token};
use super::field::{Field, Fields, Names};
use super::program::{self, Programs, installed};
use super::quote::quote;
use super::value::{Switch, Value, digits, read_range, show, write_range};
use super::{condition, text};
use crate::command::Command;
use crate::condition::Condition;
use crate::header::{Header, InitialState};
use crate::machine::{Library, Program};

/// A setting with one value: how it is parsed into a header and printed from it.
struct Setting {
    name: &'static str,
    example: &'static str,
    read: fn(&mut Header, Piece<'_>, &Cursor<'_>) -> ParseResult<()>,
    write: fn(&Header, &mut String),
}

/// A setting whose value is a field of the header.
macro_rules! plain {
    ($name:literal, $example:literal, $($place:ident).+) => {
        Setting {
            name: $name,
            example: $example,
            read: |header, piece, line| {
                header.$($place).+ = Value::read(piece, line)?;
                Ok(())
            },
            write: |header, out| header.$($place).+.write(out),
        }
    };
}

/// An option that is a range of durations.
macro_rules! range {
    ($name:literal, $example:literal, $($place:ident).+) => {
        Setting {
            name: $name,
            example: $example,
            read: |header, piece, line| {
                header.$($place).+ = read_range($name, piece, line)?;
                Ok(())
            },
            write: |header, out| write_range(header.$($place).+, out),
        }
    };
}

/// An option that is on or off.
macro_rules! switch {
    ($name:literal, $example:literal, $($place:ident).+) => {
        Setting {
            name: $name,
            example: $example,
            read: |header, piece, line| {
                header.$($place).+ = Switch::read(piece, line)?.0;
                Ok(())
            },
            write: |header, out| Switch(header.$($place).+).write(out),
        }
    };
}

/// The settings that are a line of their own.
const SETTINGS: [Setting; 3] = [
    Setting {
        name: "title",
        example: r#"title "A clean election""#,
        read: |header, piece, line| {
            header.title = text::read(piece, line, Header::TITLE_CHARS_MAX)?;
            Ok(())
        },
        write: |header, out| text::write(&header.title, out),
    },
    Setting {
        name: "cluster",
        example: "cluster 5",
        read: |header, piece, line| {
            header.cluster =
                cluster_size(piece).ok_or_else(|| line.unexpected(piece, Token::ClusterSize))?;
            Ok(())
        },
        write: |header, out| show(header.cluster, out),
    },
    plain!("seed", "seed 7", seed),
];

/// The settings that follow `option`.
const OPTIONS: [Setting; 9] = [
    switch!("pre-vote", "option pre-vote on", raft.pre_vote),
    switch!("check-quorum", "option check-quorum on", raft.check_quorum),
    switch!("no-op", "option no-op off", raft.no_op),
    range!(
        "election-timeout",
        "option election-timeout 150..300ms",
        raft.election_timeout
    ),
    plain!("heartbeat", "option heartbeat 50ms", raft.heartbeat),
    range!("latency", "option latency 10..20ms", latency),
    plain!("loss", "option loss 5%", loss),
    plain!("duplicate", "option duplicate 5%", duplicate),
    range!("disk", "option disk 1..5ms", disk),
];

const TERM: Field<Term> = Field::new("term");
const VOTED_FOR: Field<Option<NodeId>> = Field::new("voted-for");
const LOG: Field<Vec<Term>> = Field::new("log");
const COMMIT: Field<LogIndex> = Field::new("commit");

/// The fields of a `state` line, after the server.
pub(super) const STATE: [&str; 4] = [TERM.name, VOTED_FOR.name, LOG.name, COMMIT.name];

const BREAK_EXAMPLE: &str = "break forget-vote-on-restart";
const MEMBERS_EXAMPLE: &str = "members S1 S2 S3";
const GOAL_START: &str = "goal";
const STATE_START: &str = "state";
const STATE_EXAMPLE: &str = "state S2 term=3 voted-for=S1 log=1,1,2 commit=2";

/// The words that start a setting's line, but for `mend` and `run`, which start commands, too.
pub(super) const KEYWORDS: [&str; 9] = [
    "title",
    "cluster",
    "seed",
    "option",
    "break",
    program::PROGRAM,
    "members",
    STATE_START,
    GOAL_START,
];

/// A header that is being parsed.
pub(super) struct Builder<'a> {
    header: Header,
    /// The programs that servers run instead of Raft's core.
    pub(super) programs: Programs<'a>,
    /// The settings given so far, by the words that start their lines.
    given: Vec<String>,
}

impl<'a> Builder<'a> {
    /// The default header with the script's number of servers, because settings may name
    /// servers before the `cluster` line.
    pub(super) fn new(source: &str, library: &'a dyn Library) -> Self {
        Self {
            header: Header {
                cluster: declared_size(source),
                ..Header::default()
            },
            programs: Programs::of(library),
            given: Vec::new(),
        }
    }

    /// The servers that lines may name.
    pub(super) fn servers(&self) -> NodeSet {
        self.header.servers()
    }

    /// The header, and what is wrong with its programs.
    pub(super) fn finish(mut self) -> (Header, Vec<ScriptError>) {
        let errors = self.programs.finish(&mut self.header);
        (self.header, errors)
    }

    /// Parses a line after its first word.
    pub(super) fn read(&mut self, first: Piece<'a>, line: &mut Cursor<'a>) -> ParseResult<()> {
        match first.text {
            _ if program::is_setting(first, line) => {
                let servers = self.servers();
                self.programs.read(first, line, servers)
            }
            STATE_START => self.read_state(line),
            "break" => self.read_break(line),
            "members" => self.read_members(line),
            GOAL_START => self.read_goal(line),
            "option" => {
                let name = line.next_or_end();
                let setting = OPTIONS.iter().find(|setting| setting.name == name.text);
                let setting = setting.ok_or_else(|| {
                    line.unknown_word(name, &OPTIONS.each_ref().map(|setting| setting.name))
                })?;
                self.read_setting(setting, &format!("option {}", setting.name), line)
            }
            word => match SETTINGS.iter().find(|setting| setting.name == word) {
                Some(setting) => self.read_setting(setting, setting.name, line),
                None => Err(line.unknown_word(first, &KEYWORDS)),
            },
        }
    }

    fn read_setting(
        &mut self,
        setting: &Setting,
        what: &str,
        line: &mut Cursor<'_>,
    ) -> ParseResult<()> {
        let piece = line.next_or_end();
        let mut next = self.header.clone();
        (setting.read)(&mut next, piece, line).map_err(|error| error.example(setting.example))?;
        self.accept(next, what, piece, line)
    }

    fn read_break(&mut self, line: &mut Cursor<'_>) -> ParseResult<()> {
        let piece = line.next_or_end();
        let rule = BrokenRule::read(piece, line).map_err(|error| error.example(BREAK_EXAMPLE))?;
        let mut next = self.header.clone();
        next.broken.insert(rule);
        self.accept(next, &format!("break {}", rule.name()), piece, line)
    }

    fn read_members(&mut self, line: &mut Cursor<'_>) -> ParseResult<()> {
        let first = line.peek_or_end();
        let mut members = NodeSet::EMPTY;
        loop {
            let piece = line.peek_or_end();
            let member = line.value();
            if !members
                .insert(member.map_err(|error: Box<ScriptError>| error.example(MEMBERS_EXAMPLE))?)
            {
                let what = quote(piece.text);
                return Err(line.mistake(piece, Mistake::Twice { what }));
            }
            if line.peek().is_none() {
                break;
            }
        }
        let mut next = self.header.clone();
        next.members = Some(members);
        self.accept(next, "members", line.since(first), line)
    }

    fn read_state(&mut self, line: &mut Cursor<'_>) -> ParseResult<()> {
        let piece = line.peek_or_end();
        let server = line
            .value()
            .map_err(|error: Box<ScriptError>| error.example(STATE_EXAMPLE))?;
        let mut names = Names::new(&STATE);
        if line.peek().is_none() {
            let nothing = line.expected_one_of(line.peek_or_end(), names.expected());
            return Err(nothing.example(STATE_EXAMPLE));
        }
        let mut fields = Fields::default();
        let mut state = InitialState::default();
        while let Some(piece) = line.next() {
            fields.push(names.read(piece, line)?);
            state = initial_state(&fields, line)?;
            names.may_end = true;
        }
        let mut next = self.header.clone();
        next.initial.insert(server, state);
        self.accept(next, &format!("state {server}"), line.since(piece), line)
    }

    fn read_goal(&mut self, line: &mut Cursor<'_>) -> ParseResult<()> {
        let first = line.peek_or_end();
        let goal = condition::read(line).map_err(|error| error.example_after(GOAL_START))?;
        let mut next = self.header.clone();
        let what = format!("{GOAL_START} {goal}");
        next.goals.push(goal);
        self.accept(next, &what, line.since(first), line)
    }

    /// Accepts a changed header if it is valid. It was valid before, so any error is on
    /// this line.
    fn accept(
        &mut self,
        next: Header,
        what: &str,
        piece: Piece<'_>,
        line: &Cursor<'_>,
    ) -> ParseResult<()> {
        if self.given.iter().any(|given| given == what) {
            let what = quote(what);
            return Err(line.mistake(piece, Mistake::Twice { what }));
        }
        next.check()
            .map_err(|error| line.mistake(piece, Mistake::Header(error)))?;
        self.given.push(what.to_owned());
        self.header = next;
        Ok(())
    }
}

/// The number of servers in a script's first `cluster` line.
fn declared_size(source: &str) -> u8 {
    let sizes = source.lines().filter_map(|line| {
        let mut line = Cursor::new(line, 0, NodeSet::EMPTY);
        line.take("cluster").then(|| line.next()).flatten()
    });
    let first = sizes.filter_map(cluster_size).next();
    first.unwrap_or(Header::default().cluster)
}

/// The position of each server's `state` line.
pub(crate) fn state_lines(source: &str) -> Box<NodeMap<Span>> {
    let states = lines_with(STATE_START, source, |line| line.value().ok());
    Box::new(states.collect())
}

/// The positions of the `goal` lines, in the order of the goals.
pub(crate) fn goal_lines(source: &str) -> Vec<Span> {
    let goals = lines_with(GOAL_START, source, |_| Some(()));
    goals.map(|((), at)| at).collect()
}

/// What stands first in the lines that start with a word, and their positions.
fn lines_with<T>(
    start: &'static str,
    source: &str,
    read: fn(&mut Cursor<'_>) -> Option<T>,
) -> impl Iterator<Item = (T, Span)> {
    let lines = (1..).zip(source.lines());
    lines.filter_map(move |(number, line)| {
        let mut line = Cursor::new(line, number, NodeSet::first(NodeId::MAX));
        let first = line.next().filter(|first| first.text == start)?;
        let read = read(&mut line)?;
        while line.next().is_some() {}
        Some((read, line.span(line.since(first))))
    })
}

/// Whether a line is a setting.
pub(super) fn is_setting(first: Piece<'_>, line: &Cursor<'_>) -> bool {
    KEYWORDS.contains(&first.text) || program::is_setting(first, line)
}

fn cluster_size(piece: Piece<'_>) -> Option<u8> {
    let size = digits(piece.text)?.try_into().ok()?;
    ((1..=NodeId::MAX).contains(&size) && piece.text.len() == 1).then_some(size)
}

/// The canonical line of a setting with its value in the header; `None` if no setting
/// starts with these words.
pub(super) fn line(words: &[&str], header: &Header) -> Option<String> {
    let named = |settings: &[Setting], name: &str| {
        let setting = settings.iter().find(|setting| setting.name == name)?;
        Some(format!("{name} {}", written(setting, header)))
    };
    match *words {
        ["option", name, ..] => Some(format!("option {}", named(&OPTIONS, name)?)),
        ["break", rule, ..] => Some(format!("break {rule}")),
        [GOAL_START, ref goal @ ..] => {
            let goal = Condition::parse(&goal.join(" "), header.servers()).ok()?;
            Some(format!("{GOAL_START} {goal}"))
        }
        ["members", ..] => Some(format!("members {}", header.members())),
        ["state", server, ..] => {
            let mut states = header.initial.iter();
            let (server, state) = states.find(|(id, _)| id.to_string() == server)?;
            Some(state_line(server, state))
        }
        [name, ..] => named(&SETTINGS, name),
        [] => None,
    }
}

fn initial_state(fields: &Fields<'_>, line: &Cursor<'_>) -> ParseResult<InitialState> {
    Ok(InitialState {
        term: fields.value(&TERM, line)?,
        voted_for: fields.value(&VOTED_FOR, line)?.flatten(),
        log: fields.value(&LOG, line)?.unwrap_or_default(),
        commit: fields.value(&COMMIT, line)?.unwrap_or_default(),
    })
}

fn state_line(server: NodeId, state: &InitialState) -> String {
    let InitialState {
        term,
        voted_for,
        log,
        commit,
    } = state;
    let mut line = format!("state {server}");
    TERM.write_some(term, &mut line);
    if voted_for.is_some() {
        VOTED_FOR.write(voted_for, &mut line);
    }
    // At least one field is required.
    if !log.is_empty() || *state == InitialState::default() {
        LOG.write(log, &mut line);
    }
    if *commit != LogIndex::ZERO {
        COMMIT.write(commit, &mut line);
    }
    line
}

/// The settings of a script: those of a header, and what is to be said of the programs that
/// only commands name.
pub(crate) struct Settings<'a> {
    header: &'a Header,
    others: Vec<&'a Rc<dyn Program>>,
}

impl<'a> Settings<'a> {
    /// The settings of a script with these commands.
    pub(crate) fn of(header: &'a Header, commands: impl Iterator<Item = &'a Command>) -> Self {
        let mut others = Vec::new();
        for program in installed(commands) {
            let mut first = header.programs.iter().map(|(_, first)| first);
            if !others.contains(&program) && !first.any(|first| first == program) {
                others.push(program);
            }
        }
        Self { header, others }
    }
}

/// The settings as the start of a script, one line each. Default values are left out,
/// except for `cluster` and `seed`.
impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Settings::of(self, std::iter::empty()).fmt(f)
    }
}

impl fmt::Display for Settings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = self.header;
        let default = Header::default();
        for setting in &SETTINGS {
            let is_title = setting.name == "title";
            if !(is_title && header.title.is_empty()) {
                writeln!(f, "{} {}", setting.name, written(setting, header))?;
            }
        }
        for option in &OPTIONS {
            let value = written(option, header);
            if value != written(option, &default) {
                writeln!(f, "option {} {value}", option.name)?;
            }
        }
        for rule in header.broken.iter() {
            writeln!(f, "break {}", rule.name())?;
        }
        let others = self.others.iter();
        let others = others.flat_map(|program| program::description(&***program));
        for line in program::lines(header).into_iter().chain(others) {
            writeln!(f, "{line}")?;
        }
        if let Some(members) = header.members {
            writeln!(f, "members {members}")?;
        }
        for (server, state) in header.initial.iter() {
            writeln!(f, "{}", state_line(server, state))?;
        }
        for goal in &header.goals {
            writeln!(f, "{GOAL_START} {goal}")?;
        }
        Ok(())
    }
}

fn written(setting: &Setting, header: &Header) -> String {
    let mut value = String::new();
    (setting.write)(header, &mut value);
    value
}

/// An example of each setting.
#[cfg(test)]
pub(super) fn examples() -> impl Iterator<Item = &'static str> {
    let plain = SETTINGS.iter().chain(&OPTIONS);
    let plain = plain.map(|setting| setting.example);
    plain
        .chain([
            BREAK_EXAMPLE,
            MEMBERS_EXAMPLE,
            STATE_EXAMPLE,
            "goal 2 leaders",
        ])
        .chain(program::EXAMPLES)
}

//! Properties of servers in conditions.

use std::fmt;

use hustings_raft::{LogIndex, NodeId, NodeSet, Position, RoleName, Term};

use super::cursor::{Cursor, Piece};
use super::error::{Help, Mistake, ParseResult, Token};
use super::field::{Field, Fields, Names};
use super::quote::quote;
use super::value::show;
use super::{agreement, variable};
use crate::condition::Condition;
use crate::pattern::{LogEnd, ServerPattern, Variable};

const TERM: Field<Term> = Field::new("term");
const VOTED_FOR: Field<Option<NodeId>> = Field::new("voted-for");
const LOG: Field<Vec<Term>> = Field::new("log");
const LAST: Field<LogEnd> = Field::new("last");
const COMMIT: Field<LogIndex> = Field::new("commit");
const LEADER: Field<Option<NodeId>> = Field::new("leader");
const MEMBERS: Field<NodeSet> = Field::new("members");

/// The fields of a server.
pub(super) const FIELDS: [&str; 7] = [
    TERM.name,
    VOTED_FOR.name,
    LOG.name,
    LAST.name,
    COMMIT.name,
    LEADER.name,
    MEMBERS.name,
];

/// The properties of a server without a value.
pub(super) const STATES: [&str; 2] = ["up", "down"];

/// The properties of a server as they are written.
#[derive(Default)]
struct Properties<'a> {
    role: Option<RoleName>,
    up: Option<bool>,
    fields: Fields<'a>,
    variables: Vec<Variable>,
}

impl Properties<'_> {
    fn pattern(&self, line: &Cursor<'_>) -> ParseResult<ServerPattern> {
        let fields = &self.fields;
        Ok(ServerPattern {
            role: self.role,
            term: fields.value(&TERM, line)?,
            voted_for: fields.value(&VOTED_FOR, line)?,
            log: fields.value(&LOG, line)?,
            last: fields.value(&LAST, line)?,
            commit: fields.value(&COMMIT, line)?,
            leader: fields.value(&LEADER, line)?,
            members: fields.value(&MEMBERS, line)?,
            up: self.up,
            variables: self.variables.clone(),
        })
    }
}

/// The properties that a server has, and those that it does not have.
#[derive(Default)]
struct BothProperties<'a> {
    is: Properties<'a>,
    is_not: Properties<'a>,
}

impl<'a> BothProperties<'a> {
    fn those(&mut self, not: bool) -> &mut Properties<'a> {
        if not { &mut self.is_not } else { &mut self.is }
    }

    fn has_role(&self) -> bool {
        self.is.role.or(self.is_not.role).is_some()
    }
}

/// An example of a property that a server does not have.
pub(super) const NOT_EXAMPLE: &str = "S1 not leader";

/// Parses the properties of a server.
pub(super) fn read(server: NodeId, line: &mut Cursor<'_>) -> ParseResult<Condition> {
    let mut properties = BothProperties::default();
    let mut names = Names::new(&FIELDS);
    let mut pieces = Vec::new();
    loop {
        let not = line.take("not");
        let piece = line.next_or_end();
        names.may_end = !not && !pieces.is_empty();
        let read = read_property(&mut properties, &mut names, not, piece, line);
        read.map_err(|error| {
            if not {
                error.example(NOT_EXAMPLE)
            } else {
                error
            }
        })?;
        if !not {
            pieces.push(piece);
        }
        if line.peek().is_none() {
            break;
        }
    }
    let is = properties.is.pattern(line)?;
    let is_not = properties.is_not.pattern(line)?;
    agreement::check(contradiction(&is, server), &pieces, line)?;
    Ok(Condition::Server { server, is, is_not })
}

fn read_property<'a>(
    properties: &mut BothProperties<'a>,
    names: &mut Names,
    not: bool,
    piece: Piece<'a>,
    line: &Cursor<'_>,
) -> ParseResult<()> {
    if piece.text.starts_with(variable::START) {
        let (name, read) = variable::read(piece, line)?;
        let mut known = properties.is.variables.iter();
        let mut known = known.by_ref().chain(&properties.is_not.variables);
        if known.any(|it| it.path == read.path) {
            let what = quote(name.text);
            return Err(line.mistake(name, Mistake::Twice { what }));
        }
        properties.those(not).variables.push(read);
        return Ok(());
    }
    if piece.text.contains('=') {
        let field = names.read(piece, line)?;
        let properties = properties.those(not);
        properties.fields.push(field);
        // An error is at this property.
        return properties.pattern(line).map(drop);
    }
    read_word(properties, not, piece, line).map_err(|error| {
        let expected = names.expected();
        let is_complete = properties.has_role() && expected == [Token::End];
        let not = (!not && !is_complete).then(|| Token::word("not"));
        error.or_all(not.into_iter().chain(expected).collect())
    })
}
/// Parses a role, `up` or `down`. Instead of `not up`, `down` is required.
fn read_word(
    properties: &mut BothProperties<'_>,
    not: bool,
    piece: Piece<'_>,
    line: &Cursor<'_>,
) -> ParseResult<()> {
    let mut words = Vec::new();
    if !properties.has_role() {
        let mut roles = RoleName::ALL.into_iter();
        if let Some(role) = roles.find(|role| role.name() == piece.text) {
            properties.those(not).role = Some(role);
            return Ok(());
        }
        words.extend(RoleName::ALL.map(RoleName::name));
    }
    let opposite = match piece.text {
        "up" => Some("down"),
        "down" => Some("up"),
        _ => None,
    };
    if not {
        let meant = opposite.map(|opposite| Help::Meant(opposite.to_owned()));
        let error = line.expected_one_of(piece, Vec::new()).or_keywords(&words);
        return Err(error.help(meant));
    }
    if properties.is.up.is_none() {
        if opposite.is_some() {
            properties.is.up = Some(piece.text == "up");
            return Ok(());
        }
        words.extend(STATES);
    }
    Err(line.unknown_word(piece, &words))
}

/// Two properties that contradict each other even under broken rules.
fn contradiction(is: &ServerPattern, server: NodeId) -> Option<[&'static str; 2]> {
    let role = is.role.map(RoleName::name);
    if is.up == Some(false) {
        let commit = is.commit.filter(|commit| *commit > LogIndex::ZERO);
        let lost = [
            role,
            is.members.and(Some(MEMBERS.name)),
            is.leader.flatten().and(Some(LEADER.name)),
            commit.and(Some(COMMIT.name)),
            is.variables.first().map(|_| variable::START),
        ];
        return Some(["down", lost.into_iter().flatten().next()?]);
    }
    if let (Some(log), Some(last)) = (&is.log, is.last)
        && !last.matches(end_of(log))
    {
        return Some([LOG.name, LAST.name]);
    }
    let leads_itself = is.leader? == Some(server);
    let agree = match is.role? {
        RoleName::Leader => leads_itself,
        RoleName::Follower => !leads_itself,
        RoleName::PreCandidate | RoleName::Candidate => is.leader == Some(None),
    };
    if agree {
        None
    } else {
        Some([role?, LEADER.name])
    }
}

/// The end of a log with entries of these terms.
fn end_of(log: &[Term]) -> Position {
    Position {
        index: LogIndex::ZERO.plus(log.len()),
        term: log.last().copied().unwrap_or_default(),
    }
}

/// The properties as in an expectation, each with a space before it.
impl fmt::Display for ServerPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            role,
            term,
            voted_for,
            log,
            last,
            commit,
            leader,
            members,
            up,
            variables,
        } = self;
        let mut out = String::new();
        if let Some(role) = role {
            show(format_args!(" {role}"), &mut out);
        }
        // A crashed server has no role, so `down` takes the position of the role.
        if *up == Some(false) {
            out.push_str(" down");
        }
        TERM.write_some(term, &mut out);
        VOTED_FOR.write_some(voted_for, &mut out);
        LOG.write_some(log, &mut out);
        LAST.write_some(last, &mut out);
        COMMIT.write_some(commit, &mut out);
        LEADER.write_some(leader, &mut out);
        MEMBERS.write_some(members, &mut out);
        if *up == Some(true) {
            out.push_str(" up");
        }
        for variable in variables {
            out.push(' ');
            variable::write(variable, &mut out);
        }
        f.write_str(&out)
    }
}

/// What a server is and is not: `S1 term=2 not leader`.
pub(crate) fn write_properties(
    server: NodeId,
    is: &ServerPattern,
    is_not: &ServerPattern,
) -> String {
    let mut out = format!("{server}{is}");
    let plain = ServerPattern {
        variables: Vec::new(),
        ..is_not.clone()
    };
    for property in plain.to_string().split_whitespace() {
        show(format_args!(" not {property}"), &mut out);
    }
    // The value of one may have blanks.
    for variable in &is_not.variables {
        out.push_str(" not ");
        variable::write(variable, &mut out);
    }
    out
}

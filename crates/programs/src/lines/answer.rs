//! What a process answers.

use std::collections::BTreeMap;
use std::mem;
use std::rc::Rc;

use hustings_lab::{Header, Start, Value as Shown, View};
use hustings_raft::{
    ClientReply, Log, LogIndex, Message, MillisRange, NodeId, NodeMap, NodeSet, Options, Position,
    Progress, ProgressState, RoleName, Stored, Timer, Votes,
};
use serde_json::{Map, Value};

use super::body;
use super::field::{Fields, list, named, shown};
use super::limits::{ACTS_MAX, LOG_MAX, PRINTED_MAX, VALUES_MAX, quoted};
use crate::host::{Act, Part, Told};

/// What does not change while a server runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fixed {
    pub(super) id: NodeId,
    pub(super) options: Options,
}

/// What a process has said of itself so far.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    view: View,
    /// What it says of votes and of the others' logs, in whatever role.
    votes: Option<Votes>,
    next_index: Rc<Map<String, Value>>,
    match_index: Rc<Map<String, Value>>,
    own: Rc<BTreeMap<Rc<str>, Shown>>,
}

impl Seen {
    /// A follower with what is on its disk.
    pub(super) fn first(start: &Start) -> Self {
        Self {
            view: View::follower(start),
            votes: None,
            next_index: Rc::default(),
            match_index: Rc::default(),
            own: Rc::default(),
        }
    }
}

/// The types of lines, besides `{"done":N}`.
const TYPES: [&str; 7] = [
    "send",
    "set_timer",
    "cancel_timer",
    "persist",
    "reply",
    "state",
    "log",
];

/// The answer to one line, which is being read.
#[derive(Debug)]
pub(super) struct Answer<'a> {
    fixed: Fixed,
    turn: u64,
    /// What it answers; nothing if the server starts.
    told: Option<&'a Told>,
    seen: Seen,
    /// Whether it has said its role since its last write.
    role_said: bool,
    parts: Vec<Part>,
    acts: Vec<Act>,
    printed: Vec<Rc<str>>,
    acted: usize,
    prints: usize,
}

impl<'a> Answer<'a> {
    pub(super) fn new(fixed: Fixed, turn: u64, told: Option<&'a Told>, seen: Seen) -> Self {
        Self {
            fixed,
            turn,
            told,
            seen,
            role_said: false,
            parts: Vec::new(),
            acts: Vec::new(),
            printed: Vec::new(),
            acted: 0,
            prints: 0,
        }
    }

    /// The parts, and what has been said of the server, once all lines are read.
    pub(super) fn end(mut self) -> (Vec<Part>, Seen) {
        self.end_part(None);
        (self.parts, self.seen)
    }

    /// The server that answers.
    pub(super) fn server(&self) -> NodeId {
        self.fixed.id
    }

    /// Reads a line; whether it is the last. An error quotes the line.
    pub(super) fn read(&mut self, line: &str) -> Result<bool, String> {
        self.line(line)
            .map_err(|wrong| format!("it wrote {}: {wrong}", quoted(line)))
    }

    fn line(&mut self, line: &str) -> Result<bool, String> {
        let value: Value = serde_json::from_str(line).map_err(|_| {
            "a line is an object in JSON, and what is to be told to people goes to \
                          standard error, or is a line of the type `log`"
        })?;
        let Some(map) = value.as_object() else {
            return Err("a line is an object in JSON".to_owned());
        };
        if let Some(done) = map.get("done") {
            return self.done(done);
        }
        let fields = Fields {
            what: "a line",
            map,
        };
        if !map.contains_key("type") {
            return Err(format!(
                "a line has a `type`, one of {}, or is `{{\"done\":{}}}`",
                list(&TYPES),
                self.turn
            ));
        }
        let kind = fields.text("type")?;
        let what = format!("`{kind}`");
        let fields = Fields { what: &what, map };
        match kind {
            "send" => self.send(fields)?,
            "set_timer" => self.set_timer(fields)?,
            "cancel_timer" => {
                fields.only(&["name"])?;
                self.act(Act::Disarm(timer(fields)?))?;
            }
            "persist" => self.persist(fields)?,
            "reply" => self.reply(fields)?,
            "state" => self.state(fields)?,
            "log" => self.log(fields)?,
            _ => {
                return Err(format!(
                    "no line has the type {what}; there are {}",
                    list(&TYPES)
                ));
            }
        }
        Ok(false)
    }

    fn done(&self, done: &Value) -> Result<bool, String> {
        if done.as_u64() == Some(self.turn) {
            return Ok(true);
        }
        Err(format!(
            "the turn that it was told is {}, so `{{\"done\":{}}}` was expected",
            self.turn, self.turn
        ))
    }

    fn act(&mut self, act: Act) -> Result<(), String> {
        self.count()?;
        self.acts.push(act);
        Ok(())
    }

    fn count(&mut self) -> Result<(), String> {
        self.acted += 1;
        if self.acted > ACTS_MAX {
            return Err(format!(
                "more than {ACTS_MAX} messages, timers, replies and writes in one turn"
            ));
        }
        Ok(())
    }

    fn send(&mut self, fields: Fields<'_>) -> Result<(), String> {
        fields.only(&["dest", "body"])?;
        let to = fields.server("dest")?;
        if to == self.fixed.id {
            return Err(format!("{to} sends a message to itself"));
        }
        let body = fields.get("body")?;
        let Some(body) = body.as_object() else {
            return Err(format!("`body` is an object, and this is {}", shown(body)));
        };
        let asked = match self.told {
            Some(Told::Message {
                from,
                message: Message::AppendEntries { prev, entries, .. },
            }) if *from == to => Some(prev.index.plus(entries.len())),
            _ => None,
        };
        let message = body::message(self.fixed.id, body, asked)?;
        self.act(Act::Send { to, message })
    }

    fn set_timer(&mut self, fields: Fields<'_>) -> Result<(), String> {
        fields.only(&["name", "after_ms"])?;
        let timer = timer(fields)?;
        let options = &self.fixed.options;
        let range = match fields.find("after_ms") {
            Some(after) => duration(after)?,
            None if timer == Timer::Heartbeat => MillisRange::exactly(options.heartbeat.0),
            None => options.election_timeout,
        };
        self.act(Act::Arm(timer, range))
    }

    fn persist(&mut self, fields: Fields<'_>) -> Result<(), String> {
        fields.only(&["current_term", "voted_for", "log", "log_from"])?;
        self.count()?;
        let stored = Stored {
            term: fields.term("current_term")?,
            voted_for: fields.server_or_null("voted_for")?,
            log: log(&self.seen.view.log, fields)?,
        };
        let view = &mut self.seen.view;
        if stored.term > view.term && !self.role_said {
            // So it is in every new term, until it says otherwise.
            view.role = Some(RoleName::Follower);
            view.leader = None;
        }
        view.term = stored.term;
        view.voted_for = stored.voted_for;
        view.log = stored.log.clone();
        self.end_part(Some(stored));
        Ok(())
    }

    fn end_part(&mut self, write: Option<Stored>) {
        self.role_said = false;
        let seen = &mut self.seen;
        let role = seen.view.role;
        let stands = matches!(role, Some(RoleName::Candidate | RoleName::PreCandidate));
        seen.view.votes = seen.votes.filter(|_| stands);
        let leads = role == Some(RoleName::Leader);
        let progress = leads.then(|| progress(&seen.next_index, &seen.match_index));
        seen.view.progress = progress.flatten().map(Rc::new);
        self.parts.push(Part {
            acts: mem::take(&mut self.acts),
            printed: mem::take(&mut self.printed),
            view: seen.view.clone(),
            write,
            trace: None,
        });
    }

    fn reply(&mut self, fields: Fields<'_>) -> Result<(), String> {
        const KINDS: [&str; 3] = ["accepted", "committed", "not_leader"];
        fields.only(&KINDS)?;
        let mut given = KINDS.into_iter().filter(|it| fields.find(it).is_some());
        let reply = match (given.next(), given.next()) {
            (Some("not_leader"), None) => ClientReply::NotLeader {
                leader: fields.server_or_null("not_leader")?,
            },
            (Some(kind), None) => {
                let index = fields.index(kind)?;
                let term = self.seen.view.log.term_at(index);
                let Some(term) = term.filter(|_| index > LogIndex::ZERO) else {
                    return Err(format!(
                        "its log has no entry at index {index}: `persist` or `state` tells of \
                         an entry before the reply does"
                    ));
                };
                let position = Position { index, term };
                if kind == "accepted" {
                    ClientReply::Accepted(position)
                } else {
                    ClientReply::Committed(position)
                }
            }
            _ => return Err(format!("a reply has one of {}", list(&KINDS))),
        };
        self.act(Act::Reply(reply))
    }

    fn state(&mut self, fields: Fields<'_>) -> Result<(), String> {
        let mut own: Option<BTreeMap<_, _>> = None;
        for (name, value) in fields.map {
            match name.as_str() {
                "type" | "log_from" => {}
                "role" => {
                    self.seen.view.role = Some(role(value)?);
                    self.role_said = true;
                }
                "term" => self.seen.view.term = fields.term(name)?,
                "voted_for" => self.seen.view.voted_for = fields.server_or_null(name)?,
                "leader" => self.seen.view.leader = fields.server_or_null(name)?,
                "commit_index" => self.seen.view.commit = fields.index(name)?,
                "log" => self.seen.view.log = log(&self.seen.view.log, fields)?,
                "votes" => self.seen.votes = votes(value)?,
                "next_index" => self.seen.next_index = indexes(name, value)?.into(),
                "match_index" => self.seen.match_index = indexes(name, value)?.into(),
                _ => {
                    let own = own.get_or_insert_with(|| (*self.seen.own).clone());
                    own.insert(name.as_str().into(), own_value(value));
                }
            }
        }
        if let Some(own) = own.filter(|own| *own != *self.seen.own) {
            if own.values().map(size).sum::<usize>() > VALUES_MAX {
                return Err(format!(
                    "its own variables hold more than {VALUES_MAX} values"
                ));
            }
            let entries = own.iter().map(|(name, it)| (Rc::clone(name), it.clone()));
            self.seen.view.variables = Some(Shown::Map(entries.collect()));
            self.seen.own = Rc::new(own);
        }
        Ok(())
    }

    fn log(&mut self, fields: Fields<'_>) -> Result<(), String> {
        fields.only(&["text"])?;
        let text = fields.text("text")?;
        self.prints += 1;
        if self.prints <= PRINTED_MAX {
            self.printed.push(text.into());
        }
        Ok(())
    }
}

fn timer(fields: Fields<'_>) -> Result<Timer, String> {
    let name = fields.text("name")?;
    let found = Timer::ALL.into_iter().find(|timer| timer.name() == name);
    found.ok_or_else(|| {
        format!(
            "no timer is called `{name}`; there are {}",
            list(&Timer::ALL.map(Timer::name))
        )
    })
}

fn duration(value: &Value) -> Result<MillisRange, String> {
    let longest = Header::DURATION_MAX.0;
    let ends = match value.as_array().map(Vec::as_slice) {
        None => Some((value, value)),
        Some([min, max]) => Some((min, max)),
        Some(_) => None,
    };
    let millis = |value: &Value| value.as_u64().filter(|it| (1..=longest).contains(it));
    ends.and_then(|(min, max)| MillisRange::new(millis(min)?, millis(max)?))
        .ok_or_else(|| {
            format!(
                "`after_ms` is a whole number from 1 to {longest}, or two of them, the shortest \
                 and the longest, and this is {}",
                shown(value)
            )
        })
}

fn role(value: &Value) -> Result<RoleName, String> {
    let text = value.as_str().unwrap_or_default();
    let found = RoleName::ALL.into_iter().find(|role| {
        let name = role.name();
        name.eq_ignore_ascii_case(text) || name.replace('-', "_").eq_ignore_ascii_case(text)
    });
    found.ok_or_else(|| {
        format!(
            "`role` is one of {}, and this is {}",
            list(&RoleName::ALL.map(RoleName::name)),
            shown(value)
        )
    })
}

/// The log of a line, or its end from an index on; as it was if it is left out. What has
/// not changed stays shared.
fn log(before: &Log, fields: Fields<'_>) -> Result<Log, String> {
    if fields.find("log").is_none() {
        return Ok(before.clone());
    }
    let mut index = match fields.find("log_from") {
        Some(_) => fields.index("log_from")?.previous(),
        None => LogIndex::ZERO,
    };
    if index > before.last_index() {
        return Err(format!(
            "`log_from` is at most {}, as the log has {} entries so far",
            before.last_index().next(),
            before.len()
        ));
    }
    let items = fields.list("log")?;
    if index.plus(items.len()) > LogIndex::ZERO.plus(LOG_MAX) {
        return Err(format!("a log has at most {LOG_MAX} entries"));
    }
    let mut log = before.clone();
    for item in items {
        index = index.next();
        let entry = body::entry(item)?;
        if log.get(index) != Some(&entry) {
            log.truncate_from(index);
            log.append(entry);
        }
    }
    log.truncate_from(index.next());
    Ok(log)
}

/// Votes: an object of servers and whether they granted theirs, or an array of those that
/// did.
fn votes(value: &Value) -> Result<Option<Votes>, String> {
    let mut votes = Votes::default();
    let wrong = || {
        format!(
            "`votes` is an array of servers, or an object of servers and true or false, and this \
             is {}",
            shown(value)
        )
    };
    match value {
        Value::Null => return Ok(None),
        Value::Array(names) => {
            let names = names.iter().map(|it| named(it.as_str()?));
            votes.granted = names.collect::<Option<NodeSet>>().ok_or_else(wrong)?;
        }
        Value::Object(map) => {
            for (name, granted) in map {
                let set = match granted.as_bool().ok_or_else(wrong)? {
                    true => &mut votes.granted,
                    false => &mut votes.refused,
                };
                set.insert(named(name).ok_or_else(wrong)?);
            }
        }
        _ => return Err(wrong()),
    }
    Ok(Some(votes))
}

fn indexes(name: &str, value: &Value) -> Result<Map<String, Value>, String> {
    let fits = |(name, index): (&String, &Value)| named(name).is_some() && index.is_u64();
    match value {
        Value::Null => Ok(Map::new()),
        Value::Object(map) if map.iter().all(fits) => Ok(map.clone()),
        _ => Err(format!(
            "`{name}` is an object of servers and indexes, and this is {}",
            shown(value)
        )),
    }
}

/// What a leader knows of the others, if it says so.
fn progress(
    next_index: &Map<String, Value>,
    match_index: &Map<String, Value>,
) -> Option<NodeMap<Progress>> {
    let index = |value: Option<&Value>| value.and_then(Value::as_u64).map(LogIndex);
    let progress: NodeMap<Progress> = next_index
        .iter()
        .filter_map(|(name, next)| {
            let match_index = index(match_index.get(name))?;
            let progress = Progress {
                state: if match_index > LogIndex::ZERO {
                    ProgressState::Replicate
                } else {
                    ProgressState::Probe
                },
                next_index: index(Some(next))?,
                match_index,
                active: true,
            };
            Some((named(name)?, progress))
        })
        .collect();
    let is_any = progress.iter().next().is_some();
    is_any.then_some(progress)
}

/// A variable as it is shown. The laboratory has whole numbers only; others are texts.
fn own_value(value: &Value) -> Shown {
    match value {
        Value::Null => Shown::Nothing,
        Value::Bool(truth) => Shown::Bool(*truth),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Shown::Int(number),
            None => Shown::Text(number.to_string().into()),
        },
        Value::String(text) => Shown::Text(text.as_str().into()),
        Value::Array(items) => Shown::List(items.iter().map(own_value).collect()),
        Value::Object(map) => {
            let entries = map.iter();
            Shown::Map(
                entries
                    .map(|(name, it)| (name.as_str().into(), own_value(it)))
                    .collect(),
            )
        }
    }
}

fn size(value: &Shown) -> usize {
    match value {
        Shown::List(items) => 1 + items.iter().map(size).sum::<usize>(),
        Shown::Map(entries) => 1 + entries.iter().map(|(_, it)| size(it)).sum::<usize>(),
        Shown::Nothing | Shown::Bool(_) | Shown::Int(_) | Shown::Text(_) => 1,
    }
}

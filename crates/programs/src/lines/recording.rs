//! Runs of processes, recorded: a script, and the turns that its servers have taken.
//!
//! A recording is a text of lines in JSON. The first is its head: the script, the commands
//! of the servers, and how many turns there are. Each other line is a turn, in the order in
//! which they were taken: the server, the line of the file in which it took the turn before,
//! what it was told, and what it said or why it failed.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use hustings_lab::{Abilities, Failure, Program};
use hustings_raft::{NodeId, NodeMap};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::field::named;
use super::host::Lines;
use super::limits::quoted;
use super::turns::{Place, Taken, Turns};
use crate::program::HostedProgram;
use crate::recording::{RECORDING_BYTES_MAX, RecordingError};

/// The version that is written and read.
const VERSION: u64 = 1;
/// The line of the first turn.
const FIRST: usize = 2;

/// A run of processes, recorded.
#[derive(Debug)]
pub struct Recording {
    /// The text of the script, which does not name the commands.
    pub script: String,
    /// The commands of the servers that are processes.
    pub commands: NodeMap<String>,
    /// The turns that these servers have taken.
    pub turns: Turns,
}

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head<'a> {
    recording: u64,
    #[serde(borrow)]
    servers: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    turns: usize,
    #[serde(borrow)]
    script: Cow<'a, str>,
}

/// The version alone: what else there is may differ in others.
#[derive(Deserialize)]
struct Versioned {
    recording: u64,
}

/// A turn.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    #[serde(borrow)]
    server: Cow<'a, str>,
    /// The line of the file in which the server took the turn before.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<usize>,
    #[serde(borrow)]
    told: &'a RawValue,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    said: Option<Vec<&'a RawValue>>,
    /// Why there is no answer.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    failed: Option<Cow<'a, str>>,
}

impl Recording {
    /// What takes the turns of its servers.
    pub fn lines(&self) -> Lines {
        Lines::recorded(self.turns.clone())
    }

    /// The programs of its servers; `text` is what was read.
    pub fn programs(&self, text: &Rc<str>) -> NodeMap<Rc<dyn Program>> {
        let lines = Rc::new(self.lines());
        let of = |(id, command): (NodeId, &String)| {
            let (text, lines) = (Some(Rc::clone(text)), Rc::clone(&lines));
            let program = HostedProgram::of_command(command, text, lines);
            (id, Rc::new(program) as Rc<dyn Program>)
        };
        self.commands.iter().map(of).collect()
    }

    /// Its text.
    ///
    /// # Errors
    ///
    /// If it is too long.
    pub fn write(&self) -> Result<String, RecordingError> {
        let turns = self.turns.all();
        let commands = self.commands.iter();
        let mut text = json(&Head {
            recording: VERSION,
            servers: commands
                .map(|(id, command)| (id.to_string().into(), command.into()))
                .collect(),
            turns: turns.len(),
            script: (&*self.script).into(),
        });
        for taken in &turns {
            let before = taken.before.and_then(|place| self.turns.number(place));
            let answer = taken.answer.as_ref();
            text.push_str(&json(&Line {
                server: taken.server.to_string().into(),
                after: before.map(|number| FIRST + number),
                told: raw(&taken.line),
                said: answer.ok().map(|said| said.lines().map(raw).collect()),
                failed: answer.err().map(|failure| (&*failure.message).into()),
            }));
            if text.len() > RECORDING_BYTES_MAX {
                return Err(RecordingError::TooLong);
            }
        }
        Ok(text)
    }

    /// Reads a recording.
    ///
    /// # Errors
    ///
    /// If it is none, or not as it was written.
    pub fn read(text: &str) -> Result<Self, RecordingError> {
        if text.len() > RECORDING_BYTES_MAX {
            return Err(RecordingError::TooLong);
        }
        let mut lines = text.lines();
        let head = read_head(lines.next().unwrap_or_default())?;
        let mut reader = Reader {
            commands: commands(&head)?,
            turns: Turns::default(),
            places: Vec::new(),
        };
        for (number, line) in (FIRST..).zip(lines) {
            match reader.read(line) {
                Ok(()) => {}
                // The end of what was cut off within a line.
                Err(_) if !text.ends_with('\n') && text.ends_with(line) => break,
                Err(why) => return Err(RecordingError::Changed { line: number, why }),
            }
        }
        let (turns, of) = (reader.places.len(), head.turns);
        let line = FIRST + turns - 1;
        match turns.cmp(&of) {
            Ordering::Equal => Ok(Self {
                script: head.script.into_owned(),
                commands: reader.commands,
                turns: reader.turns,
            }),
            Ordering::Less => Err(RecordingError::CutShort { line, turns, of }),
            Ordering::Greater => Err(RecordingError::Changed {
                line,
                why: format!("the first line says that there are {of} turns, and these are more"),
            }),
        }
    }
}

fn read_head(line: &str) -> Result<Head<'_>, RecordingError> {
    let changed = |error| RecordingError::Changed {
        line: 1,
        why: not_json(&error),
    };
    let Versioned { recording } = serde_json::from_str(line).map_err(changed)?;
    match recording {
        VERSION => serde_json::from_str(line).map_err(changed),
        other => Err(RecordingError::Version(other)),
    }
}

fn commands(head: &Head<'_>) -> Result<NodeMap<String>, RecordingError> {
    let commands = head.servers.iter();
    let commands: Option<NodeMap<_>> = commands
        .map(|(name, command)| Some((named(name)?, command.to_string())))
        .collect();
    commands.ok_or_else(|| RecordingError::Changed {
        line: 1,
        why: "servers are S1 to S9".to_owned(),
    })
}

/// Reads the turns of a recording.
struct Reader {
    commands: NodeMap<String>,
    turns: Turns,
    /// The place after each of them.
    places: Vec<Place>,
}

impl Reader {
    /// Reads a turn; an error is what is wrong with it.
    fn read(&mut self, line: &str) -> Result<(), String> {
        let line: Line<'_> = serde_json::from_str(line).map_err(|error| not_json(&error))?;
        let server = named(&line.server).filter(|id| self.commands.get(*id).is_some());
        let server = server.ok_or("the first line has no command of this server")?;
        let before = line.after.map(|after| self.before(after, server));
        let taken = Taken {
            server,
            before: before.transpose()?,
            line: line.told.get().to_owned(),
            answer: match (line.said, line.failed) {
                (Some(said), None) => Ok(said.iter().map(|it| format!("{it}\n")).collect()),
                (None, Some(failed)) => Err(Box::new(Failure::new(failed))),
                _ => return Err("a turn has either `said` or `failed`".to_owned()),
            },
        };
        let place = taken.place();
        if self.turns.at(place).is_some() {
            return Err(format!(
                "{server} was told the same at the same place before"
            ));
        }
        self.places.push(place);
        self.turns.keep(Rc::new(taken));
        Ok(())
    }

    /// The place after the turn of a line, which the same server must have taken.
    fn before(&self, after: usize, server: NodeId) -> Result<Place, String> {
        let place = after.checked_sub(FIRST).and_then(|it| self.places.get(it));
        let turn = place.and_then(|place| self.turns.at(*place));
        match (place, turn) {
            (Some(place), Some(turn)) if turn.server == server && turn.answer.is_ok() => Ok(*place),
            _ => Err(format!(
                "line {after} is no earlier turn of {server} that it answered"
            )),
        }
    }
}

/// Why a server has no turn that was not recorded. The place is the line of the recording
/// after which it would stand: a failure that was recorded has none.
pub(super) fn not_recorded(
    turns: &Turns,
    server: NodeId,
    before: Option<Place>,
    line: &str,
) -> Box<Failure> {
    let all = turns.all();
    let mut then = all
        .iter()
        .filter(|it| (it.server, it.before) == (server, before));
    let then = then
        .next()
        .map_or("nothing".to_owned(), |it| quoted(&it.line));
    let number = before.and_then(|place| turns.number(place));
    let at = number.map_or(1, |number| FIRST + number);
    Box::new(Failure {
        message: format!(
            "the recording has no answer of {server} to {}: after this line of it, {server} is \
             told {then}; record the run again",
            quoted(line)
        ),
        at: Some((u32::try_from(at).unwrap_or(u32::MAX), 1)),
    })
}

/// What servers have shown in their turns that they can do.
pub(super) fn shown(turns: &Turns) -> Abilities {
    let mut abilities = Abilities::default();
    for taken in turns.all() {
        let lines = taken.answer.iter().flat_map(|answer| answer.lines());
        // Most lines have neither, and need not be read.
        let may_tell = |line: &&str| line.contains("\"accepted\"") || line.contains("\"log\"");
        let read = lines.filter(may_tell).map(serde_json::from_str::<Value>);
        for line in read.flatten() {
            let entries = line.get("log").and_then(Value::as_array);
            let is_empty = |entry: &Value| entry.get("op").is_some_and(Value::is_null);
            abilities.no_op |= entries.is_some_and(|entries| entries.iter().any(is_empty));
            abilities.requests |= line.get("accepted").is_some();
        }
    }
    abilities
}

/// What is wrong with a line that is not as it should be in JSON.
fn not_json(error: &serde_json::Error) -> String {
    let told = error.to_string();
    // Of a line alone, the number is always the same.
    match told.rsplit_once(" at line 1 column ") {
        Some((what, column)) => format!("{what} (column {column})"),
        None => told,
    }
}

/// A line that is already JSON.
fn raw(line: &str) -> &RawValue {
    // What is told is, and what was answered has been read.
    serde_json::from_str(line).unwrap_or(RawValue::NULL)
}

/// A line of the file.
fn json(line: &impl Serialize) -> String {
    // Texts and numbers can always be written.
    let line = serde_json::to_string(line).unwrap_or_default();
    line + "\n"
}

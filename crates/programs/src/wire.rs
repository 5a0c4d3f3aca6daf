//! Turns as bytes, between the page's module and the interpreter's.
//!
//! A log crosses as what changed in it: both sides know the one before.

use std::rc::Rc;

use hustings_lab::{Abilities, Failure, Start, Value, View};
use hustings_raft::{
    Entries, Log, LogIndex, Millis, NodeId, NodeMap, NodeSet, Options, Progress, RoleName, Stored,
    Term, Votes,
};
use serde::{Deserialize, Serialize};

use crate::host::{Act, Part, Told};
use crate::recording::RecordingError;
use crate::trace::Trace;

/// What the interpreter is asked for: the first turn of a server, or another.
#[derive(Serialize, Deserialize, Debug)]
pub enum Ask {
    /// A server starts.
    Start {
        /// Its local time.
        now: Millis,
        /// The server.
        id: NodeId,
        /// The members of the cluster.
        members: NodeSet,
        /// The settings of the cluster.
        options: Options,
        /// What is on its disk.
        stored: OnDisk,
        /// Its commit index.
        commit: LogIndex,
    },
    /// A server is told something.
    Turn {
        /// Its local time.
        now: Millis,
        /// What it is told.
        told: Told,
    },
}

/// What is on a disk, with what changed of the log before.
#[derive(Serialize, Deserialize, Debug)]
pub struct OnDisk {
    term: Term,
    voted_for: Option<NodeId>,
    log: LogChange,
}

/// What changed of a log: what is deleted from an index on, and appended then.
#[derive(Serialize, Deserialize, Debug)]
struct LogChange(Option<(LogIndex, Entries)>);

/// The answer: the parts of a turn, and what the interpreter calls the state after it; or
/// why there is none, and what was executed up to then, if that was asked for.
pub type Answer = Result<(Vec<SentPart>, u32), (Box<Failure>, Vec<Trace>)>;

/// A recording that the interpreter's module has opened, or why it cannot.
pub type Opened = Result<Recorded, RecordingError>;

/// A recording that the interpreter's module has opened.
#[derive(Serialize, Deserialize, Debug)]
pub struct Recorded {
    /// What the module calls what takes the turns of its servers.
    pub program: u32,
    /// What its servers have shown that they can do.
    pub abilities: Abilities,
    /// The text of the script.
    pub script: String,
    /// The servers that were processes, and their commands.
    pub commands: Vec<(NodeId, String)>,
}

/// A part of a turn.
#[derive(Serialize, Deserialize, Debug)]
pub struct SentPart {
    acts: Vec<Act>,
    printed: Vec<Rc<str>>,
    write: Option<OnDisk>,
    view: SentView,
    trace: Option<Trace>,
}

#[derive(Serialize, Deserialize, Debug)]
struct SentView {
    role: Option<RoleName>,
    term: Term,
    voted_for: Option<NodeId>,
    leader: Option<NodeId>,
    members: Option<NodeSet>,
    commit: LogIndex,
    log: LogChange,
    votes: Option<Votes>,
    progress: Option<Vec<(NodeId, Progress)>>,
    variables: Option<Value>,
}

impl LogChange {
    /// What changed since `log`, which becomes the new one.
    fn of(log: &mut Log, new: &Log) -> Self {
        let from = log.first_difference(new);
        *log = new.clone();
        Self(from.map(|from| (from, new.copy(from, usize::MAX))))
    }

    /// The log after the change, which `log` becomes.
    fn apply(&self, log: &mut Log) -> Log {
        if let Self(Some((from, entries))) = self {
            log.truncate_from(*from);
            for entry in entries {
                log.append(entry.clone());
            }
        }
        log.clone()
    }
}

impl OnDisk {
    fn of(log: &mut Log, stored: &Stored) -> Self {
        Self {
            term: stored.term,
            voted_for: stored.voted_for,
            log: LogChange::of(log, &stored.log),
        }
    }

    fn stored(&self, log: &mut Log) -> Stored {
        Stored {
            term: self.term,
            voted_for: self.voted_for,
            log: self.log.apply(log),
        }
    }
}

impl Ask {
    /// Asks for the first turn.
    pub fn start(start: &Start, now: Millis) -> Self {
        Self::Start {
            now,
            id: start.id,
            members: start.members,
            options: start.options,
            stored: OnDisk::of(&mut Log::default(), &start.stored),
            commit: start.commit,
        }
    }
}

/// What a server starts from, if that is what is asked for.
pub fn started(ask: &Ask) -> Option<Start> {
    match ask {
        Ask::Start {
            id,
            members,
            options,
            stored,
            commit,
            ..
        } => Some(Start {
            id: *id,
            members: *members,
            options: *options,
            stored: stored.stored(&mut Log::default()),
            commit: *commit,
        }),
        Ask::Turn { .. } => None,
    }
}

/// The parts of a turn of a server with this log, which becomes the one after it.
pub fn send(parts: Vec<Part>, log: &mut Log) -> Vec<SentPart> {
    let sent = parts.into_iter().map(|part| SentPart {
        acts: part.acts,
        printed: part.printed,
        write: part.write.map(|stored| OnDisk::of(log, &stored)),
        view: SentView::of(part.view, log),
        trace: part.trace,
    });
    sent.collect()
}

/// The parts that were sent of a turn of a server with this log, which becomes the one
/// after it.
pub fn receive(parts: Vec<SentPart>, log: &mut Log) -> Vec<Part> {
    let received = parts.into_iter().map(|part| Part {
        acts: part.acts,
        printed: part.printed,
        write: part.write.map(|stored| stored.stored(log)),
        view: part.view.view(log),
        trace: part.trace,
    });
    received.collect()
}

impl SentView {
    fn of(view: View, log: &mut Log) -> Self {
        let progress = view.progress.as_ref();
        Self {
            role: view.role,
            term: view.term,
            voted_for: view.voted_for,
            leader: view.leader,
            members: view.members,
            commit: view.commit,
            log: LogChange::of(log, &view.log),
            votes: view.votes,
            progress: progress.map(|it| it.iter().map(|(id, of)| (id, *of)).collect()),
            variables: view.variables,
        }
    }

    fn view(self, log: &mut Log) -> View {
        let progress = self.progress.map(|it| Rc::new(NodeMap::from_iter(it)));
        View {
            role: self.role,
            term: self.term,
            voted_for: self.voted_for,
            leader: self.leader,
            members: self.members,
            commit: self.commit,
            log: self.log.apply(log),
            votes: self.votes,
            duplicate_votes: 0,
            progress,
            variables: self.variables,
        }
    }
}

/// Anything of this module as bytes. Nothing of it has a value that cannot be.
pub fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(value).unwrap_or_default()
}

/// Anything of this module from bytes.
///
/// # Errors
///
/// If they are something else.
pub fn from_bytes<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> postcard::Result<T> {
    postcard::from_bytes(bytes)
}

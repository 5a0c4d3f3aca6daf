//! Takes turns with running processes.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::{Hash as _, Hasher};
use std::rc::Rc;
use std::time::Duration;

use hustings_lab::{Failure, Start};
use hustings_raft::{Millis, NodeId};
use serde_json::Value;

use super::answer::{Answer, Fixed, Seen};
use super::limits::{RUNNING_MAX, quoted};
use super::process::{Listener, NotStarted, Process};
use super::told;
use crate::host::{Host, Told, Turn};

/// A command that runs as a server: takes turns with processes of it.
pub struct Lines {
    command: Vec<String>,
    limit: Duration,
    listener: Option<Listener>,
    /// A process that was started to see whether it can be, and was told nothing yet.
    first: RefCell<Option<Process>>,
    /// What was told to all servers so far, and what came of it, by place. A turn that was
    /// taken before needs no process.
    taken: RefCell<BTreeMap<Place, Rc<Taken>>>,
    /// The running processes, the last used last.
    running: RefCell<Vec<Running>>,
    /// The server that was told most since the last comparison, and its place.
    furthest: Cell<Option<(NodeId, Place)>>,
}

/// A place in what servers were told: how many lines, and all of them in a digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
struct Place {
    turn: u64,
    digest: u64,
}

impl Place {
    /// The place after a line.
    fn after(before: Option<Self>, line: &str) -> Self {
        let mut digest = DefaultHasher::new();
        (before, line).hash(&mut digest);
        Self {
            turn: before.map_or(0, |it| it.turn) + 1,
            digest: digest.finish(),
        }
    }
}

/// A turn that was taken.
#[derive(Debug)]
struct Taken {
    before: Option<Place>,
    line: String,
    /// The lines of the answer.
    answer: Result<String, Box<Failure>>,
}

#[derive(Debug)]
struct Running {
    server: NodeId,
    place: Place,
    process: Process,
}

/// A server's state between two turns.
#[derive(Clone, Debug)]
pub struct State {
    fixed: Fixed,
    place: Place,
    seen: Seen,
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines")
            .field("command", &self.command)
            .finish_non_exhaustive()
    }
}

impl Lines {
    /// Servers that are processes of a command: a program and its arguments. `limit` is how
    /// long one may take for a turn; `listener` is told what they write to standard error.
    ///
    /// # Errors
    ///
    /// If the command cannot be started.
    pub fn new(
        command: Vec<String>,
        limit: Duration,
        listener: Option<Listener>,
    ) -> Result<Self, NotStarted> {
        let first = Process::start(&command, None)?;
        Ok(Self {
            command,
            limit,
            listener,
            first: RefCell::new(Some(first)),
            taken: RefCell::default(),
            running: RefCell::default(),
            furthest: Cell::default(),
        })
    }

    /// Has a server's process take the turn after a place, unless it was taken before.
    fn take(
        &self,
        before: Option<Place>,
        line: String,
        fixed: Fixed,
        seen: Seen,
        told: Option<&Told>,
    ) -> Result<Turn<State>, Box<Failure>> {
        let place = Place::after(before, &line);
        let mut answer = Answer::new(fixed, place.turn, told, seen);
        let known = self.taken.borrow().get(&place).cloned();
        match known {
            Some(known) => {
                for line in known.answer.as_ref().map_err(Clone::clone)?.lines() {
                    answer.read(line).map_err(failure)?;
                }
            }
            None => {
                let taken = self.ask(before, place, &line, &mut answer);
                let taken = Rc::new(Taken {
                    before,
                    line,
                    answer: taken.map_err(failure),
                });
                self.taken.borrow_mut().insert(place, Rc::clone(&taken));
                taken.answer.as_ref().map_err(Clone::clone)?;
            }
        }
        let furthest = self.furthest.get();
        if furthest.is_none_or(|(_, other)| other.turn < place.turn) {
            self.furthest.set(Some((fixed.id, place)));
        }
        let (parts, seen) = answer.end();
        Ok(Turn {
            parts,
            state: State { fixed, place, seen },
        })
    }

    /// Asks a process at a place; it stays for the next turn if its answer is right.
    fn ask(
        &self,
        before: Option<Place>,
        place: Place,
        line: &str,
        answer: &mut Answer<'_>,
    ) -> Result<String, String> {
        let server = answer.server();
        let mut process = match before {
            Some(before) => self.process_at(before)?,
            None => self.start_process(Some(server))?,
        };
        let mut heard = String::new();
        process.ask(line, place.turn, self.limit, &mut |line| {
            heard.push_str(line);
            heard.push('\n');
            answer.read(line)
        })?;
        self.keep(Running {
            server,
            place,
            process,
        });
        Ok(heard)
    }

    /// A process that was told nothing yet; of a server whose words are to be heard, or to
    /// repeat what another was told.
    fn start_process(&self, server: Option<NodeId>) -> Result<Process, String> {
        let heard = server.zip(self.listener.clone());
        let first = self.first.borrow_mut().take();
        match first {
            Some(mut first) => {
                first.listen(heard);
                Ok(first)
            }
            None => Process::start(&self.command, heard).map_err(|error| error.to_string()),
        }
    }

    /// A process at a place: one that is there, or one from before it, or a new one. It is
    /// told again what it has not been told.
    fn process_at(&self, place: Place) -> Result<Process, String> {
        let taken = self.taken.borrow();
        let mut running = self.running.borrow_mut();
        let mut again = Vec::new();
        let mut at = Some(place);
        let mut found = None;
        while let Some(place) = at {
            if let Some(number) = running.iter().position(|it| it.place == place) {
                found = Some(running.remove(number).process);
                break;
            }
            let Some(turn) = taken.get(&place) else {
                break;
            };
            again.push((place, turn));
            at = turn.before;
        }
        drop(running);
        let mut process = match found {
            Some(process) => process,
            None => self.start_process(None)?,
        };
        for (place, turn) in again.into_iter().rev() {
            self.repeat(&mut process, place, turn)?;
        }
        Ok(process)
    }

    /// Tells a process what another one was told, and compares its answer.
    fn repeat(&self, process: &mut Process, place: Place, turn: &Taken) -> Result<(), String> {
        let expected = turn.answer.as_deref().unwrap_or_default();
        let mut expected = expected.lines().peekable();
        process.ask(&turn.line, place.turn, self.limit, &mut |line| {
            let before = expected.next().unwrap_or_default();
            if is_same(before, line) {
                return Ok(expected.peek().is_none());
            }
            Err(format!(
                "it answers differently when the same inputs are repeated: to {} it wrote {} \
                 before, and now {}",
                quoted(&turn.line),
                quoted(before),
                quoted(line)
            ))
        })
    }

    fn keep(&self, it: Running) {
        let mut running = self.running.borrow_mut();
        let mut same = running.iter().filter(|other| other.server == it.server);
        if same.clone().count() >= RUNNING_MAX
            && let Some(oldest) = same.next().map(|it| it.place)
        {
            running.retain(|it| it.place != oldest);
        }
        running.push(it);
    }

    /// Starts a process anew, tells it all that a server was told, and compares its answers.
    ///
    /// # Errors
    ///
    /// If one differs.
    pub(super) fn repeat_all(&self, state: &State) -> Result<(), Box<Failure>> {
        self.repeat_until(state.place)
    }

    /// The same for the server that was told most since this was last called.
    ///
    /// # Errors
    ///
    /// Which server it is, and why it fails.
    pub fn repeat_longest(&self) -> Result<(), (NodeId, Box<Failure>)> {
        self.furthest.take().map_or(Ok(()), |(server, place)| {
            let repeated = self.repeat_until(place);
            repeated.map_err(|failure| (server, failure))
        })
    }

    fn repeat_until(&self, place: Place) -> Result<(), Box<Failure>> {
        self.running.borrow_mut().clear();
        self.process_at(place).map(drop).map_err(failure)
    }
}

fn failure(message: String) -> Box<Failure> {
    Box::new(Failure::new(message))
}

/// Whether two lines say the same; an object has no order.
fn is_same(one: &str, other: &str) -> bool {
    let value = |line| serde_json::from_str::<Value>(line).ok();
    one == other || value(one).is_some_and(|one| value(other) == Some(one))
}

impl Host for Lines {
    type State = State;

    fn start(&self, start: &Start, now: Millis) -> Result<Turn<State>, Box<Failure>> {
        let fixed = Fixed {
            id: start.id,
            options: start.options,
        };
        let line = told::init(start, now);
        self.take(None, line, fixed, Seen::first(start), None)
    }

    fn turn(&self, state: &State, now: Millis, told: &Told) -> Result<Turn<State>, Box<Failure>> {
        let line = told::told(told, state.place.turn + 1, now);
        let seen = state.seen.clone();
        self.take(Some(state.place), line, state.fixed, seen, Some(told))
    }

    fn fingerprint(&self, state: &State, mut hasher: &mut dyn Hasher) {
        state.place.hash(&mut hasher);
    }
}

//! The running processes of a command, each at its place in what it was told.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use hustings_lab::Failure;
use hustings_raft::NodeId;
use serde_json::Value;

use super::answer::Answer;
use super::host::{Answerer, Lines, State};
use super::limits::{RUNNING_MAX, quoted};
use super::process::{Listener, NotStarted, Process};
use super::turns::{Place, Taken, Turns};

/// The processes of a command.
pub(super) struct Processes {
    command: Vec<String>,
    limit: Duration,
    listener: Option<Listener>,
    /// A process that was started to see whether it can be, and was told nothing yet.
    first: RefCell<Option<Process>>,
    /// The running processes, the last used last.
    running: RefCell<Vec<Running>>,
}

#[derive(Debug)]
struct Running {
    server: NodeId,
    place: Place,
    process: Process,
}

impl Processes {
    /// A command: a program and its arguments. `limit` is how long a process may take for a
    /// turn; `listener` is told what they write to standard error.
    pub(super) fn new(
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
            running: RefCell::default(),
        })
    }

    /// The program and its arguments.
    pub(super) fn command(&self) -> &[String] {
        &self.command
    }

    /// Has a process at a place take a turn, which is kept.
    pub(super) fn take(
        &self,
        turns: &Turns,
        before: Option<Place>,
        line: String,
        answer: &mut Answer<'_>,
    ) -> Result<(), Box<Failure>> {
        let heard = self.ask(turns, before, &line, answer);
        let taken = Rc::new(Taken {
            server: answer.server(),
            before,
            line,
            answer: heard.map_err(|why| Box::new(Failure::new(why))),
        });
        turns.keep(Rc::clone(&taken));
        taken.answer.as_ref().map(drop).map_err(Clone::clone)
    }

    /// Asks a process at a place, and returns the lines of its answer; it stays for the next
    /// turn if that is right.
    fn ask(
        &self,
        turns: &Turns,
        before: Option<Place>,
        line: &str,
        answer: &mut Answer<'_>,
    ) -> Result<String, String> {
        let (server, place) = (answer.server(), Place::after(before, line));
        let mut process = match before {
            Some(before) => self.process_at(turns, before)?,
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
    fn process_at(&self, turns: &Turns, place: Place) -> Result<Process, String> {
        let mut running = self.running.borrow_mut();
        let mut again = Vec::new();
        let mut at = Some(place);
        let mut found = None;
        while let Some(place) = at {
            if let Some(number) = running.iter().position(|it| it.place == place) {
                found = Some(running.remove(number).process);
                break;
            }
            let Some(turn) = turns.at(place) else {
                break;
            };
            at = turn.before;
            again.push((place, turn));
        }
        drop(running);
        let mut process = match found {
            Some(process) => process,
            None => self.start_process(None)?,
        };
        for (place, turn) in again.into_iter().rev() {
            self.repeat(&mut process, place, &turn)?;
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

    /// Starts a process anew, tells it all that leads to a place, and compares its answers.
    pub(super) fn repeat_until(&self, turns: &Turns, place: Place) -> Result<(), Box<Failure>> {
        self.running.borrow_mut().clear();
        let process = self.process_at(turns, place);
        process.map(drop).map_err(|why| Box::new(Failure::new(why)))
    }
}

impl Lines {
    /// Servers that are processes of a command: a program and its arguments. `limit` is how
    /// long one may take for a turn; `listener` is told what they write to standard error.
    /// The turns that they take are added to `turns`.
    ///
    /// # Errors
    ///
    /// If the command cannot be started.
    pub fn new(
        command: Vec<String>,
        limit: Duration,
        listener: Option<Listener>,
        turns: Turns,
    ) -> Result<Self, NotStarted> {
        let processes = Processes::new(command, limit, listener)?;
        Ok(Self::with(turns, Answerer::Processes(Box::new(processes))))
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
        match &self.answerer {
            Answerer::Processes(processes) => processes.repeat_until(&self.turns, place),
            // There is no process that could answer differently.
            Answerer::Nobody => Ok(()),
        }
    }
}

/// Whether two lines say the same; an object has no order.
fn is_same(one: &str, other: &str) -> bool {
    let value = |line| serde_json::from_str::<Value>(line).ok();
    one == other || value(one).is_some_and(|one| value(other) == Some(one))
}

//! What has been: a header, commands, the records of what happened with their causes, and
//! the world at their end.

mod act;
mod behind;
mod buffer;
mod commands;
mod course;
mod draws;
mod execution;
mod failures;
mod forecast;
mod holds;
mod keep;
mod library;
mod origins;
mod plan;
mod random;
mod reseed;
mod select;

use std::rc::Rc;

use hustings_raft::{Input, Millis, MillisRange, NodeId, NodeSet, Reason, Timer};

use self::buffer::DoneBuffer;
pub use self::commands::Commands;
use self::course::Progress;
use self::draws::Draws;
pub use self::execution::Execution;
pub use self::failures::ProgramFailure;
pub(crate) use self::keep::changes_between;
pub use self::library::RunLibrary;
use self::origins::Origins;
use self::plan::{Plan, Planned};
use crate::command::Command;
use crate::condition::Condition;
use crate::error::{CommandError, CommandResult};
use crate::header::{Header, HeaderError};
use crate::intern::InternCache;
use crate::invariant::Violation;
use crate::judge::Fact;
use crate::message::Loss;
use crate::path::Link;
use crate::persistent_vec::PersistentVec;
use crate::record::{Event, Flight, MessageId, Record, RecordId, Records, RunPosition};
use crate::server::Server;
use crate::world::World;

/// A cluster of servers and everything between them, with all that has happened to it.
///
/// It changes by commands only ([`Run::apply`]). A clone is cheap, however long the run: it
/// shares its data with the original, copy-on-write.
#[derive(Clone, Debug)]
pub struct Run {
    header: Rc<Header>,
    world: World,
    origins: Origins,
    draws: Draws,
    records: Records,
    commands: Commands,
    violations: Rc<Vec<Violation>>,
    /// The first record after which all goals of the header held.
    goals_met: Option<RecordId>,
    /// In which record the judge learned what it remembers.
    evidence: PersistentVec<(Fact, RecordId)>,
    recent_reasons: InternCache<Rc<[Reason]>>,
    done: DoneBuffer,
}

/// The result of a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Applied {
    /// The first record that it produced; [`Records::since`] returns all of them.
    pub first: RecordId,
    /// For [`Command::RunUntil`], whether the goal was reached in time.
    pub reached: bool,
}

/// A timer that is running.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RunningTimer {
    /// When it was started.
    pub armed_at: Millis,
    /// When it fires, in true time.
    pub due_at: Millis,
}

impl RunPosition {
    /// The current position of a run.
    pub fn of(run: &Run) -> Self {
        Self {
            records: run.records.len(),
            time: run.now(),
        }
    }
}

/// A run with default settings.
impl Default for Run {
    fn default() -> Self {
        Self::start(Header::default())
    }
}

impl Run {
    /// The maximum number of messages that one `deliver all` delivers.
    pub const DELIVERIES_MAX: usize = 100_000;
    /// The maximum number of records of a run.
    pub const RECORDS_MAX: usize = 200_000;
    /// The maximum number of messages in flight or waiting for a disk. A single step
    /// may exceed it, and so may replies to messages delivered by hand.
    pub const IN_FLIGHT_MAX: usize = 10_000;
    /// The maximum number of entries of a forged message: as many as a leader sends.
    pub const FORGED_ENTRIES_MAX: usize = 100;

    /// A run as the header describes it, with all servers started at time 0 and nothing
    /// in flight.
    ///
    /// # Errors
    ///
    /// When the header is inconsistent or exceeds a limit.
    pub fn new(header: Header) -> Result<Self, HeaderError> {
        header.check()?;
        Ok(Self::start(header))
    }

    /// As [`Run::new`], with a valid header.
    fn start(header: Header) -> Self {
        let (world, judgements) = World::new(&header);
        let header = Rc::new(header);
        let mut run = Self {
            draws: Draws::of(&header),
            commands: Commands::after(Rc::clone(&header)),
            header,
            world,
            origins: Origins::default(),
            records: Records::default(),
            violations: Rc::default(),
            goals_met: None,
            evidence: PersistentVec::default(),
            recent_reasons: InternCache::default(),
            done: DoneBuffer::default(),
        };
        // What a server starts with is judged in the record of its start.
        for (number, judgement) in judgements.iter().enumerate() {
            run.keep_judgement(RecordId(number), judgement);
        }
        for id in run.ids().iter() {
            run.ask(id, Input::Start, Event::Started(id));
        }
        run
    }

    /// Executes a command.
    ///
    /// # Errors
    ///
    /// When the command cannot be executed; the run is unchanged then.
    pub fn apply(&mut self, command: Command) -> Result<Applied, CommandError> {
        self.apply_or_refuse(command).map_err(|refused| *refused)
    }

    fn apply_or_refuse(&mut self, command: Command) -> CommandResult<Applied> {
        match self.plan(&command)? {
            // It cannot fail, so no copy is needed.
            Planned {
                plan: Plan::Act(act),
                size,
            } => {
                let first = self.records.next_id();
                self.act(act);
                let end = RunPosition::of(self);
                self.commands.push_sized(command, end, size);
                let reached = true;
                Ok(Applied { first, reached })
            }
            planned => {
                let execution = Execution::of(planned, command, self);
                let (after, applied, _) = execution.all()?;
                *self = after;
                Ok(applied)
            }
        }
    }

    /// A copy for later: it is this run that goes on.
    fn checkpoint(&self) -> Self {
        let copy = self.clone();
        self.done.take_back(&copy.done);
        copy
    }

    /// Begins to execute a command, in a copy.
    pub(crate) fn begin(&self, command: Command) -> CommandResult<Execution> {
        let planned = self.plan(&command)?;
        Ok(Execution::of(planned, command, self))
    }

    /// Repeats a command that succeeded in a clone of this run, without adding it to the
    /// commands.
    pub(crate) fn replay(&mut self, command: &Command) -> CommandResult {
        match self.plan_again(command)? {
            Plan::Act(act) => self.act(act),
            Plan::Course(course) => {
                let mut progress = Progress::of(course, self);
                while progress.next(self)?.is_continue() {}
            }
        }
        Ok(())
    }

    /// Replaces the list of commands of the run.
    pub(crate) fn set_commands(&mut self, commands: Commands) {
        self.commands = commands;
    }

    /// The initial settings of the run.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The commands so far. Together with the header they reproduce this run.
    pub fn commands(&self) -> &Commands {
        &self.commands
    }

    /// The command that produced a record; `None` for the servers' starts.
    pub fn command_of(&self, record: RecordId) -> Option<&Command> {
        let by_itself = record.0 < self.servers().len();
        if by_itself {
            None
        } else {
            self.commands.of_record(record)
        }
    }

    /// The records of what happened.
    pub fn records(&self) -> &Records {
        &self.records
    }

    /// The violated invariants, each with its first evidence, in chronological order.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// The first record after which all goals of the header held; `None` before that, and
    /// without goals.
    pub fn goals_met(&self) -> Option<RecordId> {
        self.goals_met
    }

    /// Whether a goal holds now. One about something that happens holds if it happened in
    /// the last record.
    pub fn is_met(&self, goal: &Condition) -> bool {
        let last = self.records.len().saturating_sub(1);
        self.holds_since(goal, RecordId(last))
    }

    /// The chain of causes of a record, from its own cause back to a command or to the
    /// start.
    pub fn causes(&self, record: RecordId) -> impl Iterator<Item = (RecordId, &Rc<Record>)> {
        let cause = |id: RecordId| {
            let cause = self.records.get(id)?.cause?;
            Some((cause, self.records.get(cause)?))
        };
        std::iter::successors(cause(record), move |(id, _)| cause(*id))
    }
}

/// What is now.
impl Run {
    /// The world at the end of the records.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The simulated time.
    pub fn now(&self) -> Millis {
        self.world.now()
    }

    /// When the next event is due; it may be overdue after a `wait`. `None` if no event
    /// is scheduled that can happen.
    pub fn next_due(&self) -> Option<Millis> {
        self.world.next_due()
    }

    /// The names of the servers.
    pub fn ids(&self) -> NodeSet {
        self.header.servers()
    }

    /// The servers, in order.
    pub fn servers(&self) -> impl ExactSizeIterator<Item = &Server> {
        self.world.servers()
    }

    /// A server, if the cluster has it.
    pub fn server(&self, id: NodeId) -> Option<&Server> {
        self.world.server(id)
    }

    /// Whether a server is paused: it keeps its state, and its events wait.
    pub fn is_paused(&self, server: NodeId) -> bool {
        self.world.is_paused(server)
    }

    /// A timer, if it is running.
    pub fn timer(&self, server: NodeId, timer: Timer) -> Option<RunningTimer> {
        let due_at = self.server(server)?.timer(timer)?.due_at;
        let armed_at = self.origins.armed(server, timer)?.at;
        Some(RunningTimer { armed_at, due_at })
    }

    /// The messages in flight, oldest first.
    pub fn in_flight(&self) -> impl Iterator<Item = &Rc<Flight>> {
        self.origins.messages().map(|(_, flight)| flight)
    }

    /// The number of messages in flight or waiting for a disk.
    pub(crate) fn in_flight_or_waiting(&self) -> usize {
        self.world.in_flight_or_waiting()
    }

    /// Whether a message in flight is held until it is released.
    pub fn is_held(&self, message: MessageId) -> bool {
        let pending = self.origins.pending(message);
        pending.is_some_and(|pending| self.world.is_held(pending))
    }

    /// Whether a message can arrive now: it is not held and its receiver not paused.
    pub fn can_arrive(&self, flight: &Flight) -> bool {
        !self.is_held(flight.id) && !self.is_paused(flight.link.to)
    }

    /// Why a message would be lost if it arrived now; `None` if it would be delivered.
    pub fn would_be_lost(&self, flight: &Flight) -> Option<Loss> {
        let lost = self.world.loss_on(flight.link);
        lost.or(flight.lost.then_some(Loss::Chance))
    }

    /// Whether a link is cut, so that messages on it are lost.
    pub fn is_cut(&self, link: Link) -> bool {
        self.world.is_cut(link)
    }

    /// The range of latencies of a link.
    pub fn latency(&self, link: Link) -> MillisRange {
        self.world.latency(link)
    }

    /// The links that are cut.
    pub fn cut_links(&self) -> impl Iterator<Item = Link> {
        self.all_links().filter(|link| self.is_cut(*link))
    }

    /// All links of the cluster, in both directions.
    pub fn all_links(&self) -> impl Iterator<Item = Link> + use<> {
        let ids = self.ids();
        let mut links = Vec::new();
        for from in ids.iter() {
            for to in ids.without(from).iter() {
                links.push(Link { from, to });
            }
        }
        links.into_iter()
    }
}

//! The laboratory: a cluster, its network, its disks and its clock.

mod faults;
mod time;
mod world;

use std::rc::Rc;

use hustings_raft::{Input, Message, Millis, MillisRange, NodeId, NodeSet, Output, Reason};

use crate::checker::InvariantChecker;
use crate::command::{Command, Link, MessageFilter, MessageSelector};
use crate::commands::Commands;
use crate::error::{CommandError, CommandResult};
use crate::event_queue::EventQueue;
use crate::header::{Header, HeaderError};
use crate::intern::InternCache;
use crate::invariant::Violation;
use crate::link_map::LinkMap;
use crate::record::{Event, Flight, Loss, MessageId, Record, RecordId, Records, RunPosition};
use crate::script::{Script, ScriptSize};
use crate::server::Server;
use crate::vec_map::VecMap;

/// A cluster of servers, and everything between them.
///
/// It changes only in [`Lab::apply`]. A clone is cheap, however long the run: it shares
/// its data with the original, copy-on-write.
#[derive(Clone, Debug)]
pub struct Lab {
    header: Rc<Header>,
    now: Millis,
    servers: Vec<Rc<Server>>,
    queue: EventQueue,
    cuts: LinkMap<bool>,
    /// The latencies of links that differ from the header's.
    latencies: VecMap<Link, MillisRange>,
    checker: InvariantChecker,
    /// The number of messages sent on each link: the counter of its random draws.
    sent_count: LinkMap<u32>,
    messages: u64,
    records: Records,
    commands: Commands,
    recent_messages: InternCache<Rc<Message>>,
    recent_reasons: InternCache<Rc<[Reason]>>,
    output: OutputBuffer,
}

/// An output buffer that steps reuse. It is empty between steps, so a clone starts
/// empty.
#[derive(Default, Debug)]
struct OutputBuffer(Output);

impl Clone for OutputBuffer {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// Which of the messages in flight a selector considers.
#[derive(Clone, Copy)]
enum HeldState {
    /// Messages that are not held, oldest first.
    NotHeld,
    /// Held messages, oldest first.
    Held,
    /// First messages that are not held, then held ones.
    Any,
}

/// The result of a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Applied {
    /// The first record that it produced; [`Records::since`] returns all of them.
    pub first: RecordId,
    /// For [`Command::RunUntil`], whether the goal was reached in time.
    pub reached: bool,
}

/// A laboratory with default settings.
impl Default for Lab {
    fn default() -> Self {
        Self::start(Header::default())
    }
}

impl Lab {
    /// The maximum number of messages that one `deliver all` delivers.
    pub const DELIVERIES_MAX: usize = 100_000;
    /// The maximum number of records of a run.
    pub const RECORDS_MAX: usize = 200_000;
    /// The maximum number of messages in flight or waiting for a disk. A single step
    /// may exceed it, and so may replies to messages delivered by hand.
    pub const IN_FLIGHT_MAX: usize = 10_000;
    /// The maximum number of entries of a forged message: as many as a leader sends.
    pub const FORGED_ENTRIES_MAX: usize = 100;
    /// The longest time that one command may pass: an hour.
    pub const DURATION_MAX: Millis = Command::DURATION_MAX;
    /// The maximum length of a client's request or a note, in characters.
    pub const TEXT_CHARS_MAX: usize = Command::TEXT_CHARS_MAX;

    /// A laboratory as the header describes it, with all servers started at
    /// time 0 and nothing in flight.
    ///
    /// # Errors
    ///
    /// When the header is inconsistent or exceeds a limit.
    pub fn new(header: Header) -> Result<Self, HeaderError> {
        header.check()?;
        Ok(Self::start(header))
    }

    /// As [`Lab::new`], with a valid header.
    fn start(header: Header) -> Self {
        let members = header.servers();
        let servers: Vec<_> = members
            .iter()
            .map(|id| Rc::new(Server::new(id, &header)))
            .collect();
        let commands = Commands::after(ScriptSize::of(&header));
        let mut lab = Self {
            header: Rc::new(header),
            now: Millis::ZERO,
            servers,
            queue: EventQueue::default(),
            cuts: LinkMap::default(),
            latencies: VecMap::default(),
            checker: InvariantChecker::default(),
            sent_count: LinkMap::default(),
            messages: 0,
            records: Records::default(),
            commands,
            recent_messages: InternCache::default(),
            recent_reasons: InternCache::default(),
            output: OutputBuffer::default(),
        };
        lab.checker.start(&lab.servers);
        for id in members.iter() {
            lab.input(id, Input::Start, Event::Started(id), None);
        }
        lab
    }

    /// Executes a command.
    ///
    /// # Errors
    ///
    /// When the command cannot be executed; the laboratory is unchanged then.
    pub fn apply(&mut self, command: Command) -> Result<Applied, CommandError> {
        let applied = match command {
            // These may fail half-way, so they run on a clone.
            Command::Run(_) | Command::RunUntil { .. } | Command::DeliverAll => {
                let mut next = self.clone();
                let applied = next.apply_in_place(command, &mut |_| ());
                if applied.is_ok() {
                    *self = next;
                }
                applied
            }
            // All others validate before they change anything.
            _ => self.apply_in_place(command, &mut |_| ()),
        };
        applied.map_err(|refused| *refused)
    }

    /// Executes a command in place. On error, the laboratory may be partly changed and
    /// must be discarded. While time passes, `observe` is called after every event.
    pub(crate) fn apply_in_place(
        &mut self,
        command: Command,
        observe: &mut dyn FnMut(&Self),
    ) -> CommandResult<Applied> {
        if let Command::Run(duration) = command {
            self.end_of(duration)?;
        }
        if !self.commands.size_with(&command).fits() {
            let (lines, bytes) = (Script::LINES_MAX, Script::BYTES_MAX);
            return Err(CommandError::ScriptFull { lines, bytes }.into());
        }
        let first = self.records.next_id();
        let reached = self.execute(&command, observe)?;
        let command = match command {
            // An unreached goal would fail in a replay, so it is stored as elapsed
            // time.
            Command::RunUntil { within, .. } if !reached => Command::Run(within),
            command => command,
        };
        self.commands.push(command, RunPosition::of(self));
        Ok(Applied { first, reached })
    }

    /// Repeats a command that succeeded in a clone of this laboratory, without adding
    /// it to the commands.
    pub(crate) fn replay(&mut self, command: &Command) -> CommandResult {
        self.execute(command, &mut |_| ()).map(drop)
    }

    /// Replaces the list of commands of the run.
    pub(crate) fn set_commands(&mut self, commands: Commands) {
        self.commands = commands;
    }

    fn execute(
        &mut self,
        command: &Command,
        observe: &mut dyn FnMut(&Self),
    ) -> CommandResult<bool> {
        self.check_record_limit(1)?;
        if command.sends() {
            self.check_in_flight_limit(Self::IN_FLIGHT_MAX - 1)?;
        }
        match command {
            Command::Timeout { server, timer } => self.time_out(*server, *timer)?,
            Command::Deliver(selector) => self.deliver(*selector)?,
            Command::Drop(selector) => self.drop_one(*selector)?,
            Command::Duplicate(selector) => self.duplicate(*selector)?,
            Command::Hold(selector) => self.hold(*selector)?,
            Command::Release(selector) => self.release(*selector)?,
            Command::Send { link, message } => self.forge(*link, message)?,
            Command::DeliverAll => self.deliver_all()?,
            Command::DropAll(filter) => self.drop_all(*filter)?,
            Command::Crash(server) => self.crash(*server)?,
            Command::Restart(server) => self.restart(*server)?,
            Command::Pause(server) => self.pause(*server)?,
            Command::Resume(server) => self.resume(*server)?,
            Command::Cut(path) => self.cut(*path)?,
            Command::Mend(path) => self.mend(*path)?,
            Command::Partition(groups) => self.partition(groups)?,
            Command::Isolate(server) => self.isolate(*server)?,
            Command::Heal => self.heal(),
            Command::Propose { server, command } => self.propose(*server, command)?,
            Command::Transfer { server, target } => self.transfer(*server, *target)?,
            Command::ChangeMembers { server, change } => self.change_members(*server, *change)?,
            Command::Delay { selector, by } => self.delay(*selector, *by)?,
            Command::Latency { path, range } => self.set_latency(*path, *range)?,
            Command::Disk { server, range } => self.set_disk(*server, *range)?,
            Command::Clock { server, rate } => self.set_clock(*server, *rate)?,
            Command::Wait(duration) => self.wait(*duration)?,
            Command::Run(duration) => self.run(*duration, observe)?,
            Command::RunUntil { goal, within } => return self.run_until(*goal, *within, observe),
            Command::Step => self.step()?,
            Command::Note(text) => self.note(text)?,
        }
        Ok(true)
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
        let by_itself = record.0 < self.servers.len();
        if by_itself {
            None
        } else {
            self.commands.of_record(record)
        }
    }

    /// The simulated time.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// When the next event is due; it may be overdue after a `wait`. `None` if no event
    /// is scheduled that can happen.
    pub fn next_due(&self) -> Option<Millis> {
        self.queue.next().map(|key| key.due_at)
    }

    /// The violated invariants, each with its first evidence, in chronological order.
    pub fn violations(&self) -> &[Violation] {
        self.checker.violations()
    }

    /// Whether a server is paused: it keeps its state, and its events wait.
    pub fn is_paused(&self, server: NodeId) -> bool {
        self.queue.is_paused(server)
    }

    /// The records of what happened.
    pub fn records(&self) -> &Records {
        &self.records
    }

    /// The names of the servers.
    pub fn ids(&self) -> NodeSet {
        self.header.servers()
    }

    /// The servers, in order.
    pub fn servers(&self) -> impl ExactSizeIterator<Item = &Server> {
        self.servers.iter().map(Rc::as_ref)
    }

    /// A server, if the cluster has it.
    pub fn server(&self, id: NodeId) -> Option<&Server> {
        self.servers
            .get(usize::from(id.number()) - 1)
            .map(Rc::as_ref)
    }

    /// The messages in flight, oldest first.
    pub fn in_flight(&self) -> impl Iterator<Item = &Rc<Flight>> {
        self.queue.in_flight()
    }

    /// Whether a message in flight is held until it is released.
    pub fn is_held(&self, message: MessageId) -> bool {
        self.queue.is_held(message)
    }

    /// Whether a link is cut, so that messages on it are lost.
    pub fn is_cut(&self, link: Link) -> bool {
        self.cuts.get(link)
    }

    /// The range of latencies of a link.
    pub fn latency(&self, link: Link) -> MillisRange {
        let own = self.latencies.get(link).copied();
        own.unwrap_or(self.header.latency)
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

    /// Why a message would be lost if it arrived now; `None` if it would be delivered.
    pub fn would_be_lost(&self, flight: &Flight) -> Option<Loss> {
        if self.is_cut(flight.link) {
            return Some(Loss::LinkCut);
        }
        if !self.server(flight.link.to).is_some_and(Server::is_up) {
            return Some(Loss::ServerDown);
        }
        flight.lost.then_some(Loss::Chance)
    }

    /// Whether a message can arrive now: it is not held and its receiver not paused.
    pub fn can_arrive(&self, flight: &Flight) -> bool {
        !self.is_held(flight.id) && !self.is_paused(flight.link.to)
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

    /// The selector of a message in flight: for `release` if it is held, otherwise for
    /// all commands except `drop`.
    pub fn selector_for(&self, id: MessageId) -> Option<MessageSelector> {
        if self.is_held(id) {
            self.selector_within(HeldState::Held, id)
        } else {
            self.selector_within(HeldState::NotHeld, id)
        }
    }

    /// The selector of a message in flight for `drop`, held or not.
    pub fn drop_selector_for(&self, id: MessageId) -> Option<MessageSelector> {
        self.selector_within(HeldState::Any, id)
    }

    fn selector_within(&self, state: HeldState, id: MessageId) -> Option<MessageSelector> {
        let flight = self.messages(state).find(|flight| flight.id == id)?;
        let selector = MessageSelector {
            kind: Some(flight.message.kind()),
            ..MessageSelector::oldest(flight.link)
        };
        let same = self.messages(state).filter(|other| selector.matches(other));
        let skip = same.take_while(|other| other.id != id).count();
        // There are never more messages than fit into a `u32`.
        let skip = u32::try_from(skip).unwrap_or(u32::MAX);
        Some(MessageSelector { skip, ..selector })
    }

    fn messages(&self, state: HeldState) -> Box<dyn Iterator<Item = &Rc<Flight>> + '_> {
        let those = |held| {
            self.in_flight()
                .filter(move |flight| self.is_held(flight.id) == held)
        };
        match state {
            HeldState::NotHeld => Box::new(those(false)),
            HeldState::Held => Box::new(those(true)),
            HeldState::Any => Box::new(those(false).chain(those(true))),
        }
    }

    /// The message that a selector matches.
    fn select(
        &self,
        selector: MessageSelector,
        state: HeldState,
    ) -> CommandResult<Option<MessageId>> {
        self.check_path(selector.link)?;
        let mut like = self
            .messages(state)
            .filter(|flight| selector.matches(flight));
        match like.nth(selector.skip()) {
            Some(flight) => Ok(Some(flight.id)),
            None if selector.if_any => Ok(None),
            None => Err(self.selection_error(selector, state).into()),
        }
    }

    fn selection_error(&self, selector: MessageSelector, state: HeldState) -> CommandError {
        let like = |state| {
            self.messages(state)
                .filter(|flight| selector.matches(flight))
        };
        match state {
            HeldState::Held => CommandError::NothingHeld { selector },
            HeldState::NotHeld
                if like(state).count() == 0 && like(HeldState::Held).count() > selector.skip() =>
            {
                CommandError::MessageHeld { selector }
            }
            HeldState::NotHeld | HeldState::Any => self.no_message(selector, state),
        }
    }

    /// Lists candidate messages: first those on that link.
    fn no_message(&self, selector: MessageSelector, state: HeldState) -> CommandError {
        let on_link = |wanted| {
            self.messages(state)
                .filter(move |flight| (flight.link == selector.link) == wanted)
        };
        let (listed, more) = self.listed(state, on_link(true).chain(on_link(false)));
        CommandError::NoMessage {
            selector,
            listed,
            more,
        }
    }

    /// The selectors of the first messages, and how many more there are.
    fn listed<'a>(
        &self,
        state: HeldState,
        mut flights: impl Iterator<Item = &'a Rc<Flight>>,
    ) -> (Vec<MessageSelector>, usize) {
        let first = flights.by_ref().take(CommandError::LISTED_MAX);
        let listed = first.filter_map(|flight| self.selector_within(state, flight.id));
        (listed.collect(), flights.count())
    }

    fn matching_messages(&self, filter: MessageFilter) -> Vec<MessageId> {
        self.in_flight()
            .filter(|flight| filter.matches(flight.link))
            .map(|flight| flight.id)
            .collect()
    }

    /// Checks that `more` records can be added.
    fn check_record_limit(&self, more: usize) -> CommandResult {
        let max = Self::RECORDS_MAX;
        if self.records.len() + more > max {
            Err(CommandError::HistoryFull { max }.into())
        } else {
            Ok(())
        }
    }

    /// The number of messages in flight or waiting for a disk.
    pub(crate) fn in_flight_or_waiting(&self) -> usize {
        let waiting = self.servers.iter().map(|server| server.disk.waiting.len());
        self.queue.in_flight_count() + waiting.sum::<usize>()
    }

    fn check_in_flight_limit(&self, most: usize) -> CommandResult {
        let max = Self::IN_FLIGHT_MAX;
        if self.in_flight_or_waiting() > most {
            Err(CommandError::TooManyMessages { max }.into())
        } else {
            Ok(())
        }
    }

    fn check_server(&self, server: NodeId) -> CommandResult {
        let servers = self.ids();
        if !servers.contains(server) {
            return Err(CommandError::UnknownServer { server, servers }.into());
        }
        Ok(())
    }

    fn check_up(&self, server: NodeId) -> CommandResult<&Server> {
        self.check_server(server)?;
        self.server(server)
            .filter(|found| found.is_up())
            .ok_or_else(|| CommandError::ServerDown(server).into())
    }

    /// Checks that a server is running and not paused.
    fn check_running(&self, server: NodeId) -> CommandResult<&Server> {
        let running = self.check_up(server)?;
        if self.is_paused(server) {
            Err(CommandError::ServerPaused(server).into())
        } else {
            Ok(running)
        }
    }

    fn check_path(&self, link: Link) -> CommandResult {
        self.check_server(link.from)?;
        self.check_server(link.to)?;
        let known = Link::between(link.from, link.to);
        known
            .map(drop)
            .ok_or_else(|| CommandError::LinkToSelf(link.from).into())
    }
}

impl RunPosition {
    /// The current position of a laboratory.
    pub fn of(lab: &Lab) -> Self {
        Self {
            records: lab.records().len(),
            time: lab.now(),
        }
    }
}

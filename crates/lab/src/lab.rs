//! The laboratory: a cluster, its network, its disks and its clock.

mod faults;
mod time;
mod world;

use std::rc::Rc;

use hustings_raft::{Input, Message, Millis, MillisRange, NodeId, NodeSet, Output, Reason};

use crate::Violation;
use crate::agenda::Agenda;
use crate::command::{Command, Commands, Crowd, Link, Pick};
use crate::error::{CommandError, Done};
use crate::header::{Header, HeaderError};
use crate::links::PerLink;
use crate::recent::Recent;
use crate::record::{Event, Flight, Loss, MessageId, Place, Record, RecordId, Records};
use crate::script::{Script, ScriptSize};
use crate::server::Server;
use crate::sorted::Sorted;
use crate::watch::Watch;

/// A cluster of servers, and everything between them.
///
/// It changes only in [`Lab::apply`]. A copy is cheap, whatever the length of
/// the run: it shares what it has in common with the original.
#[derive(Clone, Debug)]
pub struct Lab {
    header: Rc<Header>,
    now: Millis,
    servers: Vec<Rc<Server>>,
    agenda: Agenda,
    cuts: PerLink<bool>,
    /// How long messages take on links where that is not as usual.
    latencies: Sorted<Link, MillisRange>,
    watch: Watch,
    /// How many messages each link has carried: the counter of its draws.
    sent_count: PerLink<u32>,
    messages: u64,
    records: Records,
    commands: Commands,
    recent_messages: Recent<Rc<Message>>,
    recent_reasons: Recent<Rc<[Reason]>>,
    scratch: Scratch,
}

/// Where steps put what they lead to, so that not each needs room of its own. It is
/// empty between them, so a copy has nothing to take over.
#[derive(Default, Debug)]
struct Scratch(Output);

impl Clone for Scratch {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// Among which of the messages in flight one is picked.
#[derive(Clone, Copy)]
enum Among {
    /// Those that are not held, oldest first.
    Free,
    /// Those that are, oldest first.
    Held,
    /// First those that are not held, then those that are.
    All,
}

/// What a command has led to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Applied {
    /// The first record that it made; [`Records::since`] gives them all.
    pub first: RecordId,
    /// For [`Command::RunUntil`], whether the goal was reached in time.
    pub reached: bool,
}

/// A laboratory with the settings that a script has which says none.
impl Default for Lab {
    fn default() -> Self {
        Self::start(Header::default())
    }
}

impl Lab {
    /// How many messages one `deliver all` may deliver.
    pub const DELIVERIES_MAX: usize = 100_000;
    /// How many records a run may have.
    pub const RECORDS_MAX: usize = 200_000;
    /// How many messages may be in flight, or wait for a disk before they are. A
    /// step puts out all that it has to, and what arrives by hand is answered.
    pub const IN_FLIGHT_MAX: usize = 10_000;
    /// How many entries a forged message may have: as many as a leader sends.
    pub const FORGED_ENTRIES_MAX: usize = 100;
    /// How long one command may let time run: an hour.
    pub const DURATION_MAX: Millis = Millis(3_600_000);
    /// The longest client's request or note, in characters.
    pub const TEXT_CHARS_MAX: usize = 1_000;

    /// A laboratory as the header describes it, with all servers started at
    /// time 0 and nothing in flight.
    ///
    /// # Errors
    ///
    /// When the header contradicts itself or exceeds a limit.
    pub fn new(header: Header) -> Result<Self, HeaderError> {
        header.check()?;
        Ok(Self::start(header))
    }

    /// The same with a header that has been found sound.
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
            agenda: Agenda::default(),
            cuts: PerLink::default(),
            latencies: Sorted::default(),
            watch: Watch::default(),
            sent_count: PerLink::default(),
            messages: 0,
            records: Records::default(),
            commands,
            recent_messages: Recent::default(),
            recent_reasons: Recent::default(),
            scratch: Scratch::default(),
        };
        lab.watch.start(&lab.servers);
        for id in members.iter() {
            lab.input(id, Input::Start, Event::Started(id), None);
        }
        lab
    }

    /// Carries out a command.
    ///
    /// # Errors
    ///
    /// When the command cannot be carried out; nothing has changed then.
    pub fn apply(&mut self, command: Command) -> Result<Applied, CommandError> {
        let applied = match command {
            // These find out on the way whether they can be carried out.
            Command::Run(_) | Command::RunUntil { .. } | Command::DeliverAll => {
                let mut next = self.clone();
                let applied = next.apply_in_place(command, &mut |_| ());
                if applied.is_ok() {
                    *self = next;
                }
                applied
            }
            // All others find out before they change anything.
            _ => self.apply_in_place(command, &mut |_| ()),
        };
        applied.map_err(|refused| *refused)
    }

    /// Carries out a command without a copy to fall back on: where it fails on the way,
    /// this laboratory is of no more use. While time passes, `on_way` sees it after
    /// every event.
    pub(crate) fn apply_in_place(
        &mut self,
        command: Command,
        on_way: &mut dyn FnMut(&Self),
    ) -> Done<Applied> {
        if let Command::Run(duration) = command {
            self.end_of(duration)?;
        }
        if !self.commands.size_with(&command).fits() {
            let (lines, bytes) = (Script::LINES_MAX, Script::BYTES_MAX);
            return Err(CommandError::ScriptFull { lines, bytes }.into());
        }
        let first = self.records.next_id();
        let reached = self.execute(&command, on_way)?;
        let command = match command {
            // A goal that was not reached would fail whenever the run is played again.
            Command::RunUntil { within, .. } if !reached => Command::Run(within),
            command => command,
        };
        self.commands.remember(command, Place::of(self));
        Ok(Applied { first, reached })
    }

    /// Carries out again what has been carried out in another copy of this laboratory;
    /// its commands stay as they are.
    pub(crate) fn repeat(&mut self, command: &Command) -> Done {
        self.execute(command, &mut |_| ()).map(drop)
    }

    /// Says by which commands the run has got where it is.
    pub(crate) fn set_commands(&mut self, commands: Commands) {
        self.commands = commands;
    }

    fn execute(&mut self, command: &Command, on_way: &mut dyn FnMut(&Self)) -> Done<bool> {
        self.check_room(1)?;
        if command.sends() {
            // The next message would be one too many.
            self.check_traffic(Self::IN_FLIGHT_MAX - 1)?;
        }
        match command {
            Command::Timeout { server, timer } => self.time_out(*server, *timer)?,
            Command::Deliver(pick) => self.deliver(*pick)?,
            Command::Drop(pick) => self.drop_one(*pick)?,
            Command::Duplicate(pick) => self.duplicate(*pick)?,
            Command::Hold(pick) => self.hold(*pick)?,
            Command::Release(pick) => self.release(*pick)?,
            Command::Send { link, message } => self.forge(*link, message)?,
            Command::DeliverAll => self.deliver_all()?,
            Command::DropAll(crowd) => self.drop_all(*crowd)?,
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
            Command::Delay { pick, by } => self.delay(*pick, *by)?,
            Command::Latency { path, range } => self.set_latency(*path, *range)?,
            Command::Disk { server, range } => self.set_disk(*server, *range)?,
            Command::Clock { server, rate } => self.set_clock(*server, *rate)?,
            Command::Wait(duration) => self.wait(*duration)?,
            Command::Run(duration) => self.run(*duration, on_way)?,
            Command::RunUntil { goal, within } => return self.run_until(*goal, *within, on_way),
            Command::Step => self.step()?,
            Command::Note(text) => self.note(text)?,
        }
        Ok(true)
    }

    /// What the run started from.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The commands so far. With the header they give this run again.
    pub fn commands(&self) -> &Commands {
        &self.commands
    }

    /// The command that made a record; `None` for the servers' starts.
    pub fn command_of(&self, record: RecordId) -> Option<&Command> {
        let by_itself = record.0 < self.servers.len();
        if by_itself {
            None
        } else {
            self.commands.that_made(record)
        }
    }

    /// The time.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// When something happens next by itself; it may be past after time has
    /// been let pass by hand. `None` when nothing will ever happen.
    pub fn next_due(&self) -> Option<Millis> {
        self.agenda.next().map(|slot| slot.due_at)
    }

    /// The invariants that do not hold any more, each with what first showed
    /// it, in the order in which that happened.
    pub fn violations(&self) -> &[Violation] {
        self.watch.violations()
    }

    /// Whether a server has stopped for a while: it keeps all that it knows, and
    /// what is to happen to it waits.
    pub fn is_paused(&self, server: NodeId) -> bool {
        self.agenda.is_paused(server)
    }

    /// What has happened.
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
        self.agenda.flights()
    }

    /// Whether a message in flight waits until it is released.
    pub fn is_held(&self, message: MessageId) -> bool {
        self.agenda.is_held(message)
    }

    /// Whether messages on a link do not arrive.
    pub fn is_cut(&self, link: Link) -> bool {
        self.cuts.get(link)
    }

    /// How long messages take on a link.
    pub fn latency(&self, link: Link) -> MillisRange {
        let own = self.latencies.get(link).copied();
        own.unwrap_or(self.header.latency)
    }

    /// The links that are cut.
    pub fn cut_links(&self) -> impl Iterator<Item = Link> {
        self.all_links().filter(|link| self.is_cut(*link))
    }

    /// Every link of the cluster, both ways.
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

    /// Why a message would not arrive if it got there now.
    pub fn doom(&self, flight: &Flight) -> Option<Loss> {
        if self.is_cut(flight.link) {
            return Some(Loss::LinkCut);
        }
        if !self.server(flight.link.to).is_some_and(Server::is_up) {
            return Some(Loss::ServerDown);
        }
        flight.lost.then_some(Loss::Chance)
    }

    /// Whether a message can arrive now: it is not held, its receiver not paused.
    pub fn can_arrive(&self, flight: &Flight) -> bool {
        !self.is_held(flight.id) && !self.is_paused(flight.link.to)
    }

    /// The records that led to a record, from its own cause back to what
    /// somebody did or to the start.
    pub fn why(&self, record: RecordId) -> impl Iterator<Item = (RecordId, &Rc<Record>)> {
        let cause = |id: RecordId| {
            let cause = self.records.get(id)?.cause?;
            Some((cause, self.records.get(cause)?))
        };
        std::iter::successors(cause(record), move |(id, _)| cause(*id))
    }

    /// How a script picks this message, if it is in flight: to release it if it
    /// is held, for anything but `drop` if it is not.
    pub fn pick_of(&self, id: MessageId) -> Option<Pick> {
        match self.is_held(id) {
            true => self.pick_among(Among::Held, id),
            false => self.pick_among(Among::Free, id),
        }
    }

    /// How a script picks this message to drop it, if it is in flight, held or not.
    pub fn pick_to_drop(&self, id: MessageId) -> Option<Pick> {
        self.pick_among(Among::All, id)
    }

    fn pick_among(&self, among: Among, id: MessageId) -> Option<Pick> {
        let flight = self.flights(among).find(|flight| flight.id == id)?;
        let pick = Pick {
            kind: Some(flight.message.kind()),
            ..Pick::oldest(flight.link)
        };
        let same = self.flights(among).filter(|other| pick.is_like(other));
        let skip = same.take_while(|other| other.id != id).count();
        // There are never more messages than a `u32` can count.
        let skip = u32::try_from(skip).unwrap_or(u32::MAX);
        Some(Pick { skip, ..pick })
    }

    fn flights(&self, among: Among) -> Box<dyn Iterator<Item = &Rc<Flight>> + '_> {
        let those = |held| {
            self.in_flight()
                .filter(move |flight| self.is_held(flight.id) == held)
        };
        match among {
            Among::Free => Box::new(those(false)),
            Among::Held => Box::new(those(true)),
            Among::All => Box::new(those(false).chain(those(true))),
        }
    }

    /// The message that is meant.
    fn picked(&self, pick: Pick, among: Among) -> Done<Option<MessageId>> {
        self.check_path(pick.link)?;
        let mut like = self.flights(among).filter(|flight| pick.is_like(flight));
        match like.nth(pick.place()) {
            Some(flight) => Ok(Some(flight.id)),
            None if pick.if_any => Ok(None),
            None => Err(self.not_picked(pick, among).into()),
        }
    }

    fn not_picked(&self, pick: Pick, among: Among) -> CommandError {
        let like = |among| self.flights(among).filter(|flight| pick.is_like(flight));
        match among {
            Among::Held => CommandError::NothingHeld { pick },
            Among::Free if like(among).count() == 0 && like(Among::Held).count() > pick.place() => {
                CommandError::MessageHeld { pick }
            }
            Among::Free | Among::All => self.no_message(pick, among),
        }
    }

    /// Names the messages that may have been meant: first those on that link.
    fn no_message(&self, pick: Pick, among: Among) -> CommandError {
        let on_link = |wanted| {
            self.flights(among)
                .filter(move |flight| (flight.link == pick.link) == wanted)
        };
        let (listed, more) = self.listed(among, on_link(true).chain(on_link(false)));
        CommandError::NoMessage { pick, listed, more }
    }

    /// The first messages as one would pick them, and how many more there are.
    fn listed<'a>(
        &self,
        among: Among,
        mut flights: impl Iterator<Item = &'a Rc<Flight>>,
    ) -> (Vec<Pick>, usize) {
        let first = flights.by_ref().take(CommandError::LISTED_MAX);
        let listed = first.filter_map(|flight| self.pick_among(among, flight.id));
        (listed.collect(), flights.count())
    }

    fn crowd(&self, crowd: Crowd) -> Vec<MessageId> {
        self.in_flight()
            .filter(|flight| crowd.includes(flight.link))
            .map(|flight| flight.id)
            .collect()
    }

    /// Whether so many more records may be made.
    fn check_room(&self, more: usize) -> Done {
        let max = Self::RECORDS_MAX;
        match self.records.len() + more > max {
            true => Err(CommandError::HistoryFull { max }.into()),
            false => Ok(()),
        }
    }

    /// How many messages are in flight or wait for a disk.
    pub(crate) fn traffic(&self) -> usize {
        let waiting = self.servers.iter().map(|server| server.disk.waiting.len());
        self.agenda.flight_count() + waiting.sum::<usize>()
    }

    fn check_traffic(&self, most: usize) -> Done {
        let max = Self::IN_FLIGHT_MAX;
        match self.traffic() > most {
            true => Err(CommandError::TooManyMessages { max }.into()),
            false => Ok(()),
        }
    }

    fn check_server(&self, server: NodeId) -> Done {
        let servers = self.ids();
        if !servers.contains(server) {
            return Err(CommandError::UnknownServer { server, servers }.into());
        }
        Ok(())
    }

    fn check_up(&self, server: NodeId) -> Done<&Server> {
        self.check_server(server)?;
        self.server(server)
            .filter(|found| found.is_up())
            .ok_or_else(|| CommandError::ServerDown(server).into())
    }

    /// A server that runs and is not paused.
    fn check_running(&self, server: NodeId) -> Done<&Server> {
        let running = self.check_up(server)?;
        match self.is_paused(server) {
            true => Err(CommandError::ServerPaused(server).into()),
            false => Ok(running),
        }
    }

    fn check_path(&self, link: Link) -> Done {
        self.check_server(link.from)?;
        self.check_server(link.to)?;
        let known = Link::between(link.from, link.to);
        known
            .map(drop)
            .ok_or_else(|| CommandError::LinkToSelf(link.from).into())
    }
}

//! What a command will do: checked as a whole before anything is done.

use std::rc::Rc;
use std::sync::Arc;

use hustings_raft::{
    Input, MemberChange, Message, Millis, MillisRange, NodeId, NodeSet, Position, RoleName, Timer,
};

use super::Run;
use super::select::HeldState;
use crate::command::Command;
use crate::condition::{Claim, Condition};
use crate::error::{CommandError, CommandResult};
use crate::header::{Header, check_program};
use crate::machine::Program;
use crate::path::{Link, Path};
use crate::rate::Rate;
use crate::record::Event;
use crate::schedule::PendingId;
use crate::script::{Script, ScriptSize};
use crate::selector::{MessageFilter, MessageSelector};
use crate::server::Server;

/// What a command will do, and the size that the run then has as a script.
pub(super) struct Planned {
    pub(super) plan: Plan,
    pub(super) size: ScriptSize,
}

/// What a command will do.
pub(super) enum Plan {
    /// Something that cannot fail.
    Act(Act),
    /// A course of events, which limits may end on the way.
    Course(Course),
}

/// Something that is done at once.
pub(super) enum Act {
    /// No message matches, and that is no error (`if any`).
    Nothing,
    Fire(NodeId, Timer),
    Persist(NodeId),
    Deliver(PendingId),
    Drop(Vec<PendingId>),
    Duplicate(PendingId),
    Hold(PendingId),
    Release(PendingId),
    Delay(PendingId, Millis),
    Forge(Link, Message),
    Crash(NodeId),
    Restart(NodeId),
    Install(NodeSet, Option<Rc<dyn Program>>),
    Pause(NodeId),
    Resume(NodeId),
    /// These links are cut newly.
    Cut(Box<[Link]>),
    /// These links are mended newly.
    Mend(Box<[Link]>),
    Partition(Partition),
    /// A server gets a request.
    Ask(NodeId, Input, Event),
    Latency(Path, MillisRange),
    Disk(NodeId, MillisRange),
    Clock(NodeId, Rate),
    Reseed(u64),
    /// Time passes without events.
    Wait(Millis, Until),
    /// The next event happens.
    Next,
    Note(Arc<str>),
}

/// A partition, and what it changes.
pub(super) struct Partition {
    pub(super) groups: Box<[NodeSet]>,
    pub(super) cut: Box<[Link]>,
    pub(super) mended: Box<[Link]>,
}

/// A course of events.
pub(super) enum Course {
    /// Everything that happens until a time.
    Time(Until),
    /// Everything that happens until a goal is reached, or until a time.
    Goal(Box<Condition>, Until),
    /// All messages, and those sent in response, are delivered.
    Deliveries,
}

/// A time up to which time passes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Until(pub(super) Millis);

impl Run {
    /// Why a command would be refused now; `None` if it would be done.
    pub fn refusal(&self, command: &Command) -> Option<CommandError> {
        self.plan(command).err().map(|error| *error)
    }

    /// Checks a command, and returns what it will do.
    pub(super) fn plan(&self, command: &Command) -> CommandResult<Planned> {
        if let Command::Run(duration) = command {
            // Only a duration within the limit has a size.
            self.until(*duration)?;
        }
        if let Command::Install { servers, program } = command {
            self.check_installed(*servers, program.as_ref())?;
        }
        let size = self.commands.size_with(command);
        if !size.fits() {
            let (lines, bytes) = (Script::LINES_MAX, Script::BYTES_MAX);
            return Err(CommandError::ScriptFull { lines, bytes }.into());
        }
        let plan = self.plan_again(command)?;
        Ok(Planned { plan, size })
    }

    /// As [`Run::plan`], for a command that is in the script already.
    pub(super) fn plan_again(&self, command: &Command) -> CommandResult<Plan> {
        self.check_record_limit(1)?;
        if command.sends() {
            self.check_in_flight_limit(Self::IN_FLIGHT_MAX - 1)?;
        }
        let act = match command {
            Command::Run(duration) => {
                return Ok(Plan::Course(Course::Time(self.until(*duration)?)));
            }
            Command::RunUntil { goal, within } => {
                self.check_goal(goal)?;
                return Ok(Plan::Course(Course::Goal(
                    goal.clone(),
                    self.until(*within)?,
                )));
            }
            Command::DeliverAll => return Ok(Plan::Course(Course::Deliveries)),
            Command::Wait(duration) => Act::Wait(*duration, self.until(*duration)?),
            Command::Step => self.plan_step()?,
            Command::Note(text) => Act::Note(checked_text(text)?),
            Command::Timeout { server, timer } => self.plan_timeout(*server, *timer)?,
            Command::Propose { server, command } => self.plan_request(*server, command)?,
            Command::Transfer { server, target } => self.plan_transfer(*server, *target)?,
            Command::ChangeMembers { server, change } => self.plan_change(*server, *change)?,
            Command::Crash(server) => Act::Crash(self.check_up(*server)?.id()),
            Command::Restart(server) => self.plan_restart(*server)?,
            Command::Install { servers, program } => self.plan_install(*servers, program)?,
            Command::Pause(server) => Act::Pause(self.check_running(*server)?.id()),
            Command::Resume(server) => self.plan_resume(*server)?,
            Command::Persist(server) => self.plan_persist(*server)?,
            Command::Disk { server, range } => {
                Act::Disk(self.checked_server(*server)?, checked_latency(*range)?)
            }
            Command::Clock { server, rate } => Act::Clock(self.checked_server(*server)?, *rate),
            Command::Reseed(seed) => Act::Reseed(*seed),
            Command::Latency { path, range } => {
                Act::Latency(self.checked_path(*path)?, checked_latency(*range)?)
            }
            Command::Cut(path) => Act::Cut(self.newly(self.checked_path(*path)?.links(), true)),
            Command::Mend(path) => Act::Mend(self.newly(self.checked_path(*path)?.links(), false)),
            Command::Isolate(server) => self.plan_isolation(*server)?,
            Command::Heal => Act::Mend(self.newly(self.all_links(), false)),
            Command::Partition(groups) => Act::Partition(self.plan_partition(groups)?),
            Command::Deliver(selector) => self.plan_delivery(*selector)?,
            Command::Drop(selector) => {
                self.found(*selector, HeldState::Any, |id| Act::Drop(vec![id]))?
            }
            Command::Duplicate(selector) => {
                self.found(*selector, HeldState::NotHeld, Act::Duplicate)?
            }
            Command::Hold(selector) => self.found(*selector, HeldState::NotHeld, Act::Hold)?,
            Command::Release(selector) => self.found(*selector, HeldState::Held, Act::Release)?,
            Command::Delay { selector, by } => self.plan_delay(*selector, *by)?,
            Command::Send { link, message } => self.plan_forgery(*link, message)?,
            Command::DropAll(filter) => self.plan_drops(*filter)?,
        };
        Ok(Plan::Act(act))
    }

    fn plan_step(&self) -> CommandResult<Act> {
        match self.next_due() {
            Some(_) => Ok(Act::Next),
            None => Err(self.nothing_pending().into()),
        }
    }

    fn plan_timeout(&self, id: NodeId, timer: Option<Timer>) -> CommandResult<Act> {
        let server = self.check_running(id)?;
        let role = server.role().unwrap_or(RoleName::Follower);
        let timer = timer.unwrap_or(match role {
            RoleName::Leader => Timer::Heartbeat,
            RoleName::Follower | RoleName::PreCandidate | RoleName::Candidate => Timer::Election,
        });
        if server.timer(timer).is_none() {
            let server = id;
            return Err(CommandError::TimerNotRunning {
                server,
                timer,
                role,
            }
            .into());
        }
        Ok(Act::Fire(id, timer))
    }

    fn plan_request(&self, server: NodeId, command: &Arc<str>) -> CommandResult<Act> {
        self.check_running(server)?;
        let command = checked_text(command)?;
        let input = Input::Propose(Arc::clone(&command));
        Ok(Act::Ask(server, input, Event::Proposed { server, command }))
    }

    fn plan_transfer(&self, server: NodeId, target: NodeId) -> CommandResult<Act> {
        self.check_server(target)?;
        let event = Event::TransferAsked { server, target };
        self.plan_order(server, Input::Transfer(target), event)
    }

    fn plan_change(&self, server: NodeId, change: MemberChange) -> CommandResult<Act> {
        self.check_server(change.server())?;
        let event = Event::ChangeAsked { server, change };
        self.plan_order(server, Input::ChangeMembers(change), event)
    }

    /// A request that not every program knows.
    fn plan_order(&self, server: NodeId, input: Input, event: Event) -> CommandResult<Act> {
        if self.check_running(server)?.knows(&input) {
            Ok(Act::Ask(server, input, event))
        } else {
            Err(CommandError::UnknownToProgram(server).into())
        }
    }

    fn plan_restart(&self, id: NodeId) -> CommandResult<Act> {
        self.check_server(id)?;
        if self.server(id).is_none_or(Server::is_up) {
            return Err(CommandError::ServerUp(id).into());
        }
        Ok(Act::Restart(id))
    }

    fn plan_install(
        &self,
        servers: NodeSet,
        program: &Option<Rc<dyn Program>>,
    ) -> CommandResult<Act> {
        for server in servers.iter() {
            self.check_server(server)?;
        }
        // Each may crash, start, and fail.
        self.check_record_limit(3 * usize::from(servers.len()))?;
        Ok(Act::Install(servers, program.clone()))
    }

    /// Checks that a script can say that these servers run a program from now on.
    fn check_installed(
        &self,
        servers: NodeSet,
        program: Option<&Rc<dyn Program>>,
    ) -> CommandResult {
        let Some(first) = servers.iter().next() else {
            return Err(CommandError::NoServer.into());
        };
        // As the first line after the settings, it would be one of them.
        if self.commands.is_empty() {
            return Err(CommandError::NothingToReplace.into());
        }
        let checked = program.map_or(Ok(()), |program| check_program(&**program, first));
        let checked = checked.and_then(|()| self.commands.check_name(program));
        checked.map_err(|error| CommandError::BadProgram(error).into())
    }

    fn plan_resume(&self, id: NodeId) -> CommandResult<Act> {
        self.check_up(id)?;
        if !self.is_paused(id) {
            return Err(CommandError::ServerNotPaused(id).into());
        }
        Ok(Act::Resume(id))
    }

    fn plan_persist(&self, id: NodeId) -> CommandResult<Act> {
        if self.check_running(id)?.pending_writes() == 0 {
            return Err(CommandError::NothingToPersist(id).into());
        }
        Ok(Act::Persist(id))
    }

    fn plan_isolation(&self, id: NodeId) -> CommandResult<Act> {
        self.check_server(id)?;
        let touches = |link: &Link| link.from == id || link.to == id;
        Ok(Act::Cut(self.newly(self.all_links().filter(touches), true)))
    }

    /// The links that are not yet cut, or mended.
    fn newly(&self, links: impl Iterator<Item = Link>, cut: bool) -> Box<[Link]> {
        links.filter(|link| self.is_cut(*link) != cut).collect()
    }

    /// All links between groups are to be cut and all links within them to be mended, so
    /// that a partition replaces the previous one.
    fn plan_partition(&self, groups: &[NodeSet]) -> CommandResult<Partition> {
        let mut named = NodeSet::EMPTY;
        for server in groups.iter().flat_map(|group| group.iter()) {
            self.check_server(server)?;
            if !named.insert(server) {
                return Err(CommandError::InTwoGroups(server).into());
            }
        }
        let rest = self.ids().minus(named);
        let groups = groups.iter().copied().chain([rest]);
        let groups: Box<[NodeSet]> = groups.filter(|group| !group.is_empty()).collect();
        if groups.len() < 2 {
            return Err(CommandError::OneGroup.into());
        }
        let together = |link: &Link| {
            let has_both = |group: &NodeSet| group.contains(link.from) && group.contains(link.to);
            groups.iter().any(has_both)
        };
        let (within, between): (Vec<_>, Vec<_>) = self.all_links().partition(together);
        let cut = self.newly(between.into_iter(), true);
        let mended = self.newly(within.into_iter(), false);
        Ok(Partition {
            groups,
            cut,
            mended,
        })
    }

    /// What to do with the message that a selector means; nothing if there is none and
    /// that is no error.
    fn found(
        &self,
        selector: MessageSelector,
        state: HeldState,
        act: impl FnOnce(PendingId) -> Act,
    ) -> CommandResult<Act> {
        Ok(self.select(selector, state)?.map_or(Act::Nothing, act))
    }

    fn plan_delivery(&self, selector: MessageSelector) -> CommandResult<Act> {
        let found = self.select(selector, HeldState::NotHeld)?;
        if found.is_some() && self.is_paused(selector.link.to) {
            return Err(CommandError::ServerPaused(selector.link.to).into());
        }
        Ok(found.map_or(Act::Nothing, Act::Deliver))
    }

    fn plan_delay(&self, selector: MessageSelector, by: Millis) -> CommandResult<Act> {
        let found = self.select(selector, HeldState::NotHeld)?;
        check_duration(by)?;
        Ok(found.map_or(Act::Nothing, |id| Act::Delay(id, by)))
    }

    fn plan_forgery(&self, link: Link, message: &Message) -> CommandResult<Act> {
        self.check_link(link)?;
        check_forged(message)?;
        Ok(Act::Forge(link, message.clone()))
    }

    fn plan_drops(&self, filter: MessageFilter) -> CommandResult<Act> {
        self.check_filter(filter)?;
        let messages = self.matching_messages(filter);
        self.check_record_limit(messages.len())?;
        Ok(Act::Drop(messages))
    }

    fn check_filter(&self, filter: MessageFilter) -> CommandResult {
        match filter {
            MessageFilter::All => Ok(()),
            MessageFilter::To(server) | MessageFilter::From(server) => self.check_server(server),
            MessageFilter::OnLink(link) => self.check_link(link),
        }
    }

    /// Refuses goals that can never be reached.
    fn check_goal(&self, goal: &Condition) -> CommandResult {
        match goal {
            Condition::Role { server, role } => {
                self.check_server(*server)?;
                if *role == RoleName::PreCandidate && !self.header.raft.pre_vote {
                    return Err(CommandError::NoPreVote(*server).into());
                }
            }
            Condition::Server { server, .. } => self.check_server(*server)?,
            Condition::Asserted(claim) | Condition::Denied(claim) => self.check_claim(claim)?,
            Condition::Leaders(count) if usize::from(*count) > self.servers().len() => {
                let (count, servers) = (*count, self.ids());
                return Err(CommandError::TooManyLeaders { count, servers }.into());
            }
            _ => {}
        }
        Ok(())
    }

    fn check_claim(&self, claim: &Claim) -> CommandResult {
        match claim {
            Claim::Sent(pattern)
            | Claim::Delivered(pattern)
            | Claim::Lost(pattern)
            | Claim::InFlight(pattern) => {
                let link = pattern.link;
                link.map_or(Ok(()), |link| self.check_link(link))
            }
            Claim::Refused(server) => self.check_server(*server),
            Claim::Committed(_) | Claim::CommittedAs { .. } | Claim::Violation(_) => Ok(()),
        }
    }

    fn until(&self, duration: Millis) -> CommandResult<Until> {
        check_duration(duration)?;
        Ok(Until(self.now().plus(duration)))
    }

    /// Checks that `more` records can be added.
    pub(super) fn check_record_limit(&self, more: usize) -> CommandResult {
        let max = Self::RECORDS_MAX;
        if self.records.len() + more > max {
            Err(CommandError::HistoryFull { max }.into())
        } else {
            Ok(())
        }
    }

    pub(super) fn check_in_flight_limit(&self, most: usize) -> CommandResult {
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

    fn checked_server(&self, server: NodeId) -> CommandResult<NodeId> {
        self.check_server(server).map(|()| server)
    }

    fn checked_path(&self, path: Path) -> CommandResult<Path> {
        self.check_link(path.link).map(|()| path)
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

    pub(super) fn check_link(&self, link: Link) -> CommandResult {
        self.check_server(link.from)?;
        self.check_server(link.to)?;
        let known = Link::between(link.from, link.to);
        known
            .map(drop)
            .ok_or_else(|| CommandError::LinkToSelf(link.from).into())
    }
}

fn check_duration(duration: Millis) -> CommandResult {
    let max = Command::DURATION_MAX;
    if duration > max {
        return Err(CommandError::LongTime { duration, max }.into());
    }
    Ok(())
}

fn checked_text(text: &Arc<str>) -> CommandResult<Arc<str>> {
    let max = Command::TEXT_CHARS_MAX;
    if text.chars().count() > max {
        return Err(CommandError::LongText { max }.into());
    }
    Ok(Arc::clone(text))
}

fn checked_latency(range: MillisRange) -> CommandResult<MillisRange> {
    let max = Header::DURATION_MAX;
    if range.max() <= max {
        Ok(range)
    } else {
        Err(CommandError::BadLatency { range, max }.into())
    }
}

fn check_forged(message: &Message) -> CommandResult {
    let max = Run::FORGED_ENTRIES_MAX;
    if matches!(message, Message::AppendEntries { entries, .. } if entries.len() > max) {
        return Err(CommandError::LongMessage { max }.into());
    }
    if !names_entries(message) {
        return Err(CommandError::NoSuchEntry.into());
    }
    Ok(())
}

/// Whether all positions in a message can exist in a log.
fn names_entries(message: &Message) -> bool {
    let is_place = |place: &Position| (place.index.0 == 0) == (place.term.0 == 0);
    match message {
        Message::RequestVote { last, .. } | Message::PreVote { last, .. } => is_place(last),
        Message::AppendEntries { prev, entries, .. } => {
            is_place(prev) && entries.iter().all(|entry| entry.term.0 > 0)
        }
        Message::RequestVoteReply { .. }
        | Message::PreVoteReply { .. }
        | Message::AppendEntriesReply { .. }
        | Message::TimeoutNow { .. } => true,
    }
}

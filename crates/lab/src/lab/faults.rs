//! Fault injection: commands that act on servers, links and messages.

use std::rc::Rc;
use std::sync::Arc;

use hustings_raft::{
    Input, MemberChange, Message, Millis, MillisRange, NodeId, NodeSet, Position, Timer,
};

use super::world::StepOutcome;
use super::{HeldState, Lab};
use crate::command::{Link, MessageFilter, MessageSelector, Path, Rate};
use crate::error::{CommandError, CommandResult};
use crate::event_queue::{EventKind, ScheduledEvent};
use crate::header::Header;
use crate::record::{Event, Flight, Loss, MessageId};
use crate::server::Server;

impl Lab {
    pub(super) fn crash(&mut self, id: NodeId) -> CommandResult {
        self.check_up(id)?;
        let before = self.server(id).map(Server::summary);
        self.queue.cancel_writes(id);
        self.queue.set_paused(id, false);
        let Some(server) = self.server_mut(id) else {
            return Ok(());
        };
        let unsent = std::mem::take(&mut server.disk.waiting).into();
        let lost_writes = server.pending_writes();
        server.crash();
        for timer in Timer::ALL {
            self.disarm(id, timer);
        }
        let event = Event::Crashed {
            server: id,
            lost_writes,
            unsent,
        };
        self.record_crash(event, before, id);
        self.recheck_in_flight(id);
        Ok(())
    }

    pub(super) fn restart(&mut self, id: NodeId) -> CommandResult {
        self.check_server(id)?;
        let Some(server) = self.server(id).filter(|server| !server.is_up()) else {
            return Err(CommandError::ServerUp(id).into());
        };
        let stored = server.disk.stored.clone();
        self.input(id, Input::Restart(stored), Event::Restarted(id), None);
        self.recheck_in_flight(id);
        Ok(())
    }

    pub(super) fn pause(&mut self, id: NodeId) -> CommandResult {
        self.check_running(id)?;
        self.queue.set_paused(id, true);
        self.record(Event::Paused(id), None);
        Ok(())
    }

    pub(super) fn resume(&mut self, id: NodeId) -> CommandResult {
        self.check_up(id)?;
        if !self.is_paused(id) {
            return Err(CommandError::ServerNotPaused(id).into());
        }
        self.queue.set_paused(id, false);
        self.record(Event::Resumed(id), None);
        Ok(())
    }

    pub(super) fn change_members(&mut self, id: NodeId, change: MemberChange) -> CommandResult {
        self.check_running(id)?;
        self.check_server(change.server())?;
        let event = Event::ChangeAsked { server: id, change };
        self.input(id, Input::ChangeMembers(change), event, None);
        Ok(())
    }

    pub(super) fn propose(&mut self, id: NodeId, command: &Arc<str>) -> CommandResult {
        self.check_running(id)?;
        check_text(command)?;
        let event = Event::Proposed {
            server: id,
            command: Arc::clone(command),
        };
        self.input(id, Input::Propose(Arc::clone(command)), event, None);
        Ok(())
    }

    pub(super) fn transfer(&mut self, id: NodeId, target: NodeId) -> CommandResult {
        self.check_running(id)?;
        self.check_server(target)?;
        let event = Event::TransferAsked { server: id, target };
        self.input(id, Input::Transfer(target), event, None);
        Ok(())
    }

    pub(super) fn note(&mut self, text: &Arc<str>) -> CommandResult {
        check_text(text)?;
        self.record(Event::Noted(Arc::clone(text)), None);
        Ok(())
    }

    pub(super) fn cut(&mut self, path: Path) -> CommandResult {
        self.check_path(path.link)?;
        self.cut_links_of(path.links());
        Ok(())
    }

    pub(super) fn mend(&mut self, path: Path) -> CommandResult {
        self.check_path(path.link)?;
        self.mend_links_of(path.links());
        Ok(())
    }

    pub(super) fn heal(&mut self) {
        self.mend_links_of(self.all_links());
    }

    fn cut_links_of(&mut self, links: impl Iterator<Item = Link>) {
        let cut = self.set_cut(links, true);
        self.record(Event::Cut(cut), None);
    }

    fn mend_links_of(&mut self, links: impl Iterator<Item = Link>) {
        let mended = self.set_cut(links, false);
        self.record(Event::Mended(mended), None);
    }

    /// Cuts or mends links; returns those that changed.
    fn set_cut(&mut self, links: impl Iterator<Item = Link>, cut: bool) -> Box<[Link]> {
        let changed: Box<[_]> = links.filter(|link| self.is_cut(*link) != cut).collect();
        for link in &changed {
            self.cuts.set(*link, cut);
        }
        changed
    }

    /// Cuts all links between groups and mends all links within them, so that a
    /// partition replaces the previous one.
    pub(super) fn partition(&mut self, groups: &[NodeSet]) -> CommandResult {
        let mut named = NodeSet::EMPTY;
        for server in groups.iter().flat_map(|group| group.iter()) {
            self.check_server(server)?;
            if !named.insert(server) {
                return Err(CommandError::InTwoGroups(server).into());
            }
        }
        let rest: NodeSet = self
            .ids()
            .iter()
            .filter(|server| !named.contains(*server))
            .collect();
        let groups: Vec<NodeSet> = groups
            .iter()
            .copied()
            .chain([rest])
            .filter(|group| !group.is_empty())
            .collect();
        if groups.len() < 2 {
            return Err(CommandError::OneGroup.into());
        }
        let apart = |link: &Link| {
            !groups
                .iter()
                .any(|group| group.contains(link.from) && group.contains(link.to))
        };
        let (between, within): (Vec<_>, Vec<_>) = self.all_links().partition(apart);
        let cut = self.set_cut(between.into_iter(), true);
        let mended = self.set_cut(within.into_iter(), false);
        let groups = groups.into();
        let event = Event::Partitioned {
            groups,
            cut,
            mended,
        };
        self.record(event, None);
        Ok(())
    }

    pub(super) fn isolate(&mut self, id: NodeId) -> CommandResult {
        self.check_server(id)?;
        let touches = move |link: &Link| link.from == id || link.to == id;
        self.cut_links_of(self.all_links().filter(touches));
        Ok(())
    }

    pub(super) fn drop_one(&mut self, selector: MessageSelector) -> CommandResult {
        if let Some(id) = self.select(selector, HeldState::Any)? {
            self.lose(id);
        }
        Ok(())
    }

    pub(super) fn drop_all(&mut self, filter: MessageFilter) -> CommandResult {
        match filter {
            MessageFilter::All => {}
            MessageFilter::To(server) | MessageFilter::From(server) => self.check_server(server)?,
            MessageFilter::OnLink(link) => self.check_path(link)?,
        }
        let filter = self.matching_messages(filter);
        self.check_record_limit(filter.len())?;
        for id in filter {
            self.lose(id);
        }
        Ok(())
    }

    fn lose(&mut self, id: MessageId) {
        if let Some((flight, sent_in)) = self.queue.remove_message(id) {
            let cause = Loss::Dropped;
            self.record(Event::Lost { flight, cause }, Some(sent_in));
        }
    }

    pub(super) fn duplicate(&mut self, selector: MessageSelector) -> CommandResult {
        let Some(id) = self.select(selector, HeldState::NotHeld)? else {
            return Ok(());
        };
        let original = self
            .in_flight()
            .find(|flight| flight.id == id)
            .map(Rc::clone);
        if let Some(original) = original {
            self.messages += 1;
            let copy = self.enqueue(Flight {
                id: MessageId(self.messages),
                copy_of: Some(original.id),
                lost: false,
                ..(*original).clone()
            });
            self.record_sent(Event::Duplicated(original), None, [copy].into());
        }
        Ok(())
    }
}

impl Lab {
    pub(super) fn delay(&mut self, selector: MessageSelector, by: Millis) -> CommandResult {
        let found = self.select(selector, HeldState::NotHeld)?;
        let max = Self::DURATION_MAX;
        if by > max {
            return Err(CommandError::LongTime { duration: by, max }.into());
        }
        if let Some((flight, cause)) = found.and_then(|id| self.queue.remove_message(id)) {
            let late = Rc::new(Flight {
                due_at: flight.due_at.max(self.now).plus(by),
                ..(*flight).clone()
            });
            let kind = EventKind::Arrival(Rc::clone(&late));
            self.queue.push(late.due_at, ScheduledEvent { cause, kind });
            self.record(Event::Delayed { flight: late, by }, None);
        }
        Ok(())
    }

    pub(super) fn set_latency(&mut self, path: Path, range: MillisRange) -> CommandResult {
        self.check_path(path.link)?;
        check_latency(range)?;
        for link in path.links() {
            self.latencies.insert(link, range);
        }
        self.record(Event::LatencySet { path, range }, None);
        Ok(())
    }

    pub(super) fn set_disk(&mut self, id: NodeId, range: MillisRange) -> CommandResult {
        self.check_server(id)?;
        check_latency(range)?;
        if let Some(server) = self.server_mut(id) {
            server.disk.delay = range;
        }
        self.record(Event::DiskSet { server: id, range }, None);
        Ok(())
    }

    pub(super) fn set_clock(&mut self, id: NodeId, rate: Rate) -> CommandResult {
        self.check_server(id)?;
        let now = self.now;
        if let Some(server) = self.server_mut(id).filter(|it| it.clock_rate() != rate) {
            server.clock.set(now, rate);
            self.reschedule_timers(id);
        }
        self.record(Event::ClockSet { server: id, rate }, None);
        Ok(())
    }

    /// Reschedules the running timers for the new clock rate.
    fn reschedule_timers(&mut self, id: NodeId) {
        for timer in Timer::ALL {
            let running = self.server(id).and_then(|server| server.timer(timer));
            if let Some(&running) = running.filter(|running| running.due_at > self.now) {
                let times = (running.armed_at, running.due_local);
                self.set_timer(id, timer, times, running.cause);
            }
        }
    }

    pub(super) fn hold(&mut self, selector: MessageSelector) -> CommandResult {
        let found = self.select(selector, HeldState::NotHeld)?;
        self.set_held(found, true);
        Ok(())
    }

    pub(super) fn release(&mut self, selector: MessageSelector) -> CommandResult {
        let found = self.select(selector, HeldState::Held)?;
        self.set_held(found, false);
        Ok(())
    }

    fn set_held(&mut self, id: Option<MessageId>, hold: bool) {
        let mut flights = self.in_flight();
        let found = flights.find(|flight| Some(flight.id) == id).map(Rc::clone);
        drop(flights);
        if let Some(flight) = found {
            self.queue.set_held(flight.id, hold);
            let event = if hold {
                Event::Held(flight)
            } else {
                Event::Released(flight)
            };
            self.record(event, None);
        }
    }

    /// Sends a message that no server has sent.
    pub(super) fn forge(&mut self, link: Link, message: &Message) -> CommandResult {
        self.check_path(link)?;
        let max = Self::FORGED_ENTRIES_MAX;
        if matches!(message, Message::AppendEntries { entries, .. } if entries.len() > max) {
            return Err(CommandError::LongMessage { max }.into());
        }
        if !names_entries(message) {
            return Err(CommandError::NoSuchEntry.into());
        }
        let mut outcome = StepOutcome::default();
        let message = self.recent_messages.intern(message.clone());
        self.send_message(link, message, true, &mut outcome);
        self.record_sent(Event::Forged(link), None, outcome.into_sent());
        Ok(())
    }
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

fn check_text(text: &str) -> CommandResult {
    let max = Lab::TEXT_CHARS_MAX;
    if text.chars().count() > max {
        return Err(CommandError::LongText { max }.into());
    }
    Ok(())
}

fn check_latency(range: MillisRange) -> CommandResult {
    let max = Header::DURATION_MAX;
    if range.max() <= max {
        Ok(())
    } else {
        Err(CommandError::BadLatency { range, max }.into())
    }
}

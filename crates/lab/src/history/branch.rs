//! A branch: one run from the start, with checkpoints to reach any position in it.

use std::rc::Rc;

use hustings_raft::Millis;

use super::{BranchName, ForkPoint};
use crate::command::Command;
use crate::machine::Program;
use crate::persistent_vec::PersistentVec;
use crate::record::{Event, RunPosition};
use crate::run::Commands;
use crate::run::Run;
use crate::selector::{MessageFilter, MessageSelector};

/// One run from the start.
#[derive(Clone, Debug)]
pub struct Branch {
    pub(super) name: BranchName,
    pub(super) fork: Option<ForkPoint>,
    pub(super) tip: Rc<Run>,
    /// Checkpoints of the run, in order, the first at its start.
    pub(super) checkpoints: PersistentVec<Rc<Run>>,
    /// The positions at the ends of the commands, in order; the first is the start.
    pub(super) command_ends: PersistentVec<RunPosition>,
}

impl Branch {
    /// Its name, which [`crate::narrate::branch`] tells in a language.
    pub fn name(&self) -> &BranchName {
        &self.name
    }

    /// Where it was forked from an older branch; `None` for the first.
    pub fn fork(&self) -> Option<ForkPoint> {
        self.fork
    }

    /// The run at the end of the branch.
    pub fn tip(&self) -> &Rc<Run> {
        &self.tip
    }

    pub(super) fn command_ends_until(
        &self,
        position: RunPosition,
    ) -> impl Iterator<Item = RunPosition> {
        let count = self.command_ends.partition_point(|end| *end <= position);
        self.command_ends.iter().take(count).copied()
    }

    pub(super) fn checkpoints_until(
        &self,
        position: RunPosition,
    ) -> impl DoubleEndedIterator<Item = Rc<Run>> {
        let is_early = |checkpoint: &Rc<Run>| RunPosition::of(checkpoint) <= position;
        let count = self.checkpoints.partition_point(is_early);
        (0..count).filter_map(|number| self.checkpoints.get(number).cloned())
    }

    /// Extends the branch. Consecutive runs of time share one command end, except
    /// across the start or the fork.
    pub(super) fn extend(&mut self, run: Run, merges: bool, checkpoints: Vec<Rc<Run>>) {
        let fork = self.fork.map(|fork| fork.at);
        let may_merge =
            merges && self.command_ends.len() > 1 && self.command_ends.last().copied() != fork;
        let end = RunPosition::of(&run);
        match self.command_ends.last_mut().filter(|_| may_merge) {
            Some(last) => *last = end,
            None => self.command_ends.push(end),
        }
        for checkpoint in checkpoints {
            self.checkpoints.push(checkpoint);
        }
        self.tip = Rc::new(run);
    }

    /// The run at a position of this branch, with the commands that lead there.
    /// `here` is the run at another position of it.
    pub(super) fn at(&self, position: RunPosition, here: &Rc<Run>) -> Rc<Run> {
        if position >= RunPosition::of(&self.tip) {
            return Rc::clone(&self.tip);
        }
        if position == RunPosition::of(here) {
            return Rc::clone(here);
        }
        let mut run = Run::clone(&self.nearest_before(position, here));
        while RunPosition::of(&run) < position {
            let from = RunPosition::of(&run);
            if self.replay_towards(position, &mut run) {
                return Rc::new(run);
            }
            if RunPosition::of(&run) == from {
                break;
            }
        }
        run.set_commands(self.commands_to(RunPosition::of(&run)));
        Rc::new(run)
    }

    /// Replays the command in progress or the next one, up to a position at most; returns
    /// whether it is one that handles many messages and goes on after that.
    pub(super) fn replay_towards(&self, position: RunPosition, run: &mut Run) -> bool {
        match self.partial_batch(RunPosition::of(run), position) {
            Some(many) => self.replay_part(many, run, position),
            None => {
                self.replay_next(run, position);
                return false;
            }
        }
        true
    }

    /// The nearest known run before a position: a checkpoint, or `here`.
    fn nearest_before(&self, position: RunPosition, here: &Rc<Run>) -> Rc<Run> {
        let first = self.checkpoints.get(0).unwrap_or(&self.tip);
        let checkpoint = self.checkpoints_until(position).next_back();
        let checkpoint = checkpoint.unwrap_or_else(|| Rc::clone(first));
        let serves = RunPosition::of(here) < position
            && RunPosition::of(here) >= RunPosition::of(&checkpoint);
        if serves { Rc::clone(here) } else { checkpoint }
    }

    /// The command that is in progress at a position, or comes next.
    fn current_command(&self, position: RunPosition) -> Option<(&Command, RunPosition)> {
        let commands = self.tip.commands();
        let number = commands.ended_by(position);
        Some((commands.get(number)?, commands.end(number)?))
    }

    /// The command in progress, if it handles many messages or servers and the later position is
    /// in the middle of it.
    fn partial_batch(&self, from: RunPosition, position: RunPosition) -> Option<&Command> {
        let (command, end) = self.current_command(from)?;
        let does_many = matches!(
            command,
            Command::DeliverAll | Command::DropAll(_) | Command::Install { .. }
        );
        (does_many && position < end).then_some(command)
    }

    /// Replays the next command, up to a position at most; one that makes several records at
    /// once, as a step in which a program fails, is replayed as a whole.
    fn replay_next(&self, run: &mut Run, position: RunPosition) {
        let Some((command, end)) = self.current_command(RunPosition::of(run)) else {
            return;
        };
        match command {
            _ if processes_events(command) => run.replay_to(end.min(position)),
            // Some of its servers may have it already.
            Command::Install { .. } => {
                let more = |run: &Run| run.records().len() < end.records;
                while more(run) && self.replay_next_part(command, run).is_some() {}
            }
            // Replaying executed commands does not fail.
            _ => drop(run.replay(command)),
        }
    }

    /// Replays `deliver all` or `drop` message by message up to a position, or an
    /// installation server by server.
    fn replay_part(&self, many: &Command, run: &mut Run, position: RunPosition) {
        let mut commands = run.commands().clone();
        let done = self.tip.commands().ended_by(RunPosition::of(run));
        if self.start_of(done) == RunPosition::of(run) {
            commands = self.tip.commands().first(done);
        }
        while run.records().len() < position.records {
            let Some(next) = self.replay_next_part(many, run) else {
                break;
            };
            commands.push(next, RunPosition::of(run));
        }
        run.set_commands(commands);
    }

    /// Replays the next part of a command that handles many messages or servers. Returns a
    /// command that does the same.
    fn replay_next_part(&self, many: &Command, run: &mut Run) -> Option<Command> {
        let next = match many {
            Command::DropAll(filter) => next_to_drop(run, *filter).map(Command::Drop),
            Command::Install { program, .. } => {
                let next = self.tip.records().get(run.records().next_id());
                next.and_then(|record| part_of_install(&record.event, program))
            }
            _ => next_to_deliver(run).map(Command::Deliver),
        };
        next.filter(|next| run.replay(next).is_ok())
    }

    /// The position at which a command began.
    pub(super) fn start_of(&self, number: usize) -> RunPosition {
        let before = number.checked_sub(1);
        let end = before.and_then(|number| self.tip.commands().end(number));
        end.unwrap_or_else(|| RunPosition::of(self.checkpoints.get(0).unwrap_or(&self.tip)))
    }

    /// The commands that lead to a position. A command that passes time is cut off
    /// there: a shorter run, and single steps where more events follow at the same
    /// time.
    pub(super) fn commands_to(&self, position: RunPosition) -> Commands {
        let all = self.tip.commands();
        let done = all.ended_by(position);
        let (mut commands, from) = (all.first(done), self.start_of(done));
        let is_part = from < position && all.get(done).is_some_and(processes_events);
        if !is_part {
            return commands;
        }
        let by = |time| self.tip.records().by(time).max(from.records);
        if by(position.time) <= position.records {
            commands.push(Command::Run(position.time.since(from.time)), position);
            return commands;
        }
        let time = Millis(position.time.0.saturating_sub(1)).max(from.time);
        let mut end = from;
        if position.time > from.time {
            end = RunPosition {
                records: by(time),
                time,
            };
            commands.push(Command::Run(time.since(from.time)), end);
        }
        for records in end.records..position.records {
            let end = RunPosition {
                records: records + 1,
                ..position
            };
            commands.push(Command::Step, end);
        }
        commands
    }

    /// The commands that lead on from a position to the end of the branch.
    pub(super) fn commands_from(&self, position: RunPosition) -> Vec<Command> {
        let all = self.tip.commands();
        let done = all.ended_by(position);
        let from = self.start_of(done);
        let mut rest = all.iter().skip(done).cloned();
        let mut commands = Vec::new();
        if from < position {
            let passed = position.time.since(from.time);
            commands.extend(rest.next().map(|command| rest_of(command, passed)));
        }
        commands.extend(rest);
        commands
    }
}

/// What is left of a command after a part of its time. One that handles many messages
/// handles those that are left.
fn rest_of(command: Command, passed: Millis) -> Command {
    match command {
        Command::Run(duration) => Command::Run(duration.since(passed)),
        Command::RunUntil { goal, within } => Command::RunUntil {
            goal,
            within: within.since(passed),
        },
        command => command,
    }
}

/// Whether a command processes scheduled events.
fn processes_events(command: &Command) -> bool {
    matches!(
        command,
        Command::Run(_) | Command::RunUntil { .. } | Command::Step
    )
}

/// The command that alone would bring what an installation brought.
fn part_of_install(event: &Event, program: &Option<Rc<dyn Program>>) -> Option<Command> {
    match event {
        Event::Crashed { server, .. } => Some(Command::Crash(*server)),
        Event::Installed { server, .. } => Some(Command::Install {
            servers: [*server].into_iter().collect(),
            program: program.clone(),
        }),
        _ => None,
    }
}

fn next_to_deliver(run: &Run) -> Option<MessageSelector> {
    let next = run.in_flight().find(|flight| run.can_arrive(flight))?;
    run.selector_for(next.id)
}

fn next_to_drop(run: &Run, filter: MessageFilter) -> Option<MessageSelector> {
    let next = run.in_flight().find(|flight| filter.matches(flight.link))?;
    run.drop_selector_for(next.id)
}

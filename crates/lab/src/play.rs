//! Running a script.

use hustings_raft::Millis;

use crate::check::Mismatch;
use crate::command::Command;
use crate::condition::{Claim, Condition};
use crate::error::CommandError;
use crate::header::HeaderError;
use crate::invariant::Violation;
use crate::record::RecordId;
use crate::run::Run;
use crate::script::{Line, Script, Span, Step};

/// The outcome of running a script.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The run at the end.
    pub run: Run,
    /// The lines that failed, in order.
    pub failures: Vec<Failure>,
    /// The number of expectations checked.
    pub expectations: usize,
    /// Whether the last failure stopped the run before the end of the script.
    pub stopped: bool,
}

impl Outcome {
    /// Reports the violations after the first `known` that no line expects; `led`
    /// returns the line that led to a violation.
    fn report_violations(
        &mut self,
        script: &Script,
        known: usize,
        led: impl Fn(&Violation) -> Span,
    ) {
        let expects = |violation: &&Violation| {
            let claim = Claim::Violation(violation.invariant());
            let expected = [Condition::Asserted(claim), Condition::Violation];
            script.steps.iter().any(|step| match &step.line {
                Line::Expect(condition) => expected.contains(condition),
                _ => false,
            })
        };
        let new = self.run.violations().iter().skip(known);
        let unexpected = new.filter(|violation| !expects(violation));
        let failures = unexpected.map(|violation| Failure {
            at: led(violation),
            fault: Fault::Violated(violation.clone()),
        });
        self.failures.extend(failures);
    }

    /// Reports violations by the initial states, each at the `state` line of its
    /// server.
    fn report_start(&mut self, script: &Script) {
        let records = self.run.records().clone();
        self.report_violations(script, 0, |violation| {
            let record = records.get(violation.record);
            let server = record.and_then(|record| record.event.server());
            let line = server.and_then(|server| script.states.get(server));
            line.copied().unwrap_or(Span::START)
        });
    }

    /// Reports the goals that do not hold at the end, if they were never met.
    fn report_goals(&mut self, script: &Script) {
        let run = &self.run;
        if run.goals_met().is_some() {
            return;
        }
        let last = RecordId(run.records().len().saturating_sub(1));
        for (number, goal) in run.header().goals.iter().enumerate() {
            let at = script.goals.get(number).copied().unwrap_or(Span::START);
            if let Err(mismatch) = goal.check(run, last) {
                let fault = Fault::GoalNotMet(mismatch);
                self.failures.push(Failure { at, fault });
            }
        }
    }

    /// Whether no line failed.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// A line that failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The position of the line.
    pub at: Span,
    /// Why it failed.
    pub fault: Fault,
}

/// Why a line failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// An expectation is not met.
    Unmet(Mismatch),
    /// `run until` did not reach its goal in time. The time has passed nevertheless.
    NotReached(Mismatch),
    /// A goal does not hold, and all goals never held at one moment.
    GoalNotMet(Mismatch),
    /// An invariant was violated, which no line expects.
    Violated(Violation),
    /// The time of an `at` line had passed already.
    TooLate {
        /// The time of the line.
        time: Millis,
        /// The time when it was reached.
        now: Millis,
    },
    /// No `run` reached the time of an `at` line.
    NeverReached {
        /// The time of the line.
        time: Millis,
        /// The time at the end of the script.
        now: Millis,
    },
    /// A command was refused.
    Refused(CommandError),
}

impl Fault {
    /// What was expected and what was found, for failed expectations and goals.
    pub fn mismatch(&self) -> Option<&Mismatch> {
        match self {
            Self::Unmet(mismatch) | Self::NotReached(mismatch) | Self::GoalNotMet(mismatch) => {
                Some(mismatch)
            }
            Self::Violated(_)
            | Self::TooLate { .. }
            | Self::NeverReached { .. }
            | Self::Refused(_) => None,
        }
    }

    /// Whether the run stops. It continues after a failed expectation; after a refused
    /// command it would no longer be the run that the script describes.
    pub fn is_fatal(&self) -> bool {
        matches!(self, Self::Refused(_))
    }
}

impl Script {
    /// Plays the script in a new run. A failed expectation does not stop the run,
    /// so that all are reported; a refused command does.
    ///
    /// # Errors
    ///
    /// When the header is invalid. [`Script::parse`] returns only valid headers.
    pub fn run(&self) -> Result<Outcome, HeaderError> {
        let mut player = Player {
            outcome: Outcome {
                run: Run::new(self.header.clone())?,
                failures: Vec::new(),
                expectations: 0,
                stopped: false,
            },
            scheduled: Vec::new(),
            last: RecordId(0),
        };
        player.last = player.outcome.run.records().next_id();
        player.outcome.report_start(self);
        for step in &self.steps {
            let known = player.outcome.run.violations().len();
            player.play(step);
            player.outcome.report_violations(self, known, |_| step.at);
            if player.outcome.stopped {
                return Ok(player.outcome);
            }
        }
        player.report_unreached();
        player.outcome.report_goals(self);
        Ok(player.outcome)
    }
}

/// A running script.
struct Player<'a> {
    outcome: Outcome,
    /// The commands of `at` lines not executed yet, in order of time.
    scheduled: Vec<Scheduled<'a>>,
    /// The first record of the last command that is not a note, to which expectations
    /// about sent messages refer.
    last: RecordId,
}

#[derive(Clone, Copy)]
struct Scheduled<'a> {
    time: Millis,
    command: &'a Command,
    at: Span,
}

impl<'a> Player<'a> {
    fn play(&mut self, step: &'a Step) {
        let at = step.at;
        match &step.line {
            Line::Expect(condition) => {
                self.outcome.expectations += 1;
                let checked = condition.check(&self.outcome.run, self.last);
                self.note(at, checked.map_err(Fault::Unmet));
            }
            Line::At { time, command } => self.schedule(*time, command, at),
            Line::Command(command) => self.command(command, at),
        }
    }

    fn command(&mut self, command: &Command, at: Span) {
        if !matches!(command, Command::Note(_)) {
            self.last = self.outcome.run.records().next_id();
        }
        match command {
            Command::Run(duration) => self.run(*duration, at),
            Command::RunUntil { goal, within } => self.run_until(goal, *within, at),
            command => {
                self.apply(command.clone(), at);
            }
        }
    }

    fn now(&self) -> Millis {
        self.outcome.run.now()
    }

    fn note(&mut self, at: Span, result: Result<(), Fault>) {
        if let Err(fault) = result {
            self.outcome.stopped |= fault.is_fatal();
            self.outcome.failures.push(Failure { at, fault });
        }
    }

    /// Executes a command unless an earlier one was refused; returns whether it reached
    /// its goal.
    fn apply(&mut self, command: Command, at: Span) -> bool {
        if self.outcome.stopped {
            return false;
        }
        let applied = self.outcome.run.apply(command);
        let reached = applied.as_ref().is_ok_and(|applied| applied.reached);
        self.note(at, applied.map(drop).map_err(Fault::Refused));
        reached
    }

    fn schedule(&mut self, time: Millis, command: &'a Command, at: Span) {
        let now = self.now();
        if time < now {
            self.note(at, Err(Fault::TooLate { time, now }));
            return;
        }
        let place = self.scheduled.partition_point(|other| other.time <= time);
        self.scheduled
            .insert(place, Scheduled { time, command, at });
    }

    /// The time of the next scheduled command, if it is due by `end`. Commands whose
    /// time has passed, after a `wait`, are reported and not executed: the run would not
    /// be the one that the script describes.
    fn next_scheduled(&mut self, end: Millis) -> Option<Millis> {
        while !self.outcome.stopped {
            let (now, next) = (self.now(), *self.scheduled.first()?);
            let time = next.time;
            if time >= now {
                return (time <= end).then_some(time);
            }
            self.scheduled.remove(0);
            self.note(next.at, Err(Fault::TooLate { time, now }));
        }
        None
    }

    fn carry_out_scheduled(&mut self) {
        let Scheduled { command, at, .. } = self.scheduled.remove(0);
        self.apply(command.clone(), at);
    }

    fn run(&mut self, duration: Millis, at: Span) {
        let end = self.now().plus(duration);
        while let Some(time) = self.next_scheduled(end) {
            self.apply(Command::Run(time.since(self.now())), at);
            self.carry_out_scheduled();
        }
        self.apply(Command::Run(end.since(self.now())), at);
    }

    fn run_until(&mut self, goal: &Condition, within: Millis, at: Span) {
        let end = self.now().plus(within);
        let until = |within| Command::RunUntil {
            goal: Box::new(goal.clone()),
            within,
        };
        while let Some(time) = self.next_scheduled(end) {
            if self.apply(until(time.since(self.now())), at) {
                return;
            }
            self.carry_out_scheduled();
            if self.outcome.run.holds_since(goal, self.last) {
                return;
            }
        }
        let reached = self.apply(until(end.since(self.now())), at);
        if !reached && !self.outcome.stopped {
            let missed = Mismatch::not_reached(goal, within, &self.outcome.run);
            self.note(at, Err(Fault::NotReached(missed)));
        }
    }

    fn report_unreached(&mut self) {
        let now = self.now();
        for Scheduled { time, at, .. } in std::mem::take(&mut self.scheduled) {
            self.note(at, Err(Fault::NeverReached { time, now }));
        }
    }
}

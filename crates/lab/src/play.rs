//! Running a script.

mod player;

use hustings_raft::Millis;

use crate::check::Mismatch;
use crate::command::Command;
use crate::condition::{Claim, Condition};
use crate::error::CommandError;
use crate::header::HeaderError;
use crate::invariant::Violation;
use crate::record::{RecordId, RunPosition};
use crate::run::{Applied, Execution, Run};
use crate::script::{Line, Script, Span};

pub use self::player::Player;

/// What a script can be played in: a run, or a history, at the end of a branch.
pub trait Stage {
    /// The run up to now.
    fn run(&self) -> &Run;

    /// Executes a command.
    ///
    /// # Errors
    ///
    /// When the command is refused; nothing has changed then.
    fn execute(&mut self, command: Command) -> Result<Applied, CommandError>;

    /// Begins to execute a command a part at a time.
    ///
    /// # Errors
    ///
    /// When the command is refused.
    fn begin(&self, command: Command) -> Result<Execution, CommandError>;

    /// Takes over what an execution has done that was begun here and is over. Nothing
    /// else may have been executed meanwhile.
    fn finish(&mut self, execution: Execution) -> Applied;
}

impl Stage for Run {
    fn run(&self) -> &Run {
        self
    }

    fn execute(&mut self, command: Command) -> Result<Applied, CommandError> {
        self.apply(command)
    }

    fn begin(&self, command: Command) -> Result<Execution, CommandError> {
        Self::begin(self, command).map_err(|refused| *refused)
    }

    fn finish(&mut self, execution: Execution) -> Applied {
        let (after, applied, _) = execution.finish();
        *self = after;
        applied
    }
}

/// The outcome of running a script.
#[derive(Clone, Debug)]
pub struct Outcome<S = Run> {
    /// The run at the end.
    pub run: S,
    /// The lines that failed, in order.
    pub failures: Vec<Failure>,
    /// The number of expectations checked.
    pub expectations: usize,
    /// Whether the last failure stopped the run before the end of the script.
    pub stopped: bool,
    /// The lines whose commands were executed, each from the record on that came first, in
    /// order.
    pub lines: Vec<(RecordId, usize)>,
}

impl<S: Stage> Outcome<S> {
    fn fail(&mut self, at: Span, fault: Fault) {
        let when = RunPosition::of(self.run.run());
        self.failures.push(Failure { at, when, fault });
    }

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
        let new = self.run.run().violations().iter().skip(known);
        let unexpected = new.filter(|violation| !expects(violation));
        let failures = unexpected.map(|violation| Failure {
            at: led(violation),
            when: position_after(violation.record, self.run.run()),
            fault: Fault::Violated(violation.clone()),
        });
        self.failures.extend(failures);
    }

    /// Reports violations by the initial states, each at the `state` line of its
    /// server.
    fn report_start(&mut self, script: &Script) {
        let records = self.run.run().records().clone();
        self.report_violations(script, 0, |violation| {
            let record = records.get(violation.record);
            let server = record.and_then(|record| record.event.server());
            let line = server.and_then(|server| script.states.get(server));
            line.copied().unwrap_or(Span::START)
        });
    }

    /// Reports the goals that do not hold at the end, if they were never met.
    fn report_goals(&mut self, script: &Script) {
        let run = self.run.run();
        if run.goals_met().is_some() {
            return;
        }
        let last = RecordId(run.records().len().saturating_sub(1));
        let goals = script.header.goals.iter().zip(&script.goals);
        let open = goals.filter_map(|(goal, at)| Some((goal.check(run, last).err()?, *at)));
        let open: Vec<_> = open.collect();
        for (mismatch, at) in open {
            self.fail(at, Fault::GoalNotMet(mismatch));
        }
    }

    /// Whether no line failed.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

fn position_after(record: RecordId, run: &Run) -> RunPosition {
    let time = run.records().get(record).map(|record| record.at);
    RunPosition {
        records: record.0 + 1,
        time: time.unwrap_or_else(|| run.now()),
    }
}

/// A line that failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The position of the line.
    pub at: Span,
    /// The position of the run when it failed; for a violation, just after it.
    pub when: RunPosition,
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
        let mut player = Player::new(self, Run::new(self.header.clone())?);
        while player.go_on(self, usize::MAX) {}
        Ok(player.outcome())
    }
}

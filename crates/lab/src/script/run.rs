//! Playing a script.

use hustings_raft::Millis;

use super::value::Value;
use super::{Line, Script, Span};
use crate::expect::{Mismatch, ServerFacts};
use crate::{Command, CommandError, Expectation, Goal, HeaderError, Lab, Violation, narrate};

/// How a script came out.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The laboratory at the end.
    pub lab: Lab,
    /// The lines that failed, in order.
    pub failures: Vec<Failure>,
    /// How many expectations were looked at.
    pub expectations: usize,
    /// Whether the last failure ended the run before the script did.
    pub stopped: bool,
}

impl Outcome {
    /// Fails the line at `at`, which led to all violations but the first `known`,
    /// for those that no line expects.
    fn report_violations(&mut self, script: &Script, known: usize, at: Span) {
        let expects = |violation: &&Violation| {
            let line = Line::Expect(Expectation::Violation(violation.invariant()));
            script.steps.iter().any(|step| step.line == line)
        };
        let new = self.lab.violations().iter().skip(known);
        let unexpected = new.filter(|violation| !expects(violation));
        let fault = unexpected.map(|violation| Fault::Violated(violation.clone()));
        let failures = fault.map(|fault| Failure { at, fault });
        self.failures.extend(failures);
    }

    /// Whether no line failed.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// A line that failed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{fault}")]
pub struct Failure {
    /// Where the line stands.
    pub at: Span,
    /// Why it failed.
    pub fault: Fault,
}

/// Why a line failed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Fault {
    /// An expectation is not met.
    #[error(transparent)]
    Unmet(Mismatch),
    /// `run until` did not get there in time. The time has passed all the same.
    #[error("waited for {}, but found {}", .0.expected, .0.found)]
    NotReached(Mismatch),
    /// An invariant was violated, and no line expects that.
    #[error("{} is violated: {}", .0.invariant().name(), narrate::violation(.0))]
    Violated(Violation),
    /// A command could not be carried out.
    #[error(transparent)]
    Refused(CommandError),
}

impl Fault {
    /// What was expected and what was found; `None` if that is not the matter.
    pub fn mismatch(&self) -> Option<&Mismatch> {
        match self {
            Self::Unmet(mismatch) | Self::NotReached(mismatch) => Some(mismatch),
            Self::Violated(_) | Self::Refused(_) => None,
        }
    }

    /// Whether the run cannot go on. After a failed expectation it can; after a
    /// refused command it would be another run than the one that the script
    /// describes.
    pub fn is_fatal(&self) -> bool {
        matches!(self, Self::Refused(_))
    }
}

impl Script {
    /// Plays the script from a fresh laboratory. Expectations that fail do not
    /// stop it, so that all are reported; a command that is refused does.
    ///
    /// # Errors
    ///
    /// When no laboratory can be built from the header. The header of a script
    /// that was read by [`Script::parse`] has been checked.
    pub fn run(&self) -> Result<Outcome, HeaderError> {
        let mut outcome = Outcome {
            lab: Lab::new(self.header.clone())?,
            failures: Vec::new(),
            expectations: 0,
            stopped: false,
        };
        outcome.report_violations(self, 0, Span::START);
        for step in &self.steps {
            let known = outcome.lab.violations().len();
            outcome.expectations += usize::from(matches!(step.line, Line::Expect(_)));
            if let Err(fault) = step.line.play(&mut outcome.lab) {
                outcome.stopped = fault.is_fatal();
                outcome.failures.push(Failure { at: step.at, fault });
            }
            outcome.report_violations(self, known, step.at);
            if outcome.stopped {
                break;
            }
        }
        Ok(outcome)
    }
}

impl Line {
    /// Carries out the command or checks the expectation.
    ///
    /// # Errors
    ///
    /// When the expectation is not met, the command is refused, or its goal is
    /// not reached. Only in the last case has the laboratory changed.
    pub fn play(&self, lab: &mut Lab) -> Result<(), Fault> {
        match self {
            Self::Expect(expectation) => expectation.check(lab).map_err(Fault::Unmet),
            Self::Command(command) => {
                let applied = lab.apply(command.clone()).map_err(Fault::Refused)?;
                match command {
                    Command::RunUntil { goal, within } if !applied.reached => {
                        Err(Fault::NotReached(not_reached(*goal, *within, lab)))
                    }
                    _ => Ok(()),
                }
            }
        }
    }
}

fn not_reached(goal: Goal, within: Millis, lab: &Lab) -> Mismatch {
    let mut expected = match goal {
        Goal::Leader => "a leader of the latest term".to_owned(),
        Goal::Role { server, role } => format!("{server} to be {role}"),
        Goal::Violation => "a violation".to_owned(),
        Goal::Quiet => "all messages and writes to be done".to_owned(),
    };
    expected.push_str(" within ");
    within.write(&mut expected);
    Mismatch {
        expected,
        found: match goal {
            Goal::Quiet => traffic(lab),
            Goal::Violation => "none".to_owned(),
            Goal::Leader | Goal::Role { .. } => standing(lab),
        },
    }
}

fn standing(lab: &Lab) -> String {
    let servers = lab.servers();
    let each: Vec<_> = servers
        .map(|server| format!("{}{}", server.id(), ServerFacts::standing(server)))
        .collect();
    each.join(", ")
}

fn traffic(lab: &Lab) -> String {
    let messages = lab.in_flight().count();
    let writes: usize = lab.servers().map(|server| server.pending_writes()).sum();
    format!("{messages} messages in flight and {writes} writes under way")
}

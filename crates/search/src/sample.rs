//! How often things happen: many runs by the clock from one moment, each with other draws.
//!
//! The laboratory plays them. Each is the run up to that moment, `reseed` with a seed of its
//! own, and time that passes: a script can say all of it, and so any of them can be looked at.

pub mod csv;
mod plot;
mod stable;
mod summary;
mod table;
#[cfg(not(target_family = "wasm"))]
pub mod threads;
mod violation;

use std::fmt;

use fastrand::Rng;
use hustings_lab::{Command, CommandError, Condition, Invariant, Run, RunPosition, Statistics};
use hustings_raft::{Millis, MillisRange, NodeId};

pub use self::plot::{Curve, Plot, Tick};
pub use self::summary::{Sample, Summary, Summed};
pub use self::table::{Table, duration, heading, numbers, shares};
pub use self::violation::shrunk;

/// What is waited for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Awaited {
    /// The leader with which a run ends, if a majority of the members runs and follows it
    /// then, and if it has led for longer than any server waits that does not hear from it.
    /// It came when it was elected; at once if it led before.
    StableLeader,
    /// The first moment at which a condition holds, with which the run ends.
    Condition(Box<Condition>),
}

impl fmt::Display for Awaited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StableLeader => f.write_str("stable leader"),
            Self::Condition(condition) => condition.fmt(f),
        }
    }
}

/// What is done to a cluster before the wait begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FirstStep {
    /// A command.
    Command(Command),
    /// Whoever leads at that moment crashes; nothing happens if nobody does.
    LeaderCrashes,
    /// All links of whoever leads at that moment are cut; nothing happens if nobody does.
    LeaderIsolated,
}

impl FirstStep {
    /// The command that does it at the end of a run, if there is anything to do.
    fn command(&self, run: &Run) -> Option<Command> {
        match self {
            Self::Command(command) => Some(command.clone()),
            Self::LeaderCrashes => leader(run).map(Command::Crash),
            Self::LeaderIsolated => leader(run).map(Command::Isolate),
        }
    }
}

/// Who leads the highest term that is led.
pub(crate) fn leader(run: &Run) -> Option<NodeId> {
    let leading = run.servers().filter(|it| it.is_up() && it.view().leads());
    leading.max_by_key(|it| it.term()).map(|it| it.id())
}

/// How runs go on from the moment that is sampled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    /// What is waited for.
    pub awaited: Awaited,
    /// How long, at most. No longer than [`Command::DURATION_MAX`].
    pub time: Millis,
    /// The seed of the first run; those of the others follow it.
    pub seed: u64,
    /// What is done to the cluster in each run, before the wait begins.
    pub steps: Vec<FirstStep>,
    /// After how long that is done, drawn for each run; `None` for within one heartbeat
    /// interval, so that every moment between two heartbeats comes up.
    pub after: Option<MillisRange>,
}

/// What came of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sampled {
    /// Its number, from 1.
    pub number: u32,
    /// Its seed.
    pub seed: u64,
    /// When what was waited for came, from the start of the wait; `None` if it did not.
    pub reached: Option<Millis>,
    /// How long the wait was.
    pub waited: Millis,
    /// The number of elections that were started in it, and of those that were won.
    pub elections: Elections,
    /// The number of terms with candidates that had no leader, and can have none any more.
    pub terms_without_winner: u64,
    /// The invariants that were violated in the run, by the draws or the steps.
    pub violated: Vec<Invariant>,
    /// Whether a server's program failed in the run, so that it crashed.
    pub program_failed: bool,
}

/// Numbers of elections.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Elections {
    /// How many were started.
    pub started: u64,
    /// How many were won.
    pub won: u64,
}

/// A run that cannot be played to its end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SampleError {
    /// Its number.
    pub number: u32,
    /// What was refused.
    pub error: CommandError,
}

impl fmt::Display for SampleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "run {}: {}", self.number, self.error)
    }
}

impl std::error::Error for SampleError {}

/// Runs from one moment.
#[derive(Clone, Debug)]
pub struct Sampler {
    start: Run,
    plan: Plan,
}

/// A run that was played, and when the wait in it began.
struct Played {
    run: Run,
    wait: RunPosition,
    reached: bool,
}

impl Sampler {
    /// Samples what may come after a run.
    pub fn new(start: Run, plan: Plan) -> Self {
        Self { start, plan }
    }

    /// The run up to the moment that is sampled.
    pub fn start(&self) -> &Run {
        &self.start
    }

    /// How the runs go on from there.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The seed of a run, whose numbers begin with 1.
    pub fn seed_of(&self, number: u32) -> u64 {
        let after_first = u64::from(number.saturating_sub(1));
        self.plan.seed.wrapping_add(after_first)
    }

    /// A run, whole.
    ///
    /// # Errors
    ///
    /// When one of its commands is refused: a step cannot be taken, or the run exceeds a
    /// limit of the laboratory.
    pub fn run(&self, number: u32) -> Result<Run, SampleError> {
        self.play(number).map(|played| played.run)
    }

    /// What comes of a run.
    ///
    /// # Errors
    ///
    /// As [`Sampler::run`].
    pub fn sample(&self, number: u32) -> Result<Sampled, SampleError> {
        let Played { run, wait, reached } = self.play(number)?;
        let reached = match self.plan.awaited {
            Awaited::StableLeader => stable::since(&run).map(|since| since.since(wait.time)),
            Awaited::Condition(_) => reached.then(|| run.now().since(wait.time)),
        };
        let counted = Statistics::since(&run, wait);
        let known = self.start.violations().len();
        let first_new = self.start.records().len();
        let new = run.violations().iter().skip(known);
        Ok(Sampled {
            number,
            seed: self.seed_of(number),
            reached,
            waited: counted.duration,
            elections: Elections {
                started: counted.started().into(),
                won: counted.won().into(),
            },
            terms_without_winner: counted.without_winner() as u64,
            violated: new.map(|violation| violation.invariant()).collect(),
            program_failed: run.program_failures().any(|it| it.id.0 >= first_new),
        })
    }

    fn play(&self, number: u32) -> Result<Played, SampleError> {
        self.try_play(self.seed_of(number))
            .map_err(|error| SampleError { number, error })
    }

    fn try_play(&self, seed: u64) -> Result<Played, CommandError> {
        let mut run = self.start.clone();
        run.apply(Command::Reseed(seed))?;
        if !self.plan.steps.is_empty() {
            let after = self.moment(seed);
            if after > Millis::ZERO {
                run.apply(Command::Run(after))?;
            }
            for step in &self.plan.steps {
                if let Some(command) = step.command(&run) {
                    run.apply(command)?;
                }
            }
        }
        let wait = RunPosition::of(&run);
        let within = self.plan.time;
        let applied = run.apply(match &self.plan.awaited {
            Awaited::StableLeader => Command::Run(within),
            Awaited::Condition(goal) => Command::RunUntil {
                goal: goal.clone(),
                within,
            },
        })?;
        let reached = applied.reached;
        Ok(Played { run, wait, reached })
    }

    /// After how long the steps are taken in the run with a seed.
    fn moment(&self, seed: u64) -> Millis {
        let interval = self.start.header().raft.heartbeat;
        let range = self.plan.after;
        let range = range.unwrap_or_else(|| MillisRange::between(0, interval.0));
        let mut random = Rng::with_seed(seed);
        Millis(random.u64(range.min().0..=range.max().0))
    }
}

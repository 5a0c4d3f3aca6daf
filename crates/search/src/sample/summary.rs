//! What came of many runs, in numbers.

use hustings_lab::{Invariant, VecMap};
use hustings_raft::Millis;

use super::{Elections, Plan, Sampled};

/// The runs with some settings.
#[derive(Clone, Debug)]
pub struct Sample {
    /// What tells the settings from others.
    pub label: String,
    /// How the runs went on.
    pub plan: Plan,
    /// What came of each.
    pub runs: Vec<Sampled>,
}

/// The runs with some settings, and what came of them in numbers.
#[derive(Clone, Debug)]
pub struct Summed<'a> {
    /// The runs.
    pub sample: &'a Sample,
    /// What came of them.
    pub summary: Summary,
}

impl Sample {
    /// The same with what came of the runs in numbers.
    pub fn summed(&self) -> Summed<'_> {
        Summed {
            sample: self,
            summary: Summary::of(&self.runs),
        }
    }
}

/// What came of many runs.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Summary {
    /// How many there were.
    pub runs: usize,
    /// After how long what was waited for came, in the runs in which it did, in order.
    pub times: Vec<Millis>,
    /// The elections of all of them.
    pub elections: Elections,
    /// The terms without a winner of all of them.
    pub terms_without_winner: u64,
    /// The violated invariants, each with the numbers of the runs.
    pub violated: VecMap<Invariant, Vec<u32>>,
    /// The numbers of the runs in which a server's program failed.
    pub program_failed: Vec<u32>,
}

impl Summary {
    /// Sums up runs.
    pub fn of(sampled: &[Sampled]) -> Self {
        let mut summary = Self {
            runs: sampled.len(),
            times: sampled.iter().filter_map(|run| run.reached).collect(),
            ..Self::default()
        };
        summary.times.sort_unstable();
        for run in sampled {
            summary.elections.started += run.elections.started;
            summary.elections.won += run.elections.won;
            summary.terms_without_winner += run.terms_without_winner;
            if run.program_failed {
                summary.program_failed.push(run.number);
            }
            for invariant in &run.violated {
                summary.violated.entry(*invariant).push(run.number);
            }
        }
        summary
    }

    /// In how many runs what was waited for did not come.
    pub fn never(&self) -> usize {
        self.runs - self.times.len()
    }

    /// In how many runs it came within a time.
    pub fn within(&self, time: Millis) -> usize {
        self.times.partition_point(|it| *it <= time)
    }

    /// Within what time it came in so many of a thousand runs, of all that there were: 500 is
    /// the median. `None` if it came in fewer.
    pub fn quantile(&self, per_mille: usize) -> Option<Millis> {
        let rank = (self.runs * per_mille).div_ceil(1_000);
        self.times.get(rank.checked_sub(1)?).copied()
    }

    /// The mean of the times, of the runs in which it came, in milliseconds.
    pub fn mean(&self) -> Option<f64> {
        let sum: u64 = self.times.iter().map(|time| time.0).sum();
        (!self.times.is_empty()).then(|| sum as f64 / self.times.len() as f64)
    }
}

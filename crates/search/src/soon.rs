//! How often a leader that stays comes soon, over random futures of a run.

use hustings_lab::narrate::{Lang, Tell};
use hustings_lab::{Command, Run};
use hustings_raft::Millis;

use crate::sample::{Awaited, Plan, SampleError, Sampler, duration};
use crate::texts::texts;

/// How soon is soon.
const SOON: Millis = Millis(1_000);

/// How many futures there are.
const FUTURES: u32 = 200;

/// Random futures of a run, which are played one by one.
pub(crate) struct Soon {
    sampler: Sampler,
    played: u32,
    /// In how many of them a leader came soon.
    came: u32,
    failed: Option<SampleError>,
}

impl Soon {
    /// Those of a run. Each goes on until it is clear whether a leader stays that came in time.
    pub fn new(run: Run) -> Self {
        let longest = run.header().raft.election_timeout.max();
        let time = Millis(SOON.0.saturating_add(longest.0).saturating_add(1));
        let plan = Plan {
            awaited: Awaited::StableLeader,
            time: time.min(Command::DURATION_MAX),
            seed: 1,
            steps: Vec::new(),
            after: None,
        };
        Self {
            sampler: Sampler::new(run, plan),
            played: 0,
            came: 0,
            failed: None,
        }
    }

    /// Whether there are futures to be played.
    pub fn is_going(&self) -> bool {
        self.played < FUTURES && self.failed.is_none()
    }

    /// Plays one.
    pub fn go_on(&mut self) {
        match self.sampler.sample(self.played + 1) {
            Ok(sampled) => {
                self.played += 1;
                self.came += u32::from(sampled.reached.is_some_and(|time| time <= SOON));
            }
            Err(error) => self.failed = Some(error),
        }
    }

    /// In how many of those that were played a leader came soon; `None` before the first.
    pub fn told(&self, lang: Lang) -> Option<String> {
        let t = texts(lang);
        match &self.failed {
            Some(SampleError { number, error }) => {
                Some(t.sample_run_failed(number, error.tell(lang)))
            }
            None if self.played == 0 => None,
            None => Some(t.soon(self.came, self.played, duration(SOON))),
        }
    }
}

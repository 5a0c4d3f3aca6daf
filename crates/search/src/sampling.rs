//! A sample that a page has asked for: its runs are played one by one, one of each of the
//! settings in turn, so that what came of them can be compared whenever it is looked at.

use std::collections::VecDeque;

use hustings_lab::narrate::{Lang, Tell};
use hustings_lab::{Command, Run, Script};
use hustings_raft::Millis;

use crate::reader::Reader;
use crate::sample::{
    Awaited, FirstStep, Plan, Plot, Sample, SampleError, Sampled, Sampler, Summed, csv, duration,
    heading, leader, numbers, shares,
};
use crate::texts::{Texts, texts};
use crate::told::{tenths, thousands};
use crate::wire::Lesson;
use crate::wire::sampling::{First, Opened, Outcome, Setting, Stage, Wanted, Worth};

/// A sample that was asked for.
pub(crate) struct Sampling {
    wanted: Wanted,
    /// The settings whose runs have not begun.
    waiting: VecDeque<Setting>,
    /// Those whose runs have.
    begun: Vec<Begun>,
    /// What could not be played, and why.
    missing: Vec<String>,
    is_stopped: bool,
    /// How many seconds it has worked.
    seconds: f64,
}

/// The runs with some settings.
struct Begun {
    sampler: Sampler,
    sample: Sample,
    /// Whether one of them could not be played to its end: no more are then.
    has_failed: bool,
}

impl Sampling {
    /// One of which nothing is played yet.
    pub fn new(wanted: Wanted) -> Self {
        Self {
            waiting: wanted.settings.iter().cloned().collect(),
            begun: Vec::new(),
            missing: Vec::new(),
            is_stopped: false,
            seconds: 0.0,
            wanted,
        }
    }

    /// Stops it with what there is, or has it go on.
    pub fn stop(&mut self, stop: bool) {
        self.is_stopped = stop;
    }

    /// Is told how long it has worked since it was told last.
    pub fn spent(&mut self, seconds: f64) {
        self.seconds += seconds;
    }

    /// Whether there is anything to play, and it is not stopped.
    pub fn is_going(&self) -> bool {
        !self.is_stopped && !self.is_complete()
    }

    fn is_complete(&self) -> bool {
        let all = self.wanted.runs as usize;
        self.waiting.is_empty() && !self.begun.iter().any(|it| it.lacks_runs(all))
    }

    /// Plays a run, or what comes before all runs with some settings.
    pub fn go_on(&mut self, reader: &Reader) {
        if let Some(setting) = self.waiting.pop_front() {
            match self.begin(&setting, reader) {
                Ok(begun) => self.begun.push(begun),
                Err(why) => self.miss(&setting.name, why, reader.lang),
            }
            return;
        }
        let all = self.wanted.runs as usize;
        let lacking = self.begun.iter_mut().filter(|it| it.lacks_runs(all));
        let Some(next) = lacking.min_by_key(|it| it.sample.runs.len()) else {
            return;
        };
        if let Err(SampleError { number, error }) = next.play() {
            let why = texts(reader.lang).sample_run_failed(number, error.tell(reader.lang));
            let name = next.sample.label.clone();
            self.miss(&name, why, reader.lang);
        }
    }

    fn miss(&mut self, name: &str, why: String, lang: Lang) {
        let told = texts(lang).sample_missing(name, why);
        self.missing.push(told);
    }

    /// Plays the script with some settings up to its end, from where runs go on.
    fn begin(&self, setting: &Setting, reader: &Reader) -> Result<Begun, String> {
        let mut script = reader.script(&self.wanted.script)?;
        script.header = reader.script(&setting.script)?.header;
        let start = reader.play(script, self.wanted.standing_start)?;
        let plan = self.plan(&start, reader)?;
        Ok(Begun {
            sample: Sample {
                label: setting.name.clone(),
                plan: plan.clone(),
                runs: Vec::new(),
            },
            sampler: Sampler::new(start, plan),
            has_failed: false,
        })
    }

    /// How runs go on from the end of a run.
    fn plan(&self, start: &Run, reader: &Reader) -> Result<Plan, String> {
        let t = texts(reader.lang);
        let time = Millis(self.wanted.time).clamp(Millis(1), Command::DURATION_MAX);
        let longest = start.header().raft.election_timeout.max();
        let awaited = match &self.wanted.awaited {
            Some(text) => Awaited::Condition(Box::new(reader.condition(text, start)?)),
            None if longest >= time => {
                return Err(t.sample_too_short(duration(time), duration(longest)));
            }
            None => Awaited::StableLeader,
        };
        let first = match self.wanted.first {
            First::Nothing => None,
            _ if leader(start).is_none() => return Err(t.sample_no_leader().to_owned()),
            First::LeaderCrashes => Some(FirstStep::LeaderCrashes),
            First::LeaderIsolated => Some(FirstStep::LeaderIsolated),
        };
        Ok(Plan {
            awaited,
            time,
            seed: 1,
            steps: first.into_iter().collect(),
            after: None,
        })
    }

    /// How it stands.
    pub fn stage(&self, lang: Lang) -> Stage {
        if self.begun.is_empty() && self.waiting.is_empty() {
            return Stage::Refused(self.missing.join("\n"));
        }
        let outcome = self.outcome(lang);
        if self.is_complete() {
            Stage::Over(outcome)
        } else if self.is_stopped {
            Stage::Stopped(outcome)
        } else {
            Stage::Going(outcome)
        }
    }

    fn outcome(&self, lang: Lang) -> Outcome {
        let t = texts(lang);
        let summed: Vec<_> = self.begun.iter().map(|it| it.sample.summed()).collect();
        Outcome {
            told: self.told(t),
            missing: self.missing.clone(),
            heading: heading(&summed, lang),
            numbers: numbers(&summed, lang),
            worth: summed.iter().map(|it| worth(it, t)).collect(),
            means: t.sample_means().to_owned(),
            came_within: t.sample_came_within().to_owned(),
            shares: shares(&summed).unwrap_or_default(),
            plot: Plot::of(&summed, lang),
        }
    }

    /// How many runs were played, and how long that took.
    fn told(&self, t: Texts) -> String {
        let played: usize = self.begun.iter().map(|it| it.sample.runs.len()).sum();
        let settings = self.begun.iter().filter(|it| !it.has_failed).count() + self.waiting.len();
        let failed = self.begun.iter().filter(|it| it.has_failed);
        let failed: usize = failed.map(|it| it.sample.runs.len()).sum();
        let all = settings * self.wanted.runs as usize + failed;
        let (played, all) = (thousands(played as u64), thousands(all as u64));
        t.sample_progress(tenths(self.seconds), played, all)
    }

    /// All runs as comma-separated values.
    pub fn csv(&self) -> String {
        let samples: Vec<_> = self.begun.iter().map(|it| it.sample.clone()).collect();
        csv::of(&samples)
    }

    /// A run, which begins with a note where runs go on by themselves.
    pub fn open(&self, setting: usize, number: u32, lang: Lang) -> Opened {
        let t = texts(lang);
        let begun = self.begun.get(setting);
        let begun = begun.ok_or_else(|| t.sample_gone().to_owned())?;
        let seed = begun.sampler.seed_of(number);
        let mut start = begun.sampler.start().clone();
        let note = Command::Note(t.sample_note(number, &begun.sample.label, seed).into());
        start.apply(note).map_err(|error| error.tell(lang))?;
        let captions = start.commands().iter();
        let captions = captions.filter(|it| matches!(it, Command::Note(_))).count();
        let sampler = Sampler::new(start, begun.sampler.plan().clone());
        let run = sampler.run(number);
        let run = run.map_err(|it| t.sample_run_failed(it.number, it.error.tell(lang)))?;
        Ok(Lesson {
            script: Script::save(&run).map_err(|error| error.tell(lang))?,
            caption: captions,
        })
    }
}

impl Begun {
    fn lacks_runs(&self, all: usize) -> bool {
        !self.has_failed && self.sample.runs.len() < all
    }

    /// Plays the next run.
    fn play(&mut self) -> Result<(), SampleError> {
        let number = self.sample.runs.len() as u32 + 1;
        let sampled = self.sampler.sample(number);
        self.has_failed = sampled.is_err();
        self.sample.runs.push(sampled?);
        Ok(())
    }
}

/// The runs that are worth a look: one that violates an invariant, one in which what was waited
/// for did not come, the slowest of the others, and one in the middle.
fn worth(it: &Summed<'_>, t: Texts) -> Vec<Worth> {
    let runs = &it.sample.runs;
    let found = |told: &str, run: Option<&Sampled>| {
        let (told, number) = (told.to_owned(), run?.number);
        Some(Worth { number, told })
    };
    let reached_at = |time: Option<Millis>| {
        let is_it = |run: &&Sampled| run.reached == time;
        time.and_then(|_| runs.iter().find(is_it))
    };
    let longest = it.summary.times.last().copied();
    let violates = runs.iter().find(|run| !run.violated.is_empty());
    let never = runs.iter().find(|run| run.reached.is_none());
    [
        found(t.sample_violation(), violates),
        found(t.sample_never(), never),
        found(t.sample_longest(), reached_at(longest)),
        found(t.sample_median(), reached_at(it.summary.quantile(500))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

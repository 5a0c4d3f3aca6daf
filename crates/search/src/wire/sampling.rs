//! What a page asks about samples, and what it is answered.

use super::Lesson;
use crate::sample::{Plot, Table};

/// What the form for a sample says, in the language that is spoken: the page has no texts of its
/// own for it.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Form(Vec<String>);

/// A text of the form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FormText {
    /// What a sample is.
    Intro,
    /// What is waited for.
    Awaited,
    /// A leader that stays.
    Stable,
    /// Any leader.
    Leader,
    /// What happens first.
    First,
    /// Nothing does.
    Nothing,
    /// The leader crashes.
    LeaderCrashes,
    /// The leader's links are cut.
    LeaderIsolated,
    /// How long each run goes on.
    Time,
    /// How many runs there are.
    Runs,
    /// With which settings to compare.
    Compare,
    /// What the settings are called that the run has.
    Unchanged,
    /// To begin.
    Begin,
    /// To open a run.
    Open,
    /// To save all runs.
    Csv,
}

impl FormText {
    /// All of them, in order.
    pub const ALL: [Self; 15] = [
        Self::Intro,
        Self::Awaited,
        Self::Stable,
        Self::Leader,
        Self::First,
        Self::Nothing,
        Self::LeaderCrashes,
        Self::LeaderIsolated,
        Self::Time,
        Self::Runs,
        Self::Compare,
        Self::Unchanged,
        Self::Begin,
        Self::Open,
        Self::Csv,
    ];
}

impl Form {
    /// What says each of the texts with these words.
    pub fn new(say: impl Fn(FormText) -> String) -> Self {
        Self(FormText::ALL.map(say).into())
    }

    /// One of its texts.
    pub fn text(&self, which: FormText) -> &str {
        self.0.get(which as usize).map_or("", String::as_str)
    }
}

/// A sample that is wanted.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Wanted {
    /// The script of the run from whose end runs go on.
    pub script: String,
    /// With which settings it is played, instead of its own.
    pub settings: Vec<Setting>,
    /// Whether to leave out its steps, so that the servers have just started.
    pub standing_start: bool,
    /// The condition that is waited for; nothing for a leader that stays.
    pub awaited: Option<String>,
    /// What happens first.
    pub first: First,
    /// How long each run goes on at most, in milliseconds.
    pub time: u64,
    /// How many runs there are of each of the settings.
    pub runs: u32,
}

/// Settings of a cluster.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Setting {
    /// What they are called.
    pub name: String,
    /// A script without steps.
    pub script: String,
}

/// What happens before the wait begins, at a random moment of one heartbeat interval.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum First {
    /// Nothing.
    #[default]
    Nothing,
    /// The leader crashes.
    LeaderCrashes,
    /// The leader's links are cut.
    LeaderIsolated,
}

/// How a sample stands.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Stage {
    /// No run can be played, for this reason.
    Refused(String),
    /// Runs are played; this has come of it so far.
    Going(Outcome),
    /// It was stopped; this had come of it.
    Stopped(Outcome),
    /// All runs were played; this has come of it.
    Over(Outcome),
}

/// What came of runs.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Outcome {
    /// How many runs were played, and how long that took.
    pub told: String,
    /// What could not be played, and why.
    pub missing: Vec<String>,
    /// What was sampled.
    pub heading: String,
    /// Times and elections, a row for each of the settings.
    pub numbers: Table,
    /// For each of the settings, the runs that are worth a look.
    pub worth: Vec<Vec<Worth>>,
    /// What the numbers mean.
    pub means: String,
    /// What the table of shares is called.
    pub came_within: String,
    /// In how many runs what was waited for had come by when, a row for each of the settings;
    /// without rows if it came in none.
    pub shares: Table,
    /// The same as curves.
    pub plot: Plot,
}

/// A run that is worth a look.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Worth {
    /// Its number.
    pub number: u32,
    /// Why it is.
    pub told: String,
}

/// A run of a sample, to be shown: opened as a lesson, or why it cannot be.
pub type Opened = Result<Lesson, String>;

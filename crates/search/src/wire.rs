//! What a page asks a search for, and what it is answered: they work in different threads, which
//! share no memory.

pub mod sampling;

use crate::next::Possibility;

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Ask {
    /// To speak English, or Chinese, in which these are the texts: the laboratory's, and after
    /// empty lines those of a search and of logs. It is answered by [`Answer::Bounds`] and
    /// [`Answer::SampleForm`].
    Speak(Option<String>),
    /// To search, and to give up what was searched for before. By the number the answers are
    /// known.
    Search(u32, Wanted),
    /// To pause, so that nothing is lost.
    Pause,
    /// To go on after a pause.
    GoOn,
    /// To end with what there is.
    Stop,
    /// What could happen next at the end of a script, and how often a leader comes soon. By the
    /// number the answers are known.
    Next(u32, String),
    /// To sample, and to give up what was sampled before. By the number the answers are known.
    Sample(u32, sampling::Wanted),
    /// To stop the sample with what there is; it can go on.
    StopSample,
    /// To go on with it.
    GoOnSampling,
    /// A run of the sample: of which settings, by their place, and its number.
    OpenRun(usize, u32),
    /// All runs of the sample as comma-separated values.
    Csv,
}

/// A search that is wanted.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Wanted {
    /// The script of the run from whose end to search.
    pub script: String,
    /// Whether to leave out its steps, so that the servers have just started.
    pub standing_start: bool,
    /// What to look for: a condition.
    pub goal: String,
    /// Within what, as [`Bounds`](crate::Bounds) are written.
    pub bounds: String,
    /// Whether to look at all states within the bounds, and nowhere else.
    pub all: bool,
    /// How much memory the search may take, in megabytes.
    pub megabytes: u32,
}

/// What is answered.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Answer {
    /// The bounds that there are.
    Bounds(Vec<Bound>),
    /// What the form for a sample says.
    SampleForm(sampling::Form),
    /// How the search of this number stands.
    Search(u32, Stage),
    /// What could happen next, or why that cannot be said.
    Next(u32, Result<Next, String>),
    /// How often a leader comes soon, at the same moment.
    Soon(u32, String),
    /// How the sample of this number stands.
    Sample(u32, Box<sampling::Stage>),
    /// A run of it.
    OpenedRun(sampling::Opened),
    /// All of its runs as comma-separated values.
    Csv(String),
}

/// A bound that can be changed.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Bound {
    /// Its name.
    pub name: String,
    /// What it is unless it is changed.
    pub value: String,
    /// What it bounds.
    pub told: String,
}

/// How a search stands.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Stage {
    /// It cannot begin, for this reason.
    Refused(String),
    /// It goes on, and has come so far.
    Going(String),
    /// It pauses, and has come so far.
    Paused(String),
    /// It is over.
    Over(Over),
}

/// What a search came to.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Over {
    /// What was found, or what was looked at without finding it.
    pub told: String,
    /// How much was done, and how long it took.
    pub effort: String,
    /// The run, if one was found that is longer than that from whose end was searched.
    pub lesson: Option<Lesson>,
}

/// A run that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Lesson {
    /// Its script, with notes.
    pub script: String,
    /// Which of its notes is the first about what was found, from 1.
    pub caption: usize,
}

/// What could happen next.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Next {
    /// What is told of it, violations first.
    pub possible: Vec<Possibility>,
    /// That there is more, if there is.
    pub more: Option<String>,
}

//! What it means to need something on this machine.

use crate::Context;
use crate::environment::Environment;
use crate::project::Project;
use anyhow::Result;
use std::path::PathBuf;

/// How far the work goes; each stage needs what the ones before it need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Building and serving the page.
    Serve,
    /// Running every test.
    Test,
    /// Linting and formatting too.
    Ci,
    /// Measuring what the tests reach too.
    Coverage,
}

/// One thing the project needs.
pub struct Requirement {
    /// What it is called in every message.
    pub name: &'static str,
    /// The first stage that needs it.
    pub stage: Stage,
    /// What will do, for `doctor`.
    pub wanted: fn(&Project) -> String,
    /// Finds it, and only it: an error says what is there instead. Nothing is
    /// changed.
    pub look: fn(&Context) -> Result<Found>,
    /// The ways to get it, best first.
    pub ways: &'static [Way],
    /// What a person can do about it.
    pub cure: fn(&Project) -> String,
}

/// One way to get something.
pub struct Way {
    /// What is done, and about how long it takes.
    pub what: &'static str,
    /// Whether this machine is of the kind that the way is for.
    pub fits: fn() -> bool,
    /// Goes that way.
    pub go: fn(&Context) -> Result<()>,
}

/// Something that was found.
#[derive(Debug)]
pub struct Found {
    /// Its version as it says itself.
    pub version: String,
    /// Where it is.
    pub place: PathBuf,
    /// What programs that use it need in their environment.
    pub environment: Environment,
}

impl Found {
    /// Something that needs nothing in the environment.
    pub fn new(version: impl Into<String>, place: impl Into<PathBuf>) -> Self {
        Self {
            version: version.into(),
            place: place.into(),
            environment: Environment::default(),
        }
    }

    /// The same with additions to the environment.
    pub fn with(self, environment: Environment) -> Self {
        Self {
            environment,
            ..self
        }
    }
}

//! A requirement: something the project needs on this machine.

use crate::Context;
use crate::environment::Environment;
use crate::project::Project;
use anyhow::Result;
use std::path::PathBuf;

/// The stage of work that needs it; each includes the stages before it, except that the
/// last two have nothing to do with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Building and serving the page.
    Serve,
    /// Running every test.
    Test,
    /// Linting and formatting too.
    Ci,
    /// Measuring test coverage too.
    Coverage,
    /// Running journeys in Firefox and WebKit too.
    Elsewhere,
}

impl Stage {
    /// Whether it needs what `other` needs.
    pub fn includes(self, other: Self) -> bool {
        other == self || other < self.min(Self::Coverage)
    }
}

/// Something that the project needs.
pub struct Requirement {
    /// Its name in messages.
    pub name: &'static str,
    /// The first stage that needs it.
    pub stage: Stage,
    /// The versions that are accepted, for `doctor`.
    pub wanted: fn(&Project) -> String,
    /// Finds it without changing anything; an error says what was found instead.
    pub look: fn(&Context) -> Result<Found>,
    /// The ways to get it, best first.
    pub ways: &'static [Way],
    /// What the user can do if it is missing.
    pub cure: fn(&Project) -> String,
}

/// One way to get something.
pub struct Way {
    /// What it does, and about how long it takes.
    pub what: &'static str,
    /// Whether it applies to this machine.
    pub fits: fn() -> bool,
    /// Gets the requirement.
    pub go: fn(&Context) -> Result<()>,
}

/// A requirement that was found.
#[derive(Debug)]
pub struct Found {
    /// Its version.
    pub version: String,
    /// Its path.
    pub place: PathBuf,
    /// Additions to the environment of programs that use it.
    pub environment: Environment,
}

impl Found {
    /// A requirement that needs no additions to the environment.
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

//! The exit status.

use std::process::ExitCode;

/// The result of the program, from best to worst, with its exit status.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Verdict {
    /// Every expectation holds: 0.
    Passed,
    /// A line failed: 1.
    Failed,
    /// A script could not be read: 2.
    Unreadable,
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Passed => Self::SUCCESS,
            Verdict::Failed => Self::from(1),
            Verdict::Unreadable => Self::from(2),
        }
    }
}

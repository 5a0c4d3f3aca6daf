//! The time that a search or a sample takes, and how far it has come, on a terminal.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// How often the line with how far it has come changes.
const EVERY: Duration = Duration::from_millis(200);

/// Measures time: nothing depends on it, but for when to stop.
pub(crate) struct Clock {
    begun: Instant,
    limit: Duration,
    shown: Option<Instant>,
    is_terminal: bool,
}

#[expect(
    clippy::disallowed_methods,
    reason = "who waits for a result wants to know how long, and to limit it"
)]
fn now() -> Instant {
    Instant::now()
}

impl Clock {
    pub(crate) fn start(seconds: u64) -> Self {
        Self {
            begun: now(),
            limit: Duration::from_secs(seconds),
            shown: None,
            is_terminal: io::stderr().is_terminal(),
        }
    }

    /// Whether the time is up.
    pub(crate) fn is_up(&self) -> bool {
        self.begun.elapsed() >= self.limit
    }

    pub(crate) fn seconds(&self) -> f64 {
        self.begun.elapsed().as_secs_f64()
    }

    /// Shows a line in place of the last, on a terminal and not too often.
    pub(crate) fn show(&mut self, line: impl FnOnce() -> String) {
        let is_soon = self.shown.is_some_and(|shown| shown.elapsed() < EVERY);
        if self.is_terminal && !is_soon {
            self.shown = Some(now());
            // A line that cannot be shown is not worth an end.
            let _ = write!(io::stderr(), "\r\x1b[K{}", line());
        }
    }

    /// Takes the line away.
    pub(crate) fn clear(&mut self) {
        if self.shown.take().is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

//! A buffer for what a step does.

use std::cell::Cell;
use std::fmt;

use crate::world::Done;

/// A buffer that steps reuse. Nothing in it is needed between steps. A copy of a run mostly is
/// the one that goes on, so it takes the buffer along.
#[derive(Default)]
pub(super) struct DoneBuffer(Cell<Option<Box<Done>>>);

impl DoneBuffer {
    pub(super) fn get(&mut self) -> &mut Done {
        self.0.get_mut().get_or_insert_default()
    }

    /// Takes what is in it out, to be put back once it is read.
    pub(super) fn take(&mut self) -> Box<Done> {
        self.0.take().unwrap_or_default()
    }

    pub(super) fn put_back(&mut self, done: Box<Done>) {
        self.0.set(Some(done));
    }

    /// Takes back what a clone has taken along.
    pub(super) fn take_back(&self, clone: &Self) {
        self.0.swap(&clone.0);
    }
}

impl fmt::Debug for DoneBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DoneBuffer")
    }
}

impl Clone for DoneBuffer {
    fn clone(&self) -> Self {
        Self(Cell::new(self.0.take()))
    }
}

//! The programs that servers can run in the terminal.

use hustings_lab::{Library, NoLibrary};

/// What scripts and links are read with.
pub(crate) fn library() -> impl Library {
    NoLibrary
}

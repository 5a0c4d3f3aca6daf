//! The programs that servers can run in the page.

use std::rc::Rc;

use hustings_lab::{Library, NoLibrary};

/// What scripts and links are read with.
pub fn library() -> Rc<dyn Library> {
    Rc::new(NoLibrary)
}

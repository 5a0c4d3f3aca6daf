//! The programs that servers can run in the terminal.

use std::borrow::Cow;
use std::rc::Rc;

use hustings_lab::Library;
use hustings_programs::{Interpreter, Programs, SHIPPED};

/// What scripts and links are read with.
pub(crate) fn library() -> impl Library {
    Programs::new(Rc::new(Interpreter::default()), Cow::Borrowed(SHIPPED))
}

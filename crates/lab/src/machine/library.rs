//! The programs that scripts may name.

use std::rc::Rc;

use super::{Failure, Program};

/// Where a script's programs come from: the shipped ones, and an interpreter for those
/// whose source is in the script.
pub trait Library {
    /// The names of the shipped programs, in order.
    fn names(&self) -> Vec<&str>;

    /// The names of the known flaws of a shipped program, in order; none of another.
    fn flaws(&self, program: &str) -> Vec<&str>;

    /// Makes a program: from a source, or the shipped one of that name, with the named
    /// flaws of it mended.
    ///
    /// # Errors
    ///
    /// If there is none of that name, or its source is wrong; the source's place is in the
    /// failure.
    fn program(
        &self,
        name: &str,
        source: Option<&str>,
        mended: &[Rc<str>],
    ) -> Result<Rc<dyn Program>, LibraryError>;

    /// Packs a source into few characters that can stand in a link: ASCII letters, digits,
    /// `-` and `_`. `None` if nothing can do so here.
    fn pack(&self, _source: &str) -> Option<String> {
        None
    }

    /// The source that was packed. It takes no more than `bytes_max` bytes at any time.
    ///
    /// # Errors
    ///
    /// If nothing can unpack it here, or it is not a packed source of that size.
    fn unpack(&self, _packed: &str, _bytes_max: usize) -> Result<String, UnpackError> {
        Err(UnpackError::NoInterpreter)
    }
}

/// Why a source cannot be unpacked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnpackError {
    /// Nothing can unpack it here, or not yet.
    NoInterpreter,
    /// It is altered, or longer than a source may be.
    Damaged,
}

/// Why there is no such program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LibraryError {
    /// Nothing can interpret a program here, or not yet.
    NoInterpreter,
    /// No shipped program has this name.
    UnknownName,
    /// The program has no known flaw of this name.
    UnknownFlaw(Rc<str>),
    /// Two flaws cannot be mended together, or one not in a changed source.
    Mend(Failure),
    /// The source is wrong.
    Source(Failure),
}

/// No programs at all.
#[derive(Clone, Copy, Debug)]
pub struct NoLibrary;

impl Library for NoLibrary {
    fn names(&self) -> Vec<&str> {
        Vec::new()
    }

    fn flaws(&self, _program: &str) -> Vec<&str> {
        Vec::new()
    }

    fn program(
        &self,
        _name: &str,
        _source: Option<&str>,
        _mended: &[Rc<str>],
    ) -> Result<Rc<dyn Program>, LibraryError> {
        Err(LibraryError::NoInterpreter)
    }
}

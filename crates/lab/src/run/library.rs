//! The programs that a line may name which is added to a run.

use std::rc::Rc;

use super::{Commands, Run};
use crate::machine::{Library, LibraryError, Program};

/// The programs of a library, and those that a run knows already.
pub struct RunLibrary<'a> {
    commands: &'a Commands,
    library: &'a dyn Library,
}

impl Run {
    /// The programs that a line may name which is added to this run: those of a library,
    /// and those that its header and its commands have named.
    pub fn library<'a>(&'a self, library: &'a dyn Library) -> RunLibrary<'a> {
        let commands = &self.commands;
        RunLibrary { commands, library }
    }
}

impl Library for RunLibrary<'_> {
    fn names(&self) -> Vec<&str> {
        let mut names = self.library.names();
        for known in self.commands.programs() {
            if !names.contains(&known.name()) {
                names.push(known.name());
            }
        }
        names
    }

    fn flaws(&self, program: &str) -> Vec<&str> {
        self.library.flaws(program)
    }

    fn program(
        &self,
        name: &str,
        source: Option<&str>,
        mended: &[Rc<str>],
    ) -> Result<Rc<dyn Program>, LibraryError> {
        let mut known = self.commands.programs();
        match known.find(|program| program.name() == name) {
            // A line has neither a source nor flaws to mend.
            Some(program) if source.is_none() && mended.is_empty() => Ok(Rc::clone(program)),
            _ => self.library.program(name, source, mended),
        }
    }
}

//! A program, as a run's header has it.

use std::rc::Rc;

use hustings_lab::{Abilities, Machine, Program, Start};

use crate::guest::Guest;
use crate::host::Host;

/// A program with its name, its source if the script carries that, and the names of the
/// flaws that are mended in it.
#[derive(Debug)]
pub struct HostedProgram<H: Host> {
    /// Its name.
    pub name: Rc<str>,
    /// Its source; `None` if it is shipped.
    pub source: Option<Rc<str>>,
    /// The mended flaws, in order.
    pub mended: Vec<Rc<str>>,
    /// What takes its turns.
    pub host: Rc<H>,
}

impl<H: Host> Program for HostedProgram<H> {
    fn name(&self) -> &str {
        &self.name
    }

    fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    fn mended(&self) -> &[Rc<str>] {
        &self.mended
    }

    fn abilities(&self) -> Abilities {
        self.host.abilities()
    }

    fn machine(&self, start: Start) -> Box<dyn Machine> {
        Box::new(Guest::new(Rc::clone(&self.host), start))
    }
}

//! A program, as a run's header has it.

use std::rc::Rc;

use hustings_lab::{Abilities, Header, Machine, Program, Start};

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
    /// The text of the recording that its turns are read from, if they are.
    pub recording: Option<Rc<str>>,
    /// What takes its turns.
    pub host: Rc<H>,
}

impl<H: Host> HostedProgram<H> {
    /// The servers of a command, whose turns a host takes; or a recording, whose text that is.
    pub fn of_command(command: &str, recording: Option<Rc<str>>, host: Rc<H>) -> Self {
        Self {
            name: name_of(command),
            source: None,
            mended: Vec::new(),
            recording,
            host,
        }
    }
}

/// The name under which a script would have a command: its last word, as far as it fits.
fn name_of(command: &str) -> Rc<str> {
    let last = command.rsplit(['/', '\\', ' ']).next().unwrap_or_default();
    let fits = |char: &char| char.is_ascii_alphanumeric() || "-_.".contains(*char);
    let name: String = last
        .chars()
        .filter(fits)
        .take(Header::PROGRAM_CHARS_MAX)
        .collect();
    if name.is_empty() {
        "server".into()
    } else {
        name.into()
    }
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

    fn recording(&self) -> Option<&Rc<str>> {
        self.recording.as_ref()
    }

    fn abilities(&self) -> Abilities {
        self.host.abilities()
    }

    fn machine(&self, start: Start) -> Box<dyn Machine> {
        Box::new(Guest::new(Rc::clone(&self.host), start))
    }
}

//! The programs that servers can run in the terminal.

use std::borrow::Cow;
use std::path::Path;
use std::rc::Rc;

use hustings_lab::{Library, LibraryError, Program, UnpackError};
use hustings_programs::{Interpreter, Programs, SHIPPED, Source as Checked};

use crate::diagnostic;
use crate::source::Source;

/// What scripts and links are read with.
pub(crate) struct TerminalLibrary {
    programs: Programs<Rc<Interpreter>>,
    /// Sources from files, by name. They come before shipped ones.
    own: Vec<(String, Source)>,
}

impl TerminalLibrary {
    /// The shipped programs, and those of files, which come before them: each argument is a
    /// name and a file, as in `my-raft=my.rhai`.
    ///
    /// # Errors
    ///
    /// The printed error if there is no such file, or the source is wrong.
    pub(crate) fn with(arguments: &[String]) -> Result<Self, String> {
        let mut library = Self::default();
        for argument in arguments {
            let (name, file) = library.read(argument)?;
            if library.file(&name).is_some() {
                let message = format!("--program gives two files for `{name}`");
                return Err(diagnostic::plain(&message));
            }
            library.own.push((name, file));
        }
        Ok(library)
    }

    fn read(&self, argument: &str) -> Result<(String, Source), String> {
        let plain = |message: String| diagnostic::plain(&message);
        let (name, file) = argument.split_once('=').ok_or_else(|| {
            plain(format!(
                "--program {argument}: a name and a file are needed, as in my-raft=my.rhai"
            ))
        })?;
        let source = Source::read(Path::new(file)).map_err(|error| plain(error.to_string()))?;
        match Checked::read(self.programs.reader(), &source.text) {
            Ok(_) => Ok((name.to_owned(), source)),
            Err(failure) => Err(diagnostic::program(&failure, &source)),
        }
    }

    /// The file that a program comes from.
    pub(crate) fn file(&self, name: &str) -> Option<&Source> {
        let found = self.own.iter().find(|(it, _)| it == name);
        found.map(|(_, file)| file)
    }
}

impl Default for TerminalLibrary {
    fn default() -> Self {
        let interpreter = Rc::new(Interpreter::default());
        Self {
            programs: Programs::new(interpreter, Cow::Borrowed(SHIPPED)),
            own: Vec::new(),
        }
    }
}

impl Library for TerminalLibrary {
    fn names(&self) -> Vec<&str> {
        let own = self.own.iter().map(|(name, _)| name.as_str());
        let own = own.filter(|name| self.programs.shipped(name).is_none());
        self.programs.names().into_iter().chain(own).collect()
    }

    fn flaws(&self, program: &str) -> Vec<&str> {
        self.programs.flaws(program)
    }

    fn program(
        &self,
        name: &str,
        source: Option<&str>,
        mended: &[Rc<str>],
    ) -> Result<Rc<dyn Program>, LibraryError> {
        let source = source.or_else(|| Some(self.file(name)?.text.as_str()));
        self.programs.program(name, source, mended)
    }

    fn pack(&self, source: &str) -> Option<String> {
        self.programs.pack(source)
    }

    fn unpack(&self, packed: &str, bytes_max: usize) -> Result<String, UnpackError> {
        self.programs.unpack(packed, bytes_max)
    }
}

//! The programs that a script may name: the shipped ones, and those whose source it
//! carries.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use hustings_lab::{Failure, Library, LibraryError, Program, UnpackError};

use crate::host::Host;
use crate::program::HostedProgram;
use crate::shipped::Shipped;

/// Reads the source of a program, and packs it for links.
pub trait Reader {
    /// What takes its turns.
    type Host: Host;

    /// Reads a source.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and where.
    fn read(&self, source: &str) -> Result<Self::Host, Failure>;

    /// As [`Library::pack`].
    fn pack(&self, source: &str) -> Option<String>;

    /// As [`Library::unpack`].
    ///
    /// # Errors
    ///
    /// As there.
    fn unpack(&self, packed: &str, bytes_max: usize) -> Result<String, UnpackError>;
}

/// The programs that a script may name.
pub struct Programs<R: Reader> {
    reader: R,
    shipped: Cow<'static, [Shipped]>,
    /// Those that were read, by their sources: a script is read more often than changed.
    read: RefCell<Vec<Read<R::Host>>>,
}

/// A program that was read.
struct Read<H> {
    source: Rc<str>,
    host: Rc<H>,
}

impl<R: Reader> fmt::Debug for Programs<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

impl<R: Reader> Programs<R> {
    /// How many sources are kept read.
    const KEPT_MAX: usize = 20;

    /// The shipped programs, and those that a reader can read.
    pub fn new(reader: R, shipped: Cow<'static, [Shipped]>) -> Self {
        Self {
            reader,
            shipped,
            read: RefCell::default(),
        }
    }

    /// What reads the sources.
    pub fn reader(&self) -> &R {
        &self.reader
    }

    /// The shipped programs.
    pub fn all_shipped(&self) -> &[Shipped] {
        &self.shipped
    }

    /// The shipped program of a name.
    pub fn shipped(&self, name: &str) -> Option<&Shipped> {
        self.shipped.iter().find(|it| it.name == name)
    }

    fn host(&self, source: &str) -> Result<Rc<R::Host>, Failure> {
        let mut kept = self.read.borrow_mut();
        if let Some(read) = kept.iter().find(|it| *it.source == *source) {
            return Ok(Rc::clone(&read.host));
        }
        let host = Rc::new(self.reader.read(source)?);
        if kept.len() >= Self::KEPT_MAX {
            kept.remove(0);
        }
        kept.push(Read {
            source: source.into(),
            host: Rc::clone(&host),
        });
        Ok(host)
    }
}

/// The source of a program with flaws mended.
///
/// # Errors
///
/// If there is no such flaw, or the part that it concerns is not there.
pub fn mended(
    shipped: Option<&Shipped>,
    source: &str,
    flaws: &[Rc<str>],
) -> Result<String, LibraryError> {
    let mut text = source.to_owned();
    for name in flaws {
        let flaw = shipped.and_then(|it| it.flaw(name));
        let flaw = flaw.ok_or_else(|| LibraryError::UnknownFlaw(Rc::clone(name)))?;
        text = flaw.mend(&text).ok_or_else(|| {
            LibraryError::Mend(Failure::new(format!(
                "`{name}` cannot be mended, as the lines that it concerns are not there as they \
                 were written, or more than once"
            )))
        })?;
    }
    Ok(text)
}

impl<R: Reader> Library for Programs<R> {
    fn names(&self) -> Vec<&str> {
        self.shipped.iter().map(|it| &*it.name).collect()
    }

    fn flaws(&self, program: &str) -> Vec<&str> {
        let shipped = self.shipped(program).into_iter();
        let flaws = shipped.flat_map(|it| it.flaws.iter());
        flaws.map(|it| &*it.name).collect()
    }

    fn program(
        &self,
        name: &str,
        source: Option<&str>,
        flaws: &[Rc<str>],
    ) -> Result<Rc<dyn Program>, LibraryError> {
        let shipped = self.shipped(name);
        let text = source.or(shipped.map(|it| &*it.source));
        let text = mended(shipped, text.ok_or(LibraryError::UnknownName)?, flaws)?;
        let host = self.host(&text).map_err(LibraryError::Source)?;
        Ok(Rc::new(HostedProgram {
            name: name.into(),
            source: source.map(Rc::from),
            mended: flaws.to_vec(),
            recording: None,
            host,
        }))
    }

    fn pack(&self, source: &str) -> Option<String> {
        self.reader.pack(source)
    }

    fn unpack(&self, packed: &str, bytes_max: usize) -> Result<String, UnpackError> {
        self.reader.unpack(packed, bytes_max)
    }
}

//! Standard output and standard error.

use std::io::{self, BufWriter, Write};

use crate::diagnostic;
use crate::verdict::Verdict;

/// Standard output for results, standard error for errors. Colours are used only on
/// terminals that support them.
pub(crate) struct Output {
    out: BufWriter<Pipe<anstream::Stdout>>,
    err: Pipe<anstream::Stderr>,
}

impl Output {
    pub(crate) fn new() -> Self {
        Self {
            out: BufWriter::new(Pipe::new(anstream::stdout())),
            err: Pipe::new(anstream::stderr()),
        }
    }

    pub(crate) fn out(&mut self) -> &mut impl Write {
        &mut self.out
    }

    /// Standard error, after flushing standard output.
    pub(crate) fn err(&mut self) -> io::Result<&mut impl Write> {
        self.out.flush()?;
        Ok(&mut self.err)
    }

    /// Says why something cannot be done.
    pub(crate) fn refuse(&mut self, message: &str) -> io::Result<Verdict> {
        writeln!(self.err()?, "{}\n", diagnostic::plain(message))?;
        Ok(Verdict::Unreadable)
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Ignores broken pipes, as in `hustings run … | head`, so that the exit status is still
/// that of the scripts.
struct Pipe<W> {
    inner: W,
    closed: bool,
}

impl<W> Pipe<W> {
    fn new(inner: W) -> Self {
        let closed = false;
        Self { inner, closed }
    }

    fn unless_closed<T>(&mut self, result: io::Result<T>, otherwise: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(otherwise)
            }
            result => result,
        }
    }
}

impl<W: Write> Write for Pipe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Ok(bytes.len());
        }
        let written = self.inner.write(bytes);
        self.unless_closed(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let flushed = self.inner.flush();
        self.unless_closed(flushed, ())
    }
}

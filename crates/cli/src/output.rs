//! Where the program writes to.

use std::io::{self, BufWriter, Write};

/// Standard output for results and standard error for what is wrong. Neither
/// shows colours unless it is a terminal that wants them.
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

    /// Standard error, after everything that went to standard output before.
    pub(crate) fn err(&mut self) -> io::Result<&mut impl Write> {
        self.out.flush()?;
        Ok(&mut self.err)
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Swallows what is written once the reader at the other end has gone, as in
/// `hustings run … | head`: the exit status still tells how the scripts came out.
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

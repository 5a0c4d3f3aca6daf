//! The execution of calls: in this program, in another build of it, or in node.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use cpu_time::ProcessTime;
use hustings_bench_lab::Call;

/// The script that executes calls in node.
const NODE: &str = include_str!("node.mjs");

/// The outcome of a call.
#[derive(Clone, Copy, Debug)]
pub struct Done {
    /// Its result.
    pub answer: u32,
    /// Its CPU time.
    pub took: Duration,
    /// The size of the WebAssembly memory in bytes; `None` for native code.
    pub memory: Option<u64>,
}

/// Something that executes calls.
pub trait Machine {
    /// Executes a call.
    ///
    /// # Errors
    ///
    /// When there is no result.
    fn call(&mut self, call: Call) -> io::Result<Done>;

    /// Executes a call that returns 1 on success.
    ///
    /// # Errors
    ///
    /// When it fails.
    fn succeed(&mut self, call: Call) -> io::Result<Done> {
        let done = self.call(call)?;
        match done.answer {
            0 => Err(io::Error::other(format!("`{call}` failed"))),
            _ => Ok(done),
        }
    }
}

/// This program.
pub struct Here;

impl Machine for Here {
    fn call(&mut self, call: Call) -> io::Result<Done> {
        let start = ProcessTime::now();
        let answer = call.execute();
        Ok(Done {
            answer,
            took: start.elapsed(),
            memory: None,
        })
    }
}

/// Answers the calls in the lines of the standard input, each with its result, its CPU time in
/// microseconds, and 0 for the size of a memory that is not WebAssembly's.
///
/// # Errors
///
/// When a line is no call, or an answer cannot be written.
pub fn answer() -> io::Result<()> {
    for line in io::stdin().lines() {
        let call: Call = line?.parse().map_err(io::Error::other)?;
        let done = Here.call(call)?;
        println!("{} {} 0", done.answer, done.took.as_micros());
    }
    Ok(())
}

/// A process that answers calls: another build of this program, or node with a WebAssembly
/// module.
pub struct Process {
    child: Child,
    calls: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Process {
    /// Starts node with a module.
    ///
    /// # Errors
    ///
    /// When there is no node, or it does not start.
    pub fn node(module: &str) -> io::Result<Self> {
        let mut node = Command::new("node");
        Self::start(node.args(["--input-type=module", "--eval", NODE, "--", module]))
    }

    /// Starts another build of this program.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn build(program: &str) -> io::Result<Self> {
        Self::start(Command::new(program).arg("answer"))
    }

    fn start(command: &mut Command) -> io::Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let gone = || io::Error::other("its pipes are gone");
        Ok(Self {
            calls: child.stdin.take().ok_or_else(gone)?,
            answers: BufReader::new(child.stdout.take().ok_or_else(gone)?),
            child,
        })
    }
}

impl Machine for Process {
    fn call(&mut self, call: Call) -> io::Result<Done> {
        writeln!(self.calls, "{call}")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        read(&line).ok_or_else(|| io::Error::other(format!("`{line}` was said to `{call}`")))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // There is nothing to save.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Parses `result microseconds bytes`.
fn read(line: &str) -> Option<Done> {
    let mut words = line.split_whitespace();
    let answer = words.next()?.parse().ok()?;
    let took = Duration::from_micros(words.next()?.parse().ok()?);
    Some(Done {
        answer,
        took,
        memory: Some(words.next()?.parse().ok()?).filter(|bytes| *bytes > 0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_parsed() {
        let done = read("1 2500 65536\n").unwrap();
        assert_eq!((done.answer, done.memory), (1, Some(65_536)));
        assert_eq!(done.took, Duration::from_micros(2_500));
    }

    #[test]
    fn an_incomplete_answer_is_an_error() {
        assert!(read("").is_none());
        assert!(read("1 soon 65536").is_none());
        assert!(read("1 -1 65536").is_none());
    }

    #[test]
    fn an_error_names_the_call_that_failed() {
        let error = Here.succeed(Call::Seek(0)).unwrap_err();
        assert_eq!(error.to_string(), "`seek 0` failed");
    }
}

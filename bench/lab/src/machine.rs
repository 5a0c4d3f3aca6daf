//! The execution of calls, in this program or in node.

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

/// A WebAssembly module in node.
pub struct InNode {
    child: Child,
    calls: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl InNode {
    /// Starts node with a module.
    ///
    /// # Errors
    ///
    /// When there is no node, or it does not start.
    pub fn start(module: &str) -> io::Result<Self> {
        let mut child = Command::new("node")
            .args(["--input-type=module", "--eval", NODE, "--", module])
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

impl Machine for InNode {
    fn call(&mut self, call: Call) -> io::Result<Done> {
        writeln!(self.calls, "{call}")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        read(&line).ok_or_else(|| io::Error::other(format!("node said `{line}` to `{call}`")))
    }
}

impl Drop for InNode {
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
        memory: Some(words.next()?.parse().ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_of_node_is_parsed() {
        let done = read("1 2500 65536\n").unwrap();
        assert_eq!((done.answer, done.memory), (1, Some(65_536)));
        assert_eq!(done.took, Duration::from_micros(2_500));
    }

    #[test]
    fn incomplete_output_of_node_is_an_error() {
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

//! One running process.
#![expect(
    clippy::disallowed_methods,
    reason = "another program is waited for, in the time of the wall clock"
)]

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use hustings_raft::NodeId;

use super::limits::{
    ENDING, LAST_WORDS_MAX, LINE_MAX, LINES_MAX, QUOTED_MAX, SHOWN_MAX, TURN_MAX, WAITING_MAX,
    quoted,
};

/// Is told the lines that a server's process writes to its standard error.
pub type Listener = Arc<dyn Fn(NodeId, &str) + Send + Sync>;

/// Why a process cannot be started.
#[derive(Debug)]
pub struct NotStarted {
    program: String,
    error: io::Error,
}

impl fmt::Display for NotStarted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { program, error } = self;
        match error.kind() {
            io::ErrorKind::NotFound => write!(f, "there is no command `{program}`"),
            _ => write!(f, "`{program}` cannot be started: {error}"),
        }
    }
}

impl std::error::Error for NotStarted {}

/// A running process. It is killed and waited for when this is dropped.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    /// Lines for its standard input. A thread writes them, as it may not read them.
    input: Sender<String>,
    output: Receiver<Vec<Said>>,
    /// What has come from it and was not heard yet.
    ahead: VecDeque<Said>,
    words: Arc<Mutex<Words>>,
    /// Ends when its standard error does.
    error_ends: Receiver<()>,
}

/// What a process writes to its standard error.
#[derive(Default)]
struct Words {
    listener: Option<(NodeId, Listener)>,
    shown: usize,
    last: VecDeque<String>,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.last.fmt(f)
    }
}

impl Words {
    fn hear(&mut self, line: &str) {
        if let Some((server, listener)) = &self.listener {
            match self.shown {
                ..SHOWN_MAX => listener(*server, line),
                SHOWN_MAX => listener(*server, "…"),
                _ => {}
            }
            self.shown += 1;
        }
        if self.last.len() == LAST_WORDS_MAX {
            self.last.pop_front();
        }
        let start = line.trim_end().chars().take(QUOTED_MAX);
        self.last.push_back(start.collect());
    }
}

/// What came from a process.
#[derive(Debug)]
enum Said {
    Line(String),
    /// A line that is not UTF-8.
    NotText(String),
    /// The start of a line that is too long.
    TooLong(String),
    /// It has closed its standard output.
    Closed,
    /// It has closed its standard input.
    InputClosed,
}

impl Process {
    /// Starts a process. What it writes to its standard error is told to the listener as
    /// the words of a server.
    pub(super) fn start(
        command: &[String],
        listener: Option<(NodeId, Listener)>,
    ) -> Result<Self, NotStarted> {
        let mut words = command.iter();
        let program = words.next().cloned().unwrap_or_default();
        let spawned = Command::new(&program)
            .args(words)
            // The order of Python's sets would differ from process to process.
            .env("PYTHONHASHSEED", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = spawned.map_err(|error| NotStarted { program, error })?;
        let (said, output) = sync_channel(WAITING_MAX);
        let (input, lines) = channel();
        let (error_ended, error_ends) = channel();
        let words = Arc::new(Mutex::new(Words {
            listener,
            ..Words::default()
        }));
        if let Some(stdin) = child.stdin.take() {
            let said = said.clone();
            thread::spawn(move || write(stdin, &lines, &said));
        }
        if let Some(stdout) = child.stdout.take() {
            thread::spawn(move || read(stdout, &said));
        }
        if let Some(stderr) = child.stderr.take() {
            let words = Arc::clone(&words);
            thread::spawn(move || {
                listen(stderr, &words);
                drop(error_ended);
            });
        }
        Ok(Self {
            child,
            input,
            output,
            ahead: VecDeque::new(),
            words,
            error_ends,
        })
    }

    /// Has somebody listen to what it writes to its standard error, and tells them its words
    /// so far.
    pub(super) fn listen(&mut self, listener: Option<(NodeId, Listener)>) {
        let mut words = lock(&self.words);
        if let Some((server, listener)) = &listener {
            words.last.iter().for_each(|line| listener(*server, line));
        }
        words.listener = listener;
    }

    /// Tells the process a line, and hands each line of its answer to `hear`, which says
    /// whether it is the last.
    pub(super) fn ask(
        &mut self,
        told: &str,
        turn: u64,
        limit: Duration,
        hear: &mut dyn FnMut(&str) -> Result<bool, String>,
    ) -> Result<(), String> {
        self.ahead
            .extend(self.output.try_recv().into_iter().flatten());
        match self.ahead.pop_front() {
            None => {}
            Some(Said::Line(line)) => {
                return Err(format!(
                    "it wrote {} without being told anything: what belongs to a turn comes \
                     before its `done`",
                    quoted(&line)
                ));
            }
            Some(said) => return Err(self.fault(&said, told)),
        }
        // If nobody takes the line, the input is closed, which is said by the output.
        let _ = self.input.send(format!("{told}\n"));
        let mut deadline = Instant::now() + limit;
        let mut input_closed = false;
        let (mut lines, mut bytes, mut last) = (0, 0, None);
        loop {
            let line = match self.next(deadline) {
                Some(Said::Line(line)) => line,
                // What it wrote before is to be heard first.
                Some(Said::InputClosed) => {
                    input_closed = true;
                    deadline = deadline.min(Instant::now() + ENDING);
                    continue;
                }
                Some(Said::Closed) | None if input_closed => {
                    return Err(self.fault(&Said::InputClosed, told));
                }
                Some(said) => return Err(self.fault(&said, told)),
                None => return Err(hangs(told, turn, limit, last.as_deref())),
            };
            if hear(&line)? {
                return Ok(());
            }
            lines += 1;
            bytes += line.len();
            if lines >= LINES_MAX || bytes > TURN_MAX {
                return Err(format!(
                    "its answer to {} has more than {LINES_MAX} lines or {TURN_MAX} bytes, and \
                     no `{{\"done\":{turn}}}`; it goes on with {}",
                    quoted(told),
                    quoted(&line)
                ));
            }
            last = Some(line);
        }
    }

    /// What comes next; `None` if nothing does in time.
    fn next(&mut self, deadline: Instant) -> Option<Said> {
        if self.ahead.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(said) => self.ahead.extend(said),
                Err(RecvTimeoutError::Disconnected) => return Some(Said::Closed),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
        self.ahead.pop_front()
    }

    /// What is wrong if something else than a line comes.
    fn fault(&mut self, said: &Said, told: &str) -> String {
        let told = quoted(told);
        let ended = || format!("before it answered {told}");
        match said {
            Said::Line(line) => format!("it wrote {}", quoted(line)),
            Said::NotText(line) => format!("it wrote {}, which is not UTF-8", quoted(line)),
            Said::TooLong(start) => format!(
                "it wrote a line of more than {LINE_MAX} bytes, which begins {}",
                quoted(start)
            ),
            Said::Closed | Said::InputClosed => match self.end() {
                Some(status) => {
                    let how = how_it_ended(status);
                    format!("it {how} {}{}", ended(), self.words_at_end())
                }
                None if matches!(said, Said::InputClosed) => {
                    format!(
                        "it closed its standard input {}; it must read lines until there are \
                         no more",
                        ended()
                    )
                }
                None => format!("it closed its standard output {}", ended()),
            },
        }
    }

    /// How it ended, if it does within a short time.
    fn end(&mut self) -> Option<ExitStatus> {
        let deadline = Instant::now() + ENDING;
        loop {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            if Instant::now() > deadline {
                return None;
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn words_at_end(&self) -> String {
        let _ = self.error_ends.recv_timeout(ENDING);
        let words: Vec<_> = lock(&self.words).last.iter().cloned().collect();
        if words.is_empty() {
            return String::new();
        }
        format!("; its last words are {}", quoted(&words.join(" / ")))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // What it said last is still to be shown.
        let _ = self.error_ends.recv_timeout(ENDING);
    }
}

fn hangs(told: &str, turn: u64, limit: Duration, last: Option<&str>) -> String {
    let last = match last {
        Some(line) => format!("the last line that it wrote is {}", quoted(line)),
        None => "it wrote nothing (does it flush its output?)".to_owned(),
    };
    format!(
        "it did not end its answer to {} with `{{\"done\":{turn}}}` within {limit:?}: {last}",
        quoted(told)
    )
}

fn how_it_ended(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("was ended by signal {signal}");
    }
    match status.code() {
        Some(code) => format!("ended with exit code {code}"),
        None => "ended".to_owned(),
    }
}

fn write(mut stdin: ChildStdin, lines: &Receiver<String>, said: &SyncSender<Vec<Said>>) {
    while let Ok(line) = lines.recv() {
        if stdin.write_all(line.as_bytes()).is_err() {
            let _ = said.send(vec![Said::InputClosed]);
            return;
        }
    }
}

/// Passes on lines, those that come together at once.
fn read(stdout: impl Read, said: &SyncSender<Vec<Said>>) {
    let mut from = BufReader::new(stdout);
    loop {
        let mut lines = vec![next_line(&mut from).unwrap_or(Said::Closed)];
        while from.buffer().contains(&b'\n')
            && let Some(line) = next_line(&mut from)
        {
            lines.push(line);
        }
        let is_end = |said: &Said| matches!(said, Said::Closed | Said::TooLong(_));
        let ends = lines.iter().any(is_end);
        if said.send(lines).is_err() || ends {
            return;
        }
    }
}

/// The next line; `None` at the end.
fn next_line(from: &mut BufReader<impl Read>) -> Option<Said> {
    let mut line = Vec::new();
    let mut most = from.take(LINE_MAX as u64 + 1);
    if most.read_until(b'\n', &mut line).ok()? == 0 {
        return None;
    }
    if line.len() > LINE_MAX {
        return Some(Said::TooLong(String::from_utf8_lossy(&line).into_owned()));
    }
    if line.ends_with(b"\n") {
        line.pop();
    }
    Some(match String::from_utf8(line) {
        Ok(line) => Said::Line(line),
        Err(error) => Said::NotText(String::from_utf8_lossy(error.as_bytes()).into_owned()),
    })
}

/// Reads standard error to its end, so that a process never waits for that.
fn listen(stderr: impl Read, words: &Mutex<Words>) {
    let mut lines = BufReader::new(stderr);
    while let Some(Said::Line(line) | Said::NotText(line) | Said::TooLong(line)) =
        next_line(&mut lines)
    {
        lock(words).hear(&line);
    }
}

fn lock(words: &Mutex<Words>) -> MutexGuard<'_, Words> {
    words.lock().unwrap_or_else(PoisonError::into_inner)
}

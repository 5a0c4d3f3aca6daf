//! Servers of one's own: commands that speak JSON lines.

use std::io::Write as _;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use annotate_snippets::normalize_untrusted_str;
use hustings_lab::narrate::{self, Lang};
use hustings_lab::script::place_of_source;
use hustings_lab::{Header, Program, ProgramFailure, Run, Script};
use hustings_programs::HostedProgram;
use hustings_programs::lines::{Lines, Listener};
use hustings_raft::{NodeId, NodeMap};

use crate::args::{ProgramArgs, ServerArgs, TimeoutArgs};
use crate::diagnostic;
use crate::library::TerminalLibrary;
use crate::source::Source;

/// The servers that are commands, and the programs that scripts may name.
#[derive(Default)]
pub(crate) struct Servers {
    pub(crate) library: TerminalLibrary,
    /// The command of all that have none of their own.
    all: Option<Rc<dyn Program>>,
    some: NodeMap<Rc<dyn Program>>,
    /// What takes the turns of all these.
    lines: Vec<Rc<Lines>>,
}

impl Servers {
    /// Reads the programs, and checks that the commands can be started. `shown` says whether
    /// what they print is. An error is ready to be printed.
    pub(crate) fn start(args: &ServerArgs, shown: bool) -> Result<Self, String> {
        let mut servers = Self::with(&args.programs)?;
        let started = servers.add(args, shown);
        started.map_err(|error| diagnostic::plain(&error))?;
        Ok(servers)
    }

    /// No commands, and these programs.
    pub(crate) fn with(programs: &ProgramArgs) -> Result<Self, String> {
        Ok(Self {
            library: TerminalLibrary::with(&programs.programs)?,
            ..Self::default()
        })
    }

    fn add(&mut self, args: &ServerArgs, shown: bool) -> Result<(), String> {
        for argument in &args.commands {
            let (id, command) = split(argument)?;
            let lines = Rc::new(lines(command, &args.timeout, shown)?);
            let program = program(command, Rc::clone(&lines));
            self.lines.push(lines);
            let earlier = match id {
                Some(id) => self.some.insert(id, program),
                None => self.all.replace(program),
            };
            if earlier.is_some() {
                let whose = id.map_or("all servers".to_owned(), |id| id.to_string());
                return Err(format!("--server gives two commands for {whose}"));
            }
        }
        Ok(())
    }

    /// Has the servers of a script run the commands.
    pub(crate) fn join(&self, script: &mut Script) -> Result<(), String> {
        let header = &mut script.header;
        for id in header.servers().iter() {
            if let Some(program) = self.some.get(id).or(self.all.as_ref()) {
                header.programs.insert(id, Rc::clone(program));
            }
        }
        let unknown = self
            .some
            .iter()
            .find(|(id, _)| !header.servers().contains(*id));
        match unknown {
            Some((id, _)) => Err(format!(
                "--server names {id}, and the cluster has {}",
                header.servers()
            )),
            None => Ok(()),
        }
    }

    /// Takes the commands out of the script of a run in which they ran: no script can name them,
    /// and it is to be played with them again.
    pub(crate) fn leave(&self, script: &mut Script) {
        let ids = script.header.servers().iter();
        for id in ids.filter(|id| self.all.is_some() || self.some.get(*id).is_some()) {
            script.header.programs.remove(id);
        }
    }

    /// What is wrong with servers in a script that has just run, as messages: when and why
    /// their programs failed. If none did, a new process of each command repeats what the
    /// server was told that was told most, and its answers must be the same.
    pub(crate) fn wrong(&self, run: &Run, script: &Source) -> Vec<String> {
        let failures = run.program_failures();
        let failures: Vec<_> = failures.map(|it| self.failed(&it, script)).collect();
        let repeats = self.lines.iter().filter(|_| failures.is_empty());
        let unlike = repeats.filter_map(|lines| {
            let (server, failure) = lines.repeat_longest().err()?;
            Some(diagnostic::plain(&format!(
                "{}: {server} was started once more and told the same: {failure}",
                script.name
            )))
        });
        let unlike: Vec<_> = unlike.collect();
        [failures, unlike].concat()
    }

    /// Says that a program failed: at the line of the script that carries it, or of its file.
    fn failed(&self, failed: &ProgramFailure<'_>, script: &Source) -> String {
        let message = format!(
            "at {}, {}",
            failed.record.at,
            narrate::event(&failed.record.event, Lang::En)
        );
        let (name, place) = (failed.program.name(), failed.place());
        let in_script = place.and_then(|at| place_of_source(&script.text, name, at));
        let in_file = place.map(diagnostic::span).zip(self.library.file(name));
        match (in_script, in_file) {
            (Some(at), _) => diagnostic::located(&message, at, script),
            (None, Some((at, file))) => {
                diagnostic::located(&format!("{}: {message}", script.name), at, file)
            }
            (None, None) => diagnostic::plain(&format!("{}: {message}", script.name)),
        }
    }
}

/// Which server an argument is about, or all, and the command.
fn split(argument: &str) -> Result<(Option<NodeId>, &str), String> {
    let Some((name, command)) = argument.split_once('=') else {
        return Ok((None, argument));
    };
    let Some(number) = name.strip_prefix('S').filter(|it| it.len() == 1) else {
        return Ok((None, argument));
    };
    match number.parse().ok().and_then(NodeId::new) {
        Some(id) => Ok((Some(id), command)),
        None => Err(format!("--server {name}=…: servers are S1 to S9")),
    }
}

fn program(command: &str, lines: Rc<Lines>) -> Rc<dyn Program> {
    Rc::new(HostedProgram {
        name: name(command),
        source: None,
        mended: Vec::new(),
        host: lines,
    })
}

/// What takes the turns of a command's servers.
pub(crate) fn lines(command: &str, timeout: &TimeoutArgs, shown: bool) -> Result<Lines, String> {
    let words = shlex::split(command);
    let words = words.filter(|words| !words.is_empty());
    let words = words.ok_or_else(|| format!("`{command}` is not a command: a quote is open"))?;
    let limit = Duration::from_secs(timeout.seconds);
    let listener: Listener = Arc::new(|server, line| {
        // If standard error is closed, nobody wants to know.
        let _ = writeln!(
            anstream::stderr(),
            "{server} | {}",
            normalize_untrusted_str(line)
        );
    });
    Lines::new(words, limit, shown.then_some(listener)).map_err(|error| error.to_string())
}

/// The name under which a script would have it: the last word, as far as it fits.
fn name(command: &str) -> Rc<str> {
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

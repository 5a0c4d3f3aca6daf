//! Servers of one's own: commands that speak JSON lines.

use std::io::Write as _;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use annotate_snippets::normalize_untrusted_str;
use hustings_lab::narrate::{self, Lang};
use hustings_lab::script::place_of_source;
use hustings_lab::{Program, ProgramFailure, Run, Script};
use hustings_programs::HostedProgram;
use hustings_programs::lines::{Lines, Listener, Recording, Turns};
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
    all: Option<Served>,
    some: NodeMap<Served>,
    /// What takes the turns of all these, and the turns that were taken.
    lines: Vec<Rc<Lines>>,
    turns: Turns,
}

/// A command, and the program as which servers run it.
#[derive(Clone)]
struct Served {
    command: String,
    program: Rc<dyn Program>,
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
            let lines = lines(command, &args.timeout, shown, self.turns.clone())?;
            let lines = Rc::new(lines);
            self.lines.push(Rc::clone(&lines));
            let served = Served {
                command: command.to_owned(),
                program: Rc::new(HostedProgram::of_command(command, None, lines)),
            };
            let earlier = match id {
                Some(id) => self.some.insert(id, served),
                None => self.all.replace(served),
            };
            if earlier.is_some() {
                let whose = id.map_or("all servers".to_owned(), |id| id.to_string());
                return Err(format!("--server gives two commands for {whose}"));
            }
        }
        Ok(())
    }

    /// Has the servers of a recording take the turns that they took then.
    pub(crate) fn join_recorded(
        &self,
        recorded: &NodeMap<Rc<dyn Program>>,
        script: &mut Script,
    ) -> Result<(), String> {
        if !self.lines.is_empty() {
            return Err("it is a recording, which is played without --server".to_owned());
        }
        for (id, program) in recorded.iter() {
            script.header.programs.insert(id, Rc::clone(program));
        }
        Ok(())
    }

    /// Has the servers of a script run the commands.
    pub(crate) fn join(&self, script: &mut Script) -> Result<(), String> {
        let header = &mut script.header;
        for id in header.servers().iter() {
            if let Some(served) = self.served(id) {
                header.programs.insert(id, Rc::clone(&served.program));
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
        for id in ids.filter(|id| self.served(*id).is_some()) {
            script.header.programs.remove(id);
        }
    }

    /// The command that a server runs.
    fn served(&self, id: NodeId) -> Option<&Served> {
        self.some.get(id).or(self.all.as_ref())
    }

    /// What the servers of a script were told, and have answered, to be played again.
    pub(crate) fn recording(&self, source: &Source, script: &Script) -> Recording {
        let ids = script.header.servers().iter();
        let commands = ids.filter_map(|id| Some((id, self.served(id)?.command.clone())));
        Recording {
            script: source.text.clone(),
            commands: commands.collect(),
            turns: self.turns.clone(),
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

/// What takes the turns of a command's servers, and adds them to `turns`.
pub(crate) fn lines(
    command: &str,
    timeout: &TimeoutArgs,
    shown: bool,
    turns: Turns,
) -> Result<Lines, String> {
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
    let lines = Lines::new(words, limit, shown.then_some(listener), turns);
    lines.map_err(|error| error.to_string())
}

//! The programs that servers run: `program`, with the lines of its source, `mend`, and `run`,
//! which is a setting before the first step and a step after it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use hustings_raft::{NodeId, NodeMap, NodeSet};

use super::AT;
use super::cursor::{Cursor, Piece};
use super::error::{Mistake, ParseResult, ScriptError, Span, Token};
use super::quote::quote;
use crate::command::Command;
use crate::header::{Header, can_be_named, check_source, is_like_a_server};
use crate::machine::{CORE_NAME, Failure, Library, LibraryError, Program};

pub(super) const PROGRAM: &str = "program";
pub(super) const MEND: &str = "mend";
pub(super) const RUN: &str = "run";
const ALL: &str = "all";

const PROGRAM_EXAMPLE: &str = "program my-raft";
const MEND_EXAMPLE: &str = "mend message-dispatch votes-not-counted";
pub(super) const RUN_EXAMPLE: &str = "run S2 message-dispatch";

/// Whether a script names programs, so that it can be parsed only with the [`Library`] that
/// has them. It looks at the first words of each line.
pub fn needs_programs(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.lines().any(|line| {
        let mut words = line.split_whitespace();
        let first = match words.next() {
            // A step after its time.
            Some(AT) => words.nth(1),
            first => first,
        };
        match first {
            Some(PROGRAM) => true,
            Some(RUN) => words.next().is_some_and(may_be_servers),
            _ => false,
        }
    })
}

/// A script without its lines about programs, to look at the others before those can be
/// run.
pub fn without_programs(text: &str) -> String {
    let is_about = |line: &&str| {
        let mut words = line.split_whitespace();
        let mends = words.next() == Some(MEND) && words.next().is_some_and(may_be_program);
        mends || needs_programs(line) || source_line(line).is_some()
    };
    let kept = text.lines().filter(|line| !is_about(line));
    kept.map(|line| format!("{line}\n")).collect()
}

/// Whether a line before the first step is one of these settings: commands begin with `run`
/// and `mend`, too.
pub(super) fn is_setting(first: Piece<'_>, line: &Cursor<'_>) -> bool {
    let mut rest = line.clone();
    let second = rest.next().map(|piece| piece.text);
    match first.text {
        PROGRAM => true,
        RUN => second.is_some_and(may_be_servers),
        MEND => second.is_some_and(may_be_program) && rest.peek().is_some(),
        _ => false,
    }
}

/// Whether a line whose first word is `run` says which servers run a program.
pub(super) fn names_servers(line: &Cursor<'_>) -> bool {
    line.peek().is_some_and(|word| may_be_servers(word.text))
}

/// Whether a word after `run` says which servers run a program.
fn may_be_servers(word: &str) -> bool {
    word == ALL || is_like_a_server(word)
}

/// Whether a word after `mend` is a program, and not a link.
fn may_be_program(word: &str) -> bool {
    !is_like_a_server(word)
}

/// A line of a program's source as it stands in a script: what comes after a `|` and one
/// blank.
pub(crate) fn source_line(line: &str) -> Option<&str> {
    let source = line.trim_start().strip_prefix('|')?;
    Some(source.strip_prefix(' ').unwrap_or(source))
}

/// Where a line and a column of a program's source, from 1, stand in a script that carries it.
pub fn place_of_source(text: &str, program: &str, (row, column): (u32, u32)) -> Option<Span> {
    let begins = |line: &str| line.split_whitespace().take(2).eq([PROGRAM, program]);
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let before = text.lines().position(begins)? + 1;
    let row = row as usize;
    let line = text.lines().nth(before + row.checked_sub(1)?)?;
    let source = source_line(line)?;
    let is_within = column as usize <= source.chars().count();
    Some(Span {
        line: before + row,
        column: line.chars().count() - source.chars().count() + column as usize,
        length: usize::from(is_within),
    })
}

/// Appends a line of a program's source as it stands in a script.
pub(crate) fn write_source_line(source: &str, out: &mut String) {
    out.push_str(if source.is_empty() { "|" } else { "| " });
    out.push_str(source);
}

/// A word of a line, with the line.
type Place<'a> = (Cursor<'a>, Piece<'a>);

/// The lines about programs in a script that is being parsed.
pub(super) struct Programs<'a> {
    library: &'a dyn Library,
    /// The programs that the script carries.
    carried: Vec<Carried<'a>>,
    /// The flaws to mend in each program, in their order.
    mends: BTreeMap<&'a str, Vec<Place<'a>>>,
    /// The same flaws, each with the name of its program.
    mended: BTreeSet<(&'a str, &'a str)>,
    /// Which servers run which program at first.
    runs: Vec<(NodeSet, Place<'a>)>,
    /// The programs that steps name.
    installed: BTreeSet<&'a str>,
    /// The programs that were made, or could not be.
    made: BTreeMap<&'a str, Option<Rc<dyn Program>>>,
    /// Whether a `run` line is wrong, so that a program may seem to be run by nobody.
    bad_run: bool,
    /// What a line of source belongs to.
    open: Open,
}

/// A program that a script carries.
struct Carried<'a> {
    name: Place<'a>,
    /// The lines of its source, and the columns before them.
    lines: Vec<(&'a str, usize)>,
}

/// What a line of source would belong to.
#[derive(Clone, Copy)]
enum Open {
    /// Nothing.
    No,
    /// The last program that is carried.
    Yes,
    /// What is wrong, which an error says already.
    Wrong,
}

impl<'a> Programs<'a> {
    pub(super) fn of(library: &'a dyn Library) -> Self {
        Self {
            library,
            carried: Vec::new(),
            mends: BTreeMap::new(),
            mended: BTreeSet::new(),
            runs: Vec::new(),
            installed: BTreeSet::new(),
            made: BTreeMap::new(),
            bad_run: false,
            open: Open::No,
        }
    }

    /// Ends the source before a line that is not a part of it; it may begin another one.
    pub(super) fn end_source(&mut self, first: Option<Piece<'_>>) {
        self.open = match first {
            Some(first) if first.text == PROGRAM => Open::Wrong,
            _ => Open::No,
        };
    }

    /// Takes a line of source.
    pub(super) fn read_source(
        &mut self,
        text: &'a str,
        source: &'a str,
        line: &mut Cursor<'a>,
    ) -> ParseResult<()> {
        match (self.open, self.carried.last_mut()) {
            (Open::Yes, Some(program)) => {
                let before = text.chars().count() - source.chars().count();
                // The end of a line may be more than one carriage return.
                program.lines.push((source.trim_end_matches('\r'), before));
                Ok(())
            }
            (Open::Wrong, _) => Ok(()),
            _ => {
                self.open = Open::Wrong;
                let first = line.next_or_end();
                Err(line.mistake(first, Mistake::StraySource))
            }
        }
    }

    /// Parses a line after its first word.
    pub(super) fn read(
        &mut self,
        first: Piece<'a>,
        line: &mut Cursor<'a>,
        servers: NodeSet,
    ) -> ParseResult<()> {
        match first.text {
            PROGRAM => self.read_program(line),
            MEND => self.read_mend(first, line),
            _ => {
                let read = self.read_run(line, servers);
                self.bad_run |= read.is_err();
                read
            }
        }
    }

    fn read_program(&mut self, line: &mut Cursor<'a>) -> ParseResult<()> {
        let name = read_name(line, PROGRAM_EXAMPLE)?;
        line.end()?;
        if self.carried.iter().any(|it| it.name.1.text == name.text) {
            let what = quote(&format!("{PROGRAM} {}", name.text));
            return Err(line.mistake(name, Mistake::Twice { what }));
        }
        self.carried.push(Carried {
            name: (line.clone(), name),
            lines: Vec::new(),
        });
        self.open = Open::Yes;
        Ok(())
    }

    fn read_mend(&mut self, first: Piece<'a>, line: &mut Cursor<'a>) -> ParseResult<()> {
        let program = read_name(line, MEND_EXAMPLE)?.text;
        loop {
            let flaw = line.next_or_end();
            if !can_be_named(flaw.text) {
                return Err(line.unexpected(flaw, Token::Flaw).example(MEND_EXAMPLE));
            }
            if !self.mended.insert((program, flaw.text)) {
                let what = quote(&format!("{} {program} {}", first.text, flaw.text));
                return Err(line.mistake(flaw, Mistake::Twice { what }));
            }
            let mends = self.mends.entry(program).or_default();
            mends.push((line.clone(), flaw));
            if line.peek().is_none() {
                return Ok(());
            }
        }
    }

    fn read_run(&mut self, line: &mut Cursor<'a>, servers: NodeSet) -> ParseResult<()> {
        let runs = self.runs.iter();
        let taken = runs.flat_map(|(servers, _)| servers.iter()).collect();
        let (who, name) = read_who_runs(line, servers, taken)?;
        self.runs.push((who, (line.clone(), name)));
        Ok(())
    }

    /// Parses a step after its first word.
    pub(super) fn read_step(&mut self, line: &mut Cursor<'a>) -> ParseResult<Command> {
        let read = read_who_runs(line, line.servers, NodeSet::EMPTY);
        self.bad_run |= read.is_err();
        let (servers, name) = read?;
        self.installed.insert(name.text);
        let program = match self.is_core(name.text) {
            true => None,
            // Without it, there is an error already, and nothing comes of the step.
            false => self.program((line.clone(), name))?,
        };
        Ok(Command::Install { servers, program })
    }

    /// Whether a name is that of Raft's core, and of no program.
    fn is_core(&self, name: &str) -> bool {
        let mut carried = self.carried.iter();
        name == CORE_NAME
            && !carried.any(|it| it.name.1.text == name)
            && !self.library.names().contains(&name)
    }

    /// Makes the programs, and puts them into a header. Returns what is wrong with them.
    pub(super) fn finish(&mut self, header: &mut Header) -> Vec<ScriptError> {
        let mut errors: Vec<Box<ScriptError>> = self.unused().collect();
        let mut programs = NodeMap::<Rc<dyn Program>>::default();
        for (servers, place) in self.runs.clone() {
            if self.is_core(place.1.text) {
                continue;
            }
            match self.program(place) {
                Ok(Some(program)) => {
                    for id in servers.iter() {
                        programs.insert(id, Rc::clone(&program));
                    }
                }
                Ok(None) => {}
                Err(error) => errors.push(error),
            }
        }
        let before = std::mem::replace(&mut header.programs, Box::new(programs));
        if let (true, Err(error)) = (errors.is_empty(), header.check()) {
            header.programs = before;
            let carried = self.carried.iter().map(|it| &it.name);
            let mut places = carried.chain(self.runs.iter().map(|(_, name)| name));
            errors.extend(places.next().map(|place| at(place, Mistake::Header(error))));
        }
        errors.sort_by_key(|error| (error.at.line, error.at.column));
        errors.into_iter().map(|error| *error).collect()
    }

    /// Errors at programs that nobody runs, or that lack their source.
    fn unused(&self) -> impl Iterator<Item = Box<ScriptError>> {
        let is_run = |name: &str| {
            let mut runs = self.runs.iter();
            let is_named = self.installed.contains(name);
            let is_run = is_named || runs.any(|(_, (_, run))| run.text == name);
            self.bad_run || (is_run && !self.is_core(name))
        };
        let carried = self
            .carried
            .iter()
            .filter_map(move |Carried { name, lines }| {
                let what = quote(name.1.text);
                let mistake = match lines.is_empty() {
                    true => Mistake::NoSource { what },
                    false if is_run(name.1.text) => return None,
                    false => Mistake::NotRun { what },
                };
                Some(at(name, mistake))
            });
        let mends = self.mends.iter().filter(move |(name, _)| !is_run(name));
        carried.chain(mends.flat_map(|(name, flaws)| {
            let not_run = |flaw| at(flaw, Mistake::NotRun { what: quote(name) });
            flaws.iter().map(not_run)
        }))
    }

    /// The program that servers run, which all of them share. `None` if it cannot be made,
    /// and an error has said so.
    fn program(&mut self, run: Place<'a>) -> ParseResult<Option<Rc<dyn Program>>> {
        let name = run.1.text;
        if let Some(known) = self.made.get(name) {
            return Ok(known.clone());
        }
        let program = self.make(&run);
        self.made.insert(name, program.as_ref().ok().cloned());
        program.map(Some)
    }

    /// Makes the program that a server runs.
    fn make(&self, run: &Place<'a>) -> ParseResult<Rc<dyn Program>> {
        let name = run.1.text;
        let carried = self.carried.iter().find(|it| it.name.1.text == name);
        let source = carried.map(Carried::source);
        if let (Some(carried), Some(source)) = (carried, &source) {
            let checked = check_source(name, source);
            checked.map_err(|error| at(&carried.name, Mistake::Header(error)))?;
        }
        let mends = self.mends.get(name).map_or(&[][..], Vec::as_slice);
        let mended: Vec<Rc<str>> = mends.iter().map(|(_, flaw)| flaw.text.into()).collect();
        let program = self.library.program(name, source.as_deref(), &mended);
        let what = || quote(name);
        program.map_err(|error| match (error, carried) {
            (LibraryError::Source(failure), Some(carried)) => carried.wrong(failure),
            (LibraryError::Source(failure), None) => at(run, Mistake::Source(failure.to_string())),
            (LibraryError::NoInterpreter, _) => at(run, Mistake::NoPrograms { what: what() }),
            (LibraryError::UnknownName, _) => {
                let mut names = self.library.names();
                names.extend(self.carried.iter().map(|it| it.name.1.text));
                names.push(CORE_NAME);
                let unknown = run.0.unknown_word(run.1, &names);
                unknown.or(Token::CarriedProgram)
            }
            (LibraryError::UnknownFlaw(flaw), _) => {
                let place = mends.iter().find(|(_, it)| *it.text == *flaw);
                let (line, flaw) = place.unwrap_or(run);
                match &self.library.flaws(name)[..] {
                    [] => line.mistake(*flaw, Mistake::NoFlaws { what: what() }),
                    known => line.unknown_word(*flaw, known),
                }
            }
            (LibraryError::Mend(failure), _) => {
                let place = mends.first().unwrap_or(run);
                at(place, Mistake::CannotMend(failure.message))
            }
        })
    }
}

impl Carried<'_> {
    /// Its source: the lines with line feeds between them.
    fn source(&self) -> String {
        let lines: Vec<_> = self.lines.iter().map(|(line, _)| *line).collect();
        lines.join("\n")
    }

    /// The error that its source is wrong, at the place in the script.
    fn wrong(&self, failure: Failure) -> Box<ScriptError> {
        let mut error = at(&self.name, Mistake::Source(failure.to_string()));
        if let Some((row, column)) = failure.at
            && let Some(last) = self.lines.len().checked_sub(1)
        {
            let row = (row as usize).saturating_sub(1).min(last);
            let (source, before) = self.lines[row];
            let length = source.chars().count();
            let column = (column as usize).saturating_sub(1).min(length);
            error.at = Span {
                line: error.at.line + 1 + row,
                column: before + column + 1,
                length: usize::from(column < length),
            };
        }
        error
    }
}

fn at((line, piece): &Place<'_>, mistake: Mistake) -> Box<ScriptError> {
    line.mistake(*piece, mistake)
}

/// Parses which servers run a program, none of them twice, and its name.
fn read_who_runs<'a>(
    line: &mut Cursor<'a>,
    servers: NodeSet,
    mut taken: NodeSet,
) -> ParseResult<(NodeSet, Piece<'a>)> {
    let mut who = NodeSet::EMPTY;
    loop {
        let piece = line.peek_or_end();
        let those = if line.take(ALL) {
            servers
        } else {
            let server: NodeId = line.value_like(RUN_EXAMPLE)?;
            [server].into_iter().collect()
        };
        for id in those.iter() {
            who.insert(id);
            if !taken.insert(id) {
                let what = quote(&format!("{RUN} {id}"));
                return Err(line.mistake(piece, Mistake::Twice { what }));
            }
        }
        if !names_servers(line) {
            break;
        }
    }
    let example = match who == servers {
        true => "run all message-dispatch",
        false => RUN_EXAMPLE,
    };
    let name = read_name(line, example)?;
    line.end()?;
    Ok((who, name))
}

/// Parses the name of a program.
fn read_name<'a>(line: &mut Cursor<'a>, example: &str) -> ParseResult<Piece<'a>> {
    let name = line.next_or_end();
    if can_be_named(name.text) {
        return Ok(name);
    }
    let error = line.unexpected(name, Token::Program);
    Err(error.example(example))
}

/// The lines of a header's programs: for each what is to be said of it, and the servers that
/// run it.
pub(super) fn lines(header: &Header) -> Vec<String> {
    let all: Vec<_> = header.programs.iter().collect();
    let mut lines = Vec::new();
    for (place, (_, program)) in all.iter().enumerate() {
        if all[..place].iter().any(|(_, earlier)| earlier == program) {
            continue;
        }
        lines.extend(description(&***program));
        let same = all.iter().filter(|(_, other)| other == program);
        let servers: NodeSet = same.map(|(id, _)| *id).collect();
        let who = match servers == header.servers() {
            true => ALL.to_owned(),
            false => servers.to_string(),
        };
        lines.push(run_line(&who, program.name()));
    }
    lines
}

/// What the settings say of a program: its source if the script carries it, and its flaws
/// that are mended.
pub(super) fn description(program: &dyn Program) -> Vec<String> {
    let name = program.name();
    let mut lines = Vec::new();
    if let Some(source) = program.source() {
        lines.push(format!("{PROGRAM} {name}"));
        lines.extend(source.split('\n').map(|source| {
            let mut line = String::new();
            write_source_line(source, &mut line);
            line
        }));
    }
    if !program.mended().is_empty() {
        lines.push(format!("{MEND} {name} {}", program.mended().join(" ")));
    }
    lines
}

/// The line that says which servers run a program, or Raft's core.
pub(super) fn write_install(servers: NodeSet, program: Option<&dyn Program>) -> String {
    run_line(
        &servers.to_string(),
        program.map_or(CORE_NAME, Program::name),
    )
}

fn run_line(who: &str, name: &str) -> String {
    format!("{RUN} {who} {name}")
}

/// The programs that commands have servers run.
pub(crate) fn installed<'a>(
    commands: impl Iterator<Item = &'a Command>,
) -> impl Iterator<Item = &'a Rc<dyn Program>> {
    commands.filter_map(|command| match command {
        Command::Install { program, .. } => program.as_ref(),
        _ => None,
    })
}

/// An example of each of these settings.
#[cfg(test)]
pub(super) const EXAMPLES: [&str; 3] = [PROGRAM_EXAMPLE, MEND_EXAMPLE, RUN_EXAMPLE];

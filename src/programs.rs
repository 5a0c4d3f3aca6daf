//! The programs that servers run, and what runs them: an interpreter, which is a module of
//! its own (`interpreter.rs`) and is loaded when a program is first wanted.
//! Natively it is compiled in.

#[cfg(not(target_family = "wasm"))]
mod local;
#[cfg(target_family = "wasm")]
mod remote;

use std::iter;
use std::rc::Rc;

use hustings_lab::script::needs_programs;
use hustings_lab::{
    Compared, Event, Failure, History, Library, NoLibrary, Program, RecordId, Records, Run, Script,
    Walk,
};
use hustings_programs::{
    Programs, RECORDING_BYTES_MAX, Reader as _, RecordingError, Shipped, Trace, mended,
};
use hustings_raft::{NodeId, NodeMap};
use js_sys::Function;
use yew::prelude::*;

use crate::i18n::texts;
use crate::session::{Action, Session};

#[cfg(not(target_family = "wasm"))]
use self::local as interpreter;
#[cfg(target_family = "wasm")]
use self::remote as interpreter;

/// The interpreter's programs, if it is loaded.
fn programs() -> Option<Rc<Programs<interpreter::Interpreter>>> {
    interpreter::PROGRAMS.with_borrow(Option::clone)
}

/// Says how the interpreter is loaded: by a function that returns a promise of its module.
pub fn prepare(load: Function) {
    interpreter::prepare(load);
}

/// A recording that was opened.
pub struct Recorded {
    /// The text of its script.
    pub script: String,
    /// What takes the turns of its servers.
    pub programs: NodeMap<Rc<dyn Program>>,
}

impl Recorded {
    /// Has the servers of its script take the turns that they took then.
    pub fn join(&self, script: &mut Script) {
        for (id, program) in self.programs.iter() {
            script.header.programs.insert(id, Rc::clone(program));
        }
    }
}

/// Opens a recording, once programs can be run.
///
/// # Errors
///
/// Why it cannot be, in the user's language.
pub fn open_recording(text: &Rc<str>) -> Result<Recorded, String> {
    let programs = programs().ok_or_else(|| texts().interpreter_failed().to_owned())?;
    let opened = interpreter::open_recording(text, &programs);
    opened.map_err(|error| match error {
        RecordingError::TooLong => texts().recording_too_long(RECORDING_BYTES_MAX >> 20),
        RecordingError::Version(version) => texts().recording_version(version),
        RecordingError::CutShort { line, turns, of } => texts().recording_cut(line, turns, of),
        RecordingError::Changed { line, why } => texts().recording_changed(line, why),
    })
}

/// What scripts and links are read with.
pub fn library() -> Rc<dyn Library> {
    match programs() {
        Some(programs) => programs,
        None => Rc::new(NoLibrary),
    }
}

/// Whether programs can be run.
pub fn is_loaded() -> bool {
    programs().is_some()
}

/// Loads the interpreter, unless it is there; `then` gets whether it is.
pub fn load(then: impl FnOnce(bool) + 'static) {
    if is_loaded() {
        then(true);
    } else {
        interpreter::load(then);
    }
}

/// Does something once the programs that a script names can be run. Says so if they cannot
/// be.
pub(crate) fn for_script(
    text: &str,
    dispatch: &UseReducerDispatcher<Session>,
    then: impl FnOnce() + 'static,
) {
    if needs_programs(text) {
        load_for(dispatch, then);
    } else {
        then();
    }
}

/// Does something once programs can be run. Says so if they cannot be.
pub(crate) fn load_for(dispatch: &UseReducerDispatcher<Session>, then: impl FnOnce() + 'static) {
    if is_loaded() {
        return then();
    }
    dispatch.dispatch(Action::Notify(texts().interpreter_loading().into()));
    let dispatch = dispatch.clone();
    load(move |loaded| {
        if loaded {
            dispatch.dispatch(Action::Dismiss);
            then();
        } else {
            dispatch.dispatch(Action::Fail(texts().interpreter_failed().into()));
        }
    });
}

/// Loads the interpreter when a text that is being written names programs, and renders again
/// when it is there.
#[hook]
pub(crate) fn use_programs_of(text: &str) {
    let loaded = use_state(is_loaded);
    let setter = loaded.setter();
    use_effect_with(needs_programs(text) && !*loaded, move |wants| {
        if *wants {
            load(move |loaded| setter.set(loaded));
        }
    });
}

/// A shipped program.
pub fn shipped(name: &str) -> Option<Shipped> {
    programs()?.shipped(name).cloned()
}

/// The names of the known flaws of a shipped program, in order; none of another.
pub fn flaws_of(name: &str) -> Vec<Rc<str>> {
    let shipped = shipped(name).into_iter();
    let names = shipped.flat_map(|it| {
        it.flaws
            .iter()
            .map(|flaw| (*flaw.name).into())
            .collect::<Vec<_>>()
    });
    names.collect()
}

/// What of a program is compared with Raft's core.
pub fn compared(program: &dyn Program) -> Compared {
    let programs = programs();
    let shipped = programs.as_deref().map_or(&[][..], Programs::all_shipped);
    hustings_programs::compared(shipped, program)
}

/// The source of a program, with the flaws mended that are mended in it; `None` of one that
/// has none, as Raft's core.
pub fn source_of(program: &dyn Program) -> Option<String> {
    let shipped = shipped(program.name());
    let written = program
        .source()
        .or(shipped.as_ref().map(|it| &*it.source))?;
    mended(shipped.as_ref(), written, program.mended()).ok()
}

/// The program that a server runs, unless that is Raft's core.
pub fn program_of(run: &Run, server: NodeId) -> Option<&Rc<dyn Program>> {
    run.server(server)?.program()
}

/// The same if it has lines that can be shown: a recording has none.
pub fn code_of(run: &Run, server: NodeId) -> Option<&Rc<dyn Program>> {
    program_of(run, server).filter(|program| program.recording().is_none())
}

/// What programs execute while something is done. What they do after a write is not among
/// it unless their call, too, was watched.
pub fn watch(act: impl FnOnce()) -> Vec<Trace> {
    match programs() {
        Some(programs) => programs.reader().traces().during(act),
        None => {
            act();
            Vec::new()
        }
    }
}

/// What is wrong with a source, if the interpreter is loaded.
pub fn fault_of(source: &str) -> Option<Failure> {
    programs()?.reader().read(source).err()
}

/// What a server's program executed in a record of the shown branch, in order.
///
/// What it does after a write is known when its call begins, so that the branch is taken
/// again from there.
pub fn executed(history: &History, record: RecordId) -> Vec<Trace> {
    let Some((programs, branch)) = programs().zip(history.branches().get(history.current())) else {
        return Vec::new();
    };
    let traces = programs.reader().traces();
    let first = call_of(branch.tip().records(), record);
    let mut walk = None;
    let mut executed = traces.during(|| walk = walk_before(history, first));
    let Some(mut walk) = walk else {
        return Vec::new();
    };
    while walk.run().records().len() <= record.0 {
        let mut goes_on = false;
        executed = traces.during(|| goes_on = walk.go_on(branch));
        if !goes_on {
            return Vec::new();
        }
    }
    let server = branch.tip().records().get(record);
    let server = server.and_then(|it| it.event.server());
    executed.retain(|it| Some(it.server) == server);
    executed
}

/// The record in which the call began that a record goes on with, or fails in.
fn call_of(records: &Records, record: RecordId) -> RecordId {
    let before = |record: &RecordId| {
        let record = records.get(*record)?;
        let goes_on = matches!(
            record.event,
            Event::WriteDone { .. }
                | Event::Crashed {
                    failure: Some(_),
                    ..
                }
        );
        goes_on.then_some(record.cause?)
    };
    iter::successors(Some(record), before)
        .last()
        .unwrap_or(record)
}

/// A walk along the shown branch, up to just before a record; if servers start in that, up
/// to where all have started.
fn walk_before(history: &History, record: RecordId) -> Option<Walk> {
    let header = history.run().header();
    if record.0 < usize::from(header.cluster) {
        return Run::new(header.clone()).ok().map(Walk::at);
    }
    let mut history = history.clone();
    history.seek(RecordId(record.0 - 1)).ok()?;
    Some(Walk::at(Run::clone(history.run())))
}

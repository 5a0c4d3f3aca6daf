//! The interpreter as a module of its own: the page fetches it when a program is first
//! wanted, and asks it for turns.

use std::cell::RefCell;
use std::hash::Hasher;
use std::rc::Rc;

use hustings_lab::Failure;
use hustings_programs::lines::{self, Lines, Recording};
use hustings_programs::wire::{self, Answer, Ask, Opened, Recorded, SentPart};
use hustings_programs::{Host, Interpreter, SHIPPED, Source, SourceState, Trace};
use hustings_raft::Log;
use slab::Slab;
use wasm_bindgen::prelude::wasm_bindgen;

/// What the page knows by numbers.
#[derive(Default)]
struct Kept {
    interpreter: Rc<Interpreter>,
    programs: Slab<Program>,
    states: Slab<Rc<KeptState>>,
}

/// What takes the turns of servers.
#[derive(Clone)]
enum Program {
    /// A program.
    Source(Rc<Source>),
    /// A recording of processes.
    Recording(Rc<Lines>),
}

/// A server's state between two turns.
struct KeptState {
    state: State,
    /// The log that the page knows of.
    log: Log,
}

/// The state, of what takes its turns.
enum State {
    Source(SourceState),
    Recording(lines::State),
}

thread_local! {
    static KEPT: RefCell<Kept> = RefCell::default();
}

fn main() {}

/// The shipped programs.
#[wasm_bindgen]
pub fn shipped() -> Vec<u8> {
    wire::to_bytes(&SHIPPED)
}

/// A source in few characters that can stand in a link.
#[wasm_bindgen]
pub fn pack(source: &str) -> String {
    hustings_programs::pack(source)
}

/// The source that was packed; nothing if it is altered, or takes more than so many bytes.
#[wasm_bindgen]
pub fn unpack(packed: &str, bytes_max: usize) -> Option<String> {
    hustings_programs::unpack(packed, bytes_max).ok()
}

/// Reads a program. Returns its number and what it can do, or why it cannot be read.
#[wasm_bindgen]
pub fn read(text: &str) -> Vec<u8> {
    let interpreter = KEPT.with_borrow(|kept| Rc::clone(&kept.interpreter));
    let read = Source::read(&interpreter, text).map(|source| {
        let abilities = source.abilities();
        let number = keep(Program::Source(Rc::new(source)));
        (number, abilities)
    });
    wire::to_bytes(&read)
}

/// Opens a recording. Returns an [`Opened`] as bytes.
#[wasm_bindgen]
pub fn open_recording(text: &str) -> Vec<u8> {
    let opened: Opened = Recording::read(text).map(|recording| {
        let lines = recording.lines();
        let commands = recording.commands.iter();
        Recorded {
            abilities: lines.abilities(),
            program: keep(Program::Recording(Rc::new(lines))),
            commands: commands
                .map(|(id, command)| (id, command.clone()))
                .collect(),
            script: recording.script,
        }
    });
    wire::to_bytes(&opened)
}

/// Keeps what takes turns, and returns its number.
fn keep(program: Program) -> u32 {
    KEPT.with_borrow_mut(|kept| kept.programs.insert(program)) as u32
}

/// Forgets a program or a recording.
#[wasm_bindgen]
pub fn forget(program: u32) {
    KEPT.with_borrow_mut(|kept| kept.programs.try_remove(program as usize));
}

/// Takes a turn ([`Ask`] as bytes) of a server of a program or a recording whose state has a number; the
/// number does not count when it starts. Returns an [`Answer`] as bytes.
#[wasm_bindgen]
pub fn turn(program: u32, state: u32, ask: &[u8], is_traced: bool) -> Vec<u8> {
    let interpreter = KEPT.with_borrow(|kept| Rc::clone(&kept.interpreter));
    if !is_traced {
        return wire::to_bytes(&answer(program, state, ask));
    }
    let mut answered = None;
    let traces = interpreter.traces().during(|| {
        answered = Some(answer(program, state, ask));
    });
    let answered = answered.map(|it| it.map_err(|(failure, _)| (failure, traces)));
    answered.map_or(Vec::new(), |it| wire::to_bytes(&it))
}

/// What decides what a state's server can do next, but for its log, as bytes.
#[wasm_bindgen]
pub fn fingerprint(program: u32, state: u32) -> Vec<u8> {
    let (program, kept) = known(program, state);
    let mut bytes = Bytes::default();
    match (&program, kept.as_ref().map(|it| &it.state)) {
        (Some(Program::Source(source)), Some(State::Source(state))) => {
            source.fingerprint(state, &mut bytes);
        }
        (Some(Program::Recording(lines)), Some(State::Recording(state))) => {
            lines.fingerprint(state, &mut bytes);
        }
        _ => {}
    }
    bytes.0
}

/// Forgets a state.
#[wasm_bindgen]
pub fn release(state: u32) {
    let released = KEPT.with_borrow_mut(|kept| kept.states.try_remove(state as usize));
    drop(released);
}

fn known(program: u32, state: u32) -> (Option<Program>, Option<Rc<KeptState>>) {
    KEPT.with_borrow(|kept| {
        let program = kept.programs.get(program as usize).cloned();
        (program, kept.states.get(state as usize).cloned())
    })
}

fn answer(program: u32, state: u32, ask: &[u8]) -> Answer {
    let (program, kept) = known(program, state);
    let before = kept.as_ref().map(|it| (&it.state, &it.log));
    let ask = wire::from_bytes(ask).map_err(|_| unknown())?;
    let (parts, state) = match program.ok_or_else(unknown)? {
        Program::Source(source) => {
            let before = before.and_then(|(state, log)| match state {
                State::Source(state) => Some((state, log)),
                State::Recording(_) => None,
            });
            take(&*source, before, &ask, State::Source)
        }
        Program::Recording(lines) => {
            let before = before.and_then(|(state, log)| match state {
                State::Recording(state) => Some((state, log)),
                State::Source(_) => None,
            });
            take(&*lines, before, &ask, State::Recording)
        }
    }
    .map_err(|failure| (failure, Vec::new()))?;
    let number = KEPT.with_borrow_mut(|kept| kept.states.insert(Rc::new(state)));
    Ok((parts, number as u32))
}

/// Has a host take a turn of a server in a state, with a log, unless it starts.
fn take<H: Host>(
    host: &H,
    before: Option<(&H::State, &Log)>,
    ask: &Ask,
    state: impl Fn(H::State) -> State,
) -> Result<(Vec<SentPart>, KeptState), Box<Failure>> {
    let (turn, mut log) = match (ask, wire::started(ask)) {
        (Ask::Start { now, .. }, Some(start)) => {
            let turn = host.start(&start, *now)?;
            (turn, start.stored.log)
        }
        (Ask::Turn { now, told }, _) => {
            let (state, log) = before.ok_or_else(|| unknown().0)?;
            (host.turn(state, *now, told)?, log.clone())
        }
        _ => return Err(unknown().0),
    };
    let parts = wire::send(turn.parts, &mut log);
    let state = state(turn.state);
    Ok((parts, KeptState { state, log }))
}

/// Why a server that is not known takes no turn.
fn unknown() -> (Box<Failure>, Vec<Trace>) {
    let failure = Failure::new("the interpreter does not know this server");
    (Box::new(failure), Vec::new())
}

/// Keeps what is fed to it.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Hasher for Bytes {
    fn finish(&self) -> u64 {
        0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

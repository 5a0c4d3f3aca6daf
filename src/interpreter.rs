//! The interpreter as a module of its own: the page fetches it when a program is first
//! wanted, and asks it for turns.

use std::cell::RefCell;
use std::hash::Hasher;
use std::rc::Rc;

use hustings_lab::Failure;
use hustings_programs::wire::{self, Answer, Ask};
use hustings_programs::{Host as _, Interpreter, SHIPPED, Source, SourceState, Turn};
use hustings_raft::Log;
use slab::Slab;
use wasm_bindgen::prelude::wasm_bindgen;

/// What the page knows by numbers.
#[derive(Default)]
struct Kept {
    interpreter: Rc<Interpreter>,
    programs: Slab<Rc<Source>>,
    states: Slab<Rc<KeptState>>,
}

/// A server's state between two turns.
struct KeptState {
    state: SourceState,
    /// The log that the page knows of.
    log: Log,
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
        let number = KEPT.with_borrow_mut(|kept| kept.programs.insert(Rc::new(source)));
        (number as u32, abilities)
    });
    wire::to_bytes(&read)
}

/// Forgets a program.
#[wasm_bindgen]
pub fn forget(program: u32) {
    KEPT.with_borrow_mut(|kept| kept.programs.try_remove(program as usize));
}

/// Takes a turn ([`Ask`] as bytes) of a program's server whose state has a number; the
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
    let (source, state) = known(program, state);
    let mut bytes = Bytes::default();
    if let Some((source, state)) = source.zip(state) {
        source.fingerprint(&state.state, &mut bytes);
    }
    bytes.0
}

/// Forgets a state.
#[wasm_bindgen]
pub fn release(state: u32) {
    let released = KEPT.with_borrow_mut(|kept| kept.states.try_remove(state as usize));
    drop(released);
}

fn known(program: u32, state: u32) -> (Option<Rc<Source>>, Option<Rc<KeptState>>) {
    KEPT.with_borrow(|kept| {
        let program = kept.programs.get(program as usize).cloned();
        (program, kept.states.get(state as usize).cloned())
    })
}

fn answer(program: u32, state: u32, ask: &[u8]) -> Answer {
    let fails = |failure: Box<Failure>| (failure, Vec::new());
    let unknown = || {
        fails(Box::new(Failure::new(
            "the interpreter does not know this server",
        )))
    };
    let (source, state) = known(program, state);
    let source = source.ok_or_else(unknown)?;
    let ask: Ask = wire::from_bytes(ask).map_err(|_| unknown())?;
    let (turn, mut log) = match (&ask, wire::started(&ask)) {
        (Ask::Start { now, .. }, Some(start)) => {
            let turn = source.start(&start, *now).map_err(fails)?;
            (turn, start.stored.log)
        }
        (Ask::Turn { now, told }, _) => {
            let before = state.ok_or_else(unknown)?;
            let turn = source.turn(&before.state, *now, told).map_err(fails)?;
            (turn, before.log.clone())
        }
        _ => return Err(unknown()),
    };
    let Turn { parts, state } = turn;
    let parts = wire::send(parts, &mut log);
    let state = Rc::new(KeptState { state, log });
    let number = KEPT.with_borrow_mut(|kept| kept.states.insert(state));
    Ok((parts, number as u32))
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

//! The interpreter as a module of its own: the page fetches it when a program is first
//! wanted, and asks it for turns.

use std::cell::RefCell;
use std::rc::Rc;

use hustings_lab::Failure;
use hustings_programs::wire::{self, Answer, Ask};
use hustings_programs::{Host as _, Interpreter, SHIPPED, Source, SourceState, Turn};
use hustings_raft::Log;
use wasm_bindgen::prelude::wasm_bindgen;

/// What was asked for so far, by the numbers by which the page knows it.
#[derive(Default)]
struct Kept {
    interpreter: Rc<Interpreter>,
    programs: Vec<Rc<Source>>,
    states: Vec<Option<Rc<KeptState>>>,
    free: Vec<u32>,
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

/// Reads a program. Returns its number, or why it cannot be read.
#[wasm_bindgen]
pub fn read(text: &str) -> Vec<u8> {
    let interpreter = KEPT.with_borrow(|kept| Rc::clone(&kept.interpreter));
    let read = Source::read(&interpreter, text).map(|source| {
        KEPT.with_borrow_mut(|kept| {
            kept.programs.push(Rc::new(source));
            kept.programs.len() as u32 - 1
        })
    });
    bytes(&read)
}

/// The shipped programs.
#[wasm_bindgen]
pub fn shipped() -> Vec<u8> {
    bytes(&SHIPPED)
}

/// Takes a turn ([`Ask`] as bytes) of a program's server whose state has a number; the
/// number does not count when it starts. Returns an [`Answer`] as bytes.
#[wasm_bindgen]
pub fn turn(program: u32, state: u32, ask: &[u8]) -> Vec<u8> {
    bytes(&answer(program, state, ask))
}

/// Forgets a state.
#[wasm_bindgen]
pub fn release(state: u32) {
    KEPT.with_borrow_mut(|kept| {
        if let Some(slot) = kept.states.get_mut(state as usize) {
            *slot = None;
            kept.free.push(state);
        }
    });
}

fn answer(program: u32, state: u32, ask: &[u8]) -> Answer {
    let unknown = || Box::new(Failure::new("the interpreter does not know this server"));
    let (source, state) = KEPT.with_borrow(|kept| {
        let state = kept.states.get(state as usize).cloned().flatten();
        (kept.programs.get(program as usize).cloned(), state)
    });
    let source = source.ok_or_else(unknown)?;
    let ask: Ask = wire::from_bytes(ask).map_err(|_| unknown())?;
    let (turn, mut log) = match (&ask, wire::started(&ask)) {
        (Ask::Start { now, .. }, Some(start)) => {
            let turn = source.start(&start, *now)?;
            (turn, start.stored.log)
        }
        (Ask::Turn { now, told }, _) => {
            let before = state.ok_or_else(unknown)?;
            (source.turn(&before.state, *now, told)?, before.log.clone())
        }
        _ => return Err(unknown()),
    };
    let Turn { parts, state } = turn;
    let parts = wire::send(&parts, &mut log);
    Ok((parts, keep(KeptState { state, log })))
}

fn keep(state: KeptState) -> u32 {
    KEPT.with_borrow_mut(|kept| {
        let state = Some(Rc::new(state));
        if let Some(number) = kept.free.pop() {
            if let Some(slot) = kept.states.get_mut(number as usize) {
                *slot = state;
            }
            return number;
        }
        kept.states.push(state);
        kept.states.len() as u32 - 1
    })
}

fn bytes(value: &impl serde::Serialize) -> Vec<u8> {
    wire::to_bytes(value).unwrap_or_default()
}

//! The reader of logs as a module of its own, which a worker runs (`www/worker.js`): what the page
//! asks it comes as bytes, and so goes what it answers; files come before the question that is
//! about them.

use std::cell::RefCell;

use hustings_logs::Desk;
use hustings_logs::wire::Answer;
use hustings_programs::wire::{from_bytes, to_bytes};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::throw_str;

thread_local! {
    static DESK: RefCell<Desk> = RefCell::default();
}

fn main() {
    // The page shows the message of a panic.
    std::panic::set_hook(Box::new(|panic| throw_str(&panic.to_string())));
}

/// Is given a file that the next question is about; nothing if it cannot be read.
#[wasm_bindgen]
pub fn give(file: Option<Vec<u8>>) {
    DESK.with_borrow_mut(|it| it.give(file));
}

/// Answers what it is asked; with nothing if there is nothing to say.
#[wasm_bindgen]
pub fn ask(ask: &[u8]) -> Option<Vec<u8>> {
    let ask = from_bytes(ask).ok()?;
    DESK.with_borrow_mut(|it| it.answer(ask)).map(bytes)
}

/// Reads some lines; returns whether there is more to do.
#[wasm_bindgen]
pub fn go_on() -> bool {
    DESK.with_borrow_mut(Desk::go_on)
}

/// Is told how many seconds it has worked, which it need not know.
#[wasm_bindgen]
pub fn spent(_seconds: f64) {}

/// How the reading stands; nothing if there is nothing new.
#[wasm_bindgen]
pub fn report() -> Option<Vec<u8>> {
    DESK.with_borrow_mut(Desk::report).map(bytes)
}

fn bytes(answer: Answer) -> Vec<u8> {
    to_bytes(&answer)
}

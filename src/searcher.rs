//! The search as a module of its own, which a worker runs (`www/worker.js`): what the page asks
//! it comes as bytes, and so goes what it answers.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use hustings_programs::wire::{from_bytes, to_bytes};
use hustings_programs::{Interpreter, Programs, SHIPPED};
use hustings_search::Searching;
use hustings_search::wire::Answer;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::throw_str;

thread_local! {
    static SEARCHING: RefCell<Searching> = {
        let programs = Programs::new(Rc::<Interpreter>::default(), Cow::Borrowed(SHIPPED));
        RefCell::new(Searching::new(Rc::new(programs)))
    };
}

fn main() {
    // The page shows the message of a panic.
    std::panic::set_hook(Box::new(|panic| throw_str(&panic.to_string())));
}

/// Answers what it is asked; with nothing if there is nothing to say.
#[wasm_bindgen]
pub fn ask(ask: &[u8]) -> Option<Vec<u8>> {
    let ask = from_bytes(ask).ok()?;
    bytes(&SEARCHING.with_borrow_mut(|it| it.answer(ask)))
}

/// Searches for about a millisecond, or plays a run; returns whether there is more to do.
#[wasm_bindgen]
pub fn go_on() -> bool {
    SEARCHING.with_borrow_mut(Searching::go_on)
}

/// Is told how many seconds it has worked since it was told last.
#[wasm_bindgen]
pub fn spent(seconds: f64) {
    SEARCHING.with_borrow_mut(|it| it.spent(seconds));
}

/// What there is to tell; nothing if all was told.
#[wasm_bindgen]
pub fn report() -> Option<Vec<u8>> {
    bytes(&SEARCHING.with_borrow_mut(Searching::report))
}

fn bytes(answers: &Vec<Answer>) -> Option<Vec<u8>> {
    (!answers.is_empty()).then(|| to_bytes(answers))
}

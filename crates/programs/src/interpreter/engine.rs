//! The engine, and the functions that a program can call.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use rhai::{Dynamic, Engine, INT, Map, OptimizationLevel};

use super::error::{RhaiResult, wrong};
use super::limits::{CALLS_MAX, ELEMENTS_MAX, EXPRESSIONS_MAX, OPERATIONS_MAX, STRING_MAX};
use super::turn::Ongoing;
use super::watch::Watched;
use super::{log, me, watch};
use crate::trace::Traces;

/// Runs programs in Rhai: deterministic, and within limits.
pub struct Interpreter {
    engine: Engine,
    /// The same that tells what it evaluates, which takes longer.
    watching: Engine,
    /// The turn that is being taken.
    pub(super) ongoing: Shared,
    pub(super) watched: Watched,
    pub(super) traces: Traces,
}

pub(super) type Shared = Rc<RefCell<Option<Ongoing>>>;

impl Default for Interpreter {
    fn default() -> Self {
        let (ongoing, watched) = (Shared::default(), Watched::default());
        let mut watching = engine(&ongoing);
        watch::register(&mut watching, &watched, &ongoing);
        Self {
            engine: engine(&ongoing),
            watching,
            ongoing,
            watched,
            traces: Traces::default(),
        }
    }
}

impl Interpreter {
    /// Where it is said what its programs execute.
    pub fn traces(&self) -> &Traces {
        &self.traces
    }

    /// The engine, or the one that tells what it evaluates if the turn is to be watched.
    pub(super) fn engine(&self) -> &Engine {
        if self.watched.borrow().is_some() {
            &self.watching
        } else {
            &self.engine
        }
    }
}

fn engine(ongoing: &Shared) -> Engine {
    let mut engine = Engine::new();
    limit(&mut engine);
    me::register(&mut engine);
    log::register(&mut engine);
    register(&mut engine, ongoing);
    engine
}

impl fmt::Debug for Interpreter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Interpreter")
    }
}

fn limit(engine: &mut Engine) {
    engine
        .set_max_operations(OPERATIONS_MAX)
        .set_max_call_levels(CALLS_MAX)
        .set_max_expr_depths(EXPRESSIONS_MAX, EXPRESSIONS_MAX)
        .set_max_string_size(STRING_MAX)
        .set_max_array_size(ELEMENTS_MAX)
        .set_max_map_size(ELEMENTS_MAX)
        .set_strict_variables(true)
        // Each statement stays what and where it is in the source.
        .set_optimization_level(OptimizationLevel::None)
        .disable_symbol("eval");
}

/// Adds what docs/programs.md lists under «What a program can do».
fn register(engine: &mut Engine, shared: &Shared) {
    let ongoing = || Rc::clone(shared);
    let at = ongoing();
    engine.register_fn("send", move |to: Dynamic, message: Map| {
        with(&at, |turn| turn.send(&to, &message))
    });
    let at = ongoing();
    engine.register_fn("broadcast", move |message: Map| {
        with(&at, |turn| turn.broadcast(&message))
    });
    let at = ongoing();
    engine.register_fn("arm", move |timer: &str| with(&at, |turn| turn.arm(timer)));
    let at = ongoing();
    engine.register_fn("arm", move |timer: &str, ms: INT| {
        with(&at, |turn| turn.arm_between(timer, ms, ms))
    });
    let at = ongoing();
    engine.register_fn("arm", move |timer: &str, min: INT, max: INT| {
        with(&at, |turn| turn.arm_between(timer, min, max))
    });
    let at = ongoing();
    engine.register_fn("disarm", move |timer: &str| {
        with(&at, |turn| turn.disarm(timer))
    });
    let at = ongoing();
    engine.register_fn("persist", move || with(&at, Ongoing::persist));
    let at = ongoing();
    engine.register_fn("reply", move |what: &str, index: INT| {
        with(&at, |turn| turn.reply(what, index))
    });
    let at = ongoing();
    engine.register_fn("reply", move |what: &str, leader: Dynamic| {
        with(&at, |turn| turn.refuse(what, Some(&leader)))
    });
    let at = ongoing();
    engine.register_fn("reply", move |what: &str| {
        with(&at, |turn| turn.refuse(what, None))
    });
    let at = ongoing();
    engine.register_fn("now", move || with(&at, |turn| Ok(turn.now())));
    let at = ongoing();
    engine.on_print(move |text| print(&at, text));
    let at = ongoing();
    engine.on_debug(move |text, _, _| print(&at, text));
}

fn with<T>(at: &Shared, act: impl FnOnce(&mut Ongoing) -> RhaiResult<T>) -> RhaiResult<T> {
    match at.borrow_mut().as_mut() {
        Some(turn) => act(turn),
        None => wrong("`view` only shows: it does nothing"),
    }
}

fn print(at: &Shared, text: &str) {
    if let Some(turn) = at.borrow_mut().as_mut() {
        turn.print(text);
    }
}

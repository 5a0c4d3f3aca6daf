//! The interpreter in a module of its own.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::hash::Hasher;
use std::rc::Rc;

use hustings_lab::{Abilities, Failure, Program, Start, UnpackError};
use hustings_programs::wire::{self, Answer, Ask, Opened};
use hustings_programs::{
    Host, HostedProgram, Programs, Reader, RecordingError, Shipped, Told, Trace, Traces, Turn,
};
use hustings_raft::{Log, Millis, NodeId};
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::Recorded;

#[wasm_bindgen]
extern "C" {
    /// `src/interpreter.rs`.
    #[derive(Clone)]
    type Module;

    #[wasm_bindgen(method, catch)]
    fn shipped(this: &Module) -> Result<Vec<u8>, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn pack(this: &Module, source: &str) -> Result<String, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn unpack(this: &Module, packed: &str, bytes_max: usize) -> Result<Option<String>, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn read(this: &Module, text: &str) -> Result<Vec<u8>, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn open_recording(this: &Module, text: &str) -> Result<Vec<u8>, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn forget(this: &Module, program: u32) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    fn turn(
        this: &Module,
        program: u32,
        state: u32,
        ask: &[u8],
        is_traced: bool,
    ) -> Result<Vec<u8>, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn fingerprint(this: &Module, program: u32, state: u32) -> Result<Vec<u8>, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn release(this: &Module, state: u32) -> Result<(), JsValue>;
}

thread_local! {
    /// The programs, once the module is loaded.
    pub(super) static PROGRAMS: RefCell<Option<Rc<Programs<Interpreter>>>> =
        const { RefCell::new(None) };
    /// What fetches the module.
    static FETCH: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Says how the module is fetched.
pub(super) fn prepare(fetch: Function) {
    FETCH.set(Some(fetch));
}

/// Loads the module; `then` gets whether it is there.
pub(super) fn load(then: impl FnOnce(bool) + 'static) {
    let fetch = FETCH.with_borrow(Option::clone);
    wasm_bindgen_futures::spawn_local(async move {
        then(match fetch {
            Some(fetch) => fetched(&fetch).await.is_some(),
            None => false,
        });
    });
}

async fn fetched(fetch: &Function) -> Option<()> {
    let promise: Promise = fetch.call0(&JsValue::UNDEFINED).ok()?.dyn_into().ok()?;
    let module: Module = JsFuture::from(promise).await.ok()?.unchecked_into();
    let shipped: Vec<Shipped> = wire::from_bytes(&module.shipped().ok()?).ok()?;
    PROGRAMS.with_borrow_mut(|programs| {
        // Two may have waited for it.
        programs.get_or_insert_with(|| {
            let interpreter = Interpreter {
                module,
                traces: Rc::default(),
            };
            Rc::new(Programs::new(interpreter, Cow::Owned(shipped)))
        });
    });
    Some(())
}

/// Reads programs in the module.
#[derive(Clone)]
pub(super) struct Interpreter {
    module: Module,
    traces: Rc<Traces>,
}

impl Interpreter {
    /// Where it is said what its programs execute.
    pub(super) fn traces(&self) -> &Traces {
        &self.traces
    }
}

impl fmt::Debug for Interpreter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Interpreter")
    }
}

impl Reader for Interpreter {
    type Host = RemoteSource;

    fn read(&self, source: &str) -> Result<RemoteSource, Failure> {
        let read = self.module.read(source).map_err(|error| *stopped(&error))?;
        let read: Result<(u32, Abilities), Failure> =
            wire::from_bytes(&read).map_err(|_| *mute())?;
        let (number, abilities) = read?;
        Ok(RemoteSource {
            interpreter: self.clone(),
            number,
            abilities,
        })
    }

    fn pack(&self, source: &str) -> Option<String> {
        self.module.pack(source).ok()
    }

    fn unpack(&self, packed: &str, bytes_max: usize) -> Result<String, UnpackError> {
        let unpacked = self.module.unpack(packed, bytes_max).ok().flatten();
        unpacked.ok_or(UnpackError::Damaged)
    }
}

/// Opens a recording in the module.
pub(super) fn open_recording(
    text: &Rc<str>,
    programs: &Programs<Interpreter>,
) -> Result<Recorded, RecordingError> {
    let interpreter = programs.reader().clone();
    // A module that has stopped answers with nothing, which is no recording.
    let opened = interpreter.module.open_recording(text).unwrap_or_default();
    let opened: Opened = wire::from_bytes(&opened).unwrap_or_else(|_| {
        Err(RecordingError::Changed {
            line: 1,
            why: mute().message,
        })
    });
    let opened = opened?;
    let host = Rc::new(RemoteSource {
        interpreter,
        number: opened.program,
        abilities: opened.abilities,
    });
    let program = |(id, command): (NodeId, String)| {
        let (text, host) = (Some(Rc::clone(text)), Rc::clone(&host));
        let program = HostedProgram::of_command(&command, text, host);
        (id, Rc::new(program) as Rc<dyn Program>)
    };
    Ok(Recorded {
        programs: opened.commands.into_iter().map(program).collect(),
        script: opened.script,
    })
}

/// A program or a recording that the module has read.
#[derive(Debug)]
pub(super) struct RemoteSource {
    interpreter: Interpreter,
    number: u32,
    abilities: Abilities,
}

impl Drop for RemoteSource {
    fn drop(&mut self) {
        // After a failure there is nothing to forget.
        let _ = self.interpreter.module.forget(self.number);
    }
}

/// A server's state between two turns, which the module has.
#[derive(Clone, Debug)]
pub(super) struct State {
    kept: Rc<Kept>,
    log: Log,
}

#[derive(Debug)]
struct Kept {
    interpreter: Interpreter,
    number: u32,
}

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = self.interpreter.module.release(self.number);
    }
}

impl RemoteSource {
    fn ask(&self, state: u32, mut log: Log, ask: &Ask) -> Result<Turn<State>, Box<Failure>> {
        let interpreter = &self.interpreter;
        let ask = wire::to_bytes(ask);
        let is_traced = interpreter.traces.are_wanted();
        let answer = interpreter.module.turn(self.number, state, &ask, is_traced);
        let answer = answer.map_err(|error| stopped(&error))?;
        let answer: Answer = wire::from_bytes(&answer).map_err(|_| mute())?;
        let (parts, number) = answer.map_err(|(failure, traces)| {
            traces.into_iter().for_each(|it| self.executed(it));
            failure
        })?;
        let parts = wire::receive(parts, &mut log);
        let interpreter = interpreter.clone();
        let kept = Rc::new(Kept {
            interpreter,
            number,
        });
        Ok(Turn {
            parts,
            state: State { kept, log },
        })
    }
}

impl Host for RemoteSource {
    type State = State;

    fn start(&self, start: &Start, now: Millis) -> Result<Turn<State>, Box<Failure>> {
        self.ask(0, start.stored.log.clone(), &Ask::start(start, now))
    }

    fn turn(&self, state: &State, now: Millis, told: &Told) -> Result<Turn<State>, Box<Failure>> {
        let told = told.clone();
        self.ask(
            state.kept.number,
            state.log.clone(),
            &Ask::Turn { now, told },
        )
    }

    fn abilities(&self) -> Abilities {
        self.abilities
    }

    fn executed(&self, trace: Trace) {
        self.interpreter.traces.add(trace);
    }

    fn fingerprint(&self, state: &State, hasher: &mut dyn Hasher) {
        let module = &self.interpreter.module;
        hasher.write(
            &module
                .fingerprint(self.number, state.kept.number)
                .unwrap_or_default(),
        );
    }
}

/// The module has thrown something.
fn stopped(error: &JsValue) -> Box<Failure> {
    let error = error.dyn_ref::<js_sys::Error>();
    let message = error.map_or_else(String::new, |it| it.message().into());
    Box::new(Failure::new(format!(
        "the interpreter has stopped: {message}"
    )))
}

/// What the module says cannot be read.
fn mute() -> Box<Failure> {
    Box::new(Failure::new("the interpreter gives no answer"))
}

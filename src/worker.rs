//! Modules of their own that workers run (`www/worker.js`), each started when it is first
//! wanted. They are asked and answer by messages.

use std::cell::RefCell;
use std::thread::LocalKey;

use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, File, MessageEvent, Worker};
use yew::prelude::*;

use crate::i18n::{self, texts};
use crate::session::Session;

type Dispatch = UseReducerDispatcher<Session>;

/// How long a worker that is to stop may take to answer, in milliseconds, before it is ended.
const PATIENCE_MS: u32 = 5_000;

thread_local! {
    /// What starts a worker, by the name of its module.
    static START: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Says how a worker is started: by a function that takes its module's name, and returns it.
pub fn prepare(start: Function) {
    START.set(Some(start));
}

/// A module that a worker runs, and the worker once it has started.
pub(crate) struct Helper {
    /// The module's name.
    pub module: &'static str,
    /// What has it speak English, or Chinese, in which these are the texts.
    pub speak: fn(Option<String>) -> Vec<u8>,
    /// What takes its answers; returns whether it has stopped, if it was to.
    pub hear: fn(&[u8], &Dispatch) -> bool,
    /// What is done when it cannot go on, for a reason that may be empty.
    pub fail: fn(&str, &Dispatch),
    /// The worker.
    pub running: RefCell<Option<Running>>,
}

/// A helper is there once.
pub(crate) type Key = &'static LocalKey<Helper>;

/// A worker, and what listens to it.
pub(crate) struct Running {
    worker: Worker,
    /// The language that it was told to speak.
    speaks: Option<i18n::Lang>,
    /// What ends it if it does not stop.
    stops: Option<Timeout>,
    _listeners: [Closure<dyn FnMut(Event)>; 2],
}

impl Running {
    fn post(&self, ask: &[u8], files: &[File]) {
        let message = Array::of2(&Uint8Array::from(ask), &files.iter().collect::<Array>());
        // It takes any bytes, and any files.
        let _ = self.worker.post_message(&message);
    }
}

/// Starts the worker, unless it is there, and has it speak the page's language.
pub(crate) fn start(key: Key, dispatch: &Dispatch) {
    let speaks = Some(texts());
    key.with(|helper| {
        let mut running = helper.running.borrow_mut();
        if running.is_none() {
            *running = started(key, helper.module, dispatch);
        }
        let Some(running) = running.as_mut().filter(|it| it.speaks != speaks) else {
            return;
        };
        running.speaks = speaks;
        let chinese = i18n::beyond_the_page().filter(|_| speaks == Some(i18n::Lang::Zh));
        running.post(&(helper.speak)(chinese.map(str::to_owned)), &[]);
    });
}

fn started(key: Key, module: &str, dispatch: &Dispatch) -> Option<Running> {
    let start = START.with_borrow(Option::clone)?;
    let worker = start.call1(&JsValue::UNDEFINED, &module.into()).ok();
    let worker: Worker = worker?.dyn_into().ok()?;
    let to = dispatch.clone();
    let hears = Closure::<dyn FnMut(Event)>::new(move |event: Event| hear(key, &event, &to));
    let to = dispatch.clone();
    let fails = Closure::<dyn FnMut(Event)>::new(move |_| fail(key, "", &to));
    worker.set_onmessage(Some(hears.as_ref().unchecked_ref()));
    worker.set_onerror(Some(fails.as_ref().unchecked_ref()));
    Some(Running {
        worker,
        speaks: None,
        stops: None,
        _listeners: [hears, fails],
    })
}

/// Whether the worker has started.
pub(crate) fn is_running(key: Key) -> bool {
    key.with(|helper| helper.running.borrow().is_some())
}

/// Asks, with files if the question is about some, or says that nothing can be asked.
pub(crate) fn ask(key: Key, ask: &[u8], files: &[File], dispatch: &Dispatch) {
    start(key, dispatch);
    let is_there = key.with(|helper| {
        let running = helper.running.borrow();
        running.as_ref().map(|it| it.post(ask, files)).is_some()
    });
    if !is_there {
        fail(key, "", dispatch);
    }
}

/// Asks it to stop. If it does not, it is ended, and `ended` is called.
pub(crate) fn stop(key: Key, question: &[u8], dispatch: &Dispatch, ended: fn(&Dispatch)) {
    ask(key, question, &[], dispatch);
    let to = dispatch.clone();
    let stops = Timeout::new(PATIENCE_MS, move || {
        end(key);
        ended(&to);
    });
    key.with(|helper| {
        if let Some(running) = helper.running.borrow_mut().as_mut() {
            running.stops = Some(stops);
        }
    });
}

/// Takes a message of the worker: an answer, or why it cannot go on.
fn hear(key: Key, event: &Event, dispatch: &Dispatch) {
    let Some(data) = event.dyn_ref::<MessageEvent>().map(MessageEvent::data) else {
        return;
    };
    if let Some(why) = data.as_string() {
        return fail(key, &why, dispatch);
    }
    let Ok(bytes) = data.dyn_into::<Uint8Array>() else {
        return;
    };
    let hear = key.with(|helper| helper.hear);
    if hear(&bytes.to_vec(), dispatch) {
        key.with(|helper| {
            let mut running = helper.running.borrow_mut();
            running.as_mut().map(|it| it.stops.take())
        });
    }
}

/// The worker cannot be used any more; the next that is asked starts another.
fn fail(key: Key, why: &str, dispatch: &Dispatch) {
    end(key);
    let fail = key.with(|helper| helper.fail);
    fail(why, dispatch);
}

/// Ends the worker, whatever it does.
pub(crate) fn end(key: Key) {
    if let Some(running) = key.with(|helper| helper.running.take()) {
        running.worker.terminate();
        // It may be one of its listeners that calls this.
        Timeout::new(0, move || drop(running)).forget();
    }
}

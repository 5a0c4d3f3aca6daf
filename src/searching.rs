//! The search for runs, in a worker (`www/searcher.js`), which is started when it is first
//! wanted. It is asked and answers by messages.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use hustings_lab::narrate::Tell;
use hustings_lab::{Run, Script};
use hustings_programs::wire::{from_bytes, to_bytes};
use hustings_search::wire::{Answer, Ask, Lesson, Stage, Wanted};
use js_sys::{Function, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, MessageEvent, Worker};
use yew::prelude::*;

use crate::i18n::{self, lang, texts};
use crate::programs::{for_script, library};
use crate::session::{Action, LoadedRun, Session, Source};

type Dispatch = UseReducerDispatcher<Session>;

/// How long a search that is to stop may take to answer, in milliseconds, before it is ended.
const PATIENCE_MS: u32 = 5_000;

thread_local! {
    /// What starts the worker.
    static START: RefCell<Option<Function>> = const { RefCell::new(None) };
    /// The worker, once it has started.
    static WORKER: RefCell<Option<Running>> = const { RefCell::new(None) };
    /// The number of the latest search, and of the latest question what could happen next:
    /// answers to others are too late.
    static LATEST: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
}

/// A worker, and what listens to it.
struct Running {
    worker: Worker,
    /// The language that it was told to speak.
    speaks: Option<i18n::Lang>,
    /// What ends a search that does not stop.
    stops: Option<Timeout>,
    _listeners: [Closure<dyn FnMut(Event)>; 2],
}

/// Says how the worker is started: by a function that returns it.
pub fn prepare(start: Function) {
    START.set(Some(start));
}

/// Starts the worker, unless it is there, and has it speak the page's language.
pub(crate) fn start(dispatch: &Dispatch) {
    let speaks = Some(texts());
    WORKER.with_borrow_mut(|running| {
        if running.is_none() {
            *running = started(dispatch);
        }
        let Some(running) = running.as_mut().filter(|it| it.speaks != speaks) else {
            return;
        };
        running.speaks = speaks;
        let chinese = i18n::laboratory_in_chinese().filter(|_| speaks == Some(i18n::Lang::Zh));
        running.post(&Ask::Speak(chinese.map(str::to_owned)));
    });
}

fn started(dispatch: &Dispatch) -> Option<Running> {
    let start = START.with_borrow(Option::clone)?;
    let worker = start.call0(&wasm_bindgen::JsValue::UNDEFINED).ok();
    let worker: Worker = worker?.dyn_into().ok()?;
    let to = dispatch.clone();
    let hears = Closure::<dyn FnMut(Event)>::new(move |event: Event| hear(&event, &to));
    let to = dispatch.clone();
    let fails = Closure::<dyn FnMut(Event)>::new(move |_| fail("", &to));
    worker.set_onmessage(Some(hears.as_ref().unchecked_ref()));
    worker.set_onerror(Some(fails.as_ref().unchecked_ref()));
    Some(Running {
        worker,
        speaks: None,
        stops: None,
        _listeners: [hears, fails],
    })
}

impl Running {
    fn post(&self, ask: &Ask) {
        // It takes any bytes.
        let _ = self.worker.post_message(&Uint8Array::from(&*to_bytes(ask)));
    }
}

/// Asks, or says that nothing can be asked.
fn ask(ask: &Ask, dispatch: &Dispatch) {
    start(dispatch);
    let is_there = WORKER.with_borrow(|running| running.as_ref().map(|it| it.post(ask)).is_some());
    if !is_there {
        fail("", dispatch);
    }
}

/// Begins another search.
pub(crate) fn search(wanted: Wanted, dispatch: &Dispatch) {
    let (number, next) = LATEST.get();
    LATEST.set((number + 1, next));
    dispatch.dispatch(Action::Seek(Rc::new(wanted.clone())));
    ask(&Ask::Search(number + 1, wanted), dispatch);
}

/// Pauses the search, or has it go on.
pub(crate) fn pause(pauses: bool, dispatch: &Dispatch) {
    ask(if pauses { &Ask::Pause } else { &Ask::GoOn }, dispatch);
}

/// Stops the search with what it has found; one that does not answer is ended without.
pub(crate) fn stop(dispatch: &Dispatch) {
    ask(&Ask::Stop, dispatch);
    let to = dispatch.clone();
    let stops = Timeout::new(PATIENCE_MS, move || {
        end();
        to.dispatch(Action::SearchFailed(texts().find_ended().into()));
    });
    WORKER.with_borrow_mut(|running| {
        if let Some(running) = running {
            running.stops = Some(stops);
        }
    });
}

/// A run as a script from which a search can go on.
///
/// # Errors
///
/// Why there is none, in the user's language.
pub(crate) fn saved(run: &Run) -> Result<String, String> {
    match run.header().is_recording() {
        true => Err(texts().recording_only().to_owned()),
        false => Script::save(run).map_err(|error| error.tell(lang())),
    }
}

/// Asks what could happen next at the end of a run.
pub(crate) fn next(run: &Run, dispatch: &Dispatch) {
    let (search, number) = LATEST.get();
    LATEST.set((search, number + 1));
    match saved(run) {
        Ok(script) => ask(&Ask::Next(number + 1, script), dispatch),
        Err(why) => {
            let answer = Answer::Next(number + 1, Err(why));
            dispatch.dispatch(Action::Answered(Rc::new(answer)));
        }
    }
}

/// Opens what was found as a lesson, then does something.
pub(crate) fn open(lesson: &Lesson, dispatch: &Dispatch, then: impl FnOnce(&Dispatch) + 'static) {
    let (text, caption): (Rc<str>, _) = (lesson.script.as_str().into(), lesson.caption);
    let (to, script) = (dispatch.clone(), Rc::clone(&text));
    for_script(&text, dispatch, move || {
        match Script::parse_with(&script, &*library()) {
            Ok(read) => to.dispatch(Action::Open(LoadedRun {
                caption: Some(caption),
                ..LoadedRun::as_tour(read, Source::Search(script))
            })),
            Err(errors) => {
                let why = errors.first().map(|it| it.advice(lang()));
                return to.dispatch(Action::Refuse(why.unwrap_or_default().into()));
            }
        }
        then(&to);
    });
}

/// Takes a message of the worker: an answer, or why it cannot go on.
fn hear(event: &Event, dispatch: &Dispatch) {
    let Some(data) = event.dyn_ref::<MessageEvent>().map(MessageEvent::data) else {
        return;
    };
    if let Some(why) = data.as_string() {
        return fail(&why, dispatch);
    }
    let Ok(bytes) = data.dyn_into::<Uint8Array>() else {
        return;
    };
    let Ok(answer) = from_bytes::<Answer>(&bytes.to_vec()) else {
        return;
    };
    let (search, next) = LATEST.get();
    let is_late = match &answer {
        Answer::Bounds(_) => false,
        Answer::Search(number, _) => *number != search,
        Answer::Next(number, _) => *number != next,
    };
    if let Answer::Search(_, Stage::Over(_)) = answer {
        WORKER.with_borrow_mut(|running| running.as_mut().map(|it| it.stops.take()));
    }
    if !is_late {
        dispatch.dispatch(Action::Answered(Rc::new(answer)));
    }
}

/// The worker cannot be used any more; the next that is asked starts another.
fn fail(why: &str, dispatch: &Dispatch) {
    end();
    dispatch.dispatch(Action::SearchFailed(
        texts().find_failed(why).trim_end().into(),
    ));
}

fn end() {
    if let Some(running) = WORKER.take() {
        running.worker.terminate();
        // It may be one of its listeners that calls this.
        Timeout::new(0, move || drop(running)).forget();
    }
}

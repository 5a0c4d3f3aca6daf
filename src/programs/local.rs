//! The interpreter, compiled in.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use hustings_programs::lines::Recording;
use hustings_programs::{Programs, RecordingError, SHIPPED};
use js_sys::Function;

use super::Recorded;

/// What reads programs.
pub(super) type Interpreter = Rc<hustings_programs::Interpreter>;

thread_local! {
    /// The programs.
    pub(super) static PROGRAMS: RefCell<Option<Rc<Programs<Interpreter>>>> = {
        let programs = Programs::new(Interpreter::default(), Cow::Borrowed(SHIPPED));
        RefCell::new(Some(Rc::new(programs)))
    };
}

/// Opens a recording.
pub(super) fn open_recording(
    text: &Rc<str>,
    _: &Programs<Interpreter>,
) -> Result<Recorded, RecordingError> {
    let recording = Recording::read(text)?;
    Ok(Recorded {
        programs: recording.programs(text),
        script: recording.script,
    })
}

/// There is nothing to load.
pub(super) fn prepare(_: Function) {}

/// It is there.
pub(super) fn load(then: impl FnOnce(bool) + 'static) {
    then(true);
}

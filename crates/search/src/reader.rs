//! Reads the scripts that a page sends, and plays them.

use std::rc::Rc;

use hustings_lab::narrate::{Lang, Tell};
use hustings_lab::script::ScriptError;
use hustings_lab::{Condition, Library, Run, Script};

use crate::texts::texts;

/// What reads scripts, with programs and in a language. Errors are sentences.
pub(crate) struct Reader {
    pub library: Rc<dyn Library>,
    pub lang: Lang,
}

impl Reader {
    /// A script.
    pub fn script(&self, text: &str) -> Result<Script, String> {
        Script::parse_with(text, &*self.library).map_err(|errors| {
            let first = errors.first().map(|it: &ScriptError| it.advice(self.lang));
            first.unwrap_or_default()
        })
    }

    /// The run of a script, without its steps if the servers are to have just started.
    pub fn play(&self, mut script: Script, standing_start: bool) -> Result<Run, String> {
        if standing_start {
            script.steps.clear();
        }
        let outcome = script.run().map_err(|error| error.tell(self.lang))?;
        match outcome.stopped {
            true => Err(texts(self.lang).not_at_end().to_owned()),
            false => Ok(outcome.run),
        }
    }

    /// A condition on a run.
    pub fn condition(&self, text: &str, run: &Run) -> Result<Condition, String> {
        let read = Condition::parse(text, run.ids());
        read.map_err(|error| error.advice(self.lang))
    }
}

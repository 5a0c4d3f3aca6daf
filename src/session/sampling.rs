//! A sample of many runs, which goes on elsewhere (`crate::sampling`): what was asked for, and what
//! has come of it.

use std::rc::Rc;

use hustings_search::wire::Answer;
use hustings_search::wire::sampling::{Form, Outcome, Stage, Wanted};

use super::Session;
use crate::i18n::texts;

/// What is known of a sample: the latest answer of each kind.
#[derive(Clone, Default, Debug)]
pub struct Sampling {
    form: Option<Rc<Answer>>,
    wanted: Option<Rc<Wanted>>,
    sampled: Option<Rc<Answer>>,
    failed: Option<Rc<str>>,
}

impl Sampling {
    /// What the form says, once it is known.
    pub fn form(&self) -> Option<&Form> {
        match self.form.as_deref() {
            Some(Answer::SampleForm(form)) => Some(form),
            _ => None,
        }
    }

    /// What was asked for last.
    pub fn wanted(&self) -> Option<&Wanted> {
        self.wanted.as_deref()
    }

    /// How the sample stands, as it was answered last.
    pub fn stage(&self) -> Option<&Stage> {
        match self.sampled.as_deref() {
            Some(Answer::Sample(_, stage)) => Some(stage),
            _ => None,
        }
    }

    /// Why it cannot go on. What had come of it stays.
    pub fn failed(&self) -> Option<&str> {
        self.failed.as_deref()
    }

    /// What has come of it so far.
    pub fn outcome(&self) -> Option<&Outcome> {
        match self.stage()? {
            Stage::Going(outcome) | Stage::Stopped(outcome) | Stage::Over(outcome) => Some(outcome),
            Stage::Refused(_) => None,
        }
    }

    /// Whether it was asked for and is not over.
    pub fn is_going(&self) -> bool {
        let is_over = self.failed.is_some()
            || matches!(
                self.stage(),
                Some(Stage::Refused(_) | Stage::Stopped(_) | Stage::Over(_))
            );
        self.wanted.is_some() && !is_over
    }
}

impl Session {
    /// What is known of a sample.
    pub fn sampling(&self) -> &Rc<Sampling> {
        &self.sampling
    }

    pub(super) fn begin_sample(&mut self, wanted: Rc<Wanted>) {
        let sampling = Rc::make_mut(&mut self.sampling);
        sampling.wanted = Some(wanted);
        (sampling.sampled, sampling.failed) = (None, None);
    }

    /// Keeps what was answered about a sample.
    pub(super) fn keep_sampled(&mut self, answer: Rc<Answer>) {
        let sampling = Rc::make_mut(&mut self.sampling);
        let was_going = sampling.is_going();
        match &*answer {
            Answer::SampleForm(_) => sampling.form = Some(answer),
            Answer::Sample(_, stage) => {
                let is_over = matches!(**stage, Stage::Over(_));
                sampling.failed = None;
                sampling.sampled = Some(answer);
                if is_over && was_going {
                    self.notify(texts().sample_over());
                }
            }
            _ => {}
        }
    }

    pub(super) fn fail_sample(&mut self, why: Rc<str>) {
        Rc::make_mut(&mut self.sampling).failed = Some(why);
    }
}

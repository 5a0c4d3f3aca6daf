//! A search for a run, which goes on elsewhere (`crate::searching`): what was asked for, how far
//! it has come, and what could happen next at the shown moment.

use std::rc::Rc;

use hustings_lab::Header;
use hustings_search::wire::{Answer, Bound, Lesson, Next, Stage, Wanted};

use super::{Session, WhatIf};
use crate::i18n::texts;

/// What is known of a search for a run: the latest answer of each kind.
#[derive(Clone, Default, Debug)]
pub struct Finding {
    bounds: Option<Rc<Answer>>,
    wanted: Option<Rc<Wanted>>,
    otherwise: Option<WhatIf>,
    sought: Option<Rc<Answer>>,
    next: Option<Rc<Answer>>,
    soon: Option<Rc<Answer>>,
    failed: Option<Rc<str>>,
}

/// How the latest search stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sought<'a> {
    /// It was asked for, and there is no answer yet.
    Asked,
    /// As it was answered last.
    At(&'a Stage),
    /// It has failed, for this reason.
    Failed(&'a str),
}

impl Finding {
    /// The bounds that can be changed, once they are known.
    pub fn bounds(&self) -> &[Bound] {
        match self.bounds.as_deref() {
            Some(Answer::Bounds(bounds)) => bounds,
            _ => &[],
        }
    }

    /// What was asked for last.
    pub fn wanted(&self) -> Option<&Wanted> {
        self.wanted.as_deref()
    }

    /// How the search for that stands; `None` if there was none.
    pub fn sought(&self) -> Option<Sought<'_>> {
        match (self.sought.as_deref(), &self.failed) {
            (_, Some(why)) => Some(Sought::Failed(why)),
            (Some(Answer::Search(_, stage)), None) => Some(Sought::At(stage)),
            _ => self.wanted.as_ref().map(|_| Sought::Asked),
        }
    }

    /// Whether a search is under way.
    pub fn is_going(&self) -> bool {
        matches!(
            self.sought(),
            Some(Sought::Asked | Sought::At(Stage::Going(_) | Stage::Paused(_)))
        )
    }

    /// What was found.
    pub fn lesson(&self) -> Option<&Lesson> {
        match self.sought()? {
            Sought::At(Stage::Over(over)) => over.lesson.as_ref(),
            _ => None,
        }
    }

    /// What can be put beside a run that it finds: the same with what is wrong in it mended.
    pub fn otherwise(&self) -> Option<&WhatIf> {
        self.otherwise.as_ref()
    }

    /// What could happen next, or why that cannot be said; `None` as long as it is not known.
    pub fn next(&self) -> Option<&Result<Next, String>> {
        match self.next.as_deref() {
            Some(Answer::Next(_, next)) => Some(next),
            _ => None,
        }
    }

    /// How often a leader comes soon at the same moment; `None` as long as it is not known.
    pub fn soon(&self) -> Option<&str> {
        match self.soon.as_deref() {
            Some(Answer::Soon(_, told)) => Some(told),
            _ => None,
        }
    }
}

/// What is otherwise when what is wrong with the servers is mended.
fn mended(header: &Header) -> Option<WhatIf> {
    let offers = WhatIf::offers(header).into_iter();
    let mut mends = offers.filter(|it| matches!(it, WhatIf::Mended | WhatIf::Raft));
    mends.next()
}

impl Session {
    /// What is known of a search for a run.
    pub fn finding(&self) -> &Rc<Finding> {
        &self.finding
    }

    pub(super) fn seek(&mut self, wanted: Rc<Wanted>) {
        let otherwise = mended(self.run.header());
        let finding = Rc::make_mut(&mut self.finding);
        finding.wanted = Some(wanted);
        finding.otherwise = otherwise;
        (finding.sought, finding.failed) = (None, None);
    }

    pub(super) fn take_answer(&mut self, answer: Rc<Answer>) {
        let finding = Rc::make_mut(&mut self.finding);
        let is_over = matches!(&*answer, Answer::Search(_, Stage::Over(_)));
        let latest = match &*answer {
            Answer::Bounds(_) => &mut finding.bounds,
            Answer::Search(..) => &mut finding.sought,
            Answer::Next(..) => {
                finding.soon = None;
                &mut finding.next
            }
            Answer::Soon(..) => &mut finding.soon,
            _ => return self.keep_sampled(answer),
        };
        *latest = Some(answer);
        if is_over {
            self.notify(texts().find_over());
        }
    }

    /// What was found stays.
    pub(super) fn end_seeking(&mut self, why: Rc<str>) {
        let finding = Rc::make_mut(&mut self.finding);
        let answer = Answer::Next(0, Err(why.to_string()));
        (finding.next, finding.soon) = (Some(Rc::new(answer)), None);
        if finding.is_going() {
            finding.failed = Some(why);
        }
    }
}

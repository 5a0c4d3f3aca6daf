//! The script of the run: as it was played, or as the run so far would be written; and as
//! the user has changed it.

use std::rc::Rc;

use hustings_lab::narrate::{self, Tell};
use hustings_lab::play::{Failure, Fault};
use hustings_lab::script::place_of_source;
use hustings_lab::{Command, Condition, RecordId, Run, RunPosition, Script};

use super::{Code, Notice, Selection, Session, script_of};
use crate::i18n::{lang, texts};

/// A script that was played, and what came of it.
#[derive(Clone, PartialEq, Debug)]
pub struct PlayedScript {
    /// Its text.
    pub text: Rc<str>,
    /// The lines that failed, in order.
    pub failures: Vec<Failure>,
    /// The number of expectations checked.
    pub expectations: usize,
    /// Its lines, each from the record on that came first.
    pub lines: Vec<(RecordId, usize)>,
}

impl PlayedScript {
    /// What failed first in a run of it: a line, but not a goal or an invariant, which the run
    /// itself shows; or a program that it carries.
    pub fn first_failure(&self, run: &Run) -> Option<FailedLine> {
        let mut lines = self.failures.iter();
        let line = lines.find(|it| !matches!(it.fault, Fault::Violated(_) | Fault::GoalNotMet(_)));
        let line = line.map(|it| FailedLine {
            line: it.at.line,
            when: it.when,
            why: it.tell(lang()),
        });
        let program = run.program_failures().find_map(|it| {
            let at = place_of_source(&self.text, it.program.name(), it.place()?)?;
            Some(FailedLine {
                line: at.line,
                when: RunPosition {
                    records: it.id.0 + 1,
                    time: it.record.at,
                },
                why: narrate::event(&it.record.event, lang()),
            })
        });
        let failed = line.into_iter().chain(program);
        failed.min_by_key(|it| it.when.records)
    }

    /// The line whose command made a record.
    pub fn line_of(&self, record: RecordId) -> Option<usize> {
        let after = self.lines.partition_point(|(first, _)| *first <= record);
        Some(self.lines.get(after.checked_sub(1)?)?.1)
    }

    /// The last record of a line, if its command made any; `count` is the number of records.
    pub fn end_of(&self, line: usize, count: usize) -> Option<RecordId> {
        let index = self.lines.iter().rposition(|(_, it)| *it == line)?;
        let (first, _) = self.lines.get(index)?;
        let end = self.lines.get(index + 1).map_or(count, |(next, _)| next.0);
        (end > first.0).then(|| RecordId(end - 1))
    }
}

/// A line that failed, when and why.
#[derive(Clone, PartialEq, Debug)]
pub struct FailedLine {
    /// Its number, from 1.
    pub line: usize,
    /// The position of the run then.
    pub when: RunPosition,
    /// Why, in the user's language.
    pub why: String,
}

/// What the user has written and not played yet.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Drafts {
    /// The changed script.
    pub script: Option<Rc<str>>,
    /// A script that is not shown.
    pub set_aside: Option<Rc<str>>,
    /// The name of a server's program, and its changed source.
    pub code: Option<(Rc<str>, Rc<str>)>,
}

/// The script that is shown.
#[derive(Clone, PartialEq, Debug)]
pub struct ShownScript {
    /// Its text.
    pub text: Rc<str>,
    /// What came of it; `None` as long as it is not played.
    pub played: Option<Rc<PlayedScript>>,
}

impl Session {
    /// Whether the script is shown in place of the events.
    pub fn shows_script(&self) -> bool {
        self.shows_script
    }

    /// Whether a changed script is kept, which is not shown.
    pub fn has_set_aside(&self) -> bool {
        self.set_aside.is_some()
    }

    /// The script that is shown.
    pub fn script(&self) -> ShownScript {
        match &self.draft {
            Some(text) => ShownScript {
                text: Rc::clone(text),
                played: None,
            },
            None => {
                let played = self.played_script();
                ShownScript {
                    text: Rc::clone(&played.text),
                    played: Some(played),
                }
            }
        }
    }

    /// The script from which the run was played, unless the user has changed the run;
    /// otherwise that of the branch.
    fn played_script(&self) -> Rc<PlayedScript> {
        if let Some(script) = self.script.as_ref().filter(|_| self.is_as_played()) {
            return Rc::clone(script);
        }
        let text = script_of(&self.tip);
        let text = text.unwrap_or_else(|error| format!("# {}", error.tell(lang())));
        Rc::new(PlayedScript {
            text: text.into(),
            failures: Vec::new(),
            expectations: 0,
            lines: Script::lines(&self.tip),
        })
    }

    /// Whether the shown branch is what a script has brought about.
    fn is_as_played(&self) -> bool {
        !self.touched && self.history.current() == 0
    }

    pub(super) fn toggle_script(&mut self) {
        let is_shown = self.shows_script && self.selected == Selection::Nothing;
        self.shows_script = !is_shown;
        if self.shows_script {
            self.show_script();
            self.pause();
        }
    }

    fn show_script(&mut self) {
        self.shows_script = true;
        self.shows_rules = false;
        self.hide_code();
        self.selected = Selection::Nothing;
        // Two futures take the place of the panel.
        self.beside = None;
    }

    pub(super) fn write(&mut self, text: Rc<str>) {
        let is_changed = self.played_script().text != text;
        self.draft = is_changed.then_some(text);
    }

    pub(super) fn open_draft(&mut self, text: Rc<str>) {
        self.set_aside = self.draft.take().or(self.set_aside.take());
        self.draft = Some(text);
        self.show_script();
    }

    pub(super) fn swap_draft(&mut self) {
        match self.draft.take() {
            Some(changed) => self.set_aside = Some(changed),
            None => self.draft = self.set_aside.take(),
        }
    }

    /// Stands where a line failed, with the script.
    pub(super) fn stand_at_failure(&mut self, failure: &FailedLine) {
        let when = failure.when;
        let last = RecordId(when.records.saturating_sub(1));
        if self.navigate_and_pause(|history| history.seek(last)) {
            self.clock = when.time.0 as f64;
        }
        self.show_script();
        let why = texts().line_failed(failure.line, &failure.why);
        self.notice = Some(Notice::Failed(why.into()));
    }

    /// Says whether a condition holds, as `expect` checks it after the last command.
    pub(super) fn check(&mut self, condition: &Condition) {
        let commands = self.run.commands().iter().zip(Script::lines(&self.run));
        let acts = |(command, _): &(&Command, _)| !matches!(command, Command::Note(_));
        let last = commands.filter(acts).last();
        let last = last.map_or(RecordId(0), |(_, (first, _))| first);
        match condition.check(&self.run, last) {
            Ok(()) => self.notify(texts().holds_now(condition)),
            Err(mismatch) => self.notice = Some(Notice::Failed(mismatch.tell(lang()).into())),
        }
    }

    /// What the user has written and not played yet. Of a script that was played as it
    /// stands, the run has neither comments nor expectations, so it is among it.
    pub fn drafts(&self) -> Drafts {
        let written = self.script.as_ref().filter(|_| self.is_as_played());
        let written = written.map(|script| Rc::clone(&script.text));
        Drafts {
            script: self.draft.clone(),
            set_aside: self.set_aside.clone().or(written),
            code: self.code.draft().cloned(),
        }
    }

    /// With what was written in the last visit.
    #[must_use]
    pub fn with_drafts(mut self, drafts: Drafts) -> Self {
        (self.draft, self.set_aside) = (drafts.script, drafts.set_aside);
        self.code = Rc::new(Code::of_draft(drafts.code));
        self
    }

    /// Without a run that plays: that of the last visit is opened later, and stays stored.
    #[must_use]
    pub fn waiting_for_last_visit(mut self) -> Self {
        self.playing = false;
        self.last_visit_waits = true;
        self
    }
}

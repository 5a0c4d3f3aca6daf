//! Applying the user's commands, and changing the history.

use std::rc::Rc;

use hustings_lab::narrate::Tell;
use hustings_lab::play::Fault;
use hustings_lab::{Branch, Command, History, HistoryError, RecordId, Run, Transcript, narrate};
use hustings_raft::NodeId;

use super::work::Played;
use super::{Breakpoint, Notice, Selection, Session};
use crate::i18n::{lang, texts};

/// A command is looked through for breakpoints at lines if it has made so few records.
const SHORT: usize = 20;

impl Session {
    pub(super) fn request(&mut self, server: NodeId) {
        let command = self.next_request().into();
        self.act(vec![Command::Propose { server, command }]);
    }

    /// What a client asks for next.
    fn next_request(&self) -> String {
        format!("x={}", self.requests + 1)
    }

    /// Advances to the time on the clock and carries out commands: all of them or, if one
    /// is refused, none, and then time has not advanced either. A breakpoint on the way
    /// prevents it.
    pub(super) fn act(&mut self, commands: Vec<Command>) {
        let mut history = Rc::clone(&self.history);
        let (clock, advanced) = (self.whole_clock(), Rc::make_mut(&mut history));
        match self.breakpoints.pass_time(advanced, clock) {
            Err(error) => self.refuse(&error),
            Ok(Some(number)) => {
                let transcript = Rc::clone(&self.transcript);
                self.adopt(history, transcript);
                self.stop_at(number);
            }
            Ok(None) => match advanced.check_room() {
                Err(error) => self.refuse(&error),
                Ok(()) => self.carry_out(commands, Rc::unwrap_or_clone(history)),
            },
        }
    }

    /// Shows what came of the user's commands, unless one was refused.
    pub(super) fn end_act(&mut self, played: Played, transcript: Rc<Transcript>, before: &Run) {
        for failure in &played.failures {
            match &failure.fault {
                Fault::Refused(error) => {
                    self.refuse(error);
                    return;
                }
                missed @ Fault::NotReached(_) => self.notify(texts().missed(missed.tell(lang()))),
                _ => {}
            }
        }
        self.adopt(Rc::new(played.run), transcript);
        self.clock = self.clock.max(self.run.now().0 as f64);
        (self.touched, self.pace) = (true, 0.0);
        let asked = match self.run.commands().last() {
            Some(Command::Propose { command, .. }) => **command == *self.next_request(),
            _ => false,
        };
        self.requests += u32::from(asked);
        let first = RecordId(before.records().len());
        let is_short = self.run.records().len() <= first.0 + SHORT;
        let looks = self.playing && is_short;
        let line = looks.then(|| self.breakpoints.line_since(&self.history, first));
        self.stop_if_hit(before, line.flatten().map(|(number, _)| number));
    }

    /// Pauses if a breakpoint was hit since `before` while playing, or that at a line;
    /// returns whether it was.
    pub(super) fn stop_if_hit(&mut self, before: &Run, line: Option<usize>) -> bool {
        let hit = self.breakpoints.hit_between(before, &self.run);
        let hit = hit.or(line).filter(|_| self.playing);
        hit.map(|number| self.stop_at(number)).is_some()
    }

    pub(super) fn stop_at(&mut self, number: usize) {
        self.pause();
        let Some(breakpoint) = self.breakpoints.get(number).cloned() else {
            return;
        };
        let mut told = texts().stopped_at(breakpoint.describe());
        let violations = self.run.violations();
        let latest = violations.last();
        if let Some(latest) = latest.filter(|_| breakpoint == Breakpoint::Violation) {
            told = texts().sentences(told, narrate::violation(latest, lang()));
            // The inspector shows which invariant, with the evidence.
            self.selected = Selection::Record(latest.record);
        }
        self.notify(told);
    }

    /// Changes the history. On error it stays as it was, and the notice shows the reason.
    pub(super) fn attempt<T>(
        &mut self,
        change: impl FnOnce(&mut History) -> Result<T, HistoryError>,
    ) -> Option<T> {
        let mut history = Rc::clone(&self.history);
        match change(Rc::make_mut(&mut history)) {
            Ok(done) => {
                let transcript = Rc::clone(&self.transcript);
                self.adopt(history, transcript);
                Some(done)
            }
            Err(error) => {
                self.refuse(&error);
                None
            }
        }
    }

    /// Takes over a changed history, with its transcript or one to go on from.
    fn adopt(&mut self, history: Rc<History>, transcript: Rc<Transcript>) {
        let branched = history.branches().len() > self.history.branches().len();
        self.history = history;
        self.transcript = transcript;
        self.refresh();
        if branched {
            self.notify_of_branch();
        }
    }

    pub(super) fn notify_of_branch(&mut self) {
        let branches = self.history.branches();
        let names = branches.last().and_then(|new| {
            let old = branches.get(new.fork()?.from)?;
            let told = |branch: &Branch| narrate::branch(branch.name(), lang());
            Some((told(new), told(old)))
        });
        if let Some((new, old)) = names {
            self.notify(texts().branch_began(new, old));
        }
    }

    pub(super) fn refuse(&mut self, error: &dyn Tell) {
        self.notice = Some(Notice::Refused(error.tell(lang()).into()));
    }

    /// Shows a message, after what this action has shown already.
    pub(super) fn notify(&mut self, what: impl Into<Rc<str>>) {
        let what = what.into();
        self.notice = Some(Notice::Info(match self.notice.take() {
            Some(Notice::Info(before)) => texts().sentences(before, what).into(),
            _ => what,
        }));
    }

    /// Updates what is derived from the history.
    pub(super) fn refresh(&mut self) {
        self.run = Rc::clone(self.history.run());
        let branch = self.history.branches().get(self.history.current());
        let tip = branch.map_or(&self.run, |branch| branch.tip());
        self.tip = Rc::clone(tip);
        Rc::make_mut(&mut self.transcript).follow(&self.tip);
        let branch = (self.history_number, self.history.current());
        if !self.notes.are_of(branch, &self.tip) {
            Rc::make_mut(&mut self.notes).follow(branch, &self.tip);
        }
    }
}

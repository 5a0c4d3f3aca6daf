//! Applying the user's commands, and changing the history.

use std::rc::Rc;

use hustings_lab::narrate::Tell;
use hustings_lab::play::Fault;
use hustings_lab::{Branch, Command, History, HistoryError, Mismatch, Run, narrate};
use hustings_raft::NodeId;

use super::{Breakpoint, Notice, Selection, Session};
use crate::i18n::{lang, texts};

/// The outcome of applying the user's commands.
enum Acted {
    /// This breakpoint was hit before them, so they were not applied.
    Stopped(usize),
    /// They were applied.
    Done {
        /// The run just before.
        before: Rc<Run>,
        /// A goal of `run until` that was not reached.
        missed: Option<Mismatch>,
    },
}

impl Session {
    pub(super) fn request(&mut self, server: NodeId) {
        let number = self.requests + 1;
        let command = format!("x={number}").into();
        if self.act(vec![Command::Propose { server, command }]) {
            self.requests = number;
        }
    }

    /// Advances to the time on the clock and applies commands: all of them or, if one is
    /// refused, none, and then time has not advanced either. Returns whether they were
    /// applied; a breakpoint on the way prevents it.
    pub(super) fn act(&mut self, commands: Vec<Command>) -> bool {
        let (clock, breakpoints) = (self.whole_clock(), Rc::clone(&self.breakpoints));
        let acted = self.attempt(|history| {
            if let Some(number) = breakpoints.pass_time(history, clock)? {
                return Ok(Acted::Stopped(number));
            }
            let (before, mut missed) = (Rc::clone(history.run()), None);
            for command in commands {
                let reached = history.apply(command.clone())?.reached;
                if let (Command::RunUntil { goal, within }, false) = (command, reached) {
                    missed = Some(Mismatch::not_reached(&goal, within, history.run()));
                }
            }
            Ok(Acted::Done { before, missed })
        });
        match acted {
            None => false,
            Some(Acted::Stopped(number)) => {
                self.stop_at(number);
                false
            }
            Some(Acted::Done { before, missed }) => {
                self.clock = self.clock.max(self.run.now().0 as f64);
                (self.touched, self.pace) = (true, 0.0);
                if let Some(missed) = missed {
                    self.notify(texts().missed(Fault::NotReached(missed).tell(lang())));
                }
                self.stop_if_hit(&before);
                true
            }
        }
    }

    /// Pauses if a breakpoint was hit since `before` while playing; returns whether it was.
    pub(super) fn stop_if_hit(&mut self, before: &Run) -> bool {
        let hit = self.breakpoints.hit_between(before, &self.run);
        let hit = hit.filter(|_| self.playing);
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
                let branched = history.branches().len() > self.history.branches().len();
                self.history = history;
                self.refresh();
                if branched {
                    self.notify_of_branch();
                }
                Some(done)
            }
            Err(error) => {
                self.refuse(&error);
                None
            }
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

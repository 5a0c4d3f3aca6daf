//! Runs that were shown before. Starting over, or opening another run, keeps the one that
//! was there; undo brings it back.

use std::rc::Rc;

use hustings_lab::{Command, History, Run, RunPosition};

use super::{PlayedScript, Selection, Session};
use crate::i18n::texts;

/// A run that was shown, with its branches and the position in it.
#[derive(Clone)]
pub struct KeptRun {
    history: Rc<History>,
    clock: f64,
    requests: u32,
    touched: bool,
    script: Option<Rc<PlayedScript>>,
}

type Runs = Vec<KeptRun>;

/// The runs before the one that is shown, and those after it, from which undo came back.
#[derive(Clone, Default)]
pub struct KeptRuns {
    before: Runs,
    /// The next one last.
    after: Runs,
}

impl KeptRun {
    /// The run at the position that was shown.
    pub fn run(&self) -> &Run {
        self.history.run()
    }

    /// The number of its branches.
    pub fn branches(&self) -> usize {
        self.history.branches().len()
    }

    /// Whether somebody did something to it, now or when its script was written. If only
    /// time has passed, it is played again as easily as it is kept.
    fn is_worth_keeping(&self) -> bool {
        let by_hand = |command: &Command| !command.passes_time();
        self.touched || self.run().commands().iter().any(by_hand)
    }
}

impl KeptRuns {
    /// The most runs that are kept.
    pub const MAX: usize = 10;

    /// All of them, in the order in which they were shown.
    pub fn iter(&self) -> impl Iterator<Item = &KeptRun> {
        self.before.iter().chain(self.after.iter().rev())
    }

    /// Keeps a run as the latest; returns whether it was worth it.
    fn add(&mut self, run: KeptRun) -> bool {
        self.before.extend(self.after.drain(..).rev());
        self.before.push(run);
        self.before.retain(KeptRun::is_worth_keeping);
        while self.before.len() > Self::MAX {
            // A run that was only opened can be opened again.
            let opened = self.before.iter().position(|kept| !kept.touched);
            self.before.remove(opened.unwrap_or(0));
        }
        !self.before.is_empty()
    }

    fn take(&mut self, number: usize) -> Option<KeptRun> {
        self.before.extend(self.after.drain(..).rev());
        (number < self.before.len()).then(|| self.before.remove(number))
    }
}

impl Session {
    /// The runs that were shown before.
    pub fn kept(&self) -> &KeptRuns {
        &self.kept
    }

    fn shown(&self) -> KeptRun {
        KeptRun {
            history: Rc::clone(&self.history),
            clock: self.clock,
            requests: self.requests,
            touched: self.touched,
            script: self.script.clone(),
        }
    }

    /// Shows another history, played from a script if there is one, and keeps the one that is
    /// shown.
    pub(super) fn show(&mut self, history: Rc<History>, script: Option<Rc<PlayedScript>>) {
        let shown = self.shown();
        if Rc::make_mut(&mut self.kept).add(shown) {
            self.notify(texts().run_kept());
        }
        self.put_on(KeptRun {
            history,
            clock: 0.0,
            requests: 0,
            touched: false,
            script,
        });
    }

    /// Shows a kept run again, by its number.
    pub(super) fn bring_back(&mut self, number: usize) {
        let shown = self.shown();
        let kept = Rc::make_mut(&mut self.kept);
        if let Some(chosen) = kept.take(number) {
            kept.add(shown);
            self.put_on(chosen);
            self.pause_at(self.clock);
        }
    }

    /// Goes back by one command of the user; from a run to which the user has done
    /// nothing, or with nothing left to undo, to the run before.
    pub(super) fn undo(&mut self) {
        if !self.touched && self.go_to_run_before() {
            return;
        }
        if !self.go_in_history(History::undo) && !self.go_to_run_before() {
            self.notify(texts().nothing_to_undo());
        }
    }

    /// Goes forward again, by one command or to the run from which undo came back.
    pub(super) fn redo(&mut self) {
        let is_unmoved = self.arrived == Some(RunPosition::of(&self.run));
        if is_unmoved && self.go_to_run_after() {
            return;
        }
        if !self.go_in_history(History::redo) && !self.go_to_run_after() {
            self.notify(texts().nothing_to_redo());
        }
    }

    fn go_in_history(&mut self, change: fn(&mut History) -> bool) -> bool {
        let moved = change(Rc::make_mut(&mut self.history));
        self.refresh();
        self.pause();
        moved
    }

    fn go_to_run_before(&mut self) -> bool {
        let went = self.change_run(|kept| (&mut kept.before, &mut kept.after));
        if went {
            self.notify(texts().run_before());
        }
        went
    }

    fn go_to_run_after(&mut self) -> bool {
        self.change_run(|kept| (&mut kept.after, &mut kept.before))
    }

    /// Shows the nearest run on one side again, and keeps the shown one on the other.
    fn change_run(&mut self, sides: fn(&mut KeptRuns) -> (&mut Runs, &mut Runs)) -> bool {
        let shown = self.shown();
        let (from, to) = sides(Rc::make_mut(&mut self.kept));
        let Some(run) = from.pop() else {
            return false;
        };
        to.push(shown);
        self.put_on(run);
        self.pause_at(self.clock);
        true
    }

    fn put_on(&mut self, run: KeptRun) {
        self.history = run.history;
        self.clock = run.clock;
        self.requests = run.requests;
        self.touched = run.touched;
        self.script = run.script;
        self.history_number += 1;
        self.dwell_ms = 0.0;
        self.forget_questions();
        self.selected = Selection::Nothing;
        self.hovered = Selection::Nothing;
        self.refresh();
        self.arrived = Some(RunPosition::of(&self.run));
    }

    fn pause_at(&mut self, clock: f64) {
        self.pause();
        self.clock = clock;
    }
}

//! Runs that were shown before. Starting over, or opening another run, keeps the one that
//! was there; undo brings it back.

use std::cell::OnceCell;
use std::rc::Rc;

use hustings_lab::{Command, Header, History, RunPosition};
use hustings_raft::Millis;

use super::stored::{Shown, StoredRun, StoredVisit};
use super::{Action, PlayedScript, Selection, Session};
use crate::i18n::texts;

/// A run that was shown, with its branches and the position in it.
#[derive(Clone)]
pub(super) struct KeptRun {
    pub history: Rc<History>,
    pub clock: f64,
    pub requests: u32,
    pub touched: bool,
    pub script: Option<Rc<PlayedScript>>,
}

/// A run that is kept.
#[derive(Clone)]
pub struct Kept(State);

#[derive(Clone)]
enum State {
    /// One of this visit, and how it is stored.
    Shown(KeptRun, OnceCell<Rc<StoredRun>>),
    /// One of an earlier visit, which is not played yet.
    Stored(Rc<StoredRun>),
}

type Runs = Vec<Kept>;

/// One of the two sides of the shown run.
#[derive(Clone, Copy)]
enum Side {
    Before,
    After,
}

/// The runs before the one that is shown, and those after it, from which undo came back.
#[derive(Clone, Default)]
pub struct KeptRuns {
    before: Runs,
    /// The next one last.
    after: Runs,
}

impl KeptRun {
    /// What of it was shown.
    pub(super) fn shown(&self) -> Shown {
        let (run, tip) = (self.history.run(), self.history.is_at_tip());
        Shown {
            branch: self.history.current(),
            at: (!tip).then(|| RunPosition::of(run)),
            clock: Millis(self.clock as u64),
            requests: self.requests,
            touched: self.touched,
        }
    }

    /// Whether somebody did something to it, now or when its script was written. If only
    /// time has passed, it is played again as easily as it is kept.
    fn is_worth_keeping(&self) -> bool {
        let by_hand = |command: &Command| !command.passes_time();
        self.touched || self.history.run().commands().iter().any(by_hand)
    }
}

impl From<KeptRun> for Kept {
    fn from(run: KeptRun) -> Self {
        Self(State::Shown(run, OnceCell::new()))
    }
}

impl From<Rc<StoredRun>> for Kept {
    fn from(run: Rc<StoredRun>) -> Self {
        Self(State::Stored(run))
    }
}

impl Kept {
    /// The settings with which it started; without its programs if it is not played yet.
    pub fn header(&self) -> Header {
        match &self.0 {
            State::Shown(run, _) => run.history.run().header().clone(),
            State::Stored(run) => run.header(),
        }
    }

    /// The number of its branches.
    pub fn branches(&self) -> usize {
        match &self.0 {
            State::Shown(run, _) => run.history.branches().len(),
            State::Stored(run) => run.branches.len(),
        }
    }

    /// The time on its clock.
    pub fn clock(&self) -> Millis {
        match &self.0 {
            State::Shown(run, _) => Millis(run.clock as u64),
            State::Stored(run) => run.shown.clock,
        }
    }

    /// As it is stored.
    pub(super) fn stored(&self) -> Rc<StoredRun> {
        match &self.0 {
            State::Shown(run, stored) => {
                let store = || Rc::new(StoredRun::of(&run.history, run.shown()));
                Rc::clone(stored.get_or_init(store))
            }
            State::Stored(run) => Rc::clone(run),
        }
    }

    fn is_touched(&self) -> bool {
        match &self.0 {
            State::Shown(run, _) => run.touched,
            State::Stored(run) => run.shown.touched,
        }
    }

    fn is_worth_keeping(&self) -> bool {
        match &self.0 {
            State::Shown(run, _) => run.is_worth_keeping(),
            State::Stored(_) => true,
        }
    }
}

impl KeptRuns {
    /// The most runs that are kept.
    pub const MAX: usize = 10;

    /// All of them, in the order in which they were shown.
    pub fn iter(&self) -> impl Iterator<Item = &Kept> {
        self.before.iter().chain(self.after.iter().rev())
    }

    /// Keeps a run as the latest; returns whether it was worth it.
    fn add(&mut self, run: KeptRun) -> bool {
        self.before.extend(self.after.drain(..).rev());
        self.before.push(run.into());
        self.before.retain(Kept::is_worth_keeping);
        while self.before.len() > Self::MAX {
            // A run that was only opened can be opened again.
            let opened = self.before.iter().position(|kept| !kept.is_touched());
            self.before.remove(opened.unwrap_or(0));
        }
        !self.before.is_empty()
    }

    /// Keeps a run in place of one of the others, as the latest.
    fn exchange(&mut self, number: usize, run: KeptRun) {
        self.before.extend(self.after.drain(..).rev());
        self.before.remove(number);
        self.add(run);
    }

    /// Puts a run that has been played in place of the stored one.
    fn replace(&mut self, stored: &Rc<StoredRun>, run: KeptRun) {
        let mut all = self.before.iter_mut().chain(&mut self.after);
        let is_it = |it: &&mut Kept| matches!(&it.0, State::Stored(it) if Rc::ptr_eq(it, stored));
        if let Some(place) = all.find(is_it) {
            *place = run.into();
        }
    }

    fn side(&mut self, side: Side) -> (&mut Runs, &mut Runs) {
        match side {
            Side::Before => (&mut self.before, &mut self.after),
            Side::After => (&mut self.after, &mut self.before),
        }
    }
}

impl Session {
    /// The runs that were shown before.
    pub fn kept(&self) -> &KeptRuns {
        &self.kept
    }

    pub(super) fn shown(&self) -> KeptRun {
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
        let chosen = self.kept.iter().nth(number).cloned();
        match chosen.map(|it| it.0) {
            None => {}
            Some(State::Stored(run)) => self.play_kept(run, Action::BringBack(number)),
            Some(State::Shown(run, _)) => {
                let shown = self.shown();
                Rc::make_mut(&mut self.kept).exchange(number, shown);
                self.put_on(run);
                self.pause_at_clock();
            }
        }
    }

    /// Keeps a run that was stored and has been played.
    pub(super) fn keep_played(&mut self, stored: &Rc<StoredRun>, run: KeptRun) {
        Rc::make_mut(&mut self.kept).replace(stored, run);
    }

    /// Keeps the runs of the last visit, and shows the one that was shown then.
    pub(super) fn show_last_visit(&mut self, visit: &StoredVisit, run: KeptRun) {
        let shown = self.shown();
        let is_worth_keeping = shown.is_worth_keeping();
        let kept = Rc::make_mut(&mut self.kept);
        let count = visit.runs.len().saturating_sub(1);
        let earlier = visit.runs.iter().take(count).cloned().map(Kept::from);
        drop(kept.before.splice(..0, earlier));
        kept.add(shown);
        if is_worth_keeping {
            self.notify(texts().run_kept());
        }
        if visit.left_out > 0 {
            self.notify(texts().last_visit_shorter(visit.left_out));
        }
        let has_begun = run.touched || !run.history.run().commands().is_empty();
        self.put_on(run);
        if has_begun {
            self.pause_at_clock();
        } else {
            self.playing = !self.is_calm;
        }
    }

    /// Goes back by one command of the user; from a run to which the user has done
    /// nothing, or with nothing left to undo, to the run before.
    pub(super) fn undo(&mut self) {
        if !self.touched && self.go_to_run(Side::Before) {
            return;
        }
        if !self.go_in_history(History::undo) && !self.go_to_run(Side::Before) {
            self.notify(texts().nothing_to_undo());
        }
    }

    /// Goes forward again, by one command or to the run from which undo came back.
    pub(super) fn redo(&mut self) {
        let is_unmoved = self.arrived == Some(RunPosition::of(&self.run));
        if is_unmoved && self.go_to_run(Side::After) {
            return;
        }
        if !self.go_in_history(History::redo) && !self.go_to_run(Side::After) {
            self.notify(texts().nothing_to_redo());
        }
    }

    fn go_in_history(&mut self, change: fn(&mut History) -> bool) -> bool {
        let moved = change(Rc::make_mut(&mut self.history));
        self.refresh();
        self.pause();
        moved
    }

    /// Shows the nearest run on one side again, and keeps the shown one on the other; returns
    /// whether there is one.
    fn go_to_run(&mut self, side: Side) -> bool {
        let shown = self.shown();
        let (from, to) = Rc::make_mut(&mut self.kept).side(side);
        let (again, told) = match side {
            Side::Before => (Action::Undo, Some(texts().run_before())),
            Side::After => (Action::Redo, None),
        };
        match from.last().cloned().map(|it| it.0) {
            None => return false,
            Some(State::Stored(run)) => self.play_kept(run, again),
            Some(State::Shown(run, _)) => {
                from.pop();
                to.push(shown.into());
                self.put_on(run);
                self.pause_at_clock();
                told.into_iter().for_each(|it| self.notify(it));
            }
        }
        true
    }

    fn put_on(&mut self, run: KeptRun) {
        self.history = run.history;
        self.clock = run.clock;
        self.requests = run.requests;
        self.touched = run.touched;
        self.script = run.script;
        self.history_number += 1;
        self.shows_story = false;
        self.dwell_ms = 0.0;
        self.forget_questions();
        self.selected = Selection::Nothing;
        self.hovered = Selection::Nothing;
        self.refresh();
        self.arrived = Some(RunPosition::of(&self.run));
    }

    /// Pauses, though later than the last event.
    fn pause_at_clock(&mut self) {
        let clock = self.clock;
        self.pause();
        self.clock = self.clock.max(clock);
    }
}

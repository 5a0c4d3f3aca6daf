//! What may take longer than one task of the browser: commands of the user, and runs that
//! are opened. It is done in a copy of the history, a part at a time; until all of it is
//! done, the session is as it was before.

use std::collections::VecDeque;
use std::rc::Rc;

use hustings_lab::narrate::Tell as _;
use hustings_lab::play::{Outcome, Player};
use hustings_lab::script::{Line, Script, Span, Step};
use hustings_lab::{Command, History, Run, Transcript};
use hustings_raft::Millis;

use super::recorded::strays;
use super::stored::{StoredBranch, StoredRun, StoredVisit};
use super::{Action, Beside, LoadedRun, Notice, Session};
use crate::files::first_of;
use crate::i18n::{lang, texts};
use crate::moment::moment;
use crate::programs::{library, open_recording};

/// So many records are made at a time, which takes a few milliseconds.
const RECORDS_AT_ONCE: usize = 2_000;

/// What is being done.
#[derive(Clone)]
pub struct Work {
    /// The lines that are played.
    script: Rc<Script>,
    doing: Doing,
    transcript: Transcript,
    purpose: Purpose,
}

#[derive(Clone)]
enum Doing {
    /// Lines are played.
    Playing {
        player: Box<Player<History>>,
        /// The branches that are still to be played.
        branches: VecDeque<StoredBranch>,
    },
    /// All is played; what is to be told of it is found out.
    Telling(Box<Played>),
}

#[derive(Clone)]
enum Purpose {
    /// The user's commands, at this run.
    Act(Rc<Run>),
    /// A run is opened.
    Open(LoadedRun),
    /// The runs of the last visit are kept, and the last of them is shown.
    Restore(Rc<StoredVisit>, Rc<StoredRun>),
    /// A run of the last visit is kept and, by that action, shown.
    BringBack(Rc<StoredRun>, Box<Action>),
}

impl Work {
    fn of(script: Rc<Script>, history: History, transcript: Transcript, purpose: Purpose) -> Self {
        Self {
            doing: Doing::Playing {
                player: Box::new(Player::new(&script, history)),
                branches: VecDeque::new(),
            },
            script,
            transcript,
            purpose,
        }
    }

    /// To play the branches of a stored run.
    ///
    /// # Errors
    ///
    /// If no run begins with them.
    fn of_stored(run: &StoredRun, purpose: Purpose) -> Result<Self, String> {
        let unread = |why: String| texts().stored_unread(why);
        let mut branches: VecDeque<_> = run.branches.iter().cloned().collect();
        let (mut script, mut first) = (Script::default(), None);
        if let Some(branch) = branches.pop_front() {
            let read = branch.parse(&*library());
            script = read.map_err(|errors| unread(first_of(&errors)))?;
            first = Some(branch);
        }
        if let Some(recording) = &run.recording {
            let opened = open_recording(recording).map_err(unread)?;
            opened.join(&mut script);
        }
        let run = Run::new(script.header.clone()).map_err(|it| unread(it.tell(lang())))?;
        let mut history = History::new(run);
        if let Some(first) = first {
            first.begin(&mut history, &mut script);
        }
        Ok(Self {
            doing: Doing::Playing {
                player: Box::new(Player::new(&script, history)),
                branches,
            },
            script: Rc::new(script),
            transcript: Transcript::default(),
            purpose,
        })
    }

    /// Goes on; returns whether there is more to do.
    fn go_on(&mut self) -> bool {
        if let Doing::Playing { player, branches } = &mut self.doing {
            if player.go_on(&self.script, RECORDS_AT_ONCE) {
                return true;
            }
            if let Some(branch) = branches.pop_front() {
                (self.script, **player) = next_branch(&branch, player.stage().clone());
                return true;
            }
            let mut played = Player::clone(player).outcome();
            if let Some(stored) = self.stored() {
                stored.shown.go_there(&mut played.run);
            }
            self.doing = Doing::Telling(Box::new(played));
        }
        let mut transcript = std::mem::take(&mut self.transcript);
        let has_more = transcript.follow_on(self.tip(), RECORDS_AT_ONCE);
        self.transcript = transcript;
        has_more
    }

    /// The end of the branch that is played.
    fn tip(&self) -> &Run {
        match &self.doing {
            Doing::Playing { player, .. } => player.so_far(),
            Doing::Telling(played) => {
                let branch = played.run.branches().get(played.run.current());
                branch.map_or(played.run.run(), |it| it.tip())
            }
        }
    }

    /// What it is, as a sentence.
    pub fn describe(&self) -> String {
        match &self.purpose {
            Purpose::Act(_) => texts().work_command(self.line()),
            Purpose::Open(_) | Purpose::Restore(..) | Purpose::BringBack(..) => {
                texts().work_opening().into()
            }
        }
    }

    /// The line that is being played.
    fn line(&self) -> String {
        let steps = &self.script.steps;
        let begun = match &self.doing {
            Doing::Playing { player, .. } => player.lines(),
            Doing::Telling(_) => steps.len(),
        };
        let line = steps.get(begun.saturating_sub(1)).map(|step| &step.line);
        line.map_or_else(String::new, Line::to_string)
    }

    /// The simulated time up to which it has come.
    pub fn reached(&self) -> Millis {
        self.tip().now()
    }

    /// How much of it is done, in percent.
    pub fn percent(&self) -> u64 {
        let Doing::Playing { player, branches } = &self.doing else {
            return 100;
        };
        let (lines, begun) = (self.script.steps.len().max(1), player.lines());
        let percent = match player.passing() {
            None => (100 * begun / lines) as u64,
            Some((from, to)) => {
                let gone = self.reached().since(from).0;
                let part = (100 * gone).checked_div(to.since(from).0).unwrap_or(100);
                (100 * begun.saturating_sub(1) as u64 + part) / lines as u64
            }
        };
        let left = branches.len() as u64;
        let all = self.stored().map_or(1, |run| run.branches.len() as u64);
        (100 * (all - left - 1) + percent) / all
    }

    /// The stored run that is played.
    fn stored(&self) -> Option<&StoredRun> {
        match &self.purpose {
            Purpose::Restore(_, run) | Purpose::BringBack(run, _) => Some(run),
            Purpose::Act(_) | Purpose::Open(_) => None,
        }
    }

    fn tell_stopped(&self) -> String {
        let at = moment(self.reached());
        match &self.purpose {
            Purpose::Act(_) => texts().work_stopped(self.line(), at),
            Purpose::Restore(..) => texts().last_visit_stopped(at),
            Purpose::Open(_) | Purpose::BringBack(..) => texts().opening_stopped(at),
        }
    }
}

/// Goes on with another branch of a history: its script, and what plays it.
fn next_branch(branch: &StoredBranch, mut history: History) -> (Rc<Script>, Player<History>) {
    // What cannot be read any more is a branch in which nothing happens.
    let mut script = branch.parse(&*library()).unwrap_or_default();
    branch.begin(&mut history, &mut script);
    let player = Player::new(&script, history);
    (Rc::new(script), player)
}

impl Session {
    /// What is being done a part at a time, if anything.
    pub fn work(&self) -> Option<&Work> {
        self.work.as_deref()
    }

    /// Whether something is done a part at a time, so that [`Action::WorkOn`] goes on with it:
    /// work, or a future beside that is not yet where the shown run is.
    pub fn is_busy(&self) -> bool {
        self.work.is_some() || self.beside().is_some_and(Beside::is_behind)
    }

    /// Begins to carry out commands at the end of a branch or, in a new branch, before it.
    pub(super) fn carry_out(&mut self, commands: Vec<Command>, history: History) {
        let line = |command| Step {
            at: Span::START,
            line: Line::Command(command),
        };
        let script = Rc::new(Script {
            steps: commands.into_iter().map(line).collect(),
            ..Script::default()
        });
        let purpose = Purpose::Act(Rc::clone(history.run()));
        let transcript = Transcript::clone(&self.transcript);
        self.begin_work(Work::of(script, history, transcript, purpose));
    }

    /// Begins to play a run that is opened.
    pub(super) fn play_loaded(&mut self, opened: LoadedRun, run: Run) {
        let (script, history) = (Rc::clone(&opened.script), History::new(run));
        let purpose = Purpose::Open(opened);
        self.begin_work(Work::of(script, history, Transcript::default(), purpose));
    }

    /// Begins to play the run that was shown last in the last visit, whose other runs are
    /// kept.
    pub(super) fn restore(&mut self, visit: &Rc<StoredVisit>) {
        self.last_visit_waits = true;
        if visit.lost_recording {
            self.notify(texts().recording_gone());
        }
        if visit.runs.is_empty() {
            self.last_visit_waits = false;
        }
        if let Some(run) = visit.runs.last() {
            let purpose = Purpose::Restore(Rc::clone(visit), Rc::clone(run));
            self.play_stored(run, purpose);
        }
    }

    /// Begins to play a kept run, which an action is to show then.
    pub(super) fn play_kept(&mut self, run: Rc<StoredRun>, action: Action) {
        let purpose = Purpose::BringBack(Rc::clone(&run), Box::new(action));
        self.play_stored(&run, purpose);
    }

    fn play_stored(&mut self, run: &StoredRun, purpose: Purpose) {
        match Work::of_stored(run, purpose) {
            Ok(work) => self.begin_work(work),
            Err(why) => self.notice = Some(Notice::Refused(why.into())),
        }
    }

    fn begin_work(&mut self, work: Work) {
        self.work = Some(Rc::new(work));
        self.work_on();
    }

    /// Goes on with what is being done and, once it is done, shows it.
    pub(super) fn work_on(&mut self) {
        let has_more = |work: &mut Rc<Work>| Rc::make_mut(work).go_on();
        if self.work.as_mut().is_none_or(has_more) {
            return;
        }
        let Some(work) = self.work.take().map(Rc::unwrap_or_clone) else {
            return;
        };
        let Doing::Telling(played) = work.doing else {
            return;
        };
        self.end_work(*played, Rc::new(work.transcript), work.purpose);
    }

    fn end_work(&mut self, played: Played, transcript: Rc<Transcript>, purpose: Purpose) {
        let opens = !matches!(purpose, Purpose::Act(_));
        if let Some(why) = strays(&played.run).filter(|_| opens) {
            self.notice = Some(Notice::Refused(texts().recording_strays(why).into()));
            return;
        }
        match purpose {
            Purpose::Act(before) => self.end_act(played, transcript, &before),
            Purpose::Open(opened) => self.end_opening(played, transcript, &opened),
            Purpose::Restore(visit, run) => {
                self.last_visit_waits = false;
                self.transcript = transcript;
                self.show_last_visit(&visit, run.shown.of(played.run));
            }
            Purpose::BringBack(stored, action) => {
                self.transcript = transcript;
                self.keep_played(&stored, stored.shown.of(played.run));
                self.change(*action);
            }
        }
    }

    /// Gives up what is being done, and what the user wanted to do after that.
    pub(super) fn stop_work(&mut self) {
        if let Some(work) = self.work.take() {
            self.waiting.retain(|it| matches!(it, Action::Open(_)));
            self.notify(work.tell_stopped());
        }
    }

    /// Whether an action must wait until nothing is being done: it is about the history, or
    /// about all of the future beside.
    pub(super) fn must_wait(&self, action: &Action) -> bool {
        let goes_there = matches!(action, Action::TakeBeside | Action::GoToParting);
        if goes_there && self.beside().is_some_and(Beside::is_behind) {
            return true;
        }
        self.work.is_some() && Self::is_about_history(action)
    }

    /// Whether an action is about the history, so that it may not overtake another one.
    pub(super) fn is_about_history(action: &Action) -> bool {
        !matches!(
            action,
            Action::Tick(_)
                | Action::WorkOn
                | Action::StopWork
                | Action::SetSpeed(_)
                | Action::Select(_)
                | Action::Hover(_)
                | Action::ToggleRules
                | Action::ToggleScript
                | Action::Write(_)
                | Action::ToggleCode
                | Action::ShowCode(_)
                | Action::EditCode(_)
                | Action::WriteCode(_)
                | Action::SwapDraft
                | Action::AddBreakpoint(_)
                | Action::BreakAtLine(..)
                | Action::ToggleBreakpoint(_)
                | Action::RemoveBreakpoint(_)
                | Action::Search(_)
                | Action::SearchOn
                | Action::Seek(_)
                | Action::Answered(_)
                | Action::SearchFailed(_)
                | Action::Sample(_)
                | Action::SampleFailed(_)
                | Action::Story(_)
                | Action::Refuse(_)
                | Action::Fail(_)
                | Action::Notify(_)
                | Action::Dismiss
        )
    }

    /// Whether the shown run may take the place of the one stored for the next visit.
    pub fn may_be_stored(&self) -> bool {
        self.touched || !self.last_visit_waits
    }
}

/// What came of playing in a history.
pub(super) type Played = Outcome<History>;

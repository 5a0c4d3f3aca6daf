//! What may take longer than one task of the browser: commands of the user, and runs that
//! are opened. It is done in a copy of the history, a part at a time; until all of it is
//! done, the session is as it was before.

use std::rc::Rc;

use hustings_lab::play::{Outcome, Player};
use hustings_lab::script::{Line, Script, Span, Step};
use hustings_lab::{Command, History, Run, Transcript};
use hustings_raft::Millis;

use super::{Action, LoadedRun, Session, Source};
use crate::i18n::texts;
use crate::moment::moment;

/// So many records are made at a time, which takes a few milliseconds.
const RECORDS_AT_ONCE: usize = 2_000;

/// What is being done.
#[derive(Clone)]
pub struct Work {
    script: Rc<Script>,
    player: Player<History>,
    transcript: Transcript,
    purpose: Purpose,
}

#[derive(Clone)]
enum Purpose {
    /// The user's commands, at this run.
    Act(Rc<Run>),
    /// A run is opened.
    Open(LoadedRun),
}

impl Work {
    fn of(script: Rc<Script>, history: History, transcript: Transcript, purpose: Purpose) -> Self {
        Self {
            player: Player::new(&script, history),
            script,
            transcript,
            purpose,
        }
    }

    /// Goes on; returns whether there is more to do.
    fn go_on(&mut self) -> bool {
        let has_more = self.player.go_on(&self.script, RECORDS_AT_ONCE);
        self.transcript.follow(self.player.so_far());
        has_more
    }

    /// What it is, as a sentence.
    pub fn describe(&self) -> String {
        match &self.purpose {
            Purpose::Act(_) => texts().work_command(self.line()),
            Purpose::Open(_) => texts().work_opening().into(),
        }
    }

    /// The line that is being played.
    fn line(&self) -> String {
        let played = self.player.lines().saturating_sub(1);
        let line = self.script.steps.get(played).map(|step| &step.line);
        line.map_or_else(String::new, Line::to_string)
    }

    /// The simulated time up to which it has come.
    pub fn reached(&self) -> Millis {
        self.player.so_far().now()
    }

    /// How much of it is done, in percent.
    pub fn percent(&self) -> u64 {
        let (lines, begun) = (self.script.steps.len().max(1), self.player.lines());
        let Some((from, to)) = self.player.passing() else {
            return (100 * begun / lines) as u64;
        };
        let gone = self.reached().since(from).0;
        let part = (100 * gone).checked_div(to.since(from).0).unwrap_or(100);
        (100 * begun.saturating_sub(1) as u64 + part) / lines as u64
    }

    fn tell_stopped(&self) -> String {
        let at = moment(self.reached());
        match &self.purpose {
            Purpose::Act(_) => texts().work_stopped(self.line(), at),
            Purpose::Open(opened) if opened.source == Source::LastVisit => {
                texts().last_visit_stopped(at)
            }
            Purpose::Open(_) => texts().opening_stopped(at),
        }
    }
}

impl Session {
    /// What is being done a part at a time, if anything.
    pub fn work(&self) -> Option<&Work> {
        self.work.as_deref()
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
        let outcome = work.player.outcome();
        let transcript = Rc::new(work.transcript);
        match work.purpose {
            Purpose::Act(before) => self.end_act(outcome, transcript, &before),
            Purpose::Open(opened) => self.end_opening(outcome, transcript, &opened),
        }
    }

    /// Gives up what is being done, and what the user wanted to do after that.
    pub(super) fn stop_work(&mut self) {
        if let Some(work) = self.work.take() {
            self.waiting.retain(|it| matches!(it, Action::Open(_)));
            self.notify(work.tell_stopped());
        }
    }

    /// Whether an action must wait until nothing is being done: it is about the history.
    pub(super) fn must_wait(&self, action: &Action) -> bool {
        self.work.is_some()
            && !matches!(
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

//! The page's state: the history of runs, the position in it, and the selection.

mod breakpoints;
mod landmark;
pub mod provoke;
mod run_view;
mod speed;

use std::rc::Rc;

use hustings_lab::narrate::{Tell, Weight};
use hustings_lab::script::Fault;
use hustings_lab::{
    Command, Commands, Header, History, HistoryError, Lab, Link, MessageId, Mismatch, RecordId,
    RunPosition, Transcript,
};
use hustings_raft::{Millis, NodeId, RoleName};
use yew::prelude::*;

use crate::i18n::{lang, texts};

pub use breakpoints::{Breakpoint, Breakpoints};
pub use landmark::Landmark;
pub use run_view::RunView;
pub use speed::Speed;

/// The page's state. It changes only by [`Action`]s.
#[derive(Clone)]
pub struct Session {
    history: Rc<History>,
    lab: Rc<Lab>,
    tip: Rc<Lab>,
    /// The transcript of the branch, up to its tip.
    transcript: Rc<Transcript>,
    /// Number of the history, so that views can tell a new one from the old one.
    history_number: u32,
    /// Simulated time in milliseconds. The laboratory has whole milliseconds; the fraction
    /// makes slow motion smooth.
    clock: f64,
    /// How long the current record has been shown during replay, in milliseconds at the
    /// default speed.
    dwell_ms: f64,
    playing: bool,
    speed: Speed,
    selected: Selection,
    hovered: Selection,
    breakpoints: Rc<Breakpoints>,
    notice: Option<Notice>,
    requests: u32,
    tried: Onboarding,
}

/// An input from the user or the scheduler.
#[derive(Clone, PartialEq, Debug)]
pub enum Action {
    /// Applies a command at the current time.
    Do(Command),
    /// Applies several commands at the current time, all of them or none.
    DoAll(Vec<Command>),
    /// A client proposes the next of `x=1`, `x=2`, … to this server.
    Request(NodeId),
    /// This much real time has passed, in milliseconds.
    Tick(f64),
    /// Plays or pauses.
    TogglePlay,
    /// Pauses, one record forward.
    Step,
    /// Pauses, one record back.
    StepBack,
    /// Pauses at the next landmark of a kind.
    Next(Landmark),
    /// Pauses at the previous landmark of a kind.
    Previous(Landmark),
    /// Pauses just after a record of this branch, and selects it.
    Visit(RecordId),
    /// Pauses at the start of the run.
    Rewind,
    /// Pauses at the end of this branch.
    ToEnd,
    /// Pauses before the last command of the user.
    Undo,
    /// Pauses after the next command of the user.
    Redo,
    /// Switches to the end of another branch.
    Switch(usize),
    /// Renames a branch.
    Rename(usize, Rc<str>),
    /// Deletes a branch other than the current one.
    Remove(usize),
    /// Sets the playback speed.
    SetSpeed(Speed),
    /// Shows something in the inspector.
    Select(Selection),
    /// Highlights something wherever it is shown.
    Hover(Selection),
    /// Adds a breakpoint.
    AddBreakpoint(Breakpoint),
    /// Enables or disables a breakpoint, by index.
    ToggleBreakpoint(usize),
    /// Removes a breakpoint, by index.
    RemoveBreakpoint(usize),
    /// Starts a new run and plays it.
    Begin(Header),
    /// Opens a loaded run at its start or its end.
    Open(LoadedRun),
    /// Shows why an input of the user is refused.
    Refuse(Rc<str>),
    /// Shows a message to the user.
    Notify(Rc<str>),
    /// Closes the notice.
    Dismiss,
}

/// A run from a file, a link, the gallery or the last visit.
#[derive(Clone, PartialEq, Debug)]
pub struct LoadedRun {
    /// Its settings.
    pub header: Header,
    /// Its commands.
    pub commands: Commands,
    /// Whether to open it at its start, as a tour.
    pub from_start: bool,
}

impl LoadedRun {
    /// A run to open at its end.
    pub fn at_end(lab: &Lab) -> Self {
        Self {
            header: lab.header().clone(),
            commands: lab.commands().clone(),
            from_start: false,
        }
    }

    /// A run to open at its start.
    pub fn as_tour(lab: &Lab) -> Self {
        Self {
            from_start: true,
            ..Self::at_end(lab)
        }
    }
}

/// The page's suggestions for newcomers that have been followed.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Onboarding {
    /// A server was crashed.
    pub crash: bool,
    /// The network was partitioned.
    pub partition: bool,
    /// The run was stepped.
    pub step: bool,
}

/// A notice above the caption.
#[derive(Clone, PartialEq, Debug)]
pub enum Notice {
    /// Something was refused, with the reason.
    Refused(Rc<str>),
    /// Information.
    Info(Rc<str>),
}

/// What the inspector shows.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Selection {
    /// Nothing in particular.
    #[default]
    Nothing,
    /// A server.
    Server(NodeId),
    /// A link, in one direction.
    Link(Link),
    /// A message.
    Message(MessageId),
    /// A record.
    Record(RecordId),
    /// An entry of a server's log.
    Entry(NodeId, hustings_raft::LogIndex),
}

/// The outcome of applying the user's commands.
enum Acted {
    /// This breakpoint was hit before them, so they were not applied.
    Stopped(usize),
    /// They were applied.
    Done {
        /// The laboratory just before.
        before: Rc<Lab>,
        /// A goal of `run until` that was not reached.
        missed: Option<Mismatch>,
    },
}

/// How long replay shows each record that the user caused while time stood still, in
/// milliseconds at the default speed.
const REPLAY_DWELL_MS: f64 = 350.0;

/// The most events simulated past the end of a run in search of a landmark.
const LOOKAHEAD_EVENTS: usize = 20_000;

impl Default for Session {
    fn default() -> Self {
        let history = History::new(Lab::default());
        let lab = Rc::clone(history.lab());
        Self {
            history: Rc::new(history),
            tip: Rc::clone(&lab),
            transcript: Rc::new(Transcript::of(&lab)),
            lab,
            history_number: 0,
            clock: 0.0,
            dwell_ms: 0.0,
            playing: true,
            speed: Speed::default(),
            selected: Selection::Nothing,
            hovered: Selection::Nothing,
            breakpoints: Rc::default(),
            notice: None,
            requests: 0,
            tried: Onboarding::default(),
        }
    }
}

impl Session {
    /// The laboratory and its branch, for components that change only with the records.
    pub fn run_view(&self) -> RunView {
        let branch = self.history.current();
        RunView {
            lab: Rc::clone(&self.lab),
            tip: Rc::clone(&self.tip),
            id: (
                self.history_number,
                branch,
                RunPosition::of(&self.lab),
                self.tip.records().len(),
            ),
            transcript: Rc::clone(&self.transcript),
            is_fast: self.caption_threshold() == Weight::Turn,
        }
    }

    /// The laboratory at the current position.
    pub fn lab(&self) -> &Lab {
        &self.lab
    }

    /// The tree of all branches.
    pub fn history(&self) -> &Rc<History> {
        &self.history
    }

    /// Simulated time in milliseconds, with a fraction.
    pub fn clock(&self) -> f64 {
        self.clock
    }

    /// Whether the run plays.
    pub fn is_playing(&self) -> bool {
        self.playing
    }

    /// Whether the position is before the end of the branch.
    pub fn is_in_past(&self) -> bool {
        self.lab.records().len() < self.tip.records().len()
    }

    /// Whether the branch has notes.
    pub fn is_tour(&self) -> bool {
        let mut commands = self.tip.commands().iter();
        commands.any(|it| matches!(it, Command::Note(_)))
    }

    /// The playback speed.
    pub fn speed(&self) -> Speed {
        self.speed
    }

    /// The importance from which a record is shown in the caption; higher when time passes
    /// too fast to read about each event.
    pub fn caption_threshold(&self) -> Weight {
        let fast = self.speed.factor() >= Speed::default().factor();
        if self.playing && fast {
            Weight::Turn
        } else {
            Weight::News
        }
    }

    /// Whether time passes too fast for screen readers to announce events.
    pub fn is_too_fast_to_announce(&self) -> bool {
        self.playing && self.speed.factor() >= 1.0
    }

    /// What the inspector shows.
    pub fn selected(&self) -> Selection {
        self.selected
    }

    /// The page's suggestions that have been followed.
    pub fn tried(&self) -> Onboarding {
        self.tried
    }

    /// What is highlighted.
    pub fn hovered(&self) -> Selection {
        self.hovered
    }

    /// The breakpoints.
    pub fn breakpoints(&self) -> &Rc<Breakpoints> {
        &self.breakpoints
    }

    /// The notice, if there is one.
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }

    /// The running leader of the highest term.
    pub fn leader(&self) -> Option<NodeId> {
        leader(&self.lab)
    }

    /// The names of the branches, and the index of the current one.
    pub fn branches(&self) -> (Vec<String>, usize) {
        let branches = self.history.branches().iter();
        let names = branches.map(|branch| branch.name(lang()));
        (names.collect(), self.history.current())
    }

    /// Advances to the time on the clock and applies commands: all of them or, if one is
    /// refused, none, and then time has not advanced either. Returns whether they were
    /// applied; a breakpoint on the way prevents it.
    fn act(&mut self, commands: Vec<Command>) -> bool {
        let (clock, breakpoints) = (self.whole_clock(), Rc::clone(&self.breakpoints));
        let acted = self.attempt(|history| {
            if let Some(number) = breakpoints.pass_time(history, clock)? {
                return Ok(Acted::Stopped(number));
            }
            let (before, mut missed) = (Rc::clone(history.lab()), None);
            for command in commands {
                let reached = history.apply(command.clone())?.reached;
                if let (Command::RunUntil { goal, within }, false) = (command, reached) {
                    missed = Some(Mismatch::not_reached(goal, within, history.lab()));
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
                self.clock = self.clock.max(self.lab.now().0 as f64);
                if let Some(missed) = missed {
                    self.notify(Fault::NotReached(missed).tell(lang()));
                }
                self.stop_if_hit(&before);
                true
            }
        }
    }

    /// The clock, rounded down to whole milliseconds.
    fn whole_clock(&self) -> Millis {
        Millis(self.clock as u64)
    }

    /// Pauses if a breakpoint was hit since `before` while playing; returns whether it was.
    fn stop_if_hit(&mut self, before: &Lab) -> bool {
        let hit = self.breakpoints.hit_between(before, &self.lab);
        let hit = hit.filter(|_| self.playing);
        hit.map(|number| self.stop_at(number)).is_some()
    }

    fn stop_at(&mut self, number: usize) {
        self.pause();
        let Some(breakpoint) = self.breakpoints.get(number).copied() else {
            return;
        };
        self.notify(texts().stopped_at(breakpoint.describe()));
        // The inspector shows which invariant, with the evidence.
        let latest = self.lab.violations().last().map(|it| it.record);
        if let Some(record) = latest.filter(|_| breakpoint == Breakpoint::Violation) {
            self.selected = Selection::Record(record);
        }
    }

    /// Pauses, and sets the clock to the laboratory's time.
    fn pause(&mut self) {
        self.playing = false;
        self.dwell_ms = 0.0;
        self.clock = self.lab.now().0 as f64;
    }

    /// Changes the history. On error it stays as it was, and the notice shows the reason.
    fn attempt<T>(
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

    fn notify_of_branch(&mut self) {
        let branches = self.history.branches();
        let names = branches.last().and_then(|new| {
            let old = branches.get(new.fork()?.from)?;
            Some((new.name(lang()), old.name(lang())))
        });
        if let Some((new, old)) = names {
            self.notify(texts().branch_began(new, old));
        }
    }

    fn refuse(&mut self, error: &dyn Tell) {
        self.notice = Some(Notice::Refused(error.tell(lang()).into()));
    }

    fn notify(&mut self, what: impl Into<Rc<str>>) {
        self.notice = Some(Notice::Info(what.into()));
    }

    /// Updates what is derived from the history.
    fn refresh(&mut self) {
        self.lab = Rc::clone(self.history.lab());
        let branch = self.history.branches().get(self.history.current());
        let tip = branch.map_or(&self.lab, |branch| branch.tip());
        self.tip = Rc::clone(tip);
        Rc::make_mut(&mut self.transcript).follow(&self.tip);
    }

    fn tick(&mut self, elapsed: f64) {
        if !self.playing {
            return;
        }
        let passed = elapsed * self.speed.factor();
        if self.is_in_past() {
            self.dwell_ms += passed / Speed::default().factor();
            self.replay(self.clock + passed);
            return;
        }
        self.clock += passed;
        let due = self.lab.next_due();
        if due.is_none_or(|due| due.0 as f64 > self.clock) {
            return;
        }
        let (clock, breakpoints) = (self.whole_clock(), Rc::clone(&self.breakpoints));
        match self.attempt(|history| breakpoints.pass_time(history, clock)) {
            Some(None) => {}
            Some(Some(number)) => self.stop_at(number),
            None => self.pause(),
        }
    }

    /// Replays the branch up to a time, showing each record that the user caused for
    /// [`REPLAY_DWELL_MS`].
    fn replay(&mut self, until: f64) {
        while let Some(next) = self.tip.records().get(RecordId(self.lab.records().len())) {
            let at = next.at.0 as f64;
            if at > until {
                self.clock = until;
                return;
            }
            let record = RecordId(self.lab.records().len());
            if self.is_by_hand(record) {
                if self.dwell_ms < REPLAY_DWELL_MS {
                    self.clock = at.max(self.clock);
                    return;
                }
                // Time since the last record counts, but only for one dwell.
                self.dwell_ms = (self.dwell_ms - REPLAY_DWELL_MS).min(REPLAY_DWELL_MS);
            }
            let before = Rc::clone(&self.lab);
            if !self.navigate(|history| history.seek(record)) || self.stop_if_hit(&before) {
                return;
            }
        }
        self.clock = self.clock.max(self.lab.now().0 as f64);
        self.navigate(|history| history.switch(history.current()));
    }

    /// Whether a command of the user caused a record while time stood still.
    fn is_by_hand(&self, record: RecordId) -> bool {
        let command = self.tip.command_of(record);
        command.is_some_and(|command| !command.passes_time())
    }

    /// Moves within the history; returns whether that was possible.
    fn navigate(&mut self, to: impl FnOnce(&mut History) -> Result<(), HistoryError>) -> bool {
        self.attempt(to).is_some()
    }

    /// Moves within the history and pauses; returns whether that was possible.
    fn navigate_and_pause(
        &mut self,
        to: impl FnOnce(&mut History) -> Result<(), HistoryError>,
    ) -> bool {
        let moved = self.navigate(to);
        if moved {
            self.pause();
        }
        moved
    }

    fn step(&mut self) {
        if self.is_in_past() {
            let next = RecordId(self.lab.records().len());
            self.navigate_and_pause(|history| history.seek(next));
            return;
        }
        self.playing = false;
        // From the last event on, whatever the clock shows.
        if self
            .attempt(|history| history.apply(Command::Step))
            .is_some()
        {
            self.clock = self.clock.max(self.lab.now().0 as f64);
        }
    }

    fn step_back(&mut self) {
        // The first records are the servers' starts.
        let first = usize::from(self.lab.ids().len());
        let records = self.lab.records().len();
        if records > first {
            self.navigate_and_pause(|history| history.seek(RecordId(records - 2)));
        } else {
            self.pause();
        }
    }

    fn rewind(&mut self) {
        let first = usize::from(self.lab.ids().len()) - 1;
        self.navigate_and_pause(|history| history.seek(RecordId(first)));
    }

    fn next(&mut self, landmark: Landmark) {
        let here = RecordId(self.lab.records().len());
        if let Some(record) = landmark.first_from(&self.tip, here) {
            self.navigate_and_pause(|history| history.seek(record));
            return;
        }
        // After the last note of a tour comes its end.
        if self.is_in_past() && landmark == Landmark::Note && self.is_tour() {
            self.go_to_end();
            return;
        }
        match landmark.ahead_of(&self.tip, LOOKAHEAD_EVENTS) {
            Some((record, wait)) => {
                self.navigate_and_pause(|history| {
                    history.switch(history.current())?;
                    history.apply(Command::Run(wait))?;
                    history.seek(record)
                });
            }
            None => self.notify(texts().none_ahead(landmark.describe())),
        }
    }

    fn go_to_end(&mut self) {
        self.navigate_and_pause(|history| history.switch(history.current()));
    }

    fn previous(&mut self, landmark: Landmark) {
        let before = RecordId(self.lab.records().len().saturating_sub(1));
        match landmark.last_before(&self.lab, before) {
            Some(record) => {
                self.navigate_and_pause(|history| history.seek(record));
            }
            None => self.rewind(),
        }
    }

    fn undo_or_redo(&mut self, change: fn(&mut History) -> bool) {
        change(Rc::make_mut(&mut self.history));
        self.refresh();
        self.pause();
    }

    fn begin(&mut self, header: Header) {
        match Lab::new(header) {
            Ok(lab) => {
                self.show(History::new(lab));
                self.clock = 0.0;
                self.playing = true;
            }
            Err(error) => self.refuse(&error),
        }
    }

    fn open(&mut self, opened: &LoadedRun) {
        let commands = opened.commands.iter().cloned();
        match History::replay(opened.header.clone(), commands) {
            Ok(history) => self.show(history),
            Err(error) => {
                self.refuse(&error);
                return;
            }
        }
        self.pause();
        if opened.from_start {
            self.rewind();
            self.next_note();
        }
    }

    /// Advances to the first note if it is the next record.
    fn next_note(&mut self) {
        let next = RecordId(self.lab.records().len());
        let note = self.tip.records().get(next);
        if note.is_some_and(|record| Landmark::Note.is(record)) {
            self.navigate_and_pause(|history| history.seek(next));
        }
    }

    fn show(&mut self, history: History) {
        self.history = Rc::new(history);
        self.history_number += 1;
        self.dwell_ms = 0.0;
        self.selected = Selection::Nothing;
        self.hovered = Selection::Nothing;
        self.requests = 0;
        self.refresh();
    }

    fn request(&mut self, server: NodeId) {
        let number = self.requests + 1;
        let command = format!("x={number}").into();
        if self.act(vec![Command::Propose { server, command }]) {
            self.requests = number;
        }
    }

    fn note_tried(&mut self, action: &Action) {
        match action {
            Action::Do(Command::Crash(_)) => self.tried.crash = true,
            Action::DoAll(commands) => {
                let parts = |command: &Command| matches!(command, Command::Partition(_));
                self.tried.partition |= commands.iter().any(parts);
            }
            Action::Step | Action::StepBack => self.tried.step = true,
            _ => {}
        }
    }

    fn change(&mut self, action: Action) {
        match action {
            Action::Do(command) => {
                self.act(vec![command]);
            }
            Action::DoAll(commands) => {
                if !commands.is_empty() {
                    self.act(commands);
                }
            }
            Action::Request(server) => self.request(server),
            Action::Tick(elapsed) => self.tick(elapsed),
            Action::TogglePlay => {
                self.playing = !self.playing;
                // Playing shows the latest events instead of the selected record.
                if self.playing && matches!(self.selected, Selection::Record(_)) {
                    self.selected = Selection::Nothing;
                }
            }
            Action::Step => self.step(),
            Action::StepBack => self.step_back(),
            Action::Next(landmark) => self.next(landmark),
            Action::Previous(landmark) => self.previous(landmark),
            Action::Visit(record) => {
                if self.navigate_and_pause(|history| history.seek(record)) {
                    self.selected = Selection::Record(record);
                }
            }
            Action::Rewind => self.rewind(),
            Action::ToEnd => self.go_to_end(),
            Action::Undo => self.undo_or_redo(History::undo),
            Action::Redo => self.undo_or_redo(History::redo),
            Action::Switch(branch) => {
                self.navigate_and_pause(|history| history.switch(branch));
            }
            Action::Rename(branch, name) => {
                self.navigate(|history| history.rename(branch, &name));
            }
            Action::Remove(branch) => {
                // The indexes of branches change, so views must not take one for another.
                self.history_number += u32::from(self.navigate(|history| history.delete(branch)));
            }
            Action::SetSpeed(speed) => self.speed = speed,
            Action::Select(selection) => self.selected = selection,
            Action::Hover(selection) => self.hovered = selection,
            Action::AddBreakpoint(breakpoint) => {
                if !Rc::make_mut(&mut self.breakpoints).add(breakpoint) {
                    let why = texts().too_many_breakpoints(Breakpoints::MAX);
                    self.notice = Some(Notice::Refused(why.into()));
                }
            }
            Action::ToggleBreakpoint(number) => {
                Rc::make_mut(&mut self.breakpoints).toggle(number);
            }
            Action::RemoveBreakpoint(number) => {
                Rc::make_mut(&mut self.breakpoints).remove(number);
            }
            Action::Begin(header) => self.begin(header),
            Action::Open(opened) => self.open(&opened),
            Action::Refuse(why) => self.notice = Some(Notice::Refused(why)),
            Action::Notify(what) => self.notify(what),
            Action::Dismiss => {}
        }
    }
}

impl Reducible for Session {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut next = (*self).clone();
        if !matches!(action, Action::Tick(_) | Action::Hover(_)) {
            next.notice = None;
        }
        next.note_tried(&action);
        next.change(action);
        Rc::new(next)
    }
}

/// The running leader of the highest term.
pub fn leader(lab: &Lab) -> Option<NodeId> {
    lab.servers()
        .filter(|server| server.role() == Some(RoleName::Leader))
        .max_by_key(|server| server.term())
        .map(|server| server.id())
}

//! The page's state: the history of runs, the position in it, and the selection.

mod act;
mod action;
mod beside;
mod breakpoints;
mod captions;
mod code;
mod finding;
mod kept;
mod landmark;
mod lesson;
mod navigate;
mod open;
mod pace;
mod playback;
pub mod provoke;
mod quiz;
mod recorded;
mod run_view;
mod sampling;
mod script;
mod search;
mod speed;
mod stored;
mod story;
mod words;
mod work;

use std::rc::Rc;

use hustings_lab::{Command, History, Run, RunPosition, Transcript, Weight, narrate};
use hustings_raft::{NodeId, RoleName};
use yew::prelude::*;

use crate::i18n::{lang, texts};

pub use action::{Action, LoadedRun, Notice, Onboarding, Selection, Source};
pub use beside::{
    Account, Beside, Differences, Other, Parted, ServerDifference, Shared, Skipped, WhatIf,
};
pub use breakpoints::{Breakpoint, Breakpoints};
pub use code::{Call, Code, Mark, RunFrom, Traced};
pub use finding::{Finding, Sought};
pub use kept::{Kept, KeptRuns};
pub use landmark::Landmark;
pub use lesson::Lesson;
use lesson::Notes;
pub use quiz::Quiz;
pub use recorded::script_of;
pub use run_view::RunView;
pub use sampling::Sampling;
pub use script::{Drafts, PlayedScript, ShownScript};
pub use search::{Direction, Reading, Search};
pub use speed::Speed;
pub use stored::{Shown, StoredBranch, StoredRun, StoredVisit};
pub use story::{EventFilter, Reading as LogReading, Story, StoryAction};
pub use work::Work;

/// The page's state. It changes only by [`Action`]s.
#[derive(Clone)]
pub struct Session {
    history: Rc<History>,
    run: Rc<Run>,
    tip: Rc<Run>,
    /// The transcript of the branch, up to its tip.
    transcript: Rc<Transcript>,
    /// The number of the history, so that views can distinguish a new one from the old.
    history_number: u32,
    /// Simulated time in milliseconds. A run has whole milliseconds; the fraction
    /// makes slow motion smooth.
    clock: f64,
    /// How long the current record has been shown during replay, in milliseconds at the
    /// default speed; less than zero before the part of a caption begins.
    dwell_ms: f64,
    /// Simulated milliseconds per real millisecond at the last tick.
    pace: f64,
    /// How many times as fast a long part of a lesson plays.
    hurry: f64,
    playing: bool,
    speed: Speed,
    selected: Selection,
    hovered: Selection,
    breakpoints: Rc<Breakpoints>,
    notice: Option<Notice>,
    search: Option<Rc<Search>>,
    finding: Rc<Finding>,
    sampling: Rc<Sampling>,
    requests: u32,
    tried: Onboarding,
    /// Whether the user has done something to the history since it was opened.
    touched: bool,
    /// The position at which the history was put on the stage.
    arrived: Option<RunPosition>,
    kept: Rc<KeptRuns>,
    notes: Rc<Notes>,
    /// Whether motion is to be reduced, so that nothing plays unless the user wants it.
    is_calm: bool,
    beside: Option<Rc<Beside>>,
    /// How many futures have been put beside a run.
    besides: u32,
    quiz: Option<Rc<Quiz>>,
    shows_rules: bool,
    work: Option<Rc<Work>>,
    /// What the user wants to do after that.
    waiting: Vec<Action>,
    /// Whether the run of the last visit has not been opened, so that it must stay stored.
    last_visit_waits: bool,
    shows_script: bool,
    /// The script from which the history was played.
    script: Option<Rc<PlayedScript>>,
    /// The changed script.
    draft: Option<Rc<str>>,
    /// A changed script that is not shown.
    set_aside: Option<Rc<str>>,
    code: Rc<Code>,
    story: Option<Rc<Story>>,
    /// Whether it is shown in place of the run.
    shows_story: bool,
}

impl Default for Session {
    fn default() -> Self {
        let history = History::new(Run::default());
        let run = Rc::clone(history.run());
        Self {
            history: Rc::new(history),
            tip: Rc::clone(&run),
            transcript: Rc::new(Transcript::of(&run)),
            run,
            history_number: 0,
            clock: 0.0,
            dwell_ms: 0.0,
            pace: 0.0,
            hurry: 1.0,
            playing: true,
            speed: Speed::default(),
            selected: Selection::Nothing,
            hovered: Selection::Nothing,
            breakpoints: Rc::default(),
            notice: None,
            search: None,
            finding: Rc::default(),
            sampling: Rc::default(),
            requests: 0,
            tried: Onboarding::default(),
            touched: false,
            arrived: None,
            kept: Rc::default(),
            notes: Rc::default(),
            is_calm: false,
            beside: None,
            besides: 0,
            quiz: None,
            shows_rules: false,
            work: None,
            waiting: Vec::new(),
            last_visit_waits: false,
            shows_script: false,
            script: None,
            draft: None,
            set_aside: None,
            code: Rc::default(),
            story: None,
            shows_story: false,
        }
    }
}

impl Session {
    /// A session with a new run, which plays unless motion is to be reduced.
    pub fn new(is_calm: bool) -> Self {
        Self {
            is_calm,
            playing: !is_calm,
            ..Self::default()
        }
    }

    /// The run and its branch, for components that change only with the records.
    pub fn run_view(&self) -> RunView {
        let branch = self.history.current();
        RunView {
            run: Rc::clone(&self.run),
            tip: Rc::clone(&self.tip),
            id: (
                self.history_number,
                branch,
                RunPosition::of(&self.run),
                self.tip.records().len(),
            ),
            transcript: Rc::clone(&self.transcript),
            is_fast: self.caption_threshold() == Weight::Turn,
        }
    }

    /// The run at the current position.
    pub fn run(&self) -> &Run {
        &self.run
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
        self.run.records().len() < self.tip.records().len()
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
        self.playing && self.pace >= 1.0
    }

    /// What the inspector shows.
    pub fn selected(&self) -> Selection {
        self.selected
    }

    /// The page's suggestions that have been followed.
    pub fn tried(&self) -> Onboarding {
        self.tried
    }

    /// The quiz, if what happens next is to be predicted.
    pub fn quiz(&self) -> Option<&Rc<Quiz>> {
        self.quiz.as_ref()
    }

    /// Whether the sheet of rules is shown in place of events and details.
    pub fn shows_rules(&self) -> bool {
        self.shows_rules
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
        leader(&self.run)
    }

    /// The names of the branches, and the index of the current one.
    pub fn branches(&self) -> (Vec<String>, usize) {
        let branches = self.history.branches().iter();
        let names = branches.map(|branch| narrate::branch(branch.name(), lang()));
        (names.collect(), self.history.current())
    }
}

impl Session {
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

    fn add_breakpoint(&mut self, breakpoint: Breakpoint) {
        let holds = breakpoint.holds(&self.run);
        let described = breakpoint.describe();
        if !Rc::make_mut(&mut self.breakpoints).add(breakpoint) {
            let why = texts().too_many_breakpoints(Breakpoints::MAX);
            self.notice = Some(Notice::Refused(why.into()));
        } else if holds {
            self.notify(texts().holds_already(described));
        }
    }

    /// Adds a breakpoint, or removes it if it is there.
    fn switch_breakpoint(&mut self, breakpoint: Breakpoint) {
        match self.breakpoints.number_of(&breakpoint) {
            Some(number) => Rc::make_mut(&mut self.breakpoints).remove(number),
            None => self.add_breakpoint(breakpoint),
        }
    }

    fn change(&mut self, action: Action) {
        if self.leaves_recording(&action) {
            return;
        }
        match action {
            Action::Do(command) => self.act(vec![command]),
            Action::DoAll(commands) => {
                if !commands.is_empty() {
                    self.act(commands);
                }
            }
            Action::Check(condition) => self.check(&condition),
            Action::Request(server) => self.request(server),
            Action::Tick(elapsed) => self.tick(elapsed),
            Action::TogglePlay => self.toggle_play(),
            Action::Step => self.step(),
            Action::StepBack => self.step_back(),
            Action::Next(landmark) => self.next(landmark),
            Action::Previous(landmark) => self.previous(landmark),
            Action::Visit(record) => self.visit(record),
            Action::GoToRecord(record) => {
                self.navigate_and_pause(|history| history.seek(record));
            }
            Action::GoTo(time) => self.go_to(time),
            Action::Rewind => self.rewind(),
            Action::ToEnd => self.go_to_end(),
            Action::Undo => self.undo(),
            Action::Redo => self.redo(),
            Action::BringBack(number) => self.bring_back(number),
            Action::Switch(branch) => {
                self.navigate_and_pause(|history| history.switch(branch));
            }
            Action::Rename(branch, name) => {
                self.touched |=
                    self.navigate(|history| history.rename(branch, narrate::branch_name(&name)));
            }
            Action::Remove(branch) => {
                // The indexes of branches change, so views must not take one for another.
                self.history_number += u32::from(self.navigate(|history| history.delete(branch)));
                self.touched = true;
            }
            Action::SetSpeed(speed) => self.speed = speed,
            Action::Select(selection) => {
                self.selected = selection;
                self.shows_rules = false;
            }
            Action::ToggleRules => self.shows_rules = !self.shows_rules,
            Action::ToggleScript => self.toggle_script(),
            Action::Write(text) => self.write(text),
            Action::ToggleCode => self.toggle_code(),
            Action::ShowCode(server) => self.show_code(server),
            Action::StepLine => self.step_line(),
            Action::StepLineBack => self.step_line_back(),
            Action::GoToLine(place) => self.go_to_line(place),
            Action::EditCode(is_editing) => self.edit_code(is_editing),
            Action::WriteCode(text) => self.write_code(text),
            Action::TryProgram {
                server,
                source,
                from,
            } => self.try_program(server, &source, from),
            Action::OpenDraft(text) => self.open_draft(text),
            Action::SwapDraft => self.swap_draft(),
            Action::ToggleQuiz => self.toggle_quiz(),
            Action::Guess(answer) => self.guess(answer),
            Action::Caption(text) => self.caption(&text),
            Action::Hover(selection) => self.hovered = selection,
            Action::AddBreakpoint(breakpoint) => self.add_breakpoint(breakpoint),
            Action::BreakAtLine(program, line) => {
                self.switch_breakpoint(Breakpoint::Line { program, line });
            }
            Action::ToggleBreakpoint(number) => {
                Rc::make_mut(&mut self.breakpoints).toggle(number);
            }
            Action::RemoveBreakpoint(number) => {
                Rc::make_mut(&mut self.breakpoints).remove(number);
            }
            Action::Search(text) => self.look_for(text, None),
            Action::SearchAs(reading) => {
                if let Some(search) = self.search.take() {
                    self.look_for(search.text().into(), Some(reading));
                }
            }
            Action::SearchOn => self.search_on(),
            Action::Find(to) => self.find(to),
            Action::Seek(wanted) => self.seek(wanted),
            Action::Answered(answer) => self.take_answer(answer),
            Action::SearchFailed(why) => self.end_seeking(why),
            Action::Sample(wanted) => self.begin_sample(wanted),
            Action::SampleFailed(why) => self.fail_sample(why),
            Action::Story(action) => self.tell(action),
            Action::Begin(header) => self.begin(header),
            Action::Open(opened) => self.open(opened),
            Action::Restore(visit) => self.restore(&visit),
            Action::WorkOn => self.work_on(),
            Action::StopWork => self.stop_work(),
            Action::Refuse(why) => self.notice = Some(Notice::Refused(why)),
            Action::Fail(why) => self.notice = Some(Notice::Failed(why)),
            Action::Notify(what) => self.notify(what),
            Action::PutBeside(other) => self.put_beside(other),
            Action::TakeBeside => self.take_beside(),
            Action::GoToParting => self.go_to_parting(),
            Action::CloseBeside => self.beside = None,
            Action::Dismiss => {}
        }
    }
}

impl Reducible for Session {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut next = (*self).clone();
        let before = next.notice.take();
        let keeps_notice = matches!(
            action,
            Action::Tick(_)
                | Action::Hover(_)
                | Action::SearchOn
                | Action::WorkOn
                | Action::Answered(_)
                | Action::Story(StoryAction::Answered(_) | StoryAction::ListOn)
        );
        next.note_tried(&action);
        let overtakes = !next.waiting.is_empty() && Self::is_about_history(&action);
        if overtakes || next.must_wait(&action) {
            next.waiting.push(action);
        } else {
            next.change(action);
        }
        next.follow_beside();
        while next
            .waiting
            .first()
            .is_some_and(|first| !next.must_wait(first))
        {
            let action = next.waiting.remove(0);
            next.change(action);
            next.follow_beside();
        }
        if keeps_notice && next.notice.is_none() {
            next.notice = before;
        }
        next.follow_code();
        Rc::new(next)
    }
}

/// The running leader of the highest term.
pub fn leader(run: &Run) -> Option<NodeId> {
    run.servers()
        .filter(|server| server.role() == Some(RoleName::Leader))
        .max_by_key(|server| server.term())
        .map(|server| server.id())
}

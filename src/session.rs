//! The page's state: the runs that have been, where we are in them, and what is
//! selected.

mod breakpoints;
mod landmark;
pub mod provoke;
mod speed;
mod story;

use std::rc::Rc;

use hustings_lab::narrate::{Tell, Weight};
use hustings_lab::script::Fault;
use hustings_lab::{
    Command, Commands, Header, History, HistoryError, Lab, Link, MessageId, Mismatch, RecordId,
    RunPosition, Transcript,
};
use hustings_raft::{Millis, NodeId, RoleName};
use yew::prelude::*;

use crate::words::{lang, words};

pub use breakpoints::{Breakpoint, Breakpoints};
pub use landmark::Landmark;
pub use speed::Speed;
pub use story::Story;

/// The page's state. It changes only by [`Action`]s.
#[derive(Clone)]
pub struct Session {
    history: Rc<History>,
    here: Rc<Lab>,
    tip: Rc<Lab>,
    /// What is told of the branch.
    transcript: Rc<Transcript>,
    /// Counts the histories, so that a new one is never taken for the old one.
    run: u32,
    /// Where we are in simulated time, in milliseconds. The laboratory knows
    /// whole milliseconds; the fraction makes slow motion smooth.
    clock: f64,
    /// How long the record that is looked at has been looked at while the past
    /// is played again, in milliseconds at the usual speed.
    looked: f64,
    playing: bool,
    speed: Speed,
    selected: Selection,
    hovered: Selection,
    breakpoints: Rc<Breakpoints>,
    notice: Option<Notice>,
    requests: u32,
    tried: Tried,
}

/// What the user or the scheduler does to the session.
#[derive(Clone, PartialEq, Debug)]
pub enum Action {
    /// Carries out a command now.
    Do(Command),
    /// Carries out several commands now, all of them or none.
    DoAll(Vec<Command>),
    /// A client asks this server for the next of a row of commands, `x=1`, `x=2`, ….
    Request(NodeId),
    /// This much real time has passed, in milliseconds.
    Tick(f64),
    /// Lets time pass by itself, or stops it.
    TogglePlay,
    /// Stops time and goes on by one record.
    Step,
    /// Stops time and goes back by one record.
    StepBack,
    /// Stops time and goes to the next landmark of a kind.
    Next(Landmark),
    /// Stops time and goes to the one before.
    Previous(Landmark),
    /// Stops time and goes to just after a record of this branch, which is selected.
    Visit(RecordId),
    /// Stops time and goes to the start of the run.
    Rewind,
    /// Goes to the end of this branch.
    ToEnd,
    /// Stops time and goes back to before the last thing that was done.
    Undo,
    /// Stops time and goes on to after the next thing that was done.
    Redo,
    /// Looks at the end of another branch.
    Switch(usize),
    /// Gives a branch a name.
    Rename(usize, Rc<str>),
    /// Forgets a branch that is not looked at.
    Remove(usize),
    /// Lets time pass faster or slower.
    SetSpeed(Speed),
    /// Shows something in the inspector.
    Select(Selection),
    /// Marks something wherever it is shown.
    Hover(Selection),
    /// Time is to stop when this happens.
    AddBreakpoint(Breakpoint),
    /// The breakpoint of that number is switched on or off.
    ToggleBreakpoint(usize),
    /// The breakpoint of that number goes.
    RemoveBreakpoint(usize),
    /// Starts a new run, which plays.
    Begin(Header),
    /// Shows a run that has been played elsewhere, from its start or its end.
    Open(Opened),
    /// Something that the user typed cannot be used, and why.
    Refuse(Rc<str>),
    /// Tells the user something.
    Tell(Rc<str>),
    /// The user has read the notice.
    Dismiss,
}

/// A run from a file, a link, the gallery or the last visit.
#[derive(Clone, PartialEq, Debug)]
pub struct Opened {
    /// What it starts from.
    pub header: Header,
    /// What was done.
    pub commands: Commands,
    /// Whether it is to be looked at from its start, as a tour.
    pub from_start: bool,
}

impl Opened {
    /// A run that has been played, to be looked at from its end.
    pub fn at_end(lab: &Lab) -> Self {
        Self {
            header: lab.header().clone(),
            commands: lab.commands().clone(),
            from_start: false,
        }
    }

    /// The same, to be looked at from its start.
    pub fn as_tour(lab: &Lab) -> Self {
        Self {
            from_start: true,
            ..Self::at_end(lab)
        }
    }
}

/// What the page suggests to a newcomer, until it has been done once.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Tried {
    /// A server was crashed.
    pub crash: bool,
    /// The network was partitioned.
    pub partition: bool,
    /// Time went on or back by one record.
    pub step: bool,
}

/// What the user is told above the caption.
#[derive(Clone, PartialEq, Debug)]
pub enum Notice {
    /// Something was not done, and why.
    Refused(Rc<str>),
    /// Something that is good to know.
    Told(Rc<str>),
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
    /// Something that happened.
    Record(RecordId),
    /// An entry of a server's log.
    Entry(NodeId, hustings_raft::LogIndex),
}

/// What became of what somebody did.
enum Acted {
    /// The breakpoint of that number stopped time before it.
    Stopped(usize),
    /// It was done.
    Done {
        /// The laboratory just before.
        before: Rc<Lab>,
        /// A goal that was waited for in vain.
        missed: Option<Mismatch>,
    },
}

/// How long a record stays when what was done by hand, while time stood still, is
/// played again at the usual speed, in milliseconds.
const LOOK_MS: f64 = 350.0;

/// How far ahead a landmark is looked for past the end of a run.
const AHEAD_EVENTS: usize = 20_000;

impl Default for Session {
    fn default() -> Self {
        let history = History::new(Lab::default());
        let here = Rc::clone(history.lab());
        Self {
            history: Rc::new(history),
            tip: Rc::clone(&here),
            transcript: Rc::new(Transcript::of(&here)),
            here,
            run: 0,
            clock: 0.0,
            looked: 0.0,
            playing: true,
            speed: Speed::default(),
            selected: Selection::Nothing,
            hovered: Selection::Nothing,
            breakpoints: Rc::default(),
            notice: None,
            requests: 0,
            tried: Tried::default(),
        }
    }
}

impl Session {
    /// The laboratory, for views that change when something happens.
    pub fn story(&self) -> Story {
        let branch = self.history.current();
        Story {
            lab: Rc::clone(&self.here),
            tip: Rc::clone(&self.tip),
            id: (
                self.run,
                branch,
                RunPosition::of(&self.here),
                self.tip.records().len(),
            ),
            transcript: Rc::clone(&self.transcript),
            is_fast: self.told() == Weight::Turn,
        }
    }

    /// The laboratory.
    pub fn lab(&self) -> &Lab {
        &self.here
    }

    /// All the runs that have been.
    pub fn history(&self) -> &Rc<History> {
        &self.history
    }

    /// Simulated time in milliseconds, with a fraction.
    pub fn clock(&self) -> f64 {
        self.clock
    }

    /// Whether time passes by itself.
    pub fn is_playing(&self) -> bool {
        self.playing
    }

    /// Whether there is a future that has been already.
    pub fn is_in_past(&self) -> bool {
        self.here.records().len() < self.tip.records().len()
    }

    /// Whether the branch has captions of its own.
    pub fn is_tour(&self) -> bool {
        let mut commands = self.tip.commands().iter();
        commands.any(|it| matches!(it, Command::Note(_)))
    }

    /// How fast time passes by itself.
    pub fn speed(&self) -> Speed {
        self.speed
    }

    /// What a record must weigh to be told in the caption: what passes too fast
    /// to be read is left out.
    pub fn told(&self) -> Weight {
        let fast = self.speed.factor() >= Speed::default().factor();
        match self.playing && fast {
            true => Weight::Turn,
            false => Weight::News,
        }
    }

    /// Whether time passes too fast for a voice to keep up with what happens.
    pub fn is_too_fast_to_hear(&self) -> bool {
        self.playing && self.speed.factor() >= 1.0
    }

    /// What the inspector shows.
    pub fn selected(&self) -> Selection {
        self.selected
    }

    /// Which of the page's suggestions have been followed.
    pub fn tried(&self) -> Tried {
        self.tried
    }

    /// What the pointer is on.
    pub fn hovered(&self) -> Selection {
        self.hovered
    }

    /// Where time is to stop.
    pub fn breakpoints(&self) -> &Rc<Breakpoints> {
        &self.breakpoints
    }

    /// What the user is told.
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }

    /// The server that a client would ask: the running leader of the highest term.
    pub fn leader(&self) -> Option<NodeId> {
        leader(&self.here)
    }

    /// The names of the branches, and which of them is looked at.
    pub fn branches(&self) -> (Vec<String>, usize) {
        let branches = self.history.branches().iter();
        let names = branches.map(|branch| branch.name(lang()));
        (names.collect(), self.history.current())
    }

    /// Does things at the time on the clock: all of them or, if one is refused, none,
    /// and then time has not passed either. Says whether they were done: a breakpoint on
    /// the way to that time comes before them.
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
                self.clock = self.clock.max(self.here.now().0 as f64);
                if let Some(missed) = missed {
                    self.tell(Fault::NotReached(missed).tell(lang()));
                }
                self.stop_if_hit(&before);
                true
            }
        }
    }

    /// The clock in whole milliseconds, as far as it has got.
    fn whole_clock(&self) -> Millis {
        Millis(self.clock as u64)
    }

    /// What was done by hand, or is played again, stops the play like what time
    /// brings; says whether it did.
    fn stop_if_hit(&mut self, before: &Lab) -> bool {
        let hit = self.breakpoints.hit_between(before, &self.here);
        let hit = hit.filter(|_| self.playing);
        hit.map(|number| self.stop_at(number)).is_some()
    }

    fn stop_at(&mut self, number: usize) {
        self.halt();
        let Some(breakpoint) = self.breakpoints.get(number).copied() else {
            return;
        };
        self.tell(words().stopped_at(breakpoint.describe()));
        // Which one it is, and why, the inspector says.
        let latest = self.here.violations().last().map(|it| it.record);
        if let Some(record) = latest.filter(|_| breakpoint == Breakpoint::Violation) {
            self.selected = Selection::Record(record);
        }
    }

    /// Time stops where the laboratory is.
    fn halt(&mut self) {
        self.playing = false;
        self.looked = 0.0;
        self.clock = self.here.now().0 as f64;
    }

    /// Changes the history, if all of that can be done. If not, everything stays as it
    /// was, and the notice says why.
    fn attempt<T>(
        &mut self,
        way: impl FnOnce(&mut History) -> Result<T, HistoryError>,
    ) -> Option<T> {
        let mut history = Rc::clone(&self.history);
        match way(Rc::make_mut(&mut history)) {
            Ok(done) => {
                let branched = history.branches().len() > self.history.branches().len();
                self.history = history;
                self.look();
                if branched {
                    self.tell_of_branch();
                }
                Some(done)
            }
            Err(error) => {
                self.refuse(&error);
                None
            }
        }
    }

    fn tell_of_branch(&mut self) {
        let branches = self.history.branches();
        let names = branches.last().and_then(|new| {
            let old = branches.get(new.fork()?.from)?;
            Some((new.name(lang()), old.name(lang())))
        });
        if let Some((new, old)) = names {
            self.tell(words().branch_began(new, old));
        }
    }

    fn refuse(&mut self, error: &dyn Tell) {
        self.notice = Some(Notice::Refused(error.tell(lang()).into()));
    }

    fn tell(&mut self, what: impl Into<Rc<str>>) {
        self.notice = Some(Notice::Told(what.into()));
    }

    /// Looks at where the history is now.
    fn look(&mut self) {
        let here = Rc::clone(self.history.lab());
        self.here = here;
        let branch = self.history.branches().get(self.history.current());
        let tip = branch.map_or(&self.here, |branch| branch.tip());
        self.tip = Rc::clone(tip);
        Rc::make_mut(&mut self.transcript).follow(&self.tip);
    }

    fn tick(&mut self, elapsed: f64) {
        if !self.playing {
            return;
        }
        let passed = elapsed * self.speed.factor();
        if self.is_in_past() {
            self.looked += passed / Speed::default().factor();
            self.play_again(self.clock + passed);
            return;
        }
        self.clock += passed;
        let due = self.here.next_due();
        if due.is_none_or(|due| due.0 as f64 > self.clock) {
            return;
        }
        let (clock, breakpoints) = (self.whole_clock(), Rc::clone(&self.breakpoints));
        match self.attempt(|history| breakpoints.pass_time(history, clock)) {
            Some(None) => {}
            Some(Some(number)) => self.stop_at(number),
            None => self.halt(),
        }
    }

    /// Plays what has been, up to a time; each record stays for a look.
    fn play_again(&mut self, until: f64) {
        while let Some(next) = self.tip.records().get(RecordId(self.here.records().len())) {
            let at = next.at.0 as f64;
            if at > until {
                self.clock = until;
                return;
            }
            let record = RecordId(self.here.records().len());
            if self.is_by_hand(record) {
                if self.looked < LOOK_MS {
                    self.clock = at.max(self.clock);
                    return;
                }
                // Time that has passed since the last record counts as a look.
                self.looked = (self.looked - LOOK_MS).min(LOOK_MS);
            }
            let before = Rc::clone(&self.here);
            if !self.go(|history| history.seek(record)) || self.stop_if_hit(&before) {
                return;
            }
        }
        self.clock = self.clock.max(self.here.now().0 as f64);
        self.go(|history| history.switch(history.current()));
    }

    /// Whether a record was made by hand, while time stood still.
    fn is_by_hand(&self, record: RecordId) -> bool {
        let command = self.tip.command_of(record);
        command.is_some_and(|command| !command.passes_time())
    }

    /// Goes somewhere in the history; says whether there was such a place.
    fn go(&mut self, way: impl FnOnce(&mut History) -> Result<(), HistoryError>) -> bool {
        self.attempt(way).is_some()
    }

    /// Goes somewhere and stays there.
    fn visit(&mut self, way: impl FnOnce(&mut History) -> Result<(), HistoryError>) -> bool {
        let went = self.go(way);
        if went {
            self.halt();
        }
        went
    }

    fn step(&mut self) {
        if self.is_in_past() {
            let next = RecordId(self.here.records().len());
            self.visit(|history| history.seek(next));
            return;
        }
        self.playing = false;
        // Stepping goes on from the last event, not from within the pause after it.
        if self
            .attempt(|history| history.apply(Command::Step))
            .is_some()
        {
            self.clock = self.clock.max(self.here.now().0 as f64);
        }
    }

    fn step_back(&mut self) {
        // The servers' starts come first; before these there is nothing to see.
        let first = usize::from(self.here.ids().len());
        let records = self.here.records().len();
        if records > first {
            self.visit(|history| history.seek(RecordId(records - 2)));
        } else {
            self.halt();
        }
    }

    fn rewind(&mut self) {
        let first = usize::from(self.here.ids().len()) - 1;
        self.visit(|history| history.seek(RecordId(first)));
    }

    fn next(&mut self, landmark: Landmark) {
        let here = RecordId(self.here.records().len());
        if let Some(record) = landmark.first_from(&self.tip, here) {
            self.visit(|history| history.seek(record));
            return;
        }
        // What a tour's last caption announces is still to come.
        if self.is_in_past() && landmark == Landmark::Note && self.is_tour() {
            self.go_to_end();
            return;
        }
        match landmark.ahead_of(&self.tip, AHEAD_EVENTS) {
            Some((record, wait)) => {
                self.visit(|history| {
                    history.switch(history.current())?;
                    history.apply(Command::Run(wait))?;
                    history.seek(record)
                });
            }
            None => self.tell(words().none_ahead(landmark.describe())),
        }
    }

    fn go_to_end(&mut self) {
        self.visit(|history| history.switch(history.current()));
    }

    fn previous(&mut self, landmark: Landmark) {
        let before = RecordId(self.here.records().len().saturating_sub(1));
        match landmark.last_before(&self.here, before) {
            Some(record) => {
                self.visit(|history| history.seek(record));
            }
            None => self.rewind(),
        }
    }

    fn travel(&mut self, way: fn(&mut History) -> bool) {
        way(Rc::make_mut(&mut self.history));
        self.look();
        self.halt();
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

    fn open(&mut self, opened: &Opened) {
        let commands = opened.commands.iter().cloned();
        match History::replay(opened.header.clone(), commands) {
            Ok(history) => self.show(history),
            Err(error) => {
                self.refuse(&error);
                return;
            }
        }
        self.halt();
        if opened.from_start {
            self.rewind();
            self.next_note();
        }
    }

    /// A tour begins with its first caption, if that comes first.
    fn next_note(&mut self) {
        let next = RecordId(self.here.records().len());
        let note = self.tip.records().get(next);
        if note.is_some_and(|record| Landmark::Note.is(record)) {
            self.visit(|history| history.seek(next));
        }
    }

    fn show(&mut self, history: History) {
        self.history = Rc::new(history);
        self.run += 1;
        self.looked = 0.0;
        self.selected = Selection::Nothing;
        self.hovered = Selection::Nothing;
        self.requests = 0;
        self.look();
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
                // Whoever goes on is told what happens now, no longer what stopped them.
                if self.playing && matches!(self.selected, Selection::Record(_)) {
                    self.selected = Selection::Nothing;
                }
            }
            Action::Step => self.step(),
            Action::StepBack => self.step_back(),
            Action::Next(landmark) => self.next(landmark),
            Action::Previous(landmark) => self.previous(landmark),
            Action::Visit(record) => {
                if self.visit(|history| history.seek(record)) {
                    self.selected = Selection::Record(record);
                }
            }
            Action::Rewind => self.rewind(),
            Action::ToEnd => self.go_to_end(),
            Action::Undo => self.travel(History::undo),
            Action::Redo => self.travel(History::redo),
            Action::Switch(branch) => {
                self.visit(|history| history.switch(branch));
            }
            Action::Rename(branch, name) => {
                self.go(|history| history.rename(branch, &name));
            }
            Action::Remove(branch) => {
                // Others get other numbers, so nothing may be taken for what it was.
                self.run += u32::from(self.go(|history| history.delete(branch)));
            }
            Action::SetSpeed(speed) => self.speed = speed,
            Action::Select(selection) => self.selected = selection,
            Action::Hover(selection) => self.hovered = selection,
            Action::AddBreakpoint(breakpoint) => {
                if !Rc::make_mut(&mut self.breakpoints).add(breakpoint) {
                    let why = words().too_many_breakpoints(Breakpoints::MAX);
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
            Action::Tell(what) => self.tell(what),
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

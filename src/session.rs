//! The page's state: the run that is shown, where we are in it, and what is
//! selected.

mod speed;

use std::rc::Rc;

use hustings_lab::narrate::{self, Weight};
use hustings_lab::{Command, Header, Lab, Link, MessageId, Record, RecordId};
use hustings_raft::{Millis, NodeId, RoleName};
use yew::prelude::*;

pub use speed::Speed;

/// The page's state. It changes only by [`Action`]s.
#[derive(Clone)]
pub struct Session {
    lab: Rc<Lab>,
    /// The latest records that matter to somebody who watches, oldest first.
    news: Rc<Vec<RecordId>>,
    /// Counts the runs, so that a new run is never taken for the old one.
    run: u32,
    /// Where we are in simulated time, in milliseconds. The laboratory knows
    /// whole milliseconds; the fraction makes slow motion smooth.
    clock: f64,
    playing: bool,
    speed: Speed,
    selected: Selection,
    notice: Option<Rc<str>>,
    requests: u32,
}

/// What the user or the scheduler does to the session.
#[derive(Clone, PartialEq, Debug)]
pub enum Action {
    /// Carries out a command now.
    Do(Command),
    /// A client asks this server for the next of a row of commands, `x=1`, `x=2`, ….
    Request(NodeId),
    /// This much real time has passed, in milliseconds.
    Tick(f64),
    /// Lets time pass by itself, or stops it.
    TogglePlay,
    /// Stops time and lets the next event happen.
    Step,
    /// Lets time pass faster or slower.
    SetSpeed(Speed),
    /// Shows something in the inspector.
    Select(Selection),
    /// Starts a new run.
    Begin(Header),
    /// Something that the user typed cannot be used, and why.
    Refuse(Rc<str>),
    /// The user has read the notice.
    Dismiss,
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
    /// A message in flight.
    Message(MessageId),
    /// Something that happened.
    Record(RecordId),
}

/// A view of the laboratory that is out of date as soon as something happens.
#[derive(Clone)]
pub struct Story {
    lab: Rc<Lab>,
    news: Rc<Vec<RecordId>>,
    run: u32,
}

/// How many of the records that matter are kept at hand.
const NEWS_MAX: usize = 100;

impl Story {
    /// The latest records that matter, newest first: no routine, heartbeats
    /// above all.
    pub fn news(&self) -> impl Iterator<Item = (RecordId, &Record)> {
        let records = self.lab.records();
        let ids = self.news.iter().rev().copied();
        ids.filter_map(|id| Some((id, records.get(id)?.as_ref())))
    }
}

impl std::ops::Deref for Story {
    type Target = Lab;

    fn deref(&self) -> &Lab {
        &self.lab
    }
}

/// Whatever changes a server, a link or a message leaves a record.
impl PartialEq for Story {
    fn eq(&self, other: &Self) -> bool {
        self.run == other.run && self.lab.records().len() == other.lab.records().len()
    }
}

impl Default for Session {
    fn default() -> Self {
        let lab = Lab::new(Header::default()).expect("the default header is valid");
        Self {
            lab: Rc::new(lab),
            news: Rc::default(),
            run: 0,
            clock: 0.0,
            playing: true,
            speed: Speed::default(),
            selected: Selection::Nothing,
            notice: None,
            requests: 0,
        }
    }
}

impl Session {
    /// The laboratory, for views that change when something happens.
    pub fn story(&self) -> Story {
        Story {
            lab: Rc::clone(&self.lab),
            news: Rc::clone(&self.news),
            run: self.run,
        }
    }

    /// The laboratory.
    pub fn lab(&self) -> &Lab {
        &self.lab
    }

    /// Simulated time in milliseconds, with a fraction.
    pub fn clock(&self) -> f64 {
        self.clock
    }

    /// Whether time passes by itself.
    pub fn is_playing(&self) -> bool {
        self.playing
    }

    /// How fast time passes by itself.
    pub fn speed(&self) -> Speed {
        self.speed
    }

    /// What the inspector shows.
    pub fn selected(&self) -> Selection {
        self.selected
    }

    /// Why the last command was not carried out.
    pub fn notice(&self) -> Option<&Rc<str>> {
        self.notice.as_ref()
    }

    /// The server that a client would ask: the running leader of the highest term.
    pub fn leader(&self) -> Option<NodeId> {
        leader(&self.lab)
    }

    fn apply(&mut self, command: Command) {
        if self.pass_time() {
            self.carry_out(command);
            self.clock = self.clock.max(self.lab.now().0 as f64);
        }
    }

    /// Brings the laboratory's clock up to ours.
    fn pass_time(&mut self) -> bool {
        let behind = Millis(self.clock as u64).since(self.lab.now());
        behind == Millis::ZERO || self.carry_out(Command::Run(behind))
    }

    /// Says whether the laboratory did it. If not, everything stays as it was
    /// and the notice says why.
    fn carry_out(&mut self, command: Command) -> bool {
        match Rc::make_mut(&mut self.lab).apply(command) {
            Ok(applied) => {
                self.gather_news(applied.first);
                true
            }
            Err(error) => {
                self.notice = Some(error.to_string().into());
                false
            }
        }
    }

    /// Looks through the records from this one on, so that nobody has to look
    /// through all of them.
    fn gather_news(&mut self, first: RecordId) {
        let fresh: Vec<RecordId> = self
            .lab
            .records()
            .since(first)
            .filter(|(_, record)| narrate::weight(record) > Weight::Routine)
            .map(|(id, _)| id)
            .collect();
        if fresh.is_empty() {
            return;
        }
        let news = Rc::make_mut(&mut self.news);
        news.extend(fresh);
        news.drain(..news.len().saturating_sub(NEWS_MAX));
    }

    fn tick(&mut self, elapsed: f64) {
        self.clock += elapsed * self.speed.factor();
        let due = self.lab.next_due();
        if due.is_some_and(|due| due.0 as f64 <= self.clock) && !self.pass_time() {
            self.clock = self.lab.now().0 as f64;
            self.playing = false;
        }
    }

    fn step(&mut self) {
        self.playing = false;
        // Stepping goes on from the last event, not from within the pause after it.
        if self.carry_out(Command::Step) {
            self.clock = self.clock.max(self.lab.now().0 as f64);
        }
    }

    fn begin(&mut self, header: Header) {
        match Lab::new(header) {
            Ok(lab) => {
                self.lab = Rc::new(lab);
                self.news = Rc::default();
                self.run += 1;
                self.clock = 0.0;
                self.playing = true;
                self.selected = Selection::Nothing;
                self.requests = 0;
            }
            Err(error) => self.notice = Some(error.to_string().into()),
        }
    }

    fn request(&mut self, server: NodeId) {
        self.requests += 1;
        let command = format!("x={}", self.requests).into();
        self.apply(Command::Propose { server, command });
    }
}

impl Reducible for Session {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut next = (*self).clone();
        if !matches!(action, Action::Tick(_)) {
            next.notice = None;
        }
        match action {
            Action::Do(command) => next.apply(command),
            Action::Request(server) => next.request(server),
            Action::Tick(elapsed) => next.tick(elapsed),
            Action::TogglePlay => next.playing = !next.playing,
            Action::Step => next.step(),
            Action::SetSpeed(speed) => next.speed = speed,
            Action::Select(selection) => next.selected = selection,
            Action::Begin(header) => next.begin(header),
            Action::Refuse(why) => next.notice = Some(why),
            Action::Dismiss => {}
        }
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

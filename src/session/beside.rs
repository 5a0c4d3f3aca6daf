//! Another future beside the shown one: another branch, or the same commands under another
//! header. Both stand on one clock: wherever the shown run goes, the other goes to the same
//! time.

mod differences;
mod parting;
mod replay;
mod shared;
mod try_program;
mod what_if;

use std::rc::Rc;

use hustings_lab::narrate::Tell;
use hustings_lab::{Command, Header, History, RecordId, Run, RunPosition, Transcript, narrate};
use hustings_raft::Millis;

pub use self::differences::{Differences, ServerDifference};
pub use self::parting::{Account, Parted};
use self::replay::Replay;
pub use self::replay::Skipped;
pub use self::shared::Shared;
pub use self::what_if::WhatIf;
use super::{Selection, Session};
use crate::i18n::lang;

/// So many records are made at a time, which takes a few milliseconds.
const RECORDS_AT_ONCE: usize = 2_000;
/// So many are compared, or looked through for what is to be told.
const RECORDS_COMPARED_AT_ONCE: usize = 5_000;

/// What is beside the shown run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Other {
    /// Another branch of its history.
    Branch(usize),
    /// The same commands from the start, with another header.
    WhatIf(WhatIf),
}

/// Another future, at the time of the shown one.
#[derive(Clone)]
pub struct Beside {
    other: Other,
    /// Distinguishes it from all others.
    number: u32,
    /// The history and the branch that it was put beside.
    of: (u32, usize),
    follows: Follows,
    /// The settings of the shown run.
    shown: Rc<Header>,
    history: Rc<History>,
    /// The end of the history's branch, and what it became when time went on.
    ahead: (Rc<Run>, Rc<Run>),
    run: Rc<Run>,
    transcript: Rc<Transcript>,
    /// What is the same in the shown run and in this one.
    shared: Shared,
    /// Whether it is still on its way to where the shown run is, or to what differs.
    is_behind: bool,
    /// Where the two part, once the user has asked.
    parted: Option<Rc<Parted>>,
}

/// How the place in the other future is found.
#[derive(Clone)]
enum Follows {
    /// All is the same up to this position, and after that only the clock.
    Fork(RunPosition),
    /// Each command of the shown run has its place.
    Commands(Replay),
}

impl Beside {
    /// What it is.
    pub fn other(&self) -> &Other {
        &self.other
    }

    /// Its localized name.
    pub fn name(&self) -> String {
        match &self.other {
            Other::Branch(branch) => name_of(&self.history, *branch),
            Other::WhatIf(what_if) => what_if.describe_beside(&self.shown),
        }
    }

    /// The run at the time of the shown one.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// What the shown run and this one have in common from the start.
    pub fn shared(&self) -> &Shared {
        &self.shared
    }

    /// The first command of the shown run that was left out here.
    pub fn skipped(&self) -> Option<&Skipped> {
        match &self.follows {
            Follows::Fork(_) => None,
            Follows::Commands(replay) => replay.skipped(),
        }
    }

    /// Whether it is still on its way to where the shown run is.
    pub(super) fn is_behind(&self) -> bool {
        self.is_behind
    }

    fn tip(&self) -> &Rc<Run> {
        &self.ahead.1
    }

    fn new(other: Other, session: &Session, number: u32) -> Result<Self, Rc<str>> {
        let (follows, history) = match &other {
            Other::Branch(branch) => {
                let branch = *branch;
                let mut history = History::clone(&session.history);
                let fork = common(&history, history.current(), branch);
                history.switch(branch).map_err(|it| it.tell(lang()))?;
                (Follows::Fork(fork), history)
            }
            Other::WhatIf(what_if) => {
                let header = what_if.header(session.run.header())?;
                let run = Run::new(header).map_err(|it| it.tell(lang()))?;
                (Follows::Commands(Replay::default()), History::new(run))
            }
        };
        let run = Rc::clone(history.run());
        Ok(Self {
            other,
            number,
            of: session.branch_shown(),
            follows,
            shown: Rc::new(session.run.header().clone()),
            history: Rc::new(history),
            ahead: (Rc::clone(&run), Rc::clone(&run)),
            transcript: Rc::default(),
            run,
            shared: Shared::default(),
            is_behind: true,
            parted: None,
        })
    }

    /// Goes to where the session is.
    fn follow(&mut self, session: &Session) {
        let mut is_behind = false;
        if let Follows::Commands(replay) = &mut self.follows {
            let is_raft = self.other == Other::WhatIf(WhatIf::Raft);
            let history = &mut self.history;
            is_behind = replay.extend(history, &session.tip, is_raft, RECORDS_AT_ONCE);
        }
        let branch = self.history.branches().get(self.history.current());
        let end = branch.map_or(self.history.run(), |it| it.tip());
        let end = Rc::clone(end);
        let clock = session.whole_clock().max(session.run.now());
        match self.place(session, &end, clock) {
            _ if is_behind => {
                self.ahead = (Rc::clone(&end), Rc::clone(&end));
                self.run = end;
            }
            Some(records) if records < end.records().len() => {
                self.ahead = (Rc::clone(&end), end);
                if records != self.run.records().len() {
                    // There is such a record.
                    let _ = history_at(&mut self.history, records);
                    self.run = Rc::clone(self.history.run());
                }
            }
            _ => {
                self.go_on(&end, clock);
                self.run = Rc::clone(self.tip());
            }
        }
        let transcript = Rc::make_mut(&mut self.transcript);
        is_behind |= transcript.follow_on(&self.ahead.1, RECORDS_COMPARED_AT_ONCE);
        // A program gives other reasons than the core, or none.
        let is_raft = self.other == Other::WhatIf(WhatIf::Raft);
        let both = [&*session.tip, &*self.ahead.1];
        is_behind |= self.shared.extend(both, is_raft, RECORDS_COMPARED_AT_ONCE);
        self.is_behind = is_behind;
    }

    /// The number of records up to the place of the session; `None` at the end, where time
    /// goes on.
    fn place(&self, session: &Session, end: &Run, clock: Millis) -> Option<usize> {
        let here = RunPosition::of(&session.run);
        let is_at_end = !session.is_in_past();
        let by = |time| end.records().by(time);
        match &self.follows {
            Follows::Fork(fork) if here.records < fork.records => Some(here.records),
            // While time stands still, step by step.
            Follows::Fork(fork) if clock <= fork.time && !is_at_end => {
                Some(here.records.min(by(fork.time)))
            }
            Follows::Fork(_) if clock > end.now() => None,
            Follows::Fork(_) => Some(by(clock)),
            Follows::Commands(_) if is_at_end => None,
            Follows::Commands(replay) => Some(replay.place(&session.tip, here, clock, end)),
        }
    }

    /// Lets time pass beyond the end of the history, in a copy.
    fn go_on(&mut self, end: &Rc<Run>, until: Millis) {
        let (of, ahead) = &self.ahead;
        let goes_on = Rc::ptr_eq(of, end) && ahead.now() <= until;
        let from = if goes_on { ahead } else { end };
        let mut run = Rc::clone(from);
        let is_due = from.next_due().is_some_and(|due| due <= until);
        if is_due && until > from.now() {
            let left = until.since(from.now());
            // A run that is full stays as it is.
            let _ = Rc::make_mut(&mut run).apply(Command::Run(left));
        }
        self.ahead = (Rc::clone(end), run);
    }
}

/// Goes to just after so many records.
fn history_at(history: &mut Rc<History>, records: usize) -> Result<(), hustings_lab::HistoryError> {
    Rc::make_mut(history).seek(RecordId(records.saturating_sub(1)))
}

fn name_of(history: &History, branch: usize) -> String {
    let branch = history.branches().get(branch);
    branch.map_or_else(String::new, |it| narrate::branch(it.name(), lang()))
}

/// The last position that two branches have in common.
fn common(history: &History, one: usize, other: usize) -> RunPosition {
    let line = |branch: usize| {
        let whole = history.branches().get(branch);
        let end = whole.map(|it| RunPosition::of(it.tip()));
        std::iter::successors(end.map(|end| (branch, end)), |(branch, end)| {
            let fork = history.branches().get(*branch)?.fork()?;
            Some((fork.from, fork.at.min(*end)))
        })
    };
    let met = line(one).find_map(|(branch, end)| {
        let (_, other) = line(other).find(|(its, _)| *its == branch)?;
        Some(end.min(other))
    });
    met.unwrap_or(RunPosition {
        records: 0,
        time: Millis::ZERO,
    })
}

impl Session {
    /// The future beside the shown one.
    pub fn beside(&self) -> Option<&Beside> {
        self.beside.as_deref()
    }

    /// The branch that is put beside the shown one first: the last, or from the last the
    /// one that it was forked from.
    pub fn branch_beside(&self) -> Option<usize> {
        let (current, last) = (self.history.current(), self.history.branches().len() - 1);
        if current != last {
            return Some(last);
        }
        let fork = self.history.branches().get(current)?.fork()?;
        Some(fork.from)
    }

    /// The session as if the future beside the shown one were shown. What only the shown
    /// run has is not selected in it.
    pub fn seen_beside(&self) -> Option<Self> {
        let beside = self.beside.as_deref()?;
        Some(Self {
            history: Rc::clone(&beside.history),
            run: Rc::clone(&beside.run),
            tip: Rc::clone(beside.tip()),
            transcript: Rc::clone(&beside.transcript),
            // Counted from the other end, so that it is no number of a shown history.
            history_number: u32::MAX - beside.number,
            selected: in_both(self.selected),
            hovered: in_both(self.hovered),
            notice: None,
            beside: None,
            ..self.clone()
        })
    }

    /// Both runs, and how their servers differ now.
    pub fn differences(&self) -> Option<Differences> {
        let beside = self.beside.as_deref()?;
        Some(Differences::between(&self.run, &beside.run))
    }

    /// Where the two futures part, with the first record of the shown run that differs, if
    /// it has one; `None` while nothing differs.
    pub fn parting(&self) -> Option<RunPosition> {
        let beside = self.beside.as_deref()?;
        if let Some(parted) = &beside.parted {
            let (records, time) = (parted.records, parted.at);
            return Some(RunPosition { records, time });
        }
        let [shown, other] = beside.shared.counts().map(RecordId);
        let here = self.tip.records().get(shown);
        let there = beside.tip().records().get(other);
        let both = here.into_iter().chain(there);
        Some(RunPosition {
            records: shown.0 + usize::from(here.is_some()),
            time: both.map(|record| record.at).min()?,
        })
    }

    fn branch_shown(&self) -> (u32, usize) {
        (self.history_number, self.history.current())
    }

    /// Puts another future beside the shown one.
    pub(super) fn put_beside(&mut self, other: Other) {
        self.besides += 1;
        match Beside::new(other, self, self.besides) {
            Ok(beside) => self.beside = Some(Rc::new(beside)),
            Err(why) => {
                self.beside = None;
                self.notice = Some(super::Notice::Refused(why));
            }
        }
    }

    /// Takes the future beside to where the session is, after any action.
    pub(super) fn follow_beside(&mut self) {
        let Some(mut beside) = self.beside.take() else {
            return;
        };
        let (history, branch) = beside.of;
        if history != self.history_number {
            // Another history is shown, which has nothing to do with it.
            return;
        }
        if branch != self.history.current() {
            let other = match &beside.other {
                // The one beside was chosen, so they change places.
                Other::Branch(other) if *other == self.history.current() => Other::Branch(branch),
                other => other.clone(),
            };
            self.put_beside(other);
            match self.beside.take() {
                Some(new) => beside = new,
                None => return,
            }
        }
        Rc::make_mut(&mut beside).follow(self);
        self.beside = Some(beside);
    }

    /// Shows the future beside instead of the shown one, and nothing beside it.
    pub(super) fn take_beside(&mut self) {
        let Some(beside) = self.beside.take() else {
            return;
        };
        let (clock, records) = (self.clock, beside.run.records().len());
        match &beside.other {
            Other::Branch(branch) => {
                let branch = *branch;
                self.navigate_and_pause(|history| history.switch(branch));
            }
            Other::WhatIf(_) => {
                let mut history = Rc::clone(&beside.history);
                // There is always a current branch.
                let _ = Rc::make_mut(&mut history).switch(beside.history.current());
                self.show(history, None);
                self.pause();
            }
        }
        if records < self.tip.records().len() {
            self.navigate_and_pause(|history| history.seek(RecordId(records.saturating_sub(1))));
        } else {
            self.clock = self.clock.max(clock);
            self.catch_up();
        }
    }

    /// Lets the time up to the clock pass.
    fn catch_up(&mut self) {
        let left = self.whole_clock().since(self.run.now());
        if left > Millis::ZERO {
            self.attempt(|history| history.apply(Command::Run(left)));
        }
    }
}

/// What is selected, if both futures have it.
fn in_both(selected: Selection) -> Selection {
    match selected {
        Selection::Message(_) | Selection::Record(_) => Selection::Nothing,
        Selection::Nothing | Selection::Server(_) | Selection::Link(_) | Selection::Entry(..) => {
            selected
        }
    }
}

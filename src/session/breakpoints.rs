//! Breakpoints.

mod lines;

use std::rc::Rc;

use hustings_lab::{Claim, Command, Condition, History, HistoryError, RecordId, Run, narrate};
use hustings_raft::{LogIndex, Millis, NodeId, NodeSet, RoleName, Term};

use crate::complete::read_condition;
use crate::i18n::{lang, texts};

/// A condition that pauses the run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Breakpoint {
    /// A server takes a role.
    Role(NodeId, RoleName),
    /// Two servers lead at once.
    TwoLeaders,
    /// A server reaches a term that no server has been in.
    NewTerm,
    /// A server's commit index exceeds all previous ones.
    Commit,
    /// An invariant is violated.
    Violation,
    /// A condition that the user typed.
    Written(Box<Condition>),
    /// A server executes a line of its program.
    Line {
        /// The name of the program.
        program: Rc<str>,
        /// The line, from 1.
        line: u32,
    },
}

/// The breakpoints, each enabled or disabled. On by default: violations.
#[derive(Clone, PartialEq, Debug)]
pub struct Breakpoints(Vec<(Breakpoint, bool)>);

impl Default for Breakpoints {
    fn default() -> Self {
        Self(vec![(Breakpoint::Violation, true)])
    }
}

impl Breakpoint {
    /// Parses a condition, for a cluster of these servers.
    ///
    /// # Errors
    ///
    /// What is wrong with it and what would be valid.
    pub fn parse(text: &str, servers: NodeSet) -> Result<Self, String> {
        read_condition(text, servers).map(|goal| Self::Written(Box::new(goal)))
    }

    /// The localized condition.
    pub fn describe(&self) -> String {
        match self {
            Self::Role(server, role) => texts().break_role(server, narrate::role(*role, lang())),
            Self::TwoLeaders => texts().break_two_leaders().to_owned(),
            Self::NewTerm => texts().break_new_term().to_owned(),
            Self::Commit => texts().break_commit().to_owned(),
            Self::Violation => texts().break_violation().to_owned(),
            Self::Written(goal) => goal.to_string(),
            Self::Line { program, line } => texts().break_line(line, program),
        }
    }

    /// Whether it is true now, so that it cannot stop the run before it was false.
    pub(super) fn holds(&self, run: &Run) -> bool {
        let goal = self.goal(run);
        goal.is_some_and(|goal| run.holds_since(&goal, RecordId(run.records().len())))
    }

    /// The goal that the breakpoint waits for, from the run's current state on; a line is
    /// none.
    fn goal(&self, run: &Run) -> Option<Condition> {
        let goal = match self {
            Self::Role(server, role) => Condition::Role {
                server: *server,
                role: *role,
            },
            Self::TwoLeaders => Condition::Leaders(2),
            Self::NewTerm => {
                let terms = run.servers().map(|server| server.term());
                Condition::Term(terms.max().unwrap_or(Term::ZERO).next())
            }
            Self::Commit => {
                let commits = run.servers().map(|server| server.commit());
                let next = commits.max().unwrap_or(LogIndex::ZERO).next();
                Condition::Asserted(Claim::Committed(next))
            }
            Self::Violation => Condition::Violation,
            Self::Written(goal) => Condition::clone(goal),
            Self::Line { .. } => return None,
        };
        Some(goal)
    }
}

impl Breakpoints {
    /// The most breakpoints there may be.
    pub const MAX: usize = 20;
    /// A condition that holds already must cease to hold before it can pause the run; it
    /// is checked at this interval.
    const SLICE: Millis = Millis(10);

    /// The breakpoints, each with whether it is enabled.
    pub fn iter(&self) -> impl Iterator<Item = &(Breakpoint, bool)> {
        self.0.iter()
    }

    pub(super) fn get(&self, number: usize) -> Option<&Breakpoint> {
        self.0.get(number).map(|(breakpoint, _)| breakpoint)
    }

    pub(super) fn number_of(&self, breakpoint: &Breakpoint) -> Option<usize> {
        self.0.iter().position(|(it, _)| it == breakpoint)
    }

    fn any_enabled(&self) -> bool {
        self.0.iter().any(|(_, on)| *on)
    }

    /// Adds or enables a breakpoint; false if there are [`Self::MAX`] already.
    pub(super) fn add(&mut self, breakpoint: Breakpoint) -> bool {
        let known = self.0.iter_mut().find(|(other, _)| *other == breakpoint);
        if let Some((_, on)) = known {
            *on = true;
        } else if self.0.len() < Self::MAX {
            self.0.push((breakpoint, true));
        } else {
            return false;
        }
        true
    }

    pub(super) fn toggle(&mut self, number: usize) {
        if let Some((_, on)) = self.0.get_mut(number) {
            *on = !*on;
        }
    }

    pub(super) fn remove(&mut self, number: usize) {
        if number < self.0.len() {
            self.0.remove(number);
        }
    }

    /// Lets time pass up to a time, or up to a breakpoint; gives the number of that.
    ///
    /// # Errors
    ///
    /// When the run refuses to let time pass.
    pub(super) fn pass_time(
        &self,
        history: &mut History,
        until: Millis,
    ) -> Result<Option<usize>, HistoryError> {
        loop {
            let left = until.since(history.run().now());
            if left == Millis::ZERO {
                return Ok(None);
            }
            let slice = if self.any_enabled() {
                left.min(Self::SLICE)
            } else {
                left
            };
            let hit = self.first_hit(history.run(), slice);
            let line = self.first_line(history, slice)?;
            let is_before = |records: usize| hit.as_ref().is_none_or(|(at, ..)| records < *at);
            if let Some((number, after)) = line.filter(|(_, after)| is_before(after.records)) {
                lines::go_to(history, after)?;
                return Ok(Some(number));
            }
            if let Some((_, number, goal)) = hit {
                // Recorded as its goal with the default limit, so that the saved script
                // reaches it with another seed, too.
                let (goal, within) = (Box::new(goal), Command::WITHIN);
                history.apply(Command::RunUntil { goal, within })?;
                return Ok(Some(number));
            }
            let mut passed = Ok(());
            let run = Rc::clone(history.run());
            self.watched(&run, || {
                passed = history.apply(Command::Run(slice)).map(drop)
            });
            passed?;
        }
    }

    /// The breakpoint that would be hit first within a time, with its goal, and the number
    /// of records then.
    fn first_hit(&self, run: &Run, within: Millis) -> Option<(usize, usize, Condition)> {
        let enabled = self.0.iter().enumerate().filter(|(_, (_, on))| *on);
        let hits = enabled.filter_map(|(number, (breakpoint, _))| {
            let goal = breakpoint.goal(run)?;
            if run.holds_since(&goal, RecordId(run.records().len())) {
                return None;
            }
            let mut trial = run.clone();
            let until = Command::RunUntil {
                goal: Box::new(goal.clone()),
                within,
            };
            let reached = trial.apply(until).is_ok_and(|it| it.reached);
            reached.then(|| (trial.records().len(), number, goal))
        });
        hits.min_by_key(|(records, ..)| *records)
    }

    /// The breakpoint hit between two positions of a run.
    pub(super) fn hit_between(&self, before: &Run, after: &Run) -> Option<usize> {
        let first = RecordId(before.records().len());
        self.0.iter().position(|(breakpoint, on)| {
            let Some(goal) = breakpoint.goal(before).filter(|_| *on) else {
                return false;
            };
            !before.holds_since(&goal, first) && after.holds_since(&goal, first)
        })
    }
}

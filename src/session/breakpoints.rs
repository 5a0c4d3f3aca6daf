//! Conditions at which time stops.

use hustings_lab::{Command, Goal, History, HistoryError, Lab, RecordId, narrate};
use hustings_raft::{LogIndex, Millis, NodeId, NodeSet, RoleName, Term};

use crate::complete::read;
use crate::words::{lang, words};

/// A condition at which time stops.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Breakpoint {
    /// A server takes a role.
    Role(NodeId, RoleName),
    /// Two servers lead at once.
    TwoLeaders,
    /// A server gets to a term that nobody has been in.
    NewTerm,
    /// A server commits further than anybody has.
    Commit,
    /// An invariant is violated.
    Violation,
    /// What the user wrote.
    Written(Goal),
}

/// The breakpoints, each on or off.
#[derive(Clone, PartialEq, Debug)]
pub struct Breakpoints(Vec<(Breakpoint, bool)>);

/// A violation always deserves a look.
impl Default for Breakpoints {
    fn default() -> Self {
        Self(vec![(Breakpoint::Violation, true)])
    }
}

impl Breakpoint {
    /// Reads a condition in the words of `run until`, in a cluster of these servers.
    ///
    /// # Errors
    ///
    /// What is wrong with it and what would be valid.
    pub fn parse(text: &str, servers: NodeSet) -> Result<Self, String> {
        match read(&format!("run until {}", text.trim()), servers)? {
            Command::RunUntil { goal, .. } => Ok(Self::Written(goal)),
            _ => Err(words().only_commands().to_owned()),
        }
    }

    /// The condition in words.
    pub fn describe(&self) -> String {
        match self {
            Self::Role(server, role) => words().break_role(server, narrate::role(*role, lang())),
            Self::TwoLeaders => words().break_two_leaders().to_owned(),
            Self::NewTerm => words().break_new_term().to_owned(),
            Self::Commit => words().break_commit().to_owned(),
            Self::Violation => words().break_violation().to_owned(),
            Self::Written(goal) => goal.to_string(),
        }
    }

    /// What is to be waited for from a place on.
    fn goal(&self, lab: &Lab) -> Goal {
        match *self {
            Self::Role(server, role) => Goal::Role { server, role },
            Self::TwoLeaders => Goal::Leaders(2),
            Self::NewTerm => {
                let terms = lab.servers().map(|server| server.term());
                Goal::Term(terms.max().unwrap_or(Term::ZERO).next())
            }
            Self::Commit => {
                let commits = lab.servers().map(|server| server.commit());
                Goal::Committed(commits.max().unwrap_or(LogIndex::ZERO).next())
            }
            Self::Violation => Goal::Violation,
            Self::Written(goal) => goal,
        }
    }
}

impl Breakpoints {
    /// The most that there may be.
    pub const MAX: usize = 20;
    /// A condition that holds already must cease to hold before it can stop
    /// time; it is looked at this often.
    const SLICE: Millis = Millis(10);

    /// The breakpoints, each with whether it is on.
    pub fn iter(&self) -> impl Iterator<Item = &(Breakpoint, bool)> {
        self.0.iter()
    }

    pub(super) fn get(&self, number: usize) -> Option<&Breakpoint> {
        self.0.get(number).map(|(breakpoint, _)| breakpoint)
    }

    fn any_enabled(&self) -> bool {
        self.0.iter().any(|(_, on)| *on)
    }

    /// Says whether there was room for it.
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
    /// When the laboratory refuses to let time pass.
    pub(super) fn pass_time(
        &self,
        history: &mut History,
        until: Millis,
    ) -> Result<Option<usize>, HistoryError> {
        loop {
            let left = until.since(history.lab().now());
            if left == Millis::ZERO {
                return Ok(None);
            }
            let slice = match self.any_enabled() {
                true => left.min(Self::SLICE),
                false => left,
            };
            if let Some((number, goal)) = self.first_hit(history.lab(), slice) {
                // It is reached within the slice. As a line of a script it is to be
                // reached in another run, too.
                let within = Command::WITHIN;
                history.apply(Command::RunUntil { goal, within })?;
                return Ok(Some(number));
            }
            history.apply(Command::Run(slice))?;
        }
    }

    /// The breakpoint that would be hit first if that much time passed, with its goal.
    fn first_hit(&self, lab: &Lab, within: Millis) -> Option<(usize, Goal)> {
        let enabled = self.0.iter().enumerate().filter(|(_, (_, on))| *on);
        let hits = enabled.filter_map(|(number, (breakpoint, _))| {
            let goal = breakpoint.goal(lab);
            if lab.is_reached_since(goal, RecordId(lab.records().len())) {
                return None;
            }
            let mut trial = lab.clone();
            let until = Command::RunUntil { goal, within };
            let reached = trial.apply(until).is_ok_and(|it| it.reached);
            reached.then(|| (trial.records().len(), number, goal))
        });
        let first = hits.min_by_key(|(records, ..)| *records);
        first.map(|(_, number, goal)| (number, goal))
    }

    /// The breakpoint that was hit on the way from one place of a run to a later
    /// one.
    pub(super) fn hit_between(&self, before: &Lab, after: &Lab) -> Option<usize> {
        let first = RecordId(before.records().len());
        self.0.iter().position(|(breakpoint, on)| {
            let goal = breakpoint.goal(before);
            *on && !before.is_reached_since(goal, first) && after.is_reached_since(goal, first)
        })
    }
}

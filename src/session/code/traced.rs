//! What a record executed of a program, in one row of steps.

use std::borrow::Cow;
use std::rc::Rc;

use hustings_lab::{Value, VecMap};
use hustings_programs::{Executed, Trace};
use hustings_raft::NodeId;

/// What a record executed.
#[derive(Debug)]
pub struct Traced {
    /// Number of the history, branch, and number of records.
    pub(super) of: (u32, usize, usize),
    /// The server.
    pub server: NodeId,
    /// The calls by the laboratory, in order.
    pub calls: Vec<Call>,
    /// The steps of all of them.
    pub steps: Vec<Executed>,
    /// For each step the one with which it is over: the last of what it called.
    ends: Vec<usize>,
}

/// A call by the laboratory, or a part of one between writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    /// Its first step.
    pub first: usize,
    /// The function.
    pub function: Cow<'static, str>,
    /// For how many writes it had waited before.
    pub writes: usize,
    /// Whether it went on beyond what is kept.
    pub is_cut: bool,
}

/// What was executed of a line, up to a step.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Mark {
    /// How often it was.
    pub times: usize,
    /// Whether it was the last.
    pub is_last: bool,
    /// Whether it waits for what it called.
    pub calls: bool,
    /// The variables that it changed when it was last executed.
    pub changed: Vec<(Rc<str>, Value)>,
}

impl Traced {
    pub(super) fn new(of: (u32, usize, usize), server: NodeId, traces: Vec<Trace>) -> Self {
        let (mut calls, mut steps, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        for trace in traces {
            let first = steps.len();
            ends.extend(ends_of(&trace.executed).map(|end| first + end));
            calls.push(Call {
                first,
                function: trace.function,
                writes: trace.writes,
                is_cut: trace.is_cut,
            });
            steps.extend(trace.executed);
        }
        Self {
            of,
            server,
            calls,
            steps,
            ends,
        }
    }

    /// The call that a step belongs to.
    pub fn call_at(&self, place: usize) -> Option<&Call> {
        self.calls.iter().rfind(|call| call.first <= place)
    }

    /// Whether a step is over when another has been taken.
    fn is_over(&self, step: usize, place: usize) -> bool {
        self.ends.get(step).is_some_and(|end| *end <= place)
    }

    /// The variables that a step has changed by another step: none before it is over.
    pub fn changed(&self, step: usize, place: usize) -> &[(Rc<str>, Value)] {
        let over = self.steps.get(step).filter(|_| self.is_over(step, place));
        over.map_or(&[], |it| &it.changed)
    }

    /// What was executed of each line up to a step.
    pub fn marks(&self, place: usize) -> VecMap<u32, Mark> {
        let mut marks = VecMap::<u32, Mark>::default();
        for (number, step) in self.steps.iter().enumerate().take(place + 1) {
            let mark = marks.entry(step.line);
            mark.times += 1;
            mark.is_last = number == place;
            mark.calls = !self.is_over(number, place);
            let changed = self.changed(number, place);
            // Parts of one statement on a line add to what it changed.
            if !changed.is_empty() || mark.times == 1 {
                mark.changed = changed.to_vec();
            }
        }
        marks
    }

    /// The variables that are known at a step: the function's own, then the server's. Only
    /// those that its call has set.
    pub fn variables(&self, place: usize) -> Vec<(Rc<str>, Value)> {
        let first = self.call_at(place).map_or(0, |call| call.first);
        let mut server = VecMap::default();
        let mut functions: Vec<VecMap<&Rc<str>, &Value>> = Vec::new();
        for number in first..=place {
            let Some(step) = self.steps.get(number) else {
                break;
            };
            functions.resize_with(step.depth + 1, VecMap::default);
            for (name, value) in self.changed(number, place) {
                let of = match functions.last_mut() {
                    Some(own) if !name.starts_with("me.") => own,
                    _ => &mut server,
                };
                of.insert(name, value);
            }
        }
        let own = functions.pop().unwrap_or_default();
        let all = own.into_iter().chain(server);
        all.map(|(name, value)| (Rc::clone(name), value.clone()))
            .collect()
    }
}

/// For each step the last of what it called, or itself.
fn ends_of(steps: &[Executed]) -> impl Iterator<Item = usize> {
    let mut ends: Vec<_> = (0..steps.len()).collect();
    let mut open: Vec<usize> = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        while let Some(outer) =
            open.pop_if(|it| steps.get(*it).is_none_or(|it| it.depth >= step.depth))
        {
            if let Some(end) = ends.get_mut(outer) {
                *end = number - 1;
            }
        }
        open.push(number);
    }
    for outer in open {
        if let Some(end) = ends.get_mut(outer) {
            *end = steps.len() - 1;
        }
    }
    ends.into_iter()
}

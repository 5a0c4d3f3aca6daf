//! Which lines of a program a server executed.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use hustings_lab::Value;
use hustings_raft::NodeId;

/// What a program executed in one call by the laboratory, in order: all of it, or up to a
/// write, or from one to the next.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "wire", derive(serde::Serialize, serde::Deserialize))]
pub struct Trace {
    /// The server.
    pub server: NodeId,
    /// The function that was called.
    pub function: Cow<'static, str>,
    /// For how many writes the call had waited before.
    pub writes: usize,
    /// What was executed.
    pub executed: Vec<Executed>,
    /// Whether it went on beyond [`Trace::EXECUTED_MAX`].
    pub is_cut: bool,
}

/// A statement, or the part of one that stands on a line of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "wire", derive(serde::Serialize, serde::Deserialize))]
pub struct Executed {
    /// The line of the source, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// In how many calls it is: 0 in the function that the laboratory called.
    pub depth: usize,
    /// The variables that it changed, with their values after it: its function's own by
    /// their names, and the server's as `me.name`. The first of a function has its
    /// parameters, too.
    pub changed: Vec<(Rc<str>, Value)>,
}

impl Trace {
    /// The maximum of what is kept of one call.
    pub const EXECUTED_MAX: usize = 2_000;
}

/// Where it is said what programs execute, while that is asked for.
#[derive(Default, Debug)]
pub struct Traces(RefCell<Option<Vec<Trace>>>);

impl Traces {
    /// What programs execute while something is done.
    pub fn during(&self, act: impl FnOnce()) -> Vec<Trace> {
        *self.0.borrow_mut() = Some(Vec::new());
        act();
        self.0.borrow_mut().take().unwrap_or_default()
    }

    /// Whether that is asked for.
    pub fn are_wanted(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Says what was executed.
    pub fn add(&self, trace: Trace) {
        if let Some(traces) = self.0.borrow_mut().as_mut() {
            traces.push(trace);
        }
    }
}

//! Which lines of a program a turn executed.

use std::rc::Rc;

use hustings_lab::Value;
use hustings_raft::NodeId;

/// What a program executed in one call by the laboratory, in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trace {
    /// The server.
    pub server: NodeId,
    /// The function that was called.
    pub function: &'static str,
    /// What was executed.
    pub executed: Vec<Executed>,
    /// Whether it went on beyond [`Trace::EXECUTED_MAX`].
    pub is_cut: bool,
}

/// A statement, or the part of one that stands on a line of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Executed {
    /// The line of the source, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// In how many calls it is: 0 in the function that the laboratory called.
    pub depth: usize,
    /// The variables that it changed, with their values after it: its function's own by
    /// their names, and the server's as `me.name`.
    pub changed: Vec<(Rc<str>, Value)>,
}

impl Trace {
    /// The maximum of what is kept of one call.
    pub const EXECUTED_MAX: usize = 2_000;
}

//! Watches a turn, statement by statement.

use std::cell::RefCell;
use std::mem;
use std::rc::Rc;

use hustings_lab::Value;
use hustings_raft::NodeId;
use rhai::debugger::{DebuggerCommand, DebuggerEvent};
use rhai::{Engine, EvalContext, Position};

use super::engine::Shared;
use super::me::Me;
use super::value::value;
use crate::trace::{Executed, Trace};

/// What is watched: the turn that is being taken, if it is to be.
pub(super) type Watched = Rc<RefCell<Option<Watch>>>;

/// What was seen of a turn so far.
#[derive(Debug)]
pub(super) struct Watch {
    me: Me,
    executed: Vec<Executed>,
    /// The line and the column of what was evaluated last.
    last_place: Option<(u32, u32)>,
    /// Whether it went on when as much was executed as is kept.
    is_cut: bool,
    /// How much was executed up to each write.
    written: Vec<usize>,
    /// The calls within calls, the innermost last.
    frames: Vec<Frame>,
    /// The server's variables when they were last compared.
    server: Variables,
    /// Which of what was executed changes the server's variables now.
    current: Option<usize>,
}

/// A call of a function.
#[derive(Default, Debug)]
struct Frame {
    line: u32,
    /// The function's own variables when they were last compared.
    locals: Variables,
    /// Which of what was executed stands in it, the last.
    last: Option<usize>,
}

type Variables = Vec<(Rc<str>, Value)>;

impl Watch {
    pub(super) fn new(me: Me) -> Self {
        Self {
            server: server(&me),
            me,
            executed: Vec::new(),
            last_place: None,
            is_cut: false,
            written: Vec::new(),
            frames: Vec::new(),
            current: None,
        }
    }

    /// The line and the column of what was evaluated last.
    pub(super) fn last_place(&self) -> Option<(u32, u32)> {
        self.last_place
    }

    /// What was executed, in parts: all but the last end with a write.
    pub(super) fn traces(
        mut self,
        server: NodeId,
        function: &'static str,
        writes: usize,
    ) -> Vec<Trace> {
        self.note_server();
        self.note_writes(writes);
        let ends = self.written.iter().copied().chain([self.executed.len()]);
        let mut rest = self.executed.into_iter();
        let mut from = 0;
        let parts = ends.enumerate().map(|(writes, end)| {
            let executed = rest.by_ref().take(end - mem::replace(&mut from, end));
            Trace {
                server,
                function: function.into(),
                writes,
                executed: executed.collect(),
                is_cut: self.is_cut && end == Trace::EXECUTED_MAX,
            }
        });
        parts.collect()
    }

    /// So many writes have been begun.
    fn note_writes(&mut self, count: usize) {
        self.written.resize(count, self.executed.len());
    }

    /// Something is about to be evaluated. A part of a statement counts if it stands on
    /// a line of its own.
    fn enter(
        &mut self,
        context: &EvalContext<'_, '_, '_, '_, '_, '_>,
        is_statement: bool,
        at: Position,
    ) {
        let (Some(line), depth) = (
            at.line().and_then(|it| u32::try_from(it).ok()),
            context.call_level(),
        ) else {
            return;
        };
        self.frames.truncate(depth + 1);
        let is_same_line = self.frames.get(depth).is_some_and(|it| it.line == line);
        if is_same_line && !is_statement {
            return;
        }
        let column = at.position().and_then(|it| u32::try_from(it).ok());
        let column = column.unwrap_or(1).max(1);
        self.last_place = Some((line, column));
        if self.is_cut {
            return;
        }
        self.note_server();
        let is_new = self.frames.len() <= depth;
        self.note_locals(depth, locals(context));
        if self.executed.len() >= Trace::EXECUTED_MAX {
            self.is_cut = true;
            return;
        }
        let index = self.executed.len();
        self.current = Some(index);
        // A function begins with its parameters.
        let mut changed = Variables::new();
        if let Some(frame) = self.frames.last_mut() {
            (frame.line, frame.last) = (line, Some(index));
            if is_new {
                changed.clone_from(&frame.locals);
            }
        }
        self.executed.push(Executed {
            line,
            column,
            depth,
            changed,
        });
    }

    /// A function at this depth returns: what called it goes on.
    fn leave(&mut self, depth: usize) {
        if self.is_cut {
            return;
        }
        self.note_server();
        self.frames.truncate(depth);
        self.current = self.frames.last().and_then(|frame| frame.last);
    }

    fn note_server(&mut self) {
        let now = server(&self.me);
        let changed = difference(&self.server, &now);
        self.server = now;
        self.note(self.current, changed);
    }

    fn note_locals(&mut self, depth: usize, now: Variables) {
        let is_new = self.frames.len() <= depth;
        self.frames.resize_with(depth + 1, Frame::default);
        let Some(frame) = self.frames.last_mut() else {
            return;
        };
        let changed = difference(&frame.locals, &now);
        frame.locals = now;
        let last = frame.last;
        if !is_new {
            self.note(last, changed);
        }
    }

    fn note(&mut self, executed: Option<usize>, changed: Variables) {
        let executed = executed.and_then(|index| self.executed.get_mut(index));
        if let Some(executed) = executed.filter(|_| !self.is_cut) {
            executed.changed.extend(changed);
        }
    }
}

/// What is new or has another value. Most variables stay what and where they were.
fn difference(before: &Variables, after: &Variables) -> Variables {
    let places = after.iter().enumerate();
    let new = places.filter(|(place, it)| before.get(*place) != Some(it) && !before.contains(it));
    new.map(|(_, it)| it.clone()).collect()
}

fn server(me: &Me) -> Variables {
    me.with(|variables| {
        let named = variables.iter();
        named
            .map(|(name, of)| (format!("me.{name}").into(), value(of)))
            .collect()
    })
}

fn locals(context: &EvalContext<'_, '_, '_, '_, '_, '_>) -> Variables {
    let own = context.scope().iter().filter(|(_, _, of)| !of.is::<Me>());
    own.map(|(name, _, of)| (name.into(), value(&of))).collect()
}

/// Has an engine tell what it evaluates.
#[expect(
    deprecated,
    reason = "Rhai calls its debugger volatile so, not deprecated"
)]
pub(super) fn register(engine: &mut Engine, watched: &Watched, ongoing: &Shared) {
    let (watched, ongoing) = (Rc::clone(watched), Rc::clone(ongoing));
    engine.register_debugger(
        |_, debugger| debugger,
        move |context, event, node, _, position| {
            if let Some(watch) = watched.borrow_mut().as_mut() {
                let writes = ongoing.borrow().as_ref().map(|it| it.written.len());
                watch.note_writes(writes.unwrap_or_default());
                match event {
                    DebuggerEvent::Step => watch.enter(&context, node.is_stmt(), position),
                    DebuggerEvent::FunctionExitWithValue(_)
                    | DebuggerEvent::FunctionExitWithError(_) => {
                        watch.leave(context.call_level());
                    }
                    _ => {}
                }
            }
            Ok(DebuggerCommand::StepInto)
        },
    );
}

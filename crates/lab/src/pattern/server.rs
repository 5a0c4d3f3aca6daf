//! Patterns for servers.

use hustings_raft::{LogIndex, NodeId, NodeSet, RoleName, Term};

use super::LogEnd;
use crate::machine::{Value, View};

/// A pattern for a server's state. `None` matches anything.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct ServerPattern {
    /// Its role. A crashed server has none.
    pub role: Option<RoleName>,
    /// Its term; for a crashed server, the one on its disk.
    pub term: Option<Term>,
    /// Its vote in that term.
    pub voted_for: Option<Option<NodeId>>,
    /// The terms of its log's entries.
    pub log: Option<Vec<Term>>,
    /// The end of its log.
    pub last: Option<LogEnd>,
    /// Its commit index.
    pub commit: Option<LogIndex>,
    /// The leader that it follows.
    pub leader: Option<Option<NodeId>>,
    /// The members in its configuration.
    pub members: Option<NodeSet>,
    /// Whether it is running.
    pub up: Option<bool>,
    /// Variables of its program. What a complete state has is not listed here:
    /// [`View::shows`] says it.
    pub variables: Vec<Variable>,
}

/// A variable of a server's program, with its value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Variable {
    /// Its name, and the names and places in what it holds: `votes.S1`, `pile.0`.
    pub path: Box<str>,
    /// Its value as it is displayed.
    pub value: Box<str>,
}

impl View {
    /// Whether a variable of the server's program has that value; while the server is down,
    /// none has any.
    pub fn shows(&self, variable: &Variable) -> bool {
        let found = self.variable(&variable.path);
        found.is_some_and(|value| value.to_string() == *variable.value)
    }

    /// The value of a variable of the server's program, by its path.
    pub fn variable(&self, path: &str) -> Option<&Value> {
        self.variables.as_ref()?.at(path.split('.'))
    }
}

/// Repeats a statement for each property of two patterns but the variables.
macro_rules! for_each_property {
    (|$mine:ident, $its:ident| of $one:ident, $other:ident: $statement:expr) => {
        for_each_property!(
            [role term voted_for log last commit leader members up]
            |$mine, $its| of $one, $other: $statement
        )
    };
    ([$($property:ident)+] |$mine:ident, $its:ident| of $one:ident, $other:ident: $statement:expr) => {
        // A property that is not listed above does not compile.
        let Self { $($property: _,)+ variables: _ } = $one;
        $({
            let ($mine, $its) = (&mut $one.$property, &mut $other.$property);
            $statement
        })+
    };
}

impl ServerPattern {
    /// Where two complete states differ, in both; `None` if they do not.
    pub(crate) fn difference(mut self, mut other: Self) -> Option<(Self, Self)> {
        self.clear_equal(&mut other);
        (self != other).then_some((self, other))
    }

    /// The properties that differ from those of a complete state, in both, but for the
    /// variables; `None` if it matches.
    pub(crate) fn unmet(&self, found: Self) -> Option<(Self, Self)> {
        let (mut wanted, mut found) = (self.without_variables(), self.same_form(found));
        let up = found.up;
        for_each_property!(|mine, its| of wanted, found: if mine.is_none() { *its = None });
        wanted.clear_equal(&mut found);
        if up == Some(false) && wanted.is_of_the_running() {
            found.up = up;
        }
        (wanted != Self::default()).then_some((wanted, found))
    }

    /// The properties that a complete state has, too, but for the variables; `None` if
    /// there are none.
    pub(crate) fn in_common(&self, found: Self) -> Option<Self> {
        let (mut common, mut found) = (self.without_variables(), self.same_form(found));
        for_each_property!(|mine, its| of common, found: if mine != its { *mine = None });
        (common != Self::default()).then_some(common)
    }

    /// Sets the unset properties from `other`, and adds its variables.
    pub(crate) fn add(&mut self, mut other: Self) {
        for_each_property!(|mine, its| of self, other: if mine.is_none() { *mine = its.take() });
        self.variables.append(&mut other.variables);
    }

    fn without_variables(&self) -> Self {
        Self {
            variables: Vec::new(),
            ..self.clone()
        }
    }

    /// Only the role and the term; of a crashed server, that it is down.
    pub(crate) fn role_and_term(self) -> Self {
        Self {
            role: self.role,
            term: self.term,
            up: self.up.filter(|up| !up),
            ..Self::default()
        }
    }

    fn clear_equal(&mut self, other: &mut Self) {
        for_each_property!(|mine, its| of self, other: if mine == its {
            *mine = None;
            *its = None;
        });
    }

    /// A complete state with the end of its log in the form that it has here.
    fn same_form(&self, mut found: Self) -> Self {
        if let (Some(LogEnd::Index(_)), Some(last)) = (self.last, found.last) {
            found.last = Some(LogEnd::Index(last.index()));
        }
        found
    }

    /// Whether any property is lost in a crash, so that `down` explains the mismatch.
    fn is_of_the_running(&self) -> bool {
        self.role.is_some()
            || self.members.is_some()
            || self.leader.is_some()
            || self.commit.is_some()
    }
}

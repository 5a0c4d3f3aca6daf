//! Tables of a system's own words, and what they tell.

use std::borrow::Cow;

use super::Told;
use super::rows::{Message, Rows};
use crate::line::Line;
use crate::names::{Name, Names};
use crate::observation::{Alarm, LogEnd, Observation};
use crate::pattern::Holes;
use crate::time::Micros;

/// Rows, a line each: `"pattern" => what such a message tells`.
macro_rules! rows {
    ($($pattern:literal => $tells:expr),* $(,)?) => { &[$(($pattern, $tells)),*] };
}
pub(super) use rows;

/// What a system says.
pub(super) struct Table {
    /// Its messages. The first row that matches one and tells something counts.
    pub(super) rows: Rows,
    /// The fields that name the member that writes a line, if the message has no hole `me`.
    pub(super) me: &'static [&'static str],
    /// The field that names the Raft group, where one process runs many.
    pub(super) group: Option<&'static str>,
    /// A member's name in the one way in which it is always written; `None` if this is no
    /// name of a member.
    pub(super) id: fn(&str) -> Option<Cow<'_, str>>,
}

impl Table {
    /// What a line tells whose message is this; `None` if it is none of these.
    pub(super) fn read(
        &self,
        message: &Message<'_>,
        line: &Line<'_>,
        names: &mut Names,
    ) -> Option<Told> {
        let rows = self.rows.of(message);
        let tells = |row: &usize| self.tell(*row, message.text, line, names);
        rows.iter().find_map(tells)
    }

    /// The rows that tell something of a line whose message is this.
    #[cfg(test)]
    pub(super) fn rows_that_tell(&self, message: &str, line: &Line<'_>) -> Vec<usize> {
        let tells = |row: &usize| {
            self.tell(*row, message, line, &mut Names::default())
                .is_some()
        };
        (0..self.rows.all().len()).filter(tells).collect()
    }

    /// What a line tells by the row with this number.
    fn tell(&self, row: usize, message: &str, line: &Line<'_>, names: &mut Names) -> Option<Told> {
        let (pattern, tells) = self.rows.row(row)?;
        let holes = pattern.matches(message)?;
        let me = match holes.text("me") {
            Some(me) => Some(names.name(&(self.id)(me.trim())?)),
            None => self.me(line, names),
        };
        let mut words = Words {
            line,
            holes: &holes,
            me,
            id: self.id,
            names,
            also: Vec::new(),
        };
        let mut what = vec![tells(&mut words)?];
        what.append(&mut words.also);
        let group = self.group.and_then(|it| line.field(it));
        Some(Told {
            by: me,
            group: group.map(|it| names.name(&it)),
            what,
        })
    }

    /// The member that the fields of a line name as the one that writes.
    fn me(&self, line: &Line<'_>, names: &mut Names) -> Option<Name> {
        let field = self.me.iter().find_map(|field| line.field(field))?;
        Some(names.name(&(self.id)(field.trim())?))
    }
}

/// Something beside Raft.
pub(super) fn alarm(kind: Alarm) -> Option<Observation> {
    Some(Observation::Alarm {
        kind,
        peer: None,
        took: None,
    })
}

/// A message that matches a row: what stands in the pattern's holes, and beside the message.
pub(super) struct Words<'a> {
    pub(super) line: &'a Line<'a>,
    holes: &'a Holes<'a>,
    /// The member that writes, if the line says it.
    pub(super) me: Option<Name>,
    id: fn(&str) -> Option<Cow<'_, str>>,
    names: &'a mut Names,
    also: Vec<Observation>,
}

impl Words<'_> {
    /// What stands in a hole of the pattern, or else in a field.
    pub(super) fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        let hole = self.holes.text(name).map(Cow::Borrowed);
        hole.or_else(|| self.line.field(name))
    }

    /// The number that stands there.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.text(name)?.trim().parse().ok()
    }

    /// The time that stands there, as Go prints it.
    pub(super) fn took(&self, name: &str) -> Option<Micros> {
        Micros::parse(&self.text(name)?)
    }

    /// The member whose id stands there; `None` if no member has such an id.
    pub(super) fn member(&mut self, name: &str) -> Option<Name> {
        let text = self.text(name)?.into_owned();
        self.member_of(&text)
    }

    /// The member with this id; `None` if no member has such an id.
    pub(super) fn member_of(&mut self, text: &str) -> Option<Name> {
        let id = (self.id)(text.trim())?;
        Some(self.names.name(&id))
    }

    /// The name for a text that is no id: an address, say.
    pub(super) fn name(&mut self, text: &str) -> Option<Name> {
        let text = text.trim();
        (!text.is_empty()).then(|| self.names.name(text))
    }

    /// The end of a log whose term and index stand there.
    pub(super) fn log_end(&self, term: &str, index: &str) -> Option<LogEnd> {
        Some(LogEnd {
            term: self.number(term)?,
            index: self.number(index)?,
        })
    }

    /// The message tells this, too.
    pub(super) fn also(&mut self, what: Observation) {
        self.also.push(what);
    }

    /// The message tells all of these.
    pub(super) fn all(&mut self, what: Vec<Observation>) -> Option<Observation> {
        let mut what = what.into_iter();
        let first = what.next();
        self.also.extend(what);
        first
    }
}

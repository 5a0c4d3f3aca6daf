//! Fields of the lines that a process writes.

use hustings_raft::{LogIndex, NodeId, Term};
use serde_json::{Map, Value};

/// An object and what it is called.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a> {
    pub(super) what: &'a str,
    pub(super) map: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// Whether there are no other fields than these and `type`.
    pub(super) fn only(self, names: &[&str]) -> Result<(), String> {
        let is_known = |name: &str| name == "type" || names.contains(&name);
        match self.map.keys().find(|name| !is_known(name)) {
            None => Ok(()),
            Some(unknown) => Err(format!(
                "{} has no field `{unknown}`; it has {}",
                self.what,
                list(names)
            )),
        }
    }

    /// A field that must be there.
    pub(super) fn get(self, name: &str) -> Result<&'a Value, String> {
        let missing = || format!("`{name}` of {} is missing", self.what);
        self.map.get(name).ok_or_else(missing)
    }

    /// A field that may be left out.
    pub(super) fn find(self, name: &str) -> Option<&'a Value> {
        self.map.get(name)
    }

    fn wrong<T>(self, name: &str, wanted: &str, value: &Value) -> Result<T, String> {
        Err(format!(
            "`{name}` of {} is {wanted}, and this is {}",
            self.what,
            shown(value)
        ))
    }

    pub(super) fn number(self, name: &str) -> Result<u64, String> {
        let value = self.get(name)?;
        match value.as_u64() {
            Some(number) => Ok(number),
            None => self.wrong(name, "a whole number from 0", value),
        }
    }

    pub(super) fn term(self, name: &str) -> Result<Term, String> {
        self.number(name).map(Term)
    }

    pub(super) fn index(self, name: &str) -> Result<LogIndex, String> {
        self.number(name).map(LogIndex)
    }

    pub(super) fn truth(self, name: &str) -> Result<bool, String> {
        let value = self.get(name)?;
        match value.as_bool() {
            Some(truth) => Ok(truth),
            None => self.wrong(name, "true or false", value),
        }
    }

    pub(super) fn text(self, name: &str) -> Result<&'a str, String> {
        let value = self.get(name)?;
        match value.as_str() {
            Some(text) => Ok(text),
            None => self.wrong(name, "a text", value),
        }
    }

    pub(super) fn list(self, name: &str) -> Result<&'a [Value], String> {
        let value = self.get(name)?;
        match value.as_array() {
            Some(items) => Ok(items),
            None => self.wrong(name, "an array", value),
        }
    }

    pub(super) fn server(self, name: &str) -> Result<NodeId, String> {
        let value = self.get(name)?;
        match value.as_str().and_then(named) {
            Some(id) => Ok(id),
            None => self.wrong(name, "a server, as \"S1\"", value),
        }
    }

    pub(super) fn server_or_null(self, name: &str) -> Result<Option<NodeId>, String> {
        match self.get(name)? {
            Value::Null => Ok(None),
            _ => self.server(name).map(Some),
        }
    }
}

/// The server with a name.
pub(super) fn named(name: &str) -> Option<NodeId> {
    let number = name.strip_prefix('S')?;
    NodeId::new(number.parse().ok()?).filter(|_| number.len() == 1)
}

/// A value as it is quoted.
pub(super) fn shown(value: &Value) -> String {
    super::limits::quoted(&value.to_string())
}

/// `a, b and c`
pub(super) fn list(names: &[&str]) -> String {
    match names {
        [] => "none".to_owned(),
        [only] => format!("`{only}`"),
        [first @ .., last] => format!("`{}` and `{last}`", first.join("`, `")),
    }
}

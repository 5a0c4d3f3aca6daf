//! Values of a program's own variables.

use std::fmt;
use std::rc::Rc;

/// The value of a variable that a program has beside what every server has
/// ([`View`](super::View)), as it is shown and as expectations compare it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Value {
    /// No value.
    Nothing,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text.
    Text(Rc<str>),
    /// Values in order.
    List(Rc<[Value]>),
    /// Values by name, in order of the names.
    Map(Rc<[(Rc<str>, Value)]>),
}

impl Value {
    /// The value at a path of names and of positions in lists, from 0; `None` if there is
    /// none.
    pub fn at<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> Option<&Self> {
        path.into_iter().try_fold(self, |value, name| match value {
            Self::Map(entries) => {
                let found = entries.iter().find(|(key, _)| **key == *name);
                found.map(|(_, value)| value)
            }
            Self::List(items) => items.get(name.parse::<usize>().ok()?),
            Self::Nothing | Self::Bool(_) | Self::Int(_) | Self::Text(_) => None,
        })
    }
}

/// As a program would be read aloud: `none`, `true`, `3`, `follower`, `[1, 2]`,
/// `{S1: true}`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("none"),
            Self::Bool(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::Text(value) => f.write_str(value),
            Self::List(items) => {
                f.write_str("[")?;
                for (place, item) in items.iter().enumerate() {
                    let comma = if place > 0 { ", " } else { "" };
                    write!(f, "{comma}{item}")?;
                }
                f.write_str("]")
            }
            Self::Map(entries) => {
                f.write_str("{")?;
                for (place, (name, value)) in entries.iter().enumerate() {
                    let comma = if place > 0 { ", " } else { "" };
                    write!(f, "{comma}{name}: {value}")?;
                }
                f.write_str("}")
            }
        }
    }
}

//! The names that lines give to members.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A name that lines use for a member: an id, an address, or what it is called. A number in
/// the [`Names`] that gave it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Name(pub u32);

/// All names that were read, each once.
#[derive(Clone, Default, Debug)]
pub struct Names {
    all: Vec<Arc<str>>,
    known: BTreeMap<Arc<str>, Name>,
}

impl Names {
    /// The name for this text, a new one if need be.
    pub fn name(&mut self, text: &str) -> Name {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let name = Name(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        let text: Arc<str> = text.into();
        self.all.push(Arc::clone(&text));
        self.known.insert(text, name);
        name
    }

    /// The name for this text, if it was read.
    pub fn find(&self, text: &str) -> Option<Name> {
        self.known.get(text).copied()
    }

    /// What a name says.
    pub fn text(&self, name: Name) -> &str {
        let text = usize::try_from(name.0).ok().and_then(|at| self.all.get(at));
        text.map_or("?", |text| text)
    }

    /// The number of names.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

//! What servers were told, and what they answered.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::rc::Rc;

use hustings_lab::Failure;
use hustings_raft::NodeId;

/// A place in what servers were told: how many lines, and all of them in a digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Place {
    pub(super) turn: u64,
    digest: u64,
}

impl Place {
    /// The place after a line.
    pub(super) fn after(before: Option<Self>, line: &str) -> Self {
        let mut digest = DefaultHasher::new();
        (before, line).hash(&mut digest);
        Self {
            turn: before.map_or(0, |it| it.turn) + 1,
            digest: digest.finish(),
        }
    }
}

/// A turn that was taken.
#[derive(Debug)]
pub(super) struct Taken {
    /// The server that took it.
    pub(super) server: NodeId,
    /// The place after the turn before; nothing if the server starts.
    pub(super) before: Option<Place>,
    /// What it was told.
    pub(super) line: String,
    /// The lines of the answer.
    pub(super) answer: Result<String, Box<Failure>>,
}

impl Taken {
    /// The place after it.
    pub(super) fn place(&self) -> Place {
        Place::after(self.before, &self.line)
    }
}

/// The turns that servers have taken, in order. All clones are the same.
#[derive(Clone, Default, Debug)]
pub struct Turns(Rc<RefCell<Store>>);

#[derive(Default, Debug)]
struct Store {
    taken: Vec<Rc<Taken>>,
    by_place: BTreeMap<Place, usize>,
}

impl Turns {
    /// The turn that leads to a place, if it was taken.
    pub(super) fn at(&self, place: Place) -> Option<Rc<Taken>> {
        let store = self.0.borrow();
        let number = store.by_place.get(&place)?;
        store.taken.get(*number).cloned()
    }

    /// Keeps a turn that has been taken.
    pub(super) fn keep(&self, taken: Rc<Taken>) {
        let store = &mut *self.0.borrow_mut();
        store.by_place.insert(taken.place(), store.taken.len());
        store.taken.push(taken);
    }

    /// The number of the turn that leads to a place, from 0.
    pub(super) fn number(&self, place: Place) -> Option<usize> {
        self.0.borrow().by_place.get(&place).copied()
    }

    /// All of them, in the order in which they were taken.
    pub(super) fn all(&self) -> Vec<Rc<Taken>> {
        self.0.borrow().taken.clone()
    }
}

//! A list that copies share.

use std::rc::Rc;

/// How many items are shared as one piece.
const CHUNK: usize = 256;

/// A list that grows at its end. A copy shares what it has in common with the
/// original, so a copy is cheap however long the list.
#[derive(Clone, Debug)]
pub(crate) struct SharedVec<T> {
    full: Rc<Vec<Rc<Vec<T>>>>,
    open: Vec<T>,
}

impl<T> Default for SharedVec<T> {
    fn default() -> Self {
        Self {
            full: Rc::default(),
            open: Vec::new(),
        }
    }
}

impl<T: Clone> SharedVec<T> {
    pub(crate) fn len(&self) -> usize {
        self.full.len() * CHUNK + self.open.len()
    }

    pub(crate) fn get(&self, place: usize) -> Option<&T> {
        match self.full.get(place / CHUNK) {
            Some(chunk) => chunk.get(place % CHUNK),
            None => self.open.get(place - self.full.len() * CHUNK),
        }
    }

    pub(crate) fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        let full = self.full.len();
        if place >= full * CHUNK {
            return self.open.get_mut(place - full * CHUNK);
        }
        let chunk = Rc::make_mut(&mut self.full).get_mut(place / CHUNK)?;
        Rc::make_mut(chunk).get_mut(place % CHUNK)
    }

    pub(crate) fn push(&mut self, item: T) {
        self.open.push(item);
        if self.open.len() == CHUNK {
            let chunk = std::mem::replace(&mut self.open, Vec::with_capacity(CHUNK));
            Rc::make_mut(&mut self.full).push(Rc::new(chunk));
        }
    }
}

impl<T: Clone + Default> SharedVec<T> {
    /// The item at a place, which comes into being if the list is too short.
    pub(crate) fn at(&mut self, place: usize) -> Option<&mut T> {
        while self.len() <= place {
            self.push(T::default());
        }
        self.get_mut(place)
    }
}

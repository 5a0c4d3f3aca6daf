//! A value for every link.

use hustings_raft::NodeId;

use crate::Link;

const PLACES: usize = (NodeId::MAX as usize) * (NodeId::MAX as usize);

fn place(link: Link) -> usize {
    let row = usize::from(link.from.number() - 1);
    let column = usize::from(link.to.number() - 1);
    row * usize::from(NodeId::MAX) + column
}

/// A value for every link.
#[derive(Clone, Debug)]
pub(crate) struct PerLink<T>([T; PLACES]);

impl<T: Copy + Default> Default for PerLink<T> {
    fn default() -> Self {
        Self([T::default(); PLACES])
    }
}

impl<T: Copy + Default> PerLink<T> {
    pub(crate) fn get(&self, link: Link) -> T {
        self.0.get(place(link)).copied().unwrap_or_default()
    }

    pub(crate) fn set(&mut self, link: Link, value: T) {
        if let Some(old) = self.0.get_mut(place(link)) {
            *old = value;
        }
    }
}

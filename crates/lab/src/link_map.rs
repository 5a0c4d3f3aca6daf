//! Maps and sets of links.

use hustings_raft::NodeId;

use crate::path::Link;

const SLOTS: usize = (NodeId::MAX as usize) * (NodeId::MAX as usize);

fn index(link: Link) -> usize {
    let row = usize::from(link.from.number() - 1);
    let column = usize::from(link.to.number() - 1);
    row * usize::from(NodeId::MAX) + column
}

/// A map from links to values.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct LinkMap<T>([T; SLOTS]);

impl<T: Copy + Default> Default for LinkMap<T> {
    fn default() -> Self {
        Self([T::default(); SLOTS])
    }
}

impl<T: Copy + Default> LinkMap<T> {
    pub(crate) fn get(&self, link: Link) -> T {
        self.0.get(index(link)).copied().unwrap_or_default()
    }

    pub(crate) fn set(&mut self, link: Link, value: T) {
        if let Some(old) = self.0.get_mut(index(link)) {
            *old = value;
        }
    }
}

/// A set of links, one bit each.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug)]
pub(crate) struct LinkSet(u128);

impl LinkSet {
    pub(crate) fn contains(self, link: Link) -> bool {
        self.0 & (1 << index(link)) != 0
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Link> {
        let all = || NodeId::first(NodeId::MAX);
        let links = all().flat_map(move |from| all().map(move |to| Link { from, to }));
        // Mostly there are none.
        let links = (self != Self::default()).then_some(links);
        links
            .into_iter()
            .flatten()
            .filter(move |link| self.contains(*link))
    }

    pub(crate) fn set(&mut self, link: Link, present: bool) {
        let bit = 1 << index(link);
        if present {
            self.0 |= bit;
        } else {
            self.0 &= !bit;
        }
    }
}

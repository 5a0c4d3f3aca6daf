//! Which links are cut, and how many messages each has carried.

use hustings_raft::NodeId;

use crate::Link;

const PLACES: usize = (NodeId::MAX as usize) * (NodeId::MAX as usize);

fn place(link: Link) -> usize {
    let row = usize::from(link.from.number() - 1);
    let column = usize::from(link.to.number() - 1);
    row * usize::from(NodeId::MAX) + column
}

/// A set of links.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct LinkSet(u128);

impl LinkSet {
    pub(crate) fn contains(self, link: Link) -> bool {
        self.0 & (1 << place(link)) != 0
    }

    pub(crate) fn insert(&mut self, link: Link) {
        self.0 |= 1 << place(link);
    }

    pub(crate) fn remove(&mut self, link: Link) {
        self.0 &= !(1 << place(link));
    }
}

/// A number for every link.
#[derive(Clone, Debug)]
pub(crate) struct PerLink([u32; PLACES]);

impl Default for PerLink {
    fn default() -> Self {
        Self([0; PLACES])
    }
}

impl PerLink {
    /// The number, which then goes up by one.
    pub(crate) fn count(&mut self, link: Link) -> u64 {
        match self.0.get_mut(place(link)) {
            Some(count) => {
                let before = *count;
                *count = count.wrapping_add(1);
                u64::from(before)
            }
            None => 0,
        }
    }
}

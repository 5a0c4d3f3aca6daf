//! A persistent vector: a 32-way tree that clones share, copy-on-write.

use std::rc::Rc;

/// The maximum number of items or children per node, as a power of two.
const BITS: u32 = 5;
const WIDTH: usize = 1 << BITS;

/// A persistent vector. Clones share nodes, so a clone takes constant time, and a
/// change after it copies only the nodes on the path to the changed item.
///
/// The items are in the leaves of a tree whose nodes are all full except the last of
/// each level.
#[derive(Clone, Debug)]
pub(crate) struct PersistentVec<T> {
    root: Rc<Node<T>>,
    /// The number of levels above the leaves.
    height: u32,
    len: usize,
}

#[derive(Clone, Debug)]
enum Node<T> {
    Leaf(Vec<T>),
    Branch(Vec<Rc<Self>>),
}

impl<T> Node<T> {
    fn empty(height: u32) -> Rc<Self> {
        Rc::new(match height {
            0 => Self::Leaf(Vec::new()),
            _ => Self::Branch(Vec::new()),
        })
    }
}

/// The slot of an index within a node of some height.
fn slot(index: usize, height: u32) -> usize {
    (index >> (BITS * height)) % WIDTH
}

/// Appends to a node, which allocates its full capacity on first use.
fn push_exact<T>(items: &mut Vec<T>, item: T) {
    if items.len() == items.capacity() {
        items.reserve_exact(WIDTH - items.len());
    }
    items.push(item);
}

/// Unshares a leaf that is about to grow, with the full capacity that [`push_exact`]
/// allocates.
fn unshare_with_capacity<T: Clone>(node: &mut Rc<Node<T>>) {
    if Rc::get_mut(node).is_none()
        && let Node::Leaf(items) = &**node
    {
        let mut own = Vec::with_capacity(WIDTH);
        own.extend_from_slice(items);
        *node = Rc::new(Node::Leaf(own));
    }
}

impl<T> Default for PersistentVec<T> {
    fn default() -> Self {
        Self {
            root: Node::empty(0),
            height: 0,
            len: 0,
        }
    }
}

impl<T> PersistentVec<T> {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        let (mut node, mut height) = (&*self.root, self.height);
        if index >= self.len {
            return None;
        }
        loop {
            match node {
                Node::Leaf(items) => return items.get(slot(index, 0)),
                Node::Branch(children) => node = children.get(slot(index, height))?,
            }
            height -= 1;
        }
    }

    pub(crate) fn last(&self) -> Option<&T> {
        self.get(self.len.checked_sub(1)?)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        (0..self.len).filter_map(|index| self.get(index))
    }

    /// The number of items at the start that satisfy the predicate, like
    /// [`slice::partition_point`].
    pub(crate) fn partition_point(&self, is_early: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle).is_some_and(&is_early) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        low
    }
}

impl<T: Clone> PersistentVec<T> {
    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let (mut root, mut height) = (&mut self.root, self.height);
        if index >= self.len {
            return None;
        }
        loop {
            match Rc::make_mut(root) {
                Node::Leaf(items) => return items.get_mut(slot(index, 0)),
                Node::Branch(children) => root = children.get_mut(slot(index, height))?,
            }
            height -= 1;
        }
    }

    pub(crate) fn last_mut(&mut self) -> Option<&mut T> {
        self.get_mut(self.len.checked_sub(1)?)
    }

    /// Removes the last item.
    pub(crate) fn pop(&mut self) {
        if let Some(last) = self.len.checked_sub(1) {
            let (mut root, mut height) = (&mut self.root, self.height);
            loop {
                match Rc::make_mut(root) {
                    Node::Leaf(items) => {
                        items.truncate(slot(last, 0));
                        break;
                    }
                    Node::Branch(children) => {
                        let Some(node) = children.get_mut(slot(last, height)) else {
                            break;
                        };
                        root = node;
                    }
                }
                height -= 1;
            }
            self.len = last;
        }
    }

    pub(crate) fn push(&mut self, item: T) {
        if self.len == WIDTH << (BITS * self.height) {
            self.height += 1;
            let full = std::mem::replace(&mut self.root, Node::empty(self.height));
            if let Node::Branch(children) = Rc::make_mut(&mut self.root) {
                push_exact(children, full);
            }
        }
        let (mut root, mut height) = (&mut self.root, self.height);
        loop {
            unshare_with_capacity(root);
            match Rc::make_mut(root) {
                Node::Leaf(items) => {
                    push_exact(items, item);
                    break;
                }
                Node::Branch(children) => {
                    let slot = slot(self.len, height);
                    height -= 1;
                    if slot == children.len() {
                        push_exact(children, Node::empty(height));
                    }
                    root = &mut children[slot];
                }
            }
        }
        self.len += 1;
    }
}

impl<T: Clone> PersistentVec<T> {
    /// Keeps the first `len` items.
    pub(crate) fn truncate(&mut self, len: usize) {
        if len >= self.len {
            return;
        }
        let Some(last) = len.checked_sub(1) else {
            *self = Self::default();
            return;
        };
        self.len = len;
        let (mut root, mut height) = (&mut self.root, self.height);
        loop {
            match Rc::make_mut(root) {
                Node::Leaf(items) => return items.truncate(slot(last, 0) + 1),
                Node::Branch(children) => {
                    children.truncate(slot(last, height) + 1);
                    let Some(node) = children.last_mut() else {
                        return;
                    };
                    root = node;
                    height -= 1;
                }
            }
        }
    }
}

impl<T: Clone + Default> PersistentVec<T> {
    /// The item at an index; the vector is filled with default values up to it.
    pub(crate) fn get_or_default_mut(&mut self, index: usize) -> Option<&mut T> {
        while self.len() <= index {
            self.push(T::default());
        }
        self.get_mut(index)
    }
}

impl<T: Clone> FromIterator<T> for PersistentVec<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut list = Self::default();
        for item in items {
            list.push(item);
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Enough for a tree of three levels.
    const MANY: usize = WIDTH * WIDTH + 2 * WIDTH + 3;

    #[test]
    fn every_item_has_the_index_at_which_it_was_pushed() {
        let mut list = PersistentVec::default();
        for number in 0..MANY {
            assert_eq!((list.len(), list.get(number)), (number, None));
            list.push(number);
            assert_eq!(list.last(), Some(&number));
        }
        assert!(list.iter().copied().eq(0..MANY));
        assert!(list.iter().rev().copied().eq((0..MANY).rev()));
    }

    #[test]
    fn clones_of_any_length_are_independent() {
        for len in 0..MANY {
            let mut list: PersistentVec<usize> = (0..len).collect();
            let copy = list.clone();
            list.push(len);
            if let Some(item) = list.get_mut(len / 2) {
                *item = MANY;
            }
            assert!(copy.iter().copied().eq(0..len));
            assert_eq!((list.len(), list.get(len / 2)), (len + 1, Some(&MANY)));
        }
    }

    #[test]
    fn a_clone_shares_all_unchanged_nodes() {
        let list: PersistentVec<usize> = (0..MANY).collect();
        let mut copy = list.clone();
        copy.push(MANY);
        let same = |index| {
            let pair = list.get(index).zip(copy.get(index));
            pair.is_some_and(|(one, other)| std::ptr::eq(one, other))
        };
        assert!((0..MANY - 3).all(same));
        assert!(!same(MANY - 1));
    }

    #[test]
    fn a_truncated_clone_can_grow_independently() {
        let list: PersistentVec<usize> = (0..MANY).collect();
        for len in 0..=MANY {
            let mut start = list.clone();
            start.truncate(len);
            assert_eq!((start.len(), start.get(len)), (len, None));
            start.push(MANY);
            assert!(start.iter().copied().eq((0..len).chain([MANY])));
        }
        assert!(list.iter().copied().eq(0..MANY));
    }

    #[test]
    fn popped_items_stay_in_clones() {
        for len in 0..MANY {
            let list: PersistentVec<usize> = (0..len).collect();
            let mut shorter = list.clone();
            shorter.pop();
            assert!(shorter.iter().copied().eq(0..len.saturating_sub(1)));
            shorter.push(MANY);
            assert_eq!(shorter.last(), Some(&MANY));
            assert!(list.iter().copied().eq(0..len));
        }
    }

    #[test]
    fn the_partition_point_is_found() {
        let list: PersistentVec<usize> = (0..MANY).collect();
        for point in [0, 1, WIDTH, MANY - 1, MANY, MANY + 1] {
            let found = list.partition_point(|item| *item < point);
            assert_eq!(found, point.min(MANY));
        }
    }
}

//! A list that copies share.

use std::rc::Rc;

/// How many items, or pieces, one piece has at most, as a power of two.
const BITS: u32 = 5;
const WIDTH: usize = 1 << BITS;

/// A list that grows at its end. A copy shares what it has in common with the
/// original, so a copy costs nothing however long the list, and a change after
/// it only the pieces that lead to what is changed.
///
/// The items stand in the leaves of a tree whose pieces are all full but the
/// last ones.
#[derive(Clone, Debug)]
pub(crate) struct SharedVec<T> {
    root: Rc<Piece<T>>,
    /// How many pieces lead from the root to an item's.
    height: u32,
    len: usize,
}

#[derive(Clone, Debug)]
enum Piece<T> {
    Items(Vec<T>),
    Pieces(Vec<Rc<Self>>),
}

impl<T> Piece<T> {
    fn empty(height: u32) -> Rc<Self> {
        Rc::new(match height {
            0 => Self::Items(Vec::new()),
            _ => Self::Pieces(Vec::new()),
        })
    }
}

/// Where a place is within a piece of some height.
fn slot(place: usize, height: u32) -> usize {
    (place >> (BITS * height)) % WIDTH
}

/// Adds to a piece. One that grows has all its room at once, and no more.
fn add<T>(items: &mut Vec<T>, item: T) {
    if items.len() == items.capacity() {
        items.reserve_exact(WIDTH - items.len());
    }
    items.push(item);
}

/// Copies items that are shared and about to become one more: with all the room that
/// [`add`] gives them.
fn give_room<T: Clone>(piece: &mut Rc<Piece<T>>) {
    if Rc::get_mut(piece).is_none()
        && let Piece::Items(items) = &**piece
    {
        let mut own = Vec::with_capacity(WIDTH);
        own.extend_from_slice(items);
        *piece = Rc::new(Piece::Items(own));
    }
}

impl<T> Default for SharedVec<T> {
    fn default() -> Self {
        Self {
            root: Piece::empty(0),
            height: 0,
            len: 0,
        }
    }
}

impl<T> SharedVec<T> {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, place: usize) -> Option<&T> {
        let (mut piece, mut height) = (&*self.root, self.height);
        if place >= self.len {
            return None;
        }
        loop {
            match piece {
                Piece::Items(items) => return items.get(slot(place, 0)),
                Piece::Pieces(pieces) => piece = pieces.get(slot(place, height))?,
            }
            height -= 1;
        }
    }

    pub(crate) fn last(&self) -> Option<&T> {
        self.get(self.len.checked_sub(1)?)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        (0..self.len).filter_map(|place| self.get(place))
    }

    /// How many items at the start are as asked for, where none is after the
    /// first that is not.
    pub(crate) fn partition_point(&self, is_early: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.get(middle).is_some_and(&is_early) {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low
    }
}

impl<T: Clone> SharedVec<T> {
    pub(crate) fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        let (mut root, mut height) = (&mut self.root, self.height);
        if place >= self.len {
            return None;
        }
        loop {
            match Rc::make_mut(root) {
                Piece::Items(items) => return items.get_mut(slot(place, 0)),
                Piece::Pieces(pieces) => root = pieces.get_mut(slot(place, height))?,
            }
            height -= 1;
        }
    }

    pub(crate) fn last_mut(&mut self) -> Option<&mut T> {
        self.get_mut(self.len.checked_sub(1)?)
    }

    pub(crate) fn push(&mut self, item: T) {
        if self.len == WIDTH << (BITS * self.height) {
            self.height += 1;
            let full = std::mem::replace(&mut self.root, Piece::empty(self.height));
            if let Piece::Pieces(pieces) = Rc::make_mut(&mut self.root) {
                add(pieces, full);
            }
        }
        let (mut root, mut height) = (&mut self.root, self.height);
        loop {
            give_room(root);
            match Rc::make_mut(root) {
                Piece::Items(items) => {
                    add(items, item);
                    break;
                }
                Piece::Pieces(pieces) => {
                    let slot = slot(self.len, height);
                    height -= 1;
                    if slot == pieces.len() {
                        add(pieces, Piece::empty(height));
                    }
                    root = &mut pieces[slot];
                }
            }
        }
        self.len += 1;
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

impl<T: Clone> FromIterator<T> for SharedVec<T> {
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
    fn every_item_stands_where_it_was_put() {
        let mut list = SharedVec::default();
        for number in 0..MANY {
            assert_eq!((list.len(), list.get(number)), (number, None));
            list.push(number);
            assert_eq!(list.last(), Some(&number));
        }
        assert!(list.iter().copied().eq(0..MANY));
        assert!(list.iter().rev().copied().eq((0..MANY).rev()));
    }

    #[test]
    fn a_copy_and_its_original_go_their_own_ways_at_any_length() {
        for len in 0..MANY {
            let mut list: SharedVec<usize> = (0..len).collect();
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
    fn a_copy_shares_every_piece_that_is_the_same() {
        let list: SharedVec<usize> = (0..MANY).collect();
        let mut copy = list.clone();
        copy.push(MANY);
        let same = |place| {
            let pair = list.get(place).zip(copy.get(place));
            pair.is_some_and(|(one, other)| std::ptr::eq(one, other))
        };
        assert!((0..MANY - 3).all(same));
        assert!(!same(MANY - 1));
    }

    #[test]
    fn the_point_between_early_and_late_is_found() {
        let list: SharedVec<usize> = (0..MANY).collect();
        for point in [0, 1, WIDTH, MANY - 1, MANY, MANY + 1] {
            let found = list.partition_point(|item| *item < point);
            assert_eq!(found, point.min(MANY));
        }
    }
}

//! A small interning cache.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;

/// The number of cached values: more than the distinct messages of nine servers between
/// two heartbeats.
const CAPACITY: usize = 16;

/// The values that were interned last. In steady state, a cluster repeats the same
/// heartbeats and replies, with the same reasons. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct InternCache<P>(Rc<RefCell<Recent<P>>>);

#[derive(Debug)]
struct Recent<P> {
    values: Vec<P>,
    /// The index of the value that is replaced next.
    oldest: usize,
}

impl<P> Default for InternCache<P> {
    fn default() -> Self {
        Self(Rc::new(RefCell::new(Recent {
            values: Vec::new(),
            oldest: 0,
        })))
    }
}

impl<P: Deref<Target: PartialEq> + Clone> InternCache<P> {
    /// Returns a pointer to the cached equal value, or adds this one.
    pub(crate) fn intern<V>(&self, value: V) -> P
    where
        V: Borrow<P::Target>,
        P: From<V>,
    {
        let Recent { values, oldest } = &mut *self.0.borrow_mut();
        let same = |known: &&P| ***known == *value.borrow();
        if let Some(known) = values.iter().find(same) {
            return known.clone();
        }
        let new = P::from(value);
        match values.get_mut(*oldest) {
            Some(place) => *place = new.clone(),
            None => values.push(new.clone()),
        }
        *oldest = (*oldest + 1) % CAPACITY;
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recently_interned_values_are_shared() {
        let cache: InternCache<Rc<[u8]>> = InternCache::default();
        let first = cache.intern(&[1, 2][..]);
        let again = cache.intern(vec![1, 2]);
        assert!(Rc::ptr_eq(&first, &again));
        assert!(!Rc::ptr_eq(&first, &cache.intern(&[1][..])));
    }

    #[test]
    fn values_interned_long_ago_are_evicted() {
        let cache: InternCache<Rc<usize>> = InternCache::default();
        let first = cache.intern(0);
        for number in 1..=CAPACITY {
            assert_eq!(*cache.intern(number), number);
        }
        assert_eq!(RefCell::borrow(&cache.0).values.len(), CAPACITY);
        assert_eq!(Rc::strong_count(&first), 1);
    }
}

//! Values that come again and again, each kept once.

use std::borrow::Borrow;
use std::ops::Deref;

/// How many values are remembered: more than what nine servers say between two
/// heartbeats.
const CAPACITY: usize = 16;

/// Pointers to the values that were shared last. Most of what happens in a
/// cluster in steady state has happened before, word for word: the same
/// heartbeats, the same answers, for the same reasons.
#[derive(Clone, Debug)]
pub(crate) struct InternCache<P> {
    values: Vec<P>,
    /// Which is forgotten next.
    oldest: usize,
}

impl<P> Default for InternCache<P> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            oldest: 0,
        }
    }
}

impl<P: Deref<Target: PartialEq> + Clone> InternCache<P> {
    /// The value, shared with the last one that was the same.
    pub(crate) fn intern<V>(&mut self, value: V) -> P
    where
        V: Borrow<P::Target>,
        P: From<V>,
    {
        let same = |known: &&P| ***known == *value.borrow();
        if let Some(known) = self.values.iter().find(same) {
            return known.clone();
        }
        let new = P::from(value);
        match self.values.get_mut(self.oldest) {
            Some(place) => *place = new.clone(),
            None => self.values.push(new.clone()),
        }
        self.oldest = (self.oldest + 1) % CAPACITY;
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    #[test]
    fn what_was_shared_lately_is_kept_once() {
        let mut cache: InternCache<Rc<[u8]>> = InternCache::default();
        let first = cache.intern(&[1, 2][..]);
        let again = cache.intern(vec![1, 2]);
        assert!(Rc::ptr_eq(&first, &again));
        assert!(!Rc::ptr_eq(&first, &cache.intern(&[1][..])));
    }

    #[test]
    fn what_was_shared_long_ago_is_forgotten() {
        let mut cache: InternCache<Rc<usize>> = InternCache::default();
        let first = cache.intern(0);
        for number in 1..=CAPACITY {
            assert_eq!(*cache.intern(number), number);
        }
        assert_eq!(cache.values.len(), CAPACITY);
        assert_eq!(Rc::strong_count(&first), 1);
    }
}

//! Values that come again and again, each kept once.

use std::borrow::Borrow;
use std::ops::Deref;

/// How many values are remembered: more than what nine servers say between two
/// heartbeats.
const REMEMBERED: usize = 16;

/// Pointers to the values that were shared last. Most of what happens in a
/// cluster in steady state has happened before, word for word: the same
/// heartbeats, the same answers, for the same reasons.
#[derive(Clone, Debug)]
pub(crate) struct Recent<P> {
    values: Vec<P>,
    /// Which is forgotten next.
    oldest: usize,
}

impl<P> Default for Recent<P> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            oldest: 0,
        }
    }
}

impl<P: Deref<Target: PartialEq> + Clone> Recent<P> {
    /// The value, shared with the last one that was the same.
    pub(crate) fn share<V>(&mut self, value: V) -> P
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
        self.oldest = (self.oldest + 1) % REMEMBERED;
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    #[test]
    fn what_was_shared_lately_is_kept_once() {
        let mut recent: Recent<Rc<[u8]>> = Recent::default();
        let first = recent.share(&[1, 2][..]);
        let again = recent.share(vec![1, 2]);
        assert!(Rc::ptr_eq(&first, &again));
        assert!(!Rc::ptr_eq(&first, &recent.share(&[1][..])));
    }

    #[test]
    fn what_was_shared_long_ago_is_forgotten() {
        let mut recent: Recent<Rc<usize>> = Recent::default();
        let first = recent.share(0);
        for number in 1..=REMEMBERED {
            assert_eq!(*recent.share(number), number);
        }
        assert_eq!(recent.values.len(), REMEMBERED);
        assert_eq!(Rc::strong_count(&first), 1);
    }
}

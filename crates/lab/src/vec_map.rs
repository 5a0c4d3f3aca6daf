//! A map as one sorted vector.
//!
//! The maps of a world are small or grow at their end, and are cloned with every
//! checkpoint of a history. A vector is cloned faster than a tree, and compiles to a
//! tenth of the code.

/// Values by key, in the order of the keys.
#[derive(PartialEq, Eq, Hash, Debug)]
pub struct VecMap<K, V>(Vec<(K, V)>);

impl<K: Clone, V: Clone> Clone for VecMap<K, V> {
    /// A copy, with room for one more: most are made to be added to.
    fn clone(&self) -> Self {
        if self.0.is_empty() {
            return Self(Vec::new());
        }
        let mut copy = Vec::with_capacity(self.0.len() + 1);
        copy.extend_from_slice(&self.0);
        Self(copy)
    }

    /// Copies into the memory of a map that is not needed any more.
    fn clone_from(&mut self, other: &Self) {
        self.0.clone_from(&other.0);
    }
}

impl<K, V> Default for VecMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Copy + Ord, V> VecMap<K, V> {
    fn find(&self, key: K) -> Result<usize, usize> {
        self.0.binary_search_by_key(&key, |(key, _)| *key)
    }

    /// The value of a key.
    pub fn get(&self, key: K) -> Option<&V> {
        let index = self.find(key).ok()?;
        self.0.get(index).map(|(_, value)| value)
    }

    /// Sets the value of a key. Returns the one that it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        // Most maps grow at their end.
        if self.0.last().is_none_or(|(last, _)| *last < key) {
            self.0.push((key, value));
            return None;
        }
        match self.find(key) {
            Ok(index) => self
                .0
                .get_mut(index)
                .map(|(_, old)| std::mem::replace(old, value)),
            Err(index) => {
                self.0.insert(index, (key, value));
                None
            }
        }
    }

    /// The place of a key among the keys.
    pub(crate) fn place(&self, key: K) -> Option<usize> {
        self.find(key).ok()
    }

    /// The value of a key, which begins as its default.
    pub fn entry(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        let index = self.find(key).unwrap_or_else(|index| {
            self.0.insert(index, (key, V::default()));
            index
        });
        &mut self.0[index].1
    }

    pub(crate) fn last_key(&self) -> Option<K> {
        self.0.last().map(|(key, _)| *key)
    }

    pub(crate) fn remove(&mut self, key: K) -> Option<V> {
        let index = self.find(key).ok()?;
        Some(self.0.remove(index).1)
    }

    pub(crate) fn get_mut(&mut self, key: K) -> Option<&mut V> {
        let index = self.find(key).ok()?;
        self.0.get_mut(index).map(|(_, value)| value)
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The keys with their values.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (K, &V)> {
        self.0.iter().map(|(key, value)| (*key, value))
    }

    /// The values.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// Removes all, and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// What comes after the values of which something is so. It must not be so of any after
    /// one of which it is not.
    pub(crate) fn iter_after(
        &self,
        is_before: impl Fn(&V) -> bool,
    ) -> impl Iterator<Item = (K, &V)> {
        let first = self.0.partition_point(|(_, value)| is_before(value));
        self.0.iter().skip(first).map(|(key, value)| (*key, value))
    }
}

/// A set, as one sorted vector.
pub type VecSet<K> = VecMap<K, ()>;

impl<K: Copy + Ord> FromIterator<K> for VecSet<K> {
    fn from_iter<I: IntoIterator<Item = K>>(items: I) -> Self {
        let mut set = Self::default();
        for item in items {
            set.insert(item, ());
        }
        set
    }
}

impl<K: Copy> VecMap<K, ()> {
    /// What is in the set, in order.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = K> {
        self.0.iter().map(|(item, ())| *item)
    }
}

impl<K, V> IntoIterator for VecMap<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

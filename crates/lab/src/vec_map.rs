//! A map as one sorted vector.
//!
//! The maps of a laboratory are small or grow at their end, and are cloned with every
//! checkpoint of a history. A vector is cloned faster than a tree, and compiles to a
//! tenth of the code.

/// Values by key, in the order of the keys.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct VecMap<K, V>(Vec<(K, V)>);

impl<K, V> Default for VecMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Copy + Ord, V> VecMap<K, V> {
    fn find(&self, key: K) -> Result<usize, usize> {
        self.0.binary_search_by_key(&key, |(key, _)| *key)
    }

    pub(crate) fn get(&self, key: K) -> Option<&V> {
        let index = self.find(key).ok()?;
        self.0.get(index).map(|(_, value)| value)
    }

    /// Sets the value of a key.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        match self.find(key) {
            Ok(index) => {
                if let Some((_, old)) = self.0.get_mut(index) {
                    *old = value;
                }
            }
            Err(index) => self.0.insert(index, (key, value)),
        }
    }

    pub(crate) fn remove(&mut self, key: K) -> Option<V> {
        let index = self.find(key).ok()?;
        Some(self.0.remove(index).1)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The lowest key.
    pub(crate) fn first(&self) -> Option<K> {
        self.0.first().map(|(key, _)| *key)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    /// The values from a key on.
    pub(crate) fn values_from(&self, key: K) -> impl Iterator<Item = &V> {
        let (Ok(index) | Err(index)) = self.find(key);
        self.0.iter().skip(index).map(|(_, value)| value)
    }

    /// Keeps the values that satisfy the predicate, and returns the others.
    pub(crate) fn split(&mut self, stays: &dyn Fn(&V) -> bool) -> Vec<(K, V)> {
        let all = std::mem::take(&mut self.0);
        let (kept, others) = all.into_iter().partition(|(_, value)| stays(value));
        self.0 = kept;
        others
    }
}

//! The states that were visited, by their digests alone.

use std::sync::Mutex;
use std::sync::PoisonError;

/// A set of digests that threads share.
///
/// It is a hash table in shards, each of which grows by itself and by little, so that a
/// visited state takes 9.4 to 11.8 bytes. A state is known by its digest only: two states
/// with one digest count as one. [`collision`] says how likely that is.
#[derive(Debug)]
pub struct Visited {
    shards: Vec<Mutex<Shard>>,
}

/// The digests whose first bits are the number of the shard.
#[derive(Default, Debug)]
struct Shard {
    /// 0 where there is none.
    slots: Vec<u64>,
    len: usize,
}

/// How many first bits of a digest say in which shard it is.
const SHARD_BITS: u32 = 8;

impl Default for Visited {
    fn default() -> Self {
        Self {
            shards: (0..1 << SHARD_BITS).map(|_| Mutex::default()).collect(),
        }
    }
}

impl Visited {
    /// Adds a digest; returns whether it is new.
    pub fn insert(&self, digest: u64) -> bool {
        // No slot holds 0.
        let digest = digest.max(1);
        let shard = &self.shards[(digest >> (u64::BITS - SHARD_BITS)) as usize];
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        shard.insert(digest)
    }

    /// How many digests there are.
    pub fn len(&self) -> usize {
        self.sum(|shard| shard.len)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its size in bytes.
    pub fn bytes(&self) -> usize {
        self.sum(|shard| shard.slots.capacity() * size_of::<u64>())
    }

    fn sum(&self, of: impl Fn(&Shard) -> usize) -> usize {
        let shards = self.shards.iter();
        let of = |shard: &Mutex<Shard>| of(&shard.lock().unwrap_or_else(PoisonError::into_inner));
        shards.map(of).sum()
    }
}

impl Shard {
    fn insert(&mut self, digest: u64) -> bool {
        // At most 85 % of the slots are taken.
        if self.len * 20 >= self.slots.len() * 17 {
            self.grow();
        }
        let place = self.place(digest);
        let new = self.slots[place] == 0;
        if new {
            self.slots[place] = digest;
            self.len += 1;
        }
        new
    }

    /// Where a digest is, or would be put.
    fn place(&self, digest: u64) -> usize {
        // The bits after the shard's, as a fraction of the slots.
        let fraction = u128::from(digest << SHARD_BITS);
        let mut place = ((fraction * self.slots.len() as u128) >> u64::BITS) as usize;
        while self.slots[place] != 0 && self.slots[place] != digest {
            place += 1;
            if place == self.slots.len() {
                place = 0;
            }
        }
        place
    }

    fn grow(&mut self) {
        let larger = (self.slots.len() + self.slots.len() / 4).max(64);
        let before = std::mem::replace(&mut self.slots, vec![0; larger]);
        for digest in before.into_iter().filter(|digest| *digest != 0) {
            let place = self.place(digest);
            self.slots[place] = digest;
        }
    }
}

/// The chance that among so many states two different ones have one digest, so that one of
/// them was left out: about n² / 2⁶⁵.
pub fn collision(states: usize) -> f64 {
    let states = states as f64;
    states * states / 2.0_f64.powi(65)
}

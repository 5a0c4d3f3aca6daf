//! Numbers that stand for values.

use std::hash::{BuildHasher as _, Hash};

use foldhash::quality::FixedState;

/// The digest of a value: the same for equal values in every run of the program, though
/// not on every platform.
pub(crate) fn digest_of(value: &impl Hash) -> u64 {
    FixedState::default().hash_one(value)
}

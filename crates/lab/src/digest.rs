//! Numbers that stand for values.

use std::hash::{BuildHasher as _, Hash, Hasher};

use foldhash::quality::FixedState;

/// The digest of a value: the same for equal values in every run of the program, though
/// not on every platform.
pub(crate) fn digest_of(value: &impl Hash) -> u64 {
    FixedState::default().hash_one(value)
}

/// Values by digests, which are only looked up.
#[expect(
    clippy::disallowed_types,
    reason = "its hasher is the same in every run, and nobody iterates over it"
)]
pub(crate) type ByDigest<T> = std::collections::HashMap<u64, T, FixedState>;

/// Keeps what it is fed as it is, so that it can be compared.
#[derive(Default, PartialEq, Eq)]
pub(crate) struct Kept(Vec<u8>);

impl Hasher for Kept {
    fn finish(&self) -> u64 {
        digest_of(&self.0)
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

/// Passes on what it is fed in few large pieces, to a hasher that is an object: a call of
/// such a one for each number would cost more than hashing it.
pub(crate) struct InPieces<'a> {
    to: &'a mut dyn Hasher,
    piece: [u8; 256],
    len: usize,
}

impl<'a> InPieces<'a> {
    pub(crate) fn to(to: &'a mut dyn Hasher) -> Self {
        Self {
            to,
            piece: [0; 256],
            len: 0,
        }
    }

    /// Passes on the rest.
    pub(crate) fn end(&mut self) {
        self.to
            .write(self.piece.get(..self.len).unwrap_or_default());
        self.len = 0;
    }
}

impl Hasher for InPieces<'_> {
    fn finish(&self) -> u64 {
        self.to.finish()
    }

    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let end = self.len + bytes.len();
        if let Some(free) = self.piece.get_mut(self.len..end) {
            free.copy_from_slice(bytes);
            self.len = end;
        } else {
            self.end();
            self.to.write(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_passed_on_in_order_however_long_it_is() {
        let bytes: Vec<u8> = (0..=255).collect();
        let mut all = Kept::default();
        let mut pieces = InPieces::to(&mut all);
        for len in [1, 100, 155, 1, 256, 0, 200] {
            pieces.write(&bytes[..len]);
        }
        // Longer than a piece.
        pieces.write(&bytes.repeat(2));
        pieces.write_u8(7);
        pieces.end();
        let lens = [1, 100, 155, 1, 256, 0, 200];
        let mut expected: Vec<u8> = lens.iter().flat_map(|len| bytes[..*len].to_vec()).collect();
        expected.extend(bytes.repeat(2));
        expected.push(7);
        assert_eq!(all.0, expected);
    }
}

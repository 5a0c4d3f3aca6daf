//! Writes decisions down, each in as many bits as it is surprising.
//!
//! A decision divides a range of numbers by its probability and keeps one part; what
//! is written is a number of the range that is left (Martin, Range encoding, 1979).

use crate::tree::Tree;

/// Certainty, as probabilities are given here.
pub const ONE: u32 = 1 << 16;

/// Where decisions come from.
pub trait Coder {
    /// A byte of this code comes next.
    fn begin(&mut self, tree: &Tree);
    /// The next decision; that it is 1 has this probability, of [`ONE`].
    fn decide(&mut self, one: u32) -> u32;
}

struct Range {
    low: u32,
    high: u32,
}

impl Range {
    const ALL: Range = Range { low: 0, high: !0 };

    /// The last number of the part for 1.
    #[inline(always)]
    fn middle(&self, one: u32) -> u32 {
        self.low + ((self.high - self.low) >> 16) * one
    }

    #[inline(always)]
    fn keep(&mut self, middle: u32, decision: u32) {
        if decision == 1 {
            self.high = middle;
        } else {
            self.low = middle + 1;
        }
    }

    /// The first byte of all that is in it, which is then dropped.
    #[inline(always)]
    fn settled(&mut self) -> Option<u8> {
        let first = self.low >> 24;
        (first == self.high >> 24).then(|| {
            self.low <<= 8;
            self.high = self.high << 8 | 0xff;
            first as u8
        })
    }
}

/// Decisions are those of bytes that are there; it writes them down.
pub struct Encoder {
    range: Range,
    bytes: std::vec::IntoIter<u8>,
    /// What is left of the code of the byte.
    code: u16,
    left: u32,
    out: Vec<u8>,
}

impl Encoder {
    pub fn new(bytes: Vec<u8>) -> Encoder {
        Encoder {
            range: Range::ALL,
            bytes: bytes.into_iter(),
            code: 0,
            left: 0,
            out: Vec::new(),
        }
    }

    /// All that is written.
    pub fn finish(mut self) -> Vec<u8> {
        self.out.extend(self.range.low.to_be_bytes());
        self.out
    }
}

impl Coder for Encoder {
    fn begin(&mut self, tree: &Tree) {
        let byte = self.bytes.next().unwrap_or_default();
        self.code = tree.codes[usize::from(byte)];
        self.left = self.code.checked_ilog2().unwrap_or_default();
    }

    #[inline(always)]
    fn decide(&mut self, one: u32) -> u32 {
        self.left = self.left.saturating_sub(1);
        let decision = u32::from(self.code >> self.left & 1);
        self.range.keep(self.range.middle(one), decision);
        while let Some(byte) = self.range.settled() {
            self.out.push(byte);
        }
        decision
    }
}

/// Decisions are read from what an [`Encoder`] has written.
pub struct Decoder {
    range: Range,
    packed: std::vec::IntoIter<u8>,
    /// The first bytes of what is left.
    number: u32,
}

impl Decoder {
    pub fn new(packed: Vec<u8>) -> Decoder {
        let mut decoder = Decoder {
            range: Range::ALL,
            packed: packed.into_iter(),
            number: 0,
        };
        for _ in 0..4 {
            decoder.read();
        }
        decoder
    }

    /// After the end come zeros.
    fn read(&mut self) {
        let byte = self.packed.next().unwrap_or_default();
        self.number = self.number << 8 | u32::from(byte);
    }
}

impl Coder for Decoder {
    fn begin(&mut self, _: &Tree) {}

    #[inline(always)]
    fn decide(&mut self, one: u32) -> u32 {
        let middle = self.range.middle(one);
        let decision = u32::from(self.number <= middle);
        self.range.keep(middle, decision);
        while self.range.settled().is_some() {
            self.read();
        }
        decision
    }
}

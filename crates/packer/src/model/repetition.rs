//! What followed when the last bytes stood there before.

use super::curve::Curve;
use super::spread;

/// So many bytes must be the same.
const LEAST: usize = 6;
/// Beyond this, longer is not looked for.
const MOST: usize = 40;
/// Longer ones are trusted alike.
const LENGTHS: usize = 64;
/// There is none, or it is short or long: it is trusted in three ways.
pub const TRUSTS: usize = 3;
/// Places are remembered by numbers of so many bits.
const PLACES_BITS: u32 = 16;
/// The larger, the slower it learns how often it is right.
const SLOWNESS: u16 = 64;
/// Three times of four, of 65536.
const MOSTLY: u16 = 0xc000;
/// From this length on, a repetition is a long one.
const LONG: usize = 16;

/// A stretch of bytes that repeats an earlier one, so far.
pub struct Repetition {
    /// Where bytes like the last six stood last, by a number for them.
    places: Vec<u32>,
    /// What stands there is expected next.
    at: usize,
    /// How long it is; 0 for none.
    length: usize,
    /// How often what was expected came, by length.
    right: [u16; LENGTHS],
    /// What is expected of the next decision.
    expected: Option<u32>,
}

impl Repetition {
    pub fn new() -> Repetition {
        Repetition {
            places: vec![0; 1 << PLACES_BITS],
            at: 0,
            length: 0,
            right: [MOSTLY; LENGTHS],
            expected: None,
        }
    }

    /// The byte that is expected.
    pub fn next(&self, bytes: &[u8]) -> Option<u8> {
        (self.length > 0)
            .then(|| bytes.get(self.at).copied())
            .flatten()
    }

    /// How far it is to be trusted (below [`TRUSTS`]), and what it guesses. `whole` is the
    /// code of the byte that is expected (0: none), `code` what has been decided by now.
    #[inline(always)]
    pub fn guess(&mut self, whole: u16, code: usize, depth: usize, curve: &Curve) -> (usize, i32) {
        let length = whole.checked_ilog2().unwrap_or_default() as usize;
        let left = length.saturating_sub(depth);
        self.expected = None;
        if left == 0 || usize::from(whole) >> left != code {
            return (0, 0);
        }
        let expected = u32::from(whole >> (left - 1) & 1);
        self.expected = Some(expected);
        let stretched = curve.stretch(self.right[self.length.min(LENGTHS - 1)]);
        let trust = if self.length < LONG { 1 } else { 2 };
        (trust, if expected == 1 { stretched } else { -stretched })
    }

    /// Learns how the decision came out.
    #[inline(always)]
    pub fn learn(&mut self, decision: u32) {
        if let Some(expected) = self.expected {
            let right = &mut self.right[self.length.min(LENGTHS - 1)];
            if expected == decision {
                *right += (u16::MAX - *right) / SLOWNESS;
            } else {
                *right -= *right / SLOWNESS;
            }
        }
    }

    /// Takes note of the last byte.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.next(bytes) == bytes.last().copied() {
            self.at += 1;
            self.length += 1;
        } else {
            self.length = 0;
        }
    }

    /// Looks where bytes like the last ones stood before; `recent` are the last eight.
    pub fn find(&mut self, bytes: &[u8], recent: u64) {
        let (four, two) = (recent as u32, (recent >> 32) as u32 & 0xffff);
        let six = spread(four.wrapping_add(two * 0x2c1b)) >> (u32::BITS - PLACES_BITS);
        let place = &mut self.places[six as usize];
        if self.length == 0 && *place > 0 {
            self.at = *place as usize;
            let before = bytes[..self.at].iter().rev().zip(bytes.iter().rev());
            let same = before
                .take(MOST)
                .take_while(|(one, other)| one == other)
                .count();
            self.length = if same < LEAST { 0 } else { same };
        }
        *place = bytes.len() as u32;
    }
}

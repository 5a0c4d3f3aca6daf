//! What stands before a byte, in five views.

use super::spread;
use crate::module::{Kind, Place};

/// So many views.
pub const CONTEXTS: usize = 5;

/// What has been seen of the bytes.
#[derive(Default)]
pub struct History {
    /// The last eight bytes, the latest lowest; six of them are looked at.
    pub recent: u64,
    /// The word that the last bytes are part of, if it is text; a number for it.
    word: u32,
}

impl History {
    /// A number for each view of what stands before the byte at a place. Numbers that
    /// are the same by chance do little harm.
    pub fn contexts(&self, place: &Place, group: usize) -> [u32; CONTEXTS] {
        // Where codes differ, so do the contexts.
        let group = group as u32;
        let here = spread(
            ((group << 16) + place.kind.number() + 1)
                .wrapping_mul(0x2545_f491)
                .wrapping_add(place.number),
        );
        let after = |before: u32| spread(here.wrapping_add(before));
        let bytes = self.recent as u32;
        if place.kind == Kind::OUTSIDE {
            return [
                here,
                after(bytes & 0xff),
                after(bytes & 0xffff),
                after(bytes & 0xff_ffff),
                after(self.word),
            ];
        }
        let instructions = place.instructions;
        [
            after(instructions & 0xff),
            after(instructions & 0xff_ffff),
            after(instructions),
            spread(here ^ place.last.wrapping_mul(0x297a_2d39)),
            spread(group << 16 | bytes & 0xffff),
        ]
    }

    /// What decides which weights the guesses at a place have.
    pub fn chosen(&self, place: &Place) -> usize {
        let last = match place.kind {
            Kind::INSTRUCTION => place.instructions,
            _ => self.recent as u32,
        };
        last as usize & 0xff
    }

    /// Takes note of the last byte.
    pub fn push(&mut self, byte: u8) {
        self.recent = self.recent << 8 | u64::from(byte);
        self.word = if byte.is_ascii_alphabetic() || !byte.is_ascii() {
            spread(self.word.wrapping_add(u32::from(byte) + 1))
        } else {
            0
        };
    }
}

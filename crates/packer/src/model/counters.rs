//! How decisions came out before, in the same contexts.

use super::contexts::CONTEXTS;
use super::curve::Curve;
use super::mixer::{Guesses, INPUTS};
use super::spread;

/// So many decisions, one after the other, look into the same line of counters: a
/// counter for each way that they can go.
pub const AT_ONCE: usize = 4;
const LINE: usize = 1 << AT_ONCE;
/// Each context has so many lines, as a power of two.
const LINES: u32 = 15;

/// The lowest bits of a counter say how often it has learned, the others what the
/// probability of a 1 is.
const TIMES_BITS: u32 = 3;
const TIMES: u16 = (1 << TIMES_BITS) - 1;
/// After so many times, it goes on learning as fast as then.
const MOST: u16 = 6;
/// One that has learned nothing.
const EVEN: u16 = 1 << (u16::BITS - 1);

/// The counters of all contexts.
pub struct Counters {
    counters: Vec<u16>,
    /// Where the lines of these contexts begin.
    lines: [usize; CONTEXTS],
    /// The counters of this decision.
    places: [usize; CONTEXTS],
    /// What part of a surprise a counter takes over, of 65536, by how often it has learned.
    rate: [i32; MOST as usize + 1],
}

impl Counters {
    pub fn new() -> Counters {
        Counters {
            counters: vec![EVEN; (LINE << LINES) * CONTEXTS],
            lines: [0; CONTEXTS],
            places: [0; CONTEXTS],
            rate: std::array::from_fn(|times| (65536.0 / (times as f32 + 1.2)) as i32),
        }
    }

    /// Turns to the lines of these contexts, after the decisions of this code.
    #[inline(always)]
    pub fn turn_to(&mut self, contexts: &[u32; CONTEXTS], code: usize) {
        let salt = (code as u32).wrapping_mul(0x2c1b_3c6d);
        for (nth, line) in self.lines.iter_mut().enumerate() {
            let which = spread(contexts[nth].wrapping_add(salt)) >> (32 - LINES);
            *line = (nth << LINES | which as usize) * LINE;
        }
    }

    /// What each context guesses after the decisions of this code, and another guess.
    #[inline(always)]
    pub fn guesses(&mut self, code: usize, depth: usize, other: i32, curve: &Curve) -> Guesses {
        let first = 1 << (depth % AT_ONCE);
        let column = first | code & (first - 1);
        self.places = self.lines.map(|line| line | column);
        let mut guesses = [other; INPUTS];
        for (guess, &place) in guesses.iter_mut().zip(&self.places) {
            *guess = curve.stretch(self.counters[place]);
        }
        guesses
    }

    /// Learns how the decision came out.
    #[inline(always)]
    pub fn learn(&mut self, decision: u32) {
        let aim = if decision == 1 {
            i32::from(u16::MAX >> TIMES_BITS)
        } else {
            0
        };
        for place in self.places {
            let counter = self.counters[place];
            let (is, times) = (i32::from(counter >> TIMES_BITS), counter & TIMES);
            let will_be = is + (((aim - is) * self.rate[usize::from(times)]) >> 16);
            let times = times + u16::from(times < MOST);
            self.counters[place] = (will_be as u16) << TIMES_BITS | times;
        }
    }
}

//! Mixes guesses into one probability.

use super::contexts::CONTEXTS;
use super::curve::Curve;
use super::repetition::TRUSTS;
use crate::range::ONE;
use crate::tree::GROUPS;

/// The contexts and the repetition.
pub const INPUTS: usize = CONTEXTS + 1;

/// A weight of 1.
const UNIT: i32 = 1 << 16;
const FIRST_WEIGHT: i32 = UNIT / 8;
/// The larger, the slower weights change.
const SLOWNESS: u32 = 16;

/// Guesses are stretched, and so is what they are mixed to (see [`Curve`]).
pub type Guesses = [i32; INPUTS];
type Weights = [i32; INPUTS];

/// Two sets of weights, chosen by different things, mix the same guesses. Weights stay
/// small; where they should not, they wrap around, here and there alike.
pub struct Mixer {
    sets: [Vec<Weights>; 2],
    chosen: [usize; 2],
    mixed: u32,
}

impl Mixer {
    pub fn new() -> Mixer {
        let weights = |sets| vec![[FIRST_WEIGHT; INPUTS]; sets];
        Mixer {
            sets: [weights((GROUPS * TRUSTS) << 8), weights(GROUPS << 8)],
            chosen: [0; 2],
            mixed: 0,
        }
    }

    /// The probability of a 1, of [`ONE`], by the sets of weights that are chosen.
    #[inline(always)]
    pub fn mix(&mut self, guesses: &Guesses, chosen: [usize; 2], curve: &Curve) -> u32 {
        self.chosen = chosen;
        let [first, second] = [0, 1].map(|nth| &self.sets[nth][chosen[nth]]);
        let mut sum = 0_i32;
        for at in 0..INPUTS {
            let weight = first[at].wrapping_add(second[at]);
            sum = sum.wrapping_add(weight.wrapping_mul(guesses[at]));
        }
        self.mixed = curve.squash(sum >> UNIT.ilog2());
        self.mixed
    }

    /// Learns how the decision came out.
    #[inline(always)]
    pub fn learn(&mut self, guesses: &Guesses, decision: u32) {
        let mistake = (decision * ONE) as i32 - self.mixed as i32;
        for (sets, chosen) in self.sets.iter_mut().zip(self.chosen) {
            for (weight, guess) in sets[chosen].iter_mut().zip(guesses) {
                *weight = weight.wrapping_add((mistake * guess) >> SLOWNESS);
            }
        }
    }
}

//! The curve on which probabilities are compared.

use crate::range::ONE;

/// Stretched probabilities go from −2048 to 2047.
const FARTHEST: i32 = 2048;
/// So far apart are two of them whose odds differ by a factor of e.
const UNIT: f32 = 256.0;
/// Probabilities that are to be stretched have so many bits.
const BITS: u32 = 10;
/// No decision is more certain than this.
const SUREST: u32 = ONE - 16;

/// The logistic function and its inverse, at as many points as stay close at hand.
///
/// A stretched probability p is ln(p / (1 − p)): what is nearly certain counts for much.
pub struct Curve {
    squashed: Box<[u32; 2 * FARTHEST as usize]>,
    stretched: Box<[i32; 1 << BITS]>,
}

impl Curve {
    pub fn new() -> Curve {
        let mut squashed = Box::new([0; 2 * FARTHEST as usize]);
        let mut stretched = Box::new([FARTHEST - 1; 1 << BITS]);
        let mut next = 0;
        for (far, squashed) in (-FARTHEST..).zip(squashed.iter_mut()) {
            *squashed = logistic(far as f32 / UNIT).clamp(ONE - SUREST, SUREST);
            let reached = (*squashed >> (ONE.ilog2() - BITS)) as usize;
            while next <= reached && next < stretched.len() {
                stretched[next] = far;
                next += 1;
            }
        }
        Curve {
            squashed,
            stretched,
        }
    }

    /// The probability that is stretched so far, of [`ONE`]; nothing goes farther than
    /// the curve.
    #[inline(always)]
    pub fn squash(&self, stretched: i32) -> u32 {
        let point = stretched.clamp(-FARTHEST, FARTHEST - 1) + FARTHEST;
        self.squashed[point as usize]
    }

    /// How far a probability is stretched, of 65536; of which the highest bits count.
    #[inline(always)]
    pub fn stretch(&self, probability: u16) -> i32 {
        self.stretched[usize::from(probability >> (u16::BITS - BITS))]
    }
}

/// Of [`ONE`]; by (1 − x/1024)^1024 for the exponential, since what a library says may
/// differ from machine to machine, but what packs and what unpacks must agree.
fn logistic(far: f32) -> u32 {
    let power = (0..10).fold(1.0 - far / 1024.0, |root: f32, _| root * root);
    (ONE as f32 / (1.0 + power)) as u32
}

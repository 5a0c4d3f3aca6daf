//! Foretells the next byte, decision by decision.
//!
//! Each of five contexts (what stands before the byte, in several views) has a
//! counter: how a decision came out whenever the context was the same. A sixth
//! guess goes on with what followed the longest repetition. The guesses are mixed:
//! added up, with weights that grow for those that prove right. This is how PAQ and
//! lpaq work (Mahoney, Data Compression Explained, sections 4.3.2 and 4.3.3,
//! <https://mattmahoney.net/dc/dce.html>).
//!
//! What packs and what unpacks must agree to the bit, so numbers are whole; where a table
//! is made with fractions, they are added, multiplied and divided, which is the same on
//! all machines.

mod contexts;
mod counters;
mod curve;
mod mixer;
mod repetition;

use crate::Error;
use crate::module::{Bytes, Kind, Place};
use crate::range::Coder;
use crate::tree::{GROUPS, LONGEST_CODE, OF_LENGTHS, SENT, Tree};
use contexts::{CONTEXTS, History};
use counters::{AT_ONCE, Counters};
use curve::Curve;
use mixer::Mixer;
use repetition::{Repetition, TRUSTS};

/// Foretells bytes and learns from them.
pub struct Model<C> {
    coder: C,
    /// The code of each group.
    trees: [Tree; GROUPS],
    history: History,
    counters: Counters,
    repetition: Repetition,
    mixer: Mixer,
    curve: Curve,
    /// The lengths of all codes, and then the module.
    bytes: Vec<u8>,
}

impl<C: Coder> Model<C> {
    pub fn new(coder: C) -> Model<C> {
        Model {
            coder,
            trees: std::array::from_fn(|_| Tree::empty()),
            history: History::default(),
            counters: Counters::new(),
            repetition: Repetition::new(),
            mixer: Mixer::new(),
            curve: Curve::new(),
            bytes: Vec::new(),
        }
    }

    /// Reads how long the codes of all bytes are, which stands before the module.
    pub fn read_trees(&mut self) -> Result<(), Error> {
        self.trees[SENT].fill(&OF_LENGTHS)?;
        let place = Place::start(Kind::LENGTH);
        for group in 0..SENT {
            let mut lengths = [0; 256];
            for length in &mut lengths {
                *length = self.next(&place)?;
            }
            self.trees[group].fill(&lengths)?;
        }
        Ok(())
    }

    /// The module, as far as it is known.
    pub fn module(&self) -> &[u8] {
        &self.bytes[SENT * 256..]
    }

    /// What it asked for decisions.
    pub fn into_coder(self) -> C {
        self.coder
    }

    /// A byte, decision by decision along the tree of its group; none where it ends
    /// without one.
    fn decide(&mut self, group: usize, contexts: &[u32; CONTEXTS], chosen: usize) -> Option<u8> {
        let tree = &self.trees[group];
        self.coder.begin(tree);
        if tree.only.is_some() {
            return tree.only;
        }
        let expected = self.repetition.next(&self.bytes);
        let expected = expected.map_or(0, |byte| tree.codes[usize::from(byte)]);
        let mut code = 1;
        for depth in 0..LONGEST_CODE {
            if depth % AT_ONCE == 0 {
                self.counters.turn_to(contexts, code);
            }
            let (trust, guess) = self.repetition.guess(expected, code, depth, &self.curve);
            let guesses = self.counters.guesses(code, depth, guess, &self.curve);
            // What long codes share is told apart by what was chosen.
            let weights = [
                (group * TRUSTS + trust) << 8 | code & 0xff,
                group << 8 | chosen,
            ];
            let one = self.mixer.mix(&guesses, weights, &self.curve);
            let decision = self.coder.decide(one);
            self.mixer.learn(&guesses, decision);
            self.counters.learn(decision);
            self.repetition.learn(decision);
            code = code << 1 | decision as usize;
            if let Some(byte) = tree.leaf(code) {
                return Some(byte);
            }
        }
        None
    }
}

impl<C: Coder> Bytes for Model<C> {
    fn next(&mut self, place: &Place) -> Result<u8, Error> {
        // Within an instruction nothing begins, and to look takes long.
        if matches!(place.kind, Kind::INSTRUCTION | Kind::OUTSIDE) {
            self.repetition.find(&self.bytes, self.history.recent);
        }
        let group = place.group();
        let contexts = self.history.contexts(place, group);
        let chosen = self.history.chosen(place);
        let byte = self.decide(group, &contexts, chosen);
        let byte = byte.ok_or(Error::Damaged)?;
        self.bytes.push(byte);
        self.history.push(byte);
        self.repetition.push(&self.bytes);
        Ok(byte)
    }
}

/// Spreads what differs little over all 32 bits.
fn spread(number: u32) -> u32 {
    let number = number.wrapping_mul(0x9e37_79b1);
    number ^ number >> 15
}

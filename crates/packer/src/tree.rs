//! A code for the bytes of each group: the more frequent, the shorter.
//!
//! A byte is foretold decision by decision. By Huffman's code (Huffman, A Method for the
//! Construction of Minimum-Redundancy Codes, 1952) it takes four decisions on
//! average, not eight.

use crate::Error;

/// Groups of places whose bytes are distributed alike ([`Place::group`](crate::module::Place::group)).
/// The last has the lengths of the codes of all others.
pub const GROUPS: usize = 22;
/// The groups whose codes are sent along.
pub const SENT: usize = GROUPS - 1;
/// The longest code.
pub const LONGEST: usize = 12;
/// Longer codes than these are not seen in lengths: they are below 16.
const LENGTH_BITS: u8 = 4;

/// How often each byte stands in each group.
pub type Counts = [[u32; 256]; GROUPS];
/// How long the code of each byte is in a group; 0 for one that does not occur.
pub type Lengths = [u8; 256];

/// The code of one group.
pub struct Tree {
    /// The code of each byte, after a 1 that marks where it begins.
    pub codes: [u16; 256],
    /// The byte of each code that is one.
    leaves: Vec<Option<u8>>,
    /// The byte, if there is but one.
    pub only: Option<u8>,
}

/// The codes of all groups.
pub struct Trees([Tree; GROUPS]);

impl Trees {
    /// Those that are known before any has been sent: only that of the lengths.
    pub fn before() -> Trees {
        let mut trees: [Tree; GROUPS] = std::array::from_fn(|_| Tree::empty());
        let lengths: Lengths = std::array::from_fn(|byte| if byte < 16 { LENGTH_BITS } else { 0 });
        trees[SENT].fill(&lengths);
        Trees(trees)
    }

    /// Sets the code of a group.
    ///
    /// # Errors
    ///
    /// When there are no codes of these lengths.
    pub fn set(&mut self, group: usize, lengths: &Lengths) -> Result<(), Error> {
        if self.0[group].fill(lengths) {
            Ok(())
        } else {
            Err(Error::Damaged)
        }
    }

    /// The code of a group.
    pub fn of(&self, group: usize) -> &Tree {
        &self.0[group]
    }
}

impl Tree {
    fn empty() -> Tree {
        Tree {
            codes: [0; 256],
            leaves: vec![None; 2 << LONGEST],
            only: None,
        }
    }

    /// Shorter codes come first, and of those as long, the one of the smaller byte.
    /// False if there is no room for all.
    fn fill(&mut self, lengths: &Lengths) -> bool {
        let mut occur = (0..=255).filter(|&byte| lengths[usize::from(byte)] > 0);
        self.only = occur.next().xor(occur.next());
        let mut code = 0;
        for length in 1..=LONGEST {
            for byte in 0..=255 {
                if usize::from(lengths[usize::from(byte)]) != length {
                    continue;
                }
                if code >> length > 0 {
                    return false;
                }
                let marked = 1 << length | code;
                self.codes[usize::from(byte)] = marked;
                self.leaves[usize::from(marked)] = Some(byte);
                code += 1;
            }
            code <<= 1;
        }
        true
    }

    /// The byte of a code, if it is one.
    pub fn leaf(&self, code: usize) -> Option<u8> {
        self.leaves[code]
    }
}

/// How long the codes are that suit these counts.
pub fn lengths(counts: &Counts) -> [Lengths; SENT] {
    std::array::from_fn(|group| of_group(&counts[group]))
}

fn of_group(counts: &[u32; 256]) -> Lengths {
    let mut counts = *counts;
    loop {
        let lengths = huffman(&counts);
        if lengths.iter().all(|&length| usize::from(length) <= LONGEST) {
            return lengths;
        }
        // Flatter counts give shorter codes.
        for count in counts.iter_mut().filter(|count| **count > 0) {
            *count = *count / 2 + 1;
        }
    }
}

fn huffman(counts: &[u32; 256]) -> Lengths {
    let mut lengths = [0; 256];
    let mut trees: Vec<(u32, Vec<usize>)> = (0..256)
        .filter(|&byte| counts[byte] > 0)
        .map(|byte| (counts[byte], vec![byte]))
        .collect();
    if let [(_, only)] = &trees[..] {
        lengths[only[0]] = 1;
    }
    while trees.len() > 1 {
        trees.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        let tail = trees.split_off(trees.len() - 2);
        let count = tail.iter().map(|(count, _)| count).sum();
        let bytes: Vec<usize> = tail.into_iter().flat_map(|(_, bytes)| bytes).collect();
        for &byte in &bytes {
            lengths[byte] += 1;
        }
        trees.push((count, bytes));
    }
    lengths
}

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
/// The longest code, in bits.
pub const LONGEST_CODE: usize = 12;
/// Lengths of codes are sent in codes of four bits.
pub const OF_LENGTHS: Lengths = {
    let mut lengths = [0; 256];
    let mut length = 0;
    while length < 1 << 4 {
        lengths[length] = 4;
        length += 1;
    }
    lengths
};

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

impl Tree {
    /// One without codes.
    pub fn empty() -> Tree {
        Tree {
            codes: [0; 256],
            leaves: vec![None; 2 << LONGEST_CODE],
            only: None,
        }
    }

    /// Gives an empty one codes of these lengths: shorter ones come first, and of those
    /// as long, the one of the smaller byte.
    ///
    /// # Errors
    ///
    /// When there are too many short ones.
    pub fn fill(&mut self, lengths: &Lengths) -> Result<(), Error> {
        let mut occur = (0..=255).filter(|&byte| lengths[usize::from(byte)] > 0);
        self.only = occur.next().xor(occur.next());
        let mut code = 0;
        for length in 1..=LONGEST_CODE {
            for byte in 0..=255 {
                if usize::from(lengths[usize::from(byte)]) != length {
                    continue;
                }
                if code >> length > 0 {
                    return Err(Error::Damaged);
                }
                let marked = 1 << length | code;
                self.codes[usize::from(byte)] = marked;
                self.leaves[usize::from(marked)] = Some(byte);
                code += 1;
            }
            code <<= 1;
        }
        Ok(())
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

/// By Huffman's code, made shorter where it is too long.
fn of_group(counts: &[u32; 256]) -> Lengths {
    let mut counts = *counts;
    loop {
        let lengths = huffman(&counts);
        if lengths
            .iter()
            .all(|&length| usize::from(length) <= LONGEST_CODE)
        {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_never_too_long() {
        // Each as frequent as the two before it together: the longest codes that there are.
        let mut counts = [0; 256];
        (counts[0], counts[1]) = (1, 1);
        for byte in 2..40 {
            counts[byte] = counts[byte - 1] + counts[byte - 2];
        }
        assert!(
            huffman(&counts)
                .iter()
                .any(|&length| usize::from(length) > LONGEST_CODE)
        );
        let lengths = of_group(&counts);
        assert_eq!(Tree::empty().fill(&lengths), Ok(()));
        for (count, length) in counts.iter().zip(lengths) {
            assert_eq!(*count > 0, (1..=LONGEST_CODE).contains(&length.into()));
        }
    }

    #[test]
    fn too_many_short_codes_are_refused() {
        let mut lengths = [0; 256];
        lengths[..3].fill(1);
        assert_eq!(Tree::empty().fill(&lengths), Err(Error::Damaged));
    }
}

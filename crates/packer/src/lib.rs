//! Packs the WebAssembly of a release, and unpacks it in the browser.
//!
//! The page is nearly all WebAssembly, and hosts compress that badly: gzip knows
//! nothing of instructions. Here each byte is foretold from what came before it,
//! read as what it is in a module (`module.rs`), by several guesses that are mixed
//! (`model.rs`); and what is foretold well costs next to nothing to write down
//! (`range.rs`). What packs and what unpacks make the same guesses, so the guesses
//! need not be sent. The method is known as context mixing (Mahoney, Data
//! Compression Explained, section 4.3, <https://mattmahoney.net/dc/dce.html>).
//!
//! ```text
//! module ─sizes─▶ bare module ─walk─▶ (byte, its place) ─model─▶ probabilities ─range─▶ packed
//! ```
//!
//! The same way leads back. Both ends run as WebAssembly (`web.rs`): one in Node, when
//! a release is built, the other in the browser.

mod model;
mod module;
mod range;
mod sizes;
mod tree;
#[cfg(target_family = "wasm")]
mod web;

use model::Model;
use module::{Counter, Walk};
use range::{Decoder, Encoder};

/// Why something was not packed or unpacked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// An instruction that the packer does not know begins at this byte, counted as if
    /// functions did not say how long they are.
    #[error(
        "the instruction at byte {0}, not counting the sizes of functions, is not known: \
         crates/packer/src/module.rs has all that are"
    )]
    Unknown(usize),
    /// The module ends before it should.
    #[error("the module ends too early: it is cut short, or none at all")]
    Short,
    /// A number takes more bytes than it must, so that it would come back shorter.
    #[error("the module is not written as short as it can be: run it through wasm-opt")]
    Different,
    /// The module is longer than [`LONGEST`].
    #[error("the module has more than {LONGEST} bytes")]
    Long,
    /// What is packed is cut short or changed.
    #[error("what is packed is damaged")]
    Damaged,
}

/// The longest module that can be packed, in bytes.
pub const LONGEST: usize = 1 << 24;

/// The module, packed.
///
/// # Errors
///
/// When the module is too long, has a part that the packer does not know, or would not
/// come back as it is.
pub fn pack(module: &[u8]) -> Result<Vec<u8>, Error> {
    if module.len() > LONGEST {
        return Err(Error::Long);
    }
    let bare = sizes::taken_out(module)?;
    let lengths = tree::lengths(&counted(&bare)?);
    let mut written = lengths.concat();
    written.extend(&bare);
    let mut packing = Walk::new(Model::new(Encoder::new(written)), bare.len());
    packing.bytes.read_trees()?;
    while packing.step()? {}
    let mut packed = (bare.len() as u32).to_le_bytes().to_vec();
    packed.extend(packing.bytes.into_coder().finish());
    if unpack(packed.clone())? == module {
        Ok(packed)
    } else {
        Err(Error::Different)
    }
}

/// How often each byte stands in each group of places.
fn counted(bare: &[u8]) -> Result<tree::Counts, Error> {
    let mut walk = Walk::new(Counter::new(bare), bare.len());
    while walk.step()? {}
    Ok(walk.bytes.counts)
}

/// The module that is packed.
///
/// # Errors
///
/// When what is packed is damaged. Not all damage is seen: what comes out may be no
/// valid module.
pub fn unpack(packed: Vec<u8>) -> Result<Vec<u8>, Error> {
    let mut unpacking = Unpacking::new(packed)?;
    while unpacking.step()? {}
    Ok(unpacking.finish())
}

/// A module that is being unpacked, a function at a time.
pub struct Unpacking {
    walk: Walk<Model<Decoder>>,
}

impl Unpacking {
    /// Begins.
    ///
    /// # Errors
    ///
    /// When what is packed has no true beginning.
    pub fn new(mut packed: Vec<u8>) -> Result<Unpacking, Error> {
        let length = packed.first_chunk().ok_or(Error::Damaged)?;
        let length = u32::from_le_bytes(*length) as usize;
        if length > LONGEST {
            return Err(Error::Damaged);
        }
        packed.drain(..size_of::<u32>());
        let mut walk = Walk::new(Model::new(Decoder::new(packed)), length);
        walk.bytes.read_trees()?;
        Ok(Unpacking { walk })
    }

    /// Goes on by a function, or by as much as takes as long; `false` when all is
    /// unpacked.
    ///
    /// # Errors
    ///
    /// When it sees that what is packed is damaged; then there is no going on.
    pub fn step(&mut self) -> Result<bool, Error> {
        self.walk.step().map_err(|_| Error::Damaged)
    }

    /// How many bytes are unpacked by now.
    pub fn so_far(&self) -> usize {
        self.walk.at()
    }

    /// The module, once all is unpacked.
    pub fn finish(self) -> Vec<u8> {
        sizes::put_back(self.walk.bytes.module(), &self.walk.bodies)
    }
}

//! A laboratory under load, to be measured from outside: natively by the program
//! beside this library, in WebAssembly by node.
//!
//! There is one laboratory at a time, and everything about it is a [`Call`]. Time
//! is measured by whoever calls.

mod calls;
mod heap;
mod load;

pub use calls::Call;
pub use load::Load;

//! A laboratory under load, measured by the program of this package natively, and through
//! node as WebAssembly.
//!
//! There is one laboratory at a time, used through [`Call`]s. The caller measures the
//! time.

mod calls;
mod heap;
mod load;

pub use calls::Call;
pub use load::Load;

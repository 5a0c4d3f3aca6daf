//! A laboratory under load, measured by the program of this package natively, and through
//! node as WebAssembly; and [`Worlds`], measured natively.
//!
//! There is one laboratory at a time, used through [`Call`]s. The caller measures the
//! time.

mod calls;
pub mod heap;
mod load;
mod worlds;

pub use calls::{Call, NoCall};
pub use load::Load;
pub use worlds::{Delivery, Worlds};

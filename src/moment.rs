//! How a time of the run reads, in the page as in the laboratory's sentences.

pub use hustings_lab::narrate::moment;

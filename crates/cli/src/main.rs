//! Hustings in a terminal.
fn main() {}

//! Set-up, serve, test, doctor, size and ci.
fn main() {}

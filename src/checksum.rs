//! Whether a file is the one that the page was built with.

/// Eight digits that change with the content (FNV-1a), the same on every machine.
pub fn checksum(content: &[u8]) -> String {
    let mixed = |sum: u32, byte: &u8| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    format!("{:08x}", content.iter().fold(0x811c_9dc5, mixed))
}

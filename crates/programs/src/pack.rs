//! Sources in links: compressed, as letters and digits.

use data_encoding::BASE64URL_NOPAD;
use hustings_lab::UnpackError;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

/// How hard it tries; more makes no source much shorter.
const LEVEL: u8 = 9;

/// A source in few characters that can stand in a link.
pub fn pack(source: &str) -> String {
    BASE64URL_NOPAD.encode(&compress_to_vec_zlib(source.as_bytes(), LEVEL))
}

/// The source that was packed, which takes no more than `bytes_max` bytes at any time.
///
/// # Errors
///
/// If it is altered or longer.
pub fn unpack(packed: &str, bytes_max: usize) -> Result<String, UnpackError> {
    let unpacked = || {
        let bytes = BASE64URL_NOPAD.decode(packed.as_bytes()).ok()?;
        // The checksum at its end tells whether a character was altered.
        let source = decompress_to_vec_zlib_with_limit(&bytes, bytes_max).ok()?;
        String::from_utf8(source).ok()
    };
    unpacked().ok_or(UnpackError::Damaged)
}

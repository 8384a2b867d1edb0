//! Raw DEFLATE (RFC 1951), which is inflated up to a limit only.

use crate::model::InflateError;
use flate2::Compression;
use flate2::read::{DeflateDecoder, DeflateEncoder};
use std::io::Read;

pub(super) fn deflate(plain: &[u8]) -> Vec<u8> {
    let mut deflated = Vec::new();
    // Reading from and writing to memory does not fail.
    let _ = DeflateEncoder::new(plain, Compression::best()).read_to_end(&mut deflated);
    deflated
}

pub(super) fn inflate(deflated: &[u8], limit_bytes: usize) -> Result<Vec<u8>, InflateError> {
    let mut plain = Vec::new();
    let beyond = limit_bytes as u64 + 1;
    DeflateDecoder::new(deflated).take(beyond).read_to_end(&mut plain).map_err(|_| InflateError::Damaged)?;
    if plain.len() > limit_bytes { Err(InflateError::TooLarge { most: limit_bytes }) } else { Ok(plain) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_deflated_inflates_up_to_the_limit() {
        let plain = b"north south ".repeat(50);
        let deflated = deflate(&plain);
        assert!(deflated.len() < 40, "{} bytes", deflated.len());
        assert_eq!(inflate(&deflated, plain.len()), Ok(plain.clone()));
        assert_eq!(inflate(&deflated, plain.len() - 1), Err(InflateError::TooLarge { most: plain.len() - 1 }));
    }

    #[test]
    fn half_of_it_is_damaged() {
        let deflated = deflate(&(0..=255).collect::<Vec<u8>>());
        assert_eq!(inflate(&deflated[..deflated.len() / 2], 1_000), Err(InflateError::Damaged));
        assert_eq!(inflate(&[0xff; 9], 1_000), Err(InflateError::Damaged));
    }
}

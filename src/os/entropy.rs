//! The one source of entropy: the seed of a run.

/// Random bytes from the system's generator; None where it fails.
pub fn entropy<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}

//! The one place where chance enters: the seed of a run.

/// Fresh bytes from the system's generator; None where it has none to give.
pub fn entropy<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}

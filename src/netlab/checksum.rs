//! The internet checksum, and its update when covered bytes change (RFC 1071, RFC 1624).

/// A ones' complement sum of 16-bit words, or the difference between two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum(u64);

impl Sum {
    /// Adds bytes, which begin at an even offset. An odd last byte is padded with a zero (RFC 1071 §1).
    pub(super) fn plus(self, bytes: &[u8]) -> Self {
        self.words(bytes, |word| word)
    }

    /// Subtracts bytes that were added before.
    pub(super) fn minus(self, bytes: &[u8]) -> Self {
        self.words(bytes, |word| !word)
    }

    fn words(self, bytes: &[u8], of: impl Fn(u16) -> u16) -> Self {
        let (pairs, last) = bytes.as_chunks();
        let whole: u64 = pairs.iter().map(|pair| u64::from(of(u16::from_be_bytes(*pair)))).sum();
        let odd = last.first().map_or(0, |byte| u64::from(of(u16::from_be_bytes([*byte, 0]))));
        Self(self.0 + whole + odd)
    }

    fn folded(self) -> u16 {
        let mut sum = self.0;
        while sum > 0xFFFF {
            sum = (sum >> 16) + (sum & 0xFFFF);
        }
        sum as u16
    }

    /// The checksum for a header whose words have this sum.
    pub(super) fn checksum(self) -> u16 {
        !self.folded()
    }

    /// Applies this difference to an existing checksum (RFC 1624 §3, eqn. 3).
    pub(super) fn applied_to(self, checksum: u16) -> u16 {
        Self(self.0 + u64::from(!checksum)).checksum()
    }
}

#[cfg(test)]
mod tests {
    use super::Sum;

    #[test]
    fn the_example_of_rfc_1071_adds_up() {
        let sum = Sum::default().plus(&[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]);
        assert_eq!(sum.checksum(), !0xddf2);
    }

    #[test]
    fn the_example_of_rfc_1624_does_not_become_minus_zero() {
        let difference = Sum::default().minus(&[0x55, 0x55]).plus(&[0x32, 0x85]);
        assert_eq!(difference.applied_to(0xDD2F), 0x0000);
    }

    #[test]
    fn a_checksum_that_follows_a_change_is_the_one_of_the_changed_bytes() {
        let (old, new) = ([192, 168, 1, 2, 0xC0, 0x01], [203, 0, 113, 9, 0x12, 0x34]);
        let before = Sum::default().plus(&old).plus(b"odd").checksum();
        let after = Sum::default().plus(&new).plus(b"odd").checksum();
        assert_eq!(Sum::default().minus(&old).plus(&new).applied_to(before), after);
    }
}

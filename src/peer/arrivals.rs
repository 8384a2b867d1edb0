//! Which datagrams of media came over the pair, whether the stack could use them or not?
//!
//! SRTP leaves its header in the clear (RFC 3711 §3.1), and of what is thrown away no stack tells. Without a count of what came, media
//! that cannot be decrypted look as if they had been lost on the way.

use crate::model::MediaDatagrams;
use std::collections::BTreeSet;

/// Payload types of RTP that this end can receive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PayloadTypes {
    /// Of the codecs themselves.
    pub media: BTreeSet<u8>,
    /// Of retransmissions (RFC 4588), which also pad what probes the path and may carry nothing.
    pub repair: BTreeSet<u8>,
}

/// Counts a datagram, where it is of media.
pub(super) fn count(datagrams: &mut MediaDatagrams, datagram: &[u8], types: &PayloadTypes) {
    let [128..=191, second, ..] = datagram else { return };
    if (192..=223).contains(second) {
        datagrams.rtcp += 1;
        return;
    }
    let payload_type = second & 0x7f;
    if types.repair.contains(&payload_type) {
        return;
    }
    datagrams.rtp += 1;
    datagrams.of_other_types += u64::from(!types.media.contains(&payload_type));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_are_known_by_their_first_two_bytes_whether_they_can_be_used_or_not() {
        let types = PayloadTypes { media: BTreeSet::from([111, 96]), repair: BTreeSet::from([97]) };
        let mut datagrams = MediaDatagrams::default();
        let marker = 0x80;
        for (first, second) in [(128, 111), (144, 96 | marker), (128, 97), (128, 120), (129, 200), (191, 206)] {
            count(&mut datagrams, &[first, second, 0, 0], &types);
        }
        for other in [&[22_u8, 254, 253][..], &[0, 1], &[128], &[]] {
            count(&mut datagrams, other, &types);
        }
        assert_eq!(datagrams, MediaDatagrams { rtp: 3, of_other_types: 1, rtcp: 2 });
    }
}

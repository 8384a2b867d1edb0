use super::*;
use etherparse::LaxSlicedPacket;

#[test]
fn packets_that_never_become_whole_are_forgotten() {
    let mut fragments = Fragments::default();
    for identification in 0..500_u16 {
        let [high, low] = identification.to_be_bytes();
        let bytes = [
            69, 0, 0, 36, high, low, 0x20, 0, 64, 17, 0, 0, 192, 0, 2, 1, 198, 51, 100, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
            1, 1, 1, 1, 1, 1, 1,
        ];
        let packet = LaxSlicedPacket::from_ip(&bytes).expect("a packet");
        let at = Duration::from_millis(u64::from(identification));
        assert_eq!(fragments.put_together(at, packet.net.as_ref()), None);
    }
    assert_eq!(fragments.0.len(), PACKETS_MAX);
}

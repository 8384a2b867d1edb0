use super::*;
use etherparse::PacketBuilder;
use std::time::Duration;

const FROM: [u8; 4] = [192, 0, 2, 1];
const TO: [u8; 4] = [198, 51, 100, 1];

fn datagram() -> Vec<u8> {
    let mut bytes = Vec::new();
    PacketBuilder::ipv4(FROM, TO, 64).udp(4000, 3478).write(&mut bytes, &[0, 1, 2, 3]).expect("writes");
    bytes
}

/// What is in a frame, by its `Debug`: where it goes, and the payload.
fn opened(link: i32, bytes: &[u8], cut_bytes: usize) -> Option<String> {
    let mut told = None;
    let frame = CapturedFrame { at: Duration::ZERO, link: Linktype(link), bytes, cut_bytes };
    open(frame, &mut Fragments::default(), |packet| told = Some(format!("{packet:?}")));
    told
}

fn with(head: &[u8], bytes: &[u8]) -> Vec<u8> {
    [head, bytes].concat()
}

#[test]
fn every_link_type_leads_to_the_same_datagram() {
    let bare = datagram();
    let wanted = opened(101, &bare, 0);
    assert!(wanted.as_ref().is_some_and(|told| told.contains("198.51.100.1:3478") && told.contains("[0, 1, 2, 3]")));
    let mac = [2; 12];
    let frames = [
        (1, with(&[&mac[..], &[8, 0]].concat(), &bare)),
        (1, with(&[&mac[..], &[0x81, 0, 0, 5, 8, 0]].concat(), &bare)),
        (1, with(&[&mac[..], &[0x88, 0xa8, 0, 5, 0x81, 0, 0, 6, 8, 0]].concat(), &bare)),
        (1, with(&[&mac[..], &[0x88, 0x64, 0x11, 0, 0, 1, 0, 34, 0, 0x21]].concat(), &bare)),
        (113, with(&[0, 0, 0, 1, 0, 6, 2, 2, 2, 2, 2, 2, 0, 0, 8, 0], &bare)),
        (276, with(&[8, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 6, 2, 2, 2, 2, 2, 2, 0, 0], &bare)),
        (0, with(&[2, 0, 0, 0], &bare)),
        (108, with(&[0, 0, 0, 2], &bare)),
        (12, bare.clone()),
        (228, bare.clone()),
    ];
    for (link, bytes) in frames {
        assert_eq!(opened(link, &bytes, 0), wanted, "{link}");
    }
    assert_eq!(opened(105, &bare, 0), None, "Wi-Fi");
}

#[test]
fn what_was_not_kept_of_a_datagram_is_counted() {
    let bare = datagram();
    let told = opened(101, &bare[..bare.len() - 3], 3).expect("a datagram");
    assert!(told.contains("payload: [0]") && told.contains("cut_bytes: 3"), "{told}");
}

#[test]
fn an_error_of_icmp_names_the_packet_that_got_no_further() {
    let mut bytes = Vec::new();
    let quoted = datagram();
    PacketBuilder::ipv4(TO, FROM, 64).icmpv4_raw(3, 3, [0; 4]).write(&mut bytes, &quoted[..28]).expect("writes");
    let told = opened(101, &bytes, 0).expect("an error");
    assert!(told.contains("PortUnreachable") && told.contains("to: 198.51.100.1:3478"), "{told}");
}

#[test]
fn a_datagram_in_fragments_is_one() {
    let mut bytes = Vec::new();
    let payload = [9; 64];
    PacketBuilder::ipv4(FROM, TO, 64).udp(4000, 3478).write(&mut bytes, &payload).expect("writes");
    let (head, body) = bytes.split_at(20);
    let part = |offset: usize, end: usize, more: u8| {
        let mut head = head.to_vec();
        let length = (20 + end - offset) as u16;
        head[2..4].copy_from_slice(&length.to_be_bytes());
        head[6..8].copy_from_slice(&[more << 5, (offset / 8) as u8]);
        with(&head, &body[offset..end])
    };
    let mut fragments = Fragments::default();
    let mut told = Vec::new();
    for bytes in [part(40, 72, 0), part(0, 40, 1)] {
        let frame = CapturedFrame { at: Duration::ZERO, link: Linktype::RAW, bytes: &bytes, cut_bytes: 0 };
        open(frame, &mut fragments, |packet| {
            if let CapturedPacket::Datagram { payload, .. } = packet {
                told.push(payload.to_vec());
            }
        });
    }
    assert_eq!(told, [payload.to_vec()]);
}

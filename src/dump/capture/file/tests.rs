use super::*;

/// When it was caught, its link type, what was kept of it, and how much was not.
type Caught = (Duration, i32, Vec<u8>, usize);

fn frames(file: &[u8]) -> (Vec<Caught>, Result<FileEnding, NoCapture>) {
    let mut all = Vec::new();
    let ending = read(file, |frame| all.push((frame.at, frame.link.0, frame.bytes.to_vec(), frame.cut_bytes)));
    (all, ending)
}

fn number(big: bool, value: u32) -> [u8; 4] {
    if big { value.to_be_bytes() } else { value.to_le_bytes() }
}

/// A pcap of Ethernet with one packet of four bytes, of which six were on the wire.
fn pcap(big: bool, magic: u32) -> Vec<u8> {
    let version = if big { [0, 2, 0, 4] } else { [2, 0, 4, 0] };
    let head = [number(big, magic), version, [0; 4], [0; 4], number(big, 65_535), number(big, 1)].concat();
    let packet = [number(big, 10), number(big, 500), number(big, 4), number(big, 6), [1, 2, 3, 4]].concat();
    [head, packet].concat()
}

fn block(big: bool, kind: u32, body: &[u8]) -> Vec<u8> {
    let padded = body.len().next_multiple_of(4);
    let length = number(big, padded as u32 + 12);
    let mut bytes = [&number(big, kind)[..], &length, body].concat();
    bytes.resize(8 + padded, 0);
    bytes.extend(length);
    bytes
}

fn pcapng(big: bool, resolution: u8, units: u64) -> Vec<u8> {
    let version = if big { [0, 1, 0, 0] } else { [1, 0, 0, 0] };
    let section = [&number(big, 0x1a2b_3c4d)[..], &version, &[0xff; 8]].concat();
    let short = |value: u16| if big { value.to_be_bytes() } else { value.to_le_bytes() };
    let option = [&short(9)[..], &short(1), &[resolution, 0, 0, 0], &[0; 4]].concat();
    let interface = [&short(276)[..], &[0; 2], &number(big, 0), &option].concat();
    let time = [number(big, (units >> 32) as u32), number(big, units as u32)].concat();
    let packet = [&number(big, 0)[..], &time, &number(big, 5), &number(big, 9), &[1, 2, 3, 4, 5]].concat();
    let simple = [&number(big, 3)[..], &[7, 8, 9]].concat();
    [block(big, 0x0a0d_0d0a, &section), block(big, 1, &interface), block(big, 6, &packet), block(big, 3, &simple)]
        .concat()
}

#[test]
fn a_pcap_of_either_order_and_either_clock_is_read() {
    for big in [false, true] {
        for (magic, after) in [(0xa1b2_c3d4, Duration::from_micros(500)), (0xa1b2_3c4d, Duration::from_nanos(500))] {
            let packet = (Duration::from_secs(10) + after, 1, vec![1, 2, 3, 4], 2);
            assert_eq!(frames(&pcap(big, magic)), (vec![packet], Ok(FileEnding::Whole)), "{big} {magic:x}");
        }
    }
}

#[test]
fn a_pcapng_of_either_order_is_read_with_the_clock_of_its_interface() {
    let at = Duration::from_millis(1_500);
    for big in [false, true] {
        for (resolution, units) in [(9, 1_500_000_000), (6, 1_500_000), (3, 1_500), (0x80 | 10, 1_536)] {
            let packets = vec![(at, 276, vec![1, 2, 3, 4, 5], 4), (at, 276, vec![7, 8, 9], 0)];
            assert_eq!(frames(&pcapng(big, resolution, units)), (packets, Ok(FileEnding::Whole)), "{big} {resolution}");
        }
    }
}

#[test]
fn what_is_cut_or_damaged_gives_what_came_before() {
    let whole = pcapng(false, 6, 1);
    let (packets, ending) = frames(&whole[..whole.len() - 1]);
    assert_eq!((packets.len(), ending), (1, Ok(FileEnding::CutShort)));
    let damaged = [&pcap(false, 0xa1b2_c3d4)[..], &[0xff; 40]].concat();
    let (packets, ending) = frames(&damaged);
    assert_eq!((packets.len(), ending), (1, Ok(FileEnding::CutShort)));
}

#[test]
fn something_else_is_no_capture() {
    for other in [&b"{\"PeerConnections\":{}}"[..], b"", b"\xd4\xc3\xb2\xa1", b"\x0a\x0d\x0d\x0a\0\0"] {
        assert_eq!(frames(other), (Vec::new(), Err(NoCapture)));
    }
}

#[test]
fn a_block_that_is_larger_than_what_is_read_at_once_is_read() {
    let comment = vec![0; 3 * BUFFER_BYTES];
    let file = [pcapng(false, 6, 1), block(false, 0x0bad, &comment), block(false, 3, &[3, 0, 0, 0, 7, 8, 9])].concat();
    let (packets, ending) = frames(&file);
    assert_eq!((packets.len(), ending), (3, Ok(FileEnding::Whole)));
}

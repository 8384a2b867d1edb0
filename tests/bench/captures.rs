//! How long does it take to read a capture? (`cargo bench --bench captures`)
//!
//! A capture of a call with loss is written again and again, each time of another call, until there are 200 MB of it. The
//! goal is 1 s; it fails where the median misses it.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a benchmark prints and fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

mod reading;

use flate2::read::MultiGzDecoder;
use reading::{BYTES, held_to};
use rtc_doctor::dump::capture;
use std::io::Read;
use std::process::ExitCode;

fn main() -> ExitCode {
    let read = |file: &[u8]| capture::read(file, None).expect("a capture");
    held_to(1.0, &many_calls(), read, |session| assert_eq!(session.connections.len(), 1))
}

/// The calls follow each other, a minute each, from other ports of the same host.
fn many_calls() -> Vec<u8> {
    let packed = include_bytes!("../../fixtures/dumps/chromium156-loss.a.pcap.gz");
    let mut once = Vec::new();
    MultiGzDecoder::new(&packed[..]).read_to_end(&mut once).expect("unpacks");
    let (header, packets) = once.split_at(24);
    let mut file = header.to_vec();
    for call in 0_u32.. {
        let mut rest = packets;
        while let Some((head, after)) = rest.split_first_chunk::<16>() {
            let kept = u32::from_le_bytes([head[8], head[9], head[10], head[11]]) as usize;
            let seconds = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) + 60 * call;
            let begin = file.len();
            file.extend_from_slice(&seconds.to_le_bytes());
            file.extend_from_slice(&head[4..]);
            file.extend_from_slice(&after[..kept]);
            // The ports of UDP, behind the headers of the packet, of Ethernet and of IPv4.
            for port in [begin + 16 + 34, begin + 16 + 36] {
                file[port] ^= (call % 64) as u8;
            }
            rest = &after[kept..];
        }
        if file.len() >= BYTES {
            break;
        }
    }
    file
}

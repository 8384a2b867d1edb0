//! How long does it take to read a capture? (`cargo bench --bench captures`)
//!
//! A capture of a call with loss is written again and again, each time of another call, until there are 200 MB of it. The
//! goal is 1 s; it fails where the median misses it.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a benchmark prints and fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use flate2::read::MultiGzDecoder;
use rtc_doctor::dump::capture;
use std::io::Read;
use std::process::ExitCode;
use std::time::Instant;

const RUNS: usize = 5;
const BYTES: usize = 200_000_000;
const GOAL_S: f64 = 1.0;

fn main() -> ExitCode {
    let file = many_calls();
    let mut took: Vec<f64> = (0..RUNS).map(|_| read(&file)).collect();
    took.sort_by(f64::total_cmp);
    let median = took[RUNS / 2];
    println!("{:.0} MB read in {median:.2} s (goal {GOAL_S:.0} s)", file.len() as f64 / 1e6);
    if median <= GOAL_S { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read(file: &[u8]) -> f64 {
    let begin = Instant::now();
    let session = capture::read(file, None).expect("a capture");
    let took = begin.elapsed().as_secs_f64();
    assert_eq!(session.connections.len(), 1);
    took
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

//! How long does a call take from the answer's arrival to a nominated pair? (`cargo bench --bench calls`, as root)
//!
//! Two ends meet in a room again and again. What is told is the controlling end's time, in milliseconds and in round trips.
//! The goal is two round trips and 50 ms where the path is direct. On the same NATs and line two Chromium 156 took 105 to
//! 330 ms directly and 260 to 570 ms through a relay: `cargo bench --bench stages` measures both side by side.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark prints and fails by panicking"
)]

#[allow(dead_code, reason = "other benchmarks use the rest")]
mod two_ends;

use std::process::ExitCode;
use two_ends::{KINDS, Place, RTT_MS, choice, is_relay};

const GOAL_MS: f64 = 2.0 * RTT_MS + 50.0;
const CALLS: usize = 20;

const PAIRS: [(usize, usize); 7] = [(0, 0), (1, 1), (2, 2), (1, 3), (2, 3), (3, 3), (2, 4)];

/// The time of one call, after which it was nominated, and whether through a relay.
fn call(place: &Place, number: usize) -> (f64, bool) {
    let documents = place.call(number, &["--no-media"]);
    let (chosen, _) = choice(&documents);
    (chosen["after_ms"].as_f64().expect("a number"), is_relay(chosen))
}

fn main() -> ExitCode {
    let folder = tempfile::tempdir().expect("a folder");
    println!(
        "{CALLS} calls a pair, round trip {RTT_MS} ms, from the answer to a nominated pair; goal where direct: {GOAL_MS} ms"
    );
    // Side by side: a call mostly waits.
    let measured: Vec<Vec<(f64, bool)>> = std::thread::scope(|scope| {
        let measuring = PAIRS.map(|(one, two)| {
            let folder = folder.path();
            scope.spawn(move || {
                let place = Place::new(folder, one, two);
                let mut calls: Vec<(f64, bool)> = (0..CALLS).map(|number| call(&place, number)).collect();
                calls.sort_by(|a, b| a.0.total_cmp(&b.0));
                calls
            })
        });
        measuring.into_iter().map(|measured| measured.join().expect("it is measured")).collect()
    });
    let mut missed = false;
    for ((one, two), calls) in PAIRS.into_iter().zip(measured) {
        let (median, relayed) = (calls[CALLS / 2].0, calls.iter().filter(|(_, relayed)| *relayed).count());
        let path = match relayed {
            0 => "direct",
            CALLS => "relay",
            _ => "both",
        };
        missed |= relayed == 0 && median > GOAL_MS;
        println!(
            "{:<12} {:<12} {path:<7} median {median:>6.1} ms = {:.1} round trips, {:.1} to {:.1}",
            KINDS[one].0,
            KINDS[two].0,
            median / RTT_MS,
            calls[0].0,
            calls[CALLS - 1].0
        );
    }
    if missed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

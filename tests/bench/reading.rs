//! How a reader of large files is timed: over and over, and the median is held to a goal.

use std::process::ExitCode;
use std::time::Instant;

/// Of which so much is made.
pub(crate) const BYTES: usize = 200_000_000;

const RUNS: usize = 5;

/// Reads a file again and again, looks each time at what was read, and fails where the median misses the goal.
pub(crate) fn held_to<T>(goal_s: f64, file: &[u8], read: impl Fn(&[u8]) -> T, look: impl Fn(T)) -> ExitCode {
    let timed = |_| {
        let begin = Instant::now();
        let came = read(file);
        let took = begin.elapsed().as_secs_f64();
        look(came);
        took
    };
    let mut took: Vec<f64> = (0..RUNS).map(timed).collect();
    took.sort_by(f64::total_cmp);
    let median = took[RUNS / 2];
    println!("{:.0} MB read in {median:.2} s (goal {goal_s:.0} s)", file.len() as f64 / 1e6);
    if median <= goal_s { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

//! How long does it take to read a dump of a browser's? (`cargo bench --bench dumps`)
//!
//! The statistics of a call are written again and again under other names, each series as long as a browser keeps one, until
//! there are 200 MB of them. The goal is 2 s; it fails where the median misses it.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a benchmark prints and fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use flate2::read::MultiGzDecoder;
use rtc_doctor::dump::detect::{self, Form};
use serde_json::{Map, Value};
use std::process::ExitCode;
use std::time::Instant;

const RUNS: usize = 5;
const BYTES: usize = 200_000_000;
const GOAL_S: f64 = 2.0;
/// As many points of a series as a browser keeps.
const POINTS: usize = 1_000;

fn main() -> ExitCode {
    let file = long_call();
    let mut took: Vec<f64> = (0..RUNS).map(|_| read(&file)).collect();
    took.sort_by(f64::total_cmp);
    let median = took[RUNS / 2];
    println!("{:.0} MB read in {median:.2} s (goal {GOAL_S:.0} s)", file.len() as f64 / 1e6);
    if median <= GOAL_S { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read(file: &[u8]) -> f64 {
    let begin = Instant::now();
    let session = detect::read(Form::Internals, file, None);
    let took = begin.elapsed().as_secs_f64();
    assert!(session.connections.len() == 1 && !session.left_out.is_cut);
    took
}

/// One connection with the reports of many.
fn long_call() -> Vec<u8> {
    let packed = include_bytes!("../../fixtures/dumps/chromium156-direct.a.webrtc_internals_dump.gz");
    let mut dump: Value = serde_json::from_reader(MultiGzDecoder::new(&packed[..])).expect("JSON");
    let connections = dump["PeerConnections"].as_object_mut().expect("connections");
    let connection = connections.values_mut().next().expect("one");
    let once = connection["stats"].as_object().expect("statistics").clone();
    let mut stats = Map::new();
    let mut bytes = 0;
    for copy in 0.. {
        for (name, series) in &once {
            let (id, property) = name.rsplit_once('-').expect("an id and a property");
            let mut series = series.clone();
            if let Some(values) = series.get("values").and_then(Value::as_str) {
                let short: Vec<Value> = serde_json::from_str(values).expect("a list");
                let long: Vec<&Value> = short.iter().cycle().take(POINTS).collect();
                let long = serde_json::to_string(&long).expect("JSON");
                bytes += long.len();
                series["values"] = Value::String(long);
            }
            stats.insert(format!("{id}{copy}-{property}"), series);
        }
        if bytes >= BYTES {
            break;
        }
    }
    connection["stats"] = Value::Object(stats);
    serde_json::to_vec(&dump).expect("JSON")
}

//! How long does it take to read a dump of a browser's? (`cargo bench --bench dumps`)
//!
//! The statistics of a call are written again and again under other names, each series as long as a browser keeps one, until
//! there are 200 MB of them. The goal is 2 s; it fails where the median misses it.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a benchmark prints and fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

mod reading;

use flate2::read::MultiGzDecoder;
use reading::{BYTES, held_to};
use rtc_doctor::dump::detect::{self, Form};
use serde_json::{Map, Value};
use std::process::ExitCode;

/// As many points of a series as a browser keeps.
const POINTS: usize = 1_000;

fn main() -> ExitCode {
    let read = |file: &[u8]| detect::read(Form::Internals, file, None);
    held_to(2.0, &long_call(), read, |session| {
        assert!(session.connections.len() == 1 && !session.left_out.is_cut);
    })
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

//! How long does it take to draw the HTML report? (`cargo bench --bench html`)
//!
//! The samples of `reports/samples`, and one of them with 10,000 observations, are drawn again and again. The goal is
//! 50 ms for the usual ones and 500 ms for the large one; it fails where the median of one misses it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark prints and fails by panicking"
)]
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use rtc_doctor::catalog::{self, Lang, diff as words};
use rtc_doctor::diagnose::diff;
use rtc_doctor::model::{Diagnosis, ObservationId};
use rtc_doctor::report::html;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

const RUNS: usize = 41;
const GOAL_MS: f64 = 50.0;
const MANY: usize = 10_000;
const GOAL_OF_MANY_MS: f64 = 500.0;

fn main() -> ExitCode {
    let samples = samples();
    println!("{:40} {:>8} {:>8} {:>8} {:>8} {:>8}", "report", "observed", "KiB", "median", "slowest", "goal ms");
    let mut all_fast = true;
    for (name, diagnosis) in &samples {
        all_fast &= measure(name, diagnosis.observations.len(), GOAL_MS, || draw(diagnosis));
    }
    let many = with_many(&samples["home-behind-carrier"]);
    all_fast &= measure("home-behind-carrier, many times over", MANY, GOAL_OF_MANY_MS, || draw(&many));
    let (good, bad) = (&samples["home"], &samples["corporate"]);
    let mut differences = diff(good, bad);
    words::fill(&mut differences, Lang::En);
    let observed = good.observations.len() + bad.observations.len();
    let differing = || html::render_differences(&differences, Lang::En).expect("a page");
    all_fast &= measure("home beside corporate (diff)", observed, GOAL_MS, differing);
    if all_fast { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn draw(diagnosis: &Diagnosis) -> String {
    html::render(diagnosis, Lang::En).expect("a page")
}

fn samples() -> BTreeMap<String, Diagnosis> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/samples");
    let files = fs::read_dir(folder).expect("the samples").map(|entry| entry.expect("an entry").path());
    let documents = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("readable");
        let mut diagnosis: Diagnosis = serde_json::from_str(&text).expect("a diagnosis");
        catalog::fill(&mut diagnosis, Lang::En);
        (path.file_stem().expect("a name").to_string_lossy().into_owned(), diagnosis)
    };
    documents.map(read).collect()
}

/// What was observed, again and again.
fn with_many(diagnosis: &Diagnosis) -> Diagnosis {
    let mut many = diagnosis.clone();
    many.observations = diagnosis.observations.iter().cycle().take(MANY).cloned().collect();
    for (number, observation) in many.observations.iter_mut().enumerate() {
        observation.id = ObservationId(u32::try_from(number).expect("not so many"));
    }
    many
}

/// Whether the median keeps to the goal.
fn measure(name: &str, observed: usize, goal_ms: f64, draw: impl Fn() -> String) -> bool {
    // The first run pays for what is made once.
    let bytes = draw().len();
    let mut took: Vec<f64> = (0..RUNS)
        .map(|_| {
            let begin = Instant::now();
            let page = draw();
            let took = begin.elapsed().as_secs_f64() * 1000.0;
            assert_eq!(page.len(), bytes, "{name} is drawn the same each time");
            took
        })
        .collect();
    took.sort_by(f64::total_cmp);
    let (median, slowest) = (took[RUNS / 2], took[RUNS - 1]);
    println!("{name:40} {observed:8} {:8} {median:8.2} {slowest:8.2} {goal_ms:8.0}", bytes / 1024);
    median <= goal_ms
}

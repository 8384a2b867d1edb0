//! The program: a runtime, a guard against its own faults, and the command line.

use rtc_doctor::cli::{self, Printer, Surroundings, exit};
use rtc_doctor::diagnose::diagnose;
use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(cli::guarded(|| {
        let mut printer = Printer::of_process();
        if let Some(exit) = cli::before_threads(std::env::args_os(), &mut printer) {
            return exit;
        }
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
            return exit::INTERNAL;
        };
        let surroundings = Surroundings::of_process();
        runtime.block_on(cli::run(std::env::args_os(), surroundings, &mut printer, cli::examine, diagnose))
    }))
}

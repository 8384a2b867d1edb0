//! The program: a runtime, a guard against its own faults, and the command line.

use rtc_doctor::cli::{self, Printer, Settings, Surroundings, exit};
use rtc_doctor::model::Observation;
use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(cli::guarded(|| {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
            return exit::INTERNAL;
        };
        let examine = async |_: &Settings, _: &mut dyn FnMut(&Observation)| {
            Err(anyhow::anyhow!("this build holds no checkup yet"))
        };
        let judge = |_: &_| unreachable!("there is nothing to judge without a checkup");
        let (surroundings, mut printer) = (Surroundings::of_process(), Printer::of_process());
        runtime.block_on(cli::run(std::env::args_os(), surroundings, &mut printer, examine, judge))
    }))
}

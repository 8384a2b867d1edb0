//! `lab list`, `lab show` and `lab from`: networks to look at, and to make of a diagnosis.

use crate::cli::args::lab::LabCommand;
use crate::cli::environment::Environment;
use crate::cli::io::file::PATIENCE;
use crate::cli::io::{networks, saved};
use crate::cli::refusal::Refusal;
use crate::lab::topology::{Topology, all, from};
use crate::model::{Diagnosis, Record};
use crate::report::escape::escape;
use crate::report::terminal::Style;
use std::fmt::Write;
use std::path::Path;

/// The text that was asked for.
pub(crate) fn lab(
    command: LabCommand,
    mut environment: Environment,
    judge: impl FnOnce(&Record) -> Diagnosis,
) -> Result<String, Refusal> {
    match command {
        LabCommand::List => Ok(list()),
        LabCommand::Show { network, toml } => show(&network, toml, environment.style(false)),
        LabCommand::From { file } => from_diagnosis(&file, &mut environment, judge),
        // Where it can be done it has been done by now: see `before_threads`.
        LabCommand::Up { .. } | LabCommand::Run { .. } | LabCommand::Down { .. } => {
            Err(Refusal::usage("real programs can be put behind a network only on Linux"))
        }
    }
}

fn list() -> String {
    let width = all().map(|(name, _)| name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for (name, toml) in all() {
        let Ok(topology) = Topology::parse(toml) else { continue };
        let _ =
            writeln!(text, "{name:width$}  {}\n{:width$}  seen: {}", topology.file().title, "", topology.file().seen);
    }
    text
}

fn show(network: &str, toml: bool, style: Style) -> Result<String, Refusal> {
    let topology = networks::load(network, PATIENCE)?;
    if toml {
        return networks::text(network, PATIENCE);
    }
    let drawn = topology.draw(style.ascii);
    Ok(drawn.lines().map(|line| escape(line, style.ascii) + "\n").collect())
}

/// The network that would give the diagnosis in the file, as TOML.
fn from_diagnosis(
    file: &Path,
    environment: &mut Environment,
    judge: impl FnOnce(&Record) -> Diagnosis,
) -> Result<String, Refusal> {
    let record = saved::read(file, "lab from", environment)?.0;
    let (topology, guesses) = from(&judge(&record)).map_err(|error| Refusal::usage(error.to_string()))?;
    let mut text = "# Made by rtc-doctor lab from; its addresses are of the documentation's ranges.\n".to_owned();
    for guess in guesses {
        let _ = writeln!(text, "# A guess, since it is not known: {guess}");
    }
    text.push_str(&topology.text().map_err(|error| Refusal::usage(error.to_string()))?);
    Ok(text)
}

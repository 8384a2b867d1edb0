//! `lab list`, `lab show` and `lab from`: networks to look at, and to make of a diagnosis.

use super::networks;
use super::{Refusal, Surroundings, saved};
use crate::lab::topology::{PRESETS, Topology, from};
use crate::model::{Diagnosis, Record};
use crate::report::escape::escape;
use crate::report::terminal::Style;
use std::fmt::Write;
use std::path::Path;

pub(super) fn list() -> String {
    let width = PRESETS.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for (name, toml) in PRESETS {
        let Ok(topology) = Topology::parse(toml) else { continue };
        let _ =
            writeln!(text, "{name:width$}  {}\n{:width$}  seen: {}", topology.file().title, "", topology.file().seen);
    }
    text
}

pub(super) fn show(network: &str, toml: bool, style: Style) -> Result<String, Refusal> {
    let topology = networks::load(network)?;
    if toml {
        return networks::text(network);
    }
    let drawn = topology.draw(style.ascii);
    Ok(drawn.lines().map(|line| escape(line, style.ascii) + "\n").collect())
}

/// The network that would give the diagnosis in the file, as TOML.
pub(super) fn from_diagnosis(
    file: &Path,
    surroundings: &mut Surroundings,
    judge: impl FnOnce(&Record) -> Diagnosis,
) -> Result<String, Refusal> {
    let record = saved::read(file, "lab from", surroundings)?.0;
    let (topology, guesses) = from(&judge(&record)).map_err(|error| Refusal::usage(error.to_string()))?;
    let mut text = "# Made by rtc-doctor lab from; its addresses are of the documentation's ranges.\n".to_owned();
    for guess in guesses {
        let _ = writeln!(text, "# A guess, since it is not known: {guess}");
    }
    text.push_str(&topology.text().map_err(|error| Refusal::usage(error.to_string()))?);
    Ok(text)
}

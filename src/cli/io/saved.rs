//! A record or a report that was saved, read back to be judged again: of either, the observations and what was to be
//! asked. What a report says of them is passed over.

use crate::cli::environment::Environment;
use crate::cli::io::calls::{self, Calls};
use crate::cli::io::input::{self, Source};
use crate::cli::io::json_fault;
use crate::cli::refusal::Refusal;
use crate::dump::detect;
use crate::model::{
    Observation, ObservationId, Peer, RECORD_SCHEMA, Record, RecordLengths, SCHEMA, Target, Text, Tool, list_length,
};
use crate::report::escape::escape;
use serde::Deserialize;
use serde_json::error::Category;
use std::net::IpAddr;
use std::path::Path;

/// A checkup of 64 servers writes a hundredth of it; a full transcript, indented, half.
const BYTES_MAX: u64 = 64 << 20;
/// Those of two ends.
const OBSERVATIONS_MAX: usize = 2 * Record::END_OBSERVATIONS_MAX;

/// What a file holds.
pub(crate) enum Saved {
    /// A record or a report of this tool's, and the tool that saved it.
    Record(Box<Record>, Tool),
    /// A call that somebody else had.
    Calls(Calls),
}

/// What was saved, for the command `command`, and the tool that saved it. Of a file with calls the one that matters.
pub(crate) fn read(path: &Path, command: &str, environment: &mut Environment) -> Result<(Record, Tool), Refusal> {
    Ok(match open(path, command, None, environment)? {
        Saved::Record(record, tool) => (*record, tool),
        Saved::Calls(calls) => (calls.record(calls.that_matters()), calls.tool()),
    })
}

/// The same, with whatever is in it; of a capture what the end at the address `client` had, where it is given.
pub(crate) fn open(
    path: &Path,
    command: &str,
    client: Option<IpAddr>,
    environment: &mut Environment,
) -> Result<Saved, Refusal> {
    let source = Source::of(path);
    let told = |problem: String| Refusal::usage(format!("{command} {source}: {problem}"));
    if let Source::File(path) = source {
        // Before it is opened: a pipe that nobody writes to would be waited for.
        let metadata = path.metadata().map_err(|error| told(error.to_string()))?;
        if metadata.is_dir() {
            return Err(told("it is a directory; name a file in it".to_owned()));
        }
        if !metadata.is_file() {
            return Err(told("it is no ordinary file; hand it in as \"-\", on standard input".to_owned()));
        }
    }
    let bytes = input::bytes(&source, command, calls::BYTES_MAX, environment)?;
    let (unpacked, is_cut) = detect::unpacked(&bytes);
    if let Some(calls) = Calls::of(&unpacked, is_cut, client).map_err(|problem| told(problem.to_string()))? {
        return Ok(Saved::Calls(calls));
    }
    if is_cut {
        return Err(told("this is compressed (gzip), and only its beginning is there".to_owned()));
    }
    if unpacked.len() as u64 > BYTES_MAX {
        return Err(told(format!("too large; the limit is {BYTES_MAX} bytes")));
    }
    let text = input::text(unpacked.into_owned()).map_err(told)?;
    let (record, tool) = parse(&text).map_err(|problem| told(escape(&problem, false)))?;
    Ok(Saved::Record(Box::new(record), tool))
}

/// Enough of a document to see what it is, and whether it is more than is judged. Of the rest only the syntax is looked at.
#[derive(Deserialize)]
struct Head {
    schema: Option<String>,
    /// Of a recording.
    #[serde(default)]
    record: RecordLengths,
    /// Of a report, which has them itself.
    #[serde(default, deserialize_with = "list_length")]
    observations: usize,
    #[serde(default, deserialize_with = "list_length")]
    targets: usize,
}

/// A recording, as far as it is read.
#[derive(Deserialize)]
struct Recorded {
    #[serde(default)]
    tool: Option<Tool>,
    record: Record,
}

/// A diagnosis, as far as it is read.
#[derive(Deserialize)]
struct Report {
    #[serde(default)]
    tool: Option<Tool>,
    targets: Vec<Target>,
    #[serde(default)]
    chosen_by_tool: bool,
    #[serde(default)]
    whole_list: bool,
    #[serde(deserialize_with = "Record::read_observations")]
    observations: Vec<Observation>,
    interrupted: bool,
    #[serde(default)]
    redacted: bool,
    #[serde(default)]
    peer: Option<Peer>,
}

/// A record, and the tool that saved it, where it says so.
type Parts = (Record, Option<Tool>);

impl From<Report> for Parts {
    fn from(report: Report) -> Self {
        let Report { tool, targets, chosen_by_tool, whole_list, observations, interrupted, redacted, peer } = report;
        (Record { targets, chosen_by_tool, whole_list, observations, interrupted, redacted, peer }, tool)
    }
}

/// What is wrong is told in words for a person, with line and column where there is one.
pub(crate) fn parse(text: &str) -> Result<(Record, Tool), String> {
    if text.trim().is_empty() {
        return Err("it is empty".to_owned());
    }
    let version = env!("CARGO_PKG_VERSION");
    let nameless = || "it is JSON, but no record or report of rtc-doctor: it names no schema".to_owned();
    let is_object = text.trim_start().starts_with('{');
    let head: Head = serde_json::from_str(text)
        .map_err(|error| if error.is_data() && !is_object { nameless() } else { said(&error) })?;
    for RecordLengths { observations, targets } in
        [head.record, RecordLengths { observations: head.observations, targets: head.targets }]
    {
        at_most(observations, OBSERVATIONS_MAX, "observations")?;
        at_most(targets, Record::TARGETS_MAX, "servers")?;
    }
    let (mut record, tool) = match head.schema.as_deref() {
        Some(RECORD_SCHEMA) => serde_json::from_str::<Recorded>(text).map(|Recorded { record, tool }| (record, tool)),
        Some(SCHEMA) => serde_json::from_str::<Report>(text).map(Parts::from),
        Some(other) => {
            let other = Text::new(other);
            return Err(format!(
                "its schema is {:?}; this is rtc-doctor {version}, which reads {SCHEMA} and {RECORD_SCHEMA}",
                other.as_str()
            ));
        }
        None => return Err(nameless()),
    }
    .map_err(|error| said(&error))?;
    let ours = record.observations.iter().filter(|seen| seen.end.is_ours()).count();
    for of_one_end in [ours, record.observations.len() - ours] {
        at_most(of_one_end, Record::END_OBSERVATIONS_MAX, "observations of one end")?;
    }
    // A document may have been written by anybody: what an observation is called is its place.
    for (place, observation) in record.observations.iter_mut().enumerate() {
        observation.id = ObservationId(u32::try_from(place).unwrap_or(u32::MAX));
    }
    let unknown = || Tool { name: String::new(), version: String::new() };
    Ok((record, tool.unwrap_or_else(unknown)))
}

fn at_most(count: usize, most: usize, what: &str) -> Result<(), String> {
    if count > most { Err(format!("it holds {count} {what}; {most} at most are judged")) } else { Ok(()) }
}

fn said(error: &serde_json::Error) -> String {
    let at = format!("line {} column {}", error.line(), error.column());
    let words = Text::new(&json_fault::words(error));
    let words = words.as_str();
    match error.classify() {
        Category::Eof => format!("{words} ({at}): only the beginning of a document is there"),
        Category::Syntax if json_fault::is_too_deep(error) => format!("{words} ({at})"),
        Category::Syntax => format!("it is no JSON: {words} ({at})"),
        Category::Data | Category::Io => {
            format!("it is no record or report of rtc-doctor {}: {words} ({at})", env!("CARGO_PKG_VERSION"))
        }
    }
}

#[cfg(test)]
mod tests;

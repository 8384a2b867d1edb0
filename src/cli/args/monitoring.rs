//! The options by which `check` answers a monitoring system.

use crate::report::monitoring::{Limits, Measure, MonitoringFormat};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::time::Duration;

pub(crate) const EXAMPLES: &str = "\
For a monitoring system (--as):
  Nagios    command_line rtc-doctor check --as nagios turn:$HOSTADDRESS$ --user probe
            --password-file FILE --warning total=0.5 --critical total=2
  Icinga 2  command = [ \"rtc-doctor\", \"check\", \"--as\", \"nagios\", \"turns:turn.example.org\",
            \"--turn-secret-file\", \"/etc/icinga2/turn.secret\", \"--warning\", \"allocate=0.2\" ]
  Checkmk   in the agent's folder \"local\", a script of one line:
            exec rtc-doctor check --as checkmk --ice-servers FILE
  Zabbix    UserParameter=rtc[*],rtc-doctor check --as zabbix $1 --turn-secret-file FILE
            discovery by JSONPath $.data, items by $.paths['{#PATH}'].state and .seconds.total

Each address of each server, over its transport, is a path of its own: it works, is too slow,
fails, or is not known where this machine or its name server is at fault. --as nagios exits by
the worst path (0, 1, 2, 3); the other two exit with 0. The run ends by itself before a scheduler
kills it, and gives back its allocations.";

#[derive(Args)]
pub(crate) struct MonitoringArgs {
    /// Tell a monitoring system how each path to the servers fares, whatever the network does, and nothing else
    #[arg(
        long = "as",
        value_name = "nagios|checkmk|zabbix",
        value_parser = format(),
        conflicts_with_all = ["documents", "lifetime", "redact", "quiet", "details", "verbose"],
    )]
    pub(crate) format: Option<MonitoringFormat>,

    /// With --as: warn where a stage of a path takes longer, for example allocate=0.5 or total=2; may be repeated
    #[arg(long, value_name = "STAGE=SECONDS", requires = "format", value_parser = limit)]
    warning: Vec<(Measure, Duration)>,

    /// With --as: the same, and it is critical
    #[arg(long, value_name = "STAGE=SECONDS", requires = "format", value_parser = limit)]
    critical: Vec<(Measure, Duration)>,
}

impl MonitoringArgs {
    pub(crate) fn limits(&self) -> Limits {
        Limits::new(self.warning.iter().copied(), self.critical.iter().copied())
    }
}

fn format() -> impl TypedValueParser<Value = MonitoringFormat> {
    PossibleValuesParser::new(MonitoringFormat::ALL.map(|(name, _)| name)).try_map(|asked| {
        let known = MonitoringFormat::ALL.into_iter().find(|(name, _)| *name == asked);
        known.map(|(_, format)| format).ok_or("no such format")
    })
}

fn limit(text: &str) -> Result<(Measure, Duration), String> {
    let (stage, seconds) = text.split_once('=').ok_or("write it as STAGE=SECONDS")?;
    let stage = stage.parse::<Measure>().map_err(|error| error.to_string())?;
    let seconds = seconds.parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.map(|seconds| (stage, seconds)).ok_or_else(|| "seconds are a number, such as 0.5".to_owned())
}

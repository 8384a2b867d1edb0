//! The options by which `check` answers a monitoring system.

use crate::cli::refusal::Refusal;
use crate::report::monitoring::{CertificateLimit, Limits, Measure, MonitoringFormat};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::ffi::OsString;
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

    /// With --as: warn where a server's certificate ends within so many days, and behind the comma, where it is critical
    #[arg(long, value_name = "DAYS[,DAYS]", requires = "format", value_parser = certificate)]
    certificate: Option<CertificateLimit>,
}

impl MonitoringArgs {
    /// The limits, where no warning is set that would come only beyond what is critical.
    pub(crate) fn limits(&self) -> Result<Limits, Refusal> {
        let limits =
            Limits::new(self.warning.iter().copied(), self.critical.iter().copied()).with_certificate(self.certificate);
        match limits.contradiction() {
            None => Ok(limits),
            Some((measure, [warning, critical])) => {
                let [warning, critical] = [warning, critical].map(|limit| limit.as_secs_f64());
                Err(Refusal::usage(format!(
                    "--warning {measure}={warning} is above --critical {measure}={critical}: it would never be told"
                )))
            }
        }
    }
}

fn format() -> impl TypedValueParser<Value = MonitoringFormat> {
    PossibleValuesParser::new(MonitoringFormat::ALL.map(|(name, _)| name)).try_map(|asked| {
        let known = MonitoringFormat::ALL.into_iter().find(|(name, _)| *name == asked);
        known.map(|(_, format)| format).ok_or("no such format")
    })
}

fn certificate(text: &str) -> Result<CertificateLimit, String> {
    let days = |text: &str| text.parse::<u32>().map_err(|_| "days are a whole number, such as 14 or 14,7".to_owned());
    let (warning, critical) =
        text.split_once(',').map_or((text, None), |(warning, critical)| (warning, Some(critical)));
    let (warning_days, critical_days) = (days(warning)?, critical.map(days).transpose()?);
    match critical_days {
        Some(critical) if critical > warning_days => Err("the days of the warning come first, and are more".to_owned()),
        _ => Ok(CertificateLimit { warning_days, critical_days }),
    }
}

fn limit(text: &str) -> Result<(Measure, Duration), String> {
    let (stage, seconds) = text.split_once('=').ok_or("write it as STAGE=SECONDS")?;
    let stage = stage.parse::<Measure>().map_err(|error| error.to_string())?;
    let seconds = seconds.parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.map(|seconds| (stage, seconds)).ok_or_else(|| "seconds are a number, such as 0.5".to_owned())
}

/// The system that a command line means which cannot be read as a whole: it reads neither standard error nor our exit codes.
pub(crate) fn asked_for(argv: &[OsString]) -> Option<MonitoringFormat> {
    let words: Vec<&str> = argv.iter().map_while(|word| word.to_str()).take_while(|word| *word != "--").collect();
    let joined = words.iter().find_map(|word| word.strip_prefix("--as="));
    let apart = words.windows(2).find_map(|pair| if let ["--as", format] = pair { Some(*format) } else { None });
    let asked = joined.or(apart)?;
    MonitoringFormat::ALL.into_iter().find(|(name, _)| *name == asked).map(|(_, format)| format)
}

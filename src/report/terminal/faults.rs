//! What is wrong with an application's configuration, worst first, each with whose step it is to mend it.

use super::{Ink, Style};
use crate::catalog::{self, page as said};
use crate::model::{Code, Detail, Severity};
use crate::report::page;
use crate::report::terminal::prose::Prose;

/// The faults of a configuration, which come worst first. Each line ends with a line feed.
pub fn render_faults(faults: &[(Code, Severity, Detail)], style: Style) -> String {
    let mut prose = Prose::new(style);
    let worst = faults.first().map(|(_, severity, _)| *severity);
    let (ink, headline) = match worst {
        None | Some(Severity::Info) => (Ink::Good, said::CONFIGURATION_TAKEN),
        Some(Severity::Warning) => (Ink::Poor, said::CONFIGURATION_LACKING),
        Some(Severity::Critical) => (Ink::Bad, said::CONFIGURATION_BROKEN),
    };
    prose.line(ink, headline.to(style.lang));
    for (code, severity, about) in faults {
        let words = catalog::words(*code, about, style.lang);
        let ink = match severity {
            Severity::Critical => Ink::Bad,
            Severity::Warning => Ink::Poor,
            Severity::Info => Ink::Plain,
        };
        prose.gap();
        prose.item(ink, &format!("{}: {} [{code}]", catalog::severity(*severity, style.lang), words.title));
        prose.indented(Ink::Faint, &page::detail(*code, &words));
        for step in catalog::advice(*code, about, style.lang) {
            prose.pointed(&format!("{}: {}", step.who, step.what));
        }
    }
    prose.finish()
}

/// A configuration to be pasted: as it is, below its heading, without anything that acts on a terminal.
pub fn render_verbatim(configuration: &str, style: Style) -> String {
    let mut prose = Prose::new(style);
    prose.line(Ink::Bold, said::CONFIGURATION_RIGHT.to(style.lang));
    let lines = configuration.lines().map(|line| format!("{}\n", prose.safe(line)));
    let lines: String = lines.collect();
    prose.finish() + &lines
}

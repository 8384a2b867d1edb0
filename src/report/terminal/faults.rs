//! What is wrong with an application's configuration, worst first, each with whose step it is to mend it.

use super::{Ink, Style};
use crate::catalog::{self, Shown, page as said};
use crate::configuration::{CREDENTIAL_FAULTS, Fault, refused_examples};
use crate::model::{Detail, Reason, Severity};
use crate::report::page;
use crate::report::terminal::prose::Prose;

/// The faults of a configuration, which come worst first. Each line ends with a line feed.
pub fn render_faults(faults: &[Fault], style: Style) -> String {
    let mut prose = Prose::new(style);
    let worst = faults.first().map(|fault| fault.severity);
    let (ink, headline) = match worst {
        None | Some(Severity::Info) => (Ink::Good, said::CONFIGURATION_TAKEN),
        Some(Severity::Warning) => (Ink::Poor, said::CONFIGURATION_LACKING),
        Some(Severity::Critical) => (Ink::Bad, said::CONFIGURATION_BROKEN),
    };
    prose.line(ink, headline.to(style.lang));
    for Fault { code, severity, about } in faults {
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

/// What people write into a configuration that browsers refuse, and what time-limited credentials get wrong.
pub fn render_configuration_page(style: Style) -> String {
    let mut prose = Prose::new(style);
    prose.line(Ink::Bold, said::ENTRIES_REFUSED.to(style.lang));
    prose.line(Ink::Plain, said::ENTRIES_REFUSED_WHY.to(style.lang));
    for example in refused_examples() {
        let why = Reason::from(example.why).shown(style.lang);
        prose.gap();
        prose.item(Ink::Bold, if example.written.is_empty() { r#""""# } else { example.written });
        prose.indented(Ink::Plain, &format!("{}: {why}", example.by.shown(style.lang)));
        if let Some(right) = example.mended {
            prose.pointed(&right);
        }
    }
    prose.heading(said::CREDENTIALS_WRONG.to(style.lang));
    for code in CREDENTIAL_FAULTS {
        prose.item(Ink::Plain, &format!("{} [{code}]", catalog::words(code, &Detail::default(), style.lang).title));
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

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
    for (place, Fault { code, severity, about }) in faults.iter().enumerate() {
        let is_same = |other: &&Fault| other.code == *code && without_place(&other.about) == without_place(about);
        if faults[..place].iter().any(|earlier| is_same(&earlier)) {
            continue;
        }
        let words = catalog::words(*code, about, style.lang);
        let ink = match severity {
            Severity::Critical => Ink::Bad,
            Severity::Warning => Ink::Poor,
            Severity::Info => Ink::Plain,
        };
        prose.gap();
        prose.item(ink, &format!("{}: {} [{code}]", catalog::severity(*severity, style.lang), words.title));
        prose.indented(Ink::Faint, &page::detail(*code, &words));
        let places = faults[place + 1..].iter().filter(is_same).filter_map(|also| also.about.place.clone());
        let places = places.collect::<Vec<_>>().join(", ");
        if !places.is_empty() {
            prose.indented(Ink::Faint, &format!("{}: {places}", said::ALSO_AT.to(style.lang)));
        }
        for step in catalog::advice(*code, about, style.lang) {
            prose.pointed(&format!("{}: {}", step.who, step.what));
        }
    }
    prose.finish()
}

/// What is the same of one fault at several places; how a URI reads right is each one's own.
fn without_place(about: &Detail) -> Detail {
    Detail { place: None, server: about.server.clone().filter(|_| about.place.is_none()), ..about.clone() }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Code;

    #[test]
    fn a_fault_at_several_places_is_told_once_with_all_of_them() {
        let at = |place: &str, mended: Option<&str>| Fault {
            code: Code::SourceUriPrivate,
            severity: Severity::Warning,
            about: Detail::default()
                .place(place.to_owned())
                .server(format!("turn:{place}"))
                .mended(mended.map(str::to_owned)),
        };
        let style = Style { colour: false, ascii: false, width: 80, lang: catalog::Lang::En };
        let told = render_faults(&[at("a", None), at("b", None), at("c", None), at("d", Some("turn:x"))], style);
        assert_eq!(told.matches("[source-uri-private]").count(), 2, "{told}");
        assert!(told.contains("b, c"), "{told}");
    }
}

//! What is said of a diagnosis, and in which order? One page of sections and cells in one vocabulary; a face lays it out.
//!
//! Texts stand here as they came: what a peer, a server or the system said is in them unescaped. Each face makes them
//! harmless in its own way when it writes them.

mod advice;
mod call;
mod candidates;
mod differences;
mod measured;
mod network;
mod servers;
mod summary;

use crate::catalog::{self, Advice, Lang};
use crate::model::{Code, Detail, Diagnosis, Gravity, Judged, ObservationId};
pub(super) use advice::detail;
#[cfg(feature = "html")]
pub(super) use candidates::endpoint;
pub use differences::of_differences;
#[cfg(feature = "html")]
pub(super) use network::goes;
#[cfg(feature = "html")]
pub(super) use servers::health_name;

/// A report, from its verdict to its last table.
#[derive(Clone, Debug)]
pub struct Page {
    /// What is said before all else: that the run was interrupted.
    pub notices: Vec<Cell>,
    /// The verdict in one sentence, and under it what that means where that is not said elsewhere.
    pub headline: Cell,
    /// What the verdict holds for, and what hides its addresses.
    pub remarks: Vec<Cell>,
    /// The sections in the order in which people need them: what matters first, the tables last.
    pub sections: Vec<Section>,
    /// How long it took, and where to read on.
    pub closing: Option<String>,
}

/// What one section answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// The reasons of the verdict.
    Why,
    /// What single change would make the path direct.
    Changes,
    /// What is wrong, and what to do about it.
    ToDo,
    /// What is good to know.
    Notes,
    /// What the causes explain: told once with them, and whole here.
    Explained,
    /// The call that was made.
    Call,
    /// All that was measured, in a line each.
    Measured,
    /// What explains the change from one run to another.
    Causes,
    /// What follows from the causes of the change.
    Consequences,
    /// What else is different between two runs, and explains nothing.
    Others,
    /// Every candidate pair (RFC 8445 §6.1.2).
    Pairs,
    /// What the NAT and the firewall do to UDP (RFC 4787).
    Network,
    /// How calls go with each kind of peer.
    Forecast,
    /// How each server fared, stage by stage.
    Servers,
    /// The candidates that a browser here would offer.
    Candidates,
}

impl Topic {
    /// Whether it is a table behind the summary, for who wants all that was measured.
    pub fn is_detail(self) -> bool {
        matches!(
            self,
            Self::Explained | Self::Pairs | Self::Network | Self::Forecast | Self::Servers | Self::Candidates
        )
    }
}

/// A part of the page under its own heading. None is empty.
#[derive(Clone, Debug)]
pub struct Section {
    /// What it answers.
    pub topic: Topic,
    /// Its heading.
    pub title: String,
    /// What stands under the heading.
    pub block: Block,
}

/// What stands under a heading.
#[derive(Clone, Debug)]
pub enum Block {
    /// What was found, one below the other.
    Items(Vec<Statement>),
    /// Values behind their names.
    Lines(Vec<Line>),
    /// Rows and columns.
    Table(Table),
}

/// One thing that was found, with what is to be done about it.
#[derive(Clone, Debug, Default)]
pub struct Statement {
    /// How good or bad it is.
    pub tone: Tone,
    /// How grave it is, in a word before the title.
    pub label: Option<&'static str>,
    /// One sentence, without its full stop.
    pub title: String,
    /// What `explain` takes.
    pub code: Option<Code>,
    /// What was seen and why it matters; empty where the title says it all.
    pub detail: String,
    /// What is to be done, and by whom; empty where there is nothing to do.
    pub steps: Vec<Advice>,
}

/// A value behind its name.
#[derive(Clone, Debug)]
pub struct Line {
    /// None where the value is a sentence of its own.
    pub name: Option<&'static str>,
    /// The value.
    pub cell: Cell,
}

/// Rows and columns.
#[derive(Clone, Debug)]
pub struct Table {
    /// The names of the columns.
    pub columns: Vec<&'static str>,
    /// Each as long as `columns`; its first cell names it.
    pub rows: Vec<Vec<Cell>>,
}

/// One value of a table, or one sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// How good or bad it is.
    pub tone: Tone,
    /// The text in the RFCs' words.
    pub text: String,
    /// The same for people who have never heard of STUN, where there is such a wording.
    pub plain: Option<&'static str>,
    /// Lines below the text that say more.
    pub under: Vec<String>,
    /// The observations that it rests on.
    pub evidence: Vec<ObservationId>,
}

/// How good or bad what a text says is for calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// It says nothing of that.
    #[default]
    Plain,
    /// Calls work as they should.
    Good,
    /// They work by a detour or in part, or it is not known.
    Poor,
    /// They do not work.
    Bad,
    /// It matters less than what stands beside it.
    Faint,
}

impl From<Gravity> for Tone {
    fn from(gravity: Gravity) -> Self {
        match gravity {
            Gravity::Fine => Self::Good,
            Gravity::Relayed | Gravity::Degraded | Gravity::Unknown => Self::Poor,
            Gravity::Broken => Self::Bad,
        }
    }
}

impl Cell {
    /// A text that says how good or bad it is.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into(), ..Self::default() }
    }

    /// A text that says nothing of that.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(Tone::Plain, text)
    }

    /// The value as `known` has it, or in its place why there is none.
    pub fn judged<T>(judged: &Judged<T>, lang: Lang, known: impl FnOnce(&T) -> Self) -> Self {
        let cell = match judged {
            Judged::Known { value, .. } => known(value),
            Judged::NotTested { why } => Self::new(Tone::Faint, catalog::page::not_tested(&title(*why, lang), lang)),
            Judged::Unclear { why, .. } => Self::new(Tone::Poor, catalog::page::unclear(&title(*why, lang), lang)),
        };
        Self { evidence: judged.evidence().to_vec(), ..cell }
    }

    /// Adds a wording for people who do not know the RFCs.
    pub fn in_plain_words(self, plain: &'static str) -> Self {
        Self { plain: Some(plain), ..self }
    }
}

/// The page of one diagnosis, whose words the catalogue has filled in.
pub fn of(diagnosis: &Diagnosis, lang: Lang) -> Page {
    let sections = [
        summary::why(diagnosis, lang),
        summary::changes(diagnosis, lang),
        advice::to_do(diagnosis, lang),
        advice::notes(diagnosis, lang),
        advice::explained(diagnosis, lang),
        call::section(diagnosis, lang),
        measured::section(diagnosis, lang),
        candidates::pairs(diagnosis, lang),
        network::behaviour(diagnosis, lang),
        network::forecast(diagnosis, lang),
        servers::section(diagnosis, lang),
        candidates::candidates(diagnosis, lang),
    ];
    Page {
        notices: summary::notices(diagnosis, lang),
        headline: summary::headline(diagnosis, lang),
        remarks: summary::remarks(diagnosis, lang),
        sections: sections.into_iter().flatten().collect(),
        closing: Some(catalog::page::took(diagnosis.took_ms, diagnosis.nat_known_ms, lang)),
    }
}

impl Page {
    /// The headline and what stands under it, in one line.
    pub fn headline_in_a_line(&self) -> String {
        let Cell { text, under, .. } = &self.headline;
        std::iter::once(text).chain(under).map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// The section on a topic, where there is one.
    pub fn section(&self, topic: Topic) -> Option<&Section> {
        self.sections.iter().find(|section| section.topic == topic)
    }
}

impl Section {
    fn items(topic: Topic, title: impl Into<String>, items: Vec<Statement>) -> Option<Self> {
        (!items.is_empty()).then(|| Self { topic, title: title.into(), block: Block::Items(items) })
    }

    fn lines(topic: Topic, title: impl Into<String>, lines: Vec<Line>) -> Option<Self> {
        (!lines.is_empty()).then(|| Self { topic, title: title.into(), block: Block::Lines(lines) })
    }

    fn table(topic: Topic, title: impl Into<String>, columns: Vec<&'static str>, rows: Vec<Vec<Cell>>) -> Option<Self> {
        (!rows.is_empty()).then(|| Self { topic, title: title.into(), block: Block::Table(Table { columns, rows }) })
    }
}

/// A code's title outside of any finding.
pub(super) fn title(code: Code, lang: Lang) -> String {
    catalog::words(code, &Detail::default(), lang).title
}

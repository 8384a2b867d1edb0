//! What does a code mean, and what is to be done about it? All the words of the tool's findings, in one place.
//!
//! A text is a template. `{server}` is replaced by what the finding is about, or by plain words where it does not say
//! ([`PLACEHOLDERS`]); what stands in `[square brackets]` is left out unless all of its values are there. So one text
//! serves the report of a run and `explain`, which knows of no run. `{count|packet|packets}` is the first word beside
//! one of them and the second beside several ([`Values::is_several`]); Korean needs none of it.
//!
//! Every text stands here in English and in Korean, side by side ([`Said`]). A Korean text puts a value where the
//! particle behind it does not depend on how the value ends: 에서, 에, 의, 도, or a colon.

pub(crate) mod call_outcome;
pub(crate) mod call_summary;
pub mod diff;
pub mod exit_codes;
#[cfg(test)]
pub(crate) mod foreign;
pub(crate) mod html;
mod labels;
mod lang;
pub(crate) mod monitoring;
pub(crate) mod page;
mod remedy;
pub(crate) mod two_ends;
mod values;

pub use labels::{
    behaviour, candidate_type, interface_kind, left_without, outcome, path, path_verdict, peer, saved_verdict,
    servers_verdict, severity, stage, verdict_holds_for,
};
use lang::said;
pub use lang::{Lang, Said, UnknownLang};
pub use remedy::{Addressee, RemedyStep};
pub use values::Shown;

use crate::model::{Code, Detail, Diagnosis, Words};
use std::collections::BTreeMap;

/// The templates of one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeWords {
    /// One plain sentence, without its full stop.
    pub title: Said,
    /// The same for people who have never heard of STUN, with its full stop; none where the title is plain enough.
    pub plain: Option<Said>,
    /// The same as a clause behind a colon; none where it takes more words.
    pub short: Option<Said>,
    /// What was seen and why it matters.
    pub detail: Said,
    /// The next steps; empty where there is nothing to do.
    pub remedy: &'static [RemedyStep],
    /// Where to read more: document and section; empty where no document says it.
    pub rfc: &'static str,
}

const NOTHING_TO_DO: Said = said("Nothing to do.", "조치할 것이 없습니다.");

/// A value that a template may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// What stands between the braces of a template.
    pub name: &'static str,
    /// What it stands for, in English: what `explain` says of it.
    pub meaning: &'static str,
    /// What stands there where the finding does not say.
    pub otherwise: Said,
}

/// What stands in the place of a template's names.
pub trait Values {
    /// A value as a text in that language has it; None where it is not known.
    fn value(&self, name: &str, lang: Lang) -> Option<String>;

    /// Whether the words beside a value are in the plural: it is a number other than 1, or it names several things. So
    /// are those beside a number that is not known.
    fn is_several(&self, name: &str) -> bool;
}

/// A value that was put together from several findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Together {
    /// In words of the report's language already.
    pub text: String,
    /// As [`Values::is_several`] has it.
    pub is_several: bool,
}

impl Values for BTreeMap<&'static str, Together> {
    fn value(&self, name: &str, _: Lang) -> Option<String> {
        self.get(name).map(|together| together.text.clone())
    }

    fn is_several(&self, name: &str) -> bool {
        self.get(name).map_or_else(|| Detail::default().is_several(name), |together| together.is_several)
    }
}

/// Makes [`PLACEHOLDERS`] and the values of a finding of what stands in the list of values.
macro_rules! placeholders {
    ($($name:ident: $type:ty, $meaning:literal, $otherwise:literal, $otherwise_ko:literal;)+) => {
        /// All values that a template may ask for: the fields of [`Detail`].
        pub const PLACEHOLDERS: &[Placeholder] = &[
            $(Placeholder {
                name: stringify!($name),
                meaning: $meaning,
                otherwise: said($otherwise, $otherwise_ko),
            },)+
        ];

        impl Values for Detail {
            fn value(&self, name: &str, lang: Lang) -> Option<String> {
                match name {
                    $(stringify!($name) => self.$name.as_ref().map(|value| value.shown(lang)),)+
                    _ => None,
                }
            }

            fn is_several(&self, name: &str) -> bool {
                match name {
                    $(stringify!($name) => values::is_several(self.$name.as_ref()),)+
                    _ => false,
                }
            }
        }
    };
}

details!(placeholders);

/// What a row may leave out.
macro_rules! optional {
    () => {
        None
    };
    ($said:expr) => {
        Some($said)
    };
}

/// Makes [`entry`] of what the rows say.
macro_rules! entries {
    ($($code:ident: $group:ident, $rfc:literal {
        title: $title:literal, $title_ko:literal;
        $(plain: $plain:literal, $plain_ko:literal;)?
        $(short: $short:literal, $short_ko:literal;)?
        detail: $detail:literal, $detail_ko:literal;
        seen: [$($seen:ident),*];
        $($whose:ident $(as $who:literal, $who_ko:literal)?: $what:literal, $what_ko:literal;)*
    })+) => {
        /// The words for a code.
        pub const fn entry(code: Code) -> &'static CodeWords {
            match code {
                $(Code::$code => const {
                    &CodeWords {
                        title: said($title, $title_ko),
                        plain: optional!($(said($plain, $plain_ko))?),
                        short: optional!($(said($short, $short_ko))?),
                        detail: said($detail, $detail_ko),
                        remedy: &[$(
                            RemedyStep::of(Addressee::$whose, said($what, $what_ko))$(.called(said($who, $who_ko)))?
                        ),*],
                        rfc: $rfc,
                    }
                },)+
            }
        }
    };
}

codes!(entries);

/// The words for a code in one run, or in none (`explain`).
pub fn words(code: Code, about: &dyn Values, lang: Lang) -> Words {
    let entry = entry(code);
    let expanded = |said: Said| expanded(said, about, lang);
    Words { title: expanded(entry.title), detail: expanded(entry.detail), remedy: remedy(entry, about, lang) }
}

/// The values that the texts of a code need and that `about` does not hold, so that plain words stand in their place. A part
/// in square brackets needs none.
pub fn unsaid(code: Code, about: &dyn Values) -> Vec<&'static str> {
    let entry = entry(code);
    let texts = [entry.title, entry.detail].into_iter().chain(entry.remedy.iter().map(|step| step.what));
    let needed = texts.flat_map(|said| said.en.split(['[', ']']).step_by(2).flat_map(placeholders));
    let mut unsaid: Vec<&str> = needed.filter(|name| about.value(name, Lang::En).is_none()).collect();
    unsaid.sort_unstable();
    unsaid.dedup();
    unsaid
}

/// A template with its values.
fn expanded(said: Said, about: &dyn Values, lang: Lang) -> String {
    Expansion::new(about, lang).template(said.to(lang)).text
}

/// The steps of a remedy in one line, or that there is nothing to do.
fn remedy(entry: &CodeWords, about: &dyn Values, lang: Lang) -> String {
    let mut expansion = Expansion::new(about, lang);
    for step in entry.remedy {
        let between = if expansion.text.is_empty() { "" } else { " " };
        expansion = expansion.plain(between);
        if let Some(who) = step.who {
            expansion = expansion.plain(who.to(lang)).plain(": ");
        }
        expansion = expansion.template(step.what.to(lang));
    }
    if entry.remedy.is_empty() { NOTHING_TO_DO.to(lang).to_owned() } else { expansion.text }
}

/// What a remedy asks of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// Whom the step asks.
    pub whose: Addressee,
    /// As the remedy calls them.
    pub who: String,
    /// The step itself, a sentence with its values put in.
    pub what: String,
}

/// The steps of a remedy that ask something of somebody, each a text of its own.
pub fn advice(code: Code, about: &dyn Values, lang: Lang) -> Vec<Advice> {
    let addressed = entry(code).remedy.iter().filter_map(|step| Some((step, step.who?)));
    let advice = addressed.map(|(step, who)| Advice {
        whose: step.whose,
        who: who.to(lang).to_owned(),
        what: expanded(step.what, about, lang),
    });
    advice.collect()
}

/// Puts the words into every finding.
pub fn fill(diagnosis: &mut Diagnosis, lang: Lang) {
    for finding in &mut diagnosis.findings {
        finding.words = words(finding.code, &finding.about, lang);
    }
}

/// A template on its way to becoming a text.
struct Expansion<'a> {
    about: &'a dyn Values,
    lang: Lang,
    text: String,
}

impl<'a> Expansion<'a> {
    fn new(about: &'a dyn Values, lang: Lang) -> Self {
        Self { about, lang, text: String::new() }
    }

    /// Adds a text as it stands.
    fn plain(mut self, text: &str) -> Self {
        self.text.push_str(text);
        self
    }

    /// Adds a template with its placeholders replaced. A value is never itself a template.
    fn template(mut self, template: &str) -> Self {
        let mut rest = template;
        while let Some((plain, optional)) = rest.split_once('[') {
            self.push_values(plain);
            let (inside, after) = optional.split_once(']').unwrap_or((optional, ""));
            if placeholders(inside).all(|name| self.about.value(name, self.lang).is_some()) {
                self.push_values(inside);
            }
            rest = after;
        }
        self.push_values(rest);
        self
    }

    fn push_values(&mut self, template: &str) {
        let mut rest = template;
        while let Some((plain, name_on)) = rest.split_once('{') {
            self.text.push_str(plain);
            let (field, after) = name_on.split_once('}').unwrap_or((name_on, ""));
            match field.split_once('|') {
                Some((name, forms)) => self.push_form(name, forms),
                None => self.push_value(field),
            }
            rest = after;
        }
        self.text.push_str(rest);
    }

    /// The first of two words, or the second beside several.
    fn push_form(&mut self, name: &str, forms: &str) {
        let (one, several) = forms.split_once('|').unwrap_or((forms, forms));
        self.text.push_str(if self.about.is_several(name) { several } else { one });
    }

    fn push_value(&mut self, name: &str) {
        match self.about.value(name, self.lang) {
            Some(value) => self.text.push_str(&value),
            None => self.push_otherwise(name),
        }
    }

    /// Plain words in place of a value: with a capital where they begin a sentence.
    fn push_otherwise(&mut self, name: &str) {
        let known = PLACEHOLDERS.iter().find(|known| known.name == name);
        let otherwise = known.map_or("…", |known| known.otherwise.to(self.lang));
        let begins_sentence = self.text.is_empty() || self.text.ends_with(". ");
        let mut chars = otherwise.chars();
        match chars.next() {
            Some(first) if begins_sentence => {
                self.text.extend(first.to_uppercase());
                self.text.push_str(chars.as_str());
            }
            _ => self.text.push_str(otherwise),
        }
    }
}

/// The names of the values a template asks for. A word that agrees with a value does not ask for it.
fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    fields(template).filter(|field| !field.contains('|'))
}

/// All that stands in braces.
fn fields(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|after| after.split_once('}').map(|(field, _)| field))
}

#[cfg(test)]
mod tests;

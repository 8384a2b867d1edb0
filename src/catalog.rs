//! What does a code mean, and what is to be done about it? All the words of the tool's findings, in one place.
//!
//! A text is a template. `{server}` is replaced by what the finding is about, or by plain words where it does not say
//! ([`PLACEHOLDERS`]); what stands in `[square brackets]` is left out unless all of its values are there. So one text
//! serves the report of a run and `explain`, which knows of no run.
//!
//! Every text stands here in English and in Korean, side by side ([`Said`]). A Korean text puts a value where the
//! particle behind it does not depend on how the value ends: 에서, 에, 의, 도, or a colon.

pub mod call_outcome;
pub mod call_summary;
pub mod diff;
pub mod exit_codes;
pub mod html;
mod labels;
mod lang;
pub mod page;
mod remedy;
pub mod two_ends;
mod values;

pub use labels::{
    behaviour, candidate_type, interface_kind, outcome, path, path_verdict, peer, severity, stage, verdict_holds_for,
};
use lang::said;
pub use lang::{Lang, Said, UnknownLang};
pub use remedy::{Addressee, Step};

use crate::model::{About, Code, Diagnosis, Words};

/// The templates of one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// One plain sentence, without its full stop.
    pub title: Said,
    /// What was seen and why it matters.
    pub detail: Said,
    /// The next steps; empty where there is nothing to do.
    pub remedy: &'static [Step],
    /// Where to read more: document and section; empty where no document says it.
    pub rfc: &'static str,
}

const NOTHING_TO_DO: Said = said("Nothing to do.", "조치할 것이 없습니다.");

/// A value that a template may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placeholder {
    pub name: &'static str,
    pub meaning: &'static str,
    /// What stands there where the finding does not say.
    pub otherwise: Said,
}

const fn placeholder(name: &'static str, meaning: &'static str, en: &'static str, ko: &'static str) -> Placeholder {
    Placeholder { name, meaning, otherwise: Said { en, ko } }
}

/// All values that a template may ask for: the keys of [`About`].
pub const PLACEHOLDERS: &[Placeholder] = &[
    placeholder("server", "the URI of the server", "the server", "서버"),
    placeholder(
        "address",
        "the address and port that were asked, or the address that was seen",
        "the address",
        "해당 주소",
    ),
    placeholder("transport", "UDP, TCP, TLS or DTLS", "the transport", "해당 프로토콜"),
    placeholder("code", "the STUN error code, three digits", "an error", "오류"),
    placeholder("reason", "what the server or the system said, in its own words", "no reason", "사유 없음"),
    placeholder("name", "the host name", "the name", "해당 이름"),
    placeholder("family", "IPv4 or IPv6", "the address family", "해당 주소 체계"),
    placeholder("interface", "the name of a network interface", "an interface", "한 인터페이스"),
    placeholder("public", "the public address or addresses of this network", "the public address", "공인 주소"),
    placeholder("relayed", "the relayed address", "the relayed address", "중계 주소"),
    placeholder("peer", "the peer's address", "the peer", "상대방"),
    placeholder("from", "the endpoint that answered in place of the one asked", "another address", "다른 주소"),
    placeholder("alternate", "the server that a redirect names", "another server", "다른 서버"),
    placeholder("issuer", "the issuer of the certificate", "an unknown issuer", "알 수 없는 발급자"),
    placeholder("names", "the names that the certificate is for", "other names", "다른 이름"),
    placeholder(
        "until",
        "the date until which, or since which, the certificate is valid",
        "the date in it",
        "인증서에 적힌 날짜",
    ),
    placeholder("lifetime", "after how long an idle mapping was gone", "a short time", "짧은 시간"),
    placeholder("mtu", "the largest packet that passes whole, in bytes", "fewer", "더 적은 수의"),
    placeholder("loss", "packets lost, in per cent", "some", "일부"),
    placeholder("rtt", "the median round trip, in milliseconds", "some", "어느 정도"),
    placeholder("time", "how long the call had run", "a while", "얼마간"),
    placeholder("bytes", "the size of the largest datagram, in bytes", "some", "어느 정도"),
    placeholder("step", "the distance between successive public ports", "a fixed step", "일정한 값"),
    placeholder("what", "what was left out", "things", "일부"),
    placeholder("count", "how many there were, or how many were left out", "some", "몇"),
    placeholder("sent", "how many were asked for", "all", "전체"),
    placeholder("received", "how many of them were answered", "some", "일부"),
    placeholder("to", "the endpoint that an end is seen at later", "a new address", "새 주소"),
    placeholder("before", "what came at first, in kbit/s", "more", "더 많은"),
    placeholder("after", "what came later, in kbit/s", "fewer", "더 적은"),
    placeholder("local", "this end of a candidate pair", "one end", "한쪽 끝"),
    placeholder("remote", "the other end of a candidate pair", "the other end", "다른 쪽 끝"),
    placeholder("carrier", "how messages get to the other end", "this way to the room", "방으로 가는 이 방법"),
];

/// Makes [`entry`] of what the rows say.
macro_rules! entries {
    ($($code:ident: $group:ident, $rfc:literal {
        title: $title:literal, $title_ko:literal;
        detail: $detail:literal, $detail_ko:literal;
        $($whose:ident $(as $who:literal, $who_ko:literal)?: $what:literal, $what_ko:literal;)*
    })+) => {
        /// The words for a code.
        pub const fn entry(code: Code) -> &'static Entry {
            match code {
                $(Code::$code => const {
                    &Entry {
                        title: said($title, $title_ko),
                        detail: said($detail, $detail_ko),
                        remedy: &[$(
                            Step::of(Addressee::$whose, said($what, $what_ko))$(.called(said($who, $who_ko)))?
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
pub fn words(code: Code, about: &About, lang: Lang) -> Words {
    let entry = entry(code);
    let expanded = |said: Said| Expansion::new(about, lang).template(said.to(lang)).text;
    Words { title: expanded(entry.title), detail: expanded(entry.detail), remedy: remedy(entry, about, lang) }
}

/// The steps of a remedy in one line, or that there is nothing to do.
fn remedy(entry: &Entry, about: &About, lang: Lang) -> String {
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
    pub whose: Addressee,
    /// As the remedy calls them.
    pub who: String,
    pub what: String,
}

/// The steps of a remedy that ask something of somebody, each a text of its own.
pub fn advice(code: Code, about: &About, lang: Lang) -> Vec<Advice> {
    let addressed = entry(code).remedy.iter().filter_map(|step| Some((step, step.who?)));
    let advice = addressed.map(|(step, who)| Advice {
        whose: step.whose,
        who: who.to(lang).to_owned(),
        what: with_a_capital(&Expansion::new(about, lang).template(step.what.to(lang)).text),
    });
    advice.collect()
}

fn with_a_capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Puts the words into every finding.
pub fn fill(diagnosis: &mut Diagnosis, lang: Lang) {
    for finding in &mut diagnosis.findings {
        finding.words = words(finding.code, &finding.about, lang);
    }
}

/// A template on its way to becoming a text.
struct Expansion<'a> {
    about: &'a About,
    lang: Lang,
    text: String,
}

impl<'a> Expansion<'a> {
    fn new(about: &'a About, lang: Lang) -> Self {
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
            if placeholders(inside).all(|name| self.about.contains_key(name)) {
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
            let (name, after) = name_on.split_once('}').unwrap_or((name_on, ""));
            match self.about.get(name) {
                Some(value) => self.text.push_str(&values::value(name, value, self.lang)),
                None => self.push_otherwise(name),
            }
            rest = after;
        }
        self.text.push_str(rest);
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

/// The names of the values a template asks for.
fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|after| after.split_once('}').map(|(name, _)| name))
}

#[cfg(test)]
mod tests;

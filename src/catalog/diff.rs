//! The words for what is different between two runs.

use super::{Advice, Lang, Said, advice, behaviour, page, path, peer, said, severity, words};
use crate::model::{
    Behaviour, Change, Code, Detail, Difference, Differences, Effect, Judged, Millis, Path, Severity, Subject, Words,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

#[cfg(feature = "html")]
pub(crate) const TITLE: Said = said("Two runs compared", "두 검사의 비교");
#[cfg(feature = "html")]
pub(crate) const WHAT: Said = said("What", "항목");
#[cfg(feature = "html")]
pub(crate) const FIRST: Said = said("First", "첫 번째");
#[cfg(feature = "html")]
pub(crate) const SECOND: Said = said("Second", "두 번째");
pub(crate) const WHAT_EXPLAINS_IT: Said = said("What explains it", "원인");
pub(crate) const WHAT_CHANGED: Said = said("What is better or worse", "나아졌거나 나빠진 것");
pub(crate) const WHAT_FOLLOWS: Said = said("What follows from it", "그 결과");
pub(crate) const ALSO_DIFFERENT: Said = said("Also different", "그 밖의 차이");
pub(crate) const NOTHING: Said =
    said("Nothing that matters to calls is different.", "통화에 영향을 주는 차이가 없습니다.");
pub(crate) const NO_CAUSE: Said = Said {
    en: "Nothing that was measured explains it: run both again, against the same servers.",
    ko: "측정한 것 가운데 이것을 설명하는 것이 없습니다. 같은 서버로 양쪽을 다시 검사하십시오.",
};
pub(crate) const INTERRUPTED: Said = Said {
    en: "One of the two runs was interrupted: what it did not come to is not compared.",
    ko: "둘 가운데 하나가 도중에 중단되었습니다. 거기서 확인하지 못한 것은 비교하지 않았습니다.",
};
pub(crate) const REDACTED: Said = Said {
    en: "One of the two is redacted: servers and addresses are not compared one by one.",
    ko: "둘 가운데 하나가 가려져 있습니다. 서버와 주소는 하나씩 비교하지 않았습니다.",
};

/// How calls fare in the second run beside the first.
pub fn headline(change: Change, lang: Lang) -> &'static str {
    let said = match change {
        Change::Worse => said("The second is worse for calls.", "두 번째가 통화에 더 나쁩니다."),
        Change::Better => said("The second is better for calls.", "두 번째가 통화에 더 좋습니다."),
        Change::Same => said("Calls go the same way in both.", "통화가 연결되는 방식은 양쪽이 같습니다."),
        Change::Unclear => {
            said("Which of the two is better could not be told.", "어느 쪽이 더 나은지 알 수 없었습니다.")
        }
    };
    said.to(lang)
}

/// How they go in either.
pub fn means(differences: &Differences, lang: Lang) -> String {
    let goes = |path: &Judged<Path>| shown(Subject::Path, &to_value(path), lang);
    let (first, second) = (goes(&differences.good.path), goes(&differences.bad.path));
    match lang {
        Lang::En => format!("With a typical home network on the other side: first {first}; second {second}."),
        Lang::Ko => format!("상대방이 일반 가정의 네트워크에 있을 때: 첫 번째 {first}, 두 번째 {second}."),
    }
}

/// What is different, in the first run, in the second: as a table has it.
pub fn row(difference: &Difference, lang: Lang) -> [String; 3] {
    let side = |judged: &Option<Judged<Value>>| match (difference.subject, judged) {
        (Subject::Finding, Some(_)) => said("yes", "있음").to(lang).to_owned(),
        (_, None) => said("no", "없음").to(lang).to_owned(),
        (subject, Some(judged)) => shown(subject, judged, lang),
    };
    let name = match (difference.subject, difference.code) {
        (Subject::Finding, Some(code)) => words(code, &difference.about, lang).title,
        _ => name(difference.subject, &difference.about, lang),
    };
    [name, side(&difference.good), side(&difference.bad)]
}

/// In a word, whether calls fare worse; None where it makes no difference to them.
pub fn effect(effect: Effect, lang: Lang) -> Option<&'static str> {
    match effect {
        Effect::Worse => Some(said("worse", "나빠짐").to(lang)),
        Effect::Better => Some(said("better", "나아짐").to(lang)),
        Effect::Neither => None,
    }
}

/// Puts the words into every difference.
pub fn fill(differences: &mut Differences, lang: Lang) {
    for difference in &mut differences.differences {
        difference.words = of(difference, lang);
    }
}

fn of(difference: &Difference, lang: Lang) -> Words {
    let explained = difference.code.map(|code| words(code, &difference.about, lang)).unwrap_or_default();
    let in_second = difference.bad.as_ref();
    let remedy = if is_to_be_mended(difference) { explained.remedy } else { String::new() };
    if difference.subject == Subject::Finding {
        let only = match in_second {
            Some(_) => said("only in the second", "두 번째에만 있음"),
            None => said("only in the first", "첫 번째에만 있음"),
        };
        return Words { title: format!("{}: {}", only.to(lang), explained.title), detail: explained.detail, remedy };
    }
    let side = |judged: &Option<Judged<Value>>| {
        judged.as_ref().map_or(String::new(), |judged| shown(difference.subject, judged, lang))
    };
    let title = format!(
        "{}: {} → {}",
        name(difference.subject, &difference.about, lang),
        side(&difference.good),
        side(&difference.bad)
    );
    Words { title, detail: explained.detail, remedy }
}

/// What to do is said of what is there in the second run and makes it worse.
fn is_to_be_mended(difference: &Difference) -> bool {
    difference.effect == Effect::Worse && difference.bad.is_some()
}

/// The steps of the remedy, each for one addressee.
pub fn steps(difference: &Difference, lang: Lang) -> Vec<Advice> {
    let code = difference.code.filter(|_| is_to_be_mended(difference));
    code.map(|code| advice(code, &difference.about, lang)).unwrap_or_default()
}

/// Several that went the same way, in one line.
pub fn together(differences: &[&Difference], lang: Lang) -> Option<String> {
    let first = differences.first()?;
    let names = differences.iter().map(|difference| name(difference.subject, &difference.about, lang));
    let (good, bad) = (first.good.as_ref()?, first.bad.as_ref()?);
    let bad_shown = shown(first.subject, bad, lang);
    let went =
        if bad.value().is_some() { format!("{} → {bad_shown}", shown(first.subject, good, lang)) } else { bad_shown };
    Some(format!("{}: {went}", names.collect::<Vec<_>>().join(", ")))
}

/// What the two values are of.
fn name(subject: Subject, about: &Detail, lang: Lang) -> String {
    let family = about.family.map(|family| family.to_string());
    let row = match subject {
        Subject::Finding | Subject::Path => said("a call with a typical home router", "통화 상대 일반 가정용 공유기"),
        Subject::Family => return family.unwrap_or_default(),
        Subject::Translated => page::NAT.translated.name,
        Subject::Mapping => page::NAT.mapping.name,
        Subject::Filtering => page::NAT.filtering.name,
        Subject::Hairpinning => page::NAT.hairpinning.name,
        Subject::PortPreservation => page::NAT.port_preservation.name,
        Subject::MappingLifetime => page::NAT.mapping_lifetime_ms.name,
        Subject::PathMtu => page::NAT.path_mtu_bytes.name,
        Subject::PublicAddresses => page::NAT.public_addresses.name,
        Subject::RoundTrip => {
            let round_trip = said("round trip to", "왕복 시간,").to(lang);
            return format!("{round_trip} {}", about.server.as_deref().unwrap_or_default());
        }
        Subject::Forecast => {
            let class = about.class.map_or("", |class| peer(class, lang));
            return match lang {
                Lang::En => format!("a call with {class}"),
                Lang::Ko => format!("통화 상대 {class}"),
            };
        }
    };
    match family {
        None => row.to(lang).to_owned(),
        Some(family) => format!("{} ({family})", row.to(lang)),
    }
}

/// One side's value, or why there is none.
fn shown(subject: Subject, judged: &Judged<Value>, lang: Lang) -> String {
    let because = |code: Code| words(code, &Detail::default(), lang).title;
    let value = match judged {
        Judged::Known { value, .. } => value,
        Judged::NotTested { why } => return page::not_tested(&because(*why), lang),
        Judged::Unclear { why, .. } => return page::unclear(&because(*why), lang),
    };
    let text = match subject {
        Subject::Finding => from_value::<Severity>(value).map(|of| severity(of, lang).to_owned()),
        Subject::Mapping | Subject::Filtering => {
            from_value::<Behaviour>(value).map(|of| behaviour(of, lang).to_owned())
        }
        Subject::Path | Subject::Forecast => from_value::<Path>(value).map(|of| path(of, lang).to_owned()),
        Subject::Family => value
            .as_bool()
            .map(|there| if there { said("there", "있음") } else { said("absent", "없음") }.to(lang).to_owned()),
        Subject::Translated | Subject::Hairpinning | Subject::PortPreservation => {
            value.as_bool().map(|yes| page::yes_no(yes, lang).to_owned())
        }
        Subject::MappingLifetime => value.as_u64().map(|ms| page::seconds_at_least(ms / 1000, lang)),
        Subject::PathMtu => value.as_u64().map(|bytes| page::bytes(bytes, lang)),
        Subject::RoundTrip => value.as_f64().map(|ms| page::duration(Millis(ms), lang)),
        Subject::PublicAddresses => from_value::<Vec<String>>(value).map(|addresses| addresses.join(", ")),
    };
    text.unwrap_or_else(|| value.to_string())
}

fn from_value<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

fn to_value(path: &Judged<Path>) -> Judged<Value> {
    path.clone().map(|path| serde_json::to_value(path).unwrap_or_default())
}

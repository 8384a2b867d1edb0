//! Every code has its words, whole, in every language.

mod numbers;

use super::*;
use crate::model::{
    BrowserRefusal, CallFault, CandidateField, CodeError, CodePart, DecodeError, FailureMessage, FingerprintError,
    InflateError, Leniency, Limit, LineError, Malformed, Millis, PeerClass, Reason, RecordError, Refusal,
    RefusedCandidate, RefusedMessage, SdpError, Seconds, SourceRefusal, Tenths, Unfit,
};
use std::time::Duration;

fn expand(template: &str, about: &Detail) -> String {
    Expansion::new(about, Lang::En).template(template).text
}

/// The title, the detail and the steps of the remedy.
fn texts(code: Code) -> Vec<Said> {
    let CodeWords { title, detail, remedy, .. } = *entry(code);
    [title, detail].into_iter().chain(remedy.iter().map(|step| step.what)).collect()
}

/// Every code with each of its texts.
fn all_texts() -> impl Iterator<Item = (Code, Said)> {
    Code::ALL.iter().flat_map(|code| texts(*code).into_iter().map(|said| (*code, said)))
}

#[test]
fn every_code_has_words() {
    for (code, lang) in Code::ALL.iter().flat_map(|code| Lang::ALL.map(|lang| (*code, lang))) {
        let texts: Vec<&str> = texts(code).into_iter().map(|said| said.to(lang)).collect();
        let (title, sentences) = texts.split_first().expect("a title");
        let told = expanded(entry(code).title, &Detail::default(), lang);
        assert!(!title.ends_with('.') && told.chars().count() <= 90, "{code}: {told}");
        for text in sentences {
            assert!(text.ends_with(['.', ']']), "{code}: {text}");
            // A Korean one may begin with the name of a command.
            assert!(lang == Lang::Ko || !text.starts_with(char::is_lowercase), "{code}: {text}");
        }
        for text in texts {
            assert!(!text.is_empty(), "{code}");
            assert!(!text.contains("  ") && !text.contains('\n'), "{code}: {text}");
            assert_eq!(text.matches('[').count(), text.matches(']').count(), "{code}: {text}");
            assert_eq!(text.matches('{').count(), text.matches('}').count(), "{code}: {text}");
        }
    }
}

#[test]
fn no_two_codes_say_the_same() {
    for lang in Lang::ALL {
        let mut titles: Vec<&str> = Code::ALL.iter().map(|code| entry(*code).title.to(lang)).collect();
        titles.sort_unstable();
        let said = titles.len();
        titles.dedup();
        assert_eq!(titles.len(), said);
    }
}

/// The values that stand in every text of a template, and those of each part that may be left out.
fn asked_for(template: &str) -> (Vec<&str>, Vec<Vec<&str>>) {
    let sorted = |text| {
        let mut names: Vec<&str> = placeholders(text).collect();
        names.sort_unstable();
        names
    };
    let mut always = Vec::new();
    let mut optional = Vec::new();
    for (place, part) in template.split(['[', ']']).enumerate() {
        match place % 2 {
            0 => always.extend(placeholders(part)),
            _ => optional.push(sorted(part)),
        }
    }
    always.sort_unstable();
    optional.sort();
    (always, optional)
}

#[test]
fn both_languages_ask_for_the_same_values() {
    for (code, said) in all_texts() {
        assert_eq!(asked_for(said.en), asked_for(said.ko), "{code}: {}", said.ko);
    }
}

fn is_hangul(c: char) -> bool {
    ('\u{ac00}'..='\u{d7a3}').contains(&c)
}

#[test]
fn english_is_english() {
    for (code, said) in all_texts() {
        assert!(!said.en.contains(is_hangul), "{code}: {}", said.en);
    }
}

/// Whether nothing in a Korean text but its values and names is in Latin letters.
fn assert_korean(what: &dyn std::fmt::Display, text: &str) {
    assert!(text.contains(is_hangul), "{what}: {text}");
    let mut plain = text.to_owned();
    for name in placeholders(text) {
        plain = plain.replace(&format!("{{{name}}}"), " ");
    }
    assert_eq!(foreign::english_word(&plain), None, "{what}: {text}");
}

#[test]
fn korean_is_korean() {
    for (code, said) in all_texts() {
        assert_korean(&code, said.ko);
    }
}

#[test]
fn what_stands_in_a_korean_text_is_korean() {
    let phrases = [
        Limit::TEMPLATES,
        Malformed::TEMPLATES,
        Leniency::TEMPLATES,
        Refusal::TEMPLATES,
        FailureMessage::TEMPLATES,
        BrowserRefusal::TEMPLATES,
        SourceRefusal::TEMPLATES,
        CandidateField::TEMPLATES,
        LineError::TEMPLATES,
        RefusedCandidate::TEMPLATES,
        Unfit::TEMPLATES,
        FingerprintError::TEMPLATES,
        SdpError::TEMPLATES,
        CallFault::TEMPLATES,
        InflateError::TEMPLATES,
        CodePart::TEMPLATES,
        CodeError::TEMPLATES,
        RecordError::TEMPLATES,
        DecodeError::TEMPLATES,
        RefusedMessage::TEMPLATES,
    ];
    // A phrase that is another one, and adds nothing, has no words of its own.
    for (en, ko) in phrases.into_iter().flatten().filter(|(en, _)| *en != "{fault}") {
        assert_korean(en, ko);
    }
    for known in PLACEHOLDERS {
        assert_korean(&known.name, known.otherwise.ko);
    }
    for code in Code::ALL {
        assert_korean(code, &Reason::Code(*code).shown(Lang::Ko));
    }
    let times =
        [Seconds(Duration::from_secs(35)).shown(Lang::Ko), Tenths::of_milliseconds(Millis(1400.0)).shown(Lang::Ko)];
    assert_eq!(times, ["35초", "1.4초"]);
    for class in PeerClass::ALL {
        assert_korean(&class, &class.shown(Lang::Ko));
    }
}

/// 은/는, 이/가, 을/를, 와/과 and 으로/로 depend on the letter before them, which a value does not tell.
#[test]
fn no_korean_particle_depends_on_a_value() {
    const DEPENDENT: [&str; 11] = ["은", "는", "이", "가", "을", "를", "와", "과", "으로", "로", "라"];
    for (code, said) in all_texts() {
        for (value, behind) in said.ko.split('{').skip(1).filter_map(|part| part.split_once('}')) {
            // UDP, TCP, TLS and DTLS all take 로.
            let behind = if value == "transport" { behind.strip_prefix("로 ").unwrap_or(behind) } else { behind };
            let particle: String = behind.chars().take_while(|c| is_hangul(*c)).collect();
            assert!(!DEPENDENT.contains(&particle.as_str()), "{code}: {{{value}}}{particle} in {}", said.ko);
        }
    }
}

#[test]
fn every_placeholder_is_documented() {
    for (code, said) in all_texts() {
        for field in fields(said.en) {
            let name = field.split_once('|').map_or(field, |(name, _)| name);
            assert!(PLACEHOLDERS.iter().any(|known| known.name == name), "{code}: {{{name}}}");
        }
    }
}

#[test]
fn every_documented_placeholder_is_used() {
    // A forecast's kind of peer stands in a difference, not in a row.
    for known in PLACEHOLDERS.iter().filter(|known| known.name != "class") {
        let used = all_texts().any(|(_, said)| placeholders(said.en).any(|name| name == known.name));
        assert!(used, "{}", known.name);
    }
}

#[test]
fn words_without_a_run_are_whole_sentences() {
    for (code, lang) in Code::ALL.iter().flat_map(|code| Lang::ALL.map(|lang| (*code, lang))) {
        let Words { title, detail, remedy } = words(code, &Detail::default(), lang);
        // A title also stands alone, within a sentence.
        assert!(!title.contains('<'), "{code}: {title}");
        for text in [&title, &detail, &remedy] {
            assert!(!text.contains(['{', '}', '[', ']', '…']), "{code}: {text}");
            let begins_small = text.starts_with(char::is_lowercase);
            assert!(!text.is_empty() && (lang != Lang::En || !begins_small), "{code}: {text}");
            assert!(!text.contains("  ") && !text.ends_with(' '), "{code}: {text}");
        }
    }
}

#[test]
fn values_take_the_place_of_their_names() {
    let text = expand(
        "{server} said {code}[: \"{reason}\"].",
        &Detail::default().server("turn:a.example".to_owned()).code(486),
    );
    assert_eq!(text, "turn:a.example said 486.");
    let text = expand(
        "{server} said {code}[: \"{reason}\"].",
        &Detail::default().code(486).reason(Reason::Said("Quota".to_owned())),
    );
    assert_eq!(text, "The server said 486: \"Quota\".");
}

#[test]
fn a_value_is_not_a_template() {
    let hostile = Detail::default().reason(Reason::Said("{server} [x] {".to_owned())).server("stun:secret".to_owned());
    assert_eq!(expand("It said {reason}.", &hostile), "It said {server} [x] {.");
}

#[test]
fn filling_gives_each_finding_its_own_words() {
    let evidence = vec![crate::model::ObservationId(0)];
    let finding = |server: &str| {
        let about = Detail::default().server(server.to_owned());
        crate::model::Finding::new(Code::ServerSilent, crate::model::Severity::Warning, about, evidence.clone())
            .expect("has evidence")
    };
    let mut diagnosis = crate::report::sample::nothing_known();
    diagnosis.findings = vec![finding("stun:a.example"), finding("stun:b.example")];
    let titles = |diagnosis: &Diagnosis| -> Vec<String> {
        diagnosis.findings.iter().map(|finding| finding.words.title.clone()).collect()
    };
    fill(&mut diagnosis, Lang::En);
    assert_eq!(titles(&diagnosis), ["stun:a.example does not answer", "stun:b.example does not answer"]);
    fill(&mut diagnosis, Lang::Ko);
    assert_eq!(titles(&diagnosis)[0], "stun:a.example에서 응답이 없습니다");
}

#[test]
fn a_remedy_is_told_in_one_line_and_step_by_step() {
    let remedy = words(Code::CallDegraded, &Detail::default(), Lang::En).remedy;
    assert!(remedy.starts_with("You: Try a wired network or another access. Your network team: Look "), "{remedy}");
    let advice = advice(Code::CallDegraded, &Detail::default(), Lang::En);
    let told: Vec<(Addressee, &str)> = advice.iter().map(|step| (step.whose, step.what.as_str())).collect();
    assert_eq!(told[0], (Addressee::You, "Try a wired network or another access."));
    assert_eq!((told.len(), told[1].0), (2, Addressee::NetworkTeam));
}

#[test]
fn a_remedy_that_speaks_to_nobody_says_when_there_is_nothing_to_do() {
    for code in Code::ALL {
        let remedy = words(*code, &Detail::default(), Lang::En).remedy;
        assert!(
            !advice(*code, &Detail::default(), Lang::En).is_empty() || remedy.starts_with("Nothing "),
            "{code}: {remedy}"
        );
    }
}

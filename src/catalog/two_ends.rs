//! The words of a report of two ends: the verdict in one sentence, and the table of their candidate pairs.

use super::call_outcome::{self, EndedCall};
use super::{Lang, Said, entry, said};
use crate::model::{Code, PairState, Path, Transport};

pub(crate) const PAIRS: Said = said("Candidate pairs", "후보 쌍");
pub(crate) const PAIRS_SHORT: Said = said("pairs", "후보 쌍");
pub(crate) const STATE: Said = said("Result", "결과");
pub(crate) const CHOSEN: Said = said("works, chosen", "작동함, 선택됨");
pub(crate) const PREDICTED_ONLY: Said = Said {
    en: "This is what the two checks let expect. To try it: rtc-doctor call.",
    ko: "두 check의 결과로 예상한 것입니다. 실제로 해 보려면 rtc-doctor call을 쓰십시오.",
};
#[cfg(feature = "html")]
pub(crate) const PREDICTED: Said = said("Predicted", "예측");
#[cfg(feature = "html")]
pub(crate) const TRIED: Said = said("Tried", "실제");
#[cfg(feature = "html")]
pub(crate) const NOT_TRIED: Said = said("not yet", "아직 해 보지 않음");

/// What a call between two ends came to, or is expected to come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TwoEnds {
    pub(crate) predicted: Option<Path>,
    /// None where no checks were made; then what they showed, if they showed anything.
    pub(crate) tried: Option<Option<Path>>,
    /// It is known that no call is possible, by what the two said to each other or did not.
    pub(crate) ruled_out: bool,
    /// The round trip of the chosen pair, with its unit.
    pub(crate) rtt: Option<String>,
    /// How the relay of the chosen pair is reached.
    pub(crate) relay: Option<Transport>,
    /// Why it is not direct.
    pub(crate) cause: Option<Code>,
    /// The server to which UDP should be let out.
    pub(crate) open_udp_to: Option<String>,
    /// How the call ended; None where none was made, or it simply worked.
    pub(crate) ended: Option<EndedCall>,
}

/// The verdict in one plain line.
pub(crate) fn verdict(outcome: &TwoEnds, lang: Lang) -> String {
    if let Some(ended) = &outcome.ended
        && let Some(lead) = call_outcome::lead(ended, lang)
    {
        return broken(outcome.predicted, ended, lead, lang);
    }
    let because = || outcome.cause.and_then(|cause| entry(cause).short).map(|cause| format!(": {}", cause.to(lang)));
    if outcome.ruled_out {
        let lead = said("No call is possible", "통화할 수 없습니다").to(lang);
        return format!("{lead}{}.", because().unwrap_or_default());
    }
    let Some(tried) = outcome.tried else {
        return expected(outcome.predicted).to(lang).to_owned();
    };
    let Some(path) = tried else {
        return said("Could not tell how this call goes.", "이 통화가 어떻게 연결되는지 알 수 없습니다.")
            .to(lang)
            .to_owned();
    };
    let mut text = match (path, outcome.relay, lang) {
        (Path::Direct, _, Lang::En) => "Direct".to_owned(),
        (Path::Direct, _, Lang::Ko) => "직접 연결".to_owned(),
        (Path::Relay, Some(relay), Lang::En) => format!("Relayed over {relay}"),
        (Path::Relay, Some(relay), Lang::Ko) => format!("{relay} 중계"),
        (Path::Relay, None, Lang::En) => "Relayed".to_owned(),
        (Path::Relay, None, Lang::Ko) => "중계".to_owned(),
        (Path::None, _, Lang::En) => "No connection".to_owned(),
        (Path::None, _, Lang::Ko) => "연결되지 않음".to_owned(),
    };
    if let Some(rtt) = &outcome.rtt {
        text.push_str(&format!(", {rtt}"));
    }
    if let Some(predicted) = outcome.predicted {
        text.push_str(&foretelling(predicted, predicted == path, lang));
    }
    if let Some(because) = because().filter(|_| path != Path::Direct) {
        text.push_str(&because);
        match (&outcome.open_udp_to, lang) {
            (Some(server), Lang::En) => text.push_str(&format!("; open UDP port 3478 to {server}")),
            (Some(server), Lang::Ko) => text.push_str(&format!("; UDP 3478 포트를 여십시오({server})")),
            (None, _) => {}
        }
    }
    text.push('.');
    text
}

/// How a call came out, then the way that it had gone, and whether that was expected.
fn broken(predicted: Option<Path>, ended: &EndedCall, lead: String, lang: Lang) -> String {
    let mut text = lead;
    if let Some(way) = call_outcome::way(ended, lang) {
        let between = if lang == Lang::En { "; " } else { ". " };
        text.push_str(&format!("{between}{way}"));
        if let Some(predicted) = predicted {
            text.push_str(&foretelling(predicted, ended.path == Some(predicted), lang));
        }
    }
    text.push('.');
    text
}

fn foretelling(predicted: Path, agrees: bool, lang: Lang) -> String {
    match (agrees, lang) {
        (true, Lang::En) => ", as predicted".to_owned(),
        (true, Lang::Ko) => ", 예측대로".to_owned(),
        (false, Lang::En) => format!(", although {} was predicted", foretold(predicted).en),
        (false, Lang::Ko) => format!(", 예측은 {}", foretold(predicted).ko),
    }
}

fn expected(path: Option<Path>) -> Said {
    match path {
        Some(Path::Direct) => said("These two will connect directly.", "이 둘은 직접 연결됩니다."),
        Some(Path::Relay) => said("These two will connect through a relay.", "이 둘은 중계 서버를 거쳐 연결됩니다."),
        Some(Path::None) => said("These two will not connect.", "이 둘은 연결되지 않습니다."),
        None => said("Could not tell how these two will connect.", "이 둘이 어떻게 연결될지 알 수 없습니다."),
    }
}

fn foretold(path: Path) -> Said {
    match path {
        Path::Direct => said("a direct path", "직접 연결"),
        Path::Relay => said("a relay", "중계"),
        Path::None => said("no connection", "연결되지 않음"),
    }
}

/// A pair without its reason.
pub(crate) fn state(state: PairState, lang: Lang) -> &'static str {
    match state {
        PairState::Succeeded => said("works", "작동함"),
        PairState::Failed => said("failed", "실패"),
        PairState::NotChecked => said("not checked", "확인하지 않음"),
    }
    .to(lang)
}

/// The fastest round trip of a pair's checks, the median and the slowest.
pub(crate) fn round_trips(round_trips: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("round trip {round_trips}"),
        Lang::Ko => format!("왕복 {round_trips}"),
    }
}

/// How many checks a pair took.
pub(crate) fn checks(sent: u32, received: u32, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{sent} checks sent, {received} answered"),
        Lang::Ko => format!("확인 {sent}번 보냄, {received}번 응답"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn direct() -> TwoEnds {
        TwoEnds {
            predicted: Some(Path::Direct),
            tried: Some(Some(Path::Direct)),
            rtt: Some("42 ms".to_owned()),
            ..TwoEnds::default()
        }
    }

    #[test]
    fn the_sentence_says_how_fast_and_whether_it_was_expected() {
        assert_eq!(verdict(&direct(), Lang::En), "Direct, 42 ms, as predicted.");
        let surprising = TwoEnds { predicted: Some(Path::Relay), ..direct() };
        assert_eq!(verdict(&surprising, Lang::En), "Direct, 42 ms, although a relay was predicted.");
        let alone = TwoEnds { predicted: None, ..direct() };
        assert_eq!(verdict(&alone, Lang::En), "Direct, 42 ms.");
        assert_eq!(verdict(&direct(), Lang::Ko), "직접 연결, 42 ms, 예측대로.");
    }

    #[test]
    fn a_relayed_call_says_why_and_what_would_help() {
        let relayed = TwoEnds {
            predicted: Some(Path::Relay),
            tried: Some(Some(Path::Relay)),
            ruled_out: false,
            rtt: None,
            relay: Some(Transport::Tcp),
            cause: Some(Code::UdpBlocked),
            open_udp_to: Some("turn.example.org".to_owned()),
            ended: None,
        };
        assert_eq!(
            verdict(&relayed, Lang::En),
            "Relayed over TCP, as predicted: your side blocks UDP; open UDP port 3478 to turn.example.org."
        );
    }

    #[test]
    fn what_was_not_tried_is_said_to_be_expected() {
        let predicted = TwoEnds { predicted: Some(Path::None), ..TwoEnds::default() };
        assert_eq!(verdict(&predicted, Lang::En), "These two will not connect.");
        assert!(verdict(&TwoEnds::default(), Lang::En).starts_with("Could not tell"));
    }
}

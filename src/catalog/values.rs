//! The values in a finding's texts that are words of the tool's own, in other languages. The judgement and the machines
//! write them in English; what a server or the system says stays as it came.

use super::{Lang, Said, said};
use std::borrow::Cow;

/// What a limit left out, and why a system or a server says no.
const PHRASES: &[Said] = &[
    said("addresses of a server's name", "서버 이름의 주소"),
    said("addresses of this machine", "이 컴퓨터의 주소"),
    said("TURN servers", "TURN 서버"),
    said("candidate pairs", "후보 쌍"),
    said("candidates of the other end", "상대방의 후보"),
    said("odd packets from the server", "서버에서 온 이상한 패킷"),
    said("packets nobody had asked for", "요청하지 않은 패킷"),
    said("address in use", "주소가 이미 쓰이고 있음"),
    said("address not available", "쓸 수 없는 주소"),
    said("out of file descriptors or ports", "파일 디스크립터나 포트가 부족함"),
    said("not permitted", "허용되지 않음"),
    said("no route", "경로 없음"),
    said("connection reset", "연결이 재설정됨"),
    said("network unreachable", "네트워크에 닿을 수 없음"),
    said("host unreachable", "호스트에 닿을 수 없음"),
    said("port unreachable", "포트에 닿을 수 없음"),
    said("administratively prohibited", "관리 정책으로 금지됨"),
    said("unreachable", "닿을 수 없음"),
    said("packet too big", "패킷이 너무 큼"),
    said("closed in the handshake", "핸드셰이크 도중에 연결이 닫힘"),
    said("no mapped address in it", "매핑된 주소가 없음"),
];

/// The value of a placeholder as it stands in a text of the language.
pub(super) fn value<'a>(name: &str, value: &'a str, lang: Lang) -> Cow<'a, str> {
    match (lang, name) {
        (Lang::En, _) => Cow::Borrowed(value),
        (Lang::Ko, "lifetime" | "time") => {
            value.strip_suffix(" s").map_or(Cow::Borrowed(value), |s| Cow::Owned(format!("{s}초")))
        }
        (_, "reason" | "what") => {
            let known = PHRASES.iter().find(|phrase| phrase.en == value);
            Cow::Borrowed(known.map_or(value, |phrase| phrase.to(lang)))
        }
        _ => Cow::Borrowed(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tools_own_words_are_translated_and_a_strangers_are_not() {
        assert_eq!(value("reason", "no route", Lang::Ko), "경로 없음");
        assert_eq!(value("reason", "no route", Lang::En), "no route");
        assert_eq!(value("reason", "Allocation Quota Reached", Lang::Ko), "Allocation Quota Reached");
        assert_eq!(value("name", "no route", Lang::Ko), "no route");
        assert_eq!(value("lifetime", "30 s", Lang::Ko), "30초");
    }
}

//! The reasons and the outcome of a call, for people who have never heard of STUN.

use super::{Lang, Said, said};
use crate::catalog::{entry, expanded};
use crate::model::{Call, CallMedia, CallOutcome, Code, Detail, MediaFlow, PairFailure, PeerClass, Reason, Text};

/// A reason of the verdict without its technical words; None where the catalogue's title is plain enough.
pub(crate) fn because(code: Code, lang: Lang) -> Option<&'static str> {
    entry(code).plain.map(|plain| plain.to(lang))
}

/// Whom one meets behind networks of this class of peers.
pub(crate) fn peer_is(class: PeerClass, lang: Lang) -> &'static str {
    let said = match class {
        PeerClass::Open => said("conference and media servers", "회의 서버, 미디어 서버"),
        PeerClass::EimEif => said("few homes, some providers", "일부 가정과 통신사"),
        PeerClass::EimAdf => said("some homes", "일부 가정"),
        PeerClass::EimApdf => said("most homes and phones", "대부분의 가정과 휴대전화"),
        PeerClass::ApdmApdf => said("companies, cloud networks", "회사, 클라우드 네트워크"),
        PeerClass::UdpBlocked => said("hotels, hospitals, guest networks", "호텔, 병원, 손님용 네트워크"),
    };
    said.to(lang)
}

/// Why no check of a pair succeeded.
pub(crate) fn pair_failure(failure: &PairFailure, lang: Lang) -> String {
    let plain = |en, ko| said(en, ko).to(lang).to_owned();
    let refused = |text: Said, code: &u16, reason: &Text| {
        let about = Detail::default().code(*code).reason(Reason::from(reason));
        expanded(text, &about, lang).trim_end().to_owned()
    };
    match failure {
        PairFailure::Silent { control } if control.answered > 0 => plain(
            "nothing came back, while other checks were answered",
            "다른 확인에는 응답이 있었지만 돌아온 것이 없음",
        ),
        PairFailure::Silent { .. } => plain("nothing came back", "돌아온 것이 없음"),
        PairFailure::OneWay { .. } => plain(
            "the other side's checks came in, and none from here was answered",
            "상대방의 확인은 들어왔지만 이쪽의 확인에는 응답이 없음",
        ),
        PairFailure::NotSymmetric { from } => {
            let text = said("answered from elsewhere: {from}", "다른 곳에서 응답함: {from}");
            expanded(text, &Detail::default().from(*from), lang)
        }
        PairFailure::Unreachable { .. } => {
            plain("the network said that it cannot be reached", "네트워크에서 닿을 수 없다고 함")
        }
        PairFailure::RelayRefused { code, reason } => refused(
            said("the relay refuses this peer: {code} {reason}", "중계 서버가 이 상대를 거절함: {code} {reason}"),
            code,
            reason,
        ),
        PairFailure::RelayLost => plain("the relay did not answer", "중계 서버가 응답하지 않음"),
        PairFailure::Refused { code, reason } => {
            refused(said("the other side refused: {code} {reason}", "상대방이 거절함: {code} {reason}"), code, reason)
        }
        PairFailure::Unauthenticated => plain(
            "answered, but not as who its description says that it is",
            "응답은 왔지만 설명에 적힌 상대의 것이 아님",
        ),
        PairFailure::NotResolved => plain("its name is not known here", "이름을 알 수 없음"),
        PairFailure::Limit => plain("beyond the number of pairs that are checked", "확인하는 쌍의 수를 넘음"),
        PairFailure::NoTime => plain("the run ended first", "그 전에 실행이 끝남"),
    }
}

/// How a call came out; of one that simply worked, with the kinds that passed.
pub(crate) fn call_outcome(call: &Call, lang: Lang) -> String {
    if call.outcome == CallOutcome::Good {
        return all_passed(call, lang);
    }
    came_out(call.outcome, lang).to_owned()
}

fn all_passed(call: &Call, lang: Lang) -> String {
    let passed = |flow: &MediaFlow| flow.sent_packets > 0 && flow.received_packets > 0;
    let media = |flow: fn(&CallMedia) -> &MediaFlow| call.media.as_ref().is_some_and(|media| passed(flow(media)));
    let is_open = call.data.as_ref().is_some_and(|data| data.reliable.opened || data.unreliable.opened);
    let kinds = [
        (media(|media| &media.audio), said("sound", "소리")),
        (media(|media| &media.video), said("picture", "영상")),
        (is_open, said("data", "데이터")),
    ];
    let kinds: Vec<&str> = kinds.into_iter().filter(|(passes, _)| *passes).map(|(_, kind)| kind.to(lang)).collect();
    let is_told = |media: &CallMedia| {
        media.there.is_some() || [&media.audio, &media.video].iter().any(|flow| flow.lost_there.is_some())
    };
    let has_media = media(|media| &media.audio) || media(|media| &media.video);
    // What came in says nothing of what went out.
    if has_media && !call.media.as_ref().is_some_and(is_told) {
        return match lang {
            Lang::En => {
                capitalized(&format!("{} came in; whether what was sent arrived is not known.", listed(&kinds)))
            }
            Lang::Ko => format!("들어온 것: {}. 보낸 것이 도착했는지는 알 수 없습니다.", kinds.join(", ")),
        };
    }
    match (&kinds[..], lang) {
        ([], Lang::En) => "The call came about as the two sides agreed.".to_owned(),
        ([], Lang::Ko) => "통화가 양쪽이 합의한 대로 이루어졌습니다.".to_owned(),
        (kinds, Lang::En) => capitalized(&format!("{} passed both ways.", listed(kinds))),
        (kinds, Lang::Ko) => format!("양방향으로 전달된 것: {}.", kinds.join(", ")),
    }
}

/// "a", "a and b", "a, b and c".
fn listed(words: &[&str]) -> String {
    match words {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        words => words.concat(),
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The same without what passed.
pub(crate) fn came_out(outcome: CallOutcome, lang: Lang) -> &'static str {
    let said = match outcome {
        CallOutcome::Good => said("The call went through.", "통화가 되었습니다."),
        CallOutcome::Degraded => said(
            "The call ran both ways, with loss, delay or pauses that people notice.",
            "통화가 양방향으로 이어졌지만, 느껴질 만한 손실이나 지연, 끊김이 있었습니다.",
        ),
        CallOutcome::RelayThin => said(
            "The call ran through a relay that does not carry as much as a call needs.",
            "통화가 필요한 만큼을 나르지 못하는 중계 서버를 거쳤습니다.",
        ),
        CallOutcome::MediaOneWay => {
            said("Sound or picture came one way only.", "소리나 영상이 한 방향으로만 전달되었습니다.")
        }
        CallOutcome::NoData => said(
            "Sound and picture passed both ways, but data did not.",
            "소리와 영상은 양방향으로 전달되었지만 데이터는 전달되지 않았습니다.",
        ),
        CallOutcome::CodecsDiffer => said(
            "The two sides speak no common codec for sound or picture, so that one of them, or both, did not pass.",
            "소리나 영상에 공통된 코덱이 없어 그것이 전달되지 않았습니다.",
        ),
        CallOutcome::PartOffered => said(
            "All that the other side had offered to send came through; it had not offered everything.",
            "상대방이 보내겠다고 한 것은 모두 전달되었습니다. 상대방은 일부만 보내겠다고 했습니다.",
        ),
        CallOutcome::MediaDeclined => said(
            "The call went through as the two sides agreed; the other side had asked for no sound or picture, or not for both.",
            "통화는 양쪽이 합의한 대로 되었습니다. 상대방이 소리나 영상을 받지 않겠다고 했습니다.",
        ),
        CallOutcome::Cut => {
            said("The call ran, and then nothing came any more.", "통화가 이어지다가 더는 아무것도 오지 않았습니다.")
        }
        CallOutcome::Closed => said("The other side ended the call early.", "상대방이 통화를 일찍 끝냈습니다."),
        CallOutcome::Dtls => said(
            "The two sides reached each other, but the call could not be secured and so did not begin.",
            "양쪽이 서로 닿았지만 통화를 암호화하지 못해 시작하지 못했습니다.",
        ),
        CallOutcome::NoPair => {
            said("No pair of addresses worked, so there was no call.", "되는 주소 쌍이 없어 통화하지 못했습니다.")
        }
        CallOutcome::NoAnswer => said("The other side never answered.", "상대방이 응답하지 않았습니다."),
        CallOutcome::NoCandidates => said("There was no pair of addresses to try.", "시도할 주소 쌍이 없었습니다."),
        CallOutcome::NoAgreement => {
            said("The two sides could not agree on a call.", "양쪽이 통화 방식에 합의하지 못했습니다.")
        }
        CallOutcome::NotTried => said("No call was tried.", "통화를 시도하지 않았습니다."),
        CallOutcome::Unfinished => {
            said("The run ended before the call was measured.", "통화를 측정하기 전에 실행이 끝났습니다.")
        }
    };
    said.to(lang)
}

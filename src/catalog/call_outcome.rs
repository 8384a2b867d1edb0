//! A call that broke, in the first sentence of a report: how it came out first, then the way it had gone.

use super::{Lang, Said, said};
use crate::model::{CallBreak, CallOutcome, Code, Millis, Path, Transport};

/// How a call came out that did not simply work.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EndedCall {
    pub(crate) outcome: CallOutcome,
    pub(crate) broken: Option<CallBreak>,
    /// What is found of the call, where it broke.
    pub(crate) fault: Option<Code>,
    pub(crate) relay_died: bool,
    /// For how long nothing came in its midst, where it went on after that.
    pub(crate) stood_still: Option<Millis>,
    /// How the pair that it had goes; None where it had none.
    pub(crate) path: Option<Path>,
    pub(crate) relay: Option<Transport>,
}

/// None where the way that it goes is all there is to say.
pub(crate) fn lead(ended: &EndedCall, lang: Lang) -> Option<String> {
    let plain = |en, ko| Some(said(en, ko).to(lang).to_owned());
    if let Some(time) = ended.stood_still.filter(|_| ended.outcome.has_run()) {
        return Some(match lang {
            Lang::En => {
                format!("Nothing came for {} in the midst of the call, which then went on", seconds(time, lang))
            }
            Lang::Ko => format!("통화 도중 {} 동안 아무것도 오지 않다가 이어졌습니다", seconds(time, lang)),
        });
    }
    match (ended.outcome, &ended.broken) {
        (CallOutcome::Cut, Some(CallBreak::Cut { after_ms, .. })) if ended.fault == Some(Code::CallPeerStopped) => {
            Some(match lang {
                Lang::En => format!("The other end stopped sending after {}", seconds(*after_ms, lang)),
                Lang::Ko => format!("상대방이 {} 뒤에 전송을 멈췄습니다", seconds(*after_ms, lang)),
            })
        }
        (CallOutcome::Cut, Some(CallBreak::Cut { after_ms, .. })) if ended.fault == Some(Code::CallPeerClosedPort) => {
            Some(match lang {
                Lang::En => format!("The other end's program ended after {}", seconds(*after_ms, lang)),
                Lang::Ko => format!("상대방의 프로그램이 {} 뒤에 종료되었습니다", seconds(*after_ms, lang)),
            })
        }
        (CallOutcome::Cut, Some(CallBreak::Cut { after_ms, .. })) if ended.fault == Some(Code::CallOwnNetworkGone) => {
            Some(match lang {
                Lang::En => format!("This machine lost its network after {}", seconds(*after_ms, lang)),
                Lang::Ko => format!("통화 {} 뒤에 이 컴퓨터의 네트워크가 끊겼습니다", seconds(*after_ms, lang)),
            })
        }
        (CallOutcome::Cut, Some(CallBreak::Cut { after_ms, .. })) => Some(match lang {
            Lang::En => format!("The call was cut off after {}{}", seconds(*after_ms, lang), died(ended).en),
            Lang::Ko => format!("통화가 {} 뒤에 끊겼습니다{}", seconds(*after_ms, lang), died(ended).ko),
        }),
        (CallOutcome::Cut, _) => plain("The call was cut off", "통화가 끊겼습니다"),
        (CallOutcome::Closed, Some(CallBreak::Closed { after_ms })) => Some(match lang {
            Lang::En => format!("The other end ended the call after {}", seconds(*after_ms, lang)),
            Lang::Ko => format!("상대방이 {} 뒤에 통화를 끝냈습니다", seconds(*after_ms, lang)),
        }),
        (CallOutcome::Dtls | CallOutcome::NoPair, _) if ended.fault == Some(Code::PeerCredentialsOther) => plain(
            "No call is possible: the other end's description is not of the ICE agent that it runs",
            "상대방의 설명이 동작 중인 ICE의 것이 아니어서 통화할 수 없습니다",
        ),
        (CallOutcome::Dtls | CallOutcome::NoPair, _) if ended.fault == Some(Code::OwnCredentialsOther) => plain(
            "No call is possible: the other end holds another description of this end than the one that was sent",
            "상대방이 이쪽에서 보낸 것과 다른 설명을 가지고 있어 통화할 수 없습니다",
        ),
        (CallOutcome::Dtls | CallOutcome::NoPair, _) if ended.fault == Some(Code::PeerAnswersUnsigned) => plain(
            "No call is possible: the other end's ICE stack does not sign its answers",
            "상대방의 ICE 스택이 응답에 서명하지 않아 통화할 수 없습니다",
        ),
        (CallOutcome::Dtls, Some(CallBreak::WrongFingerprint)) => plain(
            "The call was refused: the other end's certificate is not the one that it announced",
            "상대방의 인증서가 미리 알린 것과 달라 통화를 거부했습니다",
        ),
        (CallOutcome::Dtls | CallOutcome::NoAgreement, _) if ended.fault == Some(Code::RoleConflictUnresolved) => {
            plain(
                "The call did not begin: both ends take the same part in choosing its path, and the other end does not give way",
                "경로를 고르는 데 양쪽이 같은 역할을 맡고 상대방이 양보하지 않아 통화를 시작하지 못했습니다",
            )
        }
        (CallOutcome::Dtls, _) if ended.fault == Some(Code::CallDtlsBothBegin) => plain(
            "The call did not begin: both ends began its encryption (DTLS), and neither answers the other",
            "양쪽이 모두 암호화(DTLS)를 먼저 시작하여 통화를 시작하지 못했습니다",
        ),
        (CallOutcome::Dtls, _) if ended.fault == Some(Code::CallDtlsNotBegun) => plain(
            "The call did not begin: its encryption (DTLS) was to be begun by the other end, and was not",
            "상대방이 암호화(DTLS)를 시작할 차례에 시작하지 않아 통화를 시작하지 못했습니다",
        ),
        (CallOutcome::Dtls, Some(CallBreak::DiedUnsecured { .. })) => plain(
            "The call did not begin: its path was there, and fell silent before it was secured",
            "경로가 열렸지만 보안 연결이 이루어지기 전에 응답이 끊겨 통화를 시작하지 못했습니다",
        ),
        (CallOutcome::Dtls, Some(CallBreak::DtlsFailed { .. } | CallBreak::DtlsRejected { .. })) => plain(
            "The call did not begin: the two ends could not agree on keys",
            "양쪽이 키에 합의하지 못해 통화를 시작하지 못했습니다",
        ),
        (CallOutcome::Dtls, _) => plain(
            "The call did not begin: its encryption (DTLS) did not get through",
            "암호화(DTLS)가 통과하지 못해 통화를 시작하지 못했습니다",
        ),
        (CallOutcome::MediaOneWay, _) if ended.fault == Some(Code::CallMediaUnusable) => plain(
            "Sound or picture of the other end came in, and could not be used",
            "상대방의 소리나 영상이 들어왔지만 쓸 수 없었습니다",
        ),
        (CallOutcome::MediaOneWay, _) if ended.fault == Some(Code::CallMediaUnreported) => plain(
            "Sound and picture came in, and nothing tells whether yours arrived",
            "상대방의 소리와 영상은 들어왔지만 이쪽의 것이 도착했는지는 알 수 없습니다",
        ),
        (CallOutcome::MediaOneWay, _) => {
            plain("Sound or picture came one way only", "소리나 영상이 한 방향으로만 전달되었습니다")
        }
        (CallOutcome::NoData, _) if ended.fault == Some(Code::CallDataUnanswered) => plain(
            "Sound and picture passed, but too little data came back",
            "소리와 영상은 전달되었지만 돌아온 데이터가 너무 적습니다",
        ),
        (CallOutcome::NoData, _) => plain(
            "Sound and picture passed, but no data channel opened",
            "소리와 영상은 전달되었지만 데이터 채널이 열리지 않았습니다",
        ),
        (CallOutcome::CodecsDiffer, _) => plain(
            "The call went through in part: the two ends have no codec in common for sound or picture",
            "소리나 영상에 공통된 코덱이 없어 통화가 일부만 되었습니다",
        ),
        (CallOutcome::RelayThin, _) => plain(
            "The call went through, but its relay carried less than it needs",
            "통화는 되었지만 중계 서버가 필요한 만큼 전달하지 못했습니다",
        ),
        (CallOutcome::Degraded, _) => plain(
            "The call went through, but people will notice its quality",
            "통화는 되었지만 품질 저하가 느껴질 수 있습니다",
        ),
        (CallOutcome::NoAgreement, _) if ended.fault == Some(Code::CallNotNominated) => plain(
            "The call did not begin: pairs work, and the other end chose none of them",
            "동작하는 쌍이 있지만 상대방이 아무것도 선택하지 않아 통화를 시작하지 못했습니다",
        ),
        (CallOutcome::NoAgreement, _) => plain(
            "No call is possible: the other end's description rules it out",
            "상대방의 설명으로는 통화할 수 없습니다",
        ),
        (CallOutcome::NoCandidates, _) if ended.fault == Some(Code::SavedPeerCandidatesLost) => plain(
            "No call came about: the other end's candidates were lost in signalling",
            "상대방의 후보가 시그널링에서 사라져 통화하지 못했습니다",
        ),
        // Where somebody left first, what they would have offered is not known.
        (CallOutcome::NoCandidates, _) if ended.fault == Some(Code::NoPairs) => plain(
            "No call is possible: one end offered nothing that the other could use",
            "한쪽이 상대방이 쓸 수 있는 것을 내놓지 않아 통화할 수 없습니다",
        ),
        (CallOutcome::NoAnswer, _) if ended.fault != Some(Code::PeerLeft) => plain(
            "No call came about: the other end joined, and no offer or answer of its came",
            "상대방이 들어왔지만 제안이나 응답이 오지 않아 통화하지 못했습니다",
        ),
        (CallOutcome::NotTried, _) => plain("No call was tried", "통화를 시도하지 않았습니다"),
        (
            CallOutcome::Good
            | CallOutcome::PartOffered
            | CallOutcome::MediaDeclined
            | CallOutcome::Closed
            | CallOutcome::NoPair
            | CallOutcome::NoAnswer
            | CallOutcome::NoCandidates
            | CallOutcome::Unfinished,
            _,
        ) => None,
    }
}

/// The way that it had gone, or was to go; None where it had no pair.
pub(crate) fn way(ended: &EndedCall, lang: Lang) -> Option<String> {
    // Of a call that was cut off the path that it had is no statement of how calls go.
    let is_past = matches!(ended.outcome, CallOutcome::Cut | CallOutcome::Closed);
    Some(match (ended.path?, ended.relay, lang) {
        (Path::Direct, _, Lang::En) if is_past => "until then it went directly".to_owned(),
        (Path::Direct, _, Lang::Ko) if is_past => "그때까지는 직접 연결".to_owned(),
        (Path::Relay, Some(relay), Lang::En) if is_past => format!("until then it went through a relay over {relay}"),
        (Path::Relay, Some(relay), Lang::Ko) if is_past => format!("그때까지는 {relay} 중계"),
        (Path::Relay, None, Lang::En) if is_past => "until then it went through a relay".to_owned(),
        (Path::Relay, None, Lang::Ko) if is_past => "그때까지는 중계".to_owned(),
        (Path::Direct, _, Lang::En) => "the path was direct".to_owned(),
        (Path::Direct, _, Lang::Ko) => "경로는 직접 연결".to_owned(),
        (Path::Relay, Some(relay), Lang::En) => format!("the path went through a relay over {relay}"),
        (Path::Relay, Some(relay), Lang::Ko) => format!("경로는 {relay} 중계"),
        (Path::Relay, None, Lang::En) => "the path went through a relay".to_owned(),
        (Path::Relay, None, Lang::Ko) => "경로는 중계".to_owned(),
        (Path::None, ..) => return None,
    })
}

fn died(ended: &EndedCall) -> Said {
    match ended.relay_died {
        true => said(", when its relay died", "(중계 서버가 죽음)"),
        false => said("", ""),
    }
}

fn seconds(time: Millis, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{:.1} s", time.seconds()),
        Lang::Ko => format!("{:.1}초", time.seconds()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::two_ends::{TwoEnds, verdict};
    use super::*;

    fn ended(outcome: CallOutcome, broken: Option<CallBreak>, relay_died: bool) -> TwoEnds {
        let fault = None;
        let ended = EndedCall {
            outcome,
            broken,
            fault,
            relay_died,
            stood_still: None,
            path: Some(Path::Relay),
            relay: Some(Transport::Udp),
        };
        TwoEnds {
            predicted: Some(Path::Relay),
            tried: Some(Some(Path::Relay)),
            rtt: Some("42 ms".to_owned()),
            relay: Some(Transport::Udp),
            ended: Some(ended),
            ..TwoEnds::default()
        }
    }

    #[test]
    fn how_a_call_came_out_is_said_before_the_way_that_it_had_gone() {
        let cut = Some(CallBreak::Cut { after_ms: Millis(1400.0), silent_ms: Millis(3000.0), pair: None });
        assert_eq!(
            verdict(&ended(CallOutcome::Cut, cut.clone(), false), Lang::En),
            "The call was cut off after 1.4 s; until then it went through a relay over UDP, as predicted."
        );
        assert_eq!(
            verdict(&ended(CallOutcome::Cut, cut, true), Lang::Ko),
            "통화가 1.4초 뒤에 끊겼습니다(중계 서버가 죽음). 그때까지는 UDP 중계, 예측대로."
        );
        let one_way = verdict(&ended(CallOutcome::MediaOneWay, None, false), Lang::En);
        assert!(one_way.starts_with("Sound or picture came one way only; "), "{one_way}");
        let good = verdict(&ended(CallOutcome::Good, None, false), Lang::En);
        assert_eq!(good, "Relayed over UDP, 42 ms, as predicted.");
    }
}

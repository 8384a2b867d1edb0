//! What happened between two ends, as a sentence: their checks (RFC 8445) and their call.

use super::shown::InSentence;
use super::{Lang, Sentence, said};
use crate::model::{CallFact, DtlsHandshake, IceFact, Pair, PairEnd, Rebinding, RoleDispute};

pub(super) fn checks(fact: &IceFact, lang: Lang) -> Sentence {
    match fact {
        IceFact::Described { role, .. } => told!(
            lang,
            "The other end's description came; we are {role}",
            "상대방의 설명이 도착함, 이쪽의 역할: {role}",
            role
        ),
        IceFact::PaceBounded { asked_ms, granted_ms } => told!(
            lang,
            "The other end asks for {asked_ms} ms between two checks; {granted_ms} ms were granted",
            "상대방이 요청한 확인 간격은 {asked_ms} ms, 허용한 간격은 {granted_ms} ms",
            asked_ms,
            granted_ms
        ),
        IceFact::RemoteCandidate(PairEnd { address, port, kind, .. }) => told!(
            lang,
            "The other end offers {address} port {port} ({type})",
            "상대방의 후보 {address} 포트 {port}({type})",
            address,
            port,
            kind as "type"
        ),
        IceFact::CandidatesAwaited { after_ms } => told!(
            lang,
            "No candidate of the other end had come {after_ms} ms after its description; it was waited for",
            "설명이 온 지 {after_ms} ms가 지나도록 상대방의 후보가 오지 않아 더 기다림",
            after_ms
        ),
        IceFact::CandidateRefused { candidate, .. } => told!(
            lang,
            "A candidate of the other end is not checked: {candidate}",
            "상대방의 후보를 확인하지 않음: {candidate}",
            candidate
        ),
        IceFact::Reached { local, remote, .. } => told!(
            lang,
            "{local} reached {remote} for the first time",
            "{local}에서 {remote}에 처음으로 닿음",
            local,
            remote
        ),
        IceFact::Nominated { local, remote, .. } => told!(
            lang,
            "Chosen to carry the call: {local} with {remote}",
            "통화를 나를 쌍으로 선택됨: {local}, {remote}",
            local,
            remote
        ),
        IceFact::RoleSwitched { role, .. } => told!(
            lang,
            "Both ends had taken one role; ours is now {role}",
            "양쪽이 같은 역할이어서 이쪽의 역할을 바꿈: {role}",
            role
        ),
        IceFact::RoleDisputed(RoleDispute { refused, .. }) => {
            told!(
                lang,
                "Checks that claimed our role were refused: {refused}",
                "이쪽의 역할을 주장하는 확인을 거부함: {refused}개",
                refused
            )
        }
        IceFact::CredentialsDiffer(seen) => {
            let checks = seen.checks_for_another.saturating_add(seen.checks_missigned);
            let there = seen.checks_from_another.saturating_add(seen.answers_refusing);
            let there = there.saturating_add(seen.answers_missigned);
            told!(
                lang,
                "Packets that do not go with the ICE credentials of this end's description: {checks}, of the other end's: \
                 {there}",
                "ICE 자격 증명이 설명과 맞지 않는 패킷: 이쪽 설명 {checks}개, 상대방 설명 {there}개",
                checks,
                there
            )
        }
        IceFact::Checked(Pair { local, remote, state, .. }) => told!(
            lang,
            "The pair {local} with {remote}: {state}",
            "쌍 {local}, {remote}: {state}",
            local,
            remote,
            state
        ),
        IceFact::ConsentLost { local, remote, .. } => told!(
            lang,
            "{local} with {remote} had worked and stopped",
            "되던 쌍이 끊김: {local}, {remote}",
            local,
            remote
        ),
        IceFact::Rebound(Rebinding { from, to, .. }) => told!(
            lang,
            "An end's outside address changed from {from} to {to}",
            "한쪽의 바깥 주소가 바뀜: {from}에서 {to}(으)로",
            from,
            to
        ),
        IceFact::RelayDoubted(found) => {
            let (server, relay) = (found.server, &found.found);
            told!(
                lang,
                "The relay {server} was asked whether it is still there: {relay}",
                "중계 서버 {server}가 아직 있는지 물음: {relay}",
                server,
                relay
            )
        }
        IceFact::Restarted => {
            told!(lang, "Started over with new credentials and candidates", "새 자격 증명과 후보로 다시 시작함")
        }
        IceFact::RestartNotMade { lasted_ms, .. } => told!(
            lang,
            "The restart that the other end announced was not made; the pair before it went on for {lasted_ms} ms",
            "상대방이 알린 재시작이 이루어지지 않고, 그 전의 쌍이 이어진 시간: {lasted_ms} ms",
            lasted_ms
        ),
    }
}

pub(super) fn call(fact: &CallFact, lang: Lang) -> Sentence {
    match fact {
        CallFact::CallReached { stage, after_ms, .. } => told!(
            lang,
            "The call got as far as this: {stage}, after {after_ms} ms",
            "통화가 이른 단계: {stage}, {after_ms} ms 뒤",
            stage,
            after_ms
        ),
        CallFact::NoCommonCodec { line, .. } => {
            let line = line.unwrap_or_default();
            told!(
                lang,
                "A media section without a codec that both ends speak: line {line} of the other end's description",
                "두 단말에 공통된 코덱이 없는 미디어 섹션: 상대방 설명의 {line}번째 줄",
                line
            )
        }
        CallFact::NotBundled { left_out, .. } => told!(
            lang,
            "{left_out} sections of the other end are not bundled and were left out",
            "상대방의 섹션 {left_out}개가 묶이지 않아 제외함",
            left_out
        ),
        CallFact::PeerAnnounced { audio, video, data, .. } => told!(
            lang,
            "The other end announces that it sends: audio {audio}, video {video}, data {data}",
            "상대방이 보내겠다고 알린 것: 음성 {audio}, 영상 {video}, 데이터 {data}",
            audio,
            video,
            data
        ),
        CallFact::CallResumed { after_ms, .. } => told!(
            lang,
            "Media came again, {after_ms} ms after this end had begun anew",
            "이쪽이 다시 시작한 지 {after_ms} ms 뒤에 미디어가 다시 도착함",
            after_ms
        ),
        CallFact::StoodStill { after_ms, lasted_ms, .. } => told!(
            lang,
            "{after_ms} ms into the call nothing came any more, for {lasted_ms} ms, and then it went on",
            "통화 {after_ms} ms부터 {lasted_ms} ms 동안 아무것도 오지 않다가 다시 이어짐",
            after_ms,
            lasted_ms
        ),
        CallFact::KindEnded { audio: true, after_ms, lasted_ms } => told!(
            lang,
            "{after_ms} ms into the call the last sound came; for the other {lasted_ms} ms all else went on",
            "통화 {after_ms} ms에 마지막 소리가 왔고, 나머지 {lasted_ms} ms 동안 다른 것은 계속됨",
            after_ms,
            lasted_ms
        ),
        CallFact::KindEnded { audio: false, after_ms, lasted_ms } => told!(
            lang,
            "{after_ms} ms into the call the last picture came; for the other {lasted_ms} ms all else went on",
            "통화 {after_ms} ms에 마지막 영상이 왔고, 나머지 {lasted_ms} ms 동안 다른 것은 계속됨",
            after_ms,
            lasted_ms
        ),
        CallFact::CallBroken(broken) => {
            told!(lang, "The call broke: {broken}", "통화가 끊김: {broken}", broken)
        }
        CallFact::HandshakeSeen(DtlsHandshake { role, .. }) => {
            told!(
                lang,
                "A DTLS handshake, as its {role}, did not end well",
                "DTLS 핸드셰이크({role})가 끝나지 못함",
                role
            )
        }
        CallFact::CallKept(_) => {
            told!(lang, "How the pair that carried the call was kept", "통화를 나른 후보 쌍이 유지된 모습")
        }
        CallFact::Called(traffic) => {
            let lasted_ms = traffic.lasted_ms;
            told!(lang, "The call was measured for {lasted_ms} ms", "통화를 {lasted_ms} ms 동안 측정함", lasted_ms)
        }
    }
}

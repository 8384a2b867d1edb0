//! What happened, as a sentence: a template for each kind of fact, completed by the fact's own fields.

use super::{Lang, Said, said};

/// By the fact's `kind` in JSON. A field that the sentence leaves out is shown behind it.
const FACTS: &[(&str, Said)] = &[
    ("interface", said("Interface {name}: {addresses}", "인터페이스 {name}: {addresses}")),
    ("network-changed", said("The network interfaces changed during the run", "실행 중에 네트워크 인터페이스가 바뀜")),
    ("limited", said("{ignored} {what} were left out", "제외함: {what} {ignored}개")),
    ("candidate", said("Candidate {address} port {port} ({type})", "후보 {address} 포트 {port}({type})")),
    ("resolved", said("The name {name} has the records {records}", "이름 {name}의 레코드: {records}")),
    (
        "unresolved",
        said("The name {name} gave no {record} record: {failure}", "이름 {name}에 {record} 레코드 없음: {failure}"),
    ),
    ("located", said("To be asked at {server}", "물어볼 주소: {server}")),
    ("connected", said("Connected to {remote}", "연결됨: {remote}")),
    ("secured", said("TLS with {remote} is up", "TLS 연결됨: {remote}")),
    (
        "not-connected",
        said("No {transport} connection to {remote}: {failure}", "{transport} 연결 안 됨: {remote}, {failure}"),
    ),
    ("ended", said("{remote} ended the connection", "상대 서버가 연결을 끊음: {remote}")),
    ("mapped", said("{server} saw {local} as {mapped}", "{server}에서 본 {local}의 주소: {mapped}")),
    (
        "answered",
        said("{server} was asked and answered from {from} ({asked})", "{server}에 물었고 {from}에서 응답함({asked})"),
    ),
    (
        "silent",
        said(
            "{server} did not answer: {sent} requests ({method}, {asked}) in {waited_ms} ms",
            "{server}에서 응답 없음: {waited_ms} ms 동안 요청 {sent}번({method}, {asked})",
        ),
    ),
    ("tallied", said("Requests to {server} ({asked}): {tally}", "{server}에 보낸 요청({asked}): {tally}")),
    (
        "refused",
        said(
            "{server} answered {method} with error {code}: {reason}",
            "{server}의 {method} 오류 응답 {code}: {reason}",
        ),
    ),
    ("unreachable", said("Nothing can arrive at {server}: {failure}", "{server}에 보낼 수 없음: {failure}")),
    (
        "not-opened",
        said("No socket could be opened towards {server}: {failure}", "{server}로 소켓을 열 수 없음: {failure}"),
    ),
    ("odd", said("An odd packet from {server}: {oddity}", "{server}에서 온 이상한 패킷: {oddity}")),
    (
        "hairpinned",
        said(
            "A packet to our own outside address {to} came back: {heard}",
            "자신의 바깥 주소 {to}에 보낸 패킷이 돌아옴: {heard}",
        ),
    ),
    (
        "idled",
        said(
            "After {idle_ms} ms without traffic {server} saw {after} (before: {before})",
            "{idle_ms} ms 동안 쓰지 않은 뒤 {server}에서 본 주소: {after}(이전: {before})",
        ),
    ),
    (
        "sized",
        said(
            "A packet of {bytes} bytes to {server} passed whole: {passed}",
            "{server}에 보낸 {bytes}바이트 패킷이 그대로 지나감: {passed}",
        ),
    ),
    ("challenged", said("{server} asked for credentials, as it should", "{server}에서 정상적으로 자격 증명을 요구함")),
    ("allocated", said("{server} gave out the relayed address {relayed}", "{server}에서 받은 중계 주소: {relayed}")),
    ("permitted", said("{server} lets {peer} send to us", "{server}에서 {peer}의 전송을 허용함")),
    (
        "channel-bound",
        said("{server} bound channel {channel} to {peer}", "{server}에서 채널 {channel}에 연결된 상대: {peer}"),
    ),
    (
        "refreshed",
        said("{server} kept the allocation for {lifetime_s} s more", "{server}에서 할당을 {lifetime_s}초 연장함"),
    ),
    ("released", said("{server} took the allocation back", "{server}에 할당을 돌려줌")),
    (
        "allocation-lost",
        said("{server} had lost the allocation after {after_ms} ms", "{server}에서 {after_ms} ms 뒤에 할당이 사라짐"),
    ),
    (
        "crossed",
        said(
            "Bytes crossed the relay {server} ({leg}) at the address {relayed}",
            "데이터가 중계 서버 {server}를 지나감({leg}), 중계 주소: {relayed}",
        ),
    ),
    (
        "not-crossed",
        said(
            "Bytes did not cross the relay {server} ({leg}) at the address {relayed}: {sent} sent in {waited_ms} ms",
            "데이터가 중계 서버 {server}를 지나가지 못함({leg}), 중계 주소: {relayed}, {waited_ms} ms 동안 {sent}번",
        ),
    ),
    ("carried", said("The way to the other end works: {carrier}", "상대방과 메시지를 주고받는 길이 됨: {carrier}")),
    (
        "not-carried",
        said("The way to the other end does not work: {carrier}", "상대방과 메시지를 주고받는 길이 안 됨: {carrier}"),
    ),
    (
        "chosen",
        said("The way used to reach the other end: {carrier}", "상대방과 메시지를 주고받는 데 쓴 길: {carrier}"),
    ),
    ("peer-joined", said("The other end is there: {software}", "상대방이 들어옴: {software}")),
    ("peer-left", said("The other end went away before everything was said", "모두 주고받기 전에 상대방이 나감")),
    (
        "message-refused",
        said("A message of the other end was not taken: {detail}", "상대방의 메시지를 받아들이지 않음: {detail}"),
    ),
    (
        "described",
        said("The other end's description came; we are {role}", "상대방의 설명이 도착함, 이쪽의 역할: {role}"),
    ),
    (
        "remote-candidate",
        said("The other end offers {address} port {port} ({type})", "상대방의 후보 {address} 포트 {port}({type})"),
    ),
    (
        "candidate-refused",
        said("A candidate of the other end is not checked: {candidate}", "상대방의 후보를 확인하지 않음: {candidate}"),
    ),
    ("reached", said("{local} reached {remote} for the first time", "{local}에서 {remote}에 처음으로 닿음")),
    (
        "nominated",
        said("Chosen to carry the call: {local} with {remote}", "통화를 나를 쌍으로 선택됨: {local}, {remote}"),
    ),
    (
        "role-switched",
        said("Both ends had taken one role; ours is now {role}", "양쪽이 같은 역할이어서 이쪽의 역할을 바꿈: {role}"),
    ),
    ("checked", said("The pair {local} with {remote}: {state}", "쌍 {local}, {remote}: {state}")),
    ("consent-lost", said("{local} with {remote} had worked and stopped", "되던 쌍이 끊김: {local}, {remote}")),
    (
        "relay-doubted",
        said(
            "The relay {server} was asked whether it is still there: {relay}",
            "중계 서버 {server}가 아직 있는지 물음: {relay}",
        ),
    ),
    ("restarted", said("Started over with new credentials and candidates", "새 자격 증명과 후보로 다시 시작함")),
    (
        "call-reached",
        said(
            "The call got as far as this: {stage}, after {after_ms} ms",
            "통화가 이른 단계: {stage}, {after_ms} ms 뒤",
        ),
    ),
    (
        "peer-announced",
        said(
            "The other end announces that it sends: audio {audio}, video {video}, data {data}",
            "상대방이 보내겠다고 알린 것: 음성 {audio}, 영상 {video}, 데이터 {data}",
        ),
    ),
    (
        "call-resumed",
        said(
            "Media came again, {after_ms} ms after this end had begun anew",
            "이쪽이 다시 시작한 지 {after_ms} ms 뒤에 미디어가 다시 도착함",
        ),
    ),
    ("call-broken", said("The call broke: {broken}", "통화가 끊김: {broken}")),
    ("called", said("The call was measured for {lasted_ms} ms", "통화를 {lasted_ms} ms 동안 측정함")),
    ("browser", said("The browser calls itself {agent}", "브라우저가 밝힌 이름: {agent}")),
    (
        "hidden-candidate",
        said(
            "A candidate whose address the browser hides: {address} port {port}",
            "브라우저가 주소를 숨긴 후보: {address} 포트 {port}",
        ),
    ),
    (
        "candidate-error",
        said(
            "The browser got no candidate from this server: {code} {reason}",
            "브라우저가 이 서버에서 후보를 얻지 못함: {code} {reason}",
        ),
    ),
    ("skipped", said("Not asked: {why}", "묻지 않음: {why}")),
    ("interrupted", said("The user ended the run", "사용자가 실행을 끝냄")),
    ("out-of-time", said("The time for the whole run was up", "전체 실행 시간이 다 됨")),
];

/// None for a kind that has no sentence: its fields speak for themselves.
pub fn fact(kind: &str, lang: Lang) -> Option<&'static str> {
    FACTS.iter().find(|(known, _)| *known == kind).map(|(_, said)| said.to(lang))
}

const QUESTIONS: &[(&str, Said)] = &[
    ("host", said("this machine", "이 컴퓨터")),
    ("resolve", said("names", "이름")),
    ("binding", said("outside address", "바깥 주소")),
    ("mapping", said("mapping", "매핑")),
    ("filtering", said("filtering", "필터링")),
    ("hairpinning", said("hairpinning", "헤어핀")),
    ("lifetime", said("mapping lifetime", "매핑 수명")),
    ("path-mtu", said("packet size", "패킷 크기")),
    ("relay", said("relay", "중계")),
    ("gather", said("candidates", "후보")),
    ("signalling", said("way to the other end", "상대방과의 길")),
    ("checks", said("pairs", "쌍")),
    ("call", said("call", "통화")),
    ("own-call", said("call with itself", "자신과의 통화")),
];

/// What was asked, by the question's name in JSON; an unknown one stands for itself.
pub fn question(name: &str, lang: Lang) -> &str {
    QUESTIONS.iter().find(|(known, _)| *known == name).map_or(name, |(_, said)| said.to(lang))
}

#[cfg(test)]
mod tests {
    use super::super::tests::placeholders;
    use super::*;
    use crate::model::{Fact, Question};
    use serde_json::Value;

    /// The kinds of fact, each with the names of its fields, from the schema itself.
    fn kinds() -> Vec<(String, Vec<String>)> {
        let schema = schemars::schema_for!(Fact).to_value();
        let choices = schema["oneOf"].as_array().expect("a closed list").clone();
        let kinds = choices.iter().map(|choice| {
            let kind = choice["properties"]["kind"]["const"].as_str().expect("a kind").to_owned();
            let mut fields = Vec::new();
            collect(&schema, choice, &mut fields);
            (kind, fields)
        });
        kinds.collect()
    }

    fn collect(root: &Value, schema: &Value, fields: &mut Vec<String>) {
        if let Some(reference) = schema["$ref"].as_str() {
            collect(root, root.pointer(reference.trim_start_matches('#')).expect("is there"), fields);
        }
        fields.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
        for choice in ["oneOf", "anyOf", "allOf"].iter().filter_map(|of| schema[*of].as_array()).flatten() {
            collect(root, choice, fields);
        }
    }

    #[test]
    fn every_kind_of_fact_has_a_sentence_made_of_its_own_fields() {
        let kinds = kinds();
        assert!(kinds.len() > 40, "the schema is read");
        for (kind, fields) in &kinds {
            let (_, said) =
                FACTS.iter().find(|(known, _)| known == kind).unwrap_or_else(|| panic!("{kind} lacks a sentence"));
            for name in placeholders(said.en) {
                assert!(fields.iter().any(|field| field == name), "{kind} has no {name}: {fields:?}");
            }
        }
        for (known, _) in FACTS {
            assert!(kinds.iter().any(|(kind, _)| kind == known), "{known} is no fact");
        }
    }

    #[test]
    fn both_languages_tell_the_same() {
        for (kind, said) in FACTS.iter().chain(QUESTIONS) {
            assert_eq!(placeholders(said.en), placeholders(said.ko), "{kind}");
            assert!(said.ko.contains(|c| ('가'..='힣').contains(&c)), "{kind}");
        }
    }

    #[test]
    fn every_question_has_a_name() {
        let schema = schemars::schema_for!(Question).to_value();
        let names: Vec<&str> =
            schema["oneOf"].as_array().expect("a list").iter().filter_map(|choice| choice["const"].as_str()).collect();
        assert!(names.len() > 10);
        for name in names {
            assert!(QUESTIONS.iter().any(|(known, _)| *known == name), "{name}");
        }
    }
}

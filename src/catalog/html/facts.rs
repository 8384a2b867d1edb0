//! What happened, as a sentence: one arm for each kind of fact, completed by the fact's own fields.

mod shown;
mod words;

use super::{Lang, Said, fill, said};
use crate::model::{
    BrowserFact, CallFile, Candidate, DnsFact, Fact, HopFact, HostFact, Interface, PairEnd, RunFact, SignallingFact,
    StreamFact, StunFact, Tally, TurnFact,
};
use serde_json::Value;
pub(crate) use shown::question;
use shown::{InSentence, listed};

/// A sentence, and which of the fact's fields stand in it.
struct Sentence {
    template: Said,
    values: Vec<(&'static str, String)>,
}

/// A template in both languages and the fields that it takes in, by their names in JSON.
macro_rules! told {
    ($lang:ident, $en:literal, $ko:literal $(, $field:ident $(as $name:literal)?)*) => {
        Sentence {
            template: said($en, $ko),
            values: vec![$((told!(@name $field $($name)?), $field.shown($lang)),)*],
        }
    };
    (@name $field:ident) => {
        stringify!($field)
    };
    (@name $field:ident $name:literal) => {
        $name
    };
}

mod echoes;
mod ends;
mod sources;

use echoes::echo;
use sources::source;

/// What happened as a sentence, and behind it the fields that the sentence leaves out.
pub(crate) fn fact(fact: &Fact, lang: Lang) -> (String, String) {
    let Sentence { template, values } = sentence(fact, lang);
    let borrowed: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    (fill(template.to(lang), &borrowed), rest(fact, &borrowed, lang))
}

fn sentence(fact: &Fact, lang: Lang) -> Sentence {
    match fact {
        Fact::Host(HostFact::Interface(Interface { name, addresses, .. })) => {
            told!(lang, "Interface {name}: {addresses}", "인터페이스 {name}: {addresses}", name, addresses)
        }
        Fact::Host(HostFact::NetworkChanged) => {
            told!(lang, "The network interfaces changed during the run", "실행 중에 네트워크 인터페이스가 바뀜")
        }
        Fact::Host(HostFact::HeldUp { times, longest_ms }) => told!(
            lang,
            "This machine did {times} things late, by {longest_ms} ms at most",
            "이 컴퓨터가 {times}번 늦었고, 가장 늦은 것은 {longest_ms} ms",
            times,
            longest_ms
        ),
        Fact::Host(HostFact::Counted { family, requests, received, thrown_away, waited_ms, .. }) => told!(
            lang,
            "In {waited_ms} ms with {requests} {requests|request|requests} {received} {received|packet|packets} came in \
                over {family}, and this machine threw away {thrown_away}",
            "{waited_ms} ms 동안 요청 {requests}번, {family} 패킷 {received}개가 들어왔고 그중 {thrown_away}개를 이 컴퓨터가 버림",
            family,
            requests,
            received,
            thrown_away,
            waited_ms
        ),
        Fact::Host(HostFact::Limited { ignored, what, .. }) => {
            told!(lang, "Left out: {what} ({ignored})", "제외함: {what} {ignored}개", ignored, what)
        }
        Fact::Host(HostFact::Candidate(Candidate { address, port, kind, .. })) => told!(
            lang,
            "Candidate {address} port {port} ({type})",
            "후보 {address} 포트 {port}({type})",
            address,
            port,
            kind as "type"
        ),
        Fact::Dns(DnsFact::Resolved { name, records, .. }) => {
            told!(lang, "The name {name} has the records {records}", "이름 {name}의 레코드: {records}", name, records)
        }
        Fact::Dns(DnsFact::Unresolved { name, record, failure, .. }) => told!(
            lang,
            "The name {name} gave no {record} record: {failure}",
            "이름 {name}에 {record} 레코드 없음: {failure}",
            name,
            record,
            failure
        ),
        Fact::Dns(DnsFact::Located { server, .. }) => {
            told!(lang, "To be asked at {server}", "물어볼 주소: {server}", server)
        }
        Fact::Stream(StreamFact::Connected { remote, .. }) => {
            told!(lang, "Connected to {remote}", "연결됨: {remote}", remote)
        }
        Fact::Stream(StreamFact::Secured { remote, .. }) => {
            told!(lang, "TLS with {remote} is up", "TLS 연결됨: {remote}", remote)
        }
        Fact::Stream(StreamFact::NotConnected { transport, remote, failure, .. }) => told!(
            lang,
            "No {transport} connection to {remote}: {failure}",
            "{transport} 연결 안 됨: {remote}, {failure}",
            transport,
            remote,
            failure
        ),
        Fact::Stream(StreamFact::Ended { remote, .. }) => {
            told!(lang, "{remote} ended the connection", "상대 서버가 연결을 끊음: {remote}", remote)
        }
        Fact::Stream(StreamFact::Proxied { proxy, reached, failure, .. }) => told!(
            lang,
            "Through the proxy {proxy}: {reached} ({failure})",
            "프록시 {proxy} 경유: {reached}({failure})",
            proxy,
            reached,
            failure
        ),
        Fact::Stun(StunFact::Mapped { server, local, mapped, .. }) => told!(
            lang,
            "{server} saw {local} as {mapped}",
            "{server}에서 본 {local}의 주소: {mapped}",
            server,
            local,
            mapped
        ),
        Fact::Stun(StunFact::Answered { server, from, asked, .. }) => told!(
            lang,
            "{server} was asked and answered from {from} ({asked})",
            "{server}에 물었고 {from}에서 응답함({asked})",
            server,
            from,
            asked
        ),
        Fact::Stun(StunFact::Late { method, server, after_ms, .. }) => told!(
            lang,
            "{server} answered {method} only {after_ms} ms after the last request",
            "{server}에서 마지막 요청을 보내고 {after_ms} ms 뒤에야 응답함({method})",
            server,
            method,
            after_ms
        ),
        Fact::Stun(StunFact::Silent { server, sent, method, asked, waited_ms, .. }) => told!(
            lang,
            "{server} did not answer: {sent} {sent|request|requests} ({method}, {asked}) in {waited_ms} ms",
            "{server}에서 응답 없음: {waited_ms} ms 동안 요청 {sent}번({method}, {asked})",
            server,
            sent,
            method,
            asked,
            waited_ms
        ),
        Fact::Stun(StunFact::Tallied { server, asked, tally, .. }) => told!(
            lang,
            "Requests to {server} ({asked}): {tally}",
            "{server}에 보낸 요청({asked}): {tally}",
            server,
            asked,
            tally
        ),
        Fact::Stun(StunFact::Refused { server, method, code, reason, .. }) => told!(
            lang,
            "{server} answered {method} with error {code}: {reason}",
            "{server}의 {method} 오류 응답 {code}: {reason}",
            server,
            method,
            code,
            reason
        ),
        Fact::Stun(StunFact::Unreachable { server, failure, .. }) => told!(
            lang,
            "Nothing can arrive at {server}: {failure}",
            "{server}에 보낼 수 없음: {failure}",
            server,
            failure
        ),
        Fact::Stun(StunFact::NotOpened { server, failure, .. }) => told!(
            lang,
            "No socket could be opened towards {server}: {failure}",
            "{server}로 소켓을 열 수 없음: {failure}",
            server,
            failure
        ),
        Fact::Stun(StunFact::Anomalous { server, anomaly, .. }) => told!(
            lang,
            "An odd packet from {server}: {oddity}",
            "{server}에서 온 이상한 패킷: {oddity}",
            server,
            anomaly as "oddity"
        ),
        Fact::Stun(StunFact::Hairpinned { to, came_back, .. }) => told!(
            lang,
            "A packet to our own outside address {to} came back: {heard}",
            "자신의 바깥 주소 {to}에 보낸 패킷이 돌아옴: {heard}",
            to,
            came_back as "heard"
        ),
        Fact::Stun(StunFact::Idled { idle_ms, server, after, before, .. }) => told!(
            lang,
            "After {idle_ms} ms without traffic {server} saw {after} (before: {before})",
            "{idle_ms} ms 동안 쓰지 않은 뒤 {server}에서 본 주소: {after}(이전: {before})",
            idle_ms,
            server,
            after,
            before
        ),
        Fact::Stun(StunFact::KeptBusy { server, every_ms, lived_ms, answers, .. }) => told!(
            lang,
            "A flow to {server}, used every {every_ms} ms, was answered {answers} times in {lived_ms} ms",
            "{every_ms} ms마다 쓴 {server}(으)로의 흐름에 {lived_ms} ms 동안 {answers}번 응답이 옴",
            server,
            every_ms,
            answers,
            lived_ms
        ),
        Fact::Stun(StunFact::Sized { bytes, server, passed, .. }) => told!(
            lang,
            "A packet of {bytes} bytes to {server} passed whole: {passed}",
            "{server}에 보낸 {bytes}바이트 패킷이 그대로 지나감: {passed}",
            bytes,
            server,
            passed
        ),
        Fact::Stun(StunFact::Paced { every_ms, requests, .. }) => {
            let tally = Tally::of(requests.iter().map(|request| request.answered));
            told!(
                lang,
                "Requests that were sent every {every_ms} ms: {requests}",
                "{every_ms} ms마다 보낸 요청: {requests}",
                every_ms,
                tally as "requests"
            )
        }
        Fact::Hops(HopFact::Hopped { class, to, by: Some(by), tally, .. }) if *by == to.ip() => told!(
            lang,
            "The host at {to} said that {class} came there, to a closed port: {tally}",
            "{to}의 호스트에서 {class} 도착을 알림(닫힌 포트): {tally}",
            to,
            class,
            tally
        ),
        Fact::Hops(HopFact::Hopped { class, to, hops, by: Some(by), tally, .. }) => told!(
            lang,
            "{class} to {to} came as far as router {hops}, {by}: {tally}",
            "{to}에 보낸 {class}: {hops}번째 라우터({by})까지 감: {tally}",
            class,
            to,
            hops,
            by,
            tally
        ),
        Fact::Hops(HopFact::Hopped { class, to, tally, .. }) if tally.answered > 0 => {
            told!(
                lang,
                "{class} came to {to} and was answered: {tally}",
                "{to}에 보낸 {class}에 응답이 옴: {tally}",
                class,
                to,
                tally
            )
        }
        Fact::Hops(HopFact::Hopped { class, to, hops, tally, .. }) => told!(
            lang,
            "Nothing was heard of {class} to {to}, sent {hops} hops far: {tally}",
            "{to}에 보낸 {class}: {hops}홉까지 보냈으나 소식이 없음: {tally}",
            class,
            to,
            hops,
            tally
        ),
        Fact::Hops(HopFact::OutsideAsked { router, outside: Some(outside), .. }) => told!(
            lang,
            "The router at {router} says that its address outside is {outside}",
            "{router}의 라우터가 알린 자신의 바깥 주소: {outside}",
            router,
            outside
        ),
        Fact::Hops(HopFact::OutsideAsked { router, protocol: Some(_), .. }) => told!(
            lang,
            "The router at {router} answered and did not name its address outside",
            "{router}의 라우터가 응답했으나 자신의 바깥 주소는 알리지 않음",
            router
        ),
        Fact::Hops(HopFact::OutsideAsked { router, .. }) => told!(
            lang,
            "The router at {router} was asked for its address outside and did not answer",
            "{router}의 라우터에 바깥 주소를 물었으나 응답이 없음",
            router
        ),
        Fact::Turn(TurnFact::Challenged { server, .. }) => told!(
            lang,
            "{server} asked for credentials, as it should",
            "{server}에서 정상적으로 자격 증명을 요구함",
            server
        ),
        Fact::Turn(TurnFact::Allocated { server, relayed, .. }) => told!(
            lang,
            "{server} gave out the relayed address {relayed}",
            "{server}에서 받은 중계 주소: {relayed}",
            server,
            relayed
        ),
        Fact::Turn(TurnFact::AllocatedSeveral { server, asked, granted, .. }) => told!(
            lang,
            "{server} gave out {granted} of {asked} {asked|allocation|allocations} asked for at once",
            "{server}에 한꺼번에 요청한 할당 {asked}개 가운데 받은 수: {granted}",
            server,
            asked,
            granted
        ),
        Fact::Turn(TurnFact::Permitted { server, peer, .. }) => {
            told!(lang, "{server} lets {peer} send to us", "{server}에서 {peer}의 전송을 허용함", server, peer)
        }
        Fact::Turn(TurnFact::ChannelBound { server, channel, peer, .. }) => told!(
            lang,
            "{server} bound channel {channel} to {peer}",
            "{server}에서 채널 {channel}에 연결된 상대: {peer}",
            server,
            channel,
            peer
        ),
        Fact::Turn(TurnFact::Refreshed { server, lifetime_s, .. }) => told!(
            lang,
            "{server} kept the allocation for {lifetime_s} s more",
            "{server}에서 할당을 {lifetime_s}초 연장함",
            server,
            lifetime_s
        ),
        Fact::Turn(TurnFact::Released { server, .. }) => {
            told!(lang, "{server} took the allocation back", "{server}에 할당을 돌려줌", server)
        }
        Fact::Turn(TurnFact::AllocationLost { server, after_ms, .. }) => told!(
            lang,
            "{server} had lost the allocation after {after_ms} ms",
            "{server}에서 {after_ms} ms 뒤에 할당이 사라짐",
            server,
            after_ms
        ),
        Fact::Turn(TurnFact::Crossed { server, leg, relayed, .. }) => told!(
            lang,
            "Bytes crossed the relay {server} ({leg}) at the address {relayed}",
            "데이터가 중계 서버 {server}를 지나감({leg}), 중계 주소: {relayed}",
            server,
            leg,
            relayed
        ),
        Fact::Turn(TurnFact::NotCrossed { server, leg, relayed, sent, waited_ms, .. }) => told!(
            lang,
            "Bytes did not cross the relay {server} ({leg}) at the address {relayed}: {sent} sent in {waited_ms} ms",
            "데이터가 중계 서버 {server}를 지나가지 못함({leg}), 중계 주소: {relayed}, {waited_ms} ms 동안 {sent}번",
            server,
            leg,
            relayed,
            sent,
            waited_ms
        ),
        Fact::Signalling(SignallingFact::Carried { carrier, .. }) => told!(
            lang,
            "The way to the other end works: {carrier}",
            "상대방과 메시지를 주고받는 길이 됨: {carrier}",
            carrier
        ),
        Fact::Signalling(SignallingFact::NotCarried { carrier, .. }) => told!(
            lang,
            "The way to the other end does not work: {carrier}",
            "상대방과 메시지를 주고받는 길이 안 됨: {carrier}",
            carrier
        ),
        Fact::Signalling(SignallingFact::Chosen { carrier, .. }) => told!(
            lang,
            "The way used to reach the other end: {carrier}",
            "상대방과 메시지를 주고받는 데 쓴 길: {carrier}",
            carrier
        ),
        Fact::Signalling(SignallingFact::PeerJoined { software, .. }) => {
            told!(lang, "The other end is there: {software}", "상대방이 들어옴: {software}", software)
        }
        Fact::Signalling(SignallingFact::NoDescription { waited_ms, .. }) => told!(
            lang,
            "No offer or answer of the other end's came within {waited_ms} ms",
            "{waited_ms} ms 동안 상대방의 제안이나 응답이 오지 않음",
            waited_ms
        ),
        Fact::Signalling(SignallingFact::PeerLeft) => {
            told!(lang, "The other end went away before everything was said", "모두 주고받기 전에 상대방이 나감")
        }
        Fact::Signalling(SignallingFact::RoomFull) => {
            told!(lang, "The room had two ends already", "방에 이미 두 단말이 있음")
        }
        Fact::Signalling(SignallingFact::RoomLost) => {
            told!(lang, "The room could not be reached, or not any more", "방에 닿을 수 없거나 연결이 끊김")
        }
        Fact::Signalling(SignallingFact::MessageRefused { detail, .. }) => told!(
            lang,
            "A message of the other end was not taken: {detail}",
            "상대방의 메시지를 받아들이지 않음: {detail}",
            detail
        ),
        Fact::Ice(fact) => ends::checks(fact, lang),
        Fact::Call(fact) => ends::call(fact, lang),
        Fact::Browser(BrowserFact::Browser { agent, .. }) => {
            told!(lang, "The browser calls itself {agent}", "브라우저가 밝힌 이름: {agent}", agent)
        }
        Fact::Browser(BrowserFact::HiddenCandidate(PairEnd { address, port, .. })) => told!(
            lang,
            "A candidate whose address the browser hides: {address} port {port}",
            "브라우저가 주소를 숨긴 후보: {address} 포트 {port}",
            address,
            port
        ),
        Fact::Browser(BrowserFact::CandidateError { code, reason, .. }) => told!(
            lang,
            "The browser got no candidate from this server: {code} {reason}",
            "브라우저가 이 서버에서 후보를 얻지 못함: {code} {reason}",
            code,
            reason
        ),
        Fact::Browser(BrowserFact::DescriptionSet { of, fingerprints }) => told!(
            lang,
            "The description of {of} was set; certificates: {fingerprints}",
            "설명이 설정됨({of}), 인증서: {fingerprints}",
            of,
            fingerprints
        ),
        Fact::Browser(BrowserFact::StateChanged { state, to }) => {
            told!(lang, "{state} became {to}", "{state} 값이 {to}(으)로 바뀜", state, to)
        }
        Fact::Browser(BrowserFact::OfferUnanswered { waited_ms }) => told!(
            lang,
            "No answer to the offer was set in {waited_ms} ms",
            "{waited_ms} ms 동안 제안에 대한 응답이 설정되지 않음",
            waited_ms
        ),
        Fact::Browser(BrowserFact::RequestFailed { what, reason }) => told!(
            lang,
            "The browser did not do what its page asked: {what} ({reason})",
            "브라우저가 페이지의 요청을 거부함: {what}({reason})",
            what,
            reason
        ),
        Fact::Configuration(fact) => source(fact, lang),
        Fact::Echo(fact) => echo(fact, lang),
        Fact::Run(RunFact::Skipped { why, .. }) => told!(lang, "Not asked: {why}", "묻지 않음: {why}", why),
        Fact::Run(RunFact::Interrupted) => told!(lang, "The user ended the run", "사용자가 실행을 끝냄"),
        Fact::Run(RunFact::OutOfTime) => told!(lang, "The time for the whole run was up", "전체 실행 시간이 다 됨"),
        Fact::Run(RunFact::ClocksCompared { ahead_ms, within_ms }) => told!(
            lang,
            "The other end's clock is ahead by {ahead_ms} ms, to within {within_ms} ms",
            "상대방의 시계가 {ahead_ms} ms 앞섬(오차 {within_ms} ms)",
            ahead_ms,
            within_ms
        ),
        Fact::Run(RunFact::FromFile(file)) => {
            let CallFile { form, connection, samples, lasted_ms, .. } = &**file;
            told!(
                lang,
                "Read from a file ({form}): connection {connection}, {lasted_ms} ms, statistics taken {samples} times",
                "파일({form})에서 읽음: 연결 {connection}, {lasted_ms} ms, 통계 {samples}회",
                form,
                connection,
                lasted_ms,
                samples
            )
        }
    }
}

/// The fact's JSON, but for its kind and what was told.
fn rest(fact: &Fact, told: &[(&str, &str)], lang: Lang) -> String {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(fact) else { return String::new() };
    fields.retain(|name, value| name != "kind" && !value.is_null() && told.iter().all(|(known, _)| known != name));
    listed(&fields, lang)
}

#[cfg(test)]
mod tests;

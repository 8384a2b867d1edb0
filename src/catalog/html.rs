//! The words of the HTML report that the terminal has no use for: headings, explanations for people who have never
//! heard of STUN, and what the pictures say.
//!
//! A text with `{names}` in it is a template that [`fill`] completes.

#[cfg(feature = "html")]
mod facts;
mod lay_terms;
#[cfg(feature = "html")]
mod verdict;

#[cfg(feature = "html")]
pub(crate) use facts::{fact, question};
pub(crate) use lay_terms::{because, call_outcome, came_out, pair_failure, peer_is};
#[cfg(feature = "html")]
pub(crate) use verdict::verdict_means;

use super::{Expansion, Lang, Said, Values, said};

/// Writes each text once, in both languages side by side.
macro_rules! words {
    ($($name:ident: $en:literal, $ko:literal;)+) => {
        /// The page's own words in one language. Other faces use a few of them.
        #[derive(Clone, Copy, Debug)]
        #[cfg_attr(not(feature = "html"), expect(dead_code))]
        pub(crate) struct ReportWords { $(pub(crate) $name: &'static str,)+ }

        impl ReportWords {
            pub(crate) const fn of(lang: Lang) -> Self {
                match lang {
                    Lang::En => Self { $($name: $en,)+ },
                    Lang::Ko => Self { $($name: $ko,)+ },
                }
            }
        }

        #[cfg(test)]
        const ALL: &[(&str, Said)] = &[$((stringify!($name), said($en, $ko)),)+];
    };
}

words! {
    title: "Network report for calls", "통화 네트워크 보고서";
    contents: "Contents", "목차";
    skip: "Skip to the report", "본문으로 건너뛰기";
    why: "Why", "이유";
    first_step: "First step", "먼저 할 일";
    measured_in: "measured in {time}", "측정 시간 {time}";

    // The picture.
    picture: "The way of a call from here", "이곳에서 거는 통화의 경로";
    this_machine: "This machine", "이 컴퓨터";
    router: "Router (NAT)", "공유기(NAT)";
    second_router: "Second router (NAT)", "두 번째 공유기(NAT)";
    carrier: "Provider (NAT)", "통신사(NAT)";
    firewall: "Firewall", "방화벽";
    unknown_box: "Router or firewall", "공유기 또는 방화벽";
    portal: "Sign-in page", "로그인 페이지";
    internet: "Internet", "인터넷";
    peer: "The other side", "상대방";
    typical_home: "a typical home", "일반 가정";
    peer_router: "Their router", "상대방 공유기";
    relay: "Relay server", "중계 서버";
    relay_not_tested: "none was given", "주어지지 않음";
    relay_fails: "does not work", "작동하지 않음";
    relay_reserve: "in reserve", "예비";
    straight: "straight way", "직접 경로";
    blocked: "blocked", "막힘";
    not_known: "not known", "알 수 없음";
    picture_direct: "The call goes straight from this machine to the other side.",
        "통화가 이 컴퓨터에서 상대방까지 직접 갑니다.";
    picture_relay: "The straight way to the other side is blocked; the call goes through the relay server.",
        "상대방으로 가는 직접 경로는 막혀 있고, 통화는 중계 서버를 거칩니다.";
    picture_none: "The straight way to the other side is blocked, and no relay server carries the call.",
        "상대방으로 가는 직접 경로가 막혀 있고, 통화를 대신 날라 줄 중계 서버도 없습니다.";
    picture_unknown: "Which way a call would take is not known.", "통화가 어느 경로로 갈지 알 수 없습니다.";
    legend_chosen: "the way the call takes", "통화가 가는 경로";
    legend_blocked: "blocked way", "막힌 경로";
    legend_reserve: "possible, not needed", "가능하지만 필요하지 않은 경로";
    legend_unknown: "way not known", "알 수 없는 경로";

    // What to do.
    to_do: "What to do", "조치 방법";
    nothing_to_do: "Nothing needs to be done: no problem was found.", "조치할 것이 없습니다. 발견된 문제가 없습니다.";
    ask_again: "Nothing that was found needs to be mended; what could not be told has to be tested again.",
        "고쳐야 할 것은 발견되지 않았습니다. 알 수 없었던 것은 다시 시험해 보아야 합니다.";
    to_go_direct: "To make calls direct, any one of these is enough", "직접 통화가 되게 하려면 다음 중 하나면 충분합니다";

    // The forecast.
    forecast: "Calls from here", "이곳의 통화";
    forecast_lead: "Whom this network reaches without a relay server, and whom only through one.",
        "이 네트워크에서 누구와 직접 연결되고, 누구와는 중계 서버를 거쳐야 하는지 보여 줍니다.";
    forecast_alike: "For every kind of other side: {path}.", "상대방이 어떤 네트워크에 있든 결과는 같습니다: {path}.";
    who_that_is: "who that is", "해당하는 곳";
    not_known_why: "not known: {why}", "알 수 없음: {why}";

    // Findings.
    findings: "What was found", "발견한 것";
    no_findings: "Nothing was found.", "발견한 것이 없습니다.";
    critical: "Critical", "심각";
    warnings: "Warnings", "경고";
    notes: "Notes", "참고";
    evidence_of: "Evidence: {count} {count|observation|observations}", "근거: 관찰 {count}건";
    and_more: "and {count} more", "외 {count}건";
    read_more: "Read more", "참고 문서";

    // The network.
    network: "This network", "이 네트워크";
    network_lead: "Between this machine and the internet there is usually a router that lends it its own outside address (NAT), and a firewall that decides what may come in. What they do decides how calls go.",
        "이 컴퓨터와 인터넷 사이에는 보통 자신의 바깥 주소를 빌려주는 공유기(NAT)와, 무엇을 들여보낼지 정하는 방화벽이 있습니다. 이들의 동작이 통화가 어떻게 갈지를 결정합니다.";
    no_family: "This machine has no {family} that leads out.", "이 컴퓨터에는 밖으로 나가는 {family} 주소가 없습니다.";
    a_translated: "Yes, a NAT", "예, NAT가 있습니다";
    a_not_translated: "No, its own address is seen outside", "아니요, 자신의 주소가 그대로 밖에 보입니다";
    a_mapping_eim: "Yes: the other side can be told where to send", "예: 상대방에게 보낼 곳을 알려 줄 수 있습니다";
    a_mapping_adm: "No: another port for each address", "아니요: 주소마다 다른 포트를 씁니다";
    a_mapping_apdm: "No: another port for each address and port", "아니요: 주소와 포트마다 다른 포트를 씁니다";
    a_filtering_eif: "Anyone, once something was sent out", "한 번 밖으로 보냈다면 누구나";
    a_filtering_adf: "Only addresses that something was sent to", "보낸 적이 있는 주소만";
    a_filtering_apdf: "Only the exact address and port that something was sent to", "보낸 적이 있는 바로 그 주소와 포트만";

    // Servers.
    servers: "Servers, stage by stage", "서버별 단계";
    servers_lead: "A server is asked in stages. Where one fails, those behind it cannot be reached.",
        "서버에는 단계를 밟아 묻습니다. 한 단계가 실패하면 그 뒤의 단계에는 이를 수 없습니다.";
    no_servers: "No server was asked.", "물어본 서버가 없습니다.";
    waterfall_of: "Stages of {server}, in milliseconds", "{server}의 단계(밀리초)";
    stage_column: "Stage", "단계";
    took_column: "Took", "걸린 시간";
    result_column: "Result", "결과";
    over: "over {transport}", "프로토콜: {transport}";
    no_address: "no address", "주소 없음";
    software: "Software", "소프트웨어";
    said_error: "It said", "서버의 말";
    certificates: "Certificates", "인증서";
    certificate_for: "For", "대상";
    certificate_by: "Issued by", "발급자";
    certificate_from: "Valid from", "유효 시작";
    certificate_until: "Valid until", "유효 기한";
    certificate_print: "SHA-256", "SHA-256";
    certificate_names: "Names", "이름";
    as_table: "As a table", "표로 보기";

    // Candidates and pairs.
    candidates: "Candidates", "후보";
    candidates_lead: "The addresses that a browser on this machine would offer to the other side.",
        "이 컴퓨터의 브라우저가 상대방에게 내놓을 주소입니다.";
    no_candidates: "No address could be offered.", "내놓을 수 있는 주소가 없었습니다.";
    kind_host: "own address", "자신의 주소";
    kind_srflx: "outside address", "바깥 주소";
    kind_prflx: "outside address, met on the way", "도중에 알게 된 바깥 주소";
    kind_relay: "address at the relay", "중계 서버의 주소";
    address: "Address", "주소";
    protocol: "Protocol", "프로토콜";
    pairs: "Every pair of addresses", "모든 주소 쌍";
    pairs_lead: "Each address here was tried with each address of the other side. One pair carries the call; the rest show what would and would not have worked.",
        "이쪽의 주소마다 상대방의 모든 주소와 이어 보았습니다. 그중 한 쌍이 통화를 나르고, 나머지는 무엇이 되고 무엇이 안 되는지 보여 줍니다.";
    pair_here: "Here", "이쪽";
    pair_there: "There", "상대방";
    latencies: "Round trip of each pair that works: from the fastest to the slowest check, with the median",
        "되는 쌍마다의 왕복 시간: 가장 빠른 확인부터 가장 느린 확인까지, 중앙값 표시";
    pairs_more: "The {count} fastest are drawn; the table has all.", "가장 빠른 {count}쌍을 그렸습니다. 표에는 모두 있습니다.";
    round_trips: "Round trip over the run", "실행 중의 왕복 시간";
    round_trips_steady: "The round trip to every server that answered over UDP stayed between {min} and {max} ms ({count} measured).",
        "UDP로 응답한 모든 서버까지의 왕복 시간은 {min}에서 {max} ms 사이였습니다({count}회 측정).";
    round_trips_same: "The round trip to every server that answered over UDP was {min} ms ({count} measured).",
        "UDP로 응답한 모든 서버까지의 왕복 시간은 {min} ms였습니다({count}회 측정).";
    milliseconds: "milliseconds", "밀리초";
    seconds_axis: "seconds since the run began", "실행 시작 후 시간(초)";
    ms_axis: "round trip in milliseconds", "왕복 시간(밀리초)";

    // The call.
    call: "The call", "통화";
    call_lead: "A real call was made over the chosen pair, with speech, video and data, and measured at both ends.",
        "선택된 쌍으로 음성, 영상, 데이터가 있는 실제 통화를 하고 양쪽에서 측정했습니다.";
    call_lead_saved: "The call that somebody had, as its file tells of it.",
        "누군가의 통화를 그 파일이 알려 주는 대로 보여 줍니다.";
    call_moments: "What happened when", "시간 순서";
    call_moments_lead: "Times are from the first that the file knows. What states a browser shows last is worth little: \
        counters decide.",
        "시각은 파일이 아는 처음부터 셉니다. 브라우저가 마지막에 보인 상태는 믿을 만하지 않으므로 계수로 판단합니다.";
    call_here: "here", "이쪽";
    call_there: "the other side", "상대방";
    call_to_media: "From the beginning to the first sound", "시작부터 첫 소리까지";
    call_to_media_of: "From the beginning to the first sound: {whose}", "시작부터 첫 소리까지: {whose}";
    call_gathering: "addresses gathered", "주소 모으기";
    call_checking: "pairs checked", "쌍 확인";
    call_dtls: "keys agreed (DTLS)", "키 합의(DTLS)";
    call_channel: "data channel open", "데이터 채널 열림";
    call_media: "first media", "첫 미디어";
    call_rtt: "Round trip", "왕복 시간";
    call_jitter: "Jitter", "지터";
    call_loss: "Packets lost", "잃은 패킷";
    call_bitrate: "Bit rate", "비트 전송률";
    call_received_here: "received here", "이쪽에서 받음";
    call_received_there: "received there", "상대방이 받음";
    call_estimated: "estimated room", "추정 여유";
    call_percent: "per cent of the packets of each second", "초당 패킷 중 비율(%)";
    call_mbps: "megabits per second", "초당 메가비트(Mbit/s)";
    call_ms: "milliseconds", "밀리초";
    call_seconds: "seconds since the call was secured", "통화가 보호된 후 시간(초)";
    call_constant: "{what}: {value} throughout.", "{what}: 내내 {value}.";
    call_kind: "What", "항목";
    call_speech: "Speech", "음성";
    call_video: "Video", "영상";
    call_sent: "Sent", "보냄";
    call_got: "Received", "받음";
    call_lost: "Lost", "잃음";
    call_stalls: "Pauses", "멈춤";
    call_grade: "How speech would sound: {mos} of {most} (ITU-T G.107: R {r}).", "음성 품질 예상: {most}점 만점에 {mos}점(ITU-T G.107: R {r}).";
    call_lasted: "Measured for {time}.", "측정한 시간: {time}.";
    call_over: "Over {local} and {remote}.", "사용한 쌍: {local}, {remote}.";

    own_calls: "Calls that this machine made with itself", "이 컴퓨터가 자신과 한 통화";
    own_calls_lead: "Two ends on this machine made a call, straight and through each relay: a relay that answers may still not carry a call.",
        "이 컴퓨터의 두 끝이 곧바로, 그리고 각 중계 서버를 거쳐 통화했습니다. 응답하는 중계 서버라도 통화를 나르지 못할 수 있습니다.";
    own_call_way: "Way", "경로";
    own_call_first_media: "First media after", "첫 미디어까지";

    // The firewall request sheet.
    firewall_request: "Firewall request sheet", "방화벽 요청서";
    firewall_request_lead: "What must be allowed out of this network for calls to work, to hand to the people who run the firewall. Answers to what was sent must be let back in.",
        "통화가 되려면 이 네트워크에서 밖으로 허용해야 하는 것입니다. 방화벽을 관리하는 사람에게 그대로 전달하십시오. 보낸 것에 대한 응답은 다시 들어올 수 있어야 합니다.";
    destination: "Destination", "목적지";
    port: "Port", "포트";
    purpose: "Purpose", "용도";
    purpose_stun: "Finding the outside address (STUN)", "바깥 주소 알아내기(STUN)";
    purpose_turn: "Relay for calls (TURN)", "통화 중계(TURN)";
    purpose_direct: "Direct calls between two people", "두 사람 사이의 직접 통화";
    any_address: "any address", "모든 주소";
    passes: "passes", "통과";
    passes_not: "does not pass", "통과하지 못함";
    no_answer: "no answer", "응답 없음";
    not_tested_short: "not tested", "시험하지 않음";
    answers_with_error: "reached; the server refuses", "닿았지만 서버가 거절함";
    copy: "Copy", "복사";
    copied: "Copied", "복사했습니다";
    save_csv: "Save as CSV", "CSV로 저장";
    as_csv: "As CSV", "CSV로 보기";
    save_json: "Save the data (JSON)", "데이터 저장(JSON)";

    // Observations.
    observations: "Every observation", "모든 관찰";
    observations_lead: "All that the verdict rests on, in the order in which it happened.",
        "판정의 근거가 되는 모든 것을 일어난 순서대로 적었습니다.";
    search: "Search the observations", "관찰 검색";
    search_found: "{shown} of {all}", "{all}건 중 {shown}건";
    observed_at: "After", "경과";
    observed_by: "Asked", "질문";
    observed: "What happened", "일어난 일";
    their_end: "the other side", "상대방";
    no_observations: "Nothing was observed.", "관찰한 것이 없습니다.";

    // How it was measured.
    method: "How it was measured", "측정 방법";
    method_lead: "rtc-doctor {version} asked the servers below and watched what came back. It took {took}; the behaviour of the NAT was known after {known}.",
        "rtc-doctor {version} 버전이 아래 서버에 묻고 돌아온 것을 지켜보았습니다. {took} 걸렸고, NAT의 동작은 {known} 만에 알 수 있었습니다.";
    method_lead_unknown: "rtc-doctor {version} asked the servers below and watched what came back. It took {took}.",
        "rtc-doctor {version} 버전이 아래 서버에 묻고 돌아온 것을 지켜보았습니다. {took} 걸렸습니다.";
    method_own_choice: "The servers are public ones that the tool chose itself, since none was named.",
        "지정된 서버가 없어서 도구가 스스로 고른 공개 서버입니다.";
    method_nat: "What the NAT does is told by asking one server at two addresses and two ports which outside address it sees, and from where it can answer (RFC 5780, in the terms of RFC 4787).",
        "NAT의 동작은 한 서버의 두 주소와 두 포트에 바깥 주소가 무엇으로 보이는지, 그리고 어디에서 응답할 수 있는지를 물어 알아냅니다(RFC 5780, 용어는 RFC 4787).";
    method_relay: "A relay counts as working only after bytes crossed it both ways (RFC 8656).",
        "중계 서버는 데이터가 양방향으로 실제로 지나간 뒤에만 작동하는 것으로 봅니다(RFC 8656).";
    method_silence: "Silence is called blocked only where something else got through meanwhile, so that a lost packet never becomes a verdict. \"Not tested\" and \"unclear\" are answers of their own.",
        "응답이 없다고 해서 바로 막혔다고 하지 않습니다. 그 사이에 다른 것이 지나갔을 때에만 그렇게 판정하므로, 잃어버린 패킷 하나가 판정이 되는 일은 없습니다. '시험하지 않음'과 '분명하지 않음'은 별개의 답입니다.";
    method_secret: "No password, key or token is in this file.", "이 파일에는 비밀번호, 키, 토큰이 들어 있지 않습니다.";
    page_made_short: "Made by rtc-doctor {version}.", "rtc-doctor {version} 버전이 만들었습니다.";
    page_made: "Made by rtc-doctor {version}. The whole diagnosis is inside this file as JSON.",
        "rtc-doctor {version} 버전이 만들었습니다. 전체 진단이 JSON으로 이 파일에 들어 있습니다.";
}

/// Values at hand, in words already.
impl Values for &[(&str, &str)] {
    fn value(&self, name: &str, _: Lang) -> Option<String> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    fn is_several(&self, name: &str) -> bool {
        let number = self.value(name, Lang::default()).and_then(|value| value.parse::<f64>().ok());
        number.is_some_and(|number| number != 1.0)
    }
}

/// A template of either language with its `{names}` replaced.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    // The values are words of a language already, so none is asked for.
    Expansion::new(&values, Lang::default()).template(template).text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{self, page};

    /// The placeholders of a template, sorted.
    pub(super) fn placeholders(template: &str) -> Vec<&str> {
        let mut names: Vec<&str> = catalog::placeholders(template).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn both_languages_ask_for_the_same_values() {
        for (name, text) in ALL {
            assert_eq!(placeholders(text.en), placeholders(text.ko), "{name}");
        }
    }

    /// One word for one thing, whichever face shows it.
    #[test]
    fn headings_are_those_of_the_other_faces() {
        for lang in Lang::ALL {
            let w = ReportWords::of(lang);
            for (ours, theirs) in [
                (w.why, page::WHY),
                (w.to_do, page::WHAT_TO_DO),
                (w.forecast, page::CALLS_FROM_HERE),
                (w.network, page::THIS_NETWORK),
                (w.read_more, page::READ_MORE),
                (w.result_column, page::RESULT),
            ] {
                assert_eq!(ours, theirs.to(lang));
            }
        }
    }

    #[test]
    fn korean_is_korean_and_english_is_not() {
        let is_hangul = |c: char| ('가'..='힣').contains(&c);
        for (name, text) in ALL {
            assert!(text.ko.contains(is_hangul) || text.ko == "SHA-256", "{name}");
            assert!(!text.en.contains(is_hangul), "{name}");
        }
    }

    #[test]
    fn a_value_is_not_a_template() {
        assert_eq!(fill("{a} of {b}", &[("a", "{b}"), ("b", "2")]), "{b} of 2");
    }
}

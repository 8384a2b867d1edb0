//! The words of a report beside those of its findings: headings, the names of rows and columns, sentences around a
//! value.

use super::{Lang, Said, said};
use crate::model::Millis;
use std::net::{IpAddr, SocketAddr};

pub(crate) const INTERRUPTED: Said = Said {
    en: "INTERRUPTED: only what was found out before you stopped is here.",
    ko: "중단됨: 멈추기 전까지 알아낸 것만 여기에 있습니다.",
};
pub(crate) const REDACTED: Said = Said {
    en: "Redacted: addresses and names in this report are stand-ins for the real ones.",
    ko: "가림: 이 보고서의 주소와 이름은 실제 값을 대신하는 가명입니다.",
};
pub(crate) const WHY: Said = said("Why", "이유");
pub(crate) const WHAT_WOULD_CHANGE_THAT: Said =
    said("What would change that (any one of these)", "이것을 바꾸려면(다음 가운데 하나)");
pub(crate) const WHAT_TO_DO: Said = said("What to do", "조치 방법");
pub(crate) const NOTED: Said = said("Noted", "참고 사항");
pub(crate) const EXPLAINED: Said = said("What these causes explain", "위 원인으로 설명되는 것");
pub(crate) const READ_MORE: Said = said("Read more", "참고 문서");

pub(crate) const ALSO_AT: Said = said("The same at", "같은 위치");
pub(crate) const CONFIGURATION_TAKEN: Said =
    said("Chromium and Firefox take this configuration.", "Chromium과 Firefox가 이 설정을 받아들입니다.");
pub(crate) const CONFIGURATION_LACKING: Said = said(
    "Chromium and Firefox take this configuration, and some calls suffer by it.",
    "Chromium과 Firefox가 이 설정을 받아들이지만, 일부 통화에 지장이 있습니다.",
);
pub(crate) const CONFIGURATION_BROKEN: Said =
    said("Calls fail with this configuration.", "이 설정으로는 통화가 되지 않습니다.");
pub(crate) const CONFIGURATION_RIGHT: Said = said(
    "As browsers take it (what cannot be mended is left out, and passwords are hidden; --reveal FILE writes them)",
    "브라우저가 받아들이는 형태(고칠 수 없는 것은 빠져 있고 암호는 가려져 있음. --reveal FILE로 암호까지 쓸 수 있음)",
);

pub(crate) const ENTRIES_REFUSED: Said =
    said("What browsers refuse in iceServers", "브라우저가 거부하는 iceServers 항목");
pub(crate) const ENTRIES_REFUSED_WHY: Said = said(
    "One refused entry makes new RTCPeerConnection throw: the application is left without any connection, also by the \
     servers beside it. As measured in Chromium 156 and Firefox 153; rtc-doctor lint FILE judges a whole configuration.",
    "거부되는 항목이 하나라도 있으면 new RTCPeerConnection이 오류를 내고, 응용 프로그램은 그 옆의 서버로도 전혀 연결되지 \
     않습니다. Chromium 156과 Firefox 153에서 측정한 결과이며, 설정 전체는 rtc-doctor lint FILE로 판단합니다.",
);
pub(crate) const CREDENTIALS_WRONG: Said =
    said("What time-limited TURN credentials get wrong", "시간 제한 TURN 인증 정보의 흔한 결함");

pub(crate) const MEASURED: Said = said("What was measured", "측정 결과");
pub(crate) const CALLS: Said = said("calls", "통화");
pub(crate) const ASKED: Said = said("servers", "서버");
pub(crate) const OFFERED: Said = said("offers", "후보");

pub(crate) const THIS_NETWORK: Said = said("This network", "이 네트워크");
pub(crate) const BEHAVIOUR: Said = said("Behaviour", "동작");
pub(crate) const NONE_SEEN: Said = said("none seen", "보이지 않음");

/// What an answer about a NAT is called.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnswerName {
    pub(crate) name: Said,
    /// The same as a question, for people who have never heard of STUN.
    pub(crate) plain: Said,
}

macro_rules! names {
    ($($(#[$attribute:meta])* $answer:ident: $kind:ty => $shape:ident,
        $name:literal, $name_ko:literal, $plain:literal, $plain_ko:literal;)+) => {
        /// The names of all answers, each under its field.
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct AnswerNames { $(pub(crate) $answer: AnswerName,)+ }

        pub(crate) const NAT: AnswerNames = AnswerNames {
            $($answer: AnswerName { name: said($name, $name_ko), plain: said($plain, $plain_ko) },)+
        };
    };
}

nat_answers!(names);

pub(crate) const CALLS_FROM_HERE: Said = said("Calls from here", "이곳의 통화");
pub(crate) const A_CALL_WITH: Said = said("A call with", "통화 상대");
pub(crate) const GOES: Said = said("goes", "연결 방식");

pub(crate) const SERVERS: Said = said("Servers", "서버");
pub(crate) const SERVER: Said = said("Server", "서버");
pub(crate) const RESULT: Said = said("Result", "결과");

pub(crate) const CANDIDATES: Said =
    said("Candidates (what a browser here would offer)", "후보(이곳의 브라우저가 내놓을 주소)");
pub(crate) const CANDIDATE: Said = said("Candidate", "후보");
pub(crate) const ADDRESS: Said = said("Address", "주소");
pub(crate) const FROM: Said = said("From", "출처");

pub(crate) fn yes_no(yes: bool, lang: Lang) -> &'static str {
    if yes { said("yes", "예") } else { said("no", "아니요") }.to(lang)
}

/// Stands in place of a value that was not looked for; `why` is the title of a code.
pub(crate) fn not_tested(why: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("not tested: {}", mid_sentence(why)),
        Lang::Ko => format!("시험하지 않음: {why}"),
    }
}

/// Stands in place of a value that could not be told; `why` is the title of a code.
pub(crate) fn unclear(why: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("unclear: {}", mid_sentence(why)),
        Lang::Ko => format!("불분명: {why}"),
    }
}

/// The title with a small first letter, unless its first word is a name like "UDP".
fn mid_sentence(title: &str) -> String {
    let mut chars = title.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(chars).collect(),
        _ => title.to_owned(),
    }
}

/// What a cause explains: how many things, and the first of them.
pub(crate) fn explains_more(titles: &[String], lang: Lang) -> String {
    /// The most titles that are told: more would not be read.
    const TOLD: usize = 2;
    let count = titles.len();
    let rest = if count > TOLD { "; …" } else { "" };
    let told = titles.iter().take(TOLD).map(String::as_str).collect::<Vec<_>>().join("; ");
    match lang {
        Lang::En => format!("This explains {count} more: {told}{rest}."),
        Lang::Ko => format!("이것으로 설명되는 것 {count}건: {told}{rest}."),
    }
}

/// What a likely cause may be in its place.
pub(crate) fn may_be_instead(titles: &[String], lang: Lang) -> String {
    let told = titles.join("; ");
    match lang {
        Lang::En => format!("It may be this instead: {told}."),
        Lang::Ko => format!("그 대신 이것일 수도 있습니다: {told}."),
    }
}

/// A reflexive address that a server of one's own machine or network saw.
pub(crate) fn not_public(address: IpAddr, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{address} (not public)"),
        Lang::Ko => format!("{address}(공인 주소 아님)"),
    }
}

/// Several servers, each of another host.
pub(crate) fn so_many_servers(count: usize, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{count} servers"),
        Lang::Ko => format!("서버 {count}곳"),
    }
}

pub(crate) fn so_many_pass(count: usize, all: usize, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{count} of {all} pass"),
        Lang::Ko => format!("{all}곳 가운데 {count}곳 통과"),
    }
}

/// Of the servers that a browser was given.
pub(crate) fn so_many_gave(count: usize, all: usize, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{all} named; {count} gave candidates"),
        Lang::Ko => format!("{all}곳 지정됨, {count}곳에서 후보를 얻음"),
    }
}

/// How calls go where they go the same way with every class of peers.
pub(crate) fn with_everyone(goes: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{goes}, with every kind of network on the other side"),
        Lang::Ko => format!("상대방이 어떤 네트워크에 있든 {goes}"),
    }
}

/// Items of which a short face shows none.
pub(crate) fn so_many_by_details(count: usize, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{count}, shown by --details"),
        Lang::Ko => format!("{count}건(--details로 볼 수 있음)"),
    }
}

/// Items that a short face leaves out.
pub(crate) fn so_many_more(count: usize, lang: Lang) -> String {
    match lang {
        Lang::En => format!("and {count} more"),
        Lang::Ko => format!("외 {count}건"),
    }
}

/// Rows that a table on a terminal leaves out.
pub(crate) fn so_many_more_rows(count: usize, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{count} more; --json has them all."),
        Lang::Ko => format!("{count}개 더 있습니다. 모두 --json에 있습니다."),
    }
}

pub(crate) fn bytes(bytes: impl std::fmt::Display, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{bytes} bytes"),
        Lang::Ko => format!("{bytes}바이트"),
    }
}

pub(crate) fn milliseconds(Millis(ms): Millis) -> String {
    if ms < 9.95 { format!("{ms:.1} ms") } else { format!("{ms:.0} ms") }
}

/// Milliseconds, or seconds from one second on.
pub(crate) fn duration(time: Millis, lang: Lang) -> String {
    match lang {
        _ if time < Millis(1000.0) => milliseconds(time),
        Lang::En => format!("{:.1} s", time.seconds()),
        Lang::Ko => format!("{:.1}초", time.seconds()),
    }
}

pub(crate) fn seconds_at_least(seconds: u64, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{seconds} s at least"),
        Lang::Ko => format!("{seconds}초 이상"),
    }
}

/// A server and how it was asked; `what` is an address, or a URI.
pub(crate) fn over(what: &str, transport: impl std::fmt::Display, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{what} over {transport}"),
        Lang::Ko => format!("{what} ({transport})"),
    }
}

/// [`over`] for a server that may have had no address to be asked at.
pub(crate) fn asked_at(address: Option<SocketAddr>, transport: impl std::fmt::Display, lang: Lang) -> String {
    match (address, lang) {
        (Some(address), _) => over(&address.to_string(), transport, lang),
        (None, Lang::En) => format!("no address, over {transport}"),
        (None, Lang::Ko) => format!("주소 없음 ({transport})"),
    }
}

/// The report's last line.
pub(crate) fn took(took_ms: Millis, nat_known_ms: Option<Millis>, lang: Lang) -> String {
    let took = duration(took_ms, lang);
    let known = nat_known_ms.map(|ms| duration(ms, lang));
    match lang {
        Lang::En => {
            let known = known.map_or(String::new(), |known| format!(", NAT known after {known}"));
            format!("Took {took}{known}. rtc-doctor explain CODE says more about a [code].")
        }
        Lang::Ko => {
            let known = known.map_or(String::new(), |known| format!(", NAT 판정까지 {known}"));
            format!("걸린 시간: {took}{known}. [코드]의 자세한 설명은 rtc-doctor explain 코드로 볼 수 있습니다.")
        }
    }
}

/// Says where the tables are that the first screen leaves out.
pub(crate) const DETAILS: Said = said("--details shows everything.", "전체는 --details로 볼 수 있습니다.");

/// Names the document that says more, as the terminal can show it.
pub(crate) fn read_more(rfc: &str, ascii: bool, lang: Lang) -> String {
    let rfc = if ascii && lang.is_ascii() { rfc.replace('§', "section ") } else { rfc.to_owned() };
    format!("{}: {rfc}", READ_MORE.to(lang))
}

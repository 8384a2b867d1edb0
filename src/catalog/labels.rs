//! Short names for values, as they stand in tables.

use super::{Lang, Said, said};
use crate::model::{
    Behaviour, CandidateType, Code, Finding, InterfaceKind, Judged, Path, PeerClass, Severity, StageOutcome, Step,
};

/// The verdict in one plain line; `None` where it could not be told.
pub fn path_verdict(path: Option<Path>, lang: Lang) -> &'static str {
    let said = match path {
        Some(Path::Direct) => {
            said("Calls from here can go directly, peer to peer.", "이곳의 통화는 상대방과 직접 연결될 수 있습니다.")
        }
        Some(Path::Relay) => {
            said("Calls from here work, but go through a relay.", "이곳의 통화는 되지만 중계 서버를 거칩니다.")
        }
        Some(Path::None) => said("Calls from here will not connect.", "이곳의 통화는 연결되지 않습니다."),
        None => said("Could not tell how calls from here will go.", "이곳의 통화가 어떻게 될지 알 수 없었습니다."),
    };
    said.to(lang)
}

/// The verdict of a file that shows no check, by what is known of the path, or why nothing is.
pub fn saved_verdict(path: &Judged<Path>, lang: Lang) -> &'static str {
    let said = match path.why() {
        _ if path.value() == Some(&Path::None) => said("The call found no path.", "통화가 경로를 찾지 못했습니다."),
        Some(Code::SavedCallNoAnswer) => said(
            "No call came about: no answer to the offer came from signalling.",
            "제안에 대한 응답이 시그널링으로 오지 않아 통화하지 못했습니다.",
        ),
        Some(Code::SavedDescriptionRefused) => said(
            "No call came about: the browser refused the other end's description.",
            "브라우저가 상대방의 설명을 거부하여 통화하지 못했습니다.",
        ),
        Some(Code::SavedFileEmpty) => {
            said("The file holds no connection any more.", "파일에 남아 있는 연결이 없습니다.")
        }
        Some(Code::SavedFileBroken) => {
            said("The file is of a call, and cannot be read.", "통화 파일이지만 읽을 수 없습니다.")
        }
        Some(Code::SavedCallInPart) => said(
            "The file ends before it tells how the call went.",
            "통화가 어떻게 되었는지 나오기 전에 파일이 끝납니다.",
        ),
        _ => said("Could not tell how this call went.", "이 통화가 어떻게 되었는지 알 수 없었습니다."),
    };
    said.to(lang)
}

/// The verdict where the path could not be told by the servers that were named, and these work.
pub fn servers_verdict(lang: Lang) -> &'static str {
    let said = said(
        "The servers that were named work; how calls from here will go, they cannot tell.",
        "지정한 서버는 작동합니다. 이곳의 통화가 어떻게 될지는 이 서버들로 알 수 없습니다.",
    );
    said.to(lang)
}

/// The verdict where what the application was given leaves it without connections, whatever the network is.
pub fn left_without(found: &Finding, lang: Lang) -> String {
    let said = match &found.about.browsers {
        Some(browser) if !browser.is_several() => {
            return match lang {
                Lang::En => format!("Calls in {browser} fail before they begin: it refuses the configuration."),
                Lang::Ko => format!("통화가 시작도 되지 않는 브라우저: {browser}. 설정을 거부합니다."),
            };
        }
        Some(_) => said(
            "Calls fail before they begin: browsers refuse the configuration.",
            "브라우저가 설정을 거부하여 통화가 시작되지 않습니다.",
        ),
        None if Code::OF_NO_SOURCE.contains(&found.code) => said(
            "The application gets no ICE servers: its source gives none.",
            "응용 프로그램이 ICE 서버를 받지 못합니다. 서버를 주는 곳에서 주지 않습니다.",
        ),
        None => said(
            "The application has no ICE servers: calls beyond its own network fail.",
            "응용 프로그램에 ICE 서버가 없어 자기 네트워크 밖으로는 통화가 되지 않습니다.",
        ),
    };
    said.to(lang).to_owned()
}

/// What the verdict holds for, in a sentence beside it.
pub fn verdict_holds_for(only_this_machine: bool, lang: Lang) -> &'static str {
    let said = if only_this_machine {
        Said {
            en: "Only this machine was tested, against a server on itself: this says nothing of the network in front of it.",
            ko: "이 컴퓨터 안의 서버로 이 컴퓨터만 시험했습니다. 그 앞의 네트워크에 대해서는 아무것도 말해 주지 않습니다.",
        }
    } else {
        Said {
            en: "This holds where a typical home network is on the other side; see \"calls\" for the others.",
            ko: "상대방이 일반 가정의 네트워크에 있을 때의 판정입니다. 다른 경우는 아래의 통화 항목에 있습니다.",
        }
    };
    said.to(lang)
}

/// How a call goes, in a table.
pub fn path(path: Path, lang: Lang) -> &'static str {
    let said = match path {
        Path::Direct => said("direct", "직접 연결"),
        Path::Relay => said("through a relay", "중계 서버를 거침"),
        Path::None => said("no connection", "연결되지 않음"),
    };
    said.to(lang)
}

/// RFC 4787 §4.1 and §5.
pub fn behaviour(behaviour: Behaviour, lang: Lang) -> &'static str {
    let said = match behaviour {
        Behaviour::EndpointIndependent => said("endpoint-independent", "엔드포인트 독립적"),
        Behaviour::AddressDependent => said("address-dependent", "주소 의존적"),
        Behaviour::AddressAndPortDependent => said("address-and-port-dependent", "주소·포트 의존적"),
    };
    said.to(lang)
}

/// The network of a class of peers, as people know it.
pub fn peer(class: PeerClass, lang: Lang) -> &'static str {
    let said = match class {
        PeerClass::Open => said("a public server (SFU)", "공개 서버(SFU)"),
        PeerClass::EimEif => said("an open home router", "개방적인 가정용 공유기"),
        PeerClass::EimAdf => said("a mild home router", "느슨한 가정용 공유기"),
        PeerClass::EimApdf => said("a typical home router", "일반 가정용 공유기"),
        PeerClass::ApdmApdf => said("a strict company network", "엄격한 회사 네트워크"),
        PeerClass::UdpBlocked => said("a network without UDP", "UDP가 막힌 네트워크"),
    };
    said.to(lang)
}

/// How grave a finding is, in a word before its title.
pub fn severity(severity: Severity, lang: Lang) -> &'static str {
    let said = match severity {
        Severity::Critical => said("critical", "심각"),
        Severity::Warning => said("warning", "경고"),
        Severity::Info => said("note", "참고"),
    };
    said.to(lang)
}

/// How a stage of asking a server came out.
pub fn outcome(outcome: StageOutcome, lang: Lang) -> &'static str {
    let said = match outcome {
        StageOutcome::Passed => said("ok", "성공"),
        StageOutcome::Failed => said("failed", "실패"),
        StageOutcome::Silent => said("no answer", "응답 없음"),
        StageOutcome::NotTested => said("not tested", "시험하지 않음"),
    };
    said.to(lang)
}

/// What a stage does.
pub fn stage(step: Step, lang: Lang) -> &'static str {
    let said = match step {
        Step::Resolve => said("look up name", "이름 찾기"),
        Step::Connect => said("connect", "연결"),
        Step::Tls => said("TLS", "TLS"),
        Step::Binding => said("STUN answer", "STUN 응답"),
        Step::Challenge => said("asked for login", "인증 요구"),
        Step::Allocate => said("allocate", "할당"),
        Step::Permission => said("permission", "권한"),
        Step::Channel => said("channel", "채널"),
        Step::Refresh => said("refresh", "갱신"),
        Step::Release => said("release", "반납"),
        Step::RelayIn => said("relay, inwards", "중계(들어옴)"),
        Step::Call => said("whole call", "전체 통화"),
        Step::RelayOut => said("relay, outwards", "중계(나감)"),
        Step::RelayLarge => said("relay, large packets", "중계(큰 패킷)"),
    };
    said.to(lang)
}

/// The short names of RFC 8839 §5.1, which every tool shows as they are.
pub fn candidate_type(kind: CandidateType) -> &'static str {
    match kind {
        CandidateType::Host => "host",
        CandidateType::Srflx => "srflx",
        CandidateType::Prflx => "prflx",
        CandidateType::Relay => "relay",
    }
}

/// What a network interface is.
pub fn interface_kind(kind: InterfaceKind, lang: Lang) -> &'static str {
    let said = match kind {
        InterfaceKind::Loopback => said("loopback", "루프백"),
        InterfaceKind::Ethernet => said("Ethernet", "이더넷"),
        InterfaceKind::Wifi => said("Wi-Fi", "Wi-Fi"),
        InterfaceKind::Cellular => said("mobile", "모바일"),
        InterfaceKind::Vpn => said("VPN", "VPN"),
        InterfaceKind::Container => said("container", "컨테이너"),
        InterfaceKind::Other => said("other", "기타"),
    };
    said.to(lang)
}

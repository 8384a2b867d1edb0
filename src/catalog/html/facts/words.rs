//! What facts choose from few: in words, as they stand in a sentence. Names of the protocols are the same in every
//! language; what a server, the system or the other end says stays as it came.

use super::InSentence;
use crate::catalog::{Lang, Said, said, two_ends};
use crate::model::{
    Anomaly, Asked, CallBreak, CallStage, DnsFailure, DnsKind, DtlsRole, End, Failure, Leg, Malformed, Method,
    PairState, ProxyReach, RelayState, Role, TlsProblem,
};

/// Each value with its words.
macro_rules! in_words {
    ($($kind:ident { $($value:ident $({ $rest:tt })?: $en:literal, $ko:literal;)+ })+) => {
        $(impl InSentence for $kind {
            fn shown(&self, lang: Lang) -> String {
                let words = match self {
                    $(Self::$value $({ $rest })? => said($en, $ko),)+
                };
                words.to(lang).to_owned()
            }
        })+
    };
}

in_words! {
    Asked {
        Plain: "plain", "일반 요청";
        ChangeAddressAndPort: "from its other address and port", "다른 주소와 포트에서 응답하라는 요청";
        ChangePort: "from its other port", "다른 포트에서 응답하라는 요청";
        Rfc3489: "in RFC 3489's form", "RFC 3489 형식";
    }
    Method {
        Binding: "Binding", "Binding";
        Allocate: "Allocate", "Allocate";
        Refresh: "Refresh", "Refresh";
        CreatePermission: "CreatePermission", "CreatePermission";
        ChannelBind: "ChannelBind", "ChannelBind";
    }
    DnsKind {
        A: "A", "A";
        Aaaa: "AAAA", "AAAA";
        Srv: "SRV", "SRV";
    }
    ProxyReach {
        Answered: "the server answered", "서버가 응답함";
        Allocated: "the server gave an allocation", "서버가 할당을 줌";
        Relayed: "bytes crossed the relay both ways", "중계가 양방향으로 됨";
    }
    Leg {
        In: "to us", "이쪽으로";
        Out: "from us", "이쪽에서";
    }
    End {
        Ours: "this end", "이쪽";
        Theirs: "the other end", "상대방";
    }
    Role {
        Controlling: "controlling", "제어하는 쪽";
        Controlled: "controlled", "제어받는 쪽";
    }
    DtlsRole {
        Client: "client", "클라이언트";
        Server: "server", "서버";
    }
    RelayState {
        Answers: "it answers", "응답함";
        Silent: "it is silent", "응답 없음";
        Forgotten { .. }: "it knows of no allocation any more", "할당이 더는 없음";
        Closed: "the connection to it is closed", "연결이 닫힘";
    }
    CallStage {
        Gathered: "candidates gathered", "후보를 모음";
        ChecksStarted: "checks begun", "확인을 시작함";
        Connected: "a pair chosen", "쌍이 선택됨";
        Dtls: "DTLS done", "DTLS 완료";
        ChannelOpen: "data channel open", "데이터 채널 열림";
        FirstMedia: "first media", "첫 미디어";
    }
    CallBreak {
        DtlsSilent { .. }: "the DTLS handshake did not end", "DTLS 핸드셰이크가 끝나지 않음";
        DtlsFailed { .. }: "the DTLS handshake failed", "DTLS 핸드셰이크 실패";
        DtlsRejected { .. }: "the DTLS handshake failed", "DTLS 핸드셰이크 실패";
        DiedUnsecured { .. }: "the path fell silent before the call was secured", "보안 연결 전에 길의 응답이 끊김";
        WrongFingerprint: "the certificate is not the one announced", "알려 온 인증서가 아님";
        DescriptionUnusable { .. }: "the description cannot be used", "설명을 쓸 수 없음";
        Cut { .. }: "nothing came any more", "더는 아무것도 오지 않음";
        Closed { .. }: "the other end closed it", "상대방이 통화를 끝냄";
    }
}

impl InSentence for PairState {
    fn shown(&self, lang: Lang) -> String {
        two_ends::state(*self, lang).to_owned()
    }
}

impl InSentence for Anomaly {
    fn shown(&self, lang: Lang) -> String {
        let words = match self {
            Self::Malformed { problem } => return problem.shown(lang),
            Self::Lenient { problem } => return problem.shown(lang),
            Self::UnknownRequired { attributes } => {
                return Malformed::required_attributes(attributes).shown(lang);
            }
            Self::WrongSource { from } => {
                return format!("{}: {from}", said("from elsewhere", "다른 곳에서 온 응답").to(lang));
            }
            Self::Conflicting => said("a second, different answer", "두 번째의 다른 응답"),
            Self::Stale => said("an answer to nothing that is still asked", "더는 묻고 있지 않은 것에 대한 응답"),
            Self::IntegrityFailed => {
                said("MESSAGE-INTEGRITY or FINGERPRINT does not fit", "MESSAGE-INTEGRITY나 FINGERPRINT가 맞지 않음")
            }
            Self::Rfc3489 => said("in RFC 3489's form", "RFC 3489 형식"),
        };
        words.to(lang).to_owned()
    }
}

impl InSentence for Failure {
    fn shown(&self, lang: Lang) -> String {
        match self {
            Self::Tls { problem } => problem.shown(lang),
            Self::Other { message } => message.shown(lang),
            _ => self.refusal().map_or_else(String::new, |refusal| refusal.shown(lang)),
        }
    }
}

impl InSentence for DnsFailure {
    fn shown(&self, lang: Lang) -> String {
        let words = match self {
            Self::NoSuchName => said("the name does not exist", "없는 이름"),
            Self::NoData => said("it has none", "그런 레코드가 없음"),
            Self::ServerFailure => said("the name server failed", "DNS 서버 오류"),
            Self::Refused => said("the name server refused", "DNS 서버가 거절함"),
            Self::TimedOut => said("the name server did not answer", "DNS 서버가 응답하지 않음"),
            Self::NotHeard { message } => {
                let unheard = said("no name server was heard", "DNS 서버의 응답을 듣지 못함");
                return format!("{}: {}", unheard.to(lang), message.shown(lang));
            }
            Self::NoNameServer => said("there is no name server to ask", "물어볼 DNS 서버가 없음"),
            Self::Other { message } => return message.shown(lang),
        };
        words.to(lang).to_owned()
    }
}

impl InSentence for TlsProblem {
    fn shown(&self, lang: Lang) -> String {
        let with = |words: Said, said: &str| format!("{}: {said}", words.to(lang));
        let words = match self {
            Self::Expired => said("the certificate has expired", "인증서가 만료됨"),
            Self::NotYetValid => said("the certificate is not valid yet", "인증서가 아직 유효하지 않음"),
            Self::WrongName => said("the certificate is for other names", "다른 이름의 인증서"),
            Self::SelfSigned => said("the certificate is self-signed", "자체 서명된 인증서"),
            Self::UnknownIssuer => said("the certificate's issuer is not trusted", "신뢰할 수 없는 발급자의 인증서"),
            Self::Revoked => said("the certificate is revoked", "폐기된 인증서"),
            Self::TimedOut => said("the TLS handshake did not end in time", "TLS 핸드셰이크 시간 초과"),
            Self::Closed => said("closed in the TLS handshake", "TLS 핸드셰이크 도중에 연결이 닫힘"),
            Self::BadCertificate { message } => {
                return with(said("the certificate is broken", "깨진 인증서"), message.as_str());
            }
            Self::NotTls { first_bytes } => return with(said("not TLS", "TLS가 아님"), first_bytes.as_str()),
            Self::NothingInCommon { message } => {
                return with(said("nothing in common", "공통된 버전이나 암호가 없음"), message.as_str());
            }
            Self::Alert { message } => return with(said("TLS alert", "TLS 경보"), message.as_str()),
            Self::Other { message } => return message.shown(lang),
        };
        words.to(lang).to_owned()
    }
}

//! The values of a finding in its texts: each as a reader of that language writes it. The tool's own words are
//! translated; what a server, the system or the other end says stays as it came.

use super::{Detail, Lang, said, words};
use crate::model::{
    BrowserRefusal, CallFault, CandidateField, CodeError, CodePart, Count, DecodeError, Endpoint, FailureMessage,
    Family, FingerprintError, Host, InflateError, Leniency, Limit, LineError, Malformed, Millis, NamePlace, PeerClass,
    Quoted, Reason, RecordError, Refusal, RefusedCandidate, RefusedMessage, SdpError, Seconds, Several,
    SignallingTransport, SourceRefusal, Tenths, Text, Transport, Unfit,
};
use std::net::{IpAddr, SocketAddr};

/// A value that a text can hold.
pub trait Shown {
    /// Whether it is a number of things.
    const IS_NUMBER: bool = false;

    /// The value as it stands in a text of this language.
    fn shown(&self, lang: Lang) -> String;

    /// Whether it is a number other than 1, or names several things.
    fn is_several(&self) -> bool {
        false
    }
}

/// A number that is not known is one of several.
pub(super) fn is_several<T: Shown>(value: Option<&T>) -> bool {
    value.map_or(T::IS_NUMBER, Shown::is_several)
}

macro_rules! alike_in_every_language {
    ($($type:ty),+) => {
        $(impl Shown for $type {
            fn shown(&self, _: Lang) -> String {
                self.to_string()
            }
        })+
    };
}

alike_in_every_language!(String, SocketAddr, Transport, Family, u16);

macro_rules! numbers {
    ($($type:ty: $one:literal),+) => {
        $(impl Shown for $type {
            const IS_NUMBER: bool = true;

            fn shown(&self, _: Lang) -> String {
                self.to_string()
            }

            fn is_several(&self) -> bool {
                *self != $one
            }
        })+
    };
}

numbers!(u32: 1, u64: 1, f64: 1.0);

impl Shown for Endpoint {
    fn shown(&self, _: Lang) -> String {
        self.to_string()
    }

    fn is_several(&self) -> bool {
        matches!(self, Self::Several(addresses) if addresses.len() > 1)
    }
}

impl Shown for Several {
    fn shown(&self, _: Lang) -> String {
        self.to_string()
    }

    fn is_several(&self) -> bool {
        Several::is_several(self)
    }
}

/// A value within a phrase.
trait InPhrase {
    /// What is written there.
    type Written;

    fn in_phrase(&self, lang: Lang) -> Self::Written;
}

macro_rules! written_alike {
    ($($type:ty),+) => { $(impl InPhrase for $type {
        type Written = Self;

        fn in_phrase(&self, _: Lang) -> Self {
            Self::clone(self)
        }
    })+ };
}

written_alike!(char, u16, u32, u64, usize, String, IpAddr, Host, Quoted);

/// The English phrase is what it displays.
macro_rules! translated {
    ($name:ident: $about:literal {
        $($phrase:ident $({ $($value:ident: $type:ty),+ })?: $text:literal, $translated:literal;)+
    }) => {
        impl Shown for $name {
            fn shown(&self, lang: Lang) -> String {
                match (lang, self) {
                    (Lang::En, _) => self.to_string(),
                    $((Lang::Ko, Self::$phrase $({ $($value),+ })?) => {
                        $($(let $value = $value.in_phrase(lang);)+)?
                        format!($translated)
                    })+
                    (Lang::Ko, Self::Other(text)) => text.as_str().to_owned(),
                }
            }
        }

        impl InPhrase for $name {
            type Written = String;

            fn in_phrase(&self, lang: Lang) -> String {
                self.shown(lang)
            }
        }
    };
}

phrases!(translated);

fn several<T: Shown>(items: &[T], lang: Lang) -> String {
    Several::of(items.iter().map(|item| item.shown(lang))).to_string()
}

impl Shown for Reason {
    fn shown(&self, lang: Lang) -> String {
        match self {
            Self::Refusal(refusal) => refusal.shown(lang),
            Self::Malformed(malformed) => malformed.shown(lang),
            Self::Failure(message) => message.shown(lang),
            Self::Browser(refusal) => refusal.shown(lang),
            Self::Source(refusal) => refusal.shown(lang),
            Self::Messages(messages) => several(messages, lang),
            Self::Candidates(candidates) => several(candidates, lang),
            Self::Code(code) => words(*code, &Detail::default(), lang).title,
            Self::Said(text) => text.clone(),
        }
    }
}

impl Shown for Millis {
    fn shown(&self, lang: Lang) -> String {
        self.0.shown(lang)
    }
}

impl Shown for Text {
    fn shown(&self, _: Lang) -> String {
        self.as_str().to_owned()
    }
}

impl Shown for Count {
    const IS_NUMBER: bool = true;

    fn shown(&self, _: Lang) -> String {
        self.number().to_string()
    }

    fn is_several(&self) -> bool {
        self.number() != 1
    }
}

impl Shown for Seconds {
    fn shown(&self, lang: Lang) -> String {
        format!("{}{}", self.0.as_secs(), said(" s", "초").to(lang))
    }
}

impl Shown for Tenths {
    fn shown(&self, lang: Lang) -> String {
        format!("{:.1}{}", self.0.as_secs_f64(), said(" s", "초").to(lang))
    }
}

/// A transport by its name in the standards, where it has one.
impl Shown for SignallingTransport {
    fn shown(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::CopyPaste, Lang::Ko) => "복사해서 붙여 넣기".to_owned(),
            (Self::LongPolling, Lang::Ko) => "HTTP 롱 폴링".to_owned(),
            _ => self.to_string(),
        }
    }
}

impl Shown for NamePlace {
    fn shown(&self, lang: Lang) -> String {
        match (lang, self) {
            (Lang::En, _) => self.to_string(),
            (Lang::Ko, Self::Nobody) => "누구의 것도 아닌 주소".to_owned(),
            (Lang::Ko, Self::ThisMachine) => "이 컴퓨터 자신의 주소".to_owned(),
            (Lang::Ko, Self::Router) => "이 네트워크의 공유기 주소".to_owned(),
            (Lang::Ko, Self::Link) => "라우터가 전달하지 않는 링크 로컬 주소".to_owned(),
            (Lang::Ko, Self::Examples) => "문서의 예시에만 쓰도록 정해진 주소".to_owned(),
        }
    }
}

impl Shown for PeerClass {
    fn shown(&self, lang: Lang) -> String {
        super::peer(*self, lang).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;
    use std::time::Duration;

    #[test]
    fn the_tools_own_words_are_translated_and_a_strangers_are_not() {
        assert_eq!(Refusal::NoRoute.shown(Lang::Ko), "경로 없음");
        assert_eq!(Refusal::NoRoute.shown(Lang::En), "no route");
        assert_eq!(Reason::Said("Allocation Quota Reached".to_owned()).shown(Lang::Ko), "Allocation Quota Reached");
        assert_eq!(Seconds(Duration::from_secs(30)).shown(Lang::Ko), "30초");
        assert_eq!(Limit::Datagrams.shown(Lang::Ko), "한꺼번에 쏟아진 데이터그램");
    }

    #[test]
    fn a_router_that_says_no_is_named_in_every_language() {
        let by = Reason::from(Refusal::ProhibitedBy { router: IpAddr::from([192, 0, 2, 77]) });
        assert_eq!(by.shown(Lang::En), "administratively prohibited, says 192.0.2.77");
        assert_eq!(by.shown(Lang::Ko), "관리 정책으로 금지됨(알려 온 곳: 192.0.2.77)");
    }
}

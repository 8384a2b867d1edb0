//! What a finding is about, as values of their types. Only in JSON and in a text do they become words.

use super::{Family, Limit, Millis, NamePlace, PeerClass, Reason, Several, SignallingTransport, Text, Transport};
use serde::de::Deserializer;
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

macro_rules! declare {
    ($($name:ident: $type:ty, $meaning:literal, $en:literal, $ko:literal;)+) => {
        /// What a finding is about: each value only where the finding has the thing.
        ///
        /// In JSON an object of strings, by the names of the placeholders in the catalogue's texts. A value that a
        /// later release writes otherwise is left out when it is read.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Detail {
            $(#[doc = $meaning] pub $name: Option<$type>,)+
        }

        impl Detail {
            $(
                #[doc = concat!("With ", $meaning, ".")]
                #[must_use]
                pub fn $name(self, $name: impl Into<Option<$type>>) -> Self {
                    Self { $name: $name.into(), ..self }
                }
            )+

            /// What either says; of what both do, what the other says.
            #[must_use]
            pub fn and(self, other: Self) -> Self {
                Self { $($name: other.$name.or(self.$name),)+ }
            }

            /// As in JSON.
            pub fn texts(&self) -> BTreeMap<&'static str, String> {
                let mut texts = BTreeMap::new();
                $(texts.extend(self.$name.as_ref().map(|value| (stringify!($name), value.write())));)+
                texts.extend(self.count.and_then(Count::unit).map(|unit| ("unit", unit.to_owned())));
                texts
            }

            /// From what stands in JSON: what is not of its type is left out.
            pub fn read(texts: &BTreeMap<String, String>) -> Self {
                let detail = Self { $($name: texts.get(stringify!($name)).and_then(|text| Value::read(text)),)+ };
                let unit = texts.get("unit").map(String::as_str);
                Self { count: detail.count.map(|count| Count::new(count.number(), unit)), ..detail }
            }
        }
    };
}

details!(declare);

impl Detail {
    /// Whether nothing is known beside the finding itself.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// A value as it stands in JSON.
    pub fn get(&self, name: &str) -> Option<String> {
        self.texts().remove(name)
    }
}

impl Serialize for Detail {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.texts().serialize(to)
    }
}

impl<'de> Deserialize<'de> for Detail {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(from).map(|texts| Self::read(&texts))
    }
}

/// An address, with a port where it has one, or several addresses of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// Without a port.
    Address(IpAddr),
    /// With its port.
    Socket(SocketAddr),
    /// With commas, without their ports.
    Several(Vec<IpAddr>),
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Socket(socket) => socket.fmt(f),
            Self::Several(addresses) => {
                f.write_str(&addresses.iter().map(IpAddr::to_string).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

impl FromStr for Endpoint {
    type Err = std::net::AddrParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let several = || text.split(", ").map(str::parse).collect::<Result<_, _>>().map(Self::Several);
        text.parse().map(Self::Socket).or_else(|_| text.parse().map(Self::Address)).or_else(|_| several())
    }
}

/// A number of things, or a time. In JSON the number, with a `unit` beside it where it is a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// A number of things, such as pairs or observations.
    Of(u64),
    /// `unit`: "ms".
    Milliseconds(u64),
    /// `unit`: "s".
    Seconds(u64),
}

impl Count {
    /// A count without a unit is one of things, as an earlier release writes all of them.
    fn new(number: u64, unit: Option<&str>) -> Self {
        match unit {
            Some("ms") => Self::Milliseconds(number),
            Some("s") => Self::Seconds(number),
            Some(_) | None => Self::Of(number),
        }
    }

    /// To the nearest millisecond; a time of no sense is none.
    pub fn of_milliseconds(time: Millis) -> Self {
        Self::Milliseconds(nearest(time.0))
    }

    /// To the nearest second.
    pub fn of_seconds(time: Millis) -> Self {
        Self::Seconds(nearest(time.seconds()))
    }

    /// The bare number: of things, of milliseconds or of seconds.
    pub fn number(self) -> u64 {
        match self {
            Self::Of(number) | Self::Milliseconds(number) | Self::Seconds(number) => number,
        }
    }

    fn unit(self) -> Option<&'static str> {
        match self {
            Self::Of(_) => None,
            Self::Milliseconds(_) => Some("ms"),
            Self::Seconds(_) => Some("s"),
        }
    }
}

/// A cast saturates, and takes what is no number for 0.
fn nearest(number: f64) -> u64 {
    number.round_ties_even() as u64
}

/// A time of which whole seconds matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seconds(pub Duration);

/// A time of which tenths of a second matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tenths(pub Duration);

impl Tenths {
    /// A time of no sense is none.
    pub fn of_milliseconds(time: Millis) -> Self {
        Self(time.duration().unwrap_or_default())
    }
}

/// How a value stands in JSON.
trait Value: Sized {
    fn write(&self) -> String;
    /// None where it is not of this type.
    fn read(text: &str) -> Option<Self>;
}

macro_rules! as_displayed {
    ($($type:ty),+) => {
        $(impl Value for $type {
            fn write(&self) -> String {
                self.to_string()
            }

            fn read(text: &str) -> Option<Self> {
                text.parse().ok()
            }
        })+
    };
}

as_displayed!(String, Endpoint, SocketAddr, f64, u16, u32, u64);

/// What is displayed by one of few names.
macro_rules! by_name {
    ($($type:ty: $all:expr;)+) => {
        $(impl Value for $type {
            fn write(&self) -> String {
                self.to_string()
            }

            fn read(text: &str) -> Option<Self> {
                $all.into_iter().find(|value| value.to_string() == text)
            }
        })+
    };
}

by_name! {
    Family: Family::ALL;
    Transport: Transport::ALL;
    SignallingTransport: SignallingTransport::ALL;
    PeerClass: PeerClass::ALL;
    NamePlace: NamePlace::ALL;
}

impl Value for Millis {
    fn write(&self) -> String {
        self.0.write()
    }

    fn read(text: &str) -> Option<Self> {
        f64::read(text).map(Self)
    }
}

impl Value for Text {
    fn write(&self) -> String {
        self.as_str().to_owned()
    }

    fn read(text: &str) -> Option<Self> {
        Some(Self::new(text))
    }
}

impl Value for Several {
    fn write(&self) -> String {
        self.to_string()
    }

    fn read(text: &str) -> Option<Self> {
        Some(Self(text.split(", ").map(str::to_owned).collect()))
    }
}

impl Value for Reason {
    fn write(&self) -> String {
        self.to_string()
    }

    fn read(text: &str) -> Option<Self> {
        Some(text.to_owned().into())
    }
}

impl Value for Limit {
    fn write(&self) -> String {
        self.to_string()
    }

    fn read(text: &str) -> Option<Self> {
        Some(text.to_owned().into())
    }
}

impl Value for Count {
    fn write(&self) -> String {
        self.number().to_string()
    }

    fn read(text: &str) -> Option<Self> {
        text.parse().ok().map(Self::Of)
    }
}

impl Value for Seconds {
    fn write(&self) -> String {
        format!("{} s", self.0.as_secs())
    }

    fn read(text: &str) -> Option<Self> {
        text.strip_suffix(" s")?.parse().ok().map(Duration::from_secs).map(Self)
    }
}

impl Value for Tenths {
    fn write(&self) -> String {
        format!("{:.1} s", self.0.as_secs_f64())
    }

    fn read(text: &str) -> Option<Self> {
        Duration::try_from_secs_f64(text.strip_suffix(" s")?.parse().ok()?).ok().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Detail {
        Detail::default()
            .server("turn:turn.example.org".to_owned())
            .address(Endpoint::Socket(SocketAddr::from(([192, 0, 2, 1], 3478))))
            .transport(Transport::Udp)
            .family(Family::Ipv6)
            .public(Several::of(["203.0.113.7", "203.0.113.8"]))
            .lifetime(Seconds(Duration::from_secs(35)))
            .time(Tenths::of_milliseconds(Millis(1400.0)))
            .loss(1.5)
            .what(Limit::Datagrams)
            .count(Count::Milliseconds(120))
            .reason(Reason::Said("Quota".to_owned()))
            .carrier(SignallingTransport::LongPolling)
            .class(PeerClass::EimApdf)
    }

    #[test]
    fn it_is_an_object_of_strings_in_json_and_reads_back_as_it_was() {
        let json = serde_json::to_value(whole()).expect("is data");
        let expected = serde_json::json!({
            "server": "turn:turn.example.org", "address": "192.0.2.1:3478", "transport": "UDP", "family": "IPv6",
            "public": "203.0.113.7, 203.0.113.8", "lifetime": "35 s", "time": "1.4 s", "loss": "1.5",
            "what": "datagrams in a flood", "count": "120", "unit": "ms", "reason": "Quota",
            "carrier": "HTTP long polling", "class": "eim-apdf",
        });
        assert_eq!(json, expected);
        assert_eq!(serde_json::from_value::<Detail>(json).expect("reads back"), whole());
    }

    #[test]
    fn a_value_of_another_release_is_left_out_and_the_rest_is_read() {
        let json = serde_json::json!({"transport": "QUIC", "count": "7", "planet": "Mars"});
        let read = serde_json::from_value::<Detail>(json).expect("is read");
        assert_eq!(read, Detail::default().count(Count::Of(7)));
    }

    #[test]
    fn a_time_of_no_sense_is_none() {
        for ms in [f64::NAN, -1.0, f64::NEG_INFINITY].map(Millis) {
            assert_eq!((Count::of_seconds(ms).number(), Tenths::of_milliseconds(ms).0), (0, Duration::ZERO));
        }
    }
}

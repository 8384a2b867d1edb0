//! The codes under which the tool says things: stable names, explained in the catalogue.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Takes the name, the group and, as documentation, the English title out of each row.
macro_rules! declare {
    ($($code:ident: $group:ident, $rfc:literal { title: $title:literal, $translated:literal; $($words:tt)* })+) => {
        /// What a finding, a reason or an advice is called. In JSON and on the command line in kebab-case.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Code {
            $(#[doc = concat!("`", $title, "`")] $code,)+
        }

        impl Code {
            /// Whether it says what is wrong with time-limited credentials.
            pub fn is_of_credentials(self) -> bool {
                matches!(
                    self,
                    Self::CredentialsExpired
                        | Self::CredentialsNotExpiry
                        | Self::CredentialsInMilliseconds
                        | Self::CredentialsBeyondRange
                        | Self::CredentialsNotInteger
                        | Self::CredentialsWithoutExpiry
                        | Self::CredentialsWrongEncoding
                        | Self::CredentialsWrongSecret
                        | Self::CredentialsNull
                )
            }

            /// Every code, in the order in which `explain` lists them.
            pub const ALL: &'static [Self] = &[$(Self::$code,)+];

            /// What the code says something about.
            pub const fn group(self) -> Group {
                match self {
                    $(Self::$code => Group::$group,)+
                }
            }
        }
    };
}

codes!(declare);

/// What a code says something about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// How the tool was run: what it was not asked for, had no time for or left out.
    Run,
    /// The ICE servers that an application hands its browsers.
    Configuration,
    /// This machine: its interfaces, its firewall, its sockets.
    Machine,
    /// What a network asks before it lets anyone through, such as a sign-in page.
    Access,
    /// The names of servers, and DNS.
    Names,
    /// Whether anything passes at all, over which family.
    Reach,
    /// How addresses are translated and what is let in, in the terms of RFC 4787.
    Nat,
    /// How well packets pass: loss and size.
    Quality,
    /// STUN servers, and what is before TURN in a TURN server: its socket, its TLS.
    Servers,
    /// Relaying by TURN servers (RFC 8656).
    Relays,
    /// What the other end of a call says of itself.
    Peer,
    /// How the descriptions of the two ends get to each other.
    Signalling,
    /// The candidate pairs of two ends (RFC 8445).
    Pairs,
    /// What a browser on this machine offers and reports.
    Browser,
    /// Calls that were made.
    Calls,
    /// Why a call goes the way it goes.
    Path,
    /// What single change would make a call direct.
    Change,
}

impl Code {
    /// By which of them it is told that an application makes no connection beyond its own network, in whatever network it is:
    /// browsers refuse its configuration, or see no server in it.
    pub const LEAVES_NO_CONNECTION: [Self; 5] = [
        Self::SourceUriRefused,
        Self::SourceShapeRefused,
        Self::SourceShapeIgnored,
        Self::SourceTurnWithoutCredentials,
        Self::SourceOffersNothing,
    ];

    /// By which of them it is told that a source of ICE servers gave none.
    pub const OF_NO_SOURCE: [Self; 14] = [
        Self::SourceUnreachable,
        Self::SourceCertificate,
        Self::SourceRejectedSecret,
        Self::SourceWantsSecret,
        Self::SourceNoWebSocket,
        Self::SourceForbidden,
        Self::SourceNotThis,
        Self::SourceLimited,
        Self::SourceFails,
        Self::SourceRedirects,
        Self::SourceTokenExpired,
        Self::SourceTokenNotYetValid,
        Self::SourceClockSkew,
        Self::OpenviduNoMediaNode,
    ];
}

impl std::fmt::Display for Code {
    /// The name in kebab-case, as in JSON.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.serialize(f)
    }
}

impl std::str::FromStr for Code {
    type Err = serde::de::value::Error;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        use serde::de::IntoDeserializer;
        Self::deserialize(name.into_deserializer())
    }
}

/// The names alone: what each of them says is the catalogue's matter and in two languages.
impl JsonSchema for Code {
    fn schema_name() -> Cow<'static, str> {
        "Code".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "What a finding, a reason or an advice is called. In JSON and on the command line in kebab-case.",
            "type": "string",
            "enum": Self::ALL,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn every_code_reads_back_from_its_name() {
        for code in Code::ALL {
            assert_eq!(code.to_string().parse::<Code>(), Ok(*code));
        }
        assert_eq!(Code::UdpBlocked.to_string(), "udp-blocked");
    }
}

//! What is worth telling of a configuration, and how grave is it?

use super::browser::{Browsers, RefusedEntry, refused_server};
use super::credentials::{self, CredentialSign};
use super::date::{date, minute};
use super::mended::mended_uri;
use super::scheme::{relays, stripped};
use super::server::{ConfiguredServer, Given};
use super::shape::{Configuration, DocumentShape, RefusedMember, TransportPolicy};
use super::uri::refused_uri;
use crate::model::{BrowserRefusal as Why, Code, Detail, Scheme, Scope, Severity, Target, Transport, masked_uri};
use std::cmp::Reverse;

/// One thing that is wrong, or worth knowing.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What it is.
    pub code: Code,
    /// Critical is what leaves the application without connections.
    pub severity: Severity,
    /// Where it stands, and what a text may say of it. No password is in it.
    pub about: Detail,
}

struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, code: Code, severity: Severity, about: Detail) {
        self.0.push(Fault { code, severity, about });
    }
}

/// All that can be told at a time in seconds since 1970, worst first and then in the order of the servers. `secret` is what
/// the application and its TURN server share, where that is in hand.
pub fn faults(configuration: &Configuration, secret: Option<&str>, now_s: u64) -> Vec<Fault> {
    let mut list = Faults(Vec::new());
    of_shape(configuration, &mut list);
    // What browsers do not see cannot be refused by them.
    if configuration.shape == DocumentShape::Misspelt {
        return list.0;
    }
    let is_answer = configuration.shape == DocumentShape::Answer;
    for (index, server) in configuration.servers.iter().enumerate() {
        let place = format!("iceServers[{index}]");
        of_server(server, is_answer, &place, &mut list);
        of_uris(server, &place, &mut list);
        of_credentials(server, &place, secret, now_s, &mut list);
    }
    of_what_is_offered(configuration, &mut list);
    list.0.sort_by_key(|fault| Reverse(fault.severity));
    list.0
}

fn of_shape(configuration: &Configuration, list: &mut Faults) {
    let refused = |why: Why| about(&RefusedEntry { why, by: Browsers::Both });
    match configuration.shape {
        DocumentShape::Configuration => {}
        DocumentShape::List | DocumentShape::Answer => {
            list.add(Code::SourceShapeOther, Severity::Info, Detail::default())
        }
        DocumentShape::NoArray => list.add(Code::SourceShapeRefused, Severity::Critical, refused(Why::NoArray)),
        DocumentShape::Misspelt => list.add(Code::SourceShapeIgnored, Severity::Critical, Detail::default()),
    }
    if configuration.policy == TransportPolicy::Unknown {
        let place = "iceTransportPolicy".to_owned();
        list.add(Code::SourceShapeRefused, Severity::Critical, refused(Why::UnknownPolicy).place(place));
    }
    // Of an answer the application takes what it wants.
    let is_handed_over = configuration.shape != DocumentShape::Answer;
    for member in configuration.refused.iter().filter(|_| is_handed_over) {
        let (why, by) = match member {
            RefusedMember::BundlePolicy => (Why::UnknownBundling, Browsers::Both),
            RefusedMember::RtcpMuxPolicy => (Why::UnknownMultiplexing, Browsers::Both),
            RefusedMember::IceCandidatePoolSize => (Why::PoolSize, Browsers::Chromium),
            RefusedMember::Certificates => (Why::NoCertificates, Browsers::Both),
        };
        let about = about(&RefusedEntry { why, by }).place(member.name().to_owned());
        list.add(Code::SourceShapeRefused, Severity::Critical, about);
    }
}

fn about(refused: &RefusedEntry) -> Detail {
    Detail::default().reason(Some(refused.why.clone().into())).browsers(refused.by.names())
}

fn of_server(server: &ConfiguredServer, is_answer: bool, place: &str, list: &mut Faults) {
    let Some(refused) = refused_server(server, is_answer) else { return };
    let about = about(&refused).place(place.to_owned());
    match refused.why {
        Why::NoCredentials | Why::CredentialNames | Why::EmptyCredential | Why::EmptyUsername => {
            list.add(Code::SourceTurnWithoutCredentials, Severity::Critical, about);
        }
        _ => list.add(Code::SourceShapeRefused, Severity::Critical, about),
    }
}

fn of_uris(server: &ConfiguredServer, place: &str, list: &mut Faults) {
    for (number, uri) in server.urls.iter().flatten().enumerate() {
        let at = Detail::default().place(format!("{place}.urls[{number}]")).server(masked_uri(uri));
        if let Some(refused) = refused_uri(uri) {
            let about = about(&refused).and(at).mended(mended_uri(uri));
            list.add(Code::SourceUriRefused, Severity::Critical, about);
            continue;
        }
        let Ok(target) = stripped(uri).parse::<Target>() else { continue };
        let scope = match target.literal() {
            Some(address) => Scope::of(address),
            None if target.host == "localhost" || target.host.ends_with(".localhost") => Scope::Loopback,
            None if is_local(&target.host) => Scope::Private,
            None => Scope::Public,
        };
        if scope < Scope::Public {
            list.add(Code::SourceUriPrivate, Severity::Warning, at.clone());
        }
        if target.port == Some(53) {
            list.add(Code::SourceUriPortBlocked, Severity::Info, at.clone());
        }
        if target.transport == Transport::Dtls && target.scheme == Scheme::Turns {
            list.add(Code::SourceUriDtls, Severity::Info, at);
        }
    }
}

/// Whether a name means something in one network alone: one of a single label, as containers have, or below a domain that the
/// public DNS does not have (RFC 6762 §3, RFC 8375, ICANN's .internal, and those of home routers).
fn is_local(name: &str) -> bool {
    const LOCAL: [&str; 7] = ["local", "internal", "home.arpa", "lan", "home", "corp", "intranet"];
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    !name.contains('.') || LOCAL.iter().any(|domain| name.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
}

fn of_credentials(server: &ConfiguredServer, place: &str, secret: Option<&str>, now_s: u64, list: &mut Faults) {
    let Some(relay) = server.urls.iter().flatten().find(|uri| relays(uri)) else { return };
    let at = || Detail::default().place(place.to_owned()).server(masked_uri(relay));
    if [&server.username, &server.credential].contains(&&Given::Null) {
        list.add(Code::CredentialsNull, Severity::Critical, at());
    }
    let (Given::Text(username), Given::Text(credential)) = (&server.username, &server.credential) else { return };
    for sign in credentials::signs(username, credential, secret, now_s) {
        let of_form = |why: Why| at().reason(Some(why.into()));
        match sign {
            CredentialSign::Expired { ago_s } => {
                let since = at().until(minute(now_s.saturating_sub(ago_s)));
                list.add(Code::CredentialsExpired, Severity::Critical, since);
            }
            CredentialSign::TimeOfMaking => list.add(Code::CredentialsNotExpiry, Severity::Critical, at()),
            CredentialSign::Milliseconds { changes_s, .. } => {
                let next = at().until(date(changes_s));
                list.add(Code::CredentialsInMilliseconds, Severity::Critical, next);
            }
            CredentialSign::BeyondRange => list.add(Code::CredentialsBeyondRange, Severity::Critical, at()),
            CredentialSign::Fraction => list.add(Code::CredentialsNotInteger, Severity::Critical, at()),
            CredentialSign::NoExpiry => list.add(Code::CredentialsWithoutExpiry, Severity::Critical, at()),
            CredentialSign::ShortLife { .. } => list.add(Code::CredentialsLifeShort, Severity::Warning, at()),
            CredentialSign::LongLife { left_s } => {
                let until = at().until(date(now_s.saturating_add(left_s)));
                list.add(Code::CredentialsLifeLong, Severity::Warning, until);
            }
            CredentialSign::Hexadecimal => {
                list.add(Code::CredentialsWrongEncoding, Severity::Critical, of_form(Why::Hexadecimal));
            }
            CredentialSign::Sha256 => {
                list.add(Code::CredentialsWrongEncoding, Severity::Critical, of_form(Why::Sha256));
            }
            CredentialSign::Base64Url => {
                list.add(Code::CredentialsWrongEncoding, Severity::Critical, of_form(Why::Base64Url));
            }
            CredentialSign::LineFeedInSecret => {
                list.add(Code::CredentialsWrongSecret, Severity::Critical, of_form(Why::LineFeedInSecret));
            }
            CredentialSign::SecretDecoded => {
                list.add(Code::CredentialsWrongSecret, Severity::Critical, of_form(Why::SecretDecoded));
            }
            CredentialSign::OtherSecret => {
                list.add(Code::CredentialsWrongSecret, Severity::Critical, of_form(Why::OtherSecret));
            }
        }
    }
}

fn of_what_is_offered(configuration: &Configuration, list: &mut Faults) {
    let uris = || configuration.servers.iter().filter_map(|server| server.urls.as_ref()).flatten();
    let is_relay_only = configuration.policy == TransportPolicy::Relay;
    let has_turn = uris().any(|uri| relays(uri));
    // A URI that cannot be read tells nothing of what it would have offered.
    let are_read = uris().all(|uri| refused_uri(uri).is_none_or(|_| mended_uri(uri).is_some()));
    let takes_streams = |uri: &String| {
        let target = mended_uri(uri).and_then(|uri| uri.parse::<Target>().ok());
        target.is_some_and(|target| {
            target.scheme.relays() && !matches!(target.transport, Transport::Udp | Transport::Dtls)
        })
    };
    match has_turn {
        true if are_read && !uris().any(takes_streams) => {
            list.add(Code::SourceOffersNoTcp, Severity::Warning, Detail::default());
        }
        true => {}
        false if is_relay_only && are_read => {
            list.add(Code::SourceRelayOnlyWithoutTurn, Severity::Critical, Detail::default());
        }
        false if configuration.servers.is_empty() => {
            list.add(Code::SourceOffersNothing, Severity::Critical, Detail::default());
        }
        false if are_read => list.add(Code::SourceOffersNoTurn, Severity::Warning, Detail::default()),
        false => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_796_000_000;

    fn of(text: &str) -> Vec<Fault> {
        faults(&Configuration::read(text).expect(text), None, NOW)
    }

    fn codes(text: &str) -> Vec<Code> {
        of(text).into_iter().map(|fault| fault.code).collect()
    }

    const TURN: &str = r#"{"urls":["stun:a.example","turn:a.example","turns:a.example:443?transport=tcp"],"username":"u","credential":"c"}"#;

    #[test]
    fn a_configuration_that_is_right_has_no_fault() {
        assert_eq!(of(&format!(r#"{{"iceServers":[{TURN}],"iceTransportPolicy":"relay"}}"#)), []);
    }

    #[test]
    fn what_a_configuration_lacks_is_told_by_what_it_leaves_the_application_with() {
        let stun = r#"{"urls":"stun:a.example"}"#;
        let udp = r#"{"urls":"turn:a.example","username":"u","credential":"c"}"#;
        for (text, expected) in [
            (r#"{"iceServers":[]}"#.to_owned(), Code::SourceOffersNothing),
            (format!(r#"{{"iceServers":[{stun}]}}"#), Code::SourceOffersNoTurn),
            (format!(r#"{{"iceServers":[{udp}]}}"#), Code::SourceOffersNoTcp),
            (format!(r#"{{"iceServers":[{stun}],"iceTransportPolicy":"relay"}}"#), Code::SourceRelayOnlyWithoutTurn),
            (r#"{"iceServers":[],"iceTransportPolicy":"relay"}"#.to_owned(), Code::SourceRelayOnlyWithoutTurn),
            (format!(r#"{{"iceServers":{TURN}}}"#), Code::SourceShapeRefused),
            (format!(r#"{{"iceservers":[{TURN}]}}"#), Code::SourceShapeIgnored),
            (format!("[{TURN}]"), Code::SourceShapeOther),
            (format!(r#"{{"iceServers":[{TURN}],"iceTransportPolicy":"Relay"}}"#), Code::SourceShapeRefused),
        ] {
            assert_eq!(codes(&text), [expected], "{text}");
        }
    }

    #[test]
    fn a_uri_that_is_refused_is_told_with_its_place_and_as_it_would_be_right() {
        let told = of(&format!(r#"{{"iceServers":[{TURN},{{"urls":["stun:a.example?transport=udp"]}}]}}"#));
        let [Fault { code: Code::SourceUriRefused, severity: Severity::Critical, about }] = &told[..] else {
            panic!("{told:?}")
        };
        assert_eq!(about.place.as_deref(), Some("iceServers[1].urls[0]"));
        assert_eq!(about.server.as_deref(), Some("stun:a.example?transport=udp"));
        assert_eq!(about.mended.as_deref(), Some("stun:a.example"));
    }

    #[test]
    fn a_placeholder_alone_does_not_show_what_it_would_have_offered() {
        assert_eq!(codes(r#"{"iceServers":[{"urls":"$SERVERS"}]}"#), [Code::SourceUriRefused]);
    }

    #[test]
    fn a_name_that_means_nothing_elsewhere_is_told() {
        for (host, is_told) in [
            ("coturn", true),
            ("turn.internal", true),
            ("TURN.Local.", true),
            ("box.home.arpa", true),
            ("localhost", true),
            ("turn.example", false),
            ("internal.example", false),
            ("notlocal", true),
            ("turn.notlocal", false),
        ] {
            let text = format!(r#"{{"iceServers":[{{"urls":"turns:{host}:443","username":"u","credential":"c"}}]}}"#);
            assert_eq!(codes(&text) == [Code::SourceUriPrivate], is_told, "{host}: {:?}", codes(&text));
        }
    }

    #[test]
    fn no_secret_is_in_what_is_told() {
        let text = r#"{"iceServers":[{"urls":["turn:user:hunter2@h","turn:h?password=hunter2"],"username":"u"},
            {"urls":"turn:h","username":"1","credential":"hunter2"}]}"#;
        assert!(!format!("{:?}", of(text)).contains("hunter2"));
    }

    #[test]
    fn each_sign_of_wrong_credentials_is_told_at_its_server() {
        for (name, password, code) in [
            (format!("{}:a", NOW - 3600), "c", Code::CredentialsExpired),
            (format!("{NOW}:a"), "c", Code::CredentialsNotExpiry),
            (format!("{}000:a", NOW + 3600), "c", Code::CredentialsInMilliseconds),
            ("9999999999:a".to_owned(), "c", Code::CredentialsBeyondRange),
            (format!("{}.5:a", NOW + 3600), "c", Code::CredentialsNotInteger),
            (format!("{}:a", NOW + 300), "c", Code::CredentialsLifeShort),
            (format!("{}:a", NOW + 864_000), "c", Code::CredentialsLifeLong),
            (format!("{}:a", NOW + 3600), "D2ZqfcLbGCkVmSKt4LpSkQ0mXzE", Code::CredentialsWrongEncoding),
        ] {
            let text = format!(
                r#"{{"iceServers":[{{"urls":"turns:h.example:443","username":"{name}","credential":"{password}"}}]}}"#
            );
            let told = of(&text);
            assert_eq!(told.iter().map(|fault| fault.code).collect::<Vec<_>>(), [code], "{text}");
            assert_eq!(told[0].about.place.as_deref(), Some("iceServers[0]"));
        }
        let null = r#"{"iceServers":[{"urls":"turns:h.example:443","username":null,"credential":null}]}"#;
        assert_eq!(codes(null), [Code::CredentialsNull]);
    }
}

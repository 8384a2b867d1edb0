//! Where in a document do the servers stand? An RTCConfiguration, its list alone, or whatever a service answers.

use super::server::{ConfiguredServer, text_of};
use serde_json::{Map, Value};

/// More servers than any application names; each is judged and told by itself.
pub const SERVERS_MAX: usize = 256;

/// How deep in an answer the servers may stand; those of the field stand at most three deep.
const DEPTH: u8 = 4;

/// What services call the list; W3C's name comes first.
const LISTS: [&str; 7] =
    ["iceServers", "ice_servers", "iceservers", "IceServerList", "iceServerList", "IceServers", "icelist"];

/// What services call the two halves of a list.
const HALVES: [&str; 6] = ["stunServers", "turnServers", "stunservers", "turnservers", "stun_servers", "turn_servers"];

/// The dictionary's members beside the list.
pub const MEMBERS: [&str; 5] =
    ["iceTransportPolicy", "bundlePolicy", "rtcpMuxPolicy", "certificates", "iceCandidatePoolSize"];

/// What the document is to a browser that is handed it as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentShape {
    /// An RTCConfiguration.
    Configuration,
    /// Its list alone: as a configuration, an array without any member of one.
    List,
    /// An RTCConfiguration whose `iceServers` is no array, which is a TypeError.
    NoArray,
    /// An RTCConfiguration whose list stands under a misspelt name, so that there is none.
    Misspelt,
    /// What a service answers: the application makes a configuration of it.
    Answer,
}

/// Which candidates may be used (webrtc-pc §4.2.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportPolicy {
    /// Any.
    All,
    /// Relayed ones alone.
    Relay,
    /// A word that is none of W3C's, which is a TypeError.
    Unknown,
}

/// A member of an RTCConfiguration whose value is a TypeError (webrtc-pc §4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedMember {
    /// `bundlePolicy` is none of its words.
    BundlePolicy,
    /// `rtcpMuxPolicy` is not its one word.
    RtcpMuxPolicy,
    /// `iceCandidatePoolSize` is no octet, which Chromium refuses alone.
    IceCandidatePoolSize,
    /// `certificates` holds something, which in JSON is no certificate.
    Certificates,
}

impl RefusedMember {
    const ALL: [Self; 4] = [Self::BundlePolicy, Self::RtcpMuxPolicy, Self::IceCandidatePoolSize, Self::Certificates];

    /// As it stands in an RTCConfiguration (webrtc-pc §4.2.1).
    pub fn name(self) -> &'static str {
        match self {
            Self::BundlePolicy => "bundlePolicy",
            Self::RtcpMuxPolicy => "rtcpMuxPolicy",
            Self::IceCandidatePoolSize => "iceCandidatePoolSize",
            Self::Certificates => "certificates",
        }
    }

    /// As measured in Chromium 156 and Firefox 153.
    fn is_refused(self, value: &Value) -> bool {
        let is_none_of = |words: &[&str]| !words.contains(&text_of(value).as_str());
        match self {
            Self::BundlePolicy => is_none_of(&["balanced", "max-compat", "max-bundle"]),
            Self::RtcpMuxPolicy => is_none_of(&["require", "negotiate"]),
            Self::IceCandidatePoolSize => !number_of(value).is_some_and(|size| (0.0..256.0).contains(&size)),
            Self::Certificates => !value.as_array().is_some_and(Vec::is_empty),
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// What the document is.
    pub shape: DocumentShape,
    /// Which candidates it allows.
    pub policy: TransportPolicy,
    /// Members beside the list that browsers refuse.
    pub refused: Vec<RefusedMember>,
    /// The members beside the list that browsers know and take, as they stand.
    pub members: Map<String, Value>,
    /// Its servers, in their order.
    pub servers: Vec<ConfiguredServer>,
}

/// Why a document is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum NoConfiguration {
    /// It is no JSON.
    #[error("it is no JSON")]
    Json(#[from] serde_json::Error),
    /// There is nothing in it that could be a list of servers.
    #[error("there are no ICE servers in it, nor anything that could be a list of them")]
    NoServers,
    /// There are too many.
    #[error("{0} servers are too many; {SERVERS_MAX} at most")]
    TooMany(usize),
}

impl Configuration {
    /// Finds the servers in a JSON document, whatever the service is that made it.
    ///
    /// # Errors
    ///
    /// Where it is no JSON, has no servers that could be found, or more than [`SERVERS_MAX`].
    pub fn read(text: &str) -> Result<Self, NoConfiguration> {
        Self::of(&serde_json::from_str(text)?)
    }

    /// Finds the servers in a document that is read already.
    ///
    /// # Errors
    ///
    /// As [`Configuration::read`].
    pub fn of(document: &Value) -> Result<Self, NoConfiguration> {
        let Found { shape, list, beside } = find(document).ok_or(NoConfiguration::NoServers)?;
        if list.len() > SERVERS_MAX {
            return Err(NoConfiguration::TooMany(list.len()));
        }
        let servers = list.iter().map(|entry| ConfiguredServer::read(entry).unwrap_or_else(ConfiguredServer::none));
        let servers: Vec<ConfiguredServer> = servers.collect();
        let uris = servers.iter().flat_map(|server| &server.urls).map(Vec::len).sum();
        if uris > SERVERS_MAX {
            return Err(NoConfiguration::TooMany(uris));
        }
        let policy = match beside.get("iceTransportPolicy").map(text_of).as_deref() {
            None | Some("all") => TransportPolicy::All,
            Some("relay") => TransportPolicy::Relay,
            Some(_) => TransportPolicy::Unknown,
        };
        let is_refused =
            |member: &RefusedMember| beside.get(member.name()).is_some_and(|value| member.is_refused(value));
        let refused: Vec<_> = RefusedMember::ALL.into_iter().filter(is_refused).collect();
        let is_taken = |name: &str| {
            let is_known = MEMBERS.contains(&name) && !refused.iter().any(|member| member.name() == name);
            is_known && (name != MEMBERS[0] || policy != TransportPolicy::Unknown)
        };
        let members =
            beside.iter().filter(|(name, _)| is_taken(name)).map(|(name, value)| (name.clone(), value.clone()));
        let members = members.collect();
        Ok(Self { shape, policy, refused, members, servers })
    }
}

/// A value as JavaScript makes a number of it (ECMA-262, ToNumber); None where it is none.
fn number_of(value: &Value) -> Option<f64> {
    match value {
        Value::Null => Some(0.0),
        Value::Bool(is_true) => Some(f64::from(u8::from(*is_true))),
        Value::Number(number) => number.as_f64(),
        other => {
            let text = text_of(other);
            if text.trim().is_empty() { Some(0.0) } else { text.trim().parse().ok() }
        }
    }
}

struct Found {
    shape: DocumentShape,
    list: Vec<Map<String, Value>>,
    /// The object that the list stands in.
    beside: Map<String, Value>,
}

impl Found {
    fn new(shape: DocumentShape, list: Vec<Map<String, Value>>, beside: &Map<String, Value>) -> Self {
        Self { shape, list, beside: beside.clone() }
    }
}

/// Whether an object that stands for itself is a server, and no other thing with an address: W3C's own name of the member,
/// a URI of STUN or TURN, or a login beside it.
fn looks_like_server(object: &Map<String, Value>) -> bool {
    let Some(server) = ConfiguredServer::read(object) else { return false };
    let is_of_ice = |uri: &String| {
        let scheme = uri.trim().split(':').next().unwrap_or_default().to_ascii_lowercase();
        ["stun", "stuns", "turn", "turns"].contains(&scheme.as_str())
    };
    let has_login = server.username.text().is_some() && server.credential.text().is_some();
    object.contains_key("urls") || has_login || server.urls.iter().flatten().any(is_of_ice)
}

/// The document as a browser would take it, and else wherever in it servers stand.
fn find(document: &Value) -> Option<Found> {
    match document {
        Value::Object(object) => {
            let is_dictionary = object.keys().all(|key| MEMBERS.contains(&key.as_str()));
            let misspelt = object.keys().find(|key| key.eq_ignore_ascii_case(LISTS[0]) && *key != LISTS[0]);
            match (object.get(LISTS[0]), misspelt.and_then(|key| object.get(key))) {
                (Some(Value::Array(list)), _) => Some(Found::new(DocumentShape::Configuration, entries(list), object)),
                (Some(Value::Object(one)), _) => Some(Found::new(DocumentShape::NoArray, vec![one.clone()], object)),
                (Some(_), _) => {
                    within(document, DEPTH).or_else(|| Some(Found::new(DocumentShape::NoArray, Vec::new(), object)))
                }
                (None, Some(Value::Array(list))) => Some(Found::new(DocumentShape::Misspelt, entries(list), object)),
                (None, None) if is_dictionary => Some(Found::new(DocumentShape::Configuration, Vec::new(), object)),
                _ => within(document, DEPTH),
            }
        }
        Value::Array(list) => match list_of(list) {
            Some(list) => Some(Found { shape: DocumentShape::List, list, beside: Map::new() }),
            None => within(document, DEPTH),
        },
        _ => within(document, DEPTH),
    }
}

/// The first servers in an answer: a list by its name or its halves, wherever they stand; else a list or a server that has
/// the look of one.
fn within(value: &Value, depth: u8) -> Option<Found> {
    named_within(value, depth).or_else(|| alone_within(value, depth))
}

/// JSON within a text.
fn inner(text: &str) -> Option<Value> {
    text.trim_start().starts_with(['{', '[']).then(|| serde_json::from_str(text).ok())?
}

fn named_within(value: &Value, depth: u8) -> Option<Found> {
    let deeper = depth.checked_sub(1)?;
    match value {
        Value::String(text) => named_within(&inner(text)?, deeper),
        Value::Array(list) => list.iter().find_map(|one| named_within(one, deeper)),
        Value::Object(object) => {
            let named = LISTS.iter().find_map(|name| object.get(*name)).and_then(|named| servers_of(named, deeper));
            let halves: Vec<_> = HALVES.iter().filter_map(|name| servers_of(object.get(*name)?, deeper)).collect();
            match named.or_else(|| (!halves.is_empty()).then(|| halves.concat())) {
                Some(list) => Some(Found::new(DocumentShape::Answer, list, object)),
                None => object.values().find_map(|one| named_within(one, deeper)),
            }
        }
        _ => None,
    }
}

fn alone_within(value: &Value, depth: u8) -> Option<Found> {
    let deeper = depth.checked_sub(1)?;
    match value {
        Value::String(text) => alone_within(&inner(text)?, deeper),
        Value::Array(list) => {
            match list_of(list).filter(|list| list.is_empty() || list.iter().any(looks_like_server)) {
                Some(list) => Some(Found { shape: DocumentShape::Answer, list, beside: Map::new() }),
                None => list.iter().find_map(|one| alone_within(one, deeper)),
            }
        }
        Value::Object(object) if looks_like_server(object) => {
            Some(Found::new(DocumentShape::Answer, vec![object.clone()], object))
        }
        Value::Object(object) => object.values().find_map(|one| alone_within(one, deeper)),
        _ => None,
    }
}

/// What stands under a list's name: a list, one server, or either as JSON within a text.
fn servers_of(value: &Value, depth: u8) -> Option<Vec<Map<String, Value>>> {
    match value {
        Value::Array(list) if list.is_empty() => Some(Vec::new()),
        Value::Object(one) if ConfiguredServer::read(one).is_some() => Some(vec![one.clone()]),
        other => within(other, depth).map(|found| found.list),
    }
}

/// The servers of an array, where each of its items has the look of one; an empty array is an empty list.
fn list_of(list: &[Value]) -> Option<Vec<Map<String, Value>>> {
    objects(list).filter(|list| list.iter().all(|one| ConfiguredServer::read(one).is_some()))
}

/// The items of a list; what is no object is one without members.
fn entries(list: &[Value]) -> Vec<Map<String, Value>> {
    list.iter().map(|one| one.as_object().cloned().unwrap_or_default()).collect()
}

fn objects(list: &[Value]) -> Option<Vec<Map<String, Value>>> {
    list.iter().map(|one| one.as_object().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Configuration {
        Configuration::read(text).expect(text)
    }

    #[test]
    fn the_servers_of_every_answer_of_the_field_are_found() {
        let (stun, turn) = (r#"{"urls":"stun:a.example"}"#, r#""turn:a.example","username":"u""#);
        let both = format!(r#"[{stun},{{"urls":{turn},"credential":"c"}}]"#);
        for (text, shape, count) in [
            (format!(r#"{{"iceServers":{both}}}"#), DocumentShape::Configuration, 2),
            (format!(r#"{{"iceServers":{both},"ttl":600}}"#), DocumentShape::Configuration, 2),
            (both.clone(), DocumentShape::List, 2),
            (format!(r#"{{"iceServers":{{"urls":[{turn}],"credential":"c"}}}}"#).replace(r#","username":"u"]"#, r#"],"username":"u""#), DocumentShape::NoArray, 1),
            (format!(r#"{{"iceservers":{both}}}"#), DocumentShape::Misspelt, 2),
            (format!(r#"{{"ice_servers":{both},"username":"u","password":"c","ttl":"86400"}}"#), DocumentShape::Answer, 2),
            (format!(r#"{{"s":"ok","v":{{"iceServers":{{"urls":{turn},"credential":"c"}}}}}}"#), DocumentShape::Answer, 1),
            (format!(r#"{{"configuration":{{"iceServers":{both}}}}}"#), DocumentShape::Answer, 2),
            (format!(r#"{{"data":{{"iceServers":{both}}}}}"#), DocumentShape::Answer, 2),
            (r#"{"uris":["turn:a.example","turns:a.example"],"username":"u","password":"c","ttl":60}"#.to_owned(), DocumentShape::Answer, 1),
            (r#"{"stunServers":[{"url":"stun:a.example"}],"turnServers":[{"url":"turn:a.example","username":"u","password":"c","ttl":9}],"remoteIceCandidates":[]}"#.to_owned(), DocumentShape::Answer, 2),
            (format!(r#"{{"ocs":{{"data":{{"stunservers":[{stun}],"turnservers":[{{"urls":["turn:a.example"],"username":"u","credential":"c"}}]}}}}}}"#), DocumentShape::Answer, 2),
            (r#"{"IceServerList":[{"Uris":["turn:a.example"],"Username":"u","Password":"c","Ttl":300}]}"#.to_owned(), DocumentShape::Answer, 1),
            (format!(r#"{{"pc_config":{:?}}}"#, format!(r#"{{"iceServers":{both}}}"#)), DocumentShape::Answer, 2),
        ] {
            let read = read(&text);
            assert_eq!((read.shape, read.servers.len()), (shape, count), "{text}");
            assert!(read.servers.iter().all(|server| server.urls.is_some()), "{text}");
            let last = read.servers.last().expect("at least one");
            assert!(count == 1 || last.username != Given::Absent && last.credential != Given::Absent, "{text}");
        }
    }

    use super::super::server::Given;

    #[test]
    fn an_empty_configuration_names_no_server_and_its_policy_is_read() {
        for text in ["{}", "[]", r#"{"iceServers":[]}"#, r#"{"iceTransportPolicy":"all"}"#] {
            assert_eq!((read(text).servers.len(), read(text).policy), (0, TransportPolicy::All), "{text}");
        }
        assert_eq!(read(r#"{"iceTransportPolicy":"relay"}"#).policy, TransportPolicy::Relay);
        assert_eq!(read(r#"{"iceTransportPolicy":"relays"}"#).policy, TransportPolicy::Unknown);
    }

    #[test]
    fn a_configuration_whose_servers_are_none_is_one_that_browsers_refuse() {
        for text in
            [r#"{"iceServers":5}"#, r#"{"iceServers":null}"#, r#"{"iceServers":"stun:h"}"#, r#"{"iceServers":{}}"#]
        {
            assert_eq!(read(text).shape, DocumentShape::NoArray, "{text}");
        }
        for text in [r#"{"iceServers":[null]}"#, r#"{"iceServers":["stun:h"]}"#, r#"{"iceServers":[{}]}"#] {
            assert_eq!(
                (read(text).shape, read(text).servers),
                (DocumentShape::Configuration, vec![ConfiguredServer::none()]),
                "{text}"
            );
        }
    }

    #[test]
    fn what_has_an_address_of_another_kind_is_no_server() {
        let list = r#"{"iceServers":[{"urls":"turn:h","username":"u","credential":"c"}]}"#;
        let account = r#"{"url":"https://acme.example/me"}"#;
        for text in [
            format!(r#"{{"account":{account},"config":{list}}}"#),
            format!(r#"{{"avatars":[{account}],"config":{list}}}"#),
            format!(r#"{{"uri":"/api/ice","answer":{{"data":{list}}}}}"#),
        ] {
            let read = read(&text);
            assert_eq!((read.servers.len(), read.servers[0].credential.text()), (1, Some("c")), "{text}");
        }
        for text in [account, r#"{"error":"not signed in","uri":"/api/ice"}"#, r#"{"avatars":[{"url":"https://h/x"}]}"#]
        {
            assert!(matches!(Configuration::read(text), Err(NoConfiguration::NoServers)), "{text}");
        }
    }

    #[test]
    fn members_beside_the_list_that_browsers_refuse_are_found() {
        use RefusedMember::{BundlePolicy, Certificates, IceCandidatePoolSize, RtcpMuxPolicy};
        for (member, expected) in [
            (r#""bundlePolicy":"max-bundle""#, &[][..]),
            (r#""bundlePolicy":["balanced"],"rtcpMuxPolicy":"require","iceCandidatePoolSize":255"#, &[]),
            (r#""bundlePolicy":"maxbundle""#, &[BundlePolicy]),
            (r#""bundlePolicy":null,"rtcpMuxPolicy":"Require""#, &[BundlePolicy, RtcpMuxPolicy]),
            (r#""iceCandidatePoolSize":256"#, &[IceCandidatePoolSize]),
            (r#""iceCandidatePoolSize":-1"#, &[IceCandidatePoolSize]),
            (r#""iceCandidatePoolSize":"x""#, &[IceCandidatePoolSize]),
            (r#""iceCandidatePoolSize":"5","rtcpMuxPolicy":"negotiate""#, &[]),
            (r#""iceCandidatePoolSize":[]"#, &[]),
            (r#""iceCandidatePoolSize":true"#, &[]),
            (r#""certificates":[]"#, &[]),
            (r#""certificates":null"#, &[Certificates]),
            (r#""certificates":["x"]"#, &[Certificates]),
        ] {
            assert_eq!(read(&format!(r#"{{"iceServers":[],{member}}}"#)).refused, expected, "{member}");
        }
        assert_eq!(read(r#"{"iceServers":[],"iceTransportPolicy":["relay"]}"#).policy, TransportPolicy::Relay);
    }

    #[test]
    fn what_holds_no_servers_is_no_configuration() {
        for text in ["5", "\"text\"", r#"{"a":{"b":1}}"#, r#"[1,2]"#, r#"{"servers":[5]}"#] {
            assert!(matches!(Configuration::read(text), Err(NoConfiguration::NoServers)), "{text}");
        }
        assert!(matches!(Configuration::read("{"), Err(NoConfiguration::Json(_))));
        let many = format!("[{}]", vec![r#"{"urls":"stun:a"}"#; SERVERS_MAX + 1].join(","));
        assert!(matches!(Configuration::read(&many), Err(NoConfiguration::TooMany(257))));
        let in_one = format!(r#"[{{"urls":[{}]}}]"#, vec![r#""stun:a""#; SERVERS_MAX + 1].join(","));
        assert!(matches!(Configuration::read(&in_one), Err(NoConfiguration::TooMany(257))));
    }

    #[test]
    fn servers_that_stand_too_deep_and_text_within_text_without_end_are_not_looked_for() {
        let deep = (0..6).fold(r#"[{"urls":"stun:a"}]"#.to_owned(), |inner, _| format!(r#"{{"a":{inner}}}"#));
        assert!(matches!(Configuration::read(&deep), Err(NoConfiguration::NoServers)));
        let nested = (0..8).fold("[]".to_owned(), |inner, _| format!("[{inner:?}]"));
        assert!(matches!(Configuration::read(&nested), Err(NoConfiguration::NoServers)));
    }
}

//! Which source does the command line mean, and what secret is it shown?

use super::Provider;
use super::address::{SourceError, unescaped, web_address};
use super::apprtc::AppRtc;
use super::bigbluebutton::BigBlueButton;
use super::cors::AskedByPage;
use super::endpoint::JsonEndpoint;
use super::first_json::{FirstJson, JsonTransport};
use super::home_assistant::HomeAssistant;
use super::jitsi::JitsiMeet;
use super::kvs::SignalingChannel;
use super::livekit::{LiveKit, LiveKitKey};
use super::matrix::HomeServer;
use super::message::{Secret, origin};
use super::openvidu::OpenVidu;
use super::secrets::SourceSecrets;
use super::sigv4::AwsKeys;
use super::vendors::{Vendor, nextcloud};
use super::whip::{MediaDirection, MediaEndpoint};
use super::xmpp::XmppServer;
use super::xmpp_name::{first_number, jitsi, xmpp, xmpp_login};
use crate::configuration::Fault;
use crate::model::{Code, Detail, Severity, SourceRefusal};
use url::Url;

/// A source, as it is named. What is in it may be a secret of its owner's, and is not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerSource {
    kind: SourceKind,
    /// What is asked first.
    url: Url,
}

#[derive(Clone, PartialEq, Eq)]
enum SourceKind {
    Endpoint,
    OpenVidu {
        session: Option<String>,
    },
    LiveKit {
        room: Option<String>,
    },
    Kinesis {
        region: String,
        channel: String,
    },
    AppRtc,
    Matrix,
    Xmpp {
        domain: String,
    },
    Jitsi {
        domain: Option<String>,
    },
    Media(MediaDirection),
    BigBlueButton,
    HomeAssistant {
        camera: Option<String>,
    },
    /// With the name of the account.
    Vendor(Vendor, String),
    FirstJson(JsonTransport),
}

impl std::fmt::Debug for ServerSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ServerSource({})", self.shown())
    }
}

/// The variables by which the users of these services keep what a source is shown.
pub const SOURCE_VARIABLES: [&str; 8] = [
    "OPENVIDU_SECRET",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_ENDPOINT_URL_KINESIS_VIDEO",
    "TWILIO_AUTH_TOKEN",
    "LIVEKIT_API_KEY",
    "LIVEKIT_API_SECRET",
];

impl std::str::FromStr for ServerSource {
    type Err = SourceError;

    fn from_str(text: &str) -> Result<Self, SourceError> {
        let text = text.trim();
        let (word, rest) = text.split_once(':').ok_or(SourceError::Provider)?;
        let of = |kind, url| Ok(Self { kind, url });
        match word.to_ascii_lowercase().as_str() {
            "https" | "http" => of(SourceKind::Endpoint, web_address(text)?),
            "wss" | "ws" => of(SourceKind::FirstJson(JsonTransport::Socket), web_address(text)?),
            "sse" => of(SourceKind::FirstJson(JsonTransport::Events), web_address(rest)?),
            "poll" => of(SourceKind::FirstJson(JsonTransport::Polling), web_address(rest)?),
            "apprtc" => of(SourceKind::AppRtc, web_address(rest)?),
            "openvidu" => {
                let (url, session) = with_name(rest)?;
                of(SourceKind::OpenVidu { session }, url)
            }
            "livekit" => {
                let (url, room) = with_name(rest)?;
                of(SourceKind::LiveKit { room }, url)
            }
            "kvs" => kinesis(rest),
            "matrix" => of(SourceKind::Matrix, web_address(rest)?),
            "whip" => of(SourceKind::Media(MediaDirection::In), web_address(rest)?),
            "whep" => of(SourceKind::Media(MediaDirection::Out), web_address(rest)?),
            "bbb" => of(SourceKind::BigBlueButton, web_address(rest)?),
            "home-assistant" => {
                let (mut url, camera) = with_name(rest)?;
                let scheme = if matches!(url.scheme(), "https" | "wss") { "wss" } else { "ws" };
                url.set_scheme(scheme).map_err(|()| SourceError::Address)?;
                of(SourceKind::HomeAssistant { camera }, url)
            }
            "xmpp" => {
                let (domain, url) = xmpp(rest)?;
                of(SourceKind::Xmpp { domain }, url)
            }
            "jitsi" => {
                let (domain, url) = jitsi(rest)?;
                of(SourceKind::Jitsi { domain }, url)
            }
            "twilio" => vendor(Vendor::Twilio, rest),
            "cloudflare" => vendor(Vendor::Cloudflare, rest),
            "metered" => vendor(Vendor::Metered, rest),
            "xirsys" => vendor(Vendor::Xirsys, rest),
            "nextcloud" => {
                let url = nextcloud(&web_address(rest)?).ok_or(SourceError::Account)?;
                of(SourceKind::Vendor(Vendor::Nextcloud, String::new()), url)
            }
            _ => Err(SourceError::Provider),
        }
    }
}

fn vendor(vendor: Vendor, name: &str) -> Result<ServerSource, SourceError> {
    let url = vendor.place(name).ok_or(SourceError::Account)?;
    // Of an identity with a channel the identity signs in.
    let account = name.split('/').next().unwrap_or_default().to_owned();
    Ok(ServerSource { kind: SourceKind::Vendor(vendor, account), url })
}

/// An address, and the name of a session or room that stands behind its host.
fn with_name(text: &str) -> Result<(Url, Option<String>), SourceError> {
    let mut url = web_address(text)?;
    let name = unescaped(url.path().trim_matches('/'));
    url.set_path("");
    Ok((url, Some(name).filter(|name| !name.is_empty())))
}

/// `REGION/CHANNEL`, or `arn:aws:kinesisvideo:REGION:ACCOUNT:channel/NAME/TIME`.
fn kinesis(text: &str) -> Result<ServerSource, SourceError> {
    let parts: Vec<&str> = text.split(':').collect();
    let (region, channel) = match parts.as_slice() {
        ["arn", _, "kinesisvideo", region, ..] => (*region, text),
        [one] => one.split_once('/').ok_or(SourceError::Channel)?,
        _ => return Err(SourceError::Channel),
    };
    let is_region = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if region.is_empty() || !region.chars().all(is_region) || channel.is_empty() {
        return Err(SourceError::Channel);
    }
    let end = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    let url = Url::parse(&format!("https://kinesisvideo.{region}.{end}")).map_err(|_| SourceError::Channel)?;
    Ok(ServerSource { kind: SourceKind::Kinesis { region: region.to_owned(), channel: channel.to_owned() }, url })
}

impl ServerSource {
    /// The address that is asked first.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// What of its name may be shown.
    pub fn shown(&self) -> String {
        origin(&self.url)
    }

    /// A fault of it that is worth a warning.
    pub fn fault(&self, code: Code, why: SourceRefusal) -> Fault {
        let about = Detail::default().server(origin(&self.url)).reason(Some(why.into()));
        Fault { code, severity: Severity::Warning, about }
    }

    /// Whether it is an address that answers with JSON, and no service of a kind of its own.
    pub fn is_address(&self) -> bool {
        self.kind == SourceKind::Endpoint
    }

    /// Whether it is judged as the browser of a page would: not what the headers of a stream of events let a page have.
    pub fn is_judged_for_pages(&self) -> bool {
        self.kind != SourceKind::FirstJson(JsonTransport::Events)
    }

    /// Whether something is made there that is to be removed.
    pub fn makes_something(&self) -> bool {
        matches!(self.kind, SourceKind::OpenVidu { session: None })
    }

    /// The source, and what it is to be shown: what is given, and else what these variables hold.
    ///
    /// # Errors
    ///
    /// Where it would refuse whoever shows nothing.
    pub fn prepared(
        mut self,
        mut given: SourceSecrets,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<(Self, SourceSecrets), SourceError> {
        let held = |name: &str| variable(name).filter(|value| !value.is_empty());
        match self.kind {
            SourceKind::OpenVidu { .. } => {
                given.secret = given.secret.or_else(|| held("OPENVIDU_SECRET").map(Secret::new));
                given.secret.as_ref().ok_or(SourceError::NoOpenViduSecret)?;
            }
            SourceKind::LiveKit { .. } => {
                if given.secret.is_none() {
                    given.user = given.user.or_else(|| held("LIVEKIT_API_KEY"));
                    given.secret = held("LIVEKIT_API_SECRET").map(Secret::new);
                }
                given.secret.as_ref().ok_or(SourceError::NoLiveKitKey)?;
            }
            SourceKind::Kinesis { .. } => {
                if given.secret.is_none() {
                    given.user = given.user.or_else(|| held("AWS_ACCESS_KEY_ID"));
                    given.secret = held("AWS_SECRET_ACCESS_KEY").map(Secret::new);
                    given.token = held("AWS_SESSION_TOKEN").map(Secret::new);
                }
                given.user.as_ref().zip(given.secret.as_ref()).ok_or(SourceError::NoAwsKeys)?;
                // As AWS's own tools take another endpoint.
                if let Some(endpoint) = held("AWS_ENDPOINT_URL_KINESIS_VIDEO") {
                    self.url = web_address(&endpoint)?;
                }
            }
            SourceKind::Vendor(Vendor::Twilio, _) => {
                given.secret = given.secret.or_else(|| held("TWILIO_AUTH_TOKEN").map(Secret::new));
                given.secret.as_ref().ok_or(SourceError::NoSecret)?;
            }
            SourceKind::Vendor(Vendor::Cloudflare | Vendor::Metered | Vendor::Xirsys, _)
            | SourceKind::Matrix
            | SourceKind::HomeAssistant { .. } => {
                given.secret.as_ref().ok_or(SourceError::NoSecret)?;
            }
            SourceKind::Vendor(Vendor::Nextcloud, _)
            | SourceKind::Endpoint
            | SourceKind::AppRtc
            | SourceKind::Xmpp { .. }
            | SourceKind::Jitsi { .. }
            | SourceKind::Media(_)
            | SourceKind::BigBlueButton
            | SourceKind::FirstJson(_) => {}
        }
        Ok((self, given))
    }

    /// Who asks it.
    pub fn provider(&self, secrets: &SourceSecrets) -> Box<dyn Provider> {
        let provider = self.own_provider(secrets);
        match &secrets.page {
            Some(page) => Box::new(AskedByPage::new(provider, page.clone())),
            None => provider,
        }
    }

    fn own_provider(&self, secrets: &SourceSecrets) -> Box<dyn Provider> {
        let (url, secret) = (self.url.clone(), secrets.secret.as_ref());
        let shown = || secret.cloned().unwrap_or_else(|| Secret::new(""));
        match &self.kind {
            SourceKind::Endpoint => {
                Box::new(JsonEndpoint::new(url, secrets.user.as_deref(), secret, secrets.body.as_ref()))
            }
            SourceKind::AppRtc => Box::new(AppRtc::new(url)),
            SourceKind::Media(direction) => {
                Box::new(MediaEndpoint::new(url, *direction, secrets.user.as_deref(), secret))
            }
            SourceKind::BigBlueButton => Box::new(BigBlueButton::new(url)),
            SourceKind::HomeAssistant { camera } => Box::new(HomeAssistant::new(url, shown(), camera.clone())),
            SourceKind::Xmpp { domain } => {
                let login = xmpp_login(secrets.user.as_deref(), secret);
                Box::new(XmppServer::new(domain.clone(), url, login, first_number(&secrets.fresh)))
            }
            SourceKind::Jitsi { domain } => {
                let login = xmpp_login(secrets.user.as_deref(), secret);
                Box::new(JitsiMeet::new(url, domain.clone(), login, first_number(&secrets.fresh)))
            }
            SourceKind::Matrix => Box::new(HomeServer::new(url, secrets.user.clone(), shown())),
            SourceKind::Vendor(vendor, account) => {
                let request = vendor.request(url, account, secrets.user.as_deref(), &shown());
                Box::new(JsonEndpoint::of_vendor(request, secret.is_some(), vendor.asked_life_s()))
            }
            SourceKind::FirstJson(transport) => {
                Box::new(FirstJson::new(url, *transport, secret, secrets.greeting.clone()))
            }
            SourceKind::OpenVidu { session } => {
                let fresh = format!("rtc-doctor-{}", secrets.fresh);
                Box::new(OpenVidu::new(url, session.clone(), &fresh, shown()))
            }
            SourceKind::LiveKit { room } => {
                let name = format!("rtc-doctor-{}", secrets.fresh);
                let room = room.clone().unwrap_or_else(|| name.clone());
                let key = match &secrets.user {
                    Some(key) => LiveKitKey::Pair { key: key.clone(), secret: shown(), name },
                    None => LiveKitKey::Token(shown()),
                };
                Box::new(LiveKit::new(url, room, key))
            }
            SourceKind::Kinesis { region, channel } => {
                let id = secrets.user.clone().unwrap_or_default();
                let keys = AwsKeys { id, secret: shown(), token: secrets.token.clone() };
                Box::new(SignalingChannel::new(region.clone(), channel.clone(), url, keys))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_read_or_refused_without_repeating_it() {
        for (text, expected) in [
            ("https://app.example/ice?key=canary", Ok("https://app.example")),
            ("HTTPS://app.example:8443", Ok("https://app.example:8443")),
            ("http://127.0.0.1:8080/ice", Ok("http://127.0.0.1:8080")),
            ("http://[::1]/ice", Ok("http://[::1]")),
            ("http://localhost/ice", Ok("http://localhost")),
            ("wss://app.example/signal?token=canary", Ok("wss://app.example")),
            ("sse:https://app.example/canary", Ok("https://app.example")),
            ("poll:https://app.example/canary", Ok("https://app.example")),
            ("apprtc:https://app.example", Ok("https://app.example")),
            ("openvidu:https://meet.example/canary", Ok("https://meet.example")),
            ("kvs:eu-west-1/canary", Ok("https://kinesisvideo.eu-west-1.amazonaws.com")),
            ("kvs:cn-north-1/canary", Ok("https://kinesisvideo.cn-north-1.amazonaws.com.cn")),
            (
                "kvs:arn:aws:kinesisvideo:eu-west-1:1:channel/canary/2",
                Ok("https://kinesisvideo.eu-west-1.amazonaws.com"),
            ),
            ("livekit:wss://sfu.example/canary", Ok("wss://sfu.example")),
            ("matrix:https://hs.example", Ok("https://hs.example")),
            ("whep:https://media.example/canary", Ok("https://media.example")),
            ("whip:http://media.example/canary", Err(SourceError::Open)),
            ("bbb:https://bbb.example/join?checksum=canary", Ok("https://bbb.example")),
            ("home-assistant:https://ha.example/camera.canary", Ok("wss://ha.example")),
            ("xmpp:meet.example", Ok("xmpp://meet.example")),
            ("xmpp:meet.example?via=wss://ws.example/canary?x=canary", Ok("wss://ws.example")),
            ("xmpp:meet.example?via=xmpp://192.0.2.1:5223", Ok("xmpp://192.0.2.1:5223")),
            ("xmpp:meet.example?via=ws://192.0.2.1/canary", Err(SourceError::Open)),
            ("xmpp:meet.example?via=xmpp://canary@192.0.2.1", Err(SourceError::Login)),
            ("xmpp:meet.example' canary='", Err(SourceError::Domain)),
            ("xmpp:", Err(SourceError::Domain)),
            ("jitsi:https://meet.example/canary", Ok("https://meet.example")),
            ("jitsi:https://meet.example/canary?domain=meet.jitsi", Ok("https://meet.example")),
            ("jitsi:https://meet.example/canary?domain=a'b", Err(SourceError::Domain)),
            ("twilio:ACcanary", Ok("https://api.twilio.com")),
            ("cloudflare:canary", Ok("https://rtc.live.cloudflare.com")),
            ("xirsys:ident/canary", Ok("https://global.xirsys.net")),
            ("nextcloud:https://cloud.example/call/canary", Ok("https://cloud.example")),
            ("nextcloud:https://cloud.example/canary", Err(SourceError::Account)),
            ("metered:canary.evil.example", Err(SourceError::Account)),
            ("kvs:evil.example/canary", Err(SourceError::Channel)),
            ("kvs:canary", Err(SourceError::Channel)),
            ("http://app.example/ice", Err(SourceError::Open)),
            ("ws://app.example/ice", Err(SourceError::Open)),
            ("openvidu:http://meet.example", Err(SourceError::Open)),
            ("https://u:canary@app.example/", Err(SourceError::Login)),
            ("sse:canary", Err(SourceError::Address)),
            ("apprtc:file:///canary", Err(SourceError::Address)),
            ("https://", Err(SourceError::Address)),
            ("turn:canary.example", Err(SourceError::Provider)),
            ("canary", Err(SourceError::Provider)),
        ] {
            let read = text.parse::<ServerSource>();
            assert!(!format!("{read:?}").contains("canary"), "{read:?}");
            assert_eq!(read.map(|source| source.shown()), expected.map(str::to_owned), "{text}");
        }
    }

    #[test]
    fn a_name_in_an_address_is_taken_as_it_is_meant() {
        for (address, name) in [
            ("https://h/my session", "my session"),
            ("https://h/my%20session/", "my session"),
            ("https://h/회의", "회의"),
            ("https://h/a+b", "a+b"),
            ("https://h/a&b=c", "a&b=c"),
        ] {
            assert_eq!(with_name(address).expect(address).1.as_deref(), Some(name));
        }
    }

    #[test]
    fn what_a_source_is_shown_is_given_or_stands_in_the_variables_that_its_users_have() {
        let variable = |name: &str| SOURCE_VARIABLES.contains(&name).then(|| format!("https://{name}"));
        let prepared = |text: &str, given: SourceSecrets, variable: &dyn Fn(&str) -> Option<String>| {
            let source: ServerSource = text.parse().expect(text);
            source.prepared(given, variable).map(|(_, secrets)| secrets.secret.map(|secret| secret.reveal().to_owned()))
        };
        let (openvidu, kvs) = ("openvidu:https://meet.example", "kvs:eu-west-1/door");
        let nothing = SourceSecrets::default;
        assert_eq!(prepared(openvidu, nothing(), &variable), Ok(Some("https://OPENVIDU_SECRET".to_owned())));
        assert_eq!(prepared(kvs, nothing(), &variable), Ok(Some("https://AWS_SECRET_ACCESS_KEY".to_owned())));
        let given = SourceSecrets { secret: Some(Secret::new("given")), user: Some("id".to_owned()), ..nothing() };
        assert_eq!(prepared(kvs, given.clone(), &variable), Ok(Some("given".to_owned())));
        assert_eq!(prepared(openvidu, given, &variable), Ok(Some("given".to_owned())));
        assert_eq!(prepared(openvidu, nothing(), &|_| None), Err(SourceError::NoOpenViduSecret));
        assert_eq!(prepared(kvs, nothing(), &|_| None), Err(SourceError::NoAwsKeys));
        assert_eq!(prepared("livekit:wss://sfu.example", nothing(), &|_| None), Err(SourceError::NoLiveKitKey));
        assert_eq!(prepared("matrix:https://hs.example", nothing(), &variable), Err(SourceError::NoSecret));
        assert_eq!(prepared("https://app.example/ice", nothing(), &variable), Ok(None));
    }
}

//! Which addresses of the web is a source asked at, and why is a text that names one refused?

use crate::model::Scope;
use url::{Host, Url};

/// Why a text names no source, or nothing can be shown to it. The text may hold a secret, so it is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// It begins with none of the known words.
    #[error(
        "a source is https://…, openvidu:https://…, livekit:wss://…, kvs:REGION/CHANNEL, apprtc:https://…, matrix:https://…, xmpp:DOMAIN, jitsi:https://…/ROOM, whip:https://…, whep:https://…, bbb:https://…, home-assistant:https://…, nextcloud:https://…, \
         twilio:ACCOUNT, cloudflare:KEY, metered:APP, xirsys:IDENT/CHANNEL, wss://…, sse:https://… or poll:https://…"
    )]
    Provider,
    /// What is behind the word is no address.
    #[error("what follows the provider is no address of the web")]
    Address,
    /// A secret would cross a network in the open.
    #[error("http: and ws: are taken of this machine alone; what is shown to a source must not be read on the way")]
    Open,
    /// It is no page of the web.
    #[error("--ice-origin is the address of the application's page, as https://app.example")]
    Page,
    /// There is a user or a password in the address.
    #[error("user name and password do not stand in a source's address; give --ice-user and --ice-secret-file")]
    Login,
    /// It is neither a region with the name of a channel nor the ARN of one.
    #[error("kvs: is followed by REGION/CHANNEL or by the channel's ARN")]
    Channel,
    /// It is no name that the vendor gives an account, a key, an application or a channel.
    #[error(
        "twilio: is followed by the account's SID, cloudflare: by the id of the TURN key, metered: by the application's name, xirsys: by IDENT/CHANNEL, nextcloud: by the address of a room (…/call/ROOM)"
    )]
    Account,
    /// It is no name of a domain.
    #[error(
        "xmpp: is followed by DOMAIN or DOMAIN?via=… (wss://, https:// or xmpp://HOST:PORT), jitsi: by the address of a room (…/ROOM)"
    )]
    Domain,
    /// The service lets nobody in without a secret.
    #[error("this source needs a secret: --ice-secret-file FILE, --ice-secret-stdin or RTC_DOCTOR_ICE_SECRET")]
    NoSecret,
    /// OpenVidu lets nobody in without its secret.
    #[error("OpenVidu needs the deployment's secret: --ice-secret-file FILE, --ice-secret-stdin or OPENVIDU_SECRET")]
    NoOpenViduSecret,
    /// LiveKit lets nobody in without a token.
    #[error(
        "LiveKit needs LIVEKIT_API_KEY and LIVEKIT_API_SECRET, --ice-user with the key and its secret, or a token as the secret"
    )]
    NoLiveKitKey,
    /// AWS takes no request that is not signed.
    #[error(
        "Kinesis needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (with AWS_SESSION_TOKEN), or --ice-user with the id and a secret"
    )]
    NoAwsKeys,
}

/// A part of an address as it is meant (RFC 3986 §2.1).
pub(super) fn unescaped(part: &str) -> String {
    let form = part.replace('+', "%2B");
    url::form_urlencoded::parse(form.as_bytes())
        .map(|(name, value)| if value.is_empty() { name.into_owned() } else { format!("{name}={value}") })
        .collect::<Vec<_>>()
        .join("&")
}

/// Whether an address that a source names is as public as the source is: a stranger leads nobody to this machine's own services,
/// or to those of its network.
pub(super) fn is_as_public(named: &Url, by: &Url) -> bool {
    scope(named) >= scope(by)
}

/// From where the host of an address can be reached, as far as the address shows it.
fn scope(url: &Url) -> Scope {
    match url.host() {
        Some(Host::Ipv4(address)) => Scope::of(address.into()),
        Some(Host::Ipv6(address)) => Scope::of(address.into()),
        Some(Host::Domain(name)) if name == "localhost" || name.ends_with(".localhost") => Scope::Loopback,
        Some(Host::Domain(_)) => Scope::Public,
        None => Scope::Loopback,
    }
}

/// The application's page, of which the origin alone counts.
///
/// # Errors
///
/// Where it is no address of `http` or `https`.
pub fn page_address(text: &str) -> Result<Url, SourceError> {
    let url = Url::parse(text).map_err(|_| SourceError::Page)?;
    if matches!(url.scheme(), "http" | "https") { Ok(url) } else { Err(SourceError::Page) }
}

/// A host and perhaps a port of XMPP over TCP, `xmpp://HOST:PORT`.
pub(super) fn stream_address(text: &str) -> Result<Url, SourceError> {
    let url = Url::parse(text).map_err(|_| SourceError::Address)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(SourceError::Login);
    }
    let is_bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
    if url.scheme() == "xmpp" && url.host_str().is_some_and(|host| !host.is_empty()) && is_bare {
        return Ok(url);
    }
    Err(SourceError::Address)
}

/// An address of `http`, `https`, `ws` or `wss`; one without TLS only on this machine.
pub(super) fn web_address(text: &str) -> Result<Url, SourceError> {
    let url = Url::parse(text).map_err(|_| SourceError::Address)?;
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err(SourceError::Address),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(SourceError::Login);
    }
    match url.scheme() {
        "https" | "wss" => Ok(url),
        "http" | "ws" if is_here => Ok(url),
        "http" | "ws" => Err(SourceError::Open),
        _ => Err(SourceError::Address),
    }
}

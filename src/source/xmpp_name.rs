//! Which domain of XMPP does the command line mean, where is it reached, and who signs in?

use super::address::{SourceError, stream_address, web_address};
use super::message::Secret;
use url::{Host, Url};

/// `DOMAIN`, or `DOMAIN?via=ADDRESS` where its server is reached elsewhere or otherwise than by what DNS says.
pub(super) fn xmpp(text: &str) -> Result<(String, Url), SourceError> {
    let (domain, via) = text.split_once("?via=").map_or((text, None), |(domain, via)| (domain, Some(via)));
    let domain = named_domain(domain)?;
    let url = match via {
        Some(via) if !via.starts_with("xmpp:") => web_address(via)?,
        Some(via) => stream_address(via)?,
        None => stream_address(&format!("xmpp://{domain}"))?,
    };
    Ok((domain, url))
}

/// The address of a meeting, and the domain that `?domain=` names.
pub(super) fn jitsi(text: &str) -> Result<(Option<String>, Url), SourceError> {
    let url = web_address(text)?;
    let named = url.query_pairs().find(|(name, _)| name == "domain").map(|(_, domain)| domain.into_owned());
    match url.scheme() {
        "http" | "https" => Ok((named.map(|domain| named_domain(&domain)).transpose()?, url)),
        _ => Err(SourceError::Domain),
    }
}

fn named_domain(text: &str) -> Result<String, SourceError> {
    let domain = Host::parse(text).map_err(|_| SourceError::Domain)?.to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.:[]".contains(c);
    if domain.chars().all(is_plain) { Ok(domain) } else { Err(SourceError::Domain) }
}

/// The user and the password, where there are any. Of an address of XMPP the user is what stands before its domain (RFC 7622 §3.3).
pub(super) fn xmpp_login(user: Option<&str>, secret: Option<&Secret>) -> Option<(String, Secret)> {
    let (user, secret) = user.zip(secret)?;
    Some((user.split_once('@').map_or(user, |(local, _)| local).to_owned(), secret.clone()))
}

/// The number that requests over HTTP begin with, out of a name that nobody else has.
pub(super) fn first_number(fresh: &str) -> u32 {
    fresh.get(..8).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(1)
}

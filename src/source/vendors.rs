//! Services whose servers are one request away: how does each want to be asked?

use super::endpoint::basic;
use super::message::{Secret, WebMethod, WebRequest};
use serde_json::json;
use url::Url;

/// Longer than a checkup with a call, and soon over: what is asked for here is used by nobody else.
const LIFE_S: u32 = 600;

/// A service with a request of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vendor {
    /// Twilio Network Traversal Service.
    Twilio,
    /// Cloudflare Realtime TURN.
    Cloudflare,
    /// An application of metered.ca, by its API key.
    Metered,
    /// A channel of an account at xirsys.com.
    Xirsys,
    /// Nextcloud Talk.
    Nextcloud,
}

impl Vendor {
    /// Where an account or a key of this name is asked; None where it is no such name.
    pub(super) fn place(self, name: &str) -> Option<Url> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.~".contains(c);
        if name.is_empty() || !name.split('/').all(|part| !part.is_empty() && part.chars().all(is_plain)) {
            return None;
        }
        let address = match (self, name.split_once('/')) {
            (Self::Twilio, None) => format!("https://api.twilio.com/2010-04-01/Accounts/{name}/Tokens.json"),
            (Self::Cloudflare, None) => {
                format!("https://rtc.live.cloudflare.com/v1/turn/keys/{name}/credentials/generate-ice-servers")
            }
            // The application's name is one label of a host's.
            (Self::Metered, None) if !name.contains('.') => {
                format!("https://{name}.metered.live/api/v1/turn/credentials")
            }
            (Self::Xirsys, Some((_, channel))) => format!("https://global.xirsys.net/_turn/{channel}"),
            _ => return None,
        };
        Url::parse(&address).ok()
    }

    /// For how many seconds it is asked to give credentials, where the answer does not say it again.
    pub(super) fn asked_life_s(self) -> Option<u64> {
        matches!(self, Self::Cloudflare | Self::Xirsys).then_some(LIFE_S.into())
    }

    /// The request at such a place. `name` is the account's, and signs in where `user` names no other.
    pub(super) fn request(self, url: Url, name: &str, user: Option<&str>, secret: &Secret) -> WebRequest {
        let signed = |request: WebRequest| request.with("authorization", basic(user.unwrap_or(name), secret).reveal());
        match self {
            Self::Twilio => {
                let body = format!("Ttl={LIFE_S}").into_bytes();
                let request = WebRequest { body, ..WebRequest::new(WebMethod::Post, url) };
                signed(request.with("content-type", "application/x-www-form-urlencoded"))
            }
            Self::Cloudflare => WebRequest::post_json(url, &json!({"ttl": LIFE_S}))
                .with("authorization", format!("Bearer {}", secret.reveal())),
            Self::Metered => {
                let mut url = url;
                url.query_pairs_mut().append_pair("apiKey", secret.reveal());
                WebRequest::new(WebMethod::Get, url)
            }
            Self::Xirsys => {
                let request = WebRequest::post_json(url, &json!({"format": "urls", "expire": LIFE_S.to_string()}));
                signed(WebRequest { method: WebMethod::Put, ..request })
            }
            Self::Nextcloud => {
                let request = WebRequest::new(WebMethod::Get, url).with("ocs-apirequest", "true");
                // A public room lets everybody ask.
                if secret.reveal().is_empty() { request } else { signed(request) }
            }
        }
    }
}

/// Where Nextcloud Talk tells the settings of a room's signalling; `page` is the room's own address, `…/call/ROOM`.
pub(super) fn nextcloud(page: &Url) -> Option<Url> {
    let (before, room) = page.path().trim_end_matches('/').rsplit_once("/call/")?;
    let mut url = page.clone();
    url.set_path(&format!(
        "{}/ocs/v2.php/apps/spreed/api/v3/signaling/settings",
        before.trim_end_matches("/index.php")
    ));
    url.query_pairs_mut().clear().append_pair("token", room).append_pair("format", "json");
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration::Configuration;

    fn request(vendor: Vendor, name: &str, user: Option<&str>) -> WebRequest {
        vendor.request(vendor.place(name).expect(name), name, user, &Secret::new("key"))
    }

    fn header(request: &WebRequest, wanted: &str) -> String {
        let found = request.headers.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, value)| value.reveal().to_owned()).unwrap_or_default()
    }

    #[test]
    fn each_service_is_asked_as_it_wants() {
        let twilio = request(Vendor::Twilio, "AC1", None);
        assert_eq!(twilio.url.as_str(), "https://api.twilio.com/2010-04-01/Accounts/AC1/Tokens.json");
        assert_eq!((twilio.method, twilio.body.as_slice()), (WebMethod::Post, &b"Ttl=600"[..]));
        // printf AC1:key | base64; printf SK2:key | base64
        assert_eq!(header(&twilio, "authorization"), "Basic QUMxOmtleQ==");
        assert_eq!(header(&request(Vendor::Twilio, "AC1", Some("SK2")), "authorization"), "Basic U0syOmtleQ==");

        let cloudflare = request(Vendor::Cloudflare, "abc", None);
        assert_eq!(header(&cloudflare, "authorization"), "Bearer key");
        assert_eq!(cloudflare.body, br#"{"ttl":600}"#);

        let metered = request(Vendor::Metered, "app", None);
        assert_eq!(metered.url.as_str(), "https://app.metered.live/api/v1/turn/credentials?apiKey=key");
        assert!(!format!("{metered:?}").contains("key"));

        let xirsys = request(Vendor::Xirsys, "ident/channel", Some("ident"));
        assert_eq!((xirsys.method, xirsys.url.path()), (WebMethod::Put, "/_turn/channel"));
    }

    #[test]
    fn a_name_leads_to_no_other_host_or_path() {
        for vendor in [Vendor::Twilio, Vendor::Cloudflare, Vendor::Metered, Vendor::Xirsys] {
            for name in ["", "a@evil.example", "../x", "a?b", "a#b", "a/b/c", "a b", "%2e", "é"] {
                let place = vendor.place(name);
                let host = place.as_ref().and_then(Url::host_str).unwrap_or_default();
                assert!(place.is_none() || !host.contains("evil"), "{vendor:?} {name}: {place:?}");
            }
        }
        assert_eq!(Vendor::Metered.place("evil.example"), None);
    }

    #[test]
    fn the_settings_of_a_room_of_nextcloud_stand_beside_it() {
        let settings = |page: &str| nextcloud(&Url::parse(page).expect(page)).map(String::from);
        let path = "ocs/v2.php/apps/spreed/api/v3/signaling/settings?token=abc&format=json";
        assert_eq!(settings("https://cloud.example/call/abc"), Some(format!("https://cloud.example/{path}")));
        assert_eq!(
            settings("https://h.example/nc/index.php/call/abc#x"),
            Some(format!("https://h.example/nc/{path}#x"))
        );
        assert_eq!(settings("https://cloud.example/apps/files"), None);
    }

    #[test]
    fn what_each_service_answers_is_read() {
        for (answer, servers) in [
            (
                r#"{"ice_servers":[{"url":"stun:h","urls":"stun:h"},{"url":"turn:h","urls":"turn:h","username":"u","credential":"c"}],"username":"u","password":"c","ttl":"600"}"#,
                2,
            ),
            (r#"{"iceServers":[{"urls":["stun:h"]},{"urls":["turn:h"],"username":"u","credential":"c"}]}"#, 2),
            (r#"{"iceServers":{"urls":["stun:h","turn:h"],"username":"u","credential":"c"}}"#, 1),
            (r#"[{"urls":"stun:h"},{"username":"u","credential":"c","urls":"turn:h"}]"#, 2),
            (r#"{"v":{"iceServers":{"username":"u","urls":["stun:h","turn:h"],"credential":"c"}},"s":"ok"}"#, 1),
            (
                r#"{"ocs":{"meta":{},"data":{"stunservers":[{"urls":["stun:h"]}],"turnservers":[{"urls":["turn:h"],"username":"u","credential":"c"}]}}}"#,
                2,
            ),
        ] {
            assert_eq!(Configuration::read(answer).expect(answer).servers.len(), servers, "{answer}");
        }
        assert!(Configuration::read(r#"{"s":"error","v":"unauthorized"}"#).is_err());
        assert!(Configuration::read(r#"{"code":20003,"message":"Authenticate","status":401}"#).is_err());
    }
}

//! Amazon Kinesis Video Streams, signalling: three signed requests (SigV4) to the ICE servers of a channel. Nothing is made.

use super::message::{WebAnswer, WebRequest, origin};
use super::offer::SourceOffer;
use super::sigv4::{AwsKeys, signed};
use super::status::{refusal, refused, unexpected};
use super::{Provider, SourceHeard, SourceStep};
use crate::configuration::Fault;
use crate::model::{Code, SourceRefusal};
use serde_json::{Value, json};
use url::Url;

const SERVICE: &str = "kinesisvideo";

/// Which request was sent last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SourceRequest {
    Channel,
    Endpoint,
    Servers,
}

/// One channel of a region.
pub(super) struct SignalingChannel {
    region: String,
    /// A name, or an ARN.
    channel: String,
    base: Url,
    keys: AwsKeys,
    asked: SourceRequest,
    arn: String,
}

impl SignalingChannel {
    pub(super) fn new(region: String, channel: String, base: Url, keys: AwsKeys) -> Self {
        Self { region, channel, base, keys, asked: SourceRequest::Channel, arn: String::new() }
    }

    fn ask(&mut self, asked: SourceRequest, base: &Url, path: &str, body: &Value, now_s: u64) -> SourceStep {
        self.asked = asked;
        match base.join(path) {
            Ok(url) => {
                let request = WebRequest::post_json(url, body);
                SourceStep::Ask(signed(request, &self.keys, &self.region, SERVICE, now_s))
            }
            Err(_) => SourceStep::Refuse(unexpected(path, &self.base)),
        }
    }

    fn begin(&mut self, now_s: u64) -> SourceStep {
        let name = if self.channel.starts_with("arn:") { "ChannelARN" } else { "ChannelName" };
        let body = json!({name: self.channel});
        self.ask(SourceRequest::Channel, &self.base.clone(), "/describeSignalingChannel", &body, now_s)
    }

    fn answered(&mut self, answer: &WebAnswer, now_s: u64) -> SourceStep {
        if let Some(fault) = refused_by_aws(answer, &self.base).or_else(|| refused(answer, &self.base, true)) {
            return SourceStep::Refuse(fault);
        }
        let Some(said) = answer.json() else {
            return SourceStep::Refuse(refusal(Code::SourceNotThis, &self.base, Some(SourceRefusal::NoJson.into())));
        };
        match self.asked {
            SourceRequest::Channel => self.described(&said, now_s),
            SourceRequest::Endpoint => self.led(&said, now_s),
            SourceRequest::Servers => self.served(&said),
        }
    }

    fn described(&mut self, said: &Value, now_s: u64) -> SourceStep {
        let part = |name: &str| said.get("ChannelInfo")?.get(name)?.as_str();
        let Some(arn) = part("ChannelARN") else {
            return SourceStep::Refuse(unexpected("DescribeSignalingChannel", &self.base));
        };
        if part("ChannelStatus").is_some_and(|status| status != "ACTIVE") {
            let why = SourceRefusal::ChannelNotActive;
            return SourceStep::Refuse(refusal(Code::SourceFails, &self.base, Some(why.into())));
        }
        self.arn = arn.to_owned();
        let wanted = json!({"Protocols": ["HTTPS"], "Role": "VIEWER"});
        let body = json!({"ChannelARN": self.arn, "SingleMasterChannelEndpointConfiguration": wanted});
        self.ask(SourceRequest::Endpoint, &self.base.clone(), "/getSignalingChannelEndpoint", &body, now_s)
    }

    /// The endpoint is another host: it is asked only where it is one of the same owner, since a session token goes along.
    fn led(&mut self, said: &Value, now_s: u64) -> SourceStep {
        let list = said.get("ResourceEndpointList").and_then(Value::as_array);
        let endpoint = list.into_iter().flatten().find_map(|one| one.get("ResourceEndpoint")?.as_str());
        let Some(endpoint) = endpoint.and_then(|url| Url::parse(url).ok()) else {
            return SourceStep::Refuse(unexpected("GetSignalingChannelEndpoint", &self.base));
        };
        if !is_of_one_owner(&self.base, &endpoint) {
            let why = SourceRefusal::LeadsTo { place: origin(&endpoint) };
            return SourceStep::Refuse(refusal(Code::SourceRedirects, &self.base, Some(why.into())));
        }
        let body = json!({"ChannelARN": self.arn, "Service": "TURN"});
        self.ask(SourceRequest::Servers, &endpoint, "/v1/get-ice-server-config", &body, now_s)
    }

    /// STUN is in no answer: AWS's own applications add it by its name.
    fn served(&self, said: &Value) -> SourceStep {
        let Some(list) = said.get("IceServerList").and_then(Value::as_array) else {
            return SourceStep::Refuse(unexpected("GetIceServerConfig", &self.base));
        };
        let end = if self.region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        let stun = json!({"urls": format!("stun:stun.kinesisvideo.{}.{end}:443", self.region)});
        let mut servers = vec![stun];
        servers.extend(list.iter().map(|one| {
            let part = |name: &str| one.get(name).cloned().unwrap_or_default();
            let (urls, ttl) = (part("Uris"), part("Ttl"));
            json!({"urls": urls, "username": part("Username"), "credential": part("Password"), "ttl": ttl})
        }));
        match SourceOffer::read(&json!({"iceServers": servers}), &self.base) {
            Ok(offer) => SourceStep::Offer(Box::new(offer)),
            Err(fault) => SourceStep::Refuse(fault),
        }
    }
}

/// Both below AWS's own domain, or of one host.
fn is_of_one_owner(asked: &Url, named: &Url) -> bool {
    const OWN: [&str; 3] = [".amazonaws.com", ".amazonaws.com.cn", ".api.aws"];
    let is_aws = |url: &Url| url.host_str().is_some_and(|host| OWN.iter().any(|own| host.ends_with(own)));
    let is_secure = named.scheme() == "https" || named.scheme() == asked.scheme();
    is_secure && ((is_aws(asked) && is_aws(named)) || asked.host() == named.host())
}

/// What AWS names an error by, in a header or in the body.
fn refused_by_aws(answer: &WebAnswer, at: &Url) -> Option<Box<Fault>> {
    if (200..300).contains(&answer.status) {
        return None;
    }
    let body = answer.json().unwrap_or_default();
    let part = |names: [&str; 3]| names.iter().find_map(|name| body.get(*name)?.as_str()).map(str::to_owned);
    let named = answer.header("x-amzn-errortype").map(str::to_owned).or_else(|| part(["__type", "code", "Code"]))?;
    // As "com.amazonaws.x#Name" or "Name:http://…".
    let name = named.split(':').next().unwrap_or_default();
    let name = name.rsplit('#').next().unwrap_or_default();
    let says = part(["message", "Message", "errorMessage"]).unwrap_or_default();
    let is_of_time = says.contains("Signature expired") || says.contains("not yet current");
    let (code, reason) = match name {
        "InvalidSignatureException" if is_of_time => (Code::SourceClockSkew, None),
        "RequestExpired" | "RequestTimeTooSkewed" => (Code::SourceClockSkew, None),
        "ExpiredTokenException" | "ExpiredToken" => (Code::SourceTokenExpired, None),
        "UnrecognizedClientException"
        | "InvalidSignatureException"
        | "InvalidClientTokenId"
        | "IncompleteSignatureException"
        | "MissingAuthenticationTokenException" => (Code::SourceRejectedSecret, None),
        "AccessDeniedException" | "NotAuthorizedException" | "AccessDenied" => (Code::SourceForbidden, None),
        "ResourceNotFoundException" => (Code::SourceNotThis, Some(SourceRefusal::NoChannel)),
        "ClientLimitExceededException" | "ThrottlingException" => (Code::SourceLimited, None),
        _ => return None,
    };
    let mut fault = refusal(code, at, reason.map(Into::into));
    fault.about.code = Some(answer.status);
    Some(fault)
}

impl Provider for SignalingChannel {
    fn next(&mut self, now_s: u64, heard: SourceHeard) -> SourceStep {
        match heard {
            SourceHeard::Answered(answer) => self.answered(&answer, now_s),
            _ => self.begin(now_s),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Secret, WebMethod};

    const ARN: &str = "arn:aws:kinesisvideo:eu-west-1:123456789012:channel/door/1";

    fn channel() -> SignalingChannel {
        let base = Url::parse("https://kinesisvideo.eu-west-1.amazonaws.com").expect("is one");
        let token = Some(Secret::new("canary-token"));
        let keys = AwsKeys { id: "AKID".to_owned(), secret: Secret::new("canary-secret"), token };
        SignalingChannel::new("eu-west-1".to_owned(), "door".to_owned(), base, keys)
    }

    fn answer(status: u16, body: &Value) -> SourceHeard {
        let body = body.to_string().into_bytes();
        SourceHeard::Answered(WebAnswer { status, headers: Vec::new(), body })
    }

    fn described() -> SourceHeard {
        answer(200, &json!({"ChannelInfo": {"ChannelARN": ARN, "ChannelStatus": "ACTIVE"}}))
    }

    fn led(to: &str) -> SourceHeard {
        answer(200, &json!({"ResourceEndpointList": [{"Protocol": "HTTPS", "ResourceEndpoint": to}]}))
    }

    /// The last step after these were heard.
    fn after(heard: Vec<SourceHeard>) -> SourceStep {
        let mut channel = channel();
        let mut step = channel.next(1_800_000_000, SourceHeard::Begin);
        for one in heard {
            step = channel.next(1_800_000_000, one);
        }
        step
    }

    fn code(step: SourceStep) -> Code {
        let SourceStep::Refuse(fault) = step else { panic!("{step:?}") };
        fault.code
    }

    #[test]
    fn three_signed_requests_come_to_the_servers_of_a_channel() {
        let here = "https://v-1.kinesisvideo.eu-west-1.amazonaws.com";
        let servers = json!({"IceServerList": [{"Uris": ["turn:1-2-3-4.t.kinesisvideo.aws:443?transport=udp"],
            "Username": "u", "Password": "p", "Ttl": 300}]});
        let steps = [vec![], vec![described()], vec![described(), led(here)]].map(after);
        let paths = ["/describeSignalingChannel", "/getSignalingChannelEndpoint", "/v1/get-ice-server-config"];
        for (step, path) in steps.into_iter().zip(paths) {
            let SourceStep::Ask(request) = step else { panic!("{step:?}") };
            assert_eq!((request.method, request.url.path()), (WebMethod::Post, path));
            let named: Vec<&str> = request.headers.iter().map(|(name, _)| *name).collect();
            assert_eq!(named, ["content-type", "x-amz-date", "x-amz-security-token", "authorization"]);
            assert!(!request.headers.iter().any(|(_, value)| value.reveal().contains("canary-secret")));
        }
        let SourceStep::Offer(offer) = after(vec![described(), led(here), answer(200, &servers)]) else {
            panic!("offers")
        };
        let uris: Vec<String> = offer.configuration.asked().iter().map(|server| server.target.uri()).collect();
        let stun = "stun:stun.kinesisvideo.eu-west-1.amazonaws.com:443";
        assert_eq!(uris, [stun, "turn:1-2-3-4.t.kinesisvideo.aws:443?transport=udp"]);
        assert_eq!(offer.life_s(0), Some(300));
    }

    #[test]
    fn an_endpoint_of_somebody_else_is_not_shown_the_session_token() {
        for to in
            ["https://evil.example", "http://v.kinesisvideo.eu-west-1.amazonaws.com", "https://amazonaws.com.evil"]
        {
            assert_eq!(code(after(vec![described(), led(to)])), Code::SourceRedirects, "{to}");
        }
    }

    #[test]
    fn each_error_of_aws_has_its_own_word() {
        for (status, name, message, expected) in [
            (403, "UnrecognizedClientException", "", Code::SourceRejectedSecret),
            (403, "InvalidSignatureException", "The request signature we calculated", Code::SourceRejectedSecret),
            (403, "InvalidSignatureException", "Signature expired: 2026 is now earlier", Code::SourceClockSkew),
            (403, "com.amazonaws.x#ExpiredTokenException", "", Code::SourceTokenExpired),
            (401, "AccessDeniedException:http://x", "", Code::SourceForbidden),
            (404, "ResourceNotFoundException", "", Code::SourceNotThis),
            (400, "ClientLimitExceededException", "", Code::SourceLimited),
            (500, "InternalFailure", "", Code::SourceFails),
        ] {
            let error = answer(status, &json!({"__type": name, "message": message}));
            assert_eq!(code(after(vec![error])), expected, "{name} {message}");
        }
        for strange in [json!([]), json!({"ChannelInfo": 5}), json!("x")] {
            assert_eq!(code(after(vec![answer(200, &strange)])), Code::SourceNotThis);
        }
        let deleting = json!({"ChannelInfo": {"ChannelARN": ARN, "ChannelStatus": "DELETING"}});
        assert_eq!(code(after(vec![answer(200, &deleting)])), Code::SourceFails);
    }
}

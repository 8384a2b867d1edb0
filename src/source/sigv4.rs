//! How is a request to AWS signed? Signature Version 4, for a POST whose body is whole and whose path needs no escapes.

use super::message::{Secret, WebRequest};
use crate::configuration::date;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac::{self, HMAC_SHA256, Key};

/// What AWS knows a caller by.
pub(super) struct AwsKeys {
    /// The id of the access key, which is no secret.
    pub(super) id: String,
    /// The secret access key, which never leaves this machine.
    pub(super) secret: Secret,
    /// The token of temporary credentials.
    pub(super) token: Option<Secret>,
}

/// The request with what proves that it is ours at a time in seconds since 1970.
pub(super) fn signed(request: WebRequest, keys: &AwsKeys, region: &str, service: &str, now_s: u64) -> WebRequest {
    let day = date(now_s).replace('-', "");
    let second = now_s % 86_400;
    let stamp = format!("{day}T{:02}{:02}{:02}Z", second / 3600, second / 60 % 60, second % 60);
    let host = request.url.host_str().unwrap_or_default();
    let host = request.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));

    // Sorted by their names.
    let mut headers = vec![("host", host), ("x-amz-date", stamp.clone())];
    headers.extend(keys.token.iter().map(|token| ("x-amz-security-token", token.reveal().to_owned())));
    let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let (method, path) = (request.method.as_str(), request.url.path());
    let canonical = format!("{method}\n{path}\n\n{lines}\n{names}\n{}", sha256(&request.body));

    let scope = format!("{day}/{region}/{service}/aws4_request");
    let to_sign = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{}", sha256(canonical.as_bytes()));
    let first = format!("AWS4{}", keys.secret.reveal()).into_bytes();
    let key = [day.as_str(), region, service, "aws4_request"].iter().fold(first, |key, part| hmac_sha256(&key, part));
    let signature = hex(&hmac_sha256(&key, &to_sign));

    let mut request = request.with("x-amz-date", stamp);
    request.headers.extend(keys.token.iter().map(|token| ("x-amz-security-token", token.clone())));
    let id = &keys.id;
    request.with(
        "authorization",
        format!("AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}"),
    )
}

fn hmac_sha256(key: &[u8], message: &str) -> Vec<u8> {
    hmac::sign(&Key::new(HMAC_SHA256, key), message.as_bytes()).as_ref().to_vec()
}

fn sha256(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::WebMethod;
    use url::Url;

    /// AWS's own example keys. What botocore's signer makes of the same requests:
    /// `SigV4Auth(Credentials(id, secret, token), "kinesisvideo", "eu-west-1").add_auth(request)` at this time.
    fn signature(token: Option<&str>) -> String {
        let keys = AwsKeys {
            id: "AKIDEXAMPLE".to_owned(),
            secret: Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            token: token.map(Secret::new),
        };
        let url = Url::parse("https://kinesisvideo.eu-west-1.amazonaws.com/describeSignalingChannel").expect("is one");
        let request = WebRequest { body: b"{}".to_vec(), ..WebRequest::new(WebMethod::Post, url) };
        let signed = signed(request, &keys, "eu-west-1", "kinesisvideo", 1_800_000_000);
        let (_, authorization) = signed.headers.last().expect("is signed");
        authorization.reveal().rsplit_once('=').expect("a signature").1.to_owned()
    }

    #[test]
    fn a_request_is_signed_as_botocore_signs_it() {
        assert_eq!(signature(None), "236da22ef03b339dcfd6512d71b644de54a768f793290fdcb7837ebeb242ae61");
        assert_eq!(
            signature(Some("session-token")),
            "62cfbfdbda4a8697fe4dfe2b92b080d1979c3d27b3d76df1b6498f65a9782085"
        );
    }
}

//! The web page that makes a browser the other end of a call. It needs nothing but itself.
//!
//! One document of HTML, CSS and JavaScript, assembled on the first request. Its content security policy admits only
//! these scripts and styles, by their hashes, and requests to this server alone: nothing that a peer sends can become
//! code, and nobody else learns that the page was opened. The page reports to the other end with a
//! [`crate::model::Record`].
//!
//! | file | what it does |
//! |---|---|
//! | page.html, page.css | structure and style |
//! | words.js | all texts, in both languages |
//! | room.js | the room and its transports, the counterpart of `os::signalling` |
//! | record.js | what was observed, in the model's words |
//! | media.js | the media and data of the call |
//! | call.js | the call itself |
//! | main.js | the steps of a test |

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::header::{ACCEPT, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::LazyLock;

const HTML: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = concat!(
    include_str!("page/words.js"),
    include_str!("page/room.js"),
    include_str!("page/record.js"),
    include_str!("page/media.js"),
    include_str!("page/call.js"),
    include_str!("page/main.js"),
);

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// The page uses none of these, and this makes sure that it never can.
const PERMISSIONS: HeaderValue = HeaderValue::from_static("camera=(), microphone=(), geolocation=()");

struct RoomPage {
    html: String,
    policy: String,
}

static PAGE: LazyLock<RoomPage> = LazyLock::new(|| {
    let script =
        format!("(() => {{\n\"use strict\";\n{SCRIPT}}})();\n").replace("@VERSION@", env!("CARGO_PKG_VERSION"));
    let hash = |text: &str| STANDARD.encode(digest(&SHA256, text.as_bytes()));
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        hash(&script),
        hash(STYLE)
    );
    RoomPage { html: HTML.replace("{style}", STYLE).replace("{script}", &script), policy }
});

/// Whether the client is a browser that asks for a document.
pub(super) fn is_wanted(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|kind| kind.trim().to_ascii_lowercase().starts_with("text/html"))
}

pub(super) fn page() -> Response {
    let Ok(policy) = HeaderValue::from_str(&PAGE.policy) else {
        // Cannot happen, since the policy is ASCII; but a page is never served without its policy.
        return axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let headers = [
        (CONTENT_SECURITY_POLICY, policy),
        // The address of the room is a secret that must not leak through `Referer`.
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (PERMISSIONS_POLICY, PERMISSIONS),
    ];
    (headers, Html(PAGE.html.as_str())).into_response()
}

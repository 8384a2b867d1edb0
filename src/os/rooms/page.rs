//! The page for people with a browser: it makes the other end of a call, and needs nothing but itself.
//!
//! One document of our own HTML, CSS and JavaScript, put together when it is first asked for. Its content security
//! policy lets just these scripts and styles run, by their hashes, and lets nothing be asked but this server: nothing a
//! peer says can become code, and nobody else learns that the page was opened. What the page says of itself to the other
//! end is a [`crate::model::Record`].
//!
//! | file | what it does |
//! |---|---|
//! | page.html, page.css | what is seen |
//! | words.js | all that is said, in both languages |
//! | room.js | the seat and its carriers, as `os::signalling` speaks them |
//! | record.js | what was observed, in the model's words |
//! | media.js | what passes in the call |
//! | call.js | the call itself |
//! | main.js | the course of a test |

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

/// The page asks for none of these; so that it never can.
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

/// Whether who asks is a browser that shows a page to a person.
pub(super) fn is_wanted(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|kind| kind.trim().to_ascii_lowercase().starts_with("text/html"))
}

pub(super) fn page() -> Response {
    let Ok(policy) = HeaderValue::from_str(&PAGE.policy) else {
        // Base64 and the words above are ASCII; a page without its policy is not shown.
        return axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let headers = [
        (CONTENT_SECURITY_POLICY, policy),
        // The room's address lets its reader in.
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (PERMISSIONS_POLICY, PERMISSIONS),
    ];
    (headers, Html(PAGE.html.as_str())).into_response()
}

//! Which connections and requests are let in: connections are counted, and `Host` and `Origin` of every request
//! checked.
//!
//! A browser names the page that sends a request in `Origin`. Only pages of this server itself may send requests (there
//! is no CORS), under a name of its own: otherwise any page in the world could hold rooms open from its readers' browsers.

use super::state::RoomServerState;
use crate::os::clock::within;
use crate::os::places::HeldPlace;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN, X_CONTENT_TYPE_OPTIONS};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::watch;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A connection that was let in. It is counted for as long as this exists.
pub(super) struct Connection {
    server: Arc<RoomServerState>,
    address: IpAddr,
    place: HeldPlace,
    closing: watch::Receiver<()>,
}

impl Connection {
    /// Gives a connection a place; None where there is none for its source.
    pub(crate) fn admit(
        server: &Arc<RoomServerState>,
        address: IpAddr,
        closing: watch::Receiver<()>,
    ) -> Option<Arc<Self>> {
        let address = address.to_canonical();
        let place = server.connections().admit(address)?;
        Some(Arc::new(Self { server: Arc::clone(server), address, place, closing }))
    }

    /// Waits until the server stops, or the connection has to go for another's. Cancel-safe.
    pub(crate) async fn over(&self) {
        let (mut closing, mut held) = (self.closing.clone(), self.place.held.clone());
        tokio::select! {
            _ = closing.changed() => {}
            _ = held.changed() => {}
        }
    }

    /// The source of a request: the last address in `X-Forwarded-For` of a proxy on this machine, else the address that
    /// is connected.
    pub(crate) fn source(&self, headers: &HeaderMap) -> IpAddr {
        let named = headers.get_all(FORWARDED_FOR).iter().next_back();
        let last = named.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        last.filter(|_| self.address.is_loopback()).unwrap_or(self.address)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.server.connections().leave(&self.place);
    }
}

/// The middleware in front of every route.
pub(super) async fn check(State(server): State<Arc<RoomServerState>>, request: Request, next: Next) -> Response {
    let Some(host) = only(request.headers(), &HOST) else {
        return (StatusCode::BAD_REQUEST, "one Host, please\n").into_response();
    };
    if request.headers().contains_key(ORIGIN) {
        if !is_own_page(request.headers(), host) {
            return (StatusCode::FORBIDDEN, "pages of other sites may not ask here\n").into_response();
        }
        if !is_own_name(&server.config.names, host) {
            let hint = "this server does not know this name; if it is its own: rtc-doctor serve --name NAME\n";
            return (StatusCode::FORBIDDEN, hint).into_response();
        }
    }
    // A POST is small and answered at once, so it is timed; the other requests wait for events.
    let answered = if request.method() == Method::POST {
        within(server.config.request_limit, next.run(request)).await
    } else {
        Some(next.run(request).await)
    };
    let mut response = answered.unwrap_or_else(|| too_slow().into_response());
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Closes the connection, since the unread rest of the request would be taken for the next one.
fn too_slow() -> Response<Body> {
    let close = [(axum::http::header::CONNECTION, HeaderValue::from_static("close"))];
    (StatusCode::REQUEST_TIMEOUT, close, "the request took too long\n").into_response()
}

/// The value of a header that occurs exactly once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok().filter(|value| !value.is_empty())?;
    values.next().is_none().then_some(value)
}

/// True where a page from `host` sends the request (RFC 6454 §7).
fn is_own_page(headers: &HeaderMap, host: &str) -> bool {
    let origin = only(headers, &ORIGIN).and_then(|origin| origin.split_once("://"));
    origin.is_some_and(|(_, page)| page.eq_ignore_ascii_case(host))
}

/// Whether a page may have come from here under this name. Whoever owns a name may let it lead to this server once his page is
/// there (DNS rebinding); then `Origin` and `Host` agree, and both are his. Nobody lets an address lead elsewhere.
fn is_own_name(names: &[String], host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(name, _)| name);
    let is_address = name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
    is_address || name.eq_ignore_ascii_case("localhost") || names.iter().any(|own| own.eq_ignore_ascii_case(name))
}

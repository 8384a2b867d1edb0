//! Which request of STUN was answered, by whom, how and when? (RFC 8489 §6.3)
//!
//! A request and its copies are one exchange, by the transaction id and the endpoint that sent them. One to which nobody
//! answers stays open; when it counts as silent is judged elsewhere.

use super::route::DatagramRoute;
use crate::model::{Asked, Method, Transport};
use crate::wire::{Class, Message, StunMethod, TransactionId};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

/// Open exchanges that are kept. A client has some dozens at a time.
const OPEN_MAX: usize = 50_000;
/// Nobody answers a request after so long (RFC 8489 §6.2.1).
const ANSWERED_WITHIN: Duration = Duration::from_secs(40);

/// A request, and its copies.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) route: DatagramRoute,
    pub(super) transport: Transport,
    pub(super) method: StunMethod,
    pub(super) first: Duration,
    pub(super) last: Duration,
    pub(super) copies: u32,
    /// It is a check of connectivity.
    pub(super) is_check: bool,
    /// Of a check: the sender controls (RFC 8445 §7.1.3).
    pub(super) controls: Option<bool>,
    /// Of a check: the user name fragment of whoever sends it.
    pub(super) fragment: Option<String>,
    /// Of a check: it nominates.
    pub(super) nominates: bool,
    /// It bears credentials of the long-term mechanism.
    pub(super) has_credentials: bool,
    pub(super) asked: Asked,
    pub(super) lifetime_s: Option<u32>,
    pub(super) peers: Vec<SocketAddr>,
    pub(super) channel: Option<u16>,
}

/// A request and its first answer.
pub(super) struct Answered {
    pub(super) request: Request,
    pub(super) answer: Message,
    /// From where it came.
    pub(super) from: SocketAddr,
    pub(super) at: Duration,
}

impl Answered {
    /// None where a copy makes it ambiguous which of the two was answered.
    pub(super) fn rtt(&self) -> Option<Duration> {
        (self.request.copies == 1).then(|| self.at.saturating_sub(self.request.first))
    }
}

/// Who asked, and within which relay.
type Requester = (TransactionId, SocketAddr, Option<SocketAddr>);

/// Exchanges that are open.
#[derive(Default)]
pub(super) struct Exchanges {
    open: HashMap<Requester, Request>,
    /// Requests beyond those that are kept.
    pub(super) beyond: u64,
}

/// What became of a message.
pub(super) enum Became {
    /// The first copy of a request.
    Asked(Request),
    AskedAgain(Request),
    Answered(Box<Answered>),
    /// An indication, or an answer to nothing that was caught.
    Nothing,
}

impl Exchanges {
    /// Takes a message in; `silent` takes the requests that were given up long ago, where room is needed.
    pub(super) fn take(
        &mut self,
        at: Duration,
        route: DatagramRoute,
        transport: Transport,
        message: &Message,
        silent: impl FnMut(Request),
    ) -> Became {
        match message.class {
            Class::Indication => Became::Nothing,
            Class::Request => {
                let requester = (message.id, route.from, route.within);
                if let Some(known) = self.open.get_mut(&requester) {
                    known.copies = known.copies.saturating_add(1);
                    known.last = at;
                    return Became::AskedAgain(known.clone());
                }
                if self.open.len() >= OPEN_MAX {
                    self.give_up(at, silent);
                }
                let request = Request::read(at, route, transport, message);
                if self.open.len() < OPEN_MAX {
                    self.open.insert(requester, request.clone());
                } else {
                    self.beyond += 1;
                }
                Became::Asked(request)
            }
            Class::Success | Class::Error => match self.open.remove(&(message.id, route.to, route.within)) {
                Some(request) => {
                    Became::Answered(Box::new(Answered { request, answer: message.clone(), from: route.from, at }))
                }
                None => Became::Nothing,
            },
        }
    }

    fn give_up(&mut self, now: Duration, mut silent: impl FnMut(Request)) {
        self.open.retain(|_, request| {
            let is_open = now.saturating_sub(request.last) < ANSWERED_WITHIN;
            if !is_open {
                silent(request.clone());
            }
            is_open
        });
    }

    /// Those that nobody answered; none is left open.
    pub(super) fn finish(&mut self) -> impl Iterator<Item = Request> + use<> {
        std::mem::take(&mut self.open).into_values()
    }
}

impl Request {
    fn read(at: Duration, route: DatagramRoute, transport: Transport, message: &Message) -> Self {
        let controls = match (message.ice_controlling(), message.ice_controlled()) {
            (Some(_), _) => Some(true),
            (None, Some(_)) => Some(false),
            (None, None) => None,
        };
        let is_binding = message.method == StunMethod::Binding;
        Self {
            route,
            transport,
            method: message.method,
            first: at,
            last: at,
            copies: 1,
            // A server's Binding has no user of the short-term mechanism (RFC 8445 §7.1.1, RFC 8489 §9.1).
            is_check: is_binding && (controls.is_some() || message.priority().is_some()),
            controls,
            fragment: message.username().and_then(own_fragment),
            nominates: message.use_candidate(),
            has_credentials: !is_binding && message.username().is_some(),
            asked: match message.change_request() {
                Some((true, _)) => Asked::ChangeAddressAndPort,
                Some((false, true)) => Asked::ChangePort,
                _ => Asked::Plain,
            },
            lifetime_s: message.lifetime_s(),
            peers: message.xor_peers().take(PEERS_MAX).collect(),
            channel: message.channel_number(),
        }
    }
}

/// Of "theirs:ours" what stands behind the colon (RFC 8445 §7.2.2).
fn own_fragment(username: &[u8]) -> Option<String> {
    /// RFC 8839 §5.4.
    const FRAGMENT_BYTES_MAX: usize = 256;
    let colon = username.iter().position(|byte| *byte == b':')?;
    let own = username.get(colon + 1..).filter(|own| !own.is_empty() && own.len() <= FRAGMENT_BYTES_MAX)?;
    Some(String::from_utf8_lossy(own).into_owned())
}

/// Peers of one CreatePermission that are read; clients send one at a time.
const PEERS_MAX: usize = 16;

/// The method as facts name it; None of one that is none of theirs.
pub(super) fn method(method: StunMethod) -> Option<Method> {
    match method {
        StunMethod::Binding => Some(Method::Binding),
        StunMethod::Allocate => Some(Method::Allocate),
        StunMethod::Refresh => Some(Method::Refresh),
        StunMethod::CreatePermission => Some(Method::CreatePermission),
        StunMethod::ChannelBind => Some(Method::ChannelBind),
        StunMethod::Send | StunMethod::Data | StunMethod::Other(_) => None,
    }
}

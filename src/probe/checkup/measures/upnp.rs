//! Which address has the router before this machine outside, as it says in UPnP? (UPnP Device Architecture 1.1 §1.3.2,
//! WANIPConnection:1 §2.4.18)
//!
//! Asked where the router did not answer in the protocols that were made for it ([`super::outside`]). The router is searched
//! for at its own address, and once more there and at SSDP's group, which no router passes on. It says where it describes
//! itself, the description says where its connection is asked, and that says its address. Nothing is taken from anybody else:
//! what answers from another address, or names a place at one, is as if it had said nothing.
//!
//! Three small datagrams and two requests of HTTP are sent at the most.

mod description;

use super::outside::GAP;
use crate::machine::{Bind, Input, Instant, Machine, Open, Output, SocketId, Wake};
use crate::model::{Fact, HopFact, Origin, PortControl, Question};
use crate::probe::http::{HttpProgress, HttpReader, HttpResponse};
use description::UpnpService;
use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use url::{Host, Url};

/// UPnP Device Architecture 1.1 §1.3.
const PORT: u16 = 1900;
const GROUP: Ipv4Addr = Ipv4Addr::new(239, 255, 255, 250);

/// miniupnpd takes up to a tenth of a second to answer, so that not all devices do at once.
const LAST_WAIT: Duration = Duration::from_millis(400);
/// From the first search to the last byte: a description is made by small processors.
const PATIENCE: Duration = Duration::from_millis(2_000);

const SEARCHES: SocketId = SocketId(0);
const DESCRIBES: SocketId = SocketId(1);
const TELLS: SocketId = SocketId(2);

/// The probe. It begins with its first input.
pub(super) struct UpnpProbe {
    router: IpAddr,
    local: Option<SocketAddr>,
    sent: u32,
    began: Instant,
    /// Where the router says that it is described, and where its connection is asked.
    described: Option<Url>,
    service: Option<UpnpService>,
    reader: HttpReader,
    begun: bool,
    over: bool,
    out: VecDeque<Output>,
}

impl UpnpProbe {
    pub(super) fn new(router: IpAddr) -> Self {
        Self {
            router,
            local: None,
            sent: 0,
            began: Instant::START,
            described: None,
            service: None,
            reader: HttpReader::default(),
            begun: false,
            over: false,
            out: VecDeque::new(),
        }
    }

    fn at(&self) -> SocketAddr {
        SocketAddr::new(self.router, PORT)
    }

    /// The first copy goes to the router alone; some answer to what comes to the group and to nothing else.
    fn search(&mut self) {
        self.sent += 1;
        let group = (self.sent > 1).then_some(SocketAddr::from((GROUP, PORT)));
        for to in [self.at()].into_iter().chain(group) {
            self.out.push_back(Output::Send { socket: SEARCHES, to, data: SEARCH.as_bytes().to_vec() });
        }
    }

    /// When the next search is due, or nothing is waited for any more.
    fn until(&self) -> Instant {
        match (&self.described, self.sent) {
            (Some(_), _) => self.began + PATIENCE,
            (None, 1) => self.began + GAP,
            (None, _) => self.began + GAP + LAST_WAIT,
        }
    }

    /// Takes the place of a description at the router itself.
    fn found(&mut self, from: IpAddr, data: &[u8]) {
        if from != self.router || self.described.is_some() {
            return;
        }
        let answer = HttpResponse::head_of(data).filter(|answer| answer.status == 200);
        let place =
            answer.as_ref().and_then(|answer| answer.field("Location")).and_then(|place| Url::parse(place).ok());
        let Some((place, to)) = place.and_then(|place| endpoint(&place, self.router).map(|to| (place, to))) else {
            return;
        };
        self.described = Some(place);
        self.out.push_back(Output::Open { socket: DESCRIBES, open: Open::Tcp { to } });
    }

    fn opened(&mut self, socket: SocketId) {
        let (place, request) = match (socket, &self.described, &self.service) {
            (DESCRIBES, Some(place), _) => (place, request("GET", place, "", "")),
            (TELLS, _, Some(UpnpService { kind, place })) => {
                let fields = format!("Content-Type: text/xml; charset=\"utf-8\"\r\nSOAPAction: \"{kind}#{ASK}\"\r\n");
                (place, request("POST", place, &fields, &question(kind)))
            }
            _ => return,
        };
        if let Some(to) = endpoint(place, self.router) {
            self.out.push_back(Output::Send { socket, to, data: request.into_bytes() });
        }
    }

    fn progress(&mut self, now: Instant, socket: SocketId, progress: HttpProgress) {
        let response = match progress {
            HttpProgress::Unfinished => return,
            HttpProgress::Refused => return self.finish(now, None),
            HttpProgress::Whole(response) => response,
        };
        self.out.push_back(Output::Close { socket });
        self.reader = HttpReader::default();
        if socket == TELLS {
            return self.finish(now, description::answer(&response));
        }
        let base = self.described.as_ref();
        let service = base.and_then(|base| description::connection(&response.body, base));
        let at_router = service.and_then(|service| endpoint(&service.place, self.router).map(|to| (service, to)));
        match at_router {
            Some((service, to)) => {
                self.service = Some(service);
                self.out.push_back(Output::Open { socket: TELLS, open: Open::Tcp { to } });
            }
            None => self.finish(now, None),
        }
    }

    /// `told` is the result code and the address, where the connection was asked and answered.
    fn finish(&mut self, now: Instant, told: Option<(u16, Option<IpAddr>)>) {
        self.over = true;
        let Some(local) = self.local else { return };
        let fact = Fact::Hops(HopFact::OutsideAsked {
            router: self.at(),
            local,
            protocol: self.described.as_ref().map(|_| PortControl::Upnp),
            code: told.map(|(code, _)| code),
            outside: told.and_then(|(_, outside)| outside),
            sent: self.sent,
            waited_ms: now.since(self.began).into(),
        });
        self.out.push_back(Output::Observe { by: Origin { question: Question::Outside, uri: None }, fact });
    }
}

/// Where a place is asked, if that is at the router itself and in plain HTTP.
fn endpoint(place: &Url, router: IpAddr) -> Option<SocketAddr> {
    let address = match place.host()? {
        Host::Ipv4(address) => IpAddr::V4(address),
        Host::Ipv6(address) => IpAddr::V6(address),
        Host::Domain(_) => return None,
    };
    let port = place.port_or_known_default().filter(|port| *port != 0)?;
    (place.scheme() == "http" && address == router).then(|| SocketAddr::new(address, port))
}

/// UPnP Device Architecture 1.1 §1.3.2. Devices of the second version answer to the first too.
const SEARCH: &str = "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\n\
    ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n\r\n";

/// WANIPConnection:1 §2.4.18.
const ASK: &str = "GetExternalIPAddress";

fn question(kind: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\r\n<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body><u:{ASK} xmlns:u=\"{kind}\"/></s:Body>\
         </s:Envelope>\r\n"
    )
}

fn request(method: &str, place: &Url, fields: &str, body: &str) -> String {
    let target = &place[url::Position::BeforePath..url::Position::AfterQuery];
    let host = &place[url::Position::BeforeHost..url::Position::AfterPort];
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{fields}{length}\r\n{body}")
}

impl Machine for UpnpProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            _ if self.over => {}
            Input::Interfaces(_) if !self.begun => {
                self.begun = true;
                let open = Open::Udp { bind: Bind::Toward(self.at()), dont_fragment: false };
                self.out.push_back(Output::Open { socket: SEARCHES, open });
            }
            Input::Opened { socket: SEARCHES, local, .. } => {
                (self.local, self.began) = (Some(local), now);
                self.search();
            }
            Input::Opened { socket, .. } => self.opened(socket),
            Input::Received { socket: SEARCHES, from, data } => self.found(from.ip(), &data),
            Input::Received { socket, data, .. } => {
                let progress = self.reader.feed(&data);
                self.progress(now, socket, progress);
            }
            Input::Ended { socket } => {
                let progress = self.reader.end();
                self.progress(now, socket, progress);
            }
            Input::Failed { socket: SEARCHES, .. } | Input::Stop => self.over = true,
            Input::Failed { .. } => self.finish(now, None),
            Input::Woken if self.local.is_some() && now >= self.until() => {
                if self.described.is_none() && self.sent < 2 { self.search() } else { self.finish(now, None) }
            }
            _ => {}
        }
    }

    fn poll(&mut self) -> Output {
        let wake = match self.local {
            _ if self.over => Wake::Finished,
            Some(_) => Wake::At(self.until()),
            None => Wake::OnInput,
        };
        self.out.pop_front().unwrap_or(Output::Wait(wake))
    }
}

#[cfg(test)]
mod tests;

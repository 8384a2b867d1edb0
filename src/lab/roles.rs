//! Servers that speak HTTP where STUN is expected: captive portals, proxies, and what inspects TLS; and routers that say
//! which address they have outside.

mod router;

pub use router::TellingRouter;

use crate::machine::{Input, Instant, Machine, Open, Output, SocketId, Wake};
use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

const REDIRECTION: &[u8] = b"HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\nContent-Length: 0\r\n\r\n";
/// The name of the sign-in page. Every name resolves to the portal, this one included.
const OWN_NAME: &[u8] = b"portal.example";
const SIGN_IN: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 53\r\n\r\n\
    <!doctype html><title>Sign in</title><h1>Sign in</h1>";
const BAD_REQUEST: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";

/// Answers the first bytes of each stream with an HTTP response, and closes the stream.
pub struct Web {
    listens: Vec<Open>,
    answer: fn(&[u8]) -> &'static [u8],
    out: VecDeque<Output>,
}

impl Web {
    /// A captive portal, which redirects every request to its own page (RFC 8952 §2.2).
    pub fn portal() -> Self {
        let anybody = |port| SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), port);
        let plain = [80, 3478].map(|port| Open::Listen { at: anybody(port), secure: false });
        let secure = [443, 5349].map(|port| Open::Listen { at: anybody(port), secure: true });
        Self { listens: plain.into_iter().chain(secure).collect(), answer: portal, out: VecDeque::new() }
    }

    /// What ends TLS in the name of every host, and takes HTTP inside.
    pub fn inspector() -> Self {
        let anybody = |port| SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), port);
        let listens = [443, 5349].map(|port| Open::Listen { at: anybody(port), secure: true }).into();
        Self { listens, answer: |_| BAD_REQUEST, out: VecDeque::new() }
    }

    /// An HTTP proxy, which accepts no request but CONNECT (RFC 9110 §9.3.6).
    pub fn proxy(address: IpAddr) -> Self {
        let listens = vec![Open::Listen { at: SocketAddr::new(address, 3128), secure: false }];
        Self { listens, answer: |_| BAD_REQUEST, out: VecDeque::new() }
    }
}

fn portal(request: &[u8]) -> &'static [u8] {
    let is_there = request.windows(OWN_NAME.len()).any(|part| part == OWN_NAME);
    if is_there { SIGN_IN } else { REDIRECTION }
}

impl Machine for Web {
    fn handle(&mut self, _: Instant, input: Input) {
        match input {
            Input::Interfaces(_) => {
                for (number, open) in self.listens.drain(..).enumerate() {
                    self.out.push_back(Output::Open { socket: SocketId(number as u32), open });
                }
            }
            Input::Received { socket, from, data } => {
                self.out.push_back(Output::Send { socket, to: from, data: (self.answer)(&data).to_vec() });
                self.out.push_back(Output::Close { socket });
            }
            _ => {}
        }
    }

    fn poll(&mut self) -> Output {
        self.out.pop_front().unwrap_or(Output::Wait(Wake::OnInput))
    }
}

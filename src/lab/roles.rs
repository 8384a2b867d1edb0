//! Hosts of a simulated network that speak the web's protocol where STUN is expected: captive portals and proxies.

use crate::machine::{Input, Instant, Machine, Open, Output, SocketId, Wake};
use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

const REDIRECTION: &[u8] = b"HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\nContent-Length: 0\r\n\r\n";
const BAD_REQUEST: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";

/// Answers whatever comes over a stream with one page, and ends the stream.
pub struct Web {
    listens: Vec<Open>,
    page: &'static [u8],
    out: VecDeque<Output>,
}

impl Web {
    /// A captive portal: it sends everybody to its own page, whoever they asked for.
    pub fn portal() -> Self {
        let anybody = |port| SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), port);
        let plain = [80, 3478].map(|port| Open::Listen { at: anybody(port), secure: false });
        let secure = [443, 5349].map(|port| Open::Listen { at: anybody(port), secure: true });
        Self { listens: plain.into_iter().chain(secure).collect(), page: REDIRECTION, out: VecDeque::new() }
    }

    /// An HTTP proxy, which takes no request but CONNECT (RFC 9110 §9.3.6).
    pub fn proxy(address: IpAddr) -> Self {
        let listens = vec![Open::Listen { at: SocketAddr::new(address, 3128), secure: false }];
        Self { listens, page: BAD_REQUEST, out: VecDeque::new() }
    }
}

impl Machine for Web {
    fn handle(&mut self, _: Instant, input: Input) {
        match input {
            Input::Interfaces(_) => {
                for (number, open) in self.listens.drain(..).enumerate() {
                    self.out.push_back(Output::Open { socket: SocketId(number as u32), open });
                }
            }
            Input::Received { socket, from, .. } => {
                self.out.push_back(Output::Send { socket, to: from, data: self.page.to_vec() });
                self.out.push_back(Output::Close { socket });
            }
            _ => {}
        }
    }

    fn poll(&mut self) -> Output {
        self.out.pop_front().unwrap_or(Output::Wait(Wake::OnInput))
    }
}

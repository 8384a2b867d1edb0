//! A router that opens ports on request, and so says which address it has outside: in NAT-PMP (RFC 6886 §3.2), in PCP
//! (RFC 6887 §11) or in UPnP (WANIPConnection:1 §2.4.18). It opens none.

use crate::machine::{Bind, Input, Instant, Machine, Open, Output, SocketId, Wake};
use crate::model::PortControl;
use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

const PCP_PORT: u16 = 5351;
const SSDP_PORT: u16 = 1900;
const HTTP_PORT: u16 = 5000;

/// The router as its hosts see it.
pub struct TellingRouter {
    protocol: PortControl,
    /// The address that its hosts know it by.
    inside: IpAddr,
    outside: Ipv4Addr,
    out: VecDeque<Output>,
}

impl TellingRouter {
    /// A router that answers in this protocol.
    pub fn new(protocol: PortControl, inside: IpAddr, outside: Ipv4Addr) -> Self {
        Self { protocol, inside, outside, out: VecDeque::new() }
    }

    fn begin(&mut self) {
        let at = |port| SocketAddr::new(self.inside, port);
        let udp = |port| Open::Udp { bind: Bind::At(at(port)), dont_fragment: false };
        let opened = match self.protocol {
            PortControl::NatPmp | PortControl::Pcp => vec![udp(PCP_PORT)],
            PortControl::Upnp => vec![udp(SSDP_PORT), Open::Listen { at: at(HTTP_PORT), secure: false }],
        };
        let opened = (0..).zip(opened).map(|(number, open)| Output::Open { socket: SocketId(number), open });
        self.out.extend(opened);
    }

    /// What it answers to these bytes.
    fn answer(&self, request: &[u8]) -> Option<Vec<u8>> {
        let begins = |word: &str| request.starts_with(word.as_bytes());
        match self.protocol {
            PortControl::NatPmp => {
                (request == [0, 0]).then(|| [&[0, 128, 0, 0, 0, 0, 0, 1], &self.outside.octets()[..]].concat())
            }
            PortControl::Pcp => self.mapping_ended(request),
            PortControl::Upnp if begins("M-SEARCH ") => {
                let place = SocketAddr::new(self.inside, HTTP_PORT);
                Some(
                    format!("HTTP/1.1 200 OK\r\nEXT:\r\nST: {DEVICE}\r\nLOCATION: http://{place}/desc.xml\r\n\r\n")
                        .into(),
                )
            }
            PortControl::Upnp if begins("GET ") => Some(http(&format!(
                "<root><device><serviceList><service><serviceType>{SERVICE}</serviceType>\
                 <controlURL>/ctl</controlURL></service></serviceList></device></root>"
            ))),
            PortControl::Upnp if begins("POST ") => Some(http(&format!(
                "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><u:GetExternalIPAddressResponse \
                 xmlns:u=\"{SERVICE}\"><NewExternalIPAddress>{}</NewExternalIPAddress></u:GetExternalIPAddressResponse>\
                 </s:Body></s:Envelope>",
                self.outside
            ))),
            PortControl::Upnp => None,
        }
    }

    /// The answer to a request for the end of a mapping, whose nonce, protocol and port it has (RFC 6887 §11.1).
    fn mapping_ended(&self, request: &[u8]) -> Option<Vec<u8>> {
        let ([2, 1], mapping) = (request.get(..2)?, request.get(24..42)?) else { return None };
        let header = [&[2, 0x81, 0, 0][..], &[0; 20]].concat();
        Some([&header, mapping, &[0, 0], &self.outside.to_ipv6_mapped().octets()[..]].concat())
    }
}

const DEVICE: &str = "urn:schemas-upnp-org:device:InternetGatewayDevice:1";
const SERVICE: &str = "urn:schemas-upnp-org:service:WANIPConnection:1";

fn http(body: &str) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n", body.len());
    (head + body).into_bytes()
}

impl Machine for TellingRouter {
    fn handle(&mut self, _: Instant, input: Input) {
        match input {
            Input::Interfaces(_) if self.out.is_empty() => self.begin(),
            Input::Received { socket, from, data } => {
                let answer = self.answer(&data);
                self.out.extend(answer.map(|data| Output::Send { socket, to: from, data }));
            }
            _ => {}
        }
    }

    fn poll(&mut self) -> Output {
        self.out.pop_front().unwrap_or(Output::Wait(Wake::OnInput))
    }
}

//! Which address has the router before this machine outside? (RFC 6886 §3.2, RFC 6887 §11)
//!
//! A router that opens ports on request is asked in both protocols for that, which share a port. In the older one there is a
//! question for the address. In the newer one the answer to any request for a mapping holds it, also where the request is
//! refused: so one is asked to end that was never made, of our own port and under a nonce of our own, which changes nothing in
//! the router. Some say the address only there: what is no public address they keep back in the older protocol.
//!
//! Four small datagrams go to the router at the most, and none to anybody else.

use crate::machine::{Bind, Input, Instant, Machine, Open, Output, Rng, SocketId, Wake};
use crate::model::{Fact, HopFact, Origin, PortControl, Question};
use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

/// RFC 6887 §19.1, RFC 6886 §3.
pub(super) const PORT: u16 = 5351;

/// A router is one hop away: what takes longer is lost, or nobody listens.
pub(super) const GAP: Duration = Duration::from_millis(100);
const LAST_WAIT: Duration = Duration::from_millis(250);
const COPIES: u32 = 2;

const SOCKET: SocketId = SocketId(0);

/// RFC 6886 §3.2: version 0, opcode 0.
const NAT_PMP_REQUEST: [u8; 2] = [0, 0];

/// The probe. It begins with its first input.
pub(super) struct OutsideProbe {
    router: SocketAddr,
    /// The mapping's nonce (RFC 6887 §11.1).
    nonce: [u8; 12],
    local: Option<SocketAddr>,
    sent: u32,
    began: Instant,
    answers: Vec<OutsideAnswer>,
    begun: bool,
    over: bool,
    out: VecDeque<Output>,
}

/// What an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OutsideAnswer {
    protocol: PortControl,
    code: u16,
    outside: Option<IpAddr>,
}

impl OutsideProbe {
    pub(super) fn new(router: IpAddr, mut rng: Rng) -> Self {
        Self {
            router: SocketAddr::new(router, PORT),
            nonce: rng.bytes(),
            local: None,
            sent: 0,
            began: Instant::START,
            answers: Vec::new(),
            begun: false,
            over: false,
            out: VecDeque::new(),
        }
    }

    fn send(&mut self) {
        let Some(local) = self.local else { return };
        self.sent += 1;
        for data in [NAT_PMP_REQUEST.to_vec(), pcp_request(local, self.nonce)] {
            self.out.push_back(Output::Send { socket: SOCKET, to: self.router, data });
        }
    }

    /// When the next copy is due, or the last one has been waited for.
    fn until(&self) -> Instant {
        let last = if self.sent < COPIES { Duration::ZERO } else { LAST_WAIT.saturating_sub(GAP) };
        self.began + GAP * self.sent + last
    }

    fn receive(&mut self, data: &[u8]) {
        let port = self.local.map(|local| local.port());
        let named = nat_pmp_answer(data).or_else(|| pcp_answer(data, &self.nonce, port?));
        self.answers.extend(named.filter(|named| self.answers.iter().all(|other| other.protocol != named.protocol)));
    }

    /// Both have answered, or one has named an address.
    fn is_answered(&self) -> bool {
        self.answers.len() == 2 || self.answers.iter().any(|named| named.outside.is_some())
    }

    fn finish(&mut self, now: Instant) {
        self.over = true;
        let Some(local) = self.local else { return };
        let named = self.answers.iter().find(|named| named.outside.is_some()).or(self.answers.first());
        let fact = Fact::Hops(HopFact::OutsideAsked {
            router: self.router,
            local,
            protocol: named.map(|named| named.protocol),
            code: named.map(|named| named.code),
            outside: named.and_then(|named| named.outside),
            sent: self.sent,
            waited_ms: now.since(self.began).into(),
        });
        self.out.push_back(Output::Observe { by: Origin { question: Question::Outside, uri: None }, fact });
    }
}

/// A request to end a mapping (RFC 6887 §11.1, §15): 24 bytes of header, 36 of MAP.
fn pcp_request(local: SocketAddr, nonce: [u8; 12]) -> Vec<u8> {
    const VERSION: u8 = 2;
    const MAP: u8 = 1;
    const UDP: u8 = 17;
    let client = match local.ip() {
        IpAddr::V4(ipv4) => ipv4.to_ipv6_mapped(),
        IpAddr::V6(ipv6) => ipv6,
    };
    // A lifetime of zero ends it; the suggested external port and address are then zero.
    let header = [&[VERSION, MAP, 0, 0], &[0; 4][..], &client.octets()].concat();
    let mapping = [&nonce[..], &[UDP, 0, 0, 0], &local.port().to_be_bytes(), &[0; 2]].concat();
    [header, mapping, Ipv4Addr::UNSPECIFIED.to_ipv6_mapped().octets().to_vec()].concat()
}

fn nat_pmp_answer(data: &[u8]) -> Option<OutsideAnswer> {
    let [0, 128, high, low, _, _, _, _, address @ ..] = data else { return None };
    let code = u16::from_be_bytes([*high, *low]);
    let address = address.first_chunk::<4>().map(|octets| Ipv4Addr::from(*octets));
    let outside = address.filter(|address| code == 0 && !address.is_unspecified()).map(IpAddr::V4);
    Some(OutsideAnswer { protocol: PortControl::NatPmp, code, outside })
}

/// The answer to our own request, whatever its result is.
fn pcp_answer(data: &[u8], nonce: &[u8; 12], port: u16) -> Option<OutsideAnswer> {
    const HEADER: usize = 24;
    let [2, 0x81, _, code, ..] = data else { return None };
    let map = data.get(HEADER..)?;
    let (own, rest) = map.split_first_chunk::<12>()?;
    let [17, _, _, _, high, low, _, _, address @ ..] = rest else { return None };
    let is_ours = own == nonce && u16::from_be_bytes([*high, *low]) == port;
    let address = Ipv6Addr::from(*address.first_chunk::<16>()?).to_canonical();
    let outside = Some(address).filter(|address| !address.is_unspecified());
    is_ours.then_some(OutsideAnswer { protocol: PortControl::Pcp, code: u16::from(*code), outside })
}

impl Machine for OutsideProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            _ if self.over => {}
            Input::Interfaces(_) if !self.begun => {
                self.begun = true;
                let open = Open::Udp { bind: Bind::Toward(self.router), dont_fragment: false };
                self.out.push_back(Output::Open { socket: SOCKET, open });
            }
            Input::Opened { local, .. } if self.local.is_none() => {
                (self.local, self.began) = (Some(local), now);
                self.send();
            }
            Input::Received { from, data, .. } if from == self.router => {
                self.receive(&data);
                if self.is_answered() {
                    self.finish(now);
                }
            }
            // Nobody listens there.
            Input::Unreachable { .. } if self.local.is_some() => self.finish(now),
            Input::Woken if self.local.is_some() && now >= self.until() => {
                if self.sent < COPIES {
                    self.send()
                } else {
                    self.finish(now)
                }
            }
            Input::Failed { .. } | Input::Stop => self.over = true,
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
mod tests {
    use super::*;
    use crate::probe::testing::{Bench, DelayedReply, SentDatagram};

    const ROUTER: &str = "192.0.2.1";

    /// What is told of a router that answers so, and how many datagrams it was sent.
    fn told(answer: impl Fn(&SentDatagram<'_>) -> Option<Vec<u8>>) -> (Option<PortControl>, Option<String>, usize) {
        let mut probe = OutsideProbe::new(ROUTER.parse().expect("an address"), Rng::numbered(1));
        let mut bench = Bench::new(&mut probe);
        bench.run(|_, sent| {
            let reply = answer(&sent).map(|data| -> DelayedReply { (Duration::from_millis(2), sent.to, data) });
            reply.into_iter().collect()
        });
        let [(_, Fact::Hops(HopFact::OutsideAsked { protocol, outside, .. }))] = &bench.facts[..] else {
            panic!("{:?}", bench.facts)
        };
        (*protocol, outside.map(|address| address.to_string()), bench.sent.len())
    }

    /// As miniupnpd 2.3 answers whose outer address is no public one: in the newer protocol alone it is named.
    fn keeps_it_back(sent: &SentDatagram<'_>) -> Option<Vec<u8>> {
        if sent.data.len() == 2 {
            return Some([&[0, 128, 0, 3][..], &[0; 8]].concat());
        }
        let mapping = &sent.data[24..42];
        let header = [&[2, 0x81, 0, 8, 0, 0, 0, 30][..], &[0; 16]].concat();
        let outside = [&[0; 10][..], &[0xff, 0xff], &[100, 64, 1, 2]].concat();
        Some([&header[..], mapping, &[0, 0], &outside].concat())
    }

    #[test]
    fn an_address_is_taken_from_whichever_protocol_names_it() {
        let older = |sent: &SentDatagram<'_>| {
            (sent.data.len() == 2).then(|| [&[0, 128, 0, 0, 0, 0, 0, 9][..], &[203, 0, 113, 7]].concat())
        };
        assert_eq!(told(older), (Some(PortControl::NatPmp), Some("203.0.113.7".to_owned()), 2));
        assert_eq!(told(keeps_it_back), (Some(PortControl::Pcp), Some("100.64.1.2".to_owned()), 2));
    }

    #[test]
    fn a_router_that_says_nothing_is_sent_two_copies_of_each() {
        assert_eq!(told(|_| None), (None, None, 4));
    }

    #[test]
    fn an_answer_to_somebody_elses_request_and_one_cut_short_name_nothing() {
        let of_another = |sent: &SentDatagram<'_>| {
            let mut answer = keeps_it_back(sent).filter(|answer| answer.len() > 12)?;
            answer[24] ^= 1;
            Some(answer)
        };
        assert_eq!(told(of_another), (None, None, 4));
        for length in 0..60 {
            let cut =
                |sent: &SentDatagram<'_>| keeps_it_back(sent).map(|answer| answer[..length.min(answer.len())].to_vec());
            assert_eq!(told(cut).1, None, "{length}");
        }
    }

    #[test]
    fn the_request_asks_for_the_end_of_a_mapping_of_its_own_port() {
        let local = "192.0.2.77:40000".parse().expect("an endpoint");
        let request = pcp_request(local, [7; 12]);
        assert_eq!((request.len(), &request[..2], &request[4..8]), (60, &[2, 1][..], &[0; 4][..]));
        assert_eq!(
            (&request[18..24], &request[40..42]),
            (&[255, 255, 192, 0, 2, 77][..], &40_000_u16.to_be_bytes()[..])
        );
    }
}

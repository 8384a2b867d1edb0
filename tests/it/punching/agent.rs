//! Two ends that look for a way to each other, and the server that tells each where it is seen.

use rtc_doctor::machine::{Bind, Input, Instant, Machine, Open, Output, Rng, SocketId, Wake};
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

const SERVER: &str = "198.51.100.1:3478";
const SOCKET: SocketId = SocketId(0);
/// RFC 8445 §14.2's Ta.
const PACE: Duration = Duration::from_millis(50);
/// Two and a half seconds of checks.
const CHECKS: u32 = 50;

/// What the two tell each other beside the network, as signalling would.
pub(super) struct Meeting {
    starts: [Duration; 2],
    reflexive: [Option<SocketAddr>; 2],
    pub succeeded: [bool; 2],
}

impl Meeting {
    pub(super) fn new(starts: [Duration; 2]) -> Self {
        Self { starts, reflexive: [None; 2], succeeded: [false; 2] }
    }
}

/// Answers each datagram with where it came from.
#[derive(Default)]
pub(super) struct Reflector {
    out: VecDeque<Output>,
}

fn server() -> SocketAddr {
    SERVER.parse().expect("an address")
}

impl Machine for Reflector {
    fn handle(&mut self, _: Instant, input: Input) {
        match input {
            Input::Interfaces(_) => {
                let open = Open::Udp { bind: Bind::At(server()), dont_fragment: false };
                self.out.push_back(Output::Open { socket: SOCKET, open });
            }
            Input::Received { from, .. } => {
                self.out.push_back(Output::Send { socket: SOCKET, to: from, data: from.to_string().into_bytes() });
            }
            _ => {}
        }
    }

    fn poll(&mut self) -> Output {
        self.out.pop_front().unwrap_or(Output::Wait(Wake::OnInput))
    }
}

pub(super) struct Agent {
    number: usize,
    meeting: Rc<RefCell<Meeting>>,
    rng: Rng,
    next: Option<Instant>,
    /// Where to send checks: the other's reflexive address, and whatever its checks came from.
    known: Vec<SocketAddr>,
    /// Where each check was sent.
    checks: BTreeMap<u64, SocketAddr>,
    left: u32,
    out: VecDeque<Output>,
}

impl Agent {
    pub(super) fn new(number: usize, meeting: Rc<RefCell<Meeting>>, seed: u64) -> Self {
        let rng = Rng::numbered(seed * 2 + number as u64);
        Self {
            number,
            meeting,
            rng,
            next: None,
            known: Vec::new(),
            checks: BTreeMap::new(),
            left: CHECKS,
            out: VecDeque::new(),
        }
    }

    fn send(&mut self, to: SocketAddr, kind: u8, id: u64) {
        let data = [&[kind][..], &id.to_be_bytes()].concat();
        self.out.push_back(Output::Send { socket: SOCKET, to, data });
    }

    fn learn(&mut self, address: SocketAddr) {
        if !self.known.contains(&address) {
            self.known.push(address);
        }
    }

    fn step(&mut self, now: Instant) {
        let (own, other) = {
            let meeting = self.meeting.borrow();
            (meeting.reflexive[self.number], meeting.reflexive[1 - self.number])
        };
        if own.is_none() {
            self.out.push_back(Output::Send { socket: SOCKET, to: server(), data: vec![b'?'] });
        } else if let Some(other) = other {
            self.learn(other);
            let to = self.known[self.left as usize % self.known.len()];
            let id = u64::from_be_bytes(self.rng.bytes());
            self.checks.insert(id, to);
            self.send(to, b'c', id);
            self.left -= 1;
        }
        self.next = (self.left > 0).then(|| now + PACE);
    }

    fn hear(&mut self, from: SocketAddr, data: &[u8]) {
        if from == server() {
            let seen = std::str::from_utf8(data).ok().and_then(|text| text.parse().ok());
            self.meeting.borrow_mut().reflexive[self.number] = seen;
            return;
        }
        let id = |bytes: &[u8]| Some(u64::from_be_bytes(bytes.try_into().ok()?));
        match data {
            [b'c', rest @ ..] => {
                if let Some(id) = id(rest) {
                    self.learn(from);
                    self.send(from, b'r', id);
                }
            }
            [b'r', rest @ ..] => {
                let sent_to = id(rest).and_then(|id| self.checks.get(&id));
                self.meeting.borrow_mut().succeeded[self.number] |= sent_to == Some(&from);
            }
            _ => {}
        }
    }
}

impl Machine for Agent {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Interfaces(_) => {
                let open = Open::Udp { bind: Bind::Toward(server()), dont_fragment: false };
                self.out.push_back(Output::Open { socket: SOCKET, open });
                self.next = Some(now + self.meeting.borrow().starts[self.number]);
            }
            Input::Woken => self.step(now),
            Input::Received { from, data, .. } => self.hear(from, &data),
            _ => {}
        }
    }

    fn poll(&mut self) -> Output {
        let wake = self.next.map_or(Wake::OnInput, Wake::At);
        self.out.pop_front().unwrap_or(Output::Wait(wake))
    }
}

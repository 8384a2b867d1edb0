//! One checkup in the lab, with a server that may be bent out of shape, recorded.

use crate::lab::ip;
use rtc_doctor::lab::{Gateway, HostId, Link, Region, World};
use rtc_doctor::machine::{Input, Instant, Machine, Output, Rng};
use rtc_doctor::model::{Record, Recording};
use rtc_doctor::probe::{Checkup, Plan, Planned};
use rtc_doctor::record::Recorder;
use rtc_doctor::run;
use rtc_doctor::server::{Access, Config, Peers, Relaying, StunTurnServer, UdpSite};
use rtc_doctor::turn::Credentials;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

pub(super) const FIRST: &str = "198.51.100.1";
pub(super) const SECOND: &str = "198.51.100.2";
pub(super) const STUN: &str = "stun:198.51.100.1";
pub(super) const REALM: &str = "lab.example";
const SEED: [u8; 32] = [7; 32];

pub(super) type Furnish = Box<dyn FnOnce(&mut World, HostId, Region)>;

/// What is put on: one home, one server, one checkup.
pub(super) struct Scene {
    pub gateway: Gateway,
    /// Of the machine that is examined.
    pub home: IpAddr,
    pub uris: Vec<&'static str>,
    pub credentials: Option<Credentials>,
    pub server: Config,
    /// The server's addresses.
    pub addresses: Vec<IpAddr>,
    pub bend: Bend,
    pub lifetime: Option<Duration>,
    /// Sees all bytes that cross the checkup's sockets.
    pub spy: Option<Rc<RefCell<Vec<u8>>>>,
    /// Names, and whatever else there is in the world: told the server's host and the home's region.
    pub furnish: Furnish,
}

impl Scene {
    pub(super) fn behind(gateway: Gateway) -> Self {
        Self {
            gateway,
            home: ip("192.168.0.2"),
            uris: vec![STUN],
            credentials: None,
            server: server(),
            addresses: vec![ip(FIRST), ip(SECOND)],
            bend: Bend::default(),
            lifetime: None,
            spy: None,
            furnish: Box::new(|_, _, _| {}),
        }
    }

    /// With user and password for these servers.
    pub(super) fn relaying(self, uris: &[&'static str]) -> Self {
        Self { uris: uris.to_vec(), credentials: Some(user("pass")), ..self }
    }

    pub(super) fn act(self) -> Recording {
        let mut world = World::new(1);
        let internet = world.internet();
        let site = world.site(internet, self.gateway.over(Link::of(Duration::from_millis(20), 0.0)));
        let outside = world.host(internet, &self.addresses);
        let bent =
            Bent { server: StunTurnServer::new(self.server, Rng::numbered(2)), bend: self.bend, out: VecDeque::new() };
        world.attach(outside, Box::new(bent));
        let home = world.host(site, &[self.home]);
        (self.furnish)(&mut world, outside, site);
        let timeout = if self.lifetime.is_some() { Duration::from_secs(600) } else { Duration::from_secs(15) };
        let credentials = &self.credentials;
        let planned = |uri: &&str| Planned { target: uri.parse().expect("a URI"), credentials: credentials.clone() };
        let servers = self.uris.iter().map(planned);
        let plan = Plan { lifetime: self.lifetime, unix_now: run::LAB_UNIX_NOW, timeout, ..Plan::new(servers) };
        let run = run::conditions(&plan, SEED);
        let mut record = Record::new(plan.servers.iter().map(|planned| planned.target.clone()).collect());
        let (recorder, tape) = Recorder::new(Checkup::new(plan, Rng::new(SEED)));
        let spying = Spying { machine: recorder, spy: self.spy.unwrap_or_default() };
        let checkup = world.attach(home, Box::new(spying));
        let limit = Instant::after_start(timeout + Duration::from_secs(1));
        assert!(world.run_until_finished(checkup, limit), "it keeps its time");
        for (at, by, fact) in world.observed(checkup) {
            record.observe(at.since_start(), by.clone(), fact.clone());
        }
        Recording { run: Some(run), transcript: Some(tape.take()), ..Recording::new(record) }
    }
}

struct Spying<M> {
    machine: M,
    spy: Rc<RefCell<Vec<u8>>>,
}

impl<M: Machine> Machine for Spying<M> {
    fn handle(&mut self, now: Instant, input: Input) {
        if let Input::Received { data, .. } = &input {
            self.spy.borrow_mut().extend(data);
        }
        self.machine.handle(now, input);
    }

    fn poll(&mut self) -> Output {
        let output = self.machine.poll();
        match &output {
            Output::Send { data, .. } => self.spy.borrow_mut().extend(data),
            // A world may poll once more than it must: what is recorded would not say so.
            Output::Wait(_) => assert_eq!(self.machine.poll(), output, "it waits until it is told something"),
            _ => {}
        }
        output
    }
}

pub(super) fn user(password: &str) -> Credentials {
    Credentials::LongTerm { username: "user".to_owned(), password: password.to_owned() }
}

/// STUN on two addresses and two ports, TURN over UDP and TCP, and over TLS on 443; relays to anywhere.
pub(super) fn server() -> Config {
    let (first, second) = (ip(FIRST), ip(SECOND));
    Config {
        udp: vec![UdpSite { address: first, port: 3478, second_address: Some(second), second_port: Some(3479) }],
        tcp: vec![SocketAddr::new(first, 3478)],
        tls: vec![SocketAddr::new(first, 443)],
        relaying: Some(relaying(FIRST, &["0.0.0.0/0"])),
        ..Config::default()
    }
}

pub(super) fn relaying(address: &str, peers: &[&str]) -> Relaying {
    let access = Access::new(REALM).and_then(|access| access.with_user("user", "pass")).expect("usable");
    let peers = peers.iter().map(|range| range.parse().expect("a range"));
    let ipv4 = Some(address.parse().expect("an IPv4 address"));
    Relaying { access, peers: Peers::from_iter(peers), between_relays: false, ipv4, ipv6: None, ports: None }
}

/// What a server does otherwise than ours: to what it hears, and to what it does.
pub(super) struct Bend {
    pub hears: Box<dyn FnMut(Input) -> Option<Input>>,
    pub does: Box<dyn FnMut(Output) -> Vec<Output>>,
}

impl Default for Bend {
    fn default() -> Self {
        Self { hears: Box::new(Some), does: Box::new(|output| vec![output]) }
    }
}

impl Bend {
    pub(super) fn hearing(hears: impl FnMut(Input) -> Option<Input> + 'static) -> Self {
        Self { hears: Box::new(hears), ..Self::default() }
    }

    pub(super) fn doing(does: impl FnMut(Output) -> Vec<Output> + 'static) -> Self {
        Self { does: Box::new(does), ..Self::default() }
    }

    /// Each message that it sends, changed.
    pub(super) fn saying(mut change: impl FnMut(&mut Message) + 'static) -> Self {
        Self::doing(move |output| match output {
            Output::Send { socket, to, data } => {
                vec![Output::Send { socket, to, data: Message::change(data, &mut change) }]
            }
            output => vec![output],
        })
    }

    /// Each message that it hears, changed.
    pub(super) fn mishearing(mut change: impl FnMut(&mut Message) + 'static) -> Self {
        Self::hearing(move |input| match input {
            Input::Received { socket, from, data } => {
                Some(Input::Received { socket, from, data: Message::change(data, &mut change) })
            }
            input => Some(input),
        })
    }
}

struct Bent {
    server: StunTurnServer,
    bend: Bend,
    out: VecDeque<Output>,
}

impl Machine for Bent {
    fn handle(&mut self, now: Instant, input: Input) {
        if let Some(input) = (self.bend.hears)(input) {
            self.server.handle(now, input);
        }
    }

    fn poll(&mut self) -> Output {
        loop {
            if let Some(output) = self.out.pop_front() {
                return output;
            }
            match self.server.poll() {
                Output::Wait(wake) => return Output::Wait(wake),
                output => self.out.extend((self.bend.does)(output)),
            }
        }
    }
}

pub(super) const CHANGE_REQUEST: u16 = 0x0003;
pub(super) const ERROR_CODE: u16 = 0x0009;
pub(super) const USERNAME: u16 = 0x0006;
pub(super) const NONCE: u16 = 0x0015;
pub(super) const OTHER_ADDRESS: u16 = 0x802c;
const FINGERPRINT: u16 = 0x8028;

/// A STUN message taken to pieces, without a FINGERPRINT.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub kind: u16,
    /// Cookie and transaction id.
    pub id: [u8; 16],
    pub attributes: Vec<(u16, Vec<u8>)>,
}

impl Message {
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (head, mut rest) = bytes.split_at_checked(20)?;
        if head[0] & 0xc0 != 0 {
            return None;
        }
        let mut attributes = Vec::new();
        while let [a, b, c, d, behind @ ..] = rest {
            let length = usize::from(u16::from_be_bytes([*c, *d]));
            attributes.push((u16::from_be_bytes([*a, *b]), behind.get(..length)?.to_vec()));
            rest = behind.get(length.next_multiple_of(4)..)?;
        }
        attributes.retain(|(kind, _)| *kind != FINGERPRINT);
        Some(Self { kind: u16::from_be_bytes([head[0], head[1]]), id: head[4..].try_into().ok()?, attributes })
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut body = Vec::new();
        for (kind, value) in &self.attributes {
            body.extend(kind.to_be_bytes());
            body.extend((value.len() as u16).to_be_bytes());
            body.extend(value);
            body.resize(body.len().next_multiple_of(4), 0);
        }
        let mut bytes = self.kind.to_be_bytes().to_vec();
        bytes.extend((body.len() as u16).to_be_bytes());
        bytes.extend(self.id);
        bytes.extend(body);
        bytes
    }

    /// The bytes with the change; as they are where they are no message, or nothing is changed.
    fn change(bytes: Vec<u8>, change: &mut impl FnMut(&mut Self)) -> Vec<u8> {
        let Some(before) = Self::read(&bytes) else { return bytes };
        let mut after = before.clone();
        change(&mut after);
        if after.write() == before.write() { bytes } else { after.write() }
    }

    pub(super) fn value(&mut self, kind: u16) -> Option<&mut Vec<u8>> {
        self.attributes.iter_mut().find(|(found, _)| *found == kind).map(|(_, value)| value)
    }
}

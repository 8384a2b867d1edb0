//! Two agents in the lab: they find each other, and say what became of every pair.

mod cases;
mod nominations;
mod restarts;

use super::*;
use crate::ice::{Policy, RelayAccess, RemoteCandidate, write};
use crate::lab::{Gateway, HostId, Link, MachineId, NatConfig, World};
use crate::machine::{Input, Machine, Output, Signalled};
use crate::model::IceFact;
use crate::model::{Behaviour, PairFailure, PairState, Transport};
use crate::turn;
use Behaviour::{AddressAndPortDependent, EndpointIndependent};

const SERVER: &str = "203.0.113.10";

/// An agent and the plainest of signalling: a line of text for each thing to say.
struct End {
    agent: Agent,
    started: bool,
    said: usize,
    out: VecDeque<Output>,
    quiet_after: Option<Instant>,
    /// How long it answers after all is judged.
    stay: Duration,
}

impl End {
    fn new(config: Config, seed: u64) -> Self {
        let agent = Agent::new(config, Rng::numbered(seed));
        Self { agent, started: false, said: 0, out: VecDeque::new(), quiet_after: None, stay: Duration::from_secs(8) }
    }

    fn say(&mut self, line: String) {
        self.said += 1;
        self.out.push_back(Output::Signal { message: line.into_bytes() });
    }

    fn hear(&mut self, now: Instant, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["description", ufrag, password] => {
                let credentials = IceCredentials::new(ufrag, password).expect("a key");
                self.agent.set_remote(now, RemoteDescription { credentials, lite: false, pace: Some(OUR_PACE) });
            }
            ["end"] => self.agent.end_of_remote_candidates(now),
            _ => self.agent.add_remote_candidate(now, RemoteCandidate::parse(line).expect("a candidate")),
        }
    }
}

impl Machine for End {
    fn handle(&mut self, now: Instant, input: Input) {
        if let Input::Signalled(Signalled::Message(message)) = &input {
            self.hear(now, std::str::from_utf8(message).expect("text"));
        } else if let Input::Signalled(Signalled::Joined { .. }) = &input {
            let (ufrag, password) = (self.agent.ours.ufrag.clone(), self.agent.ours.password.clone());
            self.say(format!("description {ufrag} {password}"));
            self.started = true;
        }
        self.agent.handle(now, input);
        // The other end may still need our answers.
        if self.agent.is_judged() && self.quiet_after.is_none() {
            self.quiet_after = Some(now + self.stay);
        }
        if self.quiet_after.is_some_and(|at| now >= at) {
            self.agent.handle(now, Input::Stop);
        }
    }

    fn poll(&mut self) -> Output {
        while self.started
            && let Some(event) = self.agent.poll_event()
        {
            match event {
                Event::Candidate { candidate, name } => self.say(write(&candidate, name.as_deref(), None)),
                Event::Gathered => self.say("end".to_owned()),
                Event::Restarted => panic!("nothing has changed"),
            }
        }
        if let Some(output) = self.out.pop_front() {
            return output;
        }
        match self.agent.poll() {
            Output::Wait(wake) if self.said > 0 && self.started => {
                if self.agent.has_events() {
                    return self.poll();
                }
                let quiet = self.quiet_after.filter(|at| *at > self.agent.io.now).map_or(Wake::OnInput, Wake::At);
                Output::Wait(if wake == Wake::Finished { wake } else { wake.or(quiet) })
            }
            output => output,
        }
    }
}

fn at(address: &str) -> std::net::IpAddr {
    address.parse().expect("an address")
}

fn config(role: Role) -> Config {
    Config { role, policy: Policy::All, passive_tcp: false, mdns: false, loopback: false, patience: Duration::ZERO }
}

/// Two sites, each behind a NAT of its own, and a server with STUN and TURN between them.
struct TwoEnds {
    world: World,
    ends: [MachineId; 2],
}

fn server_config() -> crate::server::Config {
    use crate::server::{Access, Config, Peers, Relaying, UdpSite};
    let access = Access::new("lab").and_then(|access| access.with_user("user", "word")).expect("an access");
    let peers = Peers::from_iter(["0.0.0.0/0".parse().expect("a range")]);
    let Ok(std::net::IpAddr::V4(ipv4)) = SERVER.parse() else { panic!("an address") };
    let relaying = Relaying { access, peers, between_relays: false, ipv4: Some(ipv4), ipv6: None, ports: None };
    let at = |port| SocketAddr::new(at(SERVER), port);
    Config {
        udp: vec![UdpSite::single(at(3478))],
        tcp: vec![at(3478)],
        tls: vec![],
        relaying: Some(relaying),
        ..Config::default()
    }
}

fn servers() -> Vec<IceServer> {
    let server = SocketAddr::new(at(SERVER), 3478);
    let relays = |_| {
        let credentials = turn::Credentials::LongTerm { username: "user".to_owned(), password: "word".to_owned() };
        RelayAccess { credentials: Some(credentials), insecure: false, unix_now: 0 }
    };
    [Transport::Udp, Transport::Tcp]
        .map(|transport| IceServer {
            uri: format!("turn:{SERVER}?transport={transport:?}").to_lowercase().into(),
            server,
            transport,
            server_name: SERVER.to_owned(),
            relaying: Some(relays(())),
        })
        .into()
}

fn nat(mapping: Behaviour, filtering: Behaviour, public: &str) -> Gateway {
    Gateway::nat(NatConfig::new(mapping, filtering, at(public))).over(Link::of(Duration::from_millis(10), 0.0))
}

struct Ends([MachineId; 2]);

impl Ends {
    fn in_world(self, world: World) -> TwoEnds {
        TwoEnds { world, ends: self.0 }
    }
}

fn serve(world: &mut World, config: crate::server::Config, seed: u64) {
    let internet = world.internet();
    let server = world.host(internet, &[at(SERVER)]);
    world.attach(server, Box::new(crate::server::StunTurnServer::new(config, Rng::numbered(seed + 7))));
}

impl TwoEnds {
    fn between(gateways: [Gateway; 2], configs: [Config; 2], servers: &[IceServer], seed: u64) -> Self {
        let mut world = World::new(seed);
        serve(&mut world, server_config(), seed);
        let places = ["192.168.77.2", "192.168.78.2"];
        let mut hosts: Vec<HostId> = Vec::new();
        for (gateway, place) in gateways.into_iter().zip(places) {
            let internet = world.internet();
            let site = world.site(internet, gateway);
            hosts.push(world.host(site, &[at(place)]));
        }
        Self::of(world, [hosts[0], hosts[1]], configs, servers, seed)
    }

    /// On hosts of a world that has its server.
    fn of(mut world: World, hosts: [HostId; 2], configs: [Config; 2], servers: &[IceServer], seed: u64) -> Self {
        Self::staying(&mut world, hosts, configs, servers, seed, Duration::from_secs(8)).in_world(world)
    }

    fn staying(
        world: &mut World,
        hosts: [HostId; 2],
        configs: [Config; 2],
        servers: &[IceServer],
        seed: u64,
        stay: Duration,
    ) -> Ends {
        let ends = [0, 1].map(|end| {
            let mut half = End { stay, ..End::new(configs[end], seed * 2 + end as u64) };
            for server in servers {
                half.agent.add_server(Instant::START, server.clone());
            }
            half.agent.no_more_servers();
            world.attach(hosts[end], Box::new(half))
        });
        world.introduce(ends[0], ends[1], Duration::from_millis(30));
        Ends(ends)
    }

    fn run(mut self) -> [Vec<Fact>; 2] {
        for end in self.ends {
            assert!(self.world.run_until_finished(end, Instant::after_start(Duration::from_secs(120))), "it ends");
        }
        self.ends.map(|end| self.world.observed(end).iter().map(|(_, _, fact)| fact.clone()).collect())
    }
}

fn pairs(facts: &[Fact]) -> Vec<crate::model::Pair> {
    facts
        .iter()
        .filter_map(|fact| if let Fact::Ice(IceFact::Checked(pair)) = fact { Some(pair.clone()) } else { None })
        .collect()
}

fn is_direct(pair: &crate::model::Pair) -> bool {
    use crate::model::CandidateType::Relay;
    pair.local.kind != Relay && pair.remote.kind != Relay
}

#[test]
fn behind_two_home_routers_the_reflexive_pair_works_and_is_nominated_by_both() {
    let home = |public| nat(EndpointIndependent, AddressAndPortDependent, public);
    let configs = [config(Role::Controlling), config(Role::Controlled)];
    let two = TwoEnds::between([home("198.51.100.1"), home("198.51.100.2")], configs, &servers(), 1);
    for facts in two.run() {
        let nominated: Vec<_> = pairs(&facts).into_iter().filter(|pair| pair.nominated).collect();
        let [pair] = &nominated[..] else { panic!("{nominated:#?}") };
        assert!(is_direct(pair), "{pair:?}");
        assert!(pair.sent >= 10 && pair.received == pair.sent, "{pair:?}");
        let failed: Vec<_> = pairs(&facts).into_iter().filter(|pair| pair.state == PairState::Failed).collect();
        assert!(failed.iter().any(|pair| matches!(pair.failure, Some(PairFailure::Silent { .. }))), "{failed:?}");
    }
}

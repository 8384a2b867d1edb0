//! The traps of the field, acted: each a network, a server and at most a change by hand to what was recorded.

use super::acting::{
    Bend, CHANGE_REQUEST, ERROR_CODE, FIRST, Message, NONCE, OTHER_ADDRESS, SECOND, STUN, Scene, USERNAME, relaying,
    server, user,
};
use crate::lab::ip;
use Behaviour::{AddressAndPortDependent, AddressDependent, EndpointIndependent};
use rtc_doctor::lab::{AddressPooling, Device, Gateway, Nat64, NatConfig, Resolver, SimulatedIdentity};
use rtc_doctor::machine::{Input, Output};
use rtc_doctor::model::{
    Asked, Behaviour, Certificate, DnsKind, DnsRecord, Fact, Question, Recording, StunFact, Text, TlsProblem, Transport,
};
use rtc_doctor::server::{Access, UdpSite};
use rtc_doctor::turn::Credentials;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::Duration;

type Act = fn() -> Recording;

/// By the name of their file in `fixtures/records`.
pub(super) const SCENES: &[(&str, Act)] = &[
    ("lost-packets-in-the-filtering-tests", lost_packets),
    ("other-address-on-the-same-ip", other_address_on_the_same_ip),
    ("change-request-ignored", change_request_ignored),
    ("answers-from-a-wrong-source-and-twice", wrong_source),
    ("mapping-before-filtering", mapping_before_filtering),
    ("wildcard-local-address", wildcard),
    ("firewall-without-nat", firewall),
    ("address-pool", address_pool),
    ("nat64-synthesised-server", nat64),
    ("one-of-four-addresses-dead", one_of_four),
    ("second-401", second_401),
    ("endless-438", endless_438),
    ("private-relayed-address", private_relayed),
    ("own-address-denied", own_address_denied),
    ("certificate-of-a-private-authority", private_authority),
    ("turns-with-an-ip-literal", ip_literal),
    ("dtls-listener-gone", dtls_gone),
    ("rest-user-name-in-milliseconds", rest_in_ms),
    ("shared-address-space", shared_address_space),
    ("hairpin-from-the-same-socket", same_socket_hairpin),
    ("udp-dies-after-a-minute", dies_after_a_minute),
];

fn config(mapping: Behaviour, filtering: Behaviour) -> NatConfig {
    NatConfig::new(mapping, filtering, ip("203.0.113.1"))
}

fn home(mapping: Behaviour, filtering: Behaviour) -> Scene {
    Scene::behind(Gateway::nat(config(mapping, filtering)))
}

pub(super) fn typical_home() -> Scene {
    home(EndpointIndependent, AddressAndPortDependent)
}

/// A machine with a public address of its own behind this.
fn public(gateway: Gateway) -> Scene {
    Scene { home: ip("203.0.113.7"), ..Scene::behind(gateway) }
}

/// Everything that the examined machine saw, changed by hand.
fn by_hand(mut recording: Recording, mut change: impl FnMut(Question, &mut Fact)) -> Recording {
    for observation in &mut recording.record.observations {
        change(observation.by.question, &mut observation.fact);
    }
    recording
}

fn lost_packets() -> Recording {
    let mut heard: BTreeMap<[u8; 16], u32> = BTreeMap::new();
    let loses_three = move |input: Input| {
        if let Input::Received { data, .. } = &input
            && let Some(mut message) = Message::read(data)
            && message.value(CHANGE_REQUEST).is_some()
        {
            let times = heard.entry(message.id).or_default();
            *times += 1;
            return (*times > 3).then_some(input);
        }
        Some(input)
    };
    Scene { bend: Bend::hearing(loses_three), ..home(EndpointIndependent, EndpointIndependent) }.act()
}

fn other_address_on_the_same_ip() -> Recording {
    let bend = Bend::saying(|message| {
        if let Some([_, _, _, _, address @ ..]) = message.value(OTHER_ADDRESS).map(Vec::as_mut_slice) {
            address.copy_from_slice(&[198, 51, 100, 1]);
        }
    });
    Scene { bend, ..typical_home() }.act()
}

fn change_request_ignored() -> Recording {
    let bend = Bend::mishearing(|message| {
        message.attributes.retain(|(kind, _)| *kind != CHANGE_REQUEST);
    });
    Scene { bend, ..typical_home() }.act()
}

fn wrong_source() -> Recording {
    let changes_the_port_alone = Bend::mishearing(|message| {
        if let Some(flags) = message.value(CHANGE_REQUEST) {
            *flags = vec![0, 0, 0, 2];
        }
    });
    let twice = Bend::doing(|output| match output {
        Output::Send { .. } => vec![output.clone(), output],
        output => vec![output],
    });
    let bend = Bend { hears: changes_the_port_alone.hears, does: twice.does };
    Scene { bend, ..home(EndpointIndependent, AddressDependent) }.act()
}

fn mapping_before_filtering() -> Recording {
    let recording = typical_home().act();
    let of_mapping = recording.record.observations.iter().find_map(|observation| match observation.fact {
        Fact::Stun(StunFact::Mapped { local, mapped, .. }) if observation.by.question == Question::Mapping => {
            Some((local, mapped))
        }
        _ => None,
    });
    let (socket, public) = of_mapping.expect("mapping was asked");
    let (first, second): (SocketAddr, SocketAddr) =
        (SocketAddr::new(ip(FIRST), 3478), SocketAddr::new(ip(SECOND), 3479));
    by_hand(recording, |question, fact| {
        if question != Question::Filtering {
            return;
        }
        match fact {
            Fact::Stun(StunFact::Silent { asked: Asked::ChangeAddressAndPort, .. }) => {
                let asked = Asked::ChangeAddressAndPort;
                *fact = Fact::Stun(StunFact::Answered {
                    asked,
                    local: socket,
                    server: first,
                    from: second,
                    sent: 1,
                    rtt_ms: None,
                });
            }
            Fact::Stun(StunFact::Tallied { asked: Asked::ChangeAddressAndPort, local, tally, .. }) => {
                (*local, tally.answered) = (socket, tally.sent);
            }
            Fact::Stun(StunFact::Tallied { local, .. }) | Fact::Stun(StunFact::Silent { local, .. }) => *local = socket,
            Fact::Stun(StunFact::Mapped { local, mapped, .. }) => (*local, *mapped) = (socket, public),
            _ => {}
        }
    })
}

fn wildcard() -> Recording {
    by_hand(public(Gateway::default()).act(), |_, fact| {
        if let Fact::Stun(StunFact::Mapped { local, .. })
        | Fact::Stun(StunFact::Tallied { local, .. })
        | Fact::Stun(StunFact::Answered { local, .. }) = fact
        {
            local.set_ip(ip("0.0.0.0"));
        }
    })
}

fn firewall() -> Recording {
    let device = Device::Nat(NatConfig::firewall(AddressAndPortDependent));
    public(Gateway { ipv4: device, ..Gateway::default() }).act()
}

fn address_pool() -> Recording {
    let public = ["203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4"].map(ip).to_vec();
    let config = NatConfig { public, pooling: AddressPooling::Arbitrary, ..config(AddressDependent, AddressDependent) };
    Scene::behind(Gateway::nat(config)).act()
}

fn nat64() -> Recording {
    let prefix = "64:ff9b::".parse().expect("a prefix");
    let nat64 = Some(Nat64 { prefix, nat: config(EndpointIndependent, AddressAndPortDependent) });
    Scene {
        home: ip("2001:db8:77::2"),
        uris: vec!["stun:stun.example.org:3478"],
        furnish: Box::new(move |world, _, home| {
            world.name("stun.example.org", DnsKind::A, DnsRecord::Address(ip(FIRST)));
            world.resolver(home, Resolver { dns64: Some(prefix), ..Resolver::default() });
        }),
        ..Scene::behind(Gateway { nat64, ..Gateway::default() })
    }
    .act()
}

fn one_of_four() -> Recording {
    let mut server = server();
    server.udp.push(UdpSite::single(SocketAddr::new(ip("198.51.100.3"), 3478)));
    Scene {
        uris: vec!["stun:stun.example.org:3478"],
        server,
        addresses: [FIRST, SECOND, "198.51.100.3"].map(ip).to_vec(),
        furnish: Box::new(|world, _, _| {
            for address in [FIRST, SECOND, "198.51.100.3", "198.51.100.4"] {
                world.name("stun.example.org", DnsKind::A, DnsRecord::Address(ip(address)));
            }
        }),
        ..typical_home()
    }
    .act()
}

fn second_401() -> Recording {
    let scene = typical_home().relaying(&[STUN, "turn:198.51.100.1"]);
    Scene { credentials: Some(user("wrong")), ..scene }.act()
}

/// As behind a balancer whose servers do not share their nonces.
fn endless_438() -> Recording {
    let forgets_its_nonces = Bend::mishearing(|message| {
        if let Some(nonce) = message.value(NONCE) {
            nonce.reverse();
        }
    });
    // A changed message no longer fits its seal, so ours says 401.
    let mut said = 0;
    let says_so = Bend::saying(move |message| {
        if let Some(code) = message.value(ERROR_CODE) {
            said += 1;
            if said > 1 {
                *code = [&[0, 0, 4, 38][..], b"Stale Nonce"].concat();
            }
        }
    });
    let bend = Bend { hears: forgets_its_nonces.hears, does: says_so.does };
    Scene { bend, ..typical_home().relaying(&[STUN, "turn:198.51.100.1"]) }.act()
}

fn private_relayed() -> Recording {
    let private = ip("10.0.0.5");
    let mut server = server();
    server.relaying = Some(relaying("10.0.0.5", &["0.0.0.0/0"]));
    let mut relayed = BTreeSet::new();
    let hears_nobody_there = move |input: Input| {
        match &input {
            Input::Opened { socket, local, .. } if local.ip() == private => drop(relayed.insert(*socket)),
            Input::Received { socket, from, .. } if relayed.contains(socket) && from.ip() != private => return None,
            _ => {}
        }
        Some(input)
    };
    let addresses = [FIRST, SECOND, "10.0.0.5"].map(ip).to_vec();
    let scene = home(AddressAndPortDependent, AddressAndPortDependent).relaying(&[STUN, "turn:198.51.100.1"]);
    Scene { server, addresses, bend: Bend::hearing(hears_nobody_there), ..scene }.act()
}

fn own_address_denied() -> Recording {
    let mut server = server();
    server.relaying = Some(relaying(FIRST, &["203.0.113.0/24", "192.168.0.0/16"]));
    let scene = home(AddressAndPortDependent, AddressAndPortDependent).relaying(&[STUN, "turn:198.51.100.1"]);
    Scene { server, ..scene }.act()
}

fn certificate(subject: &str, issuer: &str) -> Certificate {
    Certificate {
        subject: Text::new(subject),
        issuer: Text::new(issuer),
        names: vec![Text::new("turn.example.org")],
        not_before: "2023-01-01T00:00:00Z".to_owned(),
        not_after: "2033-01-01T00:00:00Z".to_owned(),
        fingerprint_sha256: "5b".repeat(32),
        logged: None,
    }
}

fn over_tls(uri: &'static str, identity: SimulatedIdentity) -> Recording {
    let scene = home(AddressAndPortDependent, AddressAndPortDependent).relaying(&[STUN, uri]);
    Scene {
        furnish: Box::new(|world, outside, _| {
            world.name("turn.example.org", DnsKind::A, DnsRecord::Address(ip(FIRST)));
            world.identity(outside, identity);
        }),
        ..scene
    }
    .act()
}

fn private_authority() -> Recording {
    let certificates = vec![certificate("CN=turn.example.org", "CN=Example Company Root CA")];
    over_tls("turns:turn.example.org:443?transport=tcp", SimulatedIdentity { certificates, problem: None })
}

fn ip_literal() -> Recording {
    let certificates = vec![certificate("CN=turn.example.org", "CN=Some Public CA")];
    over_tls(
        "turns:198.51.100.1:443?transport=tcp",
        SimulatedIdentity { certificates, problem: Some(TlsProblem::WrongName) },
    )
}

fn dtls_gone() -> Recording {
    typical_home().relaying(&[STUN, "turns:198.51.100.1?transport=udp"]).act()
}

/// A server that keeps times in 32 bits finds such a user name long expired.
fn rest_in_ms() -> Recording {
    let mut server = server();
    let mut relay = relaying(FIRST, &["0.0.0.0/0"]);
    relay.access = Access::new(super::acting::REALM).expect("usable").with_secret(b"north", 1_700_000_000);
    server.relaying = Some(relay);
    let bend = Bend::mishearing(|message| {
        if let Some(name) = message.value(USERNAME) {
            *name = b"1:alice".to_vec();
        }
    });
    let username = "1700086400000:alice".to_owned();
    let credentials = Some(Credentials::LongTerm { username, password: "irrelevant".to_owned() });
    Scene { server, bend, credentials, ..typical_home().relaying(&[STUN, "turn:198.51.100.1"]) }.act()
}

fn shared_address_space() -> Recording {
    Scene { home: ip("100.64.1.2"), ..typical_home() }.act()
}

fn same_socket_hairpin() -> Recording {
    let recording = typical_home().act();
    let own = recording.record.observations.iter().find_map(|observation| match observation.fact {
        Fact::Stun(StunFact::Mapped { local, mapped, transport: Transport::Udp, .. }) => Some((local, mapped)),
        _ => None,
    });
    let (socket, mapped) = own.expect("a binding");
    by_hand(recording, |_, fact| {
        if let Fact::Stun(StunFact::Hairpinned { local, to, came_back, .. }) = fact {
            (*local, *to, *came_back) = (socket, mapped, false);
        }
    })
}

fn dies_after_a_minute() -> Recording {
    let config =
        NatConfig { lifetime: Duration::from_secs(60), ..config(EndpointIndependent, AddressAndPortDependent) };
    Scene { lifetime: Some(Duration::from_secs(305)), ..Scene::behind(Gateway::nat(config)) }.act()
}

//! The netlab: do real programs in namespaces find themselves in the network that was configured?

use crate::Test;
use crate::net::{self, ALTERNATE, SERVER};
use rtc_doctor::lab::{Gateway, LineConfig, Link, NatConfig, Network, Passage, Portal, Resolver, TooLarge, Zones};
use rtc_doctor::machine::Rng;
use rtc_doctor::model::Behaviour;
use rtc_doctor::netlab::{HostSpec, Netlab, NetlabPlan, Port};
use serde_json::{Value, json};
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

pub(crate) const TESTS: &[Test] = &[
    ("a_ping_crosses_a_nat_and_a_link_and_takes_as_long_as_the_link_does", ping),
    ("a_datagram_leaves_from_the_nats_address_and_its_answer_comes_back", datagram),
    ("fragments_are_not_carried_and_counted", fragments),
    ("who_sends_to_a_closed_port_behind_a_nat_is_told_so_by_the_far_kernel", closed_port),
    ("a_stream_is_cut_to_the_size_that_a_narrow_line_tells", narrow),
    ("whoever_is_asked_for_a_page_it_is_the_portal_that_answers", portal),
    ("the_checkup_finds_the_nat_that_the_lab_was_given", as_configured),
    ("ipv4_servers_are_reached_from_ipv6_through_a_nat64", nat64),
    ("the_kernels_nat_works_across_a_link_of_the_labs_with_its_delay_and_its_loss", kernel_router),
];

const CLIENT: &str = "192.168.77.2";
const PUBLIC: &str = "198.51.100.1";

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn nat(mapping: Behaviour, filtering: Behaviour) -> NatConfig {
    NatConfig::new(mapping, filtering, ip(PUBLIC))
}

fn masquerade() -> NatConfig {
    nat(Behaviour::EndpointIndependent, Behaviour::AddressAndPortDependent)
}

fn slow(delay_ms: u64) -> Link {
    Link::of(Duration::from_millis(delay_ms), 0.0)
}

fn set_up(network: Network<rtc_doctor::netlab::RawPacket>, specs: Vec<HostSpec>) -> Netlab {
    let mut rng = Rng::numbered(u64::from(std::process::id()));
    Netlab::set_up(NetlabPlan { network, specs, names: Zones::default(), changes: Vec::new() }, &mut rng)
        .expect("the netlab is set up")
}

/// A laptop behind a gateway, and a server with two addresses on the internet.
fn home(gateway: Gateway, laptop: &str) -> Netlab {
    let mut network = Network::new(Rng::numbered(1));
    let site = network.site(network.internet(), gateway);
    let (inside, outside) = (vec![ip(laptop)], vec![ip(SERVER), ip(ALTERNATE)]);
    let specs = vec![
        HostSpec::new("laptop", network.host(site, inside.clone()), inside),
        HostSpec::new("server", network.host(network.internet(), outside.clone()), outside),
    ];
    set_up(network, specs)
}

fn spawn(netlab: &Netlab, host: &str, words: &[&str]) -> std::io::Result<Child> {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Ok(netlab.host(host).expect("a host").spawn(&mut command).expect("the program starts"))
}

fn run(netlab: &Netlab, host: &str, words: &[&str]) -> Output {
    spawn(netlab, host, words).and_then(Child::wait_with_output).expect("the program ends")
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn socket(netlab: &Netlab, host: &str, address: &str) -> UdpSocket {
    let at = SocketAddr::new(ip(address), 0);
    let socket = netlab.host(host).expect("a host").inside(|| UdpSocket::bind(at)).expect("inside").expect("a socket");
    socket.set_read_timeout(Some(Duration::from_secs(5))).expect("a limit");
    socket
}

/// A coturn on the server, which ends with this.
struct Coturn {
    child: Child,
    /// Of its files.
    _folder: tempfile::TempDir,
}

fn coturn(netlab: &Netlab) -> Coturn {
    let folder = tempfile::tempdir().expect("a folder");
    let state = folder.path().join("turn");
    let words = net::coturn_words(&[SERVER, ALTERNATE], &state.to_string_lossy(), &[]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Coturn { child: net::serving(spawn(netlab, "server", &words)), _folder: folder }
}

impl Drop for Coturn {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn diagnose(netlab: &Netlab, words: &[&str]) -> Value {
    let mut all = vec![env!("CARGO_BIN_EXE_rtc-doctor"), "check", "--json", "-"];
    all.extend(words);
    let output = run(netlab, "laptop", &all);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", text(&output)))
}

/// The least time there and back in milliseconds, and how many of the packets were lost, as `ping` says.
fn pinged(output: &Output) -> (f64, f64) {
    let said = text(output);
    let least = said.split("min/avg/max/mdev = ").nth(1).and_then(|times| times.split('/').next());
    let lost = said.split(", ").find_map(|part| part.split("% packet loss").next()?.parse().ok());
    (least.and_then(|ms| ms.parse().ok()).unwrap_or_else(|| panic!("{said}")), lost.expect("a share"))
}

fn ping() {
    let netlab = home(Gateway { link: slow(20), ..Gateway::nat(masquerade()) }, CLIENT);
    let (least, lost) = pinged(&run(&netlab, "laptop", &["ping", "-c", "5", "-i", "0.05", SERVER]));
    assert!((40.0..42.0).contains(&least) && lost == 0.0, "{least} ms, {lost} %");
}

fn datagram() {
    let netlab = home(Gateway::nat(masquerade()), CLIENT);
    let (laptop, server) = (socket(&netlab, "laptop", CLIENT), socket(&netlab, "server", SERVER));
    laptop.send_to(b"question", server.local_addr().expect("an address")).expect("sent");
    let mut buffer = [0; 100];
    let (length, from) = server.recv_from(&mut buffer).expect("it arrives");
    assert_eq!((&buffer[..length], from.ip()), (&b"question"[..], ip(PUBLIC)));
    server.send_to(b"answer", from).expect("sent");
    let (length, from) = laptop.recv_from(&mut buffer).expect("its answer arrives");
    assert_eq!((&buffer[..length], from), (&b"answer"[..], server.local_addr().expect("an address")));
    let traffic = netlab.end();
    assert_eq!((traffic.delivered, traffic.fragments, traffic.malformed), (2, 0, 0), "{traffic:?}");
}

fn fragments() {
    let netlab = home(Gateway::nat(masquerade()), CLIENT);
    let (laptop, server) = (socket(&netlab, "laptop", CLIENT), socket(&netlab, "server", SERVER));
    laptop.send_to(&[7; 4000], server.local_addr().expect("an address")).expect("sent");
    laptop.send_to(b"whole", server.local_addr().expect("an address")).expect("sent");
    assert_eq!(server.recv_from(&mut [0; 5000]).expect("it arrives").0, 5);
    assert_eq!(netlab.end().fragments, 3);
}

fn closed_port() {
    let netlab = home(Gateway::nat(masquerade()), CLIENT);
    let laptop = socket(&netlab, "laptop", CLIENT);
    laptop.connect((SERVER, 9)).expect("connected");
    laptop.send(b"anybody?").expect("sent");
    assert_eq!(laptop.recv(&mut [0; 100]).expect_err("refused").kind(), ErrorKind::ConnectionRefused);
}

/// Path MTU discovery across a NAT (RFC 1191): a stream in both directions, of more than a few full packets.
fn narrow() {
    let link = Link { mtu_bytes: 1280, too_large: TooLarge::Reported, ..Link::default() };
    let netlab = home(Gateway { link, ..Gateway::nat(masquerade()) }, CLIENT);
    let listener = netlab.host("server").expect("a host").inside(|| std::net::TcpListener::bind((SERVER, 80)));
    let listener = listener.expect("inside").expect("a socket");
    let echo = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a stream");
        let mut all = Vec::new();
        std::io::Read::read_to_end(&mut stream, &mut all).expect("all of it");
        std::io::Write::write_all(&mut stream, &all).expect("and back");
    });
    let laptop = netlab.host("laptop").expect("a host");
    let mut stream = laptop.inside(|| std::net::TcpStream::connect((SERVER, 80))).expect("inside").expect("a stream");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a limit");
    let sent: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
    std::io::Write::write_all(&mut stream, &sent).expect("sent");
    stream.shutdown(std::net::Shutdown::Write).expect("ended");
    let mut back = Vec::new();
    std::io::Read::read_to_end(&mut stream, &mut back).expect("back");
    assert!(back == sent, "{} of {} bytes", back.len(), sent.len());
    echo.join().expect("the echo ends");
}

fn portal() {
    const PORTAL: &str = "192.168.77.3";
    let mut network = Network::new(Rng::numbered(1));
    let portal = Some(Portal { host: ip(PORTAL), tcp_ports: Passage::Only(vec![80]) });
    let site = network.site(network.internet(), Gateway { portal, ..Gateway::nat(masquerade()) });
    let specs = [("laptop", site, CLIENT), ("portal", site, PORTAL), ("server", network.internet(), SERVER)];
    let specs = specs.map(|(name, region, at)| HostSpec::new(name, network.host(region, vec![ip(at)]), vec![ip(at)]));
    let netlab = set_up(network, specs.to_vec());
    let listen = |host: &str, at: &str, port: u16| {
        let host = netlab.host(host).expect("a host");
        host.inside(|| std::net::TcpListener::bind((at, port))).expect("inside").expect("a socket")
    };
    let (portal, server) = (listen("portal", PORTAL, 80), listen("server", SERVER, 443));
    for (listener, port, greeting) in [(portal, 80, "log in"), (server, 443, "hello")] {
        let laptop = netlab.host("laptop").expect("a host");
        let greets = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a stream");
            std::io::Write::write_all(&mut stream, greeting.as_bytes()).expect("said");
        });
        let to = SocketAddr::new(ip(SERVER), port);
        let stream = laptop.inside(|| std::net::TcpStream::connect_timeout(&to, Duration::from_secs(5)));
        let mut heard = String::new();
        let mut stream = stream.expect("inside").expect("a stream");
        std::io::Read::read_to_string(&mut stream, &mut heard).expect("heard");
        assert_eq!(heard, greeting);
        greets.join().expect("it has greeted");
    }
}

/// Our own checkup, on real sockets, against a server that we did not write.
fn as_configured() {
    use Behaviour::{AddressAndPortDependent as Apd, AddressDependent as Ad, EndpointIndependent as Ei};
    for (mapping, filtering) in [(Ei, Ei), (Ei, Ad), (Ei, Apd), (Ad, Ad), (Ad, Apd), (Apd, Apd)] {
        let netlab = home(Gateway::nat(nat(mapping, filtering)), CLIENT);
        let _coturn = coturn(&netlab);
        let document = diagnose(&netlab, &[&format!("stun:{SERVER}")]);
        let found = |what: &str| document["nat"]["ipv4"][what]["value"].clone();
        assert_eq!(
            (found("translated"), found("mapping"), found("filtering")),
            (json!(true), json!(mapping), json!(filtering)),
            "{document:#}"
        );
    }
}

fn nat64() {
    const PREFIX: &str = "64:ff9b::";
    let nat64 = rtc_doctor::lab::Nat64 { prefix: PREFIX.parse().expect("a prefix"), nat: masquerade() };
    let gateway = Gateway { nat64: Some(nat64), ..Gateway::default() };
    let netlab = home(gateway, "2001:db8:77::2");
    let through = format!("{PREFIX}{SERVER}");
    let (laptop, server) = (socket(&netlab, "laptop", "2001:db8:77::2"), socket(&netlab, "server", SERVER));
    let to = SocketAddr::new(ip(&through), server.local_addr().expect("an address").port());
    laptop.send_to(b"question", to).expect("sent");
    let mut buffer = [0; 100];
    let (length, from) = server.recv_from(&mut buffer).expect("it arrives");
    assert_eq!((&buffer[..length], from.ip()), (&b"question"[..], ip(PUBLIC)));
    server.send_to(b"answer", from).expect("sent");
    assert_eq!(laptop.recv_from(&mut buffer).expect("its answer arrives"), (6, to));
    // Its error is another family's packet too.
    laptop.connect((ip(&through), 9)).expect("connected");
    laptop.send(b"anybody?").expect("sent");
    assert_eq!(laptop.recv(&mut [0; 100]).expect_err("refused").kind(), ErrorKind::ConnectionRefused);
}

/// laptop ── router, whose kernel masquerades ── the lab's link ── server
fn kernel_router() {
    let mut network = Network::new(Rng::numbered(1));
    let line = LineConfig { delay: Duration::from_millis(20), loss: 0.1, ..LineConfig::default() };
    let lan = network.site(network.internet(), Gateway::default());
    let wan = network.site(network.internet(), Gateway { link: Link::both_ways(line), ..Gateway::default() });
    let addresses = |text: &str| vec![ip(text)];
    let laptop = network.host(lan, addresses(CLIENT));
    let router = [network.host(wan, addresses("203.0.113.1")), network.host(lan, addresses("192.168.77.1"))];
    let server = network.host(network.internet(), addresses(SERVER));
    network.default_router(router[1]);
    let port = |host, device: &str, address| Port { host, device: device.to_owned(), addresses: addresses(address) };
    let ports = vec![port(router[0], "outside", "203.0.113.1"), port(router[1], "inside", "192.168.77.1")];
    let specs = vec![
        HostSpec::new("laptop", laptop, addresses(CLIENT)),
        HostSpec { name: "router".to_owned(), ports, forwards: true, resolver: Resolver::default() },
        HostSpec::new("server", server, addresses(SERVER)),
    ];
    let netlab = set_up(network, specs);
    let output = run(&netlab, "router", &["nft", &crate::rules::masquerade()]);
    assert!(output.status.success(), "{}", text(&output));

    let (laptop, server) = (socket(&netlab, "laptop", CLIENT), socket(&netlab, "server", SERVER));
    for _ in 0..50 {
        laptop.send_to(b"question", server.local_addr().expect("an address")).expect("sent");
    }
    let (_, from) = server.recv_from(&mut [0; 100]).expect("one arrives");
    assert_eq!(from.ip(), ip("203.0.113.1"), "the kernel has translated it");

    let (least, lost) = pinged(&run(&netlab, "laptop", &["ping", "-q", "-c", "500", "-i", "0.005", SERVER]));
    assert!((40.0..42.0).contains(&least), "{least} ms");
    // 1 - 0.9², that is 19 % of 500: more than four standard deviations either way.
    assert!((11.0..27.0).contains(&lost), "{lost} %");
}

//! A socket's end: what a machine still hears of it, and what becomes of its port and of the other side.

use super::*;
use crate::model::HostFact;

fn ms(ms: u64) -> Instant {
    Instant::after_start(Duration::from_millis(ms))
}

type Script = Box<dyn FnMut(&Input) -> Vec<Output>>;

/// Does what its script says to each input, and keeps what it is told.
struct Scripted {
    script: Script,
    out: VecDeque<Output>,
    over: bool,
}

fn scripted(script: impl FnMut(&Input) -> Vec<Output> + 'static) -> Box<Scripted> {
    Box::new(Scripted { script: Box::new(script), out: VecDeque::new(), over: false })
}

impl Machine for Scripted {
    fn handle(&mut self, _: Instant, input: Input) {
        self.over |= input == Input::Stop;
        if !matches!(input, Input::Interfaces(_)) {
            let by = Origin { question: Question::Host, uri: Some(format!("{input:?}").into()) };
            self.out.push_back(Output::Observe { by, fact: Fact::Host(HostFact::NetworkChanged) });
        }
        self.out.extend((self.script)(&input));
    }

    fn poll(&mut self) -> Output {
        let wake = if self.over { Wake::Finished } else { Wake::OnInput };
        self.out.pop_front().unwrap_or(Output::Wait(wake))
    }
}

fn told(world: &World, id: MachineId) -> Vec<String> {
    world.observed(id).iter().map(|(_, by, _)| by.uri.clone().map(String::from).unwrap_or_default()).collect()
}

fn open(number: u32, open: Open) -> Output {
    Output::Open { socket: SocketId(number), open }
}

/// A server on the internet, a client in a site behind `gateway` with 20 ms on its line.
fn pair(gateway: Gateway, server: Box<Scripted>, client: Box<Scripted>) -> (World, MachineId, MachineId) {
    let mut world = World::new(1);
    let internet = world.internet();
    let site = world.site(internet, gateway.over(Link::of(Duration::from_millis(20), 0.0)));
    let outside = world.host(internet, &[at(SERVER).ip()]);
    let server = world.attach(outside, server);
    world.run_until(Instant::START);
    let inside = world.host(site, &[at("192.168.0.2:0").ip()]);
    let client = world.attach(inside, client);
    (world, server, client)
}

fn listener() -> Box<Scripted> {
    scripted(|input| match input {
        Input::Interfaces(_) => vec![open(0, Open::Listen { at: at(SERVER), secure: false })],
        _ => Vec::new(),
    })
}

fn tcp_client(then: impl Fn(&Input) -> Vec<Output> + 'static) -> Box<Scripted> {
    scripted(move |input| match input {
        Input::Interfaces(_) => vec![open(0, Open::Tcp { to: at(SERVER) })],
        other => then(other),
    })
}

#[test]
fn closing_the_datagram_socket_leaves_the_listener_on_the_same_port() {
    let server = scripted(|input| match input {
        Input::Interfaces(_) => vec![
            open(0, Open::Udp { bind: Bind::At(at(SERVER)), dont_fragment: false }),
            open(1, Open::Listen { at: at(SERVER), secure: false }),
        ],
        Input::Opened { socket: SocketId(1), .. } => vec![Output::Close { socket: SocketId(0) }],
        _ => Vec::new(),
    });
    let (mut world, _, client) = pair(Gateway::default(), server, tcp_client(|_| Vec::new()));
    world.run_until(ms(10_000));
    let told = told(&world, client);
    assert!(told[0].starts_with("Opened"), "{told:?}");
}

#[test]
fn nothing_more_is_heard_of_a_socket_closed_before_its_connection_came_about() {
    let client = scripted(|input| match input {
        Input::Interfaces(_) => {
            vec![open(0, Open::Tcp { to: at(SERVER) }), Output::Close { socket: SocketId(0) }]
        }
        _ => Vec::new(),
    });
    let (mut world, _, client) = pair(Gateway::default(), listener(), client);
    world.run_until(ms(10_000));
    assert_eq!(told(&world, client), Vec::<String>::new());
}

#[test]
fn nothing_more_is_heard_of_a_datagram_socket_closed_at_once() {
    let client = scripted(|input| match input {
        Input::Interfaces(_) => vec![
            open(0, Open::Udp { bind: Bind::Toward(at(SERVER)), dont_fragment: false }),
            Output::Close { socket: SocketId(0) },
        ],
        _ => Vec::new(),
    });
    let (mut world, _, client) = pair(Gateway::default(), listener(), client);
    world.run_until(ms(10_000));
    assert_eq!(told(&world, client), Vec::<String>::new());
}

#[test]
fn bytes_on_their_way_to_a_closed_stream_are_not_heard() {
    let server = scripted(|input| match input {
        Input::Interfaces(_) => vec![open(0, Open::Listen { at: at(SERVER), secure: false })],
        Input::Accepted { socket, remote, .. } => {
            vec![Output::Send { socket: *socket, to: *remote, data: vec![1] }]
        }
        Input::Received { socket, from, .. } => vec![Output::Send { socket: *socket, to: *from, data: vec![2] }],
        _ => Vec::new(),
    });
    // Sends, and closes while the answer is on its way.
    let client = tcp_client(|input| match input {
        Input::Opened { socket, .. } => {
            vec![Output::Send { socket: *socket, to: at(SERVER), data: vec![1] }, Output::Close { socket: *socket }]
        }
        _ => Vec::new(),
    });
    let (mut world, _, client) = pair(Gateway::default(), server, client);
    world.run_until(ms(10_000));
    let told = told(&world, client);
    assert!(told.iter().all(|input| input.starts_with("Opened")), "{told:?}");
}

#[test]
fn a_server_is_not_told_of_the_end_of_a_stream_before_its_beginning() {
    let server = scripted(|input| match input {
        Input::Interfaces(_) => vec![open(0, Open::Listen { at: at(SERVER), secure: true })],
        _ => Vec::new(),
    });
    let client = scripted(|input| match input {
        Input::Interfaces(_) => vec![
            open(0, Open::Tls { to: at(SERVER), server_name: "a.example".to_owned(), insecure: false }),
            Output::Close { socket: SocketId(0) },
        ],
        _ => Vec::new(),
    });
    let (mut world, server, _) = pair(Gateway::default(), server, client);
    world.run_until(ms(10_000));
    let told = told(&world, server);
    let place = |word: &str| told.iter().position(|input| input.starts_with(word));
    assert!(place("Ended").is_none() || place("Accepted") < place("Ended"), "{told:?}");
}

#[test]
fn when_a_machine_finishes_its_streams_end_at_the_other_side() {
    let (mut world, server, client) = pair(Gateway::default(), listener(), tcp_client(|_| Vec::new()));
    world.run_until(ms(1_000));
    world.give_input(client, Input::Stop);
    world.run_until(ms(10_000));
    let told = told(&world, server);
    assert!(told.iter().any(|input| input.starts_with("Ended")), "{told:?}");
}

#[test]
fn the_first_accepted_stream_is_the_highest_number() {
    let (mut world, server, _) = pair(Gateway::default(), listener(), tcp_client(|_| Vec::new()));
    world.run_until(ms(1_000));
    let told = told(&world, server);
    assert!(told.iter().any(|input| input.contains(&format!("socket: SocketId({})", u32::MAX))), "{told:?}");
}

#[test]
fn a_stream_reaches_a_host_behind_a_router_that_translates_nothing() {
    let mut world = World::new(1);
    let internet = world.internet();
    let site = world.site(internet, Gateway::default());
    let inside = world.host(site, &[at(SERVER).ip()]);
    world.attach(inside, listener());
    let outside = world.host(internet, &[at("192.0.2.9:0").ip()]);
    let client = world.attach(outside, tcp_client(|_| Vec::new()));
    world.run_until(ms(10_000));
    let told = told(&world, client);
    assert!(told[0].starts_with("Opened"), "{told:?}");
}

#[test]
fn two_streams_of_one_host_never_leave_from_one_port() {
    let client = scripted(|input| match input {
        Input::Interfaces(_) => (0..1_000).map(|number| open(number, Open::Tcp { to: at(SERVER) })).collect(),
        _ => Vec::new(),
    });
    let (mut world, server, _) = pair(Gateway::default(), listener(), client);
    world.run_until(ms(1_000));
    let mut remotes: Vec<String> =
        told(&world, server).into_iter().filter_map(|t| t.split("remote: ").nth(1).map(str::to_owned)).collect();
    assert_eq!(remotes.len(), 1_000);
    remotes.sort();
    remotes.dedup();
    assert_eq!(remotes.len(), 1_000);
}

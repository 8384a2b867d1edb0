use super::*;
use crate::machine::{Bind, Open};
use crate::model::{Failure, Icmp};
use tokio::net::UdpSocket;

fn udp(bind: Bind) -> Output {
    Output::Open { socket: HERE, open: Open::Udp { bind, dont_fragment: false } }
}

/// A socket of the test's own that sends back what it gets.
async fn echo(at: &str) -> (SocketAddr, task::Task) {
    let socket = UdpSocket::bind(at).await.expect("a socket");
    let local = socket.local_addr().expect("an address");
    let echo = async move {
        let mut buffer = [0; 2048];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            socket.send_to(&buffer[..length], from).await.expect("sent");
        }
    };
    (local, task::Task::spawn(echo))
}

/// A port that nobody listens on.
fn dead_end(at: &str) -> SocketAddr {
    std::net::UdpSocket::bind(at).expect("a socket").local_addr().expect("an address")
}

#[tokio::test]
async fn what_is_sent_to_an_echo_comes_back_from_where_it_went() {
    for at in ["127.0.0.1:0", "[::1]:0"] {
        let (to, _echo) = echo(at).await;
        let heard = heard(&world(), vec![udp(Bind::Toward(to))], |input| match input {
            Input::Opened { .. } => Some(vec![Output::Send { socket: HERE, to, data: vec![1, 2] }]),
            Input::Received { .. } => None,
            _ => Some(Vec::new()),
        })
        .await;
        let [Input::Opened { local, tls: None, .. }, received] = heard.as_slice() else { panic!("{heard:?}") };
        assert_eq!(local.ip(), to.ip(), "the source address of the route, not a wildcard");
        assert!(local.port() >= 32_768, "from RFC 5780's range: {local}");
        assert_eq!(*received, Input::Received { socket: HERE, from: to, data: vec![1, 2] });
    }
}

#[tokio::test]
async fn a_limit_of_hops_is_that_of_one_datagram() {
    for at in ["127.0.0.1:0", "[::1]:0"] {
        let (to, _echo) = echo(at).await;
        let mut answers = 0;
        let heard = heard(&world(), vec![udp(Bind::Toward(to))], |input| match input {
            Input::Opened { .. } => Some(vec![
                Output::SendHops { socket: HERE, to, data: vec![1], hops: 1 },
                Output::Send { socket: HERE, to, data: vec![2] },
            ]),
            Input::Received { .. } => {
                answers += 1;
                (answers < 2).then(Vec::new)
            }
            _ => Some(Vec::new()),
        })
        .await;
        let received = |data| Input::Received { socket: HERE, from: to, data };
        assert_eq!(heard[1..], [received(vec![1]), received(vec![2])], "no router is on the way to oneself");
    }
}

#[tokio::test]
async fn one_port_unreachable_names_its_destination_and_the_socket_hears_on() {
    for at in ["127.0.0.1:0", "[::1]:0"] {
        let ((alive, _echo), dead) = (echo(at).await, dead_end(at));
        let heard = heard(&world(), vec![udp(Bind::Toward(alive))], |input| match input {
            Input::Opened { .. } => Some(vec![Output::Send { socket: HERE, to: dead, data: vec![1] }]),
            Input::Unreachable { .. } => Some(vec![Output::Send { socket: HERE, to: alive, data: vec![2] }]),
            Input::Received { .. } => None,
            _ => Some(Vec::new()),
        })
        .await;
        let failure = Failure::Icmp { icmp: Icmp::PortUnreachable, by: Some(dead.ip()) };
        assert_eq!(heard[1], Input::Unreachable { socket: HERE, to: dead, failure });
        assert_eq!(heard[2], Input::Received { socket: HERE, from: alive, data: vec![2] });
    }
}

#[tokio::test]
async fn an_icmp_error_is_not_laid_at_the_door_of_the_next_destination() {
    let ((alive, _echo), dead) = (echo("127.0.0.1:0").await, dead_end("127.0.0.1:0"));
    let to_both = |_: &Input| {
        let send = |to| Output::Send { socket: HERE, to, data: vec![3] };
        Some(vec![send(dead), send(alive), send(dead), send(alive)])
    };
    let mut answers = 0;
    let heard = heard(&world(), vec![udp(Bind::Toward(alive))], |input| match input {
        Input::Opened { .. } => to_both(input),
        Input::Received { .. } | Input::Unreachable { .. } => {
            answers += 1;
            (answers < 4).then(Vec::new)
        }
        _ => Some(Vec::new()),
    })
    .await;
    let blamed: Vec<_> = heard
        .iter()
        .filter_map(|input| if let Input::Unreachable { to, .. } = input { Some(*to) } else { None })
        .collect();
    assert_eq!(blamed, [dead, dead]);
}

#[tokio::test]
async fn a_datagram_larger_than_the_link_is_too_big_where_fragments_are_forbidden() {
    // The loopback's MTU is 65536: no UDP payload of IPv4 exceeds it, one of IPv6 with its longer header does.
    let (to, _echo) = echo("[::1]:0").await;
    let open = Output::Open { socket: HERE, open: Open::Udp { bind: Bind::Toward(to), dont_fragment: true } };
    let heard = heard(&world(), vec![open], |input| match input {
        Input::Opened { .. } => Some(vec![Output::Send { socket: HERE, to, data: vec![0; 65_527] }]),
        Input::Unreachable { .. } => None,
        _ => Some(Vec::new()),
    })
    .await;
    let Some(Input::Unreachable { failure: Failure::TooBig { mtu_bytes }, to: told, .. }) = heard.last() else {
        panic!("{heard:?}")
    };
    assert_eq!((*told, *mtu_bytes), (to, Some(65_536)));
}

#[tokio::test]
async fn more_than_a_datagram_can_hold_is_too_big() {
    let (to, _echo) = echo("127.0.0.1:0").await;
    let heard = heard(&world(), vec![udp(Bind::Toward(to))], |input| match input {
        Input::Opened { .. } => Some(vec![Output::Send { socket: HERE, to, data: vec![0; 70_000] }]),
        Input::Unreachable { .. } => None,
        _ => Some(Vec::new()),
    })
    .await;
    assert!(matches!(heard.last(), Some(Input::Unreachable { failure: Failure::TooBig { .. }, .. })), "{heard:?}");
}

#[tokio::test]
async fn a_port_that_is_taken_and_an_address_that_is_not_ours_are_told_apart() {
    let taken = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    let at = |at| Open::Udp { bind: Bind::At(at), dont_fragment: false };
    for (bind, expected) in [
        (taken.local_addr().expect("an address"), Failure::AddressInUse),
        (SocketAddr::from(([192, 0, 2, 1], 0)), Failure::AddressNotAvailable),
    ] {
        let failed = opened(&world(), at(bind)).await;
        assert_eq!(failed, Input::Failed { socket: HERE, failure: expected, tls: None });
    }
}

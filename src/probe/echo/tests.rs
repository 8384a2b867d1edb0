use super::*;
use crate::probe::testing::{Bench, DelayedReply, SentDatagram};
use crate::wire::{Builder, StunMethod};

const SERVER: &str = "203.0.113.10:3478";
const RTT: Duration = Duration::from_millis(40);
const PORTS: [u16; 3] = [53, 20_478, 50_478];

fn server() -> SocketAddr {
    SERVER.parse().expect("an address")
}

/// What goes by: a Binding request to a port, or a datagram of a kind, and on its way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Passing {
    Port(u16),
    There(EchoSight, usize),
    Back(EchoSight, usize),
    Counts,
}

/// A server that sends back what comes, beyond a network that lets through what it is told to.
fn asked(mut lets_through: impl FnMut(Passing) -> bool) -> (Vec<EchoFact>, usize, Duration) {
    let mut probe = EchoProbe::new(EchoConfig { server: server(), rtt: RTT }, Rng::numbered(1));
    let mut bench = Bench::new(&mut probe);
    let mut came = [0_u16; Echo::SLOTS as usize];
    let end = bench.run(|_, sent: SentDatagram<'_>| -> Vec<DelayedReply> {
        let (to, from) = (sent.to, sent.from);
        let mut send_back = |echo: Echo, sight: EchoSight| {
            if !lets_through(Passing::There(sight, sent.data.len())) {
                return None;
            }
            came[usize::from(echo.slot)] += 1;
            let size = sent.data.len().max(usize::from(echo.wanted));
            let answer = Echo { kind: EchoKind::Answered, ..echo }.datagram(sight, size);
            lets_through(Passing::Back(sight, size)).then_some(answer)
        };
        let answer = match (Echo::read(sent.data), Message::read(sent.data)) {
            (Some((echo, sight)), _) => send_back(echo, sight),
            (None, Ok(message)) => match Echo::in_message(&message) {
                Some(echo) if echo.kind == EchoKind::Asked => send_back(echo, Some(DatagramClass::Check)),
                counts => {
                    let value = match counts {
                        Some(_) => came.iter().flat_map(|came| came.to_be_bytes()).collect(),
                        None => EchoOffer { token: [7; 8], ports: PORTS.to_vec() }.value(),
                    };
                    let passing = if counts.is_some() { Passing::Counts } else { Passing::Port(to.port()) };
                    let answer = Builder::answer(&message, Class::Success).xor_mapped(from).echo(&value).finish();
                    lets_through(passing).then_some(answer)
                }
            },
            _ => None,
        };
        answer.map(|answer| (RTT, to, answer)).into_iter().collect()
    });
    let sent = bench.sent.len();
    let facts = bench.facts.iter().map(|(_, fact)| match fact {
        Fact::Echo(fact) => fact.clone(),
        fact => panic!("{fact:?}"),
    });
    (facts.collect(), sent, end.since_start())
}

/// Of each kind: what it looked like, its size there and back, how many came and whether one came back.
fn echoed(facts: &[EchoFact]) -> Vec<(EchoSight, [bool; 2], Option<u32>, bool)> {
    let read = facts.iter().filter_map(|fact| match fact {
        EchoFact::Echoed { class, bytes, back_bytes, came, came_back, .. } => {
            Some((*class, [bytes.is_some(), back_bytes.is_some()], *came, *came_back))
        }
        _ => None,
    });
    read.collect()
}

fn ports(facts: &[EchoFact]) -> Vec<(u16, (u32, u32))> {
    let read = facts.iter().filter_map(|fact| match fact {
        EchoFact::EchoPort { server, tally, .. } => Some((server.port(), (tally.sent, tally.answered))),
        _ => None,
    });
    read.collect()
}

#[test]
fn where_all_passes_it_is_sixteen_packets_and_no_longer_than_seven_round_trips() {
    let (facts, sent, took) = asked(|_| true);
    assert_eq!(ports(&facts), [3478, 53, 20_478, 50_478, 3478].map(|port| (port, (1, 1))));
    let echoed = echoed(&facts);
    assert_eq!(echoed.len(), 10);
    assert!(echoed.iter().all(|(.., came, came_back)| *came == Some(1) && *came_back), "{echoed:?}");
    assert_eq!(sent, 16);
    assert!(took <= RTT * 7 + GAP * 10, "{took:?}");
    let at_high_port = |fact: &EchoFact| fact.server().port() == 20_478;
    assert_eq!(facts.iter().filter(|fact| matches!(fact, EchoFact::Echoed { .. }) && at_high_port(fact)).count(), 10);
}

#[test]
fn what_is_lost_by_sight_is_lost_between_controls_that_came_back() {
    let dtls = Some(DatagramClass::Dtls);
    let (facts, ..) = asked(|passing| !matches!(passing, Passing::There(sight, _) if sight == dtls));
    let echoed = echoed(&facts);
    let lost: Vec<_> = echoed.iter().filter(|(.., came_back)| !came_back).collect();
    assert_eq!(lost, [&(dtls, [false, false], Some(0), false), &(dtls, [true, false], Some(0), false)]);
    assert!([0, 1, 2, 7, 8, 9].iter().all(|place| echoed[*place].3), "{echoed:?}");
}

#[test]
fn what_is_lost_on_the_way_back_has_come_there() {
    let (facts, ..) = asked(|passing| !matches!(passing, Passing::Back(_, size) if size > 1000));
    let lost: Vec<_> = echoed(&facts).into_iter().filter(|(.., came_back)| !came_back).collect();
    assert!(lost.iter().all(|(.., came, _)| *came == Some(7)), "{lost:?}");
    let large = lost.iter().map(|(sight, sizes, ..)| (*sight, *sizes)).collect::<Vec<_>>();
    let dtls = Some(DatagramClass::Dtls);
    assert_eq!(large, [(None, [true, false]), (dtls, [true, false]), (None, [false, true]), (None, [true, false])]);
}

#[test]
fn ports_that_are_shut_are_silent_between_answers_at_the_servers_own() {
    let (facts, ..) = asked(|passing| !matches!(passing, Passing::Port(port) if port != 3478));
    let shut = [53, 20_478, 50_478].map(|port| (port, (7, 0)));
    assert_eq!(ports(&facts), [&[(3478, (1, 1))][..], &shut, &[(3478, (1, 1))]].concat());
    assert!(facts.iter().all(|fact| !matches!(fact, EchoFact::Echoed { .. }) || fact.server() == server()));
}

#[test]
fn without_counts_nobody_says_which_way_lost_it() {
    let (facts, ..) = asked(|passing| passing != Passing::Counts);
    assert!(echoed(&facts).iter().all(|(.., came, came_back)| came.is_none() && *came_back));
}

#[test]
fn a_server_that_gives_no_token_is_sent_nothing_more() {
    let mut probe = EchoProbe::new(EchoConfig { server: server(), rtt: RTT }, Rng::numbered(1));
    let mut bench = Bench::new(&mut probe);
    bench.run(|_, sent: SentDatagram<'_>| {
        let request = Message::read(sent.data).expect("a request");
        assert_eq!(request.method, StunMethod::Binding);
        vec![(RTT, sent.to, Builder::answer(&request, Class::Success).xor_mapped(sent.from).finish())]
    });
    assert_eq!((bench.sent.len(), bench.facts.len()), (1, 0));
}

#[test]
fn a_stranger_is_not_listened_to() {
    let mut probe = EchoProbe::new(EchoConfig { server: server(), rtt: RTT }, Rng::numbered(1));
    let mut bench = Bench::new(&mut probe);
    bench.run(|_, sent: SentDatagram<'_>| {
        let stranger = "198.51.100.66:3478".parse().expect("an address");
        let Ok(request) = Message::read(sent.data) else { return vec![(RTT, stranger, sent.data.to_vec())] };
        let value = EchoOffer { token: [7; 8], ports: PORTS.to_vec() }.value();
        let answer = Builder::answer(&request, Class::Success).xor_mapped(sent.from).echo(&value).finish();
        vec![(RTT, if Echo::in_message(&request).is_some() { stranger } else { sent.to }, answer)]
    });
    let is_taken =
        bench.facts.iter().any(|(_, fact)| matches!(fact, Fact::Echo(EchoFact::Echoed { came_back: true, .. })));
    assert!(!is_taken, "{:?}", bench.facts);
}

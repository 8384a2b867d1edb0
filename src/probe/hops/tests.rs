use super::*;
use crate::model::Millis;
use crate::probe::testing::{Bench, LimitedDatagram, PRIMARY};

fn server() -> SocketAddr {
    PRIMARY.parse().expect("an endpoint")
}

/// The router at a place on the way.
fn router(hops: u8) -> IpAddr {
    IpAddr::from([10, 0, 0, hops])
}

fn is_dtls(datagram: &LimitedDatagram<'_>) -> bool {
    datagram.data.first() == Some(&22)
}

/// A trial as one reads it: class, own or other port, place, who said so, and the tally.
fn seen(fact: &Fact) -> (DatagramClass, bool, u8, Option<IpAddr>, (u32, u32)) {
    let Fact::Hops(HopFact::Hopped { class, to, hops, by, tally, .. }) = fact else { panic!("{fact:?}") };
    assert_eq!(to.ip(), server().ip());
    (*class, *to == server(), *hops, *by, (tally.sent, tally.answered))
}

type Seen = Vec<(DatagramClass, bool, u8, Option<IpAddr>, (u32, u32))>;

/// What the probe sees on a way whose routers say what `routers` says, and how many datagrams it sent.
fn found(routers: impl FnMut(&LimitedDatagram<'_>) -> Option<IpAddr> + 'static) -> (Seen, usize) {
    let config = HopsConfig { server: server(), rtt: Duration::from_millis(40) };
    let mut probe = HopsProbe::new(config, Rng::numbered(7));
    let mut bench = Bench::new(&mut probe);
    bench.routers = Box::new(routers);
    let over = bench.run(|_, _| Vec::new());
    assert!(over.since_start() < Duration::from_secs(4), "{over:?}");
    (bench.facts.iter().map(|(_, fact)| seen(fact)).collect(), bench.sent.len())
}

use DatagramClass::{Dtls, Stun};

#[test]
fn on_an_open_way_each_kind_comes_to_the_furthest_router_at_the_first_try() {
    let (seen, sent) = found(|datagram| Some(router(datagram.hops)));
    let by = Some(router(3));
    let expected = vec![
        (Stun, true, 2, Some(router(2)), (1, 1)),
        (Stun, true, 3, by, (1, 1)),
        (Dtls, true, 3, by, (1, 1)),
        (Stun, false, 3, by, (1, 1)),
        (Stun, false, 3, by, (1, 1)),
    ];
    assert_eq!((seen, sent), (expected, 5));
}

#[test]
fn what_is_dropped_after_the_first_router_is_sent_three_times_with_the_control_before_and_after() {
    let (seen, sent) = found(|datagram| (!is_dtls(datagram) || datagram.hops == 1).then(|| router(datagram.hops)));
    let by = Some(router(3));
    let expected = vec![
        (Stun, true, 2, Some(router(2)), (1, 1)),
        (Stun, true, 3, by, (4, 4)),
        (Dtls, true, 3, None, (3, 0)),
        (Stun, false, 3, by, (1, 1)),
        (Stun, false, 3, by, (1, 1)),
        (Dtls, true, 1, Some(router(1)), (1, 1)),
    ];
    assert_eq!((seen, sent), (expected, 11));
}

#[test]
fn what_does_not_leave_this_machine_does_not_come_to_the_first_router() {
    let (seen, _) = found(|datagram| (!is_dtls(datagram)).then(|| router(datagram.hops)));
    assert_eq!(seen.last(), Some(&(Dtls, true, 1, None, (1, 0))));
}

#[test]
fn ports_that_are_shut_are_lost_and_the_server_s_own_is_not() {
    let (seen, _) = found(|datagram| (datagram.to == server() || datagram.hops == 1).then(|| router(datagram.hops)));
    let lost = seen.iter().filter(|(_, _, _, _, (sent, answered))| (*sent, *answered) == (3, 0)).count();
    let first = seen.iter().filter(|(_, _, hops, _, (_, answered))| (*hops, *answered) == (1, 1)).count();
    assert_eq!((lost, first), (2, 2), "{seen:?}");
}

#[test]
fn a_router_that_falls_silent_shows_in_the_control() {
    let mut words = 3;
    let (seen, _) = found(move |datagram| {
        words -= i32::from(datagram.hops > 1);
        (words >= 0).then(|| router(datagram.hops))
    });
    let control = seen.iter().find(|(class, own, hops, ..)| (*class, *own, *hops) == (Stun, true, 3));
    assert!(control.is_some_and(|(_, _, _, _, (sent, answered))| answered < sent), "{seen:?}");
}

#[test]
fn where_nobody_speaks_only_the_server_s_host_is_asked_too() {
    let (seen, sent) = found(|_| None);
    let all = (Stun, false, ALL_HOPS, None, (1, 0));
    assert_eq!(seen, [(Stun, true, 2, None, (2, 0)), (Stun, true, 3, None, (2, 0)), all, all]);
    assert_eq!(sent, 6);
}

#[test]
fn a_host_that_says_nothing_of_a_high_port_is_asked_of_a_low_one_which_is_then_the_control() {
    let host = server().ip();
    let (seen, sent) = found(move |datagram| match datagram.hops {
        1 => Some(router(1)),
        _ => Some(host).filter(|_| datagram.to.port() == 53),
    });
    let low = (Stun, false, ALL_HOPS, Some(host), (4, 4));
    let hello = (Dtls, false, ALL_HOPS, Some(host), (1, 1));
    let lost = (Stun, false, ALL_HOPS, None, (3, 0));
    let first = (Stun, false, 1, Some(router(1)), (1, 1));
    assert_eq!(seen[3..], [low, hello, lost, lost, first, first]);
    assert_eq!(sent, 18);
    let words: u32 = seen.iter().filter(|seen| seen.3 == Some(host)).map(|seen| seen.4.1).sum();
    assert!(words <= 6, "{seen:?}");
}

#[test]
fn where_no_router_speaks_the_server_s_host_tells_a_request_and_a_client_hello_apart_at_a_closed_port() {
    let host = Some(server().ip());
    let (seen, _) = found(move |datagram| {
        let is_closed = datagram.to != server() && datagram.hops > 1;
        host.filter(|_| is_closed && !is_dtls(datagram))
    });
    let found: Vec<_> = seen.iter().skip(2).take(2).copied().collect();
    assert_eq!(found, [(Stun, false, ALL_HOPS, host, (4, 4)), (Dtls, false, ALL_HOPS, None, (3, 0))]);
    let (open, sent) = found_at_closed_ports();
    assert_eq!(open.last(), Some(&(Dtls, false, ALL_HOPS, host, (1, 1))));
    assert_eq!(sent, 6);
}

/// On a way that lets all through, whose routers say nothing.
fn found_at_closed_ports() -> (Seen, usize) {
    found(|datagram| Some(server().ip()).filter(|_| datagram.to != server()))
}

#[test]
fn no_router_is_asked_for_more_than_six_words() {
    // Of each kind one that is dropped, and all at once.
    for dropped in 0..8u8 {
        let is_lost = move |datagram: &LimitedDatagram<'_>| {
            let high = datagram.to.port() >= 49_152;
            let kinds = [is_dtls(datagram), high, !high && datagram.to != server()];
            kinds.iter().enumerate().any(|(bit, is_it)| *is_it && dropped & (1 << bit) != 0)
        };
        let (seen, _) = found(move |datagram| (!is_lost(datagram)).then(|| router(datagram.hops)));
        for place in 1..=3 {
            let words: u32 = seen.iter().filter(|seen| seen.2 == place).map(|seen| seen.4.1).sum();
            assert!(words <= 6, "{dropped}: {seen:?}");
        }
    }
}

#[test]
fn a_run_that_is_stopped_tells_of_nothing_half_tried() {
    let config = HopsConfig { server: server(), rtt: Duration::from_millis(40) };
    let mut probe = HopsProbe::new(config, Rng::numbered(7));
    let mut bench = Bench::new(&mut probe);
    bench.routers = Box::new(|datagram| (!is_dtls(datagram)).then(|| router(datagram.hops)));
    bench.bring_at(100, Input::Stop);
    bench.run(|_, _| Vec::new());
    assert_eq!(bench.facts, Vec::<(Instant, Fact)>::new());
}

#[test]
fn the_time_of_a_trial_ends_with_the_last_word_or_with_the_waiting() {
    let config = HopsConfig { server: server(), rtt: Duration::from_millis(40) };
    let mut probe = HopsProbe::new(config, Rng::numbered(7));
    let mut bench = Bench::new(&mut probe);
    bench.routers = Box::new(|datagram| Some(router(datagram.hops)));
    bench.run(|_, _| Vec::new());
    let times = bench.facts.iter().map(|(_, fact)| {
        let Fact::Hops(HopFact::Hopped { waited_ms, .. }) = fact else { panic!("{fact:?}") };
        *waited_ms
    });
    assert!(times.collect::<Vec<_>>().iter().all(|waited| *waited == Millis(10.0)));
}

//! Calls whose relay dies under them, and what is told of it.

use super::calls::{broken, strict, traffic};
use super::*;
use crate::machine::SocketId;
use crate::model::IceFact;
use crate::model::{CallBreak, Millis, RelayLiveness, RelayState};
use crate::peer::CallConfig;
use std::collections::{BTreeMap, BTreeSet};

const OTHER: &str = "203.0.113.20";
const OTHER_SECOND: &str = "203.0.113.21";

/// In the middle of the call: it runs from about 0.6 s for 8 s.
const DEATH: Instant = Instant::after_start(Duration::from_millis(2500));

/// A server that can be made to die.
struct Mortal {
    server: StunTurnServer,
    addresses: [&'static str; 2],
    interfaces: Option<Input>,
    now: Instant,
    is_deaf: bool,
    /// What it has open, and which of it are streams.
    sockets: BTreeSet<SocketId>,
    streams: BTreeSet<SocketId>,
    out: VecDeque<Output>,
}

#[derive(Clone)]
struct Handle(Rc<RefCell<Mortal>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Death {
    /// Its line is cut.
    Silence,
    /// It begins again, and knows nothing of what it has given out.
    Restart,
    /// Its TCP connections end.
    HangUp,
}

impl Handle {
    fn new(first: &'static str, second: &'static str) -> Self {
        Self(Rc::new(RefCell::new(Mortal {
            server: StunTurnServer::new(serving(first, second), Rng::numbered(99)),
            addresses: [first, second],
            interfaces: None,
            now: Instant::START,
            is_deaf: false,
            sockets: BTreeSet::new(),
            streams: BTreeSet::new(),
            out: VecDeque::new(),
        })))
    }

    fn die(&self, death: Death) {
        let mut mortal = self.0.borrow_mut();
        let streams = std::mem::take(&mut mortal.streams);
        match death {
            Death::Silence => mortal.is_deaf = true,
            Death::HangUp => mortal.out.extend(streams.into_iter().map(|socket| Output::Close { socket })),
            Death::Restart => {
                let sockets = std::mem::take(&mut mortal.sockets);
                mortal.out.extend(sockets.into_iter().chain(streams).map(|socket| Output::Close { socket }));
                let [first, second] = mortal.addresses;
                mortal.server = StunTurnServer::new(serving(first, second), Rng::numbered(98));
                let (now, interfaces) = (mortal.now, mortal.interfaces.clone().expect("it has begun"));
                mortal.server.handle(now, interfaces);
            }
        }
    }
}

impl Machine for Handle {
    fn handle(&mut self, now: Instant, input: Input) {
        let mut mortal = self.0.borrow_mut();
        mortal.now = now;
        match &input {
            Input::Interfaces(_) => mortal.interfaces = Some(input.clone()),
            Input::Accepted { socket, .. } => drop(mortal.streams.insert(*socket)),
            _ => {}
        }
        if !mortal.is_deaf {
            mortal.server.handle(now, input);
        }
    }

    fn poll(&mut self) -> Output {
        let mut mortal = self.0.borrow_mut();
        if let Some(output) = mortal.out.pop_front() {
            return output;
        }
        if mortal.is_deaf {
            return Output::Wait(Wake::OnInput);
        }
        let output = mortal.server.poll();
        match &output {
            Output::Open { socket, .. } => drop(mortal.sockets.insert(*socket)),
            Output::Close { socket } => drop(mortal.sockets.remove(socket)),
            _ => {}
        }
        output
    }
}

/// A call between two strict NATs, so that it needs a relay; the first server dies while it runs. `uris`: each end's.
fn call(death: Death, uris: [&[&str]; 2]) -> Two {
    call_in_which(SERVER, death, uris)
}

fn call_in_which(dying: &str, death: Death, uris: [&[&str]; 2]) -> Two {
    let mut world = World::new(5);
    let internet = world.internet();
    let mut servers = BTreeMap::new();
    for (first, second) in [(SERVER, SECOND), (OTHER, OTHER_SECOND)] {
        let host = world.host(internet, &[at(first), at(second)]);
        let handle = Handle::new(first, second);
        servers.insert(first, (world.attach(host, Box::new(handle.clone())), handle));
    }
    let configs = uris.map(|uris| {
        let uris: Vec<String> = uris.iter().map(|uri| (*uri).to_owned()).collect();
        let call = CallConfig { duration: Duration::from_secs(8), ..CallConfig::USUAL };
        Config { plan: plan_of(&uris), call: Some(call), ..config() }
    });
    let mut two = Two::in_world(world, [strict("198.51.100.1"), strict("198.51.100.2")], configs).introduced();
    two.world.run_until(DEATH);
    let (id, handle) = &servers[dying];
    handle.die(death);
    two.world.give_input(*id, Input::Woken);
    two.finish();
    two
}

fn reports(two: &Two, end: usize) -> Vec<RelayLiveness> {
    let report = |fact: Fact| if let Fact::Ice(IceFact::RelayDoubted(report)) = fact { Some(report) } else { None };
    two.facts(end).into_iter().filter_map(report).collect()
}

fn cut(two: &Two, end: usize) -> f64 {
    let facts = two.facts(end);
    let broken = broken(&facts);
    let [CallBreak::Cut { after_ms, .. }] = broken[..] else { panic!("{broken:?}") };
    after_ms.0
}

const STUN: &str = "stun:203.0.113.10:3478";
const RELAY: &str = "turn:203.0.113.10:3478?transport=udp";
const RELAY_OVER_TCP: &str = "turn:203.0.113.10:3478?transport=tcp";
const OTHER_RELAY: &str = "turn:203.0.113.20:3478?transport=udp";
const OTHER_STUN: &str = "stun:203.0.113.20:3478";

#[test]
fn a_relay_that_falls_silent_is_named_beside_a_server_that_still_answers() {
    let two = call(Death::Silence, [&[RELAY, OTHER_STUN], &[OTHER_STUN]]);
    let reports = reports(&two, 0);
    let [report] = &reports[..] else { panic!("{reports:?}") };
    assert_eq!((report.server.to_string().as_str(), &report.found), ("203.0.113.10:3478", &RelayState::Silent));
    assert!(report.is_dead() && report.asked.sent == 8 && report.control.answered >= 7, "{report:?}");
    for end in 0..2 {
        assert!(cut(&two, end) < 2500.0);
    }
    assert!(!two.facts(0).contains(&Fact::Ice(IceFact::Restarted)), "there is nothing to move to");
}

#[test]
fn a_relay_that_falls_silent_with_nothing_beside_it_is_not_blamed_by_its_client_alone() {
    let two = call(Death::Silence, [&[RELAY], &[STUN]]);
    let reports = reports(&two, 0);
    let [report] = &reports[..] else { panic!("{reports:?}") };
    assert!(report.found == RelayState::Silent && !report.is_dead(), "{report:?}");
    cut(&two, 0);
}

/// Both ends have both relays; one of the two carries the call.
#[test]
fn a_call_is_moved_to_the_relay_that_is_left() {
    let both: &[&str] = &[RELAY, OTHER_RELAY];
    let mut moved = 0;
    for dying in [SERVER, OTHER] {
        let two = call_in_which(dying, Death::Silence, [both, both]);
        let dead: Vec<RelayLiveness> =
            (0..2).flat_map(|end| reports(&two, end)).filter(RelayLiveness::is_dead).collect();
        let is_hit = two.facts(0).contains(&Fact::Ice(IceFact::Restarted));
        for end in 0..2 {
            let facts = two.facts(end);
            assert!(broken(&facts).is_empty(), "{dying}: {:?}", broken(&facts));
            assert_eq!(facts.contains(&Fact::Ice(IceFact::Restarted)), is_hit);
            let stall = traffic(&facts).audio.longest_stall_ms.0;
            assert!(stall < if is_hit { 3500.0 } else { 300.0 }, "{dying}: {stall}");
        }
        assert_eq!(is_hit, !dead.is_empty(), "{dead:?}");
        assert!(dead.iter().all(|report| report.server.ip() == at(dying)), "{dead:?}");
        moved += u32::from(is_hit);
    }
    assert!(moved > 0, "one of the two carried it");
}

#[test]
fn a_relay_that_has_forgotten_the_allocation_says_so_and_the_call_goes_on_through_another_one() {
    let two = call(Death::Restart, [&[RELAY], &[STUN]]);
    let reports = reports(&two, 0);
    let [RelayLiveness { found: RelayState::Forgotten { code: 437, .. }, .. }] = &reports[..] else {
        panic!("{reports:?}")
    };
    for end in 0..2 {
        let facts = two.facts(end);
        assert!(broken(&facts).is_empty(), "{:?}", broken(&facts));
        assert!(traffic(&facts).audio.longest_stall_ms < Millis(2000.0), "{:?}", traffic(&facts).audio);
    }
}

#[test]
fn a_connection_to_a_relay_that_ends_in_the_call_is_told_at_once_and_made_again() {
    let two = call(Death::HangUp, [&[RELAY_OVER_TCP], &[STUN]]);
    let reports = reports(&two, 0);
    let [RelayLiveness { found: RelayState::Closed, .. }] = &reports[..] else { panic!("{reports:?}") };
    for end in 0..2 {
        let facts = two.facts(end);
        assert!(broken(&facts).is_empty(), "{:?}", broken(&facts));
        assert!(traffic(&facts).audio.longest_stall_ms < Millis(1000.0), "{:?}", traffic(&facts).audio);
    }
}

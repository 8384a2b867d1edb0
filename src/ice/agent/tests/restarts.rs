//! A restart that the peer announces: the pair before it carries media until another is selected (RFC 8445 §9).

use super::*;
use std::cell::Cell;
use std::rc::Rc;

/// The time between two datagrams of media.
const SPACING: Duration = Duration::from_millis(20);
/// When the restart is announced: both have selected a pair by then.
const ANNOUNCED: Duration = Duration::from_secs(5);
/// When all ends.
const OVER: Duration = Duration::from_secs(12);

/// What an end of such a call has to do with the restart.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// It is told that its peer restarts.
    Follows,
    /// It is said to restart, and goes on as before.
    GoesOn,
    /// It is said to restart, and is gone from where it was.
    Moves,
}

/// An agent that sends media as soon as it can, and counts what comes after the announcement.
struct Talker {
    end: End,
    part: Part,
    now: Instant,
    next: Instant,
    told: bool,
    sent: Rc<Cell<u32>>,
    came: Rc<Cell<u32>>,
}

impl Talker {
    fn is_announced(&self) -> bool {
        self.now >= Instant::after_start(ANNOUNCED)
    }

    fn speak(&mut self) {
        let now = self.now;
        if self.is_announced() && self.part == Part::Follows && !std::mem::replace(&mut self.told, true) {
            self.end.agent.follow_restart(now);
            let credentials = IceCredentials::new("another", "passwordofanothersession").expect("a key");
            self.end.agent.set_remote(now, RemoteDescription { credentials, lite: false, pace: Some(OUR_PACE) });
            self.end.agent.end_of_remote_candidates(now);
        }
        while self.end.agent.poll_media().is_some() {
            self.came.set(self.came.get() + u32::from(self.is_announced()));
        }
        let is_gone = self.part == Part::Moves && self.is_announced();
        while self.next <= now {
            self.next = self.next + SPACING;
            let is_sent = !is_gone && self.end.agent.send(now, &[0x80, 0, 0, 0]);
            self.sent.set(self.sent.get() + u32::from(is_sent && self.is_announced()));
        }
    }
}

impl Machine for Talker {
    fn handle(&mut self, now: Instant, input: Input) {
        self.now = now;
        self.end.handle(now, input);
        self.speak();
        if now >= Instant::after_start(OVER) {
            self.end.agent.handle(now, Input::Stop);
        }
    }

    fn poll(&mut self) -> Output {
        self.speak();
        match self.end.poll() {
            // The description of a restart is not carried here.
            Output::Wait(Wake::Finished) => Output::Wait(Wake::Finished),
            Output::Wait(wake) => Output::Wait(wake.or(Wake::At(self.next))),
            output => output,
        }
    }
}

/// What the end that is told has sent and got since, and its facts, where its peer does so.
fn told(part: Part) -> (u32, u32, Vec<Fact>) {
    let mut world = World::new(9);
    serve(&mut world, server_config(), 9);
    let counts = || (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let all = [counts(), counts()];
    let roles = [Role::Controlling, Role::Controlled];
    let ends: Vec<MachineId> = (0..2)
        .map(|at: usize| {
            let internet = world.internet();
            let public = ["198.51.100.1", "198.51.100.2"][at];
            let site = world.site(internet, nat(EndpointIndependent, AddressAndPortDependent, public));
            let host = world.host(site, &[super::at("192.168.77.2")]);
            let mut end = End { stay: OVER, ..End::new(config(roles[at]), 20 + at as u64) };
            servers().into_iter().for_each(|server| end.agent.add_server(Instant::START, server));
            end.agent.no_more_servers();
            let (sent, came) = all[at].clone();
            let part = if at == 0 { Part::Follows } else { part };
            let (now, next) = (Instant::START, Instant::START);
            world.attach(host, Box::new(Talker { end, part, now, next, told: false, sent, came }))
        })
        .collect();
    world.introduce(ends[0], ends[1], Duration::from_millis(30));
    for end in &ends {
        assert!(world.run_until_finished(*end, Instant::after_start(Duration::from_secs(60))), "it ends");
    }
    let facts = world.observed(ends[0]).iter().map(|(_, _, fact)| fact.clone()).collect();
    (all[0].0.get(), all[0].1.get(), facts)
}

#[test]
fn media_go_on_over_the_pair_before_a_restart_that_is_announced_and_never_made() {
    let (sent, came, facts) = told(Part::GoesOn);
    // Fifty a second for seven seconds, less what comes before the first of the peer's.
    assert!(sent >= 330 && came >= 330, "{sent} sent, {came} came");
    let lasted = facts.iter().find_map(|fact| match fact {
        Fact::Ice(IceFact::RestartNotMade { lasted_ms }) => Some(lasted_ms.0),
        _ => None,
    });
    assert!(lasted.is_some_and(|lasted| lasted > 6000.0), "{lasted:?}");
}

#[test]
fn nothing_is_sent_to_where_an_end_was_that_has_moved() {
    let (sent, came, facts) = told(Part::Moves);
    // What was under way shows for half a second that somebody is there.
    assert!(sent <= 28 && came <= 3, "{sent} sent, {came} came");
    assert!(!facts.iter().any(|fact| matches!(fact, Fact::Ice(IceFact::RestartNotMade { .. }))));
}

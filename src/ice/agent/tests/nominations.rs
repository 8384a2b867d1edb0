//! Whom the controlled end follows, where the controlling one nominates more than once.

use super::cases::{alone, description, facts_of};
use super::*;
use crate::ice::check::{self, Said};
use crate::ice::checklist::State;
use crate::wire::{Class, Datagram, Message, TransactionId};

const BETTER: &str = "203.0.113.1:4000";
const WORSE: &str = "203.0.113.2:4000";
const US: &str = "192.0.2.1:5000";

fn place(text: &str) -> SocketAddr {
    text.parse().expect("an endpoint")
}

/// A controlling peer with two addresses, which answers every check, and our controlled end.
struct Meeting {
    agent: Agent,
    theirs: Credentials,
    socket: SocketId,
    now: Instant,
    checks: u8,
    facts: Vec<Fact>,
    /// What data last went to.
    carried_to: Option<SocketAddr>,
}

impl Meeting {
    /// Where all pairs have succeeded and none is nominated.
    fn new() -> Self {
        let mut meeting = Self::unanswered();
        let answers = |meeting: &Self| meeting.agent.checklist.pairs.iter().all(|pair| pair.state == State::Succeeded);
        while !answers(&meeting) {
            meeting.settle(true);
        }
        meeting
    }

    /// Where no check of ours has been answered.
    fn unanswered() -> Self {
        let mut agent = alone(Role::Controlled);
        let theirs = description(false).credentials;
        let socket = SocketId(agent.next_socket);
        agent.set_remote(Instant::START, description(false));
        for (address, priority) in [(BETTER, 2_000_000_000), (WORSE, 1_000_000_000)] {
            let at = place(address);
            let line = format!("candidate:{priority} 1 udp {priority} {} {} typ host", at.ip(), at.port());
            agent.add_remote_candidate(Instant::START, RemoteCandidate::parse(&line).expect("a candidate"));
        }
        Self { agent, theirs, socket, now: Instant::START, checks: 0, facts: Vec::new(), carried_to: None }
    }

    /// Lets the agent do what is due next, and the peer answer its checks.
    fn settle(&mut self, peer_answers: bool) {
        loop {
            match self.agent.poll() {
                Output::Wait(Wake::At(at)) => {
                    self.now = at.max(self.now);
                    return self.agent.handle(self.now, Input::Woken);
                }
                Output::Wait(_) => return,
                Output::Observe { fact, .. } => self.facts.push(fact),
                Output::Send { to, data, .. } => match wire_read(&data) {
                    Some(check) if check.class == Class::Request && peer_answers => {
                        let answer = check::success(&check, &self.theirs, place(US));
                        self.receive(to, answer);
                    }
                    Some(_) => {}
                    None => self.carried_to = Some(to),
                },
                _ => {}
            }
        }
    }

    fn receive(&mut self, from: SocketAddr, data: Vec<u8>) {
        self.now = self.now + Duration::from_millis(1);
        self.agent.handle(self.now, Input::Received { socket: self.socket, from, data });
    }

    /// A check of the peer's that nominates, by its number.
    fn repeats(&mut self, from: &str, number: u8) {
        let said = Said { priority: 7, role: Role::Controlling, tie_breaker: 9, nominates: true };
        let check = check::request(TransactionId([number; 12]), &self.theirs, &self.agent.ours, said);
        self.receive(place(from), check);
        self.settle(true);
    }

    fn nominates(&mut self, from: &str) {
        self.checks += 1;
        self.repeats(from, self.checks);
    }

    /// Where data goes now.
    fn follows(&mut self) -> SocketAddr {
        assert!(self.agent.carry(self.now, &[128; 12]));
        self.carried_to = None;
        self.settle(true);
        self.carried_to.expect("it has left")
    }
}

/// STUN, or None.
fn wire_read(data: &[u8]) -> Option<Message> {
    match crate::wire::read(data) {
        Ok(Datagram::Stun(message)) => Some(message),
        _ => None,
    }
}

#[test]
fn who_moves_to_a_pair_that_we_hold_for_worse_is_followed_at_the_second_check_there() {
    let mut meeting = Meeting::new();
    meeting.nominates(BETTER);
    assert_eq!(meeting.follows(), place(BETTER));
    meeting.nominates(WORSE);
    assert_eq!(meeting.follows(), place(BETTER), "it may be a late one");
    meeting.nominates(WORSE);
    assert_eq!(meeting.follows(), place(WORSE));
    for _ in 0..20 {
        meeting.nominates(WORSE);
        assert_eq!(meeting.follows(), place(WORSE), "consent checks nominate too");
    }
}

#[test]
fn of_several_pairs_that_are_nominated_by_turns_the_best_is_chosen_and_kept() {
    let mut meeting = Meeting::new();
    meeting.nominates(WORSE);
    assert_eq!(meeting.follows(), place(WORSE), "there is no other yet");
    for _ in 0..10 {
        meeting.nominates(BETTER);
        assert_eq!(meeting.follows(), place(BETTER));
        meeting.nominates(WORSE);
        assert_eq!(meeting.follows(), place(BETTER));
    }
}

#[test]
fn a_check_that_comes_twice_is_one_check() {
    let mut meeting = Meeting::new();
    meeting.nominates(BETTER);
    for _ in 0..3 {
        meeting.repeats(WORSE, 200);
    }
    assert_eq!(meeting.follows(), place(BETTER));
}

#[test]
fn a_check_of_before_the_move_that_comes_late_is_mended_by_the_next_ones() {
    let mut meeting = Meeting::new();
    for from in [BETTER, WORSE, WORSE, BETTER, WORSE, WORSE] {
        meeting.nominates(from);
    }
    assert_eq!(meeting.follows(), place(WORSE));
}

#[test]
fn a_nomination_waits_until_our_own_check_has_succeeded() {
    let mut meeting = Meeting::unanswered();
    meeting.settle(false);
    let said = Said { priority: 7, role: Role::Controlling, tie_breaker: 9, nominates: true };
    let check = check::request(TransactionId([1; 12]), &meeting.theirs, &meeting.agent.ours, said);
    meeting.receive(place(WORSE), check);
    assert!(!meeting.agent.can_carry());
    while !meeting.agent.can_carry() {
        meeting.settle(true);
    }
    assert_eq!(meeting.follows(), place(WORSE));
}

#[test]
fn each_pair_is_told_as_it_is_in_the_end_and_one_of_them_as_nominated() {
    let mut meeting = Meeting::new();
    for from in [BETTER, WORSE, WORSE] {
        meeting.nominates(from);
    }
    meeting.agent.handle(meeting.now, Input::Stop);
    meeting.facts.extend(facts_of(&mut meeting.agent));
    for (address, is_nominated) in [(BETTER, false), (WORSE, true)] {
        let told = pairs(&meeting.facts).into_iter().rfind(|pair| pair.remote.endpoint() == Some(place(address)));
        assert_eq!(told.map(|pair| pair.nominated), Some(is_nominated), "{address}");
    }
}

#[test]
fn who_never_settles_does_not_fill_the_record() {
    let mut meeting = Meeting::new();
    for _ in 0..250 {
        for from in [BETTER, WORSE, WORSE] {
            meeting.nominates(from);
            meeting.checks %= 199;
        }
    }
    let told = meeting.facts.iter().filter(|fact| matches!(fact, Fact::Nominated { .. })).count();
    assert_eq!(told, 101);
}

//! Whom the controlled end follows, where the controlling one nominates more than once; and a peer that keeps our own role.

use super::cases::{alone, description, facts_of};
use super::*;
use crate::ice::base::BaseKind;
use crate::ice::check::{self, CheckAttributes};
use crate::ice::pair::State;
use crate::machine::SocketId;
use crate::model::IceFact;
use crate::wire::{Class, Datagram, Message, TransactionId};

const BETTER: &str = "203.0.113.1:4000";
const WORSE: &str = "203.0.113.2:4000";
const US: &str = "192.0.2.1:5000";

fn place(text: &str) -> SocketAddr {
    text.parse().expect("an endpoint")
}

/// How the peer answers a check with success.
type Answer = fn(&Message, &IceCredentials) -> Vec<u8>;

fn usual(check: &Message, theirs: &IceCredentials) -> Vec<u8> {
    check::success(check, theirs, place(US))
}

/// A controlling peer with two addresses, which answers every check, and our end, which is mostly controlled.
struct FacedEnd {
    agent: Agent,
    theirs: IceCredentials,
    socket: SocketId,
    now: Instant,
    checks: u8,
    facts: Vec<Fact>,
    answer: Answer,
    /// What data last went to.
    sent_to: Option<SocketAddr>,
}

impl FacedEnd {
    /// Where all pairs have succeeded and none is nominated.
    fn new() -> Self {
        let mut end = Self::unanswered();
        let answers = |end: &Self| end.agent.checks.list().pairs().iter().all(|pair| pair.state == State::Succeeded);
        while !answers(&end) {
            end.settle(true);
        }
        end
    }

    /// Where no check of ours has been answered.
    fn unanswered() -> Self {
        Self::of(Role::Controlled)
    }

    fn of(role: Role) -> Self {
        let mut agent = alone(role);
        let theirs = description(false).credentials;
        let socket = agent
            .bases
            .iter()
            .find_map(|base| match base.kind {
                BaseKind::Udp { socket, .. } => Some(socket),
                _ => None,
            })
            .expect("a host base");
        agent.set_remote(Instant::START, description(false));
        for (address, priority) in [(BETTER, 2_000_000_000), (WORSE, 1_000_000_000)] {
            let at = place(address);
            let line = format!("candidate:{priority} 1 udp {priority} {} {} typ host", at.ip(), at.port());
            agent.add_remote_candidate(Instant::START, RemoteCandidate::parse(&line).expect("a candidate"));
        }
        Self { agent, theirs, socket, now: Instant::START, checks: 0, facts: Vec::new(), answer: usual, sent_to: None }
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
                        let answer = (self.answer)(&check, &self.theirs);
                        self.receive(to, answer);
                    }
                    Some(_) => {}
                    None => self.sent_to = Some(to),
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
        let said = CheckAttributes { priority: 7, role: Role::Controlling, tie_breaker: 9, nominates: true };
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
        assert!(self.agent.send(self.now, &[128; 12]));
        self.sent_to = None;
        self.settle(true);
        self.sent_to.expect("it has left")
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
    let mut end = FacedEnd::new();
    end.nominates(BETTER);
    assert_eq!(end.follows(), place(BETTER));
    end.nominates(WORSE);
    assert_eq!(end.follows(), place(BETTER), "it may be a late one");
    end.nominates(WORSE);
    assert_eq!(end.follows(), place(WORSE));
    for _ in 0..20 {
        end.nominates(WORSE);
        assert_eq!(end.follows(), place(WORSE), "consent checks nominate too");
    }
}

#[test]
fn of_several_pairs_that_are_nominated_by_turns_the_best_is_chosen_and_kept() {
    let mut end = FacedEnd::new();
    end.nominates(WORSE);
    assert_eq!(end.follows(), place(WORSE), "there is no other yet");
    for _ in 0..10 {
        end.nominates(BETTER);
        assert_eq!(end.follows(), place(BETTER));
        end.nominates(WORSE);
        assert_eq!(end.follows(), place(BETTER));
    }
}

#[test]
fn a_check_that_comes_twice_is_one_check() {
    let mut end = FacedEnd::new();
    end.nominates(BETTER);
    for _ in 0..3 {
        end.repeats(WORSE, 200);
    }
    assert_eq!(end.follows(), place(BETTER));
}

#[test]
fn a_check_of_before_the_move_that_comes_late_is_mended_by_the_next_ones() {
    let mut end = FacedEnd::new();
    for from in [BETTER, WORSE, WORSE, BETTER, WORSE, WORSE] {
        end.nominates(from);
    }
    assert_eq!(end.follows(), place(WORSE));
}

#[test]
fn a_nomination_waits_until_our_own_check_has_succeeded() {
    let mut end = FacedEnd::unanswered();
    end.settle(false);
    let said = CheckAttributes { priority: 7, role: Role::Controlling, tie_breaker: 9, nominates: true };
    let check = check::request(TransactionId([1; 12]), &end.theirs, &end.agent.ours, said);
    end.receive(place(WORSE), check);
    assert!(!end.agent.can_send());
    while !end.agent.can_send() {
        end.settle(true);
    }
    assert_eq!(end.follows(), place(WORSE));
}

#[test]
fn each_pair_is_told_as_it_is_in_the_end_and_one_of_them_as_nominated() {
    let mut end = FacedEnd::new();
    for from in [BETTER, WORSE, WORSE] {
        end.nominates(from);
    }
    end.agent.handle(end.now, Input::Stop);
    end.facts.extend(facts_of(&mut end.agent));
    for (address, is_nominated) in [(BETTER, false), (WORSE, true)] {
        let told = pairs(&end.facts).into_iter().rfind(|pair| pair.remote.endpoint() == Some(place(address)));
        assert_eq!(told.map(|pair| pair.nominated), Some(is_nominated), "{address}");
    }
}

#[test]
fn who_never_settles_does_not_fill_the_record() {
    let mut end = FacedEnd::new();
    for _ in 0..250 {
        for from in [BETTER, WORSE, WORSE] {
            end.nominates(from);
            end.checks %= 199;
        }
    }
    let told = end.facts.iter().filter(|fact| matches!(fact, Fact::Ice(IceFact::Nominated { .. }))).count();
    assert_eq!(told, 101);
}

#[test]
fn a_peer_that_keeps_our_role_whatever_it_is_told_is_reported_with_how_often_and_for_how_long() {
    let mut end = FacedEnd::of(Role::Controlling);
    for _ in 0..25 {
        end.now = end.now + Duration::from_millis(100);
        end.nominates(BETTER);
    }
    end.agent.handle(end.now, Input::Stop);
    end.settle(false);
    let disputes = end.facts.iter().filter_map(|fact| match fact {
        Fact::Ice(IceFact::RoleDisputed(dispute)) => Some(dispute),
        _ => None,
    });
    let [dispute] = disputes.collect::<Vec<_>>()[..] else { panic!("{:#?}", end.facts) };
    assert_eq!((dispute.role, dispute.refused, dispute.settled), (Role::Controlling, 25, false));
    assert!(dispute.lasted_ms.seconds() >= 2.4, "{dispute:?}");
    assert!(
        !end.facts.iter().any(|fact| matches!(fact, Fact::Ice(IceFact::RoleSwitched { .. }))),
        "ours is the larger"
    );
}

#[test]
fn an_answer_in_an_older_form_or_without_an_address_is_one_all_the_same() {
    let answers: [Answer; 2] = [
        |check, theirs| check::old_success(check, theirs, Some(place(US))),
        |check, theirs| check::old_success(check, theirs, None),
    ];
    for answer in answers {
        let mut end = FacedEnd { answer, ..FacedEnd::unanswered() };
        for _ in 0..40 {
            end.settle(true);
        }
        assert!(end.agent.checks.list().pairs().iter().all(|pair| pair.state == State::Succeeded), "{:#?}", end.facts);
    }
}

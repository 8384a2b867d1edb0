//! A call whose other end floods the channel between the two: what it costs here stays within its limits.

use super::calls::calling;
use super::*;
use crate::diagnose::diagnose;
use crate::model::Limit;
use serde_json::{Value, json};

/// Restarts in a second, and with each of them one more message of every other kind.
const A_SECOND: u64 = 22;

/// An end that is as it should be, and floods the channel beside it.
struct Flooding {
    kept: Kept,
    now: Instant,
    next: Instant,
    seq: u64,
    /// The latest of its own descriptions, whose other members any message can have.
    described: Option<Value>,
    more: VecDeque<Output>,
}

impl Flooding {
    fn say(&mut self, mut message: Value) {
        self.seq += 1;
        message["seq"] = self.seq.into();
        self.more.push_back(Output::Signal { message: message.to_string().into_bytes() });
    }

    fn flood(&mut self) {
        let Some(described) = self.described.clone() else { return };
        let offer = described["sdp"].as_str().expect("a description").to_owned();
        let ufrag = offer.split("a=ice-ufrag:").nth(1).and_then(|rest| rest.lines().next()).expect("a ufrag");
        let says = |kind: &str| json!({"rtc-doctor": 1, "from": described["from"], "kind": kind});
        let with = |kind: &str, member: &str, value: Value| {
            let mut message = says(kind);
            message[member] = value;
            message
        };
        let restart = offer.replace(ufrag, &format!("flood{}", self.seq));
        self.say(with("offer", "sdp", restart.into()));
        let direction = ["sendrecv", "recvonly"][(self.seq % 2) as usize];
        self.say(with("offer", "sdp", offer.replace("sendrecv", direction).into()));
        self.say(with("hello", "tool", json!({"name": format!("tool {}", self.seq), "version": "1"})));
        self.say(with("candidate", "candidate", "candidate:1 1 udp 1 256.0.0.1 1 typ host".into()));
        self.say(with("answer", "sdp", "v=0".into()));
        self.say(with("record", "record", "AAAA".into()));
        self.say(says("unheard-of"));
        for empty in ["", "{}", "[]"] {
            self.more.push_back(Output::Signal { message: empty.as_bytes().to_vec() });
        }
    }
}

impl Machine for Flooding {
    fn handle(&mut self, now: Instant, input: Input) {
        self.now = now;
        self.kept.handle(now, input);
    }

    fn poll(&mut self) -> Output {
        if let Some(output) = self.more.pop_front() {
            return output;
        }
        if self.now >= self.next {
            self.next = self.now + Duration::from_millis(1000 / A_SECOND);
            self.flood();
            return self.poll();
        }
        match self.kept.poll() {
            Output::Signal { message } => {
                let message: Value = serde_json::from_slice(&message).expect("JSON");
                if message.get("sdp").is_some() {
                    self.described = Some(message.clone());
                }
                self.say(message);
                self.poll()
            }
            Output::Wait(Wake::Finished) => Output::Wait(Wake::Finished),
            Output::Wait(wake) => Output::Wait(wake.or(Wake::At(self.next))),
            output => output,
        }
    }
}

/// Counts the sockets that an end has open.
struct Counting {
    kept: Kept,
    /// Now, and at most.
    open: Rc<RefCell<(usize, usize)>>,
}

impl Machine for Counting {
    fn handle(&mut self, now: Instant, input: Input) {
        if matches!(input, Input::Failed { .. } | Input::Ended { .. }) {
            self.open.borrow_mut().0 -= 1;
        }
        self.kept.handle(now, input);
    }

    fn poll(&mut self) -> Output {
        let output = self.kept.poll();
        let mut open = self.open.borrow_mut();
        match &output {
            Output::Open { .. } => *open = (open.0 + 1, open.1.max(open.0 + 1)),
            Output::Close { .. } => open.0 -= 1,
            _ => {}
        }
        output
    }
}

/// A call with the end that floods, and how many sockets this end had open at most.
fn flooded() -> (Two, usize) {
    let gateways = || [home("198.51.100.1"), home("198.51.100.2")];
    let mut two = Two::new(gateways(), [calling(), calling()]);
    let internet = two.world.internet();
    let open = Rc::new(RefCell::new((0, 0)));
    let wrapped: [Box<dyn Machine>; 2] = [
        Box::new(Counting { kept: two.ends[0].1.clone(), open: open.clone() }),
        Box::new(Flooding {
            kept: two.ends[1].1.clone(),
            now: Instant::START,
            next: Instant::after_start(Duration::from_secs(2)),
            seq: 0,
            described: None,
            more: VecDeque::new(),
        }),
    ];
    for (end, machine) in wrapped.into_iter().enumerate() {
        let site = two.world.site(internet, home(["198.51.100.3", "198.51.100.4"][end]));
        let host = two.world.host(site, &[at(["192.168.79.2", "192.168.80.2"][end])]);
        two.ends[end].0 = two.world.attach(host, machine);
    }
    let mut two = two.introduced();
    two.finish();
    let most = open.borrow().1;
    (two, most)
}

#[test]
fn an_end_that_floods_the_channel_makes_a_line_of_each_kind_and_a_few_sockets() {
    let (two, sockets) = flooded();
    let record = two.ends[0].1.0.borrow().records().0.clone();
    let diagnosis = diagnose(&record);
    let limited: Vec<_> = diagnosis.findings.iter().filter(|finding| finding.code == Code::InputLimited).collect();
    let count = |what: &Limit| {
        let facts = record.observations.iter().filter_map(|seen| match &seen.fact {
            Fact::Host(HostFact::Limited { what: told, ignored }) if told == what => Some(*ignored),
            _ => None,
        });
        facts.sum::<u32>()
    };
    for what in [Limit::PeerRestarts, Limit::PeerDescriptions, Limit::PeerMessages, Limit::PeerRefusals] {
        assert!(count(&what) > 20, "{what}: {}", count(&what));
        let told = limited.iter().filter(|finding| finding.about.what.as_ref() == Some(&what)).count();
        assert_eq!(told, 1, "{what}");
    }
    let greetings = |fact: &&Fact| matches!(fact, Fact::Signalling(SignallingFact::PeerJoined { .. }));
    let facts = two.facts(0);
    assert_eq!(facts.iter().filter(greetings).count(), 1);
    assert!(sockets <= 20, "{sockets}");
    assert!(record.observations.len() <= 500, "{}", record.observations.len());
    assert!(diagnosis.findings.len() <= 40, "{:?}", diagnosis.findings.iter().map(|it| it.code).collect::<Vec<_>>());
}

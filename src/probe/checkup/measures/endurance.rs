//! How long does a UDP flow live that is in use?
//!
//! Firewalls are met that end a flow a while after it began, or after so many packets, however busy it is: a call is cut
//! there, and begins anew as well as before. Two sockets ask one server again and again, side by side, at the paces at which
//! calls keep their pairs alive. A request that is not answered decides only beside a control: a fresh socket asks the same
//! server at the same time, copy beside copy. Where that one is answered and the old one is not, the old flow is dead and
//! neither the server nor the line ([`Tally::is_silence_beside`]). Whether time or packets ended it, the two paces tell.
//!
//! [`Tally::is_silence_beside`]: crate::model::Tally::is_silence_beside

use crate::machine::{Input, Instant, Machine, Output, Rng, SocketId};
use crate::model::{Asked, Fact, Origin, Question, StunFact, Tally};
use crate::probe::client::{BindingClient, Response};
use crate::transaction::Schedule;
use std::net::SocketAddr;
use std::time::Duration;

/// Between two requests of a socket: a consent check's interval (RFC 7675 §5.1), and a keepalive's (RFC 8445 §11).
const PACES: [Duration; 2] = [Duration::from_secs(5), Duration::from_secs(15)];

/// The copies of a request beside its control's, each time.
const COPIES: u32 = 8;

/// The most copies, as for the filtering: enough for a path that loses 40 % of round trips.
const MOST_COPIES: u32 = 32;

/// What to ask.
#[derive(Clone, Copy, Debug)]
pub struct EnduranceConfig {
    /// A server that has answered before.
    pub server: SocketAddr,
    /// The round trip to it, as seen before.
    pub rtt: Duration,
    /// For how long to ask.
    pub longest: Duration,
}

/// What a flow's socket is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FlowStage {
    Opening,
    /// A request is on its way.
    Asking,
    /// The last request was answered, and the next is due at this time.
    Resting(Instant),
    /// A request was not answered, and a fresh socket is being opened for the control, or asks already.
    Doubting,
    Over,
}

struct Flow {
    socket: SocketId,
    pace: Duration,
    stage: FlowStage,
    /// When the first and the last answer came.
    lived: Option<(Instant, Instant)>,
    answers: u32,
    fresh: Option<SocketId>,
    /// The socket's tally when the control began.
    before_control: Tally,
}

/// Keeps flows in use, and watches for their end.
pub struct EnduranceProbe {
    endurance: EnduranceConfig,
    client: BindingClient,
    flows: Vec<Flow>,
    stopped: bool,
}

impl EnduranceProbe {
    /// A probe of this server. It begins with its first input, which must be the interfaces.
    pub fn new(endurance: EnduranceConfig, rng: Rng) -> Self {
        let client = BindingClient::new(Origin { question: Question::Lifetime, uri: None }, rng);
        Self { endurance, client, flows: Vec::new(), stopped: false }
    }

    fn start(&mut self) {
        for pace in PACES {
            let socket = self.client.open(self.endurance.server);
            let (stage, lived, answers, fresh) = (FlowStage::Opening, None, 0, None);
            self.flows.push(Flow { socket, pace, stage, lived, answers, fresh, before_control: Tally::default() });
        }
    }

    fn ask(&mut self, now: Instant, socket: SocketId, schedule: Schedule) {
        self.client.ask(now, socket, self.endurance.server, Asked::Plain, schedule);
    }

    fn handle_response(&mut self, now: Instant, response: Response) {
        let socket = match &response {
            Response::Opened { socket } | Response::NotOpened { socket } | Response::Failed { socket, .. } => *socket,
            Response::Answer(answer) => answer.socket,
        };
        if let Some(index) = self.flows.iter().position(|flow| flow.fresh == Some(socket)) {
            match response {
                Response::Opened { .. } => self.ask_beside_control(now, index),
                Response::NotOpened { .. } => self.flows[index].stage = FlowStage::Over,
                Response::Answer(_) | Response::Failed { .. } => {}
            }
            return;
        }
        let Some(index) = self.flows.iter().position(|flow| flow.socket == socket) else { return };
        match (self.flows[index].stage, response) {
            (FlowStage::Opening, Response::Opened { .. }) => {
                self.flows[index].stage = FlowStage::Asking;
                self.ask(now, socket, Schedule::known(self.endurance.rtt));
            }
            (FlowStage::Asking | FlowStage::Doubting, Response::Answer(_)) => self.count_answer(now, index),
            (FlowStage::Asking, Response::Failed { .. }) if self.flows[index].lived.is_some() => {
                let fresh = self.client.open(self.endurance.server);
                let before_control = self.client.tally_from(socket, Asked::Plain);
                let flow = &mut self.flows[index];
                (flow.stage, flow.fresh, flow.before_control) = (FlowStage::Doubting, Some(fresh), before_control);
            }
            (FlowStage::Doubting, Response::Failed { .. }) => self.weigh_silence(now, index),
            // A flow that was never answered has not lived.
            (_, Response::NotOpened { .. } | Response::Failed { .. }) => self.flows[index].stage = FlowStage::Over,
            (_, Response::Opened { .. } | Response::Answer(_)) => {}
        }
    }

    fn count_answer(&mut self, now: Instant, index: usize) {
        let longest = self.endurance.longest;
        let flow = &mut self.flows[index];
        let began = flow.lived.map_or(now, |(began, _)| began);
        flow.lived = Some((began, now));
        flow.answers += 1;
        flow.stage = FlowStage::Resting(now + flow.pace);
        if let Some(fresh) = flow.fresh.take() {
            self.client.close(fresh);
        }
        if now.since(began) + self.flows[index].pace > longest {
            self.conclude(index, Tally::default(), Tally::default());
        }
    }

    fn ask_beside_control(&mut self, now: Instant, index: usize) {
        let Flow { socket, fresh, .. } = self.flows[index];
        let schedule = Schedule::samples(self.endurance.rtt, COPIES);
        if let Some(fresh) = fresh {
            self.client.ask_control(now, fresh, self.endurance.server, Asked::Plain, schedule);
        }
        self.ask(now, socket, schedule);
    }

    /// Asks on as long as the control's losses leave a doubt.
    fn weigh_silence(&mut self, now: Instant, index: usize) {
        let (copies, control) = self.tallies(index);
        if copies.is_silence_beside(control) || control.answered == 0 || copies.sent >= MOST_COPIES {
            self.conclude(index, copies, control);
        } else {
            self.ask_beside_control(now, index);
        }
    }

    /// The tallies of the old flow since its control began, and of the control.
    fn tallies(&self, index: usize) -> (Tally, Tally) {
        let Flow { socket, fresh, before_control, .. } = self.flows[index];
        let of = |socket| self.client.tally_from(socket, Asked::Plain);
        let since = of(socket).sent.saturating_sub(before_control.sent);
        (Tally { sent: since, answered: 0 }, fresh.map(of).unwrap_or_default())
    }

    fn conclude(&mut self, index: usize, copies: Tally, control: Tally) {
        let flow = &mut self.flows[index];
        flow.stage = FlowStage::Over;
        let (Some(local), Some((began, last))) = (self.client.local(flow.socket), flow.lived) else { return };
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.client.observe(Fact::Stun(StunFact::KeptBusy {
            local,
            server: self.endurance.server,
            every_ms: ms(flow.pace),
            lived_ms: ms(last.since(began)),
            answers: flow.answers,
            copies,
            control,
        }));
    }

    fn ask_what_is_due(&mut self, now: Instant) {
        for index in 0..self.flows.len() {
            if let FlowStage::Resting(due) = self.flows[index].stage
                && due <= now
            {
                self.flows[index].stage = FlowStage::Asking;
                self.ask(now, self.flows[index].socket, Schedule::known(self.endurance.rtt));
            }
        }
    }
}

impl Machine for EnduranceProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Interfaces(_) if self.client.is_unused() => self.start(),
            Input::Stop => self.stopped = true,
            input => {
                for response in self.client.handle(now, input) {
                    self.handle_response(now, response);
                }
                self.ask_what_is_due(now);
            }
        }
    }

    fn poll(&mut self) -> Output {
        let over =
            self.stopped || !self.flows.is_empty() && self.flows.iter().all(|flow| flow.stage == FlowStage::Over);
        let due = self.flows.iter().filter_map(|flow| match flow.stage {
            FlowStage::Resting(due) => Some(due),
            _ => None,
        });
        self.client.poll_until(over, due.min())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::testing::{Bench, DelayedReply, PRIMARY, SentDatagram, rfc5780};
    use std::collections::BTreeMap;

    const RTT: Duration = Duration::from_millis(40);

    /// What ends a flow.
    #[derive(Clone, Copy)]
    enum FlowEnd {
        Never,
        After(Duration),
        AfterPackets(u32),
        /// The server dies at this time.
        Server(Duration),
    }

    /// (pace, lived, answers, whether its end is beyond doubt) of each flow, and how long it took.
    fn run(end: FlowEnd, loss: f64, seed: u64) -> (Vec<(u64, u64, u32, bool)>, Duration) {
        let server = PRIMARY.parse().expect("an address");
        let endurance = EnduranceConfig { server, rtt: RTT, longest: Duration::from_secs(130) };
        let mut probe = EnduranceProbe::new(endurance, Rng::numbered(seed));
        let mut rng = Rng::numbered(seed + 1_000_000);
        let mut flows: BTreeMap<u16, (Instant, u32)> = BTreeMap::new();
        let mut bench = Bench::new(&mut probe);
        let took = bench.run(|now, sent: SentDatagram<'_>| -> Vec<DelayedReply> {
            let (began, packets) = flows.entry(sent.from.port()).or_insert((now, 0));
            *packets += 1;
            let lives = match end {
                FlowEnd::Never => true,
                FlowEnd::After(time) => now.since(*began) < time,
                FlowEnd::AfterPackets(most) => *packets <= most,
                FlowEnd::Server(time) => now.since_start() < time,
            };
            let lost = rng.chance(loss) || rng.chance(loss);
            let answer = rfc5780(&sent, sent.from).filter(|_| lives && !lost);
            answer.map(|(from, answer)| (RTT, from, answer)).into_iter().collect()
        });
        let seen = bench.facts.iter().filter_map(|(_, fact)| match fact {
            Fact::Stun(StunFact::KeptBusy { every_ms, lived_ms, answers, copies, control, .. }) => {
                Some((*every_ms, lived_ms / 1000, *answers, copies.is_silence_beside(*control)))
            }
            _ => None,
        });
        (seen.collect(), took.since_start())
    }

    #[test]
    fn a_flow_that_lives_is_watched_to_the_end_of_the_time_and_no_longer() {
        let (seen, took) = run(FlowEnd::Never, 0.0, 1);
        assert_eq!(seen, [(15_000, 120, 9, false), (5_000, 126, 26, false)]);
        assert!(took < Duration::from_secs(132), "{took:?}");
    }

    #[test]
    fn a_flow_that_time_ends_dies_at_one_time_at_either_pace() {
        let (seen, took) = run(FlowEnd::After(Duration::from_secs(20)), 0.0, 1);
        assert_eq!(seen, [(5_000, 15, 4, true), (15_000, 15, 2, true)]);
        assert!(took < Duration::from_secs(32), "{took:?}");
    }

    #[test]
    fn a_flow_that_packets_end_dies_after_as_many_at_either_pace() {
        let (mut seen, _) = run(FlowEnd::AfterPackets(8), 0.0, 1);
        seen.sort_unstable();
        assert_eq!(seen, [(5_000, 35, 8, true), (15_000, 105, 8, true)]);
    }

    #[test]
    fn a_server_that_dies_ends_no_flow() {
        let (seen, _) = run(FlowEnd::Server(Duration::from_secs(20)), 0.0, 1);
        assert!(seen.iter().all(|(.., is_dead)| !is_dead), "{seen:?}");
    }

    #[test]
    fn loss_never_makes_a_living_flow_look_dead() {
        for loss in [0.05, 0.2, 0.3] {
            for seed in 0..1000 {
                let (seen, _) = run(FlowEnd::Never, loss, seed);
                assert!(seen.iter().all(|(.., is_dead)| !is_dead), "seed {seed}, loss {loss}: {seen:?}");
            }
        }
    }

    #[test]
    fn on_a_lossy_path_a_death_is_beyond_doubt_all_the_same() {
        let dead = |seed: &u64| run(FlowEnd::After(Duration::from_secs(8)), 0.2, *seed).0.iter().all(|seen| seen.3);
        let sure = (0..300).filter(dead).count();
        assert!(sure > 290, "{sure}");
    }
}

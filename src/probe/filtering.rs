//! Whose packets come in? (RFC 5780 §4.4, RFC 4787 §5)
//!
//! Fresh sockets, which nobody but the server's primary address has heard from, ask for answers from its other
//! address and from its other port. An answer decides at once. Silence decides only when it cannot be loss: every
//! socket also asks plainly, copy beside copy, as a control on the same path at the same time (a burst of loss hits
//! both), and as long as the control's losses leave a doubt ([`Tally::is_silence_beside`]) more copies are sent, up to
//! [`MOST_COPIES`]. That the other address is alive at all is the mapping probe's to show.
//!
//! [`Tally::is_silence_beside`]: crate::model::Tally::is_silence_beside

use super::client::{BindingAnswer, BindingClient, Response};
use crate::machine::{Input, Instant, Machine, Output, Rng, SocketId};
use crate::model::{Asked, Origin, Question};
use crate::transaction::Schedule;
use std::net::SocketAddr;
use std::time::Duration;

/// The number of sockets: two, so that one socket's bad luck is not the network's behaviour; not more, for RFC 5780
/// §5's ten transactions a second.
const SOCKETS: usize = 2;

/// The copies of each request from each socket before anything is known of the path's losses: where all eight of the
/// control's are answered, eight that are not are beyond doubt, and six would not be.
const FIRST_COPIES: u32 = 4;

/// The most copies of each request from each socket: enough for a path that loses 40 % of round trips; on a worse one
/// the answer is "unclear".
const MOST_COPIES: u32 = 16;

/// What to ask.
#[derive(Clone, Copy, Debug)]
pub struct FilteringConfig {
    /// A server that has answered and has an OTHER-ADDRESS with another address and port.
    pub server: SocketAddr,
    /// The round trip to it, as seen before.
    pub rtt: Duration,
}

/// Asks for answers from a server's other endpoints.
pub struct FilteringProbe {
    filtering: FilteringConfig,
    client: BindingClient,
    /// How many sockets could not be opened.
    failed: usize,
    address_answered: bool,
    port_answered: bool,
    copies: u32,
    over: bool,
}

impl FilteringProbe {
    /// A probe of this server. It begins with its first input, which must be the interfaces.
    pub fn new(filtering: FilteringConfig, rng: Rng) -> Self {
        let client = BindingClient::new(Origin { question: Question::Filtering, uri: None }, rng);
        Self {
            filtering,
            client,
            failed: 0,
            address_answered: false,
            port_answered: false,
            copies: FIRST_COPIES,
            over: false,
        }
    }

    fn handle_response(&mut self, now: Instant, response: Response) {
        match response {
            Response::Opened { socket } => self.ask_all(now, socket),
            Response::NotOpened { .. } => self.failed += 1,
            Response::Answer(BindingAnswer { asked: Asked::ChangeAddressAndPort, .. }) => self.address_answered = true,
            Response::Answer(BindingAnswer { asked: Asked::ChangePort, .. }) => self.port_answered = true,
            Response::Answer(_) | Response::Failed { .. } => {}
        }
    }

    fn ask_all(&mut self, now: Instant, socket: SocketId) {
        let FilteringConfig { server, rtt } = self.filtering;
        let schedule = Schedule::samples(rtt, FIRST_COPIES);
        self.client.ask_control(now, socket, server, Asked::Plain, schedule);
        for asked in [Asked::ChangeAddressAndPort, Asked::ChangePort] {
            self.client.ask(now, socket, server, asked, schedule);
        }
    }

    /// Whether what is silent so far is silent beyond doubt.
    fn is_settled(&self) -> bool {
        let control = self.client.tally(Asked::Plain);
        let silent = |asked| self.client.tally(asked).is_silence_beside(control);
        self.address_answered
            || silent(Asked::ChangeAddressAndPort) && (self.port_answered || silent(Asked::ChangePort))
    }

    fn conclude(&mut self, now: Instant) {
        self.client.observe_tallies(now);
        self.over = true;
    }
}

impl Machine for FilteringProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Interfaces(_) if self.client.is_unused() => {
                for _ in 0..SOCKETS {
                    self.client.open(self.filtering.server);
                }
            }
            Input::Stop if !self.over => self.conclude(now),
            input => {
                for response in self.client.handle(now, input) {
                    self.handle_response(now, response);
                }
            }
        }
        if self.over {
            return;
        }
        if self.failed == SOCKETS || self.address_answered {
            self.conclude(now);
        } else if self.client.has_asked() && self.client.is_idle() {
            if self.is_settled() || self.copies >= MOST_COPIES {
                self.conclude(now);
            } else {
                self.copies += FIRST_COPIES;
                self.client.extend(now, FIRST_COPIES);
            }
        }
    }

    fn poll(&mut self) -> Output {
        self.client.poll(self.over)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Behaviour, Fact, StunFact, Tally};
    use crate::probe::testing::{Bench, OTHER, PRIMARY, SentDatagram, rfc5780};

    const RTT: Duration = Duration::from_millis(40);

    fn address(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    /// Runs against a filter of this behaviour that loses this share of all round trips: the facts, and how long it
    /// took.
    fn run(filter: Behaviour, loss: f64, seed: u64) -> (Vec<Fact>, Duration) {
        let filtering = FilteringConfig { server: address(PRIMARY), rtt: RTT };
        let mut probe = FilteringProbe::new(filtering, Rng::numbered(seed));
        let mut rng = Rng::numbered(seed + 1_000_000);
        let mut bench = Bench::new(&mut probe);
        let end = bench.run(|_, sent: SentDatagram<'_>| {
            let Some((from, answer)) = rfc5780(&sent, sent.from) else { return Vec::new() };
            let passes = match filter {
                Behaviour::EndpointIndependent => true,
                Behaviour::AddressDependent => from.ip() == sent.to.ip(),
                Behaviour::AddressAndPortDependent => from == sent.to,
            };
            if passes && !rng.chance(loss) { vec![(RTT, from, answer)] } else { Vec::new() }
        });
        (bench.facts.into_iter().map(|(_, fact)| fact).collect(), end.since_start())
    }

    fn tally(facts: &[Fact], wanted: Asked) -> Tally {
        facts.iter().fold(Tally::default(), |sum, fact| match fact {
            Fact::Stun(StunFact::Tallied { asked, tally, .. }) if *asked == wanted => sum.and(*tally),
            _ => sum,
        })
    }

    #[test]
    fn an_open_filter_is_known_after_one_round_trip() {
        let (facts, took) = run(Behaviour::EndpointIndependent, 0.0, 1);
        assert_eq!(took, RTT);
        let answered = |fact: &Fact| matches!(fact, Fact::Stun(StunFact::Answered { asked: Asked::ChangeAddressAndPort, from, .. }) if *from == address(OTHER));
        assert!(facts.iter().any(answered));
    }

    #[test]
    fn on_a_clean_path_silence_is_beyond_doubt_within_six_round_trips_and_a_little() {
        for filter in [Behaviour::AddressDependent, Behaviour::AddressAndPortDependent] {
            let (facts, took) = run(filter, 0.0, 1);
            assert!(took <= RTT * 6 + Duration::from_millis(50), "{took:?}");
            let control = tally(&facts, Asked::Plain);
            assert!(tally(&facts, Asked::ChangeAddressAndPort).is_silence_beside(control));
            let port = tally(&facts, Asked::ChangePort);
            assert_eq!(port.is_silence_beside(control), filter == Behaviour::AddressAndPortDependent);
        }
    }

    #[test]
    fn loss_never_makes_an_open_filter_look_closed() {
        for seed in 0..2000 {
            for loss in [0.05, 0.2, 0.36] {
                let (facts, _) = run(Behaviour::EndpointIndependent, loss, seed);
                let silent = tally(&facts, Asked::ChangeAddressAndPort).is_silence_beside(tally(&facts, Asked::Plain));
                assert!(!silent, "seed {seed}, loss {loss}");
            }
        }
    }

    #[test]
    fn on_a_lossy_path_more_copies_are_sent_until_silence_is_beyond_doubt() {
        let settled = (0..200).filter(|seed| {
            let (facts, _) = run(Behaviour::AddressAndPortDependent, 0.1, *seed);
            tally(&facts, Asked::ChangeAddressAndPort).is_silence_beside(tally(&facts, Asked::Plain))
        });
        assert!(settled.count() > 195);
    }

    #[test]
    fn where_nothing_answers_at_all_it_ends_without_a_claim() {
        let filtering = FilteringConfig { server: address(PRIMARY), rtt: RTT };
        let mut probe = FilteringProbe::new(filtering, Rng::numbered(1));
        let mut bench = Bench::new(&mut probe);
        let took = bench.run(|_, _| Vec::new()).since_start();
        assert!(took < Duration::from_secs(3), "{took:?}");
        let facts: Vec<Fact> = bench.facts.into_iter().map(|(_, fact)| fact).collect();
        assert!(!tally(&facts, Asked::ChangePort).is_silence_beside(tally(&facts, Asked::Plain)));
    }

    #[test]
    fn the_alternate_address_never_hears_from_a_filtering_socket() {
        let filtering = FilteringConfig { server: address(PRIMARY), rtt: RTT };
        let mut probe = FilteringProbe::new(filtering, Rng::numbered(1));
        let mut bench = Bench::new(&mut probe);
        bench.run(|_, _| Vec::new());
        assert!(bench.sent.iter().all(|(_, to, _)| *to == address(PRIMARY)));
    }
}

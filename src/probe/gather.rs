//! Which host and server-reflexive candidates would an ICE agent here offer? (RFC 8445 §5.1.1)
//!
//! One socket an address, as an agent opens them; each asks the servers given. Relayed candidates come from the relay
//! probe's allocations.

use super::client::{BindingClient, Response};
use crate::ice::{Candidates, offered_at_most};
use crate::machine::{Bind, Input, Instant, Machine, Output, Rng};
use crate::model::{Asked, Fact, HostFact, Interface, Limit, Origin, Question, ServerUri};
use crate::transaction::Schedule;
use std::net::{IpAddr, SocketAddr};

/// The most addresses of this machine that are taken as bases. A host with VPNs and containers has some twenty;
/// browsers stop at five networks, and beyond this number pair checks would take minutes.
const MOST_BASES: usize = 64;

/// What to gather from.
#[derive(Clone, Debug)]
pub struct GatherConfig {
    /// The addresses of this machine, best first.
    pub bases: Vec<IpAddr>,
    /// Servers that have answered, with their URIs: each base asks the first of its own family.
    pub servers: Vec<(SocketAddr, ServerUri)>,
}

/// Opens a socket on each address and asks where servers see it.
pub struct GatherProbe {
    gather: GatherConfig,
    client: BindingClient,
    candidates: Candidates,
    pending: usize,
    stopped: bool,
}

impl GatherProbe {
    /// A probe from these addresses. It begins with its first input, which must be the interfaces.
    pub fn new(gather: GatherConfig, rng: Rng) -> Self {
        let client = BindingClient::new(Origin { question: Question::Gather, uri: None }, rng);
        Self { gather, client, candidates: Candidates::default(), pending: 0, stopped: false }
    }

    fn start(&mut self, interfaces: &[Interface]) {
        let ignored = self.gather.bases.len().saturating_sub(MOST_BASES);
        if ignored > 0 {
            let ignored = u32::try_from(ignored).unwrap_or(u32::MAX);
            self.client.observe(Fact::Host(HostFact::Limited { what: Limit::HostAddresses, ignored }));
        }
        let bases = std::mem::take(&mut self.gather.bases);
        self.gather.bases = offered_at_most(interfaces, bases, MOST_BASES);
        self.pending = self.gather.bases.len();
        for base in self.gather.bases.clone() {
            let any_port = SocketAddr::new(base, 0);
            self.client.open_at(any_port, Bind::At(any_port), false);
        }
    }

    fn handle_response(&mut self, now: Instant, response: Response) {
        match response {
            Response::Opened { socket } => {
                self.pending = self.pending.saturating_sub(1);
                let Some(base) = self.client.local(socket) else { return };
                if let Some(candidate) = self.candidates.host(base) {
                    self.client.observe(Fact::Host(HostFact::Candidate(candidate)));
                }
                let server = self.gather.servers.iter().find(|(server, _)| server.is_ipv4() == base.is_ipv4());
                if let Some((server, _)) = server {
                    self.client.ask(
                        now,
                        socket,
                        *server,
                        Asked::Plain,
                        Schedule { sends: 5, ..Schedule::FIRST_CONTACT },
                    );
                }
            }
            Response::NotOpened { .. } => self.pending = self.pending.saturating_sub(1),
            Response::Answer(answer) => {
                let Some(base) = self.client.local(answer.socket) else { return };
                let uri = self.gather.servers.iter().find(|(server, _)| *server == answer.server);
                let uri = uri.map(|(_, uri)| uri.clone());
                if let Some(candidate) = self.candidates.reflexive(base, answer.mapped, answer.server, uri) {
                    self.client.observe(Fact::Host(HostFact::Candidate(candidate)));
                }
            }
            Response::Failed { .. } => {}
        }
    }
}

impl Machine for GatherProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Interfaces(interfaces) if self.client.is_unused() => self.start(&interfaces),
            Input::Stop => self.stopped = true,
            input => {
                for response in self.client.handle(now, input) {
                    self.handle_response(now, response);
                }
            }
        }
    }

    fn poll(&mut self) -> Output {
        let over = self.stopped || self.pending == 0 && self.client.is_idle();
        self.client.poll(over)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Candidate, CandidateType};
    use crate::probe::testing::{Bench, DelayedReply, HOME, PRIMARY, SentDatagram, rfc5780};
    use std::time::Duration;

    fn run(bases: Vec<IpAddr>, mapped: impl Fn(SocketAddr) -> SocketAddr) -> (Vec<Candidate>, Vec<Fact>) {
        let servers = vec![(PRIMARY.parse().expect("an address"), "stun:203.0.113.10".into())];
        let mut probe = GatherProbe::new(GatherConfig { bases, servers }, Rng::numbered(1));
        let mut bench = Bench::new(&mut probe);
        bench.run(|_, sent: SentDatagram<'_>| -> Vec<DelayedReply> {
            let answer = rfc5780(&sent, mapped(sent.from));
            answer.map(|(from, answer)| (Duration::from_millis(40), from, answer)).into_iter().collect()
        });
        let facts: Vec<Fact> = bench.facts.into_iter().map(|(_, fact)| fact).collect();
        let candidates = facts.iter().filter_map(|fact| match fact {
            Fact::Host(HostFact::Candidate(candidate)) => Some(candidate.clone()),
            _ => None,
        });
        (candidates.collect(), facts.clone())
    }

    fn home() -> IpAddr {
        HOME.parse().expect("an address")
    }

    #[test]
    fn behind_a_nat_there_is_a_host_and_a_reflexive_candidate_with_its_base() {
        let (candidates, _) = run(vec![home()], |_| "198.51.100.1:5000".parse().expect("an address"));
        let [host, reflexive] = &candidates[..] else { panic!("{candidates:?}") };
        assert_eq!((host.kind, reflexive.kind), (CandidateType::Host, CandidateType::Srflx));
        assert_eq!(reflexive.related, Some(SocketAddr::new(host.address, host.port)));
        assert_eq!(reflexive.server.as_ref().map(ServerUri::as_str), Some("stun:203.0.113.10"));
    }

    #[test]
    fn behind_no_nat_the_reflexive_candidate_is_the_host_candidate_again_and_left_out() {
        assert_eq!(run(vec![home()], |from| from).0.len(), 1);
    }

    #[test]
    fn of_five_thousand_addresses_as_many_are_taken_as_pair_checks_can_use_and_the_rest_is_told() {
        let (candidates, facts) = run(vec![home(); 5000], |from| from);
        assert_eq!(candidates.len(), MOST_BASES);
        assert!(facts.iter().any(|fact| matches!(fact, Fact::Host(HostFact::Limited { ignored: 4936, .. }))));
    }
}

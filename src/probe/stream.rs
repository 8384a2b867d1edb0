//! Does this server answer over TCP or TLS, and from where does it see us? (RFC 8489 §6.2.2, §6.2.3)

use super::client::mapped_fact;
use crate::machine::{Input, Instant, Machine, Open, Output, Rng, SocketId, Wake};
use crate::model::{
    Anomaly, Asked, Fact, Malformed, Method, Millis, Origin, Question, StreamFact, StunFact, Target, Transport,
};
use crate::transaction::{Due, Schedule, Transaction};
use crate::wire::{self, Class, Frames, Message, TransactionId};
use std::collections::VecDeque;
use std::net::SocketAddr;

const SOCKET: SocketId = SocketId(0);

/// A probe with one connection and one request.
pub struct StreamProbe {
    target: Target,
    server: SocketAddr,
    insecure: bool,
    rng: Rng,
    opened_at: Instant,
    local: Option<SocketAddr>,
    request: Option<Transaction>,
    frames: Frames,
    out: VecDeque<Output>,
    over: bool,
}

impl StreamProbe {
    /// Asks this address of the target over a stream; `insecure` goes on in spite of a certificate that does not hold.
    pub fn new(target: Target, server: SocketAddr, insecure: bool, rng: Rng) -> Self {
        Self {
            target,
            server,
            insecure,
            rng,
            opened_at: Instant::START,
            local: None,
            request: None,
            frames: Frames::default(),
            out: VecDeque::new(),
            over: false,
        }
    }

    fn observe(&mut self, fact: Fact) {
        let by = Origin { question: Question::Binding, uri: Some((&self.target).into()) };
        self.out.push_back(Output::Observe { by, fact });
    }

    fn conclude(&mut self, fact: Fact) {
        self.observe(fact);
        self.over = true;
    }

    fn open(&mut self, now: Instant) {
        self.opened_at = now;
        let (to, insecure) = (self.server, self.insecure);
        let open = match self.target.transport {
            Transport::Tls => Open::Tls { to, server_name: self.target.host.clone(), insecure },
            Transport::Tcp | Transport::Udp | Transport::Dtls => Open::Tcp { to },
        };
        self.out.push_back(Output::Open { socket: SOCKET, open });
    }

    fn ask(&mut self, now: Instant) {
        let request = wire::Builder::request(wire::StunMethod::Binding, TransactionId(self.rng.bytes()));
        let mut request = Transaction::new(request.id(), request.finish(), Schedule::STREAM);
        if request.due(now) == Due::Send {
            let data = request.bytes().to_vec();
            self.out.push_back(Output::Send { socket: SOCKET, to: self.server, data });
        }
        self.request = Some(request);
    }

    fn received(&mut self, now: Instant, local: SocketAddr, data: &[u8]) {
        self.frames.push(data);
        loop {
            match self.frames.next_frame() {
                Ok(Some(frame)) => match Message::read(&frame) {
                    Ok(message) => self.answered(now, local, &message),
                    Err(problem) => self.malformed(local, problem),
                },
                Ok(None) => return,
                Err(junk) => {
                    self.malformed(local, junk.into());
                    self.over = true;
                }
            }
            if self.over {
                return;
            }
        }
    }

    fn malformed(&mut self, local: SocketAddr, problem: Malformed) {
        let (transport, server) = (self.target.transport, self.server);
        let anomaly = Anomaly::Malformed { problem };
        self.observe(Fact::Stun(StunFact::Anomalous { transport, local, server, anomaly }));
    }

    fn answered(&mut self, now: Instant, local: SocketAddr, message: &Message) {
        let Some(request) = self.request.as_ref().filter(|request| request.id() == message.id) else { return };
        let (transport, server) = (self.target.transport, self.server);
        match message.class {
            Class::Success => match message.xor_mapped().or(message.mapped()) {
                Some(mapped) => {
                    let rtt = request.rtt(now);
                    self.conclude(mapped_fact(message, transport, local, server, mapped, rtt, 1));
                }
                None => {
                    self.malformed(local, Malformed::NoMappedAddress);
                    self.over = true;
                }
            },
            Class::Error => {
                let error = message.error();
                self.conclude(Fact::Stun(StunFact::Refused {
                    method: Method::Binding,
                    asked: Asked::Plain,
                    transport,
                    local,
                    server,
                    code: error.as_ref().map_or(0, |error| error.code),
                    reason: error.map(|error| error.reason).unwrap_or_default(),
                    alternate: message.alternate_server(),
                }));
            }
            Class::Request | Class::Indication => {}
        }
    }

    fn fall_silent(&mut self, now: Instant) {
        let (Some(local), Some(request)) = (self.local, &mut self.request) else { return };
        if request.due(now) == Due::Silent {
            let (sent, waited_ms) = (request.sent(), Millis::from(request.waited(now)));
            self.conclude(Fact::Stun(StunFact::Silent {
                method: Method::Binding,
                asked: Asked::Plain,
                transport: self.target.transport,
                local,
                server: self.server,
                sent,
                waited_ms,
            }));
        }
    }
}

impl Machine for StreamProbe {
    fn handle(&mut self, now: Instant, input: Input) {
        let (transport, remote) = (self.target.transport, self.server);
        let took_ms = Millis::from(now.since(self.opened_at));
        match input {
            _ if self.over => {}
            Input::Interfaces(_) if self.request.is_none() && self.opened_at == Instant::START => self.open(now),
            Input::Opened { local, tls, .. } => {
                self.local = Some(local);
                self.observe(match tls {
                    Some(tls) => Fact::Stream(StreamFact::Secured { remote, tls, took_ms }),
                    None => Fact::Stream(StreamFact::Connected { remote, local, took_ms }),
                });
                self.ask(now);
            }
            Input::Failed { failure, tls, .. } => {
                self.conclude(Fact::Stream(StreamFact::NotConnected { transport, remote, failure, tls, took_ms }));
            }
            Input::Ended { .. } => {
                let buffered_bytes = u32::try_from(self.frames.buffered()).unwrap_or(u32::MAX);
                self.conclude(Fact::Stream(StreamFact::Ended { transport, remote, buffered_bytes }));
            }
            Input::Received { data, .. } => {
                if let Some(local) = self.local {
                    self.received(now, local, &data);
                }
            }
            Input::Woken => self.fall_silent(now),
            Input::Stop => self.over = true,
            _ => {}
        }
    }

    fn poll(&mut self) -> Output {
        if let Some(output) = self.out.pop_front() {
            return output;
        }
        Output::Wait(match &self.request {
            _ if self.over => Wake::Finished,
            Some(request) => Wake::At(request.next()),
            None => Wake::OnInput,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Failure;
    use crate::probe::testing::{Bench, DelayedReply, SentDatagram};
    use crate::wire::Builder;
    use std::time::Duration;

    const RTT: Duration = Duration::from_millis(40);

    fn server() -> SocketAddr {
        "203.0.113.10:3478".parse().expect("an address")
    }

    /// The facts of a run in which `answer` gives the bytes that come back on the stream.
    fn run(reachable: bool, answer: impl Fn(&SentDatagram<'_>) -> Vec<Vec<u8>>) -> Vec<Fact> {
        let target: Target = "stun:203.0.113.10?transport=tcp".parse().expect("a URI");
        let mut probe = StreamProbe::new(target, server(), false, Rng::numbered(1));
        let mut bench = Bench::new(&mut probe);
        if reachable {
            bench.streams.push(server());
        }
        bench.run(|_, sent| -> Vec<DelayedReply> {
            answer(&sent).into_iter().map(|bytes| (RTT, sent.to, bytes)).collect()
        });
        bench.facts.into_iter().map(|(_, fact)| fact).collect()
    }

    fn success(sent: &SentDatagram<'_>) -> Vec<u8> {
        let request = Message::read(sent.data).expect("a request");
        Builder::answer(&request, Class::Success).xor_mapped(sent.from).finish()
    }

    #[test]
    fn an_answer_in_pieces_is_put_together() {
        let facts = run(true, |sent| success(sent).chunks(7).map(<[u8]>::to_vec).collect());
        assert!(
            matches!(
                facts[..],
                [
                    Fact::Stream(StreamFact::Connected { .. }),
                    Fact::Stun(StunFact::Mapped { transport: Transport::Tcp, .. })
                ]
            ),
            "{facts:?}"
        );
    }

    #[test]
    fn a_refused_connection_is_told_as_such() {
        let facts = run(false, |_| Vec::new());
        assert!(
            matches!(facts[..], [Fact::Stream(StreamFact::NotConnected { failure: Failure::Refused, .. })]),
            "{facts:?}"
        );
    }

    #[test]
    fn a_server_of_another_protocol_is_told_by_its_first_bytes() {
        let facts = run(true, |_| vec![b"HTTP/1.1 400 Bad Request\r\n".to_vec()]);
        let [
            Fact::Stream(StreamFact::Connected { .. }),
            Fact::Stun(StunFact::Anomalous { anomaly: Anomaly::Malformed { problem }, .. }),
        ] = &facts[..]
        else {
            panic!("{facts:?}")
        };
        assert!(problem.to_string().contains("HTTP/1.1"), "{problem:?}");
    }

    #[test]
    fn a_server_that_says_nothing_is_silent_after_five_seconds() {
        let facts = run(true, |_| Vec::new());
        assert!(
            matches!(
                facts[..],
                [Fact::Stream(StreamFact::Connected { .. }), Fact::Stun(StunFact::Silent { sent: 1, .. })]
            ),
            "{facts:?}"
        );
    }

    #[test]
    fn a_stream_that_ends_in_the_middle_of_a_message_says_how_much_had_come() {
        let target: Target = "stun:203.0.113.10?transport=tcp".parse().expect("a URI");
        let mut probe = StreamProbe::new(target, server(), false, Rng::numbered(1));
        let mut bench = Bench::new(&mut probe);
        bench.streams.push(server());
        bench.bring_at(200, Input::Ended { socket: SOCKET });
        bench.run(|_, sent| -> Vec<DelayedReply> { vec![(RTT, sent.to, success(&sent)[..12].to_vec())] });
        assert!(
            bench
                .facts
                .iter()
                .any(|(_, fact)| matches!(fact, Fact::Stream(StreamFact::Ended { buffered_bytes: 12, .. })))
        );
    }

    #[test]
    fn four_gigabytes_of_junk_are_not_read_to_the_end() {
        let facts = run(true, |_| vec![vec![0xff; 65_536]; 100]);
        assert_eq!(facts.len(), 2, "one connection, one oddity");
    }
}

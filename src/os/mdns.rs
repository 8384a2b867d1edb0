//! Names below `.local`: resolves them, and answers for our own while the run lasts (RFC 6762; for ICE
//! draft-ietf-mmusic-mdns-ice-candidates).
//!
//! One task serves a whole run. It starts with the first name and holds a socket on each link. Names are not probed for
//! (RFC 6762 §8.1): the name of a candidate is random, so nobody else has it (§3.1.1 of the draft). The port is shared,
//! so the host's own responder is not disturbed.

mod messages;
mod multicast;

use super::clock::Clock;
use super::interfaces;
use super::task::Task;
use crate::machine::{DnsAnswer, Instant};
use crate::model::{DnsFailure, DnsKind, DnsRecord, FailureMessage};
use hickory_resolver::proto::op::Message;
use hickory_resolver::proto::rr::Name;
use multicast::{MulticastLink, MulticastPacket, PORT};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// When a query is sent, counted from its start: Wi-Fi does not retransmit multicast, so it is lost often.
const SEND_AT: [Duration; 3] = [Duration::ZERO, Duration::from_millis(250), Duration::from_millis(750)];
/// When a query is given up: responders answer within 120 ms (RFC 6762 §6), and the last copy has six times that.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// RFC 6762 §8.3: at least two announcements, a second apart.
const ANNOUNCE_AGAIN: Duration = Duration::from_secs(1);

/// The most pending queries: both address types of 100 candidates, and some.
const ASKED_MAX: usize = 256;
/// The most published names; there are at most so many host candidates.
const PUBLISHED_MAX: usize = 64;
/// The most responses in a second. A peer that asks for 64 names, 16 in a message, needs 4; more would be a flood.
const ANSWERS_PER_SECOND: u32 = 50;

enum MdnsRequest {
    Ask { name: String, kind: DnsKind, answer: oneshot::Sender<DnsAnswer> },
    Publish { name: String, address: IpAddr },
}

/// Whether a name is resolved on the local link (RFC 6762 §3).
pub(super) fn is_local(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.rsplit_once('.').is_some_and(|(_, last)| last.eq_ignore_ascii_case("local"))
}

/// The handle to the task, which ends when this is dropped.
pub(super) struct Mdns {
    requests: mpsc::Sender<MdnsRequest>,
    _work: Task,
}

impl Mdns {
    pub(crate) fn start(clock: Clock) -> Self {
        let (requests, incoming) = mpsc::channel(ASKED_MAX + PUBLISHED_MAX);
        Self { requests, _work: Task::spawn(work(clock, incoming)) }
    }

    /// Resolves a name; [`DnsFailure::TimedOut`] where nobody on the link has it.
    pub(crate) fn ask(&self, name: String, kind: DnsKind) -> impl Future<Output = DnsAnswer> + Send + 'static {
        let (answer, answered) = oneshot::channel();
        let asked = self.requests.try_send(MdnsRequest::Ask { name, kind, answer });
        async move {
            match asked {
                Ok(()) => answered.await.unwrap_or(Err(DnsFailure::TimedOut)),
                Err(_) => Err(too_many()),
            }
        }
    }

    /// Answers queries for the name with the address from now on. Beyond 64 names it does nothing.
    pub(crate) fn publish(&self, name: String, address: IpAddr) {
        // A full queue means that the limit is exceeded as well.
        let _ = self.requests.try_send(MdnsRequest::Publish { name, address });
    }
}

fn too_many() -> DnsFailure {
    DnsFailure::Other { message: FailureMessage::TooManyNames }
}

async fn work(clock: Clock, mut requests: mpsc::Receiver<MdnsRequest>) {
    let (interfaces, _) = interfaces::list_aside().await;
    let (links, mut packets) = multicast::open(&interfaces);
    let mut responder = Responder {
        clock,
        links,
        asked: Vec::new(),
        published: Vec::new(),
        announce_at: None,
        answered: (clock.now(), 0),
    };
    loop {
        let due = responder.due();
        tokio::select! {
            request = requests.recv() => match request {
                Some(MdnsRequest::Ask { name, kind, answer }) => responder.ask(&name, kind, answer),
                Some(MdnsRequest::Publish { name, address }) => responder.publish(&name, address),
                None => return,
            },
            Some(packet) = packets.recv() => responder.handle_packet(&packet),
            () = clock.reach(due) => {}
        }
        responder.do_what_is_due();
    }
}

struct PendingQuery {
    name: Name,
    kind: DnsKind,
    since: Instant,
    sent: usize,
    answer: oneshot::Sender<DnsAnswer>,
}

impl PendingQuery {
    /// When it is sent again or given up.
    fn due(&self) -> Instant {
        self.since + SEND_AT.get(self.sent).copied().unwrap_or(PATIENCE)
    }
}

struct Responder {
    clock: Clock,
    links: Vec<MulticastLink>,
    asked: Vec<PendingQuery>,
    published: Vec<(Name, IpAddr)>,
    announce_at: Option<Instant>,
    /// The start of the current second, and how many responses were sent in it.
    answered: (Instant, u32),
}

impl Responder {
    fn due(&self) -> Option<Instant> {
        self.asked.iter().map(PendingQuery::due).chain(self.announce_at).min()
    }

    fn ask(&mut self, name: &str, kind: DnsKind, answer: oneshot::Sender<DnsAnswer>) {
        let refusal = match messages::name(name) {
            None => Err(DnsFailure::NoSuchName),
            Some(_) if kind == DnsKind::Srv => Err(DnsFailure::NoData),
            Some(_) if self.asked.len() >= ASKED_MAX => Err(too_many()),
            Some(name) => {
                let since = self.clock.now();
                return self.asked.push(PendingQuery { name, kind, since, sent: 0, answer });
            }
        };
        // The receiver may have been dropped.
        let _ = answer.send(refusal);
    }

    fn publish(&mut self, name: &str, address: IpAddr) {
        let Some(name) = messages::name(name) else { return };
        if self.published.len() >= PUBLISHED_MAX || self.published.contains(&(name.clone(), address)) {
            return;
        }
        self.published.push((name.clone(), address));
        self.announce(&[(name, address)]);
        self.announce_at = Some(self.clock.now() + ANNOUNCE_AGAIN);
    }

    fn announce(&self, names: &[(Name, IpAddr)]) {
        for link in &self.links {
            let own: Vec<_> = names.iter().filter(|(_, address)| link.has(*address)).cloned().collect();
            for message in messages::announcements(&own) {
                link.send(&message, None);
            }
        }
    }

    fn do_what_is_due(&mut self) {
        let now = self.clock.now();
        if self.announce_at.is_some_and(|at| at <= now) {
            self.announce_at = None;
            self.announce(&self.published);
        }
        self.asked.retain(|asked| !asked.answer.is_closed());
        for asked in self.asked.extract_if(.., |asked| asked.since + PATIENCE <= now) {
            let _ = asked.answer.send(Err(DnsFailure::TimedOut));
        }
        let due = self.asked.iter_mut().filter(|asked| asked.sent < SEND_AT.len() && asked.due() <= now);
        let questions: Vec<(Name, DnsKind)> = due
            .map(|asked| {
                asked.sent += 1;
                (asked.name.clone(), asked.kind)
            })
            .collect();
        for message in messages::questions(&questions) {
            for link in &self.links {
                link.send(&message, None);
            }
        }
    }

    fn handle_packet(&mut self, MulticastPacket { link, from, data }: &MulticastPacket) {
        let Some(on) = self.links.get(*link).filter(|on| on.is_near(from.ip())) else { return };
        let Ok(message) = Message::from_vec(data) else { return };
        if messages::is_question(&message) {
            let own: Vec<_> = self.published.iter().filter(|(_, address)| on.has(*address)).cloned().collect();
            self.reply(*link, *from, &message, &own);
        } else if from.port() == PORT {
            self.handle_response(&messages::answers(&message));
        }
    }

    fn reply(&mut self, link: usize, from: SocketAddr, question: &Message, own: &[(Name, IpAddr)]) {
        // A legacy unicast query is answered to its source, any other by multicast (RFC 6762 §6.7, §6).
        let to = Some(from).filter(|from| from.port() != PORT);
        let Some(reply) = messages::reply(question, own, to.is_some()) else { return };
        let now = self.clock.now();
        if now.since(self.answered.0) >= Duration::from_secs(1) {
            self.answered = (now, 0);
        }
        self.answered.1 = self.answered.1.saturating_add(1);
        if self.answered.1 <= ANSWERS_PER_SECOND
            && let Some(link) = self.links.get(link)
        {
            link.send(&reply, to);
        }
    }

    fn handle_response(&mut self, addresses: &[(Name, IpAddr)]) {
        let of = |asked: &PendingQuery| -> Vec<DnsRecord> {
            let fits = |address: &IpAddr| address.is_ipv4() == (asked.kind == DnsKind::A);
            let found = addresses.iter().filter(|(name, address)| *name == asked.name && fits(address));
            found.map(|(_, address)| DnsRecord::Address(*address)).collect()
        };
        for asked in self.asked.extract_if(.., |asked| !of(asked).is_empty()) {
            let found = of(&asked);
            let _ = asked.answer.send(Ok(found));
        }
    }
}

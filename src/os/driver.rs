//! The driver: gives one machine its inputs, from sockets and clock, in a defined order.
//!
//! In each turn the machine is polled until it waits, and every effect that it asks for is started. Then follows, in
//! this order of priority, the user's stop, an arrival, or the machine's own wake. Arrivals and wakes are handled in
//! the order of their times: a response that arrived before a deadline is handled before it, however late the driver
//! gets to it, and a flood delays no deadline. If the whole process was suspended past a deadline, the arrival times of
//! what the kernel has buffered meanwhile are unknown. That is handled first, so that a busy host is not taken for a
//! network that loses packets.

use super::clock::{Clock, within};
use super::inbox::{Arrival, Event, Inbox};
use super::mdns::{self, Mdns};
use super::pump::Pump;
use super::resources::Resources;
use super::route::StreamRoute;
use super::signalling::channel::SignallingChannel;
use super::task::Task;
use super::udp::UdpEndpoint;
use super::{counters, dns, interfaces, listen, route, tls};
use crate::machine::{Input, Instant, Machine, Open, Output, QueryId, Signalled, SocketId, Wake};
use crate::model::{DnsKind, Fact, Failure, HostFact, Limit, Origin, Question};
use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// How long a finished run waits for its streams to send their last bytes.
const DRAIN_LIMIT: Duration = Duration::from_secs(1);

/// A wake that is later than this was delayed by the host: timers are exact to a millisecond, and a turn takes less
/// than one.
const HELD_UP: Duration = Duration::from_millis(5);

/// What was done this late makes a difference: an agent waits 400 ms for direct candidate pairs before it takes a relay.
const WORTH_TELLING: Duration = Duration::from_millis(250);

/// How often the tasks of the sockets may run before a delayed wake: once for the reactor to poll the kernel, once to
/// read, and once to spare.
const TURNS: usize = 3;

/// The most open streams. Further incoming ones are closed, so that nobody can exhaust the file descriptors.
const MAX_STREAMS: usize = 256;

enum OpenSocket {
    /// Connecting or listening; the task ends with the socket.
    Working {
        _work: Task,
    },
    Udp(UdpEndpoint),
    Stream(Pump),
}

pub(super) struct Driver<'a, M: ?Sized, O> {
    resources: &'a Resources,
    machine: &'a mut M,
    observe: O,
    clock: Clock,
    now: Instant,
    inbox: Inbox,
    channel: Option<SignallingChannel>,
    sockets: HashMap<SocketId, OpenSocket>,
    queries: HashMap<QueryId, Task>,
    /// Started for the first name below `.local`.
    mdns: Option<Mdns>,
    /// Inputs that are known already, to be given once the machine waits.
    answers: VecDeque<Input>,
    /// Closed streams that still have bytes to send.
    leaving: Vec<Task>,
    /// The number of the next accepted stream.
    next_accepted: u32,
    /// Wakes that the host has delayed, and by how much at most.
    held_up: (u32, Duration),
}

impl<'a, M: Machine + ?Sized, O: FnMut(Instant, Origin, Fact)> Driver<'a, M, O> {
    pub(crate) fn new(
        resources: &'a Resources,
        machine: &'a mut M,
        inbox: Inbox,
        channel: Option<SignallingChannel>,
        observe: O,
    ) -> Self {
        Self {
            resources,
            machine,
            observe,
            clock: inbox.clock(),
            now: Instant::START,
            inbox,
            channel,
            sockets: HashMap::new(),
            queries: HashMap::new(),
            mdns: None,
            answers: VecDeque::new(),
            leaving: Vec::new(),
            next_accepted: u32::MAX,
            held_up: (0, Duration::ZERO),
        }
    }

    pub(crate) async fn drive(mut self, mut arrivals: mpsc::Receiver<Arrival>, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let mut stopped = false;
        let (known, ignored) = interfaces::list_aside().await;
        self.note_limit(Limit::Interfaces, ignored);
        let _watch = Task::spawn(interfaces::watch(known.clone(), self.inbox.clone(), self.resources.moves.clone()));
        self.give_input(self.clock.now(), Input::Interfaces(known));
        loop {
            let wake = match self.settle() {
                Wake::Finished => break,
                Wake::At(at) => Some(at),
                Wake::OnInput => None,
            };
            tokio::select! {
                biased;
                () = &mut stop, if !stopped => {
                    stopped = true;
                    self.give_input(self.clock.now(), Input::Stop);
                }
                notice = notice(&mut self.channel) => self.signalled(notice),
                Some(arrival) = arrivals.recv() => {
                    let overdue = wake.filter(|at| *at < arrival.at);
                    let held_up = overdue.is_some_and(|at| self.is_held_up(at));
                    if let Some(at) = overdue.filter(|_| !held_up) {
                        self.give_input(at, Input::Woken);
                        if self.settle() == Wake::Finished {
                            break;
                        }
                    }
                    self.receive(arrival);
                    if held_up {
                        self.catch_up(&mut arrivals).await;
                    }
                }
                () = self.clock.reach(wake) => {
                    if wake.is_some_and(|at| self.is_held_up(at)) {
                        self.catch_up(&mut arrivals).await;
                    } else {
                        self.give_input(self.clock.now(), Input::Woken);
                    }
                }
            }
        }
        self.note_limit(Limit::Datagrams, usize::try_from(self.inbox.dropped()).unwrap_or(usize::MAX));
        self.note_delays();
        // Tasks that still have an arrival are not left blocked on the full queue.
        drop(arrivals);
        self.shut_down().await;
    }

    /// A channel whose transport is gone is closed.
    fn signalled(&mut self, notice: Option<Signalled>) {
        let signalled = notice.unwrap_or_else(|| {
            self.channel = None;
            Signalled::Closed
        });
        self.give_input(self.clock.now(), Input::Signalled(signalled));
    }

    fn is_held_up(&mut self, wake: Instant) -> bool {
        let delay = self.clock.now().since(wake);
        let is_held_up = delay > HELD_UP;
        if is_held_up {
            self.held_up = (self.held_up.0.saturating_add(1), self.held_up.1.max(delay));
        }
        is_held_up
    }

    /// Handles what the kernel has buffered, as much as the inbox holds, and then wakes the machine.
    async fn catch_up(&mut self, arrivals: &mut mpsc::Receiver<Arrival>) {
        for _ in 0..TURNS {
            tokio::task::yield_now().await;
        }
        for _ in 0..arrivals.len() {
            let Ok(arrival) = arrivals.try_recv() else { break };
            self.receive(arrival);
            self.settle();
        }
        if let Wake::At(at) = self.settle()
            && at <= self.clock.now()
        {
            self.give_input(self.clock.now(), Input::Woken);
        }
    }

    fn streams(&self) -> usize {
        self.sockets.values().filter(|socket| matches!(socket, OpenSocket::Stream(_))).count()
    }

    /// Polls the machine until it waits and no known input is left.
    fn settle(&mut self) -> Wake {
        loop {
            match self.machine.poll() {
                Output::Wait(Wake::Finished) => return Wake::Finished,
                Output::Wait(wake) => match self.answers.pop_front() {
                    Some(answer) => self.give_input(self.clock.now(), answer),
                    None => return wake,
                },
                output => self.perform(output),
            }
        }
    }

    /// Time never goes back, even if an arrival is older than the last wake.
    fn give_input(&mut self, at: Instant, input: Input) {
        self.now = self.now.max(at);
        self.machine.handle(self.now, input);
    }

    fn receive(&mut self, Arrival { at, event, .. }: Arrival) {
        let input = match event {
            Event::Input(input) => input,
            Event::Connected { socket, stream, local, remote, tls } => {
                // The machine has closed the socket while it was connecting.
                let Some(state) = self.sockets.get_mut(&socket) else { return };
                *state = OpenSocket::Stream(Pump::start(socket, remote, stream, self.inbox.clone()));
                Input::Opened { socket, local, tls }
            }
            Event::Accepted { listener, stream, local, remote } => {
                if !self.sockets.contains_key(&listener) || self.streams() >= MAX_STREAMS {
                    return;
                }
                let socket = SocketId(self.next_accepted);
                self.next_accepted = self.next_accepted.wrapping_sub(1);
                self.sockets
                    .insert(socket, OpenSocket::Stream(Pump::start(socket, remote, stream, self.inbox.clone())));
                Input::Accepted { listener, socket, local, remote }
            }
        };
        if self.is_stale(&input) {
            return;
        }
        self.give_input(at, input);
    }

    /// True where the socket or query of `input` is closed already. A final input closes it.
    fn is_stale(&mut self, input: &Input) -> bool {
        match input {
            Input::Received { socket, .. } | Input::Unreachable { socket, .. } | Input::Opened { socket, .. } => {
                !self.sockets.contains_key(socket)
            }
            Input::Failed { socket, .. } | Input::Ended { socket } => self.sockets.remove(socket).is_none(),
            Input::Resolved { query, .. } => self.queries.remove(query).is_none(),
            Input::Accepted { listener, .. } => !self.sockets.contains_key(listener),
            Input::Interfaces(_) | Input::Counted { .. } | Input::Woken | Input::Signalled(_) | Input::Stop => false,
        }
    }

    fn perform(&mut self, output: Output) {
        match output {
            Output::Open { socket, open } => self.open(socket, open),
            Output::Close { socket } => self.close(socket),
            Output::Send { socket, to, data } => self.send(socket, to, data),
            Output::SendHops { socket, to, data, hops } => {
                if let Some(OpenSocket::Udp(udp)) = self.sockets.get(&socket) {
                    self.answers.extend(udp.send_hops(to, &data, hops));
                }
            }
            Output::Resolve { query, name, kind } => self.resolve(query, name, kind),
            Output::Count { query, family } => {
                self.answers.push_back(Input::Counted { query, counters: counters::ip_counters(family) });
            }
            // A message that finds the queue full is dropped: the transport is about to report that it is lost.
            Output::Signal { message } => drop(self.channel.as_ref().map(|channel| channel.outgoing.try_send(message))),
            Output::Publish { name, address } => self.mdns().publish(name, address),
            Output::Observe { by, fact } => (self.observe)(self.now, by, fact),
            Output::Wait(_) => {}
        }
    }

    fn resolve(&mut self, query: QueryId, name: String, kind: DnsKind) {
        let inbox = self.inbox.clone();
        let task = if mdns::is_local(&name) {
            let asked = self.mdns().ask(name, kind);
            Task::spawn(async move { inbox.put(Input::Resolved { query, answer: asked.await }).await })
        } else {
            Task::spawn(dns::resolve(query, name, kind, self.resources.name_servers.clone(), inbox))
        };
        self.queries.insert(query, task);
    }

    fn mdns(&mut self) -> &Mdns {
        let clock = self.clock;
        self.mdns.get_or_insert_with(|| Mdns::start(clock))
    }

    fn open(&mut self, socket: SocketId, open: Open) {
        let opened = match open {
            Open::Udp { bind, dont_fragment } => {
                match UdpEndpoint::open(socket, bind, dont_fragment, self.inbox.clone()) {
                    Ok((udp, local)) => {
                        self.answers.push_back(Input::Opened { socket, local, tls: None });
                        OpenSocket::Udp(udp)
                    }
                    Err(failure) => return self.answers.push_back(Input::Failed { socket, failure, tls: None }),
                }
            }
            Open::Tcp { to } => self.connect(socket, StreamRoute::Straight(to), None),
            Open::Tls { to, server_name, insecure } => {
                self.connect(socket, StreamRoute::Straight(to), Some((server_name, insecure)))
            }
            Open::Proxied { proxy, host, port, secure, insecure } => {
                let tls = secure.then(|| (host.clone(), insecure));
                self.connect(socket, StreamRoute::Through(proxy, host, port), tls)
            }
            Open::Listen { at, secure } => match self.listen(socket, at, secure) {
                Ok((work, local)) => {
                    self.answers.push_back(Input::Opened { socket, local, tls: None });
                    OpenSocket::Working { _work: work }
                }
                Err(failure) => return self.answers.push_back(Input::Failed { socket, failure, tls: None }),
            },
        };
        self.sockets.insert(socket, opened);
    }

    /// Begins a connection, with TLS where a server's name stands there, and whether any certificate will do.
    fn connect(&self, socket: SocketId, to: StreamRoute, tls: Option<(String, bool)>) -> OpenSocket {
        let (inbox, limit) = (self.inbox.clone(), self.resources.connect_limit);
        let trust = Arc::clone(&self.resources.trust);
        let work = match tls {
            None => Task::spawn(route::open(socket, to, limit, inbox)),
            Some((name, insecure)) => {
                let demand = if insecure { tls::Demand::Any } else { tls::Demand::Trusted };
                Task::spawn(tls::open(socket, tls::TlsServer { to, name, demand }, trust, limit, inbox))
            }
        };
        OpenSocket::Working { _work: work }
    }

    fn listen(&self, socket: SocketId, at: SocketAddr, secure: bool) -> Result<(Task, SocketAddr), Failure> {
        let tls = self.resources.acceptor(secure)?;
        listen::open(socket, at, tls, self.resources.connect_limit, self.inbox.clone())
    }

    fn close(&mut self, socket: SocketId) {
        self.leaving.retain(|task| !task.is_over());
        if let Some(OpenSocket::Stream(pump)) = self.sockets.remove(&socket) {
            self.leaving.push(pump.finish());
        }
        self.answers.retain(|answer| !is_about(answer, socket));
    }

    fn send(&mut self, socket: SocketId, to: SocketAddr, data: Vec<u8>) {
        match self.sockets.get(&socket) {
            Some(OpenSocket::Udp(udp)) => self.answers.extend(udp.send(to, &data)),
            Some(OpenSocket::Stream(pump)) => {
                if let Err(failure) = pump.send(data) {
                    self.sockets.remove(&socket);
                    self.answers.push_back(Input::Failed { socket, failure, tls: None });
                }
            }
            // The socket is closed or not open yet; the machine is told of either by another input.
            Some(OpenSocket::Working { .. }) | None => {}
        }
    }

    fn note(&mut self, fact: HostFact) {
        let by = Origin { question: Question::Host, uri: None };
        (self.observe)(self.clock.now().max(self.now), by, Fact::Host(fact));
    }

    fn note_limit(&mut self, what: Limit, ignored: usize) {
        if ignored > 0 {
            self.note(HostFact::Limited { what, ignored: u32::try_from(ignored).unwrap_or(u32::MAX) });
        }
    }

    fn note_delays(&mut self) {
        let (times, longest) = self.held_up;
        if longest >= WORTH_TELLING {
            self.note(HostFact::HeldUp { times, longest_ms: longest.into() });
        }
    }

    /// Lets open streams send what was written before the end.
    async fn shut_down(mut self) {
        let streams = self.sockets.drain().filter_map(|(_, socket)| match socket {
            OpenSocket::Stream(pump) => Some(pump.finish()),
            OpenSocket::Working { .. } | OpenSocket::Udp(_) => None,
        });
        self.leaving.extend(streams);
        let leaving = &mut self.leaving;
        let over = async {
            for task in leaving {
                task.over().await;
            }
        };
        within(DRAIN_LIMIT, over).await;
    }
}

fn is_about(input: &Input, gone: SocketId) -> bool {
    matches!(input, Input::Opened { socket, .. } | Input::Failed { socket, .. } | Input::Unreachable { socket, .. }
        if *socket == gone)
}

/// The next signalling event; waits forever where there is no channel. None where the transport is gone.
async fn notice(channel: &mut Option<SignallingChannel>) -> Option<Signalled> {
    match channel {
        Some(channel) => channel.incoming.recv().await,
        None => std::future::pending().await,
    }
}

//! Children of a composite machine: inputs are routed to the child that they belong to, and wakes are merged (law 6).
//!
//! Children number their sockets and queries from 0 as if they were alone. [`Children`] translates these numbers to
//! unique ones in outputs, and back in inputs. Sockets that a child leaves open are closed when it finishes.

use super::{Input, Instant, Machine, Output, QueryId, SocketId, Wake};
use std::collections::{BTreeMap, VecDeque};

/// Names one child of a [`Children`], numbered in the order in which they were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChildId(u32);

struct Member<M> {
    machine: M,
    wake: Wake,
}

/// Machines of one kind that a parent owns, in the order in which they were added. The parent routes inputs through
/// [`Children::handle`] and polls all of them through [`Children::poll`].
pub struct Children<M> {
    members: BTreeMap<ChildId, Member<M>>,
    /// From the parent's number of a socket to the child that owns it and the child's own number.
    sockets: BTreeMap<u32, (ChildId, SocketId)>,
    queries: BTreeMap<u32, (ChildId, QueryId)>,
    added: u32,
    next_socket: u32,
    next_query: u32,
    /// Children that had an input since they were last polled to their `Wait`.
    unpolled: VecDeque<ChildId>,
    closing: VecDeque<SocketId>,
}

impl<M: Machine> Default for Children<M> {
    fn default() -> Self {
        Self {
            members: BTreeMap::new(),
            sockets: BTreeMap::new(),
            queries: BTreeMap::new(),
            added: 0,
            next_socket: 0,
            next_query: 0,
            unpolled: VecDeque::new(),
            closing: VecDeque::new(),
        }
    }
}

impl<M: Machine> Children<M> {
    /// Adds a child and gives it `first` as its first input.
    pub fn add(&mut self, now: Instant, mut machine: M, first: Input) -> ChildId {
        let child = ChildId(self.added);
        self.added += 1;
        machine.handle(now, first);
        self.members.insert(child, Member { machine, wake: Wake::OnInput });
        self.unpolled.push_back(child);
        child
    }

    /// Calls a method of a child, after which it is polled. None where it has finished.
    pub fn with<T>(&mut self, child: ChildId, speak: impl FnOnce(&mut M) -> T) -> Option<T> {
        let member = self.members.get_mut(&child)?;
        if !self.unpolled.contains(&child) {
            self.unpolled.push_back(child);
        }
        Some(speak(&mut member.machine))
    }

    /// A child, to be read; None where it has finished.
    pub fn get(&self, child: ChildId) -> Option<&M> {
        self.members.get(&child).map(|member| &member.machine)
    }

    /// True where no child is left.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Whether every child has been polled to its `Wait` since its last input.
    pub fn is_settled(&self) -> bool {
        self.unpolled.is_empty() && self.closing.is_empty()
    }

    /// Routes an input to the child whose socket or query it is about. One about a closed socket is dropped, one about
    /// the host or the signalling channel goes to every child, and a wake goes to those whose time has come.
    pub fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Woken => {
                let due = |member: &&mut Member<M>| matches!(member.wake, Wake::At(at) if at <= now);
                let due: Vec<ChildId> =
                    self.members.iter_mut().filter(|(_, member)| due(member)).map(|(child, _)| *child).collect();
                for child in due {
                    self.give(now, child, Input::Woken);
                }
            }
            Input::Interfaces(_) | Input::Signalled(_) | Input::Stop => {
                for child in self.members.keys().copied().collect::<Vec<_>>() {
                    self.give(now, child, input.clone());
                }
            }
            Input::Resolved { query, answer } => {
                if let Some((child, query)) = self.queries.remove(&query.0) {
                    self.give(now, child, Input::Resolved { query, answer });
                }
            }
            Input::Counted { query, counters } => {
                if let Some((child, query)) = self.queries.remove(&query.0) {
                    self.give(now, child, Input::Counted { query, counters });
                }
            }
            Input::Opened { socket, local, tls } => {
                self.route(now, socket, false, |socket| Input::Opened { socket, local, tls });
            }
            Input::Failed { socket, failure, tls } => {
                self.route(now, socket, true, |socket| Input::Failed { socket, failure, tls });
            }
            Input::Received { socket, from, data } => {
                self.route(now, socket, false, |socket| Input::Received { socket, from, data });
            }
            Input::Unreachable { socket, to, failure } => {
                self.route(now, socket, false, |socket| Input::Unreachable { socket, to, failure });
            }
            Input::Ended { socket } => self.route(now, socket, true, |socket| Input::Ended { socket }),
            Input::Accepted { listener, socket, local, remote } => {
                // The world has numbered the new stream, and the child uses that number.
                if let Some(&(child, own)) = self.sockets.get(&listener.0) {
                    self.sockets.insert(socket.0, (child, socket));
                    self.give(now, child, Input::Accepted { listener: own, socket, local, remote });
                }
            }
        }
    }

    fn route(&mut self, now: Instant, socket: SocketId, gone: bool, input: impl FnOnce(SocketId) -> Input) {
        if let Some(&(child, own)) = self.sockets.get(&socket.0) {
            if gone {
                self.sockets.remove(&socket.0);
            }
            self.give(now, child, input(own));
        }
    }

    fn give(&mut self, now: Instant, child: ChildId, input: Input) {
        if let Some(member) = self.members.get_mut(&child) {
            member.machine.handle(now, input);
            if !self.unpolled.contains(&child) {
                self.unpolled.push_back(child);
            }
        }
    }

    /// The next output of any child, and the child that it is from. A child's `Wait(Finished)` means that it was
    /// removed. `Wait` without a child is about all of them: they all wait, or, where it is `Finished`, none is left.
    pub fn poll(&mut self) -> (Option<ChildId>, Output) {
        loop {
            if let Some(socket) = self.closing.pop_front() {
                return (None, Output::Close { socket });
            }
            let Some(&child) = self.unpolled.front() else {
                let wake = self.members.values().fold(Wake::Finished, |wake, member| wake.or(member.wake));
                return (None, Output::Wait(wake));
            };
            let Some(member) = self.members.get_mut(&child) else {
                self.unpolled.pop_front();
                continue;
            };
            match member.machine.poll() {
                Output::Wait(Wake::Finished) => {
                    self.unpolled.pop_front();
                    self.dismiss(child);
                    return (Some(child), Output::Wait(Wake::Finished));
                }
                Output::Wait(wake) => {
                    self.unpolled.pop_front();
                    member.wake = wake;
                }
                output => {
                    if let Some(output) = self.outward(child, output) {
                        return (Some(child), output);
                    }
                }
            }
        }
    }

    /// Like [`Children::poll`], for a parent that need not know which child an output is from or when one finishes.
    pub fn poll_any(&mut self) -> Output {
        loop {
            match self.poll() {
                (Some(_), Output::Wait(_)) => {}
                (_, output) => return output,
            }
        }
    }

    fn dismiss(&mut self, child: ChildId) {
        self.members.remove(&child);
        self.queries.retain(|_, (owner, _)| *owner != child);
        let left: Vec<u32> =
            self.sockets.iter().filter(|(_, (owner, _))| *owner == child).map(|(number, _)| *number).collect();
        for number in left {
            self.sockets.remove(&number);
            self.closing.push_back(SocketId(number));
        }
    }

    /// The output with the parent's numbers in place of the child's; None where it is about a closed socket.
    fn outward(&mut self, child: ChildId, output: Output) -> Option<Output> {
        Some(match output {
            Output::Open { socket, open } => {
                let number = self.next_socket;
                self.next_socket += 1;
                self.sockets.insert(number, (child, socket));
                Output::Open { socket: SocketId(number), open }
            }
            Output::Close { socket } => {
                let number = self.number(child, socket)?;
                self.sockets.remove(&number);
                Output::Close { socket: SocketId(number) }
            }
            Output::Send { socket, to, data } => {
                Output::Send { socket: SocketId(self.number(child, socket)?), to, data }
            }
            Output::SendHops { socket, to, data, hops } => {
                Output::SendHops { socket: SocketId(self.number(child, socket)?), to, data, hops }
            }
            Output::Resolve { query, name, kind } => {
                Output::Resolve { query: self.number_query(child, query), name, kind }
            }
            Output::Count { query, family } => Output::Count { query: self.number_query(child, query), family },
            output @ (Output::Publish { .. } | Output::Signal { .. } | Output::Observe { .. } | Output::Wait(_)) => {
                output
            }
        })
    }

    fn number_query(&mut self, child: ChildId, query: QueryId) -> QueryId {
        let number = self.next_query;
        self.next_query += 1;
        self.queries.insert(number, (child, query));
        QueryId(number)
    }

    fn number(&self, child: ChildId, socket: SocketId) -> Option<u32> {
        self.sockets.iter().find(|(_, owned)| **owned == (child, socket)).map(|(number, _)| *number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{Bind, Open};
    use std::net::SocketAddr;
    use std::time::Duration;

    const THERE: &str = "192.0.2.1:3478";

    fn there() -> SocketAddr {
        THERE.parse().expect("an address")
    }

    /// Opens its socket 0, sends one byte when it is open, finishes on an answer.
    #[derive(Default)]
    struct Caller {
        out: VecDeque<Output>,
        heard: bool,
    }

    impl Machine for Caller {
        fn handle(&mut self, _: Instant, input: Input) {
            let socket = SocketId(0);
            match input {
                Input::Interfaces(_) => {
                    let open = Open::Udp { bind: Bind::Toward(there()), dont_fragment: false };
                    self.out.push_back(Output::Open { socket, open });
                }
                Input::Opened { .. } => self.out.push_back(Output::Send { socket, to: there(), data: vec![1] }),
                Input::Received { .. } => self.heard = true,
                _ => {}
            }
        }

        fn poll(&mut self) -> Output {
            let idle = if self.heard { Wake::Finished } else { Wake::At(Instant::after_start(Duration::from_secs(9))) };
            self.out.pop_front().unwrap_or(Output::Wait(idle))
        }
    }

    fn drain(children: &mut Children<Caller>) -> Vec<Output> {
        let mut outputs = Vec::new();
        loop {
            match children.poll_any() {
                wait @ Output::Wait(_) => {
                    outputs.push(wait);
                    return outputs;
                }
                output => outputs.push(output),
            }
        }
    }

    #[test]
    fn two_children_that_both_call_their_socket_zero_are_kept_apart() {
        let mut children = Children::default();
        for _ in 0..2 {
            children.add(Instant::START, Caller::default(), Input::Interfaces(Vec::new()));
        }
        let opened: Vec<_> = drain(&mut children)
            .into_iter()
            .filter_map(|output| if let Output::Open { socket, .. } = output { Some(socket) } else { None })
            .collect();
        assert_eq!(opened, [SocketId(0), SocketId(1)]);
        children.handle(Instant::START, Input::Opened { socket: SocketId(1), local: there(), tls: None });
        let sent = drain(&mut children);
        assert_eq!(sent[0], Output::Send { socket: SocketId(1), to: there(), data: vec![1] });
    }

    #[test]
    fn a_finished_child_leaves_no_socket_open_and_no_wake_behind() {
        let mut children = Children::default();
        children.add(Instant::START, Caller::default(), Input::Interfaces(Vec::new()));
        drain(&mut children);
        children.handle(Instant::START, Input::Received { socket: SocketId(0), from: there(), data: vec![2] });
        assert_eq!(drain(&mut children), [Output::Close { socket: SocketId(0) }, Output::Wait(Wake::Finished)]);
        assert!(children.is_empty());
    }

    #[test]
    fn an_answer_for_a_socket_that_is_gone_reaches_nobody() {
        let mut children = Children::<Caller>::default();
        children.handle(Instant::START, Input::Received { socket: SocketId(4), from: there(), data: vec![2] });
        assert_eq!(drain(&mut children), [Output::Wait(Wake::Finished)]);
    }
}

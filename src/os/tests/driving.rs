use super::*;
use crate::machine::{Bind, Open};
use crate::model::{Fact, HostFact, Question};

#[tokio::test]
async fn the_first_input_is_the_interfaces_and_the_loopback_is_among_them() {
    let mut first = None;
    heard(&world(), Vec::new(), |input| {
        first = Some(input.clone());
        None
    })
    .await;
    let Some(Input::Interfaces(interfaces)) = first else { panic!("{first:?}") };
    let loopback =
        interfaces.iter().find(|interface| interface.interface_kind == crate::model::InterfaceKind::Loopback);
    let addresses = &loopback.expect("a loopback").addresses;
    assert!(addresses.iter().any(|address| address.address.is_loopback() && address.prefix_len == 8), "{addresses:?}");
}

/// Sleeps to each of its deadlines, then observes and finishes.
struct Sleeper {
    deadlines: Vec<Instant>,
    woken: Vec<Instant>,
    observed: bool,
}

impl Machine for Sleeper {
    fn handle(&mut self, now: Instant, input: Input) {
        if input == Input::Woken {
            self.woken.push(now);
        }
    }

    fn poll(&mut self) -> Output {
        match self.deadlines.get(self.woken.len()) {
            Some(&at) => Output::Wait(Wake::At(at)),
            None if self.observed => Output::Wait(Wake::Finished),
            None => {
                self.observed = true;
                let by = Origin { question: Question::Host, uri: None };
                Output::Observe { by, fact: Fact::Host(HostFact::NetworkChanged) }
            }
        }
    }
}

#[tokio::test]
async fn a_machine_is_woken_at_its_deadlines_and_what_it_observes_bears_the_time() {
    let deadlines: Vec<_> = [30, 60, 60].map(|ms| Instant::after_start(Duration::from_millis(ms))).into();
    let mut sleeper = Sleeper { deadlines: deadlines.clone(), woken: Vec::new(), observed: false };
    let mut observed = Vec::new();
    world().run(&mut sleeper, std::future::pending(), |at, _, fact| observed.push((at, fact))).await;
    assert!(sleeper.woken.iter().zip(&deadlines).all(|(woken, due)| woken >= due), "{:?}", sleeper.woken);
    assert_eq!(observed, [(sleeper.woken[2], Fact::Host(HostFact::NetworkChanged))]);
}

#[tokio::test]
async fn stop_is_told_once() {
    let mut stops = 0;
    let mut script = Script {
        outputs: VecDeque::new(),
        react: |input: &Input| {
            stops += usize::from(*input == Input::Stop);
            let soon = Output::Open {
                socket: SocketId(stops as u32),
                open: Open::Udp { bind: Bind::At(loopback(0)), dont_fragment: false },
            };
            match input {
                Input::Stop => Some(vec![soon]),
                Input::Opened { .. } => None,
                _ => Some(Vec::new()),
            }
        },
        heard: Vec::new(),
        finished: false,
    };
    world().run(&mut script, std::future::ready(()), |_, _, _| {}).await;
    assert_eq!(stops, 1);
}

#[tokio::test]
async fn two_machines_talk_to_each_other_side_by_side_on_one_thread() {
    let (server, world) = (dead_port(), world());
    let bind = |bind| Output::Open { socket: HERE, open: Open::Udp { bind, dont_fragment: false } };
    let served = heard(&world, vec![bind(Bind::At(server))], |input| match input {
        Input::Received { from, data, .. } => Some(vec![Output::Send { socket: HERE, to: *from, data: data.clone() }]),
        _ => Some(Vec::new()),
    });
    let asked = heard(&world, vec![bind(Bind::Toward(server))], |input| match input {
        Input::Opened { .. } | Input::Unreachable { .. } => {
            Some(vec![Output::Send { socket: HERE, to: server, data: vec![7] }])
        }
        Input::Received { .. } => None,
        _ => Some(Vec::new()),
    });
    tokio::select! {
        _ = served => panic!("the server never finishes"),
        heard = asked => assert!(matches!(heard.last(), Some(Input::Received { data, .. }) if *data == [7])),
    }
}

fn dead_port() -> SocketAddr {
    std::net::UdpSocket::bind("127.0.0.1:0").expect("a socket").local_addr().expect("an address")
}

/// Waits for one deadline and one datagram, and keeps the order in which they came.
struct Waiter {
    deadline: Instant,
    order: Vec<(Instant, &'static str)>,
}

impl Machine for Waiter {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Woken => self.order.push((now, "woken")),
            Input::Stop => self.order.push((now, "arrived")),
            _ => {}
        }
    }

    fn poll(&mut self) -> Output {
        Output::Wait(if self.order.iter().any(|(_, what)| *what == "arrived") {
            Wake::Finished
        } else if self.order.is_empty() {
            Wake::At(self.deadline)
        } else {
            Wake::OnInput
        })
    }
}

#[tokio::test]
async fn a_wake_and_an_arrival_are_told_in_the_order_of_their_times_however_late_the_driver_is() {
    let hours = |hours: u64| Instant::after_start(Duration::from_secs(3600 * hours));
    for (arrived, expected) in [(1, vec![(hours(1), "arrived")]), (3, vec![(hours(2), "woken"), (hours(3), "arrived")])]
    {
        let (world, mut waiter) = (world(), Waiter { deadline: hours(2), order: Vec::new() });
        let (inbox, arrivals) = inbox::inbox(Clock::start());
        inbox.put_at(hours(arrived), inbox::Event::Input(Input::Stop)).await;
        Driver::new(&world.resources, &mut waiter, inbox, None, |_, _, _| {})
            .drive(arrivals, std::future::pending())
            .await;
        assert_eq!(waiter.order, expected);
    }
}

/// Sends itself a datagram, blocks the thread until past its deadline, and keeps the order of what it is told.
struct Stalled {
    at: SocketAddr,
    deadline: Option<Instant>,
    out: VecDeque<Output>,
    order: Vec<&'static str>,
}

impl Machine for Stalled {
    fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Interfaces(_) => {
                let open = Open::Udp { bind: Bind::At(self.at), dont_fragment: false };
                self.out.push_back(Output::Open { socket: HERE, open });
            }
            Input::Opened { .. } => {
                self.out.push_back(Output::Send { socket: HERE, to: self.at, data: vec![7] });
                self.deadline = Some(now + Duration::from_millis(20));
            }
            Input::Woken => self.order.push("woken"),
            Input::Received { .. } => self.order.push("arrived"),
            _ => {}
        }
    }

    fn poll(&mut self) -> Output {
        if let Some(output) = self.out.pop_front() {
            return output;
        }
        let Some(deadline) = self.deadline else { return Output::Wait(Wake::OnInput) };
        if self.order.is_empty() {
            hold_up();
            return Output::Wait(Wake::At(deadline));
        }
        Output::Wait(if self.order.len() == 2 { Wake::Finished } else { Wake::At(deadline) })
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the fault that is tested")]
fn hold_up() {
    std::thread::sleep(Duration::from_millis(40));
}

#[tokio::test]
async fn what_the_kernel_kept_while_the_process_was_held_up_is_heard_before_the_deadline_that_passed_meanwhile() {
    let mut stalled = Stalled { at: dead_port(), deadline: None, out: VecDeque::new(), order: Vec::new() };
    world().run(&mut stalled, std::future::pending(), |_, _, _| {}).await;
    assert_eq!(stalled.order, ["arrived", "woken"]);
}

#[tokio::test]
async fn a_dropped_run_gives_its_sockets_back() {
    let (at, world) = (dead_port(), world());
    let open = Output::Open { socket: HERE, open: Open::Udp { bind: Bind::At(at), dont_fragment: false } };
    let opened = tokio::sync::Notify::new();
    let running = heard(&world, vec![open], |input| {
        if matches!(input, Input::Opened { .. }) {
            opened.notify_one();
        }
        Some(Vec::new())
    });
    tokio::select! {
        _ = running => panic!("the script never finishes"),
        () = opened.notified() => assert!(std::net::UdpSocket::bind(at).is_err(), "still held"),
    }
    // The runtime drops an aborted task in its next turn.
    tokio::task::yield_now().await;
    std::net::UdpSocket::bind(at).expect("given back");
}

//! A real HTTP proxy between the ends and the server of their room: what comes through, and what is said of the rest.
//!
//! Each test is alone in a network namespace that has nothing but a loopback: nginx, the server and both ends.

use nix::sched::{CloneFlags, unshare};
use rtc_doctor::machine::{Input, Instant, Machine, Output, Signalled, Wake};
use rtc_doctor::model::{Fact, Origin, Question, SignallingFact, SignallingFailure, SignallingTransport};
use rtc_doctor::os::rooms::{Config, RoomServer};
use rtc_doctor::os::signalling::{Lost, Timing};
use rtc_doctor::os::{Options, OsWorld, entropy, signalling_channel};
use rtc_doctor::signal::address::Address;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

pub(crate) const TESTS: &[(&str, fn())] = &[
    ("a_proxy_that_passes_websockets_lets_all_three_carriers_through", passes_all),
    ("a_proxy_that_passes_no_websockets_leaves_the_event_stream", passes_no_websockets),
    ("a_proxy_that_buffers_events_leaves_long_polling", buffers_events),
    ("an_end_that_dies_behind_a_proxy_is_missed", misses_the_dead),
];

const SERVER: &str = "127.0.0.1:9000";
const PROXY: &str = "127.0.0.1:8080";
pub(crate) const NGINX: &str = "/usr/sbin/nginx";
const MESSAGES: usize = 20;

/// As nginx's own documentation has it for WebSockets.
pub(crate) const UPGRADE: &str = "proxy_http_version 1.1; proxy_set_header Host $http_host; \
                       proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;";
/// Its default for everything.
pub(crate) const PLAIN: &str = "";
/// Its default again, against what the server behind it asks for. To a server it speaks HTTP/1.0, where a response has
/// no chunks, and so it waits for a whole buffer (over HTTP/1.1 it hands each chunk on, also with buffering).
pub(crate) const BUFFERING: &str = "proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;";

pub(crate) struct Nginx {
    child: Child,
    folder: PathBuf,
}

impl Nginx {
    /// In front of the server of these tests.
    fn start(rules: &str) -> Self {
        Self::run(Command::new(NGINX), PROXY, SERVER, rules)
    }

    /// Listens here and asks there. Comes back when it listens.
    pub(crate) fn run(mut command: Command, listen: &str, server: &str, rules: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("rd{}-nginx{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder).expect("a folder for the test");
        let place = folder.display();
        let config = format!(
            "daemon off; master_process off; pid {place}/pid; error_log stderr notice; events {{}}
             http {{
                 access_log off;
                 client_body_temp_path {place}/a; proxy_temp_path {place}/b; fastcgi_temp_path {place}/c;
                 uwsgi_temp_path {place}/d; scgi_temp_path {place}/e;
                 map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
                 server {{ listen {listen}; location / {{ proxy_pass http://{server}; {rules} }} }}
             }}"
        );
        let file = folder.join("conf");
        fs::write(&file, config).expect("a file of the test's own");
        command.arg("-p").arg(&folder).arg("-c").arg(&file).args(["-e", "stderr"]);
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().expect("nginx starts");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines().map_while(Result::ok);
        // What it says of its limits is the first thing after its sockets are open.
        let listens = lines.find(|line| line.contains("getrlimit"));
        assert!(listens.is_some(), "nginx says that it listens");
        // Reads on, so that it never blocks on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, folder }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Says some messages when the other end is there, and is finished when it heard as many and the test has seen enough.
#[derive(Default)]
struct Talker {
    to_say: VecDeque<Vec<u8>>,
    /// How the signalling channel fares, to be recorded.
    seen: VecDeque<Fact>,
    heard: Vec<Vec<u8>>,
    peer_left: bool,
    closed: bool,
    stopped: bool,
}

fn said() -> impl Iterator<Item = Vec<u8>> {
    (0..MESSAGES).map(|number| format!("message {number}").into_bytes())
}

impl Machine for Talker {
    fn handle(&mut self, _now: Instant, input: Input) {
        match input {
            Input::Signalled(Signalled::PeerJoined) => self.to_say.extend(said()),
            Input::Signalled(Signalled::Message(message)) => self.heard.push(message),
            Input::Signalled(Signalled::Observed(fact)) => self.seen.push_back(*fact),
            Input::Signalled(Signalled::PeerLeft) => self.peer_left = true,
            Input::Signalled(Signalled::Closed) => self.closed = true,
            Input::Stop => self.stopped = true,
            _ => {}
        }
    }

    fn poll(&mut self) -> Output {
        if let Some(fact) = self.seen.pop_front() {
            return Output::Observe { by: Origin { question: Question::Signalling, uri: None }, fact };
        }
        if let Some(message) = self.to_say.pop_front() {
            return Output::Signal { message };
        }
        let over = self.closed || self.peer_left || (self.stopped && self.heard.len() >= MESSAGES);
        Output::Wait(if over { Wake::Finished } else { Wake::OnInput })
    }
}

/// One end until it is over: its facts, what it heard, and how its signalling channel ended. `judged` hears when every carrier
/// has been judged; with `stop` that ends it too.
async fn end(world: &OsWorld, room: &Address, judged: &Notify, stop: bool) -> (Vec<Fact>, Talker, Result<(), Lost>) {
    let (signalling_channel, end) = signalling_channel();
    let (mut talker, facts) = (Talker::default(), RefCell::new(Vec::new()));
    let observe = |_, _, fact| {
        let mut facts = facts.borrow_mut();
        facts.push(fact);
        let is_judged = |fact: &&Fact| {
            matches!(
                fact,
                Fact::Signalling(SignallingFact::Carried { .. }) | Fact::Signalling(SignallingFact::NotCarried { .. })
            )
        };
        if facts.iter().filter(is_judged).count() == 3 {
            judged.notify_one();
        }
    };
    let stopped = async {
        match stop {
            true => judged.notified().await,
            false => std::future::pending().await,
        }
    };
    let (carried, ()) = tokio::join!(
        world.carry(room, Timing::default(), end),
        world.run_signalled(&mut talker, Some(signalling_channel), stopped, observe)
    );
    (facts.into_inner(), talker, carried)
}

/// Runs this in a namespace with a loopback, an nginx with these rules and a server of rooms behind it.
fn behind<F: Future<Output = ()>>(rules: &'static str, test: impl FnOnce(OsWorld, Address) -> F + Send + 'static) {
    let alone = std::thread::spawn(move || {
        unshare(CloneFlags::CLONE_NEWNET).expect("a namespace");
        let up = Command::new("ip").args(["link", "set", "lo", "up"]).status().expect("iproute2 is there");
        assert!(up.success());
        let _nginx = Nginx::start(rules);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let world = OsWorld::new(Options::default()).expect("good options");
            let listening = world.listen(SERVER.parse::<SocketAddr>().expect("an address"), false).expect("listening");
            let server = RoomServer::new(Config::default());
            let room = Address::new_room(&format!("http://{PROXY}"), entropy().expect("entropy")).expect("an address");
            tokio::select! {
                () = server.serve(listening, std::future::pending()) => {}
                outcome = tokio::time::timeout(Duration::from_secs(30), test(world, room)) => {
                    outcome.expect("it takes seconds");
                }
            }
        });
    });
    if let Err(panic) = alone.join() {
        std::panic::resume_unwind(panic);
    }
}

fn chosen(facts: &[Fact]) -> Vec<SignallingTransport> {
    let chosen = |fact: &Fact| match fact {
        Fact::Signalling(SignallingFact::Chosen { carrier }) => Some(*carrier),
        _ => None,
    };
    facts.iter().filter_map(chosen).collect()
}

fn not_carried(facts: &[Fact]) -> Vec<(SignallingTransport, SignallingFailure)> {
    let not_carried = |fact: &Fact| match fact {
        Fact::Signalling(SignallingFact::NotCarried { carrier, failure, .. }) => Some((*carrier, failure.clone())),
        _ => None,
    };
    let mut all: Vec<_> = facts.iter().filter_map(not_carried).collect();
    all.sort_by_key(|(carrier, _)| *carrier);
    all
}

/// Two ends talk behind this proxy: both chose this carrier and could not use these.
fn talk(
    rules: &'static str,
    carrier: SignallingTransport,
    unusable: &'static [(SignallingTransport, SignallingFailure)],
) {
    behind(rules, move |world, room| async move {
        let (judged, others) = (Notify::new(), Notify::new());
        let (one, other) = tokio::join!(end(&world, &room, &judged, true), end(&world, &room, &others, true));
        for (facts, talker, carried) in [one, other] {
            // Who finished first is missed by the other, who had heard all by then.
            assert_eq!((carried, talker.closed), (Ok(()), false), "{facts:?}");
            assert_eq!(talker.heard, said().collect::<Vec<_>>());
            assert_eq!(chosen(&facts), [carrier], "{facts:?}");
            if !talker.peer_left {
                assert_eq!(not_carried(&facts), unusable, "{facts:?}");
            }
        }
    });
}

fn passes_all() {
    talk(UPGRADE, SignallingTransport::WebSocket, &[]);
}

fn passes_no_websockets() {
    talk(
        PLAIN,
        SignallingTransport::EventStream,
        &[(SignallingTransport::WebSocket, SignallingFailure::Status { status: 400 })],
    );
}

fn buffers_events() {
    let unusable = &[
        (SignallingTransport::WebSocket, SignallingFailure::Status { status: 400 }),
        (SignallingTransport::EventStream, SignallingFailure::HeldBack),
    ];
    talk(BUFFERING, SignallingTransport::LongPolling, unusable);
}

fn misses_the_dead() {
    let misses = |rules| {
        behind(rules, |world, room| async move {
            let (judged, never) = (Notify::new(), Notify::new());
            let mut left = std::pin::pin!(end(&world, &room, &never, false));
            // Dropped, its sockets are closed, as the kernel does for a process that is killed.
            tokio::select! {
                _ = end(&world, &room, &judged, false) => panic!("it does not finish before it dies"),
                _ = &mut left => panic!("nobody has left"),
                () = judged.notified() => {}
            }
            let missed = tokio::time::timeout(Duration::from_secs(10), left).await;
            let (_, talker, carried) = missed.expect("an end that dies is missed in time");
            assert_eq!((carried, talker.peer_left), (Ok(()), true));
        });
    };
    std::thread::scope(|scope| {
        for rules in [UPGRADE, PLAIN, BUFFERING] {
            scope.spawn(move || misses(rules));
        }
    });
}

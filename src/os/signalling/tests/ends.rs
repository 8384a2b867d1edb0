//! What the tests of rooms are made of: a server, and ends whose machines are the tests themselves.

use crate::machine::Signalled;
use crate::model::{Fact, SignallingFact, SignallingFailure, SignallingTransport};
use crate::os::rooms::{Config, RoomServer};
use crate::os::signalling::channel::{SignallingChannel, signalling_channel};
use crate::os::signalling::{Lost, Timing};
use crate::os::task::Task;
use crate::os::{Identity, Options, OsWorld, entropy};
use crate::signal::address::Address;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// Far longer than anything here takes; only a broken test gets there.
const PATIENCE: Duration = Duration::from_secs(20);

/// Short times, so that what is missed after seconds in the field is missed after a fraction of one here.
pub(crate) fn fast() -> Config {
    let mut settings = Config { heartbeat: Duration::from_millis(100), ..Config::default() };
    settings.limits.lease = Duration::from_millis(600);
    settings.limits.grace = Duration::from_millis(400);
    settings
}

pub(crate) struct Place {
    pub server: RoomServer,
    pub at: SocketAddr,
    pub world: Arc<OsWorld>,
    pub room: Address,
    stop: oneshot::Sender<()>,
    serving: Task,
}

impl Place {
    pub(crate) async fn open(settings: Config) -> Self {
        Self::open_with(settings, None).await
    }

    /// Under TLS, where there is an identity to show.
    pub(crate) async fn open_with(settings: Config, identity: Option<Identity>) -> Self {
        Self::open_server(RoomServer::new(settings), identity).await
    }

    pub(crate) async fn open_server(server: RoomServer, identity: Option<Identity>) -> Self {
        let secure = identity.is_some();
        let world = Arc::new(OsWorld::new(Options { identity, ..Options::default() }).expect("good options"));
        let listening = world.listen(SocketAddr::from(([127, 0, 0, 1], 0)), secure).expect("a listener");
        let at = listening.local();
        let (stop, stopped) = oneshot::channel();
        let serving = {
            let server = server.clone();
            Task::spawn(async move { server.serve(listening, async { drop(stopped.await) }).await })
        };
        let base = if secure { format!("https://localhost:{}", at.port()) } else { format!("http://{at}") };
        let room = Address::new_room(&base, entropy().expect("entropy")).expect("an address");
        Self { server, at, world, room, stop, serving }
    }

    pub(crate) fn enter(&self) -> TestEnd {
        self.enter_by(self.at)
    }

    /// Through something that stands between.
    pub(crate) fn enter_by(&self, at: SocketAddr) -> TestEnd {
        self.enter_patiently(at, Timing::default())
    }

    pub(crate) fn enter_patiently(&self, at: SocketAddr, timing: Timing) -> TestEnd {
        TestEnd::enter(Arc::clone(&self.world), Address { port: at.port(), ..self.room.clone() }, timing)
    }

    /// Comes back when it has stopped.
    pub(crate) async fn stop(self) {
        let Self { stop, mut serving, .. } = self;
        stop.send(()).expect("it serves");
        serving.over().await;
    }
}

pub(crate) struct TestEnd {
    channel: SignallingChannel,
    over: oneshot::Receiver<Result<(), Lost>>,
    task: Task,
    pub facts: Facts,
}

#[derive(Debug, Default)]
pub(crate) struct Facts(pub Vec<Fact>);

impl Facts {
    pub(crate) fn chosen(&self) -> Vec<SignallingTransport> {
        let chosen = |fact: &Fact| match fact {
            Fact::Signalling(SignallingFact::Chosen { carrier: transport }) => Some(*transport),
            _ => None,
        };
        self.0.iter().filter_map(chosen).collect()
    }

    pub(crate) fn carried(&self) -> Vec<SignallingTransport> {
        let carried = |fact: &Fact| match fact {
            Fact::Signalling(SignallingFact::Carried { carrier: transport, .. }) => Some(*transport),
            _ => None,
        };
        let mut all: Vec<_> = self.0.iter().filter_map(carried).collect();
        all.sort();
        all
    }

    pub(crate) fn not_carried(&self) -> Vec<(SignallingTransport, SignallingFailure)> {
        let not_carried = |fact: &Fact| match fact {
            Fact::Signalling(SignallingFact::NotCarried { carrier: transport, failure, .. }) => {
                Some((*transport, failure.clone()))
            }
            _ => None,
        };
        let mut all: Vec<_> = self.0.iter().filter_map(not_carried).collect();
        all.sort_by_key(|(transport, _)| *transport);
        all
    }

    pub(crate) fn judged(&self) -> usize {
        self.carried().len() + self.not_carried().len()
    }
}

impl TestEnd {
    pub(crate) fn enter(world: Arc<OsWorld>, room: Address, timing: Timing) -> Self {
        let (channel, end) = signalling_channel();
        let (tell, over) = oneshot::channel();
        let task = Task::spawn(async move {
            let _ = tell.send(world.carry(&room, timing, end).await);
        });
        Self { channel, over, task, facts: Facts::default() }
    }

    async fn notice(&mut self) -> Option<Signalled> {
        tokio::time::timeout(PATIENCE, self.channel.incoming.recv()).await.expect("something is told in time")
    }

    /// The next that is for the machine.
    pub(crate) async fn signalled(&mut self) -> Signalled {
        loop {
            match self.notice().await.expect("it carries") {
                Signalled::Observed(fact) => self.facts.0.push(*fact),
                signalled => return signalled,
            }
        }
    }

    /// Comes back when every carrier has been judged; nothing may be signalled meanwhile.
    pub(crate) async fn judged(&mut self) {
        while self.facts.judged() < 3 {
            match self.notice().await.expect("it carries") {
                Signalled::Observed(fact) => self.facts.0.push(*fact),
                signalled => panic!("{signalled:?}"),
            }
        }
    }

    pub(crate) fn say(&self, message: &[u8]) {
        self.channel.outgoing.try_send(message.to_vec()).expect("the way takes it");
    }

    /// As a machine that has finished.
    pub(crate) async fn finish(self) -> Facts {
        let Self { channel, over, facts, task: _task } = self;
        drop(channel);
        let outcome = tokio::time::timeout(PATIENCE, over).await.expect("it ends").expect("no panic");
        assert_eq!(outcome, Ok(()));
        facts
    }

    /// Why it ended by itself.
    pub(crate) async fn lost(self) -> Lost {
        let outcome = tokio::time::timeout(PATIENCE, self.over).await.expect("it ends").expect("no panic");
        outcome.expect_err("it was lost")
    }

    /// Without a word.
    pub(crate) fn die(self) {
        drop(self.task);
    }
}

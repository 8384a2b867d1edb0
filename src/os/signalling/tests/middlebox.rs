//! Something between an end and the server, that does not let everything through.

use crate::os::task::Task;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What becomes of a connection, by its first request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Passed,
    /// Answered with 403 by the middlebox itself.
    Forbidden,
    /// Closed without an answer.
    Cut,
    /// Open, and nothing comes through any more, either way.
    Frozen,
    /// Requests go through, and answers do not come back.
    Deaf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fates {
    pub socket: Fate,
    pub events: Fate,
    pub polls: Fate,
    /// Everything that is posted.
    pub posts: Fate,
}

impl Fates {
    pub(crate) const ALL_PASS: Self =
        Self { socket: Fate::Passed, events: Fate::Passed, polls: Fate::Passed, posts: Fate::Passed };

    fn of(self, head: &str) -> Fate {
        let path = head.split(' ').nth(1).unwrap_or_default();
        let path = path.split('?').next().unwrap_or_default();
        match path.rsplit('/').next() {
            Some("ws") => self.socket,
            Some("events") => self.events,
            Some("poll") => self.polls,
            _ => self.posts,
        }
    }
}

pub(crate) struct Middlebox {
    pub at: SocketAddr,
    fates: Arc<watch::Sender<Fates>>,
    _task: Task,
}

impl Middlebox {
    pub(crate) async fn before(server: SocketAddr, fates: Fates) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let at = listener.local_addr().expect("an address");
        let fates = Arc::new(watch::Sender::new(fates));
        let all = Arc::clone(&fates);
        let task = Task::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(pass(stream, server, all.subscribe()));
            }
        });
        Self { at, fates, _task: task }
    }

    /// Also for the connections that there are.
    pub(crate) fn becomes(&self, fates: Fates) {
        self.fates.send_replace(fates);
    }
}

async fn pass(mut end: TcpStream, server: SocketAddr, mut fates: watch::Receiver<Fates>) {
    let mut first = vec![0; 8192];
    let Ok(length @ 1..) = end.read(&mut first).await else { return };
    first.truncate(length);
    let head = String::from_utf8_lossy(&first).into_owned();
    let Ok(mut server) = TcpStream::connect(server).await else { return };
    if fates.borrow_and_update().of(&head) == Fate::Passed && server.write_all(&first).await.is_err() {
        return;
    }
    for stream in [&end, &server] {
        stream.set_nodelay(true).expect("set");
    }
    let mut began = true;
    loop {
        let fate = fates.borrow_and_update().of(&head);
        match fate {
            Fate::Passed => tokio::select! {
                _ = copy_bidirectional(&mut end, &mut server) => return,
                _ = fates.changed() => {}
            },
            Fate::Forbidden => {
                if began {
                    let _ = end.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n").await;
                }
                return;
            }
            Fate::Cut => return,
            Fate::Frozen => drop(fates.changed().await),
            Fate::Deaf => {
                if server.write_all(&first).await.is_err() {
                    return;
                }
                let _ = tokio::io::copy(&mut end, &mut server).await;
                return;
            }
        }
        began = false;
    }
}

use super::*;
use crate::machine::Open;
use crate::model::{Failure, FailureMessage};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let at = listener.local_addr().expect("an address");
    (listener, at)
}

/// A listener of the test's own that does this with the one stream it takes.
async fn server<F: Future<Output = ()> + Send>(
    serve: impl FnOnce(TcpStream) -> F + Send + 'static,
) -> (SocketAddr, task::Task) {
    let (listener, at) = listener().await;
    (at, task::Task::spawn(async move { serve(listener.accept().await.expect("a stream").0).await }))
}

fn tcp(to: SocketAddr) -> Vec<Output> {
    vec![Output::Open { socket: HERE, open: Open::Tcp { to } }]
}

#[tokio::test]
async fn what_is_sent_on_a_stream_comes_back_and_its_end_is_told() {
    let (to, _server) = server(|mut stream| async move {
        let mut buffer = [0; 3];
        stream.read_exact(&mut buffer).await.expect("read");
        stream.write_all(&buffer).await.expect("written");
    })
    .await;
    let heard = heard(&world(), tcp(to), |input| match input {
        Input::Opened { local, .. } => {
            assert!(local.ip().is_loopback() && local.port() != 0);
            Some(vec![Output::Send { socket: HERE, to, data: vec![1, 2, 3] }])
        }
        Input::Ended { .. } => None,
        _ => Some(Vec::new()),
    })
    .await;
    assert_eq!(
        heard[1..],
        [Input::Received { socket: HERE, from: to, data: vec![1, 2, 3] }, Input::Ended { socket: HERE }]
    );
}

#[tokio::test]
async fn a_port_without_a_listener_refuses() {
    let (listener, to) = listener().await;
    drop(listener);
    let failed = opened(&world(), Open::Tcp { to }).await;
    assert_eq!(failed, Input::Failed { socket: HERE, failure: Failure::Refused, tls: None });
}

#[tokio::test]
async fn a_stream_cut_by_a_rst_is_reset() {
    let (to, _server) = server(|stream| async move {
        stream.set_zero_linger().expect("set");
    })
    .await;
    let heard = heard(&world(), tcp(to), |input| (!matches!(input, Input::Failed { .. })).then(Vec::new)).await;
    assert_eq!(heard.last(), Some(&Input::Failed { socket: HERE, failure: Failure::Reset, tls: None }));
}

#[tokio::test]
async fn a_host_that_answers_no_syn_times_out() {
    // Linux drops the SYN where the queue of a listener is full.
    let full = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    full.bind(&loopback(0).into()).expect("bound");
    full.listen(0).expect("listening");
    let to = full.local_addr().expect("an address").as_socket().expect("an IP address");
    let _first = TcpStream::connect(to).await.expect("the queue takes one");
    let world = OsWorld::new(Options { connect_limit: Duration::from_millis(50), ..Options::default() });
    let failed = opened(&world.expect("good options"), Open::Tcp { to }).await;
    assert_eq!(failed, Input::Failed { socket: HERE, failure: Failure::TimedOut, tls: None });
}

#[tokio::test]
async fn a_peer_that_reads_nothing_is_given_up_before_it_fills_the_memory() {
    let (listener, to) = listener().await;
    let heard = heard(&world(), tcp(to), |input| match input {
        Input::Opened { .. } => {
            Some(std::iter::repeat_n(Output::Send { socket: HERE, to, data: vec![0; 16_384] }, 2_000).collect())
        }
        Input::Failed { .. } => None,
        _ => Some(Vec::new()),
    })
    .await;
    let Some(Input::Failed { failure: Failure::Other { message }, .. }) = heard.last() else { panic!("{heard:?}") };
    assert_eq!(*message, FailureMessage::NotRead);
    drop(listener);
}

#[tokio::test]
async fn what_was_sent_before_a_close_still_arrives() {
    let (listener, to) = listener().await;
    let got = tokio::spawn(async move {
        let mut got = Vec::new();
        listener.accept().await.expect("a stream").0.read_to_end(&mut got).await.map(|_| got.len())
    });
    let send = Output::Send { socket: HERE, to, data: vec![0; 400_000] };
    heard(&world(), tcp(to), |input| match input {
        Input::Opened { .. } => Some(vec![send.clone(), Output::Close { socket: HERE }, send.clone()]),
        Input::Interfaces(_) => Some(Vec::new()),
        other => panic!("{other:?}: a closed socket is silent"),
    })
    .await_close(got)
    .await;
}

/// Runs until the peer has seen the end: the machine itself hears nothing more.
trait AwaitClose {
    async fn await_close(self, got: tokio::task::JoinHandle<std::io::Result<usize>>);
}

impl<F: Future> AwaitClose for F {
    async fn await_close(self, got: tokio::task::JoinHandle<std::io::Result<usize>>) {
        tokio::select! {
            _ = self => panic!("the script never finishes"),
            got = got => assert_eq!(got.expect("no panic").expect("read"), 400_000),
        }
    }
}

#[tokio::test]
async fn a_listener_takes_a_stream_under_an_id_from_the_top_and_talks_on_it() {
    let at = listener().await.1;
    let client = async {
        let mut stream = loop {
            // Until the machine listens.
            match TcpStream::connect(at).await {
                Ok(stream) => break stream,
                Err(_) => tokio::task::yield_now().await,
            }
        };
        stream.write_all(&[1, 2]).await.expect("written");
        let mut answer = [0; 2];
        stream.read_exact(&mut answer).await.expect("answered");
        answer
    };
    let listen = Output::Open { socket: HERE, open: Open::Listen { at, secure: false } };
    let world = world();
    let machine = heard(&world, vec![listen], |input| match input {
        Input::Opened { local, .. } => {
            assert_eq!(*local, at);
            Some(Vec::new())
        }
        Input::Accepted { listener: HERE, socket, local, .. } => {
            assert_eq!((*socket, *local), (SocketId(u32::MAX), at));
            Some(Vec::new())
        }
        Input::Received { socket, from, data } => {
            Some(vec![Output::Send { socket: *socket, to: *from, data: data.iter().rev().copied().collect() }])
        }
        Input::Ended { socket } => {
            assert_eq!(*socket, SocketId(u32::MAX));
            None
        }
        _ => Some(Vec::new()),
    });
    let (answer, _) = tokio::join!(client, machine);
    assert_eq!(answer, [2, 1]);
}

#[tokio::test]
async fn a_port_that_is_listened_on_already_is_in_use() {
    let (_listener, at) = listener().await;
    let failed = opened(&world(), Open::Listen { at, secure: false }).await;
    assert_eq!(failed, Input::Failed { socket: HERE, failure: Failure::AddressInUse, tls: None });
}

#[tokio::test]
async fn a_secure_listener_without_a_certificate_says_so() {
    let failed = opened(&world(), Open::Listen { at: loopback(0), secure: true }).await;
    assert!(matches!(failed, Input::Failed { failure: Failure::Other { .. }, .. }), "{failed:?}");
}

//! Proxies of the tests' own on loopback: what they are asked, and what becomes of what they answer.

use super::*;
use crate::machine::{Open, Proxy, ProxyKind};
use crate::model::{Failure, ProxyProblem};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A proxy that does this with the one stream it takes.
async fn proxy<F: Future<Output = ()> + Send>(
    serve: impl FnOnce(TcpStream) -> F + Send + 'static,
) -> (SocketAddr, task::Task) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let at = listener.local_addr().expect("an address");
    (at, task::Task::spawn(async move { serve(listener.accept().await.expect("a stream").0).await }))
}

fn through(kind: ProxyKind, at: SocketAddr, host: &str) -> Open {
    let login = Some(("me".to_owned(), "pass".to_owned()));
    let proxy = Proxy { kind, at, login };
    Open::Proxied { proxy, host: host.to_owned(), port: 443, secure: false, insecure: false }
}

async fn expect(stream: &mut TcpStream, bytes: &[u8]) {
    let mut came = vec![0; bytes.len()];
    stream.read_exact(&mut came).await.expect("read");
    assert_eq!(String::from_utf8_lossy(&came), String::from_utf8_lossy(bytes));
}

/// What the machine hears that opens a stream through the proxy and sends three bytes on it.
async fn heard_through(open: Open, at: SocketAddr) -> Vec<Input> {
    heard(&world(), vec![Output::Open { socket: HERE, open }], |input| match input {
        Input::Opened { .. } => Some(vec![Output::Send { socket: HERE, to: at, data: vec![1, 2, 3] }]),
        Input::Received { .. } | Input::Failed { .. } => None,
        _ => Some(Vec::new()),
    })
    .await
}

#[tokio::test]
async fn an_http_proxy_is_asked_by_connect_and_then_the_bytes_are_the_servers() {
    let (at, _proxy) = proxy(|mut stream| async move {
        expect(&mut stream, b"CONNECT turn.example:443 HTTP/1.1\r\nHost: turn.example:443\r\n").await;
        expect(&mut stream, b"Proxy-Authorization: Basic bWU6cGFzcw==\r\n\r\n").await;
        stream.write_all(b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n").await.expect("written");
        expect(&mut stream, &[1, 2, 3]).await;
        stream.write_all(&[4, 5]).await.expect("written");
    })
    .await;
    let heard = heard_through(through(ProxyKind::Http, at, "turn.example"), at).await;
    assert_eq!(heard.last(), Some(&Input::Received { socket: HERE, from: at, data: vec![4, 5] }));
}

#[tokio::test]
async fn a_socks_proxy_is_told_who_asks_and_looks_the_name_up_itself() {
    let (at, _proxy) = proxy(|mut stream| async move {
        expect(&mut stream, &[5, 2, 0, 2]).await;
        stream.write_all(&[5, 2]).await.expect("written");
        expect(&mut stream, b"\x01\x02me\x04pass").await;
        stream.write_all(&[1, 0]).await.expect("written");
        expect(&mut stream, b"\x05\x01\x00\x03\x0cturn.example\x01\xbb").await;
        stream.write_all(&[5, 0, 0, 1, 10, 0, 0, 1, 0x12, 0x34]).await.expect("written");
        expect(&mut stream, &[1, 2, 3]).await;
        stream.write_all(&[4, 5]).await.expect("written");
    })
    .await;
    let heard = heard_through(through(ProxyKind::Socks5, at, "turn.example"), at).await;
    assert_eq!(heard.last(), Some(&Input::Received { socket: HERE, from: at, data: vec![4, 5] }));
}

#[tokio::test]
async fn what_a_proxy_says_instead_of_leading_on_is_told_apart() {
    use ProxyProblem::{AsksLogin, Closed, NotSpoken, Refused};
    let cases: [(ProxyKind, &[u8], ProxyProblem); 9] = [
        (ProxyKind::Http, b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", AsksLogin),
        (ProxyKind::Http, b"HTTP/1.0 403 Filtered\r\nContent-Length: 0\r\n\r\n", Refused { code: 403 }),
        (ProxyKind::Http, b"SSH-2.0-x\r\n", NotSpoken),
        (ProxyKind::Http, b"HTTP/1.1 yes\r\n\r\n", NotSpoken),
        (ProxyKind::Http, b"", Closed),
        (ProxyKind::Socks5, &[5, 0xff], AsksLogin),
        (ProxyKind::Socks5, &[5, 2, 1, 1], AsksLogin),
        (ProxyKind::Socks5, &[5, 0, 5, 2, 0, 1], Refused { code: 2 }),
        (ProxyKind::Socks5, b"HT", NotSpoken),
    ];
    for (kind, answer, problem) in cases {
        let (at, _proxy) = proxy(move |mut stream| async move {
            stream.write_all(answer).await.expect("written");
            stream.shutdown().await.expect("ended");
            let _ = stream.read_to_end(&mut Vec::new()).await;
        })
        .await;
        let failed = opened(&world(), through(kind, at, "192.0.2.1")).await;
        let expected = Input::Failed { socket: HERE, failure: Failure::Proxy { problem }, tls: None };
        assert_eq!(failed, expected, "{answer:?}");
    }
}

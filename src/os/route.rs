//! The way of a TCP connection to a server: straight, or led on by a proxy (RFC 9110 §9.3.6, RFC 1928).

use super::byte_stream::BoxedStream;
use super::clock::within;
use super::failure::failure;
use super::inbox::{Event, Inbox};
use super::tcp;
use crate::machine::{Input, Proxy, ProxyKind, SocketId};
use crate::model::{Failure, ProxyProblem};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The longest answer of a proxy whose end is looked for.
const ANSWER_BYTES_MAX: usize = 16 * 1024;

/// The way of a TCP connection to a server.
pub(super) enum StreamRoute {
    Straight(SocketAddr),
    /// Through a proxy, to a host and port.
    Through(Proxy, String, u16),
}

impl StreamRoute {
    /// The endpoint that the socket is connected with.
    pub(super) fn remote(&self) -> SocketAddr {
        match self {
            Self::Straight(to) => *to,
            Self::Through(proxy, ..) => proxy.at,
        }
    }

    /// Connects; with the stream comes its local address.
    pub(super) async fn connect(&self, limit: Duration) -> Result<(BoxedStream, SocketAddr), Failure> {
        let (stream, local) = tcp::connect(self.remote(), limit).await?;
        let mut stream: BoxedStream = Box::new(stream);
        let Self::Through(Proxy { kind, login, .. }, host, port) = self else { return Ok((stream, local)) };
        let asked = async {
            match kind {
                ProxyKind::Http => ask_http(&mut stream, host, *port, login.as_ref()).await,
                ProxyKind::Socks5 => ask_socks(&mut stream, host, *port, login.as_ref()).await,
            }
        };
        match within(limit, asked).await {
            Some(Ok(())) => Ok((stream, local)),
            Some(Err(refused)) => Err(refused),
            None => Err(ProxyProblem::TimedOut.into()),
        }
    }
}

/// Connects and gives the result to the driver.
pub(super) async fn open(socket: SocketId, route: StreamRoute, limit: Duration, inbox: Inbox) {
    let event = match route.connect(limit).await {
        Ok((stream, local)) => Event::Connected { socket, stream, local, remote: route.remote(), tls: None },
        Err(failure) => Event::Input(Input::Failed { socket, failure, tls: None }),
    };
    inbox.put_event(event).await;
}

type ProxyLogin<'a> = Option<&'a (String, String)>;

impl From<ProxyProblem> for Failure {
    fn from(problem: ProxyProblem) -> Self {
        Self::Proxy { problem }
    }
}

/// Of a proxy that hangs up it is known that it was reached.
fn broken(error: &io::Error) -> Failure {
    match failure(error) {
        Failure::Reset => ProxyProblem::Closed.into(),
        _ if error.kind() == io::ErrorKind::UnexpectedEof => ProxyProblem::Closed.into(),
        other => other,
    }
}

/// Sends CONNECT and reads its response up to the end of the header, where the server's own bytes begin.
async fn ask_http(stream: &mut BoxedStream, host: &str, port: u16, login: ProxyLogin<'_>) -> Result<(), Failure> {
    let authority = if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
    let mut request = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n");
    if let Some((user, password)) = login {
        let basic = BASE64_STANDARD.encode(format!("{user}:{password}"));
        request.push_str(&format!("Proxy-Authorization: Basic {basic}\r\n"));
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).await.map_err(|error| broken(&error))?;
    stream.flush().await.map_err(|error| broken(&error))?;
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") && !answer.ends_with(b"\n\n") {
        if answer.len() == ANSWER_BYTES_MAX || answer.len() >= 5 && !answer.starts_with(b"HTTP/") {
            return Err(ProxyProblem::NotSpoken.into());
        }
        answer.push(stream.read_u8().await.map_err(|error| broken(&error))?);
    }
    judge_http(&answer).map_or(Ok(()), |problem| Err(problem.into()))
}

/// What is wrong with the response to a CONNECT; None where the way is open.
fn judge_http(answer: &[u8]) -> Option<ProxyProblem> {
    let line = answer.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let status = std::str::from_utf8(line).ok().and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    match status {
        Some(200..=299) => None,
        Some(407) => Some(ProxyProblem::AsksLogin),
        Some(code) => Some(ProxyProblem::Refused { code }),
        None => Some(ProxyProblem::NotSpoken),
    }
}

const SOCKS5: u8 = 5;
const NO_LOGIN: u8 = 0;
const LOGIN: u8 = 2;
const NO_ACCEPTABLE_METHOD: u8 = 0xff;

/// RFC 1928 §3 to §6. A name goes to the proxy as it is: who needs one to get out may have no other name server.
async fn ask_socks(stream: &mut BoxedStream, host: &str, port: u16, login: ProxyLogin<'_>) -> Result<(), Failure> {
    let methods: &[u8] = if login.is_some() { &[SOCKS5, 2, NO_LOGIN, LOGIN] } else { &[SOCKS5, 1, NO_LOGIN] };
    stream.write_all(methods).await.map_err(|error| broken(&error))?;
    match (read::<2>(stream).await?, login) {
        ([SOCKS5, NO_LOGIN], _) => {}
        ([SOCKS5, LOGIN], Some((user, password))) => {
            let mut request = vec![1];
            for text in [user, password] {
                request.extend(with_length(text.as_bytes()).ok_or(ProxyProblem::AsksLogin)?);
            }
            stream.write_all(&request).await.map_err(|error| broken(&error))?;
            // RFC 1929 §2: any other status is a failure.
            if !matches!(read::<2>(stream).await?, [_, 0]) {
                return Err(ProxyProblem::AsksLogin.into());
            }
        }
        ([SOCKS5, NO_ACCEPTABLE_METHOD], _) => return Err(ProxyProblem::AsksLogin.into()),
        _ => return Err(ProxyProblem::NotSpoken.into()),
    }
    let mut request = vec![SOCKS5, 1, 0];
    match host.parse() {
        Ok(IpAddr::V4(address)) => request.extend([1].into_iter().chain(address.octets())),
        Ok(IpAddr::V6(address)) => request.extend([4].into_iter().chain(address.octets())),
        Err(_) => {
            let name = with_length(host.as_bytes()).ok_or(ProxyProblem::NotSpoken)?;
            request.extend([3].into_iter().chain(name));
        }
    }
    request.extend(port.to_be_bytes());
    stream.write_all(&request).await.map_err(|error| broken(&error))?;
    let [version, reply, _, kind] = read::<4>(stream).await?;
    match (version, reply) {
        (SOCKS5, 0) => {}
        (SOCKS5, code) => return Err(ProxyProblem::Refused { code: code.into() }.into()),
        _ => return Err(ProxyProblem::NotSpoken.into()),
    }
    let address_bytes = match kind {
        1 => 4,
        3 => usize::from(read::<1>(stream).await?[0]),
        4 => 16,
        _ => return Err(ProxyProblem::NotSpoken.into()),
    };
    let mut bound = vec![0; address_bytes + 2];
    stream.read_exact(&mut bound).await.map(drop).map_err(|error| broken(&error))
}

/// The bytes after their number; None where that does not fit in one.
fn with_length(bytes: &[u8]) -> Option<Vec<u8>> {
    let length = u8::try_from(bytes.len()).ok()?;
    Some([length].into_iter().chain(bytes.iter().copied()).collect())
}

async fn read<const LENGTH: usize>(stream: &mut BoxedStream) -> Result<[u8; LENGTH], Failure> {
    let mut bytes = [0; LENGTH];
    stream.read_exact(&mut bytes).await.map_err(|error| broken(&error))?;
    Ok(bytes)
}

//! A source of ICE servers on this host: what is asked of it, and each stage at which it may fail.

use super::*;
use crate::machine::{NoProxy, ProxySetting};
use crate::model::{Code, ConfigurationFact, Failure, ProxyProblem, SourceRefusal, TlsProblem};
use crate::os::sources::{AskedSource, ask_source};
use crate::source::{Secret, SourceSecrets};
use std::sync::{Mutex, PoisonError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const CANARY: &str = "canary-7f3a";

/// What one server was sent, connection by connection.
type Requests = Arc<Mutex<Vec<String>>>;

/// What a server says to whatever it is sent.
type Answer = fn() -> Vec<u8>;

/// Answers whatever it is sent with these bytes, as often as it is connected to.
async fn server(answer: impl Fn() -> Vec<u8> + Send + 'static) -> (u16, Requests, task::Task) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let port = listener.local_addr().expect("an address").port();
    let requests = Requests::default();
    let kept = Arc::clone(&requests);
    let serve = async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = vec![0; 4096];
            let read = stream.read(&mut bytes).await.unwrap_or(0);
            let request = String::from_utf8_lossy(&bytes[..read]).into_owned();
            kept.lock().unwrap_or_else(PoisonError::into_inner).push(request);
            // Whoever has heard enough may hang up.
            let _ = stream.write_all(&answer()).await;
        }
    };
    (port, requests, task::Task::spawn(serve))
}

fn http(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

async fn ask_within(url: &str, limit: Duration) -> AskedSource {
    let secrets = SourceSecrets { secret: Some(Secret::new(CANARY)), ..SourceSecrets::default() };
    let source = url.parse().expect("a source");
    ask_source(&world(), &source, &secrets, false, limit, std::future::pending()).await
}

async fn ask(url: &str) -> AskedSource {
    let asked = ask_within(url, PATIENCE).await;
    let shown = serde_json::to_string(&asked.facts).expect("is JSON");
    assert!(!shown.contains(CANARY) && !shown.contains("/ice"), "{shown}");
    asked
}

fn told(facts: &[ConfigurationFact]) -> Vec<Code> {
    let code = |fact: &ConfigurationFact| match fact {
        ConfigurationFact::FaultyConfiguration { fault, .. } => Some(*fault),
        _ => None,
    };
    facts.iter().filter_map(code).collect()
}

#[tokio::test]
async fn a_source_is_asked_once_with_its_secret_and_gives_its_servers() {
    let body = format!(
        r#"{{"ttl":3600,"iceServers":[{{"urls":["turn:h.example","turns:h.example"],"username":"u","credential":"{CANARY}"}}]}}"#
    );
    let (port, requests, _task) = server(move || http("200 OK", "", &body)).await;
    let asked = ask(&format!("http://127.0.0.1:{port}/ice?room={CANARY}")).await;
    assert_eq!(asked.offer.expect("offers").configuration.asked().len(), 2);
    assert_eq!(told(&asked.facts), [Code::SourceWorks]);
    let seen = requests.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(seen.len(), 1);
    assert!(seen[0].starts_with(&format!("GET /ice?room={CANARY} HTTP/1.1\r\n")), "{}", seen[0]);
    assert!(seen[0].contains(&format!("authorization: Bearer {CANARY}\r\n")), "{}", seen[0]);
}

#[tokio::test]
async fn a_secret_that_is_refused_is_shown_once() {
    let (port, requests, _task) = server(|| http("401 Unauthorized", "", CANARY)).await;
    let asked = ask(&format!("http://127.0.0.1:{port}/ice")).await;
    assert_eq!((told(&asked.facts), asked.offer.is_none()), (vec![Code::SourceRejectedSecret], true));
    assert_eq!(requests.lock().unwrap_or_else(PoisonError::into_inner).len(), 1);
}

#[tokio::test]
async fn a_redirect_takes_the_secret_to_no_other_port() {
    let (other, others, _other_task) = server(|| http("200 OK", "", "[]")).await;
    let headers = format!("location: http://127.0.0.1:{other}/ice\r\n");
    let (port, _, _task) = server(move || http("302 Found", &headers, "")).await;
    let asked = ask(&format!("http://127.0.0.1:{port}/ice")).await;
    assert_eq!(told(&asked.facts), [Code::SourceRedirects]);
    assert!(others.lock().unwrap_or_else(PoisonError::into_inner).is_empty());
}

#[tokio::test]
async fn what_comes_instead_of_an_answer_is_told() {
    let large = || [http("200 OK", "", "")[..17].to_vec(), b"\r\n".to_vec(), vec![b' '; 2 << 20]].concat();
    let many = || [&b"HTTP/1.1 200 OK\r\n"[..], &b"link: <turn:h>\r\n".repeat(10_000)].concat();
    let cut = || b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[".to_vec();
    let answers: [(Answer, SourceRefusal); 4] = [
        (large, SourceRefusal::TooLarge { most: 1 << 20 }),
        (many, SourceRefusal::NotHttp),
        (cut, SourceRefusal::Cut),
        (|| b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(), SourceRefusal::NotHttp),
    ];
    for (answer, expected) in answers {
        let (port, _, _task) = server(answer).await;
        let asked = ask(&format!("http://127.0.0.1:{port}/ice")).await;
        let Some(ConfigurationFact::SourceNotAnswered { why, .. }) = asked.facts.last() else {
            panic!("{:?}", asked.facts)
        };
        assert_eq!(*why, expected);
    }
}

#[tokio::test]
async fn a_source_that_says_nothing_is_left_when_its_time_is_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let port = listener.local_addr().expect("an address").port();
    let asked = ask_within(&format!("http://127.0.0.1:{port}/ice"), Duration::from_millis(300)).await;
    let silent = |fact: &ConfigurationFact| {
        matches!(fact, ConfigurationFact::SourceNotAnswered { why: SourceRefusal::Silent, .. })
    };
    assert!(asked.facts.last().is_some_and(silent), "{:?}", asked.facts);
}

#[tokio::test]
async fn a_source_over_tls_is_asked_through_the_proxy_unless_that_is_not_for_it() {
    let (port, requests, _task) = server(|| http("403 Forbidden", "", "")).await;
    let url = format!("http://user:word@127.0.0.1:{port}");
    let proxy = ProxySetting::read(&url, NoProxy::read("127.0.0.1"));
    let world = OsWorld::new(Options { proxy, ..Options::default() }).expect("a world");
    let ask = async |source: &str| {
        let source = source.parse().expect("a source");
        ask_source(&world, &source, &SourceSecrets::default(), false, PATIENCE, std::future::pending()).await.facts
    };
    let facts = ask("https://app.example/ice").await;
    let [ConfigurationFact::SourceNotConnected { target, port: 443, failure, .. }] = &facts[..] else {
        panic!("{facts:?}")
    };
    let refused = Failure::Proxy { problem: ProxyProblem::Refused { code: 403 } };
    assert_eq!((target.as_str(), failure), ("app.example", &refused));
    let asked = requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert!(asked[0].starts_with("CONNECT app.example:443 HTTP/1.1\r\n"), "{}", asked[0]);
    ask(&format!("https://127.0.0.1:{port}/ice")).await;
    ask(&format!("http://127.0.0.1:{port}/ice")).await;
    let asked = requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert_eq!(asked.iter().filter(|request| request.starts_with("CONNECT")).count(), 1, "{asked:?}");
}

#[tokio::test]
async fn provisional_answers_without_end_keep_nobody() {
    let provisional = || b"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(400_000);
    let (port, _, _task) = server(provisional).await;
    let asked = ask(&format!("http://127.0.0.1:{port}/ice")).await;
    let Some(ConfigurationFact::SourceNotAnswered { why, .. }) = asked.facts.last() else {
        panic!("{:?}", asked.facts)
    };
    assert!(matches!(why, SourceRefusal::TooLarge { .. } | SourceRefusal::Silent), "{why:?}");
}

#[tokio::test]
async fn a_secret_that_is_said_back_is_in_nothing_that_is_told_and_is_looked_up_by_nobody() {
    const SECRET: &str = "canary-of-some-length";
    let place = format!("location: https://{SECRET}.example/\r\n");
    let body = format!(r#"{{"iceServers":[{{"urls":"stun:{SECRET}.example"}},{{"urls":"stun:h.example"}}]}}"#);
    for answer in [http("302 Found", &place, ""), http("200 OK", "", &body)] {
        let (port, _, _task) = server(move || answer.clone()).await;
        let secrets = SourceSecrets { secret: Some(Secret::new(SECRET)), ..SourceSecrets::default() };
        let source = format!("http://127.0.0.1:{port}/ice").parse().expect("a source");
        let asked = ask_source(&world(), &source, &secrets, false, PATIENCE, std::future::pending()).await;
        let shown = serde_json::to_string(&asked.facts).expect("is JSON");
        assert!(!shown.contains(SECRET), "{shown}");
        let servers = asked.offer.map(|offer| offer.configuration.asked()).unwrap_or_default();
        assert!(servers.iter().all(|server| server.target.host == "h.example"), "{servers:?}");
    }
}

#[tokio::test]
async fn a_closed_port_and_a_server_without_tls_fail_at_their_own_stage() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let closed = listener.local_addr().expect("an address").port();
    drop(listener);
    let (plain, _, _task) = server(|| http("400 Bad Request", "", "")).await;
    for (port, expected) in [(closed, None), (plain, Some(()))] {
        let asked = ask(&format!("https://127.0.0.1:{port}/ice")).await;
        let [ConfigurationFact::SourceNotConnected { failure, .. }] = &asked.facts[..] else {
            panic!("{:?}", asked.facts)
        };
        let is_of_tls = matches!(failure, Failure::Tls { problem: TlsProblem::NotTls { .. } });
        assert_eq!((is_of_tls, *failure == Failure::Refused), (expected.is_some(), expected.is_none()), "{failure:?}");
    }
}

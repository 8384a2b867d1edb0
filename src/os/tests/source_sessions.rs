//! Sources that are more than one request: a session of OpenVidu on this host, kept, left and removed, and an application's
//! own signalling.

use super::*;
use crate::model::{Code, ConfigurationFact};
use crate::os::sources::{AskedSource, ask_source};
use crate::source::{Secret, SourceSecrets};
use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{Method, Uri};
use axum::response::IntoResponse;
use axum::routing::any;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::sync::{Mutex, PoisonError};
use tower_service::Service;

/// What the service was asked, in its order.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, line: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Serves a router on a port of its own.
async fn serve(router: Router) -> (u16, task::Task) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let port = listener.local_addr().expect("an address").port();
    let task = async move {
        while let Ok((stream, _)) = listener.accept().await {
            let router = router.clone();
            let service = service_fn(move |request: hyper::Request<Incoming>| router.clone().call(request));
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .with_upgrades();
            tokio::spawn(connection);
        }
    };
    (port, task::Task::spawn(task))
}

const SERVERS: &str = r#"[{"url":"turn:127.0.0.1:3478","username":"u","credential":"c"}]"#;

/// OpenVidu as its own clients take it: its REST interface, and the room.
fn openvidu(log: Log, stops_at: Option<&'static str>) -> Router {
    let answer = move |method: Method, uri: Uri| {
        let (log, line) = (log.clone(), format!("{method} {}", uri.path()));
        async move {
            log.add(line.clone());
            if stops_at.is_some_and(|stop| line.contains(stop)) {
                return std::future::pending().await;
            }
            match (method, uri.path()) {
                (Method::GET, _) => "http://127.0.0.1/".to_owned().into_response(),
                (Method::DELETE, _) => axum::http::StatusCode::NO_CONTENT.into_response(),
                (_, path) if path.ends_with("/connection") => {
                    r#"{"token":"ws://127.0.0.1?sessionId=x&token=tok_1"}"#.to_owned().into_response()
                }
                _ => r#"{"id":"x"}"#.to_owned().into_response(),
            }
        }
    };
    Router::new().fallback(any(answer))
}

/// Answers JSON-RPC as the room does.
async fn room(mut socket: WebSocket, log: Log) {
    while let Some(Ok(message)) = socket.recv().await {
        let Message::Text(text) = message else { continue };
        let said: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let method = said["method"].as_str().expect("a method");
        log.add(method.to_owned());
        let result = if method == "joinRoom" {
            format!(r#"{{"customIceServers":{SERVERS},"version":"2.30.0"}}"#)
        } else {
            "{}".to_owned()
        };
        let answer = format!(r#"{{"id":{},"jsonrpc":"2.0","result":{result}}}"#, said["id"]);
        if socket.send(Message::text(answer)).await.is_err() {
            return;
        }
    }
}

async fn deployment(stops_at: Option<&'static str>) -> (u16, Log, task::Task) {
    let log = Log::default();
    let of_room = log.clone();
    let upgrade = any(move |upgrade: WebSocketUpgrade| {
        let log = of_room.clone();
        async move { upgrade.on_upgrade(|socket| room(socket, log)) }
    });
    let (port, task) = serve(openvidu(log.clone(), stops_at).route("/openvidu", upgrade)).await;
    (port, log, task)
}

async fn ask(source: &str, stop: impl Future<Output = ()>) -> AskedSource {
    let secrets =
        SourceSecrets { secret: Some(Secret::new("secret")), fresh: "fresh".to_owned(), ..SourceSecrets::default() };
    ask_source(&world(), &source.parse().expect("a source"), &secrets, false, PATIENCE, stop).await
}

fn codes(facts: &[ConfigurationFact]) -> Vec<Code> {
    let code = |fact: &ConfigurationFact| match fact {
        ConfigurationFact::FaultyConfiguration { fault, .. } => Some(*fault),
        _ => None,
    };
    facts.iter().filter_map(code).collect()
}

const SESSION: &str = "/openvidu/api/sessions/rtc-doctor-fresh";

#[tokio::test]
async fn a_session_is_kept_until_its_servers_are_no_longer_in_use_and_then_removed() {
    let (port, log, _task) = deployment(None).await;
    let asked = ask(&format!("openvidu:http://127.0.0.1:{port}"), std::future::pending()).await;
    assert_eq!(asked.offer.expect("offers").configuration.asked().len(), 1);
    assert_eq!(log.lines().last().map(String::as_str), Some("joinRoom"));
    let left = asked.held.expect("is held").leave().await;
    assert_eq!(codes(&left), [Code::SourceMadeAndRemoved]);
    let expected = [
        "GET /openvidu/api/config/openvidu-publicurl".to_owned(),
        "POST /openvidu/api/sessions".to_owned(),
        format!("POST {SESSION}/connection"),
        "ping".to_owned(),
        "joinRoom".to_owned(),
        "leaveRoom".to_owned(),
        format!("DELETE {SESSION}"),
    ];
    assert_eq!(log.lines(), expected);
}

#[tokio::test]
async fn a_session_is_removed_where_the_user_stops_while_it_is_made() {
    for (stops_at, is_removed) in [("publicurl", false), ("POST /openvidu/api/sessions", true), ("/connection", true)] {
        let (port, log, _task) = deployment(Some(stops_at)).await;
        let seen = log.clone();
        let stop = async move {
            while !seen.lines().iter().any(|line| line.contains(stops_at)) {
                tokio::task::yield_now().await;
            }
        };
        let asked = ask(&format!("openvidu:http://127.0.0.1:{port}"), stop).await;
        assert!(asked.offer.is_none() && asked.held.is_none());
        assert_eq!(log.lines().contains(&format!("DELETE {SESSION}")), is_removed, "{stops_at}: {:?}", log.lines());
        assert_eq!(codes(&asked.facts).contains(&Code::SourceMadeAndRemoved), is_removed);
    }
}

#[tokio::test]
async fn the_first_json_with_servers_is_taken_from_whatever_carries_it() {
    let said = format!(r#"{{"type":"welcome","iceServers":{SERVERS}}}"#);
    let (of_socket, of_events, of_polling) = (said.clone(), said.clone(), said);
    let socket = any(move |upgrade: WebSocketUpgrade| {
        let said = of_socket.clone();
        async move {
            upgrade.on_upgrade(|mut socket: WebSocket| async move {
                let greeting = socket.recv().await;
                assert!(matches!(&greeting, Some(Ok(Message::Text(hi))) if hi.as_str() == "hello"), "{greeting:?}");
                for text in ["not JSON", r#"{"type":"hello"}"#, said.as_str()] {
                    socket.send(Message::text(text)).await.expect("is sent");
                }
            })
        }
    });
    let events = any(move || {
        let body = format!(": hello\n\ndata: {{}}\n\ndata: {of_events}\n\n");
        async move { ([("content-type", "text/event-stream")], body) }
    });
    let polling = any(move || {
        let said = of_polling.clone();
        async move { said }
    });
    let router = Router::new().route("/socket", socket).route("/events", events).route("/poll", polling);
    let (port, _task) = serve(router).await;
    for source in [
        format!("ws://127.0.0.1:{port}/socket"),
        format!("sse:http://127.0.0.1:{port}/events"),
        format!("poll:http://127.0.0.1:{port}/poll"),
    ] {
        let secrets = SourceSecrets { greeting: Some("hello".to_owned()), ..SourceSecrets::default() };
        let named = source.parse().expect("a source");
        let asked = ask_source(&world(), &named, &secrets, false, PATIENCE, std::future::pending()).await;
        let offer = asked.offer.unwrap_or_else(|| panic!("{source}: {:?}", asked.facts));
        assert_eq!(offer.configuration.asked().len(), 1, "{source}");
    }
    let nowhere = ask(&format!("ws://127.0.0.1:{port}/poll"), std::future::pending()).await;
    assert_eq!(codes(&nowhere.facts), [Code::SourceNoWebSocket]);
}

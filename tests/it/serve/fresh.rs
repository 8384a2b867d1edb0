//! `serve --ice-from`: whoever enters the room gets servers of the application's own source, each its own.

use super::Served;
use crate::sources::hostile::{read_head, serving};
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A source whose user names are numbered.
fn source() -> (u16, std::sync::Arc<AtomicUsize>) {
    let given = AtomicUsize::new(0);
    serving(move |mut stream| {
        read_head(&mut stream);
        let number = given.fetch_add(1, Ordering::Relaxed);
        let server = format!(r#"{{"urls":["turn:turn.example"],"username":"seat-{number}","credential":"canary"}}"#);
        let length = server.len() + 2;
        let _ = write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n[{server}]");
    })
}

#[test]
fn each_visitor_of_the_room_gets_servers_of_its_own_and_a_stranger_none_of_them() {
    let (port, asked) = source();
    let served = Served::with(&["--ice-from", &format!("http://127.0.0.1:{port}/ice")]);
    let name = |room: &str, token: &str| {
        let servers = served.join(room, token)["ice_servers"].clone();
        let last = servers.as_array().and_then(|servers| servers.last().cloned()).unwrap_or_default();
        last["username"].as_str().unwrap_or_default().to_owned()
    };
    let room = served.room().to_owned();
    let made_up = room.replace(room.rsplit("/r/").next().expect("a room"), "AAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(name(&made_up, "BAAAAAAAAAAAAAAAAAAAAA"), "", "STUN alone");
    assert_eq!(asked.load(Ordering::Relaxed), 0, "a room that anybody makes up asks nobody");
    assert_eq!(name(&room, "CAAAAAAAAAAAAAAAAAAAAA"), "seat-0");
    assert_eq!(name(&room, "DAAAAAAAAAAAAAAAAAAAAA"), "seat-1");
    let made_up = made_up.replace("AAAA", "BBBB");
    assert_eq!(name(&made_up, "EAAAAAAAAAAAAAAAAAAAAA"), "");
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    let (exit, people) = served.end();
    assert!(people.contains(&format!("http://127.0.0.1:{port}, asked anew for each")), "{people}");
    assert!(!people.contains("canary"), "{people}");
    assert_eq!(exit, Some(0));
}

#[test]
fn where_the_source_gives_none_the_visitor_gets_the_servers_own_and_the_operator_is_told() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port();
    let served = Served::with(&["--ice-from", &format!("http://127.0.0.1:{closed}/ice")]);
    let servers = served.join(served.room(), "FAAAAAAAAAAAAAAAAAAAAA")["ice_servers"].clone();
    assert!(servers.to_string().contains("seat-"), "{servers}");
    let (_, people) = served.end();
    assert!(people.contains("warning: The source of the ICE servers cannot be reached"), "{people}");
}

#[test]
fn a_source_that_refuses_the_secret_is_not_shown_it_again_for_the_next_visitor() {
    let (port, asked) = serving(|mut stream| {
        read_head(&mut stream);
        let _ = write!(stream, "HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    });
    let served = Served::with(&["--ice-from", &format!("http://127.0.0.1:{port}/ice?key=x")]);
    for token in ["GAAAAAAAAAAAAAAAAAAAAA", "HAAAAAAAAAAAAAAAAAAAAA"] {
        served.join(served.room(), token);
    }
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

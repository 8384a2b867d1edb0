//! A router that answers in UPnP, and who else might: what is believed, and what is sent.

use super::*;
use crate::probe::testing::{Bench, DelayedReply, SentDatagram};

const ROUTER: &str = "192.0.2.254";
const DESCRIBED: &str = "http://192.0.2.254:5000/desc.xml";

fn searched(location: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nST: x\r\nLOCATION: {location}\r\n\r\n").into_bytes()
}

fn http(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn description(control: &str) -> String {
    format!(
        "<root><service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType>\
         <controlURL>{control}</controlURL></service></root>"
    )
}

/// What this router answers: to a search, to the request for its description, and to the question.
fn router(sent: &SentDatagram<'_>, location: &str, control: &str, outside: &str) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(sent.data).expect("text");
    match text.split(' ').next() {
        Some("M-SEARCH") => Some(searched(location)),
        Some("GET") => Some(http(&description(control))),
        Some("POST") => Some(http(&format!("<a><NewExternalIPAddress>{outside}</NewExternalIPAddress></a>"))),
        _ => None,
    }
}

/// By which protocol, with which code, and which address outside.
type Told = (Option<PortControl>, Option<u16>, Option<String>);

/// What is told of a router that answers so, and where to everything was sent.
fn told(answer: impl Fn(&SentDatagram<'_>) -> Vec<(SocketAddr, Vec<u8>)>) -> (Told, Vec<SocketAddr>) {
    let mut probe = UpnpProbe::new(ROUTER.parse().expect("an address"));
    let mut bench = Bench::new(&mut probe);
    bench.streams = ["192.0.2.254:5000", "192.0.2.9:5000"].map(|at| at.parse().expect("an endpoint")).to_vec();
    let ended = bench.run(|_, sent| {
        let delayed = |(from, data)| -> DelayedReply { (Duration::from_millis(2), from, data) };
        answer(&sent).into_iter().map(delayed).collect()
    });
    assert!(ended.since_start() <= PATIENCE, "{ended:?}");
    let [(_, Fact::Hops(HopFact::OutsideAsked { protocol, code, outside, .. }))] = &bench.facts[..] else {
        panic!("{:?}", bench.facts)
    };
    let told = (*protocol, *code, outside.map(|address| address.to_string()));
    (told, bench.sent.into_iter().map(|(_, to, _)| to).collect())
}

fn endpoints(texts: &[&str]) -> Vec<SocketAddr> {
    texts.iter().map(|text| text.parse().expect("an endpoint")).collect()
}

const SEARCHED: &str = "192.0.2.254:1900";
const ASKED: &str = "192.0.2.254:5000";

#[test]
fn a_router_that_answers_at_once_is_sent_one_datagram_and_two_requests() {
    let (told, sent) = told(|sent| {
        let answer = router(sent, DESCRIBED, "/ctl", "100.64.1.2");
        answer.map(|data| (sent.to, data)).into_iter().collect()
    });
    assert_eq!(told, (Some(PortControl::Upnp), Some(0), Some("100.64.1.2".to_owned())));
    assert_eq!(sent, endpoints(&[SEARCHED, ASKED, ASKED]));
}

#[test]
fn where_nobody_answers_two_datagrams_go_to_the_router_and_one_to_the_group() {
    let (told, sent) = told(|_| Vec::new());
    assert_eq!(told, (None, None, None));
    assert_eq!(sent, endpoints(&[SEARCHED, SEARCHED, "239.255.255.250:1900"]));
}

#[test]
fn what_another_device_says_and_a_place_at_another_address_are_not_believed() {
    let neighbour: SocketAddr = "192.0.2.9:1900".parse().expect("an endpoint");
    let (told_by_another, sent) = told(|sent| {
        let answer = router(sent, DESCRIBED, "/ctl", "100.64.1.2");
        answer.map(|data| (neighbour, data)).into_iter().collect()
    });
    assert_eq!((told_by_another.0, sent.len()), (None, 3));
    for location in [
        "http://192.0.2.9:5000/",
        "https://192.0.2.254:5000/",
        "http://router.example/",
        "ftp:x",
        "http://192.0.2.254:0/",
    ] {
        let (elsewhere, sent) = told(|sent| {
            let answer = router(sent, location, "/ctl", "100.64.1.2");
            answer.map(|data| (sent.to, data)).into_iter().collect()
        });
        assert_eq!((elsewhere.0, sent.len()), (None, 3), "{location}");
    }
    let (elsewhere, sent) = told(|sent| {
        let answer = router(sent, DESCRIBED, "http://192.0.2.9:5000/ctl", "100.64.1.2");
        answer.map(|data| (sent.to, data)).into_iter().collect()
    });
    assert_eq!(elsewhere, (Some(PortControl::Upnp), None, None), "it answered, and named nothing that is asked");
    assert_eq!(sent, endpoints(&[SEARCHED, ASKED]));
}

#[test]
fn a_router_that_says_nothing_more_is_waited_for_no_longer_than_two_seconds() {
    let (told, sent) = told(|sent| match sent.data.starts_with(b"M-SEARCH") {
        true => vec![(sent.to, searched(DESCRIBED))],
        false => Vec::new(),
    });
    assert_eq!(told, (Some(PortControl::Upnp), None, None));
    assert_eq!(sent, endpoints(&[SEARCHED, ASKED]));
}

//! What the router before this machine says of its address outside.

use super::scene::*;
use crate::model::*;

#[test]
fn the_routers_word_tells_of_a_nat_above_it_and_that_there_is_none() {
    let asked = |router: &str, asked_from: &str, protocol, outside: Option<&str>| HopFact::OutsideAsked {
        router: addr(router),
        local: addr(asked_from),
        protocol,
        code: None,
        outside: outside.map(|outside| addr(outside).ip()),
        sent: 1,
        waited_ms: Millis(3.0),
    };
    let told_by = |facts: Vec<HopFact>| {
        let mut scene = home();
        for fact in facts {
            scene.say(Question::Outside, None, Fact::Hops(fact));
        }
        let diagnosis = scene.judged();
        [Code::CarrierNat, Code::DoubleNat].map(|code| finding(&diagnosis, code).map(|found| found.evidence.len()))
    };
    let told = |asked_from: &str, outside: &str| {
        told_by(vec![asked("192.168.1.1:5351", asked_from, Some(PortControl::Pcp), Some(outside))])
    };
    // What is silent in the first two protocols may say it in the third.
    let in_upnp = |outside| {
        let silent = asked("192.168.1.1:5351", "192.168.1.2:5000", None, None);
        told_by(vec![silent, asked("192.168.1.1:1900", "192.168.1.2:5001", Some(PortControl::Upnp), outside)])
    };
    assert_eq!(in_upnp(Some("100.64.1.2:0")), [Some(2), None]);
    assert_eq!(in_upnp(Some("10.7.0.5:0")), [None, Some(2)]);
    assert_eq!([in_upnp(Some("203.0.113.7:0")), in_upnp(None)], [[None, None]; 2], "one that names none may be none");
    assert_eq!(told("192.168.1.2:5000", "100.64.1.2:0"), [Some(2), None]);
    assert_eq!(told("192.168.1.2:5000", "10.7.0.5:0"), [None, Some(2)]);
    assert_eq!(told("192.168.1.2:5000", "203.0.113.7:0"), [None, None], "it is the last");
    assert_eq!(told("192.168.1.2:5000", "198.51.100.4:0"), [None, None], "another line is as likely");
    assert_eq!(told("192.168.9.2:5000", "100.64.1.2:0"), [None, None], "of another interface");
}

use super::*;
use crate::machine::NoProxy;
use crate::model::Transport;
use crate::probe::testing::{Bench, DelayedReply};
use crate::turn::Credentials;
use crate::turn::fake::{Fake, FakeOutput, PASSWORD, USER};
use std::time::Duration;

const PROXY: &str = "192.0.2.80:3128";

fn probe(url: &str) -> ProxyProbe {
    let setting = ProxySetting::read(url, NoProxy::default()).expect("a proxy");
    let target = "turn:turn.example:443?transport=tcp".parse().expect("a URI");
    let credentials = Credentials::LongTerm { username: USER.to_owned(), password: PASSWORD.to_owned() };
    let nowhere = "0.0.0.0:0".parse().expect("an address");
    ProxyProbe::new(setting, RelayConfig::new(target, nowhere, Some(credentials), 0), Rng::numbered(1))
}

fn address(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

/// All that is told of a server behind the proxy.
fn told(url: &str, server: Option<Fake>) -> Vec<Fact> {
    let mut probe = probe(url);
    let mut bench = Bench::new(&mut probe);
    let records = vec![DnsRecord::Address(address(PROXY).ip())];
    bench.names.insert(("proxy.example".to_owned(), DnsKind::A), records);
    bench.streams.push(address(PROXY));
    let mut server = server;
    bench.run(|_, sent| -> Vec<DelayedReply> {
        assert_eq!(sent.to, address(PROXY), "nothing goes anywhere else");
        let answers = server.as_mut().map_or_else(Vec::new, |server| server.handle(sent.from, sent.data));
        let to_client = |output| match output {
            FakeOutput::ToClient(_, data) => Some((Duration::from_millis(40), sent.to, data)),
            FakeOutput::ToPeer { .. } => None,
        };
        answers.into_iter().filter_map(to_client).collect()
    });
    bench.facts.into_iter().map(|(_, fact)| fact).collect()
}

#[track_caller]
fn assert_told(facts: &[Fact], expected_proxy: Option<&str>, expected: Option<ProxyReach>) -> Option<Failure> {
    let [Fact::Stream(StreamFact::Proxied { transport: Transport::Tcp, proxy, reached, failure, .. })] = facts else {
        panic!("one fact, and none of the server's own: {facts:?}")
    };
    assert_eq!((*proxy, *reached), (expected_proxy.map(address), expected));
    failure.clone()
}

#[test]
fn a_server_that_gives_an_allocation_through_the_proxy_is_told_as_one_fact() {
    let facts = told("http://192.0.2.80:3128", Some(Fake::new(true)));
    assert_eq!(assert_told(&facts, Some(PROXY), Some(ProxyReach::Allocated)), None);
}

#[test]
fn a_server_that_says_nothing_behind_the_proxy_has_not_answered() {
    let facts = told("http://192.0.2.80:3128", None);
    assert_eq!(assert_told(&facts, Some(PROXY), None), None);
}

#[test]
fn the_name_of_a_proxy_is_looked_up() {
    let facts = told("socks5://proxy.example:3128", Some(Fake::new(true)));
    assert_told(&facts, Some(PROXY), Some(ProxyReach::Allocated));
}

#[test]
fn a_proxy_whose_name_leads_nowhere_is_told_without_an_address() {
    let facts = told("http://nowhere.example:3128", None);
    assert!(matches!(assert_told(&facts, None, None), Some(Failure::Other { .. })));
}

#[test]
fn a_proxy_that_takes_no_connection_is_told_with_the_reason() {
    let facts = told("http://192.0.2.81:3128", None);
    assert_eq!(assert_told(&facts, Some("192.0.2.81:3128"), None), Some(Failure::Refused));
}

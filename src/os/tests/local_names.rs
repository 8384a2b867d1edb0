//! Names of the local link: asked by one run, answered by another on the same machine.

use super::*;
use crate::machine::QueryId;
use crate::model::{DnsFailure, DnsKind, DnsRecord};
use std::net::IpAddr;

/// The first address that a name could be published for: of a real interface, or loopback where there is none.
fn own_address() -> IpAddr {
    let up: Vec<_> = interfaces().into_iter().filter(|interface| interface.up).collect();
    let mut addresses = up.iter().flat_map(|interface| &interface.addresses).map(|own| own.address);
    let real = addresses.clone().find(|address| address.is_ipv4() && !address.is_loopback());
    real.or_else(|| addresses.find(IpAddr::is_ipv4)).expect("an address")
}

fn ask(query: u32, name: &str, kind: DnsKind) -> Output {
    Output::Resolve { query: QueryId(query), name: name.to_owned(), kind }
}

/// The answers in the order in which they came.
async fn answers(begin: Vec<Output>) -> Vec<(u32, Result<Vec<DnsRecord>, DnsFailure>)> {
    let mut left = begin.len();
    let world = world();
    let heard = heard(&world, begin, |input| {
        left -= usize::from(matches!(input, Input::Resolved { .. }));
        (left > 0).then(Vec::new)
    });
    let resolved = |input| if let Input::Resolved { query, answer } = input { Some((query.0, answer)) } else { None };
    heard.await.into_iter().filter_map(resolved).collect()
}

#[tokio::test]
async fn a_name_that_one_run_publishes_another_resolves() {
    let address = own_address();
    let name = format!("rtcd-{}-1.local", std::process::id());
    let publish = vec![Output::Publish { name: name.clone(), address }];
    let there = world();
    let publishing = heard(&there, publish, |_| Some(Vec::new()));
    tokio::select! {
        heard = publishing => panic!("it never ends: {heard:?}"),
        answers = answers(vec![ask(1, &name, DnsKind::A)]) => {
            assert_eq!(answers, [(1, Ok(vec![DnsRecord::Address(address)]))]);
        }
    }
}

#[tokio::test]
async fn a_name_that_nobody_has_times_out_and_a_service_has_no_data() {
    let asked = vec![ask(1, "rtcd-nobody.local", DnsKind::A), ask(2, "rtcd-nobody.local.", DnsKind::Srv)];
    assert_eq!(answers(asked).await, [(2, Err(DnsFailure::NoData)), (1, Err(DnsFailure::TimedOut))]);
}

#[tokio::test]
async fn more_questions_than_a_call_can_have_are_refused() {
    let asked = (0..1_000).map(|query| ask(query, &format!("rtcd-nobody-{query}.local"), DnsKind::Aaaa)).collect();
    let answers = answers(asked).await;
    let timed_out = answers.iter().filter(|(_, answer)| *answer == Err(DnsFailure::TimedOut)).count();
    assert_eq!((answers.len(), timed_out), (1_000, 256));
}

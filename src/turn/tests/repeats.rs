//! A repeat of a request that the server has granted is refused by one that does not know its own answers again.

use super::*;

#[test]
fn a_grant_that_follows_the_refusal_of_a_repeat_counts() {
    let mut rig = Rig::alice();
    let mut first = None;
    rig.server.twist(move |request, honest| match (request.method, request.nonce()) {
        (wire::StunMethod::Allocate, Some(_)) => match first.take() {
            // The server is slow, and knows a repeat for another client's.
            None => {
                first = Some(honest);
                Vec::new()
            }
            Some(granted) => vec![Fake::new(false).refuse(request, 437), granted],
        },
        _ => vec![honest],
    });
    let mut events = rig.start();
    events.extend(rig.pass(Duration::from_secs(1)));
    assert!(matches!(
        events[..],
        [Event::Challenged { .. }, Event::Anomalous(Anomaly::Conflicting), Event::Allocated { .. }]
    ));
}

#[test]
fn a_mismatch_that_no_grant_follows_is_one_after_two_seconds() {
    let mut rig = Rig::alice();
    let mut asked = 0;
    rig.server.twist(move |request, honest| {
        asked += u32::from(request.nonce().is_some());
        match (request.method, asked) {
            (wire::StunMethod::Allocate, 1) => Vec::new(),
            (wire::StunMethod::Allocate, 2..) => vec![Fake::new(false).refuse(request, 437)],
            _ => vec![honest],
        }
    });
    rig.start();
    let events = rig.pass(Duration::from_secs(3));
    assert!(matches!(events[..], [Event::Failed { error: Error::Refused { code: 437, .. }, .. }]), "{events:?}");
    assert!(rig.allocation.release(rig.now), "the server may hold one all the same");
}

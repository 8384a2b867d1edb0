//! Rooms under TLS: a certificate that is trusted, one that the address names, and one that is neither.

use super::ends::{Place, TestEnd};
use crate::machine::{Signalled, Slot};
use crate::model::{Failure, TlsProblem};
use crate::os::rooms::Config;
use crate::os::signalling::{Lost, Timing};
use crate::os::{Identity, Options, OsWorld};
use crate::signal::address::Address;
use std::sync::Arc;

fn self_signed() -> Identity {
    let key = rcgen::KeyPair::generate().expect("a key");
    let params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
    let certificate = params.self_signed(&key).expect("a certificate");
    Identity { chain: vec![certificate.der().to_vec()], key: key.serialize_der() }
}

fn enter(room: &Address, fingerprint: Option<[u8; 32]>) -> TestEnd {
    let world = Arc::new(OsWorld::new(Options::default()).expect("good options"));
    TestEnd::enter(world, Address { fingerprint, ..room.clone() }, Timing::default())
}

#[tokio::test]
async fn the_certificate_that_the_address_names_is_taken_and_no_other() {
    let identity = self_signed();
    let fingerprint = identity.fingerprint();
    let place = Place::open_with(Config::default(), Some(identity)).await;
    let mut end = enter(&place.room, fingerprint);
    assert_eq!(end.signalled().await, Signalled::Joined { slot: Slot::First });
    end.judged().await;
    assert_eq!((end.facts.carried().len(), fingerprint.is_some()), (3, true));
    end.finish().await;

    let mut other = enter(&place.room, self_signed().fingerprint());
    assert_eq!(other.signalled().await, Signalled::Closed);
    let lost = other.lost().await;
    let Lost::NotConnected(Failure::Tls { problem: TlsProblem::BadCertificate { message } }) = lost else {
        panic!("{lost:?}")
    };
    assert_eq!(message.as_str(), "not the certificate with the fingerprint that was given");
}

#[tokio::test]
async fn without_a_fingerprint_only_a_trusted_certificate_will_do() {
    let identity = self_signed();
    let further_roots = identity.chain.clone();
    let place = Place::open_with(Config::default(), Some(identity)).await;
    let mut stranger = enter(&place.room, None);
    assert_eq!(stranger.signalled().await, Signalled::Closed);
    let lost = stranger.lost().await;
    assert_eq!(lost, Lost::NotConnected(Failure::Tls { problem: TlsProblem::SelfSigned }));

    let world = OsWorld::new(Options { further_roots, ..Options::default() }).expect("a root");
    let mut trusting = TestEnd::enter(Arc::new(world), place.room.clone(), Timing::default());
    assert_eq!(trusting.signalled().await, Signalled::Joined { slot: Slot::First });
    trusting.finish().await;
}

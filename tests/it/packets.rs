//! What a checkup sends, counted by destination in every network of the lab: nobody is sent more than is polite, and nobody
//! is sent anything who has no part in the question.
//!
//! The table is in `reports/packets.md`, and is made again by `UPDATE_REPORTS=1 cargo nextest run -j1 --test it packets`.

use crate::reports::keep;
use rtc_doctor::lab::topology::{HostEntry, Topology, all};
use rtc_doctor::model::{Opening, Transcript, TranscriptEvent};
use rtc_doctor::probe::Plan;
use rtc_doctor::run::{self, Extras};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::net::IpAddr;

/// The most datagrams to one server's address in a checkup: some twenty questions of two to eight copies, those of the legs
/// through a relay at the same address among them.
const MOST_TO_A_SERVER: u64 = 400;

/// What all of it may weigh: half a second of a thin call.
const MOST_BYTES_TO_A_SERVER: u64 = 160_000;

/// The router is asked by two protocols, two copies each.
const MOST_TO_THE_ROUTER: u64 = 4;

#[derive(Clone, Copy, Debug, Default)]
struct Sent {
    datagrams: u64,
    bytes: u64,
}

/// The datagrams of the run, by whom they were for.
fn datagrams(transcript: &Transcript) -> BTreeMap<IpAddr, Sent> {
    let mut udp = BTreeSet::new();
    let mut sent: BTreeMap<IpAddr, Sent> = BTreeMap::new();
    for entry in &transcript.events {
        match &entry.what {
            TranscriptEvent::Open { socket, opening: Opening::Udp { .. } } => drop(udp.insert(*socket)),
            TranscriptEvent::Sent { socket, to, data, .. } if udp.contains(socket) => {
                let sent = sent.entry(to.ip()).or_default();
                (sent.datagrams, sent.bytes) = (sent.datagrams + 1, sent.bytes + data.bytes);
            }
            _ => {}
        }
    }
    assert_eq!(transcript.left_out_events, 0, "the transcript is whole");
    sent
}

fn transcript_of(topology: &Topology) -> Transcript {
    let extras = Extras { own_calls: false, transcript: true };
    let recording = run::simulated(topology, 1, Plan::default(), extras, |_| {}).expect("it keeps its time");
    recording.transcript.expect("is kept")
}

/// Addresses of hosts that serve something.
fn servers(topology: &Topology) -> BTreeSet<IpAddr> {
    let serving = |host: &&HostEntry| host.serves.is_some();
    topology.file().hosts.iter().filter(serving).flat_map(|host| host.addresses.clone()).collect()
}

/// Endpoints that this machine's own sockets have, before the NAT.
fn own(transcript: &Transcript) -> BTreeSet<IpAddr> {
    let local = |event: &TranscriptEvent| match event {
        TranscriptEvent::Opened { local, .. } => Some(local.ip()),
        _ => None,
    };
    transcript.events.iter().filter_map(|entry| local(&entry.what)).collect()
}

#[test]
fn nobody_is_sent_more_than_is_polite() {
    let mut text = "# What a checkup sends\n\nDatagrams of one checkup without own calls, in each network of the lab, counted where its sockets send them.\n\nMade by `UPDATE_REPORTS=1 cargo nextest run -j1 --test it packets`, and tested to be what today's code makes.\n\n| network | to all | bytes | the most to one address | bytes | to the router | to others |\n|---|---|---|---|---|---|---|\n".to_owned();
    for (name, file) in all() {
        let topology = Topology::parse(file).expect("parses");
        let transcript = transcript_of(&topology);
        let (sent, servers, own) = (datagrams(&transcript), servers(&topology), own(&transcript));
        let [mut router, mut others] = [Sent::default(); 2];
        for (to, count) in &sent {
            if servers.contains(to) {
                assert!(count.datagrams <= MOST_TO_A_SERVER, "{name}: {to} {count:?}");
                assert!(count.bytes <= MOST_BYTES_TO_A_SERVER, "{name}: {to} {count:?}");
            } else if matches!(to, IpAddr::V4(address) if address.is_private()) && !own.contains(to) {
                router.datagrams += count.datagrams;
            } else {
                others.datagrams += count.datagrams;
            }
        }
        assert!(router.datagrams <= MOST_TO_THE_ROUTER, "{name}: {router:?}");
        let all = sent.values().fold(Sent::default(), |all, one| Sent {
            datagrams: all.datagrams + one.datagrams,
            bytes: all.bytes + one.bytes,
        });
        let most = sent.values().copied().max_by_key(|one| one.datagrams).unwrap_or_default();
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} | {} | {} |",
            all.datagrams, all.bytes, most.datagrams, most.bytes, router.datagrams, others.datagrams
        );
    }
    keep("packets.md", &text);
}

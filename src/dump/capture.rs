//! What does a capture show of a call: one made at an end of it, or at a server of TURN? (RFC 7983, RFC 8489, RFC 8656)
//!
//! | file | answers |
//! |---|---|
//! | file | which packets are in the file, and when did they pass? |
//! | packet, fragments | what does a packet carry from where to where? |
//! | route | what is a datagram by its first byte? |
//! | watch | what is seen as the packets pass? |
//! | flow, rtp, dtls | what went between two endpoints? |
//! | exchanges, servers, checks | which request was answered, by whom and how? |
//! | relays, streams | what is wrapped for a relay, and what went over TCP? |
//! | ends | whose call is it? |
//! | observed, pairs, call | what did that end see, in our facts? |
//! | course | over which pairs did the call go, and when did nothing come? |
//!
//! A capture shows what passed at one place. What passed elsewhere, and what is encrypted, it does not know: where the
//! answers to somebody's questions did not come by, that says nothing.

mod call;
mod checks;
mod course;
mod dtls;
mod ends;
mod exchanges;
mod file;
mod flow;
mod fragments;
mod observed;
mod packet;
mod pairs;
mod relays;
mod route;
mod rtp;
mod servers;
mod streams;
#[cfg(test)]
mod tests;
mod watch;

use super::session::{FlowKind, LeftOut, PacketFlow, SavedConnection, SavedSession, Sight};
use crate::model::{CallFact, CallStage, Fact, Millis, Origin, Question, Record, Text};
use call::CarriedCall;
use course::PairCourse;
use ends::OwnEnd;
pub use file::NoCapture;
use file::{CapturedFrame, FileEnding};
use fragments::Fragments;
use observed::TimedFact;
use pairs::CheckedWay;
use std::io::Read;
use std::net::IpAddr;
use std::time::Duration;
use streams::CaughtStream;
use watch::Watch;

/// Whether a file begins as a capture does: pcapng, or pcap of either order of bytes and of either clock.
pub fn begins_one(bytes: &[u8]) -> bool {
    const BEGINNINGS: [[u8; 4]; 5] = [
        [0x0a, 0x0d, 0x0d, 0x0a],
        [0xd4, 0xc3, 0xb2, 0xa1],
        [0xa1, 0xb2, 0xc3, 0xd4],
        [0x4d, 0x3c, 0xb2, 0xa1],
        [0xa1, 0xb2, 0x3c, 0x4d],
    ];
    BEGINNINGS.iter().any(|beginning| bytes.starts_with(beginning))
}

/// Reads a capture: the call of the end at this address, or else of the one at which it was made. One that was made at a
/// server of TURN gives the calls of all its clients, each as a connection.
pub fn read(input: impl Read + Send, client: Option<IpAddr>) -> Result<SavedSession, NoCapture> {
    let (mut watch, mut fragments, mut not_understood) = (Watch::default(), Fragments::default(), 0);
    let ending = file::read(input, |frame: CapturedFrame<'_>| {
        let mut is_read = false;
        packet::open(frame, &mut fragments, |packet| {
            is_read = true;
            watch.take(frame.at, packet);
        });
        not_understood += u64::from(!is_read);
    })?;
    watch.finish();
    let connections = ends::of(&watch, client).iter().map(|own| connection(&watch, own)).collect();
    let beyond_limits = watch.flows.beyond + watch.exchanges.beyond + watch.checks.beyond + watch.streams.beyond;
    let left_out = LeftOut { is_cut: ending == FileEnding::CutShort, not_understood, beyond_limits };
    Ok(SavedSession { connections, left_out, ..SavedSession::default() })
}

fn connection(watch: &Watch, own: &OwnEnd) -> SavedConnection {
    // A segment or an error that came in shows as well as a datagram that what came in was caught.
    let answered = |stream: &CaughtStream| stream.accepted.is_some() || stream.reset.is_some();
    let has_both_ways = watch.flows.known().any(flow::UdpFlow::has_both_ways)
        || watch.streams.all().any(|((client, _), stream)| own.has(client.ip()) && answered(stream))
        || watch.undelivered.keys().any(|(from, _)| own.has(from.ip()));
    let ways = pairs::of(watch, own);
    // At a server nothing is seen of pairs that do not go through it: where none that does carried anything, nothing follows.
    let is_told = |carried: &CarriedCall<'_>| !own.is_from_outside || carried.has_carried();
    let carried = CarriedCall::of(watch, &ways).filter(is_told);
    let shown = if own.is_from_outside && carried.is_none() { &[] } else { &ways[..] };
    let mut seen = observed::servers(watch, own, has_both_ways);
    seen.extend(observed::candidates(watch, own));
    seen.extend(observed::crossed(watch, own));
    seen.extend(observed::mapped_by_peers(watch, own));
    let course = PairCourse::of(watch, shown);
    let chosen = carried.as_ref().map(|carried| carried.way);
    let before: Vec<&CheckedWay<'_>> =
        course.ways().filter(|way| chosen.is_some_and(|chosen| chosen.route != way.route)).collect();
    seen.extend(pairs::seen(watch, shown, &before, chosen, has_both_ways));
    if let Some(began) = shown.iter().filter_map(CheckedWay::began).min() {
        let origin = Origin { question: Question::Call, uri: None };
        let stage = CallFact::CallReached { stage: CallStage::ChecksStarted, after_ms: Millis::ZERO };
        seen.push((began, origin, Fact::Call(stage)));
        seen.extend(carried.iter().flat_map(|carried| carried.seen(watch, &course, began, has_both_ways)));
    }
    // What is told of the same moment stays in its order.
    seen.sort_by_key(|(at, ..)| *at);
    seen.truncate(Record::END_OBSERVATIONS_MAX);
    SavedConnection {
        name: Text::new(&own.address.to_string()),
        observed: seen.into_iter().map(|(at, origin, fact): TimedFact| (since_1970(at), origin, fact)).collect(),
        flows: carried.iter().flat_map(flows).collect(),
        sight: Sight {
            one_direction: !has_both_ways,
            began_late: has_begun_late(watch, &ways),
            tells_no_events: true,
            at_server: own.is_from_outside,
            ..Sight::default()
        },
        ..SavedConnection::default()
    }
}

/// Media passed before any check did: the checks by which the pair was found are not in the file.
fn has_begun_late(watch: &Watch, ways: &[CheckedWay<'_>]) -> bool {
    let checked = ways.iter().filter_map(CheckedWay::began).min();
    let media = watch.flows.known().filter_map(|flow| flow.media_began).min();
    media.is_some_and(|media| checked.is_none_or(|checked| media < checked))
}

fn flows(carried: &CarriedCall<'_>) -> impl Iterator<Item = PacketFlow> {
    let route = carried.way.route;
    let relay = route.within.map(|_| route.from);
    // Through a relay the end itself is the client of it.
    let local = route.within.unwrap_or(route.from);
    let kinds = [FlowKind::Check, FlowKind::Dtls, FlowKind::Media, FlowKind::Control];
    let flow = move |(kind, (out, inward))| PacketFlow { local, remote: route.to, relay, kind, out, inward };
    kinds.into_iter().zip(carried.kinds()).map(flow).filter(|flow| flow.out.packets + flow.inward.packets > 0)
}

fn since_1970(at: Duration) -> Millis {
    at.into()
}

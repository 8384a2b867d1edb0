//! Answers Binding requests, from the socket that they ask for (RFC 8489 §6.3, RFC 5780 §6.1, §7).
//!
//! RFC 5780 wants MAPPED-ADDRESS, XOR-MAPPED-ADDRESS, OTHER-ADDRESS and RESPONSE-ORIGIN in a response, which is then larger
//! than a bare request. Where there is no room for all of it, what a client can do without is left out. CHANGE-REQUEST
//! without a flag is not rejected. Credentials are neither required nor checked.

use super::amplification::unproven_room;
use super::config::Aliases;
use super::rfc5780_sockets::{Rfc5780Sockets, SocketIndex};
use crate::machine::SocketId;
use crate::wire::{Builder, Class, Message};
use std::net::{IpAddr, SocketAddr};

const SOURCE_ADDRESS: u16 = 0x0004;
const CHANGED_ADDRESS: u16 = 0x0005;
const CHANGE_REQUEST: u16 = 0x0003;
const RESPONSE_PORT: u16 = 0x0027;
pub(super) const FINGERPRINT: u16 = 0x8028;

/// The socket that a request arrived on.
pub(super) enum Via<'a> {
    Udp { site: &'a Rfc5780Sockets, index: SocketIndex },
    Stream { socket: SocketId, local: SocketAddr },
}

/// A response, and where it is sent from and to.
#[derive(Debug)]
pub(super) struct BindingResponse {
    pub(super) socket: SocketId,
    pub(super) to: SocketAddr,
    pub(super) data: Vec<u8>,
}

/// Answers a Binding request, whose encoding is `bytes`, in `room` bytes where that can be, with this in our own attribute where
/// there is anything. None where the socket to answer from is not open.
pub(super) fn answer(
    via: &Via<'_>,
    aliases: &Aliases,
    from: SocketAddr,
    request: &Message,
    bytes: &[u8],
    echo: Option<&[u8]>,
    room: usize,
) -> Option<BindingResponse> {
    let (socket, origin) = match via {
        Via::Udp { site, index } => site.at(*index)?,
        Via::Stream { socket, local } => (*socket, *local),
    };
    let refuse = |code, unknown: &[u16]| {
        let answer = Builder::answer(request, Class::Error).error(code, "");
        let answer = if unknown.is_empty() { answer } else { answer.unknown_attributes(unknown) };
        Some(BindingResponse { socket, to: from, data: finish(answer, request, bytes) })
    };
    let (change_address, change_port) = request.change_request().unwrap_or_default();
    let asks_change = change_address || change_port;

    let mut unknown = request.unknown_required();
    match via {
        Via::Udp { site, .. } if asks_change && !site.is_complete() => unknown.push(CHANGE_REQUEST),
        Via::Udp { .. } => {}
        // A response to a stream can only be sent on that stream.
        Via::Stream { .. } => unknown.extend(
            [(CHANGE_REQUEST, asks_change), (RESPONSE_PORT, request.has(RESPONSE_PORT))]
                .iter()
                .filter_map(|(kind, is_there)| is_there.then_some(*kind)),
        ),
    }
    if !unknown.is_empty() {
        return refuse(420, &unknown);
    }
    let response_port = request.response_port();
    let is_port_unsound = request.has(RESPONSE_PORT) && response_port.is_none_or(|port| port == 0);
    let is_change_unsound = request.has(CHANGE_REQUEST) && request.change_request().is_none();
    // PADDING and RESPONSE-PORT exclude each other (RFC 5780 §3.5).
    if is_port_unsound || is_change_unsound || (response_port.is_some() && request.padding_len().is_some()) {
        return refuse(400, &[]);
    }

    let (socket, origin, other) = match via {
        Via::Udp { site, index } if site.is_complete() => {
            let (socket, origin) = site.at(index.change(change_address, change_port))?;
            let (_, other) = site.at(index.change(true, true))?;
            (socket, origin, Some(other))
        }
        _ => (socket, origin, None),
    };
    let (origin, other) = (aliases.outside(origin), other.map(|other| aliases.outside(other)));
    let answer = Builder::answer(request, Class::Success);
    let fits = |answer: &Builder| finish(answer.clone(), request, bytes).len() <= room;
    let with = |answer: Builder, more: Builder| if fits(&more) { more } else { answer };
    let answer = if request.has_cookie {
        let answer = answer.xor_mapped(from);
        // What was asked for has its room, and that there is such a thing is said last.
        let with_echo = |answer: Builder, is_due: bool| {
            let more = echo.filter(|echo| echo.is_empty() != is_due);
            more.into_iter().fold(answer, |answer, echo| with(answer.clone(), answer.echo(echo)))
        };
        let answer = with_echo(answer, true);
        let answer = other.into_iter().fold(answer, |answer, other| with(answer.clone(), answer.other_address(other)));
        let told = (!origin.ip().is_unspecified()).then_some(origin);
        let answer = told.into_iter().fold(answer, |answer, told| with(answer.clone(), answer.response_origin(told)));
        let answer = with(answer.clone(), answer.mapped(from));
        let answer = with_echo(answer, false);
        pad(answer, request, bytes, from)
    } else {
        // A client of RFC 3489 understands these three attributes (RFC 3489 §8.1).
        let answer = answer.mapped(from);
        let changed = |answer: &Builder, other| answer.clone().raw(CHANGED_ADDRESS, &plain(other));
        let answer = other.into_iter().fold(answer, |answer, other| with(answer.clone(), changed(&answer, other)));
        with(answer.clone(), answer.raw(SOURCE_ADDRESS, &plain(origin)))
    };
    let to = SocketAddr::new(from.ip(), response_port.unwrap_or(from.port()));
    Some(BindingResponse { socket, to, data: finish(answer, request, bytes) })
}

/// Adds PADDING as long as that of the request (RFC 5780 §6.1), as far as there is room for an unproven source.
fn pad(answer: Builder, request: &Message, bytes: &[u8], from: SocketAddr) -> Builder {
    const HEAD: usize = 4;
    let Some(padding) = request.padding_len() else {
        return answer;
    };
    let taken = finish(answer.clone(), request, bytes).len() + HEAD;
    let room = unproven_room(bytes.len(), from).saturating_sub(taken) & !3;
    match padding.min(room) {
        0 => answer,
        padding => answer.padding(padding),
    }
}

/// An address in the encoding of MAPPED-ADDRESS (RFC 8489 §14.1).
fn plain(address: SocketAddr) -> Vec<u8> {
    let (family, ip) = match address.ip() {
        IpAddr::V4(ip) => (1, ip.octets().to_vec()),
        IpAddr::V6(ip) => (2, ip.octets().to_vec()),
    };
    [[0, family].as_slice(), &address.port().to_be_bytes(), &ip].concat()
}

/// Encodes the response, with FINGERPRINT where the request has one. For RFC 3489 the first 32 bits of its transaction
/// id are echoed too.
fn finish(answer: Builder, request: &Message, bytes: &[u8]) -> Vec<u8> {
    let answer = if request.has_cookie && request.has(FINGERPRINT) { answer.fingerprint() } else { answer };
    let mut answer = answer.finish();
    if !request.has_cookie
        && let (Some(theirs), Some(mine)) = (bytes.get(4..8), answer.get_mut(4..8))
    {
        mine.copy_from_slice(theirs);
    }
    answer
}

//! What does LiveKit say first to one who joins? Two of its messages (livekit_rtc.proto), and of them the fields that matter
//! here: Protocol Buffers, read by hand since nothing else here needs them.

/// A server in the answer to joining.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LiveKitServer {
    pub(super) urls: Vec<String>,
    pub(super) username: String,
    pub(super) credential: String,
}

/// What a message says of joining.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Joining {
    /// The room took us in.
    Joined { servers: Vec<LiveKitServer>, version: String },
    /// It sends us away.
    Refused,
    /// It is about something else.
    Other,
}

/// A field's number, and its bytes where it has those.
type Field<'a> = (u64, Option<&'a [u8]>);

/// More fields than any message of LiveKit's has.
const FIELDS_MAX: usize = 4096;

/// Reads a `SignalResponse`; None where it is none.
pub(super) fn joining(bytes: &[u8]) -> Option<Joining> {
    const JOIN: u64 = 1;
    const LEAVE: u64 = 8;
    match fields(bytes)?.first()? {
        (JOIN, Some(joined)) => of_join(joined),
        (LEAVE, Some(_)) => Some(Joining::Refused),
        _ => Some(Joining::Other),
    }
}

/// Reads a `JoinResponse`.
fn of_join(bytes: &[u8]) -> Option<Joining> {
    const SERVER_VERSION: u64 = 4;
    const ICE_SERVERS: u64 = 5;
    const SERVER_INFO: u64 = 12;
    const VERSION: u64 = 2;
    let (mut servers, mut version) = (Vec::new(), String::new());
    for field in fields(bytes)? {
        match field {
            (ICE_SERVERS, Some(server)) => servers.push(of_server(server)?),
            (SERVER_VERSION, Some(said)) => version = text(said),
            (SERVER_INFO, Some(info)) => {
                let said = fields(info)?.into_iter().find(|(number, _)| *number == VERSION);
                version = said.and_then(|(_, said)| said).map_or(version, text);
            }
            _ => {}
        }
    }
    Some(Joining::Joined { servers, version })
}

/// Reads an `ICEServer`.
fn of_server(bytes: &[u8]) -> Option<LiveKitServer> {
    let mut server = LiveKitServer::default();
    for field in fields(bytes)? {
        match field {
            (1, Some(url)) => server.urls.push(text(url)),
            (2, Some(username)) => server.username = text(username),
            (3, Some(credential)) => server.credential = text(credential),
            _ => {}
        }
    }
    Some(server)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The fields of a message in their order; None where it is cut, or no message.
fn fields(mut bytes: &[u8]) -> Option<Vec<Field<'_>>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        if fields.len() > FIELDS_MAX {
            return None;
        }
        let key = varint(&mut bytes)?;
        let length = match key & 7 {
            0 => {
                varint(&mut bytes)?;
                fields.push((key >> 3, None));
                continue;
            }
            1 => 8,
            2 => usize::try_from(varint(&mut bytes)?).ok()?,
            5 => 4,
            _ => return None,
        };
        let (value, rest) = bytes.split_at_checked(length)?;
        bytes = rest;
        fields.push((key >> 3, (key & 7 == 2).then_some(value)));
    }
    Some(fields)
}

/// Seven bits a byte, the lowest first.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What LiveKit's Python package writes: `SignalResponse(join=JoinResponse(ice_servers=[…], server_version="1.13.5"))`.
    const JOIN: &[u8] = b"\x0a\x28\x22\x061.13.5\x2a\x1e\x0a\x06turn:a\x0a\x07turns:b\x12\x05user1\x1a\x04pass";

    #[test]
    fn the_servers_are_read_with_their_login() {
        let urls = vec!["turn:a".to_owned(), "turns:b".to_owned()];
        let server = LiveKitServer { urls, username: "user1".to_owned(), credential: "pass".to_owned() };
        assert_eq!(joining(JOIN), Some(Joining::Joined { servers: vec![server], version: "1.13.5".to_owned() }));
        assert_eq!(joining(b"\x42\x02\x10\x01"), Some(Joining::Refused));
        assert_eq!(joining(b"\x92\x01\x00"), Some(Joining::Other), "a field of a later release");
    }

    #[test]
    fn a_message_that_is_cut_or_none_at_all_is_refused() {
        for end in 1..JOIN.len() {
            assert_eq!(joining(&JOIN[..end]), None, "{end}");
        }
        for bytes in [&b""[..], &[0xff; 12], b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f", b"\x0b", b"<html>"] {
            assert_eq!(joining(bytes), None, "{bytes:?}");
        }
        let many = b"\x08\x00".repeat(FIELDS_MAX + 2);
        assert_eq!(joining(&many), None);
    }
}

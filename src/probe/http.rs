//! What an HTTP/1 server of the network here answers, read within bounds (RFC 9112): its status, its header and its body.
//!
//! Routers, portals and proxies are strangers: no more is kept than [`BODY_MAX`] bytes of body and a head of its usual size.

use httparse::Status;

/// Fields of a head that are read; servers send some dozens.
const FIELDS_MAX: usize = 64;
/// The head of a response.
const HEAD_MAX: usize = 16 << 10;
/// The body: descriptions of devices have some ten thousand bytes.
pub(super) const BODY_MAX: usize = 64 << 10;

/// A whole response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HttpResponse {
    pub(super) status: u16,
    fields: Vec<(String, Vec<u8>)>,
    /// Cut at [`BODY_MAX`].
    pub(super) body: Vec<u8>,
}

impl HttpResponse {
    /// The value of the first field of this name, without white space around it.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.and_then(|(_, value)| std::str::from_utf8(value).ok()).map(str::trim)
    }

    /// The head of a message, as SSDP has it alone in a datagram; None where it is none, or is not whole.
    pub(super) fn head_of(bytes: &[u8]) -> Option<Self> {
        let mut fields = [httparse::EMPTY_HEADER; FIELDS_MAX];
        let mut head = httparse::Response::new(&mut fields);
        let Ok(Status::Complete(length)) = head.parse(bytes) else { return None };
        let fields = head.headers.iter().map(|field| (field.name.to_owned(), field.value.to_vec())).collect();
        Some(Self { status: head.code?, fields, body: bytes.get(length..).unwrap_or_default().to_vec() })
    }
}

/// How far a response has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum HttpProgress {
    Unfinished,
    Whole(HttpResponse),
    /// It is no HTTP, or breaks off.
    Refused,
}

/// Puts the bytes of one response together.
#[derive(Debug, Default)]
pub(super) struct HttpReader {
    bytes: Vec<u8>,
}

impl HttpReader {
    /// More of the stream.
    pub(super) fn feed(&mut self, data: &[u8]) -> HttpProgress {
        let room = (HEAD_MAX + BODY_MAX).saturating_sub(self.bytes.len());
        self.bytes.extend_from_slice(&data[..data.len().min(room)]);
        self.read(data.len() > room)
    }

    /// The stream has ended, or is waited for no longer.
    pub(super) fn end(&self) -> HttpProgress {
        match self.read(true) {
            HttpProgress::Unfinished => HttpProgress::Refused,
            progress => progress,
        }
    }

    fn read(&self, has_ended: bool) -> HttpProgress {
        let mut fields = [httparse::EMPTY_HEADER; FIELDS_MAX];
        match httparse::Response::new(&mut fields).parse(&self.bytes) {
            Err(_) => return HttpProgress::Refused,
            Ok(Status::Partial) if self.bytes.len() >= HEAD_MAX => return HttpProgress::Refused,
            Ok(Status::Partial) => return HttpProgress::Unfinished,
            Ok(Status::Complete(_)) => {}
        }
        let Some(mut response) = HttpResponse::head_of(&self.bytes) else { return HttpProgress::Refused };
        let length = response.field("Content-Length").and_then(|length| length.parse::<usize>().ok());
        let is_chunked =
            response.field("Transfer-Encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
        let is_whole = match (is_chunked, length) {
            (true, _) => match unchunked(&response.body) {
                Some((body, is_whole)) => {
                    response.body = body;
                    is_whole
                }
                None => return HttpProgress::Refused,
            },
            (false, Some(length)) => {
                response.body.truncate(length);
                response.body.len() >= length
            }
            // The end of the stream is that of the body.
            (false, None) => matches!(response.status, 204 | 304),
        };
        response.body.truncate(BODY_MAX);
        if is_whole || has_ended { HttpProgress::Whole(response) } else { HttpProgress::Unfinished }
    }
}

/// The chunks put together (RFC 9112 §7.1), and whether the last one has come; None where they are none.
fn unchunked(mut coded: &[u8]) -> Option<(Vec<u8>, bool)> {
    let mut body = Vec::new();
    loop {
        let (begins, size) = match httparse::parse_chunk_size(coded) {
            Ok(Status::Complete(chunk)) => chunk,
            Ok(Status::Partial) => return Some((body, false)),
            Err(_) => return None,
        };
        let rest = coded.get(begins..).unwrap_or_default();
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        body.extend_from_slice(&rest[..rest.len().min(size)]);
        if size == 0 {
            return Some((body, true));
        }
        // A line ends behind each chunk.
        match size.checked_add(2).and_then(|next| rest.get(next..)) {
            Some(next) => coded = next,
            None => return Some((body, false)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader makes of a response that comes in pieces of this size, and then ends.
    fn read(response: &[u8], size: usize) -> HttpProgress {
        let mut reader = HttpReader::default();
        for piece in response.chunks(size) {
            match reader.feed(piece) {
                HttpProgress::Unfinished => {}
                progress => return progress,
            }
        }
        reader.end()
    }

    fn body(response: &[u8]) -> Option<String> {
        let of_sizes = [1, 7, 100_000].map(|size| match read(response, size) {
            HttpProgress::Whole(response) => Some(String::from_utf8(response.body).expect("text")),
            HttpProgress::Unfinished | HttpProgress::Refused => None,
        });
        assert!(of_sizes.iter().all(|other| *other == of_sizes[0]), "{of_sizes:?}");
        of_sizes.into_iter().next().flatten()
    }

    #[test]
    fn a_body_ends_where_its_length_its_chunks_or_the_stream_do() {
        for (response, told) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc", Some("ab")),
            ("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n2\r\nab\r\n1;x\r\nc\r\n0\r\n\r\n", Some("abc")),
            ("HTTP/1.0 302 Found\r\nLocation: x\r\n\r\nabc", Some("abc")),
            ("HTTP/1.1 204 No Content\r\n\r\n", Some("")),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", None),
            ("HTTP/1.1 200 OK\r\nContent-Le", None),
            ("SSH-2.0-OpenSSH_9.6\r\n", None),
            ("", None),
        ] {
            assert_eq!(body(response.as_bytes()).as_deref(), told, "{response:?}");
        }
    }

    #[test]
    fn no_more_is_kept_than_the_bounds_allow() {
        let endless = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'x'; 1 << 20]].concat();
        let HttpProgress::Whole(response) = read(&endless, 1000) else { panic!("cut") };
        assert_eq!(response.body.len(), BODY_MAX);
        let head = [b"HTTP/1.1 200 OK\r\nX: ".to_vec(), vec![b'x'; 1 << 20]].concat();
        assert_eq!(read(&head, 1000), HttpProgress::Refused);
        let chunk = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc";
        assert_eq!(body(chunk).as_deref(), Some("abc"), "what came before it ended");
    }

    #[test]
    fn the_fields_of_a_head_are_found_by_their_names_in_any_case() {
        let head = HttpResponse::head_of(b"HTTP/1.1 200 OK\r\nLOCATION:  http://192.0.2.1/ \r\nEXT:\r\n\r\n");
        let head = head.expect("a head");
        assert_eq!((head.status, head.field("Location")), (200, Some("http://192.0.2.1/")));
        assert_eq!(HttpResponse::head_of(b"NOTIFY * HTTP/1.1\r\n\r\n"), None);
    }
}

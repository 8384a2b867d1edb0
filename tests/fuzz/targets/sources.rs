//! A source of ICE servers that answers whatever it likes.

use rtc_doctor::source::{
    Secret, ServerSource, SourceHeard, SourceMessage, SourceSecrets, SourceStep, WebAnswer, WebRequest,
};

/// One of every kind: the first byte says which is asked.
const SOURCES: [&str; 16] = [
    "https://source.example/ice",
    "openvidu:https://source.example",
    "openvidu:https://source.example/session",
    "livekit:wss://source.example/room",
    "kvs:eu-west-1/channel",
    "apprtc:https://source.example",
    "matrix:https://source.example",
    "nextcloud:https://source.example/call/room",
    "wss://source.example/signal",
    "sse:https://source.example/events",
    "poll:https://source.example/poll",
    "xmpp:source.example",
    "jitsi:https://source.example/room",
    "whep:https://source.example/cam/whep",
    "bbb:https://source.example/join?checksum=1",
    "home-assistant:https://source.example",
];

const SECRET: &str = "canary-secret";
/// `printf user:canary-secret | base64`
const BASIC: &str = "dXNlcjpjYW5hcnktc2VjcmV0";
/// As the files of the corpus were made.
const NOW_S: u64 = 1_800_000_000;
/// More steps than any source needs.
const STEPS_MAX: u32 = 300;

/// Asks a source that gives these answers, one behind the other, with a byte 0xff between two.
pub fn source(data: &[u8]) {
    let Some((kind, answers)) = data.split_first() else { return };
    let named = SOURCES[usize::from(*kind) % SOURCES.len()];
    let source: ServerSource = named.parse().expect(named);
    let secrets = SourceSecrets {
        user: Some("user".to_owned()),
        secret: Some(Secret::new(SECRET)),
        fresh: "0123456789abcdef".to_owned(),
        ..SourceSecrets::default()
    };
    let (source, secrets) = source.prepared(secrets, |_| None).expect("all is given");
    let mut provider = source.provider(&secrets);
    let mut answers = answers.split(|byte| *byte == 0xff);
    let mut heard = SourceHeard::Begin;
    let mut leaves = false;
    for _ in 0..STEPS_MAX {
        let step = provider.next(NOW_S, heard);
        assert!(!format!("{step:?}").contains(SECRET), "{named} shows its secret");
        heard = match step {
            SourceStep::Ask(request) => {
                goes_to_its_host(&source, &request);
                let Some(answer) = answers.next() else { return };
                SourceHeard::Answered(answered(answer))
            }
            SourceStep::Open(request) | SourceStep::Follow(request) => {
                goes_to_its_host(&source, &request);
                SourceHeard::Opened
            }
            SourceStep::Connect(_) | SourceStep::Secure(_) => SourceHeard::Opened,
            SourceStep::Say(_) | SourceStep::Listen => match answers.next() {
                Some([]) => SourceHeard::Closed { code: Some(1008) },
                Some(text) => SourceHeard::Said(match std::str::from_utf8(text) {
                    Ok(text) => SourceMessage::Text(text.to_owned()),
                    Err(_) => SourceMessage::Binary(text.to_vec()),
                }),
                None => return,
            },
            SourceStep::Offer(offer) => {
                let told = offer.judged(source.url(), NOW_S);
                assert!(!format!("{told:?}").contains(SECRET), "{named} shows its secret");
                match provider.leave() {
                    Some(SourceStep::Ask(request)) if !leaves => {
                        leaves = true;
                        goes_to_its_host(&source, &request);
                        SourceHeard::Failed
                    }
                    _ => return,
                }
            }
            SourceStep::Refuse(fault) => {
                assert!(!format!("{fault:?}").contains(SECRET), "{named} shows its secret");
                return;
            }
            SourceStep::Left(_) => return,
        };
    }
    panic!("{named} comes to no end");
}

/// A status, then headers, an empty line and the body, as over HTTP but with bare line feeds.
fn answered(answer: &[u8]) -> WebAnswer {
    const STATUSES: [u16; 9] = [200, 201, 204, 302, 400, 401, 403, 429, 500];
    let (status, rest) = answer.split_first().map_or((0, answer), |(status, rest)| (usize::from(*status), rest));
    let end = rest.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = end.map_or((&[][..], rest), |end| (&rest[..end], &rest[end + 2..]));
    let head = String::from_utf8_lossy(head);
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    WebAnswer {
        status: STATUSES[status % STATUSES.len()],
        headers: headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect(),
        body: body.to_vec(),
    }
}

/// A secret goes to the host that the user named and to no other.
fn goes_to_its_host(source: &ServerSource, request: &WebRequest) {
    if request.url.host() != source.url().host() {
        let headers: String = request.headers.iter().map(|(_, value)| value.reveal()).collect();
        let all = [headers, request.url.to_string(), String::from_utf8_lossy(&request.body).into_owned()].concat();
        assert!(!all.contains(SECRET) && !all.contains(BASIC), "{request:?} is sent the secret");
    }
}

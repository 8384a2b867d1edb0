//! What the other end of a call says, and what a person pastes.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use crc::{CRC_32_ISO_HDLC, Crc};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use rtc_doctor::ice::RemoteCandidate;
use rtc_doctor::machine::Rng;
use rtc_doctor::signal::{
    Body, Decoded, Encoder, LocalDescription, Sdp, SdpType, SessionDescription, code as pasted, envelope as messages,
};
use std::io::Write;

/// An offer that a description may be held against.
const OFFER: &str = include_str!("../../../fixtures/sdp/chromium.sdp");

/// One candidate line.
pub fn candidate(data: &[u8]) {
    let line = String::from_utf8_lossy(data);
    let read = RemoteCandidate::parse(&line);
    if let Ok(candidate) = &read {
        assert!(candidate.priority > 0);
        assert_eq!(RemoteCandidate::parse(&format!("a={}\r\n", line.trim().trim_start_matches("a="))), read);
    }
}

/// A description: as an offer, as an answer to one, as a later offer, and written again as ours.
pub fn sdp(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let _ = (SessionDescription::check_call(&text, None), SessionDescription::check_call(&text, Some(OFFER)));
    let _ = (SessionDescription::check_offer_again(&text, OFFER), SessionDescription::wants_no_call(&text));
    let _ = (SessionDescription::codec_gap(&text, None), SessionDescription::codec_gap(&text, Some(OFFER)));
    let _ = text.lines().filter(|line| SessionDescription::is_spoken(line)).count();
    let Ok(read) = SessionDescription::read(&text) else { return };
    assert!(read.candidates.len() <= SessionDescription::CANDIDATES_MAX);
    let ours = LocalDescription {
        session: 1,
        ufrag: read.ufrag.clone(),
        pwd: read.pwd.clone(),
        candidates: Vec::new(),
        end_of_candidates: read.end_of_candidates,
        pacing_ms: read.pacing_ms,
        fingerprint: read.fingerprint.clone(),
    };
    let again = SessionDescription::read(&ours.write(SdpType::Offer).0).expect("what we write reads");
    assert_eq!((again.ufrag, again.pwd, again.pacing_ms), (read.ufrag, read.pwd, read.pacing_ms));
    assert_eq!(again.fingerprint, read.fingerprint);
}

/// Messages in a row, a line each. A line that begins with `record ` is JSON, which goes deflated into a message.
pub fn envelope(data: &[u8]) {
    let mut rng = Rng::numbered(1);
    let (mut encoder, mut third) = (Encoder::new(&mut rng), Encoder::new(&mut rng));
    let mut decoder = encoder.decoder();
    for (number, line) in data.split(|byte| *byte == b'\n').enumerate() {
        let decoded = match line.strip_prefix(b"record ") {
            Some(json) => {
                let record = STANDARD.encode(deflated(json));
                let head = r#"{"rtc-doctor":1,"from":"00000000000000aa","kind":"record""#;
                decoder.decode(format!(r#"{head},"seq":{number},"record":"{record}"}}"#).as_bytes())
            }
            None => decoder.decode(line),
        };
        let Ok(Decoded::Body(body)) = decoded else { continue };
        let Ok(message) = encoder.encode(&body) else { continue };
        assert!(message.len() <= messages::MESSAGE_BYTES_MAX);
        let again = third.decoder().decode(&message).expect("what we write reads");
        // A time that is no number is not equal to itself.
        let has_numbers = format!("{body:?}").contains("NaN");
        assert!(has_numbers || again == Decoded::Body(body) || matches!(again, Decoded::Body(Body::Record(_))));
        let _ = third.encode(&Body::EndOfCandidates { ufrag: None });
    }
}

/// A pasted text. JSON goes deflated and with its checksum into a code.
pub fn code(data: &[u8]) {
    let text = if data.first() == Some(&b'{') {
        let mut bytes = deflated(data);
        bytes.extend(Crc::<u32>::new(&CRC_32_ISO_HDLC).checksum(&bytes).to_be_bytes());
        let body = URL_SAFE_NO_PAD.encode(bytes);
        format!("rtcd1-{}-{body}", body.len())
    } else {
        String::from_utf8_lossy(data).into_owned()
    };
    let Ok((_, Sdp(description))) = pasted::read(&text) else { return };
    let read = SessionDescription::read(&description).expect("what a code says is a description");
    assert_eq!(read.refused, []);
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory takes everything")
}

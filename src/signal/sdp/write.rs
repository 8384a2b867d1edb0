//! Writes our own description, as a browser does for a data channel.

use super::{Fingerprint, Password, Sdp, SdpType, Setup};

/// What our own description says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalDescription {
    /// The session id of `o=`: chosen once a run, and again for each ICE restart (RFC 8866 §5.2).
    pub session: u32,
    /// The ICE user name fragment.
    pub ufrag: String,
    /// The ICE password.
    pub pwd: Password,
    /// The candidates known by now, as [`crate::ice::write`] formats them.
    pub candidates: Vec<String>,
    /// No more candidates follow (RFC 8838 §8.2).
    pub end_of_candidates: bool,
    /// The `ice-pacing` that this end wishes for, in milliseconds (RFC 8839 §5.5).
    pub pacing_ms: Option<u32>,
    /// The certificate that this end will show in DTLS; None for ICE alone.
    pub fingerprint: Option<Fingerprint>,
}

impl LocalDescription {
    /// Formats the description, with CRLF line ends. The address of `c=` and the port of `m=` are the placeholders of
    /// RFC 8840 §4.1.1 for an agent that trickles.
    pub fn write(&self, kind: SdpType) -> Sdp {
        let Self { session, ufrag, pwd, candidates, end_of_candidates, pacing_ms, fingerprint } = self;
        let setup = match kind {
            SdpType::Offer => Setup::Actpass,
            SdpType::Answer => Setup::Active,
        };
        let mut lines = vec!["v=0".to_owned(), format!("o=- {session} 2 IN IP4 127.0.0.1")];
        lines.extend(["s=-", "t=0 0", "a=group:BUNDLE 0", "a=msid-semantic: WMS"].map(str::to_owned));
        lines.extend(pacing_ms.map(|pacing| format!("a=ice-pacing:{pacing}")));
        lines.push("m=application 9 UDP/DTLS/SCTP webrtc-datachannel".to_owned());
        lines.push("c=IN IP4 0.0.0.0".to_owned());
        lines.extend(candidates.iter().map(|candidate| format!("a={candidate}")));
        lines.extend(end_of_candidates.then(|| "a=end-of-candidates".to_owned()));
        lines.extend([format!("a=ice-ufrag:{ufrag}"), format!("a=ice-pwd:{}", pwd.as_str())]);
        lines.push("a=ice-options:trickle".to_owned());
        lines.extend(fingerprint.as_ref().map(|fingerprint| format!("a=fingerprint:{fingerprint}")));
        lines.extend([format!("a=setup:{}", setup.word()), "a=mid:0".to_owned(), "a=sctp-port:5000".to_owned()]);
        lines.push("a=max-message-size:262144".to_owned());
        lines.push(String::new());
        Sdp(lines.join("\r\n"))
    }
}

//! A call as it was made and measured: how far it got, what broke it, and what passed.
//!
//! [`CallStage`], [`CallBreak`] and [`Traffic`] are facts; [`Call`] is what they amount to, as the diagnosis shows it.

use super::{ObservationId, PairEnd, RoundTrips, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a call goes through, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CallStage {
    /// All candidates of ours are known.
    Gathered,
    /// The other end's description is here.
    ChecksStarted,
    /// A pair was chosen.
    Connected,
    /// The DTLS handshake is done and the certificate is the one that was announced.
    Dtls,
    /// The first data channel is open.
    ChannelOpen,
    /// The first RTP packet came.
    FirstMedia,
}

/// What ended a call before its time, or kept it from beginning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "broken", rename_all = "kebab-case")]
pub enum CallBreak {
    /// No end of the DTLS handshake within `waited_ms`: of ours `sent` datagrams went out, the largest of
    /// `largest_bytes`; of theirs `heard` came in, and of ours `heard_there` came in there, where that is known.
    DtlsSilent {
        sent: u32,
        largest_bytes: u32,
        heard: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        heard_there: Option<u32>,
        waited_ms: f64,
    },
    /// The handshake ended in an error.
    DtlsFailed { detail: Text },
    /// The certificate is not the one that the description announced (RFC 8122 §6.2).
    WrongFingerprint,
    /// The other end's description cannot be used for a call.
    DescriptionUnusable { detail: Text },
    /// Nothing came any more: the last datagram `after_ms` after the pair was secured, and then silence.
    Cut { after_ms: f64, silent_ms: f64 },
    /// The other end said farewell before the time was up.
    Closed { after_ms: f64 },
}

/// One kind of media, both ways.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MediaFlow {
    pub sent_packets: u64,
    pub sent_bytes: u64,
    pub received_packets: u64,
    pub received_bytes: u64,
    /// By the sequence numbers that came (RFC 3550 A.3).
    pub lost: u64,
    /// Packets that came behind a later one; null where the end cannot tell, as a browser's page.
    #[serde(default)]
    pub reordered: Option<u64>,
    /// RFC 3550 A.8; null before two packets came.
    pub jitter_ms: Option<f64>,
    /// Pauses in what came that a listener notices, and the longest.
    pub stalls: u32,
    pub longest_stall_ms: f64,
    /// Of our packets, as the other end reports (RFC 3550 §6.4.1); null without a report.
    pub lost_there: Option<u64>,
    pub jitter_there_ms: Option<f64>,
}

impl MediaFlow {
    /// The share of packets that did not come, 0 to 1; None where nothing came.
    pub fn loss(&self) -> Option<f64> {
        let expected = self.received_packets + self.lost;
        (self.received_packets > 0).then(|| self.lost as f64 / expected as f64)
    }
}

/// Numbered messages on one data channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DataFlow {
    pub opened: bool,
    pub sent: u32,
    pub received: u32,
    /// Messages of ours that the other end sent back.
    pub echoed: u32,
    /// Of an echo.
    pub rtt_ms: Option<RoundTrips>,
}

/// One second of a call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CallSecond {
    /// Whole seconds since the pair was secured.
    pub second: u32,
    pub rtt_ms: Option<f64>,
    pub jitter_ms: Option<f64>,
    pub received_packets: u32,
    pub lost: u32,
    pub sent_bps: u64,
    pub received_bps: u64,
    pub estimated_bps: Option<u64>,
}

/// What passed while a call ran.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Traffic {
    /// From the secured pair to the end of measuring.
    pub lasted_ms: f64,
    pub dtls_version: Text,
    /// What video was to reach.
    pub aimed_bps: u64,
    pub audio: MediaFlow,
    pub video: MediaFlow,
    pub reliable: DataFlow,
    pub unreliable: DataFlow,
    pub rtt_ms: Option<RoundTrips>,
    /// What the path would take, by the other end's feedback, at the end.
    pub estimated_bps: Option<u64>,
    pub series: Vec<CallSecond>,
}

/// How a call came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CallOutcome {
    /// Media and data passed both ways.
    Good,
    /// They did, with loss or delay that people notice.
    Degraded,
    /// They did, through a relay that does not carry what a call needs.
    RelayThin,
    /// Media came one way only.
    MediaOneWay,
    /// Media passed, and no data channel opened.
    NoData,
    /// What the other end had said that it would send passed; that was not everything.
    PartOffered,
    /// It ran, and then nothing came any more.
    Cut,
    /// The other end closed it early.
    Closed,
    /// A pair was there, and DTLS did not get through or failed.
    Dtls,
    /// No pair worked.
    NoPair,
    /// An end had no candidates.
    NoCandidates,
    /// The two could not agree on a call.
    NoAgreement,
    /// The run ended first.
    Unfinished,
}

/// ITU-T G.109's words for what G.107's rating means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SpeechQuality {
    NotRecommended,
    Poor,
    Low,
    Medium,
    High,
    Best,
}

/// How speech would sound over this path.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Grade {
    /// ITU-T G.107's transmission rating factor R, 0 to 93.2.
    pub r: f64,
    /// The mean opinion score that it stands for, 1 to 4.5.
    pub mos: f64,
    pub quality: SpeechQuality,
}

/// Milliseconds since the call began; null for what was not reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CallTiming {
    pub gathered: Option<f64>,
    pub checks_started: Option<f64>,
    pub connected: Option<f64>,
    pub dtls: Option<f64>,
    pub channel_open: Option<f64>,
    pub first_media: Option<f64>,
}

impl CallTiming {
    /// Notes when a stage was reached for the first time.
    pub fn note(&mut self, stage: CallStage, after_ms: f64) {
        let at = match stage {
            CallStage::Gathered => &mut self.gathered,
            CallStage::ChecksStarted => &mut self.checks_started,
            CallStage::Connected => &mut self.connected,
            CallStage::Dtls => &mut self.dtls,
            CallStage::ChannelOpen => &mut self.channel_open,
            CallStage::FirstMedia => &mut self.first_media,
        };
        at.get_or_insert(after_ms);
    }
}

/// The pair that carried it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SelectedPair {
    pub local: PairEnd,
    pub remote: PairEnd,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CallMedia {
    pub audio: MediaFlow,
    pub video: MediaFlow,
    pub rtt_ms: Option<RoundTrips>,
    pub aimed_bps: u64,
    pub estimated_bps: Option<u64>,
    pub dtls_version: Text,
    pub grade: Option<Grade>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CallData {
    pub reliable: DataFlow,
    pub unreliable: DataFlow,
}

/// A call, judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    pub outcome: CallOutcome,
    /// Of a call with oneself: the relay it was forced through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relay: Option<String>,
    pub selected: Option<SelectedPair>,
    pub timing_ms: CallTiming,
    pub lasted_ms: Option<f64>,
    /// Null where none passed.
    pub media: Option<CallMedia>,
    pub data: Option<CallData>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<CallBreak>,
    pub series: Vec<CallSecond>,
    pub evidence: Vec<ObservationId>,
}

//! A call as it was made and measured: how far it got, what broke it, and what passed.
//!
//! [`CallStage`], [`CallBreak`] and [`Traffic`] are facts; [`Call`] is what they amount to, as the diagnosis shows it.

use super::{
    CallKept, Code, CredentialMismatch, Millis, ObservationId, PairEnd, PairSilence, RoleDispute, RoundTrips,
    ServerUri, Tally, Text,
};
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
    /// The DTLS handshake did not end in time (RFC 8827 §6.5), and its datagrams tell in which direction they are lost.
    DtlsSilent {
        /// Handshake datagrams that this end sent over the selected pair.
        sent: u32,
        /// The UDP payload of the largest of them, in bytes.
        largest_bytes: u32,
        /// Datagrams of the other end that came in over the selected pair.
        heard: u32,
        /// Datagrams of this end that came in at the other one; absent where its record is not known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        heard_there: Option<u32>,
        /// From the start of the handshake until it was given up.
        waited_ms: Millis,
    },
    /// The DTLS handshake ended in an error, or an alert of the other end.
    DtlsFailed {
        /// What is known of it.
        detail: Text,
    },
    /// The certificate is not the one that the description announced (RFC 8122 §6.2).
    WrongFingerprint,
    /// A browser calls the handshake failed, and does not say why.
    DtlsRejected {
        /// Checks on the selected pair and answers.
        checks: Tally,
    },
    /// The selected pair was answered at first, and fell silent before the handshake was done.
    DiedUnsecured {
        /// Checks on the selected pair and answers.
        checks: Tally,
    },
    /// The other end's description cannot be used for a call (RFC 8829 §5.8).
    DescriptionUnusable {
        /// What is wrong with it, in the words of the SDP implementation; empty where `why` says all.
        detail: Text,
        /// The finding that names the reason; absent in records of earlier releases.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<Code>,
        /// The line of the description that the reason stands on, from 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        line: Option<u32>,
    },
    /// Media ran, and then nothing came from the other end any more.
    Cut {
        /// From the end of the DTLS handshake to the last datagram that came.
        after_ms: Millis,
        /// From the last datagram until the call was given up.
        silent_ms: Millis,
        /// What was learnt of the selected pair since then; absent where no pair was there to ask, and in records of earlier
        /// releases.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pair: Option<PairSilence>,
    },
    /// The other end closed the call before its time was up.
    Closed {
        /// From the end of the DTLS handshake until the other end closed or left.
        after_ms: Millis,
    },
}

/// Who begins a DTLS handshake (RFC 8842 §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DtlsRole {
    /// Sends the ClientHello: its description says `a=setup:active`.
    Client,
    /// Waits for it: `a=setup:passive`.
    Server,
}

/// What an end saw of a DTLS handshake that did not end well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DtlsHandshake {
    /// Ours, as the `a=setup` of the other end leaves it to us.
    pub role: DtlsRole,
    /// The other end's `a=setup`; null where its description has none.
    pub their_setup: Option<Text>,
    /// The line of its description that says so, from 1.
    pub setup_line: Option<u32>,
    /// ClientHellos that were sent, each copy counted.
    pub hellos_sent: u32,
    /// ClientHellos of the other end's that came in.
    pub hellos_received: u32,
    /// ClientHellos that the other end says it sent; null where it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hellos_sent_there: Option<u32>,
}

/// One kind of media, both ways. Bytes are those of RTP payloads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MediaFlow {
    /// RTP packets that this end handed to the selected pair.
    pub sent_packets: u64,
    /// The payload of the packets sent.
    pub sent_bytes: u64,
    /// RTP packets that came in and could be decrypted (RFC 3711 §3.3).
    pub received_packets: u64,
    /// The payload of the packets received.
    pub received_bytes: u64,
    /// Packets of the other end that did not come: the span of the sequence numbers that came, less the packets that
    /// did (RFC 3550 §A.3).
    pub lost: u64,
    /// Packets that came behind a later one; null where the end cannot tell, as a browser's page.
    #[serde(default)]
    pub reordered: Option<u64>,
    /// Interarrival jitter of what came (RFC 3550 §A.8), at the end of the call; null before two packets came.
    pub jitter_ms: Option<Millis>,
    /// Pauses of 200 ms or more in what came, which a jitter buffer does not hide.
    pub stalls: u32,
    /// The longest of these pauses; 0 without any.
    pub longest_stall_ms: Millis,
    /// Of this end's packets, how many the other end misses by its last report (RFC 3550 §6.4.1); null without a
    /// report.
    pub lost_there: Option<u64>,
    /// Interarrival jitter of this end's packets by the other end's last report; null without a report.
    pub jitter_there_ms: Option<Millis>,
    /// At the end of the call, for how long this end had gone on sending, and RTCP of the other end's had come in, since the
    /// last report that further packets had come there (the extended highest sequence number, RFC 3550 §6.4.1); 0 where that
    /// is no longer than reports take. Null without a report, and in records of earlier releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unconfirmed_ms: Option<Millis>,
}

impl MediaFlow {
    /// The share of packets that did not come, 0 to 1; None where nothing came.
    pub fn loss(&self) -> Option<f64> {
        let expected = self.received_packets + self.lost;
        (self.received_packets > 0).then(|| self.lost as f64 / expected as f64)
    }
}

/// Datagrams of media that came over the pair while the call ran (RFC 7983 §7), whether they could be used or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MediaDatagrams {
    /// SRTP; retransmissions that have a payload type of their own (RFC 4588) are not counted.
    pub rtp: u64,
    /// Those of them whose payload type the descriptions do not agree on.
    pub of_other_types: u64,
    /// SRTCP, which is told apart by its packet type (RFC 5761 §4).
    pub rtcp: u64,
}

/// RTP packets of the other end, by its own record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MediaThere {
    /// Those that it sent.
    pub sent_packets: u64,
    /// Those of this end that came in there.
    pub received_packets: u64,
}

/// Numbered messages on one data channel (RFC 8831), each of which the other end sends back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DataFlow {
    /// Whether the channel opened (RFC 8832).
    pub opened: bool,
    /// Messages that this end sent, the echoes that it returned aside.
    pub sent: u32,
    /// Messages of the other end that came in, echoes aside.
    pub received: u32,
    /// Messages of this end that the other one sent back.
    pub echoed: u32,
    /// From sending a message until its echo came; null where none came.
    pub rtt_ms: Option<RoundTrips>,
}

/// One second of a call; the last one may be shorter, and rates are those of its length.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CallSecond {
    /// Whole seconds from the end of the DTLS handshake to the start of this one.
    pub second: u32,
    /// The latest round trip measured in this second; null where there was none.
    pub rtt_ms: Option<Millis>,
    /// Interarrival jitter of audio at the end of this second (RFC 3550 §A.8); null before two packets came.
    pub jitter_ms: Option<Millis>,
    /// RTP packets of audio and video that came in this second.
    pub received_packets: u32,
    /// Packets found missing in this second; one that comes late takes its loss back in the second in which it comes.
    pub lost: u32,
    /// RTP payload sent, in bits a second.
    pub sent_bps: u64,
    /// RTP payload received, in bits a second.
    pub received_bps: u64,
    /// What congestion control would send at the end of this second, in bits a second; null before the other end's
    /// first feedback.
    pub estimated_bps: Option<u64>,
}

/// What passed while a call ran.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Traffic {
    /// From the end of the DTLS handshake to the end of measuring.
    pub lasted_ms: Millis,
    /// The version that the handshake settled on, as "DTLS 1.2"; empty where it is not known.
    pub dtls_version: Text,
    /// The rate that this end's video was to reach, in bits a second.
    pub aimed_bps: u64,
    /// The audio stream of either end.
    pub audio: MediaFlow,
    /// The video stream of either end.
    pub video: MediaFlow,
    /// What came in of media; null in records of earlier releases, and of browsers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came: Option<MediaDatagrams>,
    /// The data channel that retransmits and keeps the order.
    pub reliable: DataFlow,
    /// The data channel that does neither (RFC 8831 §6.1).
    pub unreliable: DataFlow,
    /// Round trips of the whole path: of echoes on the unreliable channel, else by RTCP reports (RFC 3550 §6.4.1); null
    /// without either.
    pub rtt_ms: Option<RoundTrips>,
    /// What congestion control would send at the end of measuring, by the other end's feedback, in bits a second; null
    /// without any.
    pub estimated_bps: Option<u64>,
    /// What the other end reports, and what passes on data channels, is encrypted or was not written down: that nothing of it
    /// is here says nothing. Absent otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reports_unknown: bool,
    /// Each second of the call, in order; at most an hour.
    pub series: Vec<CallSecond>,
}

/// How a call came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CallOutcome {
    /// Media and data passed both ways.
    Good,
    /// They did, with loss, delay or pauses that people notice.
    Degraded,
    /// They did, through a relay that does not carry what a call needs.
    RelayThin,
    /// Media, or one kind of it, came one way only.
    MediaOneWay,
    /// Media passed, and no data channel opened, or too little came back over it.
    NoData,
    /// It went through without sound or picture, or without one of them, for want of a codec that both ends speak.
    CodecsDiffer,
    /// What the other end had said that it would send passed; that was not everything.
    PartOffered,
    /// It went through, and no media went to the other end, or not all: its description asked for none.
    MediaDeclined,
    /// The other end never described itself.
    NoAnswer,
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
    /// Nothing was tried: no pair was checked, or this tool's own stack could not make the call.
    NotTried,
    /// The run ended first.
    Unfinished,
}

impl CallOutcome {
    /// Whether the call was secured and ran to its end, or until somebody hung up, well or not so well.
    pub fn has_run(self) -> bool {
        match self {
            Self::Good
            | Self::Degraded
            | Self::RelayThin
            | Self::NoData
            | Self::CodecsDiffer
            | Self::PartOffered
            | Self::MediaDeclined
            | Self::Closed => true,
            Self::MediaOneWay
            | Self::Cut
            | Self::Dtls
            | Self::NoPair
            | Self::NoCandidates
            | Self::NoAnswer
            | Self::NoAgreement
            | Self::NotTried
            | Self::Unfinished => false,
        }
    }
}

/// ITU-T G.109's words for what G.107's rating means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SpeechQuality {
    /// R is below 50: nearly all users are dissatisfied.
    NotRecommended,
    /// R is 50 to 60: nearly all users are dissatisfied with such calls.
    Poor,
    /// R is 60 to 70: many users are dissatisfied.
    Low,
    /// R is 70 to 80: some users are dissatisfied.
    Medium,
    /// R is 80 to 90: users are satisfied.
    High,
    /// R is 90 or more: users are very satisfied.
    Best,
}

/// How speech would sound over this path, rated from loss, jitter and round trip by the E-model (ITU-T G.107).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Grade {
    /// The transmission rating factor R, 0 to 93.2.
    pub r: f64,
    /// The mean opinion score that R stands for (G.107 Annex B), 1 to 4.5.
    pub mos: f64,
    /// The category of speech transmission quality that R belongs to (ITU-T G.109).
    pub quality: SpeechQuality,
}

impl Grade {
    /// The end of the scale of mean opinion scores (G.107 Annex B).
    pub const MOS_MAX: f64 = 4.5;
}

/// When each stage was reached, in milliseconds since the call began; null for a stage that was not reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CallTiming {
    /// All candidates of this end were known.
    pub gathered: Option<Millis>,
    /// The other end's description was there.
    pub checks_started: Option<Millis>,
    /// A pair was selected.
    pub connected: Option<Millis>,
    /// The DTLS handshake was done.
    pub dtls: Option<Millis>,
    /// The first data channel was open.
    pub channel_open: Option<Millis>,
    /// The first RTP packet of the other end came.
    pub first_media: Option<Millis>,
}

impl CallTiming {
    /// Notes when a stage was reached for the first time.
    pub fn note(&mut self, stage: CallStage, after_ms: Millis) {
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

/// The candidate pair that carried the call (RFC 8445 §8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SelectedPair {
    /// This end's candidate.
    pub local: PairEnd,
    /// The other end's candidate.
    pub remote: PairEnd,
}

/// What a call's media came to; fields as in the traffic that was observed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CallMedia {
    /// The audio stream of either end.
    pub audio: MediaFlow,
    /// The video stream of either end.
    pub video: MediaFlow,
    /// What came in of media; null in reports of earlier releases, and of browsers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came: Option<MediaDatagrams>,
    /// What the other end's record says of media; absent where it sent none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub there: Option<MediaThere>,
    /// Round trips of the whole path; null where none was measured.
    pub rtt_ms: Option<RoundTrips>,
    /// The rate that this end's video was to reach, in bits a second.
    pub aimed_bps: u64,
    /// What congestion control would send at the end, in bits a second; null without feedback.
    pub estimated_bps: Option<u64>,
    /// The version that the handshake settled on, as "DTLS 1.2"; empty where it is not known.
    pub dtls_version: Text,
    /// How speech would sound; null where no audio came or no round trip was measured.
    pub grade: Option<Grade>,
}

/// What a call's two data channels came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CallData {
    /// The channel that retransmits and keeps the order.
    pub reliable: DataFlow,
    /// The channel that does neither (RFC 8831 §6.1).
    pub unreliable: DataFlow,
}

/// A call, judged: between the two ends, or of this machine with itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// How it came out as a whole.
    pub outcome: CallOutcome,
    /// The URI of the TURN server that a call with oneself was forced through; absent of a direct one, and of one
    /// between two ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relay: Option<ServerUri>,
    /// The pair that carried it; null where none was nominated.
    pub selected: Option<SelectedPair>,
    /// When each of its stages was reached.
    pub timing_ms: CallTiming,
    /// From the end of the DTLS handshake to the end of measuring; null where it did not get beyond the DTLS handshake.
    pub lasted_ms: Option<Millis>,
    /// What its media came to; null where it did not get beyond the DTLS handshake.
    pub media: Option<CallMedia>,
    /// What its data channels came to; null where it did not get beyond the DTLS handshake.
    pub data: Option<CallData>,
    /// What ended it early or kept it from beginning; absent where nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<CallBreak>,
    /// Of a handshake that did not end well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handshake: Option<DtlsHandshake>,
    /// Where both ends took one role and the other did not give way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_dispute: Option<RoleDispute>,
    /// Where the two ends' agents do not use the credentials that the descriptions name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<CredentialMismatch>,
    /// How its path was kept; absent of a call that was too short for anything to need renewing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Box<CallKept>>,
    /// Each second of it, in order; empty where it did not get beyond the DTLS handshake.
    pub series: Vec<CallSecond>,
    /// The observations that it was judged by.
    pub evidence: Vec<ObservationId>,
}

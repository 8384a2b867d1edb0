//! DTLS, SRTP and SCTP (RFC 8827, RFC 3711, RFC 8831), by the embedded WebRTC stack: the only place that names `str0m`.
//!
//! The pair is found by our own agent ([`crate::ice`]), since a diagnosis checks every pair, also while the call runs.
//! str0m has an ICE agent inside and sends nothing before that believes in a pair. So it is made to play ICE-lite (RFC
//! 8445 §2.5) with one made-up pair and made-up credentials: [`shim`] sends it the check that nominates this pair, its
//! answers are dropped, and what it sends beyond STUN is the owner's to carry. It never learns of real addresses, nor of
//! an ICE restart. In its SDP our own credentials and candidates stand instead ([`sdp`]).
//!
//! str0m draws random numbers of its own (SSRCs, certificate, signatures): two runs with one seed carry packets of the same
//! number and, up to a few bytes of DTLS, of the same size, but not of the same content.

mod digest;
mod error;
mod event;
mod renegotiation;
mod sdp;
mod sections;
mod shim;
#[cfg(test)]
mod tests;

pub(super) use error::StackError;
pub(super) use event::{DataChannel, Event, RtcpReport, RtpPacket, StreamKind};
pub(super) use sdp::{OurDescription, SdpRole};

use super::arrivals::PayloadTypes;
use crate::machine::Instant;
use crate::model::Text;
use crate::signal::SessionDescription;
use digest::AnnouncedCertificates;
use renegotiation::MediaTerms;
use sections::BundleSections;
use shim::Shim;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use str0m::bwe::{Bitrate, BweKind};
use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::channel::{ChannelConfig, ChannelId, Reliability};
use str0m::config::DtlsVersion;
use str0m::format::Codec;
use str0m::media::{Direction, MediaKind, Mid};
use str0m::rtp::RtpWrite;
use str0m::{Event as RtcEvent, Input as RtcInput, Output as RtcOutput, Rtc, RtcConfig};

/// The time between two reports of what passed. RFC 3550 §6.2 asks for 5 s at least in small sessions, RFC 4585 §3.5.3
/// allows less; a second is what browsers do for video, and gives one round trip a second.
const REPORT_INTERVAL: Duration = Duration::from_secs(1);

/// str0m translates its clock to that of the wall by the moment of its first use, and before that moment there is
/// nothing: ours begins a minute later.
const EPOCH_MARGIN: Duration = Duration::from_secs(60);

/// The most packets that go out in one turn: those of a frame at 50 Mbit/s.
const MOST_AT_ONCE: usize = 200;

/// str0m's estimator wants to be woken each round trip, which on one machine is no time at all: it would never rest.
const LEAST_WAIT: Duration = Duration::from_micros(500);

pub(super) struct Stack {
    rtc: Rtc,
    shim: Shim,
    epoch: std::time::Instant,
    /// The certificates of which the other end may show one (RFC 8122 §5).
    announced: Option<Arc<AnnouncedCertificates>>,
    pending: Option<SdpPendingOffer>,
    /// What the other end says of its media sections.
    sections: BundleSections,
    /// The SDP that stands for us, for a description after an ICE restart.
    described: Option<String>,
    /// How the other end's description begins SCTP.
    sctp_init: Option<String>,
    /// It answers the other end's, which changes what was agreed on where it has other terms than these.
    answered: Option<MediaTerms>,
    mids: Vec<(StreamKind, Mid)>,
    channels: Vec<(DataChannel, ChannelId)>,
    sequences: [u64; 2],
    connected: bool,
    wake: Instant,
    out: VecDeque<Vec<u8>>,
    events: VecDeque<Event>,
    over: bool,
}

impl Stack {
    /// `first_bps`: what the path is taken to carry before the other end's feedback says more.
    pub(super) fn new(now: Instant, first_bps: u64) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "str0m's clock needs a beginning; all that follows is added to it"
        )]
        let epoch = std::time::Instant::now() + EPOCH_MARGIN;
        let shim = Shim::new();
        let rtc = RtcConfig::new()
            .set_crypto_provider(Arc::new(digest::provider()))
            .set_local_ice_credentials(shim.credentials())
            .set_ice_lite(true)
            // Each saves round trips where the other end has it too: DTLS 1.3 one (RFC 9147 §5), SCTP's beginning in the
            // description two (draft-hancke-tsvwg-snap).
            .set_dtls_version(DtlsVersion::Auto)
            .set_snap_enabled(true)
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .set_rtp_mode(true)
            .set_stats_interval(Some(REPORT_INTERVAL))
            .set_rtcp_report_interval_audio(REPORT_INTERVAL)
            .set_rtcp_report_interval_video(REPORT_INTERVAL)
            .enable_bwe(Some(Bitrate::from(first_bps)))
            .build(epoch + now.since_start());
        Self {
            rtc,
            shim,
            epoch,
            announced: None,
            pending: None,
            sections: BundleSections::default(),
            described: None,
            sctp_init: None,
            answered: None,
            mids: Vec::new(),
            channels: Vec::new(),
            sequences: [0; 2],
            connected: false,
            wake: now,
            out: VecDeque::new(),
            events: VecDeque::new(),
            over: false,
        }
    }

    fn clock(&self, now: Instant) -> std::time::Instant {
        self.epoch + now.since_start()
    }

    /// Audio, video and two channels, both ways.
    pub(super) fn offer(&mut self, now: Instant, ours: &OurDescription) -> Result<String, StackError> {
        let mut change = self.rtc.sdp_api();
        let mut media = |kind| change.add_media(kind, Direction::SendRecv, None, None, None);
        let mids = vec![(StreamKind::Audio, media(MediaKind::Audio)), (StreamKind::Video, media(MediaKind::Video))];
        for (label, ordered, reliability) in [
            ("reliable", true, Reliability::Reliable),
            ("unreliable", false, Reliability::MaxRetransmits { retransmits: 0 }),
        ] {
            let label = label.to_owned();
            change.add_channel_with_config(ChannelConfig { label, ordered, reliability, ..ChannelConfig::default() });
        }
        let (offer, pending) = change.apply().ok_or(StackError::Limit { line: None })?;
        self.pending = Some(pending);
        self.mids = mids;
        let described = self.described.insert(offer.to_sdp_string());
        let text = sdp::outward(described, ours, SdpRole::Offer);
        self.drain(now);
        Ok(text)
    }

    /// The other end's offer, and our answer to it.
    pub(super) fn answer(&mut self, now: Instant, offer: &str, ours: &OurDescription) -> Result<String, StackError> {
        SessionDescription::check_call(offer, None).map_err(StackError::NoCall)?;
        let shown = self.take_description(offer, None);
        let is_read = |text: &str| SdpOffer::from_sdp_string(text).is_ok();
        let read = SdpOffer::from_sdp_string(&shown).map_err(|_| self.limit(offer, None, is_read))?;
        let answer = self.rtc.sdp_api().accept_offer(read).map_err(StackError::of_description)?;
        self.answered = Some(MediaTerms::read(&shown));
        let described = self.described.insert(self.sections.answered(&answer.to_sdp_string()));
        let text = sdp::outward(described, ours, SdpRole::Answer);
        self.shim.begin(&mut self.rtc);
        self.drain(now);
        Ok(text)
    }

    /// The other end's answer to our offer.
    pub(super) fn accept(&mut self, now: Instant, theirs: &str) -> Result<(), StackError> {
        let Some(pending) = self.pending.take() else { return Ok(()) };
        SessionDescription::check_call(theirs, self.described()).map_err(StackError::NoCall)?;
        let answer = sdp::without_echo(theirs, self.described.as_deref().unwrap_or_default());
        let ours = self.described.clone();
        let shown = self.take_description(&answer, ours.as_deref());
        let is_read = |text: &str| SdpAnswer::from_sdp_string(text).is_ok();
        let read = SdpAnswer::from_sdp_string(&shown).map_err(|_| self.limit(theirs, ours.as_deref(), is_read))?;
        self.rtc.sdp_api().accept_answer(pending, read).map_err(StackError::of_description)?;
        self.shim.begin(&mut self.rtc);
        self.drain(now);
        Ok(())
    }

    /// The other end's description as str0m is to see it: those sections alone in use that go the one way that there is, a
    /// fingerprint that it can compute, and nothing of ICE.
    fn take_description(&mut self, theirs: &str, offer: Option<&str>) -> String {
        let shown;
        (self.sections, self.announced, shown) = self.show(theirs, offer);
        self.sctp_init = sdp::sctp_init(&shown);
        shown
    }

    fn show(&self, theirs: &str, offer: Option<&str>) -> (BundleSections, Option<Arc<AnnouncedCertificates>>, String) {
        let sections = BundleSections::read(theirs, offer);
        let (usable, announced) = digest::usable(&sections.for_one_way(theirs));
        (sections, announced, sdp::inward(&usable, self.shim.theirs()))
    }

    /// That str0m cannot read the other end's description, and which line it is that it cannot read.
    fn limit(&self, theirs: &str, offer: Option<&str>, is_read: impl Fn(&str) -> bool) -> StackError {
        let line = sdp::odd_line(theirs, |without| is_read(&self.show(without, offer).2));
        StackError::Limit { line }
    }

    /// The other end's description with those sections alone in use, where one was taken.
    pub(super) fn in_use(&self, theirs: &str) -> String {
        if self.sections == BundleSections::default() { theirs.to_owned() } else { self.sections.for_one_way(theirs) }
    }

    /// How many sections the other end wants that do not go that way.
    pub(super) fn left_out(&self) -> u32 {
        self.sections.left_out()
    }

    /// What we have said of ourselves, but for our candidates.
    pub(super) fn described(&self) -> Option<&str> {
        self.described.as_deref()
    }

    /// The payload types that may come, by the descriptions.
    pub(super) fn payload_types(&self) -> PayloadTypes {
        let params = || self.rtc.codec_config().params().iter();
        PayloadTypes {
            media: params().map(|params| *params.pt()).collect(),
            repair: params().filter_map(|params| params.resend()).map(|pt| *pt).collect(),
        }
    }

    /// Whether both descriptions are there.
    pub(super) fn is_described(&self) -> bool {
        self.described.is_some() && self.pending.is_none()
    }

    /// The same session with other credentials and candidates, after an ICE restart (RFC 8829 §5.2.2, §5.3.2).
    pub(super) fn again(&self, ours: &OurDescription, side: SdpRole) -> Option<String> {
        self.described.as_ref().map(|described| sdp::outward(described, ours, side))
    }

    /// There is a pair: what is to be sent may be.
    pub(super) fn connect(&mut self, now: Instant) {
        self.connected = true;
        self.nominate(now);
        self.drain(now);
    }

    fn nominate(&mut self, now: Instant) {
        if self.connected && self.is_described() {
            let at = self.clock(now);
            if let Some(error) = self.shim.nominate(&mut self.rtc, now, at).err() {
                self.fail(error.into());
            }
        }
    }

    /// What came over the pair.
    pub(super) fn receive(&mut self, now: Instant, data: &[u8]) {
        if self.over || !self.is_described() {
            return;
        }
        let at = self.clock(now);
        // What cannot be parsed is a stranger's, and no fault.
        if let Some(receive) = self.shim.receive(data)
            && let Err(error) = self.rtc.handle_input(RtcInput::Receive(at, receive))
        {
            self.fail(error.into());
        }
        self.drain(now);
    }

    pub(super) fn wake_up(&mut self, now: Instant) {
        if self.over {
            return;
        }
        if self.shim.due().is_some_and(|due| due <= now) {
            self.nominate(now);
        }
        let at = self.clock(now);
        if let Err(error) = self.rtc.handle_input(RtcInput::Timeout(at)) {
            self.fail(error.into());
        }
        self.drain(now);
    }

    /// When to call [`Self::wake_up`]: never before there is a pair, so that the handshake's clock begins with it.
    pub(super) fn wake(&self) -> Option<Instant> {
        (self.connected && !self.over).then(|| self.shim.due().map_or(self.wake, |due| due.min(self.wake)))
    }

    /// The next datagram for the other end.
    pub(super) fn poll(&mut self) -> Option<Vec<u8>> {
        self.out.pop_front()
    }

    pub(super) fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// One RTP packet; false where the other end takes no such media.
    pub(super) fn send(
        &mut self,
        now: Instant,
        kind: StreamKind,
        timestamp: u32,
        marker: bool,
        payload: Vec<u8>,
    ) -> bool {
        let codec = match kind {
            StreamKind::Audio => Codec::Opus,
            StreamKind::Video => Codec::Vp8,
        };
        let Some((_, mid)) = self.mids.iter().find(|(known, _)| *known == kind).copied() else { return false };
        let taken = self.rtc.media(mid).filter(|media| media.direction().is_sending()).map(|media| media.remote_pts());
        let of_codec = |params: &&str0m::format::PayloadParams| params.spec().codec == codec;
        let params = self.rtc.codec_config().params().iter().find(of_codec).map(|params| params.pt());
        let Some(pt) = params.filter(|pt| taken.is_some_and(|taken| taken.contains(pt))) else { return false };
        let at = self.clock(now);
        let sequence = &mut self.sequences[kind as usize];
        let mut direct = self.rtc.direct_api();
        let Some(stream) = direct.stream_tx_by_mid(mid, None) else { return false };
        stream.write_rtp(RtpWrite::new(pt, (*sequence).into(), timestamp, at, payload).marker(marker));
        *sequence += 1;
        true
    }

    /// One message; false where the channel is not open or has no room.
    pub(super) fn send_data(&mut self, channel: DataChannel, data: &[u8]) -> bool {
        let Some((_, id)) = self.channels.iter().find(|(known, _)| *known == channel) else { return false };
        self.rtc.channel(*id).is_some_and(|mut channel| channel.write(true, data).unwrap_or(false))
    }

    /// What video is to reach, so that the estimate is tried up to it.
    pub(super) fn aim(&mut self, bps: u64) {
        self.rtc.bwe().set_bitrate(Bitrate::from(0), Bitrate::from(bps));
    }

    /// Lets what was handed in go out: after [`Self::send`] and [`Self::send_data`].
    pub(super) fn flush(&mut self, now: Instant) {
        self.wake_up(now);
    }

    /// Says farewell (RTCP BYE, DTLS close_notify).
    pub(super) fn close(&mut self, now: Instant) {
        if !self.over && self.connected {
            if let Err(error) = self.rtc.close() {
                self.fail(error.into());
            }
            self.drain(now);
        }
        self.over = true;
    }

    fn fail(&mut self, error: StackError) {
        if !self.over {
            self.over = true;
            self.events.push_back(Event::Failed(error));
        }
    }

    /// str0m's pacer gives out one packet and wants to be woken for the next: what is due by now goes now, for a world wakes
    /// no sooner than in a millisecond, in which 20 Mbit/s are two packets.
    fn drain(&mut self, now: Instant) {
        digest::hold_to(self.announced.as_ref());
        let (mut sent, mut has_sent) = (0, false);
        loop {
            match self.rtc.poll_output() {
                Ok(RtcOutput::Timeout(at)) => {
                    let clock = self.clock(now);
                    if std::mem::take(&mut has_sent) && at <= clock && sent < MOST_AT_ONCE {
                        if let Err(error) = self.rtc.handle_input(RtcInput::Timeout(clock)) {
                            return self.fail(error.into());
                        }
                        continue;
                    }
                    self.wake = now + at.saturating_duration_since(clock).max(LEAST_WAIT);
                    return;
                }
                Ok(RtcOutput::Transmit(transmit)) if shim::is_stun(&transmit.contents) => {}
                Ok(RtcOutput::Transmit(transmit)) => {
                    (sent, has_sent) = (sent + 1, true);
                    self.out.push_back(transmit.contents.to_vec());
                }
                Ok(RtcOutput::Event(event)) => self.rtc_event(event),
                Err(error) => return self.fail(error.into()),
            }
        }
    }

    fn rtc_event(&mut self, event: RtcEvent) {
        let kind_of =
            |mids: &[(StreamKind, Mid)], mid: Mid| mids.iter().find(|(_, own)| *own == mid).map(|(kind, _)| *kind);
        match event {
            RtcEvent::Connected => {
                let version = self.rtc.direct_api().dtls_protocol_version();
                let version = version.map(|version| format!("{version:?}")).unwrap_or_default();
                self.events.push_back(Event::Secured { version: Text::new(&version) });
            }
            RtcEvent::MediaAdded(added) => {
                let kind = if added.kind.is_audio() { StreamKind::Audio } else { StreamKind::Video };
                if !self.mids.iter().any(|(known, _)| *known == kind) {
                    self.mids.push((kind, added.mid));
                }
            }
            RtcEvent::ChannelOpen(id, label) => {
                let reliability = self.rtc.channel(id).and_then(|channel| channel.config().map(|c| c.reliability));
                let is_reliable = reliability.map_or(label != "unreliable", |how| how == Reliability::Reliable);
                let channel = if is_reliable { DataChannel::Reliable } else { DataChannel::Unreliable };
                if !self.channels.iter().any(|(known, _)| *known == channel) {
                    self.channels.push((channel, id));
                    self.events.push_back(Event::Opened(channel));
                }
            }
            RtcEvent::ChannelData(data) => {
                if let Some((channel, _)) = self.channels.iter().find(|(_, id)| *id == data.id) {
                    self.events.push_back(Event::Data { channel: *channel, data: data.data });
                }
            }
            RtcEvent::RtpPacket(packet) => {
                let ssrc = packet.header.ssrc;
                let mid = self.rtc.direct_api().stream_rx(&ssrc).map(|stream| stream.mid());
                if let Some(kind) = mid.and_then(|mid| kind_of(&self.mids, mid)) {
                    let (sequence, timestamp) = (*packet.seq_no, packet.time.numer());
                    let payload_bytes = packet.payload.len();
                    self.events.push_back(Event::Packet(RtpPacket { kind, sequence, timestamp, payload_bytes }));
                }
            }
            RtcEvent::MediaEgressStats(stats) => {
                if let Some(kind) = kind_of(&self.mids, stats.mid) {
                    let there = stats.remote.as_ref();
                    self.events.push_back(Event::Report(RtcpReport {
                        kind,
                        rtt: stats.rtt,
                        lost: there.map(|there| there.packets_lost),
                        jitter: there.map(|there| there.jitter),
                        highest: there.map(|there| *there.maximum_sequence_number),
                    }));
                }
            }
            RtcEvent::EgressBitrateEstimate(BweKind::Twcc { estimate, can_probe: true }) => {
                self.events.push_back(Event::Estimate(estimate.as_u64()));
            }
            RtcEvent::EgressBitrateEstimate(BweKind::Remb { estimate, .. }) => {
                self.events.push_back(Event::Estimate(estimate.as_u64()));
            }
            RtcEvent::Closed => self.events.push_back(Event::Closed),
            _ => {}
        }
    }
}

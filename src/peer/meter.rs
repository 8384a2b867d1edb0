//! What passed in a call: loss, jitter, order and stalls of what came (RFC 3550 §6.4.1, A.3, A.8), round trips, rates.

use super::arrivals::{self, PayloadTypes};
use super::call_config::CallConfig;
use super::source::EchoMessage;
use super::stack::{DataChannel, RtcpReport, RtpPacket, StreamKind};
use crate::machine::{Instant, Silence};
use crate::model::{CallSecond, DataFlow, MediaDatagrams, MediaFlow, Millis, RoundTrips, Text, Traffic};
use std::time::Duration;

/// A pause that a listener notices: what a jitter buffer hides is shorter (ITU-T G.114 calls 150 ms transparent).
const STALL: Duration = Duration::from_millis(200);

/// Between two reports of an end of which no two have come yet (RFC 3550 §6.2).
const LEAST_RTCP_INTERVAL: Duration = Duration::from_secs(5);

/// The most seconds that are kept: more than the longest `--ageing` makes.
const MOST_SECONDS: usize = 3600;

/// The most round trips that are kept for the median.
const MOST_ROUND_TRIPS: usize = 4096;

/// Rounds to a tenth: differences caused by str0m's own random numbers are smaller than that, and inaudible.
fn tenths(time: Millis) -> Millis {
    Millis((time.0 * 10.0).round() / 10.0)
}

fn measured(duration: Duration) -> Millis {
    tenths(duration.into())
}

/// Jitter, which is reckoned in seconds with fractions.
fn jitter(seconds: f64) -> Millis {
    tenths(Millis(seconds * 1000.0))
}

/// Ticks a second of the codec's clock.
fn clock(kind: StreamKind) -> f64 {
    match kind {
        StreamKind::Audio => 48_000.0,
        StreamKind::Video => 90_000.0,
    }
}

/// One stream of packets that come.
#[derive(Debug, Default)]
struct Incoming {
    first: Option<u64>,
    highest: u64,
    received: u64,
    reordered: u64,
    /// The transit time of the last packet, and the jitter, both in seconds.
    transit: Option<f64>,
    jitter: Option<f64>,
    /// How long it is since the last packet.
    silence: Option<Silence>,
    stalls: u32,
    longest_stall: Duration,
}

impl Incoming {
    /// A pause until now is explained, and counts for nothing.
    fn excuse(&mut self, now: Instant) {
        if let Some(silence) = &mut self.silence {
            silence.end(now);
        }
    }

    fn take(&mut self, now: Instant, packet: &RtpPacket) {
        let first = *self.first.get_or_insert(packet.sequence);
        self.received += 1;
        if self.received > 1 && packet.sequence < self.highest {
            self.reordered += 1;
        }
        // The very first packet may have been overtaken.
        self.first = Some(first.min(packet.sequence));
        self.highest = self.highest.max(packet.sequence);
        let transit = now.since_start().as_secs_f64() - packet.timestamp as f64 / clock(packet.kind);
        if let Some(before) = self.transit.replace(transit) {
            let jitter = self.jitter.get_or_insert(0.0);
            *jitter += ((transit - before).abs() - *jitter) / 16.0;
        }
        match &mut self.silence {
            Some(silence) => {
                let pause = silence.end(now);
                self.pause(pause);
            }
            None => self.silence = Some(Silence::since(now)),
        }
    }

    fn pause(&mut self, pause: Duration) {
        if pause >= STALL {
            self.stalls += 1;
            self.longest_stall = self.longest_stall.max(pause);
        }
    }

    fn lost(&self) -> u64 {
        let expected = self.first.map_or(0, |first| self.highest - first + 1);
        expected.saturating_sub(self.received)
    }
}

/// What the other end's reports say of a stream of ours, and when.
#[derive(Debug, Default)]
struct SentStream {
    last_sent: Option<Instant>,
    /// The highest sequence number that came there, and when the report came that said so first.
    confirmed: Option<(u64, Instant)>,
    /// The longest time between two reports of further packets.
    interval: Option<Duration>,
}

impl SentStream {
    fn report(&mut self, now: Instant, highest: u64) {
        let Some((before, at)) = self.confirmed else {
            self.confirmed = Some((highest, now));
            return;
        };
        if highest > before {
            self.interval = self.interval.max(Some(now.since(at)));
            self.confirmed = Some((highest, now));
        }
    }

    /// For how long packets were sent, and RTCP of the other end's came in, without a report that they came there. Three
    /// reports in a row are hardly lost by chance.
    fn unconfirmed(&self, last_rtcp: Option<Instant>) -> Option<Duration> {
        let ((_, at), last_sent) = self.confirmed.zip(self.last_sent)?;
        let unconfirmed = last_sent.min(last_rtcp?).since(at);
        let is_long = unconfirmed > self.interval.unwrap_or(LEAST_RTCP_INTERVAL) * 3;
        Some(if is_long { unconfirmed } else { Duration::ZERO })
    }
}

#[derive(Debug, Default)]
struct MediaMeter {
    incoming: Incoming,
    outgoing: SentStream,
    flow: MediaFlow,
}

#[derive(Debug, Default)]
struct DataMeter {
    flow: DataFlow,
    /// The number of the latest message of ours.
    latest: u32,
    round_trips: Vec<Duration>,
}

/// The sums of the second under way.
#[derive(Debug, Default)]
struct Sums {
    sent_bytes: u64,
    received_bytes: u64,
    received: u32,
    lost_before: u64,
    rtt: Option<Duration>,
}

#[derive(Debug)]
pub(super) struct Meter {
    began: Instant,
    /// When the first came that the other end sends only when it has the keys.
    first_secured: Option<Instant>,
    media: [MediaMeter; 2],
    came: MediaDatagrams,
    last_rtcp: Option<Instant>,
    data: [DataMeter; 2],
    round_trips: Vec<Duration>,
    echoes: bool,
    estimate: Option<u64>,
    sums: Sums,
    series: Vec<CallSecond>,
    seconds: u32,
}

impl Meter {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            began: now,
            first_secured: None,
            media: Default::default(),
            came: MediaDatagrams::default(),
            last_rtcp: None,
            data: Default::default(),
            round_trips: Vec::new(),
            echoes: false,
            estimate: None,
            sums: Sums::default(),
            series: Vec::new(),
            seconds: 0,
        }
    }

    pub(super) fn began(&self) -> Instant {
        self.began
    }

    /// Whether a stream comes, whose pauses mean something.
    pub(super) fn hears_media(&self) -> bool {
        self.media.iter().any(|media| media.incoming.received > 0)
    }

    /// Until when the call is measured. The last flight of a handshake that is lost is sent again (RFC 9147 §5.8.1), and until
    /// then the other end has no keys to send with: what begins too late for that is measured as long as all else.
    pub(super) fn until(&self, config: CallConfig) -> Instant {
        let usual = self.began + config.duration;
        match self.first_secured {
            None => usual.max(self.began + config.handshake),
            Some(first) if first > usual => first + config.duration,
            Some(_) => usual,
        }
    }

    pub(super) fn sent(&mut self, now: Instant, kind: StreamKind, bytes: usize) {
        let MediaMeter { outgoing, flow, .. } = &mut self.media[kind as usize];
        outgoing.last_sent = Some(now);
        flow.sent_packets += 1;
        flow.sent_bytes += bytes as u64;
        self.sums.sent_bytes += bytes as u64;
    }

    /// Counts a datagram that came, before it is known whether it can be used.
    pub(super) fn came(&mut self, now: Instant, datagram: &[u8], types: &PayloadTypes) {
        let rtcp = self.came.rtcp;
        arrivals::count(&mut self.came, datagram, types);
        if self.came.rtcp > rtcp {
            self.last_rtcp = Some(now);
        }
    }

    /// The agents restarted, and media come again: the pause between is told with that.
    pub(super) fn excuse_pause(&mut self, now: Instant) {
        self.media.iter_mut().for_each(|media| media.incoming.excuse(now));
    }

    /// Counts an RTP packet that came; true for the first of all.
    pub(super) fn packet(&mut self, now: Instant, packet: &RtpPacket) -> bool {
        let is_first = self.media.iter().all(|media| media.incoming.received == 0);
        self.first_secured.get_or_insert(now);
        let media = &mut self.media[packet.kind as usize];
        media.incoming.take(now, packet);
        media.flow.received_bytes += packet.payload_bytes as u64;
        self.sums.received += 1;
        self.sums.received_bytes += packet.payload_bytes as u64;
        is_first
    }

    pub(super) fn report(&mut self, now: Instant, report: &RtcpReport) {
        let MediaMeter { outgoing, flow, .. } = &mut self.media[report.kind as usize];
        if let Some(highest) = report.highest {
            outgoing.report(now, highest);
        }
        flow.lost_there = report.lost.or(flow.lost_there);
        let there = report.jitter.map(|ticks| jitter(f64::from(ticks) / clock(report.kind)));
        flow.jitter_there_ms = there.or(flow.jitter_there_ms);
        // Echoes are finer and more frequent, where the other end sends any.
        if let Some(rtt) = report.rtt.filter(|_| !self.echoes) {
            self.round_trip(rtt);
        }
    }

    fn round_trip(&mut self, rtt: Duration) {
        self.sums.rtt = Some(rtt);
        if self.round_trips.len() < MOST_ROUND_TRIPS {
            self.round_trips.push(rtt);
        }
    }

    pub(super) fn opened(&mut self, now: Instant, channel: DataChannel) {
        self.first_secured.get_or_insert(now);
        self.data[channel as usize].flow.opened = true;
    }

    pub(super) fn sent_message(&mut self, channel: DataChannel, number: u32) {
        let data = &mut self.data[channel as usize];
        (data.flow.sent, data.latest) = (data.flow.sent + 1, number);
    }

    pub(super) fn message(&mut self, now: Instant, channel: DataChannel, message: EchoMessage) {
        let data = &mut self.data[channel as usize];
        if !message.is_echo {
            data.flow.received += 1;
            return;
        }
        let rtt = now.since(message.sent_at);
        // Numbers that were never given out, or come from the future, are a forger's.
        if message.number == 0 || message.number > data.latest || message.sent_at > now {
            return;
        }
        data.flow.echoed += 1;
        if data.round_trips.len() < MOST_ROUND_TRIPS {
            data.round_trips.push(rtt);
        }
        if channel == DataChannel::Unreliable {
            if !std::mem::replace(&mut self.echoes, true) {
                self.round_trips.clear();
            }
            self.round_trip(rtt);
        }
    }

    pub(super) fn estimate(&mut self, bps: u64) {
        self.estimate = Some(bps);
    }

    /// When the next second is over.
    pub(super) fn due(&self) -> Instant {
        self.began + Duration::from_secs(u64::from(self.seconds) + 1)
    }

    /// Closes the seconds that are over.
    pub(super) fn tick(&mut self, now: Instant) {
        while now >= self.due() {
            self.close_second(Duration::from_secs(1));
        }
    }

    fn close_second(&mut self, length: Duration) {
        let lost = self.media.iter().map(|media| media.incoming.lost()).sum::<u64>();
        let sums = std::mem::replace(&mut self.sums, Sums { lost_before: lost, ..Sums::default() });
        let rate = |bytes: u64| (bytes as f64 * 8.0 / length.as_secs_f64()).round() as u64;
        let second = CallSecond {
            second: self.seconds,
            rtt_ms: sums.rtt.map(measured),
            jitter_ms: self.media[StreamKind::Audio as usize].incoming.jitter.map(jitter),
            received_packets: sums.received,
            // What comes late takes a loss back.
            lost: u32::try_from(lost.saturating_sub(sums.lost_before)).unwrap_or(u32::MAX),
            sent_bps: rate(sums.sent_bytes),
            received_bps: rate(sums.received_bytes),
            estimated_bps: self.estimate,
        };
        self.seconds += 1;
        if self.series.len() < MOST_SECONDS {
            self.series.push(second);
        }
    }

    /// Ends measuring and sums everything up.
    pub(super) fn finish(mut self, now: Instant, dtls_version: Text, aimed_bps: u64) -> Traffic {
        self.tick(now);
        let rest = now.since(self.began + Duration::from_secs(u64::from(self.seconds)));
        // A rate over less than a quarter of a second means nothing.
        if rest >= Duration::from_millis(250) {
            self.close_second(rest);
        }
        let [audio, video] = self.media.map(|mut media| {
            let pause = media.incoming.silence.as_ref().map(|silence| silence.length(now));
            media.incoming.pause(pause.unwrap_or_default());
            let Incoming { received, reordered, jitter: seconds_of_jitter, stalls, longest_stall, .. } = media.incoming;
            MediaFlow {
                received_packets: received,
                lost: media.incoming.lost(),
                reordered: Some(reordered),
                jitter_ms: seconds_of_jitter.map(jitter),
                stalls,
                longest_stall_ms: measured(longest_stall),
                unconfirmed_ms: media.outgoing.unconfirmed(self.last_rtcp).map(measured),
                ..media.flow
            }
        });
        let [reliable, unreliable] =
            self.data.map(|data| DataFlow { rtt_ms: round_trips(&data.round_trips), ..data.flow });
        Traffic {
            lasted_ms: measured(now.since(self.began)),
            dtls_version,
            aimed_bps,
            audio,
            video,
            came: Some(self.came),
            reliable,
            unreliable,
            rtt_ms: round_trips(&self.round_trips),
            estimated_bps: self.estimate,
            reports_unknown: false,
            series: self.series,
        }
    }
}

fn round_trips(samples: &[Duration]) -> Option<RoundTrips> {
    let mut sorted = samples.to_vec();
    sorted.sort();
    let (min, max) = (sorted.first()?, sorted.last()?);
    let median = sorted.get(sorted.len() / 2)?;
    Some(RoundTrips { min: measured(*min), median: measured(*median), max: measured(*max) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Instant {
        Instant::after_start(Duration::from_millis(ms))
    }

    fn packet(sequence: u64) -> RtpPacket {
        RtpPacket { kind: StreamKind::Audio, sequence, timestamp: sequence * 960, payload_bytes: 80 }
    }

    #[test]
    fn what_waits_for_the_last_flight_of_the_handshake_is_measured_as_long_as_all_else() {
        let own = super::super::loopback_call::OWN_CALL;
        let mut meter = Meter::new(at(0));
        let after = |duration: Duration| Instant::START + duration;
        assert_eq!(meter.until(own), after(own.handshake), "the other end may have no keys yet");
        meter.packet(at(1040), &packet(7));
        meter.packet(at(1060), &packet(8));
        assert_eq!(meter.until(own), at(1040) + own.duration);
        let mut in_time = Meter::new(at(0));
        in_time.opened(at(40), DataChannel::Reliable);
        assert_eq!(in_time.until(own), after(own.duration));
        assert_eq!(Meter::new(at(0)).until(CallConfig::USUAL), after(CallConfig::USUAL.duration));
    }

    fn heard(arrivals: impl IntoIterator<Item = (u64, u64)>, until: u64) -> Traffic {
        let mut meter = Meter::new(at(0));
        for (ms, sequence) in arrivals {
            meter.tick(at(ms));
            meter.packet(at(ms), &packet(sequence));
        }
        meter.finish(at(until), Text::default(), 0)
    }

    #[test]
    fn an_even_stream_has_no_loss_no_jitter_and_no_stall() {
        let traffic = heard((0..100).map(|n| (10 + n * 20, n)), 2010);
        let audio = &traffic.audio;
        assert_eq!((audio.received_packets, audio.lost, audio.reordered, audio.stalls), (100, 0, Some(0), 0));
        assert!(audio.jitter_ms.is_some_and(|jitter| jitter < Millis(0.001)), "{audio:?}");
        assert_eq!(traffic.series.len(), 2);
        assert_eq!(traffic.series[0].received_packets + traffic.series[1].received_packets, 100);
    }

    #[test]
    fn loss_is_counted_by_the_gaps_and_taken_back_by_what_comes_late() {
        let lossy = heard((0..100).filter(|n| n % 10 != 5).map(|n| (n * 20, n)), 2000);
        assert_eq!((lossy.audio.received_packets, lossy.audio.lost), (90, 10));
        assert!(lossy.audio.loss().is_some_and(|loss| (loss - 0.1).abs() < 1e-9));
        let late = heard([(0, 0), (20, 2), (25, 1), (60, 3)], 100);
        assert_eq!((late.audio.lost, late.audio.reordered), (0, Some(1)));
        let overtaken_at_once = heard([(0, 1), (1, 0), (40, 2)], 100);
        assert_eq!((overtaken_at_once.audio.lost, overtaken_at_once.audio.reordered), (0, Some(1)));
    }

    #[test]
    fn jitter_is_that_of_rfc_3550_a_8() {
        // Every second packet is 16 ms late: |D| is 16 ms each time, and J goes to it.
        let traffic = heard((0..400).map(|n| (n * 20 + if n % 2 == 1 { 16 } else { 0 }, n)), 8020);
        assert!(traffic.audio.jitter_ms.is_some_and(|jitter| (jitter.0 - 16.0).abs() < 0.1), "{:?}", traffic.audio);
    }

    #[test]
    fn a_pause_is_a_stall_also_where_nothing_follows_it() {
        let traffic = heard([(0, 0), (20, 1), (320, 16), (340, 17)], 1340);
        assert_eq!(traffic.audio.stalls, 2);
        assert!((traffic.audio.longest_stall_ms.0 - 1000.0).abs() < 0.01, "{:?}", traffic.audio);
    }

    #[test]
    fn echoes_of_messages_that_were_never_sent_count_for_nothing() {
        let mut meter = Meter::new(at(0));
        meter.sent_message(DataChannel::Unreliable, 1);
        let echo = |number, sent_at| EchoMessage { is_echo: true, number, sent_at };
        meter.message(at(50), DataChannel::Unreliable, echo(1, at(10)));
        meter.message(at(50), DataChannel::Unreliable, echo(2, at(10)));
        meter.message(at(50), DataChannel::Unreliable, echo(1, at(99)));
        let traffic = meter.finish(at(60), Text::default(), 0);
        assert_eq!(traffic.unreliable.echoed, 1);
        assert_eq!(traffic.rtt_ms.map(|rtt| rtt.median), Some(Millis(40.0)));
    }
}

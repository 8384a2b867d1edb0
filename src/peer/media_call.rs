//! The call itself: DTLS over the selected pair, then media and data for as long as was asked, and what passed.
//!
//! It is lent the ICE agent with every call of a method: what the stack sends leaves over the agent's selected pair, and what
//! comes in there is taken from the agent. It goes on answering until it is stopped, since the other end may have begun later.

use super::announced::{AnnouncedMedia, Announcements};
use super::arrivals::PayloadTypes;
use super::call_config::{CallConfig, RELAY_CHECK, VIDEO_SHARE};
use super::handshake::HandshakeStats;
use super::meter::Meter;
use super::source::{CHANNELS, EchoMessage, MediaSource};
use super::stack::{DataChannel, Event, OurDescription, SdpRole, Stack, StackError};
use crate::ice::{Agent, CONSENT_EXPIRY};
use crate::machine::{Instant, Silence};
use crate::model::{CallBreak, CallFact, CallStage, Fact, Millis, PathMaintenance, Text};
use crate::signal::SessionDescription;
use crate::signal::sdp::CodecGap;
use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

/// When all pairs are judged, an end without a selected one waits this long for the other to nominate.
const NOMINATION_PATIENCE: Duration = Duration::from_secs(3);

/// A pause that ends so soon after a restart is of the restart.
const RESTART_PAUSE: Duration = Duration::from_secs(10);

/// How far the call is.
enum CallPhase {
    /// Descriptions or a selected pair are still to come.
    Waiting,
    /// The DTLS handshake is under way.
    Securing { since: Instant },
    /// Media and data pass.
    Running { meter: Box<Meter>, silence: Silence },
    /// Everything is reported; the stack goes on answering until it is stopped.
    Reported,
}

/// One end of a call.
pub(super) struct MediaCall {
    config: CallConfig,
    stack: Stack,
    /// Those that may come, by the latest descriptions.
    types: PayloadTypes,
    began: Instant,
    phase: CallPhase,
    source: Option<MediaSource>,
    handshake: HandshakeStats,
    dtls_version: Text,
    /// The version of our latest description (RFC 8866 §5.2).
    version: u32,
    reached: BTreeSet<CallStage>,
    /// When everything was judged and no pair was selected.
    undecided_since: Option<Instant>,
    /// What the other end's latest description says that it will send.
    announced: Announcements,
    has_roamed: bool,
    /// The agent's latest restart after which media have come.
    resumed_after: Option<Instant>,
    is_stopped: bool,
    facts: VecDeque<Fact>,
}

/// When silence has lasted too long. Agents that restart are given the same time once more; and while the call was to run
/// still (`until`), what is silent may come back for as long as consent lasts.
fn silent_at(config: CallConfig, until: Instant, silence: &Silence, restarted_at: Option<Instant>) -> Instant {
    let since = silence.last_heard().max(restarted_at.unwrap_or_default());
    (since + config.longest_silence()).max(until.min(since + CONSENT_EXPIRY))
}

/// The agent's restart within the call after which no media have come over a new pair.
fn restarting(agent: &Agent, began: Instant, resumed_after: Option<Instant>) -> Option<Instant> {
    agent.restarted_at().filter(|at| *at > began && resumed_after != Some(*at))
}

impl MediaCall {
    pub(super) fn new(now: Instant, config: CallConfig) -> Self {
        Self {
            config,
            stack: Stack::new(now, config.first_bps),
            types: PayloadTypes::default(),
            began: now,
            phase: CallPhase::Waiting,
            source: None,
            handshake: HandshakeStats::default(),
            dtls_version: Text::default(),
            version: 0,
            reached: BTreeSet::new(),
            undecided_since: None,
            announced: Announcements::default(),
            has_roamed: false,
            resumed_after: None,
            is_stopped: false,
            facts: VecDeque::new(),
        }
    }

    // What is known of it.

    /// Whether all is reported.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.phase, CallPhase::Reported)
    }

    /// Datagrams of the other end's that came in while the two secured themselves, and later ones.
    pub(super) fn handshake_received(&self) -> u32 {
        self.handshake.received_count()
    }

    /// Whether it is time to leave the address that the call goes from: once, halfway.
    pub(super) fn is_to_roam(&self, now: Instant) -> bool {
        let CallPhase::Running { meter, .. } = &self.phase else { return false };
        let is_halfway = now.since(meter.began()) >= self.config.duration / 2;
        self.config.roam && !self.has_roamed && is_halfway
    }

    /// The next fact about it.
    pub(super) fn poll_fact(&mut self) -> Option<Fact> {
        self.facts.pop_front()
    }

    /// When it has something to do without anything coming in.
    pub(super) fn wake(&self, now: Instant, agent: &Agent) -> Option<Instant> {
        if self.is_stopped {
            return None;
        }
        let phase = match &self.phase {
            CallPhase::Waiting => self.undecided_since.map(|since| since + NOMINATION_PATIENCE),
            CallPhase::Securing { since } => Some(*since + self.config.handshake),
            CallPhase::Running { meter, silence } => {
                let until = meter.until(self.config);
                let checks_relay = self.config.outlasts_relay_check() && meter.hears_media();
                let relay_check = silence.due(RELAY_CHECK).filter(|_| checks_relay);
                // The control beside a silence is asked for by the tick of each second, and needs no wake of its own.
                let tick = meter.due().min(silent_at(self.config, until, silence, agent.restarted_at()));
                let until = Some(until).filter(|until| *until > now);
                [until, Some(tick), relay_check].into_iter().flatten().min()
            }
            CallPhase::Reported => None,
        };
        let source = self.source.as_ref().map(MediaSource::due);
        [phase, source, self.stack.wake()].into_iter().flatten().min()
    }

    // What it does.

    /// Lets everything that is due happen.
    pub(super) fn advance(&mut self, now: Instant, agent: &mut Agent) {
        for (is_reached, stage) in [
            (agent.has_gathered(), CallStage::Gathered),
            (agent.is_described(), CallStage::ChecksStarted),
            (agent.can_send(), CallStage::Connected),
        ] {
            if is_reached {
                self.reach(now, stage);
            }
        }
        self.receive(now, agent);
        self.secure(now, agent);
        self.produce(now, agent);
        self.check_clock(now, agent);
        self.transmit(now, agent);
    }

    /// Leaves the address that it goes from. Whoever can speak to the other end decides that this may be: it has to be told.
    pub(super) fn roam(&mut self, now: Instant, agent: &mut Agent) {
        self.has_roamed = true;
        agent.roam(now);
    }

    /// The other end went away without closing the call, as a browser's tab that is closed.
    pub(super) fn peer_left(&mut self, now: Instant, agent: &Agent) {
        if let CallPhase::Running { meter, .. } = &self.phase {
            let after_ms = Millis::from(now.since(meter.began()));
            self.finish(now, agent, Some(CallBreak::Closed { after_ms }));
        }
    }

    /// Ends it: what was measured is reported, and the other end is told.
    pub(super) fn stop(&mut self, now: Instant, agent: &mut Agent) {
        if !std::mem::replace(&mut self.is_stopped, true) {
            self.finish(now, agent, None);
            self.source = None;
            self.stack.close(now);
            self.transmit(now, agent);
        }
    }

    fn reach(&mut self, now: Instant, stage: CallStage) {
        if self.reached.insert(stage) {
            self.facts
                .push_back(Fact::Call(CallFact::CallReached { stage, after_ms: Millis::from(now.since(self.began)) }));
        }
    }

    /// What came over the pair.
    fn receive(&mut self, now: Instant, agent: &mut Agent) {
        while let Some(datagram) = agent.poll_media() {
            let is_out_of_turn = self.handshake.is_out_of_turn(&datagram);
            self.handshake.received(&datagram);
            if let CallPhase::Running { silence, meter, .. } = &mut self.phase {
                silence.end(now);
                meter.came(now, &datagram, &self.types);
            }
            if !is_out_of_turn {
                self.stack.receive(now, &datagram);
            }
            self.take_events(now, agent);
        }
    }

    /// Begins DTLS, when there are descriptions and a pair.
    fn secure(&mut self, now: Instant, agent: &Agent) {
        if !matches!(self.phase, CallPhase::Waiting) {
            return;
        }
        if agent.can_send() && self.stack.is_described() {
            self.phase = CallPhase::Securing { since: now };
            self.stack.connect(now);
            self.take_events(now, agent);
        } else if agent.is_judged() && !agent.can_send() {
            let since = *self.undecided_since.get_or_insert(now);
            if now.since(since) >= NOMINATION_PATIENCE {
                self.finish(now, agent, None);
            }
        } else {
            // A check of the other end's takes a pair up again that had failed.
            self.undecided_since = None;
        }
    }

    /// Makes what a call sends.
    fn produce(&mut self, now: Instant, agent: &Agent) {
        let can_send = agent.can_send();
        let Some(source) = self.source.as_mut().filter(|source| source.due() <= now) else { return };
        let mut meter = if let CallPhase::Running { meter, .. } = &mut self.phase { Some(meter) } else { None };
        // While the agent is without a pair, media are left out before they are numbered: what was never sent is not lost.
        for media in source.media(now).into_iter().filter(|_| can_send) {
            let (kind, bytes) = (media.kind, media.payload.len());
            let is_sent = self.stack.send(now, kind, media.timestamp, media.marker, media.payload);
            if let Some(meter) = meter.as_mut().filter(|_| is_sent) {
                meter.sent(now, kind, bytes);
            }
        }
        if let Some(message) = source.message(now) {
            for channel in CHANNELS.into_iter().filter(|channel| can_send || *channel == DataChannel::Reliable) {
                let is_sent = self.stack.send_data(channel, &message.write());
                if let Some(meter) = meter.as_mut().filter(|_| is_sent) {
                    meter.sent_message(channel, message.number);
                }
            }
        }
        self.stack.flush(now);
        self.take_events(now, agent);
    }

    fn check_clock(&mut self, now: Instant, agent: &mut Agent) {
        if self.stack.wake().is_some_and(|wake| wake <= now) {
            self.stack.wake_up(now);
            self.take_events(now, agent);
        }
        let config = self.config;
        match &mut self.phase {
            CallPhase::Securing { since } if now >= *since + config.handshake => {
                let silent = self.handshake.silent(now.since(*since).into());
                self.finish(now, agent, Some(silent));
            }
            CallPhase::Running { meter, silence } => {
                let until = meter.until(config);
                meter.tick(now);
                if silence.reaches(now, config.silence_check()) {
                    agent.check_pair(now, config.silence_check_spacing());
                    if config.needs_consent() {
                        agent.check_silence(now);
                    }
                }
                let hears_media = meter.hears_media();
                if config.outlasts_relay_check() && hears_media && silence.reaches(now, RELAY_CHECK) {
                    agent.check_relay(now);
                }
                let length = silence.length(now);
                if now >= silent_at(config, until, silence, agent.restarted_at()) {
                    let after_ms = Millis::from(now.since(meter.began()).saturating_sub(length));
                    let pair = agent.pair_silence(silence.last_heard());
                    self.finish(now, agent, Some(CallBreak::Cut { after_ms, silent_ms: Millis::from(length), pair }));
                } else if now >= until && !(hears_media && length >= RELAY_CHECK) {
                    // The other end sends until it is stopped: what ends in silence may have been cut, and is waited for.
                    self.finish(now, agent, None);
                }
            }
            CallPhase::Waiting | CallPhase::Securing { .. } | CallPhase::Reported => {}
        }
    }

    /// What the stack has to send leaves over the pair.
    fn transmit(&mut self, now: Instant, agent: &mut Agent) {
        while let Some(datagram) = self.stack.poll() {
            let is_sent = agent.send(now, &datagram);
            if is_sent && matches!(self.phase, CallPhase::Securing { .. }) {
                self.handshake.sent(&datagram);
            }
        }
    }

    /// Measuring is over, for good or ill.
    fn finish(&mut self, now: Instant, agent: &Agent, broken: Option<CallBreak>) {
        let phase = std::mem::replace(&mut self.phase, CallPhase::Reported);
        let is_cut = matches!(broken, Some(CallBreak::Cut { .. }));
        // The other end may have begun before this end came to it.
        if broken.is_some() && matches!(phase, CallPhase::Waiting | CallPhase::Securing { .. }) {
            self.facts.push_back(Fact::Call(CallFact::HandshakeSeen(self.handshake.seen())));
        }
        self.facts.extend(broken.map(|broken| Fact::Call(CallFact::CallBroken(broken))));
        if let CallPhase::Running { meter, .. } = phase {
            if self.config.needs_consent() {
                let maintenance = agent.maintenance(now);
                let beside_silence = maintenance.beside_silence.filter(|_| is_cut);
                self.facts.push_back(Fact::Call(CallFact::CallKept(Box::new(PathMaintenance {
                    beside_silence,
                    ..maintenance
                }))));
            }
            let traffic = meter.finish(now, self.dtls_version.clone(), self.config.video_bps);
            self.facts.push_back(Fact::Call(CallFact::Called(Box::new(traffic))));
        }
    }

    // What the stack reports.

    fn take_events(&mut self, now: Instant, agent: &Agent) {
        while let Some(event) = self.stack.poll_event() {
            self.stack_event(now, agent, event);
        }
    }

    fn stack_event(&mut self, now: Instant, agent: &Agent, event: Event) {
        match (event, &mut self.phase) {
            (Event::Secured { version }, CallPhase::Securing { .. }) => self.secured(now, version),
            (Event::Opened(channel), CallPhase::Running { meter, .. }) => {
                meter.opened(now, channel);
                self.reach(now, CallStage::ChannelOpen);
            }
            (Event::Packet(packet), CallPhase::Running { meter, .. }) => {
                if restarting(agent, meter.began(), self.resumed_after).is_some_and(|at| now.since(at) <= RESTART_PAUSE)
                {
                    meter.excuse_pause(now);
                }
                if meter.packet(now, &packet) {
                    self.reach(now, CallStage::FirstMedia);
                }
                self.resume(now, agent);
            }
            (Event::Data { channel, data }, phase) => {
                let Some(message) = EchoMessage::read(&data) else { return };
                if let CallPhase::Running { meter, .. } = phase {
                    meter.message(now, channel, message);
                }
                if !message.is_echo {
                    self.stack.send_data(channel, &EchoMessage { is_echo: true, ..message }.write());
                    self.stack.flush(now);
                }
            }
            (Event::Report(report), CallPhase::Running { meter, .. }) => meter.report(now, &report),
            (Event::Estimate(bps), phase) => {
                if let Some(source) = &mut self.source {
                    source.set_video_bps(self.config.video_bps.min((bps as f64 * VIDEO_SHARE) as u64));
                }
                if let CallPhase::Running { meter, .. } = phase {
                    meter.estimate(bps);
                }
            }
            (Event::Closed, CallPhase::Running { .. }) => self.peer_left(now, agent),
            (Event::Failed(error), CallPhase::Waiting | CallPhase::Securing { .. } | CallPhase::Running { .. }) => {
                self.finish(now, agent, Some(error.into()));
            }
            _ => {}
        }
    }

    /// The handshake is done: media and data begin.
    fn secured(&mut self, now: Instant, version: Text) {
        self.dtls_version = version;
        let (meter, silence) = (Box::new(Meter::new(now)), Silence::since(now));
        self.phase = CallPhase::Running { meter, silence };
        self.stack.aim(self.config.video_bps);
        let mut source = MediaSource::new(now);
        source.set_video_bps(self.config.video_bps.min(self.config.first_bps));
        self.source = Some(source);
        self.reach(now, CallStage::Dtls);
    }

    /// Media came: the first since the agent's restart are reported. Of a call that had not begun by then nothing is resumed.
    fn resume(&mut self, now: Instant, agent: &Agent) {
        let CallPhase::Running { meter, .. } = &self.phase else { return };
        let restarted = restarting(agent, meter.began(), self.resumed_after);
        if let Some(restarted) = restarted.filter(|_| !agent.is_on_former_pair()) {
            self.resumed_after = Some(restarted);
            self.facts.push_back(Fact::Call(CallFact::CallResumed { after_ms: Millis::from(now.since(restarted)) }));
        }
    }

    // What the two ends describe beforehand (RFC 3264, RFC 8829).

    /// Our offer. Candidates follow one by one (RFC 8838).
    pub(super) fn offer(&mut self, now: Instant, agent: &Agent, pacing_ms: u32) -> Result<String, StackError> {
        let ours = self.describe(agent, pacing_ms)?;
        match self.stack.again(&ours, SdpRole::Offer) {
            Some(again) => Ok(again),
            None => self.stack.offer(now, &ours),
        }
    }

    /// Our answer to the other end's offer.
    pub(super) fn answer(
        &mut self,
        now: Instant,
        agent: &Agent,
        theirs: &str,
        pacing_ms: u32,
    ) -> Result<String, StackError> {
        let ours = self.describe(agent, pacing_ms)?;
        let answer = self.stack.answer(now, theirs, &ours)?;
        self.handshake.described(theirs);
        self.note_described(theirs, false);
        Ok(answer)
    }

    /// The other end's answer to our offer.
    pub(super) fn accept(&mut self, now: Instant, theirs: &str) -> Result<(), StackError> {
        let is_first = !self.stack.is_described();
        self.stack.accept(now, theirs)?;
        if is_first {
            self.handshake.described(theirs);
        }
        self.note_described(theirs, true);
        Ok(())
    }

    // What either describes when the call is agreed on (RFC 3264 §8).

    /// Whether both ends have described the call.
    pub(super) fn is_agreed(&self) -> bool {
        self.stack.is_described()
    }

    /// Whether a description of the other end's that comes now may be taken.
    pub(super) fn check_again(&self, theirs: &str, side: SdpRole) -> Result<(), StackError> {
        self.stack.check_again(theirs, side)
    }

    /// Our answer to an offer that comes now; where there is none, the call goes on as it was.
    pub(super) fn answer_again(
        &mut self,
        now: Instant,
        agent: &Agent,
        theirs: &str,
        pacing_ms: u32,
    ) -> Result<String, StackError> {
        let ours = self.describe(agent, pacing_ms)?;
        let answer = self.stack.answer_again(now, theirs, &ours)?;
        self.note_described(theirs, false);
        Ok(answer)
    }

    fn describe(&mut self, agent: &Agent, pacing_ms: u32) -> Result<OurDescription, StackError> {
        let credentials = agent.credentials();
        let unusable = |_| StackError::Limit { line: None };
        let password = crate::signal::Password::new(&credentials.password).map_err(unusable)?;
        self.version += 1;
        Ok(OurDescription { version: self.version, ufrag: credentials.ufrag.clone(), password, pacing_ms })
    }

    /// What the other end says that it will send is reported where it is not everything, and sections that there is no way for
    /// beside the one that is made.
    fn note_described(&mut self, theirs: &str, answers: bool) {
        self.types = self.stack.payload_types();
        let left_out = self.stack.left_out();
        let offer = self.stack.described().filter(|_| answers);
        let announced = AnnouncedMedia::read(&self.stack.in_use(theirs), offer);
        if !self.announced.is_to_be_told(announced) {
            return;
        }
        if announced != AnnouncedMedia::ALL {
            let AnnouncedMedia { audio, video, data, declines } = announced;
            let (declines_audio, declines_video) = (declines.audio, declines.video);
            let announced =
                CallFact::PeerAnnounced { audio, video, data, declines_audio, declines_video, as_asked: false };
            self.facts.push_back(Fact::Call(announced));
        }
        if left_out > 0 {
            self.facts.push_back(Fact::Call(CallFact::NotBundled { left_out, answers }));
        }
        if let Some(CodecGap { audio, video, line }) = SessionDescription::codec_gap(theirs, offer) {
            self.facts.push_back(Fact::Call(CallFact::NoCommonCodec { audio, video, line, answers }));
        }
    }
}

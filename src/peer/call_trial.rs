//! A call's one end: does a call run over the pair that was found, and how well?
//!
//! It owns the ICE agent and, unless only pairs are to be checked, the stack. Over the pair that the agent has chosen the
//! two ends secure themselves, open channels and send what a call sends for as long as was asked; then it is told what
//! passed. It goes on until it is stopped, since the other end may have begun later.
//!
//! | file | what it does |
//! |---|---|
//! | stack | DTLS, SRTP, SCTP |
//! | source | what is sent |
//! | meter | what came |
//! | describe | what the two ends tell each other of it beforehand |

mod describe;

use super::announced::AnnouncedMedia;
use super::meter::Meter;
use super::source::{CHANNELS, EchoMessage, MediaSource};
use super::stack::{DataChannel, Event, Stack, StackError};
use crate::ice::Agent;
use crate::machine::{Input, Instant, Machine, Output, Wake};
use crate::model::{CallBreak, CallStage, Fact, Keeping, Origin, Question, Text};
use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

/// An end without a chosen pair, when all are judged, waits this long for the other to choose.
const CHOICE_PATIENCE: Duration = Duration::from_secs(3);

/// Silence in a stream of packets each 20 ms after which a relay that carries it is asked whether it is still there: longer
/// than a jitter buffer, and soon enough to move the call before people hang up.
const DOUBT: Duration = Duration::from_millis(500);

/// Part of the estimate that video takes: the rest is for speech and headers.
const VIDEO_SHARE: f64 = 0.85;

/// WebRTC's usual beginning.
const FIRST_BPS: u64 = 300_000;

/// What a call is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallConfig {
    /// How long it is measured, from the secured pair.
    pub duration: Duration,
    /// What the path is taken to carry at first, in bits a second: video works up from there.
    pub first_bps: u64,
    /// What video is to reach.
    pub video_bps: u64,
    /// How long the DTLS handshake may take: its flights are sent again after 1, 2 and 4 s (RFC 6347 §4.2.4.1).
    pub handshake: Duration,
    /// Silence after which it is over: short for a short call; for one that is aged, consent's 30 s (RFC 7675 §5.1).
    pub silence: Duration,
    /// Leave the address that it goes from, halfway.
    pub roam: bool,
}

impl CallConfig {
    /// Ten seconds of what a video call between two people takes. That three copies of a flight are lost is no accident.
    pub const USUAL: Self = Self {
        duration: Duration::from_secs(10),
        first_bps: FIRST_BPS,
        video_bps: 1_500_000,
        handshake: Duration::from_secs(10),
        silence: Duration::from_secs(3),
        roam: false,
    };

    /// Beyond a permission's 300 s and an allocation's 600 s (RFC 8656 §9, §7.2), so that both have been renewed; ended only by
    /// silence for which consent is withdrawn (RFC 7675 §5.1).
    pub const AGEING: Self = Self {
        duration: Duration::from_secs(660),
        first_bps: FIRST_BPS,
        video_bps: 500_000,
        handshake: Duration::from_secs(10),
        silence: Duration::from_secs(30),
        roam: false,
    };

    fn needs_keeping(self) -> bool {
        self.duration >= NEEDS_KEEPING
    }

    /// With video of so many bits a second from the beginning on; where the path does not take it, it goes down.
    #[must_use]
    pub fn with_video(self, video_bps: u64) -> Self {
        Self { first_bps: (video_bps as f64 / VIDEO_SHARE) as u64, video_bps, ..self }
    }

    /// Long enough for a doubt to be settled within it.
    fn is_long(self) -> bool {
        self.duration >= DOUBT * 4
    }

    fn longest_silence(self) -> Duration {
        self.silence.min(self.duration)
    }
}

/// How far the call is.
enum CallPhase {
    /// For descriptions and a pair.
    Waiting,
    /// DTLS.
    Securing {
        since: Instant,
    },
    Running {
        until: Instant,
        meter: Box<Meter>,
    },
    /// All is told.
    Reported,
}

/// The handshake's datagrams.
#[derive(Clone, Copy, Default)]
struct HandshakeStats {
    sent: u32,
    largest: usize,
    heard: u32,
}

/// Beside a silence of this part of the longest a server is asked, whether it still answers.
const DOUBTFUL_SHARE: u32 = 4;

/// A call of at least this length needs consent to be renewed (RFC 7675 §5.1): of shorter ones nothing is told of that.
const NEEDS_KEEPING: Duration = Duration::from_secs(30);

fn beside_at(config: CallConfig, meter: &Meter) -> Instant {
    meter.last_heard() + config.longest_silence() / DOUBTFUL_SHARE
}

/// When silence has lasted too long. Agents that begin anew are given the same time once more.
fn silent_at(config: CallConfig, meter: &Meter, anew_since: Option<Instant>) -> Instant {
    meter.last_heard().max(anew_since.unwrap_or_default()) + config.longest_silence()
}

struct Call {
    config: CallConfig,
    stack: Stack,
    phase: CallPhase,
    source: Option<MediaSource>,
    handshake: HandshakeStats,
    dtls_version: Text,
    version: u32,
    reached: BTreeSet<CallStage>,
    /// When everything was judged and no pair was chosen.
    undecided_since: Option<Instant>,
    /// When was heard what the silence followed in which the relay was last doubted.
    doubted: Option<Instant>,
    /// By its latest description.
    announced: Option<AnnouncedMedia>,
    has_roamed: bool,
    /// What was heard last before the silence beside which a server was asked.
    asked_beside: Option<Instant>,
    /// The agent's last beginning anew after which media has come.
    resumed: Option<Instant>,
}

pub struct CallTrial {
    agent: Agent,
    call: Option<Call>,
    question: Question,
    uri: Option<String>,
    now: Instant,
    began: Option<Instant>,
    stopped: bool,
    out: VecDeque<Output>,
}

impl CallTrial {
    /// Without a config the pairs are all that is tried.
    pub fn new(now: Instant, agent: Agent, config: Option<CallConfig>) -> Self {
        let call = config.map(|config| Call {
            config,
            stack: Stack::new(now, config.first_bps),
            phase: CallPhase::Waiting,
            source: None,
            handshake: HandshakeStats::default(),
            dtls_version: Text::default(),
            version: 0,
            reached: BTreeSet::new(),
            undecided_since: None,
            doubted: None,
            announced: None,
            has_roamed: false,
            asked_beside: None,
            resumed: None,
        });
        let (question, uri) = (Question::Call, None);
        Self { agent, call, question, uri, now, began: None, stopped: false, out: VecDeque::new() }
    }

    /// Under which question, and in the name of which server, it tells what it sees.
    #[must_use]
    pub fn called(mut self, question: Question, uri: Option<String>) -> Self {
        (self.question, self.uri) = (question, uri);
        self
    }

    pub fn agent(&self) -> &Agent {
        &self.agent
    }

    pub fn agent_mut(&mut self) -> &mut Agent {
        &mut self.agent
    }

    /// Whether a call is to be made, or was.
    pub fn makes_a_call(&self) -> bool {
        self.call.is_some()
    }

    /// Whether there is nothing more to find out: the pairs are judged, and the call is told.
    pub fn is_over(&self) -> bool {
        let is_told = self.call.as_ref().is_none_or(|call| matches!(call.phase, CallPhase::Reported));
        self.agent.is_judged() && is_told
    }

    /// How many datagrams of the other end's came in while the two secured themselves.
    pub fn heard_of_handshake(&self) -> Option<u32> {
        self.call.as_ref().map(|call| call.handshake.heard)
    }

    /// Whether the call itself is told, however the pairs stand.
    pub fn has_called(&self) -> bool {
        self.call.as_ref().is_none_or(|call| matches!(call.phase, CallPhase::Reported))
    }

    /// Whether it is time to leave the address that the call goes from: once, halfway.
    pub fn is_to_roam(&self) -> bool {
        let Some(call) = self.call.as_ref().filter(|call| call.config.roam && !call.has_roamed) else { return false };
        let CallPhase::Running { meter, .. } = &call.phase else { return false };
        self.now.since(meter.began()) >= call.config.duration / 2
    }

    /// Leaves it. Whoever can speak to the other end decides that this may be: it has to be told.
    pub fn roam(&mut self) {
        if let Some(call) = &mut self.call {
            call.has_roamed = true;
            self.agent.roam(self.now);
        }
    }

    // Telling.

    fn tell(&mut self, fact: Fact) {
        let by = Origin { question: self.question, uri: self.uri.clone() };
        self.out.push_back(Output::Observe { by, fact });
    }

    fn reach(&mut self, stage: CallStage) {
        let (Some(began), now) = (self.began, self.now) else { return };
        if self.call.as_mut().is_some_and(|call| call.reached.insert(stage)) {
            let after_ms = now.since(began).as_secs_f64() * 1000.0;
            self.tell(Fact::CallReached { stage, after_ms });
        }
    }

    /// Media came: the first since the agent began anew is told.
    fn resume(&mut self) {
        let (Some(anew), now) = (self.agent.anew_since(), self.now) else { return };
        let Some(call) = &mut self.call else { return };
        // Of a call that had not begun by then nothing is resumed.
        let has_begun = matches!(&call.phase, CallPhase::Running { meter, .. } if meter.began() < anew);
        if has_begun && call.resumed.replace(anew) != Some(anew) {
            self.tell(Fact::CallResumed { after_ms: now.since(anew).as_secs_f64() * 1000.0 });
        }
    }

    /// Measuring is over, for good or ill.
    fn finish(&mut self, broken: Option<CallBreak>) {
        let now = self.now;
        let Some(call) = &mut self.call else { return };
        let phase = std::mem::replace(&mut call.phase, CallPhase::Reported);
        let (version, aimed_bps) = (call.dtls_version.clone(), call.config.video_bps);
        let is_long = call.config.needs_keeping();
        let is_cut = matches!(broken, Some(CallBreak::Cut { .. }));
        if let Some(broken) = broken {
            self.tell(Fact::CallBroken(broken));
        }
        if let CallPhase::Running { meter, .. } = phase {
            if is_long {
                let keeping = self.agent.keeping(now);
                let beside_silence = keeping.beside_silence.filter(|_| is_cut);
                self.tell(Fact::CallKept(Box::new(Keeping { beside_silence, ..keeping })));
            }
            self.tell(Fact::Called(Box::new(meter.finish(now, version, aimed_bps))));
        }
    }

    // Running.

    /// Lets everything that is due happen.
    fn turn(&mut self) {
        if self.agent.has_gathered() {
            self.reach(CallStage::Gathered);
        }
        if self.agent.is_described() {
            self.reach(CallStage::ChecksStarted);
        }
        if self.agent.can_carry() {
            self.reach(CallStage::Connected);
        }
        self.hear();
        self.connect();
        self.speak();
        self.look();
        self.send();
    }

    /// What came over the pair.
    fn hear(&mut self) {
        let now = self.now;
        while let Some(datagram) = self.agent.carried() {
            let Some(call) = &mut self.call else { continue };
            call.handshake.heard = call.handshake.heard.saturating_add(1);
            if let CallPhase::Running { meter, .. } = &mut call.phase {
                meter.heard(now);
            }
            call.stack.receive(now, &datagram);
            self.listen();
        }
    }

    /// Begins DTLS, when there are descriptions and a pair.
    fn connect(&mut self) {
        let (now, can_carry) = (self.now, self.agent.can_carry());
        let is_judged = self.agent.is_judged();
        let Some(call) = &mut self.call else { return };
        if !matches!(call.phase, CallPhase::Waiting) {
            return;
        }
        if can_carry && call.stack.is_described() {
            call.phase = CallPhase::Securing { since: now };
            call.stack.connect(now);
            return self.listen();
        }
        if is_judged && !can_carry {
            let since = *call.undecided_since.get_or_insert(now);
            if now.since(since) >= CHOICE_PATIENCE {
                self.finish(None);
            }
        }
    }

    /// Sends what a call sends.
    fn speak(&mut self) {
        let (now, can_carry) = (self.now, self.agent.can_carry());
        let Some(call) = &mut self.call else { return };
        let Some(source) = &mut call.source else { return };
        if source.due() > now {
            return;
        }
        // While the agent is without a pair, media are left out before they are numbered: what was never sent is not lost.
        for media in source.media(now).into_iter().filter(|_| can_carry) {
            let (kind, bytes) = (media.kind, media.payload.len());
            let is_sent = call.stack.send(now, kind, media.timestamp, media.marker, media.payload);
            if let CallPhase::Running { meter, .. } = &mut call.phase
                && is_sent
            {
                meter.sent(kind, bytes);
            }
        }
        if let Some(message) = source.message(now) {
            for channel in CHANNELS.into_iter().filter(|channel| can_carry || *channel == DataChannel::Reliable) {
                let is_sent = call.stack.send_data(channel, &message.write());
                if let CallPhase::Running { meter, .. } = &mut call.phase
                    && is_sent
                {
                    meter.sent_message(channel, message.number);
                }
            }
        }
        call.stack.flush(now);
        self.listen();
    }

    /// Looks at the clock.
    fn look(&mut self) {
        let (now, anew_since) = (self.now, self.agent.anew_since());
        let Some(call) = &mut self.call else { return };
        if call.stack.wake().is_some_and(|wake| wake <= now) {
            call.stack.wake_up(now);
            self.listen();
        }
        let Some(call) = &mut self.call else { return };
        match &mut call.phase {
            CallPhase::Securing { since } if now >= *since + call.config.handshake => {
                let waited_ms = now.since(*since).as_secs_f64() * 1000.0;
                let HandshakeStats { sent, largest, heard } = call.handshake;
                let largest_bytes = u32::try_from(largest).unwrap_or(u32::MAX);
                self.finish(Some(CallBreak::DtlsSilent { sent, largest_bytes, heard, heard_there: None, waited_ms }));
            }
            CallPhase::Running { until, meter } => {
                meter.tick(now);
                let heard = meter.last_heard();
                if call.config.needs_keeping()
                    && now >= beside_at(call.config, meter)
                    && call.asked_beside.replace(heard) != Some(heard)
                {
                    self.agent.ask_beside(now);
                }
                let silent = meter.silent_for(now);
                if call.config.is_long()
                    && meter.hears_media()
                    && silent >= DOUBT
                    && call.doubted.replace(meter.last_heard()) != Some(meter.last_heard())
                {
                    self.agent.doubt(now);
                }
                // The other end sends until it is stopped: what ends in silence may have been cut.
                let is_doubtful = meter.hears_media() && silent >= DOUBT;
                if now >= silent_at(call.config, meter, anew_since) {
                    let ran = now.since(meter.began()).saturating_sub(silent);
                    let [after_ms, silent_ms] = [ran, silent].map(|time| time.as_secs_f64() * 1000.0);
                    self.finish(Some(CallBreak::Cut { after_ms, silent_ms }));
                } else if now >= *until && !is_doubtful {
                    self.finish(None);
                }
            }
            CallPhase::Waiting | CallPhase::Securing { .. } | CallPhase::Reported => {}
        }
    }

    /// What the stack has to tell.
    fn listen(&mut self) {
        while let Some(event) = self.call.as_mut().and_then(|call| call.stack.poll_event()) {
            self.heard(event);
        }
    }

    fn heard(&mut self, event: Event) {
        let now = self.now;
        let Some(call) = &mut self.call else { return };
        match (event, &mut call.phase) {
            (Event::Secured { version }, CallPhase::Securing { .. }) => {
                call.dtls_version = version;
                let until = now + call.config.duration;
                call.phase = CallPhase::Running { until, meter: Box::new(Meter::new(now)) };
                call.stack.aim(call.config.video_bps);
                let mut source = MediaSource::new(now);
                source.set_video_bps(call.config.video_bps.min(call.config.first_bps));
                call.source = Some(source);
                self.reach(CallStage::Dtls);
            }
            (Event::Opened(channel), CallPhase::Running { meter, .. }) => {
                meter.opened(channel);
                self.reach(CallStage::ChannelOpen);
            }
            (Event::Packet(packet), CallPhase::Running { meter, .. }) => {
                let is_first = meter.packet(now, &packet);
                if is_first {
                    self.reach(CallStage::FirstMedia);
                }
                self.resume();
            }
            (Event::Data { channel, data }, phase) => {
                let Some(message) = EchoMessage::read(&data) else { return };
                if let CallPhase::Running { meter, .. } = phase {
                    meter.message(now, channel, message);
                }
                if !message.is_echo {
                    call.stack.send_data(channel, &EchoMessage { is_echo: true, ..message }.write());
                    call.stack.flush(now);
                }
            }
            (Event::Report(report), CallPhase::Running { meter, .. }) => meter.report(&report),
            (Event::Estimate(bps), phase) => {
                if let Some(source) = &mut call.source {
                    source.set_video_bps(call.config.video_bps.min((bps as f64 * VIDEO_SHARE) as u64));
                }
                if let CallPhase::Running { meter, .. } = phase {
                    meter.estimate(bps);
                }
            }
            (Event::Closed, CallPhase::Running { meter, .. }) => {
                let after_ms = now.since(meter.began()).as_secs_f64() * 1000.0;
                self.finish(Some(CallBreak::Closed { after_ms }));
            }
            (Event::Failed(error), CallPhase::Waiting | CallPhase::Securing { .. } | CallPhase::Running { .. }) => {
                let detail = Text::new(&error.to_string());
                self.finish(Some(match error {
                    StackError::Fingerprint => CallBreak::WrongFingerprint,
                    StackError::Description(_) => CallBreak::DescriptionUnusable { detail },
                    StackError::Dtls(_) | StackError::Other(_) => CallBreak::DtlsFailed { detail },
                }));
            }
            _ => {}
        }
    }

    /// What the stack has to send goes over the pair.
    fn send(&mut self) {
        let now = self.now;
        while let Some(datagram) = self.call.as_mut().and_then(|call| call.stack.poll()) {
            let is_sent = self.agent.carry(now, &datagram);
            if let Some(call) =
                self.call.as_mut().filter(|call| is_sent && matches!(call.phase, CallPhase::Securing { .. }))
            {
                call.handshake.sent += 1;
                call.handshake.largest = call.handshake.largest.max(datagram.len());
            }
        }
    }

    /// The other end went away without a farewell, as a browser's tab that is closed.
    pub fn left(&mut self) {
        if let Some(Call { phase: CallPhase::Running { meter, .. }, .. }) = &self.call {
            let after_ms = self.now.since(meter.began()).as_secs_f64() * 1000.0;
            self.finish(Some(CallBreak::Closed { after_ms }));
        }
    }

    fn stop(&mut self) {
        if std::mem::replace(&mut self.stopped, true) {
            return;
        }
        self.finish(None);
        let now = self.now;
        if let Some(call) = &mut self.call {
            call.source = None;
            call.stack.close(now);
        }
        self.send();
    }

    fn own_wake(&self) -> Option<Instant> {
        let call = self.call.as_ref().filter(|_| !self.stopped)?;
        let phase = match &call.phase {
            CallPhase::Waiting => call.undecided_since.map(|since| since + CHOICE_PATIENCE),
            CallPhase::Securing { since } => Some(*since + call.config.handshake),
            CallPhase::Running { until, meter } => {
                let heard = meter.last_heard();
                let doubted_at = (call.config.is_long() && call.doubted != Some(heard)).then(|| heard + DOUBT);
                let silent_at = silent_at(call.config, meter, self.agent.anew_since());
                // What is asked beside a silence waits for the end of a second.
                let until = Some(*until).filter(|until| *until > self.now);
                [until, Some(meter.due().min(silent_at)), doubted_at].into_iter().flatten().min()
            }
            CallPhase::Reported => None,
        };
        let source = call.source.as_ref().map(MediaSource::due);
        [phase, source, call.stack.wake()].into_iter().flatten().min()
    }
}

impl Machine for CallTrial {
    fn handle(&mut self, now: Instant, input: Input) {
        self.now = now;
        self.began.get_or_insert(now);
        if input == Input::Stop {
            self.stop();
        }
        self.agent.handle(now, input);
        self.turn();
    }

    fn poll(&mut self) -> Output {
        // What the owner asked of the agent between two inputs is due at once.
        if self.out.is_empty() {
            self.turn();
        }
        if let Some(output) = self.out.pop_front() {
            return output;
        }
        match self.agent.poll() {
            Output::Wait(Wake::Finished) => Output::Wait(Wake::Finished),
            Output::Wait(wake) => Output::Wait(self.own_wake().map_or(wake, |at| wake.or(Wake::At(at)))),
            output => output,
        }
    }
}

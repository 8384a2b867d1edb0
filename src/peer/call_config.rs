//! What a call is to be like: how long it runs, how much it sends, and how much silence ends it.

use std::time::Duration;

/// The silence, in a stream of packets each 20 ms, after which a relay that carries it is asked whether it is still
/// there: longer than a jitter buffer, and soon enough to move the call before people hang up.
pub(super) const RELAY_CHECK: Duration = Duration::from_millis(500);

/// The part of the estimate that video takes: the rest is for speech and headers.
pub(super) const VIDEO_SHARE: f64 = 0.85;

/// The rate at which WebRTC usually begins, in bits a second.
const FIRST_BPS: u64 = 300_000;

/// The pair is asked whether it still carries, and a server whether it still answers, when silence has lasted this part of
/// the longest silence.
const SILENCE_CHECK_SHARE: u32 = 4;

/// So many checks would fit into the longest silence.
const SILENCE_CHECKS: u32 = 12;

/// A call of at least this length needs consent to be renewed (RFC 7675 §5.1); a shorter one reports nothing of it.
const NEEDS_CONSENT: Duration = Duration::from_secs(30);

/// What a call is to be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallConfig {
    /// How long it is measured, from the secured pair.
    pub duration: Duration,
    /// What the path is taken to carry at first, in bits a second: video works up from there.
    pub first_bps: u64,
    /// What video is to reach, in bits a second.
    pub video_bps: u64,
    /// How long the DTLS handshake may take: its flights are sent again after 1, 2 and 4 s (RFC 6347 §4.2.4.1).
    pub handshake: Duration,
    /// The silence after which the call is over: short for a short call; for one that is aged, consent's 30 s (RFC 7675
    /// §5.1).
    pub silence: Duration,
    /// Whether this end leaves the address that it sends from, halfway through the call.
    pub roam: bool,
}

impl CallConfig {
    /// Ten seconds of what a video call between two people takes. Three lost copies of a handshake flight in a row are
    /// hardly chance.
    pub const USUAL: Self = Self {
        duration: Duration::from_secs(10),
        first_bps: FIRST_BPS,
        video_bps: 1_500_000,
        handshake: Duration::from_secs(10),
        silence: Duration::from_secs(3),
        roam: false,
    };

    /// Longer than a permission's 300 s and an allocation's 600 s (RFC 8656 §9, §7.2), so that both have been renewed;
    /// ended only by silence for which consent is withdrawn (RFC 7675 §5.1).
    pub const AGEING: Self = Self {
        duration: Duration::from_secs(660),
        first_bps: FIRST_BPS,
        video_bps: 500_000,
        handshake: Duration::from_secs(10),
        silence: Duration::from_secs(30),
        roam: false,
    };

    /// The same call with video at this rate, in bits a second, from the start; where the path does not take it, the
    /// rate goes down.
    #[must_use]
    pub fn with_video(self, video_bps: u64) -> Self {
        Self { first_bps: (video_bps as f64 / VIDEO_SHARE) as u64, video_bps, ..self }
    }

    /// Whether it lasts so long that consent and a relay's grants must be renewed.
    pub(super) fn needs_consent(self) -> bool {
        self.duration >= NEEDS_CONSENT
    }

    /// Whether it lasts long enough for the answer about a silent relay to come within it.
    pub(super) fn outlasts_relay_check(self) -> bool {
        self.duration >= RELAY_CHECK * 4
    }

    /// The silence after which the call is over.
    pub(super) fn longest_silence(self) -> Duration {
        self.silence.min(self.duration)
    }

    /// The silence after which the pair is asked, and a server, as controls.
    pub(super) fn silence_check(self) -> Duration {
        self.longest_silence() / SILENCE_CHECK_SHARE
    }

    /// The time between two checks of the pair beside a silence: some come within it though it is noticed late.
    pub(super) fn silence_check_spacing(self) -> Duration {
        self.longest_silence() / SILENCE_CHECKS
    }
}

//! What a call is to be: how long, how much, and how much silence it takes before it is over.

use std::time::Duration;

/// Silence in a stream of packets each 20 ms after which a relay that carries it is asked whether it is still there: longer
/// than a jitter buffer, and soon enough to move the call before people hang up.
pub(super) const RELAY_CHECK: Duration = Duration::from_millis(500);

/// Part of the estimate that video takes: the rest is for speech and headers.
pub(super) const VIDEO_SHARE: f64 = 0.85;

/// The rate at which WebRTC usually begins, in bits a second.
const FIRST_BPS: u64 = 300_000;

/// After this part of the longest silence a server is asked whether it still answers.
const SILENCE_CHECK_SHARE: u32 = 4;

/// A call of at least this length needs consent to be renewed (RFC 7675 §5.1): of shorter ones nothing is reported of that.
const NEEDS_CONSENT: Duration = Duration::from_secs(30);

/// What a call is to be.
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

    /// Beyond a permission's 300 s and an allocation's 600 s (RFC 8656 §9, §7.2), so that both have been renewed; ended only
    /// by silence for which consent is withdrawn (RFC 7675 §5.1).
    pub const AGEING: Self = Self {
        duration: Duration::from_secs(660),
        first_bps: FIRST_BPS,
        video_bps: 500_000,
        handshake: Duration::from_secs(10),
        silence: Duration::from_secs(30),
        roam: false,
    };

    /// With video of so many bits a second from the beginning on; where the path does not take it, it goes down.
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

    /// Silence after which it is over.
    pub(super) fn longest_silence(self) -> Duration {
        self.silence.min(self.duration)
    }

    /// Silence beside which a server is asked.
    pub(super) fn silence_check(self) -> Duration {
        self.longest_silence() / SILENCE_CHECK_SHARE
    }
}

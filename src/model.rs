//! The words of the house: what was asked, what happened and what it means, as data.
//!
//! Everything here is plain data with a serde shape; nothing here acts. An [`Observation`] is what happened, a
//! [`Record`] is all of them in order, a [`Diagnosis`] is what they mean. No secret ever enters the model: there is
//! no field in it that a password, a nonce, a key or a user name could be put into.

mod call;
mod candidate;
mod candidate_address;
mod code;
mod conclusions;
mod detail;
mod diagnosis;
mod difference;
mod exit;
mod fact;
mod failure;
mod finding;
mod host;
mod judged;
mod keeping;
mod masked;
mod millis;
mod name_place;
mod nat;
mod observation;
mod pair;
mod phrase;
mod read;
mod reason;
mod redact;
mod relaying;
mod scope;
mod server;
mod server_uri;
mod several;
mod signalling;
mod tally;
mod target;
mod text;
mod tool;
mod transcript;
mod verdict;

pub use call::{Call, CallBreak, CallData, CallMedia, CallOutcome, CallSecond, CallStage, CallTiming};
pub use call::{DataFlow, DtlsHandshake, DtlsRole, Grade, MediaDatagrams, MediaFlow, MediaThere};
pub use call::{SelectedPair, SpeechQuality, Traffic};
pub use candidate::{Candidate, CandidateType, Protocol, TcpType};
pub use candidate_address::Host;
pub use code::{Code, Group};
pub use conclusions::{BlockedAt, CandidateSource, Gravity, ServerHealth};
pub use detail::{Count, Detail, Endpoint, Seconds, Tenths};
pub use diagnosis::{Diagnosis, SCHEMA, SERVE_SCHEMA};
pub use difference::{Change, Compared, DIFF_SCHEMA, Difference, Differences, Effect, Part, Subject};
pub use exit::Exit;
pub use fact::{
    Anomaly, Asked, BrowserFact, CallFact, CallFile, ConfigurationFact, DatagramClass, DnsFact, EchoFact, Fact,
    HopFact, HostFact, IceFact, Leg, Method, PacedRequest, PortControl, ProxyReach, RunFact, SignallingFact,
    StreamFact, StunFact, TurnFact,
};
pub use failure::{Certificate, DnsFailure, Failure, Icmp, ProxyProblem, Tls, TlsProblem};
pub use finding::{Finding, Severity, Strength, Words};
pub(crate) use host::cut_fairly;
pub use host::{DnsKind, DnsRecord, IPV4_ONLY, Interface, InterfaceAddress, InterfaceKind, IpCounters};
pub use judged::Judged;
pub use keeping::{
    CallKept, ConsentStats, PairSilence, PathMaintenance, Rebinding, Rebound, RelayMaintenance, Renewals, Throttled,
};
pub use masked::masked_uri;
pub use millis::Millis;
pub use name_place::NamePlace;
pub use nat::{Behaviour, Family, Nat, NatByFamily};
pub use observation::{End, Observation, ObservationId, Origin, Peer, Question, Record};
pub(crate) use observation::{RecordLengths, list_length};
pub use pair::{Pair, PairEnd, PairFailure, PairState, RoundTrips};
pub use phrase::{
    BrowserRefusal, CallFault, CandidateField, CodeError, CodePart, DecodeError, FailureMessage, FingerprintError,
    InflateError, LineError,
};
pub use phrase::{
    Leniency, Limit, Malformed, Quoted, RecordError, Refusal, RefusedCandidate, RefusedMessage, SdpError,
    SourceRefusal, Unfit,
};
pub use reason::Reason;
pub use redact::{NotRedacted, Redaction};
pub use relaying::{RelayLiveness, RelayState};
#[cfg(test)]
pub(crate) use scope::NO_BUSINESS_OF_A_SERVER;
pub(crate) use scope::innermost;
pub use scope::{Scope, Teller, is_inner_to, is_nat64, may_be_sent_to, without_nat64};
pub use server::{Server, ServerError, Stage, StageOutcome, Step};
pub use server_uri::ServerUri;
pub use several::Several;
pub use signalling::{CredentialMismatch, Role, RoleDispute, SignallingFailure, SignallingTransport};
pub use tally::Tally;
pub use target::{Scheme, Target, TargetError, Transport};
pub use text::Text;
pub use tool::Tool;
pub use transcript::{
    Bytes, Opening, RECORD_SCHEMA, RecordedBytes, Recording, Run, Transcript, TranscriptEntry, TranscriptEvent,
};
pub use verdict::{Forecast, Path, PeerClass, Verdict};

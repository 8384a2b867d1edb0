//! The codes under which the tool says things: stable names, explained in the catalogue.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Writes the enum once and the list of all of it beside it, so that neither can lack what the other has.
macro_rules! codes {
    ($($(#[$meta:meta])* $code:ident,)+) => {
        /// What a finding, a reason or an advice is called. In JSON and on the command line in kebab-case.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum Code {
            $($(#[$meta])* $code,)+
        }

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$code,)+];
        }
    };
}

codes! {
    // Why something was not asked.
    NotAskedFor,
    NoServer,
    NoStunAnswer,
    NoAddressOfFamily,
    NoOtherAddress,
    OtherAddressIsOwn,
    OtherAddressNotPublic,
    OtherAddressWrongFamily,
    OtherAddressSilent,
    ChangeRequestIgnored,
    ChangeRequestRefused,
    OneServerOnly,
    NoUsableInterface,
    NoCredentials,
    DtlsNotSupported,
    Interrupted,
    OutOfTime,

    // Why something asked is unclear.
    TooMuchLoss,
    ControlFailed,
    MappingMoved,
    ContradictoryAnswers,
    PortPreservedAfterExpiry,
    OnlyNotEndpointIndependent,
    TooFewSockets,
    ReverseStateDecides,
    RelayNotTested,

    // The network.
    NoNat,
    NatEndpointIndependent,
    NatAddressDependent,
    NatAddressAndPortDependent,
    FilteringEndpointIndependent,
    FilteringAddressDependent,
    FilteringAddressAndPortDependent,
    UdpBlocked,
    UdpUnclear,
    Ipv6Absent,
    Ipv6Broken,
    CarrierNat,
    DoubleNat,
    AddressPool,
    AddressRewritten,
    PortsPredictable,
    Hairpins,
    DoesNotHairpin,
    ShortMappingLifetime,
    SmallPathMtu,
    LossyPath,
    NetworkChanged,
    VpnInUse,
    LocalFirewall,
    MappedAddressNotPublic,
    Nat64InUse,
    CaptivePortal,
    InputLimited,
    NewerRelease,
    NoSocket,

    // Names.
    NameDoesNotExist,
    NameHasNoAddress,
    NameOnlyIpv6,
    NameServerFailed,
    NameServerRefused,
    NameServerSilent,
    NoNameServer,
    NameIsPrivate,

    // Servers.
    ServerSilent,
    ServerRefusedConnection,
    ServerUnreachable,
    ServerConnectionTimedOut,
    ServerClosed,
    BindingRefused,
    NotStun,
    AnswersFromElsewhere,
    MalformedAnswers,
    ConflictingAnswers,
    IntegrityFailed,
    ClassicServer,
    DisagreesWithOthers,
    TlsExpired,
    TlsNotYetValid,
    TlsWrongName,
    TlsSelfSigned,
    TlsUnknownIssuer,
    TlsRevoked,
    TlsNotSpoken,
    TlsNothingInCommon,
    TlsTimedOut,
    TlsFailed,
    TlsUnverified,

    // TURN.
    RelayWorks,
    RelayNoChallenge,
    RelayOpen,
    RelayCredentialsRejected,
    RelayStaleNonceLoop,
    RelayBidDown,
    RelayRedirected,
    RelayRedirectLoop,
    RelayForbidden,
    RelayBadRequest,
    RelayUnknownAttribute,
    RelayAllocationMismatch,
    RelayFamilyNotSupported,
    RelayWrongCredentials,
    RelayTransportNotSupported,
    RelayPeerFamilyMismatch,
    RelayConnectionExists,
    RelayConnectionFailed,
    RelayQuotaReached,
    RelayServerError,
    RelayNoCapacity,
    RelayUnknownError,
    RelayMalformed,
    RelayAddressNotPublic,
    RelayPeerRefused,
    RelayInLost,
    RelayOutLost,
    RelayNotProven,
    RelayAllocationLost,
    RelayOnlyOverTcp,

    // Two ends.
    PeerCandidateForbidden,
    PeerCandidateNameNotLocal,
    PeerCandidateLimit,
    PeerCandidateMalformed,
    PeerDescriptionUnusable,
    PeerOtherVersion,
    PeerMessageStale,
    PeerMessageForeign,
    PeerMessageMalformed,
    AddressesHidden,
    DirectWasPredicted,
    RelayWasPredicted,
    RelayWasPredictedAndFailed,
    NoPathWasPredicted,
    RelayNominatedFirst,
    RelayMayBeNominatedFirst,
    CarrierNotConnected,
    CarrierRefused,
    CarrierHeldBack,
    CarrierCut,
    OwnRelayedOverStream,
    PeerRelayedOverStream,
    PairsSilent,
    PairsUnheard,
    PairsNotSymmetric,
    PairsUnreachable,
    PairsRefusedByRelay,
    PairsRelayLost,
    PairsRefused,
    PairsNotResolved,
    PairLossy,
    ConsentLost,
    RoleConflict,
    IceRestarted,
    PeerLeft,
    PeerMakesNoCall,

    // A browser.
    BrowserHidesAddresses,
    BrowserOffersOneAddress,
    BrowserOffersNoLocalAddress,
    BrowserOffersRelaysOnly,
    BrowserOffersNothing,
    BrowserServerNotReached,
    BrowserServerRefused,
    BrowserSkippedServer,

    // The call.
    CallGood,
    CallDegraded,
    CallRelayThin,
    CallMediaOneWay,
    CallNoData,
    CallCut,
    CallClosed,
    CallPartOffered,
    CallRelayDied,
    CallRelayReplaced,
    CallDtlsBlocked,
    CallDtlsUnheard,
    CallResumed,
    CallDtlsSilent,
    CallDtlsFailed,
    CallWrongFingerprint,
    CallNoAgreement,
    CallUnfinished,
    OwnCallGood,
    OwnCallRelayCarries,
    OwnCallRelayThin,
    OwnCallFails,
    OwnCallRelayFails,
    OwnCallDtlsBlocked,
    DtlsBlockedHere,

    // Why a call goes the way it goes.
    BothEndpointIndependent,
    FilteringLetsPeerIn,
    NoTranslation,
    Ipv6Direct,
    MappingVariesWithPeer,
    RelayTakesOver,
    NoRelay,

    // The same of two ends.
    EndsUnclear,
    OwnUnclear,
    PeerUnclear,
    NoCommonServer,
    SameNetwork,
    SameNatHairpins,
    NoCommonFamily,
    PeerUdpBlocked,
    OwnMappingVaries,
    PeerMappingVaries,
    OwnFilterByPort,
    PeerFilterByPort,
    RelayToItselfNotTested,
    RelayDeniesItself,
    DirectPairWorks,
    NoDirectPairWorks,
    NoDirectPairTried,
    NoPairWorks,
    NoPairs,
    PeerRecordMissing,
    ChecksUnfinished,

    // What single change would make it direct.
    UseEndpointIndependentMapping,
    UseAddressDependentFiltering,
    AllowOutboundUdp,
    UseIpv6,
    PeerEndpointIndependentMapping,
    PeerAddressDependentFiltering,
    PeerOutboundUdp,
    PeerIpv6,
}

impl std::fmt::Display for Code {
    /// The name in kebab-case, as in JSON.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.serialize(f)
    }
}

impl std::str::FromStr for Code {
    type Err = serde::de::value::Error;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        use serde::de::IntoDeserializer;
        Self::deserialize(name.into_deserializer())
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn every_code_reads_back_from_its_name() {
        for code in Code::ALL {
            assert_eq!(code.to_string().parse::<Code>(), Ok(*code));
        }
        assert_eq!(Code::UdpBlocked.to_string(), "udp-blocked");
    }
}

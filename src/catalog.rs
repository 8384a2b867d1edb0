//! What does a code mean, and what is to be done about it? All the words of the tool's findings, in one place.
//!
//! A text is a template. `{server}` is replaced by what the finding is about, or by plain words where it does not say
//! ([`PLACEHOLDERS`]); what stands in `[square brackets]` is left out unless all of its values are there. So one text
//! serves the report of a run and `explain`, which knows of no run.
//!
//! Every text stands here in English and in Korean, side by side ([`Said`]). A Korean text puts a value where the
//! particle behind it does not depend on how the value ends: 에서, 에, 의, 도, or a colon.

mod browser;
mod call;
mod call_broken;
pub mod call_lines;
pub mod diff;
pub mod ended;
mod ends;
pub mod html;
mod labels;
mod lang;
pub mod met;
mod names;
mod network;
pub mod page;
mod pairs;
mod path;
mod peer;
mod reasons;
mod servers;
mod turn;
mod values;

pub use labels::{
    behaviour, candidate_type, interface_kind, outcome, path, path_verdict, peer, severity, stage, verdict_holds_for,
};
use lang::said;
pub use lang::{Lang, Said, UnknownLang};

use crate::model::{About, Code, Diagnosis, Words};

/// The templates of one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// One plain sentence, without its full stop.
    pub title: Said,
    /// What was seen and why it matters.
    pub detail: Said,
    /// The next step, and whose it is.
    pub remedy: Said,
    /// Where to read more: document and section; empty where no document says it.
    pub rfc: &'static str,
}

const NOTHING_TO_DO: Said = said("Nothing to do.", "조치할 것이 없습니다.");

/// A value that a template may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placeholder {
    pub name: &'static str,
    pub meaning: &'static str,
    /// What stands there where the finding does not say.
    pub otherwise: Said,
}

const fn placeholder(name: &'static str, meaning: &'static str, en: &'static str, ko: &'static str) -> Placeholder {
    Placeholder { name, meaning, otherwise: Said { en, ko } }
}

/// All values that a template may ask for: the keys of [`About`].
pub const PLACEHOLDERS: &[Placeholder] = &[
    placeholder("server", "the URI of the server", "the server", "서버"),
    placeholder(
        "address",
        "the address and port that were asked, or the address that was seen",
        "the address",
        "해당 주소",
    ),
    placeholder("transport", "UDP, TCP, TLS or DTLS", "the transport", "해당 프로토콜"),
    placeholder("code", "the STUN error code, three digits", "an error", "오류"),
    placeholder("reason", "what the server or the system said, in its own words", "no reason", "사유 없음"),
    placeholder("name", "the host name", "the name", "해당 이름"),
    placeholder("family", "IPv4 or IPv6", "the address family", "해당 주소 체계"),
    placeholder("interface", "the name of a network interface", "an interface", "한 인터페이스"),
    placeholder("public", "the public address or addresses of this network", "the public address", "공인 주소"),
    placeholder("relayed", "the relayed address", "the relayed address", "중계 주소"),
    placeholder("peer", "the peer's address", "the peer", "상대방"),
    placeholder("from", "the endpoint that answered in place of the one asked", "another address", "다른 주소"),
    placeholder("alternate", "the server that a redirect names", "another server", "다른 서버"),
    placeholder("issuer", "the issuer of the certificate", "an unknown issuer", "알 수 없는 발급자"),
    placeholder("names", "the names that the certificate is for", "other names", "다른 이름"),
    placeholder(
        "until",
        "the date until which, or since which, the certificate is valid",
        "the date in it",
        "인증서에 적힌 날짜",
    ),
    placeholder("lifetime", "after how long an idle mapping was gone", "a short time", "짧은 시간"),
    placeholder("mtu", "the largest packet that passes whole, in bytes", "fewer", "더 적은 수의"),
    placeholder("loss", "packets lost, in per cent", "some", "일부"),
    placeholder("rtt", "the median round trip, in milliseconds", "some", "어느 정도"),
    placeholder("time", "how long the call had run", "a while", "얼마간"),
    placeholder("bytes", "the size of the largest datagram, in bytes", "some", "어느 정도"),
    placeholder("step", "the distance between successive public ports", "a fixed step", "일정한 값"),
    placeholder("what", "what was left out", "things", "일부"),
    placeholder("count", "how many there were, or how many were left out", "some", "몇"),
    placeholder("local", "this end of a candidate pair", "one end", "한쪽 끝"),
    placeholder("remote", "the other end of a candidate pair", "the other end", "다른 쪽 끝"),
    placeholder("carrier", "how messages get to the other end", "this way to the room", "방으로 가는 이 방법"),
];

/// The words for a code.
pub fn entry(code: Code) -> Entry {
    match code {
        Code::PeerCandidateForbidden => peer::PEER_CANDIDATE_FORBIDDEN,
        Code::PeerCandidateNameNotLocal => peer::PEER_CANDIDATE_NAME_NOT_LOCAL,
        Code::PeerCandidateLimit => peer::PEER_CANDIDATE_LIMIT,
        Code::PeerCandidateMalformed => peer::PEER_CANDIDATE_MALFORMED,
        Code::PeerDescriptionUnusable => peer::PEER_DESCRIPTION_UNUSABLE,
        Code::PeerOtherVersion => peer::PEER_OTHER_VERSION,
        Code::PeerMessageStale => peer::PEER_MESSAGE_STALE,
        Code::PeerMessageForeign => peer::PEER_MESSAGE_FOREIGN,
        Code::PeerMessageMalformed => peer::PEER_MESSAGE_MALFORMED,
        Code::PeerMakesNoCall => peer::PEER_MAKES_NO_CALL,
        Code::BrowserHidesAddresses => browser::HIDES_ADDRESSES,
        Code::BrowserOffersOneAddress => browser::OFFERS_ONE_ADDRESS,
        Code::BrowserOffersNoLocalAddress => browser::OFFERS_NO_LOCAL_ADDRESS,
        Code::BrowserOffersRelaysOnly => browser::OFFERS_RELAYS_ONLY,
        Code::BrowserOffersNothing => browser::OFFERS_NOTHING,
        Code::BrowserServerNotReached => browser::SERVER_NOT_REACHED,
        Code::BrowserServerRefused => browser::SERVER_REFUSED,
        Code::BrowserSkippedServer => browser::SKIPPED_SERVER,
        Code::CallGood => call::CALL_GOOD,
        Code::CallDegraded => call::CALL_DEGRADED,
        Code::CallRelayThin => call::CALL_RELAY_THIN,
        Code::CallMediaOneWay => call::CALL_MEDIA_ONE_WAY,
        Code::CallNoData => call::CALL_NO_DATA,
        Code::CallPartOffered => call::CALL_PART_OFFERED,
        Code::CallCut => call_broken::CALL_CUT,
        Code::CallClosed => call_broken::CALL_CLOSED,
        Code::CallResumed => call::CALL_RESUMED,
        Code::CallRelayDied => call_broken::CALL_RELAY_DIED,
        Code::CallRelayReplaced => call_broken::CALL_RELAY_REPLACED,
        Code::CallDtlsBlocked => call_broken::CALL_DTLS_BLOCKED,
        Code::CallDtlsUnheard => call_broken::CALL_DTLS_UNHEARD,
        Code::CallDtlsSilent => call_broken::CALL_DTLS_SILENT,
        Code::CallDtlsFailed => call_broken::CALL_DTLS_FAILED,
        Code::CallWrongFingerprint => call_broken::CALL_WRONG_FINGERPRINT,
        Code::CallNoAgreement => call_broken::CALL_NO_AGREEMENT,
        Code::CallUnfinished => call_broken::CALL_UNFINISHED,
        Code::OwnCallDtlsBlocked => call_broken::OWN_CALL_DTLS_BLOCKED,
        Code::DtlsBlockedHere => call_broken::DTLS_BLOCKED_HERE,
        Code::NewerRelease => reasons::NEWER_RELEASE,
        Code::OwnCallGood => call::OWN_CALL_GOOD,
        Code::OwnCallRelayCarries => call::OWN_CALL_RELAY_CARRIES,
        Code::OwnCallRelayThin => call::OWN_CALL_RELAY_THIN,
        Code::OwnCallFails => call::OWN_CALL_FAILS,
        Code::OwnCallRelayFails => call::OWN_CALL_RELAY_FAILS,
        Code::NotAskedFor => reasons::NOT_ASKED_FOR,
        Code::NoServer => reasons::NO_SERVER,
        Code::NoStunAnswer => reasons::NO_STUN_ANSWER,
        Code::NoAddressOfFamily => reasons::NO_ADDRESS_OF_FAMILY,
        Code::NoOtherAddress => reasons::NO_OTHER_ADDRESS,
        Code::OtherAddressIsOwn => reasons::OTHER_ADDRESS_IS_OWN,
        Code::OtherAddressNotPublic => reasons::OTHER_ADDRESS_NOT_PUBLIC,
        Code::OtherAddressWrongFamily => reasons::OTHER_ADDRESS_WRONG_FAMILY,
        Code::OtherAddressSilent => reasons::OTHER_ADDRESS_SILENT,
        Code::ChangeRequestIgnored => reasons::CHANGE_REQUEST_IGNORED,
        Code::ChangeRequestRefused => reasons::CHANGE_REQUEST_REFUSED,
        Code::OneServerOnly => reasons::ONE_SERVER_ONLY,
        Code::NoUsableInterface => reasons::NO_USABLE_INTERFACE,
        Code::NoCredentials => reasons::NO_CREDENTIALS,
        Code::DtlsNotSupported => reasons::DTLS_NOT_SUPPORTED,
        Code::Interrupted => reasons::INTERRUPTED,
        Code::OutOfTime => reasons::OUT_OF_TIME,
        Code::TooMuchLoss => reasons::TOO_MUCH_LOSS,
        Code::ControlFailed => reasons::CONTROL_FAILED,
        Code::MappingMoved => reasons::MAPPING_MOVED,
        Code::ContradictoryAnswers => reasons::CONTRADICTORY_ANSWERS,
        Code::PortPreservedAfterExpiry => reasons::PORT_PRESERVED_AFTER_EXPIRY,
        Code::OnlyNotEndpointIndependent => reasons::ONLY_NOT_ENDPOINT_INDEPENDENT,
        Code::TooFewSockets => reasons::TOO_FEW_SOCKETS,
        Code::ReverseStateDecides => reasons::REVERSE_STATE_DECIDES,
        Code::RelayNotTested => reasons::RELAY_NOT_TESTED,
        Code::NoSocket => reasons::NO_SOCKET,
        Code::InputLimited => reasons::INPUT_LIMITED,
        Code::Nat64InUse => network::NAT64_IN_USE,
        Code::CaptivePortal => network::CAPTIVE_PORTAL,
        Code::BindingRefused => servers::BINDING_REFUSED,

        Code::NoNat => network::NO_NAT,
        Code::NatEndpointIndependent => network::NAT_ENDPOINT_INDEPENDENT,
        Code::NatAddressDependent => network::NAT_ADDRESS_DEPENDENT,
        Code::NatAddressAndPortDependent => network::NAT_ADDRESS_AND_PORT_DEPENDENT,
        Code::FilteringEndpointIndependent => network::FILTERING_ENDPOINT_INDEPENDENT,
        Code::FilteringAddressDependent => network::FILTERING_ADDRESS_DEPENDENT,
        Code::FilteringAddressAndPortDependent => network::FILTERING_ADDRESS_AND_PORT_DEPENDENT,
        Code::UdpBlocked => network::UDP_BLOCKED,
        Code::UdpUnclear => network::UDP_UNCLEAR,
        Code::Ipv6Absent => network::IPV6_ABSENT,
        Code::Ipv6Broken => network::IPV6_BROKEN,
        Code::CarrierNat => network::CARRIER_NAT,
        Code::DoubleNat => network::DOUBLE_NAT,
        Code::AddressPool => network::ADDRESS_POOL,
        Code::AddressRewritten => network::ADDRESS_REWRITTEN,
        Code::PortsPredictable => network::PORTS_PREDICTABLE,
        Code::Hairpins => network::HAIRPINS,
        Code::DoesNotHairpin => network::DOES_NOT_HAIRPIN,
        Code::ShortMappingLifetime => network::SHORT_MAPPING_LIFETIME,
        Code::SmallPathMtu => network::SMALL_PATH_MTU,
        Code::LossyPath => network::LOSSY_PATH,
        Code::NetworkChanged => network::NETWORK_CHANGED,
        Code::VpnInUse => network::VPN_IN_USE,
        Code::LocalFirewall => network::LOCAL_FIREWALL,
        Code::MappedAddressNotPublic => network::MAPPED_ADDRESS_NOT_PUBLIC,

        Code::NameDoesNotExist => names::NAME_DOES_NOT_EXIST,
        Code::NameHasNoAddress => names::NAME_HAS_NO_ADDRESS,
        Code::NameOnlyIpv6 => names::NAME_ONLY_IPV6,
        Code::NameServerFailed => names::NAME_SERVER_FAILED,
        Code::NameServerRefused => names::NAME_SERVER_REFUSED,
        Code::NameServerSilent => names::NAME_SERVER_SILENT,
        Code::NoNameServer => names::NO_NAME_SERVER,
        Code::NameIsPrivate => names::NAME_IS_PRIVATE,

        Code::ServerSilent => servers::SILENT,
        Code::ServerRefusedConnection => servers::REFUSED_CONNECTION,
        Code::ServerUnreachable => servers::UNREACHABLE,
        Code::ServerConnectionTimedOut => servers::CONNECTION_TIMED_OUT,
        Code::ServerClosed => servers::CLOSED,
        Code::NotStun => servers::NOT_STUN,
        Code::AnswersFromElsewhere => servers::ANSWERS_FROM_ELSEWHERE,
        Code::MalformedAnswers => servers::MALFORMED_ANSWERS,
        Code::ConflictingAnswers => servers::CONFLICTING_ANSWERS,
        Code::IntegrityFailed => servers::INTEGRITY_FAILED,
        Code::ClassicServer => servers::CLASSIC,
        Code::DisagreesWithOthers => servers::DISAGREES_WITH_OTHERS,
        Code::TlsExpired => servers::TLS_EXPIRED,
        Code::TlsNotYetValid => servers::TLS_NOT_YET_VALID,
        Code::TlsWrongName => servers::TLS_WRONG_NAME,
        Code::TlsSelfSigned => servers::TLS_SELF_SIGNED,
        Code::TlsUnknownIssuer => servers::TLS_UNKNOWN_ISSUER,
        Code::TlsRevoked => servers::TLS_REVOKED,
        Code::TlsNotSpoken => servers::TLS_NOT_SPOKEN,
        Code::TlsNothingInCommon => servers::TLS_NOTHING_IN_COMMON,
        Code::TlsTimedOut => servers::TLS_TIMED_OUT,
        Code::TlsFailed => servers::TLS_FAILED,
        Code::TlsUnverified => servers::TLS_UNVERIFIED,

        Code::RelayWorks => turn::WORKS,
        Code::RelayOpen => turn::OPEN,
        Code::RelayNoChallenge => turn::NO_CHALLENGE,
        Code::RelayCredentialsRejected => turn::CREDENTIALS_REJECTED,
        Code::RelayStaleNonceLoop => turn::STALE_NONCE_LOOP,
        Code::RelayBidDown => turn::BID_DOWN,
        Code::RelayRedirected => turn::REDIRECTED,
        Code::RelayRedirectLoop => turn::REDIRECT_LOOP,
        Code::RelayForbidden => turn::FORBIDDEN,
        Code::RelayBadRequest => turn::BAD_REQUEST,
        Code::RelayUnknownAttribute => turn::UNKNOWN_ATTRIBUTE,
        Code::RelayAllocationMismatch => turn::ALLOCATION_MISMATCH,
        Code::RelayFamilyNotSupported => turn::FAMILY_NOT_SUPPORTED,
        Code::RelayWrongCredentials => turn::WRONG_CREDENTIALS,
        Code::RelayTransportNotSupported => turn::TRANSPORT_NOT_SUPPORTED,
        Code::RelayPeerFamilyMismatch => turn::PEER_FAMILY_MISMATCH,
        Code::RelayConnectionExists => turn::CONNECTION_EXISTS,
        Code::RelayConnectionFailed => turn::CONNECTION_FAILED,
        Code::RelayQuotaReached => turn::QUOTA_REACHED,
        Code::RelayServerError => turn::SERVER_ERROR,
        Code::RelayNoCapacity => turn::NO_CAPACITY,
        Code::RelayUnknownError => turn::UNKNOWN_ERROR,
        Code::RelayMalformed => turn::MALFORMED,
        Code::RelayAddressNotPublic => turn::ADDRESS_NOT_PUBLIC,
        Code::RelayPeerRefused => turn::PEER_REFUSED,
        Code::RelayInLost => turn::IN_LOST,
        Code::RelayOutLost => turn::OUT_LOST,
        Code::RelayNotProven => turn::NOT_PROVEN,
        Code::RelayAllocationLost => turn::ALLOCATION_LOST,
        Code::RelayOnlyOverTcp => turn::ONLY_OVER_TCP,

        Code::BothEndpointIndependent => path::BOTH_ENDPOINT_INDEPENDENT,
        Code::FilteringLetsPeerIn => path::FILTERING_LETS_PEER_IN,
        Code::NoTranslation => path::NO_TRANSLATION,
        Code::Ipv6Direct => path::IPV6_DIRECT,
        Code::MappingVariesWithPeer => path::MAPPING_VARIES_WITH_PEER,
        Code::RelayTakesOver => path::RELAY_TAKES_OVER,
        Code::NoRelay => path::NO_RELAY,
        Code::UseEndpointIndependentMapping => path::USE_ENDPOINT_INDEPENDENT_MAPPING,
        Code::UseAddressDependentFiltering => path::USE_ADDRESS_DEPENDENT_FILTERING,
        Code::AllowOutboundUdp => path::ALLOW_OUTBOUND_UDP,
        Code::UseIpv6 => path::USE_IPV6,

        Code::EndsUnclear => ends::ENDS_UNCLEAR,
        Code::OwnUnclear => ends::OWN_UNCLEAR,
        Code::PeerUnclear => ends::PEER_UNCLEAR,
        Code::NoCommonServer => ends::NO_COMMON_SERVER,
        Code::SameNetwork => ends::SAME_NETWORK,
        Code::SameNatHairpins => ends::SAME_NAT_HAIRPINS,
        Code::NoCommonFamily => ends::NO_COMMON_FAMILY,
        Code::PeerUdpBlocked => ends::PEER_UDP_BLOCKED,
        Code::OwnMappingVaries => ends::OWN_MAPPING_VARIES,
        Code::PeerMappingVaries => ends::PEER_MAPPING_VARIES,
        Code::OwnFilterByPort => ends::OWN_FILTER_BY_PORT,
        Code::PeerFilterByPort => ends::PEER_FILTER_BY_PORT,
        Code::RelayToItselfNotTested => ends::RELAY_TO_ITSELF_NOT_TESTED,
        Code::RelayDeniesItself => ends::RELAY_DENIES_ITSELF,
        Code::DirectPairWorks => ends::DIRECT_PAIR_WORKS,
        Code::NoDirectPairWorks => ends::NO_DIRECT_PAIR_WORKS,
        Code::NoDirectPairTried => ends::NO_DIRECT_PAIR_TRIED,
        Code::NoPairWorks => ends::NO_PAIR_WORKS,
        Code::NoPairs => ends::NO_PAIRS,
        Code::PeerRecordMissing => ends::PEER_RECORD_MISSING,
        Code::ChecksUnfinished => ends::CHECKS_UNFINISHED,
        Code::PeerEndpointIndependentMapping => ends::PEER_ENDPOINT_INDEPENDENT_MAPPING,
        Code::PeerAddressDependentFiltering => ends::PEER_ADDRESS_DEPENDENT_FILTERING,
        Code::PeerOutboundUdp => ends::PEER_OUTBOUND_UDP,
        Code::PeerIpv6 => ends::PEER_IPV6,

        Code::AddressesHidden => pairs::ADDRESSES_HIDDEN,
        Code::DirectWasPredicted => pairs::DIRECT_WAS_PREDICTED,
        Code::RelayWasPredicted => pairs::RELAY_WAS_PREDICTED,
        Code::RelayWasPredictedAndFailed => pairs::RELAY_WAS_PREDICTED_AND_FAILED,
        Code::NoPathWasPredicted => pairs::NO_PATH_WAS_PREDICTED,
        Code::RelayNominatedFirst => pairs::RELAY_NOMINATED_FIRST,
        Code::RelayMayBeNominatedFirst => pairs::RELAY_MAY_BE_NOMINATED_FIRST,
        Code::CarrierNotConnected => pairs::CARRIER_NOT_CONNECTED,
        Code::CarrierRefused => pairs::CARRIER_REFUSED,
        Code::CarrierHeldBack => pairs::CARRIER_HELD_BACK,
        Code::CarrierCut => pairs::CARRIER_CUT,
        Code::OwnRelayedOverStream => pairs::OWN_RELAYED_OVER_STREAM,
        Code::PeerRelayedOverStream => pairs::PEER_RELAYED_OVER_STREAM,
        Code::PairsSilent => pairs::PAIRS_SILENT,
        Code::PairsUnheard => pairs::PAIRS_UNHEARD,
        Code::PairsNotSymmetric => pairs::PAIRS_NOT_SYMMETRIC,
        Code::PairsUnreachable => pairs::PAIRS_UNREACHABLE,
        Code::PairsRefusedByRelay => pairs::PAIRS_REFUSED_BY_RELAY,
        Code::PairsRelayLost => pairs::PAIRS_RELAY_LOST,
        Code::PairsRefused => pairs::PAIRS_REFUSED,
        Code::PairsNotResolved => pairs::PAIRS_NOT_RESOLVED,
        Code::PairLossy => pairs::PAIR_LOSSY,
        Code::ConsentLost => pairs::CONSENT_LOST,
        Code::RoleConflict => pairs::ROLE_CONFLICT,
        Code::IceRestarted => pairs::ICE_RESTARTED,
        Code::PeerLeft => pairs::PEER_LEFT,
    }
}

/// The words for a code in one run, or in none (`explain`).
pub fn words(code: Code, about: &About, lang: Lang) -> Words {
    let entry = entry(code);
    let expanded = |said: Said| Expansion { about, lang, text: String::new() }.of(said.to(lang));
    Words { title: expanded(entry.title), detail: expanded(entry.detail), remedy: expanded(entry.remedy) }
}

/// Puts the words into every finding.
pub fn fill(diagnosis: &mut Diagnosis, lang: Lang) {
    for finding in &mut diagnosis.findings {
        finding.words = words(finding.code, &finding.about, lang);
    }
}

/// A template on its way to becoming a text.
struct Expansion<'a> {
    about: &'a About,
    lang: Lang,
    text: String,
}

impl Expansion<'_> {
    /// Replaces the placeholders of a template. A value is never itself a template.
    fn of(mut self, template: &str) -> String {
        let mut rest = template;
        while let Some((plain, optional)) = rest.split_once('[') {
            self.push_values(plain);
            let (inside, after) = optional.split_once(']').unwrap_or((optional, ""));
            if placeholders(inside).all(|name| self.about.contains_key(name)) {
                self.push_values(inside);
            }
            rest = after;
        }
        self.push_values(rest);
        self.text
    }

    fn push_values(&mut self, template: &str) {
        let mut rest = template;
        while let Some((plain, name_on)) = rest.split_once('{') {
            self.text.push_str(plain);
            let (name, after) = name_on.split_once('}').unwrap_or((name_on, ""));
            match self.about.get(name) {
                Some(value) => self.text.push_str(&values::value(name, value, self.lang)),
                None => self.push_otherwise(name),
            }
            rest = after;
        }
        self.text.push_str(rest);
    }

    /// Plain words in place of a value: with a capital where they begin a sentence.
    fn push_otherwise(&mut self, name: &str) {
        let known = PLACEHOLDERS.iter().find(|known| known.name == name);
        let otherwise = known.map_or("…", |known| known.otherwise.to(self.lang));
        let begins_sentence = self.text.is_empty() || self.text.ends_with(". ");
        let mut chars = otherwise.chars();
        match chars.next() {
            Some(first) if begins_sentence => {
                self.text.extend(first.to_uppercase());
                self.text.push_str(chars.as_str());
            }
            _ => self.text.push_str(otherwise),
        }
    }
}

/// The names of the values a template asks for.
fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|after| after.split_once('}').map(|(name, _)| name))
}

#[cfg(test)]
mod tests;

//! What is said of the other end of a call: of its candidates, its descriptions and its messages.

use super::Entry;

pub(super) const PEER_CANDIDATE_FORBIDDEN: Entry = Entry {
    title: "The other end offers an address that nothing may be sent to",
    detail: "The candidate[ {name}] is a multicast, broadcast, unspecified, link-local or loopback address. Checks to it would \
             reach nobody, or somebody who did not ask for them, so none is sent.",
    remedy: "The other end: its application should not offer such addresses. All its other candidates are checked.",
    rfc: "RFC 8445 §19.5.1",
};
pub(super) const PEER_CANDIDATE_NAME_NOT_LOCAL: Entry = Entry {
    title: "The other end offers a name that is not one of the local link",
    detail: "The candidate[ {name}] is a host name. Only names that end in .local stand for hidden addresses; any other would let \
             a stranger choose which names this machine asks for.",
    remedy: "The other end: offer addresses, or mDNS names as browsers do.",
    rfc: "RFC 8839 §5.1",
};
pub(super) const PEER_CANDIDATE_LIMIT: Entry = Entry {
    title: "The other end offers too many candidates at one address",
    detail: "No more of them are checked: many checks to one address that has not asked for them would make this machine a \
             nuisance to a third party.",
    remedy: "Nothing to do where the call connects. Else: offer fewer TURN servers and interfaces.",
    rfc: "RFC 8445 §19.5.1",
};
pub(super) const PEER_CANDIDATE_MALFORMED: Entry = Entry {
    title: "A candidate of the other end cannot be read",
    detail: "Its line breaks the format of candidates[: {reason}]. The others are used.",
    remedy: "The other end: report it to the makers of its application.",
    rfc: "RFC 8839 §5.1",
};
pub(super) const PEER_DESCRIPTION_UNUSABLE: Entry = Entry {
    title: "The other end's description cannot be used",
    detail: "Its SDP lacks what ICE needs, or breaks the format[: {reason}]. Without it no pair can be checked.",
    remedy: "The other end: report it to the makers of its application, with this report.",
    rfc: "RFC 8839 §5",
};
pub(super) const PEER_OTHER_VERSION: Entry = Entry {
    title: "The other end is an rtc-doctor of another version, which this one cannot talk to",
    detail: "Its messages are of another version of the protocol[: {reason}].",
    remedy: "Both ends: use the same release of rtc-doctor, best the latest.",
    rfc: "",
};
pub(super) const PEER_MESSAGE_STALE: Entry = Entry {
    title: "A message came twice, or belongs to an earlier session, and was dropped",
    detail: "Each message of the other end is taken once and in order[: {reason}].",
    remedy: "Nothing to do where the call connects. If it does not, begin again in a new room.",
    rfc: "",
};
pub(super) const PEER_MESSAGE_FOREIGN: Entry = Entry {
    title: "A message of somebody else came into the room and was dropped",
    detail: "It is not of the one that this call began with[: {reason}].",
    remedy: "Use a new room, and tell its address to nobody but the other end.",
    rfc: "",
};
pub(super) const PEER_MESSAGE_MALFORMED: Entry = Entry {
    title: "A message of the other end cannot be read",
    detail: "It is no message of rtc-doctor, or too large[: {reason}].",
    remedy: "Both ends: use the same release of rtc-doctor. Else something between the two changes messages.",
    rfc: "",
};
pub(super) const PEER_MAKES_NO_CALL: Entry = Entry {
    title: "The other end makes no call, so only the candidate pairs were tried",
    detail: "Its description announces no certificate: it was run with --no-media, or its description was carried by hand.",
    remedy: "Both ends: leave --no-media away, and meet in a room.",
    rfc: "RFC 8827 §6.5",
};

//! Why two ends meet as they do, and what single change at the other end would make it direct.
//!
//! What is ours and what is theirs has words of its own, since both ends read the same verdict.

use super::Entry;

pub(super) const ENDS_UNCLEAR: Entry = Entry {
    title: "What is known of the two ends does not decide how they meet",
    detail: "In at least one of the two diagnoses something that decides stayed open: whether UDP gets through, or \
             how the NAT maps and filters.",
    remedy: "Both ends: run the check again with a STUN server that does RFC 5780, or make the call itself: \
             rtc-doctor call.",
    rfc: "RFC 5780 §4",
};
pub(super) const OWN_UNCLEAR: Entry = Entry {
    title: "Your side is not known well enough",
    detail: "This end's own diagnosis leaves open what its NAT or firewall does; its report says why.",
    remedy: "You: run the check again, with STUN servers of another operator if it stays so.",
    rfc: "RFC 5780 §4",
};
pub(super) const PEER_UNCLEAR: Entry = Entry {
    title: "The other side is not known well enough",
    detail: "The other end's own diagnosis leaves open what its NAT or firewall does; its report says why.",
    remedy: "The other end: run the check again, with STUN servers of another operator if it stays so.",
    rfc: "RFC 5780 §4",
};
pub(super) const NO_COMMON_SERVER: Entry = Entry {
    title: "The two ends were not measured from a common place",
    detail: "One of them asked only servers on its own machine or in its own network. How it looks from the other \
             end cannot be told from that.",
    remedy: "Both ends: check against the same servers on the internet, or against one server that both reach.",
    rfc: "RFC 5780 §4.3",
};
pub(super) const SAME_NETWORK: Entry = Entry {
    title: "Both ends have one public address; what lies between them was not measured",
    detail: "They are in one network, or behind one carrier's NAT. Whether they reach each other inside it, by \
             their own addresses or through a NAT that hairpins, cannot be told from servers outside.",
    remedy: "You: make the call itself with rtc-doctor call. Network team: client isolation, where it is on, keeps \
             neighbours apart.",
    rfc: "RFC 4787 §6",
};
pub(super) const SAME_NAT_HAIRPINS: Entry = Entry {
    title: "Both are behind one NAT, which sends packets for its own address back in",
    detail: "The two meet by the public address that they share, whatever lies between them inside.",
    remedy: "Nothing to do.",
    rfc: "RFC 4787 §6",
};
pub(super) const NO_COMMON_FAMILY: Entry = Entry {
    title: "One end has only IPv4, the other only IPv6",
    detail: "A direct path needs one address family at both ends. A relay can stand between the two where it gives \
             out addresses of the family that the other end has.",
    remedy: "Network team of either end: switch the missing family on.",
    rfc: "RFC 8421",
};
pub(super) const PEER_UDP_BLOCKED: Entry = Entry {
    title: "The other side's network lets no UDP through",
    detail: "No UDP leaves the other end's network, or no answer comes back, while its servers are alive. Direct \
             calls need UDP.",
    remedy: "The other end's network team: allow outbound UDP, with answers let in.",
    rfc: "RFC 8835 §3.4",
};
pub(super) const OWN_MAPPING_VARIES: Entry = Entry {
    title: "Your NAT shows each destination another port",
    detail: "The public port that a STUN server sees is not the one that the other end would see (older texts call \
             this a \"symmetric\" NAT), so the other end checks the wrong one.",
    remedy: "Your network team: set the NAT to endpoint-independent mapping for UDP.",
    rfc: "RFC 4787 §4.1",
};
pub(super) const PEER_MAPPING_VARIES: Entry = Entry {
    title: "The other side's NAT shows each destination another port",
    detail: "The public port that a STUN server sees is not the one that this end would see (older texts call this \
             a \"symmetric\" NAT), so this end checks the wrong one.",
    remedy: "The other end's network team: set the NAT to endpoint-independent mapping for UDP.",
    rfc: "RFC 4787 §4.1",
};
pub(super) const OWN_FILTER_BY_PORT: Entry = Entry {
    title: "Your side lets packets in only from the very port it has sent to",
    detail: "By itself that is harmless and usual. Beside a NAT that picks a new port for each destination it \
             leaves no way in: the other end's checks come from a port that nobody could know.",
    remedy: "Your network team: filter UDP by address alone, where the router can.",
    rfc: "RFC 4787 §5",
};
pub(super) const PEER_FILTER_BY_PORT: Entry = Entry {
    title: "The other side lets packets in only from the very port it has sent to",
    detail: "By itself that is harmless and usual. Beside a NAT that picks a new port for each destination it \
             leaves no way in: this end's checks come from a port that nobody could know.",
    remedy: "The other end's network team: filter UDP by address alone, where the router can.",
    rfc: "RFC 4787 §5",
};
pub(super) const RELAY_TO_ITSELF_NOT_TESTED: Entry = Entry {
    title: "The call needs a server that relays to its own address, and that was not tested",
    detail: "Neither end's UDP gets to the other's relay, so both need a relay of their own, and both have theirs \
             on one server. Many operators forbid their server to send to itself.",
    remedy: "TURN operator: allow the server's own public address as a peer (coturn: allowed-peer-ip), or run two \
             servers.",
    rfc: "RFC 8656 §9",
};
pub(super) const RELAY_DENIES_ITSELF: Entry = Entry {
    title: "The TURN server does not relay to its own address, which this call needs",
    detail: "Neither end's UDP gets out, so both need a relay, and both have theirs on this server. It refused to \
             let its own address in as a peer.",
    remedy: "TURN operator: allow the server's own public address as a peer (coturn: allowed-peer-ip), or run two \
             servers.",
    rfc: "RFC 8656 §9",
};
pub(super) const DIRECT_PAIR_WORKS: Entry = Entry {
    title: "A pair of candidates without a relay works",
    detail: "A check between the two ends themselves was answered, from the address that was asked.",
    remedy: "Nothing to do.",
    rfc: "RFC 8445 §7.2.5",
};
pub(super) const NO_DIRECT_PAIR_WORKS: Entry = Entry {
    title: "No pair of candidates without a relay works",
    detail: "Every pair between the two ends themselves was checked to its end, and none was answered.",
    remedy: "You: the table of pairs says how each of them fared.",
    rfc: "RFC 8445 §7",
};
pub(super) const NO_DIRECT_PAIR_TRIED: Entry = Entry {
    title: "No pair without a relay was there to try",
    detail: "At least one end offered relayed candidates only, by its own choice or because it has no others.",
    remedy: "You: leave --relay-only out to try direct paths too.",
    rfc: "RFC 8828 §5.2",
};
pub(super) const NO_PAIR_WORKS: Entry = Entry {
    title: "None of the candidate pairs works",
    detail: "Every pair was checked to its end, beside something on the same socket that was answered, or with a \
             reason given why nothing can arrive.",
    remedy: "You: give both ends a TURN server that they reach, best one over TLS on port 443.",
    rfc: "RFC 8445 §7",
};
pub(super) const NO_PAIRS: Entry = Entry {
    title: "There was no pair of candidates to check",
    detail: "The candidates of the two ends have no address family and protocol in common, or one end offered none.",
    remedy: "You: give both ends a TURN server that they reach.",
    rfc: "RFC 8445 §6.1.2.2",
};
pub(super) const PEER_RECORD_MISSING: Entry = Entry {
    title: "What stands before the other end is not known",
    detail: "The other end sent no diagnosis of its own: it is a browser or another program, or it left before it \
             could. So there is no prediction.",
    remedy: "Nothing to do.",
    rfc: "",
};
pub(super) const CHECKS_UNFINISHED: Entry = Entry {
    title: "Not all candidate pairs were checked to their end",
    detail: "The run ended before every pair that could be direct had its turn, so what they would have shown is \
             not known.",
    remedy: "You: run it again and let it come to its end.",
    rfc: "RFC 8445 §7",
};
pub(super) const PEER_ENDPOINT_INDEPENDENT_MAPPING: Entry = Entry {
    title: "Let the other side's NAT keep one public port per socket",
    detail: "If the other side's NAT used one public port for all destinations, this end would know it and the call \
             would be direct.",
    remedy: "The other end's network team: switch endpoint-independent mapping on for outbound UDP (consistent NAT, \
             static port).",
    rfc: "RFC 4787 §4.1",
};
pub(super) const PEER_ADDRESS_DEPENDENT_FILTERING: Entry = Entry {
    title: "Let the other side take packets from any port of an address it has sent to",
    detail: "If the other side filtered by address alone, this end would get in although its port is not known in \
             advance.",
    remedy: "The other end's network team: set UDP filtering to address-dependent.",
    rfc: "RFC 4787 §5",
};
pub(super) const PEER_OUTBOUND_UDP: Entry = Entry {
    title: "Let UDP out of the other side's network",
    detail: "Direct calls use UDP on ports chosen at run time. If it may leave there, and its answers may come \
             back, calls can be direct.",
    remedy: "The other end's network team: allow outbound UDP to ports 3478 and 1024-65535, with answers let in for \
             at least two minutes.",
    rfc: "RFC 8835 §3.4",
};
pub(super) const PEER_IPV6: Entry = Entry {
    title: "Give the other side IPv6, which needs no NAT",
    detail: "This end has IPv6. With IPv6 on the other side too, what hinders a direct call here falls away.",
    remedy: "The other end's network team or provider: switch IPv6 on, with a firewall that lets answers to \
             outbound UDP in.",
    rfc: "RFC 6092",
};

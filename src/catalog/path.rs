//! Why a call goes the way it goes, and what single change would make it direct.

use super::Entry;

pub(super) const BOTH_ENDPOINT_INDEPENDENT: Entry = Entry {
    title: "Both sides keep one public address for everyone",
    detail: "Your NAT and the other side's use the same public address and port towards every destination. What the STUN \
             server saw is therefore valid for the peer too, and the two can open their NATs towards each other.",
    remedy: "Nothing to do.",
    rfc: "RFC 4787 §4.1",
};
pub(super) const FILTERING_LETS_PEER_IN: Entry = Entry {
    title: "One side lets the other in from any port",
    detail: "One of the two NATs lets packets in from an address it has sent to, whatever the port. That is enough even \
             where the other side's NAT picks a new port for every destination.",
    remedy: "Nothing to do.",
    rfc: "RFC 4787 §5",
};
pub(super) const NO_TRANSLATION: Entry = Entry {
    title: "Nothing translates addresses here",
    detail: "The address of this machine is the one the internet sees, so it is valid for every peer.",
    remedy: "Nothing to do.",
    rfc: "RFC 8445 §5.1.1",
};
pub(super) const IPV6_DIRECT: Entry = Entry {
    title: "IPv6 gives both sides a path without a NAT",
    detail: "Over IPv6 nothing translates addresses. A firewall that lets answers in is opened by both sides sending at \
             once.",
    remedy: "Nothing to do, as long as the other side has IPv6 too.",
    rfc: "RFC 6092",
};
pub(super) const MAPPING_VARIES_WITH_PEER: Entry = Entry {
    title: "A NAT shows each destination another port, so the peer cannot know it",
    detail: "The public port that a STUN server sees is not the one a peer would see (older texts call this a \"symmetric\" \
             NAT). The peer answers to the wrong port, and its own NAT lets nothing in from an unexpected one.",
    remedy: "Your network team: set the NAT to endpoint-independent mapping for UDP. Until then calls need a TURN relay.",
    rfc: "RFC 4787 §4.1",
};
pub(super) const RELAY_TAKES_OVER: Entry = Entry {
    title: "A TURN relay works and carries the call",
    detail: "Where no direct path exists, the call goes through the relay. It works, with a longer way and at the operator's \
             cost.",
    remedy: "Nothing is broken. To make calls direct, see what single change would do it.",
    rfc: "RFC 8656 §2",
};
pub(super) const NO_RELAY: Entry = Entry {
    title: "No TURN relay is there to fall back on",
    detail: "No direct path exists and no relay was proven to work, so such a call does not connect.",
    remedy: "You: give the TURN server and its credentials (--ice-servers, or a turn: URI with --user). Operator of the \
             service: offer TURN over UDP, and over TLS on port 443.",
    rfc: "RFC 8656 §2",
};

pub(super) const USE_ENDPOINT_INDEPENDENT_MAPPING: Entry = Entry {
    title: "Let the NAT keep one public port per socket (endpoint-independent mapping)",
    detail: "If the NAT used one public port for all destinations, the peer would know it and the call would be direct. \
             Firewalls call the setting \"consistent NAT\", \"full cone\", \"persistent NAT\" or \"static port\".",
    remedy: "Your network team: switch it on for outbound UDP (pfSense and OPNsense: outbound NAT with \
             static port; SonicWall: consistent NAT; Juniper: persistent-nat; Linux: masquerade without random).",
    rfc: "RFC 4787 §4.1",
};
pub(super) const USE_ADDRESS_DEPENDENT_FILTERING: Entry = Entry {
    title: "Let packets in from any port of an address already sent to",
    detail: "If the NAT filtered by address alone (address-dependent filtering), a peer whose port is not known in advance \
             would still get in, and the call would be direct.",
    remedy: "Your network team: set UDP filtering to address-dependent (older menus: \"restricted\" rather than \
             \"port-restricted\").",
    rfc: "RFC 4787 §5",
};
pub(super) const ALLOW_OUTBOUND_UDP: Entry = Entry {
    title: "Let UDP out of this network",
    detail: "Direct calls use UDP on ports chosen at run time. If it may leave, and its answers may come back, calls can \
             be direct.",
    remedy: "Your network team: allow outbound UDP to ports 3478 and 1024-65535, with answers let in for at least two \
             minutes.",
    rfc: "RFC 8835 §3.4",
};
pub(super) const USE_IPV6: Entry = Entry {
    title: "Use IPv6, which needs no NAT",
    detail: "With IPv6 on both sides addresses are not translated, and what hinders a direct call here falls away.",
    remedy: "Your network team or provider: switch IPv6 on, with a firewall that lets answers to outbound UDP in.",
    rfc: "RFC 6092",
};

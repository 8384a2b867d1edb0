//! What a TURN server says, code by code, and whether the relay carries anything.

use super::Entry;

pub(super) const OPEN: Entry = Entry {
    title: "{server} relays for anybody",
    detail: "It gave an allocation without asking who we are. Whoever finds it can send traffic under its address, and uses \
             its bandwidth.",
    remedy: "TURN operator: ask for credentials (coturn: lt-cred-mech with user, or use-auth-secret; never no-auth).",
    rfc: "RFC 8656 §5",
};
pub(super) const WORKS: Entry = Entry {
    title: "The relay of {server} works",
    detail: "An allocation was made over {transport}[ at {relayed}], and bytes crossed it both ways.",
    remedy: "Nothing to do.",
    rfc: "RFC 8656 §2",
};
pub(super) const NO_CHALLENGE: Entry = Entry {
    title: "{server} asks for credentials without saying which",
    detail: "It answered 401 without the realm and the nonce that a client needs to make its answer. No client can log in \
             there.",
    remedy: "TURN operator: set a realm and long-term credentials (coturn: realm, and lt-cred-mech with users or \
             use-auth-secret).",
    rfc: "RFC 8489 §9.2.4",
};
pub(super) const CREDENTIALS_REJECTED: Entry = Entry {
    title: "{server} does not accept the user name and password",
    detail: "The first 401 is only the question for credentials; this one came in answer to them[ ({code} \"{reason}\")]. User, \
             password or realm is wrong, or time-limited credentials have run out.",
    remedy: "You: check both, and fetch fresh ones if they are time-limited. TURN operator: compare realm and user database; \
             with use-auth-secret the secret must be the same on both sides, and the user name begins with the time of \
             expiry in seconds, not milliseconds.",
    rfc: "RFC 8489 §9.2.5",
};
pub(super) const STALE_NONCE_LOOP: Entry = Entry {
    title: "{server} keeps rejecting its own nonces",
    detail: "One 438 is normal: the nonce had become old. Here each new nonce was rejected too, which is what happens when \
             requests of one client reach different servers, or arrive from changing addresses.",
    remedy: "TURN operator: make the load balancer keep a client on one server (source-address affinity), and check for \
             listening or relay addresses given twice.",
    rfc: "RFC 8489 §9.2.5",
};
pub(super) const BID_DOWN: Entry = Entry {
    title: "The way to {server} seems to be tampered with",
    detail: "The nonce says that the server offers better password algorithms, but the list of them is missing. Someone on \
             the way may have removed it to make the password easier to break.",
    remedy: "You: do not send this password over this network; use turns:. TURN operator: check for proxies that rewrite \
             STUN.",
    rfc: "RFC 8489 §9.2.1",
};
pub(super) const REDIRECTED: Entry = Entry {
    title: "{server} sends its clients to another server",
    detail: "It answered 300 and named {alternate}, which was not followed: it is of the other IP version, or inside a private \
             network. Browsers follow redirects only in part.",
    remedy: "You: give the other server's URI directly. TURN operator: balance load by DNS rather than by redirects.",
    rfc: "RFC 8489 §10",
};
pub(super) const REDIRECT_LOOP: Entry = Entry {
    title: "{server} redirects in circles",
    detail: "The redirects (300) lead back to a server already asked, or never end[: {alternate}].",
    remedy: "TURN operator: check alternate-server on every server of the group; none may name one that names it.",
    rfc: "RFC 8489 §10",
};
pub(super) const FORBIDDEN: Entry = Entry {
    title: "{server} knows you, but does not allow this",
    detail: "It answered 403[ \"{reason}\"]: the user may not have an allocation, or not of this kind.",
    remedy: "TURN operator: check the rights of this user and the server's access rules.",
    rfc: "RFC 8656 §7.4",
};
pub(super) const BAD_REQUEST: Entry = Entry {
    title: "{server} calls the request malformed",
    detail: "It answered 400[ \"{reason}\"]. coturn says this also where the rules have a clearer word: 442 where it may \
             not relay over this transport, 437 where the allocation is gone.",
    remedy: "TURN operator: the log says which it is; check no-udp-relay and no-tcp-relay, and that the server was not \
             restarted.",
    rfc: "RFC 8489 §14.8",
};
pub(super) const UNKNOWN_ATTRIBUTE: Entry = Entry {
    title: "{server} does not know a part of the request",
    detail: "It answered 420[ \"{reason}\"]: the server is old, or a device in front of it speaks less than it.",
    remedy: "TURN operator: update the server.",
    rfc: "RFC 8489 §14.13",
};
pub(super) const ALLOCATION_MISMATCH: Entry = Entry {
    title: "{server} has lost or mixed up the allocation",
    detail: "It answered 437: it knows no allocation for this connection, or knows another one[ ({reason})]. coturn says so \
             too when another user name is used on the same connection.",
    remedy: "You: run it again. TURN operator: check for restarts, and for a load balancer that moves clients between \
             servers.",
    rfc: "RFC 8656 §19",
};
pub(super) const FAMILY_NOT_SUPPORTED: Entry = Entry {
    title: "{server} does not relay this IP version",
    detail: "It answered 440: it has no address of that family to relay from. Peers that have only that one cannot be \
             reached through it.",
    remedy: "TURN operator: give the server an address of that family (coturn: one more relay-ip).",
    rfc: "RFC 8656 §19",
};
pub(super) const WRONG_CREDENTIALS: Entry = Entry {
    title: "{server} was given other credentials than the allocation was made with",
    detail: "It answered 441: an allocation belongs to the user who made it, and this request came as someone else.",
    remedy: "You: run it again; make sure that credentials do not change during a call. TURN operator: check for a NAT or a \
             proxy that makes two clients look like one.",
    rfc: "RFC 8656 §19",
};
pub(super) const TRANSPORT_NOT_SUPPORTED: Entry = Entry {
    title: "{server} does not relay over UDP",
    detail: "It answered 442: it does not offer the transport that was asked for between relay and peer. WebRTC needs UDP \
             there.",
    remedy: "TURN operator: allow UDP relaying (coturn: remove no-udp-relay).",
    rfc: "RFC 8656 §19",
};
pub(super) const PEER_FAMILY_MISMATCH: Entry = Entry {
    title: "The peer's IP version is not that of the relayed address",
    detail: "{server} answered 443: an IPv4 relayed address cannot reach an IPv6 peer, nor the other way round.",
    remedy: "TURN operator: relay both families, so that a client can have an address of each.",
    rfc: "RFC 8656 §19",
};
pub(super) const CONNECTION_EXISTS: Entry = Entry {
    title: "{server} already has a TCP connection to this peer",
    detail: "It answered 446: the relay makes only one TCP connection from an allocation to a peer at a time.",
    remedy: "You: run it again. If it comes back, tell the TURN operator.",
    rfc: "RFC 6062 §6.3",
};
pub(super) const CONNECTION_FAILED: Entry = Entry {
    title: "{server} could not connect to the peer over TCP",
    detail: "It answered 447: the peer did not accept the relay's TCP connection, or did not in time.",
    remedy: "You: use UDP between relay and peer, as WebRTC does. TURN operator: let TCP out from the relay address.",
    rfc: "RFC 6062 §6.3",
};
pub(super) const QUOTA_REACHED: Entry = Entry {
    title: "{server} has given this user all it may have",
    detail: "It answered 486: as many allocations are open as the user, or all users together, may have. Clients that do \
             not give their allocations back hold them for up to ten minutes.",
    remedy: "You: wait ten minutes and try again. TURN operator: raise user-quota or total-quota, or use one user name a \
             person.",
    rfc: "RFC 8656 §19",
};
pub(super) const SERVER_ERROR: Entry = Entry {
    title: "{server} has a fault of its own",
    detail: "It answered 500[ \"{reason}\"]: something inside the server failed, often its user database.",
    remedy: "TURN operator: look into the server's log. You: try again later.",
    rfc: "RFC 8489 §14.8",
};
pub(super) const NO_CAPACITY: Entry = Entry {
    title: "{server} has no relay port left",
    detail: "It answered 508: all ports of the relay are in use, or it cannot bind its relay address.",
    remedy: "TURN operator: widen the port range (coturn: min-port, max-port; 49152 to 65535 unless set), and check relay-ip. \
             In a container, the whole range must be published.",
    rfc: "RFC 8656 §19",
};
pub(super) const UNKNOWN_ERROR: Entry = Entry {
    title: "{server} answered with an error that no standard knows",
    detail: "It said {code}[ \"{reason}\"].",
    remedy: "TURN operator: look this code up in the server's documentation and log.",
    rfc: "RFC 8489 §14.8",
};
pub(super) const MALFORMED: Entry = Entry {
    title: "{server} granted an allocation without saying where",
    detail: "Its answer lacks the relayed address, or what it says of it cannot be[: {reason}].",
    remedy: "TURN operator: update the server.",
    rfc: "RFC 8656 §7.3",
};
pub(super) const ADDRESS_NOT_PUBLIC: Entry = Entry {
    title: "{server} relays from an address that nobody outside can reach",
    detail: "The relayed address is {relayed}, a private or local one. Peers on the internet cannot send to it.",
    remedy: "TURN operator: tell the server its public address (coturn: external-ip=PUBLIC/PRIVATE), and forward the relay \
             ports to it.",
    rfc: "RFC 8656 §7.2",
};
pub(super) const PEER_REFUSED: Entry = Entry {
    title: "{server} does not relay to this peer",
    detail: "It gave an allocation, and then forbade the peer (403)[ \"{reason}\"]. The test uses this machine's own public \
             address as the peer.",
    remedy: "TURN operator: check denied-peer-ip and allowed-peer-ip; private and local ranges are rightly denied, public \
             ones must not be.",
    rfc: "RFC 8656 §10.2",
};
pub(super) const IN_LOST: Entry = Entry {
    title: "Nothing comes back through the relay of {server}",
    detail: "Bytes sent to the relayed address[ {relayed}] did not arrive here. The allocation is there, but the way from \
             peers to it is closed.",
    remedy: "TURN operator: open the relay ports in the firewall for inbound UDP (coturn: 49152 to 65535 unless min-port and \
             max-port are set), and check external-ip.",
    rfc: "RFC 8656 §11",
};
pub(super) const OUT_LOST: Entry = Entry {
    title: "Nothing gets out through the relay of {server}",
    detail: "Bytes given to the relay did not reach the peer[ {peer}]. The way from the relayed address outwards is closed.",
    remedy: "TURN operator: let outbound UDP from the relay ports through the firewall, and check the route of the relay \
             address.",
    rfc: "RFC 8656 §11",
};
pub(super) const NOT_PROVEN: Entry = Entry {
    title: "The relay of {server} was granted, but not tried",
    detail: "An allocation was made. Whether bytes cross it could not be tested, since nothing here can play the peer (no \
             second socket with a public address).",
    remedy: "You: nothing to do in most networks; for a proof, test from a network where UDP works.",
    rfc: "RFC 8656 §2",
};
pub(super) const ALLOCATION_LOST: Entry = Entry {
    title: "{server} dropped the allocation before its time",
    detail: "The allocation was made and used, and then the server no longer knew it. Calls through it break off.",
    remedy: "TURN operator: check for restarts and for load balancers that move clients between servers.",
    rfc: "RFC 8656 §8",
};
pub(super) const ONLY_OVER_TCP: Entry = Entry {
    title: "The relay is reached only over TCP or TLS",
    detail: "No relay could be used over UDP, one over TCP or TLS could. Calls work, but a lost packet holds up all that \
             follow it, so speech and video stutter on poor connections.",
    remedy: "Your network team: allow outbound UDP to port 3478. TURN operator: check that UDP 3478 is open.",
    rfc: "RFC 8656 §3",
};

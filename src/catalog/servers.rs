//! Servers that do not answer as they should, over any transport.

use super::Entry;

pub(super) const SILENT: Entry = Entry {
    title: "{server} does not answer",
    detail: "Requests over {transport} to {address} were repeated and got no answer. The server is down, the port is wrong, or \
             a firewall drops the packets without a word.",
    remedy: "You: check host and port. Operator: check that the server runs and that its firewall is open (UDP and TCP \
             3478, TLS 5349 or 443).",
    rfc: "RFC 8489 §6.2.1",
};
pub(super) const REFUSED_CONNECTION: Entry = Entry {
    title: "{server} is there, but nothing listens on that port",
    detail: "The machine at {address} refused the connection over {transport}: no server runs on this port, or a firewall \
             refuses in its name.",
    remedy: "You: check the port in the URI. Operator: start the server, and check its listening ports (3478 for UDP and \
             TCP, 5349 for TLS unless set otherwise).",
    rfc: "",
};
pub(super) const UNREACHABLE: Entry = Entry {
    title: "There is no way to {server}",
    detail: "The system or a router on the way said that {address} cannot be reached[: {reason}].",
    remedy: "You: check the network connection, and the VPN where the server is inside a company. Your network team: check \
             the route and the firewall to this address.",
    rfc: "",
};
pub(super) const CONNECTION_TIMED_OUT: Entry = Entry {
    title: "A connection to {server} does not come about",
    detail: "Nothing answered the attempt to connect to {address} over {transport}: the host is down, or a firewall drops \
             such packets without a word.",
    remedy: "You: check host and port. Your network team: allow outbound TCP to this port. Operator: check the server's \
             firewall.",
    rfc: "",
};
pub(super) const CLOSED: Entry = Entry {
    title: "{server} hung up in the middle",
    detail: "The connection over {transport} was accepted and then ended before an answer was complete. Often a load balancer or \
             a proxy in front of the server does not know STUN, or the server is being restarted.",
    remedy: "Operator: check the server's log, and pass TCP through the load balancer unchanged.",
    rfc: "RFC 8489 §6.2.2",
};
pub(super) const NOT_STUN: Entry = Entry {
    title: "What answers at {server} is not a STUN or TURN server",
    detail: "The answer from {address} is not STUN[; it begins with \"{reason}\"]. The port belongs to another service, or a \
             proxy or log-in page answers in the server's place.",
    remedy: "You: check host and port; web servers are often on 443, TURN on 3478 or 5349.",
    rfc: "RFC 8489 §5",
};
pub(super) const ANSWERS_FROM_ELSEWHERE: Entry = Entry {
    title: "{server} answers from an address that was not asked",
    detail: "The answer came from elsewhere[: asked was {address}, answered has {from}]. NATs drop such answers, so the \
             server works for some clients only.",
    remedy: "Operator: bind the server to its public address instead of to all addresses (coturn: listening-ip), so that it \
             answers from where it was asked.",
    rfc: "RFC 8489 §6.3.1.2",
};
pub(super) const MALFORMED_ANSWERS: Entry = Entry {
    title: "{server} sends answers that break the rules of STUN",
    detail: "Its answers could not be read in full[: {reason}]. The server has a fault, or a device on the way damages the \
             packets.",
    remedy: "Operator: update the server. You: compare with another network, to tell the server from the way to it.",
    rfc: "RFC 8489 §6.3",
};
pub(super) const CONFLICTING_ANSWERS: Entry = Entry {
    title: "{server} answered one question in two ways",
    detail: "Two different answers came to one request; the first was used. A load balancer that copies packets, or someone \
             who forges answers, does that.",
    remedy: "Operator: look for duplicated packets or for two servers on one address.",
    rfc: "RFC 8489 §6.3.3",
};
pub(super) const INTEGRITY_FAILED: Entry = Entry {
    title: "The answer of {server} is not signed with your password",
    detail: "The signature of the answer (MESSAGE-INTEGRITY) does not fit: the password is wrong, or something on the way \
             changes the packets.",
    remedy: "You: check the password. If it is right, try from another network or over TLS (turns:).",
    rfc: "RFC 8489 §14.5",
};
pub(super) const CLASSIC: Entry = Entry {
    title: "{server} speaks the STUN of 2003",
    detail: "It answers in the form of RFC 3489, without the masked address that protects against meddling devices. It \
             can be used, with less certainty.",
    remedy: "Operator: replace the server by one that does RFC 8489, for example coturn.",
    rfc: "RFC 8489 §11",
};
pub(super) const DISAGREES_WITH_OTHERS: Entry = Entry {
    title: "{server} sees another public address than all the others do",
    detail: "It reports {address}, and the other servers agree on something else. It may stand in another network, \
             or its answers are wrong; its word was not used for the verdict.",
    remedy: "You: use another server. Operator: check for a proxy or a NAT in front of the server.",
    rfc: "",
};

pub(super) const TLS_EXPIRED: Entry = Entry {
    title: "The certificate of {server} has expired",
    detail: "It was valid until {until}. Browsers refuse it, so nobody can use this server over TLS.",
    remedy: "Operator: renew the certificate and restart the server, since coturn and others read it only at the start. \
             You: check that this machine's clock is right.",
    rfc: "RFC 5280 §4.1.2.5",
};
pub(super) const TLS_NOT_YET_VALID: Entry = Entry {
    title: "The certificate of {server} is not valid yet",
    detail: "It is valid only from {until} on. Most often the clock of this machine is behind.",
    remedy: "You: check date and time of this machine. Operator: check the certificate.",
    rfc: "RFC 5280 §4.1.2.5",
};
pub(super) const TLS_WRONG_NAME: Entry = Entry {
    title: "The certificate of {server} is for another name",
    detail: "It is valid for {names}, which is not the name in the URI. Browsers refuse it.",
    remedy: "You: use the name in the certificate; an IP address in a turns: URI does not work with an ordinary certificate. \
             Operator: get a certificate for this name.",
    rfc: "RFC 9525 §6",
};
pub(super) const TLS_SELF_SIGNED: Entry = Entry {
    title: "The certificate of {server} is signed by itself",
    detail: "Nobody vouches for it[ (issuer: {issuer})]. Browsers refuse it, and have no button to accept it for TURN.",
    remedy: "Operator: get a certificate from a public authority. You: for a test, add --ca FILE with the certificate, or \
             --insecure.",
    rfc: "RFC 5280 §6",
};
pub(super) const TLS_UNKNOWN_ISSUER: Entry = Entry {
    title: "The certificate of {server} is signed by someone this machine does not know",
    detail: "Its issuer is {issuer}. It is a private authority, or the server does not send the intermediate certificate.",
    remedy: "Operator: send the whole chain (for Let's Encrypt: fullchain.pem, not cert.pem). You: for a company's own \
             authority, add --ca FILE.",
    rfc: "RFC 8446 §4.4.2",
};
pub(super) const TLS_REVOKED: Entry = Entry {
    title: "The certificate of {server} has been revoked",
    detail: "Its issuer has taken it back, so it must not be trusted any more.",
    remedy: "Operator: replace certificate and key at once. You: do not use this server until then.",
    rfc: "RFC 5280 §5",
};
pub(super) const TLS_NOT_SPOKEN: Entry = Entry {
    title: "{server} does not speak TLS on this port",
    detail: "The first bytes of the answer are not TLS[: \"{reason}\"]. Most often the URI says turns: where the port is for \
             plain TURN.",
    remedy: "You: use turn:HOST?transport=tcp on 3478, or turns: on 5349 or 443. Operator: coturn starts TLS only with cert \
             and pkey set.",
    rfc: "RFC 7065 §3.1",
};
pub(super) const TLS_NOTHING_IN_COMMON: Entry = Entry {
    title: "{server} and this machine have no TLS version or cipher in common",
    detail: "The handshake ended without agreement[: {reason}]. The server may know only TLS 1.0 or 1.1, which browsers no \
             longer speak.",
    remedy: "Operator: enable TLS 1.2 and 1.3 with the usual cipher suites.",
    rfc: "RFC 9325 §3.1",
};
pub(super) const TLS_TIMED_OUT: Entry = Entry {
    title: "The TLS handshake with {server} does not finish",
    detail: "The TCP connection is there, but no complete handshake came in time. A firewall that inspects traffic may hold \
             it back, or packets with the certificate are too large for the path.",
    remedy: "Your network team: exempt this server from inspection, and check the path MTU. Operator: check the server's \
             load.",
    rfc: "",
};
pub(super) const TLS_FAILED: Entry = Entry {
    title: "The TLS handshake with {server} failed",
    detail: "It was broken off[: {reason}].",
    remedy: "Operator: look into the server's log at this time. You: see the same from outside with openssl s_client \
             -connect HOST:PORT.",
    rfc: "RFC 8446 §6",
};
pub(super) const TLS_UNVERIFIED: Entry = Entry {
    title: "The certificate of {server} was not verified",
    detail: "--insecure was given, so the tool went on in spite of the certificate's problem[: {reason}]. A browser would \
             have stopped there.",
    remedy: "Operator: mend the certificate. You: leave --insecure away to see what a browser sees.",
    rfc: "",
};
pub(super) const BINDING_REFUSED: Entry = Entry {
    title: "{server} answers, and refuses a plain STUN request",
    detail: "It answered {code}[ \"{reason}\"] to a Binding request. A STUN server answers such requests from anybody; one \
             that asks for credentials is meant for TURN alone.",
    remedy: "You: use another STUN server. Operator: allow Binding requests without credentials (coturn: no secure-stun).",
    rfc: "RFC 8489 §12",
};

//! Why something was not asked, and why something asked has no clear answer.

use super::Entry;

pub(super) const NOT_ASKED_FOR: Entry = Entry {
    title: "This test was not asked for",
    detail: "Some tests take minutes or annoy certain firewalls, so they run only where the command line asks for them.",
    remedy: "You: add --lifetime to measure how long an idle mapping lives; leave --no-hairpin away to test hairpinning.",
    rfc: "",
};
pub(super) const NO_SERVER: Entry = Entry {
    title: "There was no server to ask",
    detail: "Nothing can be said of a network without a server on its far side that says from where it sees us.",
    remedy: "You: name a server, as in rtc-doctor check stun:stun.example.org:3478, or run rtc-doctor without arguments to \
             use public ones.",
    rfc: "",
};
pub(super) const NO_STUN_ANSWER: Entry = Entry {
    title: "No STUN server answered over UDP",
    detail: "How a NAT maps and filters is read from the answers to STUN requests over UDP. None came back, so it is not \
             known.",
    remedy: "You: see what is said of each server; try rtc-doctor without arguments, which asks servers of several operators.",
    rfc: "RFC 5780 §4.2",
};
pub(super) const NO_ADDRESS_OF_FAMILY: Entry = Entry {
    title: "This machine has no address of this family",
    detail: "No interface has an address of this family that leads out, so nothing of it could be tested.",
    remedy: "Nothing to do, unless you expect this family here: then ask your network team why no address is given out.",
    rfc: "",
};
pub(super) const NO_OTHER_ADDRESS: Entry = Entry {
    title: "The server has no second address to test with",
    detail: "Filtering is measured by having a server answer from a second address. None of the servers that answered \
             offers one (OTHER-ADDRESS); many public STUN servers do not.",
    remedy: "You: name a server that does RFC 5780, for example your own coturn with two addresses (from version 4.7 on with \
             --rfc5780).",
    rfc: "RFC 5780 §7.4",
};
pub(super) const OTHER_ADDRESS_IS_OWN: Entry = Entry {
    title: "The server's second address is its first one again",
    detail: "The server offers a second address for behaviour tests, but it is the address that was asked. A test with it \
             could tell only ports apart, and would make a strict NAT look mild.",
    remedy: "Operator of the STUN server: give it two different IP addresses, or switch OTHER-ADDRESS off. You: use another \
             server.",
    rfc: "RFC 5780 §7.4",
};
pub(super) const OTHER_ADDRESS_NOT_PUBLIC: Entry = Entry {
    title: "The server's second address cannot be reached from here",
    detail: "The server offers a second address that is private or otherwise not reachable from the internet, as happens \
             when it stands behind a NAT of its own.",
    remedy: "Operator of the STUN server: set the public addresses (coturn: external-ip, once for each address). You: use \
             another server.",
    rfc: "RFC 5780 §7.4",
};
pub(super) const OTHER_ADDRESS_WRONG_FAMILY: Entry = Entry {
    title: "The server's second address is of the other IP version",
    detail: "The behaviour tests compare two addresses of one family. The server offers an IPv4 address to an IPv6 client, \
             or the other way round.",
    remedy: "Operator of the STUN server: give it two addresses of each family. You: use another server.",
    rfc: "RFC 5780 §7.4",
};
pub(super) const OTHER_ADDRESS_SILENT: Entry = Entry {
    title: "The server's second address does not answer at all",
    detail: "A direct request to the second address brought no answer, so silence in the filtering test would say nothing \
             of your network: that address is dead, or its firewall is closed.",
    remedy: "Operator of the STUN server: open UDP 3478 and 3479 on both addresses. You: use another server.",
    rfc: "RFC 5780 §4.4",
};
pub(super) const CHANGE_REQUEST_IGNORED: Entry = Entry {
    title: "The server does not change its address when it is asked to",
    detail: "It was asked to answer from its second address (CHANGE-REQUEST) and answered from the first one. To believe \
             such an answer would make every firewall look open.",
    remedy: "You: use a server that does RFC 5780. Operator of the STUN server: it must refuse what it cannot do (420).",
    rfc: "RFC 5780 §7.2",
};
pub(super) const CHANGE_REQUEST_REFUSED: Entry = Entry {
    title: "The server refuses to answer from another address",
    detail: "It was asked to answer from its second address (CHANGE-REQUEST) and said that it does not do that. This is \
             honest, and says nothing bad of your network.",
    remedy: "You: name a server that does RFC 5780 as well, if you need to know the filtering.",
    rfc: "RFC 5780 §7.2",
};
pub(super) const ONE_SERVER_ONLY: Entry = Entry {
    title: "Only one server address answered, and this takes two",
    detail: "Whether a NAT keeps one public address towards every destination shows only when two different addresses are \
             asked from one socket.",
    remedy: "You: name a second STUN server, at best of another operator.",
    rfc: "RFC 5780 §4.3",
};
pub(super) const NO_USABLE_INTERFACE: Entry = Entry {
    title: "This machine has no network connection",
    detail: "No network interface is up with an address that leads out, so nothing could be sent.",
    remedy: "You: connect to a network (cable, Wi-Fi, mobile) and run this again; rtc-doctor check --embedded works without \
             one.",
    rfc: "",
};
pub(super) const NO_CREDENTIALS: Entry = Entry {
    title: "No user name and password were given for the TURN server",
    detail: "A TURN server relays only for those it knows. It was not asked to, since there was nothing to show it.",
    remedy: "You: add --user NAME with --password-file FILE, or --turn-secret-file FILE, or --ice-servers FILE.",
    rfc: "RFC 8656 §5",
};
pub(super) const DTLS_NOT_SUPPORTED: Entry = Entry {
    title: "This tool does not speak DTLS to a TURN server",
    detail: "The URI asks for turns: over UDP, which is DTLS. Browsers do not speak it to TURN servers either, so the server \
             may well be in order.",
    remedy: "You: test the same server with ?transport=tcp, which is TLS.",
    rfc: "RFC 7350",
};
pub(super) const INTERRUPTED: Entry = Entry {
    title: "The run was interrupted before this was known",
    detail: "You ended the run. What had been found out by then is in the report.",
    remedy: "You: run it again and let it finish; it takes at most as long as --timeout says.",
    rfc: "",
};
pub(super) const OUT_OF_TIME: Entry = Entry {
    title: "The time for the run was up before this was known",
    detail: "All tests share one time limit, and this one had not finished by then: the network is slow, loses much, or \
             a server is very slow to answer.",
    remedy: "You: run it again with more time, as in --timeout 60.",
    rfc: "",
};
pub(super) const TOO_MUCH_LOSS: Entry = Entry {
    title: "So many packets are lost that silence proves nothing",
    detail: "Some answers did not come, and on this path that may be plain loss. The tool does not call a lost packet a \
             firewall.",
    remedy: "You: move closer to the Wi-Fi, use a cable, or stop other transfers; then run it again.",
    rfc: "RFC 5780 §4",
};
pub(super) const CONTROL_FAILED: Entry = Entry {
    title: "The counter-check got no answer either",
    detail: "Every silence is checked by a request that must be answered if the server lives. That one got no answer, so it \
             may be the server that is silent rather than your network that blocks.",
    remedy: "You: run it again, or name servers of another operator as well.",
    rfc: "",
};
pub(super) const MAPPING_MOVED: Entry = Entry {
    title: "The NAT changed its mapping during the test",
    detail: "The same socket was seen under two public addresses one after the other, towards the same server. That is a \
             NAT that forgot or moved a mapping, not one that maps by destination.",
    remedy: "You: run it again. If it stays so, ask your network team whether the NAT is overloaded or its UDP timeout is \
             below two minutes.",
    rfc: "RFC 4787 §4.3",
};
pub(super) const CONTRADICTORY_ANSWERS: Entry = Entry {
    title: "The answers contradict each other",
    detail: "Repeating one and the same question brought different results: the network changes while it is measured, or \
             a server does not tell the truth.",
    remedy: "You: run it again, with servers of another operator if it stays so.",
    rfc: "RFC 5780 §4",
};
pub(super) const PORT_PRESERVED_AFTER_EXPIRY: Entry = Entry {
    title: "Whether the mapping expired cannot be seen here",
    detail: "This NAT gives a socket the same public port again, so a mapping that expired and came back looks like one \
             that lived on.",
    remedy: "Nothing to do. A server that does RESPONSE-PORT could tell the two apart.",
    rfc: "RFC 5780 §4.6",
};
pub(super) const ONLY_NOT_ENDPOINT_INDEPENDENT: Entry = Entry {
    title: "Your NAT changes the public port from server to server; by what rule is not known",
    detail: "Two servers saw one socket under two public ports, so the mapping is not endpoint-independent. Whether it \
             depends on the address alone or on the port too takes a server with a second port to tell; for nearly all \
             peers both mean the same.",
    remedy: "You: name a STUN server that does RFC 5780 to know it exactly.",
    rfc: "RFC 4787 §4.1",
};
pub(super) const TOO_FEW_SOCKETS: Entry = Entry {
    title: "Too few sockets were answered to tell",
    detail: "A pattern over several sockets was looked for, and only one of them was answered.",
    remedy: "You: run the check again; if it stays so, name further STUN servers.",
    rfc: "",
};
pub(super) const REVERSE_STATE_DECIDES: Entry = Entry {
    title: "It depends on a detail of the NATs that no test from here shows",
    detail: "Where a NAT changes the port from peer to peer and yet lets everybody in, a call goes direct only if an \
             incoming packet makes the NAT answer from the same port.",
    remedy: "You: have a TURN server ready, and test with the real peer.",
    rfc: "RFC 4787 §5",
};
pub(super) const RELAY_NOT_TESTED: Entry = Entry {
    title: "A call from here needs a relay, and no relay was tested",
    detail: "Direct connections to a typical home network will fail from here, so calls depend on a TURN server. None was \
             named, so whether they work at all is not known.",
    remedy: "You: run the check again with your TURN servers, as in rtc-doctor check turn:turn.example.org --user NAME \
             --password-file FILE, or with --ice-servers.",
    rfc: "RFC 8656 §2",
};
pub(super) const NO_SOCKET: Entry = Entry {
    title: "This machine could open no socket for it",
    detail: "The system refused a socket towards {server}[ ({reason})], so nothing was sent.",
    remedy: "You: raise the limit of open files (ulimit -n), or end programs that hold many connections, and run it again.",
    rfc: "",
};
pub(super) const INPUT_LIMITED: Entry = Entry {
    title: "There was more than the tool takes; some was left out",
    detail: "[{count} {what} were left out. ]The limits keep a run short whatever the network or the machine is like.",
    remedy: "Nothing to do, unless what you look for is among what was left out.",
    rfc: "",
};

//! What is found when two ends meet: whether the prediction held, how each pair fared, what carries the messages.

use super::Entry;

pub(super) const DIRECT_WAS_PREDICTED: Entry = Entry {
    title: "A direct path was predicted, and none was found",
    detail: "What the two ends' checks had shown lets two ICE agents meet; their pairs were checked, and none \
             without a relay worked. Something between the two does to these packets what it did not do to those \
             for the servers.",
    remedy: "Network teams of both ends: look for firewalls that pass UDP to some ports or addresses only, and for \
             a NAT whose behaviour changes under load.",
    rfc: "RFC 5780 §4",
};
pub(super) const RELAY_WAS_PREDICTED: Entry = Entry {
    title: "A relay was predicted, and a direct path was found",
    detail: "The two have a way to each other that no server outside could show: an inner network or tunnel that \
             joins them, or a NAT that was milder in the call than in the check.",
    remedy: "Nothing to do.",
    rfc: "RFC 5780 §4",
};
pub(super) const RELAY_WAS_PREDICTED_AND_FAILED: Entry = Entry {
    title: "A relay was predicted, and nothing connected",
    detail: "A relay had worked in the check of one end, and in the call no pair through it did.",
    remedy: "TURN operator: look at the server's log for the time of the call: quotas, peers that it denies, and \
             its relay ports in the firewall.",
    rfc: "RFC 8656",
};
pub(super) const NO_PATH_WAS_PREDICTED: Entry = Entry {
    title: "No connection was predicted, and one was found",
    detail: "The two have a way to each other that no server outside could show, or a relay works that had failed \
             in the check.",
    remedy: "Nothing to do.",
    rfc: "",
};
pub(super) const RELAY_NOMINATED_FIRST: Entry = Entry {
    title: "The call was put on a relay although a direct pair works",
    detail: "The relayed pair was chosen before the direct one had been answered[ ({local} to {remote})]. ICE \
             stacks wait for a direct path only for a while; some change over later, many do not.",
    remedy: "Maker of the application: let the agent wait longer before it accepts a relay (pion: \
             SetRelayAcceptanceMinWait), or renominate.",
    rfc: "RFC 8445 §8.1.1",
};
pub(super) const RELAY_MAY_BE_NOMINATED_FIRST: Entry = Entry {
    title: "The way is so long that a relay may be chosen before the direct path is found",
    detail: "Some ICE stacks accept a relayed pair after two seconds (pion). The two ends' round trips to their \
             servers come to[ {count} ms], so the first checks between them may not be answered by then.",
    remedy: "Maker of the application: let the agent wait longer before it accepts a relay (pion: \
             SetRelayAcceptanceMinWait).",
    rfc: "RFC 8445 §8.1.1",
};
pub(super) const CARRIER_NOT_CONNECTED: Entry = Entry {
    title: "{carrier} does not get to the room's server",
    detail: "No connection came about[ ({reason})], while another way to the same server works.",
    remedy: "Your network team: let this through to the server. Applications that know this way alone cannot call \
             from here.",
    rfc: "",
};
pub(super) const CARRIER_REFUSED: Entry = Entry {
    title: "{carrier} is refused on the way to the room's server",
    detail: "The answer was HTTP {code}, which is a proxy's or the server's own, while another way to the same \
             server works.",
    remedy: "Your network team, or whoever runs the proxy before the server: pass Upgrade requests and long answers \
             on.",
    rfc: "RFC 6455 §4",
};
pub(super) const CARRIER_HELD_BACK: Entry = Entry {
    title: "{carrier}: messages are held back on the way",
    detail: "It was accepted, and then what was sent did not come through in time: a proxy collects the answer \
             instead of passing it on.",
    remedy: "Whoever runs the proxy: switch buffering off for this server (nginx: proxy_buffering off).",
    rfc: "",
};
pub(super) const CARRIER_CUT: Entry = Entry {
    title: "{carrier}: the connection is cut on the way",
    detail: "It was accepted and then ended by something between, while another way to the same server works. \
             Signalling that rests on it breaks off in calls.",
    remedy: "Your network team, or whoever runs the proxy: let long connections be, and raise their idle time-out \
             above a minute.",
    rfc: "",
};
pub(super) const OWN_RELAYED_OVER_STREAM: Entry = Entry {
    title: "Your side lets no UDP through, so the call is relayed over {transport}",
    detail: "Over a stream one lost packet delays all that follow, which is heard as stutter.",
    remedy: "Your network team: open UDP port 3478 to {server}.",
    rfc: "RFC 8835 §3.4",
};
pub(super) const PEER_RELAYED_OVER_STREAM: Entry = Entry {
    title: "The other side lets no UDP through, so the call is relayed over {transport}",
    detail: "Over a stream one lost packet delays all that follow, which is heard as stutter.",
    remedy: "The other end's network team: open UDP port 3478 to {server}.",
    rfc: "RFC 8835 §3.4",
};
pub(super) const PAIRS_SILENT: Entry = Entry {
    title: "On[ {count}] candidate pairs nothing came back",
    detail: "For example {local} to {remote}. Other packets from the same sockets were answered meanwhile, so it is \
             the way between these two that is closed. Pairs of private addresses in different networks are always \
             so.",
    remedy: "Nothing to do where the call goes as you want it. Else see what single change would make it direct.",
    rfc: "RFC 8445 §7",
};
pub(super) const PAIRS_UNHEARD: Entry = Entry {
    title: "On[ {count}] candidate pairs nothing came back, nor on anything beside them",
    detail: "For example {local} to {remote}. Nothing at all was heard on the same sockets, so this silence says \
             nothing about these pairs.",
    remedy: "You: name a STUN server that this machine reaches, so that a dead way is told from a dead network.",
    rfc: "",
};
pub(super) const PAIRS_NOT_SYMMETRIC: Entry = Entry {
    title: "On[ {count}] candidate pairs the answer came from another address",
    detail: "For example {local} to {remote}: the answer came from {from}. ICE does not take such an answer. It is \
             what a NAT does that hairpins but shows the sender's inside address, or a host with two ways out.",
    remedy: "Network team: let the NAT hairpin with the external source address (RFC 4787 REQ-9a).",
    rfc: "RFC 8445 §7.2.5.2.1",
};
pub(super) const PAIRS_UNREACHABLE: Entry = Entry {
    title: "On[ {count}] candidate pairs the network said that nothing can arrive",
    detail: "For example {local} to {remote}[: {reason}].",
    remedy: "Nothing to do where another pair works: addresses of VPNs, containers and inner networks are often so.",
    rfc: "RFC 8445 §7.2.5.2",
};
pub(super) const PAIRS_REFUSED_BY_RELAY: Entry = Entry {
    title: "The TURN server does not send to[ {count} of] the other end's addresses",
    detail: "It answered {code} to the request for a permission, for example for {remote}. Private and local \
             addresses are rightly denied; a public one is not.",
    remedy: "TURN operator, where a public address is refused: check denied-peer-ip and allowed-peer-ip.",
    rfc: "RFC 8656 §9.2",
};
pub(super) const PAIRS_RELAY_LOST: Entry = Entry {
    title: "The relay of {server} was lost during the checks",
    detail: "[{count} pairs] through it could not be checked to their end: it stopped answering, or forgot the \
             allocation.",
    remedy: "TURN operator: look at the server's log for that time.",
    rfc: "RFC 8656 §7",
};
pub(super) const PAIRS_REFUSED: Entry = Entry {
    title: "The other end refused checks on[ {count}] candidate pairs",
    detail: "It answered {code}[ ({reason})], for example on {local} to {remote}.",
    remedy: "The other end: 401 means that it holds other credentials, as after a restart that this end did not \
             hear of.",
    rfc: "RFC 8445 §7.3",
};
pub(super) const PAIRS_NOT_RESOLVED: Entry = Entry {
    title: "[{count} ]names of the other end's candidates could not be looked up",
    detail: "For example {name}. Browsers hide private addresses behind such names (mDNS), which only machines on \
             the same link can look up.",
    remedy: "Nothing to do between different networks. In one network: let multicast through, or give the page \
             access to the microphone, upon which browsers show addresses.",
    rfc: "RFC 8828",
};
pub(super) const PAIR_LOSSY: Entry = Entry {
    title: "The pair that carries the call loses {loss} % of its packets",
    detail: "Of the checks from {local} to {remote}, so many were not answered.",
    remedy: "You: use a cable or come closer to the Wi-Fi at the end whose line is worse, and stop other transfers.",
    rfc: "RFC 8834 §7",
};
pub(super) const CONSENT_LOST: Entry = Entry {
    title: "A pair that had worked was not answered any more",
    detail: "From {local} to {remote} nothing came back for 30 seconds, so nothing may be sent there any more.",
    remedy: "You: if the other end did not just leave, look for a network that changed, or a NAT that forgets \
             mappings after seconds.",
    rfc: "RFC 7675 §5.1",
};
pub(super) const ROLE_CONFLICT: Entry = Entry {
    title: "Both ends took the same role, and one of them gave way",
    detail: "One end must choose the pair, the other accept it. The conflict was resolved as the standard has it.",
    remedy: "Nothing to do.",
    rfc: "RFC 8445 §7.3.1.1",
};
pub(super) const ICE_RESTARTED: Entry = Entry {
    title: "The checks were begun anew",
    detail: "The network of one end changed, or the other end asked for it; what was found before is no longer \
             counted.",
    remedy: "Nothing to do.",
    rfc: "RFC 8445 §9",
};
pub(super) const PEER_LEFT: Entry = Entry {
    title: "The other end went away before everything was said",
    detail: "It ended, or the way to it was lost. What had been learnt by then is here.",
    remedy: "Both ends: run the call again, and let both come to their end.",
    rfc: "",
};

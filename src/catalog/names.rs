//! Names that do not lead to a server.

use super::Entry;

pub(super) const NAME_DOES_NOT_EXIST: Entry = Entry {
    title: "There is no such name as {name}",
    detail: "The DNS says that {name} does not exist (NXDOMAIN), so {server} could not be asked.",
    remedy: "You: check the spelling. If it is right, the record is missing, or your company's DNS hides it: compare with \
             dig {name} @9.9.9.9.",
    rfc: "RFC 8020",
};
pub(super) const NAME_HAS_NO_ADDRESS: Entry = Entry {
    title: "The name {name} has no address",
    detail: "The name exists, but the DNS has neither an IPv4 (A) nor an IPv6 (AAAA) address for it.",
    remedy: "Operator of the server: add an A or AAAA record for {name}. You: check that it is a host name and not a domain.",
    rfc: "RFC 2308 §2.2",
};
pub(super) const NAME_ONLY_IPV6: Entry = Entry {
    title: "{name} has only an IPv6 address, and this machine has no IPv6",
    detail: "The DNS knows an IPv6 address for {name} and no IPv4 address. From here it cannot be reached.",
    remedy: "Operator of the server: add an IPv4 address (A record). You: use a network with IPv6.",
    rfc: "",
};
pub(super) const NAME_SERVER_FAILED: Entry = Entry {
    title: "The DNS failed to look up {name}",
    detail: "Your name server answered with an error of its own (SERVFAIL)[: {reason}]. Often the domain's own name servers \
             are down, or its DNSSEC signatures are wrong.",
    remedy: "You: compare with dig {name} @9.9.9.9. If that works, tell your network team; if not, tell the owner of the \
             domain.",
    rfc: "RFC 1035 §4.1.1",
};
pub(super) const NAME_SERVER_REFUSED: Entry = Entry {
    title: "Your name server refuses to look up {name}",
    detail: "It answered REFUSED: it does not serve this machine, or it blocks this name by policy.",
    remedy: "You: ask your network team whether {name} is blocked, and check which name server this machine uses.",
    rfc: "RFC 1035 §4.1.1",
};
pub(super) const NAME_SERVER_SILENT: Entry = Entry {
    title: "The name server does not answer",
    detail: "The question for {name} got no answer in time, so {server} could not be asked.",
    remedy: "You: check the network connection and the name server in the settings (Linux: resolvectl status, or \
             /etc/resolv.conf). Your network team: UDP and TCP port 53 to it must be open.",
    rfc: "",
};
pub(super) const NO_NAME_SERVER: Entry = Entry {
    title: "This machine knows no name server",
    detail: "No name server is configured, so no name can be looked up; servers given by address still work.",
    remedy: "You: reconnect to the network so that it gives you one, or set one (Linux: /etc/resolv.conf).",
    rfc: "",
};
pub(super) const NAME_IS_PRIVATE: Entry = Entry {
    title: "{name} leads to an address inside a private network",
    detail: "The DNS gives[ {address} for] this name, which is a private or local address. Inside the right network that \
             is fine; elsewhere it is an ad-blocker, a log-in page, or a DNS answer meant for others.",
    remedy: "You: check that this machine is in the network the server belongs to. If an ad-blocker answers 0.0.0.0, allow \
             the name there.",
    rfc: "RFC 1918 §3",
};

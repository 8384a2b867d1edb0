//! What the network in front of this machine does.

use super::Entry;

pub(super) const NO_NAT: Entry = Entry {
    title: "No NAT: this machine has its public address itself[ ({family})]",
    detail: "Servers see the same address that the socket has[ ({public})]. Nothing rewrites it on the way; a \
             firewall may still filter.",
    remedy: "Nothing to do.",
    rfc: "RFC 5780 §4.3",
};
pub(super) const NAT_ENDPOINT_INDEPENDENT: Entry = Entry {
    title: "Your NAT keeps one public address for every destination[ ({family})]",
    detail: "One socket was seen under one public address and port by every destination asked (endpoint-independent \
             mapping; part of what older texts call a \"cone\" NAT). This is what peer-to-peer calls need.",
    remedy: "Nothing to do.",
    rfc: "RFC 4787 §4.1",
};
pub(super) const NAT_ADDRESS_DEPENDENT: Entry = Entry {
    title: "Your NAT picks another public port for each destination address[ ({family})]",
    detail: "One socket was seen under different public ports by different addresses (address-dependent mapping; older \
             texts count it as \"symmetric\"). A peer cannot know the port that your NAT will pick for it.",
    remedy: "Your network team: set the NAT to endpoint-independent mapping for UDP. Until then, calls to strict networks \
             need a TURN relay.",
    rfc: "RFC 4787 §4.1",
};
pub(super) const NAT_ADDRESS_AND_PORT_DEPENDENT: Entry = Entry {
    title: "Your NAT picks another public port for each destination[ ({family})]",
    detail: "One socket was seen under a different public port by each address and port asked (address-and-port-dependent \
             mapping; older texts call it a \"symmetric\" NAT). A peer cannot know the port that your NAT will pick for it.",
    remedy: "Your network team: set the NAT to endpoint-independent mapping for UDP (also called consistent NAT or static \
             port). Until then, most calls need a TURN relay.",
    rfc: "RFC 4787 §4.1",
};
pub(super) const FILTERING_ENDPOINT_INDEPENDENT: Entry = Entry {
    title: "Anyone may send to an open port of your NAT or firewall[ ({family})]",
    detail: "Answers came in from an address that this machine had never sent to (endpoint-independent filtering; with a \
             mapping of the same kind, older texts say \"full cone\"). Any peer gets through.",
    remedy: "Nothing to do.",
    rfc: "RFC 4787 §5",
};
pub(super) const FILTERING_ADDRESS_DEPENDENT: Entry = Entry {
    title: "Your NAT or firewall lets in addresses already sent to, from any port[ ({family})]",
    detail: "An answer from another port of a known address came in, one from a new address did not (address-dependent \
             filtering; older texts say \"restricted\"). That lets even peers behind strict NATs in.",
    remedy: "Nothing to do.",
    rfc: "RFC 4787 §5",
};
pub(super) const FILTERING_ADDRESS_AND_PORT_DEPENDENT: Entry = Entry {
    title: "Your NAT or firewall lets in only the exact endpoints already sent to[ ({family})]",
    detail: "Only answers from the very endpoint asked came in (address-and-port-dependent filtering; older texts say \
             \"port-restricted\"). This is usual, and calls with typical home networks still connect directly; with a NAT \
             that picks a port for each destination they cannot.",
    remedy: "Nothing to do for typical peers. To reach strict networks directly, your network team can set \
             address-dependent filtering.",
    rfc: "RFC 4787 §5",
};
pub(super) const UDP_BLOCKED: Entry = Entry {
    title: "This network lets no UDP through[ over {family}]",
    detail: "No server answered over UDP, while servers did answer over TCP or TLS, so it is the network and not the \
             servers. Calls fall back to a relay over TCP or TLS: they work, with more delay and more stutter.",
    remedy: "Your network team: allow outbound UDP to port 3478 at least, and to 1024-65535 for direct calls, with the \
             answers let in. TURN operator: offer TLS on TCP port 443 for networks like this one.",
    rfc: "RFC 8835 §3.4",
};
pub(super) const UDP_UNCLEAR: Entry = Entry {
    title: "Whether UDP gets through could not be told[ ({family})]",
    detail: "No server answered over UDP, and nothing else proves that the servers asked are alive. It may be the network, \
             and it may be the servers.",
    remedy: "You: name a server that you know to work, or run rtc-doctor without arguments to ask several operators.",
    rfc: "RFC 5780 §4.2",
};
pub(super) const IPV6_ABSENT: Entry = Entry {
    title: "This network gives out no IPv6",
    detail: "No interface has an IPv6 address that leads to the internet. IPv6 needs no NAT, so calls between two networks \
             that have it are direct more often.",
    remedy: "Nothing is broken. Your network team or provider: IPv6 is worth switching on.",
    rfc: "RFC 8421",
};
pub(super) const IPV6_BROKEN: Entry = Entry {
    title: "This machine has an IPv6 address, but IPv6 does not work",
    detail: "Nothing sent over IPv6 was answered, while IPv4 works. Applications that try IPv6 first lose time, and calls \
             may take seconds longer to connect.",
    remedy: "Your network team: check the IPv6 default route and the firewall (ICMPv6 must pass). You: until then, switch \
             IPv6 off on this connection.",
    rfc: "RFC 4890",
};
pub(super) const CARRIER_NAT: Entry = Entry {
    title: "Your provider shares one public address among many customers",
    detail: "There is a NAT at the provider (carrier-grade NAT)[; from outside: {public}]. Ports cannot be opened from your side, \
             and how calls fare depends on the provider's equipment.",
    remedy: "You: ask the provider for a public IPv4 address or for IPv6. Port forwarding in your own router cannot help.",
    rfc: "RFC 6598, RFC 6888",
};
pub(super) const DOUBLE_NAT: Entry = Entry {
    title: "There are two NATs one behind the other",
    detail: "Your router's outer address is private again, so a second device translates too. Port \
             forwarding in one of them does nothing, and the stricter of the two decides.",
    remedy: "You: put one of the devices into bridge mode (\"modem mode\"), or use one router only.",
    rfc: "RFC 4787 §4.1",
};
pub(super) const ADDRESS_POOL: Entry = Entry {
    title: "Your network shows more than one public address",
    detail: "Sockets of this machine were seen under different public addresses[: {public}]. Where even one socket changes \
             its address between destinations, peers that filter by address do not let it in.",
    remedy: "Your network team: set the NAT pool to keep one public address per inside host (\"paired\" pooling).",
    rfc: "RFC 4787 §4.1",
};
pub(super) const ADDRESS_REWRITTEN: Entry = Entry {
    title: "A device on the way rewrites addresses inside the packets",
    detail: "The plain address in {server}'s answer differs from the masked one, so something in between (an \"application layer gateway\") edits what it takes for an address. This breaks STUN, SIP and other protocols.",
    remedy: "Your network team, or you in your router: switch off the SIP ALG (\"SIP helper\", \"VoIP passthrough\").",
    rfc: "RFC 5780 §3.6",
};
pub(super) const PORTS_PREDICTABLE: Entry = Entry {
    title: "Your NAT's next public port can be guessed",
    detail: "Successive ports follow a pattern[ with a distance of {step}]. Ordinary WebRTC does not guess ports, so this \
             does not make calls direct; a few special programs use it.",
    remedy: "Nothing to do for calls. Your network team: random ports are safer.",
    rfc: "RFC 6056",
};
pub(super) const HAIRPINS: Entry = Entry {
    title: "Two machines behind your NAT can meet at its public address[ ({family})]",
    detail: "A packet sent to this machine's own public address came back in (hairpinning). Calls inside one large network \
             can be direct even where the machines do not see each other's inner addresses.",
    remedy: "Nothing to do.",
    rfc: "RFC 4787 §6",
};
pub(super) const DOES_NOT_HAIRPIN: Entry = Entry {
    title: "Two machines behind your NAT cannot meet at its public address[ ({family})]",
    detail: "A packet sent to this machine's own public address did not come back in (no hairpinning). It matters only \
             for calls between machines of the same network that do not reach each other directly, such as guest Wi-Fi.",
    remedy: "Nothing to do in most networks. Your network team: switch hairpinning (\"NAT loopback\") on if calls inside the \
             network go through the relay.",
    rfc: "RFC 4787 §6",
};
pub(super) const SHORT_MAPPING_LIFETIME: Entry = Entry {
    title: "Your NAT forgets idle connections after {lifetime}",
    detail: "An idle UDP mapping should live for two minutes at least. Calls keep themselves alive by frequent packets, but \
             a muted or paused call, or one on hold, may break.",
    remedy: "Your network team: raise the UDP timeout of the NAT and the firewall to 300 seconds.",
    rfc: "RFC 4787 §4.3",
};
pub(super) const SMALL_PATH_MTU: Entry = Entry {
    title: "Large packets do not get through",
    detail: "The largest IP packet that passed whole has {mtu} bytes; 1500 is usual. Media packets are kept below about 1200 \
             bytes, but the DTLS handshake with a large certificate may hang.",
    remedy: "Your network team: let ICMP \"packet too big\" through, and check the MTU of tunnels and VPNs.",
    rfc: "RFC 4821, RFC 8899",
};
pub(super) const LOSSY_PATH: Entry = Entry {
    title: "This connection loses packets",
    detail: "About {loss} per cent of the packets got no answer. From 2 per cent on, speech begins to crackle and video to \
             freeze.",
    remedy: "You: move closer to the Wi-Fi or use a cable, and stop large transfers. If it stays, tell your provider.",
    rfc: "",
};
pub(super) const NETWORK_CHANGED: Entry = Entry {
    title: "The network changed during the run",
    detail: "Addresses or interfaces came or went (Wi-Fi to mobile, VPN on or off, wake-up from sleep), so results from \
             before and after do not belong together.",
    remedy: "You: run it again on a steady connection.",
    rfc: "",
};
pub(super) const VPN_IN_USE: Entry = Entry {
    title: "A VPN carries the traffic of this machine",
    detail: "The way out leads through {interface}, so what is measured is the VPN's network and not your own. Calls \
             take the longer way too.",
    remedy: "You: run it again without the VPN to compare. Your network team: let call traffic bypass the VPN (split \
             tunnelling).",
    rfc: "",
};
pub(super) const LOCAL_FIREWALL: Entry = Entry {
    title: "A firewall on this machine forbids sending",
    detail: "The operating system itself refused to send[ to {address}][: {reason}]. It is not the network: the packet never \
             left.",
    remedy: "You: allow rtc-doctor, and the program that makes your calls, in the firewall or sandbox of this machine \
             (Linux: nft list ruleset).",
    rfc: "",
};
pub(super) const MAPPED_ADDRESS_NOT_PUBLIC: Entry = Entry {
    title: "The server sees a private address, so it is not on the internet side",
    detail: "{server} saw this machine at {address}, which is no public address. The server stands inside your own \
             network, or before the last NAT; what it sees does not hold for peers outside.",
    remedy: "You: use a STUN server on the internet. TURN operator: put the server outside the NAT, or set external-ip.",
    rfc: "RFC 6890",
};
pub(super) const NAT64_IN_USE: Entry = Entry {
    title: "IPv4 is reached through NAT64 here",
    detail: "This machine speaks IPv6, and a translator in the network makes IPv4 of it. Servers see an IPv4 address that no \
             socket here has.",
    remedy: "Nothing to do. Applications must use names and not IPv4 addresses to reach IPv4 servers.",
    rfc: "RFC 6146",
};
pub(super) const CAPTIVE_PORTAL: Entry = Entry {
    title: "This network seems to want you to sign in first",
    detail: "No server answered in its own protocol, and several of them gave the same answer: a web page, one certificate \
             for other names, or one inner address for every name. That is how a captive portal looks; nothing else that \
             was seen says anything about the network behind it.",
    remedy: "Open any http:// page in a browser, sign in or accept the terms, and run this check again.",
    rfc: "RFC 8952",
};

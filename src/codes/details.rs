//! The values that a row's texts may ask for by `{name}`: of what type each is, what it means, and what stands in its
//! place, in English and in Korean, where it is not known: above all in `explain`, which knows of no run. That is a
//! word for the thing ("the server"), or, where a sentence wants a number or a name, one in angle brackets, as in
//! manuals ("`<number>` requests"). No title asks for one of those, since titles also stand alone within sentences.

/// Hands all values to the macro that is named.
macro_rules! details {
    ($take:ident) => { $take! {

server: String, "the URI of the server; its host or address where that is all that is known", "the server", "서버";
address: Endpoint, "the address and port that were asked, or the address that was seen", "the address", "해당 주소";
transport: Transport, "UDP, TCP, TLS or DTLS", "the transport", "해당 프로토콜";
code: u16, "the STUN error code, three digits, or an HTTP status", "<code>", "<코드>";
reason: Reason, "what the server or the system said, in its own words", "no reason", "사유 없음";
resolver: Several, "the name servers that this machine asks", "the name server", "DNS 서버";
name: String, "the host name", "<name>", "<이름>";
family: Family, "IPv4 or IPv6", "the address family", "해당 주소 체계";
interface: String, "the name of a network interface", "an interface", "한 인터페이스";
public: Several, "the public address or addresses of this network", "the public address", "공인 주소";
relayed: SocketAddr, "the relayed address", "the relayed address", "중계 주소";
peer: SocketAddr, "the peer's address", "the peer", "상대방";
from: SocketAddr, "the endpoint that answered in place of the one asked, or that an end was seen at before",
    "another address", "다른 주소";
alternate: SocketAddr, "the server that a redirect names", "another server", "다른 서버";
issuer: Text, "the issuer of the certificate", "an unknown issuer", "알 수 없는 발급자";
names: Several, "the names that the certificate is for", "other names", "다른 이름";
until: String, "the date until which, or since which, the certificate is valid", "<date>", "<날짜>";
lifetime: Seconds, "after how long an idle mapping was gone", "<time>", "<시간>";
mtu: u32, "the largest packet that passes whole, in bytes", "<size>", "<크기>";
loss: f64, "packets lost, in per cent", "<loss>", "<손실>";
rtt: Millis, "the median round trip, in milliseconds", "<time>", "<시간>";
time: Tenths, "how long the call had run", "<time>", "<시간>";
bytes: u32, "the size of the largest datagram, in bytes", "<size>", "<크기>";
step: u16, "the distance between successive public ports", "<distance>", "<간격>";
what: Limit, "what was left out", "things", "일부";
count: Count, "how many there were, or a time in the unit that the text names", "<number>", "<수>";
sent: u32, "how many were asked for", "<asked>", "<요청 수>";
received: u32, "how many of them were answered", "<answered>", "<응답 수>";
to: SocketAddr, "the endpoint that an end is seen at later", "a new address", "새 주소";
before: u64, "what came at first, in kbit/s", "<before>", "<이전>";
after: u64, "what came later, in kbit/s", "<after>", "<이후>";
local: String, "this end of a candidate pair", "one end", "한쪽 끝";
remote: String, "the other end of a candidate pair", "the other end", "다른 쪽 끝";
line: u32, "the number of a line in the other end's description", "<line>", "<줄>";
setup: Text, "what the other end's a=setup says", "nothing", "없음";
carrier: SignallingTransport, "how messages get to the other end", "this way to the room", "방으로 가는 이 방법";
place: String, "where in the application's configuration it stands", "the configuration", "설정";
browsers: Several, "the browsers that refuse it", "browsers", "브라우저";
mended: String, "how it would be right", "<entry>", "<항목>";
leads: NamePlace, "what the address is that a name leads to", "no server's address", "서버의 주소가 아닌 주소";
class: PeerClass, "the kind of peer that a forecast is for", "a peer", "상대방";

    } };
}

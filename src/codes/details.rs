//! The values that a row's texts may ask for by `{name}`: of what type each is, what it means, and what stands in its
//! place, in English and in Korean, where a finding does not have it.

/// Hands all values to the macro that is named.
macro_rules! details {
    ($take:ident) => { $take! {

server: String, "the URI of the server; its host or address where that is all that is known", "the server", "서버";
address: Endpoint, "the address and port that were asked, or the address that was seen", "the address", "해당 주소";
transport: Transport, "UDP, TCP, TLS or DTLS", "the transport", "해당 프로토콜";
code: u16, "the STUN error code, three digits, or an HTTP status", "an error", "오류";
reason: Reason, "what the server or the system said, in its own words", "no reason", "사유 없음";
resolver: Several, "the name servers that this machine asks", "the name server", "DNS 서버";
name: String, "the host name", "the name", "해당 이름";
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
until: String, "the date until which, or since which, the certificate is valid", "the date in it", "인증서에 적힌 날짜";
lifetime: Seconds, "after how long an idle mapping was gone", "a short time", "짧은 시간";
mtu: u32, "the largest packet that passes whole, in bytes", "fewer", "더 적은 수의";
loss: f64, "packets lost, in per cent", "some", "일부";
rtt: Millis, "the median round trip, in milliseconds", "some", "어느 정도";
time: Tenths, "how long the call had run", "a while", "얼마간";
bytes: u32, "the size of the largest datagram, in bytes", "some", "어느 정도";
step: u16, "the distance between successive public ports", "a fixed step", "일정한 값";
what: Limit, "what was left out", "things", "일부";
count: Count, "how many there were, or a time in the unit that the text names", "some", "몇";
sent: u32, "how many were asked for", "all", "전체";
received: u32, "how many of them were answered", "some", "일부";
to: SocketAddr, "the endpoint that an end is seen at later", "a new address", "새 주소";
before: u64, "what came at first, in kbit/s", "more", "더 많은";
after: u64, "what came later, in kbit/s", "fewer", "더 적은";
local: String, "this end of a candidate pair", "one end", "한쪽 끝";
remote: String, "the other end of a candidate pair", "the other end", "다른 쪽 끝";
line: u32, "the number of a line in the other end's description", "a line", "한 줄";
setup: Text, "what the other end's a=setup says", "nothing", "없음";
carrier: SignallingTransport, "how messages get to the other end", "this way to the room", "방으로 가는 이 방법";
class: PeerClass, "the kind of peer that a forecast is for", "a peer", "상대방";

    } };
}

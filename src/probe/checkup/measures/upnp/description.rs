//! What a router's XML says: where its connection is asked, and what that answers (UPnP Device Architecture 1.1 §2.3, §3.2).

use crate::probe::http::HttpResponse;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use std::net::{IpAddr, Ipv4Addr};
use url::Url;

/// Services stand eight deep in a description.
const DEPTH_MAX: usize = 24;

/// The kinds of service that know the address outside; of any version.
const KINDS: [&str; 2] =
    ["urn:schemas-upnp-org:service:WANIPConnection:", "urn:schemas-upnp-org:service:WANPPPConnection:"];

/// A service of a device.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UpnpService {
    pub(super) kind: String,
    /// Where it is asked.
    pub(super) place: Url,
}

/// The first connection of a description that stands at `base`.
pub(super) fn connection(description: &[u8], base: &Url) -> Option<UpnpService> {
    let elements = elements(std::str::from_utf8(description).ok()?)?;
    // Of the first version of the architecture; later ones have none.
    let stated = elements.iter().find(|(name, _)| name == "URLBase").and_then(|(_, text)| Url::parse(text).ok());
    let base = stated.as_ref().unwrap_or(base);
    let (mut kind, mut place) = (None, None);
    for (name, text) in &elements {
        match name.as_str() {
            "serviceType" => kind = Some(text),
            "controlURL" => place = Some(text),
            "service" => {
                let known = kind.take().filter(|kind| KINDS.iter().any(|known| kind.starts_with(known)));
                // What goes into a header and into XML as it came is a name of the architecture's own and nothing else.
                let known = known.filter(|kind| kind.chars().all(|c| c.is_ascii_alphanumeric() || ":-.".contains(c)));
                let place = place.take().and_then(|place| base.join(place).ok());
                if let (Some(kind), Some(place)) = (known, place) {
                    return Some(UpnpService { kind: kind.clone(), place });
                }
            }
            _ => {}
        }
    }
    None
}

/// The result code of the answer, 0 where all is well, and the address in it, if there is one; None where it is no answer.
pub(super) fn answer(response: &HttpResponse) -> Option<(u16, Option<IpAddr>)> {
    let elements = elements(std::str::from_utf8(&response.body).ok()?)?;
    let text_of = |name: &str| elements.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str());
    match (response.status, text_of("NewExternalIPAddress"), text_of("errorCode")) {
        (200, Some(address), _) => {
            let address = address.parse::<Ipv4Addr>().ok().filter(|address| !address.is_unspecified());
            Some((0, address.map(IpAddr::V4)))
        }
        (_, _, Some(code)) => Some((code.parse().ok()?, None)),
        _ => None,
    }
}

/// Every element in the order in which they end: its name without a prefix, and the text that stands in it alone. None where it
/// is no XML, or has what a description has not: a document type and whatever that would bring.
fn elements(text: &str) -> Option<Vec<(String, String)>> {
    let mut reader = Reader::from_str(text);
    let [mut open, mut closed] = [const { Vec::<(String, String)>::new() }; 2];
    let add = |open: &mut Vec<(String, String)>, text: &str| {
        if let Some((_, own)) = open.last_mut() {
            own.push_str(text);
        }
    };
    loop {
        match reader.read_event().ok()? {
            Event::Start(_) if open.len() >= DEPTH_MAX => return None,
            Event::Start(start) => open.push((start.local_name().as_ref().to_owned(), String::new())),
            Event::Empty(start) => closed.push((start.local_name().as_ref().to_owned(), String::new())),
            Event::End(_) => closed.extend(open.pop().map(|(name, text)| (name, text.trim().to_owned()))),
            Event::Text(text) => add(&mut open, &text.xml10_content()),
            Event::CData(text) => add(&mut open, &text.xml10_content()),
            Event::GeneralRef(named) => match named.resolve_char_ref().ok()? {
                Some(character) => add(&mut open, character.encode_utf8(&mut [0; 4])),
                None => add(&mut open, resolve_predefined_entity(&named.xml10_content())?),
            },
            Event::Decl(_) | Event::Comment(_) => {}
            Event::DocType(_) | Event::PI(_) => return None,
            Event::Eof => return open.is_empty().then_some(closed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::http::{HttpProgress, HttpReader};

    fn base() -> Url {
        Url::parse("http://192.0.2.254:5000/root/desc.xml").expect("a place")
    }

    fn service(kind: &str, place: &str) -> String {
        format!(
            "<service><serviceType>{kind}</serviceType><serviceId>x</serviceId><controlURL>{place}</controlURL></service>"
        )
    }

    fn found(inner: &str) -> Option<(String, String)> {
        let text = format!("<?xml version=\"1.0\"?><root xmlns=\"x\"><!-- made --><device>{inner}</device></root>");
        connection(text.as_bytes(), &base()).map(|service| (service.kind, service.place.to_string()))
    }

    const IP: &str = "urn:schemas-upnp-org:service:WANIPConnection:2";
    const PPP: &str = "urn:schemas-upnp-org:service:WANPPPConnection:1";

    #[test]
    fn the_connection_is_found_among_other_services_and_its_place_is_taken_from_where_it_is_described() {
        let other = service("urn:schemas-upnp-org:service:Layer3Forwarding:1", "/ctl/L3F");
        let told = |kind: &str, place: &str| Some((kind.to_owned(), place.to_owned()));
        assert_eq!(found(&(other.clone() + &service(IP, "/ctl"))), told(IP, "http://192.0.2.254:5000/ctl"));
        assert_eq!(found(&service(PPP, "ctl?a=1&amp;b")), told(PPP, "http://192.0.2.254:5000/root/ctl?a=1&b"));
        let stated = format!("<URLBase>http://192.0.2.254:80/</URLBase>{}", service(IP, "x"));
        assert_eq!(found(&stated), told(IP, "http://192.0.2.254/x"));
        assert_eq!(found(&other), None);
    }

    #[test]
    fn what_no_description_has_is_refused() {
        let whole = service(IP, "/ctl");
        let deep = "<a>".repeat(100_000);
        let kind = service("urn:schemas-upnp-org:service:WANIPConnection:1\"\r\nX: y", "/ctl");
        for text in [
            format!("<!DOCTYPE root [<!ENTITY a 'b'>]>{whole}"),
            format!("<root>{whole}"),
            "<root>&a;</root>".to_owned(),
            format!("<root>{deep}"),
            format!("<root>{kind}</root>"),
            "no XML at all".to_owned(),
        ] {
            assert_eq!(connection(text.as_bytes(), &base()), None, "{}", &text[..text.len().min(60)]);
        }
    }

    /// What is made of an answer with this status and this inside its body.
    fn told(status: u16, inner: &str) -> Option<(u16, Option<IpAddr>)> {
        let body = format!("<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"x\"><s:Body>{inner}</s:Body></s:Envelope>");
        let text = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let HttpProgress::Whole(response) = HttpReader::default().feed(text.as_bytes()) else { panic!("whole") };
        answer(&response)
    }

    #[test]
    fn an_answer_has_an_address_or_a_code_or_says_nothing() {
        let address = |text: &str| format!("<u:R><NewExternalIPAddress>{text}</NewExternalIPAddress></u:R>");
        assert_eq!(told(200, &address("100.64.1.2")), Some((0, Some(IpAddr::from([100, 64, 1, 2])))));
        // As miniupnpd 2.3 says it of an address that is not public, and others while they have none.
        assert_eq!([told(200, &address("")), told(200, &address("0.0.0.0"))], [Some((0, None)); 2]);
        let fault = "<s:Fault><detail><UPnPError><errorCode>501</errorCode></UPnPError></detail></s:Fault>";
        assert_eq!(told(500, fault), Some((501, None)));
        assert_eq!(told(404, "<h1>Not here</h1>"), None);
    }
}

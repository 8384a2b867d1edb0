//! Which elements come over a stream of XML? (RFC 6120 §11.1: no comment, no instruction, no DTD, no entity of one's own)

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// What servers say until they have named their services is some thousand bytes; RFC 6120 §13.12 asks servers themselves to
/// take 10,000 at least.
const WAITING_MAX: usize = 64 << 10;

/// Services stand four deep; nothing that is read here stands deeper than twice that.
const DEPTH_MAX: usize = 8;

/// The element that holds all others of a stream, and ends with it.
const STREAM: &str = "stream";

/// An element, by its name and those of its attributes without their prefixes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct XmlElement {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) children: Vec<XmlElement>,
    pub(super) text: String,
}

impl XmlElement {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The first child of this name.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// None where an attribute is none of XML's.
    fn begun(start: &BytesStart<'_>) -> Option<Self> {
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.ok()?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
            attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
        }
        Some(Self { name: start.local_name().as_ref().to_owned(), attributes, ..Self::default() })
    }
}

/// What stands at the beginning of a text.
enum XmlBeginning {
    /// An element, or the beginning of the stream itself, and how many bytes it has.
    Element(XmlElement, usize),
    /// More has to come.
    Unfinished,
    /// It is no XML, or such as no stream of XMPP has.
    Refused,
}

/// Cuts what comes into the elements of a stream.
#[derive(Debug, Default)]
pub(super) struct XmlStream {
    waiting: Vec<u8>,
}

impl XmlStream {
    /// More of the stream; the elements that end in it. The stream's own beginning is one of them. None where it is no XML, or
    /// where an element is larger than any of a server's.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Option<Vec<XmlElement>> {
        self.waiting.extend_from_slice(bytes);
        let mut elements = Vec::new();
        let mut read = 0;
        // An element ends with this, so that nothing is looked at for each byte of a slow stream.
        while bytes.contains(&b'>') {
            let rest = self.waiting.get(read..).unwrap_or_default();
            let text = match std::str::from_utf8(rest) {
                Ok(text) => text,
                // A character may be cut where the next bytes begin.
                Err(error) if error.error_len().is_none() => {
                    std::str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or_default()
                }
                Err(_) => return None,
            };
            match beginning(text) {
                XmlBeginning::Element(element, bytes) => {
                    elements.push(element);
                    read += bytes;
                }
                XmlBeginning::Unfinished => break,
                XmlBeginning::Refused => return None,
            }
        }
        self.waiting.drain(..read);
        (self.waiting.len() <= WAITING_MAX).then_some(elements)
    }
}

fn beginning(text: &str) -> XmlBeginning {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<XmlElement> = Vec::new();
    loop {
        let done = match reader.read_event() {
            Ok(Event::Start(start)) => match XmlElement::begun(&start) {
                Some(begun) if open.is_empty() && begun.name == STREAM => Some(begun),
                Some(begun) if open.len() < DEPTH_MAX => {
                    open.push(begun);
                    None
                }
                _ => return XmlBeginning::Refused,
            },
            Ok(Event::Empty(start)) => match XmlElement::begun(&start) {
                Some(whole) => closed(whole, &mut open),
                None => return XmlBeginning::Refused,
            },
            Ok(Event::End(_)) => open.pop().and_then(|whole| closed(whole, &mut open)),
            // Between the elements of a stream there is white space alone, which says no more than that the other end is there.
            Ok(Event::Text(text)) if open.is_empty() && !text.trim().is_empty() => return XmlBeginning::Refused,
            Ok(Event::Text(text)) => {
                add_text(&mut open, &text.xml10_content());
                None
            }
            Ok(Event::CData(text)) => {
                add_text(&mut open, &text.xml10_content());
                None
            }
            Ok(Event::GeneralRef(named)) => match character(&named) {
                Some(text) => {
                    add_text(&mut open, &text);
                    None
                }
                None => return XmlBeginning::Refused,
            },
            Ok(Event::Decl(_)) if open.is_empty() => None,
            Ok(Event::Eof) => return XmlBeginning::Unfinished,
            Ok(Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Comment(_)) => return XmlBeginning::Refused,
            // What is refused where it ends is refused at once.
            Err(Error::Syntax(
                SyntaxError::UnclosedDoctype | SyntaxError::UnclosedComment | SyntaxError::UnclosedPI,
            )) => {
                return XmlBeginning::Refused;
            }
            Err(Error::Syntax(_) | Error::IllFormed(IllFormedError::UnclosedReference)) => {
                return XmlBeginning::Unfinished;
            }
            // Of a stream its own end is all that ends what was never begun here.
            Err(Error::IllFormed(IllFormedError::UnmatchedEndTag(_))) if open.is_empty() => {
                Some(XmlElement { name: "close".to_owned(), ..XmlElement::default() })
            }
            Err(_) => return XmlBeginning::Refused,
        };
        if let Some(element) = done {
            let bytes = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
            return XmlBeginning::Element(element, bytes.clamp(1, text.len()));
        }
    }
}

/// Puts a whole element into the one that holds it; the element itself where none does.
fn closed(whole: XmlElement, open: &mut [XmlElement]) -> Option<XmlElement> {
    match open.last_mut() {
        Some(parent) => {
            parent.children.push(whole);
            None
        }
        None => Some(whole),
    }
}

fn add_text(open: &mut [XmlElement], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn character(named: &BytesRef<'_>) -> Option<String> {
    match named.resolve_char_ref() {
        Ok(Some(character)) => Some(character.to_string()),
        Ok(None) => resolve_predefined_entity(&named.xml10_content()).map(str::to_owned),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = "<?xml version='1.0'?><stream:stream from='xmpp.test' version='1.0' xmlns='jabber:client' \
        xmlns:stream='http://etherx.jabber.org/streams'> <stream:features><mechanisms xmlns='x'><mechanism>PLAIN</mechanism>\
        </mechanisms></stream:features>\n<iq type=\"result\" id='1'><a b='&lt;&#x41;é'>c&amp;<![CDATA[<d>]]></a></iq></stream:stream>";

    fn names(elements: &[XmlElement]) -> Vec<&str> {
        elements.iter().map(|element| element.name.as_str()).collect()
    }

    #[test]
    fn elements_come_whole_however_the_stream_is_cut() {
        for size in [1, 7, STREAM.len()] {
            let mut stream = XmlStream::default();
            let elements: Vec<XmlElement> =
                STREAM.as_bytes().chunks(size).flat_map(|chunk| stream.feed(chunk).expect("is XML")).collect();
            assert_eq!(names(&elements), ["stream", "features", "iq", "close"], "by {size}");
            assert_eq!(elements[0].attribute("from"), Some("xmpp.test"));
            let mechanism = elements[1].child("mechanisms").and_then(|all| all.child("mechanism"));
            assert_eq!(mechanism.map(|mechanism| mechanism.text.as_str()), Some("PLAIN"));
            let inner = elements[2].child("a").expect("a child");
            assert_eq!((inner.attribute("b"), inner.text.as_str()), (Some("<Aé"), "c&<d>"));
        }
    }

    #[test]
    fn what_no_stream_of_xmpp_has_is_refused() {
        let deep = "<a>".repeat(100_000);
        let large = format!("<a b='{}'", "x".repeat(70_000));
        let bomb = "<!DOCTYPE lolz [<!ENTITY lol 'lol'><!ENTITY lol2 '&lol;&lol;'>]><lolz>&lol2;</lolz>";
        for text in [
            bomb,
            "<!DOCTYPE html><html>",
            "<!DOCTYPE a [ <!ENTITY b SYSTEM 'file:///etc/passwd'>",
            "<a>&lol;</a>",
            "<a>&#xFFFFFFFF;</a>",
            "<a><!-- b --></a>",
            "<a><?b?></a>",
            "<a></b>",
            "<a b='1' b='2'/>",
            "<a b=1/>",
            deep.as_str(),
            large.as_str(),
        ] {
            assert_eq!(XmlStream::default().feed(text.as_bytes()), None, "{}", &text[..text.len().min(80)]);
        }
        assert_eq!(XmlStream::default().feed(b"<a>\xff</a>"), None);
    }
}

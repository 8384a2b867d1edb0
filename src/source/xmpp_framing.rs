//! How are the elements of a stream of XMPP carried: over TCP (RFC 6120), a WebSocket (RFC 7395) or HTTP (XEP-0124, XEP-0206)?

use super::message::{WebMethod, WebRequest};
use super::xml::XmlElement;
use quick_xml::escape::escape;
use url::Url;

/// How long a server may hold an answer back that has nothing to say, in seconds. What is awaited comes at once.
const WAIT_S: u32 = 2;

const HTTP_BIND: &str = "http://jabber.org/protocol/httpbind";
const OF_XMPP: &str = "xmlns:xmpp='urn:xmpp:xbosh'";

/// One of the three.
#[derive(Debug)]
pub(super) enum XmppFraming {
    /// The elements stand in one that lasts as long as the stream.
    Tcp,
    /// Each is a message.
    Socket,
    /// Each stands in the body of a request or of an answer.
    Http {
        /// The number of the last request.
        request: u64,
        /// The session's name, which the server gives.
        session: Option<String>,
    },
}

impl XmppFraming {
    /// What begins a stream, for the first time or anew.
    pub(super) fn open(&mut self, domain: &str) -> String {
        match self {
            Self::Tcp => format!(
                "<?xml version='1.0'?><stream:stream to='{domain}' version='1.0' xml:lang='en' xmlns='jabber:client' \
                 xmlns:stream='http://etherx.jabber.org/streams'>"
            ),
            Self::Socket => {
                format!("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='{domain}' version='1.0' xml:lang='en'/>")
            }
            Self::Http { session: None, .. } => self.body(
                &format!(
                    "to='{domain}' ver='1.6' wait='{WAIT_S}' hold='1' content='text/xml; charset=utf-8' xml:lang='en' \
                     xmpp:version='1.0' {OF_XMPP}"
                ),
                "",
            ),
            Self::Http { .. } => self.body(&format!("to='{domain}' xmpp:restart='true' xml:lang='en' {OF_XMPP}"), ""),
        }
    }

    /// An element as it is sent, or of HTTP a request that asks for what comes.
    pub(super) fn framed(&mut self, stanza: String) -> String {
        match self {
            Self::Tcp | Self::Socket => stanza,
            Self::Http { .. } => self.body("", &stanza),
        }
    }

    /// What ends a session that would be kept otherwise: that of HTTP has no connection to end with.
    pub(super) fn close(&mut self) -> Option<String> {
        matches!(self, Self::Http { session: Some(_), .. }).then(|| self.body("type='terminate'", ""))
    }

    /// The body of the next request; without HTTP there is none.
    fn body(&mut self, attributes: &str, inner: &str) -> String {
        let Self::Http { request, session } = self else { return inner.to_owned() };
        *request += 1;
        let session = session.as_ref().map(|name| format!(" sid='{}'", escape(name))).unwrap_or_default();
        format!("<body rid='{request}'{session} xmlns='{HTTP_BIND}' {attributes}>{inner}</body>")
    }

    /// The elements in what came over HTTP; elsewhere they come by themselves.
    pub(super) fn opened(&mut self, elements: Vec<XmlElement>) -> Vec<XmlElement> {
        let Self::Http { session, .. } = self else { return elements };
        let mut inner = Vec::new();
        for body in elements {
            if let Some(name) = body.attribute("sid").filter(|_| session.is_none()) {
                *session = Some(name.to_owned());
            }
            match body.attribute("type") {
                // The condition stands beside it (XEP-0124 §17.2).
                Some("terminate") => inner.push(body),
                _ => inner.extend(body.children),
            }
        }
        inner
    }
}

/// A request that carries such a body.
pub(super) fn http_request(url: &Url, body: String) -> WebRequest {
    let request = WebRequest { body: body.into_bytes(), ..WebRequest::new(WebMethod::Post, url.clone()) };
    request.with("content-type", "text/xml; charset=utf-8")
}

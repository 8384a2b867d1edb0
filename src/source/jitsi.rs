//! Jitsi Meet, by the address of a meeting: its guests are users of an XMPP domain that the page's own `config.js` names.
//!
//! Often that is the host of the page; in containers it is another that nobody outside can reach by its name. The stream goes
//! over a WebSocket at the page's host, as the page's own does.

use super::address::{is_as_public, unescaped};
use super::message::{Secret, WebAnswer, WebMethod, WebRequest};
use super::xmpp::XmppServer;
use super::{Provider, SourceHeard, SourceStep};
use url::Url;

/// One meeting.
pub(super) struct JitsiMeet {
    /// The meeting's page.
    page: Url,
    /// The domain, where the user names one.
    domain: Option<String>,
    login: Option<(String, Secret)>,
    random: u32,
    server: Option<XmppServer>,
}

impl JitsiMeet {
    pub(super) fn new(page: Url, domain: Option<String>, login: Option<(String, Secret)>, random: u32) -> Self {
        Self { page, domain, login, random, server: None }
    }

    fn at_host(&self, path: &str) -> Url {
        let mut url = self.page.clone();
        url.set_path(path);
        url.set_query(None);
        url.set_fragment(None);
        url
    }

    /// Where the page's script has the stream go, by a member of this name; None where that is no address as public as the page.
    fn place(&self, script: &str, name: &str) -> Option<Url> {
        let url = self.page.join(&address(script, name)?).ok()?;
        let is_secure = matches!(url.scheme(), "https" | "wss");
        let is_of_web = matches!(url.scheme(), "http" | "ws") && self.page.scheme() == "http";
        ((is_secure || is_of_web) && is_as_public(&url, &self.page)).then_some(url)
    }

    /// Begins the stream. A page without a configuration is one of the host's own domain.
    fn begin(&mut self, configuration: Option<&WebAnswer>, now_s: u64) -> SourceStep {
        let text = configuration.map(|answer| String::from_utf8_lossy(&answer.body).into_owned()).unwrap_or_default();
        let named = self.domain.take().or_else(|| {
            let of_guests = || value(&text, "anonymousdomain").filter(|_| self.login.is_none());
            of_guests().or_else(|| value(&text, "domain"))
        });
        let domain = named.unwrap_or_else(|| self.page.host_str().unwrap_or_default().to_owned());
        let mut url = self.place(&text, "websocket").or_else(|| self.place(&text, "bosh")).unwrap_or_else(|| {
            let mut url = self.at_host("/xmpp-websocket");
            let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
            // Between these a scheme can always be changed.
            let _ = url.set_scheme(scheme);
            url
        });
        let room = unescaped(self.page.path().rsplit('/').next().unwrap_or_default());
        url.query_pairs_mut().append_pair("room", &room);
        let server = self.server.insert(XmppServer::new(domain, url, self.login.take(), self.random));
        server.next(now_s, SourceHeard::Begin)
    }
}

/// What a page's script gives a member of this name: `name: 'value'` or `….name = "value"`, outside comments. None where that
/// is no name of a domain.
fn value(script: &str, name: &str) -> Option<String> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let code = script.lines().map(str::trim_start).filter(|line| !line.starts_with("//") && !line.starts_with('*'));
    code.into_iter().find_map(|line| {
        line.match_indices(name).find_map(|(at, _)| {
            if line[..at].ends_with(is_word) {
                return None;
            }
            let rest = line[at + name.len()..].trim_start_matches(['\'', '"']).trim_start();
            let rest = rest.strip_prefix([':', '='])?.trim_start();
            let quote = rest.chars().next().filter(|c| "'\"`".contains(*c))?;
            let (value, behind) = rest[1..].split_once(quote)?;
            // A text that is put together is none.
            let is_whole = !behind.trim_start().starts_with('+');
            let is_domain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            (is_whole && !value.is_empty() && value.chars().all(is_domain)).then(|| value.to_owned())
        })
    })
}

/// An address that a script gives a member of this name. Packages put it together of texts and of names that are empty unless
/// a meeting stands below a folder.
fn address(script: &str, name: &str) -> Option<String> {
    let code = script.lines().map(str::trim).filter(|line| !line.starts_with("//") && !line.starts_with('*'));
    code.into_iter().find_map(|line| {
        let line = line.strip_prefix("config.").unwrap_or(line);
        let rest = line.strip_prefix(name)?.trim_start().strip_prefix([':', '='])?;
        let mut parts = rest.split(['\'', '"', '`']);
        // Every second part stands between quotes.
        let between = std::iter::from_fn(|| parts.next().and_then(|_| parts.next()));
        let whole: String = between.collect();
        (!whole.is_empty() && !whole.contains(['$', '<', ' '])).then_some(whole)
    })
}

impl Provider for JitsiMeet {
    fn next(&mut self, now_s: u64, heard: SourceHeard) -> SourceStep {
        match (&mut self.server, heard) {
            (Some(server), heard) => server.next(now_s, heard),
            (None, SourceHeard::Answered(answer)) => {
                let found = (200..300).contains(&answer.status) && !answer.is_page();
                self.begin(Some(&answer).filter(|_| found), now_s)
            }
            (None, _) if self.domain.is_some() => self.begin(None, now_s),
            (None, _) => SourceStep::Ask(WebRequest::new(WebMethod::Get, self.at_host("/config.js"))),
        }
    }

    fn leave(&mut self) -> Option<SourceStep> {
        self.server.as_mut()?.leave()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMessage;

    /// As Debian's package has it.
    const PACKAGED: &str = "/* eslint-disable */\nvar config = {\n    hosts: {\n        // XMPP domain.\n        domain: 'meet.example',\n\n\
        // When using authentication, domain for guest users.\n        // anonymousdomain: 'guest.example.com',\n        muc: 'conference.' + subdomain + 'meet.example',\n    },\n};";
    /// As the containers make it.
    const IN_CONTAINERS: &str = "var config = {};\nconfig.hosts = {};\nconfig.hosts.domain = 'meet.jitsi';\nvar subdomain = '';\n\
        config.hosts.anonymousdomain = \"guest.meet.jitsi\";\nconfig.bosh = 'https://meet.example/' + subdomain + 'http-bind';";

    fn meeting(domain: Option<&str>) -> JitsiMeet {
        JitsiMeet::new(
            Url::parse("https://meet.example/team/Room1#x").expect("is one"),
            domain.map(str::to_owned),
            None,
            1,
        )
    }

    fn answer(status: u16, body: &str) -> SourceHeard {
        SourceHeard::Answered(WebAnswer { status, headers: Vec::new(), body: body.into() })
    }

    /// To which domain the stream is opened.
    fn domain(meeting: &mut JitsiMeet) -> String {
        let SourceStep::Say(SourceMessage::Text(open)) = meeting.next(0, SourceHeard::Opened) else { panic!("opens") };
        domain_of(&open)
    }

    fn domain_of(open: &str) -> String {
        open.split("to='").nth(1).and_then(|rest| rest.split('\'').next()).expect("a domain").to_owned()
    }

    #[test]
    fn the_domain_is_that_of_the_pages_configuration_or_else_its_host() {
        for (configuration, expected) in [
            (answer(200, PACKAGED), "meet.example"),
            (answer(200, IN_CONTAINERS), "guest.meet.jitsi"),
            (answer(200, "config.hosts.domain = 'a' + b; x.subdomain = 'c.d';"), "meet.example"),
            (answer(200, "domain: 'a\\'><injected'"), "meet.example"),
            (answer(200, "<!doctype html> domain: 'x.example'"), "meet.example"),
            (answer(404, "domain: 'x.example'"), "meet.example"),
            (answer(200, "domain:"), "meet.example"),
        ] {
            let mut meeting = meeting(None);
            let SourceStep::Ask(request) = meeting.next(0, SourceHeard::Begin) else { panic!("asks") };
            assert_eq!(request.url.as_str(), "https://meet.example/config.js");
            let told = match meeting.next(0, configuration) {
                SourceStep::Open(_) => domain(&mut meeting),
                // Over HTTP the first request opens the stream.
                SourceStep::Ask(request) => domain_of(&String::from_utf8_lossy(&request.body)),
                other => panic!("{other:?}"),
            };
            assert_eq!(told, expected);
        }
    }

    #[test]
    fn the_stream_goes_where_the_script_has_it_go_and_to_no_inner_host() {
        let usual = "wss://meet.example/xmpp-websocket?room=Room1";
        for (script, expected) in [
            (
                "websocket: 'wss://ws.example/team/xmpp-websocket',\nbosh: '/http-bind'",
                "wss://ws.example/team/xmpp-websocket?room=Room1",
            ),
            (
                "// websocket: 'wss://ws.example/',\nbosh: '//meet.example/' + subdir + 'http-bind',",
                "https://meet.example/http-bind?room=Room1",
            ),
            ("config.bosh = '/http-bind';", "https://meet.example/http-bind?room=Room1"),
            ("websocket: 'wss://10.0.0.5/x'", usual),
            ("websocket: 'ws://meet.example/x'", usual),
            ("websocket: `wss://${host}/x`", usual),
            ("websocketKeepAlive: 'x'", usual),
        ] {
            let mut meeting = meeting(None);
            meeting.next(0, SourceHeard::Begin);
            let url = match meeting.next(0, answer(200, script)) {
                SourceStep::Open(request) | SourceStep::Ask(request) => request.url,
                other => panic!("{other:?}"),
            };
            assert_eq!(url.as_str(), expected, "{script}");
        }
    }

    #[test]
    fn a_domain_that_the_user_names_is_taken_without_asking() {
        let mut meeting = meeting(Some("meet.jitsi"));
        assert!(matches!(meeting.next(0, SourceHeard::Begin), SourceStep::Open(_)));
        assert_eq!(domain(&mut meeting), "meet.jitsi");
    }
}

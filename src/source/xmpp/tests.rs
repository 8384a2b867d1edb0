//! A stream of XMPP as an exchange: what is said in which order, over each of the three carriers, and what each answer comes to.
//! The answers are those of Prosody 0.12.3 and ejabberd 23.01.

use super::*;

const NOW: u64 = 1_796_000_000;

const FEATURES: &str = "<stream:features xmlns:stream='http://etherx.jabber.org/streams'><mechanisms \
    xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism><mechanism>ANONYMOUS\
    </mechanism></mechanisms></stream:features>";
const SUCCESS: &str = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
const BIND: &str = "<stream:features xmlns:stream='http://etherx.jabber.org/streams'><bind \
    xmlns='urn:ietf:params:xml:ns:xmpp-bind'><required/></bind></stream:features>";
const BOUND: &str =
    "<iq type='result' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>x@xmpp.test/y</jid></bind></iq>";
/// 2026-11-30T01:53:20Z is an hour after the time of these tests.
const SERVICES: &str = "<iq id='services' type='result' from='xmpp.test'><services xmlns='urn:xmpp:extdisco:2'>\
    <service port='3478' type='stun' host='192.0.2.1' transport='udp'/>\
    <service type='turn' restricted='1' transport='tcp' expires='2026-11-30T01:53:20Z' username='1796003600' host='2001:db8::1' \
    password='canary&amp;password' port='3478'/><service type='turns' transport='tcp' host='turn.example' port='5349'/>\
    <service type='ftp' host='ftp.example'/></services></iq>";

fn server(url: &str, login: bool) -> XmppServer {
    let login = login.then(|| ("alice".to_owned(), Secret::new("canary-password")));
    XmppServer::new("xmpp.test".to_owned(), Url::parse(url).expect("is one"), login, 41)
}

fn text(text: &str) -> SourceHeard {
    SourceHeard::Said(SourceMessage::Text(text.to_owned()))
}

fn bytes(text: &str) -> SourceHeard {
    SourceHeard::Said(SourceMessage::Binary(text.into()))
}

fn http(status: u16, body: &str) -> SourceHeard {
    SourceHeard::Answered(WebAnswer { status, headers: Vec::new(), body: body.into() })
}

fn body(inner: &str) -> SourceHeard {
    http(200, &format!("<body xmlns='http://jabber.org/protocol/httpbind' sid='a&quot;b'>{inner}</body>"))
}

/// What is sent, or what it has come to.
fn word(step: &SourceStep) -> String {
    match step {
        SourceStep::Say(SourceMessage::Text(text)) => text.clone(),
        SourceStep::Ask(request) => String::from_utf8_lossy(&request.body).into_owned(),
        SourceStep::Refuse(fault) => {
            let reason = fault.about.reason.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{} {reason}", fault.code)
        }
        other => format!("{other:?}"),
    }
}

/// Tells one thing after the other, and gives the last step.
fn after(server: &mut XmppServer, heard: Vec<SourceHeard>) -> SourceStep {
    let mut step = server.next(NOW, SourceHeard::Begin);
    for one in heard {
        step = server.next(NOW, one);
    }
    step
}

fn uris(step: SourceStep) -> Vec<String> {
    let SourceStep::Offer(offer) = step else { panic!("{}", word(&step)) };
    let servers = offer.configuration.servers.iter().flat_map(|server| server.urls.clone().unwrap_or_default());
    servers.chain(offer.life_s(NOW).map(|life_s| life_s.to_string())).collect()
}

const OFFERED: [&str; 4] =
    ["stun:192.0.2.1:3478", "turn:[2001:db8::1]:3478?transport=tcp", "turns:turn.example:5349?transport=tcp", "3600"];

#[test]
fn a_guest_signs_in_over_a_websocket_and_is_named_the_services() {
    let mut server = server("wss://xmpp.test/ws", false);
    let SourceStep::Open(request) = server.next(NOW, SourceHeard::Begin) else { panic!("opens") };
    assert!(request.headers.contains(&("sec-websocket-protocol", Secret::new("xmpp"))));
    let open = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='xmpp.test' id='1' version='1.0'/>";
    let mut said = Vec::new();
    for heard in [SourceHeard::Opened, text(open), text(FEATURES), text(SUCCESS), text(open), text(BIND), text(BOUND)] {
        said.push(word(&server.next(NOW, heard)));
    }
    let begun = [
        "<open xmlns",
        "Listen",
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'></auth>",
        "<open xmlns",
        "Listen",
        "<iq xmlns='jabber:client' type='set'",
        "<iq xmlns='jabber:client' type='get' to='xmpp.test' id='services'><services xmlns='urn:xmpp:extdisco:2'/></iq>",
    ];
    assert_eq!(said.len(), begun.len());
    assert!(said.iter().zip(begun).all(|(said, begun)| said.starts_with(begun)), "{said:?}");
    assert_eq!(uris(server.next(NOW, text(SERVICES))), OFFERED);
    assert!(server.leave().is_none());
}

#[test]
fn over_tcp_tls_comes_before_the_password_and_a_stream_begins_anew_behind_each_step() {
    let mut server = server("xmpp://xmpp.test", true);
    assert!(matches!(server.next(NOW, SourceHeard::Begin), SourceStep::Connect(_)));
    let stream = "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";
    let tls = format!("{stream}<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>");
    let (entry, bind) = (format!("{stream}{FEATURES}"), format!("{stream}{BIND}"));
    assert!(
        word(&server.next(NOW, SourceHeard::Opened)).starts_with("<?xml version='1.0'?><stream:stream to='xmpp.test'")
    );
    assert!(word(&server.next(NOW, bytes(&tls))).starts_with("<starttls"));
    let proceed = bytes("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    assert!(matches!(server.next(NOW, proceed), SourceStep::Secure(name) if name == "xmpp.test"));
    assert!(word(&server.next(NOW, SourceHeard::Opened)).starts_with("<?xml"));
    // printf '\0alice\0canary-password' | base64
    let auth = word(&server.next(NOW, bytes(&entry)));
    assert!(auth.ends_with("mechanism='PLAIN'>AGFsaWNlAGNhbmFyeS1wYXNzd29yZA==</auth>"), "{auth}");
    assert!(word(&server.next(NOW, bytes(SUCCESS))).starts_with("<?xml"));
    let (first, second) = bind.split_at(bind.len() / 2);
    assert!(matches!(server.next(NOW, bytes(first)), SourceStep::Listen));
    assert!(word(&server.next(NOW, bytes(second))).starts_with("<iq xmlns='jabber:client' type='set'"));
    server.next(NOW, bytes(BOUND));
    assert_eq!(uris(server.next(NOW, bytes(SERVICES))), OFFERED);
}

#[test]
fn over_http_each_request_has_the_next_number_and_the_session_is_ended() {
    let mut server = server("https://xmpp.test/http-bind", false);
    let mut said = vec![word(&server.next(NOW, SourceHeard::Begin))];
    for heard in [body(""), body(FEATURES), body(SUCCESS), body(BIND), body(BOUND), body(SERVICES)] {
        said.push(word(&server.next(NOW, heard)));
    }
    let named = "sid='a&quot;b'";
    for (said, parts) in said.iter().zip([
        ["rid='42'", "to='xmpp.test'"],
        ["rid='43'", named],
        ["rid='44'", "mechanism='ANONYMOUS'"],
        ["rid='45'", "xmpp:restart='true'"],
        ["rid='46'", "id='bind'"],
        ["rid='47'", "urn:xmpp:extdisco:2"],
    ]) {
        assert!(parts.iter().all(|part| said.contains(part)), "{said}");
    }
    assert!(said[6].starts_with("Offer"), "{}", said[6]);
    assert!(word(&server.leave().expect("ends the session")).contains("type='terminate'"));
    assert!(matches!(server.next(NOW, http(200, "")), SourceStep::Left(faults) if faults.is_empty()));
}

#[test]
fn each_refusal_has_its_own_word() {
    let failure = |condition: &str| {
        text(&format!("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><{condition}/><text>canary</text></failure>"))
    };
    let stream_error = |condition: &str| {
        text(&format!(
            "<stream:error xmlns:stream='s'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
        ))
    };
    let iq_error = |condition: &str| {
        text(&format!("<iq id='services' type='error'><error type='auth'><{condition}/></error></iq>"))
    };
    let guests_only = FEATURES.replace("PLAIN", "X-TOKEN").replace("SCRAM-SHA-1", "DIGEST-MD5");
    let members_only = FEATURES.replace("ANONYMOUS", "DIGEST-MD5");
    let signed_in = |last: SourceHeard| vec![text(FEATURES), text(SUCCESS), text(BIND), text(BOUND), last];
    let again = |condition: &str| signed_in(iq_error(condition)).into_iter().chain([iq_error(condition)]).collect();
    for (login, heard, expected) in [
        (true, vec![text(FEATURES), failure("not-authorized")], "source-rejected-secret "),
        (true, vec![text(FEATURES), failure("account-disabled")], "source-forbidden "),
        (true, vec![text(FEATURES), failure("credentials-expired")], "source-token-expired "),
        (false, vec![text(FEATURES), failure("temporary-auth-failure")], "source-fails "),
        (false, vec![text(FEATURES), failure("invalid-mechanism")], "source-wants-secret it takes no guests"),
        (false, vec![text(&members_only)], "source-wants-secret it takes no guests"),
        (true, vec![text(&guests_only)], "source-not-this it takes passwords in no way"),
        (false, vec![stream_error("host-unknown")], "source-not-this it does not serve this domain"),
        (false, vec![stream_error("policy-violation")], "source-limited "),
        (false, vec![stream_error("internal-server-error")], "source-fails "),
        (
            false,
            vec![text("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")],
            "source-not-this it does not answer XMPP",
        ),
        (false, vec![text("<!DOCTYPE html><html></html>")], "source-not-this what it answers is no XMPP"),
        (false, vec![text("{}>")], "source-not-this what it answers is no XMPP"),
        (false, vec![SourceHeard::Closed { code: Some(1002) }], "source-not-this it does not answer XMPP"),
        (false, vec![http(404, "")], "source-not-this "),
        (false, vec![http(200, "")], "source-no-web-socket "),
        (false, signed_in(iq_error("forbidden")), "source-forbidden "),
        (false, again("service-unavailable"), "source-not-this it names no services"),
        (false, again("internal-server-error"), "source-fails "),
    ] {
        let mut server = server("wss://xmpp.test/ws", login);
        let step = after(&mut server, std::iter::once(SourceHeard::Opened).chain(heard).collect());
        assert!(word(&step).starts_with(expected), "{expected}: {}", word(&step));
    }
}

#[test]
fn where_no_password_is_taken_as_it_stands_it_is_proved_and_the_server_proves_that_it_knows_it() {
    let features = FEATURES.replace("<mechanism>PLAIN</mechanism>", "");
    let said = |text: &str, name: &str| {
        let inner =
            text.split_once('>').and_then(|(_, rest)| rest.split_once(&format!("</{name}"))).expect("is whole").0;
        String::from_utf8(BASE64_STANDARD.decode(inner).expect("base64")).expect("text")
    };
    let element = |name: &str, text: &str| {
        format!("<{name} xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{}</{name}>", BASE64_STANDARD.encode(text))
    };
    let mut server = server("wss://xmpp.test/ws", true);
    let auth = word(&after(&mut server, vec![SourceHeard::Opened, text(&features)]));
    assert!(auth.contains("mechanism='SCRAM-SHA-1'") && !auth.contains("canary"), "{auth}");
    let nonce = said(&auth, "auth").split_once("r=").expect("a nonce").1.to_owned();
    let challenge = element("challenge", &format!("r={nonce}theirs,s=QQ==,i=1"));
    let proof = said(&word(&server.next(NOW, text(&challenge))), "response");
    assert!(proof.starts_with(&format!("c=biws,r={nonce}theirs,p=")), "{proof}");
    // Whoever does not know the password is no server of it.
    let step = server.next(NOW, text(&element("success", "v=AAAA")));
    assert!(word(&step).starts_with("source-not-this"), "{}", word(&step));
}

#[test]
fn an_older_server_is_asked_in_its_own_namespace() {
    let error = "<iq id='services' type='error'><error type='cancel'><service-unavailable/></error></iq>";
    let mut server = server("wss://xmpp.test/ws", false);
    let heard = [FEATURES, SUCCESS, BIND, BOUND, error].map(text);
    let step = after(&mut server, std::iter::once(SourceHeard::Opened).chain(heard).collect());
    assert!(word(&step).contains("urn:xmpp:extdisco:1"), "{}", word(&step));
}

#[test]
fn http_tells_a_domain_that_is_not_served_and_a_page_that_is_none_of_xmpp() {
    let ended = "<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' condition='improper-addressing'/>";
    for (heard, expected) in [
        (http(200, ended), "source-not-this it does not serve this domain"),
        (http(200, "<!doctype html><title>x</title>"), "source-not-this it answers with a page for people"),
        (http(404, ""), "source-not-this "),
        (http(200, "<body type='terminate' condition='internal-server-error'/>"), "source-fails "),
    ] {
        let mut server = server("https://xmpp.test/http-bind", false);
        assert!(word(&after(&mut server, vec![heard])).starts_with(expected), "{expected}");
    }
}

#[test]
fn nothing_is_said_without_tls_but_on_this_machine() {
    let stream = "<stream:stream xmlns:stream='s'><stream:features/>";
    let offered = format!("<stream:stream xmlns:stream='s'>{FEATURES}");
    for (heard, url, expected) in [
        (stream, "xmpp://xmpp.test", "source-not-this it begins no TLS"),
        (offered.as_str(), "xmpp://192.0.2.1:5222", "source-not-this it begins no TLS"),
        (offered.as_str(), "xmpp://127.0.0.1:5222", "<auth "),
        (offered.as_str(), "xmpp://[::1]:5222", "<auth "),
    ] {
        let step = after(&mut server(url, true), vec![SourceHeard::Opened, bytes(heard)]);
        assert!(word(&step).starts_with(expected), "{url}: {}", word(&step));
    }
    // What came before TLS says nothing of what comes behind it.
    let mut server = server("xmpp://xmpp.test", true);
    let tls = "<stream:stream xmlns:stream='s'><stream:features><starttls/></stream:features>";
    let injected = format!("<proceed/>{FEATURES}");
    let step = after(&mut server, vec![SourceHeard::Opened, bytes(tls), bytes(&injected), SourceHeard::Opened]);
    assert!(word(&step).starts_with("<?xml"), "{}", word(&step));
    assert!(matches!(server.next(NOW, bytes("<stream:stream xmlns:stream='s'>")), SourceStep::Listen));
}

#[test]
fn a_server_that_has_never_anything_to_say_is_left() {
    let mut server = server("https://xmpp.test/http-bind", false);
    server.next(NOW, SourceHeard::Begin);
    let asked = (0..100).take_while(|_| matches!(server.next(NOW, body("")), SourceStep::Ask(_))).count();
    assert_eq!(asked, 8);
}

#[test]
fn a_strangers_services_are_no_more_than_text() {
    let services =
        SERVICES.replace("host='turn.example'", "host='h?x=&lt;y&gt; \n'").replace("2026-11-30T01:53:20Z", "soon");
    let mut server = server("wss://xmpp.test/ws", false);
    let heard = [FEATURES, SUCCESS, BIND, BOUND, services.as_str()].map(text);
    let found = uris(after(&mut server, std::iter::once(SourceHeard::Opened).chain(heard).collect()));
    assert_eq!(found.len(), 3, "{found:?}");
}

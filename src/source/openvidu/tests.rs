//! A session of OpenVidu as an exchange: what is asked in which order, and what each answer comes to.

use super::*;
use crate::turn::rest_password;

fn deployment(base: &str, session: Option<&str>) -> OpenVidu {
    let base = Url::parse(base).expect("is one");
    OpenVidu::new(base, session.map(str::to_owned), "rtc-doctor-fresh", Secret::new("canary-secret"))
}

fn meet() -> OpenVidu {
    deployment("https://meet.example", None)
}

fn http(status: u16, body: &str) -> SourceHeard {
    SourceHeard::Answered(WebAnswer { status, headers: Vec::new(), body: body.into() })
}

fn public_url() -> SourceHeard {
    http(200, "https://meet.example/")
}

fn made() -> SourceHeard {
    http(200, r#"{"id":"rtc-doctor-fresh","object":"session"}"#)
}

fn token(token: &str) -> SourceHeard {
    http(200, &json!({"id": "con_1", "status": "pending", "token": token}).to_string())
}

const TOKEN: &str = "wss://meet.example?sessionId=rtc-doctor-fresh&token=tok_canary";

fn answer(id: u32, result: &Value) -> SourceHeard {
    SourceHeard::Said(SourceMessage::Text(json!({"id": id, "jsonrpc": "2.0", "result": result}).to_string()))
}

fn error(id: u32, code: i64, message: &str) -> SourceHeard {
    let error = json!({"code": code, "message": message});
    SourceHeard::Said(SourceMessage::Text(json!({"id": id, "jsonrpc": "2.0", "error": error}).to_string()))
}

/// What is asked, in a word.
fn word(step: &SourceStep) -> String {
    match step {
        SourceStep::Ask(request) => format!("{} {}", request.method.as_str(), request.url.path()),
        SourceStep::Open(request) => format!("WS {}?{}", request.url.path(), request.url.query().unwrap_or_default()),
        SourceStep::Say(message) => {
            let said = message.json().expect("JSON");
            said.get("method").and_then(Value::as_str).expect("a method").to_owned()
        }
        SourceStep::Listen => "listen".to_owned(),
        SourceStep::Offer(offer) => format!("{} servers", offer.configuration.servers.len()),
        SourceStep::Refuse(fault) => fault.code.to_string(),
        SourceStep::Left(faults) => faults.iter().map(|fault| fault.code.to_string()).collect(),
        SourceStep::Follow(_) | SourceStep::Connect(_) | SourceStep::Secure(_) => "something else".to_owned(),
    }
}

/// Tells one thing after the other, and gives the last step.
fn after(openvidu: &mut OpenVidu, heard: Vec<SourceHeard>) -> SourceStep {
    let mut step = openvidu.next(0, SourceHeard::Begin);
    for one in heard {
        step = openvidu.next(0, one);
    }
    step
}

fn to_join(token_text: &str) -> Vec<SourceHeard> {
    vec![public_url(), made(), token(token_text), SourceHeard::Opened, answer(1, &json!({"value": "pong"}))]
}

#[test]
fn a_session_is_made_joined_left_and_removed_in_this_order() {
    let mut openvidu = meet();
    let mut asked = vec![word(&openvidu.next(0, SourceHeard::Begin))];
    let servers = json!([{"url": "turn:meet.example:3478", "username": "u", "credential": "c"}]);
    let event = SourceHeard::Said(SourceMessage::Text(r#"{"jsonrpc":"2.0","method":"participantJoined"}"#.to_owned()));
    let joined = answer(2, &json!({"customIceServers": servers, "version": "2.30.0", "mediaServer": "mediasoup"}));
    for heard in to_join(TOKEN).into_iter().chain([event, joined]) {
        asked.push(word(&openvidu.next(0, heard)));
    }
    assert!(openvidu.ping().is_some(), "the server's watchdog waits for it");
    asked.push(word(&openvidu.leave().expect("something is held")));
    asked.push(word(&openvidu.next(0, answer(4, &json!({})))));
    asked.push(word(&openvidu.next(0, http(204, ""))));
    let sessions = "/openvidu/api/sessions";
    let expected = [
        "GET /openvidu/api/config/openvidu-publicurl".to_owned(),
        format!("POST {sessions}"),
        format!("POST {sessions}/rtc-doctor-fresh/connection"),
        "WS /openvidu?sessionId=rtc-doctor-fresh".to_owned(),
        "ping".to_owned(),
        "joinRoom".to_owned(),
        "listen".to_owned(),
        "1 servers".to_owned(),
        "leaveRoom".to_owned(),
        format!("DELETE {sessions}/rtc-doctor-fresh"),
        "source-made-and-removed".to_owned(),
    ];
    assert_eq!(asked, expected);
    assert!(openvidu.leave().is_none() && openvidu.left_behind().is_empty());
}

#[test]
fn the_secret_goes_to_the_rest_interface_alone() {
    let mut openvidu = meet();
    let mut steps = vec![openvidu.next(0, SourceHeard::Begin)];
    steps.extend(to_join(TOKEN).into_iter().map(|heard| openvidu.next(0, heard)));
    let signed: Vec<bool> = steps
        .iter()
        .map(|step| match step {
            SourceStep::Ask(request) | SourceStep::Open(request) => {
                request.headers.iter().any(|(name, _)| *name == "authorization")
            }
            _ => false,
        })
        .collect();
    assert_eq!(signed, [false, true, true, false, false, false]);
    let SourceStep::Ask(request) = &steps[1] else { panic!("asks") };
    // printf OPENVIDUAPP:canary-secret | base64
    let basic = Secret::new("Basic T1BFTlZJRFVBUFA6Y2FuYXJ5LXNlY3JldA==");
    assert!(request.headers.contains(&("authorization", basic)));
}

#[test]
fn the_servers_are_found_where_each_release_has_them() {
    let parts = json!({"coturnIp": "192.0.2.1", "turnUsername": "u", "turnCredential": "c"});
    let with_port = json!({"coturnIp": "192.0.2.1", "coturnPort": 443, "turnUsername": "u", "turnCredential": "c"});
    let of_token = format!("{TOKEN}&coturnIp=192.0.2.1&turnUsername=u&turnCredential=c&version=2.16.0");
    let custom = json!({"customIceServers": [{"url": "turn:h:1", "username": "u", "credential": "c"}]});
    for (token, result, expected) in [
        (of_token.as_str(), json!({}), "turn:192.0.2.1:3478?transport=udp"),
        (TOKEN, parts, "turn:192.0.2.1:3478?transport=udp"),
        (TOKEN, with_port, "turn:192.0.2.1:443?transport=udp"),
        (TOKEN, custom, "turn:h:1?transport=udp"),
    ] {
        let mut heard = to_join(token);
        heard.push(answer(2, &result));
        let SourceStep::Offer(offer) = after(&mut meet(), heard) else { panic!("{result}") };
        let uris: Vec<String> = offer.configuration.asked().iter().map(|server| server.target.uri()).collect();
        assert_eq!((uris, offer.is_held), (vec![expected.to_owned()], true));
    }
}

#[test]
fn each_refusal_has_its_own_word() {
    let html = "<!doctype html><title>OpenVidu</title>";
    let refused = r#"{"timestamp":1,"status":401,"error":"Unauthorized","path":"/openvidu/api/sessions"}"#;
    let joining = |last: SourceHeard| to_join(TOKEN).into_iter().chain([last]).collect::<Vec<_>>();
    let no_media = "There is no available Media Node where to initialize session";
    for (heard, expected) in [
        (vec![http(200, html)], Code::SourceNotThis),
        (vec![http(404, ""), http(404, "")], Code::SourceNotThis),
        (vec![public_url(), http(401, refused)], Code::SourceRejectedSecret),
        (vec![public_url(), made(), http(404, "")], Code::SourceNotThis),
        (vec![public_url(), made(), http(200, "{}")], Code::SourceNotThis),
        (vec![public_url(), made(), token(TOKEN), http(502, "")], Code::SourceNoWebSocket),
        (vec![public_url(), made(), token(TOKEN), http(403, "")], Code::SourceNoWebSocket),
        (joining(error(2, 204, no_media)), Code::OpenviduNoMediaNode),
        (joining(error(2, 901, "x")), Code::OpenviduNoMediaNode),
        (joining(error(2, 401, "Token is not valid")), Code::SourceFails),
        (joining(error(2, 202, "Room not found")), Code::SourceNotThis),
        (joining(error(2, 999, "canary")), Code::SourceFails),
        (joining(SourceHeard::Closed { code: Some(1011) }), Code::SourceNotThis),
    ] {
        let step = after(&mut meet(), heard);
        assert_eq!(word(&step), expected.to_string());
        assert!(!format!("{step:?}").contains("canary-secret"));
    }
}

#[test]
fn a_session_that_may_have_been_made_is_removed_wherever_it_was_stopped() {
    for come in 0..=to_join(TOKEN).len() {
        let mut openvidu = meet();
        after(&mut openvidu, to_join(TOKEN).into_iter().take(come).collect());
        let removes = openvidu.leave().map(|step| word(&step));
        let expected = (come > 0).then(|| "DELETE /openvidu/api/sessions/rtc-doctor-fresh".to_owned());
        assert_eq!(removes, expected, "after {come} answers");
    }
}

#[test]
fn a_secret_that_was_refused_is_not_shown_again_to_remove_what_was_not_made() {
    let mut openvidu = meet();
    after(&mut openvidu, vec![public_url(), http(401, "")]);
    assert!(openvidu.leave().is_none() && openvidu.left_behind().is_empty());
}

#[test]
fn a_session_of_the_users_own_is_joined_and_not_removed() {
    let mut openvidu = deployment("https://meet.example", Some("daily"));
    let heard = to_join(TOKEN).into_iter().enumerate().filter(|(place, _)| *place != 1).map(|(_, heard)| heard);
    let mut step = after(&mut openvidu, heard.collect());
    assert_eq!(word(&step), "joinRoom");
    step = openvidu.next(0, answer(2, &json!({"customIceServers": []})));
    assert_eq!(word(&step), "0 servers");
    assert_eq!(word(&openvidu.leave().expect("leaves")), "leaveRoom");
    assert!(matches!(openvidu.next(0, answer(3, &json!({}))), SourceStep::Left(faults) if faults.is_empty()));
}

#[test]
fn releases_up_to_2_15_are_asked_at_their_own_paths() {
    let mut openvidu = meet();
    let heard = [http(404, ""), public_url(), made(), token(TOKEN)];
    let asked: Vec<String> = std::iter::once(openvidu.next(0, SourceHeard::Begin))
        .map(|step| word(&step))
        .collect::<Vec<_>>()
        .into_iter()
        .chain(heard.into_iter().map(|heard| word(&openvidu.next(0, heard))).collect::<Vec<_>>())
        .collect();
    let expected = [
        "GET /openvidu/api/config/openvidu-publicurl",
        "GET /config/openvidu-publicurl",
        "POST /api/sessions",
        "POST /api/tokens",
        "WS /openvidu?sessionId=rtc-doctor-fresh",
    ];
    assert_eq!(asked, expected);
    assert_eq!(word(&openvidu.leave().expect("removes")), "DELETE /api/sessions/rtc-doctor-fresh");
}

#[test]
fn a_connection_in_the_users_own_session_that_was_not_joined_is_removed() {
    let mut openvidu = deployment("https://meet.example", Some("daily"));
    let token = http(200, &json!({"id": "con_1", "token": TOKEN}).to_string());
    after(&mut openvidu, vec![public_url(), token, http(502, "")]);
    let step = openvidu.leave().expect("removes");
    assert_eq!(word(&step), "DELETE /openvidu/api/sessions/daily/connection/con_1");
    assert!(matches!(openvidu.next(0, http(204, "")), SourceStep::Left(faults) if faults.is_empty()));
    assert!(openvidu.left_behind().is_empty());
}

#[test]
fn what_could_not_be_removed_is_named() {
    for last in [SourceHeard::Failed, http(500, ""), http(401, "")] {
        let mut openvidu = meet();
        after(&mut openvidu, vec![public_url(), made()]);
        openvidu.leave().expect("removes");
        let SourceStep::Left(faults) = openvidu.next(0, last) else { panic!("is over") };
        assert_eq!(faults[0].code, Code::SourceLeftBehind);
        assert_eq!(faults[0].about.name.as_deref(), Some("rtc-doctor-fresh"));
    }
}

#[test]
fn what_was_never_answered_is_not_taken_for_removed_where_there_is_none_yet() {
    for (heard, last, expected) in [
        (vec![public_url()], http(404, ""), Code::SourceLeftBehind),
        (vec![public_url(), http(500, "")], http(404, ""), Code::SourceLeftBehind),
        (vec![public_url()], http(204, ""), Code::SourceMadeAndRemoved),
        (vec![public_url(), made()], http(404, ""), Code::SourceMadeAndRemoved),
    ] {
        let mut openvidu = meet();
        after(&mut openvidu, heard);
        openvidu.leave().expect("removes");
        let SourceStep::Left(faults) = openvidu.next(0, last) else { panic!("is over") };
        assert_eq!(faults[0].code, expected);
        assert!(openvidu.left_behind().is_empty(), "it is told once");
    }
}

#[test]
fn a_token_for_a_host_that_means_nothing_elsewhere_is_grave_and_another_name_is_told() {
    let severity =
        |base: &str, token: &str| deployment(base, None).elsewhere(token).map(|fault| (fault.code, fault.severity));
    let told = |severity| Some((Code::OpenviduTokenNamesAnotherHost, severity));
    let meet = "https://meet.example";
    assert_eq!(severity(meet, TOKEN), None);
    assert_eq!(severity(meet, "wss://meet.example:443?sessionId=x"), None);
    for named in ["wss://localhost:4443?x", "wss://10.0.0.5?x", "wss://openvidu-server:4443?x"] {
        assert_eq!(severity(meet, named), told(Severity::Critical), "{named}");
    }
    assert_eq!(severity(meet, "wss://other.example?x"), told(Severity::Warning));
    assert_eq!(severity("http://127.0.0.1:4443", "wss://localhost:4443?x"), told(Severity::Warning));
    assert_eq!(severity(meet, "no address"), None);
}

#[test]
fn credentials_made_of_the_deployments_own_secret_are_told() {
    let user = "1800000000:abcdefgh";
    for (secret, expected) in [("canary-secret", vec![Code::OpenviduTurnSecretShared]), ("another", vec![])] {
        let password = rest_password(secret.as_bytes(), user);
        let servers = json!([{"url": "turn:h:3478", "username": user, "credential": password}]);
        let mut heard = to_join(TOKEN);
        heard.push(answer(2, &json!({"customIceServers": servers})));
        let SourceStep::Offer(offer) = after(&mut meet(), heard) else { panic!("offers") };
        assert_eq!(offer.faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn no_answer_of_a_stranger_makes_it_go_on_for_ever_or_panic() {
    let strange = ["", "null", "[]", "{}", "\"x\"", "{\"id\":2}", "{\"id\":2,\"result\":5}", "{\"id\":2,\"error\":5}"];
    for come in 0..=to_join(TOKEN).len() {
        for text in strange {
            let mut openvidu = meet();
            after(&mut openvidu, to_join(TOKEN).into_iter().take(come).collect());
            openvidu.next(0, SourceHeard::Said(SourceMessage::Text(text.to_owned())));
            openvidu.next(0, http(200, text));
            openvidu.next(0, SourceHeard::Said(SourceMessage::Binary(vec![0xff; 64])));
        }
    }
}

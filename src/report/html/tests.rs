use super::*;
use crate::model::*;
use crate::model::{DnsFact, IceFact, Millis, SignallingFact, StunFact};
use crate::report::sample;

fn samples() -> [Diagnosis; 4] {
    [sample::home_direct(), sample::company_relay(), sample::udp_blocked(), sample::nothing_known()]
}

fn page(diagnosis: &Diagnosis) -> String {
    render(diagnosis, Lang::En).expect("a page")
}

/// What stands between two marks, the first time they do.
fn between<'a>(text: &'a str, begin: &str, end: &str) -> &'a str {
    let from = text.find(begin).unwrap_or_else(|| panic!("no {begin}")) + begin.len();
    &text[from..from + text[from..].find(end).expect("an end")]
}

/// Whatever a stranger could try, in every place where a stranger's text stands.
pub(crate) fn hostile() -> Diagnosis {
    let text = "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">\"' \
                onload=\"document.title='taken' ]]>--> javascript:alert(1) \u{202e}gpj\u{2066} \x1b[2J\x1b]52;c;eA==\x07 \
                {{ 7 * 7 }} &lt;b&gt; \u{2028}\u{0}e\u{301}";
    let mut diagnosis = sample::company_relay();
    diagnosis.tool.version = text.to_owned();
    for server in &mut diagnosis.servers {
        server.uri = text.into();
        server.software = Some(Text::from_wire(&text.as_bytes().repeat(300)));
        if let Some(error) = &mut server.error {
            error.reason = Reason::Said(text.to_owned());
        }
        let said = Text::new(text);
        server.tls = Some(Tls {
            server_name: text.to_owned(),
            version: Some(text.to_owned()),
            certificates: vec![Certificate {
                subject: said.clone(),
                issuer: said.clone(),
                names: vec![said; 3],
                not_before: text.to_owned(),
                not_after: text.to_owned(),
                fingerprint_sha256: text.to_owned(),
                logged: None,
            }],
            problem: None,
            connect_ms: None,
            handshake_ms: None,
        });
    }
    for candidate in &mut diagnosis.candidates {
        candidate.server = Some(text.into());
        candidate.foundation = text.to_owned();
    }
    for finding in &mut diagnosis.findings {
        for words in [&mut finding.words.title, &mut finding.words.detail] {
            *words = text.to_owned();
        }
        finding.words.remedy = format!("You: {text}");
    }
    let end = PairEnd {
        kind: CandidateType::Host,
        protocol: Protocol::Udp,
        address: Host::Name(Text::new(text)),
        port: 9,
        tcp_type: None,
        relay_protocol: None,
        server: Some(text.into()),
    };
    diagnosis.pairs = (0..3).map(|n| pair(end.clone(), end.clone(), n)).collect();
    for n in 0..3 {
        diagnosis.pairs[n].failure = Some(PairFailure::Refused { code: 400, reason: Text::new(text) });
    }
    let by = Origin { question: Question::Resolve, uri: Some(text.into()) };
    for fact in [
        Fact::Dns(DnsFact::Resolved {
            name: text.to_owned(),
            record: DnsKind::A,
            records: vec![],
            took_ms: Millis(1.0),
        }),
        Fact::Signalling(SignallingFact::PeerJoined { software: Text::new(text) }),
        Fact::Ice(IceFact::CandidateRefused {
            candidate: RefusedCandidate::Other(Text::new(text)),
            why: Code::PeerCandidateMalformed,
        }),
    ] {
        let id = ObservationId(u32::try_from(diagnosis.observations.len()).expect("a few"));
        diagnosis.observations.push(Observation { id, at_ms: Millis(1.0), by: by.clone(), end: End::Ours, fact });
    }
    diagnosis
}

fn pair(local: PairEnd, remote: PairEnd, n: u32) -> Pair {
    let median = 20.0 + f64::from(n % 40) * 2.5;
    Pair {
        local,
        remote,
        state: PairState::Succeeded,
        failure: None,
        rtt_ms: Some(RoundTrips { min: Millis(median - 5.0), median: Millis(median), max: Millis(median + 20.0) }),
        sent: 12,
        received: 11,
        unanswered_last: 0,
        first_success_ms: Some(Millis(80.0)),
        nominated: n == 0,
    }
}

fn ends(n: u32) -> (PairEnd, PairEnd) {
    let end = |kind, address: String| PairEnd {
        kind,
        protocol: Protocol::Udp,
        address: Host::Address(address.parse().expect("an address")),
        port: 50_000,
        tcp_type: None,
        relay_protocol: None,
        server: None,
    };
    (
        end(CandidateType::Host, format!("192.0.2.{}", n / 10 + 1)),
        end(CandidateType::Srflx, format!("203.0.113.{}", n % 10 + 1)),
    )
}

#[test]
fn the_page_asks_for_nothing_from_anywhere() {
    for diagnosis in samples() {
        let page = page(&diagnosis);
        let page = page.split("<script").next().expect("the page");
        assert!(
            !page.contains("src=") && !page.contains("url(") && !page.contains("@import") && !page.contains("<link")
        );
        for link in page.split("href=\"").skip(1) {
            assert!(link.starts_with('#'), "{}", &link[..40]);
        }
        assert!(!page.contains(" style=\"") && !page.contains(" onclick="), "the policy would refuse it");
    }
}

#[test]
fn the_policy_lets_in_just_this_style_and_this_script() {
    let page = page(&sample::home_direct());
    let policy = between(&page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"").replace("&#39;", "'");
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    for element in ["style", "script"] {
        let text = between(&page, &format!("<{element}>"), &format!("</{element}>"));
        let hash = STANDARD.encode(digest(&SHA256, text.as_bytes()));
        assert!(policy.contains(&format!("{element}-src 'sha256-{hash}'")), "{element}: {policy}");
    }
}

#[test]
fn the_diagnosis_is_in_the_page() {
    for diagnosis in samples().into_iter().chain([hostile()]) {
        let page = page(&diagnosis);
        let json = between(&page, "<script type=\"application/json\" id=\"diagnosis\">", "</script>");
        assert_eq!(serde_json::from_str::<Diagnosis>(json).expect("reads"), diagnosis);
    }
}

#[test]
fn what_a_stranger_says_is_text_and_nothing_of_it_is_hidden() {
    for lang in Lang::ALL {
        let page = render(&hostile(), lang).expect("a page");
        assert_eq!(page.matches("<script").count(), 2, "the diagnosis and our own");
        assert_eq!(page.matches("<img").count(), 0);
        assert!(!page.contains("\" onload=") && !page.contains("\" onerror="));
        let hidden = |c: char| (c.is_control() && c != '\n' && c != '\r') || is_invisible(c);
        assert_eq!(page.chars().find(|c| hidden(*c)), None);
        assert!(page.contains("\\u{202e}gpj"), "it is shown");
    }
}

#[test]
fn the_sections_stand_in_the_order_in_which_they_are_needed() {
    let mut diagnosis = sample::company_relay();
    diagnosis.pairs = (0..4).map(|n| pair(ends(n).0, ends(n).1, n)).collect();
    let page = page(&diagnosis);
    let places: Vec<usize> =
        ["class=\"summary", "id=\"to-do\"", "id=\"forecast\"", "id=\"findings\"", "id=\"network\""]
            .into_iter()
            .chain([
                "id=\"servers\"",
                "id=\"candidates\"",
                "id=\"pairs\"",
                "id=\"firewall-request\"",
                "id=\"observations\"",
            ])
            .chain(["id=\"method\""])
            .map(|mark| page.find(mark).unwrap_or_else(|| panic!("no {mark}")))
            .collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn the_top_says_what_is_wrong_and_what_to_do_first() {
    let blocked = page(&sample::udp_blocked());
    let top = between(&blocked, "class=\"summary", "</section>");
    assert!(top.contains("Calls from here will not connect."), "{top}");
    assert!(top.contains("This network blocks UDP") && top.contains("Your network team"), "{top}");
    let relayed = page(&sample::company_relay());
    assert!(between(&relayed, "class=\"summary", "</section>").contains("way chosen"));
}

#[test]
fn of_two_ends_the_top_has_their_sentence_and_the_prediction_beside_the_trial() {
    let known = |path| Judged::known(path, vec![ObservationId(0)]);
    let mut diagnosis = sample::company_relay();
    diagnosis.verdict.predicted = Some(known(Path::Relay));
    let top_of = |diagnosis: &Diagnosis, lang| {
        between(&render(diagnosis, lang).expect("a page"), "class=\"summary", "</section>").to_owned()
    };
    let compared = top_of(&diagnosis, Lang::En);
    assert!(compared.contains("These two will connect through a relay."), "{compared}");
    assert!(compared.contains("<dt>Tried</dt><dd>not yet</dd>"), "{compared}");

    diagnosis.verdict.tried = Some(known(Path::None));
    diagnosis.verdict.path = known(Path::None);
    let called = top_of(&diagnosis, Lang::En);
    assert!(called.contains("No connection, although a relay was predicted"), "{called}");
    assert!(called.contains("<dt>Predicted</dt><dd>through a relay</dd>"), "{called}");
    assert!(called.contains("<dt>Tried</dt><dd>no connection</dd>"), "{called}");
    assert!(called.contains("no way between these two") && !called.contains("from here will"), "{called}");
    let korean = top_of(&diagnosis, Lang::Ko);
    assert!(korean.contains("연결되지 않음, 예측은 중계") && korean.contains("<dt>실제</dt>"), "{korean}");

    assert!(!top_of(&sample::company_relay(), Lang::En).contains("<dl"), "one end alone was not compared");
}

#[test]
fn a_fine_network_needs_no_step() {
    let page = page(&sample::home_direct());
    assert!(page.contains("Nothing needs to be done"), "no problem was found");
    assert!(!between(&page, "class=\"summary", "</section>").contains("First step"));
}

#[test]
fn an_interrupted_run_says_so_at_the_top() {
    let mut diagnosis = sample::home_direct();
    diagnosis.interrupted = true;
    assert!(between(&page(&diagnosis), "class=\"summary", "</h1>").contains("INTERRUPTED:"));
    assert!(!page(&sample::home_direct()).contains("INTERRUPTED:"));
}

#[test]
fn every_step_names_whose_it_is_and_leads_to_its_finding() {
    for diagnosis in samples() {
        let page = page(&diagnosis);
        for step in between(&page, "id=\"to-do\"", "</section>").split("href=\"#").skip(1) {
            let id = step.split('"').next().expect("an id");
            assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
        }
    }
}

#[test]
fn evidence_leads_to_observations_that_are_there() {
    let page = page(&sample::company_relay());
    for link in page.split("href=\"#o").skip(1) {
        let id = link.split('"').next().expect("an id");
        if let Ok(number) = id.parse::<u32>() {
            assert!(page.contains(&format!("id=\"o{number}\"")), "{id}");
        }
    }
}

#[test]
fn the_page_is_in_the_language_asked_for() {
    for mut diagnosis in samples() {
        catalog::fill(&mut diagnosis, Lang::Ko);
        let page = render(&diagnosis, Lang::Ko).expect("a page");
        assert!(page.contains("<html lang=\"ko\">"));
        let shown = page.split("<script").next().expect("the page").split("</style>").nth(1).expect("the body");
        for english in ["What to do", "Network report", "The call goes", "First step", "not tested", "Evidence"] {
            assert!(!shown.contains(english), "{english}");
        }
    }
}

#[test]
fn a_page_is_small_even_with_a_hundred_pairs() {
    for diagnosis in samples() {
        assert!(page(&diagnosis).len() < 400_000);
    }
    let mut diagnosis = sample::company_relay();
    diagnosis.pairs = (0..100).map(|n| pair(ends(n).0, ends(n).1, n)).collect();
    let page = page(&diagnosis);
    assert!(page.len() < 1_000_000, "{}", page.len());
    assert!(page.contains("The 24 fastest are drawn"));
}

#[test]
fn ten_thousand_observations_are_all_there() {
    let mut diagnosis = sample::home_direct();
    let one = diagnosis.observations[0].clone();
    let many = (0..10_000).map(|n| Observation { id: ObservationId(n), ..one.clone() });
    diagnosis.observations = many.collect();
    let page = page(&diagnosis);
    assert!(page.contains("id=\"o0\"") && page.contains("id=\"o9999\""));
}

#[test]
fn round_trips_that_move_are_drawn_and_steady_ones_are_told() {
    let mut diagnosis = sample::home_direct();
    let mapped = |rtt: f64| {
        Fact::Stun(StunFact::Mapped {
            transport: Transport::Udp,
            local: "192.0.2.17:50001".parse().expect("an endpoint"),
            server: "198.51.100.1:3478".parse().expect("an endpoint"),
            mapped: "203.0.113.7:50001".parse().expect("an endpoint"),
            rewritten: None,
            other: None,
            software: None,
            rtt_ms: Some(Millis(rtt)),
            sent: 1,
        })
    };
    let course = |spread: f64| {
        let by = Origin { question: Question::Binding, uri: None };
        let at = |n: u32| Observation {
            id: ObservationId(n),
            at_ms: Millis(f64::from(n) * 50.0),
            by: by.clone(),
            end: End::Ours,
            fact: mapped(40.0 + f64::from(n) * spread),
        };
        (0..8).map(at).collect::<Vec<_>>()
    };
    diagnosis.observations = course(0.1);
    assert!(!page(&diagnosis).contains("round trip in milliseconds"));
    diagnosis.observations = course(10.0);
    assert!(page(&diagnosis).contains("round trip in milliseconds"));
}

#[test]
fn a_home_network_is_drawn_as_it_was_last_time() {
    let page = page(&sample::home_direct());
    // The style and the script are files of their own.
    let body = page.split("</style>").nth(1).expect("the body").split("<script").next().expect("the body");
    insta::assert_snapshot!(body);
}

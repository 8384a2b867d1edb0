//! What each system reads, read as that system does.

use super::*;
use crate::model::*;
use crate::report::sample;
use std::time::Duration;

/// 2023-11-14T22:13:20Z
const NOW: u64 = 1_700_000_000;
const HOST: &str = "turn:turn.example.org?transport=tcp";

fn wording() -> Wording {
    Wording { lang: Lang::En, ascii: false }
}

fn rendered(diagnosis: &Diagnosis, format: MonitoringFormat, limits: &Limits) -> (String, u8) {
    render(diagnosis, format, limits, wording(), NOW)
}

fn nagios(diagnosis: &Diagnosis) -> (String, u8) {
    rendered(diagnosis, MonitoringFormat::Nagios, &Limits::default())
}

fn limits(measure: Measure, warning: f64, critical: f64) -> Limits {
    let of = |seconds| [(measure, Duration::from_secs_f64(seconds))];
    Limits::new(of(warning), of(critical))
}

/// A relay over TCP that works, in 10 ms a stage.
fn works(uri: &str, address: &str) -> Server {
    let steps = [
        Step::Resolve,
        Step::Connect,
        Step::Challenge,
        Step::Allocate,
        Step::Permission,
        Step::RelayIn,
        Step::Channel,
        Step::RelayOut,
        Step::Refresh,
        Step::Release,
    ];
    let stage = |name| Stage { name, ms: Some(Millis(10.0)), outcome: StageOutcome::Passed };
    Server {
        uri: uri.into(),
        address: Some(address.parse().expect(address)),
        transport: Transport::Tcp,
        stages: steps.map(stage).to_vec(),
        error: None,
        software: None,
        tls: None,
    }
}

/// The same, stopped at its allocation.
fn stopped(uri: &str, address: &str, code: Code, reason: Reason) -> Server {
    let mut server = works(uri, address);
    for stage in server.stages.iter_mut().skip(3) {
        (stage.ms, stage.outcome) = (None, StageOutcome::NotTested);
    }
    server.stages[3].outcome = StageOutcome::Failed;
    Server { error: Some(ServerError { code, stun_code: None, reason }), ..server }
}

/// A network through which no call could go directly: that is not what is asked.
fn with(servers: Vec<Server>) -> Diagnosis {
    Diagnosis { servers, findings: Vec::new(), ..sample::udp_blocked() }
}

fn with_error(code: Code) -> Diagnosis {
    with(vec![stopped(HOST, "192.0.2.1:3478", code, Reason::default())])
}

/// A plugin's line as Nagios takes it apart: state, text, and each label with its fields.
fn read(text: &str) -> (String, String, Vec<(String, Vec<String>)>) {
    let line = text.strip_suffix('\n').expect("ends with a line feed");
    assert!(!line.contains('\n') && line.matches('|').count() <= 1, "{line}");
    let (status, measured) = line.split_once(" | ").unwrap_or((line, ""));
    let (state, text) = status.strip_prefix("RTC ").and_then(|rest| rest.split_once(" - ")).expect("RTC STATE - text");
    let mut labels = Vec::new();
    let mut rest = measured;
    while let Some(after) = rest.trim_start().strip_prefix('\'') {
        let (label, after) = after.split_once("'=").expect("a label ends");
        assert!(!label.contains("::") && !label.contains('='), "{label}");
        let (fields, after) = after.split_once(' ').unwrap_or((after, ""));
        labels.push((label.to_owned(), fields.split(';').map(str::to_owned).collect()));
        rest = after;
    }
    assert_eq!(rest, "", "{measured}");
    (state.to_owned(), text.to_owned(), labels)
}

/// State, service, its metrics, text.
type LocalCheck = (char, String, Vec<(String, Vec<f64>)>, String);

/// What a local check wrote, taken apart as Checkmk's manual describes it: four parts with one space between them, the
/// service in quotes, the metrics with `|` between them or `-`, and a line feed written as `\\n`.
fn checkmk(text: &str) -> Vec<LocalCheck> {
    let line = |line: &str| {
        let (state, after) = line.split_once(" \"").expect("a state and a quoted service");
        let (service, after) = after.split_once("\" ").expect("the service ends");
        let (metrics, text) = after.split_once(' ').expect("metrics and a text");
        assert!(["0", "1", "2", "3"].contains(&state) && !text.starts_with(' ') && !text.contains('\\'), "{line}");
        assert!(!service.contains(['"', '|', '\'', ';', '=']), "{line}");
        let metric = |metric: &str| {
            let (name, values) = metric.split_once('=').expect("a name and values");
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{line}");
            (name.to_owned(), values.split(';').map(|value| value.parse().expect("a number")).collect())
        };
        let metrics = if metrics == "-" { Vec::new() } else { metrics.split('|').map(metric).collect() };
        (state.chars().next().expect("one"), service.to_owned(), metrics, text.to_owned())
    };
    let checks: Vec<LocalCheck> = text.lines().map(line).collect();
    let names: std::collections::BTreeSet<&String> = checks.iter().map(|(_, service, ..)| service).collect();
    assert_eq!(names.len(), checks.len(), "a service is named once");
    checks
}

#[test]
fn paths_that_work_are_ok_whatever_the_network_does() {
    let two = with(vec![works(HOST, "192.0.2.1:3478"), works(HOST, "192.0.2.2:3478")]);
    assert_ne!(two.exit_code(), 0);
    let (text, code) = nagios(&two);
    let (state, said, labels) = read(&text);
    assert_eq!((code, state.as_str(), said.as_str()), (0, "OK", "2 of 2 paths work"));
    assert_eq!(labels.len(), 22, "ten stages and their total each: {text}");
    let allocate = ("turn turn.example.org 192.0.2.1:3478/tcp allocate", vec!["0.010000s", "", "", "0"]);
    let labels: Vec<(&str, Vec<&str>)> =
        labels.iter().map(|(label, fields)| (label.as_str(), fields.iter().map(String::as_str).collect())).collect();
    assert_eq!((&labels[3], labels[10].1[0]), (&allocate, "0.100000s"));
}

#[test]
fn a_path_that_fails_is_critical_and_its_code_is_named() {
    let address = "192.0.2.2:3478";
    let broken = stopped(HOST, address, Code::RelayCredentialsRejected, Reason::default());
    let (text, code) = nagios(&with(vec![works(HOST, "192.0.2.1:3478"), broken]));
    let (state, said, labels) = read(&text);
    assert_eq!((code, state.as_str()), (2, "CRITICAL"));
    assert!(said.starts_with("1 of 2 paths work; turn turn.example.org 192.0.2.2:3478/tcp: "), "{said}");
    assert!(said.ends_with(" [relay-credentials-rejected]"), "{said}");
    let unknown = labels.iter().filter(|(_, fields)| fields[0] == "U").count();
    assert_eq!((labels.len(), unknown), (22, 8), "the labels stay, without the values that there are not");
}

#[test]
fn what_this_machine_or_its_name_server_lacks_is_unknown_and_what_the_server_does_is_critical() {
    use Code::*;
    for ours in [NoCredentials, DtlsNotSupported, NoSocket, LocalFirewall, NameServerSilent, NoNameServer] {
        assert_eq!(nagios(&with_error(ours)).1, 3, "{ours}");
    }
    for theirs in [ServerSilent, ServerRefusedConnection, TlsExpired, RelayQuotaReached, NameDoesNotExist] {
        assert_eq!(nagios(&with_error(theirs)).1, 2, "{theirs}");
    }
    assert_eq!(nagios(&with_error(RelayLargeLost)).1, 1, "it carries a call, and not every call");
    let no_route = Reason::Refusal(Refusal::NoRoute);
    assert_eq!(nagios(&with(vec![stopped(HOST, "192.0.2.1:3478", ServerUnreachable, no_route)])).1, 3);
    let mut portal = with_error(ServerConnectionTimedOut);
    let found = Finding::new(CaptivePortal, Severity::Critical, Detail::default(), vec![ObservationId(0)]);
    portal.findings.extend(found);
    let (text, code) = nagios(&portal);
    assert!(code == 3 && text.contains("[captive-portal]"), "{text}");
}

#[test]
fn a_path_that_was_not_asked_to_the_end_is_unknown() {
    let mut unfinished = works(HOST, "192.0.2.1:3478");
    unfinished.stages[9] = Stage { name: Step::Release, ms: None, outcome: StageOutcome::NotTested };
    assert_eq!(nagios(&with(vec![unfinished])).1, 3);
}

#[test]
fn an_alarm_outranks_what_is_not_known_and_that_outranks_what_is_well() {
    let of = |code, address| stopped(HOST, address, code, Reason::default());
    let (well, unknown) = (works(HOST, "192.0.2.1:3478"), of(Code::NoCredentials, "192.0.2.2:3478"));
    let failing = of(Code::ServerSilent, "192.0.2.3:3478");
    assert_eq!(nagios(&with(vec![unknown.clone(), well.clone()])).1, 3);
    let (text, code) = nagios(&with(vec![unknown, well, failing]));
    let (_, said, _) = read(&text);
    let (first, second) = (said.find("[server-silent]"), said.find("[no-credentials]"));
    assert!(code == 2 && first.is_some() && first < second, "the worst is read first: {said}");
}

#[test]
fn a_stage_that_takes_longer_than_its_limit_is_told() {
    let well = with(vec![works(HOST, "192.0.2.1:3478")]);
    let allocate = Measure::Stage(Step::Allocate);
    for (of, code) in [
        (limits(Measure::Total, 0.05, 60.0), 1),
        (limits(Measure::Total, 0.05, 0.06), 2),
        (limits(Measure::Total, 0.1, 60.0), 0),
        (limits(allocate, 0.009, 60.0), 1),
        (limits(Measure::Stage(Step::Tls), 0.0, 0.0), 0),
    ] {
        assert_eq!(rendered(&well, MonitoringFormat::Nagios, &of).1, code, "{of:?}");
    }
    let (text, _) = rendered(&well, MonitoringFormat::Nagios, &limits(allocate, 0.009, 60.0));
    assert!(
        text.contains("1 of 1 paths work; ") && text.contains("allocate took 0.010 s, more than 0.009 s"),
        "{text}"
    );
    assert!(text.contains("/tcp allocate'=0.010000s;0.009;60;0 "), "{text}");
    let (text, code) = rendered(&well, MonitoringFormat::Checkmk, &limits(allocate, 0.009, 60.0));
    let (state, name, metrics, _) = checkmk(&text).remove(1);
    assert_eq!((code, state, name.as_str()), (0, '1', "RTC turn turn.example.org 192.0.2.1:3478/tcp"));
    let of = |name: &str| metrics.iter().find(|metric| metric.0 == name).map(|metric| metric.1.clone());
    assert_eq!(of("allocate"), Some(vec![0.01, 0.009, 60.0]));
    assert_eq!(of("relay_in"), Some(vec![0.01]));
}

#[test]
fn an_address_of_a_family_that_this_machine_lacks_is_no_path_beside_one_that_can_be_asked() {
    let six = |code| stopped(HOST, "[2001:db8::1]:3478", code, Reason::default());
    let (text, code) = nagios(&with(vec![works(HOST, "192.0.2.1:3478"), six(Code::NoAddressOfFamily)]));
    assert!(code == 0 && text.contains("1 of 1 paths work"), "{text}");
    let (text, code) = nagios(&with(vec![six(Code::NoAddressOfFamily)]));
    assert!(code == 3 && text.contains("[no-address-of-family]"), "{text}");
    let (text, _) = nagios(&with(vec![six(Code::ServerSilent)]));
    let (_, _, labels) = read(&text);
    assert_eq!(labels[0].0, "turn turn.example.org [2001:db8:0:0:0:0:0:1]:3478/tcp resolve");
}

#[test]
fn one_host_with_and_without_its_port_is_one_path() {
    let same = "turn:turn.example.org:3478?transport=tcp";
    let (text, _) = nagios(&with(vec![works(HOST, "192.0.2.1:3478"), works(same, "192.0.2.1:3478")]));
    assert!(text.contains("1 of 1 paths work"), "{text}");
}

#[test]
fn of_many_paths_that_fail_the_line_names_a_few() {
    let failing =
        (1..=9).map(|last| stopped(HOST, &format!("192.0.2.{last}:3478"), Code::ServerSilent, Reason::default()));
    let (text, _) = nagios(&with(failing.collect()));
    let (_, said, _) = read(&text);
    assert!(said.matches("[server-silent]").count() == 5 && said.ends_with("; and 4 more"), "{said}");
}

#[test]
fn what_a_peer_says_breaks_no_format() {
    let said = Reason::Said("no | 'x'=1s \"quoted\"\n2 \"RTC\" - fake\r\\n<script>\u{1b}[2J".to_owned());
    let odd = "turn:'quo|ted\"=\n::?transport=tcp";
    let hostile = with(vec![
        stopped(HOST, "192.0.2.1:3478", Code::TlsFailed, said.clone()),
        stopped(odd, "192.0.2.2:3478", Code::TlsFailed, said),
    ]);
    let (text, code) = nagios(&hostile);
    let (_, _, labels) = read(&text);
    assert_eq!((code, labels.len()), (2, 22));
    assert!(!text.contains(['<', '\u{1b}']), "{text}");
    let (text, _) = rendered(&hostile, MonitoringFormat::Checkmk, &Limits::default());
    let states: Vec<char> = checkmk(&text).into_iter().map(|(state, ..)| state).collect();
    assert_eq!(states, ['0', '2', '2'], "{text}");
    let (text, _) = rendered(&hostile, MonitoringFormat::Zabbix, &Limits::default());
    let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(document["paths"].as_object().map(serde_json::Map::len), Some(2));
}

#[test]
fn zabbix_finds_by_discovery_every_path_that_has_a_state() {
    let broken = stopped(HOST, "192.0.2.2:3478", Code::ServerSilent, Reason::default());
    let two = with(vec![works(HOST, "192.0.2.1:3478"), broken]);
    let (text, code) = rendered(&two, MonitoringFormat::Zabbix, &Limits::default());
    let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let discovered = document["data"].as_array().expect("a list");
    assert_eq!((discovered.len(), code), (2, 0));
    let states: Vec<Option<u64>> = discovered
        .iter()
        .map(|path| document["paths"][path["{#PATH}"].as_str().expect("a name")]["state"].as_u64())
        .collect();
    assert_eq!((states, document["state"].as_u64()), (vec![Some(0), Some(2)], Some(2)));
    let first = &document["paths"]["turn turn.example.org 192.0.2.1:3478/tcp"];
    assert_eq!((first["seconds"]["total"].as_f64(), first["why"].as_str()), (Some(0.1), Some("")));
    assert_eq!(discovered[0]["{#ADDRESS}"].as_str(), Some("192.0.2.1:3478"));
}

#[test]
fn a_checkup_that_could_not_begin_is_told_in_the_form_that_each_system_reads() {
    let told = |format| not_begun("a | b\nc\\n", format, wording());
    assert_eq!(told(MonitoringFormat::Nagios), ("RTC UNKNOWN - a / b\\x0ac\\n\n".to_owned(), 3));
    let (text, code) = told(MonitoringFormat::Checkmk);
    assert_eq!((checkmk(&text), code), (vec![('3', "RTC".to_owned(), Vec::new(), "a / b/x0ac/n".to_owned())], 0));
    let (text, code) = told(MonitoringFormat::Zabbix);
    let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((document["state"].as_u64(), document.get("data"), code), (Some(3), None, 0), "nothing is forgotten");
}

/// Over TLS, with a certificate that is valid until then.
fn secured(not_after: &str) -> Diagnosis {
    let certificate = Certificate {
        subject: Text::new("CN=turn.example.org"),
        issuer: Text::new("CN=ca"),
        names: Vec::new(),
        not_before: "2023-01-01T00:00:00Z".to_owned(),
        not_after: not_after.to_owned(),
        fingerprint_sha256: String::new(),
        logged: Default::default(),
    };
    let tls = Tls {
        server_name: "turn.example.org".to_owned(),
        version: None,
        certificates: vec![certificate],
        problem: None,
        connect_ms: None,
        handshake_ms: None,
    };
    with(vec![Server { tls: Some(tls), ..works(HOST, "192.0.2.1:3478") }])
}

#[test]
fn a_certificate_is_told_before_it_ends_and_the_path_works() {
    let in_ten_days = secured("2023-11-24T22:13:20Z");
    let within = |warning_days, critical_days| {
        Limits::default().with_certificate(Some(CertificateLimit { warning_days, critical_days }))
    };
    for (limits, code) in [
        (Limits::default(), 0),
        (within(9, None), 0),
        (within(14, None), 1),
        (within(14, Some(7)), 1),
        (within(30, Some(14)), 2),
    ] {
        let (text, exit) = rendered(&in_ten_days, MonitoringFormat::Nagios, &limits);
        assert_eq!(exit, code, "{text}");
        assert!(text.contains("1 of 1 paths work") && text.contains("/tcp certificate-days'=10.00;"), "{text}");
    }
    let (text, _) = rendered(&in_ten_days, MonitoringFormat::Nagios, &within(14, Some(7)));
    assert!(
        text.contains("its certificate ends in 10.0 days") && text.contains("certificate-days'=10.00;14:;7:\n"),
        "{text}"
    );
    read(&text);
    let (text, _) = rendered(&in_ten_days, MonitoringFormat::Checkmk, &within(14, None));
    assert!(checkmk(&text)[1].2.contains(&("certificate_days".to_owned(), vec![10.0])), "{text}");
    let slow = limits(Measure::Total, 0.05, 60.0).with_certificate(within(14, None).certificate());
    let (text, _) = rendered(&in_ten_days, MonitoringFormat::Nagios, &slow);
    assert!(text.contains("more than 0.05 s, its certificate ends"), "both are told where they are as grave: {text}");
}

/// A path over UDP that is silent, beside a cause that rests on that silence, or explains a finding that does.
fn silent_for(cause: Code, strength: Strength, rivals: &[Code], is_folded: bool) -> Diagnosis {
    let uri = "turn:turn.example.org";
    let path =
        Server { transport: Transport::Udp, ..stopped(uri, "192.0.2.1:3478", Code::ServerSilent, Reason::default()) };
    let mut diagnosis = with(vec![path]);
    let mut record = Record::new(Vec::new());
    // Asked once for all URIs that lead there.
    let by = Origin { question: Question::Relay, uri: Some("stun:turn.example.org".into()) };
    let endpoint = |text: &str| text.parse().expect("an endpoint");
    record.push(
        Millis(1.0),
        by,
        Fact::Stun(StunFact::Silent {
            method: Method::Allocate,
            asked: Asked::Plain,
            transport: Transport::Udp,
            local: endpoint("192.168.0.2:5000"),
            server: endpoint("192.0.2.1:3478"),
            sent: 7,
            waited_ms: Millis(3_000.0),
        }),
    );
    diagnosis.observations = record.observations;
    let rivals_of = |code| if code == cause { rivals.to_vec() } else { Vec::new() };
    let mut finding = |code, strength, cause, seen: &[ObservationId]| {
        let found = Finding::new(code, Severity::Warning, Detail::default(), seen.to_vec()).expect("has evidence");
        diagnosis.findings.push(Finding { strength, cause, rivals: rivals_of(code), ..found });
    };
    let (own, other) = ([ObservationId(0)], [ObservationId(9)]);
    finding(cause, Some(strength), None, if is_folded { &other } else { &own });
    if is_folded {
        finding(Code::ServerSilent, None, Some(0), &own);
    }
    diagnosis
}

#[test]
fn what_the_checkup_takes_for_the_cause_is_what_a_monitor_is_told() {
    for is_folded in [false, true] {
        let (proven, likely) = (Strength::Proven, Strength::Likely);
        for (cause, strength, rivals, code) in [
            (Code::StunFiltered, proven, &[][..], 3),
            (Code::UdpBlocked, proven, &[], 3),
            (Code::UdpBlocked, likely, &[Code::LocalFirewall, Code::UdpPortsLimited], 3),
            // It may be the server.
            (Code::UdpPortsLimited, likely, &[Code::RelayInLost, Code::RelayOutLost], 2),
            (Code::ServerUdpSilent, likely, &[Code::UdpBlocked], 2),
        ] {
            let (text, exit) = nagios(&silent_for(cause, strength, rivals, is_folded));
            assert!(exit == code && text.contains(&format!("[{cause}]")), "{text}");
        }
        let (text, exit) = nagios(&silent_for(Code::PoolMemberDead, proven, &[], is_folded));
        assert!(exit == 2 && text.contains("[server-silent]"), "it is the server's own: {text}");
    }
}

#[test]
fn an_application_that_gets_no_servers_is_critical_in_every_system_and_the_cause_is_named() {
    let about = Detail::default().server("app.example".to_owned());
    let found = Finding::new(Code::SourceFails, Severity::Critical, about, vec![ObservationId(0)]);
    for mut diagnosis in [with(Vec::new()), with(vec![works(HOST, "192.0.2.1:3478")])] {
        diagnosis.findings.extend(found.clone());
        let (text, code) = nagios(&diagnosis);
        assert!(code == 2 && text.starts_with("RTC CRITICAL - ") && text.contains("[source-fails]"), "{text}");
        let checks = checkmk(&rendered(&diagnosis, MonitoringFormat::Checkmk, &Limits::default()).0);
        assert!(checks[0].0 == '2' && checks[0].3.contains("app.example"), "{checks:?}");
        let item = rendered(&diagnosis, MonitoringFormat::Zabbix, &Limits::default()).0;
        let item: serde_json::Value = serde_json::from_str(&item).expect("JSON");
        assert_eq!(item["state"], 2);
        assert!(item["why"].as_str().is_some_and(|why| why.contains("[source-fails]")), "{item}");
        assert_eq!(item.get("data").is_some(), !diagnosis.servers.is_empty());
    }
}

//! A recording holds no secret in any spelling, and all that it takes to run the same checkup again.

use super::acting::{REALM, STUN, Scene, relaying, server};
use super::scenes::{SCENES, typical_home};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use rtc_doctor::lab::{SimulatedIdentity, World};
use rtc_doctor::machine::{Input, Instant, Machine, Output, QueryId, Rng, SocketId, Wake};
use rtc_doctor::model::{
    Bytes, Fact, Millis, Observation, Record, RecordedBytes, Recording, Run, StunFact, Target, TranscriptEvent,
};
use rtc_doctor::os;
use rtc_doctor::probe::{Checkup, Plan, Planned};
use rtc_doctor::record::Recorder;
use rtc_doctor::report::json;
use rtc_doctor::server::Access;
use rtc_doctor::turn::Credentials;
use rtc_doctor::wire;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

const CANARY: &str = "canary-7f3a-in-the-coal-mine";

/// The values of attributes that are nobody's business, wherever they stand in what was seen.
fn secrets(seen: &[u8]) -> Vec<Vec<u8>> {
    const USERNAME: u8 = 0x06;
    const MESSAGE_INTEGRITY: u8 = 0x08;
    const NONCE: u8 = 0x15;
    let mut found = Vec::new();
    for (at, window) in seen.windows(4).enumerate() {
        if let [0, USERNAME | MESSAGE_INTEGRITY | NONCE, 0, length @ 6..=64] = *window
            && let Some(value) = seen.get(at + 4..at + 4 + usize::from(length))
        {
            found.push(value.to_vec());
        }
    }
    found.sort();
    found.dedup();
    found
}

/// A piece of it that stands in any base64 of something longer, whatever stands before it.
fn base64_pieces(secret: &[u8]) -> Vec<String> {
    let pieces = (0..3).filter_map(|skip| {
        let rest = secret.get(skip..)?;
        rest.get(..rest.len() / 3 * 3).filter(|whole| whole.len() >= 6)
    });
    pieces.flat_map(|piece| [STANDARD_NO_PAD.encode(piece), URL_SAFE_NO_PAD.encode(piece)]).collect()
}

fn assert_is_without(document: &str, secret: &[u8]) {
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let lower = document.to_ascii_lowercase();
    assert!(!lower.contains(&hex), "{hex} in hex");
    if let Ok(text) = std::str::from_utf8(secret) {
        assert!(!lower.contains(&text.to_ascii_lowercase()), "{text}");
    }
    for piece in base64_pieces(secret) {
        assert!(!document.contains(&piece), "{piece} in base64");
    }
}

#[test]
fn no_password_nonce_user_or_proof_is_in_a_recording_in_any_spelling() {
    let uris = [STUN, "turn:198.51.100.1", "turn:198.51.100.1?transport=tcp", "turns:198.51.100.1:443?transport=tcp"];
    let user = Credentials::LongTerm { username: "canary-user".to_owned(), password: CANARY.to_owned() };
    let rest = Credentials::RestSecret { secret: CANARY.to_owned() };
    for (credentials, password) in [(user, CANARY), (rest, CANARY)] {
        let mut config = server();
        let mut relay = relaying(super::acting::FIRST, &["0.0.0.0/0"]);
        relay.access = Access::new(REALM)
            .and_then(|access| access.with_user("canary-user", password))
            .expect("usable")
            .with_secret(CANARY.as_bytes(), 1_700_000_000);
        config.relaying = Some(relay);
        let seen = Rc::new(RefCell::new(Vec::new()));
        let scene = Scene {
            server: config,
            uris: uris.to_vec(),
            credentials: Some(credentials),
            spy: Some(Rc::clone(&seen)),
            furnish: Box::new(|world: &mut World, outside, _| world.identity(outside, SimulatedIdentity::default())),
            ..typical_home()
        };
        let recording = scene.act();
        let document = json::write(&recording, true).expect("serialises");
        let works = recording.record.observations.iter().filter(|o| json_of(&o.fact).contains("\"released\"")).count();
        assert_eq!(works, 3, "each relay was allocated and released");
        let secrets = secrets(&seen.borrow());
        assert!(secrets.len() > 12, "{} of them were on the wire", secrets.len());
        for secret in secrets.iter().map(Vec::as_slice).chain([CANARY.as_bytes()]) {
            assert_is_without(&document, secret);
        }
        let blanked = recording.transcript.expect("is kept").events.iter().filter(|event| {
            matches!(&event.what, TranscriptEvent::Sent { data, .. } | TranscriptEvent::Received { data, .. } if data.blanked_bytes > 0)
        }).count();
        assert!(blanked > 12, "{blanked} messages had something to hide");
    }
}

fn json_of(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("serialises")
}

#[test]
fn the_search_for_secrets_finds_each_spelling() {
    let secret = CANARY.as_bytes();
    let hex: String = secret.iter().map(|byte| format!("{byte:02X}")).collect();
    let shifted = STANDARD_NO_PAD.encode(format!("x{CANARY}y"));
    for document in [CANARY.to_owned(), hex, shifted] {
        let found = std::panic::catch_unwind(|| assert_is_without(&document, secret));
        assert!(found.is_err(), "{document}");
    }
}

fn instant(at: Millis) -> Instant {
    Instant::after_start(Duration::from_nanos((at.0 * 1e6).round() as u64))
}

/// What the world told the machine; None for what the machine did itself.
fn input(what: &TranscriptEvent) -> Option<Input> {
    let data = |kept: &RecordedBytes| kept.data.0.clone();
    Some(match what.clone() {
        TranscriptEvent::Interfaces { interfaces } => Input::Interfaces(interfaces),
        TranscriptEvent::Opened { socket, local, tls } => Input::Opened { socket: SocketId(socket), local, tls },
        TranscriptEvent::Failed { socket, failure, tls } => Input::Failed { socket: SocketId(socket), failure, tls },
        TranscriptEvent::Accepted { listener, socket, local, remote } => {
            Input::Accepted { listener: SocketId(listener), socket: SocketId(socket), local, remote }
        }
        TranscriptEvent::Received { socket, from, data: kept } => {
            Input::Received { socket: SocketId(socket), from, data: data(&kept) }
        }
        TranscriptEvent::Unreachable { socket, to, failure } => {
            Input::Unreachable { socket: SocketId(socket), to, failure }
        }
        TranscriptEvent::Ended { socket } => Input::Ended { socket: SocketId(socket) },
        TranscriptEvent::Answered { query, records } => Input::Resolved { query: QueryId(query), answer: Ok(records) },
        TranscriptEvent::NotAnswered { query, failure } => {
            Input::Resolved { query: QueryId(query), answer: Err(failure) }
        }
        TranscriptEvent::Woken => Input::Woken,
        TranscriptEvent::Stop => Input::Stop,
        TranscriptEvent::Open { .. }
        | TranscriptEvent::Sent { .. }
        | TranscriptEvent::Close { .. }
        | TranscriptEvent::Asked { .. } => {
            return None;
        }
    })
}

/// The checkup that was recorded, made from nothing but the recording.
fn checkup(record: &Record, run: &Run) -> Checkup {
    let seed: [u8; 32] = run.seed.clone().expect("the seed is kept").0.try_into().expect("32 bytes");
    let planned = |target: &Target| Planned { target: target.clone(), credentials: None };
    let faults = record.observations.iter().filter_map(|seen| match &seen.fact {
        Fact::Configuration(fault) => Some(fault.clone()),
        _ => None,
    });
    let plan = Plan {
        servers: record.targets.iter().map(planned).collect(),
        whole_list: record.whole_list,
        configured: faults.collect(),
        insecure: run.insecure,
        hairpinning: run.hairpinning,
        proxy: None,
        lifetime: run.lifetime_ms.map(Duration::from_millis),
        unix_now: run.unix_now,
        timeout: Duration::from_millis(run.timeout_ms),
    };
    Checkup::new(plan, Rng::new(seed))
}

/// Runs it again on what was recorded.
fn replay(recording: &Recording) -> Recording {
    let run = recording.run.clone().expect("how it was run is kept");
    let (mut machine, tape) = Recorder::new(checkup(&recording.record, &run));
    let mut record = Record::new(recording.record.targets.clone());
    let mut finished = false;
    for event in &recording.transcript.as_ref().expect("a transcript").events {
        let Some(input) = input(&event.what) else { continue };
        assert!(!finished, "it goes on after its end");
        let now = instant(event.at_ms);
        machine.handle(now, input);
        loop {
            match machine.poll() {
                Output::Wait(wake) => {
                    finished = wake == Wake::Finished;
                    break;
                }
                Output::Observe { by, fact } => {
                    record.observe(now.since_start(), by, fact);
                }
                _ => {}
            }
        }
    }
    assert!(finished, "it comes to its end");
    Recording { run: Some(run), transcript: Some(tape.take()), ..Recording::new(record) }
}

/// Through JSON and back, as a file would be.
fn read_back(recording: &Recording) -> Recording {
    serde_json::from_str(&json::write(recording, true).expect("serialises")).expect("reads")
}

#[test]
fn a_run_without_credentials_replays_to_the_same_observations_and_the_same_transcript() {
    let mut replayed = 0;
    for (name, act) in SCENES {
        let recording = act();
        let by_hand = ["mapping-before-filtering", "wildcard-local-address", "hairpin-from-the-same-socket"];
        if by_hand.contains(name) || recording.run.as_ref().is_none_or(|run| run.seed.is_none()) {
            continue;
        }
        let again = replay(&read_back(&recording));
        assert_eq!(again.record, recording.record, "{name}");
        assert_eq!(again.transcript, recording.transcript, "{name}");
        replayed += 1;
    }
    assert!(replayed >= 8, "{replayed}");
}

/// On real sockets, against a server on this machine that knows nothing but Binding.
fn on_real_sockets() -> Recording {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("builds");
    runtime.block_on(async {
        let socket = tokio::net::UdpSocket::bind("127.0.0.1:0").await.expect("binds");
        let target = format!("stun:{}", socket.local_addr().expect("is bound")).parse().expect("a URI");
        let answering = async {
            let mut bytes = [0; 2048];
            while let Ok((length, from)) = socket.recv_from(&mut bytes).await {
                let Ok(request) = wire::Message::read(&bytes[..length]) else { continue };
                let answer = wire::Builder::answer(&request, wire::Class::Success).xor_mapped(from).finish();
                // A client that has closed its socket is not to end the server.
                let _ = socket.send_to(&answer, from).await;
            }
        };
        let run = Run {
            insecure: false,
            hairpinning: true,
            lifetime_ms: None,
            timeout_ms: 15_000,
            unix_now: 1_700_000_000,
            seed: Some(Bytes(vec![9; 32])),
        };
        let mut record = Record::new(vec![target]);
        let (mut recorder, tape) = Recorder::new(checkup(&record, &run));
        let world = os::OsWorld::new(os::Options::default()).expect("a world");
        let observe = |at: Instant, by, fact| {
            record.observe(at.since_start(), by, fact);
        };
        tokio::select! {
            () = answering => panic!("the server goes on"),
            () = world.run(&mut recorder, std::future::pending(), observe) => {}
        }
        Recording { run: Some(run), transcript: Some(tape.take()), ..Recording::new(record) }
    })
}

#[test]
fn a_run_on_real_sockets_replays_too() {
    let recording = on_real_sockets();
    let was_seen = |o: &Observation| matches!(o.fact, Fact::Stun(StunFact::Mapped { .. }));
    assert!(recording.record.observations.iter().any(was_seen), "{:?}", recording.record);
    let again = replay(&read_back(&recording));
    assert_eq!(again.record, recording.record);
    assert_eq!(again.transcript, recording.transcript);
}

#[test]
fn with_credentials_no_seed_is_kept() {
    let recording = typical_home().relaying(&[STUN, "turn:198.51.100.1"]).act();
    assert_eq!(recording.run.map(|run| run.seed), Some(None));
}

//! A peer that floods the room, with each end a process of its own: what it costs the other end, the room's server and a
//! call between others.

use super::*;
use std::fs;
use std::path::Path;

/// A browser's offer, to begin from.
const OFFER: &str = include_str!("../../../fixtures/sdp/chromium.sdp");
/// Messages that the server takes of the flood, at a hundred a second at most: some seven seconds. Every fourth restarts ICE:
/// without a limit at the other end that would be two hundred restarts, and sockets for each.
const TAKEN: u64 = 900;
/// Where the server takes none of so many in a row, it takes nothing any more, and the flood ends.
const REFUSED: u32 = 100_000;

/// HTTP on one connection, of which every answer is read so that the next request finds it free.
struct Connection(BufReader<TcpStream>);

impl Connection {
    fn of(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        Self(BufReader::new(stream))
    }

    /// The status of the answer.
    fn post(&mut self, path: &str, token: &str, body: &str) -> u16 {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n",
            self.0.get_ref().peer_addr().expect("connected"),
            body.len()
        );
        self.0.get_mut().write_all(&[head.as_bytes(), body.as_bytes()].concat()).expect("written");
        let mut line = String::new();
        self.0.read_line(&mut line).expect("an answer");
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let mut length = 0;
        while line.trim() != "" {
            line.clear();
            self.0.read_line(&mut line).expect("a head");
            if let Some(told) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = told.trim().parse().expect("a length");
            }
        }
        self.0.read_exact(&mut vec![0; length]).expect("a body");
        status
    }
}

/// An end in a room that keeps no manners.
struct Hostile {
    connection: Connection,
    path: String,
    number: u64,
    /// Of its messages, those that the server did not take, and of these the latest in a row.
    refused: u32,
    refused_in_a_row: u32,
}

impl Hostile {
    const TOKEN: &str = "HHHHHHHHHHHHHHHHHHHHHA";

    fn joined(served: &Served, room: &str) -> Self {
        served.join(room, Self::TOKEN);
        let connection = Connection::of(TcpStream::connect(served.socket("http")).expect("connected"));
        let path = room[room.find("/r/").expect("a room's address")..].to_owned();
        Self { connection, path, number: 0, refused: 0, refused_in_a_row: 0 }
    }

    fn post(&mut self, request: &str, body: &str) -> bool {
        matches!(self.connection.post(&format!("{}/{request}", self.path), Self::TOKEN, body), 200 | 204)
    }

    fn say(&mut self, message: &str) {
        // A refused message has not used its number up.
        match self.post(&format!("say?number={}", self.number + 1), message) {
            true => (self.number, self.refused_in_a_row) = (self.number + 1, 0),
            false => (self.refused, self.refused_in_a_row) = (self.refused + 1, self.refused_in_a_row + 1),
        }
    }

    fn tell(&mut self, kind: &str, members: Value) {
        let mut message = json!({"rtc-doctor": 1, "from": "00000000000000aa", "kind": kind, "seq": self.number + 1});
        message.as_object_mut().expect("an object").append(members.as_object().cloned().as_mut().expect("an object"));
        self.say(&message.to_string());
    }

    /// Restarts ICE over and over, and says much else beside, as fast as it is answered.
    fn floods(&mut self, mut look: impl FnMut()) {
        let ufrag = OFFER.split("a=ice-ufrag:").nth(1).and_then(|rest| rest.lines().next()).expect("a ufrag");
        self.tell("hello", json!({"tool": {"name": "rtc-doctor", "version": "0"}}));
        let mut round = 0;
        while self.number < TAKEN && self.refused_in_a_row < REFUSED {
            round += 1;
            self.tell("offer", json!({"sdp": OFFER.replace(ufrag, &format!("flood{round}"))}));
            let candidate = format!("candidate:{round} 1 udp 1 192.0.2.{} 9 typ host", round % 250 + 1);
            self.tell("candidate", json!({"candidate": candidate, "ufrag": format!("flood{round}")}));
            self.say("");
            self.tell("record", json!({"record": "AAAA"}));
            look();
        }
        self.post("leave", "");
    }
}

/// What a process holds.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    descriptors: usize,
    memory_kb: usize,
}

impl Held {
    fn by(process: u32) -> Self {
        let folder = Path::new("/proc").join(process.to_string());
        let status = fs::read_to_string(folder.join("status")).unwrap_or_default();
        let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        Self {
            descriptors: fs::read_dir(folder.join("fd")).map(Iterator::count).unwrap_or_default(),
            memory_kb: memory.trim().trim_end_matches(" kB").parse().unwrap_or_default(),
        }
    }

    fn most(self, other: Self) -> Self {
        Self { descriptors: self.descriptors.max(other.descriptors), memory_kb: self.memory_kb.max(other.memory_kb) }
    }
}

/// A call in a room of this server, which writes its report into that file.
fn calling(room: &str, report: &str) -> Child {
    let mut command = Command::new(DOCTOR);
    command.args(["call", room, "--duration", "3", "--json", report]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("rtc-doctor runs")
}

#[test]
fn a_peer_that_floods_the_room_costs_the_other_end_little_and_a_call_of_others_nothing() {
    let served = Served::with(&[]);
    let file = |name: &str| served.folder.path().join(name).to_string_lossy().into_owned();
    let mut hostile = Hostile::joined(&served, served.room());
    let mut victim = calling(served.room(), &file("victim.json"));
    let others = served.room().rsplit_once("/r/").expect("a room's address").0.to_owned() + "/r/0123456789abcdefABCD-A";
    let mut ends = ["first.json", "second.json"].map(|report| calling(&others, &file(report)));

    let server_before = Held::by(served.child.id());
    let (mut server, mut flooded) = (server_before, Held::default());
    hostile.floods(|| {
        server = server.most(Held::by(served.child.id()));
        flooded = flooded.most(Held::by(victim.id()));
    });
    let ended = victim.wait().expect("it ends").code();
    for end in &mut ends {
        end.wait().expect("it ends");
    }
    println!(
        "the flooded end {flooded:?}, the server {server_before:?} and then {server:?}, refused {}",
        hostile.refused
    );

    assert!(hostile.number >= TAKEN, "{} taken, {} refused", hostile.number, hostile.refused);
    assert!((10..=100).contains(&flooded.descriptors), "{flooded:?}");
    assert!((10_000..=150_000).contains(&flooded.memory_kb), "{flooded:?}");
    assert!(server.descriptors <= server_before.descriptors + 50, "{server_before:?}, {server:?}");
    assert!(server.memory_kb <= server_before.memory_kb + 20_000, "{server_before:?}, {server:?}");
    let victims = fs::read_to_string(file("victim.json")).expect("a report");
    assert!(victims.len() < 1 << 20, "{} bytes", victims.len());
    let document: Value = serde_json::from_str(&victims).expect("JSON");
    let limited = document["findings"].as_array().expect("a list").iter().filter(|it| it["code"] == "input-limited");
    assert!((1..=8).contains(&limited.count()), "each kind is told once");
    assert_eq!(doctor(&["read", &file("victim.json")]).status.code(), ended, "what is written can be read");
    for report in ["first.json", "second.json"] {
        let document = fs::read_to_string(file(report)).expect("a report");
        let document: Value = serde_json::from_str(&document).expect("JSON");
        assert_eq!(document["call"]["outcome"], "good", "{report}: {:#}", document["call"]);
    }
}

/// A stranger's address, and the rooms that it made; an address may make sixty a minute.
struct Stranger {
    connection: Connection,
    rooms: Vec<String>,
    number: u64,
}

impl Stranger {
    const ROOMS: usize = 60;
    const TOKENS: [&str; 2] = ["SSSSSSSSSSSSSSSSSSSSSA", "TTTTTTTTTTTTTTTTTTTTTA"];

    fn number(number: usize, served: &Served) -> Self {
        let stream = connect_from(&format!("127.1.{}.{}", number / 250, number % 250 + 1), served.socket("http"));
        Self { connection: Connection::of(stream.expect("connected")), rooms: Vec::new(), number: 0 }
    }

    /// Whether another room was to be had.
    fn makes_a_room(&mut self, number: usize) -> bool {
        let path = format!("/r/0123456789abcdef{number:05}A");
        let is_made = self.connection.post(&path, Self::TOKENS[0], r#"{"version":1}"#) == 200;
        self.rooms.extend(is_made.then_some(path));
        is_made
    }

    /// Says nothing in each of its rooms, which keeps it.
    fn says_nothing(&mut self) {
        self.number += 1;
        for room in &self.rooms {
            self.connection.post(&format!("{room}/say?number={}", self.number), Self::TOKENS[0], "");
        }
    }
}

#[test]
fn thousands_of_strangers_rooms_and_empty_messages_cost_a_call_in_the_operators_room_nothing() {
    let served = Served::with(&[]);
    let file = |name: &str| served.folder.path().join(name).to_string_lossy().into_owned();
    let before = Held::by(served.child.id());
    let mut strangers = Vec::new();
    let mut made = 0;
    loop {
        let mut stranger = Stranger::number(strangers.len(), &served);
        let taken = (0..Stranger::ROOMS).take_while(|n| stranger.makes_a_room(made + n)).count();
        made += taken;
        strangers.push(stranger);
        if taken < Stranger::ROOMS {
            break;
        }
    }
    // A second end in a hundred and twenty of the rooms, from addresses that made none: to it the empty messages go. They are
    // the last that were made whole: on a busy machine the first are over by now.
    for (n, host) in strangers.iter().rev().skip(1).take(2).enumerate() {
        let mut guest = Stranger::number(strangers.len() + n, &served);
        for room in &host.rooms {
            assert_eq!(guest.connection.post(room, Stranger::TOKENS[1], r#"{"version":1}"#), 200);
        }
    }

    let reports = ["first.json", "second.json"].map(file);
    let mut ends = reports.each_ref().map(|report| calling(served.room(), report));
    let (mut most, mut rounds) = (Held::by(served.child.id()), 0);
    while ends.iter_mut().any(|end| end.try_wait().expect("a child of ours").is_none()) {
        rounds += 1;
        strangers.iter_mut().for_each(Stranger::says_nothing);
        most = most.most(Held::by(served.child.id()));
    }
    println!("{made} rooms, {rounds} rounds of empty messages, the server {before:?} and then {most:?}");

    assert!(made >= 4096, "{made}");
    assert!(most.descriptors <= before.descriptors + strangers.len() + 50, "{before:?}, {most:?}");
    assert!(most.memory_kb <= before.memory_kb + 40_000, "{before:?}, {most:?}");
    for report in reports {
        let document: Value = serde_json::from_str(&fs::read_to_string(&report).expect("a report")).expect("JSON");
        assert_eq!(document["call"]["outcome"], "good", "{report}: {:#}", document["call"]);
    }
}

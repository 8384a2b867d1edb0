//! Our TURN client, answered by a server that may be honest, or anything else.

use super::script::Script;
use rtc_doctor::machine::{Instant, Rng};
use rtc_doctor::model::Transport;
use rtc_doctor::turn::{Allocation, Config, Credentials, Output};
use rtc_doctor::wire::{Builder, Class, Datagram, Key, Message, StunMethod, TransactionId, channel_data, read};
use std::net::SocketAddr;
use std::time::Duration;
use stun_rs::{Algorithm, AlgorithmId};

const REALM: &str = "lab.example";
const USER: &str = "alice";
const PASSWORD: &str = "wonder";
const CLIENT: &str = "203.0.113.5:40000";
const PEERS: [&str; 3] = ["192.0.2.77:7000", "192.0.2.78:0", "[2001:db8::7]:7000"];
const RELAYED: &str = "198.51.100.9:50001";

fn addr(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

/// The first byte says over which transport; then one byte says what the next step is, and what it needs follows.
pub fn turn_client(data: &[u8]) {
    let mut script = Script(data);
    let Some(first) = script.byte() else { return };
    let mut client = Client::new(if first % 2 == 0 { Transport::Udp } else { Transport::Tcp });
    client.allocation.start(client.now);
    client.poll();
    while client.step(&mut script).is_some() {
        client.poll();
    }
}

struct Client {
    allocation: Allocation,
    now: Instant,
    is_on_stream: bool,
    key: Key,
    /// The last request that was sent.
    asked: Option<Message>,
}

impl Client {
    fn new(transport: Transport) -> Self {
        let credentials = Credentials::LongTerm { username: USER.to_owned(), password: PASSWORD.to_owned() };
        let config = Config { transport, credentials: Some(credentials), unix_now: 0, family: None, lifetime: None };
        let key = Key::new_long_term(USER, REALM, PASSWORD, Algorithm::from(AlgorithmId::MD5)).expect("a key");
        let allocation = Allocation::new(config, Rng::numbered(1));
        Self { allocation, now: Instant::START, is_on_stream: transport != Transport::Udp, key, asked: None }
    }

    fn step(&mut self, script: &mut Script<'_>) -> Option<()> {
        let step = script.byte()?;
        let peer = addr(PEERS[usize::from(step / 12) % PEERS.len()]);
        match step % 12 {
            0 => self.allocation.handle_received(self.now, script.bytes()?),
            1 | 2 => {
                let class = if script.byte()? % 2 == 0 { Class::Success } else { Class::Error };
                let attributes = script.attributes()?;
                let Some(asked) = &self.asked else { return Some(()) };
                let mut answer = Builder::answer(asked, class);
                for (kind, value) in attributes {
                    answer = answer.raw(kind, value);
                }
                let answer = if step % 12 == 1 { answer.integrity(&self.key) } else { answer };
                self.allocation.handle_received(self.now, &answer.finish());
            }
            3 | 4 => {
                let answer = self.asked.as_ref().map(|asked| self.honest(asked));
                answer.into_iter().for_each(|answer| self.allocation.handle_received(self.now, &answer));
            }
            5 => self.allocation.permit(self.now, peer.ip()),
            6 => {
                self.allocation.bind_channel(self.now, peer);
            }
            7 => self.allocation.send_to(peer, script.bytes()?),
            8 => match script.byte()? % 8 {
                0 => {
                    self.allocation.release(self.now);
                }
                1..4 => self.allocation.probe(self.now),
                _ => self.allocation.refresh(self.now),
            },
            9 => {
                let channel = 0x4000 + u16::from(script.byte()? % 4);
                let data = channel_data(channel, script.bytes()?, self.is_on_stream);
                data.into_iter().for_each(|data| self.allocation.handle_received(self.now, &data));
            }
            10 => {
                let indication = Builder::new(StunMethod::Data, Class::Indication, TransactionId([7; 12]));
                let indication = indication.xor_peer(peer).data(script.bytes()?);
                self.allocation.handle_received(self.now, &indication.finish());
            }
            _ => self.pass(script.byte()?),
        }
        Some(())
    }

    /// Lives through the wakes of some time, as many as it wants within it.
    fn pass(&mut self, time: u8) {
        let until = self.now + Duration::from_millis(u64::from(time).pow(2) * 20);
        for _ in 0..10_000 {
            let Some(at) = self.allocation.wake().filter(|at| *at <= until) else {
                self.now = self.now.max(until);
                return;
            };
            self.now = self.now.max(at);
            self.allocation.handle_wake(self.now);
            self.poll();
        }
        panic!("a wake that never moves on");
    }

    fn honest(&self, asked: &Message) -> Vec<u8> {
        if asked.nonce().is_none() {
            let challenge = Builder::answer(asked, Class::Error).error(401, "Unauthorized");
            return challenge.realm(REALM.as_bytes()).nonce(b"nonce").finish();
        }
        let granted = Builder::answer(asked, Class::Success);
        let granted = match asked.method {
            StunMethod::Allocate => granted.xor_relayed(addr(RELAYED)).xor_mapped(addr(CLIENT)).lifetime_s(600),
            StunMethod::Refresh => granted.lifetime_s(asked.lifetime_s().unwrap_or(600)),
            _ => granted,
        };
        granted.integrity(&self.key).finish()
    }

    fn poll(&mut self) {
        for _ in 0..1000 {
            match self.allocation.poll() {
                None => return,
                Some(Output::Event(_)) => {}
                Some(Output::Send(bytes)) => {
                    if let Datagram::Stun(message) = read(&bytes).expect("the client writes what can be read")
                        && message.class == Class::Request
                    {
                        self.asked = Some(message);
                    }
                }
            }
        }
        panic!("there is no end to what the client wants");
    }
}

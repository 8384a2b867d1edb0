//! A machine on this host's loopback: what it asks for, and what it then hears.

mod datagrams;
mod driving;
mod local_names;
mod names;
mod proxies;
mod secure;
#[cfg(feature = "serve")]
mod source_sessions;
mod sources;
mod streams;

use super::*;
use crate::machine::{Input, Output, SocketId, Wake};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::TlsAcceptor;

/// Far longer than anything here takes; only a broken test gets there.
const PATIENCE: Duration = Duration::from_secs(20);

/// Opens with `begin`, answers each input with what `react` says, and is finished when that is nothing more.
struct Script<F> {
    outputs: VecDeque<Output>,
    react: F,
    heard: Vec<Input>,
    finished: bool,
}

impl<F: FnMut(&Input) -> Option<Vec<Output>>> Machine for Script<F> {
    fn handle(&mut self, now: Instant, input: Input) {
        assert!(now < Instant::after_start(PATIENCE), "stuck; heard {:?}", self.heard);
        match (self.react)(&input) {
            Some(outputs) => self.outputs.extend(outputs),
            None => self.finished = true,
        }
        if !matches!(input, Input::Interfaces(_)) {
            self.heard.push(input);
        }
    }

    fn poll(&mut self) -> Output {
        let wake = if self.finished { Wake::Finished } else { Wake::At(Instant::after_start(PATIENCE)) };
        self.outputs.pop_front().unwrap_or(Output::Wait(wake))
    }
}

/// Everything but the interfaces that the machine heard, the last being the one at which it finished.
async fn heard(world: &OsWorld, begin: Vec<Output>, react: impl FnMut(&Input) -> Option<Vec<Output>>) -> Vec<Input> {
    let mut script = Script { outputs: begin.into(), react, heard: Vec::new(), finished: false };
    world.run(&mut script, std::future::pending(), |_, _, _| {}).await;
    script.heard
}

/// What comes of opening one socket, to the first answer.
async fn opened(world: &OsWorld, open: crate::machine::Open) -> Input {
    let begin = vec![Output::Open { socket: HERE, open }];
    let interfaces_only = |input: &Input| matches!(input, Input::Interfaces(_)).then(Vec::new);
    heard(world, begin, interfaces_only).await.pop().expect("an answer")
}

const HERE: SocketId = SocketId(0);

fn world() -> OsWorld {
    OsWorld::new(Options::default()).expect("nothing in the options to fail")
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

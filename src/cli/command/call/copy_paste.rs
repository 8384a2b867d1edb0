//! Two ends that people bring together: a code goes out to be sent by chat or mail, and the other end's is pasted in.
//!
//! What is pasted may be wrapped over several lines: it is read until it is whole. A slip is told, and can be mended by
//! pasting again.

use crate::machine::{Signalled, Slot};
use crate::model::CodeError;
use crate::os::TransportEnd;
use crate::signal::code;
use std::io::{BufRead, BufReader, Read};
use tokio::sync::mpsc;

/// Lines of one paste: a code as long as it may be, wrapped at 40 columns, and what mail puts around it.
const LINES_WAITING: usize = 64;

pub(crate) struct CopyPaste {
    /// The code of the end that began; None where this end begins.
    offer: Option<String>,
    end: TransportEnd,
    lines: mpsc::Receiver<String>,
}

impl CopyPaste {
    pub(crate) fn new(offer: Option<String>, end: TransportEnd, stdin: Box<dyn Read + Send>) -> Self {
        let (line, lines) = mpsc::channel(LINES_WAITING);
        if offer.is_none() {
            // A thread of its own, since nothing wakes whoever reads a terminal; it ends with the process.
            std::thread::spawn(move || {
                for text in BufReader::new(stdin).lines().map_while(Result::ok) {
                    if line.blocking_send(text).is_err() {
                        return;
                    }
                }
            });
        }
        Self { offer, end, lines }
    }

    /// Carries until the meeting is over. `show` is given our code, `tell` what a person is to know.
    pub(crate) async fn carry(self, mut show: impl FnMut(&str), mut tell: impl FnMut(&str)) {
        let Self { offer, end: TransportEnd { to_machine, mut from_machine }, mut lines } = self;
        let slot = if offer.is_some() { Slot::Second } else { Slot::First };
        let first = [Signalled::Joined { slot }, Signalled::PeerJoined];
        let offered = offer.map(|offer| Signalled::Message(offer.into_bytes()));
        for signalled in first.into_iter().chain(offered) {
            if to_machine.send(signalled).await.is_err() {
                return;
            }
        }
        let mut pasted = String::new();
        let mut is_waiting = slot == Slot::First;
        loop {
            tokio::select! {
                said = from_machine.recv() => match said {
                    Some(code) => {
                        show(&String::from_utf8_lossy(&code));
                        tell(if slot == Slot::First {
                            "Send this to the other end, who runs: rtc-doctor call CODE. Then paste the code that comes back."
                        } else {
                            "Send this back to the other end, who pastes it. Waiting for its checks."
                        });
                    }
                    None => return,
                },
                line = lines.recv(), if is_waiting => match line {
                    None => {
                        is_waiting = false;
                        tell("error: standard input ended before the other end's code");
                        let _ = to_machine.send(Signalled::Closed).await;
                    }
                    Some(line) => match add(&mut pasted, &line) {
                        Pasted::Whole => {
                            is_waiting = false;
                            let message = std::mem::take(&mut pasted).into_bytes();
                            let _ = to_machine.send(Signalled::Message(message)).await;
                        }
                        Pasted::Unfinished => {}
                        Pasted::Wrong(error) => tell(&format!("{error}; paste it again")),
                    },
                },
            }
        }
    }
}

enum Pasted {
    Whole,
    Unfinished,
    Wrong(CodeError),
}

/// Adds a line to what was pasted; an empty one begins anew.
fn add(pasted: &mut String, line: &str) -> Pasted {
    if line.trim().is_empty() {
        pasted.clear();
        return Pasted::Unfinished;
    }
    pasted.push_str(line.trim());
    match code::read(pasted) {
        Ok(_) => Pasted::Whole,
        Err(CodeError::Missing { .. }) => Pasted::Unfinished,
        Err(error) => {
            pasted.clear();
            Pasted::Wrong(error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::os::signalling_channel;

    fn code() -> String {
        let local = crate::signal::LocalDescription {
            session: 1,
            ufrag: "abcd".to_owned(),
            pwd: crate::signal::Password::new(&"p".repeat(24)).expect("a password"),
            candidates: vec!["candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host".to_owned()],
            end_of_candidates: true,
            pacing_ms: None,
            fingerprint: None,
        };
        code::write(&local, crate::signal::SdpType::Answer)
    }

    #[test]
    fn a_code_that_was_wrapped_is_whole_with_its_last_line() {
        let (code, mut pasted) = (code(), String::new());
        let (first, second) = code.split_at(30);
        assert!(matches!(add(&mut pasted, &format!("  {first}")), Pasted::Unfinished));
        assert!(matches!(add(&mut pasted, second), Pasted::Whole));
    }

    #[test]
    fn a_slip_is_told_and_the_next_paste_begins_anew() {
        let mut pasted = String::new();
        assert!(matches!(add(&mut pasted, "hello"), Pasted::Wrong(CodeError::NoCode { .. })));
        assert!(matches!(add(&mut pasted, &code()), Pasted::Whole));
    }

    #[test]
    fn what_is_pasted_reaches_the_machine_and_its_code_the_person() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("builds");
        runtime.block_on(async {
            let (_way, end) = signalling_channel();
            let (to_us, mut heard) = mpsc::channel(8);
            let (machine, going) = mpsc::channel(8);
            drop(end);
            let pasted: Box<dyn Read + Send> = Box::new(std::io::Cursor::new(format!("oops\n{}\n", code())));
            let people = CopyPaste::new(None, TransportEnd { to_machine: to_us, from_machine: going }, pasted);
            machine.send(b"rtcd1-ours".to_vec()).await.expect("a place in the queue");
            let (mut shown, mut told) = (Vec::new(), Vec::new());
            let meeting = async {
                let mut notices = Vec::new();
                while notices.len() < 3 {
                    notices.extend(heard.recv().await);
                }
                drop(machine);
                notices
            };
            let exchange = people.carry(|code| shown.push(code.to_owned()), |line| told.push(line.to_owned()));
            let (notices, ()) = tokio::join!(meeting, exchange);
            assert_eq!(notices[2], Signalled::Message(code().into_bytes()));
            assert_eq!(shown, ["rtcd1-ours"]);
            assert!(told.iter().any(|line| line.contains("paste it again")), "{told:?}");
        });
    }
}

//! Who may relay through the server, to whom, and what are they to be shown?
//!
//! Nobody gets in for good unless the operator names a user: credentials are made for a while from a secret that, unless
//! the operator has one, lives as long as the run (the "REST API" of TURN servers). Who enters the room whose address is
//! shown gets some with the seat; who makes up a room of their own does not, unless the operator wants it: anybody who
//! finds the server could relay through it otherwise.

use crate::cli::args::serve::ServeArgs;
use crate::cli::environment::Environment;
use crate::cli::io::input::Source;
use crate::cli::io::secret::read_secret;
use crate::cli::refusal::Refusal;
use crate::os::{entropy, unix_now};
use crate::report::escape::escape;
use crate::server::{Access, AddressRange, Peers};
use crate::signal::address::RoomId;
use crate::signal::rooms::frames::RtcIceServer;
use crate::turn::for_a_while;
use std::time::Duration;

const REALM: &str = "rtc-doctor";

/// What is shown at the start serves for a day of tests: draft-uberti-behave-turn-rest-00 §2.2's own figure.
pub(crate) const SHOWN_FOR: Duration = Duration::from_secs(86_400);
/// What a room gives lasts as long as a room.
const GIVEN_FOR: Duration = Duration::from_secs(3600);

/// What credentials are made from.
#[derive(Clone)]
pub(crate) struct CredentialSecret(Vec<u8>);

impl CredentialSecret {
    /// The server's access: it takes what this makes, and the user that the operator names.
    pub(crate) fn of(
        args: &ServeArgs,
        environment: &mut Environment,
        warnings: &mut Vec<String>,
    ) -> Result<(Self, Access), Refusal> {
        let secret = match &args.turn_secret_file {
            Some(path) => read_secret(&Source::File(path), "--turn-secret-file", environment, warnings)?.into_bytes(),
            None => entropy::<32>().ok_or_else(|| Refusal::internal("the system gives no random bytes"))?.to_vec(),
        };
        let unusable = |error: crate::server::NotUsable| Refusal::usage(format!("--user: {error}"));
        let mut access = Access::new(REALM).map_err(unusable)?;
        if let Some(user) = &args.user {
            let password = password(args, environment, warnings)?;
            access = access.with_user(user, &password).map_err(unusable)?;
        }
        Ok((Self(secret.clone()), access.with_secret(&secret, unix_now())))
    }
}

fn password(args: &ServeArgs, environment: &mut Environment, warnings: &mut Vec<String>) -> Result<String, Refusal> {
    if let Some(path) = &args.password_file {
        return read_secret(&Source::File(path), "--password-file", environment, warnings);
    }
    if args.password_stdin {
        return read_secret(&Source::Stdin, "--password-stdin", environment, warnings);
    }
    let password = environment.password.take().ok_or_else(|| {
        Refusal::usage(
            "--user needs a password: add --password-file FILE or --password-stdin, or set RTC_DOCTOR_PASSWORD",
        )
    })?;
    password.into_string().map_err(|_| Refusal::usage("RTC_DOCTOR_PASSWORD is not valid UTF-8"))
}

/// Reads the address ranges that are relayed to beside the server's own relays.
pub(crate) fn peers(words: &[String], only_this_machine: bool) -> Result<Peers, Refusal> {
    // Who reaches a server on loopback reaches all of loopback without it.
    let own = if only_this_machine { &["127.0.0.0/8", "::1"][..] } else { &[] };
    let listed = words.iter().map(String::as_str).filter(|word| *word != "public");
    let ranges: Result<Vec<AddressRange>, _> = own.iter().copied().chain(listed).map(str::parse).collect();
    let ranges = ranges.map_err(|error| Refusal::usage(escape(&format!("--allow-peer: {error}"), false)))?;
    let peers = Peers::from_iter(ranges);
    Ok(if words.iter().any(|word| word == "public") { peers.and_public() } else { peers })
}

/// What there is to call with, and who gets all of it.
pub(crate) struct Offer {
    secret: CredentialSecret,
    stun: Vec<String>,
    turn: Vec<String>,
    /// The room whose address is shown; None where any will do.
    only: Option<RoomId>,
}

impl Offer {
    pub(crate) fn new(secret: CredentialSecret, stun: Vec<String>, turn: Vec<String>, only: Option<RoomId>) -> Self {
        Self { secret, stun, turn, only }
    }

    /// Whether whoever enters this room may be given what relays.
    pub(crate) fn may_relay(&self, room: &RoomId) -> bool {
        self.only.as_ref().is_none_or(|only| only == room)
    }

    /// The servers for whoever enters this room. Each user has a name of its own, and so a quota of its own.
    pub(crate) fn to_room(&self, room: &RoomId) -> Vec<RtcIceServer> {
        let name = entropy::<6>().map(|bytes| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        match name.filter(|_| self.may_relay(room)) {
            Some(name) => self.servers(GIVEN_FOR, &format!("seat-{name}")),
            None => vec![self.stun()],
        }
    }

    /// The servers that the operator is shown.
    pub(crate) fn shown(&self) -> Vec<RtcIceServer> {
        self.servers(SHOWN_FOR, "rtc-doctor")
    }

    fn servers(&self, lifetime: Duration, user: &str) -> Vec<RtcIceServer> {
        let (username, credential) = for_a_while(&self.secret.0, unix_now() + lifetime.as_secs(), user);
        let turn = RtcIceServer { urls: self.turn.clone(), username: Some(username), credential: Some(credential) };
        vec![self.stun(), turn]
    }

    fn stun(&self) -> RtcIceServer {
        RtcIceServer { urls: self.stun.clone(), username: None, credential: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(only: Option<RoomId>) -> Offer {
        let urls = |word: &str| vec![format!("{word}:192.0.2.1")];
        Offer::new(CredentialSecret(b"secret".to_vec()), urls("stun"), urls("turn"), only)
    }

    #[test]
    fn only_the_room_that_is_shown_gives_credentials_unless_any_may() {
        let (shown, made_up) = (RoomId::new([1; 16]), RoomId::new([2; 16]));
        let relays = |offer: &Offer, room| offer.to_room(room).iter().any(|server| server.credential.is_some());
        let one = offer(Some(shown.clone()));
        assert!(relays(&one, &shown) && !relays(&one, &made_up));
        assert_eq!(one.to_room(&made_up)[0].urls, ["stun:192.0.2.1"]);
        assert!(relays(&offer(None), &made_up));
    }

    #[test]
    fn every_seat_has_a_name_of_its_own_that_ends_within_the_hour() {
        let (offer, room) = (offer(None), RoomId::new([1; 16]));
        let name = || offer.to_room(&room).pop().and_then(|server| server.username).expect("a name");
        let (one, other) = (name(), name());
        assert_ne!(one, other);
        let (expires, _) = one.split_once(':').expect("an expiry");
        let left = expires.parse::<u64>().expect("a number") - unix_now();
        assert!((3598..=3600).contains(&left), "{left}");
        assert!(!one.contains(&room.as_str()[..4]), "it gives nothing of the room away");
    }

    #[test]
    fn on_loopback_its_own_addresses_are_peers_and_elsewhere_nobody_unasked() {
        let allows = |words: &[&str], only_this_machine, peer: &str| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            peers(&words, only_this_machine).expect("ranges").allow(peer.parse().expect("an address"))
        };
        assert!(allows(&[], true, "127.0.0.9") && allows(&[], true, "::1") && !allows(&[], true, "8.8.8.8"));
        assert!(!allows(&[], false, "127.0.0.9") && !allows(&[], false, "8.8.8.8"));
        assert!(allows(&["public"], false, "8.8.8.8") && !allows(&["public"], false, "10.0.0.1"));
        assert!(allows(&["10.0.0.0/8", "public"], false, "10.0.0.1"));
        assert!(peers(&["10.0.0.0/40".to_owned()], false).is_err());
    }
}

//! Rooms: who is in which room, and which events wait for whom?
//!
//! A room has two slots. The first participant takes the first, the next one the second, and there is no third. A
//! participant proves that it holds its slot with a [`Token`] that it made itself: over any transport, over several at
//! once, and again after a connection broke. Events for a slot are numbered and kept until they are acknowledged, even
//! before anybody holds it, so that each message arrives once and in order over whichever transport.
//!
//! A participant that is silent for [`Limits::lease`], or does not return within [`Limits::grace`] after its last
//! connection broke, has left. A room without participants is removed, and its id is free again.
//!
//! This is pure: time comes as an argument, and a transport that waits for events is woken through [`Notify`]. The
//! transports themselves are in `os`.

mod event;
pub mod frames;
mod limits;
mod participant;
mod refusal;
mod token;

pub use event::{Event, Notify, NumberedEvent};
pub use limits::Limits;
pub use refusal::RoomRefusal;
pub use token::Token;

use super::address::RoomId;
use crate::machine::{Instant, Ledger, RateLimiter, Slot, SourcePrefix};
use limits::per;
use participant::{Occupancy, Participant};
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::time::Duration;

/// The version of the protocol between an end and a room server. Both send theirs, and each accepts only its own.
pub const VERSION: u32 = 1;

/// All rooms of one server.
#[derive(Debug)]
pub struct Rooms<B> {
    limits: Limits,
    rooms: HashMap<RoomId, Room<B>>,
    /// How many rooms each source has made.
    makers: Ledger,
    /// The operator's own rooms: there is always a place for them.
    reserved: HashSet<RoomId>,
    /// Limits the joins of each source.
    sources: HashMap<SourcePrefix, RateLimiter>,
    /// How many bytes wait in the rooms of each source.
    waiting: Ledger,
}

#[derive(Debug)]
struct Room<B> {
    opened: Instant,
    /// Who made it; None of the operator's own.
    maker: Option<IpAddr>,
    first: Participant<B>,
    second: Participant<B>,
}

impl<B: Notify> Room<B> {
    fn new(opened: Instant, maker: Option<IpAddr>) -> Self {
        Self { opened, maker, first: Participant::default(), second: Participant::default() }
    }

    fn at(&mut self, slot: Slot) -> &mut Participant<B> {
        match slot {
            Slot::First => &mut self.first,
            Slot::Second => &mut self.second,
        }
    }

    fn slot_of(&self, token: &Token) -> Option<Slot> {
        if self.first.is_held_by(token) {
            Some(Slot::First)
        } else if self.second.is_held_by(token) {
            Some(Slot::Second)
        } else {
            None
        }
    }

    fn is_over(&self, now: Instant, limits: &Limits) -> bool {
        let age = now.since(self.opened);
        let nobody = !self.first.is_taken() && !self.second.is_taken();
        nobody || age >= limits.lifetime || (self.second.is_free() && age >= limits.alone)
    }
}

fn other(slot: Slot) -> Slot {
    match slot {
        Slot::First => Slot::Second,
        Slot::Second => Slot::First,
    }
}

impl<B: Notify> Rooms<B> {
    /// A set of rooms, still empty.
    pub fn new(limits: Limits) -> Self {
        let (makers, waiting) = (Ledger::new(limits.rooms), Ledger::new(limits.all_waiting_bytes));
        let (rooms, sources, reserved) = (HashMap::new(), HashMap::new(), HashSet::new());
        Self { limits, rooms, makers, reserved, sources, waiting }
    }

    /// Keeps a place for a room of the operator's own, whoever else fills the server.
    pub fn reserve(&mut self, id: RoomId) {
        self.reserved.insert(id);
    }

    /// The limits that the rooms are held to.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// How many rooms exist.
    pub fn len(&self) -> usize {
        self.rooms.len()
    }

    /// True where no room exists.
    pub fn is_empty(&self) -> bool {
        self.rooms.is_empty()
    }

    /// Joins a room. The same token gets the same slot again, for a client that did not receive the first response.
    pub fn join(
        &mut self,
        now: Instant,
        id: &RoomId,
        token: Token,
        version: u32,
        source: IpAddr,
        notify: B,
    ) -> Result<Slot, RoomRefusal> {
        if version != VERSION {
            return Err(RoomRefusal::OtherVersion);
        }
        if !self.reserved.contains(id) {
            self.admit(now, source)?;
        }
        self.expire_room(now, id);
        if !self.rooms.contains_key(id) {
            self.make_room(now, id, source)?;
        }
        let occupancy = Occupancy::Held { token, notify, attached: 0, until: now + self.limits.lease };
        let room = self.rooms.get_mut(id).ok_or(RoomRefusal::NotJoined)?;
        if let Some(slot) = room.slot_of(&token) {
            return Ok(slot);
        }
        let slot = match (&room.first.occupancy, &room.second.occupancy) {
            (Occupancy::Vacant, _) => Slot::First,
            (Occupancy::Held { .. }, Occupancy::Vacant) => Slot::Second,
            _ => return Err(RoomRefusal::RoomFull),
        };
        room.at(slot).occupancy = occupancy;
        if slot == Slot::Second {
            room.first.push(Event::PeerJoined);
            room.second.push_front(Event::PeerJoined);
        }
        Ok(slot)
    }

    /// Adds a room, on its maker's account or in a place that was kept for it.
    fn make_room(&mut self, now: Instant, id: &RoomId, source: IpAddr) -> Result<(), RoomRefusal> {
        let maker = (!self.reserved.contains(id)).then_some(source);
        if maker.is_some_and(|maker| !self.makers.take_behind_proxy(maker, 1)) {
            return Err(RoomRefusal::TooManyRooms);
        }
        self.rooms.insert(id.clone(), Room::new(now, maker));
        Ok(())
    }

    fn admit(&mut self, now: Instant, source: IpAddr) -> Result<(), RoomRefusal> {
        let (source, joins) = (SourcePrefix::of(source), self.limits.joins_per_minute);
        if !self.sources.contains_key(&source) && self.sources.len() >= self.limits.sources {
            self.sources.retain(|_, pace| !pace.is_rested(now));
            if self.sources.len() >= self.limits.sources {
                return Err(RoomRefusal::TooManyJoins);
            }
        }
        let pace = self.sources.entry(source).or_default();
        let admitted = pace.take(now, per(Duration::from_secs(60), joins), joins);
        if admitted { Ok(()) } else { Err(RoomRefusal::TooManyJoins) }
    }

    /// Accepts a message for the other end. The sender numbers its messages from 1. Returns how many messages were
    /// accepted so far; a message that was accepted before is ignored.
    pub fn post(
        &mut self,
        now: Instant,
        id: &RoomId,
        token: &Token,
        number: u64,
        message: &[u8],
    ) -> Result<u64, RoomRefusal> {
        let limits = self.limits.clone();
        let (room, slot) = self.participant(now, id, token)?;
        let taken = room.at(slot).taken;
        if number <= taken {
            return Ok(taken);
        }
        if number > taken + 1 {
            return Err(RoomRefusal::OutOfOrder { expected: taken + 1 });
        }
        if message.len() > limits.message_bytes {
            return Err(RoomRefusal::TooLarge);
        }
        let interval = per(Duration::from_secs(1), limits.messages_per_second);
        let to = room.at(other(slot));
        let kept = if to.is_gone() { 0 } else { event::kept(message.len()) };
        if kept > 0 && !to.has_room_for(kept, &limits) {
            return Err(RoomRefusal::TooMuchWaiting);
        }
        if !room.at(slot).pace.take(now, interval, limits.burst) {
            return Err(RoomRefusal::TooFast);
        }
        self.keep(id, kept)?;
        let (room, slot) = self.participant(now, id, token)?;
        room.at(slot).taken = number;
        room.at(other(slot)).push(Event::Message(message.into()));
        Ok(number)
    }

    /// Sends `tag` back to the participant as an event.
    pub fn echo(&mut self, now: Instant, id: &RoomId, token: &Token, tag: &str) -> Result<(), RoomRefusal> {
        let limits = self.limits.clone();
        let (room, slot) = self.participant(now, id, token)?;
        if tag.len() > limits.echo_bytes {
            return Err(RoomRefusal::TooLarge);
        }
        let (place, kept) = (room.at(slot), event::kept(tag.len()));
        if !place.has_room_for(kept, &limits) {
            return Err(RoomRefusal::TooMuchWaiting);
        }
        if !place.pace.take(now, per(Duration::from_secs(1), limits.messages_per_second), limits.burst) {
            return Err(RoomRefusal::TooFast);
        }
        self.keep(id, kept)?;
        let (room, slot) = self.participant(now, id, token)?;
        room.at(slot).push(Event::Echo(tag.into()));
        Ok(())
    }

    /// Counts what is to wait in a room on its maker's account; what waits in the operator's own keeps to the limits of its two
    /// ends.
    fn keep(&mut self, id: &RoomId, bytes: usize) -> Result<(), RoomRefusal> {
        let maker = self.rooms.get(id).and_then(|room| room.maker);
        match maker {
            Some(maker) if !self.waiting.take_behind_proxy(maker, bytes) => Err(RoomRefusal::TooMuchWaiting),
            _ => Ok(()),
        }
    }

    fn forget(&mut self, maker: Option<IpAddr>, bytes: usize) {
        maker.into_iter().for_each(|maker| self.waiting.give_back(maker, bytes));
    }

    /// The events after number `after`, oldest first, and not more than the size of about one message. This does not
    /// renew the lease.
    pub fn events_after(&self, id: &RoomId, token: &Token, after: u64) -> Result<Vec<NumberedEvent>, RoomRefusal> {
        let room = self.rooms.get(id).ok_or(RoomRefusal::NotJoined)?;
        let place = match room.slot_of(token).ok_or(RoomRefusal::NotJoined)? {
            Slot::First => &room.first,
            Slot::Second => &room.second,
        };
        Ok(place.events_after(after, self.limits.message_bytes))
    }

    /// All events up to this number have arrived and need not be kept.
    pub fn acknowledge(&mut self, now: Instant, id: &RoomId, token: &Token, number: u64) -> Result<(), RoomRefusal> {
        let (room, slot) = self.participant(now, id, token)?;
        let (maker, freed) = (room.maker, room.at(slot).forget(number));
        self.forget(maker, freed);
        Ok(())
    }

    /// Counts one more transport that waits for this participant's events.
    pub fn attach(&mut self, now: Instant, id: &RoomId, token: &Token) -> Result<&B, RoomRefusal> {
        let most = self.limits.transports;
        let (room, slot) = self.participant(now, id, token)?;
        match &mut room.at(slot).occupancy {
            Occupancy::Held { attached, .. } if *attached >= most => Err(RoomRefusal::TooManyTransports),
            Occupancy::Held { notify, attached, .. } => {
                *attached = attached.saturating_add(1);
                Ok(notify)
            }
            Occupancy::Vacant | Occupancy::Left => Err(RoomRefusal::NotJoined),
        }
    }

    /// Counts one transport less. If it was the last and it `broke`, the grace period starts.
    pub fn detach(&mut self, now: Instant, id: &RoomId, token: &Token, broke: bool) {
        let grace = self.limits.grace;
        let Some(room) = self.rooms.get_mut(id) else { return };
        let Some(slot) = room.slot_of(token) else { return };
        if let Occupancy::Held { attached, until, .. } = &mut room.at(slot).occupancy {
            *attached = attached.saturating_sub(1);
            if broke && *attached == 0 {
                *until = (*until).min(now + grace);
            }
        }
    }

    /// Renews the lease, since the participant has sent something.
    pub fn renew(&mut self, now: Instant, id: &RoomId, token: &Token) -> Result<(), RoomRefusal> {
        self.participant(now, id, token).map(drop)
    }

    /// Gives up the slot; the other end is told, and the room is removed once both ends have left.
    pub fn leave(&mut self, now: Instant, id: &RoomId, token: &Token) -> Result<(), RoomRefusal> {
        let (room, slot) = self.participant(now, id, token)?;
        let (maker, freed) = (room.maker, depart(room, slot));
        self.forget(maker, freed);
        self.expire_room(now, id);
        Ok(())
    }

    /// Removes overdue participants and old rooms. To be called a few times in every grace period.
    pub fn expire(&mut self, now: Instant) {
        let ids: Vec<RoomId> = self.rooms.keys().cloned().collect();
        for id in ids {
            self.expire_room(now, &id);
        }
        self.sources.retain(|_, pace| !pace.is_rested(now));
    }

    fn expire_room(&mut self, now: Instant, id: &RoomId) {
        let Some(room) = self.rooms.get_mut(id) else { return };
        let (maker, mut freed) = (room.maker, 0);
        for slot in [Slot::First, Slot::Second] {
            if room.at(slot).is_overdue(now) {
                freed += depart(room, slot);
            }
        }
        if room.is_over(now, &self.limits)
            && let Some(mut room) = self.rooms.remove(id)
        {
            freed += room.first.vacate() + room.second.vacate();
            maker.into_iter().for_each(|maker| self.makers.give_back(maker, 1));
        }
        self.forget(maker, freed);
    }

    /// The room and slot of a token, whose lease is renewed.
    fn participant(&mut self, now: Instant, id: &RoomId, token: &Token) -> Result<(&mut Room<B>, Slot), RoomRefusal> {
        self.expire_room(now, id);
        let lease = self.limits.lease;
        let room = self.rooms.get_mut(id).ok_or(RoomRefusal::NotJoined)?;
        let slot = room.slot_of(token).ok_or(RoomRefusal::NotJoined)?;
        room.at(slot).renew(now + lease);
        Ok((room, slot))
    }
}

/// Removes a participant; returns how many bytes had waited for it.
fn depart<B: Notify>(room: &mut Room<B>, slot: Slot) -> usize {
    let freed = room.at(slot).vacate();
    room.at(other(slot)).push(Event::PeerLeft);
    freed
}

#[cfg(test)]
mod tests;

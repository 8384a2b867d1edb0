//! What all connections of a room server share.

use super::config::Config;
use crate::os::clock::Clock;
use crate::os::places::Places;
use crate::signal::address::RoomId;
use crate::signal::rooms::frames::RtcIceServer;
use crate::signal::rooms::{Notify, Rooms};
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// ICE servers that come in a while.
pub(super) type ComingServers = Pin<Box<dyn Future<Output = Vec<RtcIceServer>> + Send>>;

/// The ICE servers that are offered to whoever joins this room.
pub(super) type Offering = Box<dyn Fn(&RoomId) -> ComingServers + Send + Sync>;

/// What all connections share: the rooms, and who has a connection.
pub(super) struct RoomServerState {
    pub(super) config: Config,
    pub(super) offering: Offering,
    pub(super) clock: Clock,
    pub(super) rooms: Mutex<Rooms<EventWaiters>>,
    pub(super) connections: Mutex<Places>,
}

/// Wakes the transports that wait for one participant's events.
pub(super) struct EventWaiters(pub(super) watch::Sender<()>);

impl Notify for EventWaiters {
    fn notify(&self) {
        self.0.send_replace(());
    }
}

impl RoomServerState {
    pub(super) fn rooms(&self) -> MutexGuard<'_, Rooms<EventWaiters>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn connections(&self) -> MutexGuard<'_, Places> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

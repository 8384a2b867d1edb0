//! Why a room server refuses a request.

/// Why a room server refuses a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoomRefusal {
    /// The end speaks another version of the protocol.
    #[error("this server and this end speak different versions of the protocol of rooms: use the same rtc-doctor")]
    OtherVersion,
    /// Both slots are taken, or were.
    #[error("the room is full: two ends are in it, or were and one of them still is")]
    RoomFull,
    /// The server has no place for another room.
    #[error("the server holds as many rooms as it can")]
    TooManyRooms,
    /// Too many joins from one source.
    #[error("too many rooms entered from this address; try again in a minute")]
    TooManyJoins,
    /// Too many transports wait for one participant's events.
    #[error("too many connections wait for this end's messages")]
    TooManyTransports,
    /// The token holds no slot of the room.
    #[error("this slot is not held any more: the room was closed, or nothing was heard of its holder")]
    NotJoined,
    /// The message is larger than allowed.
    #[error("the message is larger than the server takes")]
    TooLarge,
    /// Messages come faster than allowed.
    #[error("messages come faster than the server takes them")]
    TooFast,
    /// Too much waits for the other end.
    #[error("too much waits for the other end")]
    TooMuchWaiting,
    /// A message before this one is missing.
    #[error("a message is missing: number {expected} comes next")]
    OutOfOrder {
        /// The number that the next message has to have.
        expected: u64,
    },
    /// The request cannot be read.
    #[error("the request cannot be understood")]
    Malformed,
}

//! Why a room server refuses a request.

/// Why a server does not do what was asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoomRefusal {
    #[error("this server and this end speak different versions of the protocol of rooms: use the same rtc-doctor")]
    OtherVersion,
    #[error("the room is full: two ends are in it, or were and one of them still is")]
    RoomFull,
    #[error("the server holds as many rooms as it can")]
    TooManyRooms,
    #[error("too many rooms entered from this address; try again in a minute")]
    TooManyJoins,
    #[error("this slot is not held any more: the room was closed, or nothing was heard of its holder")]
    NotJoined,
    #[error("the message is larger than the server takes")]
    TooLarge,
    #[error("messages come faster than the server takes them")]
    TooFast,
    #[error("too much waits for the other end")]
    TooMuchWaiting,
    /// The number that the next message has to have.
    #[error("a message is missing: number {expected} comes next")]
    OutOfOrder { expected: u64 },
    #[error("the request cannot be understood")]
    Malformed,
}

//! The signalling channel of one end of a call, as the driver sees it: two queues, whatever transport carries them.

use crate::machine::Signalled;
use tokio::sync::mpsc;

/// How many messages may wait in each direction. A room takes fewer at once, so whoever fills this queue has lost its
/// transport.
const MESSAGES_WAITING: usize = 256;

/// The driver's end of a signalling channel.
pub struct SignallingChannel {
    pub(crate) incoming: mpsc::Receiver<Signalled>,
    pub(crate) outgoing: mpsc::Sender<Vec<u8>>,
}

/// The transport's end of a signalling channel.
pub struct TransportEnd {
    /// Inputs for the machine: closed once the machine has finished.
    pub to_machine: mpsc::Sender<Signalled>,
    /// Messages from the machine, each for the other end of the call; ends when the machine has finished.
    pub from_machine: mpsc::Receiver<Vec<u8>>,
}

/// Makes the two ends of a signalling channel that no transport carries yet.
pub fn signalling_channel() -> (SignallingChannel, TransportEnd) {
    let (to_machine, incoming) = mpsc::channel(MESSAGES_WAITING);
    let (outgoing, from_machine) = mpsc::channel(MESSAGES_WAITING);
    (SignallingChannel { incoming, outgoing }, TransportEnd { to_machine, from_machine })
}

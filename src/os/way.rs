//! The way to the other end of a call, as the driver sees it: two queues, whatever carries them.

use crate::machine::Signalled;
use tokio::sync::mpsc;

/// What waits on either side; a room takes fewer, and who sends more has lost its way.
const WAITING: usize = 256;

/// The driver's end of a way.
pub struct Way {
    pub(super) coming: mpsc::Receiver<Signalled>,
    pub(super) going: mpsc::Sender<Vec<u8>>,
}

/// The carrier's end of a way.
pub struct Carriage {
    pub coming: mpsc::Sender<Signalled>,
    /// Ends when the machine has finished.
    pub going: mpsc::Receiver<Vec<u8>>,
}

/// A way, not yet open.
pub fn way() -> (Way, Carriage) {
    let (to_machine, coming) = mpsc::channel(WAITING);
    let (going, from_machine) = mpsc::channel(WAITING);
    (Way { coming, going }, Carriage { coming: to_machine, going: from_machine })
}

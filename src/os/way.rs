//! The way to the other end of a call, as the driver sees it: two queues, whatever carries them.

use crate::machine::Signalled;
use crate::model::Fact;
use tokio::sync::mpsc;

/// What waits on either side; a room takes fewer, and who sends more has lost its way.
const WAITING: usize = 256;

/// What a carrier tells the driver.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// For the machine: also [`Signalled::Offered`], the servers and credentials that the room has for this call, before
    /// [`Signalled::Joined`].
    Signalled(Signalled),
    /// For the record: how the carriers fared.
    Observed(Box<Fact>),
}

/// The driver's end of a way.
pub struct Way {
    pub(super) coming: mpsc::Receiver<Notice>,
    pub(super) going: mpsc::Sender<Vec<u8>>,
}

/// The carrier's end of a way.
pub struct Carriage {
    pub coming: mpsc::Sender<Notice>,
    /// Ends when the machine has finished.
    pub going: mpsc::Receiver<Vec<u8>>,
}

/// A way, not yet open.
pub fn way() -> (Way, Carriage) {
    let (to_machine, coming) = mpsc::channel(WAITING);
    let (going, from_machine) = mpsc::channel(WAITING);
    (Way { coming, going }, Carriage { coming: to_machine, going: from_machine })
}

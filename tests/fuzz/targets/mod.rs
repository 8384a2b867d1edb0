//! What strangers may hand in, each kind through the public entry that reads it: a function a target takes any bytes and
//! panics only where a promise is broken. The fuzzers call them, and so does a plain test with the whole corpus.

mod documents;
mod dumps;
mod script;
mod server;
mod signalling;
mod sources;
mod turn_client;
mod wire;

pub use documents::{configuration, dump, record, topology};
pub use dumps::capture;
pub use server::server;
pub use signalling::{candidate, code, envelope, sdp};
pub use sources::source;
pub use turn_client::turn_client;
pub use wire::wire;

/// Takes what a stranger may hand in, and panics where a promise is broken.
pub type Target = fn(&[u8]);

/// Every target by its name, which is that of its corpus and of its program.
pub const TARGETS: [(&str, Target); 13] = [
    ("candidate", candidate),
    ("capture", capture),
    ("code", code),
    ("configuration", configuration),
    ("dump", dump),
    ("envelope", envelope),
    ("record", record),
    ("sdp", sdp),
    ("server", server),
    ("source", source),
    ("topology", topology),
    ("turn_client", turn_client),
    ("wire", wire),
];

//! The questions of a checkup: each file asks one, with its tests beside it.

mod relay;

pub use relay::{Relay, RelayConfig};

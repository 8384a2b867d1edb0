//! The questions a checkup asks, each a machine of its own, and the checkup that asks them.
//!
//! A probe records facts and judges nothing. What one probe finds out and another needs goes through the facts, which
//! the checkup reads as they pass.

mod ask;
mod binding;
mod checkup;
mod family;
mod filtering;
mod gather;
mod hairpinning;
mod lifetime;
mod mapping;
mod pace;
mod path_mtu;
mod plan;
mod relay;
mod resolve;
mod stream;
#[cfg(test)]
pub(crate) mod testing;

pub use binding::BindingProbe;
pub use checkup::Checkup;
pub use filtering::{Filtering, FilteringProbe};
pub use gather::{Gather, GatherProbe};
pub use hairpinning::{Hairpinning, HairpinningProbe};
pub use lifetime::{Lifetime, LifetimeProbe};
pub use mapping::{Mapping, MappingProbe};
pub use path_mtu::{PathMtu, PathMtuProbe};
pub use plan::{PUBLIC_SERVERS, Plan, Planned};
pub use relay::{Relay, RelayConfig};
pub use resolve::ResolveProbe;
pub use stream::StreamProbe;

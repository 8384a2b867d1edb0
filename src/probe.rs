//! The questions a checkup asks, each a machine of its own, and the checkup that asks them.
//!
//! A probe records facts and judges nothing. What one probe finds out and another needs goes through the facts, which
//! the checkup reads as they pass.

mod binding;
mod by_sight;
mod checkup;
mod client;
mod echo;
mod family;
mod filtering;
mod gather;
mod hops;
mod http;
mod mapping;
mod pace;
mod partly_silent;
mod plan;
mod proxy;
mod relay;
mod resolve;
mod rfc3489;
mod server_name;
mod stream;
#[cfg(test)]
pub(crate) mod testing;

pub use binding::BindingProbe;
pub use checkup::Checkup;
pub use checkup::measures::{
    EnduranceConfig, EnduranceProbe, HairpinningConfig, HairpinningProbe, LifetimeConfig, LifetimeProbe, PathMtuConfig,
    PathMtuProbe,
};
pub use filtering::{FilteringConfig, FilteringProbe};
pub use gather::{GatherConfig, GatherProbe};
pub use mapping::{MappingConfig, MappingProbe};
pub(crate) use partly_silent::PartlySilent;
pub use plan::{PUBLIC_SERVERS, Plan, Planned};
pub use proxy::ProxyProbe;
pub use relay::{RelayConfig, RelayProbe, SeveralProbe};
pub use resolve::{NameControl, ResolveProbe};
pub use server_name::ServerNameProbe;
pub use stream::StreamProbe;
